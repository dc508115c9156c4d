/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every number of the timing model: name, value, unit, source. They come from standards and from the
 * device's design (the parameters and the structure of rtl/), never from a measured rate. Latencies
 * count pipeline stages.
 */
#ifndef TIMING_PARAMS_H
#define TIMING_PARAMS_H

/* TIMING_PARAM(name, value, unit, source) */
#define TIMING_PARAMS(X)                                                                                     \
	X(EthPreamble, 8, "bytes/frame", "IEEE 802.3 clause 3.1.1: preamble and SFD")                        \
	X(EthFcs, 4, "bytes/frame", "IEEE 802.3 clause 3.1.1")                                               \
	X(EthGap, 12, "bytes/frame", "IEEE 802.3 clause 4.4.2: inter-frame gap")                             \
	X(TlpOverheadReq, 24, "bytes",                                                                       \
	  "PCIe 4.0 2.2: 4DW header 16, sequence 2, LCRC 4, framing 2 (Neugebauer 2018)")                    \
	X(TlpOverheadCpl, 20, "bytes", "as above, 3DW header")                                               \
	X(DoorbellBytes, 28, "bytes", "4 B write")                                                           \
	X(PageBytes, 4096, "bytes", "PCIe 4.0 2.2.7: no request crosses 4 KiB")                              \
	X(PostedHdrCredits, 128, "TLPs", "root port: posted headers")                                        \
	X(PostedDataCredits, 1024, "16 B", "root port: posted data")                                         \
	X(ReadCredits, 128, "TLPs", "root port: non-posted headers")                                         \
	X(CreditLoopNs, 200, "ns", "root port: from a TLP's last bit until its credit is back")              \
	X(TxBeats, 16, "beats", "PCIe core: transmit queue for TLPs with data, beside one of MPS")           \
	X(TxReads, 16, "TLPs", "PCIe core: transmit queue for read requests")                                \
	X(BeatBytes, 64, "bytes", "contract: datapath width")                                                \
	X(DescBytes, 16, "bytes", "contract")                                                                \
	X(DescPerLine, 4, "descriptors", "contract: four travel in one 64 B read")                           \
	X(WriteBackBytes, 16, "bytes", "contract: TX_WB, one for each descriptor line")                      \
	X(QueuesPerFunction, 8, "queues", "contract")                                                        \
	X(Functions, 256, "functions", "contract")                                                           \
	X(WireCells, 4096, "cells", "snic_top: packet buffer of a wire port")                                \
	X(WireSlots, 1024, "frames", "snic_top")                                                             \
	X(HostCells, 2048, "cells", "snic_top: packet buffer of the host side")                              \
	X(HostSlots, 512, "frames", "snic_top")                                                              \
	X(MaxFrameCells, 145, "cells", "pkt_buf: room asked for before a frame is let in")                   \
	X(CongestedShare, 75, "% of cells", "forward: what one egress may hold of a wire port's buffer")     \
	X(HeldLatency, 3, "cycles", "pkt_buf: dec_q or rel_q 1, held_q 1; forward: s3_mask_q 1")             \
	X(FreeLatency, 5, "cycles", "pkt_buf: rel_q 1, bits 1, scan_bit_q 1, freed_q 1, alloc_ok_o 1")       \
	X(FloodOwn, 2, "cells", "storm_ctl: Small, a frame that a function has a place of its own for")      \
	X(FloodShared, 192, "cells", "storm_ctl: Shared, other floods of all functions")                     \
	X(FloodWire, 160, "cells", "storm_ctl: Wire, floods of each wire port")                              \
	X(FloodMoveLatency, 3, "cycles", "flood_store: u_jobs")                                              \
	X(ParserEngines, 6, "engines", "hdr_parser: parameter Engines")                                      \
	X(ParserOverhead, 3, "cycles/frame", "hdr_parser: engine time = header beats + steps + 3")           \
	X(HeaderBeats, 4, "beats", "contract: HDR_WINDOW / BEAT_BYTES")                                      \
	X(CacheSets, 8192, "sets", "contract: CACHE_SETS_LOG2 13")                                           \
	X(CacheWays, 2, "ways", "flow_cache")                                                                \
	X(CacheFillLatency, 2, "cycles", "flow_cache: key 1, RAM 1")                                         \
	X(PipeDepth, 64, "frames", "pipe_top: records, from admission to decision")                          \
	X(TagsTxData, 256, "reads", "tx_share: two thirds of Share, which one function may have")            \
	X(TagsTxDesc, 64, "reads", "tx_share: two thirds of Pool, which one function may have")              \
	X(TagsRxDesc, 512, "reads", "snic_pkg: NTagRxDesc")                                                  \
	X(TxLinePool, 96, "lines", "tx_share: Pool, lines beyond the first one of each function")            \
	X(TxDataPool, 384, "reads", "tx_share: Share")                                                       \
	X(TxUnprovenTags, 256, "reads", "tx_share: Unproven, of all functions that have not sent yet")       \
	X(TxSpareTags, 64, "reads", "tx_share: Spare; beyond it lines have one descriptor")                  \
	X(TxDataTags, 448, "reads", "snic_pkg: NTagTxData")                                                  \
	X(TxPiece, 512, "bytes", "tx_engine: room of a data tag, 8 beats")                                   \
	X(TxQuantum, 2048, "bytes", "tx_sched: debt at which a function's turn ends")                        \
	X(TxAhead, 32768, "bytes", "tx_sched: frames whose descriptors are read ahead")                      \
	X(TxLinesAhead, 64, "lines", "tx_share: Ahead, while one that is here waits")                        \
	X(TxLineBuffer, 3, "lines", "tx_lines: read from the RAM, in the skid before tx_desc")               \
	X(TxFirstLen, 1514, "bytes", "tx_sched: guess for a function that has not sent yet")                 \
	X(TxInFlight, 32768, "bytes", "tx_fetch: frame data asked for")                                      \
	X(TxPopCycles, 1, "cycles/turn", "tx_sched: state Pop")                                              \
	X(TxPayCycles, 1, "cycles/turn", "tx_sched: state Pick, of a turn that begins with a debt")          \
	X(TxEndCycles, 2, "cycles/turn", "tx_sched: states Pick, End")                                       \
	X(TxLineCycles, 3, "cycles/line", "tx_sched: states Pick, Read, Issue")                              \
	X(TxLookupCycles, 1, "cycles/line", "tx_desc: has the queue stopped?")                               \
	X(TxOpCycles, 1, "cycles/descriptor", "tx_desc: one operation a cycle")                              \
	X(TxWalkCycles, 2, "cycles/buffer", "tx_seg: a buffer is looked up, and asked for")                  \
	X(TxHeaderCycles, 1, "cycles/128 B", "tx_out: headers that are written behind their frame")          \
	X(TxOps, 2, "descriptors", "tx_fetch: u_op, before the frame that is asked for")                     \
	X(TxWriteBackCycles, 3, "cycles/line", "tx_wb: states Idle, Look, Send")                             \
	X(TxWriteBackQueue, 15, "records", "tx_out: u_wb")                                                   \
	X(RxCopyCycles, 1, "cycles/copy", "rx_steer: one copy or doorbell a cycle")                          \
	X(RxFloodShare, 4, "beats", "rx_replicate: Others, of others for one of a flood")                    \
	X(RxFloodAhead, 128, "copies", "rx_replicate: Ahead")                                                \
	X(RxMapCycles, 1, "cycles/flooded frame", "rx_replicate: load")                                      \
	X(RxOrderDepth, 960, "frames",                                                                       \
	  "rx_line: Depth - FenceRoom, copies that wait for their descriptor lines")                         \
	X(RxLineRequests, 252, "lines", "rx_steer: LineReqs - 4, descriptor lines not yet asked for")        \
	X(RxLineQueue, 4, "frames", "rx_line: u_out")                                                        \
	X(RxReadAhead, 7, "beats", "egress_rd 4, vlan_edit 1, up_arb skid 2")                                \
	X(RxCplQueue, 8, "lines", "rx_cpl: u_out")                                                           \
	X(RxDoorbell, 32, "buffers", "driver/hw: RX_BATCH, at most a quarter of the ring")                   \
	X(RxBurst, 64, "frames", "host program: frames that it takes before it gives buffers back")          \
	X(LimitBusy, 90, "% of the run",                                                                     \
	  "what is busy for less has room: the traffic offered is what limits")                              \
	X(MacTxFifo, 1024, "bytes", "MAC: may run ahead of the wire")                                        \
	X(WireRxLatency, 2, "cycles", "edge 1, wire_rx 1")                                                   \
	X(IngressLatency, 5, "cycles", "pkt_buf: commit 3, job 1, header beat 1")                            \
	X(FlowLatency, 21, "cycles", "flow_table 1, flow_hash 9, flow_exact 6, flow_cache 4, order FIFO 1")  \
	X(SearchLatency, 15, "cycles",                                                                       \
	  "rule_search: hash 9, slots 3, verify 3; answer FIFO 1; the last mask's cycle -1")                 \
	X(DecideLatency, 8, "cycles", "pipe_top: action RAM 1, act_chain 4, forward 3")                      \
	X(RxSteerLatency, 4, "cycles", "egress FIFO 3, rx_steer 2 (one is its cycle a copy)")                \
	X(RxRequestLatency, 8, "cycles", "as above 4, rx_steer: request FIFO 3; rx_fetch: skid 1")           \
	X(RxTagLatency, 6, "cycles", "rx_line: head 1, rx_fetch: free list 3, the next read 2")              \
	X(RxLineInLatency, 1, "cycles", "rx_fetch: come 1")                                                  \
	X(RxOrderLatency, 3, "cycles", "rx_line: order FIFO")                                                \
	X(RxLineLatency, 2, "cycles", "rx_line: head 1, u_out 1")                                            \
	X(RxWriteLatency, 2, "cycles",                                                                       \
	  "rx_write: egress_rd 2, vlan_edit 1, up_arb 1 (two are cycles a beat)")                            \
	X(RxCplLatency, 7, "cycles", "rx_write 2; rx_cpl: u_fin 1, B, C, D 3, u_out 1")                      \
	X(DoorbellLatency, 5, "cycles", "edge 1, regs_queue 2, tx_qcfg 1, function FIFO 1")                  \
	X(TxLineInLatency, 4, "cycles", "tx_order 2; tx_lines: RAM 1, skid 1")                               \
	X(TxFetchLatency, 1, "cycles", "tx_fetch: load")                                                     \
	X(TxWholeLatency, 2, "cycles", "tx_order: a frame's tags count until it goes on")                    \
	X(TxLandLatency, 4, "cycles", "tx_order 2, tx_out 2")                                                \
	X(TxCommitLatency, 7, "cycles", "tx_land 2, pkt_buf: commit 3, job 1, header beat 1")                \
	X(WireTxLatency, 7, "cycles", "egress FIFO 3, u_pkt 1, egress_rd 2, vlan_edit 1")

enum TimingParam {
#define X(name, value, unit, source) name = value,
	TIMING_PARAMS(X)
#undef X
};

#endif
