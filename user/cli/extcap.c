/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/extcap.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/log.h"
#include "base/version.h"
#include "capture/interface_query.h"
#include "cli/option_table.h"
#include "cli/options.h"
#include "filter/expression.h"

/* Keeps our interfaces apart from those of other programs, and of Wireshark itself. */
#define PREFIX "bpfsniff-"
#define ANY    "any"

enum { OWN_WORDS = 7 /* what build_command_line() adds, and the final NULL */ };

struct request {
	bool interfaces, dlts, config, capture;
	const char *interface, *filter, *fifo, *version;
	int word_count; /* the other words, which are for options_parse() */
	char **words;
};

/* The options that Wireshark's dialog offers, in its order. */
static const int offered[] = {
	KEY_PORT,     KEY_HOST,     KEY_PROTOCOL, KEY_TCP_FLAGS, KEY_TCP_EVENT, 'Q',
	KEY_LOOPBACK, KEY_FIRST,    KEY_SAMPLE,   KEY_FLOWS,     KEY_SRC,       KEY_DST,
	KEY_SRC_PORT, KEY_DST_PORT, KEY_NOT_HOST, KEY_NOT_PORT,  KEY_HOST_FILE, KEY_NOT_HOST_FILE,
	KEY_OWNER,    KEY_PROCESS,  KEY_UID,      KEY_CGROUP,    's',           'B',
	'p',
};

bool extcap_is_meant(char **argv)
{
	for (; *argv; argv++)
		if (!strncmp(*argv, "--extcap-", strlen("--extcap-")))
			return true;
	return false;
}

/* The value of an option, after a = or in the next word, to which *word then moves; NULL if the word is another option.
 */
static const char *value_of(char ***word, const char *name)
{
	size_t length = strlen(name);

	if (strncmp(**word, name, length) != 0)
		return NULL;
	if ((**word)[length] == '=')
		return **word + length + 1;
	if ((**word)[length] || !(*word)[1])
		return NULL;
	return *++*word;
}

static bool take_value(struct request *request, char ***word)
{
	const struct {
		const char *name;
		const char **value;
	} values[] = {
		{"--extcap-interface", &request->interface},
		{"--extcap-capture-filter", &request->filter},
		{"--extcap-version", &request->version},
		{"--fifo", &request->fifo},
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		const char *value = value_of(word, values[i].name);

		if (!value)
			continue;
		*values[i].value = value;
		return true;
	}
	return false;
}

static bool take_switch(struct request *request, const char *word)
{
	const struct {
		const char *name;
		bool *asked;
	} switches[] = {
		{"--extcap-interfaces", &request->interfaces},
		{"--extcap-dlts", &request->dlts},
		{"--extcap-config", &request->config},
		{"--capture", &request->capture},
	};

	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++) {
		if (strcmp(word, switches[i].name) != 0)
			continue;
		return *switches[i].asked = true;
	}
	return false;
}

static void read_request(struct request *request, char **word)
{
	for (word++; *word; word++)
		if (!take_switch(request, *word) && !take_value(request, &word))
			request->words[request->word_count++] = *word;
}

/* The requested interface, without our prefix: a name, or a number (see print_interface()). */
static const char *interface_of(const struct request *request)
{
	const char *name = request->interface ? request->interface : "";

	return strncmp(name, PREFIX, strlen(PREFIX)) != 0 ? name : name + strlen(PREFIX);
}

/* Make a name safe to show between braces. */
static void clean_name(const char *name, char clean[IF_NAMESIZE])
{
	*escape_terminal(clean, name, IF_NAMESIZE - 1) = '\0';
	for (char *brace = clean; (brace = strpbrk(brace, "{}")); brace++)
		*brace = '?';
}

/* A name that cannot be shown as it is cannot be asked for either, so its number is the value. */
static void print_interface(const struct if_nameindex *entry)
{
	char shown[IF_NAMESIZE], number[16];
	const char *value = shown;

	clean_name(entry->if_name, shown);
	snprintf(number, sizeof(number), "%u", entry->if_index);
	if (strcmp(shown, entry->if_name) != 0)
		value = number;
	printf("interface {value=" PREFIX "%s}{display=bpfsniff: %s, filtered in the kernel}\n", value, shown);
}

static int print_interfaces(void)
{
	struct if_nameindex *names = if_nameindex();

	if (!names) {
		log_line("cannot list the interfaces: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	puts("extcap {version=" BPFSNIFF_VERSION "}{display=bpfsniff}");
	puts("interface {value=" PREFIX ANY "}{display=bpfsniff: every interface, filtered in the kernel}");
	for (const struct if_nameindex *entry = names; entry->if_index; entry++)
		print_interface(entry);
	if_freenameindex(names);
	return 0;
}

/* For every interface together say Ethernet, as most of them are; in the capture each frame has its own link type. */
static void print_link_types(const char *interface)
{
	uint16_t link_type = interface_link_type(interface);

	if (link_type == LINK_UNKNOWN)
		link_type = LINK_ETHERNET;
	printf("dlt {number=%u}{name=%s}{display=%s}\n", link_type, link_type == LINK_ETHERNET ? "EN10MB" : "LINK",
	       link_type == LINK_ETHERNET ? "Ethernet" : "as the device has it");
}

/* `choices` is like in|out|inout. */
static void print_choices(size_t argument, const char *choices)
{
	for (size_t length; *choices; choices += length + (choices[length] == '|')) {
		length = strcspn(choices, "|");
		printf("value {arg=%zu}{value=%.*s}{display=%.*s}{default=false}\n", argument, (int)length, choices,
		       (int)length, choices);
	}
}

/* Offer the options with their names and texts of --help. */
static void print_configuration(void)
{
	for (size_t i = 0; i < sizeof(offered) / sizeof(*offered); i++) {
		const struct argp_option *option = option_row(offered[i]);
		bool chooses = option->arg && strchr(option->arg, '|');

		printf("arg {number=%zu}{call=--%s}{display=%s}{type=%s}{tooltip=%s}%s%s%s\n", i, option->name,
		       option->name,
		       chooses       ? "selector"
		       : option->arg ? "string"
				     : "boolflag",
		       option->doc, option->arg ? "{placeholder=" : "", option->arg ? option->arg : "",
		       option->arg ? "}" : "");
		if (chooses)
			print_choices(i, option->arg);
	}
}

/* Wireshark asks while the user types: print nothing if the filter compiles, else the error. */
static void check_filter(const struct request *request)
{
	const char *interface = interface_of(request);
	uint16_t link_type = interface_link_type(interface);
	struct expression *expression = NULL;
	char error[256], clean[sizeof(error)];

	if (expression_compile_live(request->filter, interface_is_cooked(link_type) ? NULL : interface, link_type,
				    &expression, error, sizeof(error)) == -EINVAL) {
		*escape_terminal(clean, error, sizeof(clean) - 1) = '\0';
		puts(clean);
	}
	expression_close(expression);
}

/* Replace standard output by the pipe. */
static int open_fifo(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0) {
		log_line("cannot write to '%s': %s", path, strerror(errno));
		return EXIT_FAILURE;
	}
	close(fd);
	return 0;
}

static char **build_command_line(const struct request *request, char *program, int *count)
{
	static char **line; /* static because the options point into it until the program ends */
	char **end;

	line = calloc((size_t)request->word_count + OWN_WORDS, sizeof(*line));
	if (!line)
		return NULL;
	end = line;
	*end++ = program;
	*end++ = (char *)"-i";
	*end++ = (char *)interface_of(request);
	*end++ = (char *)"-w-";
	end = mempcpy(end, request->words, (size_t)request->word_count * sizeof(*line));
	if (request->filter) {
		/* Behind a blank, what begins with a dash is no option. */
		if (asprintf(end, "%s%s", *request->filter == '-' ? " " : "", request->filter) < 0)
			return NULL;
		end++;
	}
	*count = (int)(end - line);
	return line;
}

static int start_capture(const struct request *request, int *argc, char ***argv)
{
	char **line;

	if (!request->fifo || !*interface_of(request)) {
		log_line("--capture needs --extcap-interface and --fifo");
		return EXIT_USAGE;
	}
	line = build_command_line(request, **argv, argc);
	if (!line)
		return EXIT_FAILURE;
	*argv = line;
	return open_fifo(request->fifo);
}

int extcap_answer(int *argc, char ***argv)
{
	struct request request = {.words = calloc((size_t)*argc, sizeof(char *))};
	int status = -1;

	if (!request.words)
		return EXIT_FAILURE;
	read_request(&request, *argv);
	if (request.capture)
		status = start_capture(&request, argc, argv);
	else if (request.interfaces)
		status = print_interfaces() ? EXIT_FAILURE : -1;
	else if (request.dlts)
		print_link_types(interface_of(&request));
	else if (request.config)
		print_configuration();
	else if (request.filter)
		check_filter(&request);
	free(request.words);
	return status;
}
