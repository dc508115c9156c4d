/* SPDX-License-Identifier: BSD-2-Clause */
/* cosnic replay FOLDER: a run for each file, and a table of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capture.h"
#include "cu_main.h"
#include "run.h"

static struct capture c;

static void says(const char *text, const char *words)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(text, words));
	if (!strstr(text, words))
		printf("    does not say '%s':\n%s", words, text);
}

static void files(void)
{
	struct run r;
	char *table;

	mkdir(in_tmp("caps"), 0777);
	mkdir(in_tmp("caps/below"), 0777);
	gen("caps/below/long.pcap", "--size 64 --count 3000 --flows 8");
	put("caps/a\033[2Jtext.txt", "no capture\n");
	c.len = 0;
	capture_begin(&c, CAPTURE_NS, CAPTURE_ETHERNET);
	capture_record(&c, 0, 0, 60, 60, 2);
	capture_record(&c, 0, 0, 50, 60, 2);
	c.len -= 7;
	capture_save(&c, in_tmp("caps/cut.pcap"));
	cosnic(&r, "replay --out folder caps");
	run_ended(&r, 0);
	says(r.out, "caps/below/long.pcap ");
	says(r.out, "3000 rx ");
	says(r.out, "1 rx ");
	says(r.out, "passed       skipped truncated_file 1");
	says(r.out, "caps/a?[2Jtext.txt ");
	says(r.out, "not replayed neither pcap nor pcapng");
	says(r.out,
	     "\n3 files, 3001 frames: 2 passed, 0 FAILED, 1 not replayed; 0 copies lost; of 1 rates the worst is predicted ");
	table = get("folder/files.txt");
	CU_ASSERT(strlen(table) > 200 && !strncmp(table, r.out, strlen(table)));
	free(table);
	holds("folder/0003-cut.pcap/result.json", "\"truncated_file\": 1");
	holds("folder/0003-cut.pcap/log.txt", "the file ends within a record");
	run_free(&r);
	refused(2, "--json is of one run", "give the files themselves", "replay --json caps");
}

static void nothing(void)
{
	struct run r;

	mkdir(in_tmp("empty"), 0777);
	refused(3, "empty: no file in the folder", "give one with captures", "replay --out folder2 empty");
	put("empty/text", "no capture\n");
	cosnic(&r, "replay --out folder3 empty");
	run_ended(&r, 3);
	says(r.out, "1 files, 0 frames: 0 passed, 0 FAILED, 1 not replayed");
	run_free(&r);
}

/* Files that were left out are named, records and files told apart; so is a rate that is compared with nothing. */
static void named(void)
{
	struct run r;
	json_t *in;

	gen("few.pcap", "--size 64 --count 20");
	put("text\033", "no capture\n");
	c.len = 0;
	capture_begin(&c, CAPTURE_NS, CAPTURE_ETHERNET);
	capture_record(&c, 0, 0, 50, 60, 2);
	capture_save(&c, in_tmp("snap.pcap"));
	cosnic(&r, "replay few.pcap text\033 snap.pcap");
	run_ended(&r, 0);
	says(r.err, "cosnic: text?: neither pcap nor pcapng");
	says(r.out, "records skipped: cut_by_snaplen 1; in snap.pcap\n");
	says(r.out, "files not read to the end: unreadable_file 1; in text?\n");
	in = at(r.result, "trace.skipped_in");
	CU_ASSERT_EQUAL(json_array_size(in), 2);
	CU_ASSERT_EQUAL(num(json_array_get(in, 1), "skipped.cut_by_snaplen"), 1);
	CU_ASSERT_STRING_EQUAL(json_string_value(at(json_array_get(in, 1), "file")), "snap.pcap");
	CU_ASSERT_STRING_EQUAL(json_string_value(at(r.result, "error_pct.left_out.rx")), "too_short");
	run_free(&r);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = { { "folder", "files", files },
						{ "folder", "nothing", nothing },
						{ "skipped", "named", named },
						{ NULL, NULL, NULL } };

	return cu_main(argc, argv, tests);
}
