// SPDX-License-Identifier: BSD-2-Clause
// Headers that are written anew: checksums inserted, segments' lengths, ids, sequence numbers. The frame's first bytes, up to
// where the last change can be, are kept here while the rest passes on its way to the packet buffer and is summed. They
// are written behind it: two cycles after the frame's last beat, and three when they are longer than 128 B. tx_out leaves those
// cycles free.
module tx_edit (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    // a beat of such a frame, as tx_land shifts it over two cells
    input  logic                       beat_i,
    input  logic                       first_i,
    input  logic                       end_i,
    input  logic [13:0]                off_i,       // in the frame
    input  logic [6:0]                 bytes_i,
    input  logic [511:0]               data_i,      // before it is shifted; other bytes are 0
    input  logic [1023:0]              wide_i,      // and after
    input  snic_pkg::tx_edit_t         edit_i,
    input  snic_pkg::tx_part_t         part_i,
    input  logic [snic_pkg::SlotW-1:0] slot_i,
    input  logic [snic_pkg::CellW-1:0] cell_i,      // the frame's first
    output logic [127:0]               pass_o,      // bytes of wide_i that are written with the beat
    // the headers
    output logic                       wr_valid_o,
    output logic                       wr_end_o,
    output logic [snic_pkg::SlotW-1:0] wr_slot_o,
    output logic [snic_pkg::CellW-1:0] wr_cell_o,
    output logic [1023:0]              wr_data_o,
    output logic [127:0]               wr_be_o,
    output logic                       idle_o
);
  localparam int Max = snic_contract_pkg::TX_HDR_MAX;
  localparam int W = 8 * Max;

  // Sums are of little-endian words, 32 bits at a time, and swapped at the end (RFC 1071).
  function automatic logic [35:0] add_words(input logic [511:0] d);
    add_words = '0;
    for (int i = 0; i < 16; i++) add_words = add_words + {4'b0, d[32*i+:32]};
  endfunction
  function automatic logic [15:0] fold36(input logic [35:0] s);
    logic [17:0] a;
    logic [16:0] b;
    a = {2'b0, s[15:0]} + {2'b0, s[31:16]} + {14'b0, s[35:32]};
    b = {1'b0, a[15:0]} + {15'b0, a[17:16]};
    fold36 = b[15:0] + {15'b0, b[16]};
  endfunction
  function automatic logic [15:0] swap(input logic [15:0] w);
    swap = {w[7:0], w[15:8]};
  endfunction
  function automatic logic [15:0] sum_next(input logic [15:0] a, input logic [15:0] b);
    logic [16:0] s;
    s = {1'b0, a} + {1'b0, b};
    sum_next = s[15:0] + {15'b0, s[16]};
  endfunction
  // An IPv4 header's words without its length, id and checksum
  function automatic logic [35:0] ip_words(input logic [479:0] h, input logic [3:0] ihl);
    ip_words = {4'b0, 16'd0, h[15:0]};
    for (int i = 3; i < 30; i++)
      if (i != 5 && 5'(i) < {ihl, 1'b0}) ip_words = ip_words + {20'b0, h[16*i+:16]};
  endfunction

  // Bytes from hdr on pass. Cells of the beat: c and c + 1.
  logic [8:0] hdr;
  logic [7:0] cell_no;
  logic [8:0] behind;  // bytes of the two cells that are kept
  assign hdr     = edit_i.hdr;
  assign cell_no = off_i[13:6];
  assign behind  = cell_no >= 8'(Max / 64) || 9'({cell_no[1:0], 6'd0}) >= hdr ? '0 : hdr - 9'({cell_no[1:0], 6'd0});
  assign pass_o  = behind >= 9'd128 ? '0 : {128{1'b1}} << behind[6:0];

  // Gather and sum
  logic [W-1:0] hdr_q, gathered;
  logic [1023:0] keep;
  logic [511:0] summed;
  logic [35:0] part_q;
  logic part_odd_q, part_first_q, part_valid_q, end_q;
  logic [15:0] sum_q, sum_d;
  logic [13:0] len_q;
  snic_pkg::tx_edit_t edit_q;
  snic_pkg::tx_part_t part_no_q;
  logic [snic_pkg::SlotW-1:0] slot_q;
  logic [snic_pkg::CellW-1:0] cell_q;

  always_comb begin
    keep     = '0;
    gathered = '0;
    summed   = '0;
    if (beat_i) begin
      summed = data_i;
      if (off_i < 14'(edit_i.start))
        summed = 14'(edit_i.start) - off_i >= 14'd64 ? '0 : data_i & ({512{1'b1}} << {6'(edit_i.start) - off_i[5:0], 3'd0});
      if (behind != '0) begin
        keep     = behind >= 9'd128 ? wide_i : wide_i & ~({1024{1'b1}} << {behind[6:0], 3'd0});
        gathered = W'(keep) << {cell_no[1:0], 9'd0};
      end
    end
  end
  assign sum_d = part_valid_q ? sum_next(part_first_q ? 16'd0 : sum_q, part_odd_q ? swap(fold36(part_q)) : fold36(part_q)) : sum_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      part_valid_q <= 1'b0;
      end_q        <= 1'b0;
    end else begin
      part_valid_q <= beat_i;
      end_q        <= beat_i && end_i;
    end
    if (beat_i) begin
      if (first_i) hdr_q <= gathered;
      else if (behind != '0) hdr_q <= hdr_q | gathered;
      part_q       <= add_words(summed);
      part_odd_q   <= off_i[0] != edit_i.start[0];
      part_first_q <= first_i;
      if (end_i) begin
        edit_q    <= edit_i;
        part_no_q <= part_i;
        len_q     <= off_i + 14'(bytes_i);
        slot_q    <= slot_i;
        cell_q    <= cell_i;
      end
    end
    if (part_valid_q) sum_q <= sum_d;
  end

  // First stage: what the fields become
  logic s1_valid_q;
  logic [W-1:0] s1_hdr_q;
  logic [13:0] s1_len_q;
  logic [15:0] s1_sum_q;
  snic_pkg::tx_edit_t s1_edit_q;
  logic [snic_pkg::SlotW-1:0] s1_slot_q;
  logic [snic_pkg::CellW-1:0] s1_cell_q;
  logic [15:0] s1_tot_q, s1_id_q, s1_oid_q;       // as numbers
  logic [35:0] s1_ip_q, s1_oip_q;                 // header sums to come, little-endian
  logic [31:0] s1_seq_q;
  logic [7:0] s1_flags_q;
  logic [19:0] s1_delta_q;                        // of the sum at L4

  logic [479:0] ip, oip;
  logic [159:0] l4;
  logic [31:0] seq_old, seq_new;
  logic [15:0] id_new, oid_new, tot_new, l4_len;
  logic [15:0] no_len, no_high, no_low, no_flags;  // complements of what was there
  logic [7:0] flags_new;
  always_comb begin
    ip  = '0;
    oip = '0;
    l4  = '0;
    if (end_q && edit_q.cut) begin
      ip = 480'(hdr_q >> {edit_q.l3, 3'd0});
      l4 = 160'(hdr_q >> {edit_q.start, 3'd0});
      if (edit_q.oip4) oip = 480'(hdr_q >> {edit_q.ol3, 3'd0});
    end
  end
  assign seq_old   = {swap(l4[47:32]), swap(l4[63:48])};
  assign seq_new   = seq_old + 32'(part_no_q.sent);
  assign flags_new = l4[111:104] & ~(part_no_q.last ? 8'h00 : 8'h09) & ~(part_no_q.first ? 8'h00 : 8'h80);
  assign id_new    = swap(ip[47:32]) + (edit_q.fixid ? 16'd0 : 16'(part_no_q.seg));
  assign oid_new   = swap(oip[47:32]) + 16'(part_no_q.seg);
  assign tot_new   = 16'(len_q) - 16'(edit_q.l3) - (edit_q.ip6 ? 16'd40 : 16'd0);
  logic [121:0] unused;
  assign unused    = {l4[159:112], l4[103:64], l4[31:0], s1_edit_q.csum, s1_edit_q.fixid};
  assign l4_len    = 16'(len_q) - 16'(edit_q.start);
  assign no_len    = ~swap(l4[47:32]);
  assign no_high   = ~seq_old[31:16];
  assign no_low    = ~seq_old[15:0];
  assign no_flags  = ~{8'd0, l4[111:104]};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s1_valid_q <= 1'b0;
    else s1_valid_q <= end_q;
    if (end_q) begin
      s1_hdr_q  <= hdr_q;
      s1_len_q  <= len_q;
      s1_sum_q  <= swap(sum_d);
      s1_edit_q <= edit_q;
      s1_slot_q <= slot_q;
      s1_cell_q <= cell_q;
      if (edit_q.cut) begin
        s1_tot_q   <= tot_new;
        s1_id_q    <= id_new;
        s1_oid_q   <= oid_new;
        s1_ip_q    <= ip_words(ip, ip[3:0]) + {20'b0, swap(tot_new)} + {20'b0, swap(id_new)};
        s1_oip_q   <= ip_words(oip, oip[3:0]) + {20'b0, oip[31:16]} + {20'b0, swap(oid_new)};
        s1_seq_q   <= seq_new;
        s1_flags_q <= flags_new;
        s1_delta_q <= edit_q.udp ? 20'(l4_len) + 20'(l4_len) + 20'(no_len) :
                      20'(l4_len) + 20'(seq_new[31:16]) + 20'(seq_new[15:0]) + 20'(flags_new) +
                      20'(no_high) + 20'(no_low) + 20'(no_flags);
      end else s1_delta_q <= '0;
    end
  end

  // Second stage: the headers with them, two cells a cycle
  logic s2_q;  // the second two
  logic long;
  logic [W-1:0] mask, value;
  logic [W-1:0] done;
  logic [15:0] csum, csum0;
  logic [W/8-1:0] be;
  assign long  = s1_edit_q.hdr > 9'd128;
  assign csum0 = ~fold36(36'(s1_sum_q) + 36'(s1_delta_q));
  assign csum  = csum0 == '0 && !(s1_edit_q.cut && !s1_edit_q.udp) ? 16'hffff : csum0;

  always_comb begin
    mask  = '0;
    value = '0;
    done  = '0;
    be    = '0;
    if (s1_valid_q || s2_q) begin
      if (s1_edit_q.cut) begin
        if (s1_edit_q.ip6) begin
          mask  = W'(16'hffff) << {s1_edit_q.l3 + 8'd4, 3'd0};
          value = W'(swap(s1_tot_q)) << {s1_edit_q.l3 + 8'd4, 3'd0};
        end else begin
          mask  = W'(80'hffff_0000_0000_ffff_ffff) << {s1_edit_q.l3 + 8'd2, 3'd0};
          value = W'({~fold36(s1_ip_q), 32'd0, swap(s1_id_q), swap(s1_tot_q)}) << {s1_edit_q.l3 + 8'd2, 3'd0};
        end
        if (s1_edit_q.oip4) begin
          mask  = mask | W'(64'hffff_0000_0000_ffff) << {s1_edit_q.ol3 + 8'd4, 3'd0};
          value = value | W'({~fold36(s1_oip_q), 32'd0, swap(s1_oid_q)}) << {s1_edit_q.ol3 + 8'd4, 3'd0};
        end
        if (s1_edit_q.udp) begin
          mask  = mask | W'(16'hffff) << {s1_edit_q.start + 8'd4, 3'd0};
          value = value | W'(swap(16'(s1_len_q) - 16'(s1_edit_q.start))) << {s1_edit_q.start + 8'd4, 3'd0};
        end else begin
          mask  = mask | W'(80'hff_0000_0000_00ff_ffff_ff) << {s1_edit_q.start + 8'd4, 3'd0};
          value = value | W'({s1_flags_q, 40'd0, swap(s1_seq_q[15:0]), swap(s1_seq_q[31:16])}) << {s1_edit_q.start + 8'd4, 3'd0};
        end
      end
      mask  = mask | W'(16'hffff) << {s1_edit_q.start + s1_edit_q.off, 3'd0};
      value = value | W'(swap(csum)) << {s1_edit_q.start + s1_edit_q.off, 3'd0};
      done  = (s1_hdr_q & ~mask) | value;
      be    = ~({Max{1'b1}} << s1_edit_q.hdr);
      // the frame ends with it
      if (14'(s1_edit_q.hdr) == s1_len_q) be = ~({Max{1'b1}} << {9'((s1_edit_q.hdr + 9'd63) & 9'h1c0)});
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s2_q <= 1'b0;
    else s2_q <= s1_valid_q && long;
  end

  assign wr_valid_o = s1_valid_q || s2_q;
  assign wr_end_o   = s2_q || !long;
  assign wr_slot_o  = s1_slot_q;
  assign wr_cell_o  = s1_cell_q + (s2_q ? snic_pkg::CellW'(2) : '0);
  assign wr_data_o  = s2_q ? done[W-1:1024] : done[1023:0];
  assign wr_be_o    = s2_q ? be[255:128] : be[127:0];
  assign idle_o     = !part_valid_q && !end_q && !s1_valid_q && !s2_q;
endmodule
