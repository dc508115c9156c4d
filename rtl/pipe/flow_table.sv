// SPDX-License-Identifier: BSD-2-Clause
// Key -> entry: exact match, else the flow cache, else the masked search. Frames leave in order: what is
// found at once waits behind a search in a FIFO. There is no back-pressure inside: the user lets at most
// Depth frames in.
module flow_table #(
    parameter int Depth = 64,
    parameter int IdxW  = $clog2(Depth)
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    // frames in; idx_i is free again when the frame has left by res_*
    input  logic                      valid_i,
    input  logic [IdxW-1:0]           idx_i,
    input  logic [snic_pkg::KeyW-1:0] key_i,
    output logic [IdxW-1:0]           chk_idx_o,   // a frame that ingress_check refused is not looked up
    input  logic                      chk_drop_i,
    // tables: one strobe at a time, with no frame inside
    input  logic                      entry_wen_i,
    input  logic                      slot_wen_i,
    input  logic                      rule_wen_i,
    input  logic                      rule_slot_wen_i,
    input  logic                      mask_wen_i,
    input  logic                      enable_wen_i,
    input  logic [17:0]               arg_i,
    input  logic [31:0]               slot_i,
    input  logic [snic_pkg::KeyW-1:0] cfg_key_i,
    // results
    output logic                      res_valid_o,
    input  logic                      res_ready_i,
    output logic [IdxW-1:0]           res_idx_o,
    output logic [1:0]                res_hit_o,      // HIT_*
    output logic                      res_cached_o,   // answered by the cache, a rule or none
    output logic                      res_searched_o,
    output logic [16:0]               res_entry_o,    // entry id: exact, or FLOW_ENTRIES + rule
    output logic                      search_wait_o,  // the oldest frame waits for its search
    output logic                      search_busy_o,
    output logic                      cache_idle_o,
    output logic                      init_done_o
);
  localparam int PlaceW = snic_contract_pkg::CACHE_SETS_LOG2 + 16;
  localparam int FlowSets = snic_contract_pkg::FLOW_SETS_LOG2;

  logic h_valid, last_unused;
  logic [3:0] mask_unused;
  logic [IdxW:0] order_unused, answers_unused;
  logic [IdxW-1:0] h_idx;
  logic [31:0] h_b, h_c;
  logic x_valid, x_look, x_hit, c_valid, c_look, c_hit, c_found;
  logic [IdxW-1:0] x_idx, c_idx;
  logic [31:0] x_hash;
  logic [15:0] x_entry, c_entry;
  logic [12:0] c_value;
  logic [PlaceW-1:0] c_place;
  logic s_valid, s_found, search, rules;
  logic [IdxW-1:0] s_idx;
  logic [11:0] s_rule;
  logic x_ren, c_ren, r_ren, f_ren;
  logic [IdxW-1:0] x_ren_idx, c_ren_idx, r_ren_idx, f_ren_idx;
  logic [snic_pkg::KeyW-1:0] x_key, c_key, r_key, f_key;
  logic exact_init, cache_init, rule_init;
  logic [PlaceW-1:0] place_mem[Depth];  // where the result of a search goes

  assign init_done_o = exact_init && cache_init && rule_init;

  key_store #(.Depth(Depth)) u_store (
      .clk_i, .wen_i(valid_i), .waddr_i(idx_i), .wdata_i(key_i),
      .exact_ren_i(x_ren), .exact_idx_i(x_ren_idx), .exact_key_o(x_key),
      .cache_ren_i(c_ren), .cache_idx_i(c_ren_idx), .cache_key_o(c_key),
      .rule_ren_i(r_ren), .rule_idx_i(r_ren_idx), .rule_key_o(r_key),
      .fill_ren_i(f_ren), .fill_idx_i(f_ren_idx), .fill_key_o(f_key)
  );

  // The hash reads what was written in an earlier cycle.
  logic in_valid_q;
  logic [IdxW-1:0] in_idx_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) in_valid_q <= 1'b0;
    else in_valid_q <= valid_i;
    if (valid_i) in_idx_q <= idx_i;
  end

  flow_hash #(.Depth(Depth)) u_hash (
      .clk_i, .rst_ni, .wen_i(valid_i), .waddr_i(idx_i), .mask_wen_i(1'b0), .mask_waddr_i(4'd0),
      .wkey_i(key_i),
      .mask_wdata_i('0), .valid_i(in_valid_q), .idx_i(in_idx_q), .mask_i(4'd0), .last_i(1'b0),
      .valid_o(h_valid),
      .idx_o(h_idx), .mask_o(mask_unused), .last_o(last_unused), .b_o(h_b), .c_o(h_c)
  );
  assign chk_idx_o = h_idx;

  // What the operation's words say, each as its operation has it.
  snic_contract_pkg::flow_at_t flow_at;
  snic_contract_pkg::rule_at_t rule_at;
  snic_contract_pkg::rule_prio_t rule_prio;
  snic_contract_pkg::mask_set_t mask_set;
  assign flow_at   = {6'd0, arg_i};
  assign rule_at   = {6'd0, arg_i};
  assign rule_prio = slot_i;
  assign mask_set  = slot_i;

  flow_exact #(.Depth(Depth)) u_exact (
      .clk_i, .rst_ni, .entry_wen_i, .entry_i(arg_i[15:0]), .entry_key_i(cfg_key_i), .slot_wen_i,
      .slot_tbl_i(flow_at.tbl), .slot_set_i(flow_at.set_idx[FlowSets-1:0]), .slot_way_i(flow_at.way[1:0]), .slot_i,
      .valid_i(h_valid), .look_i(!chk_drop_i), .idx_i(h_idx), .b_i(h_b), .c_i(h_c),
      .key_ren_o(x_ren), .key_idx_o(x_ren_idx), .key_i(x_key),
      .valid_o(x_valid), .idx_o(x_idx), .look_o(x_look), .hash_o(x_hash), .hit_o(x_hit), .entry_o(x_entry),
      .init_done_o(exact_init)
  );

  // Without an enabled mask a miss is a miss: no cache, no search.
  flow_cache #(.Depth(Depth)) u_cache (
      .clk_i, .rst_ni, .kill_i(rule_wen_i || rule_slot_wen_i || mask_wen_i || enable_wen_i),
      .valid_i(x_valid), .look_i(x_look && !x_hit && rules), .idx_i(x_idx), .hash_i(x_hash), .hit_i(x_hit),
      .entry_i(x_entry), .key_ren_o(c_ren), .key_idx_o(c_ren_idx), .key_i(c_key),
      .valid_o(c_valid), .look_o(c_look), .idx_o(c_idx), .hit_o(c_hit), .entry_o(c_entry), .found_o(c_found),
      .value_o(c_value), .place_o(c_place),
      .fill_valid_i(s_valid), .fill_idx_i(s_idx), .fill_place_i(place_mem[s_idx]),
      .fill_value_i({s_found, s_rule}),
      .fill_ren_o(f_ren), .fill_idx_o(f_ren_idx), .fill_key_i(f_key), .idle_o(cache_idle_o),
      .init_done_o(cache_init)
  );

  assign search = c_valid && c_look && !c_found;

  rule_search #(.Depth(Depth)) u_search (
      .clk_i, .rst_ni, .wen_i(valid_i), .waddr_i(idx_i), .wkey_i(key_i), .mask_wen_i, .mask_idx_i(arg_i[3:0]),
      .enable_wen_i, .enable_i(mask_set.masks), .rule_wen_i, .rule_i(arg_i[11:0]), .rule_prio_i(rule_prio.prio),
      .rule_mask_i(rule_prio.mask), .slot_wen_i(rule_slot_wen_i), .slot_tbl_i(rule_at.tbl),
      .slot_set_i(rule_at.set_idx),
      .slot_way_i(rule_at.way[1:0]), .slot_i, .cfg_key_i, .enabled_o(rules), .valid_i(search), .idx_i(c_idx),
      .key_ren_o(r_ren), .key_idx_o(r_ren_idx), .key_i(r_key), .valid_o(s_valid), .idx_o(s_idx),
      .found_o(s_found),
      .rule_o(s_rule), .busy_o(search_busy_o), .init_done_o(rule_init)
  );

  // In order: what is known at once, and marks where the answer of a search goes.
  localparam int ResW = IdxW + 21;
  logic q_valid, q_ready, a_valid, a_ready, wait_search, known_cached;
  logic [1:0] known_hit;
  logic [16:0] known_entry;
  logic [12:0] answer;

  snic_fifo #(.Width(ResW), .Depth(Depth)) u_order (
      .clk_i, .rst_ni, .valid_i(c_valid), .ready_o(q_ready),
      .data_i({c_idx, search, c_look && c_found,
               c_hit ? 2'(snic_contract_pkg::HIT_EXACT)
                     : c_look && c_found && c_value[12] ? 2'(snic_contract_pkg::HIT_CACHE)
                     : 2'(snic_contract_pkg::HIT_NONE),
               c_hit ? {1'b0, c_entry} : {5'h10, c_value[11:0]}}),
      .valid_o(q_valid), .ready_i(res_valid_o && res_ready_i),
      .data_o({res_idx_o, wait_search, known_cached, known_hit, known_entry}), .count_o(order_unused)
  );
  snic_fifo #(.Width(13), .Depth(Depth)) u_answers (
      .clk_i, .rst_ni, .valid_i(s_valid), .ready_o(a_ready), .data_i({s_found, s_rule}),
      .valid_o(a_valid), .ready_i(q_valid && wait_search && res_ready_i), .data_o(answer),
      .count_o(answers_unused)
  );

  assign res_valid_o    = q_valid && (!wait_search || a_valid);
  assign search_wait_o  = q_valid && wait_search && !a_valid;
  assign res_cached_o   = known_cached;
  assign res_searched_o = wait_search;
  assign res_hit_o      = !wait_search ? known_hit
                          : answer[12] ? 2'(snic_contract_pkg::HIT_RULE) : 2'(snic_contract_pkg::HIT_NONE);
  assign res_entry_o    = wait_search ? {5'h10, answer[11:0]} : known_entry;

  always_ff @(posedge clk_i) begin
    if (search) place_mem[c_idx] <= c_place;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && ((c_valid && !q_ready) || (s_valid && !a_ready)))
      $error("flow_table: more frames than Depth");
  end
`endif
endmodule
