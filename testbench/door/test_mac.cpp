// SPDX-License-Identifier: BSD-2-Clause
// The MAC model: line rate in both directions for awkward sizes, clocks and speeds, and nothing lost.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "cu_main.h"
#include "mac.h"

namespace {
/* Edge n of a clock of mhz, ps */
uint64_t edge(uint64_t n, uint32_t mhz)
{
	return n * 1000000 / mhz;
}

std::vector<uint8_t> pattern(size_t len, uint8_t seed)
{
	std::vector<uint8_t> f(len);

	for (size_t i = 0; i < len; i++)
		f[i] = static_cast<uint8_t>(i * 7 + seed + (i >> 8));
	return f;
}

/* frames of len bytes (with FCS) a second on a wire of gbps, in millions */
double line_mpps(uint32_t gbps, size_t len)
{
	return gbps * 1000.0 / static_cast<double>((len + 20) * 8);
}

struct Rx {
	uint64_t frames = 0, first = 0, last = 0, end = 0, worst = 0;
	bool same = true;
};

/* n frames (len with FCS) back to back from the wire; what the device sees */
Rx receive(uint32_t gbps, uint32_t mhz, size_t len, uint32_t n)
{
	auto m = std::make_unique<Mac>(gbps);
	std::vector<uint8_t> f = pattern(len - kFcs, 1), got;
	std::vector<uint64_t> ends;
	uint32_t sent = 0;
	Rx r;

	for (uint64_t c = 0; r.frames < n; c++) {
		uint64_t t = edge(c, mhz);
		Mac::RxBeat b;

		while (sent < n && m->rx_pending() < 100) {
			r.end = m->receive(f.data(), f.size(), false, 0);
			ends.push_back(r.end);
			sent++;
		}
		if (m->rx_due() > t)
			continue;
		m->rx_beat(&b);
		r.same = r.same && b.sop == got.empty() && !b.bad && (b.eop || b.bytes == kBeat);
		got.insert(got.end(), static_cast<const uint8_t *>(b.data),
			   static_cast<const uint8_t *>(b.data) + b.bytes);
		if (b.eop) {
			r.same = r.same && got == f;
			got.clear();
			r.worst = std::max(r.worst, t - ends[r.frames]);
			r.first = r.first ? r.first : t;
			r.last = t;
			r.frames++;
		}
		m->rx_beat_pop();
	}
	CU_ASSERT_EQUAL(m->rx_frames(), n);
	CU_ASSERT_EQUAL(m->rx_due(), kNever);
	return r;
}

void rx_rate()
{
	const size_t sizes[] = { 64, 65, 69, 128, 129, 132, 133, 1518, 9018 };
	const struct {
		uint32_t gbps, mhz;
	} runs[] = { { 10, 400 },  { 25, 250 },	 { 40, 250 }, { 50, 333 },
		     { 100, 400 }, { 100, 300 }, { 200, 700 } };

	for (const auto &run : runs)
		for (size_t len : sizes) {
			uint32_t n = 2000;
			Rx r = receive(run.gbps, run.mhz, len, n);
			double mpps = (n - 1) * 1e6 / static_cast<double>(r.last - r.first);

			CU_ASSERT(r.same);
			CU_ASSERT_DOUBLE_EQUAL(mpps / line_mpps(run.gbps, len), 1.0, 0.001);
			/* a last beat that comes right after the one before it waits for its turn: three
			 * clocks at most */
			CU_ASSERT(r.worst <= 3 * edge(1, run.mhz) + 3);
		}
}

void rx_mpps()
{
	Rx r = receive(100, 400, 64, 100000);

	/* the time on the wire is exact: 84 B of 80 ps a frame, without a gap behind the last */
	CU_ASSERT_EQUAL(r.end, 100000ull * 84 * 80 - 12 * 80);
	CU_ASSERT_DOUBLE_EQUAL(99999 * 1e6 / static_cast<double>(r.last - r.first), 148.8095, 0.001);
}

/* first bit not before its time, nor before the gap of the frame before it is over; beats when their bytes
 * are there */
void rx_times()
{
	auto m = std::make_unique<Mac>(100);
	std::vector<uint8_t> f = pattern(130, 3);
	Mac::RxBeat b;

	CU_ASSERT_EQUAL(m->receive(f.data(), f.size(), true, 1000), 1000 + (8 + 134) * 80);
	CU_ASSERT_EQUAL(m->receive(f.data(), 60, false, 1000), 1000 + (8 + 134 + 12 + 8 + 64) * 80);
	CU_ASSERT_EQUAL(m->receive(f.data(), 60, false, 100000), 100000 + (8 + 64) * 80);
	CU_ASSERT_EQUAL(m->rx_pending(), 3);
	CU_ASSERT_EQUAL(m->rx_due(), 1000 + (8 + 64) * 80);
	m->rx_beat(&b);
	CU_ASSERT(b.sop && !b.eop && !b.bad && b.bytes == 64);
	m->rx_beat_pop();
	CU_ASSERT_EQUAL(m->rx_due(), 1000 + (8 + 128) * 80);
	m->rx_beat_pop();
	CU_ASSERT_EQUAL(m->rx_due(), 1000 + (8 + 134) * 80);
	m->rx_beat(&b);
	CU_ASSERT(!b.sop && b.eop && b.bad && b.bytes == 2);
	CU_ASSERT_EQUAL(memcmp(b.data, &f[128], 2), 0);
	m->rx_beat_pop();
	m->rx_beat(&b);
	CU_ASSERT(b.sop && b.eop && !b.bad && b.bytes == 60);
}

struct Tx {
	double mpps;
	uint64_t first_end, last_end;
	uint64_t least_gap; /* between the ends of two frames, less the bytes of one */
	bool same = true;
};

/* n frames (len with FCS) from a device that always has a beat, or has one only now and then */
Tx send(uint32_t gbps, uint32_t mhz, size_t len, uint32_t n, uint32_t busy_of_8)
{
	auto m = std::make_unique<Mac>(gbps);
	std::vector<uint8_t> f = pattern(len - kFcs, 9);
	uint64_t prev = 0, done = 0, state = cu_seed();
	std::vector<uint64_t> least;
	size_t off = 0;
	Tx r = {};

	r.same = true;
	r.least_gap = kNever;
	f.resize(f.size() + kBeat);
	for (uint64_t c = 0; done < n; c++) {
		uint64_t t = edge(c, mhz);

		if (m->tx_ready(t) && cu_rand(&state) % 8 < busy_of_8) {
			size_t bytes = std::min<size_t>(len - kFcs - off, kBeat);
			bool eop = off + bytes == len - kFcs;

			r.same =
				m->tx_beat(t, off == 0, eop, static_cast<uint32_t>(bytes), &f[off]) && r.same;
			if (eop) /* no byte leaves before it is there */
				least.push_back(t + (bytes + kFcs) * 8000 / gbps);
			off = eop ? 0 : off + bytes;
		}
		while (m->tx_due() <= t) {
			uint64_t end = m->tx_frame().end;

			r.same = r.same && end >= least[done] && m->tx_frame().len == len - kFcs &&
				 !memcmp(m->tx_data(), f.data(), len - kFcs);
			if (done)
				r.least_gap =
					std::min(r.least_gap, end - prev - (kPreamble + len) * 8000 / gbps);
			else
				r.first_end = end;
			prev = r.last_end = end;
			m->tx_frame_pop();
			done++;
		}
	}
	r.mpps = (n - 1) * 1e6 / static_cast<double>(r.last_end - r.first_end);
	return r;
}

void tx_rate()
{
	const size_t sizes[] = { 64, 65, 69, 128, 129, 132, 133, 1518, 9018 };
	const struct {
		uint32_t gbps, mhz;
	} runs[] = { { 10, 400 }, { 25, 250 }, { 40, 333 }, { 100, 400 }, { 100, 300 }, { 200, 700 } };

	for (const auto &run : runs)
		for (size_t len : sizes) {
			Tx t = send(run.gbps, run.mhz, len, 2000, 8);

			CU_ASSERT(t.same);
			CU_ASSERT_DOUBLE_EQUAL(t.mpps / line_mpps(run.gbps, len), 1.0, 0.0001);
			CU_ASSERT_EQUAL(t.least_gap, kGap * 8000 / run.gbps);
		}
	CU_ASSERT_DOUBLE_EQUAL(send(100, 400, 64, 20000, 8).mpps, 148.8095, 0.0001);
}

/* a device that is slower than the wire: gaps grow, frames stay whole and never overlap */
void tx_slow()
{
	for (size_t len : { 64, 65, 300, 1518, 9018 }) {
		Tx t = send(200, 400, len, 500, 3);

		CU_ASSERT(t.same);
		CU_ASSERT(t.mpps < line_mpps(200, len) * 0.9);
		CU_ASSERT(t.least_gap >= kGap * 40);
	}
}

/* first byte leaves when the first beat is there; ready goes when the FIFO is full, and comes back with the
 * wire's pace */
void tx_times()
{
	auto m = std::make_unique<Mac>(100);
	uint8_t beat[kBeat] = {};
	uint32_t frames = 0;

	CU_ASSERT(m->tx_beat(5000, true, true, 60, beat));
	CU_ASSERT_EQUAL(m->tx_due(), 5000 + (8 + 64) * 80);
	while (m->tx_ready(5000)) {
		CU_ASSERT(m->tx_beat(5000, true, true, 60, beat));
		frames++;
	}
	CU_ASSERT_EQUAL(frames, kMacTxFifo / 84);
	CU_ASSERT(!m->tx_ready(5000 + (frames + 1) * 84 * 80 - kMacTxFifo * 80 - 1));
	CU_ASSERT(m->tx_ready(5000 + (frames + 1) * 84 * 80 - kMacTxFifo * 80));
	CU_ASSERT_EQUAL(m->tx_frames(), frames + 1);
}

void tx_rules()
{
	uint8_t beat[kBeat] = {};

	CU_ASSERT(!std::make_unique<Mac>(100)->tx_beat(0, false, true, 60, beat));
	CU_ASSERT(!std::make_unique<Mac>(100)->tx_beat(0, true, true, 0, beat));
	CU_ASSERT(!std::make_unique<Mac>(100)->tx_beat(0, true, true, 65, beat));
	CU_ASSERT(!std::make_unique<Mac>(100)->tx_beat(0, true, false, 63, beat));

	auto m = std::make_unique<Mac>(100);

	CU_ASSERT(m->tx_beat(0, true, false, 64, beat));
	CU_ASSERT(!m->tx_beat(0, true, true, 64, beat));
}

/* Ten frames with pauses between, the wire cut from..to: which come whole (o) or damaged (x), and which do not (.). */
std::string cut_rx(uint64_t from, uint64_t to)
{
	constexpr size_t len = 1480;
	Mac m(100);
	std::vector<uint8_t> f = pattern(len, 1);
	std::string got;

	for (int i = 0; i < 10; i++)
		m.receive(f.data(), f.size(), false, i * 2 * (len + 8 + 4 + 12) * 80);
	for (uint64_t t = 0; t < 4000000; t += 2500) {
		Mac::RxBeat b;

		if (t >= from && t < to)
			m.cut(true, t);
		if (t >= to)
			m.cut(false, t);
		while (m.rx_due() <= t) {
			if (m.rx_lost()) {
				m.rx_drop();
				got += '.';
				continue;
			}
			m.rx_beat(&b);
			if (b.eop)
				got += b.bad ? 'x' : 'o';
			m.rx_beat_pop();
		}
	}
	CU_ASSERT_EQUAL(m.rx_due(), kNever);
	CU_ASSERT_EQUAL(m.rx_lost_frames() + static_cast<uint64_t>(std::count(got.begin(), got.end(), 'o')),
			10);
	return got;
}

/* Frame n is on the wire from 240.64 n on, for 119.36 ns. */
void rx_cut()
{
	CU_ASSERT(cut_rx(UINT64_MAX, UINT64_MAX) == "oooooooooo");
	CU_ASSERT(cut_rx(130000, 200000) == "oooooooooo"); /* nothing on it */
	CU_ASSERT(cut_rx(300000, 310000) == "oxoooooooo"); /* the second in its middle */
	CU_ASSERT(cut_rx(300000, 700000) == "ox.ooooooo"); /* and the third whole */
	CU_ASSERT(cut_rx(130000, 260000) == "o.oooooooo"); /* the second's head */
	CU_ASSERT(cut_rx(0, 260000) == "..oooooooo");
	CU_ASSERT(cut_rx(0, UINT64_MAX) == "..........");
	CU_ASSERT(cut_rx(300000, UINT64_MAX) == "ox........");
}

/* Of frames that the device sends one after another without a pause, those that were on a whole wire. */
void tx_cut()
{
	Mac m(100);
	std::vector<uint8_t> f = pattern(64, 1);
	std::string got;
	int sent = 0;

	for (uint64_t t = 0; t < 200000; t += 2500) {
		if (t >= 20000 && t < 40000)
			m.cut(true, t);
		if (t >= 40000)
			m.cut(false, t);
		while (m.tx_due() <= t) {
			got += m.tx_lost() ? '.' : 'o';
			m.tx_frame_pop();
		}
		if (sent < 12 && m.tx_ready(t)) {
			CU_ASSERT(m.tx_beat(t, true, true, 64, f.data()));
			sent++;
		}
	}
	/* frame n is on the wire from 7.04 n to 7.04 n + 6.08 ns */
	CU_ASSERT(got == "oo....oooooo");
	CU_ASSERT_EQUAL(m.tx_lost_frames(), 4);
	CU_ASSERT_EQUAL(m.tx_frames(), 12);
}

const cu_test kTests[] = {
	{ "mac", "rx_rate", rx_rate },	 { "mac", "rx_mpps", rx_mpps },
	{ "mac", "rx_times", rx_times }, { "mac", "tx_rate", tx_rate },
	{ "mac", "tx_slow", tx_slow },	 { "mac", "tx_times", tx_times },
	{ "mac", "tx_rules", tx_rules }, { "mac", "rx_cut", rx_cut },
	{ "mac", "tx_cut", tx_cut },	 {},
};
} // namespace

int main(int argc, char **argv)
{
	return cu_main(argc, argv, kTests);
}
