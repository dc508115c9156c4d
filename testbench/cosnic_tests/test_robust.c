/* SPDX-License-Identifier: BSD-2-Clause */
/* Damaged captures and made-up command lines, by seed: an answer each time, nothing read or written that is not there. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture.h"
#include "cu_main.h"
#include "frame.h"
#include "options.h"
#include "traffic.h"

#define CAPTURES 200
#define COMMAND_LINES 200
#define MAX_FRAMES 3000 /* of a capture that says it has many */

static char path[] = "/tmp/test_robust.XXXXXX";
static struct capture c, whole;
static uint64_t state;

static unsigned int draw(unsigned int n)
{
	return (unsigned int)(cu_rand(&state) % n);
}

static size_t any_frame(uint8_t *frame)
{
	const struct frame_spec s = { .dmac = { 2, 0, 0, 0, 0, 1 },
				      .smac = { 2, 0, 0, 0, 0, 2 },
				      .flow = draw(50),
				      .encap = (enum encap)draw(ENCAP_MPLSOGRE + 1),
				      .len = 60 + draw(3000) };

	return frame_build(&s, frame);
}

/* A good capture of some kind: pcap of either resolution and byte order and of several link types, or pcapng. */
static void good(unsigned int kind)
{
	static const uint32_t links[] = {
		CAPTURE_ETHERNET, CAPTURE_RAW_IP, CAPTURE_LINUX_SLL, 0, 9, 108, 276
	};
	uint8_t frame[FRAME_MTU_MAX];
	unsigned int i;
	size_t len;

	c.len = 0;
	c.swap = kind & 1;
	if (kind % 3 == 2) {
		capture_ng_begin(&c);
		capture_ng_interface_with(&c, CAPTURE_ETHERNET, 0, (uint8_t)draw(10), draw(100),
					  (uint8_t)(draw(2) * 4));
		capture_ng_interface(&c, links[draw(2) * draw(7)], 96);
		for (i = 0; i < 20; i++) {
			if (draw(4))
				capture_ng_record(&c, draw(2), i * 1000000ull, 60 + draw(200),
						  (uint8_t)draw(256));
			else
				capture_ng_simple(&c, 60 + draw(200), 2);
		}
		return;
	}
	capture_begin(&c, kind & 2 ? CAPTURE_NS : CAPTURE_US,
		      links[draw(2) * draw(7)] | (draw(4) ? 0 : 0x24000000u));
	for (i = 0; i < 20; i++) {
		len = any_frame(frame);
		capture_frame(&c, frame, (uint32_t)len, (uint32_t)(len + (draw(5) ? 0 : draw(10000))));
	}
}

/* Some bytes of it changed, taken out, doubled, or all after some place gone. */
static void damage(void)
{
	unsigned int n = 1 + draw(3), i;
	size_t at, len;

	for (i = 0; i < n && c.len > 8; i++) {
		at = draw(4) ? draw((unsigned int)c.len) : draw(64) % c.len;
		switch (draw(6)) {
		case 0:
			c.b[at] ^= (uint8_t)(1u << draw(8));
			break;
		case 1: /* a field of all ones, or of none */
			len = c.len - at < 4 ? c.len - at : 4;
			memset(c.b + at, draw(2) ? 0xff : 0, len);
			break;
		case 2:
			c.len = at + 1;
			break;
		case 3:
			len = 1 + draw(64);
			len = len < c.len - at ? len : c.len - at;
			memmove(c.b + at, c.b + at + len, c.len - at - len);
			c.len -= len;
			break;
		case 4:
			len = 1 + draw(64);
			if (c.len + len > sizeof(c.b) || c.len - at < len)
				break;
			memmove(c.b + at + len, c.b + at, c.len - at);
			c.len += len;
			break;
		default:
			c.b[at] = (uint8_t)draw(256);
			break;
		}
	}
}

/* Reads it as a run would, all that can be changed in frames changed. */
static unsigned int frames_of(const char *line)
{
	static struct traffic_frame f;
	char words[256], *argv[32], *word;
	unsigned int n = 0, dir;
	struct traffic *t;
	struct options o;
	uint64_t due = 0;
	int argc = 0;

	snprintf(words, sizeof(words), "replay %s %s", line, path);
	for (word = strtok(words, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	CU_ASSERT_EQUAL_FATAL(options_parse(&o, "replay", argc, argv), EXIT_OK);
	for (dir = 0; dir < N_LANE; dir++) {
		if (!(traffic_lanes(&o) & 1u << dir))
			continue;
		t = traffic_open(&o, (enum lane_dir)dir, false);
		CU_ASSERT_PTR_NOT_NULL_FATAL(t);
		for (due = 0; n < MAX_FRAMES && traffic_next(t, &f); n++) {
			CU_ASSERT(f.len >= SNIC_FRAME_MIN && f.len <= SNIC_FRAME_MAX);
			CU_ASSERT(f.due_ps >= due);
			CU_ASSERT(f.src_func <= o.vfs && f.dst_func <= o.vfs);
			due = f.due_ps;
		}
		traffic_close(t);
	}
	return n;
}

static void captures(void)
{
	static const char *const lines[] = {
		"-t",
		"-x 1 --fixlen pad --direction tx --vfs 3 --queues 4",
		"-x 0.5 --maxsleep 0 --fixlen trunc --fixcsum --pnat 0.0.0.0/0:10.0.0.0/8,[::/0]:[fd00::/8] --vfs 4 --ports 2",
		"-p 1000 --segment 576 --fixcsum --enet-vlan add --enet-vlan-tag 7 --direction both --vfs 2",
		"-F ip --frames 2-9,11- --enet-vlan del --direction vf2vf --vfs 2",
		"--segment 1500 --fixlen pad --keep-macs --enet-dmac 52:54:00:00:00:01 -l 2",
	};
	unsigned int i, frames = 0, good_frames = 0;

	state = cu_seed();
	for (i = 0; i < CAPTURES; i++) {
		good(i);
		whole = c;
		damage();
		capture_save(&c, path);
		frames += frames_of(lines[i % 6]);
		if (i % 4)
			continue;
		capture_save_gz(&c, path, i % 8);
		frames += frames_of(lines[i % 6]);
		capture_save(&whole, path);
		good_frames += frames_of("-t");
	}
	printf("    %u captures, %u frames of them; %u of %u undamaged ones\n", CAPTURES, frames, good_frames,
	       CAPTURES / 4);
	CU_ASSERT(frames > 800);
	CU_ASSERT(good_frames > 500);
}

static const char *any_value(char *buf, size_t size)
{
	static const char *const values[] = {
		"0",
		"1",
		"2",
		"8",
		"64",
		"255",
		"256",
		"1500",
		"65535",
		"-1",
		"18446744073709551615",
		"18446744073709551616",
		"0x10",
		"1e9",
		"nan",
		"inf",
		"-inf",
		"1.5",
		"",
		" ",
		"gen4x16",
		"gen9x99",
		"gen4x",
		"rx",
		"tx",
		"both",
		"vf2vf",
		"pad",
		"none",
		"imix",
		"tcp",
		"64-128",
		"9018",
		"late:ns=5",
		"late:",
		"lost:func=1-300",
		"x:y=z",
		"/nonexistent",
		"/tmp",
		"a.pcap",
		"ip",
		"ip and (",
		"10-20,40-",
		"-",
		"--",
		"10.0.0.0/8:11.0.0.0/8",
		"[::/0]:[::/0]",
		"add",
		"del",
		"52:54:00:12:34:56",
		"802.1q",
		"run.fst:1:2",
		"run.fst:",
		"%s%n%p",
		"\xff\xfe",
		"netdev:user",
		"pcap:a",
		"loop",
		"virtual",
		"free",
		"genx",
		"100",
		"4096",
		"0.5",
	};
	unsigned int n = sizeof(values) / sizeof(values[0]), k = draw(n + 2);

	if (k < n)
		snprintf(buf, size, "%s", values[k]);
	else if (k == n)
		memset(buf, 'a', size - 1), buf[size - 1] = 0;
	else
		snprintf(buf, size, "%s%c%u", values[draw(n)], 32 + draw(95), draw(1000));
	return buf;
}

/* One line on stderr when it is refused, none when it is taken. */
static void command_lines(void)
{
	static char text[24][400];
	/* the others look at their words themselves */
	static const enum command_id commands[] = { CMD_GEN,	 CMD_REPLAY, CMD_REPLAY, CMD_PREDICT,
						    CMD_EXPLAIN, CMD_GUEST,  CMD_INFO };
	unsigned int i, k, n, taken = 0, nl, command;
	char *argv[25], said[2048];
	struct options o;
	FILE *tmp = tmpfile();
	size_t len;
	int err, ret;

	CU_ASSERT_PTR_NOT_NULL_FATAL(tmp);
	state = cu_seed();
	for (i = 0; i < COMMAND_LINES; i++) {
		command = commands[draw(sizeof(commands) / sizeof(commands[0]))];
		n = 1;
		snprintf(text[0], sizeof(text[0]), "%s", command_rows[command].name);
		for (k = draw(6); k; k--) {
			const struct option_row *row = &option_rows[draw(N_OPTIONS)];
			char value[300];

			snprintf(text[n], sizeof(text[n]), draw(3) ? "--%s=%s" : "--%s", row->name,
				 any_value(value, sizeof(value)));
			if (!draw(8) && text[n][2])
				text[n][2 + draw((unsigned int)strlen(text[n]) - 2)] = (char)(33 + draw(90));
			if (draw(3) && n + 2 < 24)
				any_value(text[++n], sizeof(text[n]));
			n++;
		}
		snprintf(text[n++], sizeof(text[0]), "%s", draw(2) ? "a.pcap" : "--");
		for (k = 0; k < n; k++)
			argv[k] = text[k];
		argv[n] = NULL;
		rewind(tmp);
		CU_ASSERT_EQUAL(ftruncate(fileno(tmp), 0), 0);
		fflush(stderr);
		err = dup(2);
		dup2(fileno(tmp), 2);
		ret = options_parse(&o, text[0], (int)n, argv);
		fflush(stderr);
		dup2(err, 2);
		close(err);
		rewind(tmp);
		len = fread(said, 1, sizeof(said) - 1, tmp);
		for (nl = 0, k = 0; k < len; k++)
			nl += said[k] == '\n';
		taken += ret == EXIT_OK;
		CU_ASSERT(ret == EXIT_OK || ret == EXIT_USAGE);
		CU_ASSERT_EQUAL(nl, ret != EXIT_OK);
		if (nl != (ret != EXIT_OK))
			printf("    %u: %s %s ...: %.*s\n", i, text[0], text[1], (int)len, said);
	}
	fclose(tmp);
	printf("    %u of %u taken\n", taken, COMMAND_LINES);
	CU_ASSERT(taken > 5);
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "robust", "captures", captures },
		{ "robust", "command_lines", command_lines },
		{ NULL, NULL, NULL },
	};
	int fd = mkstemp(path), ret;

	if (fd < 0 || close(fd))
		return 1;
	ret = cu_main(argc, argv, tests);
	unlink(path);
	return ret;
}
