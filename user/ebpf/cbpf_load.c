/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>

#include "ebpf/cbpf_emit.h"
#include "protocols.h"

/* Packet metadata that classic BPF loads from SKF_AD_OFF on: a field of struct __sk_buff, or the result of a helper. */
struct ancillary {
	uint32_t offset; /* from SKF_AD_OFF */
	uint16_t field;
	bool network_order;      /* the field has 16 bits in network byte order */
	enum bpf_func_id helper; /* BPF_FUNC_unspec: load the field */
};

/* convert_bpf_extensions() in net/core/filter.c. SKF_AD_HATYPE, SKF_AD_PAY_OFFSET and SKF_AD_NLATTR are missing: an
 * eBPF socket filter cannot read them. */
static const struct ancillary ancillaries[] = {
	{SKF_AD_PROTOCOL, offsetof(struct __sk_buff, protocol), true, BPF_FUNC_unspec},
	{SKF_AD_PKTTYPE, offsetof(struct __sk_buff, pkt_type), false, BPF_FUNC_unspec},
	{SKF_AD_IFINDEX, offsetof(struct __sk_buff, ifindex), false, BPF_FUNC_unspec},
	{SKF_AD_MARK, offsetof(struct __sk_buff, mark), false, BPF_FUNC_unspec},
	{SKF_AD_QUEUE, offsetof(struct __sk_buff, queue_mapping), false, BPF_FUNC_unspec},
	{SKF_AD_RXHASH, offsetof(struct __sk_buff, hash), false, BPF_FUNC_unspec},
	{SKF_AD_VLAN_TAG, offsetof(struct __sk_buff, vlan_tci), false, BPF_FUNC_unspec},
	{SKF_AD_VLAN_TAG_PRESENT, offsetof(struct __sk_buff, vlan_present), false, BPF_FUNC_unspec},
	{SKF_AD_VLAN_TPID, offsetof(struct __sk_buff, vlan_proto), true, BPF_FUNC_unspec},
	{SKF_AD_CPU, 0, false, BPF_FUNC_get_smp_processor_id},
	{SKF_AD_RANDOM, 0, false, BPF_FUNC_get_prandom_u32},
};

/* The fields of the cooked header (struct sll2_header of libpcap) that the kernel knows. libpcap's fix_offset() in
 * pcap-linux.c maps them the same way, but whatever the size of the load. */
static const struct {
	uint32_t offset;
	uint8_t size;
	uint32_t ancillary;
} cooked_fields[] = {{0, BPF_H, SKF_AD_PROTOCOL}, {4, BPF_W, SKF_AD_IFINDEX}, {10, BPF_B, SKF_AD_PKTTYPE}};

static int emit_ancillary(struct emitter *emitter, uint32_t offset)
{
	for (size_t i = 0; i < sizeof(ancillaries) / sizeof(ancillaries[0]); i++) {
		const struct ancillary *ancillary = &ancillaries[i];

		if (ancillary->offset != offset)
			continue;
		if (ancillary->helper)
			emit(emitter, BPF_EMIT_CALL(ancillary->helper));
		else
			emit(emitter, BPF_LDX_MEM(BPF_W, REG_A, REG_SKB, ancillary->field));
		if (ancillary->network_order)
			emit(emitter, BPF_ENDIAN(BPF_TO_BE, REG_A, 16));
		return 0;
	}
	return emit_refuse(emitter, "it asks for a property of the packet that an eBPF socket filter cannot read");
}

static void emit_cooked_packet(struct emitter *emitter, uint8_t size, uint32_t offset)
{
	if (emitter->hoists) {
		emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_NETWORK));
		emit(emitter, BPF_ALU32_IMM(BPF_ADD, BPF_REG_2, offset));
		emit_called_load(emitter, size);
	} else if (emitter->options->base == CBPF_COOKED_LINEAR) {
		emit(emitter, BPF_LD_IND(size, REG_NETWORK, offset));
	} else {
		emit(emitter, BPF_LD_ABS(size, SKF_NET_OFF + offset));
	}
}

static int emit_cooked_absolute(struct emitter *emitter, uint8_t size, uint32_t k)
{
	if (k - COOKED2_HEADER < NET_OFFSETS) {
		emit_cooked_packet(emitter, size, k - COOKED2_HEADER);
		return 0;
	}
	for (size_t i = 0; i < sizeof(cooked_fields) / sizeof(cooked_fields[0]); i++)
		if (cooked_fields[i].offset == k && cooked_fields[i].size == size)
			return emit_ancillary(emitter, cooked_fields[i].ancillary);
	return emit_refuse(
		emitter,
		"it asks for bytes of the cooked link-level header that the kernel does not have; " CBPF_COOKED_ADVICE);
}

/* X + k is an offset behind the cooked header whatever k is by itself: libpcap loads like this for geneve. Reject what
 * is out of range of SKF_NET_OFF, as it would wrap around into the link-level header. */
static void emit_cooked_indirect(struct emitter *emitter, uint8_t size, uint32_t k)
{
	emit(emitter, BPF_MOV32_REG(REG_TEMPORARY, REG_X));
	emit(emitter, BPF_ALU32_IMM(BPF_ADD, REG_TEMPORARY, k - COOKED2_HEADER));
	emit(emitter, BPF_JMP32_IMM(BPF_JLT, REG_TEMPORARY, NET_OFFSETS, 2));
	emit_reject(emitter);
	if (emitter->hoists) {
		emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_TEMPORARY));
		emit(emitter, BPF_ALU32_REG(BPF_ADD, BPF_REG_2, REG_NETWORK));
		emit_called_load(emitter, size);
	} else if (emitter->options->base == CBPF_COOKED_LINEAR) {
		emit(emitter, BPF_ALU32_REG(BPF_ADD, REG_TEMPORARY, REG_NETWORK));
		emit(emitter, BPF_LD_IND(size, REG_TEMPORARY, 0));
	} else {
		emit(emitter, BPF_LD_IND(size, REG_TEMPORARY, SKF_NET_OFF));
	}
}

static int emit_absolute(struct emitter *emitter, uint8_t size, uint32_t k)
{
	if (k >= (uint32_t)SKF_AD_OFF)
		return emit_ancillary(emitter, k - (uint32_t)SKF_AD_OFF);
	if (emitter->options->base != CBPF_LINK)
		return emit_cooked_absolute(emitter, size, k);
	if (emitter->hoists && (int32_t)k >= 0) {
		emit(emitter, BPF_MOV32_IMM(BPF_REG_2, k));
		emit_called_load(emitter, size);
	} else {
		emit(emitter, BPF_LD_ABS(size, k));
	}
	return 0;
}

static void emit_indirect(struct emitter *emitter, uint8_t size, uint32_t k)
{
	if (emitter->options->base != CBPF_LINK) {
		emit_cooked_indirect(emitter, size, k);
	} else if (emitter->hoists) {
		emit(emitter, BPF_MOV32_REG(BPF_REG_2, REG_X));
		emit(emitter, BPF_ALU32_IMM(BPF_ADD, BPF_REG_2, k));
		emit_called_load(emitter, size);
	} else {
		emit(emitter, BPF_LD_IND(size, REG_X, k));
	}
}

/* X = 4 * (P[k] & 0xf); A keeps its value. */
static int emit_header_length(struct emitter *emitter, uint32_t k)
{
	emit(emitter, BPF_MOV32_REG(REG_TEMPORARY, REG_A));
	if (emit_absolute(emitter, BPF_B, k))
		return -EINVAL;
	emit(emitter, BPF_ALU32_IMM(BPF_AND, REG_A, 0xf));
	emit(emitter, BPF_ALU32_IMM(BPF_LSH, REG_A, 2));
	emit(emitter, BPF_MOV32_REG(REG_X, REG_A));
	emit(emitter, BPF_MOV32_REG(REG_A, REG_TEMPORARY));
	return 0;
}

/* To a cooked socket the packet begins at its network header. */
static void emit_length(struct emitter *emitter, uint8_t target)
{
	emit(emitter, BPF_LDX_MEM(BPF_W, target, REG_SKB, offsetof(struct __sk_buff, len)));
	if (emitter->needs_network)
		emit(emitter, BPF_ALU32_REG(BPF_SUB, target, REG_NETWORK));
}

static int emit_new_load(struct emitter *emitter, const struct sock_filter *insn, uint8_t target)
{
	uint8_t size = BPF_SIZE(insn->code);

	switch (insn->code & ~BPF_SIZE(insn->code)) {
	case BPF_LD | BPF_ABS:
		if (size != BPF_DW)
			return emit_absolute(emitter, size, insn->k);
		break;
	case BPF_LD | BPF_IND:
		if (size == BPF_DW)
			break;
		emit_indirect(emitter, size, insn->k);
		return 0;
	case BPF_LDX | BPF_MSH:
		return emit_header_length(emitter, insn->k);
	case BPF_LD | BPF_IMM:
	case BPF_LDX | BPF_IMM:
		emit(emitter, BPF_MOV32_IMM(target, insn->k));
		return 0;
	case BPF_LD | BPF_LEN:
	case BPF_LDX | BPF_LEN:
		emit_length(emitter, target);
		return 0;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
		if (insn->k >= BPF_MEMWORDS)
			break;
		emit(emitter, BPF_LDX_MEM(BPF_DW, target, BPF_REG_10, emit_memory(insn->k)));
		return 0;
	default:
		break;
	}
	return emit_refuse(emitter, "the classic program has an unknown load");
}

int emit_load(struct emitter *emitter, size_t pc)
{
	const struct sock_filter *insn = &emitter->program[pc];
	uint8_t target = BPF_CLASS(insn->code) == BPF_LD ? REG_A : REG_X;
	struct reuse reuse = emitter->reuse[pc];

	if (emitter->hoists && reuse.action != REUSE_NONE) {
		emit_hoisted_load(emitter, reuse, target);
		return 0;
	}
	if (reuse.action == REUSE_TAKE) {
		emit(emitter, BPF_LDX_MEM(BPF_DW, target, BPF_REG_10, emit_slot(reuse.slot)));
		return 0;
	}
	if (emit_new_load(emitter, insn, target))
		return -EINVAL;
	if (reuse.action == REUSE_KEEP)
		emit(emitter, BPF_STX_MEM(BPF_DW, BPF_REG_10, target, emit_slot(reuse.slot)));
	return 0;
}
