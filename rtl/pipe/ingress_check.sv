// SPDX-License-Identifier: BSD-2-Clause
// The frame's VLAN, and what its sender may send. It runs beside the key hash, so that a refused frame costs
// neither a lookup nor a search. In switchdev mode nothing is asked of the sender here: rules decide.
module ingress_check #(
    parameter int IdxW = 6
) (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  snic_pkg::ft_wr_t  ft_wr_i,
    input  logic              switchdev_i,
    input  logic              valid_i,
    input  logic [IdxW-1:0]   idx_i,
    input  logic [8:0]        src_i,
    input  logic [47:0]       dmac_i,
    input  logic [47:0]       smac_i,
    input  logic              has_vlan_i,
    input  logic [15:0]       tag_i,       // TCI of the outermost tag
    // VLAN and destination, for the MAC table
    output logic              vid_valid_o,
    output logic [IdxW-1:0]   vid_idx_o,
    output logic [11:0]       vid_o,
    output logic [47:0]       vid_dmac_o,
    // an address that is not in the sender's row: is it the sender's by the MAC table? Of a frame from the wire, while there
    // are VEPA functions: is it one's? The answer is the user's to join
    output logic              own_valid_o,
    output logic [47:0]       own_smac_o,
    output logic [7:0]        own_func_o,
    // is the sender a member of that VLAN? member_i is the answer one cycle later
    output logic              member_ren_o,
    output logic [7:0]        member_func_o,
    input  logic              member_i,
    // result
    output logic              valid_o,
    output logic [IdxW-1:0]   idx_o,
    output logic              bad_ctrl_o,  // with this neither of the others
    output logic              bad_mac_o,   // unless the MAC table says that it is the sender's
    output logic              bad_vlan_o,
    output logic [11:0]       res_vid_o,
    output logic              uplink_o,    // wire port of the sender
    output logic              asked_o,     // own_valid_o of a frame from the wire
    output logic              switchdev_o, // the frame is in that mode
    output logic              push_o,      // port VLAN
    output logic              replace_o,   // ... in the place of the priority tag that the frame has
    output logic [15:0]       push_tci_o,
    output logic              init_done_o
);
  typedef struct packed {
    logic [47:0] mac;
    logic [15:0] vlan;
    logic        uplink;
    logic        spoofchk;
  } row_t;
  row_t wrow, row;

  logic [8:0] sweep_q;
  assign init_done_o   = sweep_q[8];
  assign wrow.mac      = ft_wr_i.mac;
  assign wrow.vlan     = ft_wr_i.vlan;
  assign wrow.uplink   = ft_wr_i.flags[snic_contract_pkg::FT_FLAGS_UPLINK1_LSB];
  assign wrow.spoofchk = ft_wr_i.flags[snic_contract_pkg::FT_FLAGS_SPOOFCHK_LSB];

  snic_ram #(
      .Width($bits(row)),
      .Depth(snic_contract_pkg::N_FUNC)
  ) u_rows (
      .clk_i,
      .wen_i  (!init_done_o || ft_wr_i.valid),
      .waddr_i(init_done_o ? ft_wr_i.func : sweep_q[7:0]),
      .wdata_i(init_done_o ? wrow : '0),
      .ren_i  (valid_i && !src_i[8]),
      .raddr_i(src_i[7:0]),
      .rdata_o(row)
  );

  // Functions that are VEPA's
  logic [snic_contract_pkg::N_FUNC-1:0] vepa_q;
  logic any_vepa_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      vepa_q     <= '0;
      any_vepa_q <= 1'b0;
    end else begin
      any_vepa_q <= vepa_q != '0;
      if (ft_wr_i.valid) vepa_q[ft_wr_i.func] <= ft_wr_i.flags[snic_contract_pkg::FT_FLAGS_VEPA_LSB];
    end
  end

  logic s1_valid_q, s1_has_vlan_q, s1_legacy_q, port_vlan, check, link_local, foreign, null_vid, reflection;
  logic [IdxW-1:0] s1_idx_q;
  logic [8:0] s1_src_q;
  logic [47:0] s1_dmac_q, s1_smac_q;
  logic [15:0] s1_tag_q;
  logic s2_check_q, s2_bad_vlan_q;

  assign port_vlan  = s1_legacy_q && !s1_src_q[8] && row.vlan != '0;
  assign check      = s1_legacy_q && !s1_src_q[8] && row.spoofchk;
  // Those of the PF are between it and the switch at its wire port; a VF has no such neighbour.
  assign link_local = s1_legacy_q && !s1_src_q[8] && s1_src_q[7:0] != '0 && s1_dmac_q[47:4] == 44'h0180c200000;
  assign foreign    = !link_local && check && s1_smac_q != row.mac;
  assign null_vid   = s1_tag_q[11:0] == '0;

  assign vid_valid_o   = s1_valid_q;
  assign vid_idx_o     = s1_idx_q;
  assign vid_o         = s1_has_vlan_q && !null_vid ? s1_tag_q[11:0] : port_vlan ? row.vlan[11:0] : '0;
  assign vid_dmac_o    = s1_dmac_q;
  assign reflection    = s1_legacy_q && s1_src_q[8] && any_vepa_q;
  assign own_valid_o   = s1_valid_q && (foreign || reflection);
  assign own_smac_o    = s1_smac_q;
  assign own_func_o    = s1_src_q[7:0];
  assign member_ren_o  = s1_valid_q && check;
  assign member_func_o = s1_src_q[7:0];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      valid_o    <= 1'b0;
      sweep_q    <= '0;
    end else begin
      s1_valid_q <= valid_i;
      valid_o    <= s1_valid_q;
      if (!init_done_o) sweep_q <= sweep_q + 1'b1;
    end
    if (valid_i) begin
      s1_idx_q      <= idx_i;
      s1_src_q      <= src_i;
      s1_dmac_q     <= dmac_i;
      s1_smac_q     <= smac_i;
      s1_has_vlan_q <= has_vlan_i;
      s1_tag_q      <= tag_i;
      s1_legacy_q   <= !switchdev_i;
    end
    if (s1_valid_q) begin
      idx_o         <= s1_idx_q;
      bad_ctrl_o    <= link_local;
      bad_mac_o     <= foreign;
      s2_bad_vlan_q <= port_vlan && s1_has_vlan_q && !null_vid;
      s2_check_q    <= check;
      res_vid_o     <= vid_o;
      uplink_o      <= row.uplink;
      asked_o       <= reflection;
      switchdev_o   <= !s1_legacy_q;
      push_o        <= port_vlan;
      replace_o     <= port_vlan && s1_has_vlan_q;
      push_tci_o    <= s1_has_vlan_q ? {s1_tag_q[15:12], row.vlan[11:0]} : row.vlan;
    end
  end
  assign bad_vlan_o = !bad_ctrl_o && (s2_bad_vlan_q || (s2_check_q && !member_i));
endmodule
