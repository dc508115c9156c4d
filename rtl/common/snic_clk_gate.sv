// SPDX-License-Identifier: BSD-2-Clause
// Integrated clock gate: the block behind it has a clock edge only where en_i was high before the edge. In silicon the
// library's cell takes this module's place; an FPGA takes a clock buffer with enable, or leaves the clock alone.
module snic_clk_gate (
    input  logic clk_i,
    input  logic en_i,
    output logic clk_o
);
  logic en_q;
  always_latch if (!clk_i) en_q = en_i;
  assign clk_o = clk_i && en_q;
endmodule
