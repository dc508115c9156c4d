// SPDX-License-Identifier: BSD-2-Clause
// The register window of every function: decodes MMIO, answers reads, and tells the other blocks what was
// written. Accesses are done in order, one at a time; a write to the flow table holds up what comes after it, and
// arms wait where they keep MSI-X from its events. While a function is in reset (and, for all, before init_done_i) its writes do nothing.
module regs #(
    parameter logic [31:0] BuildHash = 32'd0
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic                clk_all_i,         // no clock is gated
    input  logic [        47:0] now_i,
    input  logic                init_done_i,       // of all blocks, this one too
    output logic                init_done_o,
    output logic                idle_o,
    // MMIO and what goes up: read completions, and the write of the self-test
    input  logic                mmio_valid_i,
    output logic                mmio_ready_o,
    input  snic_pkg::mmio_req_t mmio_i,
    output logic                up_valid_o,
    input  logic                up_ready_i,
    output logic                up_sop_o,
    output logic                up_eop_o,
    output snic_pkg::up_hdr_t   up_hdr_o,
    output logic [       511:0] up_data_o,
    // functions
    input  snic_pkg::cfg_t      cfg_i,
    input  logic [         1:0] link_i,
    input  logic [        19:0] link0_mbps_i,
    input  logic [        19:0] link1_mbps_i,
    input  logic [         3:0] pcie_gen_i,
    input  logic [         5:0] pcie_lanes_i,
    input  logic [        23:0] clock_khz_i,
    output logic [       255:0] bme_o,
    output logic [       255:0] func_en_o,         // enabled, and may master the bus
    output logic                tx_flush_valid_o,
    output logic [         7:0] tx_flush_func_o,
    input  logic                tx_flush_done_i,
    output logic                rx_flush_valid_o,
    output logic [         7:0] rx_flush_func_o,
    input  logic                rx_flush_done_i,
    input  logic                tx_qerr_valid_i,
    input  logic [         7:0] tx_qerr_func_i,
    input  logic                rx_qerr_valid_i,
    input  logic [         7:0] rx_qerr_func_i,
    // interrupts
    output logic                msix_clear_valid_o,
    output logic [         7:0] msix_clear_func_o,
    output snic_pkg::int_arm_t  int_arm_o,
    input  logic                arm_held_i,
    output logic                test_int_valid_o,
    input  logic                test_int_ready_i,
    output logic [         7:0] test_int_func_o,
    output logic [         3:0] test_int_vec_o,
    output logic                mbox_int_valid_o,
    input  logic                mbox_int_ready_i,
    output logic [         7:0] mbox_int_func_o,
    output logic [         3:0] mbox_int_vec_o,
    // queues
    output snic_pkg::qcfg_wr_t  qcfg_wr_o,
    output snic_pkg::indir_wr_t indir_wr_o,
    output snic_pkg::doorbell_t tx_doorbell_o,
    output snic_pkg::doorbell_t rx_doorbell_o,
    output snic_pkg::qask_t     qask_o,
    input  logic                tx_busy_i,
    input  logic                rx_busy_i,
    output logic [        15:0] cpl_timeout_o,
    output snic_pkg::storm_cfg_t storm_cfg_o,
    output logic [        31:0] rd_timeout_o,
    // PTP clocks of the wire ports
    output snic_pkg::ptp_ref_t  ptp0_o,
    output snic_pkg::ptp_ref_t  ptp1_o,
    output logic                wake_valid_o,
    output logic [        47:0] wake_o,
    // forwarding
    output snic_pkg::ft_wr_t    ft_wr_o,
    output snic_pkg::mac_wr_t   mac_wr_o,
    output snic_pkg::vlan_wr_t  vlan_wr_o,
    output logic                switchdev_o,
    output snic_pkg::vtep_wr_t  vtep_wr_o,
    output snic_pkg::encap_wr_t encap_wr_o,
    output logic [      1023:0] encap_hdr_o,
    output snic_pkg::tun_ports_t tun_ports_o,
    output logic [       319:0] rss_key_o,         // dword 0 in the low bits; its bit 31 is the first bit
    output snic_pkg::flow_op_t  flow_op_o,
    input  snic_pkg::flow_rsp_t flow_rsp_i,
    // counters, see regs_stats
    input  logic [snic_contract_pkg::EVENT_LAST:snic_contract_pkg::EVENT_BASE] ev0_i,
    input  logic [snic_contract_pkg::EVENT_LAST:snic_contract_pkg::EVENT_BASE] ev1_i,
    input  logic                p0_rx_i,
    input  logic [        13:0] p0_rx_bytes_i,
    input  logic                p0_tx_i,
    input  logic [        13:0] p0_tx_bytes_i,
    input  logic                p1_rx_i,
    input  logic [        13:0] p1_rx_bytes_i,
    input  logic                p1_tx_i,
    input  logic [        13:0] p1_tx_bytes_i,
    input  logic                count_valid_i,
    input  logic [         7:0] count_idx_i,
    input  logic                rx_stat_valid_i,
    input  logic [         7:0] rx_stat_func_i,
    input  logic [        13:0] rx_stat_bytes_i,
    input  logic                tx_stat_valid_i,
    input  logic [         7:0] tx_stat_func_i,
    input  logic [        13:0] tx_stat_bytes_i,
    input  logic                rx_drop_valid_i,
    input  logic [         7:0] rx_drop_func_i,
    input  logic                tx_drop_valid_i,
    input  logic [         7:0] tx_drop_func_i,
    output logic                util_rd_o,
    output logic [         5:0] util_idx_o,
    input  logic [        47:0] util_data_i
);
  localparam int HdrW = snic_pkg::UpHdrW;

  logic op_valid, op_we;
  logic [7:0] op_func;
  logic [12:0] op_addr;
  logic [31:0] op_wdata;
  logic [31:0] id_rdata, func_rdata, test_rdata, mbox_rdata, queue_rdata, pf_rdata, stats_rdata, ptp_rdata;
  logic decode_idle, reset_idle, stats_busy, stats_hold, test_take, test_hold, test_idle, mbox_busy, flow_busy, ptp_busy, ptp_due, stall;
  logic [255:0] enable, busy, qerr;
  logic clr, clr_row;
  logic [7:0] clr_func;
  logic [3:0] clr_step;
  logic clk_ctl, clk_stats;

  // --- MMIO ---
  logic cpl_valid, cpl_ready;
  logic [7:0] cpl_func, cpl_tag;
  logic [63:0] cpl_data;
  mmio_decode u_decode (
      .clk_i(clk_ctl),
      .rst_ni,
      .mmio_valid_i,
      .mmio_ready_o,
      .mmio_i,
      .op_valid_o (op_valid),
      .op_we_o    (op_we),
      .op_func_o  (op_func),
      .op_addr_o  (op_addr),
      .op_wdata_o (op_wdata),
      .rdata_i    (id_rdata | func_rdata | test_rdata | mbox_rdata | queue_rdata | pf_rdata | stats_rdata | ptp_rdata),
      .stall_i    (stall || test_take || mbox_busy || flow_busy || ptp_busy || arm_held_i),
      .wr_block_i (busy[op_func] || !init_done_i),
      .cpl_valid_o(cpl_valid),
      .cpl_ready_i(cpl_ready),
      .cpl_func_o (cpl_func),
      .cpl_tag_o  (cpl_tag),
      .cpl_data_o (cpl_data),
      .idle_o     (decode_idle)
  );

  // --- functions ---
  logic ctrl_we, ctrl_enable, ctrl_reset, pf_reset;
  logic [7:0] pf_reset_func;
  func_reset u_reset (
      .clk_i(clk_ctl),
      .rst_ni,
      .init_done_i,
      .cfg_i,
      .ctrl_we_i      (ctrl_we),
      .ctrl_func_i    (op_func),
      .ctrl_enable_i  (ctrl_enable),
      .ctrl_reset_i   (ctrl_reset),
      .pf_req_i       (pf_reset),
      .pf_func_i      (pf_reset_func),
      .tx_qerr_i      (tx_qerr_valid_i),
      .tx_qerr_func_i,
      .rx_qerr_i      (rx_qerr_valid_i),
      .rx_qerr_func_i,
      .enable_o       (enable),
      .bme_o,
      .busy_o         (busy),
      .qerr_o         (qerr),
      .tx_flush_valid_o,
      .tx_flush_func_o,
      .tx_flush_done_i,
      .rx_flush_valid_o,
      .rx_flush_func_o,
      .rx_flush_done_i,
      .msix_clr_o     (msix_clear_valid_o),
      .msix_clr_func_o(msix_clear_func_o),
      .hold_i         (test_hold || mbox_busy || stats_hold),
      .stall_o        (stall),
      .clr_o          (clr),
      .clr_row_o      (clr_row),
      .clr_func_o     (clr_func),
      .clr_step_o     (clr_step),
      .init_done_o,
      .idle_o         (reset_idle)
  );
  assign func_en_o = enable & bme_o;

  // --- register blocks ---
  regs_id #(
      .BuildHash(BuildHash)
  ) u_id (
      .clk_i(clk_ctl),
      .link0_mbps_i,
      .link1_mbps_i,
      .pcie_gen_i,
      .pcie_lanes_i,
      .clock_khz_i,
      .op_valid_i(op_valid),
      .op_we_i   (op_we),
      .op_func_i (op_func),
      .op_addr_i (op_addr),
      .rdata_o   (id_rdata)
  );

  regs_func u_func (
      .clk_i(clk_ctl),
      .rst_ni,
      .op_valid_i   (op_valid),
      .op_we_i      (op_we),
      .op_func_i    (op_func),
      .op_addr_i    (op_addr),
      .op_wdata_i   (op_wdata),
      .rdata_o      (func_rdata),
      .clr_i        (clr_row),
      .clr_func_i   (clr_func),
      .clr_mac_i    (clr_row && !init_done_o),
      .now_i,
      .link_i,
      .enable_i     (enable),
      .busy_i       (busy),
      .qerr_i       (qerr),
      .init_done_i,
      .ft_wr_i      (ft_wr_o),
      .ctrl_we_o    (ctrl_we),
      .ctrl_enable_o(ctrl_enable),
      .ctrl_reset_o (ctrl_reset),
      .int_arm_o
  );

  logic wr_valid, wr_ready, wr_left;
  logic [HdrW-1:0] wr_hdr;
  logic [127:0] wr_data;
  regs_test u_test (
      .clk_i(clk_ctl),
      .rst_ni,
      .op_valid_i (op_valid),
      .op_we_i    (op_we),
      .op_func_i  (op_func),
      .op_addr_i  (op_addr),
      .op_wdata_i (op_wdata),
      .rdata_o    (test_rdata),
      .clr_i      (clr_row),
      .clr_func_i (clr_func),
      .stall_i    (stall),
      .take_o     (test_take),
      .hold_o     (test_hold),
      .idle_o     (test_idle),
      .wr_valid_o (wr_valid),
      .wr_ready_i (wr_ready),
      .wr_hdr_o   (wr_hdr),
      .wr_data_o  (wr_data),
      .wr_left_i  (wr_left),
      .int_valid_o(test_int_valid_o),
      .int_ready_i(test_int_ready_i),
      .int_func_o (test_int_func_o),
      .int_vec_o  (test_int_vec_o)
  );

  regs_mbox u_mbox (
      .clk_i(clk_ctl),
      .rst_ni,
      .op_valid_i (op_valid),
      .op_we_i    (op_we),
      .op_func_i  (op_func),
      .op_addr_i  (op_addr),
      .op_wdata_i (op_wdata),
      .rdata_o    (mbox_rdata),
      .clr_i      (clr),
      .clr_func_i (clr_func),
      .clr_step_i (clr_step),
      .clr_tell_i (init_done_o),
      .tx_qerr_i  (tx_qerr_valid_i),
      .tx_qerr_func_i,
      .rx_qerr_i  (rx_qerr_valid_i),
      .rx_qerr_func_i,
      .busy_o     (mbox_busy),
      .int_valid_o(mbox_int_valid_o),
      .int_ready_i(mbox_int_ready_i),
      .int_func_o (mbox_int_func_o),
      .int_vec_o  (mbox_int_vec_o)
  );

  regs_queue u_queue (
      .clk_i(clk_ctl),
      .rst_ni,
      .op_valid_i(op_valid),
      .op_we_i   (op_we),
      .op_func_i (op_func),
      .op_addr_i (op_addr),
      .op_wdata_i(op_wdata),
      .rdata_o   (queue_rdata),
      .clr_i     (clr),
      .clr_func_i(clr_func),
      .clr_step_i(clr_step),
      .clr_tell_i(init_done_o),
      .qcfg_wr_o,
      .indir_wr_o,
      .tx_doorbell_o,
      .rx_doorbell_o,
      .qask_o,
      .tx_busy_i,
      .rx_busy_i
  );

  regs_pf u_pf (
      .clk_i(clk_ctl),
      .rst_ni,
      .op_valid_i  (op_valid),
      .op_we_i     (op_we),
      .op_func_i   (op_func),
      .op_addr_i   (op_addr),
      .op_wdata_i  (op_wdata),
      .rdata_o     (pf_rdata),
      .reset_req_o (pf_reset),
      .reset_func_o(pf_reset_func),
      .ft_wr_o,
      .mac_wr_o,
      .vlan_wr_o,
      .switchdev_o,
      .vtep_wr_o,
      .encap_wr_o,
      .encap_hdr_o,
      .tun_ports_o,
      .rss_key_o,
      .cpl_timeout_o,
      .storm_cfg_o,
      .rd_timeout_o,
      .flow_op_o,
      .flow_rsp_i,
      .busy_o      (flow_busy)
  );

  regs_ptp u_ptp (
      .clk_i(clk_ctl),
      .rst_ni,
      .op_valid_i(op_valid),
      .op_we_i   (op_we),
      .op_func_i (op_func),
      .op_addr_i (op_addr),
      .op_wdata_i(op_wdata),
      .rdata_o   (ptp_rdata),
      .clr_i     (clr_row),
      .clr_func_i(clr_func),
      .now_i,
      .busy_o    (ptp_busy),
      .due_o     (ptp_due),
      .wake_valid_o,
      .wake_o,
      .ref0_o    (ptp0_o),
      .ref1_o    (ptp1_o)
  );

  regs_stats u_stats (
      .clk_i(clk_stats),
      .rst_ni,
      .op_valid_i    (op_valid),
      .op_we_i       (op_we),
      .op_func_i     (op_func),
      .op_addr_i     (op_addr),
      .op_wdata_i    (op_wdata),
      .rdata_o       (stats_rdata),
      .clr_i         (clr_row),
      .clr_func_i    (clr_func),
      .clr_shared_i  (clr_row && !init_done_o),
      .hold_o        (stats_hold),
      .busy_o        (stats_busy),
      .ev0_i,
      .ev1_i,
      .p0_rx_i,
      .p0_rx_bytes_i,
      .p0_tx_i,
      .p0_tx_bytes_i,
      .p1_rx_i,
      .p1_rx_bytes_i,
      .p1_tx_i,
      .p1_tx_bytes_i,
      .count_i       (count_valid_i),
      .count_idx_i,
      .rx_i          (rx_stat_valid_i),
      .rx_func_i     (rx_stat_func_i),
      .rx_bytes_i    (rx_stat_bytes_i),
      .tx_i          (tx_stat_valid_i),
      .tx_func_i     (tx_stat_func_i),
      .tx_bytes_i    (tx_stat_bytes_i),
      .rx_drop_i     (rx_drop_valid_i),
      .rx_drop_func_i,
      .tx_drop_i     (tx_drop_valid_i),
      .tx_drop_func_i,
      .util_rd_o,
      .util_idx_o,
      .util_data_i
  );

  // --- up: one beat each; a self-test's write, which comes now and then, before a completion that is not offered yet ---
  logic skid_ready, wr_first, cpl_waits_q;
  assign wr_first = wr_valid && !cpl_waits_q;
  always_ff @(posedge clk_ctl) begin
    if (!rst_ni) cpl_waits_q <= 1'b0;
    else if (cpl_valid && !wr_first) cpl_waits_q <= !skid_ready;
  end
  logic [HdrW+127:0] up_in, up_out;
  assign up_in     = wr_first ? {wr_hdr, wr_data} :
      {2'(snic_pkg::UpCplD), cpl_func, 64'd0, 13'd8, cpl_tag, 64'd0, cpl_data};
  assign wr_ready  = skid_ready && !cpl_waits_q;
  assign cpl_ready = skid_ready && !wr_first;
  snic_skid #(
      .Width(HdrW + 128)
  ) u_up (
      .clk_i(clk_ctl),
      .rst_ni,
      .valid_i(wr_valid || cpl_valid),
      .ready_o(skid_ready),
      .data_i (up_in),
      .valid_o(up_valid_o),
      .ready_i(up_ready_i),
      .data_o (up_out)
  );
  assign up_sop_o  = 1'b1;
  assign up_eop_o  = 1'b1;
  assign up_hdr_o  = up_out[HdrW+127:128];
  assign wr_left   = up_valid_o && up_ready_i && up_hdr_o.kind == 2'(snic_pkg::UpMwr);
  assign up_data_o = {384'd0, up_out[127:0]};

  // --- clocks: what answers MMIO, and the counters ---
  logic told, ctl_on, stats_on;
  assign told = int_arm_o.valid || qcfg_wr_o.valid || indir_wr_o.valid || tx_doorbell_o.valid ||
      rx_doorbell_o.valid || qask_o.valid || ft_wr_o.valid || mac_wr_o.valid || vlan_wr_o.valid;
  assign ctl_on = clk_all_i || mmio_valid_i || cfg_i.valid || !decode_idle || up_valid_o || !test_idle || mbox_busy ||
      flow_busy || ptp_busy || ptp_due || !reset_idle || stats_hold || told || tx_qerr_valid_i || rx_qerr_valid_i;
  assign stats_on = ctl_on || stats_busy || (ev0_i | ev1_i) != '0 || p0_rx_i || p0_tx_i || p1_rx_i || p1_tx_i ||
      count_valid_i || rx_stat_valid_i || tx_stat_valid_i || rx_drop_valid_i || tx_drop_valid_i;
  snic_clk_gate u_gate_ctl (
      .clk_i,
      .en_i (ctl_on),
      .clk_o(clk_ctl)
  );
  snic_clk_gate u_gate_stats (
      .clk_i,
      .en_i (stats_on),
      .clk_o(clk_stats)
  );

  assign idle_o = init_done_o && decode_idle && !up_valid_o && test_idle && !mbox_busy && !flow_busy && !ptp_busy && !ptp_due && reset_idle &&
      !stats_busy && !told;

`ifndef SYNTHESIS
  snic_stream_check #(
      .Width(snic_pkg::UpHdrW + 514)
  ) u_check_up (
      .clk_i,
      .rst_ni,
      .valid_i(up_valid_o),
      .ready_i(up_ready_i),
      .data_i ({up_hdr_o, up_sop_o, up_eop_o, up_data_o})
  );
  snic_stream_check #(
      .Width(12)
  ) u_check_test_int (
      .clk_i,
      .rst_ni,
      .valid_i(test_int_valid_o),
      .ready_i(test_int_ready_i),
      .data_i ({test_int_func_o, test_int_vec_o})
  );
  snic_stream_check #(
      .Width(12)
  ) u_check_mbox_int (
      .clk_i,
      .rst_ni,
      .valid_i(mbox_int_valid_o),
      .ready_i(mbox_int_ready_i),
      .data_i ({mbox_int_func_o, mbox_int_vec_o})
  );
`endif
endmodule
