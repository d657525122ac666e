/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "cli/option_internal.h"
#include "cli/read_list.h"

enum { MILLION = 1000000 };

error_t option_files(struct parsing *parsing, int key, const char *word)
{
	struct options *options = parsing->options;
	uint64_t number = 0;
	error_t ret;

	switch (key) {
	case 'r':
		return read_list_add(options, word);
	case 'V':
		return read_list_add_file(options, key, word);
	case KEY_PRINT:
		parsing->print = true;
		return 0;
	case 'w':
		if (options->write_path)
			return option_refuse(key, word, "is a second file; only one can be written");
		options->write_path = word;
		return 0;
	case KEY_OWN_SESSION:
		options->keep_own_session = true;
		return 0;
	case 'C':
		ret = option_number(key, word, 1, UINT32_MAX, &number);
		options->rotation.bytes = number * MILLION;
		return ret;
	case 'G':
		ret = option_number(key, word, 1, UINT32_MAX, &number);
		options->rotation.seconds = (uint32_t)number;
		return ret;
	case 'W':
		ret = option_number(key, word, 1, MILLION, &number);
		options->rotation.keep = (uint32_t)number;
		return ret;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* What does not exist yet will be; a link is none. */
static bool is_regular(const char *path)
{
	struct stat status;

	return lstat(path, &status) != 0 || S_ISREG(status.st_mode);
}

static bool is_packed(const char *path)
{
	const char *end = strrchr(path, '.');

	return end && (!strcmp(end, ".gz") || !strcmp(end, ".zst"));
}

error_t option_files_finish(const struct parsing *parsing)
{
	const struct options *options = parsing->options;
	const char *path = options->write_path;
	bool rotates = options->rotation.bytes || options->rotation.seconds;

	if (!path && (rotates || options->rotation.keep))
		log_line("%s needs -w FILE, the file to rotate", option_typed(options->rotation.bytes     ? 'C'
									      : options->rotation.seconds ? 'G'
													  : 'W'));
	else if (options->rotation.keep && !rotates)
		log_line("%s needs -C or -G, which start new files", option_typed('W'));
	else if (options->dump_filter == 1 && !options->expression)
		log_line("-d prints an EXPRESSION as eBPF, but there is none; -dd prints the whole filter");
	else if (options->dump_filter > 2)
		log_line("-d may be repeated only as -dd; -d prints the EXPRESSION, -dd the whole filter");
	else if (options->dump_filter > 1 && options->read_count)
		log_line("-dd prints the filter as the kernel runs it, which -r does not need; -d prints the "
			 "EXPRESSION");
	else if (path && !strcmp(path, "-") && rotates)
		log_line("-w '-' is standard output, which cannot be rotated; use -w FILE");
	else if (path && rotates && !is_regular(path))
		log_line("-w '%s' is not a regular file, so it cannot be rotated; name another file", path);
	else if (path && is_packed(path))
		log_line("-w '%s': bpfsniff cannot write compressed files; use -w - and pipe the output into gzip or "
			 "zstd",
			 path);
	else if (path && !strcmp(path, "-") && options->text)
		log_line("-w '-' and text cannot both go to standard output; use -w FILE");
	else
		return 0;
	return EINVAL;
}
