// SPDX-License-Identifier: BSD-2-Clause
// Egress records to frames on the wire: read from the packet buffers, a tunnel's headers cut off, VLAN tag edited, another
// tunnel's put in front, padded to the shortest frame when that made it shorter.
module wire_tx (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  snic_pkg::encap_wr_t        encap_wr_i,
    input  logic [1023:0]              encap_hdr_i,
    input  logic                       rec_valid_i,
    output logic                       rec_ready_o,
    input  snic_pkg::egress_t          rec_i,       // what only the host egress needs stays unused here
    input  snic_pkg::edit_wr_t         edit_wr_i,
    output logic [2:0]                 rd_req_o,
    output logic [snic_pkg::CellW-1:0] rd_cell_o,
    input  logic [2:0]                 rd_gnt_i,
    input  logic [511:0]               rd_data0_i,
    input  logic [511:0]               rd_data1_i,
    input  logic [511:0]               rd_data2_i,
    output logic [2:0]                 rel_o,
    output logic [snic_pkg::SlotW-1:0] rel_slot_o,
    output logic                       mac_valid_o,
    input  logic                       mac_ready_i,
    output logic [511:0]               mac_data_o,
    output logic                       mac_sop_o,
    output logic                       mac_eop_o,
    output logic [6:0]                 mac_bytes_o,
    output logic                       stat_pkt_o,
    output logic [13:0]                stat_bytes_o,
    output logic                       idle_o
);
  localparam int FrameMin = snic_contract_pkg::FRAME_MIN;
  localparam int EditDepth = 8;   // frames between the first FIFO and the last beat out of egress_rd

  logic pkt_ready, pkt_valid, pkt_pop, edit_ready, edit_valid, tag_ready, tag_valid, cut_ready, encap_ready, encap_idle, take;
  snic_pkg::pkt_ref_t pkt;
  logic pop, push;
  snic_pkg::act_edit_t edit;
  logic [snic_pkg::KeyW-1:0] words;
  logic [15:0] push_tci;

  logic rd_valid, rd_ready, rd_sop, rd_eop, rd_idle;
  logic [511:0] rd_data, st_data;
  logic [6:0] rd_bytes, st_bytes;
  logic st_valid, st_ready, st_sop, st_eop, st_idle;
  logic [5:0] cut;

  logic set_valid, set_ready, set_sop, set_eop, fe_ready;
  logic [511:0] set_data;
  logic [6:0] set_bytes;

  logic vl_valid, vl_ready, vl_sop, vl_eop, ed_valid, ed_ready, ed_sop, ed_eop;
  logic [511:0] vl_data, ed_data, pad_data;
  logic [6:0] vl_bytes, ed_bytes, pad_bytes;
  logic pad;

  // What to read, and what to do with it when it comes, part ways here.
  assign rec_ready_o = pkt_ready && edit_ready && tag_ready && cut_ready && encap_ready;
  assign take        = rec_valid_i && rec_ready_o;

  snic_fifo #(
      .Width($bits(pkt)),
      .Depth(2)
  ) u_pkt (
      .clk_i,
      .rst_ni,
      .valid_i(take),
      .ready_o(pkt_ready),
      .data_i (rec_i.pkt),
      .valid_o(pkt_valid),
      .ready_i(pkt_pop),
      .data_o (pkt),
      .count_o()
  );

  edit_store #(
      .Depth(EditDepth)
  ) u_edits (
      .clk_i,
      .rst_ni,
      .wr_i   (edit_wr_i),
      .take_i (take),
      .edit_i (rec_i.edit),
      .ready_o(edit_ready),
      .valid_o(edit_valid),
      .edit_o (edit),
      .words_o(words),
      .pop_i  (st_valid && st_ready && st_eop)
  );
  snic_fifo #(
      .Width(18),
      .Depth(EditDepth)
  ) u_tags (
      .clk_i,
      .rst_ni,
      .valid_i(take),
      .ready_o(tag_ready),
      .data_i ({rec_i.pop, rec_i.push, rec_i.push_tci}),
      .valid_o(tag_valid),
      .ready_i(set_valid && set_ready && set_eop),
      .data_o ({pop, push, push_tci}),
      .count_o()
  );
  snic_fifo #(
      .Width(6),
      .Depth(EditDepth)
  ) u_cut (
      .clk_i,
      .rst_ni,
      .valid_i(take),
      .ready_o(cut_ready),
      .data_i (rec_i.strip),
      .valid_o(),
      .ready_i(rd_valid && rd_ready && rd_eop),
      .data_o (cut),
      .count_o()
  );

  egress_rd u_rd (
      .clk_i,
      .rst_ni,
      .req_valid_i(pkt_valid),
      .req_ready_o(pkt_pop),
      .req_pkt_i  (pkt),
      .req_last_i (1'b1),
      .rd_req_o,
      .rd_cell_o,
      .rd_gnt_i,
      .rd_data0_i,
      .rd_data1_i,
      .rd_data2_i,
      .rel_o,
      .rel_slot_o,
      .valid_o    (rd_valid),
      .ready_i    (rd_ready),
      .data_o     (rd_data),
      .sop_o      (rd_sop),
      .eop_o      (rd_eop),
      .bytes_o    (rd_bytes),
      .idle_o     (rd_idle)
  );

  strip_head u_strip (
      .clk_i,
      .rst_ni,
      .valid_i(rd_valid),
      .ready_o(rd_ready),
      .data_i (rd_data),
      .sop_i  (rd_sop),
      .eop_i  (rd_eop),
      .bytes_i(rd_bytes),
      .strip_i(cut),
      .valid_o(st_valid),
      .ready_i(st_ready),
      .data_o (st_data),
      .sop_o  (st_sop),
      .eop_o  (st_eop),
      .bytes_o(st_bytes),
      .idle_o (st_idle)
  );

  assign st_ready = edit_valid && fe_ready;
  frame_edit u_edit (
      .clk_i,
      .rst_ni,
      .valid_i(st_valid && edit_valid),
      .ready_o(fe_ready),
      .data_i (st_data),
      .sop_i  (st_sop),
      .eop_i  (st_eop),
      .bytes_i(st_bytes),
      .edit_i (edit),
      .words_i(words),
      .valid_o(set_valid),
      .ready_i(set_ready),
      .data_o (set_data),
      .sop_o  (set_sop),
      .eop_o  (set_eop),
      .bytes_o(set_bytes)
  );

  vlan_edit u_edit_frame (
      .clk_i,
      .rst_ni,
      .valid_i   (set_valid),
      .ready_o   (set_ready),
      .data_i    (set_data),
      .sop_i     (set_sop),
      .eop_i     (set_eop),
      .bytes_i   (set_bytes),
      .pop_i     (pop),
      .push_i    (push),
      .push_tci_i(push_tci),
      .valid_o   (vl_valid),
      .ready_i   (vl_ready),
      .data_o    (vl_data),
      .sop_o     (vl_sop),
      .eop_o     (vl_eop),
      .bytes_o   (vl_bytes)
  );

  encap_head u_encap (
      .clk_i,
      .rst_ni,
      .wr_i       (encap_wr_i),
      .wr_hdr_i   (encap_hdr_i),
      .ask_valid_i(take),
      .ask_ready_o(encap_ready),
      .ask_encap_i(rec_i.encap),
      .ask_row_i  (rec_i.row),
      .ask_len_i  (rec_i.pkt.len - {8'd0, rec_i.strip} + (rec_i.push ? 14'd4 : 14'd0) - (rec_i.pop ? 14'd4 : 14'd0)),
      .ask_hash_i (rec_i.rss[13:0]),
      .valid_i    (vl_valid),
      .ready_o    (vl_ready),
      .data_i     (vl_data),
      .sop_i      (vl_sop),
      .eop_i      (vl_eop),
      .bytes_i    (vl_bytes),
      .valid_o    (ed_valid),
      .ready_i    (ed_ready),
      .data_o     (ed_data),
      .sop_o      (ed_sop),
      .eop_o      (ed_eop),
      .bytes_o    (ed_bytes),
      .idle_o     (encap_idle)
  );

  // A frame is no shorter than the minimum until a pop takes four bytes, or a tunnel's headers go. What stands in the cell behind the
  // frame's end is not for others to see.
  assign pad       = ed_sop && ed_eop && ed_bytes < 7'(FrameMin);
  assign pad_bytes = pad ? 7'(FrameMin) : ed_bytes;
  always_comb begin
    pad_data = ed_data;
    if (pad) pad_data = ed_data & ~({512{1'b1}} << {ed_bytes, 3'b0});
  end

  // The MAC's ready reaches no further than here.
  snic_skid #(
      .Width(512 + 7 + 2)
  ) u_mac (
      .clk_i,
      .rst_ni,
      .valid_i(ed_valid),
      .ready_o(ed_ready),
      .data_i ({pad_data, pad_bytes, ed_sop, ed_eop}),
      .valid_o(mac_valid_o),
      .ready_i(mac_ready_i),
      .data_o ({mac_data_o, mac_bytes_o, mac_sop_o, mac_eop_o})
  );

  logic [7:0] beat_q;   // whole beats of the frame before
  assign stat_pkt_o   = ed_valid && ed_ready && ed_eop;
  assign stat_bytes_o = {beat_q, 6'b0} + {7'b0, pad_bytes};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) beat_q <= '0;
    else if (ed_valid && ed_ready) beat_q <= ed_eop ? '0 : beat_q + 1'b1;
  end

  assign idle_o = !edit_valid && !tag_valid && rd_idle && st_idle && !vl_valid && encap_idle && !mac_valid_o;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && ed_valid && pad && ed_bytes < 7'd14) $error("wire_tx: frame too short");
    if (rst_ni && set_valid && !tag_valid) $error("wire_tx: beat without a record");
  end
`endif
endmodule
