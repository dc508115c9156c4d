// SPDX-License-Identifier: BSD-2-Clause
// Flow table operations. A write goes between frames: admission stops (block_o), the frames inside leave, the
// operation is one write cycle, admission goes on. So no frame ever meets a half-written entry, and counters are
// exact: all frames admitted before the write count for what was, all others for what is. Costs the pipeline's
// length, some 40 cycles, an operation.
// A read of counters goes beside the frames, in a cycle in which none is counted; while it waits for one, one
// cycle in Patience admits no frame, which makes one. Packets, bytes and time are of one moment.
module flow_ops (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  snic_pkg::flow_op_t        flow_op_i,        // key, actions and slot go to the tables directly
    output snic_pkg::flow_rsp_t       flow_rsp_o,
    input  logic                      ready_i,          // tables are initialised
    output logic                      block_o,
    input  logic                      empty_i,          // no frame inside
    output logic                      entry_wen_o,
    output logic                      slot_wen_o,
    output logic                      rule_wen_o,
    output logic                      rule_slot_wen_o,
    output logic                      mask_wen_o,
    output logic                      enable_wen_o,
    output logic                      act_wen_o,
    output logic                      edit_wen_o,
    output logic [16:0]               act_entry_o,      // entry id: of actions, and of counters
    output logic                      cnt_clear_o,
    output logic                      cnt_read_o,
    input  logic                      cnt_taken_i,      // a frame is counted in this cycle
    input  logic                      cnt_valid_i,      // answer to clear and read
    input  logic [143:0]              cnt_i,            // {seen, bytes, pkts}
    output logic                      idle_o
);
  localparam logic [23:0] Flows = 24'(snic_contract_pkg::FLOW_ENTRIES);
  localparam logic [23:0] Rules = 24'(snic_contract_pkg::RULE_ENTRIES);

  localparam int Patience = 16;
  localparam int WaitW = $clog2(Patience);

  typedef enum logic [2:0] {Idle, Drain, Read, Count, Done} state_e;
  state_e state_q;
  snic_contract_pkg::flow_at_t flow_at;
  snic_contract_pkg::rule_at_t rule_at;
  logic way_ok, rule_way_ok;
  logic go, read_go, rule_ok, flow_ok, entry_ok, is_read;
  logic [WaitW-1:0] patience_q;
  logic [47:0] pkts_q, bytes_q, seen_q;

  // An entry that does not exist is not written, and its counters read 0.
  assign flow_ok = flow_op_i.arg < Flows;
  assign rule_ok = flow_op_i.arg < Rules;
  assign entry_ok = flow_op_i.arg < Flows + Rules;
  assign flow_at     = flow_op_i.arg;
  assign rule_at     = flow_op_i.arg;
  assign way_ok      = {29'd0, flow_at.way} < snic_contract_pkg::FLOW_WAYS;
  assign rule_way_ok = {29'd0, rule_at.way} < snic_contract_pkg::FLOW_WAYS;
  assign is_read  = flow_op_i.op == 8'(snic_contract_pkg::FLOP_STAT_READ);
  assign go       = state_q == Drain && empty_i && ready_i;
  assign read_go  = state_q == Read && !cnt_taken_i && ready_i;
  assign cnt_read_o = read_go && entry_ok;

  always_comb begin
    entry_wen_o     = 1'b0;
    slot_wen_o      = 1'b0;
    rule_wen_o      = 1'b0;
    rule_slot_wen_o = 1'b0;
    mask_wen_o      = 1'b0;
    enable_wen_o    = 1'b0;
    act_wen_o       = 1'b0;
    edit_wen_o      = 1'b0;
    cnt_clear_o     = 1'b0;
    act_entry_o     = flow_op_i.arg[16:0];
    if (go) begin
      case (flow_op_i.op)
        8'(snic_contract_pkg::FLOP_ENTRY_SET): begin
          entry_wen_o = flow_ok;
          act_wen_o   = flow_ok;
          cnt_clear_o = flow_ok;
        end
        8'(snic_contract_pkg::FLOP_SLOT_SET):      slot_wen_o = way_ok;
        8'(snic_contract_pkg::FLOP_RULE_SET): begin
          act_entry_o = {5'h10, flow_op_i.arg[11:0]};
          rule_wen_o  = rule_ok;
          act_wen_o   = rule_ok;
          cnt_clear_o = rule_ok;
        end
        8'(snic_contract_pkg::FLOP_RULE_SLOT_SET): rule_slot_wen_o = rule_way_ok;
        8'(snic_contract_pkg::FLOP_MASK_SET):      mask_wen_o = 1'b1;
        8'(snic_contract_pkg::FLOP_MASK_ENABLE):   enable_wen_o = 1'b1;
        8'(snic_contract_pkg::FLOP_ACT_SET):       act_wen_o = flow_ok;
        8'(snic_contract_pkg::FLOP_EDIT_SET):      edit_wen_o = flow_op_i.arg < 24'(snic_contract_pkg::N_EDIT);
        default: ;
      endcase
    end
  end

  assign block_o = is_read ? state_q == Read && patience_q == '0 : state_q != Idle || flow_op_i.valid;
  assign idle_o  = state_q == Idle && !flow_op_i.valid;
  assign flow_rsp_o.done  = state_q == Done;
  assign flow_rsp_o.pkts  = pkts_q;
  assign flow_rsp_o.bytes = bytes_q;
  assign flow_rsp_o.seen  = seen_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q <= Idle;
    end else begin
      case (state_q)
        Idle:    if (flow_op_i.valid) state_q <= is_read ? Read : Drain;
        Drain:   if (go) state_q <= cnt_clear_o ? Count : Done;
        Read:    if (read_go) state_q <= entry_ok ? Count : Done;
        Count:   if (cnt_valid_i) state_q <= Done;
        default: state_q <= Idle;
      endcase
    end
    if (state_q == Idle && flow_op_i.valid) patience_q <= '1;
    else if (state_q == Read) patience_q <= patience_q - 1'b1;
    if (!rst_ni || go || read_go) begin
      pkts_q  <= '0;
      bytes_q <= '0;
      seen_q  <= '0;
    end else if (state_q == Count && cnt_valid_i) begin
      pkts_q  <= cnt_i[47:0];
      bytes_q <= cnt_i[95:48];
      seen_q  <= cnt_i[143:96];
    end
  end
endmodule
