/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_PASSED_H
#define BPFSNIFF_OWNER_PASSED_H

#include "owner_maps.h"

/* Descriptors that a process passes to another over a Unix socket (SCM_RIGHTS of unix(7)), of which no program is told.
 */

enum {
	AF_UNIX = 1,

	/* <asm/unistd_64.h>. No 32-bit call of these numbers sends. */
	SYS_WRITE = 1,
	SYS_WRITEV = 20,
	SYS_SENDFILE = 40,
	SYS_SENDTO = 44,
	SYS_SENDMSG = 46,
};

/* struct user_msghdr of <linux/socket.h> */
struct message {
	__u64 name, name_length, parts, part_count, control, control_length;
};

/* Whether the current system call, which has sent over a Unix socket, may have passed descriptors: only those with
 * control data do. */
ALWAYS_INLINE bool may_pass_descriptors(void)
{
	const struct pt_regs *registers = (const void *)bpf_task_pt_regs(bpf_get_current_task_btf());
	struct message message;
	__u64 number;

	if (!bpf_core_field_exists(registers->orig_ax)) /* not on x86 */
		return true;
	number = BPF_CORE_READ(registers, orig_ax);
	if (number == SYS_WRITE || number == SYS_WRITEV || number == SYS_SENDFILE || number == SYS_SENDTO)
		return false;
	if (number != SYS_SENDMSG)
		return true;
	return bpf_probe_read_user(&message, sizeof(message), (const void *)BPF_CORE_READ(registers, si)) ||
	       message.control_length;
}

#endif
