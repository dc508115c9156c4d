/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One wire port's MAC and the wire on it, both directions at line rate: preamble 8 B, FCS 4 B, gap 12 B. No
 * Verilator here.
 *
 * Towards the device a beat is there once its last byte (for the last beat: the FCS) is; the device cannot
 * hold it up. When the clock is too slow for the wire (a beat a cycle), beats queue here: loss happens only
 * in the RTL. From the device: it may run ahead of the wire by a small FIFO. The frame starts as early as it
 * can without running dry.
 */
#ifndef SNIC_MAC_H
#define SNIC_MAC_H

#include <cstddef>
#include <cstdint>

#include "ring.h"
#include "units.h"

constexpr uint32_t kPreamble = 8;
constexpr uint32_t kFcs = 4;
constexpr uint32_t kGap = 12;
constexpr uint32_t kWireFrameMax = 16000; /* what the wire carries; the device's own limit is lower */
constexpr uint32_t kWireRxQueue = 4096;	  /* frames that snic_sim_wire_rx() lets wait */
constexpr uint32_t kMacTxFifo = 1024;	  /* bytes */

class Mac {
public:
	struct RxBeat {
		bool sop, eop, bad;
		uint8_t bytes;
		const void *data;
	};
	struct Frame {
		uint64_t end; /* last bit on the wire */
		uint64_t beat;
		uint32_t len;
		uint32_t skip; /* beats of it that never come */
		bool bad;
	};

	explicit Mac(uint32_t gbps);

	/* The wire is cut, or whole again: a frame that is not wholly on a whole wire is lost, one whose head is here is damaged. */
	void cut(bool down, uint64_t now);

	/* Queue a frame towards the device; the time of its last bit. */
	uint64_t receive(const void *frame, size_t len, bool bad_fcs, uint64_t time);
	size_t rx_pending() const { return rx_.size(); }
	/* Time at which the next beat is there; kNever: none. */
	uint64_t rx_due() const { return rx_due_; }
	/* The frame that is due is lost: nothing of it comes to the device. */
	bool rx_lost() const { return lost_until_ && !rx_off_ && in_cut(rx_.front()); }
	void rx_drop();
	void rx_beat(RxBeat *b) const
	{
		const Frame &f = rx_.front();
		uint32_t left = f.len - rx_off_;

		*b = { rx_off_ == 0, left <= kBeat, left <= kBeat && f.bad,
		       static_cast<uint8_t>(left < kBeat ? left : kBeat), rx_beats_.front().b };
	}
	void rx_beat_pop();

	bool tx_ready(uint64_t now) const { return tx_free_ <= now + tx_ahead_; }
	/* A beat from the device. False: it breaks the rules of the port. */
	bool tx_beat(uint64_t now, bool sop, bool eop, uint32_t bytes, const void *data);
	/* Time at which the next frame has left; kNever: none. */
	uint64_t tx_due() const { return tx_.empty() ? kNever : tx_.front().end; }
	const Frame &tx_frame() const { return tx_.front(); }
	bool tx_lost();
	const uint8_t *tx_data();
	void tx_frame_pop();

	uint64_t rx_frames() const { return rx_frames_; }
	uint64_t tx_frames() const { return tx_frames_; }
	uint64_t rx_lost_frames() const { return rx_lost_; }
	uint64_t tx_lost_frames() const { return tx_lost_; }

private:
	struct Beat {
		uint8_t b[kBeat];
	};

	void rx_next();
	bool in_cut(const Frame &f) const
	{
		return f.end > lost_from_ && f.end - (kPreamble + f.len + kFcs) * byte_ps_ < lost_until_;
	}

	const uint64_t byte_ps_;
	const uint64_t tx_ahead_;

	/* of the last cut; lost_until_ kNever: it lasts, 0: there was none */
	uint64_t lost_from_ = 0, lost_until_ = 0;
	uint64_t rx_lost_ = 0, tx_lost_ = 0;

	Ring<Frame> rx_;
	Ring<Beat> rx_beats_;
	uint64_t rx_free_ = 0; /* the wire, gap included */
	uint64_t rx_due_ = kNever;
	uint32_t rx_off_ = 0;
	uint64_t rx_frames_ = 0;

	Ring<Frame> tx_;
	Ring<Beat> tx_beats_;
	uint64_t tx_free_ = 0; /* when the wire will have sent what is here */
	uint64_t tx_start_ = 0;
	uint64_t tx_first_ = 0;
	uint32_t tx_len_ = 0;
	bool tx_open_ = false;
	uint64_t tx_frames_ = 0;
	uint8_t scratch_[kWireFrameMax + kBeat];
};

#endif
