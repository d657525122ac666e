/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../layered_frames.h"
#include "corpus.h"
#include "kernel_and_user.h"

/*
 * One judgement, two homes: whatever the options, the kernel and user space give every frame the same verdict. Each
 * looks at its own clock, which only tells a retransmission from a segment out of order: they are asked for together.
 * First every frame of the corpus under each of a list of command lines, then frames and command lines by chance.
 */

static int device;

static int setup(void **state)
{
	(void)state;
	homes_stay();
	device = device_create(DEVICE);
	assert_in_range(device, 2, INT_MAX);
	corpus_read();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	corpus_free();
	return 0;
}

static const char *const commands[] = {
	"",
	"--loopback",
	"--protocol=all",
	"--protocol=all --loopback",
	"--protocol=icmp,icmp6,igmp,gre,esp,sctp,89",
	"--protocol=0,43,44,51,60",
	"--host=10.0.0.0/8,192.168.1.1",
	"--host=0.0.0.0/0",
	"--host=::/0",
	"--host=2001:db8::/32,fe80::/10,ff02::1",
	"--protocol=all --host=10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.1,::1 --loopback",
	"--src=10.0.0.0/8,192.168.0.0/16,2001::/16",
	"--dst=224.0.0.0/4,255.255.255.255,ff00::/8,fe80::/64",
	"--not-host=192.168.0.0/16,10.0.0.0/9,fe80::/10",
	"--host=192.168.0.0/16 --not-host=192.168.1.0/24 --src=192.0.0.0/8 --dst=0.0.0.0/1",
	"--host=::ffff:0:0/96",
	"--port=53",
	"--port=80,443,8000-9000,53",
	"--protocol=tcp,udp,sctp,33,136 --port=0-65535",
	"--src-port=1024-65535 --dst-port=1-1023",
	"--not-port=80,53,443",
	"--protocol=all --not-port=80",
	"--host=10.0.0.0/8 --port=80 --not-port=8080",
	"--tcp-flags=syn,!ack",
	"--tcp-flags=psh,ack,!fin,!rst",
	"--protocol=all --tcp-flags=!syn",
	"-Q in --port=1-1023",
	"-Q out",
	"--flow-table=2048 --first=1",
	"--flow-table=2048 --first=3 --protocol=all",
	"--tcp-event=any",
	"--tcp-event=retransmission,out-of-order",
	"--tcp-event=lost-segment --flow-table=2048",
	"--tcp-event=duplicate-ack,zero-window",
	"--tcp-event=window-full",
	"--tcp-event=keep-alive,reset tcp port 80 or ip6",
	"--tcp-event=any --protocol=all --loopback --flow-table=2048 --first=2",
	"--sample=2",
	"--sample=7 --flow-table=2048 --first=2 --protocol=all --loopback",
	"--sample=3 --port=1-10000",
	"[172.16.133.132 44296 98.138.19.88 80]",
	"[2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80] --protocol=all --src-port=80 ip6",
	"tcp port 80",
	"vlan",
	"vlan and ip",
	"ip6",
	"not ip and not ip6",
	"--protocol=all vlan or arp",
	"--protocol=all --not-host=10.0.0.0/8 greater 100",
	"--port=80 tcp[13] & 2 != 0",
	"--flow-table=2048 --first=2 udp or tcp[tcpflags] & tcp-syn != 0",
	"--sample=2 --not-port=53 len < 200",
	"--host=192.168.0.0/16 --flow-table=2048 --first=4 ip[6:2] & 0x3fff == 0",
	"--tcp-flags=ack -s 96 dst port 80",
	"--flow-table=2048 --first=1 --sample=2 portrange 1-1000 or ip6 proto 17",
};

static bool is_raw(uint16_t link_type)
{
	return link_type == LINK_RAW || link_type == LINK_RAW_BSD || link_type == LINK_IPV4 || link_type == LINK_IPV6;
}

/* How the frames of one command line fared. */
struct tally {
	size_t judged, left_out;
	size_t verdict[VERDICT_COUNT];
};

static void judge_link_type(const char *command, size_t first, struct tally *tally)
{
	size_t end = corpus_end(first);
	struct homes homes;

	if (!homes_open(&homes, command, (uint32_t)device, samples[first]->link_type))
		return;
	for (size_t i = first; i < end; i++) {
		if (!homes_can_run(samples[i])) {
			tally->left_out++;
			continue;
		}
		tally->judged++;
		tally->verdict[homes_judge(&homes, samples[i])]++;
	}
	homes_close(&homes);
}

static void judge_corpus(const char *command, struct tally *ethernet, struct tally *raw)
{
	for (size_t first = 0; first < sample_count; first = corpus_end(first)) {
		uint16_t link_type = samples[first]->link_type;

		if (link_type == LINK_ETHERNET)
			judge_link_type(command, first, ethernet);
		else if (is_raw(link_type))
			judge_link_type(command, first, raw);
	}
}

/* Left out are frames that a test run does not take: cut in the link-level header or in the fixed IP header. Some
 * expressions have no meaning without Ethernet, or on devices for one version of IP only. */
static void test_corpus(void **state)
{
	bool met[VERDICT_COUNT] = {false};
	struct tally raw = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		struct tally ethernet = {0};

		judge_corpus(commands[i], &ethernet, &raw);
		assert_int_equal(ethernet.judged, 23072);
		assert_int_equal(ethernet.left_out, 5);
		for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
			met[verdict] |= ethernet.verdict[verdict] > 0;
	}
	assert_int_equal(raw.judged, 18621);
	assert_int_equal(raw.left_out, 0);
	for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
		/* In a test run no frame goes out, or has a process. */
		if (!met[verdict] && verdict != VERDICT_DUPLICATE && verdict != VERDICT_PROCESS)
			fail_msg("no frame met verdict %d", verdict);
}

/* xorshift64 (Marsaglia, 2003): the same frames at every run. */
static uint32_t chance(uint32_t below)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % below;
}

static const char *one_of(const char *const *words, size_t count)
{
	return words[chance((uint32_t)count)];
}

/* At most one word of each line. */
static void random_command(char command[COMMAND_MAX])
{
	static const char *const words[][4] = {
		{"--protocol=all", "--protocol=udp,icmp,132", "--protocol=0,6,44,51", "--loopback"},
		{"--host=0.0.0.0/1,::/2", "--host=10.0.0.0/8,192.0.0.0/7", "--not-host=128.0.0.0/2", "--src=::/0"},
		{"--dst=0.0.0.0/2,64.0.0.0/3", "--src=192.168.0.0/16", "--not-host=fe80::/10", "--dst=8000::/1"},
		{"--port=0-1023", "--not-port=80,53", "--src-port=1024-65535", "--dst-port=0-32767"},
		{"--tcp-flags=ack", "--tcp-flags=!syn", "--tcp-flags=!psh,!urg", "--tcp-flags=cwr"},
		{"--tcp-event=any", "--tcp-event=lost-segment,reset", "--tcp-event=duplicate-ack",
		 "--tcp-event=retransmission,out-of-order"},
		{"--flow-table=4096 --first=1", "--flow-table=4096 --first=2", "--sample=2", "--sample=3"},
		{"ip or vlan", "tcp or ip6", "len > 100", "not ip[9] = 6"},
	};
	size_t length = (size_t)snprintf(command, COMMAND_MAX, "-n");

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (chance(3) == 0)
			length += (size_t)snprintf(command + length, COMMAND_MAX - length, " %s",
						   one_of(words[i], sizeof(words[i]) / sizeof(*words[i])));
}

enum { HEADERS = 80 }; /* where a changed byte most likely means something */

static void put_ethertype(uint8_t *bytes)
{
	static const uint16_t types[] = {0,      1,      1500,   1501,   1535,   1536,   0x0800, 0x86dd,
					 0x8100, 0x88a8, 0x9100, 0x8847, 0x8848, 0x8864, 0x0806};
	uint16_t type = types[chance(sizeof(types) / sizeof(*types))];

	bytes[0] = (uint8_t)(type >> 8);
	bytes[1] = (uint8_t)type;
}

/* A VLAN tag behind the addresses; what stood there moves on. */
static void insert_tag(struct sample *sample)
{
	uint32_t length = sample->frame.captured;

	if (length < ETH_HLEN || length + 4 > RUN_FRAME_MAX)
		return;
	memmove(sample->bytes + 16, sample->bytes + 12, length - 12);
	put_ethertype(sample->bytes + 12);
	sample->frame.captured = sample->frame.length = length + 4;
}

static void change_once(struct sample *sample)
{
	uint32_t *length = &sample->frame.captured;
	uint32_t at = chance(*length < HEADERS ? *length : HEADERS);

	switch (chance(6)) {
	case 0:
		sample->bytes[at] = (uint8_t)chance(256);
		break;
	case 1:
		sample->bytes[at] ^= (uint8_t)(1 << chance(8));
		break;
	case 2:
		sample->frame.length = *length = 1 + at;
		break;
	case 3:
		insert_tag(sample);
		break;
	case 4: /* where IPv4 and IPv6 have their protocol, behind an Ethernet header and behind none */
		at = (uint32_t[]){9, 6, ETH_HLEN + 9, ETH_HLEN + 6}[chance(4)];
		if (at < *length)
			sample->bytes[at] = (uint8_t[]){0, 6, 17, 43, 44, 51, 60, 132}[chance(8)];
		break;
	default:
		if (sample->link_type == LINK_ETHERNET && *length >= ETH_HLEN)
			put_ethertype(sample->bytes + 12);
		break;
	}
}

/* A frame of the corpus, changed a few times. */
static void random_sample(size_t first, size_t end, struct sample *sample)
{
	const struct sample *model = samples[first + chance((uint32_t)(end - first))];

	memcpy(sample, model, sizeof(*model) + model->frame.captured);
	sample->frame.bytes = sample->bytes;
	for (uint32_t changes = 1 + chance(4); changes > 0; changes--)
		change_once(sample);
}

static size_t judge_random(size_t first, size_t frames)
{
	static union {
		struct sample sample;
		uint8_t room[sizeof(struct sample) + RUN_FRAME_MAX];
	} changed;
	char command[COMMAND_MAX];
	struct homes homes;
	size_t end = corpus_end(first), judged = 0;

	random_command(command);
	if (!homes_open(&homes, command, (uint32_t)device, samples[first]->link_type))
		return 0;
	while (frames-- > 0) {
		random_sample(first, end, &changed.sample);
		if (!homes_can_run(&changed.sample))
			continue;
		homes_judge(&homes, &changed.sample);
		judged++;
	}
	homes_close(&homes);
	return judged;
}

/* PACKETS in the environment asks for another number of frames, about; a tenth as many for each kind of device that has
 * no link-level header. */
static void test_random(void **state)
{
	enum { USUAL = 100000, A_COMMAND = 2000 };
	const char *wanted = getenv("PACKETS");
	size_t packets = wanted ? strtoul(wanted, NULL, 10) : USUAL, judged = 0;

	(void)state;
	assert_in_range(packets, USUAL, (size_t)1 << 32);
	for (size_t first = 0; first < sample_count; first = corpus_end(first)) {
		uint16_t link_type = samples[first]->link_type;
		size_t share = link_type == LINK_ETHERNET ? packets : is_raw(link_type) ? packets / 10 : 0;

		for (size_t i = 0; i < share / A_COMMAND; i++)
			judged += judge_random(first, A_COMMAND);
	}
	print_message("%zu random frames judged in both homes\n", judged);
	assert_in_range(judged, packets, packets + packets / 5 * 2);
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* A segment of one of two connections, whose numbers, windows and flags are of a few: so anything may happen in them.
 */
static void random_segment(struct sample *sample)
{
	enum { IP = ETH_HLEN, TCP = IP + 20, OPTIONS = 8, DATA = TCP + 20 + OPTIONS };
	static const uint8_t flags[] = {0x10, 0x10, 0x10, 0x18, 0x18, 0x02, 0x12, 0x11, 0x14, 0x04};
	static const uint8_t options[][OPTIONS] = {
		{2, 4, 5, 180, 1, 3, 3}, {1, 1, 1, 1, 1, 3, 3}, {2, 4, 5, 180, 3, 3}};
	static struct {
		uint32_t next, ack, window;
	} sides[2][2];
	const uint32_t from = chance(2), which = chance(2), length = chance(4) ? chance(3) * 10 : 1;
	uint32_t seq;
	uint8_t *bytes = sample->bytes;

	/* Most often as the side goes on, and sometimes anything. */
	seq = chance(3) ? sides[which][from].next : 99 + chance(6) * 10 + chance(2);
	if (!chance(200))
		seq = chance(UINT32_MAX);
	if (!chance(3))
		sides[which][from].ack = chance(5) ? sides[which][!from].next : 100 + chance(6) * 10;
	if (!chance(3))
		sides[which][from].window = chance(3) * 10;
	sides[which][from].next = seq + length;
	memset(bytes, 0, DATA + length);
	put16(bytes + 12, ETH_P_IP);
	bytes[IP] = 0x45;
	put16(bytes + IP + 2, DATA - IP + length + (chance(8) ? 0 : 10)); /* some promise more than there is */
	bytes[IP + 9] = 6;
	put32(bytes + IP + 12, 0x0a090001 + from);
	put32(bytes + IP + 16, 0x0a090002 - from);
	put16(bytes + TCP, from ? 80 : 1000 + which);
	put16(bytes + TCP + 2, from ? 1000 + which : 80);
	put32(bytes + TCP + 4, seq);
	put32(bytes + TCP + 8, sides[which][from].ack);
	bytes[TCP + 12] = (20 + OPTIONS) / 4 << 4;
	bytes[TCP + 13] = flags[chance(sizeof(flags))];
	put16(bytes + TCP + 14, sides[which][from].window);
	memcpy(bytes + TCP + 20, options[chance(3)], OPTIONS);
	bytes[DATA - 1] = (uint8_t)chance(3);
	sample->link_type = LINK_ETHERNET;
	sample->frame = (struct frame){.bytes = bytes, .captured = DATA + length, .length = DATA + length};
}

/* Each event is found, and each is missed. */
static void test_connections(void **state)
{
	static const char *const events[] = {"retransmission,out-of-order",
					     "lost-segment",
					     "duplicate-ack",
					     "zero-window",
					     "window-full",
					     "keep-alive",
					     "reset",
					     "any"};
	static union {
		struct sample sample;
		uint8_t room[sizeof(struct sample) + RUN_FRAME_MAX];
	} segment;

	(void)state;
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++) {
		size_t verdicts[VERDICT_COUNT] = {0};
		char command[COMMAND_MAX];
		struct homes homes;

		snprintf(command, sizeof(command), "--tcp-event=%s", events[i]);
		assert_true(homes_open(&homes, command, (uint32_t)device, LINK_ETHERNET));
		for (int n = 0; n < 5000; n++) {
			random_segment(&segment.sample);
			verdicts[homes_judge(&homes, &segment.sample)]++;
		}
		assert_in_range(verdicts[VERDICT_ACCEPTED], 10, 4990);
		assert_int_equal(verdicts[VERDICT_ACCEPTED] + verdicts[VERDICT_TCP_EVENT], 5000);
		print_message("%s: %zu of 5000\n", command, verdicts[VERDICT_ACCEPTED]);
		homes_close(&homes);
	}
}

static void judge_layered(struct homes *homes, const struct layered_frame *frame)
{
	static union {
		struct sample sample;
		uint8_t room[sizeof(struct sample) + RUN_FRAME_MAX];
	} layered;
	struct sample *sample = &layered.sample;

	sample->link_type = LINK_ETHERNET;
	memcpy(sample->bytes, frame->bytes, frame->length);
	for (uint32_t length = frame->length; length > 0; length--) {
		sample->frame = (struct frame){.bytes = sample->bytes, .captured = length, .length = length};
		if (!homes_can_run(sample))
			continue;
		if (length == frame->length)
			assert_int_equal(homes_judge(homes, sample) == VERDICT_ACCEPTED, frame->is_followed);
		else
			homes_judge(homes, sample);
	}
}

/* As many headers of each kind as are followed, fewer and more; types that are lengths, and those that are none. Each
 * frame is cut everywhere. */
static void test_limits(void **state)
{
	struct layered_frame frame;
	struct homes homes;

	(void)state;
	assert_true(homes_open(&homes, "--port=53", (uint32_t)device, LINK_ETHERNET));
	for (enum layered_kind kind = 0; kind < LAYERED_KINDS; kind++)
		for (unsigned int count = 0; count <= LAYERS_TRIED; count++)
			if (layered_make(&frame, kind, count))
				judge_layered(&homes, &frame);
	for (int length = LENGTHS_FROM; length <= LENGTHS_TO; length++) {
		for (int tagged = 0; tagged < 2; tagged++) {
			layered_make_length(&frame, length, tagged);
			judge_layered(&homes, &frame);
		}
	}
	homes_close(&homes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_corpus),
		cmocka_unit_test(test_random),
	};

	return corpus_is_missing() ? CORPUS_SKIP : cmocka_run_group_tests(tests, setup, teardown);
}
