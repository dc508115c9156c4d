// SPDX-License-Identifier: BSD-2-Clause
// Copies out of the packet buffers into host memory: reads the frame, cuts a tunnel's headers off, edits its tag, cuts it into
// writes. A write ends after MPS bytes, with the buffer, or at a 4 KiB boundary. Where buffers are 64 B aligned all of them fall between beats. Where
// they are not, a boundary cuts a beat: its first bytes end a write, and its others are a write of their own.
// When the last beat of a buffer is taken, the completion goes on.
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
    input  logic [                   63:0] in_addr_i,
    input  logic [                   38:0] in_pkt_i,       // pkt_ref_t
    input  logic                           in_pop_i,
    input  logic                           in_push_i,
    input  logic [                   15:0] in_push_tci_i,
    input  snic_pkg::act_edit_t            in_edit_i,
    input  logic [                    5:0] in_strip_i,
    input  snic_pkg::edit_wr_t             edit_wr_i,
    input  logic [                    3:0] in_log2_i,
    input  logic                           in_irq_i,
    input  logic [                    3:0] in_vec_i,
    input  logic [                   13:0] in_len_i,       // bytes after the edits
    input  logic [                  127:0] in_cpl_i,       // rx_cpl_t
    input  logic                           in_cut_i,       // the frame fills several buffers ...
    input  logic [                    7:0] in_bufsz_i,     // ... of so many times 64 B
    input  logic [                   63:0] next_addr_i,    // the second one, and so on
    output logic                           next_pop_o,
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
    // buffers that are written, and fences, in order
    output logic                           fin_valid_o,
    input  logic                           fin_ready_i,    // stays until taken
    output logic                           fin_fence_o,
    output logic                           fin_done_o,
    output logic                           fin_end_o,      // the frame's last buffer
    output logic [                   10:0] fin_qid_o,
    output logic [                   15:0] fin_idx_o,
    output logic [                    3:0] fin_log2_o,
    output logic                           fin_irq_o,
    output logic [                    3:0] fin_vec_o,
    output logic [                  127:0] fin_cpl_o,
    output logic [                   13:0] fin_len_o,      // of the frame
    output logic                           idle_o
);
  localparam int CtxW = 2 + 11 + 16 + 64 + 4 + 1 + 4 + 14 + 128 + 1 + 8;
  localparam int Frames = 32;  // between the reader's request and the last beat

  // --- ask the reader; let dropped frames go ---
  logic ctx_ready, edit_ready, strip_ready, tag_ready, erd_ready, erd_idle, note, noted_q, ask, let_go, let_go_ok;
  logic [2:0] erd_rel;
  logic [snic_pkg::SlotW-1:0] erd_rel_slot;
  snic_pkg::pkt_ref_t pkt;

  assign pkt       = in_pkt_i;
  // The reader takes a request away when it reads the last beat; by then the first ones may be out. So what
  // goes with the frame is noted in the first cycle of the request.
  assign note      = in_valid_i && !in_drop_i && !noted_q && ctx_ready && edit_ready && strip_ready && tag_ready;
  assign ask       = in_valid_i && !in_fence_i && !in_drop_i && (note || noted_q);
  // Earlier copies have been read: their requests were taken. The reader's own slots go first.
  assign let_go    = in_valid_i && in_drop_i;
  assign let_go_ok = erd_rel == '0;
  assign in_ready_o = in_fence_i ? note : in_drop_i ? let_go_ok : ask && erd_ready;
  assign rel_o      = erd_rel | (let_go && let_go_ok ? 3'b001 << pkt.buf_id : 3'b000);
  assign rel_slot_o = erd_rel != '0 ? erd_rel_slot : pkt.slot;

  logic r_valid, r_ready, r_sop, r_eop, s_valid, s_ready, s_sop, s_eop;
  logic [511:0] r_data, s_data;
  logic [6:0] r_bytes, s_bytes;

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
      .valid_o    (r_valid),
      .ready_i    (r_ready),
      .data_o     (r_data),
      .sop_o      (r_sop),
      .eop_o      (r_eop),
      .bytes_o    (r_bytes),
      .idle_o     (erd_idle)
  );

  // --- the tunnel's headers ---
  logic [5:0] strip;
  snic_fifo #(
      .Width(6),
      .Depth(Frames)
  ) u_strips (
      .clk_i,
      .rst_ni,
      .valid_i(note && !in_fence_i),
      .ready_o(strip_ready),
      .data_i (in_strip_i),
      .valid_o(),
      .ready_i(r_valid && r_ready && r_eop),
      .data_o (strip),
      .count_o()
  );
  strip_head u_strip (
      .clk_i,
      .rst_ni,
      .valid_i(r_valid),
      .ready_o(r_ready),
      .data_i (r_data),
      .sop_i  (r_sop),
      .eop_i  (r_eop),
      .bytes_i(r_bytes),
      .strip_i(strip),
      .valid_o(s_valid),
      .ready_i(s_ready),
      .data_o (s_data),
      .sop_o  (s_sop),
      .eop_o  (s_eop),
      .bytes_o(s_bytes),
      .idle_o ()
  );

  // --- edits: in step with what comes of that ---
  logic edit_valid, tag_valid, edit_pop, edit_push;
  snic_pkg::act_edit_t edit;
  logic [snic_pkg::KeyW-1:0] words;
  logic set_valid, set_ready, set_sop, set_eop, fe_ready;
  logic [511:0] set_data;
  logic [6:0] set_bytes;
  logic [15:0] edit_tci;
  logic [5:0] tag_count;
  logic e_valid, e_ready, e_sop, e_eop;
  logic [6:0] e_bytes;
  logic [511:0] e_data;

  edit_store #(
      .Depth(Frames)
  ) u_edits (
      .clk_i,
      .rst_ni,
      .wr_i   (edit_wr_i),
      .take_i (note && !in_fence_i),
      .edit_i (in_edit_i),
      .ready_o(edit_ready),
      .valid_o(edit_valid),
      .edit_o (edit),
      .words_o(words),
      .pop_i  (s_valid && s_ready && s_eop)
  );
  snic_fifo #(
      .Width(18),
      .Depth(Frames)
  ) u_tags (
      .clk_i,
      .rst_ni,
      .valid_i(note && !in_fence_i),
      .ready_o(tag_ready),
      .data_i ({in_pop_i, in_push_i, in_push_tci_i}),
      .valid_o(tag_valid),
      .ready_i(set_valid && set_ready && set_eop),
      .data_o ({edit_pop, edit_push, edit_tci}),
      .count_o(tag_count)
  );

  assign s_ready = edit_valid && fe_ready;
  frame_edit u_frame (
      .clk_i,
      .rst_ni,
      .valid_i(s_valid && edit_valid),
      .ready_o(fe_ready),
      .data_i (s_data),
      .sop_i  (s_sop),
      .eop_i  (s_eop),
      .bytes_i(s_bytes),
      .edit_i (edit),
      .words_i(words),
      .valid_o(set_valid),
      .ready_i(set_ready),
      .data_o (set_data),
      .sop_o  (set_sop),
      .eop_o  (set_eop),
      .bytes_o(set_bytes)
  );

  vlan_edit u_edit (
      .clk_i,
      .rst_ni,
      .valid_i   (set_valid),
      .ready_o   (set_ready),
      .data_i    (set_data),
      .sop_i     (set_sop),
      .eop_i     (set_eop),
      .bytes_i   (set_bytes),
      .pop_i     (edit_pop),
      .push_i    (edit_push),
      .push_tci_i(edit_tci),
      .valid_o   (e_valid),
      .ready_i   (e_ready),
      .data_o    (e_data),
      .sop_o     (e_sop),
      .eop_o     (e_eop),
      .bytes_o   (e_bytes)
  );

  // --- what the beats belong to ---
  logic ctx_valid, ctx_pop, ctx_fence, ctx_done, ctx_cut;
  logic [15:0] ctx_idx;
  logic [63:0] ctx_addr;
  logic [7:0] ctx_bufsz;
  logic [5:0] ctx_count;
  snic_contract_pkg::rx_cpl_t ctx_cpl;

  snic_fifo #(
      .Width(CtxW),
      .Depth(Frames)
  ) u_ctx (
      .clk_i,
      .rst_ni,
      .valid_i(note),
      .ready_o(ctx_ready),
      .data_i ({in_fence_i, in_done_i, in_qid_i, in_idx_i, in_addr_i, in_log2_i, in_irq_i, in_vec_i, in_len_i,
                in_cpl_i, in_cut_i, in_bufsz_i}),
      .valid_o(ctx_valid),
      .ready_i(ctx_pop),
      .data_o ({ctx_fence, ctx_done, fin_qid_o, ctx_idx, ctx_addr, fin_log2_o, fin_irq_o, fin_vec_o,
                fin_len_o, ctx_cpl, ctx_cut, ctx_bufsz}),
      .count_o(ctx_count)
  );

  // --- cut into writes ---
  logic in_frame_q, in_tlp_q, odd_q;  // odd: the write ends in the middle of a beat
  logic rest_q;                       // what is left of such a beat is a write of its own
  logic [63:0] addr_q, addr;          // of the beat
  logic [13:0] left_q, left;          // bytes of the frame, from this beat on
  logic [13:0] len_q, len;            // ... from the first beat of this buffer on
  logic [7:0] buf_q, buf_beats;       // beats that the buffer still takes
  logic [5:0] nth_q, nth;             // buffers before this one
  logic [6:0] beats_q, beats;         // of the write
  logic [12:0] page_left, most, tlp_len;
  logic crosses, buf_end, go, beat, half, taken;

  assign addr      = in_frame_q ? addr_q : ctx_addr;
  assign left      = in_frame_q ? left_q : fin_len_o;
  assign len       = in_frame_q ? len_q : fin_len_o;
  assign nth       = in_frame_q ? nth_q : '0;
  assign buf_beats = in_frame_q ? buf_q : ctx_bufsz;
  assign buf_end   = ctx_cut && buf_beats == 8'd1;

  assign page_left = 13'd4096 - 13'(addr[11:0]);
  assign most      = mps_i < page_left ? mps_i : page_left;
  always_comb begin
    tlp_len = left < 14'(most) ? left[12:0] : most;
    if (ctx_cut && {buf_beats, 6'd0} < 14'(tlp_len)) tlp_len = 13'({buf_beats, 6'd0});
    crosses = tlp_len == page_left && addr[5:0] != '0 && left > 14'(page_left) &&
        (!ctx_cut || {buf_beats, 6'd0} > 14'(page_left));
  end
  assign beats = in_tlp_q ? beats_q : 7'((tlp_len + 13'd63) >> 6);

  // Within a write nothing may hold it up but the reader: a completion line that waits for the channel could
  // be what the room is waiting for. Room that is there when the write starts is there until its end, since
  // only the end takes it.
  assign go         = ctx_valid && !ctx_fence && fin_ready_i;
  assign up_valid_o = e_valid && go;
  assign beat       = up_valid_o && up_ready_i;
  assign up_sop_o   = !in_tlp_q || rest_q;
  assign up_eop_o   = beats == 7'd1;
  // The first half of a beat leaves it where it is.
  assign half       = up_eop_o && (in_tlp_q ? odd_q && !rest_q : crosses);
  assign taken      = beat && !half;
  assign e_ready    = up_ready_i && go && !half;

  logic [6:0] odd_bytes;  // of the beat, before the boundary
  assign odd_bytes = 7'd64 - {1'b0, addr[5:0]};
  always_comb begin
    up_hdr_o      = '0;
    up_hdr_o.kind = 2'(snic_pkg::UpMwr);
    up_hdr_o.func = fin_qid_o[10:3];
    up_hdr_o.addr = addr;
    up_hdr_o.len  = tlp_len;
    up_data_o     = e_data;
    if (rest_q) begin
      up_hdr_o.addr = addr + 64'(odd_bytes);
      up_hdr_o.len  = (left < 14'd64 ? left[12:0] : 13'd64) - 13'(odd_bytes);
      up_data_o     = e_data >> {odd_bytes, 3'd0};
    end
  end

  // --- completions ---
  snic_contract_pkg::rx_cpl_t cpl;
  always_comb begin
    cpl       = ctx_cpl;
    fin_idx_o = ctx_idx;
    if (ctx_cut) begin
      fin_idx_o = ctx_idx + 16'(nth);
      cpl.more  = !e_eop;
      cpl.len   = e_eop ? len : {ctx_bufsz, 6'd0};
      cpl.phase = ((fin_idx_o >> fin_log2_o) & 16'd1) == '0;
    end
  end
  assign fin_cpl_o   = cpl;
  assign fin_valid_o = ctx_valid && (ctx_fence || (taken && (e_eop || buf_end)));
  assign fin_fence_o = ctx_fence;
  assign fin_done_o  = ctx_done;
  assign fin_end_o   = e_eop;
  assign ctx_pop     = ctx_valid && fin_ready_i && (ctx_fence || (taken && e_eop));
  assign next_pop_o  = taken && buf_end && !e_eop;
  assign idle_o      = !in_valid_i && tag_count == '0 && ctx_count == '0 && erd_idle;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      noted_q    <= 1'b0;
      in_frame_q <= 1'b0;
      in_tlp_q   <= 1'b0;
      rest_q     <= 1'b0;
    end else begin
      if (in_valid_i && in_ready_o) noted_q <= 1'b0;
      else if (note) noted_q <= 1'b1;
      if (beat) begin
        in_frame_q <= !(taken && e_eop);
        in_tlp_q   <= !up_eop_o || !taken;
        rest_q     <= !taken;
      end
    end
    if (beat) begin
      addr_q  <= next_pop_o ? next_addr_i : taken ? addr + 64'd64 : addr;
      left_q  <= taken ? left - 14'd64 : left;
      len_q   <= next_pop_o ? left - 14'd64 : len;
      nth_q   <= nth + 6'(next_pop_o);
      buf_q   <= next_pop_o ? ctx_bufsz : buf_beats - 8'(taken);
      beats_q <= taken ? beats - 7'd1 : 7'd1;
      if (!in_tlp_q) odd_q <= crosses;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && beat && (e_eop != (left <= 14'd64) || (e_eop && e_bytes != left[6:0])))
      $error("rx_write: frame is not as long as its completion says");
    if (rst_ni && beat && !rest_q && e_sop == in_frame_q) $error("rx_write: sop");
    if (rst_ni && beat && (mps_i == '0 || mps_i[5:0] != '0)) $error("rx_write: MPS");
    if (rst_ni && set_valid && !tag_valid) $error("rx_write: a frame that was not asked for");
  end
`endif
endmodule
