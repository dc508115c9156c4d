// SPDX-License-Identifier: BSD-2-Clause
#include "mac.h"

#include <algorithm>
#include <cstring>

Mac::Mac(uint32_t gbps)
	: byte_ps_(8000 / gbps), tx_ahead_(kMacTxFifo * byte_ps_), rx_beats_(256), tx_beats_(256)
{
}

void Mac::cut(bool down, uint64_t now)
{
	if (down == (lost_until_ == kNever))
		return;
	lost_until_ = down ? kNever : now;
	if (!down) {
		rx_next();
		return;
	}
	lost_from_ = now;
	if (rx_off_) { /* the device has the head of a frame: it ends with what was on its way */
		Frame &f = rx_.front();
		const uint32_t len = std::min(f.len, rx_off_ + kBeat);

		f.skip = (f.len + kBeat - 1) / kBeat - (len + kBeat - 1) / kBeat;
		f.len = len;
		f.bad = true;
		f.end = now;
		rx_lost_++;
	}
	rx_next();
}

uint64_t Mac::receive(const void *frame, size_t len, bool bad_fcs, uint64_t time)
{
	const uint8_t *p = static_cast<const uint8_t *>(frame);
	uint64_t end = std::max(time, rx_free_) + (kPreamble + len + kFcs) * byte_ps_;
	bool first = rx_.empty();

	rx_.push() = { end, rx_beats_.tail(), static_cast<uint32_t>(len), 0, bad_fcs };
	for (size_t off = 0; off < len; off += kBeat) {
		uint8_t *b = rx_beats_.push().b;
		size_t n = std::min<size_t>(len - off, kBeat);

		memcpy(b, p + off, n);
		memset(b + n, 0, kBeat - n);
	}
	rx_free_ = end + kGap * byte_ps_;
	if (first)
		rx_next();
	return end;
}

/* When the beat at rx_off_ is there. */
void Mac::rx_next()
{
	if (rx_.empty()) {
		rx_due_ = kNever;
		return;
	}
	const Frame &f = rx_.front();
	uint32_t left = f.len - rx_off_;

	rx_due_ = left <= kBeat ? f.end : f.end - (left - kBeat + kFcs) * byte_ps_;
}

void Mac::rx_beat_pop()
{
	rx_beats_.pop();
	rx_off_ += kBeat;
	if (rx_off_ >= rx_.front().len) {
		rx_beats_.pop(rx_.front().skip);
		rx_.pop();
		rx_off_ = 0;
		rx_frames_++;
	}
	rx_next();
}

void Mac::rx_drop()
{
	rx_beats_.pop((rx_.front().len + kBeat - 1) / kBeat);
	rx_.pop();
	rx_lost_++;
	rx_next();
}

/* Is the frame that tx_frame() names? It counts. */
bool Mac::tx_lost()
{
	const bool lost = lost_until_ && in_cut(tx_.front());

	tx_lost_ += lost;
	return lost;
}

bool Mac::tx_beat(uint64_t now, bool sop, bool eop, uint32_t bytes, const void *data)
{
	if (sop == tx_open_ || (eop ? !bytes || bytes > kBeat : bytes != kBeat) ||
	    tx_len_ + bytes > kWireFrameMax)
		return false;
	if (sop) {
		tx_start_ = std::max(now, tx_free_);
		tx_first_ = tx_beats_.tail();
	}
	/* A beat that comes later than the wire would need it: the frame has to start so much later. */
	if (now > tx_start_ + (kPreamble + tx_len_) * byte_ps_)
		tx_start_ = now - (kPreamble + tx_len_) * byte_ps_;
	memcpy(tx_beats_.push().b, data, kBeat);
	tx_len_ += bytes;
	tx_free_ = tx_start_ + (kPreamble + tx_len_) * byte_ps_;
	tx_open_ = !eop;
	if (eop) {
		uint64_t end = tx_free_ + kFcs * byte_ps_;

		tx_.push() = { end, tx_first_, tx_len_, 0, false };
		tx_free_ = end + kGap * byte_ps_;
		tx_len_ = 0;
		tx_frames_++;
	}
	return true;
}

/* The bytes of the frame that tx_frame() names, in one piece. */
const uint8_t *Mac::tx_data()
{
	const Frame &f = tx_.front();
	uint64_t n = (f.len + kBeat - 1) / kBeat;

	if (tx_beats_.contiguous(f.beat) >= n)
		return tx_beats_[f.beat].b;
	for (uint64_t i = 0; i < n; i++)
		memcpy(scratch_ + i * kBeat, tx_beats_[f.beat + i].b, kBeat);
	return scratch_;
}

void Mac::tx_frame_pop()
{
	tx_beats_.pop((tx_.front().len + kBeat - 1) / kBeat);
	tx_.pop();
}
