// SPDX-License-Identifier: BSD-2-Clause
// The hashes as they are: both rounds of jhash, and Toeplitz over a flow key.
module tb_hash (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  logic                      round_valid_i,
    input  logic [95:0]               abc_i,
    input  logic [95:0]               k_i,
    output logic [95:0]               mix_o,
    output logic [95:0]               fin_o,
    input  logic [319:0]              rss_key_i,
    input  logic                      valid_i,
    input  logic [5:0]                user_i,
    input  logic [snic_pkg::KeyW-1:0] flow_key_i,
    output logic                      valid_o,
    output logic [5:0]                user_o,
    output logic [31:0]               hash_o
);
  jhash_round #(.Final(1'b0)) u_mix (.clk_i, .valid_i(round_valid_i), .abc_i, .k_i, .abc_o(mix_o));
  jhash_round #(.Final(1'b1)) u_fin (.clk_i, .valid_i(round_valid_i), .abc_i, .k_i, .abc_o(fin_o));
  rss_toeplitz u_rss (
      .clk_i, .rst_ni, .key_i(rss_key_i), .valid_i, .user_i, .flow_key_i, .valid_o, .user_o, .hash_o
  );
endmodule
