/* SPDX-License-Identifier: BSD-2-Clause */
#include "owner/kernel_excerpt.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ebpf/kernel_types.h"

enum { TARGETS_MAX = 8192 }; /* a kernel has 2,000 tracepoints and 20 iterators */

struct kernel_excerpt {
	struct kernel_types *types;
	const struct btf_type **index; /* of these, by id */
	uint32_t count;                /* the ids are below */
	uint32_t targets[TARGETS_MAX]; /* ids of what programs may attach to */
	uint32_t target_count;
	struct btf *asked; /* the types of the object */
	struct btf *btf;   /* the excerpt */
	int32_t *ids;      /* in it, by id in the kernel; 0: not there */
	int fd;
	char path[32];
};

/* The excerpt while an object is loaded: libbpf gives its callback no context. */
static _Thread_local const struct kernel_excerpt *serving;

static int copy(struct kernel_excerpt *excerpt, uint32_t id);

/* Whether the object has a word: of what it does not name, nothing is needed. */
static bool has_word(const struct kernel_excerpt *excerpt, const char *word)
{
	return btf__find_str(excerpt->asked, word) >= 0;
}

static int copy_array(struct kernel_excerpt *excerpt, const struct btf_type *type)
{
	const struct btf_array *array = btf_array(type);
	int element = copy(excerpt, array->type), index = copy(excerpt, array->index_type);

	return element < 0 ? element : index < 0 ? index : btf__add_array(excerpt->btf, index, element, array->nelems);
}

static int add_members(struct kernel_excerpt *excerpt, const struct btf_type *type, const int *ids)
{
	const struct btf_member *members = btf_members(type);
	int ret = 0;

	for (uint32_t i = 0; i < btf_vlen(type) && !ret; i++)
		if (ids[i] >= 0)
			ret = btf__add_field(excerpt->btf, kernel_types_string(excerpt->types, members[i].name_off),
					     ids[i], btf_member_bit_offset(type, i), btf_member_bitfield_size(type, i));
	return ret;
}

/* A structure with those of its members that have names which the object knows, or none. */
static int copy_composite(struct kernel_excerpt *excerpt, const struct btf_type *type)
{
	const char *name = kernel_types_string(excerpt->types, type->name_off);
	const struct btf_member *members = btf_members(type);
	int *ids = calloc(btf_vlen(type) + 1u, sizeof(*ids)), id = 0, ret;

	for (uint32_t i = 0; ids && i < btf_vlen(type); i++) {
		const char *member = kernel_types_string(excerpt->types, members[i].name_off);

		ids[i] = -1;
		if (!*member || has_word(excerpt, member))
			ids[i] = copy(excerpt, members[i].type);
	}
	if (ids)
		id = btf_is_struct(type) ? btf__add_struct(excerpt->btf, name, type->size)
					 : btf__add_union(excerpt->btf, name, type->size);
	ret = !ids ? -ENOMEM : id < 0 ? id : add_members(excerpt, type, ids);
	free(ids);
	return ret ? ret : id;
}

static int copy_new(struct kernel_excerpt *excerpt, uint32_t id)
{
	const struct btf_type *type = excerpt->index[id];

	switch (btf_kind(type)) {
	case BTF_KIND_INT:
		return btf__add_int(excerpt->btf, "int", type->size, 0);
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return btf__add_enum(excerpt->btf, NULL, type->size);
	case BTF_KIND_PTR:
		return btf__add_ptr(excerpt->btf, 0);
	case BTF_KIND_ARRAY:
		return copy_array(excerpt, type);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return copy_composite(excerpt, type);
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return copy(excerpt, type->type);
	default:
		return -ENOENT; /* no program reads it */
	}
}

/* Copy a type and what lies within it, but not what it points to. Its id in the excerpt, or -errno. */
static int copy(struct kernel_excerpt *excerpt, uint32_t id)
{
	if (!id || id >= excerpt->count)
		return -ENOENT;
	if (!excerpt->ids[id])
		excerpt->ids[id] = copy_new(excerpt, id);
	return excerpt->ids[id];
}

/* Copy the structures that have the same names as the object's. */
static int copy_all(struct kernel_excerpt *excerpt)
{
	int ret = 0;

	for (uint32_t id = 1; id < excerpt->count && ret >= 0; id++) {
		const struct btf_type *type = excerpt->index[id];
		const char *name = kernel_types_string(excerpt->types, type->name_off);

		if (btf_is_composite(type) && *name && has_word(excerpt, name) &&
		    btf__find_by_name_kind(excerpt->asked, name, btf_kind(type)) > 0)
			ret = copy(excerpt, id);
	}
	return ret < 0 ? ret : 0;
}

/* Where conntrack is a module, its types are in a file of their own, which is left to libbpf. */
static bool lacks_module(const struct kernel_excerpt *excerpt)
{
	return btf__find_by_name_kind(excerpt->btf, "nf_conn", BTF_KIND_STRUCT) < 0 &&
	       !access("/sys/kernel/btf/nf_conntrack", R_OK);
}

/* libbpf takes only a path. */
static int store(struct kernel_excerpt *excerpt)
{
	uint32_t size;
	const void *bytes = btf__raw_data(excerpt->btf, &size);

	excerpt->fd = memfd_create("types", MFD_CLOEXEC);
	if (!bytes || excerpt->fd < 0 || write(excerpt->fd, bytes, size) != (ssize_t)size)
		return -EIO;
	snprintf(excerpt->path, sizeof(excerpt->path), "/proc/self/fd/%d", excerpt->fd);
	return 0;
}

static bool is_target(const struct kernel_excerpt *excerpt, const struct btf_type *type)
{
	const char *name;

	if (btf_kind(type) != BTF_KIND_TYPEDEF && btf_kind(type) != BTF_KIND_FUNC)
		return false;
	name = kernel_types_string(excerpt->types, type->name_off);
	return !strncmp(name, "btf_trace_", 10) || !strncmp(name, "bpf_iter_", 9);
}

static bool number_types(struct kernel_excerpt *excerpt)
{
	const struct btf_type *type;
	uint32_t room = 0;
	size_t at = 0;

	excerpt->count = 1;
	while ((type = kernel_types_next(excerpt->types, &at))) {
		if (excerpt->count >= room) {
			const struct btf_type **more;

			room = room ? 2 * room : 65536;
			more = reallocarray(excerpt->index, room, sizeof(struct btf_type *));
			if (!more)
				return false;
			excerpt->index = more;
		}
		if (is_target(excerpt, type) && excerpt->target_count < TARGETS_MAX)
			excerpt->targets[excerpt->target_count++] = excerpt->count;
		excerpt->index[excerpt->count++] = type;
	}
	return excerpt->count > 1;
}

static int fill(struct kernel_excerpt *excerpt, const struct bpf_object *object)
{
	uint32_t size;
	const void *asked = btf__raw_data(bpf_object__btf(object), &size);
	int ret;

	excerpt->types = kernel_types_open(NULL);
	excerpt->asked = asked ? btf__new(asked, size) : NULL;
	excerpt->btf = btf__new_empty();
	if (!excerpt->types || !excerpt->asked || !excerpt->btf || !number_types(excerpt))
		return -ENOENT;
	excerpt->ids = calloc(excerpt->count, sizeof(*excerpt->ids));
	if (!excerpt->ids)
		return -ENOMEM;
	ret = copy_all(excerpt);
	if (!ret && lacks_module(excerpt))
		ret = -ENOENT;
	return ret ? ret : store(excerpt);
}

struct kernel_excerpt *kernel_excerpt_open(const struct bpf_object *object)
{
	struct kernel_excerpt *excerpt = calloc(1, sizeof(*excerpt));

	if (!excerpt)
		return NULL;
	excerpt->fd = -1;
	if (!fill(excerpt, object))
		return excerpt;
	kernel_excerpt_close(excerpt);
	return NULL;
}

const char *kernel_excerpt_path(const struct kernel_excerpt *excerpt)
{
	return excerpt->path;
}

static uint32_t find_target(const struct kernel_excerpt *excerpt, const char *prefix, const char *name, uint32_t kind)
{
	const size_t length = strlen(prefix);

	for (uint32_t i = 0; i < excerpt->target_count; i++) {
		const struct btf_type *type = excerpt->index[excerpt->targets[i]];
		const char *found;

		if (btf_kind(type) != kind)
			continue;
		found = kernel_types_string(excerpt->types, type->name_off);
		if (!strncmp(found, prefix, length) && !strcmp(found + length, name))
			return excerpt->targets[i];
	}
	return 0;
}

/* As libbpf_find_attach_btf_id() does. */
static int give_target(struct bpf_program *program, struct bpf_prog_load_opts *options, long cookie)
{
	const char *section = bpf_program__section_name(program), *name = strchr(section, '/');
	bool is_iterator = !strncmp(section, "iter", 4);

	(void)cookie;
	if (!serving || !name)
		return -ESRCH;
	options->attach_prog_fd = 0;
	options->attach_btf_id = is_iterator ? find_target(serving, "bpf_iter_", name + 1, BTF_KIND_FUNC)
					     : find_target(serving, "btf_trace_", name + 1, BTF_KIND_TYPEDEF);
	if (!strncmp(section, "iter.s", 6))
		options->prog_flags |= BPF_F_SLEEPABLE;
	return options->attach_btf_id ? 0 : -ESRCH;
}

int kernel_excerpt_prepare(void)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, options, .prog_prepare_load_fn = give_target);
	int ret = libbpf_register_prog_handler("tp_btf+", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, &options);

	if (ret >= 0)
		ret = libbpf_register_prog_handler("iter+", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, &options);
	if (ret >= 0)
		ret = libbpf_register_prog_handler("iter.s+", BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, &options);
	return ret < 0 ? ret : 0;
}

void kernel_excerpt_serve(struct kernel_excerpt *excerpt, const struct bpf_object *object)
{
	struct bpf_program *program;

	serving = excerpt;
	/* A program that attaches to another one needs no types of the kernel: the descriptor is not used. */
	bpf_object__for_each_program(program, object) if (bpf_program__type(program) == BPF_PROG_TYPE_TRACING)
		bpf_program__set_attach_target(program, excerpt->fd, NULL);
}

void kernel_excerpt_close(struct kernel_excerpt *excerpt)
{
	if (!excerpt)
		return;
	serving = NULL;
	kernel_types_close(excerpt->types);
	btf__free(excerpt->asked);
	btf__free(excerpt->btf);
	free(excerpt->ids);
	free(excerpt->index);
	if (excerpt->fd >= 0)
		close(excerpt->fd);
	free(excerpt);
}
