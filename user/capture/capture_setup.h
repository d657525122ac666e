/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CAPTURE_SETUP_H
#define BPFSNIFF_CAPTURE_SETUP_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/ring.h"
#include "ebpf/kernel_filter.h"

enum { CAPTURE_SOCKETS = 128 };

/* What to listen to, and with which filter. */
struct capture_options {
	const char *const *interfaces; /* names, or the numbers that -D shows */
	size_t interface_count;        /* 0: every one */
	bool promiscuous;
	uint64_t buffer_size; /* bytes, of each socket's ring */
	bool patient;         /* see ring.h */
	const struct filter_spec *spec;
	const char *expression; /* NULL: none */
	const char *hidden_in;  /* the file of the expression, which no message may quote; NULL: all may */
	const int *owner_maps;  /* OWNER_MAPS of them, for a choice of processes; NULL: the reader alone chooses */
	bool keeps_all;         /* the kernel accepts every frame, whole, and leaves the judgement to user space */
};

/* What needs privilege to set up: the loaded filter, and sockets that it is attached to but that are not bound yet. */
struct capture_setup {
	unsigned int ifindexes[CAPTURE_SOCKETS];  /* 0: every interface */
	uint16_t hardware_types[CAPTURE_SOCKETS]; /* ARPHRD_*, as they were at the start; not of ifindex 0 */
	uint16_t link_types[CAPTURE_SOCKETS];     /* enum link_type of their frames, likewise */
	char names[CAPTURE_SOCKETS][IF_NAMESIZE]; /* as they were at the start; "any" for every interface */
	size_t count;
	bool promiscuous;
	uint64_t buffer_size; /* bytes, of each socket's ring */
	bool patient;         /* see ring.h */
	struct expression *expression;
	struct kernel_filter *filter;
	int fds[CAPTURE_SOCKETS];       /* packet sockets; -1: none, or handed on */
	int spare_fds[CAPTURE_SOCKETS]; /* for the next filter, see ring_spares.h; -1 as above */
};

/* Whether that is every interface. */
bool capture_listens_everywhere(const struct capture_options *options);

/* Start with nothing open. */
void capture_setup_init(struct capture_setup *setup);

/* Fill in the first part as the options say. 0, or -errno after one line on standard error. */
int capture_setup_choose_interfaces(struct capture_setup *setup, const struct capture_options *options);

/* Whether these interfaces have one link type (enum link_type), as far as that is known; if not, fill in the names of
 * two that differ. */
bool capture_setup_has_one_link_type(const struct capture_setup *setup, char names[2][IF_NAMESIZE]);

/* How many of the named interfaces are loopback devices; `name` is that of the first, if there is one. */
size_t capture_setup_count_loopback(const struct capture_setup *setup, const char **name);

/*
 * Compile, load and verify the filter of the options, and open the sockets, in this network namespace. 0; -EINVAL when
 * the expression is at fault; or another -errno: after one line on standard error.
 */
int capture_setup_open(struct capture_setup *setup, const struct capture_options *options);

/* As capture_setup_open(), but for a sniffer that runs: without sockets, as it has its own. */
int capture_setup_load(struct capture_setup *setup, const struct capture_options *options,
		       const struct kernel_filter_inheritance *inheritance);

/* Say in one line what is wrong with an expression; why: in libpcap's words, which may quote it. */
void capture_setup_refuse_expression(const char *expression, const char *hidden_in, const char *why);

/* How the sockets are to be opened, for ring.h. */
struct ring_options capture_setup_ring_options(const struct capture_setup *setup);

/* Say in one line why ring_start() or ring_sockets_finish() failed. */
void capture_setup_explain(const struct capture_setup *setup, const struct ring_failure *failure, int error);

void capture_setup_release(struct capture_setup *setup);

#endif
