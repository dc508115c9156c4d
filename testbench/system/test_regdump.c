/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic regs: a register dump by register and field. */
#include <stdio.h>
#include <string.h>

#include "cu_main.h"
#include "run.h"

/* Bytes as ethtool writes them: what REGISTERS.md says of these values is on the right. */
static const unsigned char dump[] = {
	0x00, 0x00, 0,	  0,
	'S',  'N',  'I',  'C', /* MAGIC */
	0x40, 0x00, 0,	  0,
	0x01, 0x00, 0x00, 0x00, /* FUNC_CTRL: bit 0 enable, bit 1 reset */
	0x64, 0x00, 0,	  0,
	0xa0, 0x86, 0x01, 0x00, /* the second LINK_SPEED */
	0x50, 0x10, 0,	  0,
	0x0a, 0x00, 0x00, 0x80, /* TXQ_CFG of queue 1 (stride 0x40): size in bits 4:0, enable in bit 31 */
	0xfc, 0xff, 0,	  0,
	0xff, 0xff, 0xff, 0xff, /* no register */
};

static void save(const char *name, size_t len)
{
	FILE *f = fopen(in_tmp(name), "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL(fwrite(dump, 1, len, f), len);
	fclose(f);
}

static void fields(void)
{
	struct run r;

	save("regs.bin", sizeof(dump));
	cosnic(&r, "regs regs.bin");
	run_ended(&r, 0);
	CU_ASSERT_STRING_EQUAL(
		r.out, "0x0000  MAGIC              0x43494e53\n"
		       "0x0040  FUNC_CTRL          0x00000001  ENABLE 1, RESET 0\n"
		       "0x0064  LINK_SPEED[1]      0x000186a0\n"
		       "0x1050  TXQ_CFG[1]         0x8000000a  LOG2 10, VEC 0, IRQ 0, BUSY 0, ENABLE 1\n"
		       "0xfffc  -                  0xffffffff\n");
	run_free(&r);
}

static void no_dump(void)
{
	save("cut.bin", sizeof(dump) - 3);
	refused(3, "cut.bin", "ethtool -d DEVICE raw on", "regs cut.bin");
	save("none.bin", 0);
	refused(3, "none.bin", "ethtool -d DEVICE raw on", "regs none.bin");
	refused(3, "missing.bin", "No such file", "regs missing.bin");
	refused(2, "the dump is missing", "FILE", "regs");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = { { "regdump", "fields", fields },
						{ "regdump", "no_dump", no_dump },
						{ NULL, NULL, NULL } };

	return cu_main(argc, argv, tests);
}
