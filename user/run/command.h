/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_COMMAND_H
#define BPFSNIFF_COMMAND_H

#include <stdbool.h>
#include <sys/types.h>

/* The command behind `--`, and the process that stays with it and its children until all of them have ended, so that
 * the confined sniffer needs no system call for it. */
struct command {
	pid_t keeper; /* the parent of the command */
	int fd;       /* readable when all have ended; -1: there is no command */
};

enum { COMMAND_NOT_RUN = 127 }; /* an exit status, as the shell has it: POSIX.1 2.8.2 */

/* Whether a command can be found, as execvp(3) looks for it; else one line on standard error. */
bool command_find(const char *name);

/* Fork the keeper, as the user who called the program (invoking_user.h). It waits. `words` are the command and its
 * arguments, with a NULL at the end. `to_error`: what it writes on standard output goes to standard error, because the
 * sniffer's own is data. 0 or -errno. */
int command_prepare(char **words, bool to_error, struct command *command);

/* Start the command, if there is one. */
void command_start(const struct command *command);

/* The exit status of the command, of which command->fd is readable: 127 if it could not be run, and 128 and the number
 * of the signal that ended it; EXIT_FAILURE if the keeper was killed. */
int command_status(const struct command *command);

/* Have the keeper end a command that still runs with SIGTERM, unless it ends by itself at once, and close `fd`. Takes
 * a command without descriptor. */
void command_leave(struct command *command);

#endif
