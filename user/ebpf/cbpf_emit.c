/* SPDX-License-Identifier: BSD-2-Clause */
#include "ebpf/cbpf_emit.h"

#include <errno.h>

int emit_refuse(struct emitter *emitter, const char *reason)
{
	emitter->reason = reason;
	return -EINVAL;
}

void emit_reject(struct emitter *emitter)
{
	emit(emitter, BPF_MOV32_IMM(REG_A, 0));
	emit(emitter, BPF_EXIT_INSN());
}
