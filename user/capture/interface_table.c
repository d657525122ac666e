/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/interface_table.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/time_units.h"

enum {
	LOOPBACK_IFINDEX = 1, /* in every network namespace (drivers/net/loopback.c); the filter goes by it too */
	HEADS_MIN = 16,
};

/* Longer than frames lie in a ring. */
static const int64_t REMEMBERED_NS = 10 * (int64_t)NSEC_PER_SEC;

/* Who an index was for some time: a device with one name. */
struct interface_entry {
	struct interface interface;        /* owns its name */
	int64_t since_ns, until_ns;        /* INT64_MIN and INT64_MAX: as far as is known */
	bool has_frames;                   /* it has an id and a link type */
	bool in_doubt;                     /* until_ns is when something was missed */
	bool is_listed;                    /* in table->gone */
	struct interface_entry *next;      /* in the list of its index */
	struct interface_entry *next_gone; /* in the order in which they have gone */
};

static struct interface_entry **head_of(const struct interface_table *table, uint32_t index)
{
	return &table->heads[index & (table->head_count - 1)];
}

/* More lists, so that they stay short. 0, or -1 without memory. */
static int grow(struct interface_table *table)
{
	struct interface_table larger = {.head_count = table->head_count ? table->head_count * 2 : HEADS_MIN};

	larger.heads = calloc(larger.head_count, sizeof(struct interface_entry *));
	if (!larger.heads)
		return -1;
	for (size_t i = 0; i < table->head_count; i++) {
		struct interface_entry *entry, *next;

		for (entry = table->heads[i]; entry; entry = next) {
			struct interface_entry **head = head_of(&larger, entry->interface.index);

			next = entry->next;
			entry->next = *head;
			*head = entry;
		}
	}
	free(table->heads);
	table->heads = larger.heads;
	table->head_count = larger.head_count;
	return 0;
}

/* A new entry, which still lasts. `name` NULL: none. NULL without memory. */
static struct interface_entry *add(struct interface_table *table, const struct interface_key *key, const char *name,
				   int64_t since_ns)
{
	struct interface_entry *entry, **head;

	if (table->count >= table->head_count && grow(table) && !table->head_count)
		return NULL;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->interface = (struct interface){
		.index = key->index,
		.name = name ? strndup(name, IFNAMSIZ) : NULL,
		.hardware_type = key->hardware_type,
		.snaplen = table->snaplen,
		.loopback = key->index == LOOPBACK_IFINDEX,
	};
	entry->since_ns = since_ns;
	entry->until_ns = INT64_MAX;
	head = head_of(table, key->index);
	entry->next = *head;
	*head = entry;
	table->count++;
	return entry;
}

static void free_entry(struct interface_entry *entry)
{
	free((char *)entry->interface.name);
	free(entry);
}

static void forget(struct interface_table *table, struct interface_entry *entry)
{
	struct interface_entry **place = head_of(table, entry->interface.index);

	while (*place != entry)
		place = &(*place)->next;
	*place = entry->next;
	table->count--;
	if (table->last == entry)
		table->last = NULL;
	free_entry(entry);
}

/* Forget what has gone so long ago that no frame of it can come any more. */
static void prune(struct interface_table *table, int64_t now_ns)
{
	struct interface_entry *first;

	while ((first = table->gone)) {
		bool lasts = first->until_ns == INT64_MAX;

		if (!lasts && first->until_ns >= now_ns - REMEMBERED_NS)
			return;
		table->gone = first->next_gone;
		first->is_listed = false;
		if (!lasts)
			forget(table, first);
	}
}

static void end(struct interface_table *table, struct interface_entry *entry, int64_t time_ns)
{
	entry->until_ns = time_ns;
	table->last = NULL;
	if (entry->is_listed)
		return;
	if (!table->gone)
		table->gone_end = &table->gone;
	entry->is_listed = true;
	entry->next_gone = NULL;
	*table->gone_end = entry;
	table->gone_end = &entry->next_gone;
}

static void end_all_of(struct interface_table *table, uint32_t index, int64_t time_ns)
{
	struct interface_entry *entry = table->head_count ? *head_of(table, index) : NULL;

	for (; entry; entry = entry->next)
		if (entry->interface.index == index && entry->until_ns == INT64_MAX)
			end(table, entry, time_ns);
}

static bool is_of_device(const struct interface_entry *entry, const struct interface_key *key)
{
	return entry->interface.index == key->index && entry->interface.hardware_type == key->hardware_type;
}

static bool is_of_time(const struct interface_entry *entry, int64_t time_ns)
{
	return entry->since_ns <= time_ns && time_ns < entry->until_ns;
}

static bool has_link_type(const struct interface_entry *entry, const struct interface_key *key)
{
	return entry->has_frames && entry->interface.link_type == key->link_type;
}

/* Whose frame it is, as far as is known: an entry with its link type if there is one. What is told of a device comes a
 * moment after its first frames, so one that begins later will do. */
static struct interface_entry *find(const struct interface_table *table, const struct interface_key *key,
				    int64_t time_ns)
{
	struct interface_entry *found = NULL, *later = NULL;
	struct interface_entry *entry = table->head_count ? *head_of(table, key->index) : NULL;

	for (; entry; entry = entry->next) {
		if (!is_of_device(entry, key))
			continue;
		if (is_of_time(entry, time_ns) && (!found || has_link_type(entry, key)))
			found = entry;
		if (entry->since_ns > time_ns && (!later || entry->since_ns < later->since_ns))
			later = entry;
	}
	if (found || !later)
		return found;
	later->since_ns = time_ns;
	return later;
}

/* An entry that ended when something was missed, and has this name; NULL: none. */
static struct interface_entry *find_in_doubt(const struct interface_table *table, const struct interface_key *key,
					     const char *name)
{
	struct interface_entry *entry = table->head_count ? *head_of(table, key->index) : NULL;

	for (; entry; entry = entry->next)
		if (entry->in_doubt && is_of_device(entry, key) && has_link_type(entry, key) && entry->interface.name &&
		    name && strcmp(entry->interface.name, name) == 0)
			return entry;
	return NULL;
}

/* A device of which nothing is known at the time: the kernel knows its name, if it is still there. */
static struct interface_entry *look_up(struct interface_table *table, int fd, const struct interface_key *key,
				       int64_t time_ns)
{
	struct ifreq request = {.ifr_ifindex = (int)key->index};
	const char *name = ioctl(fd, SIOCGIFNAME, &request) ? NULL : request.ifr_name;
	struct interface_entry *entry = find_in_doubt(table, key, name);

	if (entry) {
		entry->in_doubt = false;
		entry->until_ns = INT64_MAX;
		return entry;
	}
	end_all_of(table, key->index, time_ns);
	return add(table, key, name, time_ns);
}

/* The entry has its first frame: of this link type. */
static void take_up(struct interface_table *table, struct interface_entry *entry, uint16_t link_type)
{
	entry->has_frames = true;
	entry->interface.link_type = link_type;
	entry->interface.id = entry->interface.place = table->next_id++;
}

/* The same device shows frames of another kind too. */
static struct interface_entry *add_kind(struct interface_table *table, const struct interface_entry *known,
					const struct interface_key *key)
{
	struct interface_entry *entry = add(table, key, known->interface.name, known->since_ns);

	if (entry && known->until_ns != INT64_MAX)
		end(table, entry, known->until_ns);
	return entry;
}

const struct interface *interface_table_get(struct interface_table *table, int fd, const struct interface_key *key,
					    int64_t time_ns)
{
	struct interface_entry *entry = table->last;

	if (entry && is_of_device(entry, key) && has_link_type(entry, key) && is_of_time(entry, time_ns))
		return &entry->interface;
	prune(table, time_ns);
	entry = find(table, key, time_ns);
	if (!entry)
		entry = look_up(table, fd, key, time_ns);
	else if (entry->has_frames && !has_link_type(entry, key))
		entry = add_kind(table, entry, key);
	if (!entry) {
		table->nameless.link_type = key->link_type;
		return &table->nameless;
	}
	if (!entry->has_frames)
		take_up(table, entry, key->link_type);
	table->last = entry;
	return &entry->interface;
}

void interface_table_note(struct interface_table *table, uint32_t index, uint16_t hardware_type, const char *name,
			  int64_t time_ns)
{
	const struct interface_key key = {.index = index, .hardware_type = hardware_type};
	const struct interface_entry *entry = table->head_count ? *head_of(table, index) : NULL;

	prune(table, time_ns);
	for (; entry; entry = entry->next)
		if (is_of_device(entry, &key) && entry->until_ns == INT64_MAX && entry->interface.name &&
		    strcmp(entry->interface.name, name) == 0)
			return;
	end_all_of(table, index, time_ns);
	(void)add(table, &key, name, time_ns); /* without memory the name is looked up later */
}

void interface_table_note_gone(struct interface_table *table, uint32_t index, int64_t time_ns)
{
	prune(table, time_ns);
	end_all_of(table, index, time_ns);
}

void interface_table_doubt(struct interface_table *table, int64_t time_ns)
{
	for (size_t i = 0; i < table->head_count; i++) {
		for (struct interface_entry *entry = table->heads[i]; entry; entry = entry->next) {
			if (entry->until_ns != INT64_MAX)
				continue;
			end(table, entry, time_ns);
			entry->in_doubt = true;
		}
	}
}

void interface_table_release(struct interface_table *table)
{
	for (size_t i = 0; i < table->head_count; i++) {
		for (struct interface_entry *entry = table->heads[i], *next; entry; entry = next) {
			next = entry->next;
			free_entry(entry);
		}
	}
	free(table->heads);
	*table = (struct interface_table){0};
}
