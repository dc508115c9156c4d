// SPDX-License-Identifier: BSD-2-Clause
// The device. Only wires: what each block does is in its own file, how they fit together in rtl/README.md.
module snic_top #(
    parameter logic [31:0] BuildHash = 32'd0,
    parameter int Ports = snic_pkg::Ports,       // wire ports: of what is a vector of them, port p has the bits from p * width on
    parameter int Cells = 4096,                  // each wire port's packet buffer, 64 B a cell, and frames in it
    parameter int Slots = 1024,
    parameter int HostCells = 2048,              // what functions send
    parameter int HostSlots = 512
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
    input  logic [   Ports-1:0] link_i,
    input  logic [20*Ports-1:0] link_mbps_i,
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
    output logic [ 11:0] rd_tag_o,
    // PCIe: read completions, downstream
    input  logic         cpl_valid_i,
    output logic         cpl_ready_o,
    input  logic         cpl_sop_i,
    input  logic         cpl_eop_i,
    input  logic [ 11:0] cpl_tag_i,
    input  logic [  2:0] cpl_status_i,
    input  logic         cpl_last_i,
    input  logic [ 12:0] cpl_len_i,
    input  logic [511:0] cpl_data_i,
    // wire ports
    input  logic [    Ports-1:0] rx_valid_i,
    input  logic [512*Ports-1:0] rx_data_i,
    input  logic [    Ports-1:0] rx_sop_i,
    input  logic [    Ports-1:0] rx_eop_i,
    input  logic [  7*Ports-1:0] rx_bytes_i,
    input  logic [    Ports-1:0] rx_bad_i,
    output logic [    Ports-1:0] tx_valid_o,
    input  logic [    Ports-1:0] tx_ready_i,
    output logic [512*Ports-1:0] tx_data_o,
    output logic [    Ports-1:0] tx_sop_o,
    output logic [    Ports-1:0] tx_eop_o,
    output logic [  7*Ports-1:0] tx_bytes_o,
    // nothing happens before an input changes, or now_i reaches wake_o where that is valid: less than 2^47 cycles away
    output logic         quiescent_o,
    output logic         wake_valid_o,
    output logic [ 47:0] wake_o,
    output logic         init_done_o,
    output logic [snic_contract_pkg::N_BLOCK-1:0] busy_o   // it has or holds work, even while quiescent (snic_blocks.def)
);
  localparam int NBuf = Ports + 1;    // ingresses: wire ports, then the host
  localparam int NEg = Ports + 1;     // egresses, in the same order
  localparam int Host = Ports;
  localparam int EgDepth = 1 << $clog2(Ports * Slots + HostSlots);  // all slots: an egress FIFO is never full
  localparam int HeldW = snic_pkg::HeldW;
  localparam int BufRdW = snic_pkg::BufRdW;
  localparam int EvHi = snic_contract_pkg::EVENT_LAST;
  localparam int EvLo = snic_contract_pkg::EVENT_BASE;

  // Inputs that many look at, from registers of our own.
  logic [47:0] now_q;
  logic [12:0] mps_q, mrrs_q;
  always_ff @(posedge clk_i) begin
    now_q  <= now_i;
    mps_q  <= mps_i;
    mrrs_q <= mrrs_i;
  end

  logic ungate;                       // every clock runs
  logic [EvHi:EvLo] in_ev0, in_ev1, pipe_ev, host_ev0, host_ev1;

  // What registers tell the blocks.
  logic [255:0] bme, func_en;
  snic_pkg::cfg_t cfg;
  snic_pkg::mmio_req_t mmio;
  snic_pkg::qcfg_wr_t qcfg_wr;
  snic_pkg::indir_wr_t indir_wr;
  snic_pkg::doorbell_t tx_doorbell, rx_doorbell;
  snic_pkg::qask_t qask;
  snic_pkg::ft_wr_t ft_wr;
  snic_pkg::mac_wr_t mac_wr;
  snic_pkg::vlan_wr_t vlan_wr;
  logic switchdev;
  snic_pkg::vtep_wr_t vtep_wr;
  snic_pkg::encap_wr_t encap_wr;
  logic [1023:0] encap_hdr;
  snic_pkg::tun_ports_t tun_ports;
  snic_pkg::to_wr_t to_wr;
  snic_pkg::int_arm_t int_arm;
  snic_pkg::flow_op_t flow_op;
  snic_pkg::flow_rsp_t flow_rsp;
  snic_pkg::edit_wr_t edit_wr;
  logic edit_wen;
  assign edit_wr.valid = edit_wen;
  assign edit_wr.id    = flow_op.arg[9:0];
  assign edit_wr.words = flow_op.key;
  snic_pkg::storm_cfg_t storm_cfg;
  logic [319:0] rss_key;
  logic [15:0] cpl_timeout;
  logic [31:0] rd_timeout;
  snic_pkg::func_t tx_flush, rx_flush, msix_clear;
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

  // -------------------------------------------------------------------------------------------------------- ingress
  snic_pkg::buf_wr_t host_wr;
  snic_pkg::buf_free_t host_free;
  logic [511:0] host_lo_data, host_hi_data;
  logic [63:0] host_lo_be, host_hi_be;
  logic [NBuf-1:0] meta_valid, meta_ready, dec, room, parser_waits, parser_busy, parser_held;
  logic [NBuf*snic_pkg::MetaSlotW-1:0] meta;
  logic [snic_pkg::SlotW-1:0] dec_slot;
  logic [NEg-1:0] dec_mask;
  logic [NEg*BufRdW-1:0] buf_rd;
  logic [NEg*NBuf-1:0] buf_gnt;
  logic [512*NBuf-1:0] buf_data;
  logic [NBuf*NEg*HeldW-1:0] held;
  logic [Ports*snic_pkg::PortStatW-1:0] rx_stat, tx_stat;
  logic [Ports-1:0] rx_idle, tx_idle, tx_by_host;
  logic [NBuf-1:0] buf_idle, buf_empty, parser_idle;
  logic in_init;

  ingress #(
      .Ports    (Ports),
      .Cells    (Cells),
      .HostCells(HostCells),
      .Slots    (Slots),
      .HostSlots(HostSlots)
  ) u_ingress (
      .clk_i,
      .rst_ni,
      .ungate_i      (ungate),
      .tun_ports_i   (tun_ports),
      .mac_valid_i   (rx_valid_i),
      .mac_data_i    (rx_data_i),
      .mac_sop_i     (rx_sop_i),
      .mac_eop_i     (rx_eop_i),
      .mac_bytes_i   (rx_bytes_i),
      .mac_bad_i     (rx_bad_i),
      .host_wr_i     (host_wr),
      .host_lo_data_i(host_lo_data),
      .host_lo_be_i  (host_lo_be),
      .host_hi_data_i(host_hi_data),
      .host_hi_be_i  (host_hi_be),
      .host_free_o   (host_free),
      .meta_valid_o  (meta_valid),
      .meta_ready_i  (meta_ready),
      .meta_o        (meta),
      .dec_i         (dec),
      .dec_slot_i    (dec_slot),
      .dec_mask_i    (dec_mask),
      .rd_i          (buf_rd),
      .gnt_o         (buf_gnt),
      .rd_data_o     (buf_data),
      .held_o        (held),
      .room_o        (room),
      .wait_o        (parser_waits),
      .util_busy_o   (parser_busy),
      .util_held_o   (parser_held),
      .stat_o        (rx_stat),
      .ev0_o         (in_ev0),
      .ev1_o         (in_ev1),
      .rx_idle_o     (rx_idle),
      .buf_idle_o    (buf_idle),
      .buf_empty_o   (buf_empty),
      .parser_idle_o (parser_idle),
      .init_done_o   (in_init)
  );

  // ------------------------------------------------------------------------------------------------------- pipeline
  logic clk_pipe;
  logic [NEg-1:0] eg_push;
  snic_pkg::egress_t eg;
  snic_pkg::flood_t flood;
  snic_pkg::flood_free_t flood_free;
  snic_pkg::func_t fdrop;
  snic_pkg::util_pipe_t util_pipe;
  logic [Ports*NEg-1:0] full;          // frames from a wire port for that egress are refused
  logic ev_no_match, ev_flow_drop, ev_spoof_mac, ev_spoof_vlan, ev_tx_ctrl, ev_congested, ev_storm;
  logic ev_exact, ev_cache, ev_search, ev_rule, ev_perr, ev_to_pf, ev_count_valid;
  logic [7:0] ev_count_idx;
  logic w0_host_full, w0_w1_full, w1_host_full, w1_w0_full;
  logic pipe_idle, pipe_init;
  assign full = {w1_host_full, 1'b0, w1_w0_full, w0_host_full, w0_w1_full, 1'b0};

  always_comb begin
    pipe_ev = '0;
    pipe_ev[snic_contract_pkg::STAT_DROP_NO_MATCH]   = ev_no_match;
    pipe_ev[snic_contract_pkg::STAT_DROP_FLOW]       = ev_flow_drop;
    pipe_ev[snic_contract_pkg::STAT_DROP_SPOOF_MAC]  = ev_spoof_mac;
    pipe_ev[snic_contract_pkg::STAT_DROP_SPOOF_VLAN] = ev_spoof_vlan;
    pipe_ev[snic_contract_pkg::STAT_DROP_TX_CTRL]    = ev_tx_ctrl;
    pipe_ev[snic_contract_pkg::STAT_DROP_CONGESTED]  = ev_congested;
    pipe_ev[snic_contract_pkg::STAT_DROP_STORM]      = ev_storm;
    pipe_ev[snic_contract_pkg::STAT_FLOW_EXACT]      = ev_exact;
    pipe_ev[snic_contract_pkg::STAT_FLOW_CACHE]      = ev_cache;
    pipe_ev[snic_contract_pkg::STAT_FLOW_SEARCH]     = ev_search;
    pipe_ev[snic_contract_pkg::STAT_FLOW_RULE]       = ev_rule;
    pipe_ev[snic_contract_pkg::STAT_PERR_PKTS]       = ev_perr;
    pipe_ev[snic_contract_pkg::STAT_FLOW_TO_PF]      = ev_to_pf;
  end

  snic_pkg::meta_t meta0, meta1, meta2;
  assign meta0 = meta[0*snic_pkg::MetaSlotW+:snic_pkg::MetaW];
  assign meta1 = meta[1*snic_pkg::MetaSlotW+:snic_pkg::MetaW];
  assign meta2 = meta[2*snic_pkg::MetaSlotW+:snic_pkg::MetaW];

  snic_clk_gate u_gate_pipe (
      .clk_i,
      .en_i (ungate || !pipe_idle || |meta_valid || ft_wr.valid || mac_wr.valid || vlan_wr.valid || vtep_wr.valid || encap_wr.valid || flow_op.valid ||
          flood_free.valid || to_wr.valid),
      .clk_o(clk_pipe)
  );
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
      .flood_valid_o   (flood.valid),
      .flood_map_o     (flood.funcs),
      .flood_cell_o    (flood.cell_idx),
      .flood_slot_o    (flood.slot),
      .flood_pool_o    (flood.pool),
      .flood_free_i    (flood_free.valid),
      .flood_free_pool_i(flood_free.pool),
      .flood_free_cells_i(flood_free.cells),
      .flood_free_func_i(flood_free.func),
      .dec_o           (dec),
      .dec_slot_o      (dec_slot),
      .dec_mask_o      (dec_mask),
      .held_w0_host_i  (held[(0*NEg+2)*HeldW+:HeldW]),
      .held_w1_host_i  (held[(1*NEg+2)*HeldW+:HeldW]),
      .held_w0_w1_i    (held[(0*NEg+1)*HeldW+:HeldW]),
      .held_w1_w0_i    (held[(1*NEg+0)*HeldW+:HeldW]),
      .ft_wr_i         (ft_wr),
      .storm_cfg_i     (storm_cfg),
      .mac_wr_i        (mac_wr),
      .vlan_wr_i       (vlan_wr),
      .switchdev_i     (switchdev),
      .vtep_wr_i       (vtep_wr),
      .encap_wr_i      (encap_wr),
      .to_wr_i         (to_wr),
      .rss_key_i       (rss_key),
      .flow_op_i       (flow_op),
      .flow_rsp_o      (flow_rsp),
      .edit_wen_o      (edit_wen),
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
      .ev_to_pf_o      (ev_to_pf),
      .ev_count_valid_o(ev_count_valid),
      .ev_count_idx_o  (ev_count_idx),
      .fdrop_valid_o   (fdrop.valid),
      .fdrop_func_o    (fdrop.func),
      .util_o          (util_pipe),
      .w0_host_full_o  (w0_host_full),
      .w0_w1_full_o    (w0_w1_full),
      .w1_host_full_o  (w1_host_full),
      .w1_w0_full_o    (w1_w0_full),
      .idle_o          (pipe_idle),
      .init_done_o     (pipe_init)
  );

  // --------------------------------------------------------------------------------------------------------- egress
  egress #(
      .Ports(Ports),
      .Depth(EgDepth)
  ) u_egress (
      .clk_i,
      .rst_ni,
      .ungate_i      (ungate),
      .encap_wr_i    (encap_wr),
      .encap_hdr_i   (encap_hdr),
      .push_i        (eg_push[Ports-1:0]),
      .rec_i         (eg),
      .edit_wr_i     (edit_wr),
      .rd_o          (buf_rd[0+:Ports*BufRdW]),
      .gnt_i         (buf_gnt[0+:Ports*NBuf]),
      .host_gnt_i    (buf_gnt[Host*NBuf+:NBuf]),
      .rd_data_i     (buf_data),
      .mac_valid_o   (tx_valid_o),
      .mac_ready_i   (tx_ready_i),
      .mac_data_o    (tx_data_o),
      .mac_sop_o     (tx_sop_o),
      .mac_eop_o     (tx_eop_o),
      .mac_bytes_o   (tx_bytes_o),
      .stat_o        (tx_stat),
      .util_by_host_o(tx_by_host),
      .idle_o        (tx_idle)
  );

  // ------------------------------------------------------------------------------------------------------- host side
  snic_pkg::up_hdr_t up_hdr, regs_up_hdr;
  snic_pkg::rd_req_t rd_req;
  snic_pkg::cpl_hdr_t cpl_hdr;
  logic regs_up_valid, regs_up_ready, regs_up_sop, regs_up_eop;
  logic [511:0] regs_up_data;
  logic test_int_valid, test_int_ready, mbox_int_valid, mbox_int_ready, arm_held;
  snic_pkg::int_t test_int, mbox_int;
  logic tx_busy, rx_busy, tx_flush_done, rx_flush_done;
  snic_pkg::func_t tx_qerr, rx_qerr, tx_drop, rx_drop;
  snic_pkg::func_stat_t tx_fstat, rx_fstat;
  snic_pkg::util_tx_t util_tx;
  snic_pkg::util_rx_t util_rx;
  snic_pkg::buf_rd_t host_rd;
  logic wb_valid, wb_ready;
  logic [47:0] tags_tx_desc, tags_tx_data, tags_rx_desc, bytes_under_way, rings_posted, lines_by_tags, reads_by_tags;
  logic txe_idle, rxe_idle, rd_idle, up_idle, msix_idle, drops_idle, txe_empty, rxe_empty, rd_empty, host_init;
  logic [2:0] wake_valid;
  logic [3*48-1:0] wake;

  assign buf_rd[Host*BufRdW+:BufRdW] = host_rd;
  assign cpl_hdr.tag = cpl_tag_i;
  assign cpl_hdr.status = cpl_status_i;
  assign cpl_hdr.last = cpl_last_i;
  assign cpl_hdr.len = cpl_len_i;
  assign rd_func_o = rd_req.func;
  assign rd_addr_o = rd_req.addr;
  assign rd_len_o = rd_req.len;
  assign rd_tag_o = rd_req.tag;
  assign up_kind_o = up_hdr.kind;
  assign up_func_o = up_hdr.func;
  assign up_addr_o = up_hdr.addr;
  assign up_len_o = up_hdr.len;
  assign up_tag_o = up_hdr.tag;

  host_side #(
      .NBuf    (NBuf),
      .BufCells(HostCells),
      .Depth   (EgDepth)
  ) u_host (
      .clk_i,
      .rst_ni,
      .ungate_i         (ungate),
      .now_i            (now_q),
      .mps_i            (mps_q),
      .mrrs_i           (mrrs_q),
      .up_valid_o,
      .up_ready_i,
      .up_sop_o,
      .up_eop_o,
      .up_hdr_o         (up_hdr),
      .up_data_o,
      .rd_valid_o,
      .rd_ready_i,
      .rd_o             (rd_req),
      .cpl_valid_i,
      .cpl_ready_o,
      .cpl_sop_i,
      .cpl_eop_i,
      .cpl_hdr_i        (cpl_hdr),
      .cpl_data_i,
      .wr_o             (host_wr),
      .to_wr_o          (to_wr),
      .wr_lo_data_o     (host_lo_data),
      .wr_lo_be_o       (host_lo_be),
      .wr_hi_data_o     (host_hi_data),
      .wr_hi_be_o       (host_hi_be),
      .free_i           (host_free),
      .buf_rd_o         (host_rd),
      .buf_gnt_i        (buf_gnt[Host*NBuf+:NBuf]),
      .buf_data_i       (buf_data),
      .push_i           (eg_push[Host]),
      .rec_i            (eg),
      .edit_wr_i        (edit_wr),
      .flood_i          (flood),
      .flood_free_o     (flood_free),
      .fdrop_i          (fdrop),
      .regs_up_valid_i  (regs_up_valid),
      .regs_up_ready_o  (regs_up_ready),
      .regs_up_sop_i    (regs_up_sop),
      .regs_up_eop_i    (regs_up_eop),
      .regs_up_hdr_i    (regs_up_hdr),
      .regs_up_data_i   (regs_up_data),
      .test_int_valid_i (test_int_valid),
      .test_int_ready_o (test_int_ready),
      .test_int_i       (test_int),
      .mbox_int_valid_i (mbox_int_valid),
      .mbox_int_ready_o (mbox_int_ready),
      .mbox_int_i       (mbox_int),
      .bme_i            (bme),
      .func_en_i        (func_en),
      .qcfg_wr_i        (qcfg_wr),
      .indir_wr_i       (indir_wr),
      .ft_wr_i          (ft_wr),
      .tx_doorbell_i    (tx_doorbell),
      .rx_doorbell_i    (rx_doorbell),
      .qask_i           (qask),
      .tx_busy_o        (tx_busy),
      .rx_busy_o        (rx_busy),
      .int_arm_i        (int_arm),
      .arm_held_o       (arm_held),
      .cpl_timeout_i    (cpl_timeout),
      .rd_timeout_i     (rd_timeout),
      .tx_flush_i       (tx_flush),
      .tx_flush_done_o  (tx_flush_done),
      .rx_flush_i       (rx_flush),
      .rx_flush_done_o  (rx_flush_done),
      .msix_clear_i     (msix_clear),
      .ev0_o            (host_ev0),
      .ev1_o            (host_ev1),
      .tx_qerr_o        (tx_qerr),
      .rx_qerr_o        (rx_qerr),
      .tx_stat_o        (tx_fstat),
      .rx_stat_o        (rx_fstat),
      .tx_drop_o        (tx_drop),
      .rx_drop_o        (rx_drop),
      .util_tx_o        (util_tx),
      .util_rx_o        (util_rx),
      .util_wb_valid_o  (wb_valid),
      .util_wb_ready_o  (wb_ready),
      .tags_tx_desc_o   (tags_tx_desc),
      .tags_tx_data_o   (tags_tx_data),
      .tags_rx_desc_o   (tags_rx_desc),
      .bytes_under_way_o(bytes_under_way),
      .rings_posted_o   (rings_posted),
      .lines_by_tags_o  (lines_by_tags),
      .reads_by_tags_o  (reads_by_tags),
      .tx_idle_o        (txe_idle),
      .rx_idle_o        (rxe_idle),
      .rd_idle_o        (rd_idle),
      .up_idle_o        (up_idle),
      .msix_idle_o      (msix_idle),
      .drops_idle_o     (drops_idle),
      .tx_empty_o       (txe_empty),
      .rx_empty_o       (rxe_empty),
      .rd_empty_o       (rd_empty),
      .wake_valid_o     (wake_valid),
      .wake_o           (wake),
      .init_done_o      (host_init)
  );

  // ------------------------------------------------------------------------------------------------------ registers
  logic util_rd, regs_idle, regs_init, regs_wake_valid;
  logic [47:0] regs_wake;
  logic [5:0] util_idx;
  logic [47:0] util_data;
  snic_pkg::port_stat_t p0_rx, p1_rx, p0_tx, p1_tx;
  assign p0_rx = rx_stat[0+:snic_pkg::PortStatW];
  assign p0_tx = tx_stat[0+:snic_pkg::PortStatW];
  assign p1_rx = Ports > 1 ? rx_stat[(Ports-1)*snic_pkg::PortStatW+:snic_pkg::PortStatW] : '0;
  assign p1_tx = Ports > 1 ? tx_stat[(Ports-1)*snic_pkg::PortStatW+:snic_pkg::PortStatW] : '0;

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
      .up_valid_o        (regs_up_valid),
      .up_ready_i        (regs_up_ready),
      .up_sop_o          (regs_up_sop),
      .up_eop_o          (regs_up_eop),
      .up_hdr_o          (regs_up_hdr),
      .up_data_o         (regs_up_data),
      .cfg_i             (cfg),
      .link_i            (2'(link_i)),
      .link0_mbps_i      (link_mbps_i[0+:20]),
      .link1_mbps_i      (Ports > 1 ? link_mbps_i[(Ports-1)*20+:20] : 20'd0),
      .pcie_gen_i,
      .pcie_lanes_i,
      .clock_khz_i,
      .bme_o             (bme),
      .func_en_o         (func_en),
      .tx_flush_valid_o  (tx_flush.valid),
      .tx_flush_func_o   (tx_flush.func),
      .tx_flush_done_i   (tx_flush_done),
      .rx_flush_valid_o  (rx_flush.valid),
      .rx_flush_func_o   (rx_flush.func),
      .rx_flush_done_i   (rx_flush_done),
      .tx_qerr_valid_i   (tx_qerr.valid),
      .tx_qerr_func_i    (tx_qerr.func),
      .rx_qerr_valid_i   (rx_qerr.valid),
      .rx_qerr_func_i    (rx_qerr.func),
      .msix_clear_valid_o(msix_clear.valid),
      .msix_clear_func_o (msix_clear.func),
      .int_arm_o         (int_arm),
      .arm_held_i        (arm_held),
      .test_int_valid_o  (test_int_valid),
      .test_int_ready_i  (test_int_ready),
      .test_int_func_o   (test_int.func),
      .test_int_vec_o    (test_int.vec),
      .mbox_int_valid_o  (mbox_int_valid),
      .mbox_int_ready_i  (mbox_int_ready),
      .mbox_int_func_o   (mbox_int.func),
      .mbox_int_vec_o    (mbox_int.vec),
      .qcfg_wr_o         (qcfg_wr),
      .indir_wr_o        (indir_wr),
      .tx_doorbell_o     (tx_doorbell),
      .rx_doorbell_o     (rx_doorbell),
      .qask_o            (qask),
      .tx_busy_i         (tx_busy),
      .rx_busy_i         (rx_busy),
      .cpl_timeout_o     (cpl_timeout),
      .storm_cfg_o       (storm_cfg),
      .ptp0_o            (),
      .ptp1_o            (),
      .wake_valid_o      (regs_wake_valid),
      .wake_o            (regs_wake),
      .rd_timeout_o      (rd_timeout),
      .ft_wr_o           (ft_wr),
      .mac_wr_o          (mac_wr),
      .vlan_wr_o         (vlan_wr),
      .switchdev_o       (switchdev),
      .vtep_wr_o         (vtep_wr),
      .encap_wr_o        (encap_wr),
      .encap_hdr_o       (encap_hdr),
      .tun_ports_o       (tun_ports),
      .rss_key_o         (rss_key),
      .flow_op_o         (flow_op),
      .flow_rsp_i        (flow_rsp),
      .ev0_i             (in_ev0 | pipe_ev | host_ev0),
      .ev1_i             (in_ev1 | host_ev1),
      .p0_rx_i           (p0_rx.pkt),
      .p0_rx_bytes_i     (p0_rx.bytes),
      .p0_tx_i           (p0_tx.pkt),
      .p0_tx_bytes_i     (p0_tx.bytes),
      .p1_rx_i           (p1_rx.pkt),
      .p1_rx_bytes_i     (p1_rx.bytes),
      .p1_tx_i           (p1_tx.pkt),
      .p1_tx_bytes_i     (p1_tx.bytes),
      .count_valid_i     (ev_count_valid),
      .count_idx_i       (ev_count_idx),
      .rx_stat_valid_i   (rx_fstat.valid),
      .rx_stat_func_i    (rx_fstat.func),
      .rx_stat_bytes_i   (rx_fstat.bytes),
      .tx_stat_valid_i   (tx_fstat.valid),
      .tx_stat_func_i    (tx_fstat.func),
      .tx_stat_bytes_i   (tx_fstat.bytes),
      .rx_drop_valid_i   (rx_drop.valid),
      .rx_drop_func_i    (rx_drop.func),
      .tx_drop_valid_i   (tx_drop.valid),
      .tx_drop_func_i    (tx_drop.func),
      .util_rd_o         (util_rd),
      .util_idx_o        (util_idx),
      .util_data_i       (util_data)
  );

  // ---------------------------------------------------------------------------------------------------- utilisation
  logic util_idle, util_init;
  util_map #(
      .Ports(Ports)
  ) u_util (
      .clk_i,
      .rst_ni,
      .enable_i         (init_done_o),
      .rx_valid_i,
      .room_i           (room),
      .wait_i           (parser_waits),
      .held_i           (held),
      .full_i           (full),
      .parser_busy_i    (parser_busy),
      .parser_held_i    (parser_held),
      .pipe_i           (util_pipe),
      .rx_i             (util_rx),
      .tx_i             (util_tx),
      .wb_valid_i       (wb_valid),
      .wb_ready_i       (wb_ready),
      .up_valid_i       (up_valid_o),
      .up_ready_i,
      .rd_valid_i       (rd_valid_o),
      .rd_ready_i,
      .cpl_i            (cpl_valid_i && cpl_ready_o),
      .tx_valid_i       (tx_valid_o),
      .tx_ready_i,
      .tx_by_host_i     (tx_by_host),
      .tags_tx_desc_i   (tags_tx_desc),
      .tags_tx_data_i   (tags_tx_data),
      .tags_rx_desc_i   (tags_rx_desc),
      .bytes_under_way_i(bytes_under_way),
      .rings_posted_i   (rings_posted),
      .lines_by_tags_i  (lines_by_tags),
      .reads_by_tags_i  (reads_by_tags),
      .rd_i             (util_rd),
      .rd_idx_i         (util_idx),
      .rd_data_o        (util_data),
      .idle_o           (util_idle),
      .init_done_o      (util_init)
  );

  // ---------------------------------------------------------------------------------------------------- idle, clocks
  logic [snic_contract_pkg::N_BLOCK-1:0] still, hold;
  always_comb begin
    still = '1;
    hold  = '0;
    still[snic_contract_pkg::BLOCK_WIRE_RX0+:Ports] = rx_idle;
    still[snic_contract_pkg::BLOCK_PKT_BUF0+:NBuf]  = buf_idle;
    hold[snic_contract_pkg::BLOCK_PKT_BUF0+:NBuf]   = ~buf_empty;
    still[snic_contract_pkg::BLOCK_PARSER0+:NBuf]   = parser_idle;
    still[snic_contract_pkg::BLOCK_PIPE]            = pipe_idle;
    still[snic_contract_pkg::BLOCK_WIRE_TX0+:Ports] = tx_idle;
    still[snic_contract_pkg::BLOCK_TX_ENGINE]       = txe_idle;
    hold[snic_contract_pkg::BLOCK_TX_ENGINE]        = !txe_empty;
    still[snic_contract_pkg::BLOCK_RX_ENGINE]       = rxe_idle;
    hold[snic_contract_pkg::BLOCK_RX_ENGINE]        = !rxe_empty;
    still[snic_contract_pkg::BLOCK_RD_ARB]          = rd_idle;
    hold[snic_contract_pkg::BLOCK_RD_ARB]           = !rd_empty;
    still[snic_contract_pkg::BLOCK_UP_ARB]          = up_idle;
    still[snic_contract_pkg::BLOCK_REGS]            = regs_idle && msix_idle && drops_idle && util_idle;
  end
  assign init_done_o = in_init && pipe_init && host_init && regs_init && util_init;
  idle_ctl #(
      .Wakes(4)
  ) u_idle (
      .rst_ni,
      .clk_all_i,
      .init_done_i (init_done_o),
      .still_i     (still),
      .hold_i      (hold),
      .wake_valid_i({regs_wake_valid, wake_valid}),
      .wake_i      ({regs_wake, wake}),
      .ungate_o    (ungate),
      .quiescent_o,
      .busy_o,
      .wake_valid_o,
      .wake_o
  );

`ifndef SYNTHESIS
  if (Ports != snic_pkg::Ports || Ports != 2)
    $fatal(1, "snic_top: Ports is %0d: forwarding and the contract's counters and links are of 2", Ports);
  if (HostCells > 2048) $fatal(1, "snic_top: HostCells is %0d, and cells from 2304 on are flood_store's", HostCells);

  logic quiet_q, told_q;
  always_ff @(posedge clk_i) begin
    quiet_q <= rst_ni && quiescent_o;
    told_q  <= rx_valid_i != '0 || cpl_valid_i || mmio_valid_i || cfg_valid_i;
    if (rst_ni && quiet_q && !told_q && !util_idle)
      $error("snic_top: a station has work, and the device is quiescent");
  end
`endif
endmodule
