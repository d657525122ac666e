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
SANITIZERS  ?= -fsanitize=address,undefined -fno-sanitize-recover=undefined
BUILD       := build
VERSION     := $(shell sed -n 's/^.define BPFSNIFF_VERSION "\(.*\)"/\1/p' user/version.h)

# Where `make install` puts things; DESTDIR goes before all of them.
PREFIX      ?= /usr/local
BINDIR      ?= $(PREFIX)/bin
MANDIR      ?= $(PREFIX)/share/man
BASHDIR     ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR      ?= $(PREFIX)/share/zsh/site-functions
FISHDIR     ?= $(PREFIX)/share/fish/vendor_completions.d
# Where Wireshark looks for programs that capture for it; empty where there is none.
EXTCAPDIR   ?= $(shell tshark -G folders 2>/dev/null | sed -nE 's/^(Global )?Extcap path:[[:space:]]*//p')
INSTALL     ?= install
GROUP       := bpfsniff
CAPABILITIES := cap_net_raw,cap_bpf+ep

comma       := ,

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
ALL_CPPFLAGS = -D_GNU_SOURCE -Iinclude -Iuser -I$(BUILD) $(shell $(PKG_CONFIG) --cflags $(PACKAGES)) $(CPPFLAGS)
ALL_CFLAGS   = -std=gnu11 $(WARNINGS) $(CFLAGS)
ALL_LDLIBS   = $(shell $(PKG_CONFIG) --libs $(PACKAGES)) $(LDLIBS)
# With 32-bit registers (v3) clang saves four bytes at a time on the stack, which older verifiers (Linux 6.1) do not take
# from a loader without CAP_PERFMON.
BPF_CFLAGS  := -target bpf -mcpu=v2 -O2 -g -std=gnu11 $(WARNINGS) -Iinclude -Ivmlinux

BPF_SOURCES := $(wildcard bpf/*.bpf.c)
SKELETONS   := $(BPF_SOURCES:bpf/%.bpf.c=$(BUILD)/%.skel.h)
OBJECTS     := $(patsubst user/%.c,$(BUILD)/user/%.o,$(wildcard user/*.c))
MODULES     := $(filter-out $(BUILD)/user/main.o,$(OBJECTS))
UNIT_TESTS  := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(wildcard tests/unit/test_*.c))
FILTER_TESTS := $(patsubst tests/filter/%.c,$(BUILD)/tests/%,$(wildcard tests/filter/test_*.c))
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SHARED := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/%.o,$(filter-out tests/fuzz/fuzz_%,$(wildcard tests/fuzz/*.c)))
BENCHES     := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(filter-out %.bpf.c,$(wildcard tests/bench/*.c)))
BENCH_SKELETONS := $(patsubst tests/bench/%.bpf.c,$(BUILD)/bench/%.skel.h,$(wildcard tests/bench/*.bpf.c))

## all: build build/bpfsniff and its manual page (the default)
all: $(BUILD)/bpfsniff $(BUILD)/bpfsniff.8

$(BUILD)/bpfsniff: $(OBJECTS)
	$(say) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(ALL_LDLIBS)

$(BUILD)/bpfsniff.8: user/bpfsniff.8 user/version.h Makefile | $(BUILD)
	$(say) MAN $@
	$(Q)sed 's/@VERSION@/$(VERSION)/' $< >$@

# Of libpcap only the compiler of expressions is wanted, but its list of capture sources names that for D-Bus, and, where it
# was built in, that for RDMA, which want many more libraries. They are the last of the list, and a zero ends it.
NO_SOURCES  := $(foreach source,dbus rdmasniff,$(patsubst %,-Wl$(comma)--defsym=$(source)_%=0,create findalldevs))
# What ld says about users and services that are looked up by a static program is taken care of in user/name_service.c.
STATIC_LDLIBS = -lpcap $(shell $(PKG_CONFIG) --static --libs $(filter-out libpcap,$(PACKAGES)))
STATIC_LDFLAGS = -static-pie $(NO_SOURCES) $(if $(findstring --no-warnings,$(shell ld --help)),-Wl$(comma)--no-warnings)

$(BUILD)/static/bpfsniff: $(OBJECTS) | $(BUILD)/static
	$(say) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(STATIC_LDFLAGS) -o $@ $^ $(STATIC_LDLIBS)
	$(Q)strip $@

$(BUILD)/user/%.o: user/%.c Makefile | $(BUILD)/user
	$(say) CC $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(BUILD)/%.bpf.o: bpf/%.bpf.c Makefile | $(BUILD)
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o
	$(say) SKEL $@
	$(Q)(echo '/* NOLINTBEGIN: not ours to correct */' && $(BPFTOOL) gen skeleton $< name $(*F)_bpf && echo '/* NOLINTEND */') >$@

# The first compile has no .d file yet that would say which object needs a skeleton.
$(OBJECTS): | $(SKELETONS)

$(BUILD)/tests/%: tests/unit/%.c $(MODULES) Makefile | $(BUILD)/tests
	$(say) TEST $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -o $@ $< $(MODULES) $(LDFLAGS) -lcmocka $(ALL_LDLIBS)

$(BUILD)/tests/%: tests/filter/%.c $(MODULES) Makefile | $(BUILD)/tests
	$(say) TEST $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -o $@ $< $(MODULES) $(LDFLAGS) -lcmocka $(ALL_LDLIBS)

$(BUILD)/bench/%.bpf.o: tests/bench/%.bpf.c Makefile | $(BUILD)/bench
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(BUILD)/bench/%: tests/bench/%.c $(MODULES) $(BENCH_SKELETONS) Makefile | $(BUILD)/bench
	$(say) BENCH $@
	$(Q)$(CC) $(ALL_CPPFLAGS) -I$(BUILD)/bench $(ALL_CFLAGS) $(DEPFLAGS) -o $@ $< $(MODULES) $(LDFLAGS) $(ALL_LDLIBS)

# The targets define some functions anew; those of an archive are taken only where nobody else has them.
$(BUILD)/modules.a: $(MODULES)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rc $@ $^

# What the fuzzer is to find its way through is the program, not the judge.
$(BUILD)/tests/%.o: tests/fuzz/%.c Makefile | $(BUILD)/tests
	$(say) CC $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fno-sanitize=fuzzer-no-link $(DEPFLAGS) -c -o $@ $<

FUZZ_WRAPPED := getservbyname getprotobyname inflateInit2_ ZSTD_createDStream ZSTD_freeDStream
$(BUILD)/fuzz_options $(BUILD)/fuzz_rules: FUZZ_WRAPPED += fopen
$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_SHARED) $(BUILD)/modules.a Makefile
	$(say) FUZZ $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -fsanitize=fuzzer -o $@ $< $(FUZZ_SHARED) $(BUILD)/modules.a \
		$(addprefix -Wl$(comma)--wrap=,$(FUZZ_WRAPPED)) $(LDFLAGS) $(ALL_LDLIBS)

$(BUILD)/seeds/made: tests/fuzz/seeds.py
	$(say) SEEDS $(@D)
	$(Q)rm -rf $(@D) && tests/fuzz/seeds.py ../shared/corpus $(@D)
	$(Q)touch $@

$(BUILD) $(BUILD)/user $(BUILD)/static $(BUILD)/tests $(BUILD)/bench:
	$(Q)mkdir -p $@

## static: build build/static/bpfsniff, which needs no library of the system that it runs on
static: $(BUILD)/static/bpfsniff

## install: install program, manual and completions (PREFIX=/usr/local DESTDIR=; SETCAP=1 lets the group bpfsniff sniff)
install: all $(if $(SETCAP),install-group)
	$(say) INSTALL $(DESTDIR)$(BINDIR)/bpfsniff
	$(Q)$(INSTALL) -D $(if $(SETCAP),-m 750 -g $(GROUP),-m 755) $(BUILD)/bpfsniff '$(DESTDIR)$(BINDIR)/bpfsniff'
	$(Q)$(INSTALL) -D -m 644 $(BUILD)/bpfsniff.8 '$(DESTDIR)$(MANDIR)/man8/bpfsniff.8'
	$(Q)$(INSTALL) -D -m 644 user/completion/bpfsniff.bash '$(DESTDIR)$(BASHDIR)/bpfsniff'
	$(Q)$(INSTALL) -D -m 644 user/completion/bpfsniff.zsh '$(DESTDIR)$(ZSHDIR)/_bpfsniff'
	$(Q)$(INSTALL) -D -m 644 user/completion/bpfsniff.fish '$(DESTDIR)$(FISHDIR)/bpfsniff.fish'
	$(Q)folder='$(EXTCAPDIR)'; [ -z "$$folder" ] || { $(INSTALL) -d '$(DESTDIR)'"$$folder" && \
		ln -sf '$(BINDIR)/bpfsniff' '$(DESTDIR)'"$$folder/bpfsniff"; }
	$(if $(SETCAP),$(Q)setcap $(CAPABILITIES) '$(BINDIR)/bpfsniff')
	$(if $(SETCAP),@echo 'the members of the group $(GROUP) can sniff now: sudo usermod -aG $(GROUP) USER makes one at the next login')

# The capabilities are the last thing that the program gets: nobody else can run it then.
install-group:
	$(if $(DESTDIR),$(error SETCAP=1 is for the machine it runs on, its groups and its files: leave out DESTDIR))
	$(Q)getent group $(GROUP) >/dev/null || groupadd --system $(GROUP)

## uninstall: remove what `make install` has installed, with the same PREFIX and DESTDIR
uninstall:
	$(Q)rm -f '$(DESTDIR)$(BINDIR)/bpfsniff' '$(DESTDIR)$(MANDIR)/man8/bpfsniff.8' '$(DESTDIR)$(BASHDIR)/bpfsniff' \
		'$(DESTDIR)$(ZSHDIR)/_bpfsniff' '$(DESTDIR)$(FISHDIR)/bpfsniff.fish'
	$(Q)folder='$(EXTCAPDIR)'; [ -z "$$folder" ] || rm -f '$(DESTDIR)'"$$folder/bpfsniff"

# dpkg-buildpackage wants the sources in a folder of their own, and writes beside it.
## deb: build a Debian package, build/deb/bpfsniff_VERSION_ARCHITECTURE.deb
deb:
	$(Q)rm -rf $(BUILD)/deb
	$(Q)mkdir -p $(BUILD)/deb/source
	$(Q)cp -r Makefile LICENSE README.md bpf user include vmlinux $(BUILD)/deb/source
	$(Q)mv $(BUILD)/deb/source/user/debian $(BUILD)/deb/source
	$(Q)sed -i 's/@VERSION@/$(VERSION)/' $(BUILD)/deb/source/debian/changelog
	$(say) DEB $(BUILD)/deb
	$(Q)cd $(BUILD)/deb/source && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u BUILD dpkg-buildpackage -b -us -uc >../build.log 2>&1 || \
		{ tail -n 30 ../build.log >&2; exit 1; }
	$(Q)rm -r $(BUILD)/deb/source

## tests: build every test program
tests: all $(UNIT_TESTS) $(FILTER_TESTS) $(BENCHES)

# The packages that are missing are installed first, so these targets work on a fresh machine.
PARALLEL = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))

SANITIZED_MAKE = $(MAKE) --no-print-directory BUILD=build/sanitize CFLAGS='-O1 -g $(SANITIZERS)'

## sanitize: build build/sanitize/bpfsniff, which aborts at an error of memory or an undefined operation
sanitize:
	+$(Q)$(SANITIZED_MAKE) all

# Their runtime cannot be confined (user/confine.c), so what tests just that is left out.
sanitize-tests:
	+$(Q)$(SANITIZED_MAKE) all sanitized-tests

sanitized-tests: $(filter-out %/test_confine %/test_expression_compiler %/test_file_opener,$(UNIT_TESTS))

# gcc has no such fuzzer; what clang warns of beside it, clang-tidy says. A small buffer has more ends to get wrong.
fuzz-targets:
	$(Q)$(MAKE) --no-print-directory BUILD=build/fuzz CC=$(CLANG) WARNINGS='-Wall -Werror' \
		CFLAGS='-O2 -g -fsanitize=fuzzer-no-link $(SANITIZERS)' CPPFLAGS='-DREAD_BUFFER_SIZE=128' all-fuzz-targets

all-fuzz-targets: $(FUZZ_TARGETS) $(BUILD)/seeds/made

## fuzz: run each fuzz target for SECONDS (60); what they learn stays in build/fuzz/corpus
SECONDS     ?= 60
fuzz: deps-test
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) fuzz-targets
	$(Q)tests/fuzz/grow.sh $(SECONDS)

## check: install what is missing, build, run all tests (TESTS=vlan runs some; see tests/README.md)
check: deps-test
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) tests sanitize-tests fuzz-targets
	$(Q)tests/run.sh

## check-kernels: run the tests that ask something of the kernel on the kernels of Debian 12, in qemu (as root; an hour)
check-kernels:
	$(Q)tests/deps.sh build demo test kernels
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) tests
	$(Q)tests/kernels/boot.sh 6.1 6.12

## soak: run two sniffers for MINUTES (120) amid mixed traffic, with a new filter every second; nothing may grow or be lost
MINUTES     ?= 120
soak: deps-test
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) all
	$(Q)MINUTES=$(MINUTES) tests/soak/soak.sh
	$(Q)cat $(BUILD)/soak

## check-package: try the Debian package in a fresh Debian, the static program on BusyBox (as root; minutes; fetches packages)
check-package:
	$(Q)tests/deps.sh build demo test package
	$(Q)tests/run.sh tests/package/*.sh

## bench: install what is missing, build, measure side by side with others of its kind (ROWS='start read' runs some rows)
bench: deps-bench
	$(Q)$(MAKE) --no-print-directory $(PARALLEL) all $(BENCHES)
	$(Q)tests/bench/compare.py $(ROWS)

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

## deps-bench: install what the build and the benchmarks need
deps-bench:
	$(Q)tests/deps.sh build bench

## lint: check the format and run the static analysers
lint:
	$(Q)tests/check_lint.sh

# clang-tidy is slow, so it looks again only at what has changed.
CLANG_TIDY ?= clang-tidy
TIDY       := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(wildcard bpf/*.c user/*.c tests/*/*.c))
TIDY_FLAGS  = $(ALL_CPPFLAGS) -std=gnu11 $(WARNINGS)
$(BUILD)/tidy/bpf/%.ok $(BUILD)/tidy/tests/bench/%.bpf.ok: TIDY_FLAGS = $(BPF_CFLAGS)
$(BUILD)/tidy/tests/bench/bench_%.ok: TIDY_FLAGS += -I$(BUILD)/bench

tidy: $(TIDY)

$(BUILD)/tidy/%.ok: %.c .clang-tidy Makefile | $(SKELETONS) $(BENCH_SKELETONS)
	$(Q)mkdir -p $(@D)
	$(Q)$(CLANG) $(TIDY_FLAGS) -MM -MP -MT $@ -MF $(@:.ok=.d) $<
	$(Q)$(CLANG_TIDY) --quiet $< -- $(TIDY_FLAGS) 2>/dev/null
	$(Q)touch $@

# What it calls a leak is mostly memory that a structure owns at an index; leaks are for the sanitizers.
ANALYZER ?= gcc -fanalyzer -Wno-analyzer-malloc-leak

analyze: $(patsubst user/%.c,$(BUILD)/analyzed/%.o,$(wildcard user/*.c))

$(BUILD)/analyzed/%.o: user/%.c Makefile | $(SKELETONS)
	$(Q)mkdir -p $(@D)
	$(Q)$(ANALYZER) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(DEPFLAGS) -c -o $@ $<

## help: list the targets
help:
	@sed -n 's/^## \([a-z-]*\): /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18

## clean: remove build/
clean:
	$(Q)rm -rf build

-include $(wildcard $(BUILD)/*.d $(BUILD)/user/*.d $(BUILD)/tests/*.d $(BUILD)/bench/*.d $(BUILD)/tidy/*/*.d $(BUILD)/tidy/*/*/*.d $(BUILD)/analyzed/*.d)

.PHONY: all static deb install install-group uninstall tests sanitize sanitize-tests sanitized-tests fuzz-targets all-fuzz-targets fuzz analyze
.PHONY: check check-package check-kernels soak bench demo deps deps-test deps-bench lint tidy help clean
