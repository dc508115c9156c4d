// SPDX-License-Identifier: BSD-2-Clause
// FWD: this vport instead of what the MAC table says; the last one of the list counts.
module act_fwd (
    input  logic                hit_i,
    input  logic [9:0]          arg_i,
    input  snic_pkg::act_pkt_t  pkt_i,
    input  snic_pkg::act_dest_t x_i,
    output snic_pkg::act_dest_t x_o
);
  always_comb begin
    x_o = x_i;
    if (hit_i) begin
      x_o.fwd       = 1'b1;
      x_o.fwd_vport = arg_i;
    end
  end

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
