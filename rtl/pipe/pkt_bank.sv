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

  always_ff @(posedge clk_i) begin
    if (rena_i) rdataa_o <= mem[raddra_i];
    if (renb_i) rdatab_o <= mem[raddrb_i];
  end

  // Synthesis needs one write a byte to find the RAM's byte enables. In simulation these would cost 64
  // pending-write slots each cycle, used or not; so there a partial write is one write of the merged word.
`ifdef VERILATOR
  function automatic logic [511:0] merge(input logic [511:0] old, input logic [511:0] data,
                                         input logic [63:0] be);
    for (int i = 0; i < 16; i++) begin
      logic [31:0] m;
      m = {{8{be[4*i+3]}}, {8{be[4*i+2]}}, {8{be[4*i+1]}}, {8{be[4*i]}}};
      merge[32*i+:32] = (old[32*i+:32] & ~m) | (data[32*i+:32] & m);
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (wen_i) begin
      if (&wbe_i) mem[waddr_i] <= wdata_i;
      else mem[waddr_i] <= merge(mem[waddr_i], wdata_i, wbe_i);
    end
  end
`else
  for (genvar i = 0; i < 64; i++) begin : g_byte
    always @(posedge clk_i) if (wen_i && wbe_i[i]) mem[waddr_i][8*i+:8] <= wdata_i[8*i+:8];
  end
`endif
endmodule
