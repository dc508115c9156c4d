// SPDX-License-Identifier: BSD-2-Clause
// ENCAP: headers of a template in front of what leaves by a wire port; the first of a list counts.
module act_encap (
    input  logic               hit_i,
    input  logic [7:0]         arg_i,
    input  snic_pkg::act_pkt_t pkt_i,
    input  snic_pkg::act_tun_t x_i,
    output snic_pkg::act_tun_t x_o
);
  always_comb begin
    x_o = x_i;
    if (hit_i && !x_i.encap) begin
      x_o.encap = 1'b1;
      x_o.row   = arg_i;
    end
  end

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
