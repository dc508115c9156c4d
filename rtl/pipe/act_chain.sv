// SPDX-License-Identifier: BSD-2-Clause
// The actions of a frame, one a stage, in order. A stage holds one instance of each action; those whose
// number is not in its slot of the list change nothing. To add an action: a file in act/, an instance here.
module act_chain #(
    parameter int UserW = 8
) (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic                 en_i,        // all stages advance
    input  logic                 valid_i,
    input  logic [UserW-1:0]     user_i,      // goes along
    input  logic [127:0]         act_i,       // N_ACTION actions, the first in the low bits
    input  logic                 has_vlan_i,  // as received
    input  logic                 push_i,      // port VLAN of the sender
    input  logic                 replace_i,   // ... in the place of the tag as received
    input  logic [15:0]          push_tci_i,
    output logic                 valid_o,
    output logic [UserW-1:0]     user_o,
    output logic                 drop_o,
    output logic                 fwd_o,
    output logic [8:0]           fwd_vport_o,
    output logic                 mir_o,
    output logic [8:0]           mir_vport_o,
    output logic [3:0]           count_o,     // shared counters named by the list: bit i, index i
    output logic [31:0]          count_idx_o,
    output logic                 pop_o,
    output logic                 push_o,
    output logic [15:0]          push_tci_o,
    output logic [23:0]          mark_o
);
  localparam int Stages = snic_contract_pkg::N_ACTION;

  for (genvar k = 0; k < Stages; k++) begin : g_stage
    // x: what the stage gets; x_d: what it makes of it; x_q: that, registered
    logic valid, valid_q;
    logic [7:0] op;
    logic count_d, pop_push;
    logic [UserW-1:0] user, user_q;
    logic [127:0] act, act_q;  // the last stage leaves nothing to do
    logic has_vlan, has_vlan_q;
    logic drop, drop_d, drop_q;
    logic fwd, fwd_d, fwd_q;
    logic [8:0] fwd_vport, fwd_vport_d, fwd_vport_q;
    logic mir, mir_d, mir_q;
    logic [8:0] mir_vport, mir_vport_d, mir_vport_q;
    logic [3:0] count, count_q;
    logic [31:0] count_idx, count_idx_q;
    logic pop, pop_d, pop_q;
    logic push, push_d, push_q;
    logic [15:0] push_tci, push_tci_d, push_tci_q;
    logic [23:0] mark, mark_d, mark_q;

    if (k == 0) begin : g_in
      assign valid = valid_i;
      assign user      = user_i;
      assign act       = act_i;
      assign has_vlan    = has_vlan_i;
      assign drop      = 1'b0;
      assign fwd       = 1'b0;
      assign fwd_vport = '0;
      assign mir       = 1'b0;
      assign mir_vport = '0;
      assign count     = '0;
      assign count_idx = '0;
      assign pop       = replace_i;
      assign push      = push_i;
      assign push_tci  = push_tci_i;
      assign mark      = '0;
    end else begin : g_in
      assign valid     = g_stage[k-1].valid_q;
      assign user      = g_stage[k-1].user_q;
      assign act       = g_stage[k-1].act_q;
      assign has_vlan    = g_stage[k-1].has_vlan_q;
      assign drop      = g_stage[k-1].drop_q;
      assign fwd       = g_stage[k-1].fwd_q;
      assign fwd_vport = g_stage[k-1].fwd_vport_q;
      assign mir       = g_stage[k-1].mir_q;
      assign mir_vport = g_stage[k-1].mir_vport_q;
      assign count     = g_stage[k-1].count_q;
      assign count_idx = g_stage[k-1].count_idx_q;
      assign pop       = g_stage[k-1].pop_q;
      assign push      = g_stage[k-1].push_q;
      assign push_tci  = g_stage[k-1].push_tci_q;
      assign mark      = g_stage[k-1].mark_q;
    end

    assign op = act[7:0];
    act_drop u_drop (.op_i(op), .drop_i(drop), .drop_o(drop_d));
    act_fwd u_fwd (
        .op_i(op), .vport_i(act[16:8]), .fwd_i(fwd), .fwd_vport_i(fwd_vport), .fwd_o(fwd_d),
        .fwd_vport_o(fwd_vport_d)
    );
    act_mirror u_mirror (
        .op_i(op), .vport_i(act[16:8]), .mir_i(mir), .mir_vport_i(mir_vport), .mir_o(mir_d),
        .mir_vport_o(mir_vport_d)
    );
    act_count u_count (.op_i(op), .count_o(count_d));
    act_vlan_pop u_pop (
        .op_i(op), .has_vlan_i(has_vlan), .pop_i(pop), .push_i(push), .pop_o(pop_d), .push_o(pop_push)
    );
    act_vlan_push u_push (
        .op_i(op), .tci_i(act[23:8]), .push_i(pop_push), .push_tci_i(push_tci), .push_o(push_d),
        .push_tci_o(push_tci_d)
    );
    act_mark u_mark (.op_i(op), .arg_i(act[31:8]), .mark_i(mark), .mark_o(mark_d));

    always_ff @(posedge clk_i) begin
      if (!rst_ni) valid_q <= 1'b0;
      else if (en_i) valid_q <= valid;
      if (en_i && valid) begin
        user_q      <= user;
        // END ends the list: nothing behind it is an action.
        act_q       <= op == 8'(snic_contract_pkg::ACT_END) ? '0 : {32'd0, act[127:32]};
        has_vlan_q    <= has_vlan;
        drop_q      <= drop_d;
        fwd_q       <= fwd_d;
        fwd_vport_q <= fwd_vport_d;
        mir_q       <= mir_d;
        mir_vport_q <= mir_vport_d;
        count_q     <= count | (4'(count_d) << k);
        count_idx_q <= count_idx | (32'(act[15:8]) << (8 * k));
        pop_q       <= pop_d;
        push_q      <= push_d;
        push_tci_q  <= push_tci_d;
        mark_q      <= mark_d;
      end
    end
  end

  assign valid_o     = g_stage[Stages-1].valid_q;
  assign user_o      = g_stage[Stages-1].user_q;
  assign drop_o      = g_stage[Stages-1].drop_q;
  assign fwd_o       = g_stage[Stages-1].fwd_q;
  assign fwd_vport_o = g_stage[Stages-1].fwd_vport_q;
  assign mir_o       = g_stage[Stages-1].mir_q;
  assign mir_vport_o = g_stage[Stages-1].mir_vport_q;
  assign count_o     = g_stage[Stages-1].count_q;
  assign count_idx_o = g_stage[Stages-1].count_idx_q;
  assign pop_o       = g_stage[Stages-1].pop_q;
  assign push_o      = g_stage[Stages-1].push_q;
  assign push_tci_o  = g_stage[Stages-1].push_tci_q;
  assign mark_o      = g_stage[Stages-1].mark_q;
endmodule
