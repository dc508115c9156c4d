/* SPDX-License-Identifier: BSD-2-Clause */
#define _GNU_SOURCE
#include "pcapng.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "advice.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET = 6,
	ORDER = 0x1a2b3c4d,
	LINK_ETHERNET = 1,
	OPT_END = 0,
	OPT_COMMENT = 1,
	SHB_USERAPPL = 4,
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_TSRESOL = 9,
	EPB_FLAGS = 2,
	EPB_HASH = 3,
	EPB_PACKETID = 5,
	EPB_QUEUE = 6,
	FLAG_IN = 1,
	FLAG_OUT = 2,
	HASH_TOEPLITZ = 5,
	NANOSECONDS = 9,
};

struct pcapng {
	FILE *f;
	char *path, *part; /* part: its name until it is whole, NULL: it has its own from the start */
	unsigned int n_interfaces;
	int error;
	/* the block that is being made */
	uint8_t *block;
	size_t len, room;
};

/* Room for a block of so many bytes. */
static void put_room(struct pcapng *w, size_t n)
{
	uint8_t *more;

	if (w->error || n <= w->room)
		return;
	more = realloc(w->block, 2 * n);
	if (!more) {
		w->error = ENOMEM;
		return;
	}
	w->block = more;
	w->room = 2 * n;
}

static void put(struct pcapng *w, const void *data, size_t n)
{
	put_room(w, w->len + n);
	if (w->error)
		return;
	memcpy(w->block + w->len, data, n);
	w->len += n;
}

static void put16(struct pcapng *w, unsigned int v)
{
	const uint16_t h = (uint16_t)v;

	put(w, &h, 2);
}

static void put32(struct pcapng *w, uint32_t v)
{
	put(w, &v, 4);
}

/* Up to the next word. */
static void pad(struct pcapng *w)
{
	put(w, "\0\0\0", -w->len & 3);
}

static void begin(struct pcapng *w, uint32_t type)
{
	w->len = 0;
	put32(w, type);
	put32(w, 0); /* its length, when that is known */
}

static void option(struct pcapng *w, unsigned int code, const void *data, size_t n)
{
	put16(w, code);
	put16(w, (unsigned int)n);
	put(w, data, n);
	pad(w);
}

static void end(struct pcapng *w)
{
	const uint32_t len = (uint32_t)w->len + 8;

	put32(w, OPT_END);
	put32(w, len);
	if (w->error)
		return;
	memcpy(w->block + 4, &len, 4);
	if (fwrite(w->block, 1, w->len, w->f) != w->len)
		w->error = errno ? errno : ENOSPC;
}

static void section(struct pcapng *w)
{
	const uint64_t unknown = UINT64_MAX;
	const char *comment = "times are the card's, from the end of its reset";

	begin(w, BLOCK_SECTION);
	put32(w, ORDER);
	put16(w, 1);
	put16(w, 0);
	put(w, &unknown, 8);
	option(w, OPT_COMMENT, comment, strlen(comment));
	option(w, SHB_USERAPPL, "cosnic", 6);
	end(w);
}

unsigned int pcapng_interface(struct pcapng *w, const char *name, const char *description)
{
	const uint8_t resolution = NANOSECONDS;

	begin(w, BLOCK_INTERFACE);
	put16(w, LINK_ETHERNET);
	put16(w, 0);
	put32(w, 0); /* nothing is cut */
	option(w, IF_NAME, name, strlen(name));
	option(w, IF_DESCRIPTION, description, strlen(description));
	option(w, IF_TSRESOL, &resolution, 1);
	end(w);
	return w->n_interfaces++;
}

void pcapng_write(struct pcapng *w, const struct pcapng_packet *p)
{
	const uint32_t flags = p->out ? FLAG_OUT : FLAG_IN, queue = (uint32_t)p->queue;
	/* as the specification shows hashes: most significant byte first */
	const uint8_t hash[5] = { HASH_TOEPLITZ, (uint8_t)(p->toeplitz >> 24), (uint8_t)(p->toeplitz >> 16),
				  (uint8_t)(p->toeplitz >> 8), (uint8_t)p->toeplitz };

	begin(w, BLOCK_PACKET);
	put32(w, p->interface);
	put32(w, (uint32_t)(p->ns >> 32));
	put32(w, (uint32_t)p->ns);
	put32(w, p->len);
	put32(w, p->len);
	put(w, p->data, p->len);
	pad(w);
	option(w, EPB_FLAGS, &flags, 4);
	if (p->has_hash)
		option(w, EPB_HASH, hash, sizeof(hash));
	if (p->id != UINT64_MAX)
		option(w, EPB_PACKETID, &p->id, 8);
	if (p->queue >= 0)
		option(w, EPB_QUEUE, &queue, 4);
	if (p->comment)
		option(w, OPT_COMMENT, p->comment, strlen(p->comment));
	end(w);
}

/* The comment of the packet that is in w->block; it is the last of its options. NULL: none. */
static char *comment_of(struct pcapng *w, size_t *len)
{
	uint32_t captured;
	uint16_t option[2];
	size_t at;

	memcpy(&captured, w->block + 20, 4);
	for (at = 28 + (((size_t)captured + 3) & ~(size_t)3); at + 4 <= w->len;
	     at += 4 + ((option[1] + 3u) & ~3u)) {
		memcpy(option, w->block + at, 4);
		if (option[0] == OPT_END)
			return NULL;
		*len = option[1];
		if (option[0] == OPT_COMMENT)
			return (char *)w->block + at + 4;
	}
	return NULL;
}

void pcapng_comments(struct pcapng *w, pcapng_comment_fn fn, void *ctx)
{
	uint32_t head[2];
	char *comment;
	size_t len;
	long at;

	if (w->error || !w->part)
		return;
	for (at = 0; !fseek(w->f, at, SEEK_SET) && fread(head, sizeof(head), 1, w->f) == 1; at += head[1]) {
		w->len = 0;
		put(w, head, sizeof(head));
		if (head[0] != BLOCK_PACKET)
			continue;
		put_room(w, head[1]);
		if (w->error || fread(w->block + 8, head[1] - 8, 1, w->f) != 1)
			break;
		w->len = head[1];
		comment = comment_of(w, &len);
		if (comment && fn(ctx, comment, len) &&
		    (fseek(w->f, at, SEEK_SET) || fwrite(w->block, head[1], 1, w->f) != 1))
			w->error = errno ? errno : EIO;
	}
	if (ferror(w->f) && !w->error)
		w->error = errno ? errno : EIO;
}

int pcapng_error(const struct pcapng *w)
{
	return w->error;
}

struct pcapng *pcapng_create(const char *path, char *err, size_t err_size)
{
	struct pcapng *w = calloc(1, sizeof(*w));
	struct stat st;

	if (w)
		w->path = strdup(path);
	if (!w || !w->path ||
	    ((stat(path, &st) || S_ISREG(st.st_mode)) && asprintf(&w->part, "%s.part", path) < 0)) {
		snprintf(err, err_size, "out of memory");
		if (w)
			free(w->path);
		free(w);
		return NULL;
	}
	w->f = fopen(w->part ? w->part : path, w->part ? "w+b" : "wb");
	if (!w->f) {
		snprintf(err, err_size, "%s: %s; %s another file", path, strerror(errno),
			 advice_write(errno));
		free(w->part);
		free(w->path);
		free(w);
		return NULL;
	}
	/* a pipe whose reader has gone, and a file over the limit, are errors like a full disk */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	section(w);
	return w;
}

int pcapng_close(struct pcapng *w)
{
	int ret;

	if (fclose(w->f) && !w->error)
		w->error = errno;
	if (w->part && !w->error && rename(w->part, w->path))
		w->error = errno;
	if (w->part && w->error)
		unlink(w->part);
	ret = -w->error;
	free(w->block);
	free(w->part);
	free(w->path);
	free(w);
	return ret;
}
