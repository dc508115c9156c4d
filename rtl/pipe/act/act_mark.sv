// SPDX-License-Identifier: BSD-2-Clause
// MARK: 24 bits for the RX completion; the last one of the list counts.
module act_mark (
    input  logic                hit_i,
    input  logic [23:0]         arg_i,
    input  snic_pkg::act_pkt_t  pkt_i,
    input  snic_pkg::act_mark_t x_i,
    output snic_pkg::act_mark_t x_o
);
  assign x_o = hit_i ? arg_i : x_i;

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
