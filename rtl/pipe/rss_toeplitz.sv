// SPDX-License-Identifier: BSD-2-Clause
// Toeplitz hash of the innermost addresses and ports. Input in network order: SIP, DIP, then SPORT, DPORT for
// TCP and UDP that is not a fragment; each set bit n of the input adds key bits n .. n+31. Three stages of up
// to three dwords; IPv4 needs the first only.
module rss_toeplitz #(
    parameter int UserW = 6
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  logic [319:0]              key_i,    // dword 0 in the low bits, its bit 31 is the first
    input  logic                      valid_i,
    input  logic [UserW-1:0]          user_i,
    input  logic [snic_pkg::KeyW-1:0] flow_key_i,
    output logic                      valid_o,
    output logic [UserW-1:0]          user_o,
    output logic [31:0]               hash_o
);
  snic_contract_pkg::key_t k;  // addresses and ports only
  assign k = flow_key_i;

  logic v4, v6, ports;
  assign v4    = k.l3 == 2'(snic_contract_pkg::L3_IPV4);
  assign v6    = k.l3 == 2'(snic_contract_pkg::L3_IPV6);
  assign ports = (k.l4 == 3'(snic_contract_pkg::L4_TCP) || k.l4 == 3'(snic_contract_pkg::L4_UDP)) && !k.frag;

  // 32 input bits (the first is bit 31) against the 63 key bits that start at theirs.
  function automatic logic [31:0] part(input logic [31:0] data, input logic [63:0] key);
    logic [31:0] h;
    h = '0;
    for (int i = 0; i < 32; i++) h = h ^ (key[32+i-:32] & {32{data[i]}});
    part = h;
  endfunction

  // Input dwords 0..8, as many as there are; a stage does three.
  logic [95:0] s1_in1_q, s1_in2_q, s2_in2_q;
  logic [31:0] s1_hash_q, s2_hash_q;
  logic s1_valid_q, s2_valid_q, s1_more_q, s2_more_q;
  logic [UserW-1:0] s1_user_q, s2_user_q;

  always_ff @(posedge clk_i) begin : p_hash
    logic [31:0] port_pair;
    logic [95:0] in0;
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      s2_valid_q <= 1'b0;
      valid_o    <= 1'b0;
    end else begin
      s1_valid_q <= valid_i;
      s2_valid_q <= s1_valid_q;
      valid_o    <= s2_valid_q;
    end
    if (valid_i) begin
      port_pair = ports ? {k.sport, k.dport} : '0;
      in0 = v6 ? k.sip[127:32] : {k.sip[31:0], k.dip[31:0], port_pair};
      s1_user_q <= user_i;
      s1_more_q <= v6;
      s1_hash_q <= '0;
      if (v4 || v6) begin
        s1_hash_q <= part(in0[95:64], {key_i[31:0], key_i[63:32]}) ^ part(in0[63:32], {key_i[63:32],
        key_i[95:64]})
                     ^ part(in0[31:0], {key_i[95:64], key_i[127:96]});
      end
      if (v6) begin
        s1_in1_q <= {k.sip[31:0], k.dip[127:64]};
        s1_in2_q <= {k.dip[63:0], port_pair};
      end
    end
    if (s1_valid_q) begin
      s2_user_q <= s1_user_q;
      s2_more_q <= s1_more_q;
      s2_hash_q <= s1_hash_q;
      if (s1_more_q) begin
        s2_hash_q <= s1_hash_q ^ part(s1_in1_q[95:64], {key_i[127:96], key_i[159:128]})
                     ^ part(s1_in1_q[63:32], {key_i[159:128], key_i[191:160]})
                     ^ part(s1_in1_q[31:0], {key_i[191:160], key_i[223:192]});
        s2_in2_q  <= s1_in2_q;
      end
    end
    if (s2_valid_q) begin
      user_o <= s2_user_q;
      hash_o <= s2_hash_q;
      if (s2_more_q) begin
        hash_o <= s2_hash_q ^ part(s2_in2_q[95:64], {key_i[223:192], key_i[255:224]})
                  ^ part(s2_in2_q[63:32], {key_i[255:224], key_i[287:256]})
                  ^ part(s2_in2_q[31:0], {key_i[287:256], key_i[319:288]});
      end
    end
  end
endmodule
