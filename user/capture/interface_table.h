/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_INTERFACE_TABLE_H
#define BPFSNIFF_INTERFACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/frame.h"

struct interface_entry;

/*
 * The network devices that frames came from. The kernel gives the index of a device that has gone to another, and
 * devices change their names: what happens to devices is told to the table, which then knows under each index who it
 * was at the time of a frame. What is gone is forgotten when no more frames of it can come.
 */
struct interface_table {
	struct interface_entry **heads; /* of lists, by index; a power of two of them */
	size_t head_count, count;       /* lists, and entries in them */
	struct interface_entry *last;   /* the entry found last; NULL: none */
	struct interface_entry *gone;   /* the devices that have gone, the first one first */
	struct interface_entry **gone_end;
	struct interface nameless; /* in place of one for which there is no memory */
	uint32_t next_id;
	uint32_t snaplen; /* bytes, of every device; the caller sets it before the first frame */
};

/* What tells one device from another: the index, the hardware type (ARPHRD_* of <linux/if_arp.h>), and the link type in
 * which its frames are handed on, since a device may show frames of two kinds. */
struct interface_key {
	uint32_t index;
	uint16_t hardware_type;
	uint16_t link_type;
};

/*
 * The device with this key at a time (nanoseconds since 1970-01-01 UTC); `fd` is any socket in its network namespace.
 * Never NULL: a device that is gone has no name, unless that was told, and without memory it is nameless too. It lives
 * until the next call.
 */
const struct interface *interface_table_get(struct interface_table *table, int fd, const struct interface_key *key,
					    int64_t time_ns);

/* Since time_ns the index is that of a device with this name. */
void interface_table_note(struct interface_table *table, uint32_t index, uint16_t hardware_type, const char *name,
			  int64_t time_ns);

/* Since time_ns there is no device with this index. */
void interface_table_note_gone(struct interface_table *table, uint32_t index, int64_t time_ns);

/* Something has been missed until time_ns: nothing that is known holds for later frames. */
void interface_table_doubt(struct interface_table *table, int64_t time_ns);

/* Takes a zeroed table too. */
void interface_table_release(struct interface_table *table);

#endif
