/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/time_units.h"
#include "export/ipfix.h"

/* What a collector gets, byte by byte. */

enum {
	IN_FIRST_RECORD = 20, /* behind the headers of message and set (RFC 7011, 3.1 and 3.3.2) */
};

/* A socket of this machine, whose address is in *name. */
static int open_collector(char name[32])
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	snprintf(name, 32, "127.0.0.1:%d", ntohs(address.sin_port));
	return fd;
}

/* IPFIX counts from 1970, without sign. */
static void test_times(void **state)
{
	static const struct {
		uint64_t first, last; /* of the flow */
		uint64_t start, end;  /* as sent, in ms */
	} rows[] = {
		{TIME_1970 + 2999999, TIME_1970 + 3000000, 2, 3},
		{TIME_1970 - 2999999, TIME_1970 + 3000000, 0, 3},
		{TIME_1970 - 2999999, TIME_1970 - 1, 0, 0},
		{0, 0, 0, 0},
	};
	char collector[32], why[IPFIX_WHY_MAX];
	int fd = open_collector(collector);
	struct ipfix *ipfix;
	int ret = ipfix_open(collector, &ipfix, why);

	(void)state;
	if (ret == -ENOSYS)
		skip();
	assert_int_equal(ret, 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct flow_record record = {
			.id = {.low = {0, 1}, .version = 4},
			.totals = {.first = rows[i].first, .last = rows[i].last},
		};
		uint8_t message[1500];
		uint64_t times[2];

		ipfix_add(ipfix, &record);
		ipfix_flush(ipfix);
		if (!i) /* the templates come first */
			assert_true(recv(fd, message, sizeof(message), 0) > 0);
		assert_true(recv(fd, message, sizeof(message), 0) > IN_FIRST_RECORD + (ssize_t)sizeof(times));
		memcpy(times, message + IN_FIRST_RECORD, sizeof(times));
		assert_int_equal(be64toh(times[0]), rows[i].start);
		assert_int_equal(be64toh(times[1]), rows[i].end);
	}
	ipfix_close(ipfix);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
