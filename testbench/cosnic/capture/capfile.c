/* SPDX-License-Identifier: BSD-2-Clause */
#include "capfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define NS_PER_S 1000000000ll
/* Blocks that are passed over; a longer one is damage (Wireshark has the same limit). */
#define MAX_BLOCK (16u << 20)
/* So many records of no bytes in a row, and the rest is taken for a hole in the file. */
#define MAX_EMPTY 65536u

enum {
	MAGIC_US = 0xa1b2c3d4u,
	MAGIC_NS = 0xa1b23c4du,
	MAGIC_KUZNETZOV = 0xa1b2cd34u, /* eight more bytes in each record's head */
	BLOCK_SECTION = 0x0a0d0d0au,   /* reads the same in both orders */
	BLOCK_ORDER = 0x1a2b3c4du,
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OLD = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_PACKET = 6,
	OPT_END = 0,
	OPT_TSRESOL = 9,
	OPT_FCSLEN = 13,
	OPT_TSOFFSET = 14,
	OPT_PACKET_FLAGS = 2,
};

struct interface {
	uint16_t link_type;
	uint32_t snaplen; /* 0: no limit */
	uint32_t fcs;
	uint8_t tsresol;
	int64_t offset_s;
};

struct capfile {
	gzFile gz;
	bool ng, swap, over;
	/* pcap */
	uint32_t link_type, fcs, extra;
	bool nano;
	/* pcapng */
	struct interface *ifs;
	unsigned int n_ifs;
	uint32_t empty;
	uint8_t *buf;
	size_t room;
};

static struct alias {
	const char *name;
	char path[32];
} * aliases;
static unsigned int n_aliases;

bool capfile_alias(const char *name, const char *path)
{
	struct alias *more = realloc(aliases, (n_aliases + 1) * sizeof(*more));

	if (!more)
		return false;
	aliases = more;
	more[n_aliases].name = name;
	snprintf(more[n_aliases++].path, sizeof(more->path), "%s", path);
	return true;
}

const char *capfile_path(const char *name)
{
	unsigned int i;

	for (i = 0; i < n_aliases; i++)
		if (!strcmp(aliases[i].name, name))
			return aliases[i].path;
	return name;
}

static uint16_t get16(const struct capfile *c, const uint8_t *b)
{
	uint16_t v;

	memcpy(&v, b, sizeof(v));
	return c->swap ? __builtin_bswap16(v) : v;
}

static uint32_t get32(const struct capfile *c, const uint8_t *b)
{
	uint32_t v;

	memcpy(&v, b, sizeof(v));
	return c->swap ? __builtin_bswap32(v) : v;
}

static bool host_little(void)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;
}

/* How many of n bytes are there; -1: they cannot be read. */
static int64_t take(struct capfile *c, void *to, uint32_t n)
{
	int got = gzread(c->gz, to, n), err;

	gzerror(c->gz, &err);
	/* What follows a whole gzip member is passed over; within one, data that end early or are damaged are an error. */
	if (got < 0)
		return err == Z_BUF_ERROR || err == Z_DATA_ERROR ? 0 : -1;
	return got;
}

static enum capfile_status end(struct capfile *c, enum capfile_status s, const char *why, char *err,
			       size_t err_size)
{
	c->over = true;
	snprintf(err, err_size, "%s", why);
	return s;
}

/* Why fewer bytes came than were asked for. */
static enum capfile_status short_read(struct capfile *c, int64_t got, const char *what, char *err,
				      size_t err_size)
{
	char text[96];
	int gzerr;
	const char *gz = gzerror(c->gz, &gzerr);

	if (got < 0) {
		snprintf(text, sizeof(text), "%s", gzerr == Z_ERRNO ? strerror(errno) : gz);
		return end(c, CAPFILE_CUT, text, err, err_size);
	}
	if (gzerr == Z_BUF_ERROR)
		return end(c, CAPFILE_CUT, "the compressed data end too early", err, err_size);
	if (gzerr == Z_DATA_ERROR)
		return end(c, CAPFILE_DAMAGED, "the compressed data are damaged", err, err_size);
	snprintf(text, sizeof(text), "the file ends within %s", what);
	return end(c, CAPFILE_CUT, text, err, err_size);
}

static bool room(struct capfile *c, size_t n)
{
	uint8_t *b;

	if (n <= c->room)
		return true;
	b = realloc(c->buf, n);
	if (!b)
		return false;
	c->buf = b;
	c->room = n;
	return true;
}

/* ---- pcap ---- */

static bool open_pcap(struct capfile *c, uint32_t magic, char *err, size_t err_size)
{
	uint8_t h[20];
	uint32_t word;

	if (take(c, h, sizeof(h)) != sizeof(h)) {
		snprintf(err, err_size, "the file ends within its head");
		return false;
	}
	if (get16(c, h) != 2) {
		snprintf(err, err_size, "pcap version %u.%u is not known", get16(c, h), get16(c, h + 2));
		return false;
	}
	c->nano = magic == MAGIC_NS;
	c->extra = magic == MAGIC_KUZNETZOV ? 8 : 0;
	word = get32(c, h + 16);
	/* pcap-savefile(5): bits 31:28 octet pairs of FCS when bit 26 is set; link type below */
	c->link_type = word & 0xffff;
	c->fcs = word & 1u << 26 ? (word >> 28) * 2 : 0;
	return true;
}

static enum capfile_status next_pcap(struct capfile *c, struct capfile_record *r, char *err, size_t err_size)
{
	uint8_t h[24];
	uint32_t head = 16 + c->extra;
	int64_t got = take(c, h, head);
	uint32_t frac;

	if (got != head) {
		int gzerr;

		gzerror(c->gz, &gzerr);
		if (got == 0 && gzerr == Z_OK) {
			c->over = true;
			return CAPFILE_END;
		}
		return short_read(c, got, "the head of a record", err, err_size);
	}
	r->caplen = get32(c, h + 8);
	r->len = get32(c, h + 12);
	if (r->caplen > CAPFILE_MAX_RECORD)
		return end(c, CAPFILE_DAMAGED, "a record claims to be longer than 262144 bytes", err,
			   err_size);
	if (!room(c, r->caplen + 1))
		return end(c, CAPFILE_DAMAGED, "out of memory", err, err_size);
	got = take(c, c->buf, r->caplen);
	if (got != r->caplen)
		return short_read(c, got, "a record", err, err_size);
	frac = get32(c, h + 4);
	r->data = c->buf;
	r->link_type = (uint16_t)c->link_type;
	r->fcs = c->fcs;
	r->has_time = true;
	r->little = host_little() != c->swap;
	r->ns = (int64_t)get32(c, h) * NS_PER_S + (int64_t)frac * (c->nano ? 1 : 1000);
	return CAPFILE_RECORD;
}

/* ---- pcapng ---- */

/* Options from b to end: the value of the one with this code, or NULL. */
static const uint8_t *option(const struct capfile *c, const uint8_t *b, const uint8_t *end, uint16_t code,
			     uint16_t size)
{
	while (end - b >= 4) {
		uint16_t is = get16(c, b), len = get16(c, b + 2);
		uint32_t padded = (len + 3u) & ~3u;

		b += 4;
		if (is == OPT_END || (size_t)(end - b) < padded)
			return NULL;
		if (is == code && len >= size)
			return b;
		b += padded;
	}
	return NULL;
}

static bool add_interface(struct capfile *c, const uint8_t *b, uint32_t n)
{
	struct interface *ifs = realloc(c->ifs, (c->n_ifs + 1) * sizeof(*ifs)), *i;
	const uint8_t *o;

	if (!ifs)
		return false;
	c->ifs = ifs;
	i = &ifs[c->n_ifs++];
	*i = (struct interface){ .link_type = get16(c, b), .snaplen = get32(c, b + 4), .tsresol = 6 };
	o = option(c, b + 8, b + n, OPT_TSRESOL, 1);
	if (o)
		i->tsresol = *o;
	o = option(c, b + 8, b + n, OPT_FCSLEN, 1);
	if (o)
		i->fcs = *o;
	o = option(c, b + 8, b + n, OPT_TSOFFSET, 8);
	if (o) {
		uint64_t v;

		memcpy(&v, o, sizeof(v));
		i->offset_s = (int64_t)(c->swap ? __builtin_bswap64(v) : v);
	}
	return true;
}

/* Nanoseconds since 1970 of a count of the interface's units; false: they do not fit 64 bits (year 2262). */
static bool stamp(const struct interface *i, uint64_t units, int64_t *ns)
{
	unsigned int power = i->tsresol & 0x7f, k;
	__int128 v = units;

	if (i->tsresol & 0x80) {
		if (power > 63)
			return false;
		v = (__int128)(units >> power) * NS_PER_S +
		    (((__int128)(units & ((1ull << power) - 1)) * NS_PER_S) >> power);
	} else {
		for (k = power; k < 9; k++)
			v *= 10;
		for (k = 9; k < power && v; k++)
			v /= 10;
	}
	v += (__int128)i->offset_s * NS_PER_S;
	if (v > INT64_MAX || v < INT64_MIN)
		return false;
	*ns = (int64_t)v;
	return true;
}

/* A packet block of n bytes after its type and length; false: it is damaged. */
static bool packet(struct capfile *c, uint32_t type, const uint8_t *b, uint32_t n, struct capfile_record *r)
{
	uint32_t id = 0, head = type == BLOCK_PACKET_SIMPLE ? 4 : 20;
	const struct interface *i;
	const uint8_t *o;

	if (n < head)
		return false;
	if (type == BLOCK_PACKET)
		id = get32(c, b);
	else if (type == BLOCK_PACKET_OLD)
		id = get16(c, b);
	if (id >= c->n_ifs)
		return false;
	i = &c->ifs[id];
	r->link_type = i->link_type;
	r->fcs = i->fcs;
	r->has_time = false;
	r->little = host_little() != c->swap;
	r->data = b + head;
	if (type == BLOCK_PACKET_SIMPLE) {
		r->len = get32(c, b);
		r->caplen = i->snaplen && i->snaplen < r->len ? i->snaplen : r->len;
		return r->caplen <= n - head;
	}
	r->caplen = get32(c, b + 12);
	r->len = get32(c, b + 16);
	if (r->caplen > n - head)
		return false;
	r->has_time = stamp(i, (uint64_t)get32(c, b + 4) << 32 | get32(c, b + 8), &r->ns);
	/* bits 8:5 of epb_flags: octets of FCS of this very packet */
	if (n - head >= ((r->caplen + 3) & ~3u)) {
		o = option(c, r->data + ((r->caplen + 3) & ~3u), b + n, OPT_PACKET_FLAGS, 4);
		if (o && (get32(c, o) >> 5 & 0xf))
			r->fcs = get32(c, o) >> 5 & 0xf;
	}
	return true;
}

/* The rest of a section header block: interfaces are counted anew, and the byte order is its own. */
static bool section(struct capfile *c, char *err, size_t err_size)
{
	uint8_t h[8];
	uint32_t len, order;

	if (take(c, h, 8) != 8) {
		snprintf(err, err_size, "the file ends within the head of a section");
		return false;
	}
	c->swap = false;
	order = get32(c, h + 4);
	if (order != BLOCK_ORDER) {
		c->swap = true;
		order = get32(c, h + 4);
	}
	len = get32(c, h);
	if (order != BLOCK_ORDER || len < 28 || len > MAX_BLOCK || len % 4) {
		snprintf(err, err_size, "a section's head is damaged");
		return false;
	}
	if (!room(c, len) || take(c, c->buf, len - 12) != len - 12) {
		snprintf(err, err_size, "the file ends within the head of a section");
		return false;
	}
	if (get16(c, c->buf) != 1) {
		snprintf(err, err_size, "pcapng version %u.%u is not known", get16(c, c->buf),
			 get16(c, c->buf + 2));
		return false;
	}
	c->n_ifs = 0;
	return true;
}

static enum capfile_status next_ng(struct capfile *c, struct capfile_record *r, char *err, size_t err_size)
{
	uint8_t h[8];

	for (;;) {
		int64_t got = take(c, h, 4);
		uint32_t type, len, n;
		int gzerr;

		gzerror(c->gz, &gzerr);
		if (got == 0 && gzerr == Z_OK) {
			c->over = true;
			return CAPFILE_END;
		}
		if (got != 4)
			return short_read(c, got, "a block", err, err_size);
		type = get32(c, h);
		if (type == BLOCK_SECTION) {
			c->over = !section(c, err, err_size);
			if (c->over)
				return CAPFILE_DAMAGED;
			continue;
		}
		got = take(c, h + 4, 4);
		if (got != 4)
			return short_read(c, got, "a block", err, err_size);
		len = get32(c, h + 4);
		if (len < 12 || len > MAX_BLOCK || len % 4)
			return end(c, CAPFILE_DAMAGED, "a block's length is impossible", err, err_size);
		n = len - 12;
		if (!room(c, n + 4))
			return end(c, CAPFILE_DAMAGED, "out of memory", err, err_size);
		got = take(c, c->buf, n + 4);
		if (got != n + 4)
			return short_read(c, got, "a block", err, err_size);
		if (get32(c, c->buf + n) != len)
			return end(c, CAPFILE_DAMAGED, "a block's two lengths differ", err, err_size);
		if (type == BLOCK_INTERFACE) {
			if (n < 8 || !add_interface(c, c->buf, n))
				return end(c, CAPFILE_DAMAGED, "the description of an interface is damaged",
					   err, err_size);
		} else if (type == BLOCK_PACKET || type == BLOCK_PACKET_OLD || type == BLOCK_PACKET_SIMPLE) {
			if (!packet(c, type, c->buf, n, r) || r->caplen > CAPFILE_MAX_RECORD)
				return end(
					c, CAPFILE_DAMAGED,
					"a packet block is damaged, or names an interface that is not there",
					err, err_size);
			return CAPFILE_RECORD;
		}
	}
}

enum capfile_status capfile_next(struct capfile *c, struct capfile_record *r, char *err, size_t err_size)
{
	enum capfile_status s;

	if (c->over)
		return CAPFILE_END;
	memset(r, 0, sizeof(*r));
	s = c->ng ? next_ng(c, r, err, err_size) : next_pcap(c, r, err, err_size);
	if (s != CAPFILE_RECORD)
		return s;
	c->empty = r->caplen || r->len ? 0 : c->empty + 1;
	if (c->empty > MAX_EMPTY)
		return end(c, CAPFILE_DAMAGED, "nothing but records of no bytes: a hole in the file", err,
			   err_size);
	return s;
}

struct capfile *capfile_open(const char *path, char *err, size_t err_size)
{
	struct capfile *c = calloc(1, sizeof(*c));
	uint8_t h[4];
	uint32_t magic;
	bool ok = false;

	if (!c) {
		snprintf(err, err_size, "out of memory");
		return NULL;
	}
	errno = 0;
	c->gz = gzopen(capfile_path(path), "rb");
	if (!c->gz) {
		snprintf(err, err_size, "%s", errno ? strerror(errno) : "out of memory");
		free(c);
		return NULL;
	}
	if (take(c, h, 4) != 4) {
		snprintf(err, err_size, "%s", errno ? strerror(errno) : "shorter than the head of a capture");
	} else {
		memcpy(&magic, h, 4);
		c->ng = magic == BLOCK_SECTION;
		c->swap = __builtin_bswap32(magic) == MAGIC_US || __builtin_bswap32(magic) == MAGIC_NS ||
			  __builtin_bswap32(magic) == MAGIC_KUZNETZOV;
		magic = get32(c, h);
		if (c->ng)
			ok = section(c, err, err_size);
		else if (magic == MAGIC_US || magic == MAGIC_NS || magic == MAGIC_KUZNETZOV)
			ok = open_pcap(c, magic, err, err_size);
		else
			snprintf(err, err_size, "neither pcap nor pcapng");
	}
	if (ok)
		return c;
	capfile_close(c);
	return NULL;
}

void capfile_close(struct capfile *c)
{
	if (!c)
		return;
	gzclose(c->gz);
	free(c->ifs);
	free(c->buf);
	free(c);
}
