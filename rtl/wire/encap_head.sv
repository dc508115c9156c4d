// SPDX-License-Identifier: BSD-2-Clause
// Puts a template's headers in front of frames: outer Ethernet, IPv4 or IPv6, UDP or GRE, the tunnel's own. Written anew are lengths,
// IPv4's header checksum by the difference (RFC 1624), UDP's source port (of the inner frame's hash), and TOS, ECN and TTL where the
// template takes them from the frame. UDP's checksum stays as the template has it. Whole beats of the headers go first; a frame that is left alone passes in the
// same cycle. The template is there one cycle after its turn, which the reader takes to bring the frame.
module encap_head (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  snic_pkg::encap_wr_t wr_i,
    input  logic [1023:0]       wr_hdr_i,   // byte k in bits 8k+7:8k
    // what is to be done, a word a frame, some cycles before it
    input  logic                ask_valid_i,
    output logic                ask_ready_o,
    input  logic                ask_encap_i,
    input  logic [7:0]          ask_row_i,
    input  logic [13:0]         ask_len_i,  // of the frame as it comes
    input  logic [13:0]         ask_hash_i,
    // frames
    input  logic                valid_i,
    output logic                ready_o,
    input  logic [511:0]        data_i,
    input  logic                sop_i,
    input  logic                eop_i,
    input  logic [6:0]          bytes_i,
    output logic                valid_o,
    input  logic                ready_i,
    output logic [511:0]        data_o,
    output logic                sop_o,
    output logic                eop_o,
    output logic [6:0]          bytes_o,
    output logic                idle_o
);
  localparam int AskW = 1 + 8 + 14 + 14;
  localparam int Depth = 8;

  // --- the frame's turn: its word, and its template ---
  logic ask_valid, next, turn_q, encap, encap_q, done;
  logic [7:0] row;
  logic [13:0] ask_len, ask_hash, len_q, hash_q;
  logic [1023:0] tmpl;
  snic_pkg::encap_cfg_t cfg;

  snic_fifo #(
      .Width(AskW),
      .Depth(Depth)
  ) u_asks (
      .clk_i,
      .rst_ni,
      .valid_i(ask_valid_i),
      .ready_o(ask_ready_o),
      .data_i ({ask_encap_i, ask_row_i, ask_len_i, ask_hash_i}),
      .valid_o(ask_valid),
      .ready_i(next),
      .data_o ({encap, row, ask_len, ask_hash}),
      .count_o()
  );
  assign next = ask_valid && (!turn_q || done);
  snic_ram #(
      .Width(1024 + snic_pkg::EncapCfgW),
      .Depth(snic_contract_pkg::ENCAP_ENTRIES)
  ) u_templates (
      .clk_i,
      .wen_i  (wr_i.valid),
      .waddr_i(wr_i.row),
      .wdata_i({wr_hdr_i, wr_i.cfg}),
      .ren_i  (next && encap),
      .raddr_i(row),
      .rdata_o({tmpl, cfg})
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) turn_q <= 1'b0;
    else if (next || done) turn_q <= next;
    if (next) begin
      encap_q <= encap;
      len_q   <= ask_len;
      hash_q  <= ask_hash;
    end
  end

  // --- headers: of this frame ---
  logic on;
  logic [1023:0] hdr;
  logic [511:0] part;       // the headers' last bytes, less than a beat
  logic [5:0] rem;
  logic [1:0] full, sent_q; // whole beats of them
  logic [1:0] tags;
  logic [5:0] in_ip;
  logic [15:0] in_type, total, was, becomes, csum;
  logic [7:0] in_tos, in_ttl, tos, ttl;
  logic in_v4, in_v6;
  logic [6:0] ip, udp;
  logic [18:0] sum;

  assign on   = turn_q && encap_q;
  assign full = cfg.len[7:6];
  assign rem  = cfg.len[5:0];

  always_comb begin
    hdr     = '0;
    part    = '0;
    tags    = '0;
    in_ip   = '0;
    in_type = '0;
    in_v4   = 1'b0;
    in_v6   = 1'b0;
    in_tos  = '0;
    in_ttl  = '0;
    total   = '0;
    was     = '0;
    becomes = '0;
    csum    = '0;
    tos     = '0;
    ttl     = '0;
    ip      = '0;
    udp     = '0;
    sum     = '0;
    if (on && valid_i && sop_i) begin
      hdr = tmpl;
      // TOS and TTL of the frame, behind two tags at most
      for (int n = 0; n < 2; n++) begin
        in_type = {data_i[8*(12+4*n)+:8], data_i[8*(13+4*n)+:8]};
        if (tags == 2'(n) && (in_type == 16'h8100 || in_type == 16'h88a8)) tags = 2'(n + 1);
      end
      in_ip   = 6'd14 + {2'd0, tags, 2'd0};
      in_type = {data_i[{in_ip - 6'd2, 3'd0}+:8], data_i[{in_ip - 6'd1, 3'd0}+:8]};
      in_v4   = in_type == 16'h0800 && len_q >= 14'(in_ip) + 14'd20;
      in_v6   = in_type == 16'h86dd && len_q >= 14'(in_ip) + 14'd40;
      if (in_v4) begin
        in_tos = data_i[{in_ip + 6'd1, 3'd0}+:8];
        in_ttl = data_i[{in_ip + 6'd8, 3'd0}+:8];
      end
      if (in_v6) begin
        in_tos = {data_i[{in_ip, 3'd0}+:4], data_i[{in_ip + 6'd1, 3'd0} + 9'd4+:4]};
        in_ttl = data_i[{in_ip + 6'd7, 3'd0}+:8];
      end
      // The outer IP header
      ip    = 7'(cfg.l3);
      total = 16'(len_q) + 16'(cfg.len) - 16'(cfg.l3);
      if (cfg.v6) begin
        tos = {hdr[{ip, 3'd0}+:4], hdr[{ip + 7'd1, 3'd0} + 10'd4+:4]};
        ttl = hdr[{ip + 7'd7, 3'd0}+:8];
      end else begin
        tos = hdr[{ip + 7'd1, 3'd0}+:8];
        ttl = hdr[{ip + 7'd8, 3'd0}+:8];
      end
      if (in_v4 || in_v6) begin
        if (cfg.dscp) tos[7:2] = in_tos[7:2];
        if (cfg.ecn) tos[1:0] = in_tos[1:0];
        if (cfg.ttl) ttl = in_ttl;
      end
      if (cfg.v6) begin
        becomes = total - 16'd40;
        hdr[{ip, 3'd0}+:4]                 = tos[7:4];
        hdr[{ip + 7'd1, 3'd0} + 10'd4+:4]   = tos[3:0];
        hdr[{ip + 7'd4, 3'd0}+:16]         = {becomes[7:0], becomes[15:8]};
        hdr[{ip + 7'd7, 3'd0}+:8]          = ttl;
      end else begin
        // The template's checksum is of its header with a total length of 0.
        was     = {hdr[{ip + 7'd1, 3'd0}+:8], hdr[{ip + 7'd8, 3'd0}+:8]};
        csum    = {hdr[{ip + 7'd10, 3'd0}+:8], hdr[{ip + 7'd11, 3'd0}+:8]};
        becomes = {ttl, tos};
        sum = {3'd0, ~csum} + {3'd0, total} + {3'd0, becomes} + {3'd0, ~{was[7:0], was[15:8]}};
        sum = {3'd0, sum[15:0]} + {16'd0, sum[18:16]};
        sum = {3'd0, sum[15:0]} + {16'd0, sum[18:16]};
        hdr[{ip + 7'd1, 3'd0}+:8]   = tos;
        hdr[{ip + 7'd2, 3'd0}+:16]  = {total[7:0], total[15:8]};
        hdr[{ip + 7'd8, 3'd0}+:8]   = ttl;
        hdr[{ip + 7'd10, 3'd0}+:16] = ~{sum[7:0], sum[15:8]};
      end
      if (cfg.udp) begin
        udp     = ip + (cfg.v6 ? 7'd40 : 7'd20);
        becomes = 16'(len_q) + 16'(cfg.len) - 16'(udp);
        hdr[{udp, 3'd0}+:16]        = {hash_q[7:0], 2'b11, hash_q[13:8]};
        hdr[{udp + 7'd4, 3'd0}+:16] = {becomes[7:0], becomes[15:8]};
      end
      part = (full[1] ? '0 : full[0] ? hdr[1023:512] : hdr[511:0]) & ~({512{1'b1}} << {rem, 3'd0});
    end
  end

  // --- beats ---
  logic [511:0] held_q, front;
  logic flush_q, begun_q, head, fits;
  logic [6:0] flush_bytes_q;
  assign head  = on && valid_i && sop_i && sent_q != full;  // a whole beat of headers
  assign front = sop_i ? part : held_q;
  assign fits  = bytes_i <= 7'd64 - {1'b0, rem};

  always_comb begin
    data_o  = data_i;
    valid_o = valid_i && turn_q;
    sop_o   = sop_i;
    eop_o   = eop_i;
    bytes_o = bytes_i;
    ready_o = ready_i && turn_q;
    if (flush_q) begin
      data_o  = held_q;
      valid_o = 1'b1;
      sop_o   = 1'b0;
      eop_o   = 1'b1;
      bytes_o = flush_bytes_q;
      ready_o = 1'b0;
    end else if (head) begin
      data_o  = sent_q[0] ? hdr[1023:512] : hdr[511:0];
      sop_o   = sent_q == '0;
      eop_o   = 1'b0;
      bytes_o = 7'd64;
      ready_o = 1'b0;
    end else if (on && valid_i) begin
      data_o  = front | data_i << {rem, 3'd0};
      sop_o   = !begun_q;
      eop_o   = eop_i && fits;
      bytes_o = eop_o ? bytes_i + {1'b0, rem} : 7'd64;
    end
  end
  assign done = valid_o && ready_i && eop_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      flush_q <= 1'b0;
      begun_q <= 1'b0;
      sent_q  <= '0;
    end else if (on && valid_o && ready_i) begin
      flush_q <= !flush_q && !head && eop_i && !fits;
      begun_q <= !eop_o;
      sent_q  <= eop_o ? '0 : head ? sent_q + 2'd1 : full;
    end
    if (on && valid_i && ready_o) begin
      held_q        <= data_i >> {7'd64 - {1'b0, rem}, 3'd0};
      flush_bytes_q <= bytes_i + {1'b0, rem} - 7'd64;
    end
  end
  assign idle_o = !ask_valid && !turn_q;
endmodule
