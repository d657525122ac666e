/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_CONTROL_ADDRESS_H
#define BPFSNIFF_CONTROL_ADDRESS_H

#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

/*
 * Where a sniffer listens: an abstract name (unix(7)), so that nothing is left behind when the sniffer is killed. It
 * has the process id, by which clients find it, and a random number, so that nobody can hold it beforehand. Anybody can
 * make up such names, though: only SO_PEERCRED tells who listens.
 */
struct control_address {
	pid_t pid;
	struct sockaddr_un name;
	socklen_t length; /* of the name */
};

/* Fill in the address for a process and a number. */
void control_address_set(struct control_address *address, pid_t pid, uint64_t number);

/* Open the list of what listens in this network namespace, to be closed with fclose(). NULL with errno set. */
FILE *control_addresses_open(void);

/* Read the next address that has the form of a sniffer's. 1, or 0 at the end. */
int control_addresses_next(FILE *list, struct control_address *address);

#endif
