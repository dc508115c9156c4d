/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cosnic regs: what `ethtool -d DEVICE raw on` printed, by register and field. The driver's dump is pairs of 32-bit words,
 * little endian: offset, value.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cosnic.h"
#include "printable.h"
#include "snic_contract.h"

static const struct {
	const char *name;
	uint32_t offset, count, stride;
} registers[] = {
#define REG(name, offset, access, reset, scope, why) { #name, offset, 1, 0 },
#define REG_ARRAY(name, offset, count, stride, access, scope, why) { #name, offset, count, stride },
#include "snic_regs.def"
};

static const struct {
	const char *reg, *name;
	unsigned int lsb, width;
} fields[] = {
#define REG_FIELD(reg, field, lsb, width, access, reset, meaning) { #reg, #field, lsb, width },
#include "snic_fields.def"
};

/* What is no register of this contract has its offset alone. */
static const char *name_of(uint32_t offset, char *buf, size_t size)
{
	size_t i;

	for (i = 0; i < sizeof(registers) / sizeof(*registers); i++) {
		uint32_t from = offset - registers[i].offset, stride = registers[i].stride;

		if (offset < registers[i].offset ||
		    (stride ? from % stride || from / stride >= registers[i].count : from))
			continue;
		if (stride)
			snprintf(buf, size, "%s[%u]", registers[i].name, from / stride);
		else
			snprintf(buf, size, "%s", registers[i].name);
		return registers[i].name;
	}
	snprintf(buf, size, "-");
	return NULL;
}

static void show(uint32_t offset, uint32_t value)
{
	const char *reg, *gap = "  ";
	char name[64];
	size_t i;

	reg = name_of(offset, name, sizeof(name));
	printf("0x%04x  %-18s 0x%08x", offset, name, value);
	for (i = 0; reg && i < sizeof(fields) / sizeof(*fields); i++)
		if (!strcmp(fields[i].reg, reg)) {
			printf("%s%s %u", gap, fields[i].name,
			       value >> fields[i].lsb & (uint32_t)((UINT64_C(1) << fields[i].width) - 1));
			gap = ", ";
		}
	putchar('\n');
}

static uint32_t le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Every register of BAR0 is a pair. */
static uint8_t dump[SNIC_BAR_BYTES * 2];

int cmd_regs(int argc, char **argv)
{
	char shown[256];
	size_t n, i;
	FILE *f;

	if (argc != 2)
		return usage_error("", "regs: %s",
				   argc < 2 ? "the dump is missing: FILE, or - for standard input"
					    : "one dump at a time");
	printable(shown, sizeof(shown), argv[1]);
	f = strcmp(argv[1], "-") ? fopen(argv[1], "rb") : stdin;
	n = f ? fread(dump, 1, sizeof(dump), f) : 0;
	if (!f || ferror(f)) {
		fprintf(stderr, "cosnic: %s: %s\n", shown, strerror(errno));
		return EXIT_INPUT;
	}
	if (!n || n % 8 || fgetc(f) != EOF) {
		fprintf(stderr,
			"cosnic: %s: %s: give what `ethtool -d DEVICE raw on` wrote, pairs of 32-bit words\n",
			shown,
			!n	? "empty"
			: n % 8 ? "ends within a pair"
				: "longer than all registers");
		return EXIT_INPUT;
	}
	if (f != stdin)
		fclose(f);
	for (i = 0; i < n; i += 8)
		show(le32(dump + i), le32(dump + i + 4));
	return EXIT_OK;
}
