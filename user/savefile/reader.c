/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "savefile/reader_internal.h"

/* pcapng files merged from many others have many interfaces, and each takes memory until the end. */
enum { INTERFACES_MAX = 65536 };

/* lo of Linux, lo0 and more of the BSDs and macOS, and that of Windows. */
bool reader_names_loopback(const char *name)
{
	if (strncmp(name, "lo", 2) == 0 && name[2 + strspn(name + 2, "0123456789")] == '\0')
		return true;
	return strcmp(name, "\\Device\\NPF_Loopback") == 0;
}

/* The link types of loopback devices are those of tunnels too (macOS' utun), so a name says more. */
static bool is_loopback(uint16_t link_type, const char *name)
{
	return name ? reader_names_loopback(name) : link_type == LINK_NULL || link_type == LINK_LOOP;
}

static int next_failed(struct source *source, struct frame *frame)
{
	(void)frame;
	return ((struct reader *)source)->status;
}

/* Record an error; every later next() returns it. */
static int reader_fail(struct reader *reader, int error)
{
	reader->status = error;
	reader->source.next = next_failed;
	return error;
}

int reader_refuse(struct reader *reader, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(reader->error, sizeof(reader->error), "%s is not a pcap or pcapng file%s", reader->name, what);
	return reader_fail(reader, -EBADMSG);
}

int reader_damage(struct reader *reader, const char *format, ...)
{
	char what[256];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(reader->error, sizeof(reader->error), "%s is damaged at offset %" PRIu64 ": %s", reader->name,
		 reader->stream.offset, what);
	return reader_fail(reader, -EBADMSG);
}

/* Record that reading failed at the current offset with this -errno, and stop reading. Returns it. */
static int reader_error(struct reader *reader, int error)
{
	snprintf(reader->error, sizeof(reader->error), "cannot read %s at offset %" PRIu64 ": %s", reader->name,
		 reader->stream.offset, strerror(-error));
	return reader_fail(reader, error);
}

int reader_fill(struct reader *reader, size_t bytes, const char *what)
{
	struct byte_stream *stream = &reader->stream;
	int ret = byte_stream_fill(stream, bytes);
	size_t left = stream->end - stream->next;

	if (ret >= 0)
		return ret;
	if (ret == -ENODATA && left == 0)
		return reader_fail(reader, -ENODATA);
	if (ret == -ENODATA)
		return reader_damage(reader, "the file ends after %zu of the %zu bytes of %s", left, bytes, what);
	if (stream->problem)
		return reader_damage(reader, "%s", stream->problem);
	return reader_error(reader, ret);
}

/* Make room for one more interface. 0 or -ENOMEM. */
static int grow_interfaces(struct reader *reader)
{
	size_t count = reader->interface_count;
	struct file_interface **more;

	if (count & (count - 1))
		return 0;
	more = reallocarray(reader->interfaces, count ? count * 2 : 1, sizeof(struct file_interface *));
	if (!more)
		return -ENOMEM;
	reader->interfaces = more;
	return 0;
}

int reader_add_interface(struct reader *reader, const struct file_interface *described, const char *name,
			 size_t name_length)
{
	struct file_interface *added;
	char *own_name = NULL;

	if (reader->interface_count == INTERFACES_MAX)
		return reader_damage(reader, "it describes more than %d interfaces", INTERFACES_MAX);
	if (grow_interfaces(reader) < 0)
		return reader_error(reader, -ENOMEM);
	added = malloc(sizeof(*added));
	if (name)
		own_name = strndup(name, name_length);
	if (!added || (name && !own_name)) {
		free(added);
		free(own_name);
		return reader_error(reader, -ENOMEM);
	}
	*added = *described;
	added->interface.id = reader->first_interface + (uint32_t)reader->interface_count;
	added->interface.place = (uint32_t)(reader->interface_count - reader->section_first);
	added->interface.name = own_name;
	added->interface.loopback = is_loopback(added->interface.link_type, own_name);
	reader->interfaces[reader->interface_count++] = added;
	return 0;
}
