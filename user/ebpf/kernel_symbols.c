/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/kernel_symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	uint64_t address;
	const char *name;
};

struct kernel_symbols {
	char *text; /* of /proc/kallsyms, with names terminated in place */
	struct symbol *symbols;
	size_t count, size;
	uint64_t call_base; /* 0 if the kernel hides addresses */
};

/* One line: ffffffff81000000 T _text */
static int add(struct kernel_symbols *symbols, char *line)
{
	char *word;
	uint64_t address = strtoull(line, &word, 16);
	char *name = strlen(word) > 3 ? word + 3 : word;

	if (symbols->count == symbols->size) {
		size_t size = symbols->size ? 2 * symbols->size : 4096;
		void *larger = reallocarray(symbols->symbols, size, sizeof(*symbols->symbols));

		if (!larger)
			return -1;
		symbols->symbols = larger;
		symbols->size = size;
	}
	name[strcspn(name, "\t")] = '\0';
	if (!strcmp(name, "__bpf_call_base"))
		symbols->call_base = address;
	symbols->symbols[symbols->count++] = (struct symbol){address, name};
	return 0;
}

static int compare(const void *left, const void *right)
{
	const struct symbol *one = left, *other = right;

	return (one->address > other->address) - (one->address < other->address);
}

struct kernel_symbols *kernel_symbols_open(void)
{
	struct kernel_symbols *symbols = calloc(1, sizeof(*symbols));
	FILE *file = fopen("/proc/kallsyms", "re");
	size_t size = 0;
	int ret = -1;

	if (symbols && file && getdelim(&symbols->text, &size, '\0', file) > 0) {
		char *rest = symbols->text, *line;

		ret = 0;
		while (!ret && (line = strsep(&rest, "\n")) && *line)
			ret = add(symbols, line);
	}
	if (file)
		fclose(file);
	if (ret) {
		kernel_symbols_close(symbols);
		return NULL;
	}
	qsort(symbols->symbols, symbols->count, sizeof(*symbols->symbols), compare);
	return symbols;
}

const char *kernel_symbols_called(const struct kernel_symbols *symbols, int32_t distance)
{
	const struct symbol *found;
	struct symbol wanted;

	if (!symbols || !symbols->call_base || !distance)
		return NULL;
	wanted.address = symbols->call_base + (uint64_t)(int64_t)distance;
	found = bsearch(&wanted, symbols->symbols, symbols->count, sizeof(wanted), compare);
	return found ? found->name : NULL;
}

void kernel_symbols_close(struct kernel_symbols *symbols)
{
	if (!symbols)
		return;
	free(symbols->text);
	free(symbols->symbols);
	free(symbols);
}
