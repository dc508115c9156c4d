// SPDX-License-Identifier: BSD-2-Clause
// EDIT: fields of the outermost headers, by a table that lies where frames leave. The last one of the list counts. It cannot
// be done where a header that is to be written is not there, or not whole, or where the checksum behind it cannot follow.
module act_edit (
    input  logic                hit_i,
    input  logic [12:0]         arg_i,
    input  snic_pkg::act_pkt_t  pkt_i,
    input  snic_pkg::act_edit_t x_i,
    output snic_pkg::act_edit_t x_o
);
  snic_contract_pkg::edit_arg_t arg;
  logic has_ports;
  assign arg       = {11'd0, arg_i};
  assign has_ports = pkt_i.l4 == 3'(snic_contract_pkg::L4_TCP) || pkt_i.l4 == 3'(snic_contract_pkg::L4_UDP);

  always_comb begin
    x_o = x_i;
    if (hit_i) begin
      x_o.edit    = 1'b1;
      x_o.id      = arg.id;
      x_o.ip4     = arg.ipv4;
      x_o.ip6     = arg.ipv6;
      x_o.ports   = arg.ports && has_ports;
      x_o.edit_no = (arg.ipv4 && pkt_i.l3 != 2'(snic_contract_pkg::L3_IPV4))
                    || (arg.ipv6 && pkt_i.l3 != 2'(snic_contract_pkg::L3_IPV6))
                    || (arg.ports && !has_ports && pkt_i.l4 != 3'(snic_contract_pkg::L4_FRAG))
                    || ((arg.ipv4 || arg.ipv6 || arg.ports) && !pkt_i.rw.plain);
    end
  end

  logic unused;
  assign unused = &{1'b0, pkt_i, arg.pad0};
endmodule
