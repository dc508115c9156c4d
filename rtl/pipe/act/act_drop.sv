// SPDX-License-Identifier: BSD-2-Clause
// DROP: no destination. The rest of the list is still done (a mirror goes on).
module act_drop (
    input  logic [7:0] op_i,
    input  logic       drop_i,
    output logic       drop_o
);
  assign drop_o = drop_i || op_i == 8'(snic_contract_pkg::ACT_DROP);
endmodule
