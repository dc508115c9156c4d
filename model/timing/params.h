/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every number of the timing model: name, value, unit, source. They come from standards and from the device's design
 * (rtl/README.md and the heads of its files), never from a measured rate. Latencies count pipeline stages.
 */
#ifndef TIMING_PARAMS_H
#define TIMING_PARAMS_H

/* TIMING_PARAM(name, value, unit, source) */
#define TIMING_PARAMS(X)                                                                                               \
	X(EthOverhead, 24, "bytes/frame", "IEEE 802.3 clause 4.4.2: preamble 8, FCS 4, inter-frame gap 12")            \
	X(TlpOverheadReq, 24, "bytes", "PCIe 4.0 2.2: 4DW header 16, sequence 2, LCRC 4, framing 2 (Neugebauer 2018)") \
	X(TlpOverheadCpl, 20, "bytes", "as above, 3DW header")                                                         \
	X(DoorbellBytes, 28, "bytes", "4 B write")                                                                     \
	X(BeatBytes, 64, "bytes", "datapath width")                                                                    \
	X(DescBytes, 16, "bytes", "contract")                                                                          \
	X(DescPerLine, 4, "descriptors", "contract: four travel in one 64 B read")                                     \
	X(WriteBackBytes, 16, "bytes", "contract: TX_WB, one for each descriptor line")                                \
	X(WireCells, 4096, "cells", "snic_top: packet buffer of a wire port")                                          \
	X(WireSlots, 1024, "frames", "snic_top")                                                                       \
	X(HostCells, 2048, "cells", "snic_top: packet buffer of the host side")                                        \
	X(HostSlots, 512, "frames", "snic_top")                                                                        \
	X(MaxFrameCells, 145, "cells", "pkt_buf: room asked for before a frame is let in")                             \
	X(ParserEngines, 6, "engines", "hdr_parser: parameter Engines")                                                \
	X(ParserOverhead, 3, "cycles/frame", "hdr_parser: engine time = header beats + steps + 3")                     \
	X(HeaderBeats, 4, "beats", "contract: HDR_WINDOW / BEAT_BYTES")                                                \
	X(TagsTxData, 256, "reads", "snic_pkg: NTagTxData")                                                            \
	X(TagsDesc, 64, "reads", "snic_pkg: NTagDesc, for each of TX and RX")                                          \
	X(TxOpCycles, 1, "cycles/descriptor", "tx_desc: one operation a cycle")                                        \
	X(RxCopyCycles, 1, "cycles/copy", "rx_steer: one copy a cycle")                                                \
	X(RxOrderDepth, 1024, "frames", "rx_line: copies that wait for their descriptor lines")                        \
	X(RxLines, 256, "lines", "rx_steer: descriptor lines asked for and not yet used")                              \
	X(CplTimeout, 512, "cycles", "contract: reset value of CPL_TIMEOUT")                                           \
	X(IngressLatency, 6, "cycles", "wire_rx and pkt_buf: MAC to header beat")                                      \
	X(PipeLatency, 34, "cycles", "pipe_top: merge 2, hash 10, exact 6, cache 6, actions 5, forward 3, FIFO 2")     \
	X(SearchLatency, 24, "cycles", "rule_search: key 2, hash 10, slots 4, verify 6, cache write 2")                \
	X(RxEngineLatency, 14, "cycles", "rx_engine: steer 3, order 3, read 4, edit 2, arbiter 2")                     \
	X(TxEngineLatency, 16, "cycles", "tx_engine: schedule 4, line 3, fetch 3, land 3, commit 3")                   \
	X(WireTxLatency, 8, "cycles", "wire_tx: read 4, edit 2, MAC 2")                                                \
	X(LinkQueue, 8, "TLPs", "rtl/README.md: what an arbiter and the link hold of one channel")

enum TimingParam {
#define X(name, value, unit, source) name = value,
	TIMING_PARAMS(X)
#undef X
};

#endif
