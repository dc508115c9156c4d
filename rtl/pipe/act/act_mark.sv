// SPDX-License-Identifier: BSD-2-Clause
// MARK: 24 bits for the RX completion; the last one of the list counts.
module act_mark (
    input  logic [7:0]  op_i,
    input  logic [23:0] arg_i,
    input  logic [23:0] mark_i,
    output logic [23:0] mark_o
);
  assign mark_o = op_i == 8'(snic_contract_pkg::ACT_MARK) ? arg_i : mark_i;
endmodule
