/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/kernel_types.h"

#include <fcntl.h>
#include <linux/btf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct kernel_types {
	void *memory;
	size_t size;
	const char *types, *strings;
	uint32_t types_length, strings_length;
};

enum { NESTING_MAX = 4 }; /* nameless structures within each other */

/* Since Linux 6.16 the file can be mapped; before, it is copied. */
static bool get_file(struct kernel_types *types)
{
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC);
	struct stat status = {0};

	types->memory = MAP_FAILED;
	if (fd < 0 || fstat(fd, &status) || status.st_size < (off_t)sizeof(struct btf_header)) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	types->size = (size_t)status.st_size;
	types->memory = mmap(NULL, types->size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (types->memory == MAP_FAILED) {
		types->memory = mmap(NULL, types->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (size_t at = 0; types->memory != MAP_FAILED && at < types->size;) {
			ssize_t length = read(fd, (char *)types->memory + at, types->size - at);

			if (length <= 0)
				break;
			at += (size_t)length;
		}
	}
	close(fd);
	return types->memory != MAP_FAILED;
}

static bool find_sections(struct kernel_types *types)
{
	const struct btf_header *header = types->memory;
	uint64_t start = header->hdr_len;

	if (header->magic != BTF_MAGIC || start + header->type_off + header->type_len > types->size ||
	    start + header->str_off + header->str_len > types->size || !header->str_len)
		return false;
	types->types = (const char *)types->memory + start + header->type_off;
	types->types_length = header->type_len;
	types->strings = (const char *)types->memory + start + header->str_off;
	types->strings_length = header->str_len;
	return !types->strings[types->strings_length - 1];
}

/* What follows a struct btf_type, in bytes: once, and for each of its members. A table, because a switch over all
 * 130,000 types takes a millisecond more. */
static const struct {
	uint8_t once, each;
} lengths[] = {
	[BTF_KIND_INT] = {sizeof(uint32_t), 0},
	[BTF_KIND_VAR] = {sizeof(struct btf_var), 0},
	[BTF_KIND_DECL_TAG] = {sizeof(struct btf_decl_tag), 0},
	[BTF_KIND_ARRAY] = {sizeof(struct btf_array), 0},
	[BTF_KIND_STRUCT] = {0, sizeof(struct btf_member)},
	[BTF_KIND_UNION] = {0, sizeof(struct btf_member)},
	[BTF_KIND_ENUM] = {0, sizeof(struct btf_enum)},
	[BTF_KIND_ENUM64] = {0, sizeof(struct btf_enum64)}, /* the last */
	[BTF_KIND_FUNC_PROTO] = {0, sizeof(struct btf_param)},
	[BTF_KIND_DATASEC] = {0, sizeof(struct btf_var_secinfo)},
};

static bool is_named(const struct kernel_types *types, uint32_t offset, const char *name)
{
	return offset < types->strings_length && !strcmp(types->strings + offset, name);
}

/* The type at a place, which moves on to the next; NULL behind the last. */
static const struct btf_type *next_type(const struct kernel_types *types, size_t *at)
{
	const struct btf_type *type = (const struct btf_type *)(const void *)(types->types + *at);
	uint32_t kind;

	if (*at + sizeof(*type) > types->types_length)
		return NULL;
	kind = BTF_INFO_KIND(type->info);
	if (kind >= sizeof(lengths) / sizeof(*lengths))
		return NULL;
	*at += sizeof(*type) + lengths[kind].once + BTF_INFO_VLEN(type->info) * lengths[kind].each;
	return *at <= types->types_length ? type : NULL;
}

/* Stop at the last that is wanted, as the first touch of each of 1,300 pages may cost 2 us. Of the names, only those of
 * the same kind are touched. */
static void find_types(const struct kernel_types *types, struct kernel_type wanted[KERNEL_TYPES_WANTED])
{
	const struct btf_type *type;
	int missing = KERNEL_TYPES_WANTED;
	size_t at = 0;

	for (int i = 0; i < KERNEL_TYPES_WANTED; i++)
		wanted[i].id = 0;
	for (uint32_t id = 1; missing && (type = next_type(types, &at)); id++)
		for (int i = 0; i < KERNEL_TYPES_WANTED; i++) {
			if (wanted[i].id || wanted[i].kind != BTF_INFO_KIND(type->info) ||
			    !is_named(types, type->name_off, wanted[i].name))
				continue;
			wanted[i].id = id;
			missing--;
		}
}

struct kernel_types *kernel_types_open(struct kernel_type wanted[KERNEL_TYPES_WANTED])
{
	struct kernel_types *types = calloc(1, sizeof(*types));

	if (!types || !get_file(types) || !find_sections(types)) {
		kernel_types_close(types);
		return NULL;
	}
	if (wanted)
		find_types(types, wanted);
	return types;
}

/* Counted from the first, with no index: it is asked only for what sk_buff consists of, near the beginning. */
static const struct btf_type *type_of(const struct kernel_types *types, uint32_t id)
{
	const struct btf_type *type = NULL;
	size_t at = 0;

	for (uint32_t i = 0; i < id; i++) {
		type = next_type(types, &at);
		if (!type)
			return NULL;
	}
	return type;
}

static int64_t offset_of(const struct btf_type *type, const struct btf_member *member)
{
	return BTF_INFO_KFLAG(type->info) ? BTF_MEMBER_BIT_OFFSET(member->offset) : member->offset;
}

/* In bits; -1 if there is no such member. Those without a name are looked into last, as each is searched for. */
static int64_t member_bits(const struct kernel_types *types, uint32_t id, const char *name, int nesting)
{
	const struct btf_type *type = nesting ? type_of(types, id) : NULL;
	const struct btf_member *members;

	if (!type)
		return -1;
	if (BTF_INFO_KIND(type->info) != BTF_KIND_STRUCT && BTF_INFO_KIND(type->info) != BTF_KIND_UNION)
		return -1;
	members = (const struct btf_member *)(type + 1);
	for (uint32_t i = 0; i < BTF_INFO_VLEN(type->info); i++)
		if (is_named(types, members[i].name_off, name))
			return offset_of(type, &members[i]);
	for (uint32_t i = 0; i < BTF_INFO_VLEN(type->info); i++) {
		int64_t inside = members[i].name_off ? -1 : member_bits(types, members[i].type, name, nesting - 1);

		if (inside >= 0)
			return offset_of(type, &members[i]) + inside;
	}
	return -1;
}

int kernel_types_member(const struct kernel_types *types, uint32_t id, const char *name)
{
	int64_t bits = member_bits(types, id, name, NESTING_MAX);

	return bits < 0 || bits % 8 ? -1 : (int)(bits / 8);
}

const struct btf_type *kernel_types_next(const struct kernel_types *types, size_t *at)
{
	return next_type(types, at);
}

const char *kernel_types_string(const struct kernel_types *types, uint32_t offset)
{
	return offset < types->strings_length ? types->strings + offset : "";
}

void kernel_types_close(struct kernel_types *types)
{
	if (!types)
		return;
	if (types->memory != MAP_FAILED)
		munmap(types->memory, types->size);
	free(types);
}
