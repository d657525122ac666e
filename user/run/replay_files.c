/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/replay_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor_limit.h"
#include "base/log.h"
#include "savefile/savefile_read.h"

static int open_file(const char *path)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int ret = fd < 0 ? -errno : fd;

	if (fd < 0)
		log_line("cannot open '%s': %s", path, strerror(errno));
	return ret;
}

/* Begin the current file, whose interfaces have numbers from `first_interface` on. 0, or -errno and the reader stays
 * the one before. */
static int begin(struct replay_files *files, uint32_t first_interface)
{
	int fd = files->fds[files->current];
	struct source *reader = savefile_read_open(fd, files->paths[files->current]);
	int ret = reader ? event_loop_add(files->loop, fd, POLLIN, NULL, NULL) : -ENOMEM;

	if (ret) {
		savefile_read_close(reader);
		return ret;
	}
	savefile_read_number_interfaces(reader, first_interface);
	savefile_read_close(files->reader);
	files->reader = reader;
	return 0;
}

static int next_file(struct replay_files *files)
{
	files->finished(files->context, files);
	event_loop_remove(files->loop, files->fds[files->current]);
	files->current++;
	return begin(files, savefile_read_next_interface(files->reader));
}

static int next(struct source *source, struct frame *frame)
{
	struct replay_files *files = (struct replay_files *)source;

	for (;;) {
		int ret = files->reader->next(files->reader, frame);

		if (ret != -ENODATA || files->current + 1 == files->count)
			return ret;
		ret = next_file(files);
		if (ret)
			return ret;
	}
}

int replay_files_open(struct replay_files *files, const char *const *paths, size_t count, struct event_loop *loop)
{
	int ret = 0;

	files->source.next = next;
	files->paths = paths;
	files->loop = loop;
	files->fds = calloc(count, sizeof(*files->fds));
	if (count > 1)
		descriptor_limit_raise(); /* each file takes a descriptor from the start */
	for (size_t i = 0; files->fds && i < count && ret >= 0; i++) {
		ret = open_file(paths[i]);
		files->fds[i] = ret;
		files->count += ret >= 0;
	}
	if (ret < 0)
		return ret;
	ret = files->fds ? begin(files, 0) : -ENOMEM;
	if (ret)
		log_line("out of memory for the files of -r");
	return ret;
}

void replay_files_close(struct replay_files *files)
{
	savefile_read_close(files->reader);
	for (size_t i = 0; i < files->count; i++)
		close(files->fds[i]);
	free(files->fds);
}
