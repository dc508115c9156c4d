// SPDX-License-Identifier: BSD-2-Clause
// Whole keys of the frames in flight, one read port for each of those who compare or copy them.
module key_store #(
    parameter int Depth = 64,
    parameter int IdxW  = $clog2(Depth)
) (
    input  logic                      clk_i,
    input  logic                      wen_i,
    input  logic [IdxW-1:0]           waddr_i,
    input  logic [snic_pkg::KeyW-1:0] wdata_i,
    input  logic                      exact_ren_i,
    input  logic [IdxW-1:0]           exact_idx_i,
    output logic [snic_pkg::KeyW-1:0] exact_key_o,
    input  logic                      cache_ren_i,
    input  logic [IdxW-1:0]           cache_idx_i,
    output logic [snic_pkg::KeyW-1:0] cache_key_o,
    input  logic                      rule_ren_i,
    input  logic [IdxW-1:0]           rule_idx_i,
    output logic [snic_pkg::KeyW-1:0] rule_key_o,
    input  logic                      fill_ren_i,
    input  logic [IdxW-1:0]           fill_idx_i,
    output logic [snic_pkg::KeyW-1:0] fill_key_o
);
  logic [snic_pkg::KeyW-1:0] mem[Depth];

  // As in snic_ram: a blocking write behind the reads.
  always @(posedge clk_i) begin
    if (exact_ren_i) exact_key_o <= mem[exact_idx_i];
    if (cache_ren_i) cache_key_o <= mem[cache_idx_i];
    if (rule_ren_i) rule_key_o <= mem[rule_idx_i];
    if (fill_ren_i) fill_key_o <= mem[fill_idx_i];
    if (wen_i) mem[waddr_i] = wdata_i;
  end
endmodule
