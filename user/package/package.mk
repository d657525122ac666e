# SPDX-License-Identifier: BSD-2-Clause
#
# How the program gets onto a machine: make install, make uninstall, make deb; the Makefile at the top includes it.

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
	$(Q)cp -r Makefile LICENSE README.md COMPARISON.md bpf user include vmlinux $(BUILD)/deb/source
	$(Q)mv $(BUILD)/deb/source/user/package/debian $(BUILD)/deb/source
	$(Q)sed -i 's/@VERSION@/$(VERSION)/' $(BUILD)/deb/source/debian/changelog
	$(say) DEB $(BUILD)/deb
	$(Q)cd $(BUILD)/deb/source && env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS -u BUILD dpkg-buildpackage -b -us -uc >../build.log 2>&1 || \
		{ tail -n 30 ../build.log >&2; exit 1; }
	$(Q)rm -r $(BUILD)/deb/source

.PHONY: deb install install-group uninstall
