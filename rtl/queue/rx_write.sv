// SPDX-License-Identifier: BSD-2-Clause
// Copies out of the packet buffers into host memory: reads the frame, edits its tag, cuts it into writes. A
// write ends after MPS bytes or at a 4 KiB boundary; buffers are 64 B aligned, so both fall between beats.
// When the last beat is taken, the completion goes on.
module rx_write (
    input  logic                           clk_i,
    input  logic                           rst_ni,
    input  logic [                   12:0] mps_i,
    input  logic                           in_valid_i,
    output logic                           in_ready_o,
    input  logic                           in_fence_i,
    input  logic                           in_done_i,
    input  logic                           in_drop_i,
    input  logic                           in_last_i,
    input  logic [                   10:0] in_qid_i,
    input  logic [                   15:0] in_idx_i,
    input  logic [                   57:0] in_addr_i,
    input  logic [                   38:0] in_pkt_i,       // pkt_ref_t
    input  logic                           in_pop_i,
    input  logic                           in_push_i,
    input  logic [                   15:0] in_push_tci_i,
    input  snic_pkg::act_edit_t            in_edit_i,
    input  logic [                    3:0] in_log2_i,
    input  logic                           in_irq_i,
    input  logic [                    3:0] in_vec_i,
    input  logic [                   13:0] in_len_i,       // bytes after the edits
    input  logic [                  127:0] in_cpl_i,       // rx_cpl_t
    // packet buffers
    output logic [                    2:0] rd_req_o,
    output logic [    snic_pkg::CellW-1:0] rd_cell_o,
    input  logic [                    2:0] rd_gnt_i,
    input  logic [                  511:0] rd_data0_i,
    input  logic [                  511:0] rd_data1_i,
    input  logic [                  511:0] rd_data2_i,
    output logic [                    2:0] rel_o,
    output logic [    snic_pkg::SlotW-1:0] rel_slot_o,
    // payload writes
    output logic                           up_valid_o,
    input  logic                           up_ready_i,
    output logic                           up_sop_o,
    output logic                           up_eop_o,
    output snic_pkg::up_hdr_t              up_hdr_o,
    output logic [                  511:0] up_data_o,
    // frames that are written, and fences, in order
    output logic                           fin_valid_o,
    input  logic                           fin_ready_i,    // stays until taken
    output logic                           fin_fence_o,
    output logic                           fin_done_o,
    output logic [                   10:0] fin_qid_o,
    output logic [                   15:0] fin_idx_o,
    output logic [                    3:0] fin_log2_o,
    output logic                           fin_irq_o,
    output logic [                    3:0] fin_vec_o,
    output logic [                  127:0] fin_cpl_o,
    output logic [                   13:0] fin_len_o,      // bytes written
    output logic                           idle_o
);
  localparam int CtxW = 2 + 11 + 16 + 58 + 4 + 1 + 4 + 14 + 128;
  localparam int EditW = snic_pkg::EditW + 1 + 1 + 16;
  localparam int Frames = 32;  // between the reader's request and the last beat

  // --- ask the reader; let dropped frames go ---
  logic ctx_ready, edit_ready, erd_ready, erd_idle, note, noted_q, ask, let_go, let_go_ok;
  logic [2:0] erd_rel;
  logic [snic_pkg::SlotW-1:0] erd_rel_slot;
  snic_pkg::pkt_ref_t pkt;

  assign pkt       = in_pkt_i;
  // The reader takes a request away when it reads the last beat; by then the first ones may be out. So what
  // goes with the frame is noted in the first cycle of the request.
  assign note      = in_valid_i && !in_drop_i && !noted_q && ctx_ready && edit_ready;
  assign ask       = in_valid_i && !in_fence_i && !in_drop_i && (note || noted_q);
  // Earlier copies have been read: their requests were taken. The reader's own slots go first.
  assign let_go    = in_valid_i && in_drop_i;
  assign let_go_ok = erd_rel == '0;
  assign in_ready_o = in_fence_i ? note : in_drop_i ? let_go_ok : ask && erd_ready;
  assign rel_o      = erd_rel | (let_go && let_go_ok ? 3'b001 << pkt.buf_id : 3'b000);
  assign rel_slot_o = erd_rel != '0 ? erd_rel_slot : pkt.slot;

  logic s_valid, s_ready, s_sop, s_eop;
  logic [511:0] s_data;
  logic [6:0] s_bytes;

  egress_rd u_reader (
      .clk_i,
      .rst_ni,
      .req_valid_i(ask),
      .req_ready_o(erd_ready),
      .req_pkt_i  (pkt),
      .req_last_i (in_last_i),
      .rd_req_o,
      .rd_cell_o,
      .rd_gnt_i,
      .rd_data0_i,
      .rd_data1_i,
      .rd_data2_i,
      .rel_o      (erd_rel),
      .rel_slot_o (erd_rel_slot),
      .valid_o    (s_valid),
      .ready_i    (s_ready),
      .data_o     (s_data),
      .sop_o      (s_sop),
      .eop_o      (s_eop),
      .bytes_o    (s_bytes),
      .idle_o     (erd_idle)
  );

  // --- edits: in step with the reader's output ---
  logic edit_valid, edit_pop, edit_push;
  snic_pkg::act_edit_t edit;
  logic [511:0] set_data;
  logic [15:0] edit_tci;
  logic [5:0] edit_count;
  logic e_valid, e_ready, e_sop, e_eop;
  logic [6:0] e_bytes;

  snic_fifo #(
      .Width(EditW),
      .Depth(Frames)
  ) u_edits (
      .clk_i,
      .rst_ni,
      .valid_i(note && !in_fence_i),
      .ready_o(edit_ready),
      .data_i ({in_edit_i, in_pop_i, in_push_i, in_push_tci_i}),
      .valid_o(edit_valid),
      .ready_i(s_valid && s_ready && s_eop),
      .data_o ({edit, edit_pop, edit_push, edit_tci}),
      .count_o(edit_count)
  );

  ip_edit u_ip (
      .data_i(s_data),
      .sop_i (s_sop),
      .edit_i(edit),
      .data_o(set_data)
  );

  vlan_edit u_edit (
      .clk_i,
      .rst_ni,
      .valid_i   (s_valid),
      .ready_o   (s_ready),
      .data_i    (set_data),
      .sop_i     (s_sop),
      .eop_i     (s_eop),
      .bytes_i   (s_bytes),
      .pop_i     (edit_pop),
      .push_i    (edit_push),
      .push_tci_i(edit_tci),
      .valid_o   (e_valid),
      .ready_i   (e_ready),
      .data_o    (up_data_o),
      .sop_o     (e_sop),
      .eop_o     (e_eop),
      .bytes_o   (e_bytes)
  );

  // --- what the beats belong to ---
  logic ctx_valid, ctx_pop, ctx_fence, ctx_done;
  logic [57:0] ctx_addr;
  logic [5:0] ctx_count;

  snic_fifo #(
      .Width(CtxW),
      .Depth(Frames)
  ) u_ctx (
      .clk_i,
      .rst_ni,
      .valid_i(note),
      .ready_o(ctx_ready),
      .data_i ({in_fence_i, in_done_i, in_qid_i, in_idx_i, in_addr_i, in_log2_i, in_irq_i, in_vec_i, in_len_i,
                in_cpl_i}),
      .valid_o(ctx_valid),
      .ready_i(ctx_pop),
      .data_o ({ctx_fence, ctx_done, fin_qid_o, fin_idx_o, ctx_addr, fin_log2_o, fin_irq_o, fin_vec_o,
                fin_len_o, fin_cpl_o}),
      .count_o(ctx_count)
  );

  // --- cut into writes ---
  logic in_frame_q, in_tlp_q;
  logic [57:0] addr_q, addr;
  logic [13:0] left_q, left;        // bytes of the frame
  logic [6:0] beats_q, beats, mps_beats, page_beats, max_beats, left_beats;  // of the write
  logic [8:0] frame_beats;
  logic [12:0] tlp_len;
  logic go, beat;

  assign addr        = in_frame_q ? addr_q : ctx_addr;
  assign left        = in_frame_q ? left_q : fin_len_o;
  assign mps_beats   = mps_i[12:6];
  assign page_beats  = 7'd64 - 7'(addr[5:0]);
  assign max_beats   = mps_beats < page_beats ? mps_beats : page_beats;
  assign frame_beats = 9'((left + 14'd63) >> 6);
  assign left_beats  = frame_beats < 9'(max_beats) ? frame_beats[6:0] : max_beats;
  assign beats       = in_tlp_q ? beats_q : left_beats;
  assign tlp_len     = left < 14'({max_beats, 6'd0}) ? left[12:0] : {max_beats, 6'd0};

  // Within a write nothing may hold it up but the reader: a completion line that waits for the channel could
  // be what the room is waiting for. Room that is there when the write starts is there until its end, since
  // only the end takes it.
  assign go         = ctx_valid && !ctx_fence && fin_ready_i;
  assign up_valid_o = e_valid && go;
  assign e_ready    = up_ready_i && go;
  assign beat       = up_valid_o && up_ready_i;
  assign up_sop_o   = !in_tlp_q;
  assign up_eop_o   = beats == 7'd1;

  always_comb begin
    up_hdr_o      = '0;
    up_hdr_o.kind = 2'(snic_pkg::UpMwr);
    up_hdr_o.func = fin_qid_o[10:3];
    up_hdr_o.addr = {addr, 6'd0};
    up_hdr_o.len  = tlp_len;
  end

  assign fin_valid_o = ctx_valid && (ctx_fence || (beat && e_eop));
  assign fin_fence_o = ctx_fence;
  assign fin_done_o  = ctx_done;
  assign ctx_pop     = fin_valid_o && fin_ready_i;
  assign idle_o      = !in_valid_i && edit_count == '0 && ctx_count == '0 && erd_idle;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      noted_q    <= 1'b0;
      in_frame_q <= 1'b0;
      in_tlp_q   <= 1'b0;
    end else begin
      if (in_valid_i && in_ready_o) noted_q <= 1'b0;
      else if (note) noted_q <= 1'b1;
      if (beat) begin
        in_frame_q <= !e_eop;
        in_tlp_q   <= !up_eop_o;
      end
    end
    if (beat) begin
      addr_q  <= addr + 58'd1;
      left_q  <= left - 14'd64;
      beats_q <= beats - 7'd1;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && beat && (e_eop != (left <= 14'd64) || (e_eop && e_bytes != left[6:0])))
      $error("rx_write: frame is not as long as its completion says");
    if (rst_ni && beat && e_sop == in_frame_q) $error("rx_write: sop");
    if (rst_ni && beat && (mps_i == '0 || mps_i[5:0] != '0)) $error("rx_write: MPS");
    if (rst_ni && s_valid && !edit_valid) $error("rx_write: a frame that was not asked for");
  end
`endif
endmodule
