// SPDX-License-Identifier: BSD-2-Clause
// A small flow_exact (four sets, 64 entries) behind a register file of keys, so that sets are full and tags are met again.
module tb_flow_exact (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  logic                      key_wen_i,
    input  logic [2:0]                key_idx_i,
    input  logic                      entry_wen_i,
    input  logic [15:0]               entry_i,
    input  logic [snic_pkg::KeyW-1:0] cfg_key_i,   // of a frame, or of an entry
    input  logic                      slot_wen_i,
    input  logic                      slot_tbl_i,
    input  logic [1:0]                slot_set_i,
    input  logic [1:0]                slot_way_i,
    input  logic [31:0]               slot_i,
    input  logic                      valid_i,
    input  logic                      look_i,
    input  logic [2:0]                idx_i,
    input  logic [31:0]               b_i,
    input  logic [31:0]               c_i,
    output logic                      valid_o,
    output logic [2:0]                idx_o,
    output logic                      look_o,
    output logic [31:0]               hash_o,
    output logic                      hit_o,
    output logic [15:0]               entry_o,
    output logic                      init_done_o
);
  logic key_ren;
  logic [2:0] key_idx;
  logic [snic_pkg::KeyW-1:0] key, keys[8];

  always_ff @(posedge clk_i) begin
    if (key_wen_i) keys[key_idx_i] <= cfg_key_i;
    if (key_ren) key <= keys[key_idx];
  end

  flow_exact #(
      .Depth(8), .SetsLog2(2), .Entries(64)
  ) u_dut (
      .clk_i, .rst_ni, .entry_wen_i, .entry_i, .entry_key_i(cfg_key_i), .slot_wen_i, .slot_tbl_i, .slot_set_i,
      .slot_way_i, .slot_i, .valid_i, .look_i, .idx_i, .b_i, .c_i, .key_ren_o(key_ren), .key_idx_o(key_idx),
      .key_i(key), .valid_o, .idx_o, .look_o, .hash_o, .hit_o, .entry_o, .init_done_o
  );
endmodule
