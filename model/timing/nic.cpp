/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a NIC of another make could carry over PCIe, by the model of Neugebauer et al., Understanding PCIe performance for
 * end host networking, SIGCOMM 2018, section 3: the bytes that each frame and its share of descriptors, doorbells and
 * interrupts put on the link, up and down, against what the link carries.
 */
#include <algorithm>
#include <cerrno>

#include "params.h"
#include "pcie.h"
#include "snic_predict.h"

namespace timing {

namespace {

/* NIC_PARAM(name, value, unit, source) */
#define NIC_PARAMS(X)                                                                                        \
	X(NicDesc, 16, "bytes", "Intel 82599 datasheet 7.1.6, 7.2.3: descriptors, also as written back")     \
	X(NicPointer, 4, "bytes", "Neugebauer 2018, 3: queue pointers, written and read by the driver")      \
	X(NicMsi, 4, "bytes", "PCIe 4.0 6.1.4: message data")                                                \
	X(NicTxFetch, 40, "descriptors", "82599: descriptors of TX fetched at a time")                       \
	X(NicTxWriteBack, 8, "descriptors", "ixgbe: TXDCTL.WTHRESH")                                         \
	X(NicRxRefill, 32, "buffers", "Neugebauer 2018, 3: buffers given back at a time")                    \
	X(NicRxPoll, 8, "frames", "Neugebauer 2018, 3: frames for which the kernel reads the RX head once")  \
	X(NicModeration, 32, "frames", "Neugebauer 2018, 3: frames for an interrupt")                        \
	X(NicTxBurst, 32, "frames", "Neugebauer 2018, 3: frames for a doorbell of the DPDK driver")

enum NicParam {
#define X(name, value, unit, source) name = value,
	NIC_PARAMS(X)
#undef X
};

enum What {
	DeviceReads,
	DeviceWrites,
	HostReads,
	HostWrites,
};

/* Beside the frame itself: so many bytes are read or written once for so many frames. */
struct Access {
	What what;
	unsigned bytes, frames;
};

struct Nic {
	std::initializer_list<Access> to_host, from_host;
};

const Nic nics[SNIC_N_NIC] = {
	{ {}, {} },
	{
		{ { HostWrites, NicPointer, 1 },
		  { DeviceReads, NicDesc, 1 },
		  { DeviceWrites, NicDesc, 1 },
		  { DeviceWrites, NicMsi, 1 },
		  { HostReads, NicPointer, 1 } },
		{ { HostWrites, NicPointer, 1 },
		  { DeviceReads, NicDesc, 1 },
		  { DeviceWrites, NicMsi, 1 },
		  { HostReads, NicPointer, 1 } },
	},
	{
		{ { HostWrites, NicPointer, NicRxRefill },
		  { DeviceReads, NicDesc, 1 },
		  { DeviceWrites, NicDesc, 1 },
		  { DeviceWrites, NicMsi, NicModeration },
		  { HostReads, NicPointer, NicRxPoll } },
		{ { HostWrites, NicPointer, 1 },
		  { DeviceReads, NicDesc *NicTxFetch, NicTxFetch },
		  { DeviceWrites, NicDesc *NicTxWriteBack, NicTxWriteBack },
		  { DeviceWrites, NicMsi, NicModeration },
		  { HostReads, NicPointer, 1 } },
	},
	{
		{ { HostWrites, NicPointer, NicRxRefill },
		  { DeviceReads, NicDesc, 1 },
		  { DeviceWrites, NicDesc, 1 } },
		{ { HostWrites, NicPointer, NicTxBurst },
		  { DeviceReads, NicDesc *NicTxFetch, NicTxFetch },
		  { DeviceWrites, NicDesc *NicTxWriteBack, NicTxWriteBack } },
	},
};

/* Bytes on the link, in each direction. */
struct Bytes {
	double up = 0, down = 0;

	/* All buffers begin at a page. */
	void add(const snic_predict_config &c, const Access &a)
	{
		const bool read = a.what == DeviceReads || a.what == HostReads;
		double asked = 0, data = 0;

		for (unsigned at = 0, n; at < a.bytes; at += n) {
			n = read ? read_piece(at, a.bytes - at, c.mrrs)
				 : write_piece(at, a.bytes - at, c.mps);
			asked += read ? TlpOverheadReq : 0;
			data += read ? completions(at, n, c.mps, c.rcb).bytes : TlpOverheadReq + dwords(n);
		}
		const bool data_up = a.what == DeviceWrites || a.what == HostReads;

		(data_up ? up : down) += data / a.frames;
		(data_up ? down : up) += asked / a.frames;
	}
	/* Frames a picosecond that a link of so many picoseconds a byte carries. */
	double rate(double ps) const { return 1 / (std::max(up, down) * ps); }
};

} // namespace

} // namespace timing

extern "C" int snic_predict_nic(const snic_predict_config *cfg, enum snic_nic nic, unsigned int bytes,
				struct snic_nic_rates *out)
{
	using namespace timing;
	const double ps = pcie_ps_per_byte(cfg->pcie_gen, cfg->pcie_lanes, cfg->mps), bits = bytes * 8e3;
	Bytes to, from, both;

	if (nic >= SNIC_N_NIC || !bytes || bytes > UINT16_MAX || !(ps > 0) || !cfg->mps || !cfg->mrrs ||
	    !cfg->rcb)
		return -EINVAL;
	to.add(*cfg, { DeviceWrites, bytes, 1 });
	for (const Access &a : nics[nic].to_host)
		to.add(*cfg, a);
	from.add(*cfg, { DeviceReads, bytes, 1 });
	for (const Access &a : nics[nic].from_host)
		from.add(*cfg, a);
	both = { to.up + from.up, to.down + from.down };
	*out = { to.rate(ps) * bits, from.rate(ps) * bits, both.rate(ps) * bits };
	return 0;
}
