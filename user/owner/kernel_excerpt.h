/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_KERNEL_EXCERPT_H
#define BPFSNIFF_KERNEL_EXCERPT_H

struct bpf_object;

/*
 * Of the types of the running kernel those that the programs of an object ask for: libbpf would read and search all
 * 130,000, which is a third of the start. Call this between opening the object with the excerpt's path as its
 * btf_custom_path and loading it.
 */
struct kernel_excerpt;

/* Have libbpf leave it to an excerpt to find what tp_btf and iter programs attach to. 0 or -errno. */
int kernel_excerpt_prepare(void);

/* Make an excerpt for the types of an object; NULL: libbpf has to read all of them. */
struct kernel_excerpt *kernel_excerpt_open(const struct bpf_object *object);

/* The file that the excerpt is in. */
const char *kernel_excerpt_path(const struct kernel_excerpt *excerpt);

/* Find what the programs attach to, from now until the excerpt is closed. */
void kernel_excerpt_serve(struct kernel_excerpt *excerpt, const struct bpf_object *object);

/* Takes NULL. */
void kernel_excerpt_close(struct kernel_excerpt *excerpt);

#endif
