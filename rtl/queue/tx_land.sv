// SPDX-License-Identifier: BSD-2-Clause
// Frame data waits here as it came, a block of beats for each tag, until its frame is whole and its function's next one;
// then it goes into the packet buffer. A read of a block touches as many lines of 64 B as its completions have beats,
// however they are cut: at multiples of 64 B. A beat at byte o of its frame goes into cell o / 64 and, when o is not a
// multiple of 64, into the next one too. Bytes that are no frame bytes are written as zero, so that whoever sums cells
// sums the frame. The first bytes of a frame in which something is written anew take the way through tx_edit.
module tx_land #(
    parameter int Cells = 4096,
    parameter int N = snic_pkg::NTagTxData,
    parameter int TagLog2 = $clog2(N),
    parameter int Beats = 8
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic                       tag_take_i,
    input  logic [TagLog2-1:0]         tag_i,
    input  logic                       cpl_valid_i,
    input  logic                       cpl_sop_i,
    input  logic                       cpl_eop_i,
    input  snic_pkg::cpl_hdr_t         cpl_hdr_i,
    input  logic [511:0]               cpl_data_i,
    // all data of a tag is here
    output logic                       done_o,
    output logic [TagLog2-1:0]         done_tag_o,
    output logic                       done_err_o,
    // out again: a beat of a frame, in its order
    input  logic                       out_i,
    input  logic [TagLog2-1:0]         out_tag_i,
    input  logic [$clog2(Beats)-1:0]   out_beat_i,
    output logic                       out_last_o,   // it is the tag's last
    input  logic                       out_first_i,  // it is the frame's first: where it goes
    input  logic [snic_pkg::SlotW-1:0] out_slot_i,
    input  logic [snic_pkg::CellW-1:0] out_cell_i,
    input  logic                       out_end_i,    // it is the frame's last
    input  logic                       out_edited_i, // with the first: something in it is written anew
    input  snic_pkg::tx_edit_t         out_edit_i,
    input  snic_pkg::tx_part_t         out_part_i,
    output logic                       wr_valid_o,
    output logic [snic_pkg::SlotW-1:0] wr_slot_o,
    output logic [snic_pkg::CellW-1:0] wr_cell_o,
    output logic [511:0]               wr_lo_data_o,
    output logic [63:0]                wr_lo_be_o,
    output logic                       wr_hi_valid_o,
    output logic [511:0]               wr_hi_data_o,
    output logic [63:0]                wr_hi_be_o,
    output logic                       wr_end_o,     // with the frame's last
    output logic                       idle_o
);
  localparam int BeatW = $clog2(Beats);

  // In. A tag's beats are counted as they come; an error status has none.
  logic [BeatW-1:0] count_q[N];  // the next one's place
  logic [TagLog2-1:0] cpl_tag, tag_q, in_tag;
  logic [12:0] rem_q, rem;
  logic last_q, err_q, in_last, in_err;
  logic [6:0] in_bytes;

  assign cpl_tag  = TagLog2'(cpl_hdr_i.tag - snic_pkg::TagW'(snic_pkg::TagTxData));
  assign in_tag   = cpl_sop_i ? cpl_tag : tag_q;
  assign in_last  = cpl_sop_i ? cpl_hdr_i.last : last_q;
  assign in_err   = cpl_sop_i ? cpl_hdr_i.status != 3'd0 : err_q;
  assign rem      = cpl_sop_i ? cpl_hdr_i.len : rem_q;
  assign in_bytes = rem >= 13'd64 ? 7'd64 : rem[6:0];

  assign done_o     = cpl_valid_i && cpl_eop_i && in_last;
  assign done_tag_o = in_tag;
  assign done_err_o = in_err;

  always_ff @(posedge clk_i) begin
    if (cpl_valid_i) begin
      tag_q  <= in_tag;
      last_q <= in_last;
      err_q  <= in_err;
      rem_q  <= rem - 13'(in_bytes);
      count_q[in_tag] <= count_q[in_tag] + 1'b1;
    end
    if (tag_take_i) count_q[tag_i] <= '0;
  end

  // Out, first stage: the beat
  logic [511:0] data;
  logic [6:0] bytes;
  logic s1_valid_q, s1_first_q, s1_end_q;
  logic [snic_pkg::SlotW-1:0] s1_slot_q;
  logic [snic_pkg::CellW-1:0] s1_cell_q;
  logic s1_edited_q;
  snic_pkg::tx_edit_t s1_edit_q;
  snic_pkg::tx_part_t s1_part_q;

  assign out_last_o = count_q[out_tag_i] == out_beat_i + 1'b1;

  snic_ram #(
      .Width(512 + 7),
      .Depth(N * Beats)
  ) u_beats (
      .clk_i,
      .wen_i  (cpl_valid_i && !in_err),
      .waddr_i({in_tag, count_q[in_tag]}),
      .wdata_i({in_bytes, cpl_data_i}),
      .ren_i  (out_i),
      .raddr_i({out_tag_i, out_beat_i}),
      .rdata_o({bytes, data})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s1_valid_q <= 1'b0;
    else s1_valid_q <= out_i;
    if (out_i) begin
      s1_first_q <= out_first_i;
      s1_end_q   <= out_end_i;
      if (out_first_i) begin
        s1_slot_q <= out_slot_i;
        s1_cell_q <= out_cell_i;
        s1_edited_q <= out_edited_i;
        if (out_edited_i) begin
          s1_edit_q <= out_edit_i;
          s1_part_q <= out_part_i;
        end
      end
    end
  end

  // Second stage: where in the frame
  logic [13:0] off, off_q;
  logic [511:0] kept;
  logic s2_valid_q, s2_end_q;
  logic [13:0] s2_off_q;
  logic [6:0] s2_bytes_q;
  logic [snic_pkg::SlotW-1:0] s2_slot_q;
  logic [snic_pkg::CellW-1:0] s2_cell_q;
  logic [511:0] s2_data_q;
  logic s2_edited_q, s2_first_q;
  snic_pkg::tx_edit_t s2_edit_q;
  snic_pkg::tx_part_t s2_part_q;

  assign off = s1_first_q ? '0 : off_q;

  always_comb begin
    kept = data;
    if (s1_valid_q && bytes != 7'd64) kept = data & ~({512{1'b1}} << {bytes, 3'd0});
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s2_valid_q <= 1'b0;
    else s2_valid_q <= s1_valid_q;
    if (s1_valid_q) begin
      off_q      <= off + 14'(bytes);
      s2_off_q   <= off;
      s2_bytes_q <= bytes;
      s2_end_q   <= s1_end_q;
      s2_slot_q  <= s1_slot_q;
      s2_cell_q  <= s1_cell_q;
      s2_data_q  <= kept;
      s2_first_q <= s1_first_q;
      if (s1_first_q) begin
        s2_edited_q <= s1_edited_q;
        if (s1_edited_q) begin
          s2_edit_q <= s1_edit_q;
          s2_part_q <= s1_part_q;
        end
      end
    end
  end

  // Third stage: shifted over two cells. The frame's last beat enables its cell to the end.
  logic [5:0] shift;
  logic [6:0] stop;
  logic [1023:0] wide;
  logic [63:0] above;
  logic [63:0] upto;  // of the cell where the beat ends

  assign shift = s2_off_q[5:0];
  assign stop  = 7'(shift) + s2_bytes_q;
  assign above = 64'hffff_ffff_ffff_ffff << shift;
  assign upto  = s2_end_q || stop[5:0] == 6'd0 ? 64'hffff_ffff_ffff_ffff :
                 ~(64'hffff_ffff_ffff_ffff << stop[5:0]);

  always_comb begin
    wide = {512'd0, s2_data_q};
    if (s2_valid_q && shift != 6'd0) wide = {512'd0, s2_data_q} << {shift, 3'd0};
  end

  // Headers that are written anew come behind their frame.
  logic edit_beat, edit_idle, hdr_valid, hdr_end;
  logic [snic_pkg::SlotW-1:0] hdr_slot;
  logic [snic_pkg::CellW-1:0] hdr_cell;
  logic [1023:0] hdr_data;
  logic [127:0] hdr_be, pass;
  assign edit_beat = s2_valid_q && s2_edited_q;
  tx_edit u_edit (
      .clk_i,
      .rst_ni,
      .beat_i    (edit_beat),
      .first_i   (s2_first_q),
      .end_i     (s2_end_q),
      .off_i     (s2_off_q),
      .bytes_i   (s2_bytes_q),
      .data_i    (s2_data_q),
      .wide_i    (wide),
      .edit_i    (s2_edit_q),
      .part_i    (s2_part_q),
      .slot_i    (s2_slot_q),
      .cell_i    (s2_cell_q),
      .pass_o    (pass),
      .wr_valid_o(hdr_valid),
      .wr_end_o  (hdr_end),
      .wr_slot_o (hdr_slot),
      .wr_cell_o (hdr_cell),
      .wr_data_o (hdr_data),
      .wr_be_o   (hdr_be),
      .idle_o    (edit_idle)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) wr_valid_o <= 1'b0;
    else wr_valid_o <= s2_valid_q || hdr_valid;
    if (s2_valid_q) begin
      wr_end_o      <= s2_end_q && !s2_edited_q;
      wr_slot_o     <= s2_slot_q;
      wr_cell_o     <= (s2_cell_q + snic_pkg::CellW'(s2_off_q[13:6])) & snic_pkg::CellW'(Cells - 1);
      wr_lo_data_o  <= wide[511:0];
      wr_lo_be_o    <= (stop > 7'd64 ? above : above & upto) & (edit_beat ? pass[63:0] : '1);
      wr_hi_valid_o <= stop > 7'd64;
      wr_hi_be_o    <= upto & (edit_beat ? pass[127:64] : '1);
      if (stop > 7'd64) wr_hi_data_o <= wide[1023:512];
      if (s2_edited_q)
        for (int i = 0; i < 64; i++) begin
          if (!pass[i]) wr_lo_data_o[8*i+:8] <= 8'd0;
          if (!pass[64+i]) wr_hi_data_o[8*i+:8] <= 8'd0;
        end
    end else if (hdr_valid) begin
      wr_end_o      <= hdr_end;
      wr_slot_o     <= hdr_slot;
      wr_cell_o     <= hdr_cell & snic_pkg::CellW'(Cells - 1);
      wr_lo_data_o  <= hdr_data[511:0];
      wr_lo_be_o    <= hdr_be[63:0];
      wr_hi_valid_o <= hdr_be[64];
      wr_hi_be_o    <= hdr_be[127:64];
      if (hdr_be[64]) wr_hi_data_o <= hdr_data[1023:512];
    end
  end

  assign idle_o = !s1_valid_q && !s2_valid_q && edit_idle && !wr_valid_o;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i)
    if (rst_ni && s2_valid_q && s2_off_q + 14'(s2_bytes_q) > 14'(snic_contract_pkg::FRAME_MAX))
      $error("tx_land: completion past the longest frame");
  always_ff @(posedge clk_i) if (rst_ni && s2_valid_q && hdr_valid) $error("tx_land: a beat and headers at once");
`endif
endmodule
