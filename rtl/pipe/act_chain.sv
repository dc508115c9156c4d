// SPDX-License-Identifier: BSD-2-Clause
// The actions of a frame, one a stage, in order. A stage (act_stage, printed from snic_actions.def) holds one instance of each
// action; those whose number is not in its slot of the list change nothing. To add an action: a row there, a file in act/.
module act_chain #(
    parameter int UserW = 8
) (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic                 en_i,        // all stages advance
    input  logic                 valid_i,
    input  logic [UserW-1:0]     user_i,      // goes along
    input  logic [127:0]         act_i,       // N_ACTION actions, the first in the low bits
    input  snic_pkg::act_pkt_t   pkt_i,
    input  logic                 push_i,      // port VLAN of the sender
    input  logic                 replace_i,   // ... in the place of the tag as received
    input  logic [15:0]          push_tci_i,
    output logic                 valid_o,
    output logic [UserW-1:0]     user_o,
    output snic_pkg::act_dest_t  dest_o,
    output logic [3:0]           count_o,     // shared counters named by the list: bit i, index i
    output logic [31:0]          count_idx_o,
    output snic_pkg::act_tag_t   tag_o,
    output snic_pkg::act_mark_t  mark_o,
    output snic_pkg::act_edit_t  edit_o,
    output snic_pkg::act_tun_t   tun_o
);
  localparam int Stages = snic_contract_pkg::N_ACTION;

  for (genvar k = 0; k < Stages; k++) begin : g_stage
    // x: what the stage gets; x_d: what it makes of it; x_q: that, registered. (No structs: yosys finds none that a loop declares.)
    logic valid, valid_q;
    logic [UserW-1:0] user, user_q;
    logic [127:0] act, act_q;  // the last stage leaves nothing to do
    logic [snic_pkg::ActPktW-1:0] pkt, pkt_q;
    logic [snic_pkg::ActDestW-1:0] dest, dest_d, dest_q;
    logic [snic_pkg::ActTagW-1:0] tag, tag_d, tag_q;
    logic [23:0] mark, mark_d, mark_q;
    logic [snic_pkg::EditW-1:0] edit, edit_d, edit_q;
    logic [snic_pkg::ActTunW-1:0] tun, tun_d, tun_q;
    logic decap;  // here the frame becomes what was in the tunnel
    logic count_d;
    logic [3:0] count, count_q;
    logic [31:0] count_idx, count_idx_q;

    if (k == 0) begin : g_in
      assign valid        = valid_i;
      assign user         = user_i;
      assign act          = act_i;
      assign pkt          = pkt_i;
      assign dest         = '0;
      assign tag          = {replace_i, push_i, push_tci_i};
      assign mark         = '0;
      assign edit         = '0;
      assign tun          = '0;
      assign count        = '0;
      assign count_idx    = '0;
    end else begin : g_in
      assign valid     = g_stage[k-1].valid_q;
      assign user      = g_stage[k-1].user_q;
      assign act       = g_stage[k-1].act_q;
      assign pkt       = g_stage[k-1].pkt_q;
      assign dest      = g_stage[k-1].dest_q;
      assign tag       = g_stage[k-1].tag_q;
      assign mark      = g_stage[k-1].mark_q;
      assign edit      = g_stage[k-1].edit_q;
      assign tun       = g_stage[k-1].tun_q;
      assign count     = g_stage[k-1].count_q;
      assign count_idx = g_stage[k-1].count_idx_q;
    end

    act_stage #(
        .PktW  (snic_pkg::ActPktW),
        .W_dest(snic_pkg::ActDestW),
        .W_tag (snic_pkg::ActTagW),
        .W_mark(24),
        .W_edit(snic_pkg::EditW),
        .W_tun (snic_pkg::ActTunW)
    ) u_stage (
        .act_i  (act[31:0]),
        .pkt_i  (pkt),
        .dest_i (dest),
        .dest_o (dest_d),
        .tag_i  (tag),
        .tag_o  (tag_d),
        .mark_i (mark),
        .mark_o (mark_d),
        .edit_i (edit),
        .edit_o (edit_d),
        .count_i(1'b0),
        .count_o(count_d),
        .tun_i  (tun),
        .tun_o  (tun_d)
    );
    assign decap = tun_d[0] && !tun[0];

    always_ff @(posedge clk_i) begin
      if (!rst_ni) valid_q <= 1'b0;
      else if (en_i) valid_q <= valid;
      if (en_i && valid) begin
        user_q      <= user;
        // END ends the list: nothing behind it is an action.
        act_q       <= act[7:0] == 8'(snic_contract_pkg::ACT_END) ? '0 : {32'd0, act[127:32]};
        // act_pkt_t: what was inside is the frame from here on, and no edit is made of it yet. Of it nobody knows l4 and rw.
        pkt_q       <= decap ? {4'd0, pkt[11:9], 6'd0} : pkt;
        dest_q      <= dest_d;
        tag_q       <= decap ? '0 : tag_d;
        mark_q      <= mark_d;
        edit_q      <= decap ? '0 : edit_d;
        tun_q       <= tun_d;
        count_q     <= count | (4'(count_d) << k);
        count_idx_q <= count_idx | (32'(act[15:8]) << (8 * k));
      end
    end
  end

  assign valid_o     = g_stage[Stages-1].valid_q;
  assign user_o      = g_stage[Stages-1].user_q;
  assign dest_o      = g_stage[Stages-1].dest_q;
  assign count_o     = g_stage[Stages-1].count_q;
  assign count_idx_o = g_stage[Stages-1].count_idx_q;
  assign tag_o       = g_stage[Stages-1].tag_q;
  assign mark_o      = g_stage[Stages-1].mark_q;
  assign edit_o      = g_stage[Stages-1].edit_q;
  assign tun_o       = g_stage[Stages-1].tun_q;
endmodule
