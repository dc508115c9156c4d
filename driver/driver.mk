# SPDX-License-Identifier: BSD-2-Clause
# driver/hw with the user-space osdep, and the poll-mode driver over it.

DRIVER_SRC := $(wildcard driver/hw/*.c driver/pmd/*.c)
DRIVER_LIB := $(B)/driver/libsnic_pmd.a
INC_DRIVER := -Idriver/hw -Idriver/pmd

$(B)/driver/%.o: driver/%.c $(wildcard driver/hw/*.h driver/pmd/*.h) $(CONTRACT_DEFS)
	@echo "  build       $@"; mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SAN) $(INC_CONTRACT) $(INC_DRIVER) -c $< -o $@

$(DRIVER_LIB): $(DRIVER_SRC:%.c=$(B)/%.o)
	rm -f $@
	ar rcs $@ $^
