// SPDX-License-Identifier: BSD-2-Clause
// COUNT: each stage of the chain may name one shared counter; they are counted when the frame leaves.
module act_count (
    input  logic [7:0] op_i,
    output logic       count_o
);
  assign count_o = op_i == 8'(snic_contract_pkg::ACT_COUNT);
endmodule
