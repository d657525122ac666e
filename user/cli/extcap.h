/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_EXTCAP_H
#define BPFSNIFF_EXTCAP_H

#include <stdbool.h>

/*
 * Wireshark starts the programs of its extcap folder (extcap(4)) to ask what they can capture, and to have them do it.
 * It shows that it does by options that nobody else uses.
 */
bool extcap_is_meant(char **argv);

/*
 * Answer, or make ready to capture: standard output is then the pipe to Wireshark, and *argc and *argv are the command
 * line of an ordinary capture to it. 0 to go on with that; what the program is to exit with, after one line on standard
 * error; or below 0 when Wireshark has its answer.
 */
int extcap_answer(int *argc, char ***argv);

#endif
