/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_DUMP_FILTER_H
#define BPFSNIFF_DUMP_FILTER_H

struct expression;
struct kernel_filter;

/* Print the programs of a loaded filter on standard output, as the kernel runs them. 0 or -errno. */
int dump_filter(const struct kernel_filter *filter);

/* Print an expression on standard output as the eBPF that it would be loaded as. 0, -ENOMEM, or -EINVAL with a static
 * sentence on why the kernel cannot run it in *reason. */
int dump_expression(const struct expression *expression, const char **reason);

#endif
