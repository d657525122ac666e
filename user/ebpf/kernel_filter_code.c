/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/kernel_filter_code.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>

#include "ebpf/kernel_filter_internal.h"
#include "sniff.skel.h"

/* The first call returns the sizes, the second fills in the arrays. */
static int read_code(int fd, struct kernel_filter_code *code)
{
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);
	int ret = bpf_obj_get_info_by_fd(fd, &info, &size);

	if (ret)
		return ret;
	code->count = info.xlated_prog_len / sizeof(*code->insns);
	code->insns = calloc(code->count, sizeof(*code->insns));
	code->function_count = info.nr_func_info;
	code->functions = calloc(code->function_count, sizeof(*code->functions));
	if (!code->insns || !code->functions)
		return -ENOMEM;
	info = (struct bpf_prog_info){
		.xlated_prog_len = info.xlated_prog_len,
		.xlated_prog_insns = (uintptr_t)code->insns,
		.nr_func_info = info.nr_func_info,
		.func_info_rec_size = sizeof(*code->functions),
		.func_info = (uintptr_t)code->functions,
	};
	return bpf_obj_get_info_by_fd(fd, &info, &size);
}

int kernel_filter_code_read(const struct kernel_filter *filter,
			    struct kernel_filter_code codes[KERNEL_FILTER_PROGRAMS_MAX])
{
	const struct {
		const char *name;
		int fd;
	} programs[KERNEL_FILTER_PROGRAMS_MAX] = {
		{"root", filter->parts[KERNEL_FILTER_DISPATCH]},
		{"match", filter->parts[KERNEL_FILTER_MATCH]},
		{"expression", filter->expression_fd},
		{"accept", filter->expression_fd < 0 ? -1 : bpf_program__fd(filter->skeleton->progs.accept)},
	};
	int count = 0;

	for (size_t i = 0; i < KERNEL_FILTER_PROGRAMS_MAX; i++) {
		int ret;

		if (programs[i].fd < 0)
			continue;
		codes[count].name = programs[i].name;
		ret = read_code(programs[i].fd, &codes[count++]);
		if (ret)
			return ret;
	}
	return count;
}

const char *kernel_filter_code_function(const struct kernel_filter *filter, const struct kernel_filter_code *code,
					size_t insn)
{
	const struct btf *btf = bpf_object__btf(filter->skeleton->obj);

	for (size_t i = 0; i < code->function_count; i++)
		if (code->functions[i].insn_off == insn)
			return btf__name_by_offset(btf, btf__type_by_id(btf, code->functions[i].type_id)->name_off);
	return NULL;
}

const char *kernel_filter_code_map(const struct kernel_filter *filter, uint32_t id)
{
	const struct bpf_map *map;

	bpf_object__for_each_map(map, filter->skeleton->obj)
	{
		struct bpf_map_info info = {0};
		uint32_t size = sizeof(info);

		if (!bpf_obj_get_info_by_fd(bpf_map__fd(map), &info, &size) && info.id == id)
			return bpf_map__name(map);
	}
	return NULL;
}

void kernel_filter_code_release(struct kernel_filter_code codes[KERNEL_FILTER_PROGRAMS_MAX])
{
	for (size_t i = 0; i < KERNEL_FILTER_PROGRAMS_MAX; i++) {
		free(codes[i].insns);
		free(codes[i].functions);
	}
}
