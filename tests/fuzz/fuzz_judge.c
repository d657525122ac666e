/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdbool.h>
#include <string.h>

#include "cli/options.h"
#include "decode/decode.h"
#include "filter/explain.h"
#include "filter/offline_filter.h"

#include "../agreement.h"
#include "input.h"

/*
 * Any frames under a list of command lines, judged one after the other: every frame gets one verdict, with an
 * explanation where one is due, and the filter sees what the decoder sees, which finds its way through the headers by
 * other code.
 */

enum { WORDS_MAX = 8 };

static char *const commands[][WORDS_MAX] = {
	{"bpfsniff"},
	{"bpfsniff", "--loopback", "--protocol=all"},
	{"bpfsniff", "--protocol=0,6,43,44,51,60,132"},
	{"bpfsniff", "--protocol=all", "--host=10.0.0.0/8,192.168.1.1,::/1,2001:db8::/32,fe80::/10"},
	{"bpfsniff", "--src=10.0.0.0/8,fe80::/10", "--dst=0.0.0.0/1,ff00::/8", "--not-host=10.9.0.0/16"},
	{"bpfsniff", "--protocol=all", "--port=0-1023"},
	{"bpfsniff", "--src-port=1024-65535", "--dst-port=0-32767", "--not-port=80,53"},
	{"bpfsniff", "--tcp-flags=!syn,ack"},
	{"bpfsniff", "--protocol=all", "--tcp-flags=!urg"},
	{"bpfsniff", "-Q", "in", "--flow-table=2", "--first=1"},
	{"bpfsniff", "-Q", "out", "--protocol=all", "--flow-table=3", "--first=2", "--loopback"},
	{"bpfsniff", "--protocol=all", "--sample=2", "--flow-table=2", "--first=1"},
	{"bpfsniff", "--port=0-65535", "--first=3"},
};

static const uint16_t link_types[] = {
	LINK_ETHERNET,   LINK_RAW,          LINK_IPV4,      LINK_IPV6,       LINK_NULL,
	LINK_PPP,        LINK_PPPOE,        LINK_LINUX_SLL, LINK_LINUX_SLL2, LINK_IEEE802_11_RADIOTAP,
	LINK_TOKEN_RING, LINK_FDDI,         LINK_FRELAY,    LINK_PPI,        LINK_NFLOG,
	LINK_PKTAP,      LINK_DSA_TAG_EDSA,
};

static struct options *parsed[COUNT(commands)];

int LLVMFuzzerInitialize(const int *argc, char ***argv);
int LLVMFuzzerInitialize(const int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < COUNT(commands); i++) {
		char *words[WORDS_MAX];
		int count = 0;

		memcpy(words, commands[i], sizeof(words));
		while (count < WORDS_MAX && words[count])
			count++;
		parsed[i] = malloc(sizeof(*parsed[i]));
		must(parsed[i] && options_parse(count, words, parsed[i]) == 0);
	}
	return 0;
}

static void judge(struct offline_filter *offline, const struct frame *frame)
{
	uint64_t before[VERDICT_COUNT];
	struct explainer explainer;
	struct packet packet;
	int verdict;

	memcpy(before, offline->counts, sizeof(before));
	verdict = offline_filter_match(offline, frame);
	must(verdict >= 0 && verdict < VERDICT_COUNT && verdict != VERDICT_EXPRESSION);
	before[verdict]++;
	must(memcmp(before, offline->counts, sizeof(before)) == 0);
	decode(frame, &packet);
	explainer_init(&explainer, offline);
	explainer.annotator.annotate(&explainer.annotator, &packet);
	must(packet_is_rejected(&packet) == (verdict != VERDICT_ACCEPTED));
	must(!packet.explanation->why || strlen(packet.explanation->why) < EXPLANATION_MAX);
	must(!packet_is_rejected(&packet) || packet.explanation->why);
	if (verdict != VERDICT_DIRECTION && verdict != VERDICT_DUPLICATE &&
	    !(verdict == VERDICT_LOOPBACK && frame->loopback)) /* headers */
		must(!disagreement(&offline->spec->config, &offline->dissection.key, &packet));
}

/* Two bytes of circumstances and two of length stand before each frame. */
static void take_frame(struct input *input, struct interface *interface, struct frame *frame)
{
	uint8_t type = (uint8_t)take(input, 1), bits = (uint8_t)take(input, 1);
	uint16_t length = (uint16_t)take(input, 2);

	*interface = (struct interface){
		.name = bits & 0x40 ? "lo" : NULL,
		.link_type = link_types[type % COUNT(link_types)],
	};
	*frame = (struct frame){.direction = bits % 3, .interface = interface, .loopback = bits & 0x80};
	frame->captured = (uint32_t)take_bytes(input, length, &frame->bytes);
	frame->length = frame->captured + bits / 4 % 8;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input input = {bytes, size};
	const struct options *options = parsed[take(&input, 1) % COUNT(commands)];
	struct offline_filter offline;
	struct interface interface;
	struct frame frame;

	must(offline_filter_init(&offline, &options->spec, NULL) == 0);
	while (input.left > 0) {
		take_frame(&input, &interface, &frame);
		judge(&offline, &frame);
	}
	offline_filter_release(&offline);
	return 0;
}
