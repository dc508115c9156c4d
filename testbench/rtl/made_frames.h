// SPDX-License-Identifier: BSD-2-Clause
// Frames for those who test parsers: damaged ones, and deep stacks of headers put together at random.
#ifndef MADE_FRAMES_H
#define MADE_FRAMES_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "captured_frames.h"
#include "snic_contract.h"

// Values that steer a parser.
static const uint16_t kWords[] = { 0x0800, 0x86dd, 0x8100, 0x88a8, 0x8847, 0x8848, 0x6558,
				   0x0000, 0xffff, 4789,   6081,   6635,   0x05ff, 0x0600,
				   0x4500, 0x6000, 0x2000, 0x1fff, 0x4000, 0x0001 };
static const uint8_t kBytes[] = { 0,  1,  4,  6,  17,	41,   43,   44,	  47,  50,
				  51, 58, 59, 60, 0x45, 0x4f, 0x60, 0x80, 0xff };

template <typename T, size_t N> T pick(uint64_t *rng, const T (&from)[N])
{
	return from[cu_rand(rng) % N];
}

static inline void damage(uint64_t *rng, const std::vector<Frame> &frames, Bytes &b)
{
	const size_t at = cu_rand(rng) % std::min<size_t>(b.size(), cu_rand(rng) % 2 ? 64 : SNIC_HDR_WINDOW);

	switch (cu_rand(rng) % 8) {
	case 0:
	case 1:
		b[at] = uint8_t(cu_rand(rng));
		break;
	case 2:
		b[at] = uint8_t(b[at] ^ 1u << cu_rand(rng) % 8);
		break;
	case 3:
		b[at] = pick(rng, kBytes);
		break;
	case 4:
		if (at + 1 < b.size()) {
			const uint16_t w = pick(rng, kWords);

			b[at & ~size_t(1)] = uint8_t(w >> 8);
			b[at | 1] = uint8_t(w);
		}
		break;
	case 5: // cut, often among the headers
		b.resize(1 + (cu_rand(rng) % 2 ? at : cu_rand(rng) % b.size()));
		break;
	case 6: // padding or a trailer
		b.resize(b.size() + 1 + cu_rand(rng) % 40, uint8_t(cu_rand(rng) % 2 ? 0 : cu_rand(rng)));
		break;
	default: { // the end of another frame
		const Bytes &o = frames[cu_rand(rng) % frames.size()].b;

		b.resize(at + 1);
		b.insert(b.end(), o.begin() + std::min(o.size(), at + 1), o.end());
		break;
	}
	}
	b.resize(std::min<size_t>(b.size(), SNIC_FRAME_MAX));
}

// Frames put together at random: deep stacks of headers, mostly right, which damage seldom gives.

class Builder {
public:
	explicit Builder(uint64_t seed) : rng(seed) {}

	Bytes frame()
	{
		// A frame in several is longer than the window: there other rules hold for checksums.
		room = chance(3) ? 300 + r(1200) : r(120);
		Bytes b = ethernet(2);

		if (chance(4))
			b.resize(b.size() + r(60), uint8_t(chance(2) ? 0 : r(256)));
		if (chance(12))
			b.resize(1 + r(b.size()));
		b.resize(std::min<size_t>(b.size(), SNIC_FRAME_MAX));
		return b;
	}

private:
	uint64_t r(uint64_t n) { return cu_rand(&rng) % n; }
	bool chance(unsigned one_in) { return r(one_in) == 0; }
	// Mostly v, at times something near it, or anything.
	uint32_t around(uint32_t v)
	{
		return !chance(40) ? v : chance(2) ? v + uint32_t(r(9)) - 4 : uint32_t(r(65536));
	}

	static void put(Bytes &b, uint64_t v, unsigned bytes)
	{
		while (bytes--)
			b.push_back(uint8_t(v >> 8 * bytes));
	}

	Bytes noise(size_t n)
	{
		Bytes b(n);

		for (uint8_t &x : b)
			x = uint8_t(r(256));
		return b;
	}

	static void append(Bytes &b, const Bytes &more) { b.insert(b.end(), more.begin(), more.end()); }

	static uint32_t sum(const Bytes &b, uint32_t s = 0)
	{
		for (size_t i = 0; i < b.size(); i++)
			s += i % 2 ? b[i] : b[i] << 8;
		while (s >> 16)
			s = (s & 0xffff) + (s >> 16);
		return s;
	}

	// Right in five of six.
	void set_sum(Bytes &b, size_t at, uint32_t pseudo)
	{
		uint32_t s = ~sum(b, pseudo) & 0xffff;

		if (chance(6))
			s = uint32_t(chance(2) ? 0 : r(65536));
		b[at] = uint8_t(s >> 8);
		b[at + 1] = uint8_t(s);
	}

	// levels: how many more Ethernet or IP layers may follow
	Bytes ethernet(unsigned levels)
	{
		static const uint16_t types[] = { 0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd,
						  0x8847, 0x8848, 0x0806, 0x0042 };
		const uint16_t type = pick(&rng, types);
		Bytes b = noise(12);

		for (uint64_t n = chance(2) ? 0 : chance(20) ? r(18) : r(4); n--;) {
			put(b, chance(2) ? 0x8100 : 0x88a8, 2);
			put(b, r(65536), 2);
		}
		put(b, type, 2);
		append(b, after_type(type, levels));
		return b;
	}

	Bytes after_type(uint16_t type, unsigned levels)
	{
		if (!levels)
			return noise(room);
		switch (type) {
		case 0x0800:
			return ipv4(levels);
		case 0x86dd:
			return ipv6(levels);
		case 0x6558:
			return ethernet(levels - 1);
		case 0x8847:
		case 0x8848:
			return mpls(levels);
		default:
			return noise(room);
		}
	}

	Bytes mpls(unsigned levels)
	{
		Bytes b;

		for (uint64_t n = chance(20) ? r(16) : r(4); n--;)
			put(b, r(1u << 23) << 9 | r(256), 4);
		put(b, r(1u << 23) << 9 | 0x100 | r(256), 4);
		append(b, chance(8) ? noise(r(4)) : chance(2) ? ipv4(levels - 1) : ipv6(levels - 1));
		return b;
	}

	Bytes ipv4(unsigned levels)
	{
		static const uint8_t protos[] = {
			6, 6, 17, 17, 17, 17, 1, 47, 47, 47, 4, 41, 58, 132, 0, 59
		};
		const uint8_t proto = pick(&rng, protos);
		const uint32_t words = chance(5) ? uint32_t(5 + r(11)) : 5;
		const uint32_t frag = chance(10) ? uint32_t(r(4)) << 12 | uint32_t(r(3)) : 0x4000;
		const Bytes addrs = noise(8);
		const Bytes l4 = layer4(proto, addrs, levels);
		Bytes b;

		put(b, chance(60) ? r(256) : 0x40 | words, 1);
		put(b, r(256), 1);
		put(b, around(uint32_t(words * 4 + l4.size())), 2);
		put(b, r(65536), 2);
		put(b, frag, 2);
		put(b, 64, 1);
		put(b, proto, 1);
		put(b, 0, 2);
		append(b, addrs);
		append(b, noise(words * 4 - 20));
		if (words > 5 && chance(4)) // a source route
			b[20 + r(words * 4 - 20)] = chance(2) ? 131 : 137;
		set_sum(b, 10, 0);
		append(b, l4);
		return b;
	}

	Bytes ipv6(unsigned levels)
	{
		static const uint8_t protos[] = { 6, 6, 17, 17, 17, 58, 58, 47, 47, 1, 4, 59, 132 };
		static const uint8_t exts[] = { 0, 43, 60, 51, 44 };
		const uint8_t proto = pick(&rng, protos);
		const Bytes addrs = noise(32);
		uint8_t next = proto;
		Bytes b, behind = layer4(proto, addrs, levels);

		for (uint64_t n = chance(2) ? 0 : chance(20) ? r(16) : r(4); n--;) {
			const uint8_t type = pick(&rng, exts);
			const uint32_t units = uint32_t(chance(8) ? r(30) : r(3));
			// AH counts in words of 4 bytes, less 2; a fragment header has no length.
			Bytes e = noise(type == 44 ? 8 : type == 51 ? 8 + units * 4 : 8 + units * 8);

			e[0] = next;
			if ((type == 0 || type == 60) && !chance(4)) { // padding, as option 1
				std::fill(e.begin() + 2, e.end(), 0);
				e[2] = 1;
				e[3] = uint8_t(e.size() - 4);
			}
			if (type == 43 && chance(2)) // segments left
				e[3] = 0;
			if (type == 60 && chance(4)) // a home address
				e[2 + r(e.size() - 2)] = 201;
			if (type != 44)
				e[1] = uint8_t(around(units));
			else if (!chance(4))
				e[2] = e[3] = 0;
			append(e, behind);
			behind = e;
			next = type;
		}
		put(b, 0x60000000 | r(1u << 28), 4);
		put(b, around(uint32_t(behind.size())), 2);
		put(b, next, 1);
		put(b, 64, 1);
		if (chance(60))
			b[0] = uint8_t(r(256));
		append(b, addrs);
		append(b, behind);
		return b;
	}

	Bytes layer4(uint8_t proto, const Bytes &addrs, unsigned levels)
	{
		Bytes b;

		switch (proto) {
		case 6:
			b = noise(20);
			b[12] = uint8_t(around(chance(3) ? 5 + uint32_t(r(11)) : 5) << 4);
			append(b, noise(room));
			set_sum(b, 16, sum(addrs, uint32_t(6 + b.size())));
			break;
		case 17:
			b = udp(levels);
			set_sum(b, 6, sum(addrs, uint32_t(17 + b.size())));
			break;
		case 1:
			if (chance(10)) // nothing but zeros has no verdict here, where no pseudo header counts
				return Bytes(4 + room);
			b = noise(4 + room);
			set_sum(b, 2, 0);
			break;
		case 58:
			b = noise(4 + room);
			set_sum(b, 2, sum(addrs, uint32_t(58 + b.size())));
			break;
		case 47:
			b = gre(levels);
			break;
		default:
			b = noise(room);
			break;
		}
		return b;
	}

	Bytes udp(unsigned levels)
	{
		static const uint16_t ports[] = { 4789, 6081, 6635, 53 };
		static const uint16_t types[] = { 0x6558, 0x6558, 0x0800, 0x86dd, 0x8847, 0x0042 };
		const uint16_t port = pick(&rng, ports), type = pick(&rng, types);
		Bytes in, b;

		if (port == 4789) {
			put(in, chance(12) ? r(256) : 8, 1);
			append(in, noise(7));
			append(in, levels > 1 ? ethernet(levels - 1) : noise(room));
		} else if (port == 6081) {
			const uint64_t words = chance(3) ? r(chance(8) ? 64 : 8) : 0;

			put(in, chance(30) ? r(256) : words, 1);
			append(in, noise(1));
			put(in, type, 2);
			append(in, noise(4 + words * 4));
			append(in, after_type(type, levels - 1));
		} else if (port == 6635) {
			in = mpls(std::max(levels, 1u));
		} else {
			in = noise(room);
		}
		b = noise(2);
		put(b, port, 2);
		put(b, around(uint32_t(8 + in.size())), 2);
		put(b, 0, 2);
		append(b, in);
		return b;
	}

	Bytes gre(unsigned levels)
	{
		static const uint16_t types[] = { 0x6558, 0x6558, 0x0800, 0x86dd, 0x8847, 0x8848, 0x0042 };
		const uint16_t type = pick(&rng, types);
		const uint64_t bits = chance(2) ? 2 : r(16) & 0xb; // C, K, S
		Bytes b;

		put(b, chance(15) ? r(65536) : bits << 12 | r(2) << 7, 2);
		put(b, type, 2);
		for (uint64_t m = bits; m; m &= m - 1)
			append(b, noise(4));
		append(b, after_type(type, levels - 1));
		return b;
	}

	uint64_t rng;
	size_t room = 0; // payload behind the last header
};

#endif
