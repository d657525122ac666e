/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/expression_fold.h"

/* tcpdump's default; a compiled program returns it to accept a packet. */
enum { SNAPLEN = 262144 };

enum { OPTIMIZED_MAX = 4096 }; /* bytes of an expression, which then takes libpcap less than a second */

struct expression {
	struct bpf_program program;
};

_Static_assert(sizeof(struct bpf_insn) == sizeof(struct sock_filter), "two names for one instruction");
_Static_assert(offsetof(struct bpf_insn, k) == offsetof(struct sock_filter, k), "two names for one instruction");

/* Open a capture file without packets: libpcap compiles expressions for a file that it rejects for an interface, and
 * the other way round. */
static pcap_t *open_file(uint16_t link_type, char *error)
{
	struct pcap_file_header header = {.magic = 0xa1b2c3d4,
					  .version_major = PCAP_VERSION_MAJOR,
					  .version_minor = PCAP_VERSION_MINOR,
					  .snaplen = SNAPLEN,
					  .linktype = link_type};
	FILE *file = fmemopen(NULL, sizeof(header), "w+");
	pcap_t *pcap = NULL;

	if (!file) {
		snprintf(error, PCAP_ERRBUF_SIZE, "%s", strerror(errno));
		return NULL;
	}
	if (fwrite(&header, sizeof(header), 1, file) == 1 && fseek(file, 0, SEEK_SET) == 0)
		pcap = pcap_fopen_offline(file, error);
	if (!pcap)
		fclose(file);
	return pcap;
}

static pcap_t *open_dead(uint16_t link_type, char *error)
{
	pcap_t *file = open_file(link_type, error);
	pcap_t *pcap;

	if (!file)
		return NULL;
	pcap = pcap_open_dead(pcap_datalink(file), SNAPLEN); /* pcap_datalink() maps link_type to libpcap's DLT_* */
	pcap_close(file);
	return pcap;
}

/* Only for an activated interface does libpcap know that the kernel moves VLAN tags out of the frame. */
static pcap_t *open_interface(const char *interface, bool *denied, char *error)
{
	pcap_t *pcap = pcap_create(interface, error);
	int err;

	if (!pcap)
		return NULL;
	pcap_set_snaplen(pcap, SNAPLEN);
	err = pcap_activate(pcap);
	if (err >= 0)
		return pcap;
	*denied = err == PCAP_ERROR_PERM_DENIED;
	snprintf(error, PCAP_ERRBUF_SIZE, "%s: %s", interface,
		 *pcap_geterr(pcap) ? pcap_geterr(pcap) : pcap_statustostr(err));
	pcap_close(pcap);
	return NULL;
}

/* With netmask 0, as in tcpdump 4.99, `ip broadcast` means 0.0.0.0 or 255.255.255.255. */
static int compile_program(pcap_t *pcap, const char *text, bool optimize, struct bpf_program *program)
{
	return pcap_compile(pcap, program, text, optimize, 0) ? -EINVAL : 0;
}

/* Optimizing, libpcap refuses what rejects all packets, but another part may accept some. `context` is a pcap_t. */
static int compile_part(void *context, const char *text, struct sock_filter **result, size_t *count)
{
	struct bpf_program program;
	int ret = compile_program(context, text, true, &program);

	if (ret)
		ret = compile_program(context, text, false, &program);
	if (ret)
		return ret;
	*result = (struct sock_filter *)program.bf_insns; /* which pcap_freecode() would give to free(3) */
	*count = program.bf_len;
	return 0;
}

/* A long expression is compiled in parts where that is possible. Any other, also one that is wrong, so that libpcap
 * says why, is compiled as a whole; a very long one without optimization. */
static int compile_text(pcap_t *pcap, const char *text, struct bpf_program *program)
{
	struct sock_filter *folded;
	size_t count;
	int ret = expression_fold(text, compile_part, pcap, &folded, &count);

	if (ret == -EINVAL || ret == -ENOTSUP)
		return compile_program(pcap, text, strlen(text) < OPTIMIZED_MAX, program);
	if (!ret)
		*program = (struct bpf_program){.bf_len = (u_int)count, .bf_insns = (struct bpf_insn *)folded};
	return ret;
}

static int compile(pcap_t *pcap, const char *text, struct expression **expression, char *error)
{
	struct expression *result;
	int ret;

	if (!pcap)
		return -EINVAL;
	result = calloc(1, sizeof(*result));
	if (!result)
		return -ENOMEM;
	ret = compile_text(pcap, text, &result->program);
	if (ret) {
		snprintf(error, PCAP_ERRBUF_SIZE, "%s", pcap_geterr(pcap));
		free(result);
		return ret;
	}
	*expression = result;
	return 0;
}

/* Compile, close the handle, and copy libpcap's message. */
static int compile_and_close(pcap_t *pcap, const char *text, struct expression **expression, char *words, char *error,
			     size_t error_size)
{
	int err = compile(pcap, text, expression, words);

	if (pcap)
		pcap_close(pcap);
	if (err)
		snprintf(error, error_size, "%s", err == -ENOMEM ? "out of memory" : words);
	return err;
}

int expression_compile_live(const char *text, const char *interface, uint16_t link_type, struct expression **expression,
			    char *error, size_t error_size)
{
	char words[PCAP_ERRBUF_SIZE] = "";
	bool denied = false;
	pcap_t *pcap;
	int ret;

	if (interface && link_type == LINK_ETHERNET && strstr(text, "vlan"))
		pcap = open_interface(interface, &denied, words);
	else
		pcap = open_dead(interface ? link_type : LINK_LINUX_SLL2, words);
	ret = compile_and_close(pcap, text, expression, words, error, error_size);
	return denied ? -EPERM : ret;
}

int expression_compile_file(const char *text, uint16_t link_type, struct expression **expression, char *error,
			    size_t error_size)
{
	char words[PCAP_ERRBUF_SIZE] = "";

	return compile_and_close(open_file(link_type, words), text, expression, words, error, error_size);
}

bool expression_is_rejection(const char *words)
{
	return strstr(words, "rejects all packets");
}

/* Optimizing, libpcap refuses an expression that rejects everything, in words of its own. */
int expression_rejects_all(const char *text, uint16_t link_type)
{
	char words[PCAP_ERRBUF_SIZE] = "";
	struct bpf_program program;
	pcap_t *pcap = open_dead(link_type, words);
	int ret;

	if (!pcap)
		return -EINVAL;
	ret = compile_program(pcap, text, true, &program);
	if (!ret)
		pcap_freecode(&program);
	else if (expression_is_rejection(pcap_geterr(pcap)))
		ret = 1;
	pcap_close(pcap);
	return ret;
}

/* bpf_validate() ignores the bits of a code that it does not know, and so accepts codes at which bpf_filter() aborts.
 */
static bool is_instruction(uint16_t code)
{
	switch (code) { /* a load without a size loads a word (BPF_W is 0) */
	case BPF_LD | BPF_ABS:
	case BPF_LD | BPF_ABS | BPF_H:
	case BPF_LD | BPF_ABS | BPF_B:
	case BPF_LD | BPF_IND:
	case BPF_LD | BPF_IND | BPF_H:
	case BPF_LD | BPF_IND | BPF_B:
	case BPF_LD | BPF_LEN:
	case BPF_LD | BPF_IMM:
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MSH | BPF_B:
	case BPF_LDX | BPF_IMM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
	case BPF_ALU | BPF_NEG:
	case BPF_JMP | BPF_JA:
	case BPF_RET | BPF_K:
	case BPF_RET | BPF_A:
	case BPF_MISC | BPF_TAX:
	case BPF_MISC | BPF_TXA:
		return true;
	default: /* arithmetic and jumps, with X or a constant */
		code &= (uint16_t)~BPF_X;
		return (BPF_CLASS(code) == BPF_ALU && code <= (BPF_ALU | BPF_XOR) && BPF_OP(code) != BPF_NEG) ||
		       (BPF_CLASS(code) == BPF_JMP && code <= (BPF_JMP | BPF_JSET) && BPF_OP(code) != BPF_JA);
	}
}

int expression_adopt(struct sock_filter *program, size_t count, struct expression **expression)
{
	struct bpf_insn *insns = (struct bpf_insn *)program;
	struct expression *result;

	for (size_t i = 0; i < count; i++)
		if (!is_instruction(program[i].code))
			return -EINVAL;
	if (!bpf_validate(insns, (int)count))
		return -EINVAL;
	result = malloc(sizeof(*result));
	if (!result)
		return -ENOMEM;
	result->program = (struct bpf_program){.bf_len = (u_int)count, .bf_insns = insns};
	*expression = result;
	return 0;
}

const struct sock_filter *expression_program(const struct expression *expression, size_t *count)
{
	*count = expression->program.bf_len;
	return (const struct sock_filter *)expression->program.bf_insns;
}

bool expression_match(const struct expression *expression, const struct frame *frame)
{
	return bpf_filter(expression->program.bf_insns, frame->bytes, frame->length, frame->captured) != 0;
}

/* libpcap's own numbers are those of capture files, but for some between these two. */
const char *expression_link_type_name(uint16_t link_type)
{
	enum { SAME_UP_TO = 10, SAME_FROM = 104 };

	return link_type <= SAME_UP_TO || link_type >= SAME_FROM ? pcap_datalink_val_to_name(link_type) : NULL;
}

void expression_close(struct expression *expression)
{
	if (!expression)
		return;
	pcap_freecode(&expression->program);
	free(expression);
}
