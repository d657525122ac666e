/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_COMPILER_H
#define BPFSNIFF_COMPILER_H

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* For a loader without CAP_PERFMON the verifier also follows every speculative path. On those it takes a rolled loop
 * for an endless one, or meets more of them than it has patience for. */
#ifdef __bpf__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL
#endif

#endif
