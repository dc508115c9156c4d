// SPDX-License-Identifier: BSD-2-Clause
// Functions whose reads keep the others waiting are not served for a time that is a multiple of what they took
// from them: a share of one in Factor + 1 is all that slow memory of one function can cost the rest. A function
// that is alone is never blamed. There are a few places; while all are taken nobody else is blamed.
module tx_box #(
    parameter int Places = 8,
    parameter int Factor = 24,
    parameter int CyclesW = 24
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic [       47:0] now_i,
    input  logic [        1:0] blame_i,         // for descriptor lines, for frames
    input  logic [        7:0] blame_func0_i,
    input  logic [        7:0] blame_func1_i,
    input  logic [CyclesW-1:0] blame_cycles0_i,
    input  logic [CyclesW-1:0] blame_cycles1_i,
    input  logic               forget_i,        // the function was reset: it has a new owner
    input  logic [        7:0] forget_func_i,
    output logic [      255:0] boxed_o,
    output logic               free_valid_o,    // this function may go on
    input  logic               free_ready_i,
    output logic [        7:0] free_func_o,
    output logic               idle_o
);
  localparam int PlaceW = $clog2(Places);

  logic [Places-1:0] used_q;
  logic [7:0] func_q[Places];
  logic [47:0] until_q[Places];
  logic [PlaceW-1:0] look_q, place;
  logic [47:0] left;
  logic over, put;

  // One blame at a time. A source has no other while one waits: each stands for many cycles.
  logic [1:0] wait_q;
  logic [7:0] wait_func_q[2];
  logic [CyclesW-1:0] wait_cycles_q[2];
  logic who;
  logic [7:0] func;
  logic [47:0] time_out;
  assign put      = wait_q != 2'b00 && !forget_i && !over;
  assign who      = !wait_q[0];
  assign func     = wait_func_q[who];
  assign time_out = 48'(wait_cycles_q[who]) * 48'(Factor);

  logic known;
  always_comb begin
    known = 1'b0;
    place = look_q;
    for (int p = 0; p < Places; p++) if (!used_q[p]) place = PlaceW'(p);
    for (int p = 0; p < Places; p++)
      if (used_q[p] && func_q[p] == func) begin
        known = 1'b1;
        place = PlaceW'(p);
      end
  end

  // The places are looked at in turn.
  assign left         = until_q[look_q] - now_i;
  assign over         = used_q[look_q] && (left == 48'd0 || left >= snic_pkg::HalfTime) && !forget_i;
  assign free_valid_o = over;
  assign free_func_o  = func_q[look_q];
  assign idle_o       = used_q == '0 && wait_q == 2'b00 && look_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      used_q  <= '0;
      boxed_o <= '0;
      look_q  <= '0;
      wait_q  <= 2'b00;
    end else begin
      if (put) wait_q[who] <= 1'b0;
      if (blame_i[0]) wait_q[0] <= 1'b1;
      if (blame_i[1]) wait_q[1] <= 1'b1;
      if (used_q == '0) look_q <= '0;
      else if (!over || free_ready_i) look_q <= look_q + 1'b1;
      if (over && free_ready_i) begin
        used_q[look_q]              <= 1'b0;
        boxed_o[func_q[look_q]]     <= 1'b0;
      end
      if (put && (known || used_q != '1)) begin
        used_q[place] <= 1'b1;
        boxed_o[func] <= 1'b1;
      end
      if (forget_i) begin
        boxed_o[forget_func_i] <= 1'b0;
        for (int p = 0; p < Places; p++) if (func_q[p] == forget_func_i) used_q[p] <= 1'b0;
      end
    end
    if (blame_i[0]) begin
      wait_func_q[0]   <= blame_func0_i;
      wait_cycles_q[0] <= blame_cycles0_i;
    end
    if (blame_i[1]) begin
      wait_func_q[1]   <= blame_func1_i;
      wait_cycles_q[1] <= blame_cycles1_i;
    end
    if (put && (known || used_q != '1)) begin
      func_q[place]  <= func;
      until_q[place] <= (known ? until_q[place] : now_i) + time_out;
    end
  end
endmodule
