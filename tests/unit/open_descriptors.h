/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_TESTS_OPEN_DESCRIPTORS_H
#define BPFSNIFF_TESTS_OPEN_DESCRIPTORS_H

#include <dirent.h>
#include <stddef.h>

/* How many descriptors this process has, for the same count before and after. Included after cmocka.h. */
static inline size_t open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

#endif
