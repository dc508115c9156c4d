// SPDX-License-Identifier: BSD-2-Clause
// MIRROR: this vport too; the last one of the list counts.
module act_mirror (
    input  logic [7:0] op_i,
    input  logic [8:0] vport_i,
    input  logic       mir_i,
    input  logic [8:0] mir_vport_i,
    output logic       mir_o,
    output logic [8:0] mir_vport_o
);
  logic hit;
  assign hit         = op_i == 8'(snic_contract_pkg::ACT_MIRROR);
  assign mir_o       = mir_i || hit;
  assign mir_vport_o = hit ? vport_i : mir_vport_i;
endmodule
