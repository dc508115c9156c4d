// SPDX-License-Identifier: BSD-2-Clause
// One parser engine: holds the first 256 B of one frame, reads one header a cycle (rules: README.md, Parser),
// then hands its result over and is free for the next frame while the result waits for its turn.
//
// Checksums need no pass over the bytes: with the header words the engine stores the sum of all words before
// each of them, so the sum of any range is a difference of two look-ups; where the range ends with the frame,
// one of them is the sum of the whole frame. All sums are modulo ffff.
//
// For simulation speed everything is worked out in variables local to guarded blocks, and whole registers are
// written after all that is read: an idle engine costs a few compares a cycle.
module hdr_engine (
    input  logic              clk_i,
    input  logic              rst_ni,
    // header beats of one frame; the first comes with what is known of the frame
    input  logic              ld_valid_i,
    output logic              ld_ready_o,
    input  logic              ld_sop_i,
    input  logic              ld_eop_i,
    input  logic [511:0]      ld_data_i,
    input  snic_pkg::pkt_ref_t ld_pkt_i,
    input  logic [8:0]        ld_src_i,
    input  logic [15:0]       ld_sum_i,
    input  snic_pkg::tun_ports_t tun_ports_i,
    // result
    output logic              valid_o,
    input  logic              take_i,
    output snic_pkg::meta_t   meta_o,
    output logic              work_o,    // works on a frame
    output logic              held_o,    // is through with one, but the result of the one before is still there
    output logic              idle_o
);
  // Inlined, the wide ports of the engines are names, not copies made every cycle.
  /* verilator inline_module */

  localparam int Window = snic_contract_pkg::HDR_WINDOW;
  localparam logic [4:0] MaxSteps = 5'd16;

  // Options by which an address of the pseudo header stands in the option: IPv4 loose and strict source route,
  // IPv6 home address. They are looked for in the first 40 bytes of a header.
  localparam logic [7:0] OptLsrr = 8'd131, OptSsrr = 8'd137, OptHome = 8'd201;

  // What is expected at the current offset.
  localparam logic [3:0] HEnd = 4'd0, HEth = 4'd1, HVlan = 4'd2, HMpls1 = 4'd3, HMpls = 4'd4, HIpAny = 4'd5,
      HIp4 = 4'd6, HIp6 = 4'd7, HExt = 4'd8, HTcp = 4'd9, HUdp = 4'd10, HIcmp = 4'd11, HGre = 4'd12,
      HVxlan = 4'd13, HGeneve = 4'd14;

  localparam logic [1:0] L3None = 2'(snic_contract_pkg::L3_NONE), L3Ipv4 = 2'(snic_contract_pkg::L3_IPV4),
      L3Ipv6 = 2'(snic_contract_pkg::L3_IPV6);
  localparam logic [1:0] CsumOk = 2'(snic_contract_pkg::CSUM_OK), CsumBad = 2'(snic_contract_pkg::CSUM_BAD);
  localparam logic [2:0] L4None = 3'(snic_contract_pkg::L4_NONE), L4Other = 3'(snic_contract_pkg::L4_OTHER),
      L4Frag = 3'(snic_contract_pkg::L4_FRAG);
  localparam logic [2:0] TunNone = 3'(snic_contract_pkg::TUN_NONE);
  localparam logic [3:0] PerrOk = 4'(snic_contract_pkg::PERR_OK),
      PerrTrunc = 4'(snic_contract_pkg::PERR_TRUNC),
      PerrBadIp = 4'(snic_contract_pkg::PERR_BAD_IP), PerrBadL4 = 4'(snic_contract_pkg::PERR_BAD_L4),
      PerrBadTun = 4'(snic_contract_pkg::PERR_BAD_TUN), PerrWindow = 4'(snic_contract_pkg::PERR_WINDOW),
      PerrSteps = 4'(snic_contract_pkg::PERR_STEPS);

  // What follows an EtherType. A second tunnel level is not entered.
  function automatic logic [3:0] after_type(input logic [15:0] ethertype, input logic inner);
    case (ethertype)
      16'h8100, 16'h88a8: after_type = HVlan;
      16'h0800: after_type = HIp4;
      16'h86dd: after_type = HIp6;
      16'h8847, 16'h8848: after_type = inner ? HEnd : HMpls1;
      default: after_type = HEnd;
    endcase
  endfunction

  // What follows a protocol type inside a tunnel (GRE, GENEVE; MPLS is for GRE alone).
  function automatic logic [3:0] after_tun(input logic [15:0] ethertype, input logic gre);
    case (ethertype)
      16'h6558: after_tun = HEth;
      16'h0800: after_tun = HIp4;
      16'h86dd: after_tun = HIp6;
      16'h8847, 16'h8848: after_tun = gre ? HMpls1 : HEnd;
      default: after_tun = HEnd;
    endcase
  endfunction

  // {L4_* known by the protocol number alone, what follows}
  function automatic logic [6:0] after_proto(input logic [7:0] proto, input logic v6, input logic no_gre);
    case (proto)
      8'd6: after_proto = {L4None, HTcp};
      8'd17: after_proto = {L4None, HUdp};
      8'd1: after_proto = v6 ? {L4Other, HEnd} : {L4None, HIcmp};
      8'd58: after_proto = v6 ? {L4None, HIcmp} : {L4Other, HEnd};
      8'd47: after_proto = no_gre ? {L4Other, HEnd} : {L4None, HGre};
      8'd0, 8'd43, 8'd44, 8'd51, 8'd60: after_proto = v6 ? {L4None, HExt} : {L4Other, HEnd};
      8'd59: after_proto = v6 ? {L4None, HEnd} : {L4Other, HEnd};
      default: after_proto = {L4Other, HEnd};
    endcase
  endfunction

  // csk: the header's flags C, K and S
  function automatic logic [2:0] gre_tun(input logic [15:0] ethertype, input logic [2:0] csk);
    case (ethertype)
      16'h6558: gre_tun = csk == 3'b010 ? 3'(snic_contract_pkg::TUN_NVGRE) : 3'(snic_contract_pkg::TUN_GRE);
      16'h8847, 16'h8848: gre_tun = 3'(snic_contract_pkg::TUN_MPLSOGRE);
      default: gre_tun = 3'(snic_contract_pkg::TUN_GRE);
    endcase
  endfunction

  function automatic logic [16:0] halves(input logic [31:0] w);
    halves = {1'b0, w[31:16]} + {1'b0, w[15:0]};
  endfunction

  function automatic logic has_byte(input logic [31:0] w, input logic [7:0] b);
    has_byte = w[31:24] == b || w[23:16] == b || w[15:8] == b || w[7:0] == b;
  endfunction

  // The first n + 1 bytes of a word.
  function automatic logic [31:0] first_bytes(input logic [31:0] w, input logic [1:0] n);
    case (n)
      2'd0: first_bytes = {w[31:24], 24'd0};
      2'd1: first_bytes = {w[31:16], 16'd0};
      2'd2: first_bytes = {w[31:8], 8'd0};
      default: first_bytes = w;
    endcase
  endfunction

  // Header store: 64 big-endian words, and for each the sum of all words before it (32-bit lanes, 23 used).
  logic [511:0] word_q[4];
  logic [511:0] pre_q[4];
  logic [1:0] beat_q;
  logic [22:0] acc_q;

  // A frame is loaded, stepped through, and waits for its last checksum and for the result register.
  logic loading_q, stepping_q;
  logic [4:0] steps_q;
  logic [3:0] hdr_q;
  logic [8:0] off_q;
  logic [13:0] end_q;  // of the enclosing IP datagram, or of the frame

  // What was found. Without o: innermost so far, the flow key's view.
  snic_pkg::pkt_ref_t pkt_q;
  logic [8:0] src_q;
  logic [47:0] odmac_q, osmac_q, dmac_q, smac_q;
  logic otagged_q, oad_q, tagged_q, frag_q;
  logic [15:0] otci_q, tci_q, type_q, sport_q, dport_q;
  logic [7:0] proto_q, dscp_q;
  logic [31:0] tun_id_q;
  logic [127:0] sip_q, dip_q, tun_sip_q, tun_dip_q;
  logic [3:0] perr_q;
  snic_pkg::rewrite_t rw_q;
  logic [1:0] l3_q, il3_q;
  logic [2:0] l4_q, il4_q, tun_q;
  logic v6_q;
  logic in_eth_q, in_ad_q;
  logic [7:0] in_start_q, oproto_q, odscp_q;
  logic [13:0] in_stop_q;
  logic [15:0] otype_q, osport_q, odport_q;
  logic elsewhere_q;  // an address of the pseudo header may not be that of the IP header
  logic [19:0] pseudo_q;  // sum of the addresses of the innermost IP header

  // Checksum under way: the bytes from a up to b (both less one, as look-ups want them) and an addend.
  logic sum1_q, sum2_q;
  logic [7:0] sum_a_q, sum_b_q;
  logic sum_total_q;  // b is the end of the frame: take the frame's sum
  logic [20:0] sum_add1_q, sum_add2_q;
  logic [1:0] sum_dst1_q, sum_dst2_q;  // {inner, L4}
  logic [23:0] sum_at_a_q, sum_at_b_q;
  logic [15:0] frame_sum_q;
  logic [1:0] l3ok_q, l4ok_q, il3ok_q, il4ok_q;

  logic load, fin;
  assign ld_ready_o = loading_q;
  assign load = ld_valid_i && loading_q;
  assign fin = !loading_q && !stepping_q && !sum1_q && !sum2_q && !valid_o;
  assign idle_o = loading_q && beat_q == 2'd0 && !valid_o;
  assign held_o = !loading_q && !stepping_q && !sum1_q && !sum2_q && valid_o;
  assign work_o = loading_q ? ld_valid_i || beat_q != 2'd0 : !held_o;

  always_ff @(posedge clk_i) begin : p_store
    logic [511:0] w, p;
    logic [31:0] word;
    logic [22:0] base, loc;
    if (load) begin
      base = ld_sop_i ? 23'd0 : acc_q;
      for (int g = 0; g < 4; g++) begin
        loc = 23'd0;
        for (int k = 4 * g; k < 4 * g + 4; k++) begin
          word = ld_data_i[32*k+:32];
          word = {word[7:0], word[15:8], word[23:16], word[31:24]};
          w[32*k+:32] = word;
          p[32*k+:32] = {9'd0, base + loc};
          loc = loc + {6'd0, halves(word)};
        end
        base = base + loc;
      end
      word_q[beat_q] <= w;
      pre_q[beat_q] <= p;
      acc_q <= base;
      if (ld_sop_i) begin
        pkt_q <= ld_pkt_i;
        src_q <= ld_src_i;
        frame_sum_q <= ld_sum_i;
      end
    end
  end

  always_ff @(posedge clk_i) begin : p_step
    logic [1023:0] beats;
    logic [4:0] idx, i;
    logic [191:0] raw;
    logic [143:0] rawx;
    logic [31:0] w0, w1, w2, w3, w4, w;
    logic [319:0] head;
    logic [127:0] sip, dip;
    logic [3:0] hdr, next, bad, err;
    logic [2:0] l4, tun;
    logic [31:0] tun_id;
    logic inner, v6, frag, good, enter, set_eth, set_tag, set_ip, set_port, has_sum, cut, elsewhere;
    logic [11:0] need, size;
    logic [14:0] need_end, size_end;
    logic [16:0] ip_end;
    logic [13:0] left;
    logic [19:0] pseudo;
    logic [7:0] proto;
    logic [15:0] ethertype;

    if (!rst_ni) begin
      loading_q <= 1'b1;
      stepping_q <= 1'b0;
      beat_q <= 2'd0;
      sum1_q <= 1'b0;
    end else if (stepping_q) begin
      // The window: five words from the current offset, which is even, out of the two beats it may lie in.
      beats = {word_q[off_q[7:6]+2'd1], word_q[off_q[7:6]]};
      idx = {1'b0, off_q[5:2]};
      for (int k = 0; k < 6; k++) begin
        i = idx + 5'(k);
        raw[32*(5-k)+:32] = beats[32*i+:32];
      end
      {w0, w1, w2, w3, w4} = off_q[1] ? raw[175:16] : raw[191:32];

      hdr = hdr_q;
      if (hdr_q == HIpAny) hdr = w0[31:28] == 4'd4 ? HIp4 : w0[31:28] == 4'd6 ? HIp6 : HIpAny;

      // Bytes it takes to read the header's fixed part, and the bytes it says it has.
      case (hdr)
        HEth: need = 12'd14;
        HVlan, HMpls1, HMpls, HIcmp, HGre: need = 12'd4;
        HIp4, HTcp: need = 12'd20;
        HIp6: need = 12'd40;
        HIpAny: need = 12'd1;
        default: need = 12'd8;
      endcase
      case (hdr)
        HIp4: size = {6'd0, w0[27:24], 2'd0};
        HExt: begin
          if (proto_q == 8'd44) size = 12'd8;
          else if (proto_q == 8'd51) size = {2'd0, w0[23:16], 2'd0} + 12'd8;
          else size = {1'd0, w0[23:16], 3'd0} + 12'd8;
        end
        HGre: size = 12'd4 + {9'd0, w0[31], 2'd0} + {9'd0, w0[29], 2'd0} + {9'd0, w0[28], 2'd0};
        HGeneve: size = {4'd0, w0[29:24], 2'd0} + 12'd8;
        default: size = need;
      endcase
      need_end = {6'd0, off_q} + {3'd0, need};
      size_end = {6'd0, off_q} + {3'd0, size};
      left = end_q - {5'd0, off_q};

      // What the header says, if it is good.
      inner = tun_q != TunNone;
      good = 1'b1;
      bad = PerrOk;
      next = HEnd;
      ethertype = type_q;
      v6 = v6_q;
      proto = proto_q;
      frag = frag_q;
      l4 = L4None;
      tun = tun_q;
      tun_id = tun_id_q;
      ip_end = {3'd0, end_q};
      enter = 1'b0;
      set_eth = 1'b0;
      set_tag = 1'b0;
      set_ip = 1'b0;
      set_port = 1'b0;
      has_sum = 1'b0;
      elsewhere = elsewhere_q;
      case (hdr)
        HEth: begin
          set_eth = 1'b1;
          ethertype = w3[31:16];
          next = after_type(ethertype, inner);
        end
        HVlan: begin
          set_tag = 1'b1;
          ethertype = w0[15:0];
          next = after_type(ethertype, inner);
        end
        HMpls1, HMpls: begin
          if (hdr == HMpls1) tun_id = {12'd0, w0[31:12]};
          if (hdr == HMpls1 && !inner) begin
            enter = 1'b1;
            tun = l3_q == L3None ? 3'(snic_contract_pkg::TUN_MPLS) : 3'(snic_contract_pkg::TUN_MPLSOUDP);
          end
          next = w0[8] ? HIpAny : HMpls;
        end
        HIp4: begin
          set_ip = 1'b1;
          v6 = 1'b0;
          elsewhere = w0[27:24] > 4'd10;  // options that are not looked at
          proto = w2[23:16];
          frag = w1[13:0] != 14'd0;  // more fragments, or an offset
          ip_end = {8'd0, off_q} + {1'b0, w0[15:0]};
          {l4, next} = after_proto(proto, 1'b0, inner || frag);
          if (w1[12:0] != 13'd0) {l4, next} = {L4Frag, HEnd};
          if (w0[31:28] != 4'd4 || w0[27:24] < 4'd5 || w0[15:0] < {10'd0, w0[27:24], 2'd0}) bad = PerrBadIp;
        end
        HIp6: begin
          set_ip = 1'b1;
          v6 = 1'b1;
          elsewhere = 1'b0;
          proto = w1[15:8];
          frag = 1'b0;
          ip_end = {2'd0, size_end} + {1'b0, w1[31:16]};
          {l4, next} = after_proto(proto, 1'b1, inner);
          if (w0[31:28] != 4'd6 || (w1[31:16] == 16'd0 && proto == 8'd0)) bad = PerrBadIp;
        end
        HExt: begin
          proto = w0[31:24];
          if (proto_q == 8'd43 && w0[7:0] != 8'd0) elsewhere = 1'b1;  // segments left
          if (proto_q == 8'd60 && w0[23:16] > 8'd4) elsewhere = 1'b1;
          if (proto_q == 8'd44 && (w0[15:3] != 13'd0 || w0[0])) frag = 1'b1;
          {l4, next} = after_proto(proto, 1'b1, inner || frag);
          if (proto_q == 8'd44 && w0[15:3] != 13'd0) {l4, next} = {L4Frag, HEnd};
        end
        HTcp: begin
          set_port = 1'b1;
          has_sum = !elsewhere_q;
          l4 = 3'(snic_contract_pkg::L4_TCP);
          if (w3[31:28] < 4'd5) bad = PerrBadL4;
          else if ({8'd0, w3[31:28], 2'd0} > left) bad = PerrTrunc;
        end
        HUdp: begin
          set_port = 1'b1;
          has_sum = !elsewhere_q && w1[15:0] != 16'd0 && w1[31:16] == {2'd0, left};
          l4 = 3'(snic_contract_pkg::L4_UDP);
          // A first fragment has the length of the whole datagram. A tunnel ends with it.
          if (!frag_q) ip_end = {8'd0, off_q} + {1'b0, w1[31:16]};
          if (w1[31:16] < 16'd8 || (w1[31:16] > {2'd0, left} && !frag_q)) bad = PerrBadL4;
          if (!inner && !frag_q) begin
            if (w0[15:0] == 16'd0) next = HEnd;
            else if (w0[15:0] == tun_ports_i.vxlan) next = HVxlan;
            else if (w0[15:0] == tun_ports_i.geneve) next = HGeneve;
            else if (w0[15:0] == tun_ports_i.mpls) next = HMpls1;
          end
        end
        HIcmp: begin
          set_port = 1'b1;
          has_sum = v6_q ? !elsewhere_q : w0 != 32'd0;
          l4 = 3'(snic_contract_pkg::L4_ICMP);
        end
        HGre: begin
          enter = 1'b1;
          tun = gre_tun(w0[15:0], {w0[31], w0[29:28]});
          tun_id = !w0[29] ? 32'd0 : w0[31] ? w2 : w1;
          next = after_tun(w0[15:0], 1'b1);
          if (w0[18:16] != 3'd0 || w0[30]) bad = PerrBadTun;
        end
        HVxlan: begin
          good = w0[27];
          enter = 1'b1;
          tun = 3'(snic_contract_pkg::TUN_VXLAN);
          tun_id = {8'd0, w1[31:8]};
          next = HEth;
        end
        HGeneve: begin
          enter = 1'b1;
          tun = 3'(snic_contract_pkg::TUN_GENEVE);
          tun_id = {8'd0, w1[31:8]};
          next = after_tun(w0[15:0], 1'b0);
          if (w0[31:30] != 2'd0) bad = PerrBadTun;
        end
        default: good = 1'b0;  // behind MPLS, and not IP
      endcase

      // Is its fixed part there? Are its fields possible? Is all of it there?
      if (steps_q == MaxSteps) err = PerrSteps;
      else if (need_end > {1'b0, end_q}) err = PerrTrunc;
      else if (need_end > 15'(Window)) err = PerrWindow;
      else if (bad != PerrOk) err = bad;
      else if (size_end > {1'b0, end_q}) err = PerrTrunc;
      else if (size_end > 15'(Window)) err = PerrWindow;
      else err = PerrOk;
      good = good && err == PerrOk;
      cut = good && ip_end > {3'd0, end_q};  // the header is kept, nothing behind it is read
      if (cut) err = PerrTrunc;

      // Ask for the sum of an IPv4 header, or of everything from the L4 header to the end of the datagram.
      // Past the window only the sum of the whole frame is known.
      if (set_port) begin
        sum1_q <= good && has_sum && !frag_q && (end_q == pkt_q.len || pkt_q.len <= 14'(Window));
        sum_b_q <= 8'(end_q - 14'd1);
        sum_total_q <= end_q == pkt_q.len;
        sum_add1_q <= {1'b0, pseudo_q} + {13'd0, proto_q} + {7'd0, left};
        if (hdr == HIcmp && !v6_q) sum_add1_q <= 21'd0;
      end else begin
        sum1_q <= good && hdr == HIp4;
        sum_b_q <= 8'(size_end - 15'd1);
        sum_total_q <= 1'b0;
        sum_add1_q <= 21'd0;
      end
      sum_a_q <= 8'(off_q - 9'd1);
      sum_dst1_q <= {inner, set_port};

      // A tunnel header starts the key anew: what the inner side does not have is 0.
      if (good) begin
        tun_q <= tun;
        tun_id_q <= tun_id;
        frag_q <= frag && !enter;
        type_q <= enter ? 16'd0 : ethertype;
        proto_q <= enter ? 8'd0 : proto;
        v6_q <= v6;
        if (enter) begin
          tun_sip_q <= sip_q;
          tun_dip_q <= dip_q;
        end
        if (set_eth || enter) begin
          dmac_q <= enter ? 48'd0 : {w0, w1[31:16]};
          smac_q <= enter ? 48'd0 : {w1[15:0], w2};
        end
        if (enter) begin
          {otype_q, oproto_q, odscp_q} <= {type_q, proto_q, dscp_q};
          {osport_q, odport_q} <= {sport_q, dport_q};
        end
        if (set_eth && inner) begin
          in_eth_q   <= 1'b1;
          in_start_q <= off_q[7:0];
          in_stop_q  <= end_q;
        end
        if (set_tag && inner && !tagged_q) in_ad_q <= type_q == 16'h88a8;
        if (set_eth && !inner) begin
          odmac_q <= {w0, w1[31:16]};
          osmac_q <= {w1[15:0], w2};
        end
        if (set_tag && !inner && !otagged_q) begin
          otagged_q <= 1'b1;
          oad_q <= type_q == 16'h88a8;
          otci_q <= w0[31:16];
        end
        if ((set_tag && !tagged_q) || enter) begin
          tagged_q <= !enter;
          tci_q <= enter ? 16'd0 : w0[31:16];
        end
        if (set_port || enter) begin
          sport_q <= enter ? 16'd0 : w0[31:16];
          dport_q <= enter || hdr == HIcmp ? 16'd0 : w0[15:0];
        end
        if (l4 != L4None && !cut) begin
          if (inner) il4_q <= l4;
          else l4_q <= l4;
        end
      end
      // The first 40 bytes of the header, where addresses and options are.
      if (good && (set_ip || enter || hdr == HExt)) begin
        for (int k = 0; k < 4; k++) begin
          i = idx + 5'(k + 6);
          rawx[112-32*k+:32] = beats[32*i+:32];
        end
        i = idx + 5'd10;
        rawx[15:0] = beats[32*i+16+:16];
        head = {w0, w1, w2, w3, w4, off_q[1] ? {raw[15:0], rawx} : {raw[31:0], rawx[143:16]}};
        // A source route or a home address among the options. Types are not told from data: that would take a
        // cycle an option.
        if (hdr == HIp4 && w0[27:24] != 4'd5) begin
          for (int k = 5; k < 10; k++) begin
            w = head[288-32*k+:32];
            if (4'(k) < w0[27:24] && (has_byte(w, OptLsrr) || has_byte(w, OptSsrr))) elsewhere = 1'b1;
          end
        end
        if (hdr == HExt && proto_q == 8'd60) begin
          for (int k = 0; k < 10; k++) begin
            w = k == 0 ? {16'd0, w0[15:0]} : head[288-32*k+:32];
            if (8'(k / 2) <= w0[23:16] && has_byte(w, OptHome)) elsewhere = 1'b1;
          end
        end
        elsewhere_q <= elsewhere;
        if (set_ip && !inner) begin
          rw_q.ttl1  <= (v6 ? w1[7:1] : w2[31:25]) == 7'd0;
          rw_q.close <= off_q <= 9'd22;
          rw_q.plain <= off_q <= 9'd22 && !elsewhere && next != HExt;
        end
      end
      if (good && (set_ip || enter)) begin
        {sip, dip} = head[255:0];
        if (!v6) {sip, dip} = {96'd0, w3, 96'd0, w4};
        if (enter) {sip, dip} = 256'd0;
        pseudo = 20'd0;
        for (int k = 0; k < 4; k++) begin
          pseudo = pseudo + {3'd0, halves(sip[32*k+:32])} + {3'd0, halves(dip[32*k+:32])};
        end
        sip_q <= sip;
        dip_q <= dip;
        pseudo_q <= pseudo;
        dscp_q <= enter ? 8'd0 : v6 ? w0[27:20] : w0[23:16];
        if (set_ip && inner) il3_q <= v6 ? L3Ipv6 : L3Ipv4;
        if (set_ip && !inner) l3_q <= v6 ? L3Ipv6 : L3Ipv4;
      end

      perr_q <= err;
      hdr_q <= next;
      stepping_q <= good && !cut && next != HEnd;
      steps_q <= steps_q + 5'd1;
      off_q <= size_end[8:0];
      if (good && !cut) end_q <= ip_end[13:0];
    end else begin
      sum1_q <= 1'b0;
      if (fin) loading_q <= 1'b1;
      if (load) begin
        beat_q <= ld_eop_i ? 2'd0 : beat_q + 2'd1;
        loading_q <= !ld_eop_i;
        stepping_q <= ld_eop_i;
      end
      if (load && ld_sop_i) begin
        hdr_q <= HEth;
        steps_q <= 5'd0;
        off_q <= 9'd0;
        end_q <= ld_pkt_i.len;
        perr_q <= PerrOk;
        rw_q <= '0;
        {tun_q, l3_q, il3_q, l4_q, il4_q} <= '0;
        {otagged_q, oad_q, tagged_q, frag_q, v6_q, in_eth_q, in_ad_q} <= '0;
        {odmac_q, osmac_q, dmac_q, smac_q} <= '0;
        {otci_q, tci_q, type_q, proto_q, dscp_q, sport_q, dport_q, tun_id_q} <= '0;
        {sip_q, dip_q, tun_sip_q, tun_dip_q} <= '0;
      end
    end
  end

  // Checksums, one after the other behind the steps: look up both ends, then fold and compare. Modulo ffff,
  // minus is the complement; 0 and ffff are the same.
  always_ff @(posedge clk_i) begin : p_sum
    logic [31:0] wa, wb;
    logic [33:0] s;
    logic [17:0] f;
    logic [1:0] ok;
    if (!rst_ni) begin
      sum2_q <= 1'b0;
    end else if (sum1_q || sum2_q) begin
      sum2_q <= sum1_q;
    end
    if (load && ld_sop_i) {l3ok_q, l4ok_q, il3ok_q, il4ok_q} <= '0;
    if (sum1_q) begin
      wa = first_bytes(word_q[sum_a_q[7:6]][{sum_a_q[5:2], 5'd0}+:32], sum_a_q[1:0]);
      wb = first_bytes(word_q[sum_b_q[7:6]][{sum_b_q[5:2], 5'd0}+:32], sum_b_q[1:0]);
      sum_at_a_q <= {1'b0, pre_q[sum_a_q[7:6]][{sum_a_q[5:2], 5'd0}+:23]} + {7'd0, halves(wa)};
      sum_at_b_q <= sum_total_q ? {8'd0, frame_sum_q} :
          {1'b0, pre_q[sum_b_q[7:6]][{sum_b_q[5:2], 5'd0}+:23]} + {7'd0, halves(wb)};
      sum_add2_q <= sum_add1_q;
      sum_dst2_q <= sum_dst1_q;
    end
    if (sum2_q) begin
      s = {10'd0, sum_at_b_q} + {13'd0, sum_add2_q} + {2'd0, 8'hff, ~sum_at_a_q};
      f = {2'd0, s[15:0]} + {2'd0, s[31:16]} + {16'd0, s[33:32]};
      ok = f == 18'h0ffff || f == 18'h1fffe ? CsumOk : CsumBad;
      case (sum_dst2_q)
        2'b00: l3ok_q <= ok;
        2'b01: l4ok_q <= ok;
        2'b10: il3ok_q <= ok;
        default: il4ok_q <= ok;
      endcase
    end
  end

  // The result, in the order of meta_t (tunnel_t first) and key_t; in one assignment, for the reason given above.
  always_ff @(posedge clk_i) begin : p_result
    logic [1:0] l3;
    logic [2:0] l4;
    if (!rst_ni) begin
      valid_o <= 1'b0;
    end else if (fin) begin
      l3 = tun_q == TunNone ? l3_q : il3_q;
      l4 = tun_q == TunNone ? l4_q : il4_q;
      valid_o <= 1'b1;
      meta_o <= {
        tun_q == TunNone ? {snic_pkg::TunnelW{1'b0}}
            : {in_eth_q, in_ad_q, in_start_q, in_stop_q, otype_q, oproto_q, odscp_q, osport_q, odport_q},
        pkt_q, src_q, odmac_q, osmac_q, otagged_q, oad_q, otci_q, rw_q, frag_q,
        perr_q, l3_q, l4_q, tun_q, il3_q, il4_q, l3ok_q, l4ok_q, il3ok_q, il4ok_q,
        tun_dip_q, tun_sip_q, dip_q, sip_q, tun_id_q, dport_q, sport_q, 16'd0, smac_q, 8'd0, dscp_q, dmac_q,
        tci_q, type_q, proto_q, 5'd0, tagged_q, frag_q, l4, l3, tun_q, src_q
      };
    end else if (take_i) begin
      valid_o <= 1'b0;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && load && ld_sop_i != (beat_q == 2'd0)) $error("hdr_engine: beats out of order");
    if (rst_ni && take_i && !valid_o) $error("hdr_engine: no result to take");
  end
`endif
endmodule
