// SPDX-License-Identifier: BSD-2-Clause
// VLAN_PUSH: one tag in front. A record has room for one pushed tag, so a second push takes the place of the
// first.
module act_vlan_push (
    input  logic [7:0]  op_i,
    input  logic [15:0] tci_i,
    input  logic        push_i,
    input  logic [15:0] push_tci_i,
    output logic        push_o,
    output logic [15:0] push_tci_o
);
  logic hit;
  assign hit        = op_i == 8'(snic_contract_pkg::ACT_VLAN_PUSH);
  assign push_o     = push_i || hit;
  assign push_tci_o = hit ? tci_i : push_tci_i;
endmodule
