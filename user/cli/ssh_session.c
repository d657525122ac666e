/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/ssh_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "filter/list_values.h"
#include "filter/prefix.h"

#define VARIABLE "SSH_CONNECTION"

enum { WORD_MAX = 55 };

/* The words of SSH_CONNECTION. */
struct words {
	char client[WORD_MAX + 1], client_port[WORD_MAX + 1];
	char server[WORD_MAX + 1], server_port[WORD_MAX + 1];
};

static bool split(const char *text, struct words *words)
{
	/* The widths are WORD_MAX. */
	return sscanf(text, "%55s %55s %55s %55s", words->client, words->client_port, words->server,
		      words->server_port) == 4;
}

/* A link-local address may end in the name of an interface: fe80::1%eth0. */
static bool parse_address(const char *word, __u64 address[2])
{
	struct prefix prefix;

	if (prefix_parse(word, strcspn(word, "%"), &prefix) || prefix.bits != 128)
		return false;
	memcpy(address, prefix.address, sizeof(prefix.address));
	return true;
}

static bool parse_port(const char *word, __u16 *port)
{
	uint16_t last;

	return !port_range_parse(word, strlen(word), port, &last) && *port == last;
}

static bool parse(const struct words *words, struct session *session)
{
	struct session parsed = {.is_set = 1};

	if (!parse_address(words->client, parsed.client) || !parse_port(words->client_port, &parsed.client_port) ||
	    !parse_address(words->server, parsed.server) || !parse_port(words->server_port, &parsed.server_port))
		return false;
	*session = parsed;
	return true;
}

bool ssh_session_parse(const char *text, struct session *session)
{
	struct words words;

	return split(text, &words) && parse(&words, session);
}

/* The value of SSH_CONNECTION in the environment of another process, which the caller frees. NULL if it is not set or
 * not readable. */
static char *environment_of(pid_t pid)
{
	char path[32], *text = NULL, *value = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return NULL;
	while (!value && getdelim(&text, &size, '\0', file) >= 0)
		if (!strncmp(text, VARIABLE "=", strlen(VARIABLE "=")))
			value = strdup(text + strlen(VARIABLE "="));
	free(text);
	fclose(file);
	return value;
}

/* 0 if there is none, or if it cannot be found out. */
static pid_t parent_of(pid_t pid)
{
	char path[32], line[256];
	int parent = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (!parent && fgets(line, sizeof(line), file))
		if (sscanf(line, "PPid: %d", &parent) == 1)
			break;
	fclose(file);
	return parent;
}

/* Take a value of SSH_CONNECTION, NULL for none. False if it names no session. */
static bool take(const char *connection, struct session *session, char text[SSH_SESSION_TEXT_MAX])
{
	struct words words;

	if (!connection || !split(connection, &words) || !parse(&words, session))
		return false;
	snprintf(text, SSH_SESSION_TEXT_MAX, "%.48s %.5s to %.48s %.5s", words.client, words.client_port, words.server,
		 words.server_port);
	return true;
}

void ssh_session_find(struct session *session, char text[SSH_SESSION_TEXT_MAX])
{
	bool found = take(getenv(VARIABLE), session, text);

	for (pid_t pid = getppid(); !found && pid > 0; pid = parent_of(pid)) {
		char *connection = environment_of(pid);

		found = take(connection, session, text);
		free(connection);
	}
}
