/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXTCAP_H
#define BPFSNIFF_EXTCAP_H

#include <stdbool.h>

/*
 * Whether Wireshark runs this program from its extcap folder (extcap(4)), to ask what it can capture or to capture:
 * then one of the words begins with --extcap-.
 */
bool extcap_is_meant(char **argv);

/*
 * Answer Wireshark, or prepare a capture. Returns 0 to capture, with standard output turned into the pipe to Wireshark
 * and *argc and *argv into the command line of an ordinary capture; -1 after an answer, to exit with success; or a
 * status to exit with, after one line on standard error.
 */
int extcap_answer(int *argc, char ***argv);

#endif
