// SPDX-License-Identifier: BSD-2-Clause
// From descriptors to the pieces that are read. A frame in one buffer passes as it is. The buffers of others were put here as
// their descriptors came; when the last one has, they are walked: from the first to the last, or, when the frame is cut,
// for each segment the headers from the beginning and then the payload from where the last segment ended. A buffer takes
// two cycles: it is looked up, then asked for.
//
// No segment after the first begins while its function has its share of tags (tx_share). Should the function be late by
// then, the rest of the frame is given up: it would hold up the others.
module tx_seg #(
    parameter int LineW = 48
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic               op_valid_i,
    output logic               op_ready_o,
    input  logic               op_frame_i,
    input  logic [LineW-1:0]   op_line_i,      // {last of line, ..., function, 3 bits}
    input  logic [63:0]        op_addr_i,
    input  logic [13:0]        op_len_i,
    input  logic               op_walk_i,
    input  logic [17:0]        op_total_i,
    input  logic [13:0]        op_mss_i,
    input  snic_pkg::tx_edit_t op_edit_i,
    output logic               walk_o,         // buffers are in use
    input  logic               put_i,
    input  logic [15:0]        put_at_i,
    input  logic [79:0]        put_buf_i,
    output logic [7:0]         func_o,         // whose frame is walked
    input  logic               full_i,         // ... it has its share
    input  logic               slow_i,         // ... it is late
    output logic               held_o,         // a segment waits for that
    output logic               charge_valid_o, // headers are sent once more
    output logic [15:0]        charge_len_o,
    // pieces, those of a frame one behind the other
    output logic               pc_valid_o,
    input  logic               pc_ready_i,
    output logic               pc_frame_o,
    output logic               pc_lost_o,      // of a frame, but not to be read
    output logic               pc_first_o,
    output logic               pc_last_o,
    output logic [LineW-1:0]   pc_line_o,
    output logic [63:0]        pc_addr_o,
    output logic [13:0]        pc_len_o,
    output logic [13:0]        pc_all_o,       // the frame's length
    output snic_pkg::tx_edit_t pc_edit_o,
    output snic_pkg::tx_part_t pc_part_o,
    output logic               idle_o
);
  localparam int FrameMin = snic_contract_pkg::FRAME_MIN;

  // The frame at work
  logic busy_q, asked_q, head_q, first_q, part_first_q;
  logic [LineW-1:0] line_q;
  logic [13:0] mss_q;
  logic [17:0] left_q, sent_q;  // payload: to come, and gone
  logic [10:0] seg_q;
  snic_pkg::tx_edit_t edit_q;
  logic [4:0] at_q, pay_at_q;     // buffer
  logic [15:0] off_q, pay_off_q;  // in it
  logic [13:0] need_q;            // of the headers, or of the payload of this segment

  logic begin_walk, look, step, part_end, last_seg, piece_last, wait_share, lost_q, done;
  logic [13:0] pay, all;
  logic [63:0] buf_addr;
  logic [15:0] buf_len, there;
  logic buf_end;

  snic_ram #(
      .Width(80),
      .Depth(snic_contract_pkg::N_QUEUE * snic_contract_pkg::TX_BUFS)
  ) u_bufs (
      .clk_i,
      .wen_i  (put_i),
      .waddr_i(put_at_i),
      .wdata_i(put_buf_i),
      .ren_i  (look),
      .raddr_i({line_q[10:0], at_q}),
      .rdata_o({buf_addr, buf_len})
  );

  assign begin_walk = op_valid_i && op_walk_i && !busy_q;
  assign op_ready_o = !busy_q && (op_walk_i || pc_ready_i);
  assign walk_o     = busy_q;
  assign func_o     = line_q[10:3];

  assign last_seg   = left_q <= 18'(mss_q);
  assign pay        = last_seg ? left_q[13:0] : mss_q;
  assign all        = (edit_q.cut ? 14'(edit_q.hdr) : 14'd0) + pay;
  assign wait_share = part_first_q && !first_q && full_i;
  assign held_o     = busy_q && wait_share;
  assign look       = busy_q && !asked_q && (!wait_share || slow_i);

  assign there      = buf_len - off_q;
  assign buf_end    = there <= 16'(need_q);
  assign part_end   = 16'(need_q) <= there;
  assign piece_last = !head_q && part_end;
  assign step       = busy_q && asked_q && pc_ready_i;
  assign done       = step && (lost_q || (piece_last && last_seg));

  always_comb begin
    if (busy_q) begin
      pc_valid_o = asked_q;
      pc_frame_o = !lost_q;
      pc_lost_o  = lost_q;
      pc_first_o = part_first_q;
      pc_last_o  = lost_q || piece_last;
      pc_line_o  = {line_q[LineW-1] && (last_seg || lost_q), line_q[LineW-2:0]};
      pc_addr_o  = buf_addr + 64'(off_q);
      pc_len_o   = buf_end ? there[13:0] : need_q;
      pc_all_o   = all < 14'(FrameMin) ? 14'(FrameMin) : all;
      pc_edit_o  = edit_q;
    end else begin
      pc_valid_o = op_valid_i && !op_walk_i;
      pc_frame_o = op_frame_i;
      pc_lost_o  = 1'b0;
      pc_first_o = 1'b1;
      pc_last_o  = 1'b1;
      pc_line_o  = op_line_i;
      pc_addr_o  = op_addr_i;
      pc_len_o   = op_len_i;
      pc_all_o   = op_len_i;
      pc_edit_o  = op_edit_i;
    end
  end
  assign pc_part_o.first  = first_q;
  assign pc_part_o.last   = last_seg;
  assign pc_part_o.seg    = seg_q;
  assign pc_part_o.sent   = sent_q;

  assign charge_valid_o = step && part_first_q && !first_q && !lost_q;
  assign charge_len_o   = 16'(edit_q.hdr);
  assign idle_o         = !busy_q || (held_o && !slow_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q  <= 1'b0;
      asked_q <= 1'b0;
    end else begin
      busy_q  <= begin_walk || (busy_q && !done);
      asked_q <= look || (asked_q && !step);
    end
    if (begin_walk || look) lost_q <= look && wait_share;
    if (begin_walk) begin
      line_q       <= op_line_i;
      mss_q        <= op_edit_i.cut ? op_mss_i : op_total_i[13:0];
      left_q       <= op_edit_i.cut ? op_total_i - 18'(op_edit_i.hdr) : op_total_i;
      sent_q     <= '0;
      seg_q        <= '0;
      edit_q       <= op_edit_i;
      at_q         <= '0;
      off_q        <= '0;
      head_q       <= op_edit_i.cut;
      need_q       <= op_edit_i.cut ? 14'(op_edit_i.hdr) : op_total_i[13:0];
      first_q      <= 1'b1;
      part_first_q <= 1'b1;
    end else if (step) begin
      part_first_q <= piece_last;
      if (piece_last) begin
        // the next segment
        pay_at_q  <= buf_end ? at_q + 1'b1 : at_q;
        pay_off_q <= buf_end ? '0 : off_q + 16'(need_q);
        at_q      <= '0;
        off_q     <= '0;
        head_q    <= 1'b1;
        need_q    <= 14'(edit_q.hdr);
        first_q   <= 1'b0;
        left_q    <= left_q - 18'(mss_q);
        sent_q  <= sent_q + 18'(mss_q);
        seg_q     <= seg_q + 1'b1;
      end else if (part_end) begin
        // headers are asked for
        head_q <= 1'b0;
        need_q <= pay;
        if (first_q) begin
          at_q  <= buf_end ? at_q + 1'b1 : at_q;
          off_q <= buf_end ? '0 : off_q + 16'(need_q);
        end else begin
          at_q  <= pay_at_q;
          off_q <= pay_off_q;
        end
      end else begin
        at_q   <= at_q + 1'b1;
        off_q  <= '0;
        need_q <= need_q - there[13:0];
      end
    end
  end
endmodule
