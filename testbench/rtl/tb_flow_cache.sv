// SPDX-License-Identifier: BSD-2-Clause
// A small flow_cache (two sets, generations 1 to 3) behind a register-file of keys, so that a test sees full sets, and
// generation numbers that come round.
module tb_flow_cache (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        kill_i,
    input  logic        valid_i,
    input  logic [5:0]  idx_i,
    input  logic [31:0] hash_i,
    input  logic        fill_valid_i,
    input  logic [5:0]  fill_idx_i,
    input  logic [16:0] fill_place_i,
    input  logic [12:0] fill_value_i,
    output logic        valid_o,
    output logic        found_o,
    output logic [12:0] value_o,
    output logic [16:0] place_o,
    output logic        idle_o,
    output logic        init_done_o
);
  logic key_ren, fill_ren, look, hit;
  logic [5:0] key_idx, fill_idx, idx;
  logic [15:0] entry;
  logic [snic_pkg::KeyW-1:0] key, fill_key;

  // the key of index i is i in every dword
  always_ff @(posedge clk_i) begin
    if (key_ren) key <= {24{26'd0, key_idx}};
    if (fill_ren) fill_key <= {24{26'd0, fill_idx}};
  end

  flow_cache #(
      .SetsLog2(1),
      .GenW    (2)
  ) u_dut (
      .clk_i, .rst_ni, .kill_i, .valid_i, .look_i(1'b1), .idx_i, .hash_i, .hit_i(1'b0), .entry_i(16'd0),
      .key_ren_o(key_ren), .key_idx_o(key_idx), .key_i(key), .valid_o, .look_o(look), .idx_o(idx), .hit_o(hit),
      .entry_o(entry), .found_o, .value_o, .place_o, .fill_valid_i, .fill_idx_i, .fill_place_i, .fill_value_i,
      .fill_ren_o(fill_ren), .fill_idx_o(fill_idx), .fill_key_i(fill_key), .idle_o, .init_done_o
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && valid_o && (!look || hit || entry != '0)) $error("tb_flow_cache: %0d changed on the way", idx);
  end
endmodule
