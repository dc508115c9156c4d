// SPDX-License-Identifier: BSD-2-Clause
// DECAP: the frame begins at the Ethernet header in the tunnel. What earlier actions edited goes with the outer headers (act_chain).
module act_decap (
    input  logic               hit_i,
    input  snic_pkg::act_pkt_t pkt_i,
    input  snic_pkg::act_tun_t x_i,
    output snic_pkg::act_tun_t x_o
);
  always_comb begin
    x_o = x_i;
    if (hit_i) begin
      x_o.decap  = x_i.decap || pkt_i.can_decap;
      x_o.cannot = x_i.cannot || !pkt_i.can_decap;
    end
  end

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
