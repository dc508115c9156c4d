// SPDX-License-Identifier: BSD-2-Clause
// The contract's layout in C equals that in SystemVerilog: random bits through both, field by field. A field that one of
// them does not have does not compile.
#include <linux/types.h>

#include <cstdint>
#include <cstdio>

#include "snic_contract.h"

#include "Vtb_layout.h"
#include "cu_main.h"
#include "verilated.h"

namespace {

constexpr unsigned int kRounds = 2000;

Vtb_layout *top;
uint64_t rnd;
__u64 qw[2];
snic_flow_key key;
unsigned int bad;

// Dword i of a port of any width.
uint32_t dword(uint64_t v, unsigned int i)
{
	return i < 2 ? uint32_t(v >> 32 * i) : 0;
}

template <std::size_t N> uint32_t dword(const VlWide<N> &v, unsigned int i)
{
	return i < N ? v[i] : 0;
}

void expect(bool ok, const char *field)
{
	if (!ok && !bad++)
		printf("    %s differs\n", field);
}

// One random bit pattern, or a single one: that finds a field that is shifted or too wide at once.
void drive(unsigned int round)
{
	for (__u64 &q : qw)
		q = cu_rand(&rnd);
	for (__u32 &d : key.dw)
		d = uint32_t(cu_rand(&rnd) >> 16);
	if (round < SNIC_KEY_DWORDS * 32) {
		key = {};
		key.dw[round / 32] = 1u << round % 32;
		qw[0] = qw[1] = 0;
		qw[round / 64 % 2] = 1ull << round % 64;
	}
	for (unsigned int i = 0; i < 4; i++)
		top->desc_i[i] = uint32_t(qw[i / 2] >> 32 * (i % 2));
	for (unsigned int i = 0; i < SNIC_KEY_DWORDS; i++)
		top->key_i[i] = key.dw[i];
	top->eval();
}

void test_descriptors()
{
	bad = 0;
	for (unsigned int round = 0; round < kRounds; round++) {
		drive(round);
#define DESC_FIELD(s, f, l, w, why)                                                                          \
	{                                                                                                    \
		__u64 v = snic_bits_get(qw, SNIC_F(s, f));                                                   \
		expect(dword(top->s##_##f##_o, 0) == uint32_t(v) &&                                          \
			       dword(top->s##_##f##_o, 1) == uint32_t(v >> 32),                              \
		       #s "." #f);                                                                           \
	}
#include "snic_desc.def"
	}
	CU_ASSERT_EQUAL(bad, 0);
}

// A field of more than 64 bits is read in dwords, as software does.
void test_key()
{
	bad = 0;
	for (unsigned int round = 0; round < kRounds; round++) {
		drive(round);
#define KEY_FIELD(f, l, w, why)                                                                              \
	for (unsigned int i = 0; i < (w); i += 32)                                                           \
		expect(dword(top->KEY_##f##_o, i / 32) ==                                                    \
			       uint32_t(snic_key_get(&key, (l) + i, (w)-i < 32 ? (w)-i : 32)),               \
		       "KEY." #f);
#include "snic_key.def"
#undef KEY_FIELD
	}
	CU_ASSERT_EQUAL(bad, 0);
}

// What the setters store is what the structs say; nothing beside the field changes.
void test_setters()
{
	bad = 0;
	for (unsigned int round = 0; round < kRounds; round++) {
		drive(kRounds);
		__u64 v = cu_rand(&rnd);
#define DESC_FIELD(s, f, l, w, why)                                                                          \
	{                                                                                                    \
		__u64 was[2] = { qw[0], qw[1] };                                                             \
		snic_bits_set(qw, SNIC_F(s, f), v);                                                          \
		expect(snic_bits_get(qw, SNIC_F(s, f)) == (v & (~0ull >> (64 - (w)))), #s "." #f);           \
		snic_bits_set(qw, SNIC_F(s, f), snic_bits_get(was, SNIC_F(s, f)));                           \
		expect(qw[0] == was[0] && qw[1] == was[1], #s "." #f);                                       \
	}
#include "snic_desc.def"
#define KEY_FIELD(f, l, w, why)                                                                              \
	if ((w) <= 32) {                                                                                     \
		snic_flow_key was = key;                                                                     \
		snic_key_set(&key, SNIC_K(f), v);                                                            \
		expect(snic_key_get(&key, SNIC_K(f)) == (v & ((1ull << ((w)&63)) - 1)), "KEY." #f);          \
		snic_key_set(&key, SNIC_K(f), snic_key_get(&was, SNIC_K(f)));                                \
		for (unsigned int i = 0; i < SNIC_KEY_DWORDS; i++)                                           \
			expect(key.dw[i] == was.dw[i], "KEY." #f);                                           \
	}
#include "snic_key.def"
#undef KEY_FIELD
	}
	CU_ASSERT_EQUAL(bad, 0);
}

const cu_test tests[] = {
	{ "layout", "descriptors", test_descriptors },
	{ "layout", "key", test_key },
	{ "layout", "setters", test_setters },
	{ nullptr, nullptr, nullptr },
};

} // namespace

int main(int argc, char **argv)
{
	Vtb_layout probe;
	int rc;

	top = &probe;
	rnd = argc > 2 ? strtoull(argv[2], nullptr, 0) : 0;
	rc = cu_main(argc, argv, tests);
	top = nullptr;
	return rc;
}
