/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_BPF_DISSECT_SKB_H
#define BPFSNIFF_BPF_DISSECT_SKB_H

#include "maps.h"

#include "dissect.h"
#include "in_place.h"
#include "match.h"

/*
 * What a dissection reads. Offsets count from the network header, which the kernel knows for every kind of device. Only
 * behind VLAN tags that are still in the bytes does its place depend on who sent the frame (packet_parse_headers() in
 * net/packet/af_packet.c moves it), so there they count from the link-level header.
 */
struct dissect_input {
	struct __sk_buff *skb;
	struct per_cpu *cpu;
	int from_link;
	int is_in_place;       /* a constant, by which the compiler tells the two ways apart */
	int needs_helper;      /* set when the headers cannot all be read in place */
	struct in_place place; /* if is_in_place */
};

ALWAYS_INLINE __u16 protocol_of(const struct __sk_buff *skb)
{
	return SWAP16((__u16)skb->protocol);
}

ALWAYS_INLINE struct dissect_input input_of(struct __sk_buff *skb, struct per_cpu *cpu)
{
	__u16 protocol = protocol_of(skb);

	return (struct dissect_input){
		.skb = skb,
		.cpu = cpu,
		.from_link = protocol == ETHERTYPE_VLAN || protocol == ETHERTYPE_SERVICE_VLAN,
	};
}

/* The type or length in front of the network header. In place of a length the kernel notes a number of its own
 * (eth_type_trans() in net/ethernet/eth.c); 0 when it did so for a device without Ethernet headers. */
ALWAYS_INLINE __u16 type_or_length(struct __sk_buff *skb)
{
	__u16 protocol = protocol_of(skb), length;

	if (!protocol || !is_length(protocol))
		return protocol;
	if (bpf_skb_load_bytes(skb, ETHERNET_TYPE, &length, sizeof(length)))
		return 0;
	return is_length(SWAP16(length)) ? SWAP16(length) : 0;
}

ALWAYS_INLINE int dissect_has_tag_outside(const struct dissect_input *input)
{
	return input->skb->vlan_present != 0;
}

/* Global functions: the verifier looks at each once by itself, not once for every path that leads to it. */

/*
 * bpf_skb_load_bytes_relative() reads the linear part only. A packet socket that sends a jumbo frame leaves just the
 * link-level header in it (packet_alloc_skb() in net/packet/af_packet.c). Where the network header starts then: behind
 * an Ethernet header if the frame has one, with the type that the kernel noted, or a length where the kernel noted a
 * small number of its own (eth_type_trans() in net/ethernet/eth.c).
 */
__noinline int skb_network_offset(struct __sk_buff *skb)
{
	__u16 ethertype;

	if (!bpf_skb_load_bytes(skb, ETHERNET_TYPE, &ethertype, sizeof(ethertype)) &&
	    (ethertype == skb->protocol || is_length(protocol_of(skb))))
		return ETHERNET_HEADER;
	return 0;
}

ALWAYS_INLINE int load_inline(struct dissect_input *input, __u32 offset, void *to, __u32 length)
{
	if (input->from_link)
		return (int)bpf_skb_load_bytes(input->skb, offset, to, length);
	if (!bpf_skb_load_bytes_relative(input->skb, offset, to, length, BPF_HDR_START_NET))
		return 0;
	return (int)bpf_skb_load_bytes(input->skb, offset + (__u32)skb_network_offset(input->skb), to, length);
}

/* Load up to 8 bytes into scratch.loaded. */
__noinline int skb_load(struct __sk_buff *skb, __u32 offset, __u32 length)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	if (!cpu)
		return -1;
	/* The verifier sees from this that it is 1 to 8. */
	return load_inline(&input, offset, cpu->scratch.loaded, ((length - 1) & 7) + 1);
}

/* The only function that knows how to load. Fixed IP headers are loaded inline. The few bytes of tags and extension
 * headers go through one function, which keeps the program short. */
ALWAYS_INLINE int dissect_load(struct dissect_input *input, __u32 offset, void *to, __u32 length)
{
	struct per_cpu *cpu = input->cpu;
	int ret;

	if (input->is_in_place) {
		ret = in_place_load(&input->place, offset, to, length);
		input->needs_helper |= ret != 0;
		return ret;
	}
	if (length > sizeof(cpu->scratch.loaded))
		return load_inline(input, offset, to, length);
	ret = skb_load(input->skb, offset, length);
	__builtin_memcpy(to, cpu->scratch.loaded, length);
	return ret;
}

__noinline int skb_follow_tag(struct __sk_buff *skb, __u32 ethertype)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	return cpu ? dissect_tag(&input, &cpu->scratch.dissection, (__u16)ethertype) : 0;
}

ALWAYS_INLINE __u16 follow_tag(struct dissect_input *input, struct dissection *dissection, __u16 ethertype)
{
	(void)dissection;
	return (__u16)skb_follow_tag(input->skb, ethertype);
}

__noinline int skb_follow_tags(struct __sk_buff *skb)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	return cpu ? dissect_tags(&input, &cpu->scratch.dissection, type_or_length(skb)) : 0;
}

ALWAYS_INLINE __u16 follow_tags(struct dissect_input *input, struct dissection *dissection, __u16 ethertype)
{
	(void)dissection;
	(void)ethertype;
	return (__u16)skb_follow_tags(input->skb);
}

__noinline int skb_follow_extension(struct __sk_buff *skb, __u32 protocol)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	return cpu ? dissect_extension(&input, &cpu->scratch.dissection, (__u8)protocol) : -1;
}

ALWAYS_INLINE int follow_extension(struct dissect_input *input, struct dissection *dissection, __u8 protocol)
{
	(void)dissection;
	return skb_follow_extension(input->skb, protocol);
}

__noinline int skb_follow_extensions(struct __sk_buff *skb, __u32 protocol)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	if (cpu)
		dissect_extensions(&input, &cpu->scratch.dissection, (__u8)protocol);
	return 0;
}

ALWAYS_INLINE void follow_extensions(struct dissect_input *input, struct dissection *dissection, __u8 protocol)
{
	(void)dissection;
	if (input->is_in_place)
		input->needs_helper = 1;
	else
		skb_follow_extensions(input->skb, protocol);
}

__noinline int skb_follow_transport(struct __sk_buff *skb)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	if (cpu)
		dissect_cut_transport(&input, &cpu->scratch.dissection);
	return 0;
}

ALWAYS_INLINE void follow_transport(struct dissect_input *input, struct dissection *dissection)
{
	(void)dissection;
	if (input->is_in_place)
		input->needs_helper = 1;
	else
		skb_follow_transport(input->skb);
}

/* What is not IP at once, or cannot be read in place; in a function of its own, so that most frames need not ask what
 * their offsets count from. */
__noinline int skb_dissect(struct __sk_buff *skb)
{
	struct per_cpu *cpu = this_cpu();
	struct dissect_input input = input_of(skb, cpu);

	if (cpu)
		dissect_frame(&input, protocol_of(skb), input.from_link ? ETHERNET_HEADER : 0, settings.needs_transport,
			      &cpu->scratch.dissection);
	return 0;
}

#endif
