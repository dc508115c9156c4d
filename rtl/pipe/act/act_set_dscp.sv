// SPDX-License-Identifier: BSD-2-Clause
// SET_DSCP: in the outermost IP header's first two bytes; ECN stays. The last one of the list counts.
module act_set_dscp (
    input  logic                hit_i,
    input  logic [5:0]          arg_i,
    input  snic_pkg::act_pkt_t  pkt_i,
    input  snic_pkg::act_edit_t x_i,
    output snic_pkg::act_edit_t x_o
);
  always_comb begin
    x_o = x_i;
    if (hit_i) begin
      x_o.dscp       = pkt_i.l3 != 2'(snic_contract_pkg::L3_NONE);
      x_o.dscp_value = arg_i;
    end
  end

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
