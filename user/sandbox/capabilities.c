/* SPDX-License-Identifier: BSD-2-Clause */
#include "sandbox/capabilities.h"

#include <cap-ng.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text_builder.h"

static const struct {
	unsigned int number;
	const char *name, *lower;
	unsigned int uses; /* a bit for each enum capability_use */
	bool is_extra;     /* too much to grant for nothing */
	bool is_root;      /* who may run a program that has it is as good as root */
} needed[] = {
	{CAP_NET_RAW, "CAP_NET_RAW", "cap_net_raw", 1 << CAPABILITIES_TO_SNIFF | 1 << CAPABILITIES_TO_SNIFF_ELSEWHERE,
	 false, false},
	{CAP_BPF, "CAP_BPF", "cap_bpf",
	 1 << CAPABILITIES_TO_SNIFF | 1 << CAPABILITIES_TO_SNIFF_ELSEWHERE | 1 << CAPABILITIES_TO_LOAD |
		 1 << CAPABILITIES_TO_LOAD_ELSEWHERE,
	 false, false},
	{CAP_PERFMON, "CAP_PERFMON", "cap_perfmon", 1 << CAPABILITIES_TO_KNOW_OWNERS, true, false},
	{CAP_NET_ADMIN, "CAP_NET_ADMIN", "cap_net_admin", 1 << CAPABILITIES_TO_KNOW_OWNERS, true, false},
	{CAP_SYS_ADMIN, "CAP_SYS_ADMIN", "cap_sys_admin",
	 1 << CAPABILITIES_TO_SNIFF_ELSEWHERE | 1 << CAPABILITIES_TO_LOAD_ELSEWHERE, true, true},
};

/* CAP_SYS_ADMIN includes CAP_BPF and CAP_PERFMON (bpf_capable() in include/linux/capability.h). */
static bool have(unsigned int capability)
{
	return capng_have_capability(CAPNG_EFFECTIVE, capability) ||
	       ((capability == CAP_BPF || capability == CAP_PERFMON) &&
		capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN));
}

/* Whether this process lives in another user namespace than the system's first: bpf_capable() asks for CAP_BPF there.
 * That one has a number of its own (PROC_USER_INIT_INO in include/linux/proc_ns.h). */
static bool in_user_namespace(void)
{
	enum { FIRST = 0xeffffffd };
	struct stat own;

	return !stat("/proc/self/ns/user", &own) && own.st_ino != (ino_t)(unsigned int)FIRST;
}

/* The names of what is needed and missing: A, B and C. Returns how many. `all` becomes what setcap(8) is to grant, and
 * *is_root whether that is too much to advise. */
static size_t list_missing(enum capability_use use, struct text_builder *names, struct text_builder *all, bool *is_root)
{
	const char *missing[sizeof(needed) / sizeof(*needed)];
	size_t count = 0;

	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		bool is_needed = needed[i].uses & 1U << use;

		if (!is_needed && needed[i].is_extra)
			continue;
		text_builder_add(all, "%s%s", all->length ? "," : "", needed[i].lower);
		*is_root |= needed[i].is_root;
		if (is_needed && !have(needed[i].number))
			missing[count++] = needed[i].name;
	}
	for (size_t i = 0; i < count; i++)
		text_builder_add(names, "%s%s", !i ? "" : i + 1 == count ? " and " : ", ", missing[i]);
	return count;
}

bool capabilities_explain_missing(enum capability_use use)
{
	char name_text[96], all_text[96], program[PATH_MAX] = "bpfsniff";
	struct text_builder names = text_builder_begin(name_text, sizeof(name_text));
	struct text_builder all = text_builder_begin(all_text, sizeof(all_text));
	bool is_root = false;
	ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);

	if (in_user_namespace()) {
		log_line("CAP_BPF of a user namespace does not count; to sniff in this one, run bpfsniff as root "
			 "outside of "
			 "it, with --netns=PID of a process inside");
		return true;
	}
	if (length > 0)
		program[length] = '\0';
	if (!list_missing(use, &names, &all, &is_root))
		return false;
	if (geteuid() == 0) /* in a container or a service: neither command would help */
		log_line("missing %s, which root lacks here: add %s to the capabilities of the container or service",
			 name_text, all_text);
	else if (is_root)
		log_line("missing %s: run it with sudo", name_text);
	else
		log_line("missing %s: run it with sudo, or grant it once with: sudo setcap %s+ep '%s'", name_text,
			 all_text, program);
	return true;
}
