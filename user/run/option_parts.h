/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BPFSNIFF_OPTION_PARTS_H
#define BPFSNIFF_OPTION_PARTS_H

#include "capture/capture_setup.h"
#include "cli/options.h"
#include "run/pipeline.h"

/* The parts of the options for modules that know no command line. Strings still belong to the options. */

struct capture_options option_capture_part(const struct options *options);

struct pipeline_limits option_limits(const struct options *options);

/* The style of the output, or the file that is written, in words. */
const char *option_output_name(const struct options *options);

/* Whether the program that read the output has closed it, as head(1) does, and wants no more: that ends a run well.
 * `error` is what the output ended with, 0 or -errno. */
bool option_reader_left(const struct options *options, int error);

#endif
