/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_NAME_SERVICE_H
#define BPFSNIFF_NAME_SERVICE_H

/* To be called before the first name of a user, service, protocol or host is looked up. */
void name_service_settle(void);

#endif
