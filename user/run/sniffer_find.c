/* SPDX-License-Identifier: BSD-2-Clause */
#include "run/sniffer_find.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text_builder.h"
#include "capture/netns.h"
#include "control/control_connect.h"

enum {
	LISTED_MAX = 512, /* bytes of the list of sniffers */
	NAME_SIZE = 32,   /* of a process: more than TASK_COMM_LEN */
};

static void read_name(const char *pid, char name[NAME_SIZE])
{
	char path[64];
	FILE *file;

	*name = '\0';
	snprintf(path, sizeof(path), "/proc/%.16s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (!fgets(name, NAME_SIZE, file))
		*name = '\0';
	fclose(file);
}

bool sniffer_has_this_name(const char *pid)
{
	char name[NAME_SIZE], own[NAME_SIZE];

	read_name(pid, name);
	read_name("self", own);
	return *own && !strcmp(name, own);
}

/* Whether a sniffer is this process, and answers. */
static bool answers(const char *pid)
{
	int previous = netns_enter(pid), fd;
	uid_t user;

	fd = control_connect((pid_t)atoi(pid), 0, &user);
	netns_leave(previous);
	if (fd < 0)
		return false;
	close(fd);
	return control_answers(user);
}

pid_t sniffer_find(const char *option)
{
	char text[LISTED_MAX];
	struct text_builder list = text_builder_begin(text, sizeof(text));
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	pid_t found = 0;
	size_t count = 0;

	while (processes && (entry = readdir(processes))) {
		if (!isdigit((unsigned char)*entry->d_name) || !sniffer_has_this_name(entry->d_name) ||
		    !answers(entry->d_name))
			continue;
		found = (pid_t)atoi(entry->d_name);
		text_builder_add(&list, "%s%s", count++ ? ", " : "", entry->d_name);
	}
	if (processes)
		closedir(processes);
	if (count == 1)
		return found;
	if (count)
		log_line("%zu sniffers answer you (%s); name one, as in --%s=%d", count, text, option, (int)found);
	else
		log_line("no running sniffer answers you; a sniffer answers only root and the user who started it");
	return 0;
}
