/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_H
#define BPFSNIFF_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/filter.h>

#include "packet/frame.h"

/* An expression in the language of pcap-filter(7), compiled by libpcap for one link type. */
struct expression;

/* Compile as tcpdump does for a live capture. `interface` NULL is every interface; the program then reads a Linux
 * cooked header v2 whatever `link_type` says (CBPF_COOKED of cbpf_to_ebpf.h). Otherwise link_type is the interface's,
 * and an Ethernet interface has to be up, and takes CAP_NET_RAW, when the expression speaks of VLANs. 0, -ENOMEM, or
 * -EINVAL with libpcap's own words in error. */
int expression_compile_live(const char *text, const char *interface, uint16_t link_type, struct expression **expression,
			    char *error, size_t error_size);

/* Compile as tcpdump does for a file with that link type. Returns as expression_compile_live(). */
int expression_compile_file(const char *text, uint16_t link_type, struct expression **expression, char *error,
			    size_t error_size);

/* An expression from a program that one of the above has made in another process; it takes over the memory, which is of
 * malloc(3), when it succeeds. 0, -ENOMEM, or -EINVAL when it is no valid program. */
int expression_adopt(struct sock_filter *program, size_t count, struct expression **expression);

/* The classic BPF program, owned by the expression. */
const struct sock_filter *expression_program(const struct expression *expression, size_t *count);

/* Run an expression that was compiled for a file on a frame of its link type. */
bool expression_match(const struct expression *expression, const struct frame *frame);

/* Takes NULL. */
void expression_close(struct expression *expression);

#endif
