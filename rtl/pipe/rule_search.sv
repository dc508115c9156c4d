// SPDX-License-Identifier: BSD-2-Clause
// Tuple-space search: for each enabled mask, (key & mask) is looked up in the rule slot tables; the best
// priority of what is found wins, equal priorities the lower rule id. One mask a cycle; answers in order of
// the requests.
module rule_search #(
    parameter int Depth = 64,  // frames in flight
    parameter int IdxW  = $clog2(Depth)
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    // keys of the frames in flight
    input  logic                      wen_i,
    input  logic [IdxW-1:0]           waddr_i,
    input  logic [snic_pkg::KeyW-1:0] wkey_i,
    // tables; written while no search is under way
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
    input  logic [snic_pkg::KeyW-1:0] cfg_key_i,  // mask, or key of the rule
    output logic                      enabled_o,  // some mask is enabled
    input  logic                      valid_i,    // at most Depth requests inside
    input  logic [IdxW-1:0]           idx_i,
    output logic                      key_ren_o,  // key of the frame, one cycle later on key_i
    output logic [IdxW-1:0]           key_idx_o,
    input  logic [snic_pkg::KeyW-1:0] key_i,
    output logic                      valid_o,
    output logic [IdxW-1:0]           idx_o,
    output logic                      found_o,
    output logic [11:0]               rule_o,
    output logic                      busy_o,     // a request goes through its masks
    output logic                      init_done_o
);
  localparam int Window = 32;  // mask lookups under way

  logic [15:0] enable_q;
  assign enabled_o = enable_q != '0;

  // Issue: the enabled masks of one request, then the next request.
  logic req_valid, req_ready, req_pop, issue, first_q, last;
  logic [IdxW-1:0] req_idx;
  logic [15:0] rest_q, todo, todo_next;
  logic [3:0] mask;
  logic [5:0] inside_q;
  logic [IdxW:0] count_unused;
  logic done;

  snic_fifo #(
      .Width(IdxW),
      .Depth(Depth)
  ) u_requests (
      .clk_i,
      .rst_ni,
      .valid_i,
      .ready_o(req_ready),
      .data_i (idx_i),
      .valid_o(req_valid),
      .ready_i(req_pop),
      .data_o (req_idx),
      .count_o(count_unused)
  );

  assign issue     = req_valid && inside_q != 6'(Window);
  assign todo      = first_q ? enable_q : rest_q;
  assign todo_next = todo & (todo - 1'b1);
  assign last      = todo_next == '0;
  assign req_pop   = issue && last;
  assign busy_o    = req_valid;
  always_comb begin
    mask = '0;
    if (req_valid) for (int i = 15; i >= 0; i--) if (todo[i]) mask = 4'(i);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enable_q <= '0;
      first_q  <= 1'b1;
      inside_q <= '0;
    end else begin
      if (enable_wen_i) enable_q <= enable_i;
      if (issue) first_q <= last;
      if (issue != done) inside_q <= issue ? inside_q + 1'b1 : inside_q - 1'b1;
    end
    if (issue) rest_q <= todo_next;
  end

  logic h_valid, h_last;
  logic [IdxW-1:0] h_idx;
  logic [3:0] h_mask;
  logic [31:0] h_b, h_c;

  // Masks are enabled with no frame inside, so a key that is not stored here is not looked for either.
  flow_hash #(
      .Depth (Depth),
      .Masked(1'b1)
  ) u_hash (
      .clk_i,
      .rst_ni,
      .wen_i(wen_i && enabled_o),
      .waddr_i,
      .mask_wen_i,
      .mask_waddr_i(mask_idx_i),
      .wkey_i,
      .mask_wdata_i(cfg_key_i),
      .valid_i     (issue),
      .idx_i       (req_idx),
      .mask_i      (mask),
      .last_i      (last),
      .valid_o     (h_valid),
      .idx_o       (h_idx),
      .mask_o      (h_mask),
      .last_o      (h_last),
      .b_o         (h_b),
      .c_o         (h_c)
  );

  logic s0_valid, s0_cand, s0_lookup_last, s0_last;
  logic [IdxW-1:0] s0_idx;
  logic [3:0] s0_mask;
  logic [15:0] s0_entry;  // a rule id has 12 bits

  slot_lookup #(
      .SetsLog2(snic_contract_pkg::RULE_SETS_LOG2),
      .UserW   (IdxW + 5),
      .Depth   (Window)
  ) u_slots (
      .clk_i,
      .rst_ni,
      .wen_i  (slot_wen_i),
      .wtbl_i (slot_tbl_i),
      .wset_i (slot_set_i),
      .wway_i (slot_way_i),
      .wslot_i(slot_i),
      .valid_i(h_valid),
      .look_i (1'b1),
      .user_i ({h_idx, h_mask, h_last}),
      .b_i    (h_b),
      .c_i    (h_c),
      .valid_o(s0_valid),
      .user_o ({s0_idx, s0_mask, s0_last}),
      .cand_o (s0_cand),
      .entry_o(s0_entry),
      .last_o (s0_lookup_last),
      .init_done_o
  );
  assign done = s0_valid && s0_lookup_last;

  // Verify: the rule's key against the masked key, and its mask against the one searched.
  localparam int RuleW = 20 + snic_pkg::KeyW;
  logic [RuleW-1:0] rule;
  logic [snic_pkg::KeyW-1:0] mask_mem[snic_contract_pkg::RULE_MASKS];
  logic [snic_pkg::KeyW-1:0] mask_q;

  assign key_ren_o = s0_valid && s0_cand;
  assign key_idx_o = s0_idx;

  snic_ram #(
      .Width(RuleW),
      .Depth(snic_contract_pkg::RULE_ENTRIES)
  ) u_rules (
      .clk_i,
      .wen_i  (rule_wen_i),
      .waddr_i(rule_i),
      .wdata_i({rule_prio_i, rule_mask_i, cfg_key_i}),
      .ren_i  (key_ren_o),
      .raddr_i(s0_entry[11:0]),
      .rdata_o(rule)
  );

  logic s1_valid_q, s1_cand_q, s1_last_q, s2_valid_q, s2_match_q, s2_last_q, best_q;
  logic [IdxW-1:0] s1_idx_q, s2_idx_q;
  logic [3:0] s1_mask_q;
  logic [11:0] s1_rule_q, s2_rule_q, best_rule_q;
  logic [15:0] s2_prio_q, best_prio_q;
  logic better;

  assign better = s2_match_q && (!best_q || s2_prio_q > best_prio_q
                                 || (s2_prio_q == best_prio_q && s2_rule_q < best_rule_q));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      s2_valid_q <= 1'b0;
      best_q     <= 1'b0;
      valid_o    <= 1'b0;
    end else begin
      s1_valid_q <= s0_valid;
      s2_valid_q <= s1_valid_q;
      if (s2_valid_q) best_q <= !s2_last_q && (best_q || s2_match_q);
      valid_o <= s2_valid_q && s2_last_q;
    end
    if (mask_wen_i) mask_mem[mask_idx_i] <= cfg_key_i;
    if (s0_valid) begin
      if (s0_cand) mask_q <= mask_mem[s0_mask];
      s1_idx_q  <= s0_idx;
      s1_mask_q <= s0_mask;
      s1_cand_q <= s0_cand;
      s1_last_q <= s0_last && s0_lookup_last;
      s1_rule_q <= s0_entry[11:0];
    end
    if (s1_valid_q) begin
      s2_match_q <= s1_cand_q && rule[snic_pkg::KeyW+:4] == s1_mask_q
                    && rule[snic_pkg::KeyW-1:0] == (key_i & mask_q);
      s2_prio_q  <= rule[snic_pkg::KeyW+4+:16];
      s2_idx_q   <= s1_idx_q;
      s2_last_q  <= s1_last_q;
      s2_rule_q  <= s1_rule_q;
    end
    if (s2_valid_q) begin
      if (better) begin
        best_prio_q <= s2_prio_q;
        best_rule_q <= s2_rule_q;
      end
      if (s2_last_q) begin
        idx_o   <= s2_idx_q;
        found_o <= best_q || s2_match_q;
        rule_o  <= better ? s2_rule_q : best_rule_q;
      end
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && valid_i && !req_ready) $error("rule_search: more requests than Depth");
    if (rst_ni && valid_i && !enabled_o) $error("rule_search: no mask to search");
  end
`endif
endmodule
