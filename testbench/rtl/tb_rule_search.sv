// SPDX-License-Identifier: BSD-2-Clause
// rule_search with the store of whole keys that it reads them from.
module tb_rule_search (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  logic                      wen_i,
    input  logic [5:0]                waddr_i,
    input  logic                      mask_wen_i,
    input  logic [3:0]                mask_idx_i,
    input  logic                      enable_wen_i,
    input  logic [15:0]               enable_i,
    input  logic                      rule_wen_i,
    input  logic [11:0]               rule_i,
    input  logic [15:0]               rule_prio_i,
    input  logic [3:0]                rule_mask_i,
    input  logic                      slot_wen_i,
    input  logic                      slot_tbl_i,
    input  logic [9:0]                slot_set_i,
    input  logic [1:0]                slot_way_i,
    input  logic [31:0]               slot_i,
    input  logic [snic_pkg::KeyW-1:0] key_i,       // of a frame, a rule, a mask
    output logic                      enabled_o,
    input  logic                      valid_i,
    input  logic [5:0]                idx_i,
    output logic                      valid_o,
    output logic [5:0]                idx_o,
    output logic                      found_o,
    output logic [11:0]               rule_o,
    output logic                      busy_o,
    output logic                      init_done_o
);
  logic key_ren;
  logic [5:0] key_idx;
  logic [snic_pkg::KeyW-1:0] key, keys[64];

  always_ff @(posedge clk_i) begin
    if (wen_i) keys[waddr_i] <= key_i;
    if (key_ren) key <= keys[key_idx];
  end

  rule_search u_dut (
      .clk_i, .rst_ni, .wen_i, .waddr_i, .wkey_i(key_i), .mask_wen_i, .mask_idx_i, .enable_wen_i, .enable_i, .rule_wen_i,
      .rule_i, .rule_prio_i, .rule_mask_i, .slot_wen_i, .slot_tbl_i, .slot_set_i, .slot_way_i, .slot_i, .cfg_key_i(key_i),
      .enabled_o, .valid_i, .idx_i, .key_ren_o(key_ren), .key_idx_o(key_idx), .key_i(key), .valid_o, .idx_o, .found_o, .rule_o,
      .busy_o, .init_done_o
  );
endmodule
