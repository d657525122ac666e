/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture/capture_setup.h"

#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/descriptor_limit.h"
#include "base/log.h"
#include "capture/interface_query.h"
#include "ebpf/cbpf_to_ebpf.h"
#include "ebpf/kernel_probe.h"
#include "filter/expression.h"
#include "filter/expression_contradiction.h"
#include "filter/expression_slip.h"
#include "sandbox/capabilities.h"
#include "sandbox/ring_fds.h"

bool capture_listens_everywhere(const struct capture_options *options)
{
	for (size_t i = 0; i < options->interface_count; i++)
		if (!strcmp(options->interfaces[i], "any"))
			return true;
	return options->interface_count == 0;
}

void capture_setup_init(struct capture_setup *setup)
{
	memset(setup, 0, sizeof(*setup));
	memset(setup->fds, -1, sizeof(setup->fds));
	memset(setup->spare_fds, -1, sizeof(setup->spare_fds));
}

/* `word` is a name or, as in tcpdump, the number that -D shows. Returns the index and fills in the name; 0: none. */
static unsigned int find_interface(const char *word, char name[IF_NAMESIZE])
{
	unsigned int index = if_nametoindex(word);

	if (!index && word[strspn(word, "0123456789")] == '\0') {
		unsigned long number = strtoul(word, NULL, 10);

		index = number <= UINT_MAX ? (unsigned int)number : 0;
	}
	return index && if_indextoname(index, name) ? index : 0;
}

/* An interface may have several names. */
static bool is_chosen(const struct capture_setup *setup, unsigned int ifindex)
{
	for (size_t i = 0; i < setup->count; i++)
		if (setup->ifindexes[i] == ifindex)
			return true;
	return false;
}

int capture_setup_choose_interfaces(struct capture_setup *setup, const struct capture_options *options)
{
	setup->promiscuous = options->promiscuous;
	setup->buffer_size = options->buffer_size;
	setup->patient = options->patient;
	if (capture_listens_everywhere(options)) {
		snprintf(setup->names[setup->count++], IF_NAMESIZE, "any");
		return 0;
	}
	if (options->interface_count > CAPTURE_SOCKETS) {
		log_line("%zu interfaces are too many; name at most %d, or use -i any", options->interface_count,
			 CAPTURE_SOCKETS);
		return -E2BIG;
	}
	for (size_t i = 0; i < options->interface_count; i++) {
		unsigned int ifindex = find_interface(options->interfaces[i], setup->names[setup->count]);

		if (!ifindex) {
			log_line("no such interface '%s'; list them with bpfsniff -D", options->interfaces[i]);
			return -ENODEV;
		}
		if (is_chosen(setup, ifindex))
			continue;
		setup->hardware_types[setup->count] = interface_hardware_type(setup->names[setup->count]);
		setup->link_types[setup->count] = interface_link_type(setup->names[setup->count]);
		setup->ifindexes[setup->count++] = ifindex;
	}
	return 0;
}

/* The name of one of the interfaces, "any" for every one. */
static const char *name_of(const struct capture_setup *setup, size_t index, char name[IF_NAMESIZE])
{
	if (!setup->ifindexes[index] || !if_indextoname(setup->ifindexes[index], name))
		snprintf(name, IF_NAMESIZE, "%s", setup->ifindexes[index] ? "?" : "any");
	return name;
}

/* In a pcap file. Bare packets of an Ethernet device get a header there (pcap_write.c). */
static uint16_t link_type_in_file(const struct capture_setup *setup, size_t index)
{
	uint16_t of_type = interface_link_type_of(setup->hardware_types[index]);

	return of_type == LINK_ETHERNET ? of_type : setup->link_types[index];
}

bool capture_setup_has_one_link_type(const struct capture_setup *setup, char names[2][IF_NAMESIZE])
{
	for (size_t i = 1; i < setup->count; i++) {
		if (link_type_in_file(setup, i) == link_type_in_file(setup, 0))
			continue;
		name_of(setup, 0, names[0]);
		name_of(setup, i, names[1]);
		return false;
	}
	return true;
}

size_t capture_setup_count_loopback(const struct capture_setup *setup, const char **name)
{
	size_t count = 0;

	for (size_t i = 0; i < setup->count; i++) {
		if (!setup->ifindexes[i] || setup->hardware_types[i] != ARPHRD_LOOPBACK)
			continue;
		if (!count++)
			*name = setup->names[i];
	}
	return count;
}

/* The link type that all interfaces share; LINK_UNKNOWN when they differ, or for "any". */
static uint16_t common_link_type(const struct capture_setup *setup)
{
	uint16_t common = LINK_UNKNOWN;

	for (size_t i = 0; i < setup->count; i++) {
		char name[IF_NAMESIZE];
		uint16_t link_type = interface_link_type(name_of(setup, i, name));

		if (i && link_type != common)
			return LINK_UNKNOWN;
		common = link_type;
	}
	return common;
}

enum {
	QUOTED_MAX = 500, /* bytes of an expression, which may be a long file */
	SENTENCE_MAX = 512,
	LONG_EXPRESSION = 4096, /* bytes from which on ENOMEM hardly means the memory of the machine */
};

void capture_setup_refuse_expression(const char *expression, const char *hidden_in, const char *why)
{
	char sentence[SENTENCE_MAX], meant[EXPRESSION_SLIP_MAX];

	if (hidden_in)
		log_line(
			"cannot use the expression in '%s'; the reason is not shown because you may not read that file",
			hidden_in);
	else if (expression_is_rejection(why))
		log_line("%s", expression_contradiction_explain(expression, sentence, sizeof(sentence)));
	else if (expression_slip(expression, meant))
		log_line("expression '%s': %s; did you mean '%s'?", expression, why, meant);
	else
		log_line("expression '%.*s%s': %s", QUOTED_MAX, expression,
			 strlen(expression) > QUOTED_MAX ? "..." : "", why);
}

/* What the cooked header of several interfaces does not have, that of an Ethernet interface has. */
static void advise_interface(char *error, size_t size)
{
	size_t length = strlen(error);

	snprintf(error + length, size - length, "; " CBPF_COOKED_ADVICE);
}

/* Compile as tcpdump does for the one link type; for several, as for "any". Returns as capture_setup_open(). */
static int compile_expression(struct capture_setup *setup, const struct capture_options *options,
			      struct kernel_filter_expression *compiled)
{
	const char *text = options->expression;
	uint16_t link_type = common_link_type(setup);
	bool cooked = interface_is_cooked(link_type);
	char name[IF_NAMESIZE], error[256];
	int ret;

	*compiled = (struct kernel_filter_expression){.base = cooked ? kernel_probe_cooked_base() : CBPF_LINK};
	if (!text)
		return 0;
	ret = expression_compile_live(text, cooked ? NULL : name_of(setup, 0, name), link_type, &setup->expression,
				      error, sizeof(error));
	if (ret == -EPERM && capabilities_explain_missing(CAPABILITIES_TO_SNIFF))
		return ret;
	if (ret == -EINVAL && cooked && !expression_rejects_all(text, LINK_ETHERNET))
		advise_interface(error, sizeof(error));
	if (ret) {
		capture_setup_refuse_expression(text, options->hidden_in,
						ret == -EINVAL || ret == -EPERM ? error : strerror(-ret));
		return ret;
	}
	compiled->program = expression_program(setup->expression, &compiled->count);
	return 0;
}

/* Whether this was the reason. */
static bool explain_descriptors(int error)
{
	struct rlimit limit = {0};

	if (error != -EMFILE)
		return false;
	getrlimit(RLIMIT_NOFILE, &limit);
	log_line("too few file descriptors: the limit is %llu, and packet sockets have numbers from %d on; raise the "
		 "limit (ulimit -Hn) or listen on fewer interfaces",
		 (unsigned long long)limit.rlim_cur, RING_FD_MIN);
	return true;
}

/* The kernel's compiler gives up at some length (jit_subprogs() in kernel/bpf/verifier.c). ENOMEM also means that a
 * jump no longer reaches its target (bpf_patch_insn_data()). */
static bool is_too_long(const char *expression, int error)
{
	return error == -EFAULT || error == -E2BIG || error == -ENOSPC ||
	       (error == -ENOMEM && strlen(expression) >= LONG_EXPRESSION);
}

/* Say in one line why the filter cannot be loaded. Returns as capture_setup_open(). */
static int explain_filter(const struct capture_options *options, int error, const struct kernel_filter_error *why)
{
	if (why->refusal && options->expression) {
		capture_setup_refuse_expression(options->expression, options->hidden_in, why->refusal);
		return error == -EOPNOTSUPP ? error : -EINVAL;
	}
	if ((error == -EPERM && capabilities_explain_missing(CAPABILITIES_TO_LOAD)) || explain_descriptors(error))
		return error;
	if (options->expression && is_too_long(options->expression, error)) {
		capture_setup_refuse_expression(
			options->expression, options->hidden_in,
			"it is too long for the kernel; --host-file and --port take long lists");
		return -EINVAL;
	}
	if (why->refusal)
		log_line("the kernel refused the filter: %s", why->refusal);
	else if (*why->log)
		log_line("the kernel refused the filter: %s (%s)", strerror(-error), why->log);
	else
		log_line("the kernel refused the filter: %s", strerror(-error));
	return -EIO; /* -EINVAL from the verifier does not mean the expression */
}

void capture_setup_explain(const struct capture_setup *setup, const struct ring_failure *failure, int error)
{
	char buffer[IF_NAMESIZE];
	const char *name = name_of(setup, failure->index, buffer);

	if ((error == -EPERM && capabilities_explain_missing(CAPABILITIES_TO_SNIFF)) || explain_descriptors(error))
		return;
	switch (failure->step) {
	case RING_BUFFER:
		log_line("cannot allocate a capture ring of %llu KiB for '%s': %s; try a smaller one with -B",
			 (unsigned long long)setup->buffer_size / 1024, name, strerror(-error));
		break;
	case RING_PROMISCUOUS:
		log_line("cannot put interface '%s' into promiscuous mode: %s; use -p to do without it", name,
			 strerror(-error));
		break;
	case RING_FILTER:
		log_line("cannot attach the filter to a socket: %s", strerror(-error));
		break;
	case RING_SOCKET:
	case RING_BIND:
		log_line("cannot listen on '%s': %s", name, strerror(-error));
		break;
	}
}

struct ring_options capture_setup_ring_options(const struct capture_setup *setup)
{
	return (struct ring_options){
		.ifindexes = setup->ifindexes,
		.count = setup->count,
		.promiscuous = setup->promiscuous,
		.buffer_size = setup->buffer_size,
		.patient = setup->patient,
	};
}

/* To explain what becomes of each frame, user space has to see all of them, and whole. */
static int load_open_filter(struct capture_setup *setup, const struct kernel_filter_inheritance *inheritance,
			    struct kernel_filter_error *error)
{
	const struct kernel_filter_expression none = {.count = 0};
	struct filter_spec *spec = malloc(sizeof(*spec));
	int ret;

	if (!spec)
		return -ENOMEM;
	filter_spec_init_open(spec);
	spec->config.snaplen = SNAPLEN_MAX;
	ret = kernel_filter_open(spec, &none, BPF_PROG_TYPE_SOCKET_FILTER, inheritance, &setup->filter, error);
	free(spec);
	return ret;
}

/* 0 or -errno. */
static int load_filter(struct capture_setup *setup, const struct capture_options *options,
		       const struct kernel_filter_expression *expression,
		       const struct kernel_filter_inheritance *inheritance, struct kernel_filter_error *error)
{
	int ret;

	if (options->keeps_all)
		return load_open_filter(setup, inheritance, error);
	ret = kernel_filter_open(options->spec, expression, BPF_PROG_TYPE_SOCKET_FILTER, inheritance, &setup->filter,
				 error);
	if (!ret && options->owner_maps && options->spec->config.asks_owner)
		ret = kernel_filter_ask_owners(setup->filter, options->owner_maps);
	return ret;
}

/* Give the sockets their filter. Returns as capture_setup_open(). */
static int finish_sockets(struct capture_setup *setup, struct ring_sockets *sockets)
{
	struct ring_failure failure;
	int ret = ring_sockets_finish(sockets, kernel_filter_part(setup->filter, KERNEL_FILTER_DISPATCH), setup->fds,
				      setup->spare_fds, &failure);

	if (!ret)
		return 0;
	capture_setup_explain(setup, &failure, ret);
	return -EIO;
}

int capture_setup_load(struct capture_setup *setup, const struct capture_options *options,
		       const struct kernel_filter_inheritance *inheritance)
{
	struct kernel_filter_expression expression;
	struct kernel_filter_error error = {.refusal = NULL};
	int ret = compile_expression(setup, options, &expression);

	if (ret)
		return ret;
	ret = load_filter(setup, options, &expression, inheritance, &error);
	return ret ? explain_filter(options, ret, &error) : 0;
}

/* The sockets and the filter take the kernel about equally long, so they are made in parallel. */
int capture_setup_open(struct capture_setup *setup, const struct capture_options *options)
{
	const struct ring_options ring = capture_setup_ring_options(setup);
	struct kernel_filter_expression expression;
	struct kernel_filter_error error = {0};
	struct ring_sockets *sockets;
	int ret;

	descriptor_limit_raise(); /* a filter and its maps take a dozen descriptors, and each interface two */
	ret = compile_expression(setup, options, &expression);
	if (ret)
		return ret;
	sockets = ring_sockets_begin(&ring);
	if (!sockets) {
		capture_setup_explain(setup, &(struct ring_failure){.step = RING_BUFFER}, -ENOMEM);
		return -ENOMEM;
	}
	ret = load_filter(setup, options, &expression, NULL, &error);
	if (!ret)
		return finish_sockets(setup, sockets);
	ring_sockets_abandon(sockets);
	return explain_filter(options, ret, &error);
}

void capture_setup_release(struct capture_setup *setup)
{
	for (size_t i = 0; i < setup->count; i++) {
		if (setup->fds[i] >= 0)
			close(setup->fds[i]);
		if (setup->spare_fds[i] >= 0)
			close(setup->spare_fds[i]);
	}
	kernel_filter_close(setup->filter);
	expression_close(setup->expression);
}
