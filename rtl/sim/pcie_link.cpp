// SPDX-License-Identifier: BSD-2-Clause
#include "pcie_link.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

namespace {
/* First words of what the TLP hash takes in. */
enum HashKind : uint32_t { kHashUp = 1, kHashRead, kHashCpl, kHashDown };
} // namespace

PcieLink::PcieLink(const snic_sim_config &cfg, const snic_sim_ops &ops, void *ctx)
	: ops_(ops), ctx_(ctx), gen_(cfg.pcie_gen), lanes_(cfg.pcie_lanes), rcb_(cfg.rcb), mps_(cfg.mps),
	  mrrs_(cfg.mrrs), write_ps_(cfg.write_latency_ns * 1000ull), tx_limit_(kTxBeats + cfg.mps / kBeat),
	  latency_(cfg), faults_(cfg), up_lane_(pcie_ps_per_byte_q32(cfg.pcie_gen, cfg.pcie_lanes, cfg.mps)),
	  up_(256), beats_(512), down_lane_(pcie_ps_per_byte_q32(cfg.pcie_gen, cfg.pcie_lanes, cfg.mps)),
	  cpl_(256), data_(new uint8_t[kTags * kSlot]())
{
}

void PcieLink::fail(const char *what, uint64_t v)
{
	if (!error_[0])
		snprintf(error_, sizeof(error_), "PCIe: %s (0x%" PRIx64 ")", what, v);
}

/* FNV-1a on 64-bit words: one multiplication a word, and for data one chain a beat (hash_beat). */
void PcieLink::hash_words(uint32_t kind, uint64_t a, uint64_t b)
{
	constexpr uint64_t prime = 0x100000001b3ull;

	hash_ = (hash_ ^ now_) * prime;
	hash_ = (hash_ ^ kind ^ a << 8) * prime;
	hash_ = (hash_ ^ b) * prime;
	hash_ ^= hash_ >> 29;
}

/* The first len bytes of a beat; what is behind them says nothing. */
void PcieLink::hash_beat(const void *data, uint32_t len)
{
	/* Odd multipliers, one a word: independent of each other, so the processor runs them side by side. */
	static const uint64_t mul[8] = {
		0x9e3779b97f4a7c15ull, 0xc2b2ae3d27d4eb4full, 0x165667b19e3779f9ull, 0x85ebca77c2b2ae63ull,
		0x27d4eb2f165667c5ull, 0xd6e8feb86659fd93ull, 0xa0761d6478bd642full, 0xe7037ed1a0b428dbull,
	};
	uint64_t w[8] = {}, sum = 0;

	if (len >= kBeat)
		memcpy(w, data, sizeof(w));
	else
		memcpy(w, data, len);
	for (int i = 0; i < 8; i++)
		sum += (w[i] ^ w[i] >> 32) * mul[i];
	hash_ = (hash_ ^ sum) * 0x100000001b3ull;
	hash_ ^= hash_ >> 31;
}

/* ---- host side ---- */

DownReq &PcieLink::down_push(uint64_t now)
{
	DownReq &r = mm_.push();

	r = {};
	r.time = now + write_ps_;
	due_ = std::min(due_, r.time);
	return r;
}

/* An access of 1, 2, 4 or 8 bytes: its byte enables at offset 0, the bits of its value. */
static unsigned int lanes(unsigned int size)
{
	return (1u << size) - 1;
}

static uint64_t value_mask(unsigned int size)
{
	return UINT64_MAX >> (64 - 8 * size);
}

void PcieLink::mmio_write(uint64_t now, uint8_t func, uint32_t offset, uint64_t value, unsigned int size)
{
	DownReq &r = down_push(now);

	r.kind = DownReq::Write;
	r.func = func;
	r.addr = offset & ~7u;
	r.be = static_cast<uint8_t>(lanes(size) << (offset & 7));
	r.data = (value & value_mask(size)) << 8 * (offset & 7);
	r.bytes = kMwrOverhead + std::max(size, 4u);
}

void PcieLink::mmio_read(uint64_t now, uint8_t func, uint32_t offset, unsigned int size)
{
	DownReq &r = down_push(now);

	mmio_offset_ = offset & 7;
	mmio_size_ = size;
	mmio_done_ = false;
	r.kind = DownReq::Read;
	r.func = func;
	r.addr = offset & ~7u;
	r.be = static_cast<uint8_t>(lanes(size) << (offset & 7));
	r.tag = ++mmio_tag_;
	r.bytes = kMrdBytes;
}

void PcieLink::config(uint64_t now, DownReq::Kind kind, uint8_t func, bool on)
{
	DownReq &r = down_push(now);

	r.kind = kind;
	r.func = func;
	r.on = on;
	r.bytes = kCfgWrBytes;
}

void PcieLink::sizes(uint64_t now, uint32_t mps, uint32_t mrrs)
{
	config(now, DownReq::Sizes, 0, false);
	mm_.back().data = mps | static_cast<uint64_t>(mrrs) << 32;
}

bool PcieLink::mmio_answer(uint64_t *value)
{
	if (!mmio_done_)
		return false;
	*value = mmio_value_;
	return true;
}

/* ---- from the device ---- */

void PcieLink::check_up(const UpBeat &b)
{
	if (b.kind > kUpMsi)
		fail("TLP of unknown kind", b.kind);
	else if (!b.len || b.len > limit(mps_, mps_was_))
		fail("TLP with data: length is 0 or above MPS", b.len);
	else if (b.kind == kUpMwr && (b.addr & 4095) + b.len > 4096)
		fail("write crosses 4 KiB", b.addr);
}

void PcieLink::up_beat(const UpBeat &b)
{
	moved_++;
	if (b.sop != (up_done_ == up_.tail())) {
		fail("TLP with data: start and end do not pair", b.addr);
		return;
	}
	if (b.sop) {
		/* what the header of this kind does not have is not looked at */
		uint64_t addr = b.kind == kUpMwr ? b.addr : b.kind == kUpMsi ? b.addr & 15 : 0;
		uint8_t tag = b.kind == kUpCplD ? b.tag : 0;

		check_up(b);
		up_.push() = { 0, addr, beats_.tail(), b.len, b.kind, b.func, tag };
		hash_words(kHashUp, static_cast<uint64_t>(b.kind) << 40 | b.func << 24 | b.len, addr ^ tag);
		rx_len_ = 0;
	}

	UpTlp &t = up_.back();

	memcpy(beats_.push().b, b.data, kBeat);
	if (t.kind != kUpMsi)
		hash_beat(b.data, t.len > rx_len_ ? t.len - rx_len_ : 0);
	tx_beats_++;
	rx_len_ += kBeat;
	if (b.eop) {
		if (rx_len_ < t.len || rx_len_ >= t.len + kBeat)
			fail("TLP with data: beats do not fit its length", t.len);
		t.time = now_;
		up_done_ = up_.tail();
		due_ = 0;
	}
}

void PcieLink::rd_request(uint8_t func, uint64_t addr, uint32_t len, uint32_t tag)
{
	moved_++;
	if (!len || len > limit(mrrs_, mrrs_was_) || (addr & 4095) + len > 4096) {
		fail("read of length 0, above MRRS, or across 4 KiB", addr);
		return;
	}
	if (tag_out_[tag]) {
		fail("read with a tag that is out already", tag);
		return;
	}
	tag_out_[tag] = true;
	rdq_.push() = {
		now_, addr, static_cast<uint16_t>(len), static_cast<uint16_t>(tag), func, false, kCplSC, 0, 0
	};
	hash_words(kHashRead, static_cast<uint64_t>(func) << 32 | tag << 16 | len, addr);
	due_ = 0;
}

/* ---- to the device ---- */

/* MPS and MRRS, as config() has them, are the device's now. */
void PcieLink::resize(uint64_t sizes)
{
	mps_was_ = mps_;
	mrrs_was_ = mrrs_;
	mps_ = static_cast<uint32_t>(sizes);
	mrrs_ = static_cast<uint32_t>(sizes >> 32);
	sizes_ps_ = now_;
	tx_limit_ = kTxBeats + mps_ / kBeat;
	up_lane_.set_rate(pcie_ps_per_byte_q32(gen_, lanes_, mps_));
	down_lane_.set_rate(pcie_ps_per_byte_q32(gen_, lanes_, mps_));
}

void PcieLink::down_req_pop()
{
	const DownReq &r = mm_.front();

	if (r.kind == DownReq::Sizes)
		resize(r.data);

	moved_++;
	hash_words(kHashDown,
		   static_cast<uint64_t>(r.kind) << 40 | static_cast<uint64_t>(r.addr >> 16) << 44 |
			   r.func << 24 | r.be << 16 | (r.addr & 0xffff),
		   r.data ^ r.on);
	if (mm_sent_ - mm_.head() ==
	    kMmioCredits) { /* the one that waits for this credit starts now, not before */
		mm_credit_ = now_;
		due_ = 0;
	}
	mm_.pop();
}

void PcieLink::cpl_beat_pop()
{
	const Cpl &c = cpl_.front();

	moved_++;
	if (!cpl_off_)
		hash_words(kHashCpl, static_cast<uint64_t>(c.tag) << 24 | c.len << 8 | c.status << 1 | c.last,
			   0);
	hash_beat(slot(c.tag) + c.off + cpl_off_, c.len - cpl_off_);
	cpl_off_ += kBeat;
	if (cpl_off_ < c.len)
		return;
	cpl_off_ = 0;
	if (c.last)
		tag_out_[c.tag] = false;
	cpl_.pop();
}

/* ---- the link ---- */

/* Earliest time at which the credits for t are there. Credits come back in the order in which they were used.
 */
uint64_t PcieLink::posted_credit(const UpTlp &t)
{
	uint32_t units = (pcie_dword_bytes(t.addr, t.len) + 15) / 16;

	if (t.kind == kUpCplD)
		return 0; /* a root complex advertises infinite completion credits */
	while (!p_hdr_ || p_data_ < units) {
		p_hdr_++;
		p_data_ += p_credits_.front().data;
		p_time_ = p_credits_.front().time;
		p_credits_.pop();
	}
	return p_time_;
}

uint64_t PcieLink::nonposted_credit()
{
	if (!np_hdr_) {
		np_hdr_++;
		np_time_ = np_credits_.front().time;
		np_credits_.pop();
	}
	return np_time_;
}

/* Start of the next TLP up, and which queue it is from; kNever: none waits. */
uint64_t PcieLink::up_start(bool *is_read)
{
	uint64_t data = kNever, read = kNever;

	if (up_sent_ != up_done_)
		data = std::max({ up_lane_.free(), up_[up_sent_].time, posted_credit(up_[up_sent_]) });
	if (!rdq_.empty())
		read = std::max({ up_lane_.free(), rdq_.front().time, nonposted_credit() });
	*is_read = read != kNever &&
		   (data == kNever || (rdq_.front().time < up_[up_sent_].time && read <= data));
	return *is_read ? read : data;
}

void PcieLink::send_up()
{
	bool is_read;

	for (;;) {
		uint64_t start = up_start(&is_read);

		if (start > now_)
			return;
		if (is_read) {
			ReadReq r = rdq_.front();

			rdq_.pop();
			r.time = up_lane_.send(start, kMrdBytes);
			np_hdr_--;
			np_credits_.push() = { r.time + kCreditLoopPs, 0 };
			r.time = std::max(r.time + latency_.next_ps(),
					  last_land_); /* pushes the writes before it */
			if (!faults_.none() && !suffer(r, start))
				continue;
			insert_pending(r);
			continue;
		}
		UpTlp &t = up_[up_sent_++];
		uint32_t dw = pcie_dword_bytes(t.addr, t.len);
		uint32_t bytes = t.kind == kUpMsi    ? kMsiBytes
				 : t.kind == kUpCplD ? kCplOverhead + dw
						     : kMwrOverhead + dw;
		uint64_t end = up_lane_.send(start, bytes);

		if (t.kind != kUpCplD) {
			p_hdr_--;
			p_data_ -= (dw + 15) / 16;
			p_credits_.push() = { end + kCreditLoopPs, (dw + 15) / 16 };
		}
		tx_beats_ -= (t.len + kBeat - 1) / kBeat;
		t.time = last_land_ = end + write_ps_;
	}
}

/* What this read's faults do to it; false: it is never answered, and its tag is the device's to take back. */
bool PcieLink::suffer(ReadReq &r, uint64_t start)
{
	const ReadFate fate = faults_.read(start, r.func, r.addr, r.len);

	r.time += fate.late_ps;
	r.split = fate.split;
	r.status = fate.status;
	r.after = fate.after;
	r.apart_ps = fate.apart_ps;
	if (fate.lost)
		tag_out_[r.tag] = false;
	return !fate.lost;
}

/* Sorted by time, first come first among equals. When all take as long it is an append. */
void PcieLink::insert_pending(const ReadReq &r)
{
	pend_.push();
	uint64_t i = pend_.tail() - 1;

	for (; i != pend_.head() && pend_[i - 1].time > r.time; i--)
		pend_[i] = pend_[i - 1];
	pend_[i] = r;
}

void PcieLink::land(const UpTlp &t)
{
	const uint64_t n = (t.len + kBeat - 1) / kBeat;
	const uint8_t *data = beats_[t.beat].b;

	if (t.kind == kUpMsi) {
		ops_.msix(ctx_, t.func, static_cast<uint8_t>(t.addr));
	} else if (t.kind == kUpCplD) {
		if (t.tag == mmio_tag_ && !mmio_done_) {
			memcpy(&mmio_value_, data, sizeof(mmio_value_));
			mmio_value_ = mmio_value_ >> 8 * mmio_offset_ & value_mask(mmio_size_);
			mmio_done_ = true;
		}
	} else {
		if (beats_.contiguous(t.beat) < n) {
			for (uint64_t i = 0; i < n; i++)
				memcpy(scratch_ + i * kBeat, beats_[t.beat + i].b, kBeat);
			data = scratch_;
		}
		/* A posted write that no memory takes is lost without a word, as on a real bus. */
		ops_.mem_write(ctx_, t.func, t.addr, data, t.len);
	}
	beats_.pop(n);
}

/* Sorted by time, as insert_pending(); what is sent already stays where it is. */
void PcieLink::push_cpl(const Cpl &c)
{
	cpl_.push();
	uint64_t i = cpl_.tail() - 1;

	for (; i != cpl_sent_ && cpl_[i - 1].time > c.time; i--)
		cpl_[i] = cpl_[i - 1];
	cpl_[i] = c;
}

/*
 * Read the host's memory and cut the answer: up to the first RCB boundary, then MPS at a time. An error takes the place of the
 * piece that it is in, and ends the answer.
 */
void PcieLink::answer(const ReadReq &r)
{
	uint64_t time = r.time;
	uint32_t off = 0, len, after = r.after;
	CplStatus status = r.status;

	if (ops_.mem_read(ctx_, r.func, r.addr, slot(r.tag), r.len)) {
		status = kCplUR;
		after = 0;
	}
	for (; off < r.len; off += len, time += r.apart_ps) {
		uint32_t head = (r.addr + off) % rcb_;
		uint32_t data;
		bool last, error;

		len = std::min<uint32_t>(r.len - off, head || r.split ? rcb_ - head : mps_);
		last = off + len == r.len;
		data = kCplOverhead + pcie_dword_bytes(r.addr + off, len);
		error = status != kCplSC && (last || off + len > after);
		if (!error) {
			push_cpl({ time, r.tag, static_cast<uint16_t>(len), static_cast<uint16_t>(off),
				   static_cast<uint16_t>(data), kCplSC, last });
			continue;
		}
		memset(slot(r.tag) + off, 0xff, kBeat);
		push_cpl({ time, r.tag, 0, static_cast<uint16_t>(off),
			   static_cast<uint16_t>(status == kCplPoison ? data : kCplOverhead), status, true });
		return;
	}
}

/*
 * Start of the next TLP down; kNever: none waits, or it waits for a credit. A completion passes a read or a configuration
 * request that waits for one, and never a write (Base Specification, table 2-40).
 */
uint64_t PcieLink::down_start(bool *is_cpl) const
{
	const uint64_t cpl = cpl_sent_ != cpl_.tail() ? cpl_[cpl_sent_].time : kNever;
	uint64_t turn = kNever, ready = kNever;

	if (mm_sent_ != mm_.tail()) {
		const DownReq &r = mm_[mm_sent_];

		if (mm_sent_ - mm_.head() < kMmioCredits)
			ready = std::max(r.time, mm_credit_);
		turn = r.kind == DownReq::Write ? r.time : ready;
	}
	*is_cpl = cpl < turn;

	const uint64_t start = *is_cpl ? cpl : ready;

	return start == kNever ? kNever : std::max(start, down_lane_.free());
}

void PcieLink::send_down()
{
	uint64_t start;
	bool is_cpl;

	while ((start = down_start(&is_cpl)) <= now_) {
		if (is_cpl) {
			Cpl &c = cpl_[cpl_sent_++];

			c.time = down_lane_.send(start, c.bytes);
		} else {
			DownReq &r = mm_[mm_sent_++];

			r.time = down_lane_.send(start, r.bytes);
		}
	}
}

void PcieLink::advance_due()
{
	bool unused;

	send_up();
	for (;;) {
		uint64_t write = up_.head() != up_sent_ ? up_.front().time : kNever;
		uint64_t read = pend_.empty() ? kNever : pend_.front().time;

		if (std::min(write, read) > now_) {
			due_ = std::min(write, read);
			break;
		}
		if (write <= read) {
			land(up_.front());
			up_.pop();
		} else {
			ReadReq r = pend_.front();

			pend_.pop();
			answer(r);
		}
	}
	send_down();
	due_ = std::min({ due_, up_start(&unused), down_start(&unused) });
}

uint64_t PcieLink::next_due() const
{
	uint64_t t = due_;

	if (mm_.head() != mm_sent_)
		t = std::min(t, mm_.front().time);
	if (cpl_.head() != cpl_sent_)
		t = std::min(t, cpl_.front().time);
	return t;
}
