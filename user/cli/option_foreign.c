/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <string.h>

#include "cli/display_filter.h"
#include "cli/option_internal.h"

/* Options of tcpdump (4.99 and 5) and tshark that mean nothing here, and what serves in their place. */
static const struct foreign {
	const char *names; /* separated by blanks */
	const char *advice;
} foreign_options[] = {
	{"-E", "packets are not decrypted here; write them with -w FILE and open that in Wireshark"},
	{"-H", "802.11s headers are not decoded; write packets with -w FILE and open that in Wireshark"},
	{"-I --monitor-mode", "put the interface into monitor mode with iw(8) first, then name it with -i"},
	{"-J --list-time-stamp-types --time-stamp-types", "times are the kernel's; --micro and --nano set the digits"},
	{"-L --list-data-link-types", "each device has only one link type; -q -e shows it with each packet"},
	{"-M", "TCP-MD5 signatures are not checked; write packets with -w FILE and open that in Wireshark"},
	{"-P", "use --print to print packets while -w writes them"},
	{"-R", "write the filter as an EXPRESSION, such as 'tcp port 80'"},
	{"-2", "leave it out; every packet is judged once, as it comes"},
	{"-j --time-stamp-type", "times are the kernel's; --micro and --nano set the digits"},
	{"-m", "bpfsniff has no MIB modules; write packets with -w FILE and open that in Wireshark"},
	{"-o", "bpfsniff has no preferences; -w FILE writes packets, and bpfsniff --help lists the options"},
	{"-y --linktype", "each device has only one link type; leave it out"},
	{"--fp-type", "leave it out; it changes nothing here"},
	{"--skip", "use -r FILE -q --protocol=all | tail -n +N to begin with packet N"},
	{"--arp", "write the EXPRESSION arp"},
	{"--capture-filter --display-filter --filter --read-filter",
	 "write the filter as an EXPRESSION, such as 'tcp port 80'"},
	{"--dest --destination --dst-host --dst-ip --to", "use --dst=LIST"},
	{"--dport", "use --dst-port=LIST"},
	{"--exclude --exclude-host", "use --not-host=LIST"},
	{"--exclude-port", "use --not-port=LIST"},
	{"--icmp", "use --protocol=icmp"},
	{"--ipv4 --ip", "write the EXPRESSION ip"},
	{"--ip6 --ipv6", "write the EXPRESSION ip6"},
	{"--limit --max --max-packets", "use -c N or --packets=N to stop after N packets"},
	{"--ports", "use --port=LIST"},
	{"--no-color --nocolor --no-colour", "use --color=never"},
	{"--out --output --save", "use -w FILE or --write=FILE"},
	{"--pid", "use --process=LIST"},
	{"--quiet", "use -q for one line per packet"},
	{"--source --src-host --src-ip --from", "use --src=LIST"},
	{"--sport", "use --src-port=LIST"},
	{"--tcp", "use --protocol=tcp"},
	{"--udp", "use --protocol=udp"},
	{"--count", "use -c N or --packets=N to stop after N packets; --count takes no value"},
};

/* What the conditions of tshark's -a and -b are here; %.*s stands for the number. */
static const struct condition {
	char letter;
	const char *name, *advice;
} conditions[] = {
	{'a', "duration:", "use --duration=%.*s"},
	{'a', "packets:", "use --packets=%.*s"},
	{'a', "filesize:", "a capture cannot stop at a size (%.*s kB); use --packets=N or --duration=SECONDS"},
	{'a', "files:", "a capture cannot stop after a number of files; use -W %.*s with -C or -G to keep that many"},
	{'b', "duration:", "use -G %.*s to start a new file every so many seconds"},
	{'b', "interval:", "use -G %.*s to start a new file every so many seconds"},
	{'b', "files:", "use -W %.*s with -C or -G to keep that many files"},
};

static bool advise_condition(char letter, const char *value, char advice[OPTION_ADVICE_MAX])
{
	for (size_t i = 0; value && i < sizeof(conditions) / sizeof(*conditions); i++) {
		const struct condition *condition = &conditions[i];
		size_t length = strlen(condition->name);
		int digits = (int)strspn(value + strnlen(value, length), "0123456789.");

		if (condition->letter != letter || strncmp(value, condition->name, length) != 0 || !digits)
			continue;
		/* NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): those of the table above */
		snprintf(advice, OPTION_ADVICE_MAX, condition->advice, digits, value + length);
		return true;
	}
	snprintf(advice, OPTION_ADVICE_MAX, "%s",
		 letter == 'a' ? "use --duration=SECONDS or --packets=N to stop"
			       : "use -C MB, -G SECONDS and -W N to rotate the file of -w");
	return true;
}

/* -T and -z mean one thing in tcpdump and another in tshark; so the value decides. */
static bool advise_type(const char *value, char advice[OPTION_ADVICE_MAX])
{
	bool tshark = value && (!strcmp(value, "json") || !strcmp(value, "ek") || !strcmp(value, "jsonraw"));
	bool fields = value && (!strcmp(value, "fields") || !strcmp(value, "tabs"));
	bool text = value && (!strcmp(value, "text") || !strcmp(value, "ps"));
	bool xml = value && (!strcmp(value, "pdml") || !strcmp(value, "psml"));

	snprintf(advice, OPTION_ADVICE_MAX, "%s",
		 tshark   ? "use --json"
		 : fields ? "use --json and pick the fields with jq(1), such as | jq .ip.source"
		 : xml    ? "use --json; XML is not written"
		 : text   ? "use -q for one line per packet; the default shows every field"
			  : "payloads are not interpreted; write packets with -w FILE and open that in Wireshark");
	return true;
}

/* tshark's statistics, and tcpdump's command. */
static bool advise_z(const char *value, char advice[OPTION_ADVICE_MAX])
{
	static const char *const statistics[][2] = {
		{"conv,", "use --top for the flows and what each has sent"},
		{"endpoints,", "use --top --by=host for what each host has sent and received"},
		{"hosts", "bpfsniff shows addresses, not names; getent hosts ADDRESS looks one up"},
		{"expert", "use --tcp-event=any for packets at which TCP has trouble"},
		{"follow,", "use -A with a filter for one conversation, such as --port=40000, to see what it says"},
		{"io,", "use --stats for counts every second, or --json and jq(1) for others"},
	};

	for (size_t i = 0; value && i < sizeof(statistics) / sizeof(*statistics); i++) {
		if (strncmp(value, statistics[i][0], strlen(statistics[i][0])) != 0)
			continue;
		snprintf(advice, OPTION_ADVICE_MAX, "%s", statistics[i][1]);
		return true;
	}
	snprintf(advice, OPTION_ADVICE_MAX, "%s",
		 value && strchr(value, ',')
			 ? "use --json and jq(1) for such statistics"
			 : "no command is run on a finished file; use -w - | COMMAND, such as -w - | gzip >FILE");
	return true;
}

static bool advise_display_filter(const char *value, char advice[OPTION_ADVICE_MAX])
{
	char written[OPTION_ADVICE_MAX - sizeof("use ")];
	struct display_meaning meaning;

	if (value && display_filter_translate(value, &meaning)) {
		display_filter_write(&meaning, written, sizeof(written));
		snprintf(advice, OPTION_ADVICE_MAX, "use %s", written);
	} else {
		snprintf(advice, OPTION_ADVICE_MAX,
			 "write the filter as an EXPRESSION (pcap-filter(7)), such as 'tcp port 80', or with options "
			 "such as --port=80");
	}
	return true;
}

static bool has_name(const char *names, const char *option, size_t length)
{
	for (const char *name = names; *name; name += strcspn(name, " "), name += strspn(name, " "))
		if (strcspn(name, " ") == length && !strncmp(name, option, length))
			return true;
	return false;
}

bool option_foreign(const char *option, size_t length, const char *value, char advice[OPTION_ADVICE_MAX])
{
	switch (length == 2 ? option[1] : '\0') {
	case 'a':
	case 'b':
		return advise_condition(option[1], value, advice);
	case 'T':
		return advise_type(value, advice);
	case 'Y':
		return advise_display_filter(value, advice);
	case 'z':
		return advise_z(value, advice);
	default:
		break;
	}
	for (size_t i = 0; i < sizeof(foreign_options) / sizeof(*foreign_options); i++) {
		if (!has_name(foreign_options[i].names, option, length))
			continue;
		snprintf(advice, OPTION_ADVICE_MAX, "%s", foreign_options[i].advice);
		return true;
	}
	return false;
}

const char *option_time_of_tshark(const char *value)
{
	static const struct {
		const char *words, *advice;
	} times[] = {
		{" a u ", "leave it out, because the time of day is the default"},
		{" ad ud adoy udoy ", "write -tttt for date and time"},
		{" e ", "write -tt for seconds since the epoch"},
		{" d dd ", "write -ttt for the time since the previous packet"},
		{" r ", "write -ttttt for the time since the first packet"},
	};
	char word[8];

	if (snprintf(word, sizeof(word), " %s ", value) >= (int)sizeof(word))
		return NULL;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		if (strstr(times[i].words, word))
			return times[i].advice;
	return NULL;
}
