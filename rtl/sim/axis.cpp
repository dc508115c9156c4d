// SPDX-License-Identifier: BSD-2-Clause
#include "axis.h"

#include <algorithm>

namespace {
/* Fmt and Type, bits 31:24 of DW0 */
enum : uint32_t { kMRd32 = 0x00, kMRd64 = 0x20, kMWr32 = 0x40, kMWr64 = 0x60, kCpl = 0x0a, kCplD = 0x4a };
constexpr uint32_t kPoisoned = 1u << 14;

uint32_t get(const uint8_t *p, uint32_t dw)
{
	uint32_t v;

	memcpy(&v, p + 4 * dw, 4);
	return v;
}

void put(uint8_t *p, uint32_t dw, uint32_t v)
{
	memcpy(p + 4 * dw, &v, 4);
}
} // namespace

void AxisTlp::swap(uint8_t *p, uint32_t bytes) const
{
	for (uint32_t i = 0; swap_ && i + 4 <= bytes; i += 4)
		std::reverse(p + i, p + i + 4);
}

/* ---- to the card */

void AxisTlp::header(uint32_t fmt_type, uint32_t dwords, uint32_t flags)
{
	put(rx_.data(), 0, fmt_type << 24 | flags | (dwords & 0x3ff));
	rx_len_ = 12;
	rx_at_ = 0;
}

/* All of the one that is here: the link gives it in beats, the card gets it in words. */
void AxisTlp::completion(Host &h)
{
	CplBeat c{};

	h.link.cpl_beat(&c);

	const uint32_t tag = c.tag & 1023;
	Read &r = reads_[tag];
	const uint32_t pad = static_cast<uint32_t>(r.addr + r.done) & 3;
	const bool data = c.status == kCplSC || c.status == kCplPoison;
	const uint32_t dwords = !data ? 0 : std::max<uint32_t>((pad + c.len + 3) / 4, 1);
	const uint32_t status = c.status == kCplPoison ? 0 : c.status;

	header(data ? kCplD : kCpl, dwords, c.status == kCplPoison ? kPoisoned : 0);
	put(rx_.data(), 1, status << 13 | ((r.left - r.done) & 0xfff));
	put(rx_.data(), 2,
	    static_cast<uint32_t>(r.func) << 16 | (tag & 0xff) << 8 | ((r.addr + r.done) & 0x7f));
	put(rx_.data(), 0,
	    get(rx_.data(), 0) | (tag >> 9 & 1) << 23 | (tag >> 8 & 1) << 19); /* Tag bits 9 and 8 */
	memset(&rx_[rx_len_], 0, 4 * dwords);
	for (uint32_t off = 0;; off += kBeat) {
		const bool eop = c.eop;

		if (c.len)
			memcpy(&rx_[rx_len_ + pad + off], c.data, std::min<uint32_t>(c.len - off, kBeat));
		h.link.cpl_beat_pop();
		if (eop)
			break;
		h.link.cpl_beat(&c);
	}
	r.done += c.len;
	swap(&rx_[rx_len_], 4 * dwords);
	rx_len_ += 4 * dwords;
}

void AxisTlp::request(const DownReq &r)
{
	const bool write = r.kind == DownReq::Write;
	const bool upper = !(r.be & 0x0f);
	const uint32_t dwords = r.be & 0x0f && r.be & 0xf0 ? 2 : 1;
	const uint64_t data = upper ? r.data >> 32 : r.data;

	header(write ? kMWr32 : kMRd32, dwords);
	put(rx_.data(), 1, static_cast<uint32_t>(r.tag) << 8 | (upper ? r.be >> 4 : r.be));
	put(rx_.data(), 2, r.addr + (upper ? 4 : 0));
	rx_func_ = r.func;
	if (write) {
		memcpy(&rx_[rx_len_], &data, 4 * dwords);
		swap(&rx_[rx_len_], 4 * dwords);
		rx_len_ += 4 * dwords;
		return;
	}
	upper_ = upper;
	mmio_tag_ = r.tag;
}

bool AxisTlp::rx(Host &h, AxisWord *w)
{
	CplBeat c{};

	driven_ = false;
	flr = -1;
	if (!rx_len_) {
		const DownReq *r = h.link.down_req();

		if (r && r->kind == DownReq::BusMaster)
			bus_master[r->func] = r->on;
		else if (r && r->kind == DownReq::Flr)
			flr = r->func, bus_master[r->func] = false;
		else if (r && r->kind == DownReq::Sizes)
			mps = static_cast<uint32_t>(r->data), mrrs = static_cast<uint32_t>(r->data >> 32);
		else if (r)
			request(*r);
		if (r) {
			h.passed |= static_cast<uint32_t>(rx_len_ != 0) << SNIC_SIM_PASSED_MMIO;
			h.link.down_req_pop();
			driven_ = true;
		}
		if (!rx_len_ && h.link.cpl_beat(&c)) {
			completion(h);
			h.passed |= 1u << SNIC_SIM_PASSED_CPL;
		}
	}
	if (!rx_len_)
		return false;
	driven_ = true;
	w->data = &rx_[rx_at_];
	w->bytes = std::min(rx_len_ - rx_at_, width_);
	w->last = rx_at_ + width_ >= rx_len_;
	w->func = rx_func_;
	return true;
}

void AxisTlp::rx_taken()
{
	rx_at_ += width_;
	if (rx_at_ >= rx_len_)
		rx_len_ = 0;
}

/* ---- from the card */

/* Bytes that a request's byte enables name: so many, the first of them so far into the first dword. */
bool AxisTlp::span(Host &h, uint32_t dwords, uint32_t *first, uint32_t *bytes) const
{
	const uint32_t fbe = get(tx_.data(), 1) & 15, lbe = get(tx_.data(), 1) >> 4 & 15;
	const uint32_t be = dwords == 1 ? fbe : lbe;
	const uint32_t top = be ? 32 - static_cast<uint32_t>(__builtin_clz(be)) : 0;

	if (dwords == 1 && !fbe) { /* nothing but a flush */
		*first = 0;
		*bytes = 0;
		return true;
	}
	if (!fbe || (dwords == 1 ? lbe != 0 : !lbe)) {
		h.error = "PCIe: byte enables of a request do not fit its length";
		return false;
	}
	*first = static_cast<uint32_t>(__builtin_ctz(fbe));
	*bytes = 4 * dwords - *first - (4 - top);

	/* what lies between the first and the last is whole */
	const uint32_t mask = (1u << top) - 1;

	if (dwords == 1 ? fbe != (mask & ~((1u << *first) - 1))
			: (fbe >> *first != 15u >> *first || lbe != mask)) {
		h.error = "PCIe: a request's byte enables have a hole: the door has none";
		return false;
	}
	return true;
}

void AxisTlp::send_write(Host &h, uint64_t addr, const uint8_t *data, uint32_t dwords)
{
	const auto func = static_cast<uint8_t>(get(tx_.data(), 1) >> 16);
	uint32_t first, bytes;
	uint8_t beat[kBeat] = {};

	if (!span(h, dwords, &first, &bytes) || !bytes)
		return;
	h.passed |= 1u << SNIC_SIM_PASSED_UP;
	for (uint32_t off = 0; off < bytes; off += kBeat) {
		memcpy(beat, data + first + off, std::min<uint32_t>(bytes - off, kBeat));
		h.link.up_beat({ off == 0, off + kBeat >= bytes, kUpMwr, func, 0,
				 static_cast<uint16_t>(bytes), addr + first, beat });
	}
}

void AxisTlp::send_read(Host &h, uint64_t addr, uint32_t dwords)
{
	const uint32_t dw0 = get(tx_.data(), 0), dw1 = get(tx_.data(), 1);
	const uint32_t tag = (dw1 >> 8 & 0xff) | (dw0 >> 19 & 1) << 8 | (dw0 >> 23 & 1) << 9;
	uint32_t first, bytes;

	if (!span(h, dwords, &first, &bytes))
		return;
	bytes = std::max(bytes, 1u);
	reads_[tag] = { addr + first, bytes, 0, static_cast<uint8_t>(dw1 >> 16) };
	h.passed |= 1u << SNIC_SIM_PASSED_READ;
	h.link.rd_request(reads_[tag].func, addr + first, bytes, tag);
}

/* The answer to a register read; one that is an error reads as all ones. */
void AxisTlp::send_completion(Host &h, bool has_data, const uint8_t *data, uint32_t dwords)
{
	const uint32_t status = get(tx_.data(), 1) >> 13 & 7;
	const auto tag = static_cast<uint8_t>(get(tx_.data(), 2) >> 8);
	uint8_t beat[kBeat];

	memset(beat, 0xff, sizeof(beat));
	if (tag != mmio_tag_ || dwords > 2 || (has_data && !status && !dwords)) {
		h.error = "PCIe: an answer that fits no register read";
		return;
	}
	if (has_data && !status)
		memcpy(beat + (dwords == 1 && upper_ ? 4 : 0), data, 4 * dwords);
	h.passed |= 1u << SNIC_SIM_PASSED_UP;
	h.link.up_beat(
		{ true, true, kUpCplD, static_cast<uint8_t>(get(tx_.data(), 1) >> 16), tag, 8, 0, beat });
}

void AxisTlp::send(Host &h)
{
	const uint32_t dw0 = get(tx_.data(), 0), type = dw0 >> 24;
	const bool wide = type & 0x20, data = type & 0x40;
	const uint32_t dwords = dw0 & 0x3ff ? dw0 & 0x3ff : 1024, hdr = wide ? 16 : 12;
	const uint64_t addr = wide ? static_cast<uint64_t>(get(tx_.data(), 2)) << 32 | get(tx_.data(), 3)
				   : get(tx_.data(), 2);

	if (tx_.size() != hdr + (data ? 4 * dwords : 0)) {
		h.error = "PCIe: a TLP of " + std::to_string(tx_.size()) + " bytes; its header says " +
			  std::to_string(hdr + (data ? 4 * dwords : 0));
		return;
	}
	if (wide && !(addr >> 32)) {
		h.error = "PCIe: a request with 64-bit address below 4 GiB";
		return;
	}
	swap(tx_.data() + hdr, static_cast<uint32_t>(tx_.size()) - hdr);
	if (type == kMWr32 || type == kMWr64)
		send_write(h, addr & ~3ull, tx_.data() + hdr, dwords);
	else if (type == kMRd32 || type == kMRd64)
		send_read(h, addr & ~3ull, dwords);
	else if (type == kCplD || type == kCpl)
		send_completion(h, data, tx_.data() + hdr, data ? dwords : 0);
	else
		h.error = "PCIe: a TLP of Fmt and Type " + std::to_string(type) +
			  ": the door has memory requests and completions";
}

void AxisTlp::tx(Host &h, const void *data, uint32_t bytes, bool last)
{
	const auto *p = static_cast<const uint8_t *>(data);

	if (tx_.size() + bytes > 16 + 4096 || (!last && bytes != width_)) {
		h.error = "PCIe: a TLP that does not end, or a word before its last that is not full";
		return;
	}
	tx_.insert(tx_.end(), p, p + bytes);
	if (!last)
		return;
	if (tx_.size() < 12)
		h.error = "PCIe: a TLP shorter than a header";
	else
		send(h);
	tx_.clear();
}

void AxisTlp::msix(Host &h, uint8_t func, uint16_t vector)
{
	const uint8_t beat[kBeat] = {};

	h.passed |= 1u << SNIC_SIM_PASSED_UP;
	h.link.up_beat({ true, true, kUpMsi, func, 0, 4, vector, beat });
}

/* ---- wire */

bool AxisMac::rx(Host &h, AxisWord *w)
{
	Mac::RxBeat b;

	if (rx_at_ >= rx_len_) {
		if (!h.rx(port_, &b))
			return false;
		memcpy(rx_, b.data, kBeat);
		rx_at_ = 0;
		rx_len_ = b.bytes;
		rx_eop_ = b.eop;
		rx_bad_ = b.bad;
	}
	w->data = rx_ + rx_at_;
	w->bytes = std::min(rx_len_ - rx_at_, width_);
	rx_at_ += width_;
	w->last = rx_at_ >= rx_len_ && rx_eop_;
	w->bad = w->last && rx_bad_;
	return true;
}

void AxisMac::tx(Host &h, const void *data, uint32_t bytes, bool last)
{
	memcpy(tx_ + tx_len_, data, bytes);
	tx_len_ += bytes;
	if (!last && tx_len_ < kBeat)
		return;
	h.tx(port_, !tx_open_, last, tx_len_, tx_);
	tx_open_ = !last;
	tx_len_ = 0;
}
