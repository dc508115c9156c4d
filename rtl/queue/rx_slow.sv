// SPDX-License-Identifier: BSD-2-Clause
// Functions whose host memory is slow, so that no copy waits for their lines. One whose line is late (rx_line) is one of them,
// until a line of it comes in time again and nobody has been held up for long enough: each cycle in which copies were held up by
// a late line keeps all of them here for Share cycles. So memory that is slow now and then, of however many functions, holds
// up the others for one cycle in Share, and one after the other of those that are well gets out, first come first served.
// Nothing moves but when a copy is decided: functions without frames need not get out.
module rx_slow #(
    parameter int Share = 24,
    parameter int HeldW = 17,
    parameter int MaxRest = 1 << 22  // cycles: 10 ms
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic [     23:0] now_i,
    input  logic             held_valid_i,  // a line was late, and copies were held up so long
    input  logic [HeldW-1:0] held_i,
    input  logic             late_valid_i,  // whose it was
    input  logic [      7:0] late_func_i,
    input  logic             in_valid_i,    // a line of the function has come
    input  logic [      7:0] in_func_i,
    input  logic             in_time_i,
    input  logic             look_i,        // a copy is decided
    output logic [    255:0] slow_o,
    output logic             idle_o
);
  // When the rest is over. It is looked at when copies are decided; where none is for half of the time's range, 21 ms, it may last
  // so long again.
  logic rest_q, due, rests;
  logic [23:0] until_q, left, charge;
  assign left   = until_q - now_i;
  assign due    = left[23] || left == '0;
  assign rests  = rest_q && !due;
  assign charge = 24'(held_i) * 24'(Share);

  logic [255:0] well_q;  // its last line came in time
  logic push, pop, ready, valid, out, still;
  logic [7:0] func;
  assign pop    = look_i && valid && !rest_q && !late_valid_i;
  assign out    = pop && well_q[func];
  assign push   = (late_valid_i && !slow_o[late_func_i]) || (pop && !out);
  assign idle_o = still;

  snic_ram_fifo #(
      .Width(8),
      .Depth(256)
  ) u_wait (
      .clk_i,
      .rst_ni,
      .valid_i(push),
      .ready_o(ready),
      .data_i (late_valid_i ? late_func_i : func),
      .valid_o(valid),
      .ready_i(pop),
      .data_o (func),
      .empty_o(),
      .still_o(still)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      slow_o <= '0;
      rest_q <= 1'b0;
    end else begin
      if (held_valid_i) rest_q <= 1'b1;
      else if (look_i && due) rest_q <= 1'b0;
      if (out) slow_o[func] <= 1'b0;
      if (late_valid_i) slow_o[late_func_i] <= 1'b1;
    end
    if (held_valid_i) until_q <= !rests ? now_i + charge : left < 24'(MaxRest) ? until_q + charge : until_q;
    if (in_valid_i) well_q[in_func_i] <= in_time_i;
    if (late_valid_i) well_q[late_func_i] <= 1'b0;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && push && !ready) $error("rx_slow: a function waits twice");
  end
`endif
endmodule
