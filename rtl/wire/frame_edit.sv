// SPDX-License-Identifier: BSD-2-Clause
// Writes into the outermost headers of a frame on its way out: MAC addresses, addresses and ports of TCP or UDP (by value and mask of an
// edit), DSCP, TTL. Checksums follow by the difference of the words that change (RFC 1624, equation 3): one that was wrong stays wrong
// by as much, and a UDP checksum of 0 stays 0. The IP header is in the first beat (behind two tags at most); what it carries begins
// there or in the second one, and each field comes before the checksum that covers it.
//
// Two steps with a register between them: what is written and its differences, then the checksums. A frame that is not edited goes
// by unless one that is stands before it.
module frame_edit (
    input  logic                        clk_i,
    input  logic                        rst_ni,
    input  logic                        valid_i,
    output logic                        ready_o,
    input  logic [511:0]                data_i,     // byte k of the frame is data_i[8*k+:8]
    input  logic                        sop_i,
    input  logic                        eop_i,
    input  logic [6:0]                  bytes_i,
    input  snic_pkg::act_edit_t         edit_i,     // stable during a frame, as are the words
    input  logic [snic_pkg::KeyW-1:0]   words_i,    // of edit_wr_t, where edit_i.edit
    output logic                        valid_o,
    input  logic                        ready_i,
    output logic [511:0]                data_o,
    output logic                        sop_o,
    output logic                        eop_o,
    output logic [6:0]                  bytes_o
);
  localparam int SumW = 22;   // of some twenty words and what a beat before has left

  function automatic logic [15:0] swap(input logic [15:0] w);
    swap = {w[7:0], w[15:8]};
  endfunction
  // What a changed word adds to the complement of a checksum.
  function automatic logic [SumW-1:0] diff(input logic [15:0] was, input logic [15:0] is);
    diff = was == is ? '0 : {{SumW - 16{1'b0}}, ~was} + {{SumW - 16{1'b0}}, is};
  endfunction
  function automatic logic [15:0] fold(input logic [SumW-1:0] s);
    logic [16:0] t;
    t    = {1'b0, s[15:0]} + {{33 - SumW{1'b0}}, s[SumW-1:16]};
    fold = t[15:0] + {15'd0, t[16]};
  endfunction

  logic active, s1_valid_q, move, second_q;
  assign active  = |{edit_i.dscp, edit_i.dttl, edit_i.edit};
  assign move    = !s1_valid_q || ready_i;
  // Not edited, and nothing before it: straight through.
  logic through, take;
  assign through = valid_i && !active && !s1_valid_q;
  assign ready_o = through ? ready_i : move;
  assign take    = valid_i && !through && move;

  // --- first step ---
  typedef struct packed {
    logic            v4;      // the header's checksum is in this beat
    logic [5:0]      v4_at;
    logic            l4;      // so is that of what it carries
    logic [5:0]      l4_at;
    logic            udp;
    logic            sop;
    logic            eop;
    logic [6:0]      bytes;
  } note_t;
  note_t note, note_q;
  logic [511:0] data, data_q;
  logic [SumW-1:0] v4_sum, v4_sum_q, l4_sum, l4_sum_q;
  logic [6:0] l4_pos, l4_pos_q;   // where what the IP header carries begins, in the frame's first two beats
  logic l4_on, l4_on_q;           // it has ports to write, or a checksum that follows

  always_comb begin : p_write
    snic_contract_pkg::edit_t value, mask;
    logic [1:0] tags;
    logic [15:0] ip_type, was, is;
    logic [319:0] head;             // of IP: word k from the front is head[16*k+:16], in the order of the wire
    logic v4, v6, mine;
    logic [3:0] at;
    logic [5:0] ip;
    logic [6:0] pos, csum_off;
    {mask, value} = words_i;
    data   = data_i;
    note   = '0;
    v4_sum = '0;
    l4_sum = '0;
    l4_pos = l4_pos_q;
    l4_on  = 1'b0;
    tags   = '0;
    ip_type = '0;
    was    = '0;
    is     = '0;
    head   = '0;
    v4     = 1'b0;
    v6     = 1'b0;
    mine   = 1'b0;
    at     = '0;
    ip     = '0;
    pos    = '0;
    csum_off = '0;
    if (take) begin
      note.sop   = sop_i;
      note.eop   = eop_i;
      note.bytes = bytes_i;
    end
    if (take && active && sop_i) begin
      if (edit_i.edit) begin
        for (int b = 0; b < 6; b++) begin
          data[8*b+:8]    = (data_i[8*b+:8] & ~mask.dmac[40-8*b+:8]) | (value.dmac[40-8*b+:8] & mask.dmac[40-8*b+:8]);
          data[8*b+48+:8] = (data_i[8*b+48+:8] & ~mask.smac[40-8*b+:8]) | (value.smac[40-8*b+:8] & mask.smac[40-8*b+:8]);
        end
      end
      for (int n = 0; n < 2; n++) begin
        ip_type = {data_i[8*(12+4*n)+:8], data_i[8*(13+4*n)+:8]};
        if (tags == 2'(n) && (ip_type == 16'h8100 || ip_type == 16'h88a8)) tags = 2'(n + 1);
      end
      case (tags)
        2'd0: {head, ip_type} = data_i[8*12+:336];
        2'd1: {head, ip_type} = data_i[8*16+:336];
        default: {head, ip_type} = data_i[8*20+:336];
      endcase
      v4 = ip_type == 16'h0008 && edit_i.l3 == 2'(snic_contract_pkg::L3_IPV4);
      v6 = ip_type == 16'hdd86 && edit_i.l3 == 2'(snic_contract_pkg::L3_IPV6);
      ip = 6'd14 + {2'd0, tags, 2'd0};
      if (edit_i.dscp && (v4 || v6)) begin
        was = swap(head[15:0]);
        is  = v4 ? {was[15:8], edit_i.dscp_value, was[1:0]} : {was[15:12], edit_i.dscp_value, was[5:0]};
        head[15:0] = swap(is);
        v4_sum = v4_sum + diff(was, is);
      end
      if (edit_i.dttl && (v4 || v6)) begin
        was = v4 ? swap(head[64+:16]) : swap(head[48+:16]);
        is  = v4 ? was - 16'h0100 : was - 16'h0001;
        if (v4) head[64+:16] = swap(is);
        else head[48+:16] = swap(is);
        v4_sum = v4_sum + diff(was, is);
      end
      if (edit_i.ip4 && v4) begin
        for (int k = 0; k < 2; k++) begin
          was = swap(head[96+16*k+:16]);
          is  = (was & ~mask.sip[16-16*k+:16]) | (value.sip[16-16*k+:16] & mask.sip[16-16*k+:16]);
          head[96+16*k+:16] = swap(is);
          l4_sum = l4_sum + diff(was, is);
          was = swap(head[128+16*k+:16]);
          is  = (was & ~mask.dip[16-16*k+:16]) | (value.dip[16-16*k+:16] & mask.dip[16-16*k+:16]);
          head[128+16*k+:16] = swap(is);
          l4_sum = l4_sum + diff(was, is);
        end
      end
      if (edit_i.ip6 && v6) begin
        for (int k = 0; k < 8; k++) begin
          was = swap(head[64+16*k+:16]);
          is  = (was & ~mask.sip[112-16*k+:16]) | (value.sip[112-16*k+:16] & mask.sip[112-16*k+:16]);
          head[64+16*k+:16] = swap(is);
          l4_sum = l4_sum + diff(was, is);
          was = swap(head[192+16*k+:16]);
          is  = (was & ~mask.dip[112-16*k+:16]) | (value.dip[112-16*k+:16] & mask.dip[112-16*k+:16]);
          head[192+16*k+:16] = swap(is);
          l4_sum = l4_sum + diff(was, is);
        end
      end
      case (tags)
        2'd0: data[8*14+:320] = head;
        2'd1: data[8*18+:320] = head;
        default: data[8*22+:320] = head;
      endcase
      v4_sum     = v4_sum + l4_sum;
      note.v4    = v4;
      note.v4_at = ip + 6'd10;
      at         = head[3:0];
      l4_pos     = {1'b0, ip} + (v4 ? {1'b0, at, 2'd0} : 7'd40);
      l4_on      = (v4 && (edit_i.ip4 || edit_i.ports)) || (v6 && (edit_i.ip6 || edit_i.ports));
    end
    if (take && !sop_i && second_q) begin
      l4_on  = l4_on_q;
      l4_sum = l4_sum_q;
    end
    // What the IP header carries. The second beat has bytes from 64 on.
    if (l4_on) begin
      for (int k = 0; k < 2; k++) begin
        pos  = l4_pos + 7'(2 * k);
        mine = pos[6] == second_q;
        if (edit_i.ports && mine) begin
          was = swap(data[{pos[5:0], 3'd0}+:16]);
          is  = k == 0 ? (was & ~mask.sport) | (value.sport & mask.sport) : (was & ~mask.dport) | (value.dport & mask.dport);
          data[{pos[5:0], 3'd0}+:16] = swap(is);
          l4_sum = l4_sum + diff(was, is);
        end
      end
      csum_off   = edit_i.l4 == snic_pkg::L4SumTcp ? 7'd16 : edit_i.l4 == snic_pkg::L4SumUdp ? 7'd6 : 7'd2;
      pos        = l4_pos + csum_off;
      note.l4    = edit_i.l4 != snic_pkg::L4SumNone && pos[6] == second_q;
      note.l4_at = pos[5:0];
      note.udp   = edit_i.l4 == snic_pkg::L4SumUdp;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      second_q   <= 1'b0;
    end else begin
      if (move) s1_valid_q <= take;
      if (valid_i && ready_o) second_q <= sop_i && !eop_i;
    end
    if (take) begin
      data_q   <= data;
      note_q   <= note;
      v4_sum_q <= v4_sum;
      l4_sum_q <= l4_sum;
      l4_pos_q <= l4_pos;
      l4_on_q  <= l4_on;
    end
  end

  // --- second step ---
  logic [15:0] v4_csum, l4_csum, l4_new;
  always_comb begin
    data_o  = s1_valid_q ? data_q : data_i;
    v4_csum = '0;
    l4_csum = '0;
    l4_new  = '0;
    if (s1_valid_q && note_q.v4) begin
      v4_csum = ~swap(data_q[{note_q.v4_at, 3'd0}+:16]);
      v4_csum = ~fold({{SumW - 16{1'b0}}, v4_csum} + v4_sum_q);
      data_o[{note_q.v4_at, 3'd0}+:16] = swap(v4_csum);
    end
    if (s1_valid_q && note_q.l4) begin
      l4_csum = swap(data_q[{note_q.l4_at, 3'd0}+:16]);
      l4_new  = ~fold({{SumW - 16{1'b0}}, ~l4_csum} + l4_sum_q);
      if (note_q.udp && l4_new == '0) l4_new = '1;
      if (!note_q.udp || l4_csum != '0) data_o[{note_q.l4_at, 3'd0}+:16] = swap(l4_new);
    end
  end
  assign valid_o = s1_valid_q || through;
  assign sop_o   = s1_valid_q ? note_q.sop : sop_i;
  assign eop_o   = s1_valid_q ? note_q.eop : eop_i;
  assign bytes_o = s1_valid_q ? note_q.bytes : bytes_i;

  logic unused;
  assign unused = &{1'b0, edit_i.id, edit_i.dttl_no, edit_i.edit_no};

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && take && l4_on && l4_pos < 7'd34) $error("frame_edit: the header that IP carries begins in it");
  end
`endif
endmodule
