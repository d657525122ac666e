#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Tests that run the sniffer, with the one that is built with sanitizers: those in which most of it is at work. Left out is what
# tests its confinement, which the sanitizers' runtime does not bear, or its speed, and what only asks the kernel's filter.
# Prints what those tests print.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

export SNIFFER=$PWD/build/sanitize/bpfsniff

# A script, and what the names of its tests have in common.
SCRIPTS='
tests/netns/control.sh         test_rubbish
tests/netns/dump.sh            test_
tests/netns/errors.sh          test_
tests/netns/flows.sh           test_
tests/netns/fragments.sh       test_
tests/netns/golden.sh          test_
tests/netns/output.sh          test_
tests/netns/programs.sh        test_
tests/netns/set_filter_end.sh  test_
tests/netns/vlan.sh            test_
tests/files/reading.sh         test_
tests/files/writing.sh         test_
'

status=0
while read -r script pattern; do
	[[ ! $script ]] || "$script" "$pattern" </dev/null || status=1
done <<<"$SCRIPTS"
exit $status
