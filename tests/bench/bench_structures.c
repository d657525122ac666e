/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <sys/mman.h>

#include "addresses.h"
#include "filter/prefix.h"
#include "filter/prefix_table.h"
#include "measure.h"
#include "structures.h"
#include "structures.skel.h"

/*
 * The look-up of a random address in a list of prefixes, in ns beyond drawing the address: in the kernel's
 * longest-prefix trie, in its hash table, once for each prefix length in use, and in our table.
 */

enum { PREFIXES_MAX = 1000000, STRUCTURES = 3 };

static const uint8_t packet[64];

/* Lists of hosts, and of prefixes of eight lengths in turn; IPv4 mapped into IPv6. */
static const struct mixture {
	const char *name;
	unsigned int count;
	uint8_t bits[LENGTHS_MAX];
} mixtures[] = {
	{"hosts", 1, {128}},
	{"8 lengths", 8, {128, 126, 125, 124, 123, 122, 121, 120}},
};

static void add_prefixes(const struct mixture *mixture, uint32_t count, struct prefix_list *list)
{
	for (uint32_t i = 0; i < count; i++) {
		struct prefix prefix = {.bits = mixture->bits[i % mixture->count], .lists = LIST_EITHER};
		uint64_t mask[2];

		prefix_mask(prefix.bits, mask);
		prefix.address[1] = ADDRESS_MAPPED(nth_address(i)) & mask[1];
		check(prefix_list_add(list, &prefix), "prefix_list_add");
	}
}

static void fill_array(const struct bpf_map *map, const void *values)
{
	size_t size = (size_t)bpf_map__max_entries(map) * bpf_map__value_size(map);
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);

	check(memory == MAP_FAILED, "mmap");
	memcpy(memory, values, size);
	munmap(memory, size);
}

static void fill_maps(const struct structures_bpf *structures, const struct prefix_list *list)
{
	int trie = bpf_map__fd(structures->maps.trie_map), hash = bpf_map__fd(structures->maps.hash_map);

	for (size_t i = 0; i < list->count; i++) {
		const struct prefix *prefix = &list->items[i];
		struct hash_key hash_key = {.address = {0, prefix->address[1]}, .bits = prefix->bits};
		struct trie_key trie_key = {.bits = prefix->bits};
		uint32_t value = prefix->lists;

		memcpy(trie_key.address, prefix->address, sizeof(trie_key.address));
		check(bpf_map_update_elem(trie, &trie_key, &value, BPF_ANY), "trie");
		check(bpf_map_update_elem(hash, &hash_key, &value, BPF_ANY), "hash");
	}
}

static struct structures_bpf *load(const struct prefix_list *list, const struct prefix_table *table)
{
	struct structures_bpf *structures = structures_bpf__open();

	check(!structures, "structures");
	*(struct prefix_layout *)&structures->rodata->layout = table->layout;
	bpf_map__set_max_entries(structures->maps.trie_map, (uint32_t)list->count);
	bpf_map__set_max_entries(structures->maps.hash_map, (uint32_t)list->count);
	bpf_map__set_max_entries(structures->maps.slots, table->layout.slot_mask + 1);
	if (table->buckets)
		bpf_map__set_max_entries(structures->maps.buckets, table->layout.bucket_count);
	bpf_map__set_max_entries(structures->maps.bloom, table->layout.bloom_mask + 1);
	check(structures_bpf__load(structures), "structures");
	fill_maps(structures, list);
	fill_array(structures->maps.slots, table->slots);
	if (table->buckets)
		fill_array(structures->maps.buckets, table->buckets);
	fill_array(structures->maps.bloom, table->bloom);
	return structures;
}

/* Measure with addresses that are all in the list, or hardly ever. */
static void measure(struct structures_bpf *structures, const char *kind, struct draw draw)
{
	const struct bpf_program *programs[] = {structures->progs.none, structures->progs.trie, structures->progs.hash,
						structures->progs.table};
	static struct series series[1 + STRUCTURES];

	structures->bss->draw = draw;
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < 1 + STRUCTURES; i++) {
			const struct run run = {
				.fd = bpf_program__fd(programs[i]),
				.packet = packet,
				.length = sizeof(packet),
				.any_result = true,
			};

			series[i].ns[round] = measure_run(&run);
		}
	}
	printf("  %-9s", kind);
	for (int i = 1; i <= STRUCTURES; i++)
		printf("  %7.1f", median(&series[i], &series[0]));
}

static void compare(const struct mixture *mixture, uint32_t count)
{
	struct prefix_list list = {0};
	struct prefix_table table = {0};
	struct structures_bpf *structures;

	add_prefixes(mixture, count, &list);
	check(prefix_table_build(&list, &table), "prefix_table_build");
	structures = load(&list, &table);
	printf("%-9s  %7u", mixture->name, count);
	measure(structures, "members", (struct draw){.count = count});
	measure(structures, "strangers", (struct draw){.first = PREFIXES_MAX, .count = ADDRESSES - PREFIXES_MAX});
	putchar('\n');
	fflush(stdout);
	structures_bpf__destroy(structures);
	prefix_table_release(&table);
	prefix_list_release(&list);
}

int main(void)
{
	print_machine();
	puts("                                 trie     hash    table               trie     hash    table");
	for (size_t i = 0; i < sizeof(mixtures) / sizeof(*mixtures); i++)
		for (uint32_t count = 1; count <= PREFIXES_MAX; count *= count == 1 ? 1000 : count == 1000 ? 100 : 10)
			compare(&mixtures[i], count);
	return EXIT_SUCCESS;
}
