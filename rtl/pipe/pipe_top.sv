// SPDX-License-Identifier: BSD-2-Clause
// Everything behind the parsers, a frame a cycle. A frame takes a place in a ring of Depth records when it is
// admitted, and frees it when it is decided; between the blocks only the place's number travels. So no FIFO
// in here can overflow, and only two things can hold frames up: the masked search, and several COUNTs of a frame.
//
//   meta_merge ─┬─ flow_table (hash, exact, cache, search; in order) ─ act_chain ─ forward ─ egress, decision
//               ├─ ingress_check ─ mac_table x2 ─ results wait in ──────────────────┘
//               └─ rss_toeplitz ───────────────── the record
module pipe_top #(
    parameter int Cells = 4096
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    // parsers: wire port 0, wire port 1, host
    input  logic                      meta0_valid_i,
    output logic                      meta0_ready_o,
    input  snic_pkg::meta_t           meta0_i,
    input  logic                      meta1_valid_i,
    output logic                      meta1_ready_o,
    input  snic_pkg::meta_t           meta1_i,
    input  logic                      meta2_valid_i,
    output logic                      meta2_ready_o,
    input  snic_pkg::meta_t           meta2_i,
    // egress FIFOs (room for every frame) and packet buffers
    output logic [2:0]                eg_push_o,
    output snic_pkg::egress_t         eg_o,
    output logic                      flood_valid_o,   // to the flood store, and not to the host egress FIFO
    output logic [255:0]              flood_map_o,
    output logic [9:0]                flood_cell_o,
    output logic [9:0]                flood_slot_o,
    output logic [1:0]                flood_pool_o,
    input  logic                      flood_free_i,
    input  logic [1:0]                flood_free_pool_i,
    input  logic [7:0]                flood_free_cells_i,
    input  logic [7:0]                flood_free_func_i,
    output logic [2:0]                dec_o,
    output logic [snic_pkg::SlotW-1:0] dec_slot_o,
    output logic [2:0]                dec_mask_o,
    input  logic [snic_pkg::CellW:0]  held_w0_host_i,
    input  logic [snic_pkg::CellW:0]  held_w1_host_i,
    input  logic [snic_pkg::CellW:0]  held_w0_w1_i,
    input  logic [snic_pkg::CellW:0]  held_w1_w0_i,
    // configuration
    input  snic_pkg::ft_wr_t          ft_wr_i,
    input  snic_pkg::storm_cfg_t      storm_cfg_i,
    input  snic_pkg::mac_wr_t         mac_wr_i,
    input  snic_pkg::vlan_wr_t        vlan_wr_i,
    input  logic                      switchdev_i,
    input  snic_pkg::vtep_wr_t        vtep_wr_i,
    input  snic_pkg::encap_wr_t       encap_wr_i,
    input  snic_pkg::to_wr_t          to_wr_i,
    input  logic [319:0]              rss_key_i,
    input  snic_pkg::flow_op_t        flow_op_i,
    output snic_pkg::flow_rsp_t       flow_rsp_o,
    output logic                      edit_wen_o,      // flow_op_i's edit is to be stored now
    input  logic [47:0]               now_i,
    // events
    output logic                      ev_no_match_o,
    output logic                      ev_flow_drop_o,
    output logic                      ev_spoof_mac_o,
    output logic                      ev_spoof_vlan_o,
    output logic                      ev_tx_ctrl_o,
    output logic                      ev_congested_o,
    output logic                      ev_storm_o,
    output logic                      ev_exact_o,
    output logic                      ev_cache_o,
    output logic                      ev_search_o,
    output logic                      ev_rule_o,
    output logic                      ev_perr_o,
    output logic                      ev_to_pf_o,
    output logic                      ev_count_valid_o,
    output logic [7:0]                ev_count_idx_o,
    output logic                      fdrop_valid_o,
    output logic [7:0]                fdrop_func_o,
    output snic_pkg::util_pipe_t      util_o,
    output logic                      w0_host_full_o,  // frames from a wire port for that egress are refused
    output logic                      w0_w1_full_o,
    output logic                      w1_host_full_o,
    output logic                      w1_w0_full_o,
    output logic                      idle_o,
    output logic                      init_done_o
);
  localparam int Depth = 64;
  localparam int IdxW  = $clog2(Depth);
  localparam int Entries = snic_contract_pkg::FLOW_ENTRIES + snic_contract_pkg::RULE_ENTRIES;
  localparam int EntryW = 17;

  // Records: meta_t without SMAC, what actions ask, and key, and what is found beside the flow table.
  snic_pkg::meta_t m;
  localparam int RecW = $bits(m) - snic_pkg::TunnelW - $bits(m.rw) - snic_pkg::KeyW - 48;
  logic [RecW-1:0]         rec_mem[Depth];
  logic [snic_pkg::ActPktW-1:0] pkt_mem[Depth]; // act_pkt_t: what actions ask
  logic [40:0]             tun_mem[Depth];   // {from a tunnel port, where its inner frame begins and ends; the outermost tag there}
  logic [2:0]              bad_mem[Depth];   // {VLAN, MAC, link-local destination}, as ingress_check says
  logic                    own_mem[Depth];   // where that says MAC: it is the sender's all the same
  logic [19:0]             echo_mem[Depth];  // if that was asked: whose source address it is, {hit, vport} twice
  logic [17:0]             pvlan_mem[Depth]; // {replace, push, TCI}
  logic [14:0]             vlan_mem[Depth];  // {switchdev mode, whose source address it is was asked, uplink, VLAN}
  logic [snic_pkg::TxToW-1:0] to_mem[Depth]; // tx_to_t: where its descriptor sends it
  logic [19:0]             mac_mem[Depth];   // {hit, vport} twice
  logic [31:0]             rss_mem[Depth];

  logic m_valid, m_ready, admit, cut, block, merge_idle, empty, done;
  logic [snic_pkg::KeyW-1:0] m_key;
  logic [IdxW:0] head_q, tail_q, n_inside;
  logic [IdxW-1:0] adm_idx;

  meta_merge u_merge (
      .clk_i, .rst_ni, .meta0_valid_i, .meta0_ready_o, .meta0_i, .meta1_valid_i, .meta1_ready_o, .meta1_i,
      .meta2_valid_i, .meta2_ready_o, .meta2_i, .meta_valid_o(m_valid), .meta_ready_i(m_ready), .meta_o(m),
      .idle_o(merge_idle)
  );

  assign n_inside  = head_q - tail_q;
  assign empty   = n_inside == '0;
  assign m_ready = init_done_o && !block && !n_inside[IdxW];
  assign admit   = m_valid && m_ready;
  assign adm_idx = head_q[IdxW-1:0];

  // Ends of tunnels, and with that the headers that the key is of. A frame with a wrong checksum is not for us to open.
  logic ask_vtep, vtep_hit, can_decap;
  logic [5:0] vtep_tunnel;
  logic [snic_pkg::KeyW-1:0] in_key;
  snic_contract_pkg::key_t in_k;
  assign in_key   = m.key;
  assign in_k     = in_key;
  assign ask_vtep = m_valid && switchdev_i && m.info.tun != 3'(snic_contract_pkg::TUN_NONE);
  vtep_table u_vtep (
      .clk_i, .rst_ni, .wr_i(vtep_wr_i),
      .valid_i(ask_vtep && m.src[8] && m.info.tun != 3'(snic_contract_pkg::TUN_MPLS)
               && m.info.l3ok != 2'(snic_contract_pkg::CSUM_BAD) && m.info.l4ok != 2'(snic_contract_pkg::CSUM_BAD)),
      .port_i(2'd1 << m.src[0]), .dmac_i(m.dmac), .v6_i(m.info.l3 == 2'(snic_contract_pkg::L3_IPV6)),
      .dip_i(in_k.tun_dip), .proto_i(m.tunnel.proto), .dport_i(m.tunnel.dport), .hit_o(vtep_hit),
      .tunnel_o(vtep_tunnel)
  );
  always_comb begin
    m_key = in_key;
    if (vtep_hit)
      m_key[8:0] = 9'(snic_contract_pkg::VPORT_TUNNEL) + 9'(vtep_tunnel);
    else if (ask_vtep)  // an MPLS label stays: behind it is no other frame, but the rest of this one
      m_key = {256'd0, in_k.tun_dip, in_k.tun_sip,
               m.info.tun == 3'(snic_contract_pkg::TUN_MPLS) ? in_k.tun_id : 32'd0, m.tunnel.dport, m.tunnel.sport,
               16'd0, m.smac, 8'd0, m.tunnel.dscp, m.dmac, m.tci, m.tunnel.ethertype, m.tunnel.proto, 5'd0,
               m.has_vlan, 1'b0, m.info.l4, m.info.l3,
               m.info.tun == 3'(snic_contract_pkg::TUN_MPLS) ? m.info.tun : 3'(snic_contract_pkg::TUN_NONE), m.src};
  end
  assign can_decap = vtep_hit && m.tunnel.eth;
  // The L4 header has an error, or is not all there: what checksum there is nobody knows.
  assign cut     = m.info.l4 == 3'(snic_contract_pkg::L4_NONE) && m.info.tun == 3'(snic_contract_pkg::TUN_NONE)
                   && m.info.perr != 4'(snic_contract_pkg::PERR_OK);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      head_q <= '0;
      tail_q <= '0;
    end else begin
      if (admit) head_q <= head_q + 1'b1;
      if (done) tail_q <= tail_q + 1'b1;
    end
    if (admit) begin
      rec_mem[adm_idx]    <= {m.pkt, m.src, m.dmac, m.has_vlan, m.ad, m.tci, m.info};
      pkt_mem[adm_idx]    <= {can_decap, in_k.has_vlan, m.info.il3, m.has_vlan, m.info.l3, m.info.l4, m.rw.ttl1, m.rw.close,
                              m.rw.plain && !cut};
      tun_mem[adm_idx]    <= {vtep_hit, m.tunnel.start, m.tunnel.stop, in_k.has_vlan, m.tunnel.ad, in_k.vlan};
    end
  end

  // Where a frame's descriptor sends it: of the PF's, by the slot in their buffer.
  logic named_q, adm_q;
  logic [IdxW-1:0] named_idx_q;
  logic [snic_pkg::TxToW-1:0] named;
  snic_ram #(.Width(snic_pkg::TxToW), .Depth(2 ** snic_pkg::SlotW)) u_named (
      .clk_i, .wen_i(to_wr_i.valid), .waddr_i(to_wr_i.slot), .wdata_i(to_wr_i.to),
      .ren_i(admit && m.src == '0), .raddr_i(m.pkt.slot), .rdata_o(named)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) adm_q <= 1'b0;
    else adm_q <= admit;
    if (admit) begin
      named_q     <= m.src == '0;
      named_idx_q <= adm_idx;
    end
    if (adm_q) to_mem[named_idx_q] <= named_q ? named : '0;
  end

  // Checks of the sender, MAC table, RSS hash.
  logic c_valid, vid_valid, own_valid, member_ren, member, mac_valid, mac_hit, mac2_hit, rss_valid;
  logic src_valid, src_hit, src2_hit;
  logic [IdxW-1:0] c_idx, vid_idx, mac_idx, src_idx, rss_idx;
  logic [11:0] vid, row_vid;
  logic [47:0] vid_dmac, own_smac;
  logic [7:0] member_func, own_func, src_func;
  logic [8:0] mac_vport, mac2_vport, src_vport, src2_vport;
  logic [31:0] rss_hash;
  logic [2:0] c_bad;
  logic [17:0] c_pvlan;
  logic [14:0] c_vlan;
  logic row_ren;
  logic [255:0] row;
  logic chk_init, vlan_init, mac_init, src_init, flow_init, fwd_init;

  ingress_check #(.IdxW(IdxW)) u_check (
      .clk_i, .rst_ni, .ft_wr_i, .switchdev_i, .valid_i(admit), .idx_i(adm_idx), .src_i(m.src), .dmac_i(m.dmac),
      .smac_i(m.smac),
      .has_vlan_i(m.has_vlan), .tag_i(m.tci), .vid_valid_o(vid_valid), .vid_idx_o(vid_idx), .vid_o(vid),
      .vid_dmac_o(vid_dmac), .own_valid_o(own_valid), .own_smac_o(own_smac), .own_func_o(own_func), .member_ren_o(member_ren), .member_func_o(member_func), .member_i(member),
      .valid_o(c_valid), .idx_o(c_idx), .bad_ctrl_o(c_bad[0]), .bad_mac_o(c_bad[1]),
      .bad_vlan_o(c_bad[2]), .res_vid_o(c_vlan[11:0]), .uplink_o(c_vlan[12]), .asked_o(c_vlan[13]), .switchdev_o(c_vlan[14]), .push_o(c_pvlan[16]),
      .replace_o(c_pvlan[17]), .push_tci_o(c_pvlan[15:0]), .init_done_o(chk_init)
  );
  vlan_members u_members (
      .clk_i, .rst_ni, .vlan_wr_i, .one_ren_i(member_ren), .one_vid_i(vid), .one_func_i(member_func),
      .one_member_o(member), .row_ren_i(row_ren), .row_vid_i(row_vid), .row_o(row), .init_done_o(vlan_init)
  );
  mac_table #(.UserW(IdxW)) u_mac (
      .clk_i, .rst_ni, .mac_wr_i, .valid_i(vid_valid), .user_i(vid_idx), .vid_i(vid), .mac_i(vid_dmac),
      .valid_o(mac_valid), .user_o(mac_idx), .hit_o(mac_hit), .vport_o(mac_vport), .other_hit_o(mac2_hit),
      .other_vport_o(mac2_vport), .init_done_o(mac_init)
  );
  // A copy for the senders' addresses: each frame asks for its destination already.
  mac_table #(.UserW(IdxW + 8)) u_own (
      .clk_i, .rst_ni, .mac_wr_i, .valid_i(own_valid), .user_i({own_func, vid_idx}), .vid_i(vid),
      .mac_i(own_smac), .valid_o(src_valid), .user_o({src_func, src_idx}), .hit_o(src_hit), .vport_o(src_vport),
      .other_hit_o(src2_hit), .other_vport_o(src2_vport), .init_done_o(src_init)
  );
  rss_toeplitz #(.UserW(IdxW)) u_rss (
      .clk_i, .rst_ni, .key_i(rss_key_i), .valid_i(admit), .user_i(adm_idx), .flow_key_i(in_key),
      .valid_o(rss_valid), .user_o(rss_idx), .hash_o(rss_hash)
  );
  always_ff @(posedge clk_i) begin
    if (c_valid) begin
      bad_mem[c_idx]   <= c_bad;
      pvlan_mem[c_idx] <= c_pvlan;
      vlan_mem[c_idx]  <= c_vlan;
    end
    if (mac_valid) mac_mem[mac_idx] <= {mac2_hit, mac2_vport, mac_hit, mac_vport};
    if (src_valid) begin
      own_mem[src_idx]  <= (src_hit && src_vport == {1'b0, src_func}) || (src2_hit && src2_vport == {1'b0, src_func});
      echo_mem[src_idx] <= {src2_hit, src2_vport, src_hit, src_vport};
    end
    if (rss_valid) rss_mem[rss_idx] <= rss_hash;
  end

  // Flow table and its operations.
  logic entry_wen, slot_wen, rule_wen, rule_slot_wen, mask_wen, enable_wen, act_wen, cnt_clear, cnt_read,
  cnt_valid;
  logic [EntryW-1:0] op_entry;
  logic [143:0] cnt_value;
  logic ops_idle, cnt_idle, cache_idle;
  logic r_valid, r_cached, r_searched, en;
  logic [1:0] r_hit;
  logic [EntryW-1:0] r_entry;
  logic [IdxW-1:0] r_idx, look_idx;
  logic search_wait, search_busy;
  logic [2:0] look_bad;
  logic look_named;
  snic_pkg::tx_to_t f_to;

  // The sender's address has been looked up long before the key is hashed.
  assign look_bad   = bad_mem[look_idx];
  assign look_named = to_mem[look_idx][snic_pkg::TxToW-1];

  flow_ops u_ops (
      .clk_i, .rst_ni, .flow_op_i, .flow_rsp_o, .ready_i(init_done_o), .block_o(block),
      .empty_i(empty && cnt_idle),
      .entry_wen_o(entry_wen), .slot_wen_o(slot_wen), .rule_wen_o(rule_wen), .rule_slot_wen_o(rule_slot_wen),
      .mask_wen_o(mask_wen), .enable_wen_o(enable_wen), .act_wen_o(act_wen), .edit_wen_o, .act_entry_o(op_entry),
      .cnt_clear_o(cnt_clear), .cnt_read_o(cnt_read), .cnt_taken_i(counted), .cnt_valid_i(cnt_valid), .cnt_i(cnt_value),
      .idle_o(ops_idle)
  );

  flow_table #(.Depth(Depth)) u_flow (
      .clk_i, .rst_ni, .valid_i(admit), .idx_i(adm_idx), .key_i(m_key), .chk_idx_o(look_idx),
      .chk_drop_i(look_bad[2] || look_bad[0] || (look_bad[1] && !own_mem[look_idx]) || look_named),
      .entry_wen_i(entry_wen), .slot_wen_i(slot_wen), .rule_wen_i(rule_wen), .rule_slot_wen_i(rule_slot_wen),
      .mask_wen_i(mask_wen), .enable_wen_i(enable_wen), .arg_i(flow_op_i.arg[17:0]), .slot_i(flow_op_i.slot),
      .cfg_key_i(flow_op_i.key), .res_valid_o(r_valid), .res_ready_i(en), .res_idx_o(r_idx),
      .res_hit_o(r_hit),
      .res_cached_o(r_cached), .res_searched_o(r_searched), .res_entry_o(r_entry), .cache_idle_o(cache_idle),
      .search_wait_o(search_wait), .search_busy_o(search_busy),
      .init_done_o(flow_init)
  );
  assign init_done_o = flow_init && chk_init && vlan_init && mac_init && src_init && fwd_init;

  // Actions of the entry.
  typedef struct packed {
    logic [IdxW-1:0]   idx;
    logic [1:0]        hit;
    logic              cached;
    logic              searched;
    logic [EntryW-1:0] entry;
  } user_t;
  user_t a_user_q, f_user;
  logic a_valid_q;
  logic [127:0] a_act;
  snic_pkg::pkt_ref_t f_pkt;
  snic_pkg::parse_info_t f_info;
  logic [8:0] f_src;
  logic [47:0] f_dmac;
  logic f_tagged, f_ad;
  logic [15:0] f_tci;
  logic [2:0] f_bad;
  logic f_bad_mac;
  logic [14:0] f_vlan;
  logic [17:0] a_pvlan;
  logic f_valid;
  snic_pkg::act_dest_t f_dest;
  snic_pkg::act_tag_t f_tag;
  logic [3:0] f_count;
  logic [31:0] f_count_idx, f_rss;
  snic_pkg::act_mark_t f_mark;
  snic_pkg::act_edit_t f_edit;
  snic_pkg::act_tun_t f_tun;
  logic [19:0] f_mac, f_echo;

  snic_ram #(.Width(128), .Depth(Entries)) u_actions (
      .clk_i, .wen_i(act_wen), .waddr_i(op_entry), .wdata_i(flow_op_i.act),
      .ren_i(en && r_valid && r_hit != 2'(snic_contract_pkg::HIT_NONE)), .raddr_i(r_entry), .rdata_o(a_act)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) a_valid_q <= 1'b0;
    else if (en) a_valid_q <= r_valid;
    if (en && r_valid) begin
      a_user_q.idx      <= r_idx;
      a_user_q.hit      <= r_hit;
      a_user_q.cached   <= r_cached;
      a_user_q.searched <= r_searched;
      a_user_q.entry    <= r_entry;
    end
  end
  assign a_pvlan = pvlan_mem[a_user_q.idx];

  act_chain #(.UserW($bits(a_user_q))) u_actions_of (
      .clk_i, .rst_ni, .en_i(en), .valid_i(a_valid_q), .user_i(a_user_q),
      .act_i(a_user_q.hit != 2'(snic_contract_pkg::HIT_NONE) ? a_act : '0),
      .pkt_i(pkt_mem[a_user_q.idx]), .push_i(a_pvlan[16]), .replace_i(a_pvlan[17]),
      .push_tci_i(a_pvlan[15:0]),
      .valid_o(f_valid), .user_o(f_user), .dest_o(f_dest), .count_o(f_count), .count_idx_o(f_count_idx), .tag_o(f_tag),
      .mark_o(f_mark), .edit_o(f_edit), .tun_o(f_tun)
  );

  // What an ENCAP adds: looked up beside the first stage of the actions, and then it waits for the last.
  localparam int Behind = snic_contract_pkg::N_ACTION - 1;
  logic has_encap;
  logic [7:0] encap_row;
  logic [21:0] encap_attr, attr_q[Behind];  // {max, len}
  logic [snic_contract_pkg::ENCAP_ENTRIES-1:0] encap_en_q;
  logic encap_ok_q, attr_ok_q[Behind];
  always_comb begin
    has_encap = 1'b0;
    encap_row = '0;
    for (int k = snic_contract_pkg::N_ACTION - 1; k >= 0; k--) begin
      if (a_valid_q && a_act[32*k+:8] == 8'(snic_contract_pkg::ACT_ENCAP)) begin
        has_encap = 1'b1;
        encap_row = a_act[32*k+8+:8];
      end
    end
  end
  snic_ram #(.Width(22), .Depth(snic_contract_pkg::ENCAP_ENTRIES)) u_encap (
      .clk_i, .wen_i(encap_wr_i.valid), .waddr_i(encap_wr_i.row), .wdata_i({encap_wr_i.max, encap_wr_i.cfg.len}),
      .ren_i(en && has_encap), .raddr_i(encap_row), .rdata_o(encap_attr)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) encap_en_q <= '0;
    else if (encap_wr_i.valid) encap_en_q[encap_wr_i.row] <= encap_wr_i.en;
    if (en) begin
      if (has_encap) encap_ok_q <= encap_en_q[encap_row];
      attr_q[0]    <= encap_attr;
      attr_ok_q[0] <= encap_ok_q;
      for (int k = 1; k < Behind; k++) begin
        attr_q[k]    <= attr_q[k-1];
        attr_ok_q[k] <= attr_ok_q[k-1];
      end
    end
  end

  // Decision.
  logic [2:0] mask;
  logic counted;
  logic [EntryW-1:0] entry;
  logic [13:0] count_len;
  logic fwd_busy, fwd_idle;

  // What was in a tunnel takes the place of the frame.
  snic_pkg::pkt_ref_t got_pkt;
  snic_pkg::parse_info_t got_info;
  logic got_tagged, got_ad, in_tagged, in_ad, from_tunnel;
  logic [15:0] got_tci, in_tci;
  logic [7:0] in_start;
  logic [13:0] in_stop;
  logic [5:0] f_strip;
  assign {got_pkt, f_src, f_dmac, got_tagged, got_ad, got_tci, got_info} = rec_mem[f_user.idx];
  assign {from_tunnel, in_start, in_stop, in_tagged, in_ad, in_tci} = tun_mem[f_user.idx];
  always_comb begin
    f_pkt    = got_pkt;
    f_info   = got_info;
    f_tagged = got_tagged;
    f_ad     = got_ad;
    f_tci    = got_tci;
    f_strip  = '0;
    if (f_tun.decap) begin
      f_pkt.cell_idx = got_pkt.cell_idx + snic_pkg::CellW'(in_start[7:6]);
      f_pkt.len      = in_stop - {6'd0, in_start[7:6], 6'd0};
      f_strip        = in_start[5:0];
      f_tagged       = in_tagged;
      f_ad           = in_ad;
      f_tci          = in_tci;
      f_info.l3      = got_info.il3;
      f_info.l4      = got_info.il4;
      f_info.l3ok    = got_info.il3ok;
      f_info.l4ok    = got_info.il4ok;
      f_info.tun     = 3'(snic_contract_pkg::TUN_NONE);
      f_info.il3     = 2'(snic_contract_pkg::L3_NONE);
      f_info.il4     = 3'(snic_contract_pkg::L4_NONE);
      f_info.il3ok   = 2'(snic_contract_pkg::CSUM_NONE);
      f_info.il4ok   = 2'(snic_contract_pkg::CSUM_NONE);
    end
    with_encap = 15'(f_pkt.len) - 15'(f_strip) + 15'(attr_q[Behind-1][7:0]) + (f_tag.push ? 15'd4 : 15'd0)
        - (f_tag.pop ? 15'd4 : 15'd0);
    cannot = f_valid && (f_tun.cannot || edit_cannot || (f_tun.encap && (!attr_ok_q[Behind-1] ||
        with_encap > {1'b0, attr_q[Behind-1][21:8]})));
    if (cannot) begin
      f_pkt    = got_pkt;
      f_info   = got_info;
      f_tagged = got_tagged;
      f_ad     = got_ad;
      f_tci    = got_tci;
      f_strip  = '0;
    end
  end
  // What an entry asks for and the card cannot do: the frame has met no entry. What cannot be written is for the PF, in both modes.
  logic cannot, edit_cannot;
  logic [14:0] with_encap;
  snic_pkg::act_tag_t own_tag;
  assign edit_cannot = f_edit.dttl_no || f_edit.edit_no;
  assign own_tag = pvlan_mem[f_user.idx];
  assign f_bad  = bad_mem[f_user.idx];
  assign f_bad_mac = f_bad[1] && !own_mem[f_user.idx];
  assign f_vlan = vlan_mem[f_user.idx];
  assign f_to   = to_mem[f_user.idx];
  assign f_mac  = mac_mem[f_user.idx];
  assign f_echo = echo_mem[f_user.idx];
  assign f_rss  = rss_mem[f_user.idx];

  // The editor is told whose headers it writes.
  snic_pkg::act_edit_t d_edit;
  always_comb begin
    d_edit    = f_edit;
    d_edit.l3 = f_info.l3;
    d_edit.l4 = f_info.l4 == 3'(snic_contract_pkg::L4_TCP) ? snic_pkg::L4SumTcp
                : f_info.l4 == 3'(snic_contract_pkg::L4_UDP) ? snic_pkg::L4SumUdp
                : f_info.l4 == 3'(snic_contract_pkg::L4_ICMP) && f_info.l3 == 2'(snic_contract_pkg::L3_IPV6)
                ? snic_pkg::L4SumIcmp : snic_pkg::L4SumNone;
  end

  forward #(.Cells(Cells)) u_forward (
      .clk_i, .rst_ni, .now_i, .ft_wr_i, .storm_cfg_i, .held_w0_host_i, .held_w1_host_i, .held_w0_w1_i, .held_w1_w0_i, .en_o(en),
      .valid_i(f_valid), .pkt_i(f_pkt), .src_i(f_src), .dmac_i(f_dmac), .has_vlan_i(f_tagged), .ad_i(f_ad),
      .tci_i(f_tci), .info_i(f_info), .bad_ctrl_i(f_bad[0]), .bad_mac_i(f_bad_mac),
      .bad_vlan_i(f_bad[2] && !f_bad_mac), .vid_i(f_vlan[11:0]), .uplink_i(f_vlan[12]), .switchdev_i(f_vlan[14]), .named_i(f_to), .mac_hit_i(f_mac[9]),
      .mac_vport_i(f_mac[8:0]), .mac2_hit_i(f_mac[19]), .mac2_vport_i(f_mac[18:10]), .own_hit_i(f_vlan[13] && f_echo[9]),
      .own_vport_i(f_echo[8:0]), .own2_hit_i(f_vlan[13] && f_echo[19]), .own2_vport_i(f_echo[18:10]),
      .rss_i(f_rss), .hit_i(cannot ? 2'(snic_contract_pkg::HIT_NONE) : f_user.hit), .cached_i(f_user.cached),
      .searched_i(f_user.searched), .entry_i(f_user.entry), .drop_i(f_dest.drop && !cannot), .fwd_i(cannot ? edit_cannot : f_dest.fwd),
      .fwd_vport_i(cannot ? '0 : f_dest.fwd_vport), .mir_i(f_dest.mir && !cannot), .mir_vport_i(f_dest.mir_vport), .count_i(cannot ? '0 : f_count),
      .count_idx_i(f_count_idx), .pop_i(cannot ? own_tag.pop : f_tag.pop),
      .push_i(cannot ? own_tag.push : f_tag.push), .push_tci_i(cannot ? own_tag.push_tci : f_tag.push_tci),
      .mark_i(cannot ? '0 : f_mark), .edit_i(cannot ? '0 : d_edit), .strip_i(f_strip), .encap_i(f_tun.encap && !cannot),
      .encap_row_i(f_tun.row), .len_i(got_pkt.len),
      .from_tunnel_i(from_tunnel), .cannot_i(cannot),
      .row_ren_o(row_ren), .row_vid_o(row_vid), .row_i(row), .done_o(done), .mask_o(mask), .eg_o,
      .flood_valid_o, .flood_map_o, .flood_cell_o, .flood_slot_o, .flood_pool_o, .flood_free_i,
      .flood_free_pool_i, .flood_free_cells_i, .flood_free_func_i, .hit_o(counted), .entry_o(entry),
      .count_valid_o(ev_count_valid_o), .count_idx_o(ev_count_idx_o), .ev_no_match_o, .ev_flow_drop_o,
      .ev_spoof_mac_o, .ev_spoof_vlan_o, .ev_tx_ctrl_o, .ev_congested_o, .ev_storm_o, .ev_exact_o, .ev_cache_o,
      .ev_search_o,
      .ev_rule_o, .ev_perr_o, .ev_to_pf_o, .count_len_o(count_len), .fdrop_o(fdrop_valid_o), .busy_o(fwd_busy), .idle_o(fwd_idle),
      .init_done_o(fwd_init), .w0_host_full_o,
      .w0_w1_full_o, .w1_host_full_o, .w1_w0_full_o
  );

  assign eg_push_o    = done ? mask : '0;
  assign dec_o        = done ? 3'd1 << eg_o.pkt.buf_id : '0;
  assign dec_slot_o   = eg_o.pkt.slot;
  assign dec_mask_o   = mask;
  assign fdrop_func_o = eg_o.src[7:0];

  // A read goes when no frame is counted, a clear when none is inside, so they never meet.
  flow_counters u_counters (
      .clk_i, .rst_ni, .count_i(counted), .clear_i(cnt_clear), .read_i(cnt_read),
      .id_i(counted ? entry : op_entry), .len_i(count_len), .now_i, .valid_o(cnt_valid),
      .value_o(cnt_value),
      .idle_o(cnt_idle)
  );

  // Utilisation. The ring is full, and what holds its oldest frame is why; while that one is on its way to the
  // decision it is what held it last.
  logic full, by_forward, by_forward_q;
  assign full       = m_valid && n_inside[IdxW];
  assign by_forward = !en || (by_forward_q && !search_wait);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) by_forward_q <= 1'b0;
    else if (!en || search_wait) by_forward_q <= !en;
  end
  assign util_o = {admit, full && !by_forward, full && by_forward, m_valid && init_done_o && block && !full,
                   search_busy, fwd_busy};

  assign idle_o = init_done_o && merge_idle && ops_idle && empty && cnt_idle && cache_idle && fwd_idle;
endmodule
