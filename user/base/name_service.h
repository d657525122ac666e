/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_NAME_SERVICE_H
#define BPFSNIFF_NAME_SERVICE_H

/* Let a static program look up names in files and DNS only. Call it before the first look-up of a user, service,
 * protocol or host. A dynamically linked program is not affected. */
void name_service_restrict(void);

#endif
