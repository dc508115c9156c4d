// SPDX-License-Identifier: BSD-2-Clause
// Exact match: slot tables give a candidate, the entry RAM its full key. A frame a cycle; in order.
module flow_exact #(
    parameter int Depth    = 64,  // frames in flight
    parameter int SetsLog2 = snic_contract_pkg::FLOW_SETS_LOG2,
    parameter int Entries  = snic_contract_pkg::FLOW_ENTRIES,
    parameter int IdxW     = $clog2(Depth)
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  logic                      entry_wen_i,
    input  logic [15:0]               entry_i,
    input  logic [snic_pkg::KeyW-1:0] entry_key_i,
    input  logic                      slot_wen_i,
    input  logic                      slot_tbl_i,
    input  logic [SetsLog2-1:0]       slot_set_i,
    input  logic [1:0]                slot_way_i,
    input  logic [31:0]               slot_i,
    input  logic                      valid_i,
    input  logic                      look_i,    // 0: passes as a miss
    input  logic [IdxW-1:0]           idx_i,
    input  logic [31:0]               b_i,
    input  logic [31:0]               c_i,
    output logic                      key_ren_o, // key of the frame, one cycle later on key_i
    output logic [IdxW-1:0]           key_idx_o,
    input  logic [snic_pkg::KeyW-1:0] key_i,
    output logic                      valid_o,
    output logic [IdxW-1:0]           idx_o,
    output logic                      look_o,
    output logic [31:0]               hash_o,    // {c[15:0], b[31:16]}, for the cache
    output logic                      hit_o,
    output logic [15:0]               entry_o,
    output logic                      init_done_o
);
  localparam int EntryW = $clog2(Entries);

  typedef struct packed {
    logic [IdxW-1:0] idx;
    logic            look;
    logic [31:0]     hash;
  } user_t;
  user_t in_user, s0_user, s1_user_q, s2_user_q;

  assign in_user.idx  = idx_i;
  assign in_user.look = look_i;
  assign in_user.hash = {c_i[15:0], b_i[31:16]};

  logic s0_valid, s0_cand, s0_last;
  logic [15:0] s0_entry;

  slot_lookup #(
      .SetsLog2(SetsLog2),
      .UserW   ($bits(in_user)),
      .Depth   (Depth)
  ) u_slots (
      .clk_i,
      .rst_ni,
      .wen_i  (slot_wen_i),
      .wtbl_i (slot_tbl_i),
      .wset_i (slot_set_i),
      .wway_i (slot_way_i),
      .wslot_i(slot_i),
      .valid_i,
      .look_i,
      .user_i (in_user),
      .b_i,
      .c_i,
      .valid_o(s0_valid),
      .user_o (s0_user),
      .cand_o (s0_cand),
      .entry_o(s0_entry),
      .last_o (s0_last),
      .init_done_o
  );

  logic [snic_pkg::KeyW-1:0] entry_key;
  assign key_ren_o = s0_valid && s0_cand;
  assign key_idx_o = s0_user.idx;

  snic_ram #(
      .Width(snic_pkg::KeyW),
      .Depth(Entries)
  ) u_keys (
      .clk_i,
      .wen_i  (entry_wen_i),
      .waddr_i(entry_i[EntryW-1:0]),
      .wdata_i(entry_key_i),
      .ren_i  (key_ren_o),
      .raddr_i(s0_entry[EntryW-1:0]),
      .rdata_o(entry_key)
  );

  logic s1_valid_q, s1_cand_q, s1_last_q, s2_valid_q, s2_match_q, s2_last_q, found_q;
  logic [15:0] s1_entry_q, s2_entry_q, found_entry_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      s2_valid_q <= 1'b0;
      found_q    <= 1'b0;
    end else begin
      s1_valid_q <= s0_valid;
      s2_valid_q <= s1_valid_q;
      if (s2_valid_q) found_q <= !s2_last_q && s2_match_q;
    end
    if (s0_valid) begin
      s1_user_q  <= s0_user;
      s1_cand_q  <= s0_cand;
      s1_last_q  <= s0_last;
      s1_entry_q <= s0_entry;
    end
    if (s1_valid_q) begin
      s2_user_q  <= s1_user_q;
      s2_match_q <= s1_cand_q && entry_key == key_i;
      s2_last_q  <= s1_last_q;
      s2_entry_q <= s1_entry_q;
    end
    if (s2_valid_q) found_entry_q <= s2_entry_q;
  end

  // found_q: the first of two candidates was it.
  assign valid_o = s2_valid_q && s2_last_q;
  assign idx_o   = s2_user_q.idx;
  assign look_o  = s2_user_q.look;
  assign hash_o  = s2_user_q.hash;
  assign hit_o   = s2_match_q || found_q;
  assign entry_o = found_q ? found_entry_q : s2_entry_q;
endmodule
