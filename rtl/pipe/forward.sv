// SPDX-License-Identifier: BSD-2-Clause
// Where a frame goes: README.md "Forwarding", steps 4 and 6, and the congestion rule of rtl/README.md. Three
// stages: class of destination, set of flooded functions, decision. The decision waits (en_o low) while a frame
// counts in more than one shared counter, and for nothing else: a flooded frame that storm_ctl does not let
// pass is dropped for functions.
module forward #(
    parameter int Cells = 4096
) (
    input  logic                        clk_i,
    input  logic                        rst_ni,
    input  logic [47:0]                 now_i,
    input  snic_pkg::ft_wr_t            ft_wr_i,  // flags only
    input  snic_pkg::storm_cfg_t        storm_cfg_i,
    input  logic [snic_pkg::CellW:0]    held_w0_host_i,
    input  logic [snic_pkg::CellW:0]    held_w1_host_i,
    input  logic [snic_pkg::CellW:0]    held_w0_w1_i,
    input  logic [snic_pkg::CellW:0]    held_w1_w0_i,
    // frame, its checks and its actions
    output logic                        en_o,
    input  logic                        valid_i,
    input  snic_pkg::pkt_ref_t          pkt_i,
    input  logic [8:0]                  src_i,
    input  logic [47:0]                 dmac_i,
    input  logic                        has_vlan_i,
    input  logic                        ad_i,
    input  logic [15:0]                 tci_i,
    input  snic_pkg::parse_info_t       info_i,
    input  logic                        bad_ctrl_i,
    input  logic                        bad_mac_i,
    input  logic                        bad_vlan_i,
    input  logic [11:0]                 vid_i,
    input  logic                        uplink_i,
    input  logic                        switchdev_i,
    input  snic_pkg::tx_to_t            named_i,      // a destination that comes before all others; no entry was looked for
    input  logic                        mac_hit_i,
    input  logic [8:0]                  mac_vport_i,
    input  logic                        mac2_hit_i,   // another vport with the same address
    input  logic [8:0]                  mac2_vport_i,
    input  logic                        own_hit_i,    // as for the destination: whose the source address is
    input  logic [8:0]                  own_vport_i,
    input  logic                        own2_hit_i,
    input  logic [8:0]                  own2_vport_i,
    input  logic [31:0]                 rss_i,
    input  logic [1:0]                  hit_i,
    input  logic                        cached_i,
    input  logic                        searched_i,
    input  logic [16:0]                 entry_i,
    input  logic                        drop_i,
    input  logic                        fwd_i,
    input  logic [9:0]                  fwd_vport_i,
    input  logic                        mir_i,
    input  logic [9:0]                  mir_vport_i,
    input  logic [3:0]                  count_i,
    input  logic [31:0]                 count_idx_i,
    input  logic                        pop_i,
    input  logic                        push_i,
    input  logic [15:0]                 push_tci_i,
    input  logic [23:0]                 mark_i,
    input  snic_pkg::act_edit_t         edit_i,
    input  logic [5:0]                  strip_i,
    input  logic                        encap_i,
    input  logic [7:0]                  encap_row_i,
    input  logic [13:0]                 len_i,        // as received: what counters count
    input  logic                        from_tunnel_i, // it came from a tunnel port, and may leave by the wire port it came in on
    input  logic                        cannot_i,     // what its entry asks for: there is none for it
    // members of a VLAN, one cycle later
    output logic                        row_ren_o,
    output logic [11:0]                 row_vid_o,
    input  logic [255:0]                row_i,
    // decision
    output logic                        done_o,       // with all that follows
    output logic [2:0]                  mask_o,       // egresses
    output snic_pkg::egress_t           eg_o,
    // with it, for the flood store: functions, place; and places that are free again
    output logic                        flood_valid_o,
    output logic [255:0]                flood_map_o,
    output logic [9:0]                  flood_cell_o,
    output logic [9:0]                  flood_slot_o,
    output logic [1:0]                  flood_pool_o,
    input  logic                        flood_free_i,
    input  logic [1:0]                  flood_free_pool_i,
    input  logic [7:0]                  flood_free_cells_i,
    input  logic [7:0]                  flood_free_func_i,
    output logic                        hit_o,        // counts in entry_o
    output logic [16:0]                 entry_o,
    output logic                        count_valid_o,
    output logic [7:0]                  count_idx_o,
    output logic                        ev_no_match_o,
    output logic                        ev_flow_drop_o,
    output logic                        ev_spoof_mac_o,
    output logic                        ev_spoof_vlan_o,
    output logic                        ev_tx_ctrl_o,
    output logic                        ev_congested_o,
    output logic                        ev_storm_o,
    output logic                        ev_exact_o,
    output logic                        ev_cache_o,
    output logic                        ev_search_o,
    output logic                        ev_rule_o,
    output logic                        ev_perr_o,
    output logic                        ev_to_pf_o,
    output logic [13:0]                 count_len_o,  // with hit_o
    output logic                        fdrop_o,
    output logic                        busy_o,       // a frame is decided, or its counters take their time
    output logic                        w0_host_full_o, // frames from a wire port for that egress are refused
    output logic                        w0_w1_full_o,
    output logic                        w1_host_full_o,
    output logic                        w1_w0_full_o,
    output logic                        idle_o,       // beside frames
    output logic                        init_done_o
);
  localparam int NFunc = snic_contract_pkg::N_FUNC;
  localparam logic [snic_pkg::CellW:0] Share = (snic_pkg::CellW + 1)'(Cells / 4 * 3);

  // Flags of all functions: for flooding, their wire port, loopback.
  logic [NFunc-1:0] bcast_q, multi_q, promisc_q, port1_q, loop_q, vepa_q;
  logic pf_q;  // the PF may be forwarded to
  snic_contract_pkg::ft_flags_t ft_flags;
  assign ft_flags = {21'd0, ft_wr_i.flags};
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      bcast_q   <= '0;
      multi_q   <= '0;
      promisc_q <= '0;
      port1_q   <= '0;
      loop_q    <= '0;
      vepa_q    <= '0;
      pf_q      <= 1'b0;
    end else if (ft_wr_i.valid) begin
      bcast_q[ft_wr_i.func]   <= ft_flags.enable && ft_flags.bcast;
      multi_q[ft_wr_i.func]   <= ft_flags.enable && (ft_flags.allmulti || ft_flags.promisc);
      promisc_q[ft_wr_i.func] <= ft_flags.enable && ft_flags.promisc;
      port1_q[ft_wr_i.func]   <= ft_flags.uplink1;
      loop_q[ft_wr_i.func]    <= ft_flags.loopback;
      vepa_q[ft_wr_i.func]    <= ft_flags.vepa;
      if (ft_wr_i.func == '0) pf_q <= ft_flags.enable;
    end
  end

  // Stage 1: class of destination.
  logic refused, from_func, port, found, found1, found2, looped, multi, bcast, ctrl, flood, to, to_ok, mir_ok, list;
  logic vlan_there;
  logic [9:0] src, to_vport, mac_vport, sender;
  // A VEPA function's own frame, reflected by the bridge at its wire port: it has the function's address.
  logic vepa, echo1, echo2, echo;
  logic [7:0] echo_func;

  assign refused    = bad_ctrl_i || bad_mac_i || bad_vlan_i;
  assign from_func  = !src_i[8];
  assign src        = {1'b0, src_i};
  assign multi      = dmac_i[40];
  assign bcast      = &dmac_i;
  assign ctrl       = dmac_i[47:4] == 44'h0180c200000;
  // Each wire port is a switch of its own: what the MAC table says of a vport of the other one does not count.
  assign port       = from_func ? uplink_i : src_i[0];
  always_comb begin
    found1 = 1'b0;
    found2 = 1'b0;
    looped = 1'b0;
    vepa   = 1'b0;
    echo1  = 1'b0;
    echo2  = 1'b0;
    if (valid_i) begin
      found1 = mac_hit_i && (mac_vport_i > 9'(snic_contract_pkg::VPORT_WIRE1)
                             || (mac_vport_i[8] ? mac_vport_i[0] : port1_q[mac_vport_i[7:0]]) == port);
      found2 = mac2_hit_i && (mac2_vport_i > 9'(snic_contract_pkg::VPORT_WIRE1)
                              || (mac2_vport_i[8] ? mac2_vport_i[0] : port1_q[mac2_vport_i[7:0]]) == port);
      looped = from_func && loop_q[src_i[7:0]];
      vepa   = from_func && vepa_q[src_i[7:0]];
      if (!from_func) begin
        echo1 = own_hit_i && !own_vport_i[8] && vepa_q[own_vport_i[7:0]] && port1_q[own_vport_i[7:0]] == port;
        echo2 = own2_hit_i && !own2_vport_i[8] && vepa_q[own2_vport_i[7:0]] && port1_q[own2_vport_i[7:0]] == port;
      end
    end
  end
  assign found      = found1 || found2;
  assign mac_vport  = {1'b0, found1 ? mac_vport_i : mac2_vport_i};
  assign echo       = echo1 || echo2;
  assign echo_func  = echo1 ? own_vport_i[7:0] : own2_vport_i[7:0];
  assign sender     = {2'd0, echo_func};
  // In switchdev mode the PF has what the flow table does not decide.
  assign to         = !refused && !drop_i && (named_i.named || looped || fwd_i || switchdev_i || vepa || (!multi && found));
  assign to_vport   = named_i.named ? named_i.vport : looped ? src : fwd_i ? fwd_vport_i : switchdev_i ? 10'd0
                      : vepa ? 10'(snic_contract_pkg::VPORT_WIRE0) | 10'(port) : mac_vport;
  assign to_ok      = to && ((looped && !named_i.named) || from_tunnel_i || to_vport != src) && !(echo && to_vport == sender)
                      && to_vport <= 10'(snic_contract_pkg::VPORT_WIRE1);
  assign flood      = !refused && !drop_i && !to;
  // a multicast group may be listed in the MAC table: one more receiver
  assign list       = flood && multi && !bcast && !ctrl && found && mac_vport != src && !(echo && mac_vport == sender)
                      && mac_vport <= 10'(snic_contract_pkg::VPORT_WIRE1);
  assign mir_ok     = !refused && !looped && mir_i && (from_tunnel_i || mir_vport_i != src) && !(echo && mir_vport_i == sender)
                      && mir_vport_i <= 10'(snic_contract_pkg::VPORT_WIRE1);
  assign vlan_there = has_vlan_i && !pop_i;
  assign row_ren_o  = en_o && valid_i && flood;
  assign row_vid_o  = vid_i;

  typedef struct packed {
    logic        from_func;
    logic        echo;
    logic [7:0]  echo_func;
    logic [1:0]  in_port;      // one-hot: came from that wire port
    logic        bad_ctrl;
    logic        bad_mac;
    logic        bad_vlan;
    logic        drop;
    logic        to_func;      // destination, or the listed receiver of a group, is function `func`
    logic [7:0]  func;
    logic [1:0]  wire_to;      // wire ports that are destinations
    logic        flood;
    logic        mir_func;
    logic [7:0]  mir;
    logic [1:0]  mir_wire;
    logic        cached;
    logic        searched;
    logic [16:0] entry;
    logic [3:0]  count;
    logic [31:0] count_idx;
    logic [13:0] len;
    logic        cannot;
  } fwd_t;
  fwd_t s1, s1_q, s2_q;
  snic_pkg::egress_t eg, s1_eg_q, s2_eg_q;
  logic s1_valid_q, s2_valid_q, s1_bcast_q, s1_multi_q, s1_ctrl_q, s1_port_q;
  logic [8:0] one;
  logic one_ok;

  assign one    = list ? mac_vport[8:0] : to_vport[8:0];
  assign one_ok = list || to_ok;

  always_comb begin
    s1.from_func = from_func;
    s1.echo      = echo;
    s1.echo_func = echo_func;
    s1.in_port   = from_func ? 2'b00 : src_i[0] ? 2'b10 : 2'b01;
    s1.bad_ctrl  = bad_ctrl_i;
    s1.bad_mac   = bad_mac_i;
    s1.bad_vlan  = bad_vlan_i;
    s1.drop      = !refused && drop_i;
    s1.to_func   = one_ok && !one[8];
    s1.func      = one[7:0];
    s1.wire_to   = (one_ok && one[8] ? 2'd1 << one[0] : 2'd0)
                   | (flood && from_func ? 2'd1 << uplink_i : 2'd0);
    s1.flood     = flood;
    s1.mir_func  = mir_ok && !mir_vport_i[8];
    s1.mir       = mir_vport_i[7:0];
    s1.mir_wire  = mir_ok && mir_vport_i[8] ? 2'd1 << mir_vport_i[0] : 2'd0;
    s1.cached    = !refused && cached_i;
    s1.searched  = !refused && searched_i;
    s1.entry     = entry_i;
    s1.count     = refused ? '0 : count_i;
    s1.count_idx = count_idx_i;
    s1.len       = len_i;
    s1.cannot    = !refused && cannot_i;

    eg.encap    = encap_i;
    eg.row      = encap_row_i;
    eg.strip    = strip_i;
    eg.edit     = edit_i;
    eg.two      = 1'b0;   // with mir, flood and func: decided in stages 2 and 3
    eg.mir      = '0;
    eg.pkt      = pkt_i;
    eg.src      = src_i;
    eg.flood    = 1'b0;
    eg.func     = '0;
    eg.pop      = pop_i;
    eg.push     = push_i;
    eg.push_tci = push_tci_i;
    eg.has_vlan = push_i || vlan_there;
    eg.ad       = !push_i && vlan_there && ad_i;
    eg.tci      = push_i ? push_tci_i : vlan_there ? tci_i : '0;
    eg.rss      = rss_i;
    eg.mark     = mark_i;
    eg.hit      = refused ? 2'(snic_contract_pkg::HIT_NONE) : hit_i;
    eg.info     = info_i;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s1_valid_q <= 1'b0;
    else if (en_o) s1_valid_q <= valid_i;
    if (en_o && valid_i) begin
      s1_q       <= s1;
      s1_eg_q    <= eg;
      s1_bcast_q <= bcast;
      s1_multi_q <= multi;
      s1_ctrl_q  <= ctrl;
      s1_port_q  <= port;
    end
  end

  // Stage 2: who gets it of the functions; a mirror comes on top in stage 3, since it does not make a match.
  logic [NFunc-1:0] map_q;
  logic s2_two;
  assign s2_two = s1_q.to_func && s1_q.mir_func && s1_q.func != s1_q.mir;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s2_valid_q <= 1'b0;
    else if (en_o) s2_valid_q <= s1_valid_q;
    if (en_o && s1_valid_q) begin
      s2_q         <= s1_q;
      s2_eg_q      <= s1_eg_q;
      s2_eg_q.two  <= s2_two;
      s2_eg_q.func <= s1_q.to_func ? s1_q.func : s1_q.mir;
      s2_eg_q.mir  <= s1_q.mir;
      if (s1_q.flood) begin
        map_q <= row_i & (s1_ctrl_q ? NFunc'(pf_q) : s1_bcast_q ? bcast_q : s1_multi_q ? multi_q : promisc_q)
            & (s1_port_q ? port1_q : ~port1_q);
        if (s1_q.from_func) map_q[s1_eg_q.src[7:0]] <= 1'b0;
        if (s1_q.echo) map_q[s1_q.echo_func] <= 1'b0;
        if (s1_q.to_func) map_q[s1_q.func] <= 1'b1;
      end
    end
  end

  // Stage 3: decision. A frame that floods to one function goes as any other for that function.
  logic [7:0] word_any, word_two, only;
  logic [31:0] word, last_word;
  logic many;
  logic [47:0] s3_ones_q;  // receivers, by words of the bitmap
  always_comb begin
    word_any  = '0;
    word_two  = '0;
    last_word = '0;
    only      = '0;
    if (s2_valid_q && s2_q.flood) begin
      for (int w = 0; w < 8; w++) begin
        word        = map_q[32*w+:32];
        word_any[w] = word != '0;
        word_two[w] = (word & (word - 32'd1)) != '0;
        last_word   = last_word | word;
        only[7:5]   = only[7:5] | (word != '0 ? 3'(w) : 3'd0);
      end
      for (int b = 0; b < 32; b++) only[4:0] = only[4:0] | (last_word[b] ? 5'(b) : 5'd0);
    end else begin
      word = '0;
    end
  end
  assign many = word_two != '0 || (word_any & (word_any - 8'd1)) != '0;

  logic any_flood, match, s3_valid_q, host;
  logic [2:0] want, full;
  fwd_t s3_q;  // some fields end in stage 2
  snic_pkg::egress_t s3_eg_q;
  logic [2:0] s3_mask_q;
  logic s3_no_match_q, s3_congested_q;
  logic [NFunc-1:0] s3_map_q;

  assign any_flood = word_any != '0;
  assign match     = any_flood || s2_q.to_func || s2_q.wire_to != '0;
  assign host      = any_flood || s2_q.to_func || s2_q.mir_func;
  assign want      = {host, s2_q.wire_to | s2_q.mir_wire};
  assign w0_host_full_o = held_w0_host_i >= Share;
  assign w0_w1_full_o   = held_w0_w1_i >= Share;
  assign w1_host_full_o = held_w1_host_i >= Share;
  assign w1_w0_full_o   = held_w1_w0_i >= Share;
  assign full      = s2_q.in_port[0] ? {w0_host_full_o, w0_w1_full_o, 1'b0}
                     : s2_q.in_port[1] ? {w1_host_full_o, 1'b0, w1_w0_full_o} : 3'd0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s3_valid_q <= 1'b0;
    else if (en_o) s3_valid_q <= s2_valid_q;
    if (en_o && s2_valid_q) begin
      s3_q           <= s2_q;
      s3_eg_q        <= s2_eg_q;
      s3_eg_q.flood  <= many;
      if (s2_q.flood) begin
        s3_eg_q.two <= any_flood && s2_q.mir_func && s2_q.mir != only;
        if (any_flood) s3_eg_q.func <= only;
      end
      s3_mask_q      <= want & ~full;
      s3_congested_q <= (want & full) != '0;
      s3_no_match_q  <= !match && !s2_q.drop && !s2_q.bad_ctrl && !s2_q.bad_mac && !s2_q.bad_vlan;
      if (many) begin
        s3_map_q <= map_q;
        if (s2_q.mir_func) s3_map_q[s2_q.mir] <= 1'b1;
        for (int w = 0; w < 8; w++) s3_ones_q[6*w+:6] <= 6'($countones(map_q[32*w+:32]));
      end
    end
  end

  // Output. Shared counters: one a cycle, so a list with n COUNTs holds the frame for n cycles.
  logic [3:0] counted_q, left;
  logic counts_ok, storm_ok, flood_host;
  logic [8:0] copies;

  always_comb begin
    copies = '0;
    if (flood_host) for (int w = 0; w < 8; w++) copies = copies + 9'(s3_ones_q[6*w+:6]);
  end
  storm_ctl u_storm (
      .clk_i, .rst_ni, .now_i, .cfg_i(storm_cfg_i), .look_i(en_o && s1_valid_q && s1_q.flood),
      .look_src_i(s1_eg_q.src), .judge_i(en_o && s2_valid_q && s2_q.flood), .judge_src_i(s2_eg_q.src),
      .src_i(s3_eg_q.src), .cells_i(8'((s3_eg_q.pkt.len + 14'd63) >> 6)), .copies_i(copies), .ok_o(storm_ok),
      .take_i(flood_valid_o), .cell_o(flood_cell_o), .slot_o(flood_slot_o), .pool_o(flood_pool_o),
      .decided_i(done_o), .free_i(flood_free_i), .free_pool_i(flood_free_pool_i),
      .free_cells_i(flood_free_cells_i), .free_func_i(flood_free_func_i), .idle_o, .init_done_o
  );

  assign left          = s3_q.count & ~counted_q;
  assign counts_ok     = (left & (left - 1'b1)) == '0;
  assign flood_host    = s3_valid_q && s3_eg_q.flood && s3_mask_q[snic_pkg::EgHost];
  assign flood_valid_o = done_o && flood_host && storm_ok;
  assign flood_map_o   = s3_map_q;
  assign en_o          = !s3_valid_q || counts_ok;
  assign done_o        = s3_valid_q && counts_ok;
  assign busy_o        = s3_valid_q;
  assign count_valid_o = s3_valid_q && left != '0;
  assign count_idx_o   = left[0] ? s3_q.count_idx[7:0] : left[1] ? s3_q.count_idx[15:8]
                         : left[2] ? s3_q.count_idx[23:16] : s3_q.count_idx[31:24];
  always_ff @(posedge clk_i) begin
    if (!rst_ni || done_o) counted_q <= '0;
    else if (count_valid_o) counted_q <= counted_q | (left & (~left + 1'b1));
  end

  assign mask_o          = s3_mask_q & {!flood_host || storm_ok, 2'b11};
  assign eg_o            = s3_eg_q;
  assign entry_o         = s3_q.entry;
  assign hit_o           = done_o && s3_eg_q.hit != 2'(snic_contract_pkg::HIT_NONE);
  assign ev_no_match_o   = done_o && s3_no_match_q;
  assign ev_flow_drop_o  = done_o && s3_q.drop;
  assign ev_spoof_mac_o  = done_o && s3_q.bad_mac;
  assign ev_spoof_vlan_o = done_o && s3_q.bad_vlan;
  assign ev_tx_ctrl_o    = done_o && s3_q.bad_ctrl;
  assign ev_congested_o  = done_o && s3_congested_q;
  assign ev_storm_o      = done_o && flood_host && !storm_ok;
  assign ev_exact_o      = done_o && s3_eg_q.hit == 2'(snic_contract_pkg::HIT_EXACT);
  assign ev_cache_o      = done_o && s3_q.cached;
  assign ev_search_o     = done_o && s3_q.searched;
  assign ev_rule_o       = done_o && s3_eg_q.hit == 2'(snic_contract_pkg::HIT_RULE);
  assign ev_to_pf_o      = done_o && s3_q.cannot;
  assign count_len_o     = s3_q.len;
  assign ev_perr_o       = done_o && s3_eg_q.info.perr != 4'(snic_contract_pkg::PERR_OK);
  assign fdrop_o         = s3_q.from_func && (ev_no_match_o || ev_flow_drop_o || ev_spoof_mac_o
                                              || ev_spoof_vlan_o || ev_tx_ctrl_o || ev_storm_o);
endmodule
