// SPDX-License-Identifier: BSD-2-Clause
// VLAN_PUSH: one tag in front. A record has room for one pushed tag, so a second push takes the place of the
// first.
module act_vlan_push (
    input  logic               hit_i,
    input  logic [15:0]        arg_i,
    input  snic_pkg::act_pkt_t pkt_i,
    input  snic_pkg::act_tag_t x_i,
    output snic_pkg::act_tag_t x_o
);
  always_comb begin
    x_o = x_i;
    if (hit_i) begin
      x_o.push     = 1'b1;
      x_o.push_tci = arg_i;
    end
  end

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
