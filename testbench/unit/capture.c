/* SPDX-License-Identifier: BSD-2-Clause */
#include "capture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <CUnit/CUnit.h>

void capture_put(struct capture *c, uint32_t v, unsigned int bytes)
{
	unsigned int i;

	for (i = 0; i < bytes; i++)
		c->b[c->len++] = (uint8_t)(v >> 8 * (c->swap ? bytes - 1 - i : i));
}

void capture_fill(struct capture *c, size_t n, uint8_t first)
{
	CU_ASSERT_FATAL(n <= sizeof(c->b) - c->len);
	while (n--)
		c->b[c->len++] = first++;
}

void capture_begin(struct capture *c, uint32_t magic, uint32_t link_type)
{
	c->len = 0;
	capture_put(c, magic, 4);
	capture_put(c, 2, 2);
	capture_put(c, 4, 2);
	capture_put(c, 0, 4);
	capture_put(c, 0, 4);
	capture_put(c, 65535, 4);
	capture_put(c, link_type, 4);
}

static void record_header(struct capture *c, uint32_t sec, uint32_t frac, uint32_t captured, uint32_t length)
{
	CU_ASSERT_FATAL(captured + 16 <= sizeof(c->b) - c->len);
	capture_put(c, sec, 4);
	capture_put(c, frac, 4);
	capture_put(c, captured, 4);
	capture_put(c, length, 4);
}

void capture_record(struct capture *c, uint32_t sec, uint32_t frac, uint32_t captured, uint32_t length,
		    uint8_t first)
{
	record_header(c, sec, frac, captured, length);
	capture_fill(c, captured, first);
}

void capture_frame(struct capture *c, const void *data, uint32_t captured, uint32_t length)
{
	record_header(c, 1, 0, captured, length);
	memcpy(c->b + c->len, data, captured);
	c->len += captured;
}

void capture_ng_begin(struct capture *c)
{
	c->len = 0;
	capture_put(c, 0x0a0d0d0a, 4);
	capture_put(c, 28, 4);
	capture_put(c, 0x1a2b3c4d, 4);
	capture_put(c, 1, 2);
	capture_put(c, 0, 2);
	capture_put(c, 0xffffffff, 4);
	capture_put(c, 0xffffffff, 4);
	capture_put(c, 28, 4);
}

/* An option's value of one byte, and its padding. */
static void put_byte(struct capture *c, uint8_t v)
{
	capture_fill(c, 1, v);
	capture_put(c, 0, 3);
}

void capture_ng_interface(struct capture *c, uint32_t link_type, uint32_t snap_length)
{
	capture_put(c, 1, 4);
	capture_put(c, 32, 4);
	capture_put(c, link_type, 2);
	capture_put(c, 0, 2);
	capture_put(c, snap_length, 4);
	capture_put(c, 9, 2); /* if_tsresol */
	capture_put(c, 1, 2);
	put_byte(c, 9);
	capture_put(c, 0, 4); /* end of options */
	capture_put(c, 32, 4);
}

void capture_ng_interface_with(struct capture *c, uint32_t link_type, uint32_t snap_length,
			       uint8_t resolution, uint64_t offset_s, uint8_t fcs)
{
	const uint32_t block = 20 + 8 + 12 + 8 + 4;

	capture_put(c, 1, 4);
	capture_put(c, block, 4);
	capture_put(c, link_type, 2);
	capture_put(c, 0, 2);
	capture_put(c, snap_length, 4);
	capture_put(c, 9, 2); /* if_tsresol */
	capture_put(c, 1, 2);
	put_byte(c, resolution);
	capture_put(c, 14, 2); /* if_tsoffset */
	capture_put(c, 8, 2);
	capture_put(c, (uint32_t)(c->swap ? offset_s >> 32 : offset_s), 4);
	capture_put(c, (uint32_t)(c->swap ? offset_s : offset_s >> 32), 4);
	capture_put(c, 13, 2); /* if_fcslen */
	capture_put(c, 1, 2);
	put_byte(c, fcs);
	capture_put(c, 0, 4);
	capture_put(c, block, 4);
}

void capture_ng_simple(struct capture *c, uint32_t length, uint8_t first)
{
	uint32_t block = 16 + (length + 3) / 4 * 4;

	CU_ASSERT_FATAL(block <= sizeof(c->b) - c->len);
	capture_put(c, 3, 4);
	capture_put(c, block, 4);
	capture_put(c, length, 4);
	capture_fill(c, length, first);
	capture_put(c, 0, (4 - length % 4) % 4);
	capture_put(c, block, 4);
}

void capture_ng_record(struct capture *c, uint32_t interface, uint64_t ns, uint32_t length, uint8_t first)
{
	uint32_t block = 32 + (length + 3) / 4 * 4;

	CU_ASSERT_FATAL(block <= sizeof(c->b) - c->len);
	capture_put(c, 6, 4);
	capture_put(c, block, 4);
	capture_put(c, interface, 4);
	capture_put(c, (uint32_t)(ns >> 32), 4);
	capture_put(c, (uint32_t)ns, 4);
	capture_put(c, length, 4);
	capture_put(c, length, 4);
	capture_fill(c, length, first);
	capture_put(c, 0, (4 - length % 4) % 4);
	capture_put(c, block, 4);
}

void capture_save(const struct capture *c, const char *path)
{
	FILE *f = fopen(path, "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(f);
	CU_ASSERT_EQUAL(fwrite(c->b, 1, c->len, f), c->len);
	CU_ASSERT_EQUAL(fclose(f), 0);
}

void capture_save_gz(const struct capture *c, const char *path, bool cut)
{
	gzFile gz = gzopen(path, "wb");
	struct stat st;

	CU_ASSERT_PTR_NOT_NULL_FATAL(gz);
	CU_ASSERT_EQUAL(gzwrite(gz, c->b, (unsigned int)c->len), (int)c->len);
	CU_ASSERT_EQUAL(gzflush(gz, Z_FULL_FLUSH), Z_OK);
	CU_ASSERT_EQUAL_FATAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(gzclose(gz), Z_OK);
	if (cut) {
		CU_ASSERT_EQUAL(truncate(path, st.st_size), 0);
	}
}
