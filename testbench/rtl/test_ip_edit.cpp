// SPDX-License-Identifier: BSD-2-Clause
// ip_edit: only the bits of the mask change, wherever in the header they are, and IPv4's checksum, to what a sum over the whole
// header says.
#include <array>
#include <cstring>

#include "Vip_edit.h"
#include "clocked.h"

namespace {

using Beat = std::array<uint8_t, 64>;

struct Edit { // act_edit_t
	bool set, v4;
	unsigned half, mask, value;
};

// What is to be there then, but for the checksum.
void put(Beat *b, unsigned at, const Edit &e)
{
	uint8_t *p = b->data() + at + 2 * e.half;
	const unsigned was = unsigned(p[0]) << 8 | p[1], is = (was & ~e.mask) | e.value;

	p[0] = uint8_t(is >> 8);
	p[1] = uint8_t(is);
}

struct Bench {
	Vip_edit top;
	uint64_t rng = cu_seed() + 1;

	unsigned any() { return unsigned(cu_rand(&rng) >> 32); }
	Beat edit(const Beat &in, bool sop, const Edit &e)
	{
		Beat out;

		memcpy(top.data_i.data(), in.data(), 64);
		top.sop_i = sop;
		top.edit_i = uint64_t(e.set) << 37 | uint64_t(e.v4) << 36 | uint64_t(e.half) << 32 |
			     e.mask << 16 | e.value;
		top.eval();
		memcpy(out.data(), top.data_o.data(), 64);
		return out;
	}
	Edit some_edit(bool v4)
	{
		Edit e = { true, v4, any() % 10, any() & any() & 0xffff, 0 };

		while (v4 && e.half == 5) // the checksum itself is nobody's to write
			e.half = any() % 10;
		e.value = any() & e.mask;
		return e;
	}
	// A frame of noise, with these tags and this type; returns where the header begins.
	unsigned frame(Beat *b, unsigned tags, unsigned type, unsigned first)
	{
		unsigned at = 12;

		for (uint8_t &x : *b)
			x = uint8_t(any());
		for (unsigned t = 0; t < tags; t++, at += 4) {
			(*b)[at] = t & 1 ? 0x81 : 0x88;
			(*b)[at + 1] = t & 1 ? 0x00 : 0xa8;
		}
		(*b)[at] = uint8_t(type >> 8);
		(*b)[at + 1] = uint8_t(type);
		(*b)[at + 2] = uint8_t(first);
		return at + 2;
	}
};

unsigned header_sum(const Beat &b, unsigned at)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < 20; i += 2)
		sum += unsigned(b[at + i]) << 8 | b[at + i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

void ipv4()
{
	Bench b;

	for (unsigned n = 0; n < 40000; n++) {
		Beat in, want;
		const unsigned at = b.frame(&in, n % 3, 0x0800, 0x45);
		const Edit e = n % 7 ? b.some_edit(true) : Edit{ true, true, 0, 0xfc, b.any() & 0xfc };

		if (n % 5) { // a right checksum; others stay wrong by as much
			in[at + 10] = in[at + 11] = 0;
			const unsigned sum = ~header_sum(in, at);

			in[at + 10] = uint8_t(sum >> 8);
			in[at + 11] = uint8_t(sum);
			CU_ASSERT_EQUAL(header_sum(in, at), 0xffff);
		}
		const Beat out = b.edit(in, true, e);

		want = in;
		put(&want, at, e);
		want[at + 10] = out[at + 10];
		want[at + 11] = out[at + 11];
		CU_ASSERT(out == want);
		CU_ASSERT_EQUAL(header_sum(out, at) % 0xffff, header_sum(in, at) % 0xffff);
	}
}

void ipv6()
{
	Bench b;

	for (unsigned n = 0; n < 4000; n++) {
		Beat in;
		const unsigned at = b.frame(&in, n % 3, 0x86dd, 0x60 | (b.any() & 15));
		const Edit e = b.some_edit(false);
		Beat want = in;

		put(&want, at, e);
		CU_ASSERT(b.edit(in, true, e) == want);
	}
}

void others_stay()
{
	static const struct {
		unsigned tags, type;
		bool v4;
	} others[] = {
		{ 0, 0x0806, true }, { 1, 0x0800, false }, { 0, 0x86dd, true },
		{ 3, 0x0800, true }, { 3, 0x86dd, false },
	};
	Bench b;
	Beat in;

	for (const auto &o : others) {
		b.frame(&in, o.tags, o.type, 0x45);
		CU_ASSERT(b.edit(in, true, b.some_edit(o.v4)) == in);
	}
	b.frame(&in, 0, 0x0800, 0x45);
	CU_ASSERT(b.edit(in, false, { true, true, 0, 0xfc, 0x88 }) == in); // not the first beat
	CU_ASSERT(b.edit(in, true, { false, true, 0, 0xfc, 0x88 }) == in); // not asked for
}

const struct cu_test tests[] = {
	{ "ip_edit", "ipv4", ipv4 },
	{ "ip_edit", "ipv6", ipv6 },
	{ "ip_edit", "others_stay", others_stay },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	return cu_main(argc, argv, tests);
}
