// SPDX-License-Identifier: BSD-2-Clause
// 64 counters that may all count in every cycle. What was counted lately is in small counters, cut into bit planes: all
// of them count with a few operations on words. In every cycle that counts, one of them in turn is added to its total in
// RAM and starts from 0, so none overflows; a read adds its own first, so nothing has to be added up before the device
// may be idle.
module util_counters (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic [63:0] ev_i,
    input  logic        rd_i,
    input  logic [ 5:0] rd_idx_i,
    output logic [47:0] rd_data_o,   // one cycle after rd_i
    output logic        init_done_o
);
  // A counter's turn comes every 64 cycles that count, later by the reads in between, and a read takes more than one.
  localparam int Planes = 7;

  logic [63:0] plane_q[Planes];
  logic [47:0] total_mem[64];
  logic [6:0] sweep_q;
  logic [5:0] turn_q, idx;
  logic [Planes-1:0] recent;
  logic [47:0] total;
  logic step;

  assign init_done_o = sweep_q[6];
  assign step        = ev_i != '0 || rd_i;
  assign idx         = rd_i ? rd_idx_i : turn_q;
  always_comb begin
    recent = '0;
    if (step) for (int k = 0; k < Planes; k++) recent[k] = plane_q[k][idx];
  end
  assign total = total_mem[idx] + {41'd0, recent};

  always_ff @(posedge clk_i) begin : p_count
    logic [63:0] keep, carry;
    if (!rst_ni) begin
      for (int k = 0; k < Planes; k++) plane_q[k] <= '0;
      sweep_q <= '0;
      turn_q  <= '0;
    end else begin
      if (!init_done_o) sweep_q <= sweep_q + 1'b1;
      if (step) begin
        if (!rd_i) turn_q <= turn_q + 1'b1;
        keep  = ~(64'd1 << idx);
        carry = ev_i;
        for (int k = 0; k < Planes; k++) begin
          plane_q[k] <= (plane_q[k] & keep) ^ carry;
          carry = plane_q[k] & keep & carry;
        end
`ifndef SYNTHESIS
        if (carry != '0) $error("util_counters: a counter ran over");
`endif
      end
    end
    if (!init_done_o || step) total_mem[init_done_o ? idx : sweep_q[5:0]] <= init_done_o ? total : '0;
    if (rd_i) rd_data_o <= total;
  end
endmodule
