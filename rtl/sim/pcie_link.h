/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PCIe link and what is at its other end: root complex and host memory. No Verilator here.
 *
 * Two lanes of traffic. Up: TLPs with data (in order) and read requests share the link; a TLP is sent once it
 * is here as a whole. Down: MMIO and config requests, and read completions, in the order in which they are
 * ready. Every decision is stamped with picoseconds and does not depend on how often advance() is called, so
 * that leaping over idle time changes nothing. Ordering as the PCIe rules have it: posted writes and MSI land
 * in order; a read never overtakes a write that came before it, a write may overtake a read that waits for
 * credits.
 */
#ifndef SNIC_PCIE_LINK_H
#define SNIC_PCIE_LINK_H

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "faults.h"
#include "latency.h"
#include "pcie_rate.h"
#include "ring.h"
#include "snic_sim.h"
#include "units.h"

/* Credits of the root port, and how long one is away after its TLP was sent: enough for Gen5 x16 with 64 B
 * writes. */
constexpr uint32_t kPostedHdr = 128;
constexpr uint32_t kPostedData = 1024; /* 16 B units */
constexpr uint32_t kNonPostedHdr = 128;
constexpr uint64_t kCreditLoopPs = 200000;
/* Requests that the device's end of the link holds while mmio is not taken. Completions need no credits. */
constexpr uint32_t kMmioCredits = 64;
/* Transmit queues of the device's end: one TLP of MPS beside these beats, and read requests. */
constexpr uint32_t kTxBeats = 16;
constexpr uint32_t kTxReads = 16;
constexpr uint32_t kTags = 4096;
/* So long after MPS or MRRS has changed, TLPs may still be of the size before. */
constexpr uint64_t kSizesPs = 100000000;

enum UpKind : uint8_t { kUpMwr = 0, kUpCplD = 1, kUpMsi = 2 };

struct UpBeat {
	bool sop, eop;
	uint8_t kind, func, tag;
	uint16_t len;
	uint64_t addr;
	const void *data;
};

struct ReadReq {
	uint64_t time; /* here since; then: data ready */
	uint64_t addr;
	uint16_t len, tag;
	uint8_t func;
	/* of its faults */
	bool split;
	CplStatus status;
	uint16_t after;
	uint64_t apart_ps;
};

struct CplBeat {
	bool sop, eop, last;
	uint8_t status;
	uint16_t tag, len;
	const void *data; /* 64 bytes may be read */
};

struct DownReq {
	enum Kind : uint8_t { Write, Read, BusMaster, Flr, Sizes } kind;
	uint8_t func, be, tag;
	bool on; /* BusMaster */
	uint32_t addr;
	uint32_t bytes; /* on the link */
	uint64_t data;	/* Sizes: MPS, and MRRS above it */
	uint64_t time;	/* ready to send; then: arrived */
};

class PcieLink {
public:
	PcieLink(const snic_sim_config &cfg, const snic_sim_ops &ops, void *ctx);

	/* Host side: at the time now. */
	void mmio_write(uint64_t now, uint8_t func, uint32_t offset, uint64_t value, unsigned int size);
	void mmio_read(uint64_t now, uint8_t func, uint32_t offset, unsigned int size);
	void config(uint64_t now, DownReq::Kind kind, uint8_t func, bool on);
	void sizes(uint64_t now, uint32_t mps, uint32_t mrrs);
	/* the answer to the (one) MMIO read that is out, once it is back */
	bool mmio_answer(uint64_t *value);

	/* Device side, once a clock edge: advance() first, then what the device's ports say at that edge. */
	void advance(uint64_t now)
	{
		now_ = now;
		if (now >= due_)
			advance_due();
	}
	bool up_ready() const { return tx_beats_ < tx_limit_; }
	void up_beat(const UpBeat &b);
	bool rd_ready() const { return rdq_.size() < kTxReads; }
	void rd_request(uint8_t func, uint64_t addr, uint32_t len, uint32_t tag);
	/* request that has arrived, or null */
	const DownReq *down_req() const
	{
		return mm_.head() != mm_sent_ && mm_.front().time <= now_ ? &mm_.front() : nullptr;
	}
	void down_req_pop();
	/* beat of a completion that has arrived; false: none */
	bool cpl_beat(CplBeat *b) const
	{
		if (cpl_.head() == cpl_sent_ || cpl_.front().time > now_)
			return false;
		const Cpl &c = cpl_.front();

		*b = { cpl_off_ == 0, cpl_off_ + kBeat >= c.len,     c.last, c.status, c.tag,
		       c.len,	      slot(c.tag) + c.off + cpl_off_ };
		return true;
	}
	void cpl_beat_pop();

	/* Time of the next thing that advance(), down_req() or cpl_beat() could do; kNever: none until
	 * someone calls. */
	uint64_t next_due() const;
	/* Time at which what has been sent to the host arrives there or reads its memory; kNever: nothing has been. */
	uint64_t next_landing() const
	{
		return std::min(up_.head() != up_sent_ ? up_.front().time : kNever,
				pend_.empty() ? kNever : pend_.front().time);
	}

	Faults &faults() { return faults_; }
	const Faults &faults() const { return faults_; }
	/* What the device did against the rules, or null. It stays set. */
	const char *error() const { return error_[0] ? error_ : nullptr; }
	/* TLPs and beats that have passed the device's ports */
	uint64_t moved() const { return moved_; }
	/* requests of the host that the device has taken */
	uint64_t taken() const { return mm_.head(); }
	uint64_t hash() const { return hash_; }
	const PcieLane &up_lane() const { return up_lane_; }
	const PcieLane &down_lane() const { return down_lane_; }

private:
	struct UpTlp {
		uint64_t time; /* here as a whole; then: lands */
		uint64_t addr;
		uint64_t beat; /* index of its first beat */
		uint16_t len;
		uint8_t kind, func, tag;
	};
	struct Beat {
		uint8_t b[kBeat];
	};
	struct Cpl {
		uint64_t time; /* ready; then: arrived */
		uint16_t tag, len, off;
		uint16_t bytes; /* on the link; a poisoned one's data do not come to the device */
		uint8_t status;
		bool last;
	};
	struct Credit {
		uint64_t time;
		uint32_t data;
	};

	/* Completion data of a tag; the odd stride keeps the slots of all tags out of one cache set. */
	static constexpr uint32_t kSlot = 4096 + 2 * kBeat;
	uint8_t *slot(uint32_t tag) { return data_.get() + tag * kSlot; }
	const uint8_t *slot(uint32_t tag) const { return data_.get() + tag * kSlot; }

	void advance_due();
	void send_up();
	void send_down();
	void land(const UpTlp &t);
	void answer(const ReadReq &r);
	void push_cpl(const Cpl &c);
	bool suffer(ReadReq &r, uint64_t start);
	void resize(uint64_t sizes);
	uint32_t limit(uint32_t is, uint32_t was) const
	{
		return now_ < sizes_ps_ + kSizesPs ? std::max(is, was) : is;
	}
	void insert_pending(const ReadReq &r);
	uint64_t posted_credit(const UpTlp &t);
	uint64_t nonposted_credit();
	uint64_t up_start(bool *is_read);
	uint64_t down_start(bool *is_cpl) const;
	DownReq &down_push(uint64_t now);
	void check_up(const UpBeat &b);
	void fail(const char *what, uint64_t v);
	void hash_words(uint32_t kind, uint64_t a, uint64_t b);
	void hash_beat(const void *data, uint32_t len);

	const snic_sim_ops ops_;
	void *const ctx_;
	const uint32_t gen_, lanes_, rcb_;
	uint32_t mps_, mrrs_;
	uint32_t mps_was_ = 0, mrrs_was_ = 0; /* what the device had in hand when they changed is of these */
	uint64_t sizes_ps_ = 0;
	const uint64_t write_ps_;
	uint32_t tx_limit_;
	ReadLatency latency_;
	Faults faults_;

	uint64_t now_ = 0;
	uint64_t due_ = kNever; /* advance() has nothing to do before */

	/* Up. up_: [head, sent) on its way to memory, [sent, done) waiting, [done, tail) being received. */
	PcieLane up_lane_;
	Ring<UpTlp> up_;
	Ring<Beat> beats_;
	uint64_t up_sent_ = 0, up_done_ = 0;
	uint32_t tx_beats_ = 0; /* in the transmit queue */
	uint32_t rx_len_ = 0;	/* bytes of the TLP being received so far */
	uint64_t last_land_ = 0;
	Ring<ReadReq> rdq_;		      /* waiting */
	Ring<ReadReq> pend_;		      /* sent, by the time their data is ready */
	Ring<Credit> p_credits_, np_credits_; /* on their way back */
	uint32_t p_hdr_ = kPostedHdr, p_data_ = kPostedData, np_hdr_ = kNonPostedHdr;
	uint64_t p_time_ = 0, np_time_ = 0;

	/* Down. cpl_ and mm_: [head, sent) sent, [sent, tail) waiting. */
	PcieLane down_lane_;
	Ring<Cpl> cpl_;
	uint64_t cpl_sent_ = 0;
	uint32_t cpl_off_ = 0; /* of the beat that is next */
	Ring<DownReq> mm_;
	uint64_t mm_sent_ = 0;
	uint64_t mm_credit_ = 0;
	std::unique_ptr<uint8_t[]> data_;
	bool tag_out_[kTags] = {};

	uint8_t mmio_tag_ = 0;
	unsigned int mmio_offset_ = 0, mmio_size_ = 8; /* of the read that is out: in its qword */
	bool mmio_done_ = false;
	uint64_t mmio_value_ = 0;

	uint64_t moved_ = 0;
	uint64_t hash_ = 0xcbf29ce484222325ull;
	uint8_t scratch_[4096];
	char error_[160] = "";
};

#endif
