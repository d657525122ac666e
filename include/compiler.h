/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_COMPILER_H
#define BPFSNIFF_COMPILER_H

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* What the kernel's home copies in 64-bit words (bpf/in_place.h). */
#define ALIGNED_8 __attribute__((aligned(8)))

/* For a loader without CAP_PERFMON the verifier also follows every speculative path. There it takes a rolled loop
 * for an endless one, or gives up on the number of paths. */
#ifdef __bpf__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL
#endif

#endif
