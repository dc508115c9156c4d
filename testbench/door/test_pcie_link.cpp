// SPDX-License-Identifier: BSD-2-Clause
// The PCIe link model against arithmetic done here by hand: bandwidth, latency, ordering, cutting, credits.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "cu_main.h"
#include "pcie_link.h"

namespace {
constexpr uint64_t kPeriod = 2500;
constexpr size_t kMem = 1 << 20;

/* A host that notes what happens, and a link that is clocked by hand. */
struct Bench {
	struct Event {
		char kind; /* 'w'rite, 'r'ead, 'm'si */
		uint64_t time, addr;
		size_t len;
	};

	snic_sim_config cfg;
	std::unique_ptr<PcieLink> link;
	std::vector<uint8_t> mem = std::vector<uint8_t>(kMem);
	std::vector<Event> log;
	uint64_t cycle = 0;
	bool post_from_callback = false;

	static int read(void *c, uint8_t, uint64_t addr, void *buf, size_t len)
	{
		Bench *b = static_cast<Bench *>(c);

		b->log.push_back({ 'r', b->now(), addr, len });
		if (addr + len > kMem)
			return 1;
		memcpy(buf, &b->mem[addr], len);
		return 0;
	}
	static int write(void *c, uint8_t, uint64_t addr, const void *buf, size_t len)
	{
		Bench *b = static_cast<Bench *>(c);

		b->log.push_back({ 'w', b->now(), addr, len });
		if (addr + len > kMem)
			return 1;
		memcpy(&b->mem[addr], buf, len);
		return 0;
	}
	static void msix(void *c, uint8_t, uint8_t vector)
	{
		Bench *b = static_cast<Bench *>(c);

		b->log.push_back({ 'm', b->now(), vector, 0 });
		if (b->post_from_callback)
			b->link->mmio_write(b->now(), 1, 0x2000, vector, 4);
	}

	Bench()
	{
		cfg = {};
		cfg.clock_mhz = 400;
		cfg.pcie_gen = 4;
		cfg.pcie_lanes = 16;
		cfg.mps = 256;
		cfg.mrrs = 512;
		cfg.rcb = 64;
		cfg.read_latency_ns = 600;
		cfg.write_latency_ns = 250;
	}
	void start()
	{
		snic_sim_ops ops = { read, write, msix, nullptr };

		link = std::make_unique<PcieLink>(cfg, ops, this);
		link->advance(0);
	}
	uint64_t now() const { return cycle * kPeriod; }
	void tick()
	{
		cycle++;
		link->advance(now());
	}
	void ticks(uint64_t n)
	{
		while (n--)
			tick();
	}
	/* a TLP with data, one beat a clock */
	void up(uint8_t kind, uint64_t addr, uint16_t len, uint8_t fill, uint8_t tag = 0)
	{
		uint8_t beat[kBeat];

		memset(beat, fill, sizeof(beat));
		for (uint32_t off = 0; off < len; off += kBeat) {
			while (!link->up_ready())
				tick();
			link->up_beat({ off == 0, off + kBeat >= len, kind, 3, tag, len, addr, beat });
			tick();
		}
	}
};

/* Gb/s of TLP bytes that the link carries with these settings */
double gbps(uint32_t gen, uint32_t lanes, uint32_t mps)
{
	return 8000.0 * 4294967296.0 / static_cast<double>(pcie_ps_per_byte_q32(gen, lanes, mps));
}

double paper(double gt, double enc, unsigned int lanes, unsigned int ack)
{
	return gt * enc * lanes * (1 - 16.0 / ack - 4.0 / 1538);
}

void usable_bandwidth()
{
	CU_ASSERT_DOUBLE_EQUAL(gbps(3, 8, 256), 57.885, 0.0005);
	CU_ASSERT_DOUBLE_EQUAL(gbps(4, 16, 256), 227.400, 0.0005);
	CU_ASSERT_DOUBLE_EQUAL(gbps(5, 16, 256), 454.801, 0.001);
	CU_ASSERT_DOUBLE_EQUAL(gbps(1, 1, 128), paper(2.5, 0.8, 1, 237), 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(gbps(2, 4, 512), paper(5, 0.8, 4, 205), 1e-6);
}

/* PCI Express Base Specification 3.0: tables 3-7 (2.5 GT/s), 3-8 (5), 3-9 (8) */
void ack_table()
{
	CU_ASSERT_EQUAL(pcie_ack_symbols(1, 1, 128), 237);
	CU_ASSERT_EQUAL(pcie_ack_symbols(1, 8, 256), 107);
	CU_ASSERT_EQUAL(pcie_ack_symbols(1, 16, 4096), 534);
	CU_ASSERT_EQUAL(pcie_ack_symbols(1, 8, 4096), 534);
	CU_ASSERT_EQUAL(pcie_ack_symbols(2, 16, 256), 123);
	CU_ASSERT_EQUAL(pcie_ack_symbols(3, 8, 256), 203);
	CU_ASSERT_EQUAL(pcie_ack_symbols(3, 16, 256), 168);
	CU_ASSERT_EQUAL(pcie_ack_symbols(4, 16, 256), 168);
}

/* a long run of writes takes their bytes at the link's rate, whatever the alignment adds */
void up_rate_of(uint64_t offset, uint16_t len, uint32_t wire_bytes)
{
	constexpr int n = 20000;
	Bench b;

	b.cfg.pcie_gen = 3;
	b.cfg.pcie_lanes = 8;
	b.start();
	for (int i = 0; i < n; i++)
		b.up(kUpMwr, 4096 + offset, len, 1);
	b.ticks(1000);
	CU_ASSERT_EQUAL(b.log.size(), n);
	CU_ASSERT_EQUAL(b.link->up_lane().bytes(), static_cast<uint64_t>(n) * wire_bytes);

	const unsigned int half = n / 2;
	uint64_t took = b.log.back().time - b.log[half].time;
	double want = wire_bytes * 8 / 57.885 * 1000 * (n - 1 - half);

	CU_ASSERT_DOUBLE_EQUAL(static_cast<double>(took) / want, 1.0, 0.0005);
	CU_ASSERT_PTR_NULL(b.link->error());
}

void up_rate()
{
	up_rate_of(0, 64, 88);
	up_rate_of(0, 256, 280);
	up_rate_of(3, 64, 92); /* 17 dwords */
	up_rate_of(2, 1, 28);
}

/* back to back, fractions of a picosecond add up: a million TLPs end where the exact rate says */
void exact_rate()
{
	const uint64_t q32 = pcie_ps_per_byte_q32(4, 16, 256);
	PcieLane lane(q32);

	for (int i = 0; i < 1000000; i++)
		lane.send(lane.free(), 88);
	CU_ASSERT_EQUAL(lane.free(),
			static_cast<uint64_t>(static_cast<unsigned __int128>(q32) * 88000000 >> 32));
	CU_ASSERT_EQUAL(lane.bytes(), 88000000);
}

/* data and read requests share the way up by arrival: neither starves */
void up_shared()
{
	Bench b;
	uint8_t beat[kBeat] = {};
	uint32_t tag = 0, reads = 0, writes = 0;

	b.cfg.pcie_gen = 2;
	b.cfg.pcie_lanes = 4;
	b.start();
	for (int i = 0; i < 20000; i++) {
		if (b.link->up_ready()) {
			b.link->up_beat({ true, true, kUpMwr, 0, 0, 64, 0, beat });
			writes++;
		}
		if (b.link->rd_ready() && reads - tag < kTags) {
			b.link->rd_request(0, 64, 64, reads++ % kTags);
		}
		b.tick();
		for (CplBeat c; b.link->cpl_beat(&c);) {
			b.link->cpl_beat_pop();
			tag += c.last;
		}
	}
	CU_ASSERT_PTR_NULL(b.link->error());
	/* 50 us carry about 800 pairs of 24 B and 88 B */
	CU_ASSERT(reads > 600 && writes > 600);
	CU_ASSERT_DOUBLE_EQUAL(static_cast<double>(b.link->up_lane().busy_ps()) / (20000 * 2500.0), 1.0,
			       0.001);
}

uint64_t serial_ps(const Bench &b, uint32_t bytes)
{
	return (bytes * pcie_ps_per_byte_q32(b.cfg.pcie_gen, b.cfg.pcie_lanes, b.cfg.mps)) >> 32;
}

uint64_t edge_at(uint64_t ps)
{
	return (ps + kPeriod - 1) / kPeriod * kPeriod;
}

void latency()
{
	Bench b;
	CplBeat c;

	b.start();
	b.ticks(100);
	b.link->rd_request(5, 0x1000, 64, 17);

	uint64_t t0 = b.now();

	while (!b.link->cpl_beat(&c))
		b.tick();
	CU_ASSERT_EQUAL(b.log.at(0).time, edge_at(t0 + serial_ps(b, 24) + 600000));
	CU_ASSERT_EQUAL(b.now(), edge_at(t0 + serial_ps(b, 24) + 600000 + serial_ps(b, 84)));
	CU_ASSERT(c.sop && c.eop && c.last && c.status == kCplSC && c.tag == 17 && c.len == 64);
	b.link->cpl_beat_pop();

	t0 = b.now();
	b.up(kUpMwr, 0x2000, 64, 0xaa);
	b.ticks(200);
	CU_ASSERT_EQUAL(b.log.at(1).time, edge_at(t0 + serial_ps(b, 88) + 250000));
	CU_ASSERT(b.mem[0x2000] == 0xaa && b.mem[0x203f] == 0xaa && b.mem[0x2040] == 0);

	t0 = b.now();
	b.link->mmio_write(t0, 9, 0x2004, 0x1234, 4);
	while (!b.link->down_req())
		b.tick();
	CU_ASSERT_EQUAL(b.now(), edge_at(t0 + 250000 + serial_ps(b, 28)));
	CU_ASSERT_EQUAL(b.link->down_req()->addr, 0x2000);
	CU_ASSERT_EQUAL(b.link->down_req()->be, 0xf0);
	CU_ASSERT_EQUAL(b.link->down_req()->data, 0x123400000000ull);
	b.link->down_req_pop();
	b.link->mmio_write(b.now(), 9, 0x2006, 0xabcd99, 1);
	b.link->mmio_write(b.now(), 9, 0x2002, 0xabcd99, 2);
	while (!b.link->down_req())
		b.tick();
	CU_ASSERT_EQUAL(b.link->down_req()->be, 0x40);
	CU_ASSERT_EQUAL(b.link->down_req()->data, 0x0099000000000000ull);
	b.link->down_req_pop();
	b.ticks(100);
	CU_ASSERT_EQUAL(b.link->down_req()->be, 0x0c);
	CU_ASSERT_EQUAL(b.link->down_req()->data, 0xcd990000ull);
}

/* writes, message, MMIO answer: in order; a read sees every write before it, also when reads are faster than
 * writes */
void ordering()
{
	Bench b;

	b.cfg.read_latency_ns = 0;
	b.cfg.write_latency_ns = 400;
	b.start();
	for (int i = 0; i < 50; i++) {
		b.up(kUpMwr, 64ull * i, static_cast<uint16_t>(1 + 5 * i), static_cast<uint8_t>(i + 1));
		b.up(kUpMsi, static_cast<uint64_t>(i % 16), 4, 0);
	}
	b.link->rd_request(0, 64 * 49, 64, 1);
	b.ticks(400);
	CU_ASSERT_EQUAL(b.log.size(), 101);
	for (size_t i = 0; i < 50 && b.log.size() == 101; i++) {
		CU_ASSERT(b.log[2 * i].kind == 'w' && b.log[2 * i].addr == 64 * i &&
			  b.log[2 * i].len == 1 + 5 * i);
		CU_ASSERT(b.log[2 * i + 1].kind == 'm' && b.log[2 * i + 1].addr == i % 16);
	}
	CU_ASSERT(b.log.back().kind == 'r');
	for (CplBeat c; b.link->cpl_beat(&c); b.link->cpl_beat_pop())
		CU_ASSERT_EQUAL(static_cast<const uint8_t *>(c.data)[0], 50);
}

/* each at its own time: a read that is due lands before a write that was sent later and is not */
void interleaved()
{
	Bench b;

	b.start();
	b.link->rd_request(0, 0, 64, 1);
	b.ticks(180);
	b.up(kUpMwr, 0, 64, 7);
	b.ticks(300);
	CU_ASSERT_EQUAL_FATAL(b.log.size(), 2);
	CU_ASSERT(b.log[0].kind == 'r' && b.log[0].time == edge_at(serial_ps(b, 24) + 600000));
	CU_ASSERT(b.log[1].kind == 'w' &&
		  b.log[1].time == edge_at(180 * kPeriod + serial_ps(b, 88) + 250000));
}

/* what is written arrives byte for byte, of any length, also where the link's own buffers wrap */
void contents()
{
	Bench b;
	uint64_t state = cu_seed(), addr = 0;
	std::vector<uint8_t> want(kMem);

	b.start();
	while (addr < kMem - 256) {
		uint16_t len = static_cast<uint16_t>(1 + cu_rand(&state) % 256);
		uint8_t beat[kBeat];

		if ((addr & 4095) + len > 4096)
			addr = (addr | 4095) + 1;
		if (addr + len > kMem)
			break;
		for (uint32_t off = 0; off < len; off += kBeat) {
			for (uint32_t i = 0; i < kBeat; i++) {
				beat[i] = static_cast<uint8_t>(cu_rand(&state));
				if (off + i < len)
					want[addr + off + i] = beat[i];
			}
			while (!b.link->up_ready())
				b.tick();
			b.link->up_beat({ off == 0, off + kBeat >= len, kUpMwr, 0, 0, len, addr, beat });
			b.tick();
		}
		addr += len;
	}
	b.ticks(1000);
	CU_ASSERT_PTR_NULL(b.link->error());
	CU_ASSERT(b.mem == want);
}

/* answers of one read: where they are cut, and that the bytes are right */
void cut(uint32_t rcb, uint64_t addr, uint16_t len, const std::vector<uint16_t> &want, uint32_t wire_bytes)
{
	Bench b;
	std::vector<uint16_t> got;
	uint32_t off = 0, in_tlp = 0;
	bool last = false;

	b.cfg.rcb = rcb;
	b.cfg.mrrs = 4096;
	b.start();
	for (size_t i = 0; i < kMem; i++)
		b.mem[i] = static_cast<uint8_t>(i * 31 + (i >> 8));
	b.link->rd_request(0, addr, len, 1023);
	for (int i = 0; i < 1000; i++) {
		CplBeat c;

		b.tick();
		if (!b.link->cpl_beat(&c))
			continue;

		uint32_t n = std::min<uint32_t>(kBeat, c.len - in_tlp);

		CU_ASSERT_EQUAL(c.sop, in_tlp == 0);
		CU_ASSERT_EQUAL(memcmp(c.data, &b.mem[addr + off], n), 0);
		off += n;
		in_tlp += n;
		CU_ASSERT_EQUAL(c.eop, in_tlp == c.len);
		if (c.eop) {
			CU_ASSERT(!last);
			last = c.last;
			got.push_back(c.len);
			in_tlp = 0;
		}
		b.link->cpl_beat_pop();
	}
	CU_ASSERT(last);
	CU_ASSERT(got == want);
	CU_ASSERT_EQUAL(b.link->down_lane().bytes(), wire_bytes);
}

void cuts()
{
	cut(64, 0, 64, { 64 }, 84);
	cut(64, 4, 64, { 60, 4 }, 104);
	cut(64, 63, 2, { 1, 1 }, 48);
	cut(64, 0, 4096, std::vector<uint16_t>(16, 256), 16 * 276);
	cut(64, 8192 + 100, 700, { 28, 256, 256, 160 }, 780);
	cut(128, 8192 + 100, 700, { 28, 256, 256, 160 }, 780);
	cut(128, 8192 + 64, 512, { 64, 256, 192 }, 572);
	cut(64, 8192 + 2, 7, { 7 }, 32); /* three dwords */
}

void unsupported()
{
	Bench b;
	CplBeat c;

	b.start();
	b.link->rd_request(0, kMem, 256, 5);
	b.ticks(400);
	CU_ASSERT(b.link->cpl_beat(&c));
	CU_ASSERT(c.sop && c.eop && c.last && c.status == kCplUR && c.len == 0 && c.tag == 5);
	b.link->cpl_beat_pop();
	CU_ASSERT(!b.link->cpl_beat(&c));
	CU_ASSERT_EQUAL(b.link->down_lane().bytes(), 20);
	b.link->rd_request(0, 0, 64, 5); /* the tag is free again */
	CU_ASSERT_PTR_NULL(b.link->error());
}

/* how many of these the link lets through in one credit loop, when more are asked for than there are credits
 */
size_t in_one_loop(bool reads, uint16_t len)
{
	Bench b;
	uint8_t beat[kBeat] = {};
	size_t n = 0;

	b.cfg.pcie_gen = 5;
	b.cfg.mps = 4096;
	b.cfg.read_latency_ns = 0;
	b.cfg.write_latency_ns = 0;
	b.start();
	for (uint32_t i = 0, tag = 0; i < 400; i++) {
		for (int k = 0; k < 2; k++) {
			if (reads && tag < kTags && b.link->rd_ready())
				b.link->rd_request(0, 0, len, tag++);
			/* a host of 4 KiB TLPs: all beats of one at once */
			for (uint32_t off = 0; !reads && off < len && (off || b.link->up_ready());
			     off += kBeat)
				b.link->up_beat({ off == 0, off + kBeat >= len, kUpMwr, 0, 0, len, 0, beat });
		}
		b.tick();
	}
	CU_ASSERT_PTR_NULL(b.link->error());

	/* from the first that had to wait on */
	uint64_t first = b.log.at(b.log.size() / 2).time;

	for (const Bench::Event &e : b.log)
		n += e.time >= first && e.time < first + kCreditLoopPs;
	return n;
}

void credits()
{
	size_t reads = in_one_loop(true, 4), writes = in_one_loop(false, 4);

	CU_ASSERT(reads <= kNonPostedHdr && reads > kNonPostedHdr - 8);
	CU_ASSERT(writes <= kPostedHdr && writes > kPostedHdr - 8);

	/* data credits: 4 KiB are 256 of 1024; at x16 Gen5 one takes 72 ns, so the link is the limit, not
	 * they */
	size_t big = in_one_loop(false, 4096);

	CU_ASSERT(big >= 2 && big <= kPostedData / 256);
}

/* requests that the device does not take fill its buffer; then they and what is behind them wait at the root
 */
void mmio_credits()
{
	Bench b;

	b.start();
	for (uint32_t i = 0; i < kMmioCredits + 10; i++)
		b.link->mmio_write(b.now(), 0, 8, i, 8);
	b.ticks(1000);
	CU_ASSERT_EQUAL(b.link->down_lane().bytes(), kMmioCredits * 32u);

	uint64_t t0 = b.now();

	b.link->down_req_pop();
	CU_ASSERT_EQUAL(b.link->down_lane().free() < t0, true);
	b.tick();
	CU_ASSERT_EQUAL(b.link->down_lane().bytes(), (kMmioCredits + 1) * 32u);
	CU_ASSERT_EQUAL(b.link->down_lane().free(), t0 + serial_ps(b, 32));
	for (uint32_t i = 1; i < kMmioCredits + 10; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(b.link->down_req());
		CU_ASSERT_EQUAL(b.link->down_req()->data, i);
		b.link->down_req_pop();
		b.ticks(4);
	}
	CU_ASSERT_PTR_NULL(b.link->down_req());
}

/* A read or configuration request that waits for a credit holds up no completion; a write does. */
void completions_pass(DownReq::Kind kind)
{
	const bool write = kind == DownReq::Write;
	Bench b;
	CplBeat c;

	b.start();
	for (uint32_t i = 0; i < kMmioCredits; i++)
		b.link->mmio_write(b.now(), 0, 8, i, 8);
	if (kind == DownReq::Read)
		b.link->mmio_read(b.now(), 0, 8, 8);
	else if (write)
		b.link->mmio_write(b.now(), 0, 8, kMmioCredits, 8);
	else
		b.link->config(b.now(), kind, 0, true);
	b.ticks(200);
	b.link->rd_request(0, 0, 64, 1);

	uint64_t t0 = b.now();

	while (!b.link->cpl_beat(&c) && b.cycle < 2000)
		b.tick();
	CU_ASSERT_EQUAL(b.link->cpl_beat(&c), !write);
	if (!write) {
		CU_ASSERT_EQUAL(b.now(), edge_at(t0 + serial_ps(b, 24) + 600000 + serial_ps(b, 84)));
		b.link->cpl_beat_pop();
	}
	/* the device takes one: what waited comes, and nothing is lost */
	for (uint32_t i = 0; i <= kMmioCredits; i++) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(b.link->down_req());
		CU_ASSERT_EQUAL(b.link->down_req()->kind, i < kMmioCredits ? DownReq::Write : kind);
		b.link->down_req_pop();
		b.ticks(10);
	}
	CU_ASSERT_EQUAL(b.link->cpl_beat(&c), write);
	CU_ASSERT_EQUAL(b.link->taken(), kMmioCredits + 1);
}

void passing()
{
	completions_pass(DownReq::Read);
	completions_pass(DownReq::BusMaster);
	completions_pass(DownReq::Write);
}

struct Piece {
	uint16_t tag, len;
	uint8_t status;
	bool last;
	uint64_t time;
	bool operator==(const Piece &p) const
	{
		return tag == p.tag && len == p.len && status == p.status && last == p.last;
	}
};

/* What comes of these reads (of 512 B from address 0 on, tags from 0 on, asked for at once) under a fault. */
std::vector<Piece> answers(const char *fault, uint32_t reads, Bench *b)
{
	snic_sim_fault f;
	char err[200];
	std::vector<Piece> got;

	CU_ASSERT_EQUAL_FATAL(snic_sim_fault_parse(fault, &f, err, sizeof(err)), 0);
	b->cfg.faults = &f;
	b->cfg.n_faults = 1;
	for (size_t i = 0; i < kMem; i++)
		b->mem[i] = static_cast<uint8_t>(i >> 6 | 0x80);
	b->start();
	for (uint32_t i = 0; i < reads; i++)
		b->link->rd_request(3, 512ull * i, 512, i);
	for (int i = 0; i < 4000; i++) {
		CplBeat c;

		b->tick();
		if (!b->link->cpl_beat(&c))
			continue;
		if (c.sop)
			got.push_back({ c.tag, c.len, c.status, c.last, b->now() });
		if (c.status)
			CU_ASSERT_EQUAL(static_cast<const uint8_t *>(c.data)[0], 0xff);
		b->link->cpl_beat_pop();
	}
	CU_ASSERT_PTR_NULL(b->link->error());
	return got;
}

/* An error is the whole answer, or its end after good pieces; the tag is free then. */
void errors()
{
	static const struct {
		const char *fault;
		uint8_t status;
		uint32_t bytes; /* on the link */
	} kinds[] = { { "ur:n=1", kCplUR, 20 }, { "ca:n=1", kCplCA, 20 }, { "poison:n=1", kCplPoison, 276 } };

	for (const auto &k : kinds) {
		Bench whole, middle;

		CU_ASSERT((answers(k.fault, 2, &whole) == std::vector<Piece>{ { 0, 0, k.status, true, 0 },
									      { 1, 256, kCplSC, false, 0 },
									      { 1, 256, kCplSC, true, 0 } }));
		CU_ASSERT_EQUAL(whole.link->down_lane().bytes(), k.bytes + 2 * 276);
		whole.link->rd_request(0, 0, 64, 0);
		CU_ASSERT_PTR_NULL(whole.link->error());
		CU_ASSERT((answers((std::string(k.fault) + ",after=256").c_str(), 1, &middle) ==
			   std::vector<Piece>{ { 0, 256, kCplSC, false, 0 }, { 0, 0, k.status, true, 0 } }));
	}
	Bench end;

	/* behind the data: the last piece is the error */
	CU_ASSERT((answers("ca:after=4000", 1, &end) ==
		   std::vector<Piece>{ { 0, 256, kCplSC, false, 0 }, { 0, 0, kCplCA, true, 0 } }));
}

void lost_and_late()
{
	Bench lost, late, fair;
	std::vector<Piece> got = answers("lost:n=2", 3, &lost), slow = answers("late:n=1,ns=3000", 2, &late),
			   fast = answers("lost:func=7", 2, &fair);

	CU_ASSERT(got.size() == 4 && got[1].tag == 0 && got[2].tag == 2);
	lost.link->rd_request(0, 0, 64, 1); /* the device gave up the wait */
	CU_ASSERT_PTR_NULL(lost.link->error());
	CU_ASSERT(slow.size() == 4 && slow[0].tag == 1 && slow[2].tag == 0 && fast.size() == 4);
	CU_ASSERT_EQUAL(slow[2].time, fast[0].time + 3000000);
	/* what is late still has its tag */
	late.link->rd_request(3, 0, 64, 0);
	CU_ASSERT_PTR_NULL(late.link->error());
	late.link->rd_request(3, 0, 64, 0);
	CU_ASSERT_PTR_NOT_NULL(late.link->error());
}

void pieces()
{
	Bench split, apart;
	std::vector<Piece> got = answers("split", 1, &split), mixed = answers("apart:ns=100", 3, &apart);

	CU_ASSERT_EQUAL(got.size(), 8);
	for (const Piece &p : got)
		CU_ASSERT(p.len == 64 && p.last == (&p == &got.back()));
	/* each read's pieces 100 ns apart: those of the others come between them */
	CU_ASSERT_EQUAL_FATAL(mixed.size(), 6);
	for (uint16_t i = 0; i < 6; i++)
		CU_ASSERT(mixed[i].tag == i % 3 && mixed[i].last == (i >= 3));
	CU_ASSERT_EQUAL(mixed[3].time - mixed[0].time, 100000);
}

/* Other sizes hold when the device has them; what it had in hand before may still come. */
void sizes()
{
	Bench b;
	uint8_t beat[kBeat] = {};

	b.cfg.mps = 512;
	b.start();
	b.link->sizes(b.now(), 128, 256);
	b.link->rd_request(0, 0, 512, 1);
	while (!b.link->down_req())
		b.tick();
	CU_ASSERT_EQUAL(b.link->down_req()->kind, DownReq::Sizes);
	CU_ASSERT_EQUAL(b.now(), edge_at(250000 + serial_ps(b, 24)));
	b.link->down_req_pop();

	CplBeat c;

	while (!b.link->cpl_beat(&c))
		b.tick();
	CU_ASSERT_EQUAL(c.len, 128);
	b.link->rd_request(0, 0, 512, 2);
	CU_ASSERT_PTR_NULL(b.link->error());
	b.ticks(kSizesPs / kPeriod);
	b.link->rd_request(0, 0, 256, 3);
	b.link->up_beat({ true, false, kUpMwr, 0, 0, 128, 0, beat });
	b.link->up_beat({ false, true, kUpMwr, 0, 0, 128, 0, beat });
	CU_ASSERT_PTR_NULL(b.link->error());
	b.link->rd_request(0, 0, 257, 4);
	CU_ASSERT_PTR_NOT_NULL(b.link->error());
}

void mmio_answer()
{
	Bench b;
	uint64_t v;

	b.start();
	b.link->mmio_read(b.now(), 2, 0x14, 4);
	b.ticks(200);

	const DownReq *r = b.link->down_req();

	CU_ASSERT_PTR_NOT_NULL_FATAL(r);
	CU_ASSERT(r->kind == DownReq::Read && r->func == 2 && r->addr == 0x10 && r->be == 0xf0);

	uint8_t tag = r->tag, beat[kBeat] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	b.link->down_req_pop();
	b.link->up_beat({ true, true, kUpCplD, 2, static_cast<uint8_t>(tag + 1), 8, 0, beat });
	b.ticks(200);
	CU_ASSERT(!b.link->mmio_answer(&v)); /* another tag */
	b.link->up_beat({ true, true, kUpCplD, 2, tag, 8, 0, beat });
	b.ticks(50);
	CU_ASSERT(!b.link->mmio_answer(&v));
	b.ticks(60);
	CU_ASSERT(b.link->mmio_answer(&v));
	CU_ASSERT_EQUAL(v, 0x08070605);
}

void callback_posts()
{
	Bench b;

	b.post_from_callback = true;
	b.start();
	for (uint64_t i = 0; i < 40; i++)
		b.up(kUpMsi, i % 16, 4, 0);
	for (uint64_t i = 0; i < 40; i++) {
		while (!b.link->down_req() && b.cycle < 5000)
			b.tick();
		CU_ASSERT_PTR_NOT_NULL_FATAL(b.link->down_req());
		CU_ASSERT_EQUAL(b.link->down_req()->data, i % 16);
		b.link->down_req_pop();
	}
}

/* completions overtake each other under jitter, by seed, and none is lost */
std::vector<uint16_t> jitter_order(uint64_t seed, uint64_t *hash)
{
	Bench b;
	std::vector<uint16_t> order;

	b.cfg.read_jitter_ns = 1000;
	b.cfg.seed = seed;
	b.start();
	for (uint32_t i = 0, tag = 0; i < 2000; i++) {
		CplBeat c;

		if (tag < 300 && b.link->rd_ready())
			b.link->rd_request(0, 64 * tag, 64, tag), tag++;
		b.tick();
		if (b.link->cpl_beat(&c)) {
			order.push_back(c.tag);
			b.link->cpl_beat_pop();
		}
	}
	*hash = b.link->hash();
	return order;
}

void jitter()
{
	uint64_t h1, h2, h3;
	std::vector<uint16_t> a = jitter_order(cu_seed() + 1, &h1), b = jitter_order(cu_seed() + 1, &h2),
			      c = jitter_order(cu_seed() + 2, &h3);

	CU_ASSERT(a == b && h1 == h2);
	CU_ASSERT(a != c && h1 != h3);
	CU_ASSERT(!std::is_sorted(a.begin(), a.end()));
	std::sort(a.begin(), a.end());
	CU_ASSERT_EQUAL(a.size(), 300);
	for (size_t i = 0; i < a.size(); i++)
		CU_ASSERT_EQUAL(a[i], i);
}

/* calling advance() only when next_due() says so gives the same times as calling it at every edge */
std::vector<Bench::Event> leaping(bool leap, uint64_t *hash)
{
	Bench b;
	uint64_t state = cu_seed();

	b.cfg.read_jitter_ns = 300;
	b.cfg.seed = cu_seed();
	b.start();
	for (uint32_t i = 0; i < 300; i++) {
		uint64_t r = cu_rand(&state), until = b.cycle + r % 300;

		if (r & 1 << 20)
			b.up(kUpMwr, r % 3000, static_cast<uint16_t>(1 + r % 200), static_cast<uint8_t>(i));
		else if (r & 1 << 21)
			b.link->rd_request(0, r % 3000, 1 + (r >> 32) % 500, i);
		else
			b.link->mmio_write(b.now(), 0, 0, i, 8);
		while (b.cycle < until) {
			CplBeat c;
			uint64_t due =
				edge_at(b.link->next_due() == kNever ? 0 : b.link->next_due()) / kPeriod;

			if (leap && b.link->next_due() == kNever)
				b.cycle = until - 1;
			else if (leap && due > b.cycle + 1)
				b.cycle = std::min(due, until) - 1;
			b.tick();
			if (b.link->cpl_beat(&c))
				b.link->cpl_beat_pop();
			if (b.link->down_req())
				b.link->down_req_pop();
		}
	}
	*hash = b.link->hash();
	return b.log;
}

void leaps()
{
	uint64_t h1, h2;
	std::vector<Bench::Event> a = leaping(false, &h1), b = leaping(true, &h2);

	CU_ASSERT_EQUAL(h1, h2);
	CU_ASSERT_EQUAL(a.size(), b.size());
	for (size_t i = 0; i < std::min(a.size(), b.size()); i++)
		CU_ASSERT(a[i].kind == b[i].kind && a[i].time == b[i].time && a[i].addr == b[i].addr);
}

/* each rule that the device can break is named */
void rules()
{
	uint8_t beat[kBeat] = {};
	const struct {
		UpBeat b;
		const char *word;
	} bad[] = {
		{ { true, true, kUpMwr, 0, 0, 0, 0, beat }, "length" },
		{ { true, true, kUpMwr, 0, 0, 257, 0, beat }, "MPS" },
		{ { true, true, kUpMwr, 0, 0, 64, 4095, beat }, "4 KiB" },
		{ { true, true, kUpMwr, 0, 0, 65, 0, beat }, "beats" },
		{ { false, true, kUpMwr, 0, 0, 64, 0, beat }, "pair" },
		{ { true, true, 3, 0, 0, 64, 0, beat }, "kind" },
	};

	for (const auto &t : bad) {
		Bench b;

		b.start();
		b.link->up_beat(t.b);
		CU_ASSERT_PTR_NOT_NULL_FATAL(b.link->error());
		CU_ASSERT_PTR_NOT_NULL(strstr(b.link->error(), t.word));
	}
	Bench b, c;

	b.start();
	b.link->rd_request(0, 0, 64, 1);
	b.link->rd_request(0, 0, 64, 1);
	CU_ASSERT_PTR_NOT_NULL(b.link->error());
	c.start();
	c.link->rd_request(0, 4000, 97, 1);
	CU_ASSERT_PTR_NOT_NULL(c.link->error());
}

const cu_test kTests[] = {
	{ "pcie_link", "usable_bandwidth", usable_bandwidth },
	{ "pcie_link", "ack_table", ack_table },
	{ "pcie_link", "up_rate", up_rate },
	{ "pcie_link", "exact_rate", exact_rate },
	{ "pcie_link", "up_shared", up_shared },
	{ "pcie_link", "latency", latency },
	{ "pcie_link", "ordering", ordering },
	{ "pcie_link", "interleaved", interleaved },
	{ "pcie_link", "contents", contents },
	{ "pcie_link", "cuts", cuts },
	{ "pcie_link", "unsupported", unsupported },
	{ "pcie_link", "credits", credits },
	{ "pcie_link", "mmio_credits", mmio_credits },
	{ "pcie_link", "passing", passing },
	{ "pcie_link", "errors", errors },
	{ "pcie_link", "lost_and_late", lost_and_late },
	{ "pcie_link", "pieces", pieces },
	{ "pcie_link", "sizes", sizes },
	{ "pcie_link", "mmio_answer", mmio_answer },
	{ "pcie_link", "callback_posts", callback_posts },
	{ "pcie_link", "jitter", jitter },
	{ "pcie_link", "leaps", leaps },
	{ "pcie_link", "rules", rules },
	{},
};
} // namespace

int main(int argc, char **argv)
{
	return cu_main(argc, argv, kTests);
}
