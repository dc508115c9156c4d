// SPDX-License-Identifier: BSD-2-Clause
// One bank of a packet buffer's payload RAM: one write with byte enables, two reads (data one cycle later). A
// read of the cell that is written in the same cycle returns the old word.
module pkt_bank #(
    parameter int Depth = 2048,
    parameter int AddrW = $clog2(Depth)
) (
    input  logic             clk_i,
    input  logic             wen_i,
    input  logic [AddrW-1:0] waddr_i,
    input  logic [511:0]     wdata_i,
    input  logic [63:0]      wbe_i,
    input  logic             rena_i,
    input  logic [AddrW-1:0] raddra_i,
    output logic [511:0]     rdataa_o,
    input  logic             renb_i,
    input  logic [AddrW-1:0] raddrb_i,
    output logic [511:0]     rdatab_o
);
  logic [511:0] mem[Depth];

  // The RAM is looked at in this block only, the reads before the write: so its write may be a blocking one. One
  // write a byte is what synthesis finds byte enables in; not blocking, they would cost a simulator 64 pending
  // writes in each cycle, used or not.
  always @(posedge clk_i) begin
    if (rena_i) rdataa_o <= mem[raddra_i];
    if (renb_i) rdatab_o <= mem[raddrb_i];
    if (wen_i) for (int i = 0; i < 64; i++) if (wbe_i[i]) mem[waddr_i][8*i+:8] = wdata_i[8*i+:8];
  end
endmodule
