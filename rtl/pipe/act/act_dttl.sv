// SPDX-License-Identifier: BSD-2-Clause
// DTTL: TTL or hop limit less one, once however often the list says so.
module act_dttl (
    input  logic                hit_i,
    input  snic_pkg::act_pkt_t  pkt_i,
    input  snic_pkg::act_edit_t x_i,
    output snic_pkg::act_edit_t x_o
);
  always_comb begin
    x_o = x_i;
    if (hit_i) begin
      x_o.dttl    = 1'b1;
      x_o.dttl_no = pkt_i.l3 == 2'(snic_contract_pkg::L3_NONE) || !pkt_i.rw.close || pkt_i.rw.ttl1;
    end
  end

  logic unused;
  assign unused = &{1'b0, pkt_i};
endmodule
