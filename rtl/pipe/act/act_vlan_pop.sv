// SPDX-License-Identifier: BSD-2-Clause
// VLAN_POP: takes back a push, else removes the outermost tag the frame came with, if it has one.
module act_vlan_pop (
    input  logic               hit_i,
    input  snic_pkg::act_pkt_t pkt_i,
    input  snic_pkg::act_tag_t x_i,
    output snic_pkg::act_tag_t x_o
);
  always_comb begin
    x_o = x_i;
    if (hit_i) begin
      x_o.push = 1'b0;
      x_o.pop  = x_i.pop || (!x_i.push && pkt_i.has_vlan);
    end
  end

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
