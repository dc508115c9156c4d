// SPDX-License-Identifier: BSD-2-Clause
// hdr_parser with its record taken apart, so that the test compares fields by name and not by position.
module tb_parser_ref (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         hdr_valid_i,
    output logic         hdr_ready_o,
    input  logic [511:0] hdr_data_i,
    input  logic         hdr_sop_i,
    input  logic         hdr_eop_i,
    input  logic [13:0]  hdr_len_i,
    input  logic [8:0]   hdr_src_i,
    input  logic [15:0]  hdr_sum_i,
    output logic         meta_valid_o,
    input  logic         meta_ready_i,
    output logic [13:0]  len_o,
    output logic [8:0]   src_o,
    output logic [47:0]  dmac_o,
    output logic [47:0]  smac_o,
    output logic         has_vlan_o,
    output logic         ad_o,
    output logic [15:0]  tci_o,
    output logic         frag_o,
    output logic [3:0]   perr_o,
    output logic [1:0]   l3_o,
    output logic [2:0]   l4_o,
    output logic [2:0]   tun_o,
    output logic [1:0]   il3_o,
    output logic [2:0]   il4_o,
    output logic [1:0]   l3ok_o,
    output logic [1:0]   l4ok_o,
    output logic [1:0]   il3ok_o,
    output logic [1:0]   il4ok_o,
    output logic [767:0] key_o,
    output logic         in_eth_o,
    output logic         in_ad_o,
    output logic [7:0]   in_start_o,
    output logic [13:0]  in_stop_o,
    output logic [15:0]  out_type_o,
    output logic [7:0]   out_proto_o,
    output logic [7:0]   out_dscp_o,
    output logic [15:0]  out_sport_o,
    output logic [15:0]  out_dport_o
);
  snic_pkg::pkt_ref_t pkt;
  snic_pkg::meta_t meta;
  snic_pkg::tun_ports_t tun_ports;

  always_comb begin
    pkt = '0;
    pkt.len = hdr_len_i;
    tun_ports = {16'd4789, 16'd6081, 16'd6635};
  end

  hdr_parser u_parser (
      .clk_i,
      .rst_ni,
      .hdr_valid_i,
      .hdr_ready_o,
      .hdr_data_i,
      .hdr_sop_i,
      .hdr_eop_i,
      .hdr_pkt_i(pkt),
      .hdr_src_i,
      .hdr_sum_i,
      .tun_ports_i(tun_ports),
      .meta_valid_o,
      .meta_ready_i,
      .meta_o(meta),
      .util_busy_o(),
      .util_held_o(),
      .idle_o()
  );

  assign len_o = meta.pkt.len;
  assign src_o = meta.src;
  assign dmac_o = meta.dmac;
  assign smac_o = meta.smac;
  assign has_vlan_o = meta.has_vlan;
  assign ad_o = meta.ad;
  assign tci_o = meta.tci;
  assign frag_o = meta.info.frag;
  assign {perr_o, l3_o, l4_o, tun_o} = {meta.info.perr, meta.info.l3, meta.info.l4, meta.info.tun};
  assign {il3_o, il4_o} = {meta.info.il3, meta.info.il4};
  assign {l3ok_o, l4ok_o, il3ok_o, il4ok_o} =
      {meta.info.l3ok, meta.info.l4ok, meta.info.il3ok, meta.info.il4ok};
  assign key_o = meta.key;
  assign {in_eth_o, in_ad_o, in_start_o, in_stop_o, out_type_o, out_proto_o, out_dscp_o, out_sport_o, out_dport_o} =
      meta.tunnel;
endmodule
