// SPDX-License-Identifier: BSD-2-Clause
// (VLAN, MAC) -> vport. Two tables of 2^MAC_SETS_LOG2 sets x MAC_WAYS slots that hold the whole key. The hash
// is that of jhash_round over two dwords, mac[31:0] and {4'd0, vid, mac[47:32]}, with JHASH_SEED_MAC; T0 set
// = low bits of c, T1 set = low bits of b. A lookup a cycle, answered four cycles later.
// The wire ports are switches of their own, and an address on a VLAN may be known on both: the answer has a vport and,
// if the table names another one for the same key, that one, too.
module mac_table #(
    parameter int UserW = 6
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  snic_pkg::mac_wr_t  mac_wr_i,
    input  logic               valid_i,
    input  logic [UserW-1:0]   user_i,
    input  logic [11:0]        vid_i,
    input  logic [47:0]        mac_i,
    output logic               valid_o,
    output logic [UserW-1:0]   user_o,
    output logic               hit_o,
    output logic [8:0]         vport_o,
    output logic               other_hit_o,
    output logic [8:0]         other_vport_o,
    output logic               init_done_o
);
  localparam int SetW = snic_contract_pkg::MAC_SETS_LOG2;
  localparam int Ways = snic_contract_pkg::MAC_WAYS;
  localparam logic [31:0] Init = 32'hdeadbeef + 32'd8 + 32'(snic_contract_pkg::JHASH_SEED_MAC);

  logic s1_valid_q, s2_valid_q, s3_valid_q;
  logic [UserW-1:0] s1_user_q, s2_user_q, s3_user_q;
  logic [59:0] s1_key_q, s2_key_q;
  logic [95:0] abc;  // a set number needs a few bits of b and c
  logic [SetW:0] sweep_q;
  logic [2*Ways-1:0] hit_q;
  logic [8:0] slot_vport_q[2*Ways];

  assign init_done_o = sweep_q[SetW];

  jhash_round #(
      .Final(1'b1)
  ) u_hash (
      .clk_i,
      .valid_i,
      .abc_i({3{Init}}),
      .k_i  ({32'd0, 4'd0, vid_i, mac_i}),
      .abc_o(abc)
  );

  for (genvar i = 0; i < 2 * Ways; i++) begin : g_slot
    logic mine, hit;
    logic [69:0] slot;
    assign mine = mac_wr_i.valid && mac_wr_i.tbl == (i >= Ways) && mac_wr_i.way == 2'(i % Ways);
    snic_ram #(
        .Width(70),
        .Depth(1 << SetW)
    ) u_ram (
        .clk_i,
        .wen_i  (!init_done_o || mine),
        .waddr_i(init_done_o ? mac_wr_i.set_idx : sweep_q[SetW-1:0]),
        .wdata_i(init_done_o ? {mac_wr_i.en, mac_wr_i.vport, mac_wr_i.key} : '0),
        .ren_i  (s1_valid_q),
        .raddr_i(i < Ways ? abc[64+:SetW] : abc[32+:SetW]),
        .rdata_o(slot)
    );
    assign hit = slot[69] && slot[59:0] == s2_key_q;
    always_ff @(posedge clk_i) begin
      if (s2_valid_q) begin
        hit_q[i]        <= hit;
        slot_vport_q[i] <= slot[68:60];
      end
    end
  end

  always_ff @(posedge clk_i) begin : p_answer
    logic [2*Ways-1:0] first, differs, second;
    logic [8:0] vport, other;
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      s2_valid_q <= 1'b0;
      s3_valid_q <= 1'b0;
      valid_o    <= 1'b0;
      sweep_q    <= '0;
    end else begin
      s1_valid_q <= valid_i;
      s2_valid_q <= s1_valid_q;
      s3_valid_q <= s2_valid_q;
      valid_o    <= s3_valid_q;
      if (!init_done_o) sweep_q <= sweep_q + 1'b1;
    end
    if (valid_i) begin
      s1_user_q <= user_i;
      s1_key_q  <= {vid_i, mac_i};
    end
    if (s1_valid_q) begin
      s2_user_q <= s1_user_q;
      s2_key_q  <= s1_key_q;
    end
    if (s2_valid_q) s3_user_q <= s2_user_q;
    if (s3_valid_q) begin
      first = hit_q & (~hit_q + 1'b1);
      vport = '0;
      for (int i = 0; i < 2 * Ways; i++) if (first[i]) vport = slot_vport_q[i];
      // An entry that is being moved is there twice, with the same vport: so not the second hit, but the second vport.
      differs = '0;
      other   = '0;
      if (hit_q != first) begin
        for (int i = 0; i < 2 * Ways; i++) differs[i] = hit_q[i] && slot_vport_q[i] != vport;
        second = differs & (~differs + 1'b1);
        for (int i = 0; i < 2 * Ways; i++) if (second[i]) other = slot_vport_q[i];
      end
      user_o        <= s3_user_q;
      hit_o         <= |hit_q;
      vport_o       <= vport;
      other_hit_o   <= |differs;
      other_vport_o <= other;
    end
  end
endmodule
