// SPDX-License-Identifier: BSD-2-Clause
// Wire side without a pipeline: what comes in on a port goes back out on it. The decision is made when the
// last header beat is out.
module tb_wire_loop (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         mac_valid_i,
    input  logic [511:0] mac_data_i,
    input  logic         mac_sop_i,
    input  logic         mac_eop_i,
    input  logic [6:0]   mac_bytes_i,
    input  logic         mac_bad_i,
    output logic         drop_buffer_o,
    input  logic         hdr_ready_i,
    input  logic         push_i,
    output logic [15:0]  sum_o,        // of the frame whose record is made now
    output logic         rec_o,
    output logic         mac_valid_o,
    input  logic         mac_ready_i,
    output logic [511:0] mac_data_o,
    output logic         mac_sop_o,
    output logic         mac_eop_o,
    output logic [6:0]   mac_bytes_o,
    output logic         idle_o,
    output logic         init_done_o
);
  // verilator lint_off PINCONNECTEMPTY
  logic alloc, alloc_ok, wr_valid, wr_abort, commit, hdr_valid, hdr_ready, hdr_sop, hdr_eop;
  logic rec_ready, rec_valid;
  logic [7:0] alloc_cells;
  logic [snic_pkg::SlotW-1:0] alloc_slot, wr_slot, commit_slot, rel_slot;
  logic [snic_pkg::CellW-1:0] alloc_cell, wr_cell, commit_cell, rd_cell;
  logic [511:0] wr_data, rd_data;
  logic [13:0] commit_len;
  logic [8:0] commit_src, hdr_src;
  logic [15:0] hdr_sum;
  logic [2:0] rd_req, rd_gnt, rel;
  logic rx_idle, buf_idle, tx_idle, fifo_ready, fifo_empty;
  snic_pkg::pkt_ref_t hdr_pkt, fifo_pkt;
  snic_pkg::egress_t rec;

  wire_rx #(
      .Port(1)
  ) u_rx (
      .clk_i,
      .rst_ni,
      .mac_valid_i,
      .mac_data_i,
      .mac_sop_i,
      .mac_eop_i,
      .mac_bytes_i,
      .mac_bad_i,
      .alloc_o        (alloc),
      .alloc_cells_o  (alloc_cells),
      .alloc_ok_i     (alloc_ok),
      .alloc_slot_i   (alloc_slot),
      .alloc_cell_i   (alloc_cell),
      .wr_valid_o     (wr_valid),
      .wr_slot_o      (wr_slot),
      .wr_cell_o      (wr_cell),
      .wr_data_o      (wr_data),
      .wr_abort_o     (wr_abort),
      .commit_o       (commit),
      .commit_slot_o  (commit_slot),
      .commit_cell_o  (commit_cell),
      .commit_len_o   (commit_len),
      .commit_src_o   (commit_src),
      .stat_pkt_o     (),
      .stat_bytes_o   (),
      .drop_fcs_o     (),
      .drop_runt_o    (),
      .drop_oversize_o(),
      .drop_buffer_o,
      .idle_o         (rx_idle)
  );

  pkt_buf #(
      .Id(1)
  ) u_buf (
      .clk_i,
      .rst_ni,
      .alloc_i      (alloc),
      .alloc_cells_i(alloc_cells),
      .alloc_ok_o   (alloc_ok),
      .alloc_slot_o (alloc_slot),
      .alloc_cell_o (alloc_cell),
      .wr_valid_i   (wr_valid),
      .wr_slot_i    (wr_slot),
      .wr_cell_i    (wr_cell),
      .wr_lo_data_i (wr_data),
      .wr_lo_be_i   ('1),
      .wr_hi_valid_i(1'b0),
      .wr_hi_data_i ('0),
      .wr_hi_be_i   ('0),
      .wr_abort_i   (wr_abort),
      .commit_i     (commit),
      .commit_slot_i(commit_slot),
      .commit_cell_i(commit_cell),
      .commit_len_i (commit_len),
      .commit_src_i (commit_src),
      .hdr_valid_o  (hdr_valid),
      .hdr_ready_i  (hdr_ready),
      .hdr_data_o   (),
      .hdr_sop_o    (hdr_sop),
      .hdr_eop_o    (hdr_eop),
      .hdr_pkt_o    (hdr_pkt),
      .hdr_src_o    (hdr_src),
      .hdr_sum_o    (hdr_sum),
      .dec_i        (rec_o),
      .dec_slot_i   (hdr_pkt.slot),
      .dec_mask_i   (3'b010),
      .rd_req_i     (rd_req),
      .rd_cell_i    ({{snic_pkg::CellW{1'b0}}, rd_cell, {snic_pkg::CellW{1'b0}}}),
      .rd_gnt_o     (rd_gnt),
      .rd_data_o    (rd_data),
      .rel_i        (rel),
      .rel_slot_i   ({{snic_pkg::SlotW{1'b0}}, rel_slot, {snic_pkg::SlotW{1'b0}}}),
      .held_o       (),
      .idle_o       (buf_idle),
      .empty_o      (),
      .init_done_o
  );

  assign hdr_ready = hdr_ready_i && fifo_ready;
  assign rec_o     = hdr_valid && hdr_ready && hdr_eop;
  assign sum_o     = hdr_sum;

  // As deep as the buffer has slots, as the egress FIFOs are.
  snic_ram_fifo #(
      .Width($bits(snic_pkg::pkt_ref_t)),
      .Depth(2048)
  ) u_fifo (
      .clk_i,
      .rst_ni,
      .valid_i(rec_o),
      .ready_o(fifo_ready),
      .data_i (hdr_pkt),
      .valid_o(rec_valid),
      .ready_i(rec_ready),
      .data_o (fifo_pkt),
      .empty_o(fifo_empty),
      .still_o()
  );

  always_comb begin
    rec          = '0;
    rec.pkt      = fifo_pkt;
    rec.push     = push_i;
    rec.push_tci = 16'h0123;
  end

  wire_tx u_tx (
      .clk_i,
      .rst_ni,
      .rec_valid_i (rec_valid),
      .rec_ready_o (rec_ready),
      .rec_i       (rec),
      .edit_wr_i   ('0),
      .rd_req_o    (rd_req),
      .rd_cell_o   (rd_cell),
      .rd_gnt_i    (rd_gnt),
      .rd_data0_i  ('0),
      .rd_data1_i  (rd_data),
      .rd_data2_i  ('0),
      .rel_o       (rel),
      .rel_slot_o  (rel_slot),
      .mac_valid_o,
      .mac_ready_i,
      .mac_data_o,
      .mac_sop_o,
      .mac_eop_o,
      .mac_bytes_o,
      .stat_pkt_o  (),
      .stat_bytes_o(),
      .idle_o      (tx_idle)
  );
  // verilator lint_on PINCONNECTEMPTY

  assign idle_o = rx_idle && buf_idle && tx_idle && fifo_empty;

  always_ff @(posedge clk_i) begin
    if (rst_ni && hdr_valid && (hdr_src != 9'd257 || hdr_pkt.buf_id != 2'd1)) $error("tb: source");
    if (rst_ni && hdr_valid && hdr_sop && hdr_pkt.len <= 14'd64 && !hdr_eop) $error("tb: header beats");
  end
endmodule
