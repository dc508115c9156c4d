# SPDX-License-Identifier: BSD-2-Clause
# make install: what is built, below DESTDIR, for PREFIX; an installed tree may be moved as a whole. make deb: as Debian packages.

PREFIX ?= /usr/local

.PHONY: install deb
install: all man
	@packaging/install.sh $(B) "$(DESTDIR)$(PREFIX)"

deb: all man $(B)/trace/libsnic_sim.so
	@$(MAKE) --no-print-directory qemu
	@packaging/deb.sh $(B) $(VERSION) $(COMMIT)
	@[[ $(MARCH) != native ]] || echo "  deb         for CPUs that have all that this one has; for others: make deb MARCH=x86-64-v2"
