/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows as CSV and as a table: nothing is lost, and nothing that a field holds is taken for more than text. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosnic.h"
#include "cu_main.h"
#include "result.h"
#include "rows.h"

volatile int cosnic_interrupted; /* the main program's */

/* What is written of these rows (stolen): CSV, or with keys a table. */
static const char *written(json_t *rows, const char *keys)
{
	static char *text;
	size_t size;
	FILE *f;

	CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
	free(text);
	f = open_memstream(&text, &size);
	if (keys)
		rows_table(rows, keys, f);
	else
		rows_csv(rows, f);
	fclose(f);
	json_decref(rows);
	return text;
}

/* Columns are those of all rows; what a row does not have is an empty field. */
static void columns(void)
{
	json_t *rows =
		json_pack("[{s:s, s:i}, {s:f, s:b}]", "id", "0000", "n", 7, "mpps", 148.809523, "ok", 1);

	CU_ASSERT_STRING_EQUAL(written(rows, NULL), "id,n,mpps,ok\n0000,7,,\n,,148.81,yes\n");
}

static void long_text(void)
{
	char remark[1001], want[2100];

	memset(remark, 'r', 1000);
	remark[1000] = 0;
	snprintf(want, sizeof(want), "remark\n%s\n", remark);
	CU_ASSERT_STRING_EQUAL(written(json_pack("[{s:s}]", "remark", remark), NULL), want);
	snprintf(want, sizeof(want), "%1000s  \n%s  \n", "remark", remark);
	CU_ASSERT_STRING_EQUAL(written(json_pack("[{s:s}]", "remark", remark), "remark"), want);
}

static void quotes(void)
{
	json_t *rows = json_pack("[{s:s, s:s, s:s, s:s}]", "a", "1,2", "b", "say \"so\"", "c", "two\nlines",
				 "d", "a\rb");

	CU_ASSERT_STRING_EQUAL(written(rows, NULL),
			       "a,b,c,d\n\"1,2\",\"say \"\"so\"\"\",\"two\nlines\",\"a\rb\"\n");
}

/* A spreadsheet would run what begins so; a number is none the worse for its sign. */
static void formulas(void)
{
	json_t *rows = json_pack("[{s:s, s:s, s:s, s:s, s:f, s:s}]", "=a", "=1+1", "b", "@SUM(1)", "c", "-x",
				 "d", "+x,y", "e", -1.5, "f", "-1.5e3");

	CU_ASSERT_STRING_EQUAL(written(rows, NULL),
			       "'=a,b,c,d,e,f\n'=1+1,'@SUM(1),'-x,\"'+x,y\",-1.5,-1.5e3\n");
}

/* A figure that is not known is no figure: an error of 0 % would be the best there is. */
static void unknown(void)
{
	json_t *row = json_object();

	CU_ASSERT_DOUBLE_EQUAL(result_error_pct(11, 10), 10, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(result_error_pct(9, 10), -10, 1e-9);
	row_number(row, "a", result_error_pct(0, 10));
	row_number(row, "b", result_error_pct(10, 0));
	row_number(row, "c", result_error_pct(NAN, 10));
	row_count(row, "d", NAN);
	CU_ASSERT_EQUAL(json_object_size(row), 0);
	json_decref(row);
}

/* Columns that no row has are left out, and rows that have no column. */
static void table(void)
{
	json_t *rows =
		json_pack("[{s:s, s:f}, {s:i}, {s:f}]", "id", "a", "mpps", 1234.5, "other", 1, "mpps", 2.345);

	CU_ASSERT_STRING_EQUAL(written(rows, "id none mpps"), "id  mpps  \n a  1234  \n    2.35  \n");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "rows", "columns", columns }, { "rows", "long_text", long_text },
		{ "rows", "quotes", quotes },	{ "rows", "formulas", formulas },
		{ "rows", "table", table },	{ "rows", "unknown", unknown },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
