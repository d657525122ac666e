#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Run every fuzz target for some time: grow.sh SECONDS [TARGET...]. What it learns stays in build/fuzz/corpus/TARGET, an
# input that fails in build/fuzz/finding-TARGET-*, and how many inputs there were in build/fuzz/executions.
set -euo pipefail
cd "$(dirname "$0")/../.."

FUZZ=build/fuzz
# Where memory was allocated is told when the input that failed is run again without this.
export TZ=UTC0 ASAN_OPTIONS=quarantine_size_mb=1:malloc_context_size=0:max_malloc_fill_size=64

executions() { # LOG
	grep -oP '^stat::number_of_executed_units: \K[0-9]+' "$1" || echo 0
}

run_target() { # TARGET SECONDS
	local log=$FUZZ/$1.log status=0
	mkdir -p "$FUZZ/corpus/$1"
	"$FUZZ/fuzz_$1" -error_exitcode=1 -max_total_time="$2" -timeout=10 -print_final_stats=1 \
		-artifact_prefix="$FUZZ/finding-$1-" "$FUZZ/corpus/$1" "$FUZZ/seeds/$1" >"$log" 2>&1 || status=$?
	echo "$1 $(executions "$log")" >>$FUZZ/executions
	printf '%-8s %12d executions, %13d in all, %s\n' "$1" "$(executions "$log")" \
		"$(awk -v name="$1" '$1 == name { all += $2 } END { print all }' $FUZZ/executions)" \
		"$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$log" | tail -n 1 | sed 's/cov: /edges /; s/ft: /features /')"
	if ((status)); then grep -vE '^#[0-9]+[[:space:]]+(NEW|REDUCE|pulse|RELOAD)' "$log" | head -n 40; fi
	return $status
}

main() { # SECONDS [TARGET...]
	local target failed=0
	local -a targets=("${@:2}")
	((${#targets[@]})) || mapfile -t targets < <(find $FUZZ -maxdepth 1 -name 'fuzz_*' -executable | sed 's|.*/fuzz_||' | sort)
	for target in "${targets[@]}"; do
		run_target "$target" "$1" || failed=1
	done
	return $failed
}

main "$@"
