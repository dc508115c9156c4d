// SPDX-License-Identifier: BSD-2-Clause
// Registers of the PF for the whole card: function table, MAC/VLAN tables, how it switches, RSS key, flow table operations,
// timeouts, storm control. Nothing here happens for a VF. Tables are written from staging registers by the last
// write of a group.
module regs_pf (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic                 op_valid_i,
    input  logic                 op_we_i,
    input  logic [          7:0] op_func_i,
    input  logic [         12:0] op_addr_i,
    input  logic [         31:0] op_wdata_i,
    output logic [         31:0] rdata_o,
    output logic                 reset_req_o,    // FT_RESET written
    output logic [          7:0] reset_func_o,
    output snic_pkg::ft_wr_t     ft_wr_o,
    output snic_pkg::mac_wr_t    mac_wr_o,
    output snic_pkg::vlan_wr_t   vlan_wr_o,
    output logic                 switchdev_o,
    output snic_pkg::vtep_wr_t   vtep_wr_o,
    output snic_pkg::encap_wr_t  encap_wr_o,
    output logic [       1023:0] encap_hdr_o,    // byte k in bits 8k+7:8k
    output snic_pkg::tun_ports_t tun_ports_o,
    output logic [        319:0] rss_key_o,      // dword 0 in the low bits; its bit 31 is the key's first bit
    output logic [         15:0] cpl_timeout_o,
    output snic_pkg::storm_cfg_t storm_cfg_o,
    output logic [         31:0] rd_timeout_o,
    output snic_pkg::flow_op_t   flow_op_o,
    input  snic_pkg::flow_rsp_t  flow_rsp_i,
    output logic                 busy_o          // a flow operation is under way
);
  logic [31:0] off;
  logic acc, wr, key_page;
  assign off = {17'd0, op_addr_i, 2'b00};
  assign acc = op_valid_i && op_func_i == 8'd0;
  assign wr  = acc && op_we_i;

  // --- function table, MAC table, VLAN table ---
  logic [31:0] ft_sel_q, ft_mac_lo_q, ft_mac_hi_q, ft_vlan_q, ft_flags_q;
  logic [31:0] mact_lo_q, mact_hi_q, vlan_sel_q, eswitch_q;
  logic ft_valid_q, mac_valid_q, vlan_valid_q;
  snic_contract_pkg::mact_slot_t mact_slot_q;
  snic_contract_pkg::mact_key_hi_t mact_hi;
  snic_contract_pkg::vlan_sel_t vlan_sel;
  snic_contract_pkg::ft_reset_t reset_wr;
  snic_contract_pkg::eswitch_t eswitch;
  logic [31:0] members_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ft_sel_q      <= '0;
      ft_mac_lo_q   <= '0;
      ft_mac_hi_q   <= '0;
      ft_vlan_q     <= '0;
      ft_flags_q    <= '0;
      mact_lo_q     <= '0;
      mact_hi_q     <= '0;
      vlan_sel_q    <= '0;
      eswitch_q     <= '0;
      cpl_timeout_o <= 16'(snic_contract_pkg::RESET_CPL_TIMEOUT);
      rd_timeout_o  <= snic_contract_pkg::RESET_READ_TIMEOUT;
      ft_valid_q    <= 1'b0;
      mac_valid_q   <= 1'b0;
      vlan_valid_q  <= 1'b0;
    end else begin
      ft_valid_q   <= wr && off == snic_contract_pkg::REG_FT_FLAGS;
      mac_valid_q  <= wr && off == snic_contract_pkg::REG_MACT_SLOT;
      vlan_valid_q <= wr && off == snic_contract_pkg::REG_VLAN_MEMBERS;
      if (wr)
        case (off)
          snic_contract_pkg::REG_FT_SEL:      ft_sel_q <= op_wdata_i & snic_contract_pkg::WMASK_FT_SEL;
          snic_contract_pkg::REG_FT_MAC_LO:   ft_mac_lo_q <= op_wdata_i;
          snic_contract_pkg::REG_FT_MAC_HI:   ft_mac_hi_q <= op_wdata_i & snic_contract_pkg::WMASK_FT_MAC_HI;
          snic_contract_pkg::REG_FT_VLAN:     ft_vlan_q <= op_wdata_i & snic_contract_pkg::WMASK_FT_VLAN;
          snic_contract_pkg::REG_FT_FLAGS:    ft_flags_q <= op_wdata_i & snic_contract_pkg::WMASK_FT_FLAGS;
          snic_contract_pkg::REG_MACT_KEY_LO: mact_lo_q <= op_wdata_i;
          snic_contract_pkg::REG_MACT_KEY_HI: mact_hi_q <= op_wdata_i & snic_contract_pkg::WMASK_MACT_KEY_HI;
          snic_contract_pkg::REG_VLAN_SEL:    vlan_sel_q <= op_wdata_i & snic_contract_pkg::WMASK_VLAN_SEL;
          snic_contract_pkg::REG_ESWITCH:     eswitch_q <= op_wdata_i & snic_contract_pkg::WMASK_ESWITCH;
          // longest possible rather than wrapped
          snic_contract_pkg::REG_CPL_TIMEOUT:
          cpl_timeout_o <= op_wdata_i[31:16] != 16'd0 ? 16'hffff : op_wdata_i[15:0];
          snic_contract_pkg::REG_READ_TIMEOUT: rd_timeout_o <= op_wdata_i;
          default: ;
        endcase
    end
    if (wr && off == snic_contract_pkg::REG_MACT_SLOT) mact_slot_q <= op_wdata_i;
    if (wr && off == snic_contract_pkg::REG_VLAN_MEMBERS) members_q <= op_wdata_i;
  end

  assign reset_req_o  = wr && off == snic_contract_pkg::REG_FT_RESET;
  assign reset_wr     = op_wdata_i;
  assign reset_func_o = reset_wr.func;

  // The MAC as a number: its first byte, which software has in bits 7:0, is the highest.
  assign ft_wr_o = {ft_valid_q, ft_sel_q[7:0], ft_mac_lo_q[7:0], ft_mac_lo_q[15:8], ft_mac_lo_q[23:16],
                    ft_mac_lo_q[31:24], ft_mac_hi_q[7:0], ft_mac_hi_q[15:8], ft_vlan_q[15:0],
                    ft_flags_q[10:0]};
  assign mact_hi   = mact_hi_q;
  assign vlan_sel  = vlan_sel_q;
  assign mac_wr_o  = {mac_valid_q, mact_slot_q.tbl, mact_slot_q.set_idx, mact_slot_q.way, mact_slot_q.valid,
                      mact_slot_q.vport, mact_hi.vid, mact_hi.mac, mact_lo_q};
  assign vlan_wr_o = {vlan_valid_q, vlan_sel.vid, vlan_sel.word, members_q};

  assign eswitch     = eswitch_q;
  assign switchdev_o = eswitch.mode == 1'(snic_contract_pkg::ESWITCH_SWITCHDEV);

  // --- VTEP table, ports of tunnels ---
  logic vtep_ip_hit, vtep_valid_q;
  logic [6:0] vtep_ip_lsb;
  logic [127:0] vtep_ip_q;
  logic [31:0] vtep_mac_lo_q, vtep_mac_hi_q, vtep_proto_q, vtep_set_q;
  logic [15:0] vxlan_q, geneve_q, mpls_q;
  snic_contract_pkg::vtep_mac_hi_t vtep_mac_hi;
  snic_contract_pkg::vtep_proto_t vtep_proto;
  snic_contract_pkg::vtep_set_t vtep_set;
  assign vtep_ip_hit = off[14:4] == 11'(snic_contract_pkg::REG_VTEP_IP >> 4);
  assign vtep_ip_lsb = {op_addr_i[1:0], 5'd0};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      vtep_valid_q  <= 1'b0;
      vtep_ip_q     <= '0;
      vtep_mac_lo_q <= '0;
      vtep_mac_hi_q <= '0;
      vtep_proto_q  <= '0;
      vxlan_q       <= 16'(snic_contract_pkg::RESET_PORT_VXLAN);
      geneve_q      <= 16'(snic_contract_pkg::RESET_PORT_GENEVE);
      mpls_q        <= 16'(snic_contract_pkg::RESET_PORT_MPLS);
    end else begin
      vtep_valid_q <= wr && off == snic_contract_pkg::REG_VTEP_SET;
      if (wr && vtep_ip_hit) vtep_ip_q[vtep_ip_lsb+:32] <= op_wdata_i;
      if (wr)
        case (off)
          snic_contract_pkg::REG_VTEP_MAC_LO: vtep_mac_lo_q <= op_wdata_i;
          snic_contract_pkg::REG_VTEP_MAC_HI: vtep_mac_hi_q <= op_wdata_i & snic_contract_pkg::WMASK_VTEP_MAC_HI;
          snic_contract_pkg::REG_VTEP_PROTO:  vtep_proto_q <= op_wdata_i & snic_contract_pkg::WMASK_VTEP_PROTO;
          snic_contract_pkg::REG_PORT_VXLAN:  vxlan_q <= op_wdata_i[15:0];
          snic_contract_pkg::REG_PORT_GENEVE: geneve_q <= op_wdata_i[15:0];
          snic_contract_pkg::REG_PORT_MPLS:   mpls_q <= op_wdata_i[15:0];
          default: ;
        endcase
    end
    if (wr && off == snic_contract_pkg::REG_VTEP_SET) vtep_set_q <= op_wdata_i;
  end
  assign vtep_mac_hi = vtep_mac_hi_q;
  assign vtep_proto  = vtep_proto_q;
  assign vtep_set    = vtep_set_q;
  assign vtep_wr_o   = {vtep_valid_q, vtep_set.row, vtep_set.valid, vtep_set.tunnel, vtep_mac_hi.ports, vtep_mac_hi.v6,
                        vtep_proto.proto, vtep_proto.dport, vtep_mac_hi.mac, vtep_mac_lo_q, vtep_ip_q};
  assign tun_ports_o = {vxlan_q, geneve_q, mpls_q};

  // --- templates of ENCAP ---
  logic encap_hit, encap_valid_q;
  logic [9:0] encap_lsb;
  logic [31:0] encap_cfg_q, encap_set_q;
  snic_contract_pkg::encap_cfg_t encap_cfg;
  snic_contract_pkg::encap_set_t encap_set;
  assign encap_hit = off[14:7] == 8'(snic_contract_pkg::REG_ENCAP_HDR >> 7);
  assign encap_lsb = {op_addr_i[4:0], 5'd0};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      encap_valid_q <= 1'b0;
      encap_hdr_o   <= '0;
      encap_cfg_q   <= '0;
    end else begin
      encap_valid_q <= wr && off == snic_contract_pkg::REG_ENCAP_SET;
      if (wr && encap_hit) encap_hdr_o[encap_lsb+:32] <= op_wdata_i;
      if (wr && off == snic_contract_pkg::REG_ENCAP_CFG)
        encap_cfg_q <= op_wdata_i & snic_contract_pkg::WMASK_ENCAP_CFG;
    end
    if (wr && off == snic_contract_pkg::REG_ENCAP_SET) encap_set_q <= op_wdata_i;
  end
  assign encap_cfg  = encap_cfg_q;
  assign encap_set  = encap_set_q;
  assign encap_wr_o = {encap_valid_q, encap_set.row, encap_set.valid, encap_set.max, encap_cfg.ecn, encap_cfg.dscp,
                       encap_cfg.ttl, encap_cfg.udp, encap_cfg.v6, encap_cfg.l3, encap_cfg.len};

  // --- RSS key ---
  logic key_hit;
  logic [3:0] key_idx;
  logic [8:0] key_lsb;
  assign key_idx = op_addr_i[3:0];
  assign key_lsb = {key_idx, 5'd0};
  assign key_hit = off[14:6] == 9'(snic_contract_pkg::REG_RSS_KEY >> 6) &&
      key_idx < 4'(snic_contract_pkg::RSS_KEY_DWORDS);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) rss_key_o <= '0;
    else if (wr && key_hit) rss_key_o[key_lsb+:32] <= op_wdata_i;
  end

  // --- storm control: four rows of each ---
  logic cost_hit, limit_hit;
  logic [5:0] cost_lsb;
  logic [6:0] limit_lsb;
  logic [63:0] cost_q;
  logic [127:0] limit_q;
  assign cost_hit    = off[14:4] == 11'(snic_contract_pkg::REG_STORM_COST >> 4);
  assign limit_hit   = off[14:4] == 11'(snic_contract_pkg::REG_STORM_LIMIT >> 4);
  assign cost_lsb    = {op_addr_i[1:0], 4'd0};
  assign limit_lsb   = {op_addr_i[1:0], 5'd0};
  assign storm_cfg_o = {cost_q, limit_q};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cost_q  <= '0;
      limit_q <= '0;
    end else if (wr) begin
      // dearest possible rather than wrapped
      if (cost_hit) cost_q[cost_lsb+:16] <= op_wdata_i[31:16] != 16'd0 ? 16'hffff : op_wdata_i[15:0];
      if (limit_hit) limit_q[limit_lsb+:32] <= op_wdata_i;
    end
  end

  // --- flow table operations ---
  // The staging dwords stand as flow_op_t has them: 0 slot, 1..4 actions, 5..28 key, 29 {op, arg}.
  localparam int SlotDw = 0;
  localparam int ActDw = 1;
  localparam int KeyDw = ActDw + snic_contract_pkg::N_ACTION;
  localparam int OpDw = KeyDw + snic_contract_pkg::KEY_DWORDS;

  logic [32*(OpDw+1)-1:0] flow_q;
  logic flow_valid_q, flow_hit, flow_go, flow_known, rsp_done;
  logic [4:0] flow_dw, page_dw;
  logic [9:0] flow_lsb;
  snic_contract_pkg::flow_op_t op_wr;
  logic [143:0] result_q, rsp_result;  // packets, bytes, seen

  assign key_page = off[14:7] == 8'(snic_contract_pkg::REG_FLOW_KEY >> 7);  // 0x4100..0x417f
  assign page_dw  = op_addr_i[4:0];
  always_comb begin
    flow_hit = key_page;
    if (page_dw < 5'(snic_contract_pkg::KEY_DWORDS)) flow_dw = page_dw + 5'(KeyDw);
    else if (page_dw < 5'(snic_contract_pkg::KEY_DWORDS + snic_contract_pkg::N_ACTION))
      flow_dw = page_dw - 5'(snic_contract_pkg::KEY_DWORDS - ActDw);
    else begin
      flow_dw  = 5'(SlotDw);
      flow_hit = key_page && off == snic_contract_pkg::REG_FLOW_SLOT;
    end
  end
  assign flow_lsb   = {flow_dw, 5'd0};
  assign flow_go    = wr && off == snic_contract_pkg::REG_FLOW_OP;
  // NOP and numbers that no block knows end here: they do nothing, and nobody would answer.
  assign op_wr      = op_wdata_i;
  assign flow_known = {24'd0, op_wr.op} != snic_contract_pkg::FLOP_NOP &&
      {24'd0, op_wr.op} <= snic_contract_pkg::FLOP_EDIT_SET;
  assign {rsp_done, rsp_result} = flow_rsp_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      flow_q       <= '0;
      flow_valid_q <= 1'b0;
      result_q     <= '0;
    end else begin
      if (wr && flow_hit) flow_q[flow_lsb+:32] <= op_wdata_i;
      if (flow_go && flow_known) begin
        flow_q[32*OpDw+:32] <= op_wdata_i;
        flow_valid_q        <= 1'b1;
      end else if (rsp_done) begin
        flow_valid_q <= 1'b0;
      end
      if (flow_valid_q && rsp_done && {24'd0, flow_q[32*OpDw+snic_contract_pkg::FLOW_OP_OP_LSB+:8]} == snic_contract_pkg::FLOP_STAT_READ)
        result_q <= rsp_result;
    end
  end
  assign flow_op_o = {flow_valid_q, flow_q};
  assign busy_o    = flow_valid_q;

  // --- read back ---
  always_ff @(posedge clk_i) begin
    if (op_valid_i) begin
      rdata_o <= 32'd0;
      if (acc && !op_we_i) begin
        case (off)
          snic_contract_pkg::REG_FT_SEL:        rdata_o <= ft_sel_q;
          snic_contract_pkg::REG_FT_MAC_LO:     rdata_o <= ft_mac_lo_q;
          snic_contract_pkg::REG_FT_MAC_HI:     rdata_o <= ft_mac_hi_q;
          snic_contract_pkg::REG_FT_VLAN:       rdata_o <= ft_vlan_q;
          snic_contract_pkg::REG_FT_FLAGS:      rdata_o <= ft_flags_q;
          snic_contract_pkg::REG_MACT_KEY_LO:   rdata_o <= mact_lo_q;
          snic_contract_pkg::REG_MACT_KEY_HI:   rdata_o <= mact_hi_q;
          snic_contract_pkg::REG_VLAN_SEL:      rdata_o <= vlan_sel_q;
          snic_contract_pkg::REG_ESWITCH:       rdata_o <= eswitch_q;
          snic_contract_pkg::REG_VTEP_MAC_LO:   rdata_o <= vtep_mac_lo_q;
          snic_contract_pkg::REG_VTEP_MAC_HI:   rdata_o <= vtep_mac_hi_q;
          snic_contract_pkg::REG_VTEP_PROTO:    rdata_o <= vtep_proto_q;
          snic_contract_pkg::REG_ENCAP_CFG:     rdata_o <= encap_cfg_q;
          snic_contract_pkg::REG_PORT_VXLAN:    rdata_o <= {16'd0, vxlan_q};
          snic_contract_pkg::REG_PORT_GENEVE:   rdata_o <= {16'd0, geneve_q};
          snic_contract_pkg::REG_PORT_MPLS:     rdata_o <= {16'd0, mpls_q};
          snic_contract_pkg::REG_CPL_TIMEOUT:   rdata_o <= {16'd0, cpl_timeout_o};
          snic_contract_pkg::REG_READ_TIMEOUT:  rdata_o <= rd_timeout_o;
          snic_contract_pkg::REG_FLOW_PKTS_LO:  rdata_o <= result_q[127:96];
          snic_contract_pkg::REG_FLOW_PKTS_HI:  rdata_o <= {16'd0, result_q[143:128]};
          snic_contract_pkg::REG_FLOW_BYTES_LO: rdata_o <= result_q[79:48];
          snic_contract_pkg::REG_FLOW_BYTES_HI: rdata_o <= {16'd0, result_q[95:80]};
          snic_contract_pkg::REG_FLOW_SEEN_LO:  rdata_o <= result_q[31:0];
          snic_contract_pkg::REG_FLOW_SEEN_HI:  rdata_o <= {16'd0, result_q[47:32]};
          default: begin
            if (encap_hit) rdata_o <= encap_hdr_o[encap_lsb+:32];
            if (vtep_ip_hit) rdata_o <= vtep_ip_q[vtep_ip_lsb+:32];
            if (key_hit) rdata_o <= rss_key_o[key_lsb+:32];
            if (flow_hit) rdata_o <= flow_q[flow_lsb+:32];
            if (cost_hit) rdata_o <= {16'd0, cost_q[cost_lsb+:16]};
            if (limit_hit) rdata_o <= limit_q[limit_lsb+:32];
          end
        endcase
      end
    end
  end
endmodule
