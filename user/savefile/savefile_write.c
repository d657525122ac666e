/* SPDX-License-Identifier: BSD-2-Clause */
#include "savefile/savefile_write.h"

#include <errno.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/time_units.h"
#include "sandbox/helper_process.h"
#include "savefile/file_opener.h"
#include "savefile/writer_internal.h"

static int close_file(struct writer *writer)
{
	int fd = writer->out.fd;

	writer->out.fd = -1;
	if (fd < 0 || writer->standard_output)
		return 0;
	return close(fd) < 0 ? -errno : 0;
}

/* Begin a file, and write its beginning at once. 0 or -errno. */
static int start_file(struct writer *writer, int fd)
{
	int ret;

	block_writer_switch(&writer->out, fd);
	if (writer->waits)
		return 0;
	ret = writer->format->start(writer);
	return ret < 0 ? ret : block_writer_flush(&writer->out);
}

static int finish_file(struct writer *writer)
{
	int ret = writer->waits ? writer->format->start(writer) : 0;

	if (ret == 0)
		ret = writer->format->finish(writer);

	return ret < 0 ? ret : block_writer_flush(&writer->out);
}

/* Finish this file and continue in the next. The old one is closed only after the new one is open. 0 or -errno. */
static int rotate(struct writer *writer)
{
	int fd, ret = finish_file(writer);

	if (ret < 0)
		return ret;
	fd = writer->opener ? file_opener_next(writer->opener, &writer->rotation)
			    : rotation_next_file(&writer->rotation);
	if (fd < 0) {
		writer->out.error = fd;
		return fd;
	}
	ret = close_file(writer);
	if (ret == 0)
		return start_file(writer, fd);
	close(fd);
	writer->out.error = ret;
	return ret;
}

/* Make `places` large enough for an interface id. 0 or -ENOMEM. */
static int grow_places(struct writer *writer, uint32_t id)
{
	uint32_t count = writer->place_count ? writer->place_count : 8;
	uint32_t *places;

	if (id < writer->place_count)
		return 0;
	while (count <= id)
		count *= 2;
	places = reallocarray(writer->places, count, sizeof(*places));
	if (!places)
		return -ENOMEM;
	memset(places + writer->place_count, 0, (count - writer->place_count) * sizeof(*places));
	writer->places = places;
	writer->place_count = count;
	return 0;
}

/* Describe an interface, of which a frame of `captured` bytes has been seen. libpcap refuses a frame longer than the
 * snaplen of its interface, so a snaplen that this frame exceeds is written as 0, no limit. 0 or -errno. */
static int add_interface(struct writer *writer, const struct interface *interface, uint32_t captured)
{
	const uint16_t type = interface->hardware_type;
	struct written_interface *interfaces;
	struct written_interface added = {
		.link_type = interface->link_type,
		.snaplen = captured > interface->snaplen ? 0 : interface->snaplen,
		.lacks_ethernet =
			(type == ARPHRD_ETHER || type == ARPHRD_LOOPBACK) && interface->link_type == LINK_LINUX_SLL,
	};
	int ret = grow_places(writer, interface->id);

	if (ret < 0)
		return ret;
	interfaces = reallocarray(writer->interfaces, writer->interface_count + 1, sizeof(*interfaces));
	if (!interfaces)
		return -ENOMEM;
	writer->interfaces = interfaces;
	added.name = interface->name ? strdup(interface->name) : NULL;
	if (interface->name && !added.name)
		return -ENOMEM;
	ret = writer->format->describe(writer, &added);
	if (ret < 0) {
		free(added.name);
		return ret;
	}
	interfaces[writer->interface_count++] = added;
	writer->places[interface->id] = writer->interface_count;
	return 0;
}

static bool is_described(const struct writer *writer, const struct interface *interface)
{
	return interface->id < writer->place_count && writer->places[interface->id] > 0;
}

int savefile_write_interface(struct sink *sink, const struct interface *interface)
{
	struct writer *writer = (struct writer *)sink;

	return is_described(writer, interface) ? 0 : add_interface(writer, interface, 0);
}

/* Whether the format has room for the time of a frame: a wrong year would be believed. */
static bool can_say_time(const struct file_format *format, const struct frame *frame)
{
	if (!frame->has_time)
		return !frame->time_is_beyond;
	return frame->time_ns >= 0 && frame->time_ns / NSEC_PER_SEC <= format->second_max;
}

static void note_time(struct writer *writer, const struct frame *frame)
{
	if (!frame->has_time)
		return;
	if (!writer->has_time || frame->time_ns < writer->first_ns)
		writer->first_ns = frame->time_ns;
	if (!writer->has_time || frame->time_ns > writer->last_ns)
		writer->last_ns = frame->time_ns;
	writer->has_time = true;
}

/* A packet that is not copied begins a section of our own, if it is the first. */
static int write_frame(struct writer *writer, const struct frame *frame)
{
	int ret = writer->waits ? writer->format->start(writer) : 0;
	uint32_t place;

	writer->waits = false;
	if (ret == 0 && !can_say_time(writer->format, frame))
		ret = -EOVERFLOW;
	if (ret == 0 && !is_described(writer, frame->interface))
		ret = add_interface(writer, frame->interface, frame->captured);
	if (ret < 0)
		return ret;
	place = writer->places[frame->interface->id] - 1;
	writer->interfaces[place].delivered++;
	note_time(writer, frame);
	return writer->format->frame(writer, place, frame);
}

int savefile_write_block(struct sink *sink, const struct file_block *block)
{
	struct writer *writer = (struct writer *)sink;
	int ret = writer->out.error;

	if (ret || !writer->format->has_sections)
		return ret;
	writer->waits = false;
	ret = pcapng_copy_block(writer, block);
	if (ret)
		writer->out.error = ret;
	return ret;
}

static int write_packet(struct sink *sink, const struct packet *packet)
{
	struct writer *writer = (struct writer *)sink;
	const struct frame *frame = packet->frame;
	uint64_t bytes_max = writer->rotation.limits.bytes;
	int ret = writer->out.error;

	/* As in tcpdump, a file may exceed the limit by one packet. */
	if (ret == 0 && bytes_max && writer->out.bytes > bytes_max)
		ret = rotate(writer);
	if (ret < 0)
		return ret;
	writer->comments_length = packet->owner && writer->format->has_sections
					  ? owner_comments_write(packet->owner, writer->comments)
					  : 0;
	return writer->copy.is_open && frame->block ? pcapng_copy_packet(writer, frame) : write_frame(writer, frame);
}

static int write_flush(struct sink *sink)
{
	return block_writer_flush(&((struct writer *)sink)->out);
}

static uint64_t write_written(const struct sink *sink)
{
	return ((const struct writer *)sink)->out.packets;
}

static int write_tick(struct sink *sink, int64_t now)
{
	struct writer *writer = (struct writer *)sink;

	if (writer->out.error)
		return writer->out.error;
	return rotation_tick(&writer->rotation, now) ? rotate(writer) : 0;
}

static int64_t write_deadline(const struct sink *sink)
{
	return ((const struct writer *)sink)->rotation.deadline;
}

/* A pcapng file continues in a new section, whose interfaces name the new filter. */
static int write_filter_changed(struct sink *sink, const char *text)
{
	struct writer *writer = (struct writer *)sink;
	bool starts_section = writer->format->has_sections && !writer->out.error;
	char *copy = strdup(text);
	int ret = writer->out.error;

	if (!copy)
		return -ENOMEM;
	if (starts_section)
		ret = writer->format->finish(writer); /* may describe an interface, with the old filter */
	free(writer->filter);
	writer->filter = copy;
	return starts_section && ret >= 0 ? writer->format->start(writer) : ret;
}

static int write_finish(struct sink *sink)
{
	struct writer *writer = (struct writer *)sink;
	int ret = writer->out.error ? writer->out.error : finish_file(writer);
	int closed = close_file(writer);

	return ret < 0 ? ret : closed;
}

static void write_path(const struct sink *sink, char path[PATH_MAX])
{
	const struct writer *writer = (const struct writer *)sink;

	if (writer->standard_output)
		snprintf(path, PATH_MAX, "-");
	else
		rotation_current_path(&writer->rotation, path);
}

static void write_close(struct sink *sink)
{
	struct writer *writer = (struct writer *)sink;

	if (!writer)
		return;
	close_file(writer);
	helper_process_stop(writer->opener);
	rotation_release(&writer->rotation);
	block_writer_release(&writer->out);
	for (uint32_t i = 0; i < writer->interface_count; i++)
		free(writer->interfaces[i].name);
	pcapng_copy_release(&writer->copy);
	free(writer->interfaces);
	free(writer->places);
	free(writer->filter);
	free(writer->application);
	free(writer);
}

/* Open the first file. A descriptor or -errno. */
static int open_first(struct writer *writer, const struct savefile_write_options *options)
{
	int fd, ret;

	if (strcmp(options->path, "-") == 0) {
		writer->standard_output = true;
		return options->rotation.bytes || options->rotation.seconds ? -EINVAL : STDOUT_FILENO;
	}
	ret = rotation_init(&writer->rotation, options->path, &options->rotation, options->owner, options->now);
	if (ret < 0)
		return ret;
	fd = rotation_next_file(&writer->rotation);
	if (fd < 0 || !options->separate_opener || (!options->rotation.bytes && !options->rotation.seconds))
		return fd;
	ret = file_opener_start(&writer->rotation, &writer->opener);
	if (ret == 0)
		return fd;
	close(fd);
	return ret;
}

/* Copy a text that may be NULL. 0 or -ENOMEM. */
static int copy_text(char **copy, const char *text)
{
	*copy = text ? strdup(text) : NULL;
	return text && !*copy ? -ENOMEM : 0;
}

const char *savefile_write_error(int error)
{
	switch (error) {
	case ELOOP:
		return "it is a symbolic link: name the file itself";
	case OUTPUT_FOREIGN:
		return "it belongs to another user: choose another name, or remove it first";
	case OUTPUT_NOT_REGULAR:
		return "it is not a regular file";
	case OUTPUT_RESERVED:
		return "the name leads to a file that is being read; choose another one";
	case ECANCELED:
		return "a signal arrived before it could be opened";
	default:
		return strerror(error);
	}
}

bool savefile_write_is_classic(const char *path)
{
	const char *suffix = strrchr(path, '.');

	return suffix && strcmp(suffix, ".pcap") == 0;
}

static const struct file_format *format_of(const struct savefile_write_options *options)
{
	if (!savefile_write_is_classic(options->path))
		return &pcapng_file_format;
	return options->many_devices ? &pcap_cooked_file_format : &pcap_file_format;
}

struct sink *savefile_write_open(const struct savefile_write_options *options)
{
	static const struct sink sink = {
		.takes_frames = true,
		.packet = write_packet,
		.flush = write_flush,
		.tick = write_tick,
		.deadline = write_deadline,
		.filter_changed = write_filter_changed,
		.finish = write_finish,
		.written = write_written,
		.path = write_path,
		.close = write_close,
	};
	struct writer *writer = calloc(1, sizeof(*writer));
	int ret = -ENOMEM;

	if (!writer || block_writer_init(&writer->out) < 0)
		goto out;
	writer->sink = sink;
	writer->format = format_of(options);
	writer->micro = options->micro;
	writer->waits = options->waits;
	writer->counters = options->counters;
	writer->context = options->context;
	if (copy_text(&writer->filter, options->filter) < 0 ||
	    copy_text(&writer->application, options->application) < 0)
		goto out;
	ret = open_first(writer, options);
	if (ret >= 0)
		ret = start_file(writer, ret);
out:
	if (ret < 0 && writer) {
		write_close(&writer->sink);
		writer = NULL;
	}
	if (ret < 0)
		errno = -ret;
	return writer ? &writer->sink : NULL;
}
