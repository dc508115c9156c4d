// SPDX-License-Identifier: BSD-2-Clause
// Frame data from completions into the packet buffer. A beat at byte o of its frame goes into cell o / 64
// and, when o is not a multiple of 64, into the next one too. Bytes that are no frame bytes are written as
// zero, so that whoever sums cells sums the frame.
module tx_land #(
    parameter int Cells = 4096,
    parameter int TagLog2 = 8,
    parameter int LandW = snic_pkg::SlotW + snic_pkg::CellW + 14 + 14
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic                       init_i,
    input  logic [TagLog2-1:0]         init_tag_i,
    input  logic                       tag_take_i,
    input  logic [TagLog2-1:0]         tag_i,
    input  logic [LandW-1:0]           tag_land_i,
    input  logic                       cpl_valid_i,
    input  logic                       cpl_sop_i,
    input  logic                       cpl_eop_i,
    input  snic_pkg::cpl_hdr_t         cpl_hdr_i,
    input  logic [511:0]               cpl_data_i,
    output logic                       wr_valid_o,
    output logic [snic_pkg::SlotW-1:0] wr_slot_o,
    output logic [snic_pkg::CellW-1:0] wr_cell_o,
    output logic [511:0]               wr_lo_data_o,
    output logic [63:0]                wr_lo_be_o,
    output logic                       wr_hi_valid_o,
    output logic [511:0]               wr_hi_data_o,
    output logic [63:0]                wr_hi_be_o,
    // all data of a tag is being written now (a cycle ahead of the last wr_valid_o)
    output logic                       done_o,
    output logic [TagLog2-1:0]         done_tag_o,
    output logic                       done_err_o,
    output logic                       idle_o
);
  localparam int ProgW = 13;  // bytes of a request that have come

  // First stage: what the tag is for. The progress of a tag is 0 again when it is done, so issuing a tag need
  // not write it.
  logic s1_valid_q, s1_sop_q, s1_eop_q, s1_err_q, s1_last_q;
  logic [TagLog2-1:0] s1_tag_q;
  logic [12:0] s1_len_q;
  logic [511:0] s1_data_q;
  logic lookup;
  logic [snic_pkg::SlotW-1:0] slot;
  logic [snic_pkg::CellW-1:0] cell_idx;
  logic [13:0] frame_len, tag_off;
  logic [ProgW-1:0] prog_ram, prog, prog_new;
  logic [TagLog2-1:0] cpl_tag;

  assign cpl_tag = TagLog2'(cpl_hdr_i.tag - snic_pkg::TagW'(snic_pkg::TagTxData));
  assign lookup  = cpl_valid_i && cpl_sop_i;

  snic_ram #(
      .Width(LandW),
      .Depth(2 ** TagLog2)
  ) u_land (
      .clk_i,
      .wen_i  (tag_take_i),
      .waddr_i(tag_i),
      .wdata_i(tag_land_i),
      .ren_i  (lookup),
      .raddr_i(cpl_tag),
      .rdata_o({slot, cell_idx, frame_len, tag_off})
  );
  snic_ram #(
      .Width(ProgW),
      .Depth(2 ** TagLog2)
  ) u_prog (
      .clk_i,
      .wen_i  (init_i || (s1_valid_q && s1_sop_q)),
      .waddr_i(init_i ? init_tag_i : s1_tag_q),
      .wdata_i(init_i ? '0 : prog_new),
      .ren_i  (lookup),
      .raddr_i(cpl_tag),
      .rdata_o(prog_ram)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s1_valid_q <= 1'b0;
    else s1_valid_q <= cpl_valid_i;
    if (cpl_valid_i) begin
      s1_sop_q  <= cpl_sop_i;
      s1_eop_q  <= cpl_eop_i;
      s1_data_q <= cpl_data_i;
    end
    if (lookup) begin
      s1_tag_q  <= cpl_tag;
      s1_err_q  <= cpl_hdr_i.status != 3'd0;
      s1_last_q <= cpl_hdr_i.last;
      s1_len_q  <= cpl_hdr_i.len;
    end
  end

  // Second stage: where in the frame. The TLP before may have been of the same tag, one cycle ago.
  logic seen_q;
  logic [TagLog2-1:0] seen_tag_q;
  logic [ProgW-1:0] seen_prog_q;
  logic [13:0] off, off_q;
  logic [12:0] rem, rem_q;
  logic [6:0] bytes;
  logic [511:0] kept;

  assign prog     = seen_q && seen_tag_q == s1_tag_q ? seen_prog_q : prog_ram;
  assign prog_new = s1_last_q ? '0 : prog + s1_len_q;
  assign off      = s1_sop_q ? tag_off + 14'(prog) : off_q;
  assign rem      = s1_sop_q ? s1_len_q : rem_q;
  assign bytes    = rem >= 13'd64 ? 7'd64 : rem[6:0];

  always_comb begin
    kept = s1_data_q;
    if (s1_valid_q && bytes != 7'd64) kept = s1_data_q & ~({512{1'b1}} << {bytes, 3'd0});
  end

  logic s2_valid_q, s2_done_q, s2_err_q, s2_tail_q;
  logic [TagLog2-1:0] s2_tag_q;
  logic [13:0] s2_off_q;
  logic [6:0] s2_bytes_q;
  logic [snic_pkg::SlotW-1:0] s2_slot_q;
  logic [snic_pkg::CellW-1:0] s2_cell_q;
  logic [511:0] s2_data_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      seen_q     <= 1'b0;
      s2_valid_q <= 1'b0;
      s2_done_q  <= 1'b0;
    end else begin
      if (s1_valid_q && s1_sop_q) seen_q <= 1'b1;
      s2_valid_q <= s1_valid_q && !s1_err_q;
      s2_done_q  <= s1_valid_q && s1_eop_q && s1_last_q;
    end
    if (s1_valid_q) begin
      if (s1_sop_q) begin
        seen_tag_q  <= s1_tag_q;
        seen_prog_q <= prog_new;
      end
      off_q      <= off + 14'd64;
      rem_q      <= rem - 13'(bytes);
      s2_tag_q   <= s1_tag_q;
      s2_err_q   <= s1_err_q;
      s2_off_q   <= off;
      s2_bytes_q <= bytes;
      s2_tail_q  <= off + 14'(bytes) == frame_len;
      s2_slot_q  <= slot;
      s2_cell_q  <= cell_idx;
      s2_data_q  <= kept;
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
  assign upto  = s2_tail_q || stop[5:0] == 6'd0 ? 64'hffff_ffff_ffff_ffff :
                 ~(64'hffff_ffff_ffff_ffff << stop[5:0]);

  always_comb begin
    wide = {512'd0, s2_data_q};
    if (s2_valid_q && shift != 6'd0) wide = {512'd0, s2_data_q} << {shift, 3'd0};
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) wr_valid_o <= 1'b0;
    else wr_valid_o <= s2_valid_q;
    if (s2_valid_q) begin
      wr_slot_o     <= s2_slot_q;
      wr_cell_o     <= (s2_cell_q + snic_pkg::CellW'(s2_off_q[13:6])) & snic_pkg::CellW'(Cells - 1);
      wr_lo_data_o  <= wide[511:0];
      wr_lo_be_o    <= stop > 7'd64 ? above : above & upto;
      wr_hi_valid_o <= stop > 7'd64;
      wr_hi_be_o    <= upto;
      if (stop > 7'd64) wr_hi_data_o <= wide[1023:512];
    end
  end

  assign done_o     = s2_done_q;
  assign done_tag_o = s2_tag_q;
  assign done_err_o = s2_err_q;
  assign idle_o     = !s1_valid_q && !s2_valid_q && !s2_done_q && !wr_valid_o;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i)
    if (rst_ni && s2_valid_q && s2_off_q + 14'(s2_bytes_q) > 14'(snic_contract_pkg::FRAME_MAX))
      $error("tx_land: completion past the longest frame");
`endif
endmodule
