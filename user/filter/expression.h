/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXPRESSION_H
#define BPFSNIFF_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/filter.h>

#include "packet/frame.h"

/* An expression in the language of pcap-filter(7), compiled by libpcap for one link type. Link types are the LINK_* of
 * packet/frame.h. */
struct expression;

/* Compile as tcpdump does for a live capture. If `interface` is NULL, for every interface, the program reads a Linux
 * cooked header v2 whatever `link_type` says. Otherwise link_type is the interface's; if the expression mentions VLANs,
 * an Ethernet interface has to be up, and the caller needs CAP_NET_RAW: -EPERM. 0, -ENOMEM, or -EINVAL with libpcap's
 * message in `error`. */
int expression_compile_live(const char *text, const char *interface, uint16_t link_type, struct expression **expression,
			    char *error, size_t error_size);

/* Compile as tcpdump does for a file of a link type. Returns the same as expression_compile_live(). */
int expression_compile_file(const char *text, uint16_t link_type, struct expression **expression, char *error,
			    size_t error_size);

/* Whether no frame of a link type matches: 1, 0, or -EINVAL if the expression cannot be compiled for it. */
int expression_rejects_all(const char *text, uint16_t link_type);

/* Whether libpcap's words for an error say that. */
bool expression_is_rejection(const char *words);

/* Make an expression from a program that another process has compiled. On success the expression owns `program`, which
 * malloc(3) has allocated. 0, -ENOMEM, or -EINVAL if the program is not valid. */
int expression_adopt(struct sock_filter *program, size_t count, struct expression **expression);

/* The classic BPF program, which the expression owns, and its number of instructions. */
const struct sock_filter *expression_program(const struct expression *expression, size_t *count);

/* Whether a frame matches an expression that was compiled for a file of its link type. */
bool expression_match(const struct expression *expression, const struct frame *frame);

/* libpcap's name of a link type, such as "NFLOG"; NULL: it knows none. */
const char *expression_link_type_name(uint16_t link_type);

/* Takes NULL. */
void expression_close(struct expression *expression);

#endif
