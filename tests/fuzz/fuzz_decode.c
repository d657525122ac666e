/* SPDX-License-Identifier: BSD-2-Clause */
#include "decode/decode.h"

#include <string.h>

#include "input.h"
#include "packet/sink.h"
#include "print/text_sinks.h"
#include "watched_output.h"
#include "well_formed.h"

/*
 * Any bytes as a frame of any link type, decoded and put out in any style: nothing but the frame is read, no more is
 * written than there is room for, and what is written is clean text or JSON.
 */

enum { NAME_SIZE = 64, STYLES = TIME_RFC3339 + 1 };

static const uint16_t link_types[] = {
	LINK_ETHERNET,
	LINK_NULL,
	LINK_PPP,
	LINK_PPP_HDLC,
	LINK_PPPOE,
	LINK_RAW_BSD,
	LINK_RAW_OPENBSD,
	LINK_RAW,
	LINK_CHDLC,
	LINK_IEEE802_11,
	LINK_LOOP,
	LINK_LINUX_SLL,
	LINK_LINUX_SLL2,
	LINK_IPV4,
	LINK_IPV6,
	LINK_PPP_WITH_DIR,
	LINK_UNKNOWN,
	LINK_IEEE802_11_PRISM,
	LINK_IEEE802_11_RADIOTAP,
	LINK_TOKEN_RING,
	LINK_FDDI,
	LINK_FRELAY,
	LINK_PPP_PPPD,
	LINK_PPI,
	LINK_CHDLC_WITH_DIR,
	LINK_FRELAY_WITH_DIR,
	LINK_NFLOG,
	LINK_PKTAP,
	LINK_DSA_TAG_BRCM,
	LINK_DSA_TAG_BRCM_PREPEND,
	LINK_DSA_TAG_DSA,
	LINK_DSA_TAG_EDSA,
};

enum form { FORM_FULL, FORM_BRIEF, FORM_JSON, FORMS };

/* What stands before the frame in an input. */
struct circumstances {
	enum form form;
	struct style style;
	bool is_analyzed;
	struct tcp_analysis analysis;
	struct interface interface;
	char name[NAME_SIZE];
	struct frame frame;
};

static void take_style(struct input *input, struct circumstances *all)
{
	uint8_t form = (uint8_t)take(input, 1), bits = (uint8_t)take(input, 1);

	all->form = form % FORMS;
	all->style = (struct style){
		.time = bits % STYLES,
		.link = form & 0x80,
		.hexdump = form & 0x40,
		.ascii = form & 0x20,
		.color = form & 0x10,
		.number = bits & 0x40,
		.lengths = bits & 0x20,
		.absolute = bits & 0x10,
		.interfaces = bits & 0x08,
	};
	all->is_analyzed = bits & 0x04;
	all->frame.has_time = bits & 0x80;
}

static void take_interface(struct input *input, struct circumstances *all)
{
	uint8_t name_length = (uint8_t)take(input, 1) % NAME_SIZE;
	const uint8_t *name;

	name_length = (uint8_t)take_bytes(input, name_length, &name);
	memcpy(all->name, name, name_length);
	all->name[name_length] = '\0';
	all->interface.name = name_length ? all->name : NULL;
	all->frame.interface = &all->interface;
}

static void take_frame(struct input *input, struct circumstances *all)
{
	struct frame *frame = &all->frame;
	uint8_t bits = (uint8_t)take(input, 1);
	uint16_t missing = (uint16_t)take(input, 2);

	frame->direction = bits % 3;
	frame->offload = bits / 4 % 3;
	frame->number = 1;
	frame->time_ns = (int64_t)take(input, 8);
	all->analysis = (struct tcp_analysis){
		.events = (uint16_t)frame->time_ns,
		.duplicate_number = (uint32_t)frame->time_ns,
		.relative_seq = (uint32_t)frame->time_ns,
		.relative_ack = (uint32_t)(frame->time_ns >> 32),
		.has_relative_ack = bits & 0x40,
		.window_shift = (int8_t)(missing % 16 - 1),
		.handshake_ns = (uint64_t)frame->time_ns,
	};
	take_interface(input, all);
	frame->captured = (uint32_t)take_bytes(input, input->left, &frame->bytes);
	frame->length = bits & 0x80 ? missing : frame->captured + missing;
}

static struct sink *open_sink(const struct circumstances *all)
{
	switch (all->form) {
	case FORM_FULL:
		return out_full_open(-1, &all->style);
	case FORM_BRIEF:
		return out_brief_open(-1, &all->style);
	default:
		return out_json_open(-1);
	}
}

static void put_out(const struct circumstances *all, const struct packet *packet)
{
	struct sink *sink = open_sink(all);
	const char *text;
	size_t length;

	must(sink);
	watched_output_clear();
	must(sink->packet(sink, packet) == 0);
	sink->close(sink);
	text = watched_output(&length);
	must(length);
	must(all->form == FORM_JSON ? is_json_line(text, length) : is_clean_text(text, length, all->style.color));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = {bytes, size};
	static struct circumstances all;
	struct packet packet;

	memset(&all, 0, sizeof(all));
	all.interface.link_type = link_types[take(&input, 1) % COUNT(link_types)];
	take_style(&input, &all);
	take_frame(&input, &all);
	memset(&packet, 0xa5, sizeof(packet)); /* what the decoder forgets to set is to be seen */
	decode(&all.frame, &packet);
	if (all.is_analyzed && packet.tcp.present)
		packet.analysis = &all.analysis;
	put_out(&all, &packet);
	return 0;
}
