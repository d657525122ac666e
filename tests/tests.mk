# SPDX-License-Identifier: BSD-2-Clause
#
# What concerns tests, fuzzing, benchmarks and static analysis; the Makefile at the top includes it.

SANITIZERS  ?= -fsanitize=address,undefined -fno-sanitize-recover=undefined
# The packages that are missing are installed first, so these targets work on a fresh machine.
PARALLEL     = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
AGAIN        = $(MAKE) --no-print-directory

UNIT_TESTS  := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/*/test_*.c))
EBPF_TESTS  := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/ebpf/test_*.c))
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SHARED := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/fuzz/fuzz_%,$(wildcard tests/fuzz/*.c)))
BENCHES     := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(filter-out %.bpf.c,$(wildcard tests/bench/*.c)))
BENCH_SKELETONS := $(patsubst tests/bench/%.bpf.c,$(BUILD)/bench/%.skel.h,$(wildcard tests/bench/*.bpf.c))
TEST_FOLDERS := $(patsubst %/,$(BUILD)/%,$(sort $(dir $(wildcard tests/unit/*/*.c tests/ebpf/*.c tests/fuzz/*.c))))

# Those programs that TESTS names, as tests/run.sh chooses them; without it, all.
named        = $(if $(TESTS),$(strip $(foreach program,$(1),$(if $(findstring $(firstword $(subst :, ,$(TESTS))),$(program)),$(program)))),$(1))
SANITIZED_SCRIPTS := tests/check_sanitized.sh tests/files/memory.sh

# A unit test links with its own folder and those below it: whoever calls up does not link.
folder_of    = $(notdir $(patsubst %/,%,$(dir $(1))))
TEST_CPPFLAGS = $(ALL_CPPFLAGS) -Itests/unit

$(BUILD)/tests/unit/%.o: tests/unit/%.c Makefile tests/tests.mk | $$(@D)
	$(say) CC $@
	$(Q)$(CC) $(TEST_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(UNIT_TESTS): %: %.o $(BUILD)/tests/unit/one_case.o $$(call archives,$$(call folder_of,$$@)) tests/tests.mk
	$(say) TEST $@
	$(Q)$(CC) $(ALL_CFLAGS) -o $@ $(filter %.o %.a,$^) $(LDFLAGS) -lcmocka $(call libs_of,$(call packages,$(call folder_of,$@)))

$(EBPF_TESTS): $(BUILD)/%: %.c $(call archives,run) tests/tests.mk | $$(@D)
	$(say) TEST $@
	$(Q)$(CC) $(TEST_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -o $@ $(filter %.c %.a,$^) $(LDFLAGS) -lcmocka $(call libs_of,$(PACKAGES))

$(BUILD)/bench/%.bpf.o: tests/bench/%.bpf.c Makefile | $(BUILD)/bench
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(BUILD)/bench/%: tests/bench/%.c $(call archives,run) $(BENCH_SKELETONS) tests/tests.mk | $(BUILD)/bench
	$(say) BENCH $@
	$(Q)$(CC) $(ALL_CPPFLAGS) -I$(BUILD)/bench $(ALL_CFLAGS) $(DEPFLAGS) -o $@ $(filter %.c %.a,$^) $(LDFLAGS) $(call libs_of,$(PACKAGES))

# What the fuzzer is to find its way through is the program, not the judge.
$(BUILD)/tests/fuzz/%.o: tests/fuzz/%.c Makefile tests/tests.mk | $$(@D)
	$(say) CC $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fno-sanitize=fuzzer-no-link $(DEPFLAGS) -c -o $@ $<

# The targets define some functions anew; those of an archive are taken only where nobody else has them.
FUZZ_WRAPPED := getservbyname getprotobyname inflateInit2_ ZSTD_createDStream ZSTD_freeDStream
$(BUILD)/fuzz_options $(BUILD)/fuzz_spec: FUZZ_WRAPPED += fopen
$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_SHARED) $(call archives,run) tests/tests.mk
	$(say) FUZZ $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -fsanitize=fuzzer -o $@ $(filter %.c %.o %.a,$^) \
		$(addprefix -Wl$(comma)--wrap=,$(FUZZ_WRAPPED)) $(LDFLAGS) $(call libs_of,$(PACKAGES))

$(BUILD)/seeds/made: tests/fuzz/seeds.py user/control/control_message.h
	$(say) SEEDS $(@D)
	$(Q)rm -rf $(@D) && tests/fuzz/seeds.py ../shared/corpus $(@D)
	$(Q)touch $@

$(TEST_FOLDERS) $(BUILD)/tests/unit $(BUILD)/bench:
	$(Q)mkdir -p $@

## tests: build every test program
tests: all $(UNIT_TESTS) $(EBPF_TESTS) $(BENCHES)

UNIT_TEST    = $(filter %/test_$(TEST),$(UNIT_TESTS))
## unit: build and run one unit test, with what it needs and no more (TEST=text, and CASE=test_hex for one case of it)
unit:
	$(if $(UNIT_TEST),,$(error no unit test is named '$(TEST)': tests/unit/ has them, as FOLDER/test_NAME.c))
	+$(Q)$(AGAIN) $(PARALLEL) $(UNIT_TEST)
	$(Q)CASE='$(CASE)' $(UNIT_TEST) >$(BUILD)/unit.log 2>&1; status=$$?; cat $(BUILD)/unit.log; exit $$status
	$(Q)! grep -q 'Running 0 test' $(BUILD)/unit.log || { echo "no case of $(UNIT_TEST) is named '$(CASE)'" >&2; exit 1; }

# What the sanitizers insert makes gcc warn where nothing is wrong (gcc(1), -fsanitize): the plain build judges warnings.
SANITIZED_MAKE = $(AGAIN) BUILD=build/sanitize CFLAGS='-O1 -g1 -Wno-error $(SANITIZERS)'

## sanitize: build build/sanitize/bpfsniff, which aborts at a memory error or an undefined operation
sanitize:
	+$(Q)$(SANITIZED_MAKE) all

# Their runtime cannot be confined (sandbox/confine.c), so what tests just that is left out.
SANITIZED    = $(filter-out %/test_confine %/test_confine_files %/test_expression_compiler %/test_file_opener,$(UNIT_TESTS))

sanitize-tests:
	+$(Q)$(SANITIZED_MAKE) $(if $(call named,$(SANITIZED_SCRIPTS)),all) sanitized-tests

sanitized-tests: $(call named,$(SANITIZED))

# gcc has no such fuzzer; what clang warns of beside it, clang-tidy says. A small buffer has more ends to get wrong.
fuzz-targets:
	+$(Q)$(AGAIN) BUILD=build/fuzz CC=$(CLANG) WARNINGS='-Wall -Werror' \
		CFLAGS='-O1 -g1 -fsanitize=fuzzer-no-link $(SANITIZERS)' CPPFLAGS='-DREAD_BUFFER_SIZE=128' all-fuzz-targets

all-fuzz-targets: $(FUZZ_TARGETS) $(BUILD)/seeds/made

## fuzz: run each fuzz target for SECONDS (60); build/fuzz/corpus keeps the inputs that they discover
SECONDS     ?= 60
fuzz: deps-test
	$(Q)$(AGAIN) $(PARALLEL) fuzz-targets
	$(Q)tests/fuzz/grow.sh $(SECONDS)

# What those tests need that TESTS names: a script needs the program, and a few need more.
SCRIPTS     := $(wildcard tests/check_*.sh tests/netns/*.sh tests/files/*.sh tests/fuzz/fuzz.sh)
NEEDED       = $(if $(call named,$(SCRIPTS)),all) $(call named,$(UNIT_TESTS) $(EBPF_TESTS)) \
               $(if $(call named,tests/check_bench.sh tests/check_lint.sh),tests) \
               $(if $(call named,tests/fuzz/fuzz.sh),fuzz-targets) \
               $(if $(call named,$(SANITIZED_SCRIPTS) $(UNIT_TESTS:build/%=build/sanitize/%)),sanitize-tests)

## check: install what is missing, build, run all tests (TESTS=vlan runs some; see tests/README.md)
check: deps-test
	$(Q)$(AGAIN) $(PARALLEL) $(if $(TESTS),$(NEEDED),tests sanitize-tests fuzz-targets)
	$(Q)tests/run.sh

## check-kernels: run the tests that depend on the kernel on the kernels of Debian 12, in qemu (as root; an hour)
check-kernels:
	$(Q)tests/deps.sh build demo test kernels
	$(Q)$(AGAIN) $(PARALLEL) tests
	$(Q)tests/kernels/boot.sh 6.1 6.12

## mutants: put each fault of tests/mutants/rows into a copy, where a test must fail (as root; ONLY='r02 n95' tries some)
mutants: deps-test
	$(Q)ONLY='$(ONLY)' tests/mutants/run.sh

## soak: run two sniffers for MINUTES (120) amid mixed traffic, with a new filter every second; nothing may grow or be lost
MINUTES     ?= 120
soak: deps-test
	$(Q)$(AGAIN) $(PARALLEL) all
	$(Q)MINUTES=$(MINUTES) tests/soak/soak.sh
	$(Q)cat $(BUILD)/soak

## check-package: try the Debian package in a fresh Debian, the static program on BusyBox (as root; minutes; fetches packages)
check-package:
	$(Q)tests/deps.sh build demo test package
	$(Q)tests/run.sh tests/package/*.sh

## bench: install what is missing, build, and compare with other sniffers (ROWS='start read' runs some rows)
bench: deps-bench
	$(Q)$(AGAIN) $(PARALLEL) all $(BENCHES)
	$(Q)tests/bench/compare.py $(ROWS)

## demo: install what is missing, build, and show the sniffer at work between two throw-away network namespaces
demo:
	$(Q)tests/deps.sh build demo
	$(Q)$(AGAIN) $(PARALLEL) all
	$(Q)tests/demo.sh

## deps: install what the build needs
deps:
	$(Q)tests/deps.sh build

## deps-test: install what the build and the tests need
deps-test:
	$(Q)tests/deps.sh build demo test

## deps-bench: install what the build and the benchmarks need
deps-bench:
	$(Q)tests/deps.sh build bench

## lint: check the format and run the static analysers
lint:
	$(Q)tests/check_lint.sh

# clang-tidy is slow, so it looks again only at what has changed, and its analyzer follows no calls, which would take
# ten times as long: gcc's does.
CLANG_TIDY  ?= clang-tidy
TIDY        := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(wildcard bpf/*.c user/*.c user/*/*.c tests/*/*.c tests/*/*/*.c))
TIDY_SHALLOW = $(addprefix --extra-arg=,-Xclang -analyzer-config -Xclang mode=shallow)
TIDY_FLAGS   = $(TEST_CPPFLAGS) -std=gnu11 $(WARNINGS)
$(BUILD)/tidy/bpf/%.ok $(BUILD)/tidy/tests/bench/%.bpf.ok: TIDY_FLAGS = $(BPF_CFLAGS)
$(BUILD)/tidy/tests/bench/bench_%.ok: TIDY_FLAGS += -I$(BUILD)/bench

tidy: $(TIDY)

$(BUILD)/tidy/%.ok: %.c .clang-tidy Makefile tests/tests.mk | $(SKELETONS) $(BENCH_SKELETONS)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(TIDY_FLAGS) -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	$(Q)$(CLANG_TIDY) --quiet $(TIDY_SHALLOW) $< -- $(TIDY_FLAGS) 2>/dev/null
	$(Q)touch $@

# What it calls a leak is mostly memory that a structure owns at an index; leaks are for the sanitizers. Where gcc takes
# small structures apart first, the analyzer believes that half of what a function returns was never written.
ANALYZER    ?= gcc -fanalyzer -Wno-analyzer-malloc-leak

analyze: $(patsubst user/%.c,$(BUILD)/analyzed/%.o,$(wildcard user/*.c user/*/*.c))

$(BUILD)/analyzed/%.o: user/%.c Makefile tests/tests.mk | $(SKELETONS)
	$(Q)mkdir -p $(@D)
	$(Q)$(ANALYZER) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -O1 -g0 -fno-tree-sra $(DEPFLAGS) -c -o $@ $<

-include $(wildcard $(BUILD)/tests/*/*.d $(BUILD)/tests/*/*/*.d $(BUILD)/bench/*.d $(BUILD)/tidy/*/*.d $(BUILD)/tidy/*/*/*.d \
	$(BUILD)/tidy/*/*/*/*.d $(BUILD)/analyzed/*.d $(BUILD)/analyzed/*/*.d)

.PHONY: tests unit sanitize sanitize-tests sanitized-tests fuzz-targets all-fuzz-targets fuzz analyze tidy lint
.PHONY: check check-package check-kernels mutants soak bench demo deps deps-test deps-bench
