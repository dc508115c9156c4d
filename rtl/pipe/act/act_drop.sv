// SPDX-License-Identifier: BSD-2-Clause
// DROP: no destination. The rest of the list is still done (a mirror goes on).
module act_drop (
    input  logic                hit_i,
    input  snic_pkg::act_pkt_t  pkt_i,
    input  snic_pkg::act_dest_t x_i,
    output snic_pkg::act_dest_t x_o
);
  always_comb begin
    x_o      = x_i;
    x_o.drop = x_i.drop || hit_i;
  end

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
