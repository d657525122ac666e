# SPDX-License-Identifier: BSD-2-Clause
#
# bpf/*.bpf.c -> build/*.bpf.o -> build/*.skel.h -> user/*/*.c -> build/user/*.a -> build/bpfsniff
# All paths are relative, so that a folder with blanks in its name does not matter.

.DEFAULT_GOAL := all

# What root builds for a user of sudo(8) belongs to that user, or the next make without sudo could not write it. A second make
# does the work, and this one gives its files away when it ends, even if it is interrupted.
give_away   := $(if $(filter-out 0,$(SUDO_UID)),$(filter 00,$(MAKELEVEL)$(shell id -u)))

ifneq ($(give_away),)
$(or $(sort $(MAKECMDGOALS)),all): as-root
	@:

as-root:
	@trap : INT TERM; $(MAKE) --no-print-directory $(MAKECMDGOALS); status=$$?; \
		[ ! -d build ] || chown -hR --from=0 '$(SUDO_UID):$(SUDO_GID)' build; exit $$status

.PHONY: as-root $(MAKECMDGOALS)
else

ifeq ($(origin CC),default)
CC          := gcc
endif
CLANG       ?= clang
# Where Ubuntu keeps the real one behind a wrapper that wants this very kernel, then PATH, then what PATH may lack.
BPFTOOL     ?= $(or $(firstword $(wildcard /usr/lib/linux-tools/*/bpftool \
                 $(addsuffix /bpftool,$(subst :, ,$(PATH)) /usr/sbin /sbin /usr/local/sbin))),bpftool)
PKG_CONFIG  ?= pkg-config
CFLAGS      ?= -O2 -g
BUILD       := build
VERSION     := $(shell sed -n 's/^.define BPFSNIFF_VERSION "\(.*\)"/\1/p' user/base/version.h)

comma       := ,

.DELETE_ON_ERROR:
.SECONDARY:
.SECONDEXPANSION:

ifeq ($(V),1)
  Q :=
  say = @:
else
  Q := @
  say = @printf '  %-8s %s\n'
endif

# Who may know whom: the folders of user/ from the ground up. Each uses those named here, which stand above it, its own
# files, and include/. tests/check_includes.sh holds the includes and the calls to it.
USES_base     :=
USES_packet   := base
USES_decode   := packet
USES_print    := packet base
USES_flow     := packet base
USES_export   := flow base
USES_top      := flow base
USES_sandbox  := base
USES_savefile := packet base sandbox
USES_filter   := decode packet base sandbox
USES_stats    := packet base
USES_ebpf     := filter
USES_owner    := ebpf filter packet base
USES_capture  := ebpf filter sandbox packet base
USES_control  := ebpf filter
USES_cli      := capture filter savefile print sandbox packet base export
USES_run      := cli control capture owner ebpf stats filter savefile sandbox top export flow print decode packet base
FOLDERS       := base packet decode print flow export top sandbox savefile filter stats ebpf owner capture control cli run

# The packages that a folder links with.
PACKAGES_sandbox  := libcap-ng libseccomp
PACKAGES_savefile := zlib libzstd
PACKAGES_filter   := libpcap
PACKAGES_ebpf     := libbpf
PACKAGES_owner    := libbpf

WARNINGS    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror
DEPFLAGS     = -MMD -MP
ALL_CPPFLAGS = -D_GNU_SOURCE -Iinclude -Iuser -I$(BUILD) $(CPPFLAGS)
ALL_CFLAGS   = -std=gnu11 $(WARNINGS) $(CFLAGS)
# With 32-bit registers (v3) clang saves four bytes at a time on the stack, which older verifiers (Linux 6.1) do not take
# from a loader without CAP_PERFMON.
BPF_CFLAGS  := -target bpf -mcpu=v2 -O2 -g -std=gnu11 $(WARNINGS) -Iinclude -Ivmlinux

# A folder and those below it, from the top down: the order in which a linker wants their archives.
up_to        = $(firstword $(2)) $(if $(filter-out $(1),$(firstword $(2))),$(call up_to,$(1),$(wordlist 2,$(words $(2)),$(2))))
reversed     = $(if $(1),$(call reversed,$(wordlist 2,$(words $(1)),$(1))) $(firstword $(1)))
below        = $(call reversed,$(call up_to,$(1),$(FOLDERS)))
archives     = $(patsubst %,$(BUILD)/user/%.a,$(call below,$(1)))
packages     = $(strip $(foreach folder,$(call below,$(1)),$(PACKAGES_$(folder))))
cflags_of    = $(if $(1),$(shell $(PKG_CONFIG) --cflags $(1)))
libs_of      = $(if $(1),$(shell $(PKG_CONFIG) --libs $(1))) $(LDLIBS)
PROGRAM     := $(BUILD)/user/main.o $(call archives,run)
PACKAGES    := $(call packages,run)
SKELETONS   := $(patsubst bpf/%.bpf.c,$(BUILD)/%.skel.h,$(wildcard bpf/*.bpf.c))

## all: build build/bpfsniff and its manual page (the default)
all: $(BUILD)/bpfsniff $(BUILD)/bpfsniff.8

$(BUILD)/bpfsniff: $(PROGRAM)
	$(say) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(call libs_of,$(PACKAGES))

$(BUILD)/bpfsniff.8: user/package/bpfsniff.8 user/base/version.h Makefile | $(BUILD)
	$(say) MAN $@
	$(Q)sed 's/@VERSION@/$(VERSION)/' $< >$@

# Of libpcap only the compiler of expressions is wanted, but its list of capture sources names that for D-Bus, and, where it
# was built in, that for RDMA, which want many more libraries. They are the last of the list, and a zero ends it.
NO_SOURCES  := $(foreach source,dbus rdmasniff,$(patsubst %,-Wl$(comma)--defsym=$(source)_%=0,create findalldevs))
# What ld says about users and services that are looked up by a static program is taken care of in name_service.c.
STATIC_LDLIBS = -lpcap $(shell $(PKG_CONFIG) --static --libs $(filter-out libpcap,$(PACKAGES)))
STATIC_LDFLAGS = -static-pie $(NO_SOURCES) $(if $(findstring --no-warnings,$(shell ld --help)),-Wl$(comma)--no-warnings)

$(BUILD)/static/bpfsniff: $(PROGRAM) | $(BUILD)/static
	$(say) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(STATIC_LDFLAGS) -o $@ $^ $(STATIC_LDLIBS)
	$(Q)strip $@

# A file that goes makes its folder newer.
$(BUILD)/user/%.a: $$(addprefix $(BUILD)/,$$(addsuffix .o,$$(basename $$(wildcard user/$$*/*.c)))) user/$$*
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rc $@ $(filter %.o,$^)

# libfixbuf is optional. Only its header is needed here: the program opens the library when it is to export.
ifeq ($(shell $(PKG_CONFIG) --exists libfixbuf && echo yes),yes)
$(BUILD)/user/export/%.o: CPPFLAGS += -DHAVE_FIXBUF $(shell $(PKG_CONFIG) --cflags libfixbuf)
endif

# ncurses likewise, for the table that has a terminal for itself.
ifeq ($(shell $(PKG_CONFIG) --exists ncursesw && echo yes),yes)
$(BUILD)/user/top/%.o: CPPFLAGS += -DHAVE_NCURSES
endif

$(BUILD)/user/%.o: user/%.c Makefile | $$(@D)
	$(say) CC $@
	$(Q)$(CC) $(ALL_CPPFLAGS) $(call cflags_of,$(PACKAGES_$(notdir $(@D)))) $(ALL_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(BUILD)/%.bpf.o: bpf/%.bpf.c Makefile | $(BUILD)
	$(say) BPF $@
	$(Q)$(CLANG) $(BPF_CFLAGS) $(DEPFLAGS) -c -o $@ $<

$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o
	$(say) SKEL $@
	$(Q)(echo '/* NOLINTBEGIN: not ours to correct */' && $(BPFTOOL) gen skeleton $< name $(*F)_bpf && echo '/* NOLINTEND */') >$@

# The first compile has no .d file yet that would say which object needs a skeleton.
$(patsubst %.c,$(BUILD)/%.o,$(wildcard user/ebpf/*.c user/owner/*.c)): | $(SKELETONS)

$(BUILD) $(BUILD)/static $(BUILD)/user $(FOLDERS:%=$(BUILD)/user/%):
	$(Q)mkdir -p $@

## static: build build/static/bpfsniff, which needs no library of the system that it runs on
static: $(BUILD)/static/bpfsniff

## help: list the targets
help:
	@sed -n 's/^## \([a-z-]*\): /  \1\t/p' Makefile user/package/package.mk $(wildcard tests/tests.mk) | expand -t 18

## clean: remove build/
clean:
	$(Q)rm -rf build

include user/package/package.mk
-include tests/tests.mk
-include $(wildcard $(BUILD)/*.d $(BUILD)/user/*.d $(BUILD)/user/*/*.d)

.PHONY: all static help clean

endif # give_away
