#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
#
# --metrics: the statistics for Prometheus.
#
source "$(dirname "$0")/../netlib.sh"

setup() {
	left_and_right
	addresses
}

value() { # FILE NAME
	awk -v name="bpfsniff_$2" '$1 == name { print $2 }' "$1"
}

has_value() { # FILE NAME N
	(($(value "$1" "$2") >= $3))
}

test_metrics_of_a_capture() {
	need promtool
	serve_datagrams right 10.9.0.2 5000
	sniff -i eth0 --top --json --metrics=metrics.prom --port=5000
	promtool check metrics <metrics.prom
	equal "mode" 644 "$(stat -c %a metrics.prom)"
	in_namespace left "$PYTHON" "$ROOT/tests/netns/conversations.py" 10.9.0.2 5000 10 5
	wait_for 10 has_value metrics.prom flow_packets_total 100
	stop
	equal "seen" "${COUNT[seen]}" "$(value metrics.prom seen_frames_total)"
	equal "accepted" 100 "$(value metrics.prom accepted_frames_total)"
	equal "flows" 10 "$(value metrics.prom flows_total)"
	equal "bytes" 12800 "$(value metrics.prom flow_bytes_total)"
	equal "files" metrics.prom "$(echo .[a-z]*.prom* *.prom | xargs -n 1 | grep -v '\*' | xargs)"
	promtool check metrics <metrics.prom
}

# Whoever opens the file finds all of it.
test_it_is_always_whole() {
	sniff -i eth0 -q --metrics=metrics.prom
	"$PYTHON" - <<-'END'
		import time
		states = set()
		end = time.monotonic() + 2.5
		while time.monotonic() < end:
		    with open("metrics.prom", encoding="ascii") as file:
		        lines = file.read().splitlines()
		    assert lines[-1].startswith("bpfsniff_start_time_seconds "), lines
		    states.add(len(lines))
		assert len(states) == 1, states
	END
	stop
}

test_it_cannot_be_written() {
	refused 1 "cannot write to '/nowhere/metrics': No such file or directory" \
		ip netns exec right "$SNIFFER" -i eth0 -q --metrics=/nowhere/metrics
	mkdir directory
	refused 1 "cannot write to 'directory': Is a directory" \
		ip netns exec right "$SNIFFER" -i eth0 -q --metrics=directory
}

# Only a regular file of the user's own is replaced.
test_what_it_must_not_replace() {
	local path
	mkfifo fifo
	mknod node c 1 7
	echo precious >target
	ln -s target link
	echo precious >foreign
	chown 65533 foreign
	stat -c '%n %F %u %i' fifo node target link foreign >before
	for path in fifo node link foreign; do
		refused 1 "cannot write to '$path': it (is a symbolic link|is not a regular file|belongs to another user)" \
			ip netns exec right "$SNIFFER" -i eth0 -q --metrics="$path"
	done
	stat -c '%n %F %u %i' fifo node target link foreign | diff before -
	equal "contents" "precious precious" "$(cat target foreign | xargs)"
}

run_tests "$@"
