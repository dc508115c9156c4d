// SPDX-License-Identifier: BSD-2-Clause
// FWD: this vport instead of what the MAC table says; the last one of the list counts.
module act_fwd (
    input  logic [7:0] op_i,
    input  logic [8:0] vport_i,
    input  logic       fwd_i,
    input  logic [8:0] fwd_vport_i,
    output logic       fwd_o,
    output logic [8:0] fwd_vport_o
);
  logic hit;
  assign hit         = op_i == 8'(snic_contract_pkg::ACT_FWD);
  assign fwd_o       = fwd_i || hit;
  assign fwd_vport_o = hit ? vport_i : fwd_vport_i;
endmodule
