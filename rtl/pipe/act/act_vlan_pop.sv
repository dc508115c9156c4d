// SPDX-License-Identifier: BSD-2-Clause
// VLAN_POP: takes back a push, else removes the outermost tag the frame came with, if it has one.
module act_vlan_pop (
    input  logic [7:0] op_i,
    input  logic       has_vlan_i,  // as received
    input  logic       pop_i,
    input  logic       push_i,
    output logic       pop_o,
    output logic       push_o
);
  logic hit;
  assign hit    = op_i == 8'(snic_contract_pkg::ACT_VLAN_POP);
  assign push_o = push_i && !hit;
  assign pop_o  = pop_i || (hit && !push_i && has_vlan_i);
endmodule
