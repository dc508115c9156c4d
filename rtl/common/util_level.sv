// SPDX-License-Identifier: BSD-2-Clause
// A level over time: the sum of level * cycles, over 2^Log2 (how many of it there are), so full all the time counts as
// much as time does. Adds up only when the level changes, so it is right over gated clocks and leaps of the time base.
module util_level #(
    parameter int Log2 = 8
) (
    input  logic          clk_i,
    input  logic          rst_ni,
    input  logic [  47:0] now_i,
    input  logic          change_i,   // level_i will be another one
    input  logic [Log2:0] level_i,
    output logic [  47:0] cycles_o
);
  localparam int Width = 48 + Log2;

  logic [Width-1:0] sum, sum_q;
  logic [47:0] since_q, time_here;
  assign time_here = now_i - since_q;
  assign sum       = sum_q + Width'(time_here) * Width'(level_i);
  assign cycles_o  = sum[Width-1:Log2];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sum_q   <= '0;
      since_q <= '0;
    end else if (change_i) begin
      sum_q   <= sum;
      since_q <= now_i;
    end
  end

`ifndef SYNTHESIS
  if (Log2 < 0 || Log2 > 16) $fatal(1, "util_level: Log2 is %0d, 0 to 16 are possible", Log2);
`endif
endmodule
