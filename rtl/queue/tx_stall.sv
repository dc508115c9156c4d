// SPDX-License-Identifier: BSD-2-Clause
// Reads that are worked off in the order they were asked for: who keeps the others waiting, and how long. The
// oldest read does while it is not answered and one of another function's, asked for later, is. Tags are given
// out in order, from 0.
module tx_stall #(
    parameter int TagLog2 = 8,
    parameter int Least = 512,   // cycles that are nobody's fault
    parameter int CyclesW = 24
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic [       47:0] now_i,
    input  logic               ask_i,
    input  logic [        7:0] ask_func_i,
    input  logic               ask_done_i,   // nothing to wait for
    input  logic               done_i,
    input  logic [TagLog2-1:0] done_tag_i,
    output logic               blame_o,
    output logic [        7:0] blame_func_o,
    output logic [CyclesW-1:0] blame_cycles_o,
    output logic               idle_o
);
  localparam int NTag = 2 ** TagLog2;

  logic [TagLog2:0] wptr_q, rptr_q, ahead_q;  // ahead: answered, behind the oldest
  logic [NTag-1:0] done_q;
  logic [7:0] func_q[NTag];
  logic some, step, others_q, held, held_q;
  logic [47:0] since_q, took;
  logic [7:0] oldest;

  assign some   = wptr_q != rptr_q;
  assign step   = some && done_q[rptr_q[TagLog2-1:0]];
  assign oldest = func_q[rptr_q[TagLog2-1:0]];
  assign held   = some && !step && others_q;
  assign took   = now_i - since_q;
  assign idle_o = !step && held == held_q && !blame_o && !(others_q && ahead_q == '0);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q   <= '0;
      rptr_q   <= '0;
      ahead_q  <= '0;
      others_q <= 1'b0;
      held_q   <= 1'b0;
      blame_o  <= 1'b0;
    end else begin
      if (ask_i) begin
        wptr_q                      <= wptr_q + 1'b1;
        done_q[wptr_q[TagLog2-1:0]] <= ask_done_i;
      end
      if (done_i) done_q[done_tag_i] <= 1'b1;
      if (step) rptr_q <= rptr_q + 1'b1;
      if (done_i || step || (ask_i && ask_done_i))
        ahead_q <= ahead_q + {{TagLog2{1'b0}}, done_i} + {{TagLog2{1'b0}}, ask_i && ask_done_i} -
                   {{TagLog2{1'b0}}, step};
      if (done_i && some && func_q[done_tag_i] != oldest) others_q <= 1'b1;
      else if (ahead_q == '0) others_q <= 1'b0;
      held_q  <= held;
      blame_o <= step && held_q && took >= 48'(Least);
    end
    if (ask_i) func_q[wptr_q[TagLog2-1:0]] <= ask_func_i;
    if (held && !held_q) since_q <= now_i;
    if (step && held_q) begin
      blame_func_o   <= oldest;
      blame_cycles_o <= took[47:CyclesW] != '0 ? '1 : took[CyclesW-1:0];
    end
  end
endmodule
