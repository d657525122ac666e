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
USES_sandbox  := base
USES_savefile := packet base sandbox
USES_filter   := decode packet base sandbox
USES_stats    := packet base
USES_ebpf     := filter base
USES_capture  := ebpf filter sandbox packet base
USES_control  := ebpf
USES_cli      := capture filter savefile print sandbox packet base
USES_run      := cli control capture ebpf stats filter savefile sandbox print decode packet base
FOLDERS       := base packet decode print sandbox savefile filter stats ebpf capture control cli run

# The packages that a folder links with.
PACKAGES_sandbox  := libcap-ng libseccomp
PACKAGES_savefile := zlib libzstd
PACKAGES_filter   := libpcap
PACKAGES_ebpf     := libbpf

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
$(patsubst %.c,$(BUILD)/%.o,$(wildcard user/ebpf/*.c)): | $(SKELETONS)

$(BUILD) $(BUILD)/static $(BUILD)/user $(FOLDERS:%=$(BUILD)/user/%):
	$(Q)mkdir -p $@

## static: build build/static/bpfsniff, which needs no library of the system that it runs on
static: $(BUILD)/static/bpfsniff

## install: install program, manual and completions (PREFIX=/usr/local DESTDIR=; SETCAP=1 lets the group bpfsniff sniff)
install: all $(if $(SETCAP),install-group)
	$(say) INSTALL $(DESTDIR)$(BINDIR)/bpfsniff
	$(Q)$(INSTALL) -D $(if $(SETCAP),-m 750 -g $(GROUP),-m 755) $(BUILD)/bpfsniff '$(DESTDIR)$(BINDIR)/bpfsniff'
	$(Q)$(INSTALL) -D -m 644 $(BUILD)/bpfsniff.8 '$(DESTDIR)$(MANDIR)/man8/bpfsniff.8'
	$(Q)$(INSTALL) -D -m 644 user/package/completion/bpfsniff.bash '$(DESTDIR)$(BASHDIR)/bpfsniff'
	$(Q)$(INSTALL) -D -m 644 user/package/completion/bpfsniff.zsh '$(DESTDIR)$(ZSHDIR)/_bpfsniff'
	$(Q)$(INSTALL) -D -m 644 user/package/completion/bpfsniff.fish '$(DESTDIR)$(FISHDIR)/bpfsniff.fish'
	$(Q)folder='$(EXTCAPDIR)'; [ -z "$$folder" ] || { $(INSTALL) -d '$(DESTDIR)'"$$folder" && \
		ln -sf '$(BINDIR)/bpfsniff' '$(DESTDIR)'"$$folder/bpfsniff"; }
	$(if $(SETCAP),$(Q)setcap $(CAPABILITIES) '$(BINDIR)/bpfsniff')
	$(if $(SETCAP),@echo 'the members of the group $(GROUP) can sniff now: $(if $(SUDO_UID),sudo )usermod -aG $(GROUP) USER makes one at the next login')

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
	$(Q)mv $(BUILD)/deb/source/user/package/debian $(BUILD)/deb/source
	$(Q)sed -i 's/@VERSION@/$(VERSION)/' $(BUILD)/deb/source/debian/changelog
	$(say) DEB $(BUILD)/deb
	$(Q)cd $(BUILD)/deb/source && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u BUILD dpkg-buildpackage -b -us -uc >../build.log 2>&1 || \
		{ tail -n 30 ../build.log >&2; exit 1; }
	$(Q)rm -r $(BUILD)/deb/source

## help: list the targets
help:
	@sed -n 's/^## \([a-z-]*\): /  \1\t/p' Makefile $(wildcard tests/tests.mk) | expand -t 18

## clean: remove build/
clean:
	$(Q)rm -rf build

-include tests/tests.mk
-include $(wildcard $(BUILD)/*.d $(BUILD)/user/*.d $(BUILD)/user/*/*.d)

.PHONY: all static deb install install-group uninstall help clean

endif # give_away
