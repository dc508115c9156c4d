// SPDX-License-Identifier: BSD-2-Clause
// RAM with one write and one read port; read data one cycle after ren_i. A read of the address that is written in the
// same cycle returns the old word. Contents are undefined after power-up: the owner clears what it needs.
module snic_ram #(
    parameter int Width = 32,
    parameter int Depth = 16,
    parameter int AddrW = $clog2(Depth)
) (
    input  logic             clk_i,
    input  logic             wen_i,
    input  logic [AddrW-1:0] waddr_i,
    input  logic [Width-1:0] wdata_i,
    input  logic             ren_i,
    input  logic [AddrW-1:0] raddr_i,
    output logic [Width-1:0] rdata_o
);
  logic [Width-1:0] mem[Depth];

  // The RAM is looked at in this block only, the read before the write: so its write may be a blocking one. Not blocking, it
  // costs a simulator a second copy of the word, and the question whether one is pending in each cycle.
  always @(posedge clk_i) begin
    if (ren_i) rdata_o <= mem[raddr_i];
    if (wen_i) mem[waddr_i] = wdata_i;
  end

`ifndef SYNTHESIS
  if (Width < 1 || Depth < 2 || AddrW < $clog2(Depth))
    $fatal(1, "snic_ram: %0d words of %0d bits by %0d address bits", Depth, Width, AddrW);
`endif
endmodule
