// SPDX-License-Identifier: BSD-2-Clause
// Gives each copy its buffer. Copies wait here in order, long enough for their descriptor lines to come;
// lines come in the order asked, so the copy that asked for one finds it next in line. It leaves the line in
// a RAM of its queue, where the copies behind it find theirs. A line that could not be read, or a descriptor
// out of contract (alignment, reserved bits), kills the queue: from there on its copies are dropped, up to
// the fence where it ends.
module rx_line #(
    parameter int FrameW = 32,   // what only passes through
    parameter int Depth  = 1024  // copies waiting
) (
    input  logic              clk_i,
    input  logic              rst_ni,
    output logic              room_o,        // for copies
    output logic              fence_room_o,  // for fences, which come without frames to hold them back
    input  logic              item_valid_i,
    input  logic              item_fence_i,
    input  logic              item_done_i,
    input  logic              item_drop_i,
    input  logic [       2:0] item_cause_i,
    input  logic              item_last_i,
    input  logic              item_new_line_i,
    input  logic [      10:0] item_qid_i,
    input  logic [      15:0] item_idx_i,
    input  logic [FrameW-1:0] item_frame_i,
    input  logic              line_valid_i,
    output logic              line_ready_o,
    input  logic              line_err_i,
    input  logic [       1:0] line_first_i,  // descriptor of the line that the data starts with
    input  logic [     511:0] line_data_i,
    input  logic              stop_idle_i,   // no stop is waiting: there is room for those that may come now
    output logic              stop_valid_o,
    output logic [      10:0] stop_qid_o,
    output logic              drop_valid_o,
    output logic [       7:0] drop_func_o,
    output logic [       2:0] drop_cause_o,
    // fences, copies to deliver, and dropped ones that end a frame
    output logic              out_valid_o,
    input  logic              out_ready_i,
    output logic              out_fence_o,
    output logic              out_done_o,
    output logic              out_drop_o,
    output logic              out_last_o,
    output logic [      10:0] out_qid_o,
    output logic [      15:0] out_idx_o,
    output logic [      57:0] out_addr_o,    // of 64 B
    output logic [FrameW-1:0] out_frame_o,
    output logic              wait_o,        // the next copy waits for its line
    output logic              init_done_o,
    output logic              idle_o,        // copies may wait for their descriptor lines
    output logic              empty_o
);
  localparam int CtlW = 3 + 11 + 1 + 3 + 1 + 16;
  localparam int LineW = 2 + 4 + 4 * 58;        // the first that is there; of each: bad, address
  localparam int WordW = 1 + LineW;             // dead, line
  localparam int OutW = 4 + 11 + 16 + 58 + FrameW;
  localparam int CntW = $clog2(Depth) + 1;
  localparam int NQueue = snic_contract_pkg::N_QUEUE;
  localparam logic [2:0] DropDma = 3'd3;
  localparam int FenceRoom = 64;

  logic [11:0] sweep_q;
  logic sweep;
  assign sweep       = !sweep_q[11];
  assign init_done_o = !sweep;

  // --- copies in order ---
  logic [CntW-1:0] waiting_q;
  logic q_valid, q_ready, q_pop;
  logic [CtlW+FrameW-1:0] q_bits;
  logic q_fence, q_drop, q_new_line;
  logic [10:0] q_qid;
  logic q_still;

  assign room_o       = waiting_q <= CntW'(Depth - FenceRoom);
  assign fence_room_o = waiting_q <= CntW'(Depth - 4);

  snic_ram_fifo #(
      .Width(CtlW + FrameW),
      .Depth(Depth)
  ) u_order (
      .clk_i,
      .rst_ni,
      .valid_i(item_valid_i),
      .ready_o(q_ready),
      .data_i ({item_fence_i, item_drop_i, item_new_line_i, item_qid_i, item_done_i, item_cause_i,
                item_last_i, item_idx_i, item_frame_i}),
      .valid_o(q_valid),
      .ready_i(q_pop),
      .data_o (q_bits),
      .empty_o(),
      .still_o(q_still)
  );
  assign {q_fence, q_drop, q_new_line, q_qid} = q_bits[CtlW+FrameW-1-:14];

  // --- lines in order: kept here, so that the tag of a read is free as soon as the line is complete ---
  logic l_valid, l_err, l_pop, l_empty, l_still;
  logic [LineW-1:0] l_line, line_in;
  logic [3:0] in_bad;

  for (genvar i = 0; i < 4; i++) begin : gen_desc
    assign in_bad[i] = line_data_i[128*i+:6] != '0 || line_data_i[128*i+64+:64] != '0;
    assign line_in[58*i+:58] = line_data_i[128*i+6+:58];
  end
  assign line_in[LineW-1-:6] = {line_first_i, in_bad};

  snic_ram_fifo #(
      .Width(1 + LineW),
      .Depth(256)
  ) u_lines (
      .clk_i,
      .rst_ni,
      .valid_i(line_valid_i),
      .ready_o(line_ready_o),
      .data_i ({line_err_i, line_in}),
      .valid_o(l_valid),
      .ready_i(l_pop),
      .data_o ({l_err, l_line}),
      .empty_o(l_empty),
      .still_o(l_still)
  );

  // --- head: read the line of the queue ---
  logic [2:0] out_count;
  logic head_ready;
  assign head_ready = q_valid && (!q_new_line || l_valid);
  assign q_pop = head_ready && out_count <= 3'd2 && stop_idle_i;
  assign l_pop = q_pop && q_new_line;
  assign wait_o = q_valid && q_new_line && !l_valid;

  logic h_valid_q, h_byp_q, h_line_err_q;
  logic [CtlW+FrameW-1:0] h_bits_q;
  logic [LineW-1:0] h_line_q;
  logic [WordW-1:0] h_byp_word_q, word_rd;

  logic word_wr;
  logic [WordW-1:0] word_new;
  logic h_fence, h_drop, h_new_line, h_done, h_last;
  logic [10:0] h_qid;
  logic [2:0] h_cause;
  logic [15:0] h_idx;
  logic [FrameW-1:0] h_frame;

  snic_ram #(
      .Width(WordW),
      .Depth(NQueue)
  ) u_word (
      .clk_i,
      .wen_i  (sweep || word_wr),
      .waddr_i(sweep ? sweep_q[10:0] : h_qid),
      .wdata_i(sweep ? '0 : word_new),
      .ren_i  (q_pop && !q_fence && !q_drop),
      .raddr_i(q_qid),
      .rdata_o(word_rd)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sweep_q   <= '0;
      waiting_q <= '0;
      h_valid_q <= 1'b0;
    end else begin
      if (sweep) sweep_q <= sweep_q + 1'b1;
      if (item_valid_i != q_pop) waiting_q <= q_pop ? waiting_q - 1'b1 : waiting_q + 1'b1;
      h_valid_q <= q_pop;
    end
    if (q_pop) begin
      h_bits_q <= q_bits;
      // The RAM gives the word from before the write of this cycle.
      h_byp_q  <= word_wr && h_qid == q_qid;
      if (word_wr) h_byp_word_q <= word_new;
    end
    if (l_pop) begin
      h_line_q     <= l_line;
      h_line_err_q <= l_err;
    end
  end

  assign {h_fence, h_drop, h_new_line, h_qid, h_done, h_cause, h_last, h_idx, h_frame} =
      h_bits_q;

  // --- take the descriptor ---
  logic dead, bad;
  logic [1:0] lane;
  logic [LineW-1:0] line;
  logic [57:0] addr;

  always_comb begin
    {dead, line} = h_byp_q ? h_byp_word_q : word_rd;
    if (h_new_line) line = h_line_q;
    lane     = h_idx[1:0] - line[LineW-1-:2];
    bad      = (h_new_line && h_line_err_q) || line[4*58+32'(lane)];
    addr     = line[58*32'(lane)+:58];
    word_new = h_fence ? '0 : {dead || bad, line};
  end
  assign word_wr      = h_valid_q && (h_fence || (!h_drop && (h_new_line || bad)));
  assign stop_valid_o = h_valid_q && !h_fence && !h_drop && bad && !dead;
  assign stop_qid_o   = h_qid;

  logic dropped;
  assign dropped      = !h_fence && (h_drop || dead || bad);
  assign drop_valid_o = h_valid_q && dropped;
  assign drop_func_o  = h_qid[10:3];
  assign drop_cause_o = h_drop ? h_cause : DropDma;

  logic out_push, out_ready;
  assign out_push = h_valid_q && (!dropped || h_last);
  snic_fifo #(
      .Width(OutW),
      .Depth(4)
  ) u_out (
      .clk_i,
      .rst_ni,
      .valid_i(out_push),
      .ready_o(out_ready),
      .data_i ({h_fence, h_done, dropped, h_last, h_qid, h_idx, addr, h_frame}),
      .valid_o(out_valid_o),
      .ready_i(out_ready_i),
      .data_o ({out_fence_o, out_done_o, out_drop_o, out_last_o, out_qid_o, out_idx_o,
                out_addr_o, out_frame_o}),
      .count_o(out_count)
  );

  assign idle_o  = !sweep && q_still && l_still && !head_ready && !h_valid_q && !out_valid_o;
  assign empty_o = waiting_q == '0 && l_empty;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && item_valid_i && !q_ready) $error("rx_line: overrun");
    if (rst_ni && out_push && !out_ready) $error("rx_line: output overrun");
  end
`endif
endmodule
