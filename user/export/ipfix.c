/* SPDX-License-Identifier: BSD-2-Clause */
#include "export/ipfix.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "export/collector_socket.h"
#include "export/fixbuf.h"

bool ipfix_is_collector(const char *collector)
{
	struct collector_address address;

	return collector_parse(collector, &address);
}

#ifdef HAVE_FIXBUF

/* Over UDP nobody tells whether a collector has the templates: they are sent again and again (RFC 7011, 8.4). */
#define TEMPLATES_NS (60 * (int64_t)NSEC_PER_SEC)

enum {
	TEMPLATE_IPV4 = 256,
	TEMPLATE_IPV6 = 257,
	MS = 1000000, /* ns */
	/* IANA, flowEndReason */
	REASON_IDLE = 1,
	REASON_ACTIVE = 2,
	REASON_END = 3,
	REASON_FORCED = 4,
};

/* As the templates below say: what the source has sent, and reversed what the destination has. */
struct ipfix_flow {
	uint64_t start, end;
	uint64_t packets, bytes;
	uint64_t reverse_packets, reverse_bytes;
	uint16_t source_port, destination_port;
	uint16_t flags, reverse_flags;
	uint8_t protocol;
	uint8_t reason;
	uint8_t padding[6];
};

struct ipfix_ipv4 {
	struct ipfix_flow flow;
	uint32_t source, destination;
};

struct ipfix_ipv6 {
	struct ipfix_flow flow;
	uint8_t source[16], destination[16];
};

#define FLOW_ELEMENTS                                                                                           \
	{"flowStartMilliseconds", 8, 0}, {"flowEndMilliseconds", 8, 0}, {"packetDeltaCount", 8, 0},             \
		{"octetDeltaCount", 8, 0}, {"reversePacketDeltaCount", 8, 0}, {"reverseOctetDeltaCount", 8, 0}, \
		{"sourceTransportPort", 2, 0}, {"destinationTransportPort", 2, 0}, {"tcpControlBits", 2, 0},    \
		{"reverseTcpControlBits", 2, 0}, {"protocolIdentifier", 1, 0}, {"flowEndReason", 1, 0},         \
	{                                                                                                       \
		"paddingOctets", 6, 0                                                                           \
	}

static fbInfoElementSpec_t ipv4_elements[] = {
	FLOW_ELEMENTS, {"sourceIPv4Address", 4, 0}, {"destinationIPv4Address", 4, 0}, FB_IESPEC_NULL};
static fbInfoElementSpec_t ipv6_elements[] = {
	FLOW_ELEMENTS, {"sourceIPv6Address", 16, 0}, {"destinationIPv6Address", 16, 0}, FB_IESPEC_NULL};

struct ipfix {
	struct fixbuf fixbuf;
	fbInfoModel_t *model;
	fbSession_t *session;
	fBuf_t *buffer;
	fbExporter_t *exporter;
	uint8_t *message;
	int fd;
	int64_t templates_ns; /* when they were sent last, of CLOCK_MONOTONIC; 0: never */
	bool is_empty;        /* no record is in the message */
	bool complained;
};

/* A collector that does not answer is said once; what it has missed it will not get again. */
static void complain(struct ipfix *ipfix, const char *why)
{
	if (!ipfix->complained)
		log_line("the IPFIX collector refuses the flows: %s", why);
	ipfix->complained = true;
}

static void send_message(struct ipfix *ipfix)
{
	const size_t length = ipfix->fixbuf.fbExporterGetMsgLen(ipfix->exporter);

	/* An error may be that of the datagram before (ICMP). */
	if (length && write(ipfix->fd, ipfix->message, length) < 0 && write(ipfix->fd, ipfix->message, length) < 0)
		complain(ipfix, strerror(errno));
}

/* Finish the message and send it. */
static void emit(struct ipfix *ipfix)
{
	GError *error = NULL;

	if (ipfix->fixbuf.fBufEmit(ipfix->buffer, &error))
		send_message(ipfix);
	else
		complain(ipfix, error->message);
	ipfix->fixbuf.g_clear_error(&error);
	ipfix->is_empty = true;
}

/* Between templates and records libfixbuf begins a new message: it refuses the first call for the other kind. */
enum { ATTEMPTS = 2 };

/* They are a message of their own. */
static void send_templates(struct ipfix *ipfix)
{
	const int64_t now = clock_monotonic_ns();
	GError *error = NULL;
	bool fits = false;

	if (ipfix->templates_ns && now - ipfix->templates_ns < TEMPLATES_NS)
		return;
	ipfix_flush(ipfix);
	for (int i = 0; i < ATTEMPTS && !fits; i++) {
		ipfix->fixbuf.g_clear_error(&error);
		fits = ipfix->fixbuf.fbSessionExportTemplates(ipfix->session, &error);
	}
	if (!fits)
		complain(ipfix, error->message);
	ipfix->fixbuf.g_clear_error(&error);
	emit(ipfix);
	ipfix->templates_ns = now;
}

static bool append(struct ipfix *ipfix, uint16_t template, void *record, size_t size, GError **error)
{
	const struct fixbuf *fixbuf = &ipfix->fixbuf;

	fixbuf->g_clear_error(error);
	return fixbuf->fBufSetInternalTemplate(ipfix->buffer, template, error) &&
	       fixbuf->fBufSetExportTemplate(ipfix->buffer, template, error) &&
	       fixbuf->fBufAppend(ipfix->buffer, record, size, error);
}

static void add_record(struct ipfix *ipfix, uint16_t template, void *record, size_t size)
{
	GError *error = NULL;
	bool fits = false;

	send_templates(ipfix);
	for (int i = 0; i < ATTEMPTS && !fits; i++) {
		fits = append(ipfix, template, record, size, &error);
		if (!fits) /* the message is full */
			ipfix_flush(ipfix);
	}
	if (fits)
		ipfix->is_empty = false;
	else
		complain(ipfix, error->message);
	ipfix->fixbuf.g_clear_error(&error);
}

static uint8_t reason(enum flow_end end)
{
	switch (end) {
	case FLOW_FIN:
	case FLOW_RESET:
		return REASON_END;
	case FLOW_IDLE:
		return REASON_IDLE;
	case FLOW_ACTIVE:
		return REASON_ACTIVE;
	case FLOW_STOPPED:
	case FLOW_GOES_ON:
	default:
		return REASON_FORCED;
	}
}

/* Milliseconds since 1970 have no sign (RFC 7011, 6.1.8): a time before is given as the nearest that can be said. */
static uint64_t milliseconds(uint64_t time)
{
	const int64_t ns = time_since_1970(time);

	return ns > 0 ? (uint64_t)ns / MS : 0;
}

static struct ipfix_flow describe(const struct flow_record *record, bool high)
{
	const struct flow_totals *totals = &record->totals;
	const struct flow_side *source = &totals->sides[high], *destination = &totals->sides[!high];

	return (struct ipfix_flow){
		.start = milliseconds(totals->first),
		.end = milliseconds(totals->last),
		.packets = source->packets,
		.bytes = source->bytes,
		.reverse_packets = destination->packets,
		.reverse_bytes = destination->bytes,
		.source_port = flow_endpoint(&record->id, high).port,
		.destination_port = flow_endpoint(&record->id, !high).port,
		.flags = (uint16_t)source->tcp_flags,
		.reverse_flags = (uint16_t)destination->tcp_flags,
		.protocol = record->id.protocol,
		.reason = reason(record->end),
	};
}

static uint32_t ipv4_of(const uint8_t address[16])
{
	return (uint32_t)address[12] << 24 | (uint32_t)address[13] << 16 | (uint32_t)address[14] << 8 | address[15];
}

void ipfix_add(struct ipfix *ipfix, const struct flow_record *record)
{
	const bool high = flow_source_is_high(&record->totals);
	const uint8_t *source = flow_endpoint(&record->id, high).address;
	const uint8_t *destination = flow_endpoint(&record->id, !high).address;

	if (!flow_has_addresses(&record->id))
		return;
	if (record->id.version == 4) {
		struct ipfix_ipv4 ipv4 = {describe(record, high), ipv4_of(source), ipv4_of(destination)};

		add_record(ipfix, TEMPLATE_IPV4, &ipv4, sizeof(ipv4));
	} else {
		struct ipfix_ipv6 ipv6 = {.flow = describe(record, high)};

		memcpy(ipv6.source, source, sizeof(ipv6.source));
		memcpy(ipv6.destination, destination, sizeof(ipv6.destination));
		add_record(ipfix, TEMPLATE_IPV6, &ipv6, sizeof(ipv6));
	}
}

void ipfix_flush(struct ipfix *ipfix)
{
	if (!ipfix->is_empty)
		emit(ipfix);
}

/* Inside and on the wire the records have the same form. */
static bool add_template(struct ipfix *ipfix, uint16_t id, fbInfoElementSpec_t *elements, GError **error)
{
	const struct fixbuf *fixbuf = &ipfix->fixbuf;

	for (int is_internal = 0; is_internal < 2; is_internal++) {
		fbTemplate_t *template = fixbuf->fbTemplateAlloc(ipfix->model);

		if (!fixbuf->fbTemplateAppendSpecArray(template, elements, UINT32_MAX, error) ||
		    !fixbuf->fbSessionAddTemplate(ipfix->session, is_internal, id, template, error))
			return false;
	}
	return true;
}

static int prepare(struct ipfix *ipfix, uint16_t size, char why[IPFIX_WHY_MAX])
{
	const struct fixbuf *fixbuf = &ipfix->fixbuf;
	GError *error = NULL;
	bool is_ready;

	ipfix->message = calloc(1, size);
	if (!ipfix->message)
		return -ENOMEM;
	ipfix->is_empty = true;
	ipfix->model = fixbuf->fbInfoModelAlloc();
	ipfix->session = fixbuf->fbSessionAlloc(ipfix->model);
	fixbuf->fbSessionSetDomain(ipfix->session, (uint32_t)getpid());
	is_ready = add_template(ipfix, TEMPLATE_IPV4, ipv4_elements, &error) &&
		   add_template(ipfix, TEMPLATE_IPV6, ipv6_elements, &error);
	if (!is_ready)
		snprintf(why, IPFIX_WHY_MAX, "%s", error->message);
	fixbuf->g_clear_error(&error);
	if (!is_ready)
		return -EIO;
	/* Once they belong to a buffer, templates would be sent when they are added. */
	ipfix->exporter = fixbuf->fbExporterAllocBuffer(ipfix->message, size);
	ipfix->buffer = fixbuf->fBufAllocForExport(ipfix->session, ipfix->exporter);
	fixbuf->fBufSetAutomaticMode(ipfix->buffer, false);
	return 0;
}

int ipfix_open(const char *collector, struct ipfix **result, char why[IPFIX_WHY_MAX])
{
	struct collector_address address;
	struct ipfix *ipfix;
	const char *reason_text = NULL;
	uint16_t size = 0;
	int ret;

	snprintf(why, IPFIX_WHY_MAX, "%s", strerror(EINVAL));
	if (!collector_parse(collector, &address))
		return -EINVAL;
	ipfix = calloc(1, sizeof(*ipfix));
	if (!ipfix)
		return -ENOMEM;
	ipfix->fd = -1;
	ret = fixbuf_open(&ipfix->fixbuf, &reason_text);
	if (!ret)
		ret = ipfix->fd = collector_connect(&address, &size, &reason_text);
	snprintf(why, IPFIX_WHY_MAX, "%s", reason_text ? reason_text : strerror(ret < 0 ? -ret : 0));
	if (ret >= 0)
		ret = prepare(ipfix, size, why);
	if (ret)
		ipfix_close(ipfix);
	else
		*result = ipfix;
	return ret;
}

/* The library stays: glib cannot be unloaded. */
void ipfix_close(struct ipfix *ipfix)
{
	if (!ipfix)
		return;
	if (ipfix->buffer)
		ipfix->fixbuf.fBufFree(ipfix->buffer); /* and the session and exporter with it */
	if (ipfix->model)
		ipfix->fixbuf.fbInfoModelFree(ipfix->model);
	if (ipfix->fd >= 0)
		close(ipfix->fd);
	free(ipfix->message);
	free(ipfix);
}

#else

int ipfix_open(const char *collector, struct ipfix **result, char why[IPFIX_WHY_MAX])
{
	(void)collector;
	(void)result;
	snprintf(why, IPFIX_WHY_MAX,
		 "this bpfsniff was built without libfixbuf: install libfixbuf-dev and build it anew");
	return -ENOSYS;
}

void ipfix_add(struct ipfix *ipfix, const struct flow_record *record)
{
	(void)ipfix;
	(void)record;
}

void ipfix_flush(struct ipfix *ipfix)
{
	(void)ipfix;
}

void ipfix_close(struct ipfix *ipfix)
{
	(void)ipfix;
}

#endif
