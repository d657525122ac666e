/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/option_help.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	TEXT_COLUMN = 29,
	WIDTH = 79,
};

static const char short_help[] = "Usage: bpfsniff [OPTION]... [EXPRESSION]        EXPRESSION is as for tcpdump\n"
				 "\n"
				 "  -i NAME             listen on interface NAME (default: all; -D lists them)\n"
				 "  -q                  print one line per packet; -q -X adds a hexdump\n"
				 "  -A                  print the payload as text\n"
				 "  -c N                stop after N packets\n"
				 "  -r FILE, -w FILE    read a capture file; write one\n"
				 "  --json              print one JSON object per packet\n"
				 "  --port=LIST         keep these ports, such as 53,8000-8100,https\n"
				 "  --host=LIST         keep these addresses and networks, such as 10.0.0.0/8\n"
				 "  --protocol=LIST     keep these protocols (default tcp,udp); all adds ARP too\n"
				 "  --loopback          keep loopback traffic, which is dropped by default\n"
				 "  --tcp-flags=LIST    keep packets with these flags; syn,!ack: new connections\n"
				 "  --explain           print every packet, and why it passes the filter or not\n"
				 "\n"
				 "Examples:\n"
				 "  sudo bpfsniff -i eth0 -q --port=53,443        one line per packet\n"
				 "  sudo bpfsniff -q --protocol=icmp              pings, on every interface\n"
				 "  sudo bpfsniff -w web.pcapng tcp port 80       write to a file for Wireshark\n"
				 "  bpfsniff -r web.pcapng -q --host=10.0.0.0/8   read it, with another filter\n"
				 "  sudo bpfsniff --explain --port=443            why is a packet not shown?\n"
				 "\n"
				 "'bpfsniff --help' lists every option; 'man bpfsniff' explains them.\n";

static const char introduction[] = "Usage: bpfsniff [OPTION]... [EXPRESSION]\n"
				   "       bpfsniff --set-filter[=PID] [FILTER OPTION]... [EXPRESSION]\n"
				   "       bpfsniff --status[=PID] [--json]\n"
				   "\n"
				   "Show TCP and UDP packets, or those that the filter options and EXPRESSION\n"
				   "choose; the choice is made in the kernel. EXPRESSION is written as for tcpdump:\n"
				   "pcap-filter(7) describes it. Members of a LIST are separated by commas.\n";

static const char conclusion[] = "\n'bpfsniff -h' shows examples; 'man bpfsniff' explains every option.\n";

/* Returns the number of columns. */
static int print_names(const struct argp_option *option)
{
	bool has_letter = option->key > ' ' && option->key <= '~', optional = option->flags & OPTION_ARG_OPTIONAL;
	int columns = has_letter ? printf("  -%c", option->key) : printf("    ");

	if (option->name)
		columns += printf("%s--%s", has_letter ? ", " : "  ", option->name);
	if (option->arg)
		columns += printf("%s=%s%s", optional ? "[" : "", option->arg, optional ? "]" : "");
	return columns;
}

/* Print words in lines that begin at TEXT_COLUMN, the first of them on a line that has `columns` already. */
static void print_text(const char *text, int columns)
{
	if (columns >= TEXT_COLUMN)
		columns = printf("\n") - 1;
	columns += printf("%*s", TEXT_COLUMN - columns, "");
	while (*text) {
		int length = (int)strcspn(text, " ");
		bool first = columns == TEXT_COLUMN;

		if (!first && columns + 1 + length > WIDTH) {
			columns = printf("\n%*s", TEXT_COLUMN, "") - 1;
			first = true;
		}
		columns += printf("%s%.*s", first ? "" : " ", length, text);
		text += length;
		text += strspn(text, " ");
	}
	putchar('\n');
}

void option_help_short(void)
{
	fputs(short_help, stdout);
}

void option_help_long(const struct argp_option *table)
{
	fputs(introduction, stdout);
	for (; table->name || table->doc; table++) {
		if (table->flags & OPTION_HIDDEN)
			continue;
		if (!table->name && !table->key)
			printf("\n%s\n", table->doc);
		else
			print_text(table->doc, print_names(table));
	}
	fputs(conclusion, stdout);
}
