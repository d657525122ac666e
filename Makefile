# SPDX-License-Identifier: BSD-2-Clause
#
# bpf/*.bpf.c -> build/*.bpf.o -> build/*.skel.h -> user/*.c -> build/bpfsniff
# All paths are relative, so that a folder with blanks in its name does not matter.

ifeq ($(origin CC),default)
CC          := gcc
endif
CLANG       ?= clang
# Where Ubuntu keeps the real one behind a wrapper that wants this very kernel, then PATH, then what PATH may lack.
BPFTOOL     ?= $(or $(firstword $(wildcard /usr/lib/linux-tools/*/bpftool \
                 $(addsuffix /bpftool,$(subst :, ,$(PATH)) /usr/sbin /sbin /usr/local/sbin))),bpftool)
PKG_CONFIG  ?= pkg-config
CFLAGS      ?= -O2 -g
SUDO        ?=

.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

ifeq ($(V),1)
  Q :=
  say = @:
else
  Q := @
  say = @printf '  %-8s %s\n'
endif

PACKAGES    := libbpf libpcap libcap-ng libseccomp zlib libzstd
WARNINGS    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror
DEPFLAGS     = -MMD -MP
ALL_CPPFLAGS = -D_GNU_SOURCE -Iinclude -Iuser -Ibuild $(shell $(PKG_CONFIG) --cflags $(PACKAGES)) $(CPPFLAGS)
ALL_CFLAGS   = -std=gnu11 $(WARNINGS) $(CFLAGS)
ALL_LDLIBS   = $(shell $(PKG_CONFIG) --libs $(PACKAGES)) $(LDLIBS)
BPF_CFLAGS  := -target bpf -mcpu=v3 -O2 -g -std=gnu11 $(WARNINGS) -Iinclude -Ivmlinux

BPF_SOURCES := $(wildcard bpf/*.bpf.c)
SKELETONS   := $(BPF_SOURCES:bpf/%.bpf.c=build/%.skel.h)
OBJECTS     := $(patsubst user/%.c,build/user/%.o,$(wildcard user/*.c))
MODULES     := $(filter-out build/user/main.o,$(OBJECTS))
UNIT_TESTS  := $(patsubst tests/unit/%.c,build/tests/%,$(wildcard tests/unit/test_*.c))
FILTER_TESTS := $(patsubst tests/filter/%.c,build/tests/%,$(wildcard tests/filter/test_*.c))

## all: build build/bpfsniff (the default)
all: build/bpfsniff

build/bpfsniff: $(OBJECTS)
	$(say) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

build/user/%.o: user/%.c Makefile | build/user
	$(say) CC $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -c -o $@ $<

build/%.bpf.o: bpf/%.bpf.c Makefile | build
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) $(DEPFLAGS) -c -o $@ $<

build/%.skel.h: build/%.bpf.o
	$(say) SKEL $@
	$(Q)(echo '/* NOLINTBEGIN: not ours to correct */' && $(BPFTOOL) gen skeleton $< name $*_bpf && echo '/* NOLINTEND */') >$@

# The first compile has no .d file yet that would say which object needs a skeleton.
$(OBJECTS): | $(SKELETONS)

build/tests/%: tests/unit/%.c $(MODULES) Makefile | build/tests
	$(say) TEST $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -o $@ $< $(MODULES) $(LDFLAGS) -lcmocka $(ALL_LDLIBS)

build/tests/%: tests/filter/%.c $(MODULES) Makefile | build/tests
	$(say) TEST $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -o $@ $< $(MODULES) $(LDFLAGS) -lcmocka $(ALL_LDLIBS)

build build/user build/tests:
	$(Q)mkdir -p $@

## tests: build every test program
tests: all $(UNIT_TESTS) $(FILTER_TESTS)

# The packages that are missing are installed first, so these targets work on a fresh machine.
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

## check: install what is missing, build, run all tests (TESTS=vlan runs some; see tests/README.md)
check: deps-test
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) tests
	$(Q)tests/run.sh

## demo: install what is missing, build, and show the sniffer at work between two throw-away network namespaces
demo:
	$(Q)tests/deps.sh build demo
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) all
	$(Q)tests/demo.sh

## deps: install what the build needs
deps:
	$(Q)tests/deps.sh build

## deps-test: install what the build and the tests need
deps-test:
	$(Q)tests/deps.sh build demo test

## lint: check the format and run the static analysers
lint:
	$(Q)tests/check_lint.sh

# clang-tidy is slow, so it looks again only at what has changed.
CLANG_TIDY ?= clang-tidy
TIDY       := $(patsubst %.c,build/tidy/%.ok,$(wildcard bpf/*.c user/*.c tests/*/*.c))
TIDY_FLAGS  = $(ALL_CPPFLAGS) -std=gnu11 $(WARNINGS)
build/tidy/bpf/%.ok: TIDY_FLAGS = $(BPF_CFLAGS)

tidy: $(TIDY)

build/tidy/%.ok: %.c .clang-tidy Makefile | $(SKELETONS)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(TIDY_FLAGS) -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	$(Q)$(CLANG_TIDY) --quiet $< -- $(TIDY_FLAGS) 2>/dev/null
	$(Q)touch $@

## help: list the targets
help:
	@sed -n 's/^## \([a-z-]*\): /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

## clean: remove build/
clean:
	$(Q)rm -rf build

-include $(wildcard build/*.d build/user/*.d build/tests/*.d build/tidy/*/*.d build/tidy/*/*/*.d)

.PHONY: all tests check demo deps deps-test lint tidy help clean
