// SPDX-License-Identifier: BSD-2-Clause
// Ports as AXI-streams: what a card sends as TLPs in words of any width reaches the link as it is meant, answers come back as the
// Base Specification has them, what breaks a rule is an error, and frames are the same bytes through words of any width.
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "axis.h"
#include "cu_main.h"

namespace {
constexpr uint64_t kPeriod = 4000;

/* A card's end: a link, a port, memory, and streams of words of this many bytes. */
struct Bench {
	explicit Bench(uint32_t word) : width(word), tlp(word), wire(0, word)
	{
		for (size_t i = 0; i < sizeof(mem); i++)
			mem[i] = static_cast<uint8_t>(i * 7 + (i >> 8));
	}

	static snic_sim_config config()
	{
		snic_sim_config c;

		snic_sim_config_default(&c);
		c.mps = 128;
		return c;
	}
	static snic_sim_ops ops()
	{
		snic_sim_ops o = {};

		o.mem_read = [](void *ctx, uint8_t, uint64_t addr, void *buf, size_t len) {
			memcpy(buf, static_cast<Bench *>(ctx)->mem + addr % sizeof(mem), len);
			return 0;
		};
		o.mem_write = [](void *ctx, uint8_t func, uint64_t addr, const void *buf, size_t len) {
			auto *b = static_cast<Bench *>(ctx);

			memcpy(b->mem + addr % sizeof(mem), buf, len);
			b->writes.push_back({ func, addr, len });
			return 0;
		};
		o.msix = [](void *ctx, uint8_t func, uint8_t vector) {
			static_cast<Bench *>(ctx)->messages.push_back(func * 256 + vector);
		};
		return o;
	}

	/* One edge; a TLP that has come whole is put aside. */
	void edge()
	{
		AxisWord w;

		time += kPeriod;
		host.time_ps = time;
		link.advance(time);
		if (!tlp.rx(host, &w))
			return;
		got.insert(got.end(), w.data, w.data + w.bytes);
		CU_ASSERT(w.last || w.bytes == width);
		tlp.rx_taken();
		if (w.last)
			tlps.push_back(std::move(got)), got.clear();
	}
	void run(unsigned int edges)
	{
		while (edges--)
			edge();
	}
	void send(const std::vector<uint32_t> &dwords)
	{
		const auto *p = reinterpret_cast<const uint8_t *>(dwords.data());
		const uint32_t n = static_cast<uint32_t>(dwords.size()) * 4;

		for (uint32_t off = 0; off < n; off += width) {
			CU_ASSERT(tlp.tx_ready(host));
			tlp.tx(host, p + off, std::min(n - off, width), off + width >= n);
		}
	}
	uint32_t dw(size_t t, size_t i) const
	{
		uint32_t v;

		memcpy(&v, &tlps.at(t).at(4 * i), 4);
		return v;
	}

	struct Write {
		uint8_t func;
		uint64_t addr;
		size_t len;
	};

	const uint32_t width;
	uint8_t mem[8192];
	std::vector<Write> writes;
	std::vector<int> messages;
	std::vector<uint8_t> got;
	std::vector<std::vector<uint8_t>> tlps;
	uint64_t time = 0;
	PcieLink link{ config(), ops(), this };
	Mac mac[1] = { Mac(10) };
	Host host{ link, mac };
	AxisTlp tlp;
	AxisMac wire;
};

constexpr uint32_t kWidths[] = { 4, 8, 16, 32, 64 };

void writes()
{
	for (uint32_t width : kWidths) {
		Bench b(width);

		/* 3 dwords of header, bytes 1 to 6 of two dwords, function 5 */
		b.send({ 0x40000002, 0x0005007e, 0x1000, 0x33221100, 0x77665544 });
		/* 4 dwords, all of 5 */
		b.send({ 0x60000005, 0x000000ff, 1, 0x20, 1, 2, 3, 4, 5 });
		b.run(400);
		CU_ASSERT_EQUAL_FATAL(b.writes.size(), 2);
		CU_ASSERT(b.writes[0].func == 5 && b.writes[0].addr == 0x1001 && b.writes[0].len == 6);
		CU_ASSERT_EQUAL(memcmp(b.mem + 0x1001, "\x11\x22\x33\x44\x55\x66", 6), 0);
		CU_ASSERT(b.writes[1].addr == 0x100000020 && b.writes[1].len == 20);
		CU_ASSERT_EQUAL(b.mem[0x30], 5);
		CU_ASSERT(b.host.error.empty() && !b.link.error());
	}
}

/* All offsets and lengths around a completion's boundaries: bytes, byte count and lower address are those asked for. */
void reads()
{
	for (uint32_t width : kWidths) {
		Bench b(width);

		for (uint32_t addr : { 0u, 1u, 3u, 61u, 64u, 127u }) {
			for (uint32_t len : { 1u, 2u, 4u, 5u, 64u, 200u }) {
				const uint32_t pad = addr & 3, dwords = (pad + len + 3) / 4,
					       end = (pad + len - 1) & 3;
				const uint32_t fbe = dwords == 1 ? (15u << pad & 15) & (15u >> (3 - end))
								 : 15u << pad & 15;
				const uint32_t lbe = dwords == 1 ? 0 : 15u >> (3 - end);
				uint32_t left = len, at = addr;

				b.tlps.clear();
				b.send({ 0x00080000 | dwords, 0x0002aa00 | lbe << 4 | fbe,
					 addr & ~3u }); /* tag 0x1aa */
				b.run(1000);
				CU_ASSERT(b.host.error.empty() && !b.link.error());
				for (size_t t = 0; t < b.tlps.size(); t++) {
					const uint32_t n = b.dw(t, 0) & 0x3ff, off = at & 3;
					const uint32_t bytes = std::min(left, 4 * n - off);

					CU_ASSERT_EQUAL(b.dw(t, 0) & ~0x3ffu, 0x4a080000);
					CU_ASSERT_EQUAL(b.dw(t, 1) & 0xffff, left);
					CU_ASSERT_EQUAL(b.dw(t, 2), 0x0002aa00 | (at & 0x7f));
					CU_ASSERT_EQUAL(b.tlps[t].size(), 12 + 4 * n);
					CU_ASSERT_EQUAL(
						memcmp(b.tlps[t].data() + 12 + off, b.mem + at, bytes), 0);
					left -= bytes;
					at += bytes;
				}
				CU_ASSERT_EQUAL(left, 0);
			}
		}
	}
}

void read_errors()
{
	Bench b(16);
	snic_sim_fault f = {};

	f.kind = SNIC_SIM_FAULT_UR;
	f.n_func = 256;
	b.link.faults().add(f);
	b.send({ 0x00000004, 0x000007ff, 0x100 });
	b.run(400);
	CU_ASSERT_EQUAL_FATAL(b.tlps.size(), 1);
	CU_ASSERT_EQUAL(b.dw(0, 0), 0x0a000000);
	CU_ASSERT_EQUAL(b.dw(0, 1) >> 13 & 7, 1);
	b.link.faults().clear(-1);
	f.kind = SNIC_SIM_FAULT_POISON;
	b.link.faults().add(f);
	b.send({ 0x00000004, 0x000008ff, 0x100 });
	b.run(400);
	CU_ASSERT_EQUAL_FATAL(b.tlps.size(), 2);
	CU_ASSERT_EQUAL(b.dw(1, 0), 0x4a004001);
}

/* Register accesses go in as requests with the door's offsets; answers come back, an error as all ones. */
void registers()
{
	for (uint32_t width : kWidths) {
		Bench b(width);
		uint64_t v = 0;

		b.link.mmio_write(b.time, 3, 0x20004, 0xdeadbeef, 4);
		b.run(200);
		CU_ASSERT_EQUAL_FATAL(b.tlps.size(), 1);
		CU_ASSERT_EQUAL(b.dw(0, 0), 0x40000001);
		CU_ASSERT_EQUAL(b.dw(0, 2), 0x20004);
		CU_ASSERT_EQUAL(b.dw(0, 3), 0xdeadbeef);
		b.link.mmio_read(b.time, 3, 0x14, 4);
		b.run(200);
		CU_ASSERT_EQUAL_FATAL(b.tlps.size(), 2);
		CU_ASSERT_EQUAL(b.dw(1, 0), 0x00000001);
		CU_ASSERT_EQUAL(b.dw(1, 2), 0x14);
		b.send({ 0x4a000001, 0x00030004, b.dw(1, 1) & 0xffffff00, 0x12345678 });
		b.run(200);
		CU_ASSERT(b.link.mmio_answer(&v) && v == 0x12345678);
		b.link.mmio_read(b.time, 3, 0x18, 8);
		b.run(200);
		CU_ASSERT_EQUAL(b.dw(2, 0), 0x00000002);
		b.send({ 0x0a000000, 0x00038008, b.dw(2, 1) & 0xffffff00 });
		b.run(200);
		CU_ASSERT(b.link.mmio_answer(&v) && v == ~0ull);
		b.link.mmio_write(b.time, 3, 0x2b, 0x177, 1);
		b.run(200);
		CU_ASSERT_EQUAL(b.dw(3, 0), 0x40000001);
		CU_ASSERT_EQUAL(b.dw(3, 1) & 0xff, 0x08);
		CU_ASSERT_EQUAL(b.dw(3, 2), 0x28);
		CU_ASSERT_EQUAL(b.dw(3, 3), 0x77000000);
		b.link.mmio_read(b.time, 3, 0x2e, 2);
		b.run(200);
		CU_ASSERT_EQUAL(b.dw(4, 1) & 0xff, 0x0c);
		CU_ASSERT_EQUAL(b.dw(4, 2), 0x2c);
		b.send({ 0x4a000001, 0x00030002, (b.dw(4, 1) & 0xffffff00) | 0x2e, 0x12345678 });
		b.run(200);
		CU_ASSERT(b.link.mmio_answer(&v) && v == 0x1234);
		CU_ASSERT(b.host.error.empty() && !b.link.error());
	}
}

void configuration()
{
	Bench b(16);

	b.link.config(b.time, DownReq::BusMaster, 2, true);
	b.link.sizes(b.time, 256, 1024);
	b.run(200);
	CU_ASSERT(b.tlp.bus_master[2] && b.tlp.mps == 256 && b.tlp.mrrs == 1024);
	b.tlp.msix(b.host, 2, 5);
	b.run(200);
	CU_ASSERT_EQUAL_FATAL(b.messages.size(), 1);
	CU_ASSERT_EQUAL(b.messages[0], 2 * 256 + 5);
	b.link.config(b.time, DownReq::Flr, 2, false);
	for (int seen = 0, i = 0; i < 200; i++) {
		b.edge();
		seen += b.tlp.flr == 2;
		if (i == 199)
			CU_ASSERT_EQUAL(seen, 1);
	}
	CU_ASSERT_FALSE(b.tlp.bus_master[2]);
}

void wrong()
{
	static const struct {
		std::vector<uint32_t> tlp;
		const char *text;
	} cases[] = {
		{ { 0x40000002, 0xff, 0, 1 }, "its header says 20" },
		{ { 0x20000001, 0x0f, 0, 64 }, "64-bit address below 4 GiB" },
		{ { 0x00000001, 0xff, 0 }, "byte enables of a request do not fit" },
		{ { 0x40000001, 0x05, 0, 1 }, "have a hole" },
		{ { 0x40000002, 0x7b, 0, 1, 2 }, "have a hole" },
		{ { 0x02000001, 0x0f, 0 }, "memory requests and completions" },
		{ { 0x4a000001, 4, 0x7700, 1 }, "fits no register read" },
		{ { 0x4a000001, 4 }, "shorter than a header" },
	};

	for (const auto &c : cases) {
		Bench b(64);

		b.send(c.tlp);
		if (b.host.error.find(c.text) == std::string::npos)
			printf("\"%s\" does not say \"%s\"\n", b.host.error.c_str(), c.text);
		CU_ASSERT(b.host.error.find(c.text) != std::string::npos);
	}
}

void frames()
{
	for (uint32_t width : { 8u, 16u, 32u, 64u }) {
		for (uint32_t len : { 60u, 64u, 65u, 127u, 1514u }) {
			Bench b(width);
			std::vector<uint8_t> out, back(len);
			AxisWord w;
			bool last = false, bad = false;

			b.mac[0].receive(b.mem, len, true, 0);
			for (int i = 0; i < 4000 && !last; i++) {
				b.host.time_ps += kPeriod;
				if (!b.wire.rx(b.host, &w))
					continue;
				out.insert(out.end(), w.data, w.data + w.bytes);
				b.wire.tx(b.host, w.data, w.bytes, w.last);
				last = w.last;
				bad = w.bad;
			}
			CU_ASSERT(last && bad);
			CU_ASSERT_EQUAL(out.size(), len);
			CU_ASSERT_EQUAL(memcmp(out.data(), b.mem, len), 0);
			CU_ASSERT_EQUAL(b.mac[0].tx_frames(), 1);
			CU_ASSERT_EQUAL(memcmp(b.mac[0].tx_data(), b.mem, len), 0);
			CU_ASSERT(b.host.error.empty());
		}
	}
}
} // namespace

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "axis", "writes", writes },
		{ "axis", "reads", reads },
		{ "axis", "read_errors", read_errors },
		{ "axis", "registers", registers },
		{ "axis", "configuration", configuration },
		{ "axis", "wrong", wrong },
		{ "axis", "frames", frames },
		{ nullptr, nullptr, nullptr },
	};

	return cu_main(argc, argv, tests);
}
