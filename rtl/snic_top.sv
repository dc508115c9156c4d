// SPDX-License-Identifier: BSD-2-Clause
// The device. Only wires: what each block does is in its own file, how they fit together in rtl/README.md.
module snic_top #(
    parameter logic [31:0] BuildHash = 32'd0
) (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         clk_all_i,      // no clock is gated (test)
    input  logic [ 47:0] now_i,          // time base in cycles; it wraps
    // config space, from the PCIe shell
    input  logic         cfg_valid_i,
    input  logic [  7:0] cfg_func_i,
    input  logic         cfg_bme_we_i,
    input  logic         cfg_bme_i,
    input  logic         cfg_flr_i,
    input  logic [ 12:0] mps_i,
    input  logic [ 12:0] mrrs_i,
    input  logic [  1:0] link_i,
    input  logic [ 19:0] link0_mbps_i,
    input  logic [ 19:0] link1_mbps_i,
    input  logic [  3:0] pcie_gen_i,
    input  logic [  5:0] pcie_lanes_i,
    input  logic [ 23:0] clock_khz_i,
    // PCIe: MMIO requests
    input  logic         mmio_valid_i,
    output logic         mmio_ready_o,
    input  logic         mmio_we_i,
    input  logic [  7:0] mmio_func_i,
    input  logic [ 14:0] mmio_addr_i,
    input  logic [  7:0] mmio_be_i,
    input  logic [ 63:0] mmio_wdata_i,
    input  logic [  7:0] mmio_tag_i,
    // PCIe: TLPs with data, upstream
    output logic         up_valid_o,
    input  logic         up_ready_i,
    output logic         up_sop_o,
    output logic         up_eop_o,
    output logic [  1:0] up_kind_o,
    output logic [  7:0] up_func_o,
    output logic [ 63:0] up_addr_o,
    output logic [ 12:0] up_len_o,
    output logic [  7:0] up_tag_o,
    output logic [511:0] up_data_o,
    // PCIe: read requests, upstream
    output logic         rd_valid_o,
    input  logic         rd_ready_i,
    output logic [  7:0] rd_func_o,
    output logic [ 63:0] rd_addr_o,
    output logic [ 12:0] rd_len_o,
    output logic [ 10:0] rd_tag_o,
    // PCIe: read completions, downstream
    input  logic         cpl_valid_i,
    output logic         cpl_ready_o,
    input  logic         cpl_sop_i,
    input  logic         cpl_eop_i,
    input  logic [ 10:0] cpl_tag_i,
    input  logic [  2:0] cpl_status_i,
    input  logic         cpl_last_i,
    input  logic [ 12:0] cpl_len_i,
    input  logic [511:0] cpl_data_i,
    // wire ports
    input  logic         rx0_valid_i,
    input  logic [511:0] rx0_data_i,
    input  logic         rx0_sop_i,
    input  logic         rx0_eop_i,
    input  logic [  6:0] rx0_bytes_i,
    input  logic         rx0_bad_i,
    input  logic         rx1_valid_i,
    input  logic [511:0] rx1_data_i,
    input  logic         rx1_sop_i,
    input  logic         rx1_eop_i,
    input  logic [  6:0] rx1_bytes_i,
    input  logic         rx1_bad_i,
    output logic         tx0_valid_o,
    input  logic         tx0_ready_i,
    output logic [511:0] tx0_data_o,
    output logic         tx0_sop_o,
    output logic         tx0_eop_o,
    output logic [  6:0] tx0_bytes_o,
    output logic         tx1_valid_o,
    input  logic         tx1_ready_i,
    output logic [511:0] tx1_data_o,
    output logic         tx1_sop_o,
    output logic         tx1_eop_o,
    output logic [  6:0] tx1_bytes_o,
    // nothing happens before an input changes, or now_i reaches wake_o where that is valid: less than 2^47 cycles away
    output logic         quiescent_o,
    output logic         wake_valid_o,
    output logic [ 47:0] wake_o,
    output logic         init_done_o,
    output logic [ 15:0] busy_o          // a bit a block: it has or holds work, even while quiescent
);
  localparam int Cells = 4096;        // each wire port's packet buffer, 256 KiB
  localparam int HostCells = 2048;
  localparam int Slots = 1024;
  localparam int HostSlots = 512;
  localparam int EgDepth = 4096;      // more than all slots: an egress FIFO is never full
  localparam int SlotW = snic_pkg::SlotW;
  localparam int CellW = snic_pkg::CellW;
  localparam int EvHi = snic_contract_pkg::EVENT_LAST;
  localparam int EvLo = snic_contract_pkg::EVENT_BASE;

  logic clk_in0, clk_in1, clk_buf2, clk_par0, clk_par1, clk_par2;
  logic clk_tx, clk_pipe, clk_out0, clk_out1, clk_rx, clk_pcie, clk_msix;

  // Inputs that many look at, from registers of our own.
  logic [47:0] now_q;
  logic [12:0] mps_q, mrrs_q;
  always_ff @(posedge clk_i) begin
    now_q  <= now_i;
    mps_q  <= mps_i;
    mrrs_q <= mrrs_i;
  end

  // ------------------------------------------------------------------------------------------- configuration
  logic [255:0] bme, func_en;
  snic_pkg::cfg_t cfg;
  snic_pkg::mmio_req_t mmio;
  snic_pkg::qcfg_wr_t qcfg_wr;
  snic_pkg::indir_wr_t indir_wr;
  snic_pkg::doorbell_t tx_doorbell, rx_doorbell;
  snic_pkg::qask_t qask;
  logic tx_busy, rx_busy;
  snic_pkg::ft_wr_t ft_wr;
  snic_pkg::mac_wr_t mac_wr;
  snic_pkg::vlan_wr_t vlan_wr;
  snic_pkg::int_arm_t int_arm;
  snic_pkg::flow_op_t flow_op;
  snic_pkg::flow_rsp_t flow_rsp;
  logic [319:0] rss_key;
  logic [15:0] cpl_timeout;
  snic_pkg::storm_cfg_t storm_cfg;
  logic tx_flush_valid, tx_flush_done, rx_flush_valid, rx_flush_done, msix_clear_valid;
  logic [7:0] tx_flush_func, rx_flush_func, msix_clear_func;

  assign cfg.valid = cfg_valid_i;
  assign cfg.func = cfg_func_i;
  assign cfg.bme_we = cfg_bme_we_i;
  assign cfg.bme = cfg_bme_i;
  assign cfg.flr = cfg_flr_i;
  assign mmio.we = mmio_we_i;
  assign mmio.func = mmio_func_i;
  assign mmio.addr = mmio_addr_i;
  assign mmio.be = mmio_be_i;
  assign mmio.wdata = mmio_wdata_i;
  assign mmio.tag = mmio_tag_i;

  // ------------------------------------------------------------------------------------------------ events
  logic [EvHi:EvLo] ev0, ev1;
  logic fcs0, fcs1, runt0, runt1, oversize0, oversize1, full0, full1;
  logic ev_no_match, ev_flow_drop, ev_spoof_mac, ev_spoof_vlan, ev_tx_ctrl, ev_congested, ev_storm;
  logic ev_exact, ev_cache, ev_search, ev_rule, ev_perr, ev_count_valid;
  logic [7:0] ev_count_idx;
  logic rx_drop_valid, tx_drop_dma, tx_drop_desc, tx_db_refused, rx_db_refused, rd_refused, up_refused;
  logic rd_unexpected, rd_expired, rd_late;
  logic [31:0] rd_timeout;
  logic [2:0] rx_drop_cause;
  logic cpl_flush, msix_sent;

  always_comb begin
    ev0 = '0;
    ev1 = '0;
    ev0[snic_contract_pkg::STAT_DROP_FCS] = fcs0;
    ev1[snic_contract_pkg::STAT_DROP_FCS] = fcs1;
    ev0[snic_contract_pkg::STAT_DROP_RUNT] = runt0;
    ev1[snic_contract_pkg::STAT_DROP_RUNT] = runt1;
    ev0[snic_contract_pkg::STAT_DROP_OVERSIZE] = oversize0;
    ev1[snic_contract_pkg::STAT_DROP_OVERSIZE] = oversize1;
    ev0[snic_contract_pkg::STAT_DROP_BUFFER] = full0;
    ev1[snic_contract_pkg::STAT_DROP_BUFFER] = full1;
    ev0[snic_contract_pkg::STAT_DROP_CONGESTED] = ev_congested;
    ev0[snic_contract_pkg::STAT_DROP_NO_MATCH] = ev_no_match;
    ev0[snic_contract_pkg::STAT_DROP_FLOW] = ev_flow_drop;
    ev0[snic_contract_pkg::STAT_DROP_SPOOF_MAC] = ev_spoof_mac;
    ev0[snic_contract_pkg::STAT_DROP_SPOOF_VLAN] = ev_spoof_vlan;
    ev0[snic_contract_pkg::STAT_DROP_TX_CTRL] = ev_tx_ctrl;
    ev0[snic_contract_pkg::STAT_DROP_RX_DISABLED] = rx_drop_valid && rx_drop_cause == 3'd0;
    ev0[snic_contract_pkg::STAT_DROP_RX_NO_DESC] = rx_drop_valid && rx_drop_cause == 3'd1;
    ev0[snic_contract_pkg::STAT_DROP_RX_TOO_LONG] = rx_drop_valid && rx_drop_cause == 3'd2;
    ev0[snic_contract_pkg::STAT_DROP_RX_DMA] = rx_drop_valid && rx_drop_cause == 3'd3;
    ev0[snic_contract_pkg::STAT_DROP_RX_SLOW] = rx_drop_valid && rx_drop_cause == 3'd4;
    ev0[snic_contract_pkg::STAT_DROP_TX_DMA] = tx_drop_dma;
    ev0[snic_contract_pkg::STAT_DROP_TX_DESC] = tx_drop_desc;
    ev0[snic_contract_pkg::STAT_DMA_REFUSED] = rd_refused;
    ev1[snic_contract_pkg::STAT_DMA_REFUSED] = up_refused;
    ev0[snic_contract_pkg::STAT_DOORBELL_REFUSED] = tx_db_refused;
    ev1[snic_contract_pkg::STAT_DOORBELL_REFUSED] = rx_db_refused;
    ev0[snic_contract_pkg::STAT_FLOW_EXACT] = ev_exact;
    ev0[snic_contract_pkg::STAT_FLOW_CACHE] = ev_cache;
    ev0[snic_contract_pkg::STAT_FLOW_SEARCH] = ev_search;
    ev0[snic_contract_pkg::STAT_FLOW_RULE] = ev_rule;
    ev0[snic_contract_pkg::STAT_RX_CPL_FLUSH] = cpl_flush;
    ev0[snic_contract_pkg::STAT_MSIX_SENT] = msix_sent;
    ev0[snic_contract_pkg::STAT_PERR_PKTS] = ev_perr;
    ev0[snic_contract_pkg::STAT_CPL_UNEXPECTED] = rd_unexpected;
    ev0[snic_contract_pkg::STAT_DROP_STORM] = ev_storm;
    ev0[snic_contract_pkg::STAT_CPL_TIMEOUT] = rd_expired;
    ev0[snic_contract_pkg::STAT_CPL_LATE] = rd_late;
  end

  // ------------------------------------------------------------------------------------------- utilisation
  snic_pkg::util_pipe_t util_pipe;
  snic_pkg::util_rx_t util_rx;
  snic_pkg::util_tx_t util_tx;
  logic [2:0] util_parser_busy, util_parser_held;
  logic w0_host_full, w0_w1_full, w1_host_full, w1_w0_full;
  logic util_rd, util_init;
  logic [5:0] util_idx, util_idx_q;
  logic [47:0] util_data, util_count, tags_tx_desc, tags_tx_data, tags_rx_desc, bytes_under_way, rings_posted;

  // ------------------------------------------------------------------------------------- ingress, packet buffers
  logic [2:0] alloc, alloc_ok, wr_valid, commit, hdr_valid, hdr_ready, hdr_sop, hdr_eop;
  logic [2:0] meta_valid, meta_ready, dec, buf_idle, buf_empty, buf_init, parser_idle;
  logic [1:0] wr_abort, wire_rx_idle, wire_tx_idle;
  logic [SlotW-1:0] dec_slot;
  logic [2:0] dec_mask;
  logic commit_drop2;

  logic [7:0] alloc_cells0, alloc_cells1, alloc_cells2;
  logic [SlotW-1:0] alloc_slot0, alloc_slot1, alloc_slot2, wr_slot0, wr_slot1, wr_slot2;
  logic [SlotW-1:0] commit_slot0, commit_slot1, commit_slot2;
  logic [CellW-1:0] alloc_cell0, alloc_cell1, alloc_cell2, wr_cell0, wr_cell1, wr_cell2;
  logic [CellW-1:0] commit_cell0, commit_cell1, commit_cell2;
  logic [13:0] commit_len0, commit_len1, commit_len2;
  logic [8:0] commit_src0, commit_src1, commit_src2;
  logic [511:0] wr_data0, wr_data1, wr_lo_data2, wr_hi_data2;
  logic [63:0] wr_lo_be2, wr_hi_be2;
  logic wr_hi_valid2;
  logic [511:0] hdr_data0, hdr_data1, hdr_data2;
  snic_pkg::pkt_ref_t hdr_pkt0, hdr_pkt1, hdr_pkt2;
  logic [8:0] hdr_src0, hdr_src1, hdr_src2;
  logic [15:0] hdr_sum0, hdr_sum1, hdr_sum2;
  snic_pkg::meta_t meta0, meta1, meta2;

  // egress e, packet buffer b: request {b}[e]; an egress reads one cell address, whichever buffer it asks
  logic [2:0] eg0_req, eg1_req, eg2_req, eg0_rel, eg1_rel, eg2_rel;  // bit: buffer
  logic [2:0] b0_gnt, b1_gnt, b2_gnt;                                // bit: egress
  logic [CellW-1:0] eg0_cell, eg1_cell, eg2_cell;
  logic [SlotW-1:0] eg0_slot, eg1_slot, eg2_slot;
  logic [511:0] b0_data, b1_data, b2_data;
  logic [CellW:0] held_w0_w1, held_w0_host, held_w1_w0, held_w1_host, held_host_w0, held_host_w1, held_host_host;

  logic p0_rx, p1_rx, p0_tx, p1_tx;
  logic [13:0] p0_rx_bytes, p1_rx_bytes, p0_tx_bytes, p1_tx_bytes;

  wire_rx #(
      .Port(0)
  ) u_wire_rx0 (
      .clk_i(clk_in0),
      .rst_ni,
      .mac_valid_i    (rx0_valid_i),
      .mac_data_i     (rx0_data_i),
      .mac_sop_i      (rx0_sop_i),
      .mac_eop_i      (rx0_eop_i),
      .mac_bytes_i    (rx0_bytes_i),
      .mac_bad_i      (rx0_bad_i),
      .alloc_o        (alloc[0]),
      .alloc_cells_o  (alloc_cells0),
      .alloc_ok_i     (alloc_ok[0]),
      .alloc_slot_i   (alloc_slot0),
      .alloc_cell_i   (alloc_cell0),
      .wr_valid_o     (wr_valid[0]),
      .wr_slot_o      (wr_slot0),
      .wr_cell_o      (wr_cell0),
      .wr_data_o      (wr_data0),
      .wr_abort_o     (wr_abort[0]),
      .commit_o       (commit[0]),
      .commit_slot_o  (commit_slot0),
      .commit_cell_o  (commit_cell0),
      .commit_len_o   (commit_len0),
      .commit_src_o   (commit_src0),
      .stat_pkt_o     (p0_rx),
      .stat_bytes_o   (p0_rx_bytes),
      .drop_fcs_o     (fcs0),
      .drop_runt_o    (runt0),
      .drop_oversize_o(oversize0),
      .drop_buffer_o  (full0),
      .idle_o         (wire_rx_idle[0])
  );

  wire_rx #(
      .Port(1)
  ) u_wire_rx1 (
      .clk_i(clk_in1),
      .rst_ni,
      .mac_valid_i    (rx1_valid_i),
      .mac_data_i     (rx1_data_i),
      .mac_sop_i      (rx1_sop_i),
      .mac_eop_i      (rx1_eop_i),
      .mac_bytes_i    (rx1_bytes_i),
      .mac_bad_i      (rx1_bad_i),
      .alloc_o        (alloc[1]),
      .alloc_cells_o  (alloc_cells1),
      .alloc_ok_i     (alloc_ok[1]),
      .alloc_slot_i   (alloc_slot1),
      .alloc_cell_i   (alloc_cell1),
      .wr_valid_o     (wr_valid[1]),
      .wr_slot_o      (wr_slot1),
      .wr_cell_o      (wr_cell1),
      .wr_data_o      (wr_data1),
      .wr_abort_o     (wr_abort[1]),
      .commit_o       (commit[1]),
      .commit_slot_o  (commit_slot1),
      .commit_cell_o  (commit_cell1),
      .commit_len_o   (commit_len1),
      .commit_src_o   (commit_src1),
      .stat_pkt_o     (p1_rx),
      .stat_bytes_o   (p1_rx_bytes),
      .drop_fcs_o     (fcs1),
      .drop_runt_o    (runt1),
      .drop_oversize_o(oversize1),
      .drop_buffer_o  (full1),
      .idle_o         (wire_rx_idle[1])
  );

  pkt_buf #(
      .Cells(Cells),
      .Slots(Slots),
      .Id   (0)
  ) u_buf0 (
      .clk_i(clk_in0),
      .rst_ni,
      .alloc_i       (alloc[0]),
      .alloc_cells_i (alloc_cells0),
      .alloc_ok_o    (alloc_ok[0]),
      .alloc_slot_o  (alloc_slot0),
      .alloc_cell_o  (alloc_cell0),
      .wr_valid_i    (wr_valid[0]),
      .wr_slot_i     (wr_slot0),
      .wr_cell_i     (wr_cell0),
      .wr_lo_data_i  (wr_data0),
      .wr_lo_be_i    ('1),
      .wr_hi_valid_i (1'b0),
      .wr_hi_data_i  ('0),
      .wr_hi_be_i    ('0),
      .wr_abort_i    (wr_abort[0]),
      .commit_i      (commit[0]),
      .commit_slot_i (commit_slot0),
      .commit_cell_i (commit_cell0),
      .commit_len_i  (commit_len0),
      .commit_src_i  (commit_src0),
      .commit_drop_i (1'b0),
      .hdr_valid_o   (hdr_valid[0]),
      .hdr_ready_i   (hdr_ready[0]),
      .hdr_data_o    (hdr_data0),
      .hdr_sop_o     (hdr_sop[0]),
      .hdr_eop_o     (hdr_eop[0]),
      .hdr_pkt_o     (hdr_pkt0),
      .hdr_src_o     (hdr_src0),
      .hdr_sum_o     (hdr_sum0),
      .dec_i         (dec[0]),
      .dec_slot_i    (dec_slot),
      .dec_mask_i    (dec_mask),
      .rd_req_i      ({eg2_req[0], eg1_req[0], eg0_req[0]}),
      .rd_cell0_i    (eg0_cell),
      .rd_cell1_i    (eg1_cell),
      .rd_cell2_i    (eg2_cell),
      .rd_gnt_o      (b0_gnt),
      .rd_data_o     (b0_data),
      .rel_i         ({eg2_rel[0], eg1_rel[0], eg0_rel[0]}),
      .rel_slot0_i   (eg0_slot),
      .rel_slot1_i   (eg1_slot),
      .rel_slot2_i   (eg2_slot),
      .held0_o       (),
      .held1_o       (held_w0_w1),
      .held2_o       (held_w0_host),
      .idle_o        (buf_idle[0]),
      .empty_o       (buf_empty[0]),
      .init_done_o   (buf_init[0])
  );

  pkt_buf #(
      .Cells(Cells),
      .Slots(Slots),
      .Id   (1)
  ) u_buf1 (
      .clk_i(clk_in1),
      .rst_ni,
      .alloc_i       (alloc[1]),
      .alloc_cells_i (alloc_cells1),
      .alloc_ok_o    (alloc_ok[1]),
      .alloc_slot_o  (alloc_slot1),
      .alloc_cell_o  (alloc_cell1),
      .wr_valid_i    (wr_valid[1]),
      .wr_slot_i     (wr_slot1),
      .wr_cell_i     (wr_cell1),
      .wr_lo_data_i  (wr_data1),
      .wr_lo_be_i    ('1),
      .wr_hi_valid_i (1'b0),
      .wr_hi_data_i  ('0),
      .wr_hi_be_i    ('0),
      .wr_abort_i    (wr_abort[1]),
      .commit_i      (commit[1]),
      .commit_slot_i (commit_slot1),
      .commit_cell_i (commit_cell1),
      .commit_len_i  (commit_len1),
      .commit_src_i  (commit_src1),
      .commit_drop_i (1'b0),
      .hdr_valid_o   (hdr_valid[1]),
      .hdr_ready_i   (hdr_ready[1]),
      .hdr_data_o    (hdr_data1),
      .hdr_sop_o     (hdr_sop[1]),
      .hdr_eop_o     (hdr_eop[1]),
      .hdr_pkt_o     (hdr_pkt1),
      .hdr_src_o     (hdr_src1),
      .hdr_sum_o     (hdr_sum1),
      .dec_i         (dec[1]),
      .dec_slot_i    (dec_slot),
      .dec_mask_i    (dec_mask),
      .rd_req_i      ({eg2_req[1], eg1_req[1], eg0_req[1]}),
      .rd_cell0_i    (eg0_cell),
      .rd_cell1_i    (eg1_cell),
      .rd_cell2_i    (eg2_cell),
      .rd_gnt_o      (b1_gnt),
      .rd_data_o     (b1_data),
      .rel_i         ({eg2_rel[1], eg1_rel[1], eg0_rel[1]}),
      .rel_slot0_i   (eg0_slot),
      .rel_slot1_i   (eg1_slot),
      .rel_slot2_i   (eg2_slot),
      .held0_o       (held_w1_w0),
      .held1_o       (),
      .held2_o       (held_w1_host),
      .idle_o        (buf_idle[1]),
      .empty_o       (buf_empty[1]),
      .init_done_o   (buf_init[1])
  );

  pkt_buf #(
      .Cells(HostCells),
      .Slots(HostSlots),
      .Id   (snic_pkg::BufHost)
  ) u_buf2 (
      .clk_i(clk_buf2),
      .rst_ni,
      .alloc_i       (alloc[2]),
      .alloc_cells_i (alloc_cells2),
      .alloc_ok_o    (alloc_ok[2]),
      .alloc_slot_o  (alloc_slot2),
      .alloc_cell_o  (alloc_cell2),
      .wr_valid_i    (wr_valid[2]),
      .wr_slot_i     (wr_slot2),
      .wr_cell_i     (wr_cell2),
      .wr_lo_data_i  (wr_lo_data2),
      .wr_lo_be_i    (wr_lo_be2),
      .wr_hi_valid_i (wr_hi_valid2),
      .wr_hi_data_i  (wr_hi_data2),
      .wr_hi_be_i    (wr_hi_be2),
      .wr_abort_i    (1'b0),
      .commit_i      (commit[2]),
      .commit_slot_i (commit_slot2),
      .commit_cell_i (commit_cell2),
      .commit_len_i  (commit_len2),
      .commit_src_i  (commit_src2),
      .commit_drop_i (commit_drop2),
      .hdr_valid_o   (hdr_valid[2]),
      .hdr_ready_i   (hdr_ready[2]),
      .hdr_data_o    (hdr_data2),
      .hdr_sop_o     (hdr_sop[2]),
      .hdr_eop_o     (hdr_eop[2]),
      .hdr_pkt_o     (hdr_pkt2),
      .hdr_src_o     (hdr_src2),
      .hdr_sum_o     (hdr_sum2),
      .dec_i         (dec[2]),
      .dec_slot_i    (dec_slot),
      .dec_mask_i    (dec_mask),
      .rd_req_i      ({eg2_req[2], eg1_req[2], eg0_req[2]}),
      .rd_cell0_i    (eg0_cell),
      .rd_cell1_i    (eg1_cell),
      .rd_cell2_i    (eg2_cell),
      .rd_gnt_o      (b2_gnt),
      .rd_data_o     (b2_data),
      .rel_i         ({eg2_rel[2], eg1_rel[2], eg0_rel[2]}),
      .rel_slot0_i   (eg0_slot),
      .rel_slot1_i   (eg1_slot),
      .rel_slot2_i   (eg2_slot),
      .held0_o       (held_host_w0),
      .held1_o       (held_host_w1),
      .held2_o       (held_host_host),
      .idle_o        (buf_idle[2]),
      .empty_o       (buf_empty[2]),
      .init_done_o   (buf_init[2])
  );

  hdr_parser u_parser0 (
      .clk_i(clk_par0),
      .rst_ni,
      .hdr_valid_i (hdr_valid[0]),
      .hdr_ready_o (hdr_ready[0]),
      .hdr_data_i  (hdr_data0),
      .hdr_sop_i   (hdr_sop[0]),
      .hdr_eop_i   (hdr_eop[0]),
      .hdr_pkt_i   (hdr_pkt0),
      .hdr_src_i   (hdr_src0),
      .hdr_sum_i   (hdr_sum0),
      .meta_valid_o(meta_valid[0]),
      .meta_ready_i(meta_ready[0]),
      .meta_o      (meta0),
      .util_busy_o (util_parser_busy[0]),
      .util_held_o (util_parser_held[0]),
      .idle_o      (parser_idle[0])
  );

  hdr_parser u_parser1 (
      .clk_i(clk_par1),
      .rst_ni,
      .hdr_valid_i (hdr_valid[1]),
      .hdr_ready_o (hdr_ready[1]),
      .hdr_data_i  (hdr_data1),
      .hdr_sop_i   (hdr_sop[1]),
      .hdr_eop_i   (hdr_eop[1]),
      .hdr_pkt_i   (hdr_pkt1),
      .hdr_src_i   (hdr_src1),
      .hdr_sum_i   (hdr_sum1),
      .meta_valid_o(meta_valid[1]),
      .meta_ready_i(meta_ready[1]),
      .meta_o      (meta1),
      .util_busy_o (util_parser_busy[1]),
      .util_held_o (util_parser_held[1]),
      .idle_o      (parser_idle[1])
  );

  hdr_parser u_parser2 (
      .clk_i(clk_par2),
      .rst_ni,
      .hdr_valid_i (hdr_valid[2]),
      .hdr_ready_o (hdr_ready[2]),
      .hdr_data_i  (hdr_data2),
      .hdr_sop_i   (hdr_sop[2]),
      .hdr_eop_i   (hdr_eop[2]),
      .hdr_pkt_i   (hdr_pkt2),
      .hdr_src_i   (hdr_src2),
      .hdr_sum_i   (hdr_sum2),
      .meta_valid_o(meta_valid[2]),
      .meta_ready_i(meta_ready[2]),
      .meta_o      (meta2),
      .util_busy_o (util_parser_busy[2]),
      .util_held_o (util_parser_held[2]),
      .idle_o      (parser_idle[2])
  );

  // ------------------------------------------------------------------------------------------------ pipeline
  logic [2:0] eg_push, eg_valid, eg_ready, eg_empty;
  snic_pkg::egress_t eg, eg0, eg1, eg2;
  logic flood_valid, flood_free, pipe_idle, pipe_init, fdrop_valid;
  logic [255:0] flood_map;
  logic [9:0] flood_cell, flood_slot;
  logic [1:0] flood_pool, flood_free_pool;
  logic [7:0] flood_free_cells, flood_free_func;
  logic [7:0] fdrop_func;

  pipe_top #(
      .Cells(Cells)
  ) u_pipe (
      .clk_i(clk_pipe),
      .rst_ni,
      .meta0_valid_i   (meta_valid[0]),
      .meta0_ready_o   (meta_ready[0]),
      .meta0_i         (meta0),
      .meta1_valid_i   (meta_valid[1]),
      .meta1_ready_o   (meta_ready[1]),
      .meta1_i         (meta1),
      .meta2_valid_i   (meta_valid[2]),
      .meta2_ready_o   (meta_ready[2]),
      .meta2_i         (meta2),
      .eg_push_o       (eg_push),
      .eg_o            (eg),
      .flood_valid_o   (flood_valid),
      .flood_map_o     (flood_map),
      .flood_cell_o    (flood_cell),
      .flood_slot_o    (flood_slot),
      .flood_pool_o    (flood_pool),
      .flood_free_i    (flood_free),
      .flood_free_pool_i(flood_free_pool),
      .flood_free_cells_i(flood_free_cells),
      .flood_free_func_i(flood_free_func),
      .dec_o           (dec),
      .dec_slot_o      (dec_slot),
      .dec_mask_o      (dec_mask),
      .held_w0_host_i  (held_w0_host),
      .held_w1_host_i  (held_w1_host),
      .held_w0_w1_i    (held_w0_w1),
      .held_w1_w0_i    (held_w1_w0),
      .ft_wr_i         (ft_wr),
      .storm_cfg_i     (storm_cfg),
      .mac_wr_i        (mac_wr),
      .vlan_wr_i       (vlan_wr),
      .rss_key_i       (rss_key),
      .flow_op_i       (flow_op),
      .flow_rsp_o      (flow_rsp),
      .now_i(now_q),
      .ev_no_match_o   (ev_no_match),
      .ev_flow_drop_o  (ev_flow_drop),
      .ev_spoof_mac_o  (ev_spoof_mac),
      .ev_spoof_vlan_o (ev_spoof_vlan),
      .ev_tx_ctrl_o    (ev_tx_ctrl),
      .ev_congested_o  (ev_congested),
      .ev_storm_o      (ev_storm),
      .ev_exact_o      (ev_exact),
      .ev_cache_o      (ev_cache),
      .ev_search_o     (ev_search),
      .ev_rule_o       (ev_rule),
      .ev_perr_o       (ev_perr),
      .ev_count_valid_o(ev_count_valid),
      .ev_count_idx_o  (ev_count_idx),
      .fdrop_valid_o   (fdrop_valid),
      .fdrop_func_o    (fdrop_func),
      .util_o          (util_pipe),
      .w0_host_full_o  (w0_host_full),
      .w0_w1_full_o    (w0_w1_full),
      .w1_host_full_o  (w1_host_full),
      .w1_w0_full_o    (w1_w0_full),
      .idle_o          (pipe_idle),
      .init_done_o     (pipe_init)
  );

  snic_ram_fifo #(
      .Width($bits(eg)),
      .Depth(EgDepth)
  ) u_eg0 (
      .clk_i(clk_out0),
      .rst_ni,
      .valid_i(eg_push[0]),
      .ready_o(),
      .data_i (eg),
      .valid_o(eg_valid[0]),
      .ready_i(eg_ready[0]),
      .data_o (eg0),
      .empty_o(eg_empty[0]),
      .still_o()
  );

  snic_ram_fifo #(
      .Width($bits(eg)),
      .Depth(EgDepth)
  ) u_eg1 (
      .clk_i(clk_out1),
      .rst_ni,
      .valid_i(eg_push[1]),
      .ready_o(),
      .data_i (eg),
      .valid_o(eg_valid[1]),
      .ready_i(eg_ready[1]),
      .data_o (eg1),
      .empty_o(eg_empty[1]),
      .still_o()
  );

  snic_ram_fifo #(
      .Width($bits(eg)),
      .Depth(EgDepth)
  ) u_eg2 (
      .clk_i(clk_rx),
      .rst_ni,
      .valid_i(eg_push[2] && !flood_valid),
      .ready_o(),
      .data_i (eg),
      .valid_o(eg_valid[2]),
      .ready_i(eg_ready[2]),
      .data_o (eg2),
      .empty_o(eg_empty[2]),
      .still_o()
  );

  // Flooded frames wait beside it, so that neither holds up the other.
  logic flr_valid, flr_ready, store_idle;
  logic [255:0] flr_map;
  snic_pkg::egress_t flr;
  logic [2:0] rx_req, rx_gnt, rx_rel;
  logic [CellW-1:0] rx_cell;
  logic [SlotW-1:0] rx_slot;
  logic [511:0] rx_data2;

  flood_store u_floods (
      .clk_i(clk_rx),
      .rst_ni,
      .push_i       (flood_valid),
      .rec_i        (eg),
      .map_i        (flood_map),
      .cell_i       (flood_cell),
      .slot_i       (flood_slot),
      .pool_i       (flood_pool),
      .free_o       (flood_free),
      .free_pool_o  (flood_free_pool),
      .free_cells_o (flood_free_cells),
      .free_func_o  (flood_free_func),
      .valid_o      (flr_valid),
      .ready_i      (flr_ready),
      .rec_o        (flr),
      .map_o        (flr_map),
      .rx_req_i     (rx_req),
      .rx_cell_i    (rx_cell),
      .rx_gnt_o     (rx_gnt),
      .rx_data2_o   (rx_data2),
      .rx_rel_i     (rx_rel),
      .rx_rel_slot_i(rx_slot),
      .rd_req_o     (eg2_req),
      .rd_cell_o    (eg2_cell),
      .rd_gnt_i     ({b2_gnt[2], b1_gnt[2], b0_gnt[2]}),
      .rd_data0_i   (b0_data),
      .rd_data1_i   (b1_data),
      .rd_data2_i   (b2_data),
      .rel_o        (eg2_rel),
      .rel_slot_o   (eg2_slot),
      .idle_o       (store_idle)
  );

  // ----------------------------------------------------------------------------------------------- wire egress
  wire_tx u_wire_tx0 (
      .clk_i(clk_out0),
      .rst_ni,
      .rec_valid_i (eg_valid[0]),
      .rec_ready_o (eg_ready[0]),
      .rec_i       (eg0),
      .rd_req_o    (eg0_req),
      .rd_cell_o   (eg0_cell),
      .rd_gnt_i    ({b2_gnt[0], b1_gnt[0], b0_gnt[0]}),
      .rd_data0_i  (b0_data),
      .rd_data1_i  (b1_data),
      .rd_data2_i  (b2_data),
      .rel_o       (eg0_rel),
      .rel_slot_o  (eg0_slot),
      .mac_valid_o (tx0_valid_o),
      .mac_ready_i (tx0_ready_i),
      .mac_data_o  (tx0_data_o),
      .mac_sop_o   (tx0_sop_o),
      .mac_eop_o   (tx0_eop_o),
      .mac_bytes_o (tx0_bytes_o),
      .stat_pkt_o  (p0_tx),
      .stat_bytes_o(p0_tx_bytes),
      .idle_o      (wire_tx_idle[0])
  );

  wire_tx u_wire_tx1 (
      .clk_i(clk_out1),
      .rst_ni,
      .rec_valid_i (eg_valid[1]),
      .rec_ready_o (eg_ready[1]),
      .rec_i       (eg1),
      .rd_req_o    (eg1_req),
      .rd_cell_o   (eg1_cell),
      .rd_gnt_i    ({b2_gnt[1], b1_gnt[1], b0_gnt[1]}),
      .rd_data0_i  (b0_data),
      .rd_data1_i  (b1_data),
      .rd_data2_i  (b2_data),
      .rel_o       (eg1_rel),
      .rel_slot_o  (eg1_slot),
      .mac_valid_o (tx1_valid_o),
      .mac_ready_i (tx1_ready_i),
      .mac_data_o  (tx1_data_o),
      .mac_sop_o   (tx1_sop_o),
      .mac_eop_o   (tx1_eop_o),
      .mac_bytes_o (tx1_bytes_o),
      .stat_pkt_o  (p1_tx),
      .stat_bytes_o(p1_tx_bytes),
      .idle_o      (wire_tx_idle[1])
  );

  // -------------------------------------------------------------------------------------------------- host side
  logic tdrd_valid, tdrd_ready, trd_valid, trd_ready, rdrd_valid, rdrd_ready;
  snic_pkg::rd_req_t tdrd, trd, rdrd, rd_req;
  logic dcpl_valid, dcpl_sop, dcpl_eop;
  logic [2:0] dcpl_sel;
  snic_pkg::cpl_hdr_t cpl_hdr, dcpl_hdr;
  logic [511:0] dcpl_data;

  logic [3:0] c_valid, c_ready, c_sop, c_eop;
  snic_pkg::up_hdr_t c0_hdr, c1_hdr, c2_hdr, c3_hdr, up_hdr;
  logic [511:0] c0_data, c1_data, c2_data, c3_data;

  logic tx_int_valid, tx_int_ready, rx_int_valid, rx_int_ready;
  logic test_int_valid, test_int_ready, mbox_int_valid, mbox_int_ready, arm_held;
  logic [7:0] tx_int_func, rx_int_func, test_int_func, mbox_int_func;
  logic [3:0] tx_int_vec, rx_int_vec, test_int_vec, mbox_int_vec;
  logic tx_qerr_valid, rx_qerr_valid, tx_stat_valid, rx_stat_valid;
  logic [7:0] tx_qerr_func, rx_qerr_func, tx_stat_func, rx_stat_func, rx_drop_func;
  logic [13:0] tx_stat_bytes, rx_stat_bytes;
  logic tx_idle, rx_idle, rd_idle, up_idle, regs_idle, msix_idle;
  logic tx_empty, rx_empty, rd_empty;
  logic tx_init, rx_init, regs_init, msix_init;
  logic rx_wake_valid, msix_wake_valid, rd_wake_valid, int_wake_valid;
  logic [47:0] rx_wake, msix_wake, rd_wake, int_wake;

  tx_engine #(
      .Cells(HostCells)
  ) u_tx (
      .clk_i(clk_tx),
      .rst_ni,
      .qcfg_wr_i         (qcfg_wr),
      .doorbell_i        (tx_doorbell),
      .doorbell_refused_o(tx_db_refused),
      .qask_i            (qask),
      .busy_o            (tx_busy),
      .func_en_i         (func_en),
      .now_i(now_q),
      .mrrs_i(mrrs_q),
      .flush_valid_i     (tx_flush_valid),
      .flush_func_i      (tx_flush_func),
      .flush_done_o      (tx_flush_done),
      .drd_valid_o       (tdrd_valid),
      .drd_ready_i       (tdrd_ready),
      .drd_o             (tdrd),
      .dcpl_valid_i      (dcpl_valid && dcpl_sel[0]),
      .dcpl_hdr_i        (dcpl_hdr),
      .dcpl_data_i       (dcpl_data),
      .rd_valid_o        (trd_valid),
      .rd_ready_i        (trd_ready),
      .rd_o              (trd),
      .cpl_valid_i       (dcpl_valid && dcpl_sel[1]),
      .cpl_sop_i         (dcpl_sop),
      .cpl_eop_i         (dcpl_eop),
      .cpl_hdr_i         (dcpl_hdr),
      .cpl_data_i        (dcpl_data),
      .alloc_o           (alloc[2]),
      .alloc_cells_o     (alloc_cells2),
      .alloc_ok_i        (alloc_ok[2]),
      .alloc_slot_i      (alloc_slot2),
      .alloc_cell_i      (alloc_cell2),
      .wr_valid_o        (wr_valid[2]),
      .wr_slot_o         (wr_slot2),
      .wr_cell_o         (wr_cell2),
      .wr_lo_data_o      (wr_lo_data2),
      .wr_lo_be_o        (wr_lo_be2),
      .wr_hi_valid_o     (wr_hi_valid2),
      .wr_hi_data_o      (wr_hi_data2),
      .wr_hi_be_o        (wr_hi_be2),
      .commit_o          (commit[2]),
      .commit_slot_o     (commit_slot2),
      .commit_cell_o     (commit_cell2),
      .commit_len_o      (commit_len2),
      .commit_src_o      (commit_src2),
      .commit_drop_o     (commit_drop2),
      .up_valid_o        (c_valid[1]),
      .up_ready_i        (c_ready[1]),
      .up_sop_o          (c_sop[1]),
      .up_eop_o          (c_eop[1]),
      .up_hdr_o          (c1_hdr),
      .up_data_o         (c1_data),
      .int_valid_o       (tx_int_valid),
      .int_ready_i       (tx_int_ready),
      .int_func_o        (tx_int_func),
      .int_vec_o         (tx_int_vec),
      .qerr_valid_o      (tx_qerr_valid),
      .qerr_func_o       (tx_qerr_func),
      .stat_valid_o      (tx_stat_valid),
      .stat_func_o       (tx_stat_func),
      .stat_bytes_o      (tx_stat_bytes),
      .drop_dma_o        (tx_drop_dma),
      .drop_desc_o       (tx_drop_desc),
      .util_o            (util_tx),
      .util_bytes_o      (bytes_under_way),
      .util_rings_o      (rings_posted),
      .idle_o            (tx_idle),
      .empty_o           (tx_empty),
      .init_done_o       (tx_init)
  );

  rx_engine u_rx (
      .clk_i(clk_rx),
      .rst_ni,
      .rec_valid_i       (eg_valid[2]),
      .rec_ready_o       (eg_ready[2]),
      .rec_i             (eg2),
      .flood_valid_i     (flr_valid),
      .flood_ready_o     (flr_ready),
      .flood_i           (flr),
      .flood_map_i       (flr_map),
      .ft_wr_i           (ft_wr),
      .indir_wr_i        (indir_wr),
      .qcfg_wr_i         (qcfg_wr),
      .doorbell_i        (rx_doorbell),
      .doorbell_refused_o(rx_db_refused),
      .qask_i            (qask),
      .busy_o            (rx_busy),
      .func_en_i         (func_en),
      .now_i(now_q),
      .cpl_timeout_i     (cpl_timeout),
      .mps_i(mps_q),
      .flush_valid_i     (rx_flush_valid),
      .flush_func_i      (rx_flush_func),
      .flush_done_o      (rx_flush_done),
      .drd_valid_o       (rdrd_valid),
      .drd_ready_i       (rdrd_ready),
      .drd_o             (rdrd),
      .dcpl_valid_i      (dcpl_valid && dcpl_sel[2]),
      .dcpl_hdr_i        (dcpl_hdr),
      .dcpl_data_i       (dcpl_data),
      .rd_req_o          (rx_req),
      .rd_cell_o         (rx_cell),
      .rd_gnt_i          (rx_gnt),
      .rd_data0_i        (b0_data),
      .rd_data1_i        (b1_data),
      .rd_data2_i        (rx_data2),
      .rel_o             (rx_rel),
      .rel_slot_o        (rx_slot),
      .up_valid_o        (c_valid[0]),
      .up_ready_i        (c_ready[0]),
      .up_sop_o          (c_sop[0]),
      .up_eop_o          (c_eop[0]),
      .up_hdr_o          (c0_hdr),
      .up_data_o         (c0_data),
      .int_valid_o       (rx_int_valid),
      .int_ready_i       (rx_int_ready),
      .int_func_o        (rx_int_func),
      .int_vec_o         (rx_int_vec),
      .stat_valid_o      (rx_stat_valid),
      .stat_func_o       (rx_stat_func),
      .stat_bytes_o      (rx_stat_bytes),
      .drop_valid_o      (rx_drop_valid),
      .drop_func_o       (rx_drop_func),
      .drop_cause_o      (rx_drop_cause),
      .cpl_flush_o       (cpl_flush),
      .qerr_valid_o      (rx_qerr_valid),
      .qerr_func_o       (rx_qerr_func),
      .util_o            (util_rx),
      .idle_o            (rx_idle),
      .empty_o           (rx_empty),
      .wake_valid_o      (rx_wake_valid),
      .wake_o            (rx_wake),
      .init_done_o       (rx_init)
  );

  assign cpl_hdr.tag = cpl_tag_i;
  assign cpl_hdr.status = cpl_status_i;
  assign cpl_hdr.last = cpl_last_i;
  assign cpl_hdr.len = cpl_len_i;
  assign rd_func_o = rd_req.func;
  assign rd_addr_o = rd_req.addr;
  assign rd_len_o = rd_req.len;
  assign rd_tag_o = rd_req.tag;

  rd_arb u_rd_arb (
      .clk_i(clk_pcie),
      .rst_ni,
      .bme_i       (bme),
      .timeout_i   (rd_timeout),
      .c0_valid_i  (tdrd_valid),
      .c0_ready_o  (tdrd_ready),
      .c0_i        (tdrd),
      .c1_valid_i  (trd_valid),
      .c1_ready_o  (trd_ready),
      .c1_i        (trd),
      .c2_valid_i  (rdrd_valid),
      .c2_ready_o  (rdrd_ready),
      .c2_i        (rdrd),
      .rd_valid_o,
      .rd_ready_i,
      .rd_o        (rd_req),
      .cpl_valid_i,
      .cpl_ready_o,
      .cpl_sop_i,
      .cpl_eop_i,
      .cpl_hdr_i   (cpl_hdr),
      .cpl_data_i,
      .cpl_valid_o (dcpl_valid),
      .cpl_sop_o   (dcpl_sop),
      .cpl_eop_o   (dcpl_eop),
      .cpl_hdr_o   (dcpl_hdr),
      .cpl_data_o  (dcpl_data),
      .sel_o       (dcpl_sel),
      .refused_o   (rd_refused),
      .unexpected_o(rd_unexpected),
      .expired_o   (rd_expired),
      .late_o      (rd_late),
      .now_i       (now_q),
      .c0_tags_o   (tags_tx_desc),
      .c1_tags_o   (tags_tx_data),
      .c2_tags_o   (tags_rx_desc),
      .wake_valid_o(rd_wake_valid),
      .wake_o      (rd_wake),
      .idle_o      (rd_idle),
      .empty_o     (rd_empty)
  );

  assign up_kind_o = up_hdr.kind;
  assign up_func_o = up_hdr.func;
  assign up_addr_o = up_hdr.addr;
  assign up_len_o = up_hdr.len;
  assign up_tag_o = up_hdr.tag;

  up_arb u_up_arb (
      .clk_i(clk_pcie),
      .rst_ni,
      .bme_i     (bme),
      .c0_valid_i(c_valid[0]),
      .c0_ready_o(c_ready[0]),
      .c0_sop_i  (c_sop[0]),
      .c0_eop_i  (c_eop[0]),
      .c0_hdr_i  (c0_hdr),
      .c0_data_i (c0_data),
      .c1_valid_i(c_valid[1]),
      .c1_ready_o(c_ready[1]),
      .c1_sop_i  (c_sop[1]),
      .c1_eop_i  (c_eop[1]),
      .c1_hdr_i  (c1_hdr),
      .c1_data_i (c1_data),
      .c2_valid_i(c_valid[2]),
      .c2_ready_o(c_ready[2]),
      .c2_sop_i  (c_sop[2]),
      .c2_eop_i  (c_eop[2]),
      .c2_hdr_i  (c2_hdr),
      .c2_data_i (c2_data),
      .c3_valid_i(c_valid[3]),
      .c3_ready_o(c_ready[3]),
      .c3_sop_i  (c_sop[3]),
      .c3_eop_i  (c_eop[3]),
      .c3_hdr_i  (c3_hdr),
      .c3_data_i (c3_data),
      .up_valid_o,
      .up_ready_i,
      .up_sop_o,
      .up_eop_o,
      .up_hdr_o  (up_hdr),
      .up_data_o,
      .refused_o (up_refused),
      .idle_o    (up_idle)
  );

  msix u_msix (
      .clk_i(clk_msix),
      .rst_ni,
      .now_i(now_q),
      .func_en_i       (func_en),
      .bme_i           (bme),
      .tx_int_valid_i  (tx_int_valid),
      .tx_int_ready_o  (tx_int_ready),
      .tx_int_func_i   (tx_int_func),
      .tx_int_vec_i    (tx_int_vec),
      .rx_int_valid_i  (rx_int_valid),
      .rx_int_ready_o  (rx_int_ready),
      .rx_int_func_i   (rx_int_func),
      .rx_int_vec_i    (rx_int_vec),
      .test_int_valid_i(test_int_valid),
      .test_int_ready_o(test_int_ready),
      .test_int_func_i (test_int_func),
      .test_int_vec_i  (test_int_vec),
      .mbox_int_valid_i(mbox_int_valid),
      .mbox_int_ready_o(mbox_int_ready),
      .mbox_int_func_i (mbox_int_func),
      .mbox_int_vec_i  (mbox_int_vec),
      .int_arm_i       (int_arm),
      .arm_held_o      (arm_held),
      .clear_valid_i   (msix_clear_valid),
      .clear_func_i    (msix_clear_func),
      .up_valid_o      (c_valid[2]),
      .up_ready_i      (c_ready[2]),
      .up_sop_o        (c_sop[2]),
      .up_eop_o        (c_eop[2]),
      .up_hdr_o        (c2_hdr),
      .up_data_o       (c2_data),
      .stat_sent_o     (msix_sent),
      .idle_o          (msix_idle),
      .wake_valid_o    (msix_wake_valid),
      .wake_o          (msix_wake),
      .init_done_o     (msix_init)
  );

  // A function's frames are dropped in two places, which may do so in the same cycle. Both together are no more than
  // the frames that were read, so the few of them that wait never fill the FIFO.
  logic late_valid, tx_fdrop_valid;
  logic [7:0] late_func;

  snic_fifo #(
      .Width(8),
      .Depth(64)
  ) u_dma_drops (
      .clk_i,
      .rst_ni,
      .valid_i(tx_drop_dma),
      .ready_o(),
      .data_i (tx_stat_func),
      .valid_o(late_valid),
      .ready_i(!fdrop_valid),
      .data_o (late_func),
      .count_o()
  );
  assign tx_fdrop_valid = fdrop_valid || late_valid;

  regs #(
      .BuildHash(BuildHash)
  ) u_regs (
      .clk_i,
      .rst_ni,
      .clk_all_i         (ungate),
      .now_i(now_q),
      .init_done_i       (init_done_o),
      .init_done_o       (regs_init),
      .idle_o            (regs_idle),
      .mmio_valid_i,
      .mmio_ready_o,
      .mmio_i            (mmio),
      .up_valid_o        (c_valid[3]),
      .up_ready_i        (c_ready[3]),
      .up_sop_o          (c_sop[3]),
      .up_eop_o          (c_eop[3]),
      .up_hdr_o          (c3_hdr),
      .up_data_o         (c3_data),
      .cfg_i             (cfg),
      .link_i,
      .link0_mbps_i,
      .link1_mbps_i,
      .pcie_gen_i,
      .pcie_lanes_i,
      .clock_khz_i,
      .bme_o             (bme),
      .func_en_o         (func_en),
      .tx_flush_valid_o  (tx_flush_valid),
      .tx_flush_func_o   (tx_flush_func),
      .tx_flush_done_i   (tx_flush_done),
      .rx_flush_valid_o  (rx_flush_valid),
      .rx_flush_func_o   (rx_flush_func),
      .rx_flush_done_i   (rx_flush_done),
      .tx_qerr_valid_i   (tx_qerr_valid),
      .tx_qerr_func_i    (tx_qerr_func),
      .rx_qerr_valid_i   (rx_qerr_valid),
      .rx_qerr_func_i    (rx_qerr_func),
      .msix_clear_valid_o(msix_clear_valid),
      .msix_clear_func_o (msix_clear_func),
      .int_arm_o         (int_arm),
      .arm_held_i        (arm_held),
      .test_int_valid_o  (test_int_valid),
      .test_int_ready_i  (test_int_ready),
      .test_int_func_o   (test_int_func),
      .test_int_vec_o    (test_int_vec),
      .mbox_int_valid_o  (mbox_int_valid),
      .mbox_int_ready_i  (mbox_int_ready),
      .mbox_int_func_o   (mbox_int_func),
      .mbox_int_vec_o    (mbox_int_vec),
      .qcfg_wr_o         (qcfg_wr),
      .indir_wr_o        (indir_wr),
      .tx_doorbell_o     (tx_doorbell),
      .rx_doorbell_o     (rx_doorbell),
      .qask_o            (qask),
      .tx_busy_i         (tx_busy),
      .rx_busy_i         (rx_busy),
      .cpl_timeout_o     (cpl_timeout),
      .storm_cfg_o       (storm_cfg),
      .rd_timeout_o      (rd_timeout),
      .ft_wr_o           (ft_wr),
      .mac_wr_o          (mac_wr),
      .vlan_wr_o         (vlan_wr),
      .rss_key_o         (rss_key),
      .flow_op_o         (flow_op),
      .flow_rsp_i        (flow_rsp),
      .ev0_i             (ev0),
      .ev1_i             (ev1),
      .p0_rx_i           (p0_rx),
      .p0_rx_bytes_i     (p0_rx_bytes),
      .p0_tx_i           (p0_tx),
      .p0_tx_bytes_i     (p0_tx_bytes),
      .p1_rx_i           (p1_rx),
      .p1_rx_bytes_i     (p1_rx_bytes),
      .p1_tx_i           (p1_tx),
      .p1_tx_bytes_i     (p1_tx_bytes),
      .count_valid_i     (ev_count_valid),
      .count_idx_i       (ev_count_idx),
      .rx_stat_valid_i   (rx_stat_valid),
      .rx_stat_func_i    (rx_stat_func),
      .rx_stat_bytes_i   (rx_stat_bytes),
      .tx_stat_valid_i   (tx_stat_valid),
      .tx_stat_func_i    (tx_stat_func),
      .tx_stat_bytes_i   (tx_stat_bytes),
      .rx_drop_valid_i   (rx_drop_valid),
      .rx_drop_func_i    (rx_drop_func),
      .tx_drop_valid_i   (tx_fdrop_valid),
      .tx_drop_func_i    (fdrop_valid ? fdrop_func : late_func),
      .util_rd_o         (util_rd),
      .util_idx_o        (util_idx),
      .util_data_i       (util_data)
  );

  // ------------------------------------------------------------------------------------------- utilisation
  // One register of what happened in a cycle, whatever the clocks of the blocks do. Only a station that is not idle has
  // anything to count, or an input that is valid.
  localparam int UtilLsb = snic_contract_pkg::UTIL_BASE;
  logic [UtilLsb+63:UtilLsb] util_q;
  always_ff @(posedge clk_i) begin : p_util
    logic [UtilLsb+63:UtilLsb] u;
    logic wait0, wait1, wait2, by_rx, to_rx;
    u = '0;
    if (rst_ni && init_done_o) begin
      // A full buffer with frames that no parser takes waits for it, else for the egress that holds more of it.
      wait0 = hdr_valid[0] && !hdr_ready[0];
      wait1 = hdr_valid[1] && !hdr_ready[1];
      wait2 = hdr_valid[2] && !hdr_ready[2];
      u[snic_contract_pkg::STAT_BUSY_WIRE_IN0] = rx0_valid_i;
      by_rx = w0_host_full || (!alloc_ok[0] && !wait0 && held_w0_host > held_w0_w1);
      u[snic_contract_pkg::STAT_STALL_WIRE_IN0_BY_RX_ENGINE] = by_rx;
      u[snic_contract_pkg::STAT_STALL_WIRE_IN0_BY_PARSER] = !alloc_ok[0] && wait0 && !by_rx && !w0_w1_full;
      u[snic_contract_pkg::STAT_STALL_WIRE_IN0_BY_WIRE_OUT] = !by_rx && (w0_w1_full || (!alloc_ok[0] && !wait0));
      u[snic_contract_pkg::STAT_BUSY_WIRE_IN1] = rx1_valid_i;
      by_rx = w1_host_full || (!alloc_ok[1] && !wait1 && held_w1_host > held_w1_w0);
      u[snic_contract_pkg::STAT_STALL_WIRE_IN1_BY_RX_ENGINE] = by_rx;
      u[snic_contract_pkg::STAT_STALL_WIRE_IN1_BY_PARSER] = !alloc_ok[1] && wait1 && !by_rx && !w1_w0_full;
      u[snic_contract_pkg::STAT_STALL_WIRE_IN1_BY_WIRE_OUT] = !by_rx && (w1_w0_full || (!alloc_ok[1] && !wait1));

      u[snic_contract_pkg::STAT_BUSY_PARSER0] = util_parser_busy[0];
      u[snic_contract_pkg::STAT_STALL_PARSER0_BY_FLOW_TABLE] = util_parser_held[0];
      u[snic_contract_pkg::STAT_BUSY_PARSER1] = util_parser_busy[1];
      u[snic_contract_pkg::STAT_STALL_PARSER1_BY_FLOW_TABLE] = util_parser_held[1];
      u[snic_contract_pkg::STAT_BUSY_PARSER2] = util_parser_busy[2];
      u[snic_contract_pkg::STAT_STALL_PARSER2_BY_FLOW_TABLE] = util_parser_held[2];

      u[snic_contract_pkg::STAT_BUSY_FLOW_TABLE] = util_pipe.flow_busy;
      u[snic_contract_pkg::STAT_STALL_FLOW_TABLE_BY_RULE_SEARCH] = util_pipe.flow_by_rule_search;
      u[snic_contract_pkg::STAT_STALL_FLOW_TABLE_BY_FORWARD] = util_pipe.flow_by_forward;
      u[snic_contract_pkg::STAT_STALL_FLOW_TABLE_BY_HOST] = util_pipe.flow_by_host;
      u[snic_contract_pkg::STAT_BUSY_RULE_SEARCH] = util_pipe.search_busy;
      u[snic_contract_pkg::STAT_BUSY_FORWARD] = util_pipe.forward_busy;

      u[snic_contract_pkg::STAT_BUSY_RX_COPIES] = util_rx.copies_busy;
      u[snic_contract_pkg::STAT_STALL_RX_COPIES_BY_HOST] = util_rx.copies_by_host;
      u[snic_contract_pkg::STAT_BUSY_RX_WRITES] = util_rx.writes_busy;
      u[snic_contract_pkg::STAT_STALL_RX_WRITES_BY_PCIE_UP] = util_rx.writes_by_pcie_up;
      u[snic_contract_pkg::STAT_STALL_RX_WRITES_BY_WIRE_OUT] = util_rx.writes_by_wire_out;
      u[snic_contract_pkg::STAT_STALL_RX_WRITES_BY_DMA_TAGS] = util_rx.writes_by_dma_tags;
      u[snic_contract_pkg::STAT_STALL_RX_WRITES_BY_HOST] = util_rx.writes_by_host;

      u[snic_contract_pkg::STAT_BUSY_TX_LINES] = util_tx.lines_busy;
      u[snic_contract_pkg::STAT_STALL_TX_LINES_BY_DMA_TAGS] = util_tx.lines_by_dma_tags;
      u[snic_contract_pkg::STAT_STALL_TX_LINES_BY_PCIE_UP] = util_tx.lines_by_pcie_up;
      u[snic_contract_pkg::STAT_BUSY_TX_DESCS] = util_tx.descs_busy;
      u[snic_contract_pkg::STAT_BUSY_TX_READS] = util_tx.reads_busy;
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_DMA_TAGS] = util_tx.reads_by_dma_tags;
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_PCIE_UP] = util_tx.reads_by_pcie_up;
      to_rx = held_host_host > held_host_w0 && held_host_host > held_host_w1;
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_PARSER] = util_tx.reads_by_buffer && wait2;
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_RX_ENGINE] = util_tx.reads_by_buffer && !wait2 && to_rx;
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_WIRE_OUT] = util_tx.reads_by_buffer && !wait2 && !to_rx;
      u[snic_contract_pkg::STAT_BUSY_TX_WRITEBACKS] = c_valid[1] && c_ready[1];
      u[snic_contract_pkg::STAT_STALL_TX_WRITEBACKS_BY_PCIE_UP] = c_valid[1] && !c_ready[1];

      u[snic_contract_pkg::STAT_BUSY_PCIE_UP_DATA] = up_valid_o && up_ready_i;
      u[snic_contract_pkg::STAT_STALL_PCIE_UP_DATA_BY_LINK] = up_valid_o && !up_ready_i;
      u[snic_contract_pkg::STAT_BUSY_PCIE_UP_READS] = rd_valid_o && rd_ready_i;
      u[snic_contract_pkg::STAT_STALL_PCIE_UP_READS_BY_LINK] = rd_valid_o && !rd_ready_i;
      u[snic_contract_pkg::STAT_BUSY_PCIE_DOWN] = cpl_valid_i && cpl_ready_o;

      u[snic_contract_pkg::STAT_BUSY_WIRE_OUT0] = tx0_valid_o && tx0_ready_i;
      u[snic_contract_pkg::STAT_STALL_WIRE_OUT0_BY_WIRE] = tx0_valid_o && !tx0_ready_i;
      u[snic_contract_pkg::STAT_STALL_WIRE_OUT0_BY_RX_ENGINE] = !tx0_valid_o &&
          (eg0_req & {b2_gnt[2], b1_gnt[2], b0_gnt[2]}) != 3'd0;
      u[snic_contract_pkg::STAT_BUSY_WIRE_OUT1] = tx1_valid_o && tx1_ready_i;
      u[snic_contract_pkg::STAT_STALL_WIRE_OUT1_BY_WIRE] = tx1_valid_o && !tx1_ready_i;
      u[snic_contract_pkg::STAT_STALL_WIRE_OUT1_BY_RX_ENGINE] = !tx1_valid_o &&
          (eg1_req & {b2_gnt[2], b1_gnt[2], b0_gnt[2]}) != 3'd0;
    end
    util_q <= u;
  end

  util_counters u_util (
      .clk_i,
      .rst_ni,
      .ev_i       (util_q),
      .rd_i       (util_rd),
      .rd_idx_i   (util_idx),
      .rd_data_o  (util_count),
      .init_done_o(util_init)
  );

  // Levels are not counted by the cycle.
  always_ff @(posedge clk_i) if (util_rd) util_idx_q <= util_idx;
  always_comb begin
    case (UtilLsb + 32'(util_idx_q))
      snic_contract_pkg::STAT_BUSY_TAGS_TX_DESC:  util_data = tags_tx_desc;
      snic_contract_pkg::STAT_BUSY_TAGS_TX_DATA:  util_data = tags_tx_data;
      snic_contract_pkg::STAT_BUSY_TAGS_RX_DESC:  util_data = tags_rx_desc;
      snic_contract_pkg::STAT_BUSY_BYTES_TX_DATA: util_data = bytes_under_way;
      snic_contract_pkg::STAT_BUSY_TX_RINGS:      util_data = rings_posted;
      default: util_data = util_count;
    endcase
  end

  // ------------------------------------------------------------------------------------------------ clocks
  // A block's clock runs when the block is not idle, or is told something. In silicon that is most of the power that
  // an idle card saves; in a simulation it is most of the time.
  logic ungate;
  assign ungate = !rst_ni || !init_done_o || clk_all_i;

  snic_clk_gate u_gate_in0 (
      .clk_i,
      .en_i (ungate || !wire_rx_idle[0] || !buf_idle[0] || rx0_valid_i),
      .clk_o(clk_in0)
  );
  snic_clk_gate u_gate_in1 (
      .clk_i,
      .en_i (ungate || !wire_rx_idle[1] || !buf_idle[1] || rx1_valid_i),
      .clk_o(clk_in1)
  );
  snic_clk_gate u_gate_buf2 (
      .clk_i,
      .en_i (ungate || !buf_idle[2]),
      .clk_o(clk_buf2)
  );
  snic_clk_gate u_gate_par0 (
      .clk_i,
      .en_i (ungate || !parser_idle[0] || hdr_valid[0]),
      .clk_o(clk_par0)
  );
  snic_clk_gate u_gate_par1 (
      .clk_i,
      .en_i (ungate || !parser_idle[1] || hdr_valid[1]),
      .clk_o(clk_par1)
  );
  snic_clk_gate u_gate_par2 (
      .clk_i,
      .en_i (ungate || !parser_idle[2] || hdr_valid[2]),
      .clk_o(clk_par2)
  );
  snic_clk_gate u_gate_tx (
      .clk_i,
      .en_i (ungate || !tx_idle || (dcpl_valid && dcpl_sel[1:0] != '0) || qcfg_wr.valid || tx_doorbell.valid ||
          qask.valid || tx_flush_valid),
      .clk_o(clk_tx)
  );
  snic_clk_gate u_gate_pipe (
      .clk_i,
      .en_i (ungate || !pipe_idle || |meta_valid || ft_wr.valid || mac_wr.valid || vlan_wr.valid || flow_op.valid ||
          flood_free),
      .clk_o(clk_pipe)
  );
  snic_clk_gate u_gate_out0 (
      .clk_i,
      .en_i (ungate || !wire_tx_idle[0] || !eg_empty[0] || eg_push[0]),
      .clk_o(clk_out0)
  );
  snic_clk_gate u_gate_out1 (
      .clk_i,
      .en_i (ungate || !wire_tx_idle[1] || !eg_empty[1] || eg_push[1]),
      .clk_o(clk_out1)
  );
  snic_clk_gate u_gate_rx (
      .clk_i,
      .en_i (ungate || !rx_idle || !eg_empty[2] || !store_idle || eg_push[2] || (dcpl_valid && dcpl_sel[2]) || qcfg_wr.valid ||
          indir_wr.valid || ft_wr.valid || rx_doorbell.valid || qask.valid || rx_flush_valid),
      .clk_o(clk_rx)
  );
  snic_clk_gate u_gate_pcie (
      .clk_i,
      .en_i (ungate || !rd_idle || !up_idle || cpl_valid_i),
      .clk_o(clk_pcie)
  );
  snic_clk_gate u_gate_msix (
      .clk_i,
      .en_i (ungate || !msix_idle || tx_int_valid || rx_int_valid || test_int_valid || mbox_int_valid ||
          int_arm.valid || msix_clear_valid),
      .clk_o(clk_msix)
  );

  // -------------------------------------------------------------------------------------------------------- idle
  assign init_done_o = &buf_init && pipe_init && tx_init && rx_init && regs_init && msix_init &&
      util_init;
  // Still: nothing moves in the block. What it holds then waits for an input: a completion, or another block.
  logic [15:0] still, hold;
  assign still = {
    regs_idle && msix_idle && !late_valid && util_q == '0,
    up_idle,
    rd_idle,
    rx_idle && eg_empty[2] && store_idle,
    tx_idle,
    wire_tx_idle[1] && eg_empty[1],
    wire_tx_idle[0] && eg_empty[0],
    pipe_idle,
    parser_idle,
    buf_idle,
    wire_rx_idle
  };
  assign hold = {2'b00, !rd_empty, !rx_empty, !tx_empty, 6'd0, ~buf_empty, 2'b00};
  assign busy_o = ~still | hold;
  assign quiescent_o = init_done_o && still == '1;
  assign int_wake_valid = rx_wake_valid || msix_wake_valid;
  assign int_wake = rx_wake_valid && (!msix_wake_valid || rx_wake - msix_wake >= snic_pkg::HalfTime) ? rx_wake : msix_wake;
  assign wake_valid_o = int_wake_valid || rd_wake_valid;
  assign wake_o = int_wake_valid && (!rd_wake_valid || int_wake - rd_wake >= snic_pkg::HalfTime) ? int_wake : rd_wake;

`ifndef SYNTHESIS
  logic quiet_q, told_q;
  always_ff @(posedge clk_i) begin
    quiet_q <= rst_ni && quiescent_o;
    told_q  <= rx0_valid_i || rx1_valid_i || cpl_valid_i || mmio_valid_i || cfg_valid_i;
    if (rst_ni && quiet_q && !told_q && util_q != '0) $error("snic_top: a station has work, and the device is quiescent");
    if (rst_ni && u_dma_drops.count_o[6]) $error("snic_top: DMA drops not counted");
  end
`endif
endmodule
