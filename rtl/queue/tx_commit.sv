// SPDX-License-Identifier: BSD-2-Clause
// Ring of data tags. Tags are given out in order and retired in order; the last tag of a frame commits the
// frame, the last tag of a descriptor line asks for the line's write-back. A frame whose queue was switched off
// meanwhile is dropped: its memory may have been somebody else's when it was read.
module tx_commit #(
    parameter int EpochW = 32,
    parameter int TagLog2 = 8,
    parameter int LineW = 1 + 1 + 2 + 16 + EpochW + 11,
    parameter int InfoW = 2 + LineW + snic_pkg::SlotW + snic_pkg::CellW + 14 + 13
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    output logic                       tag_ok_o,
    output logic [TagLog2-1:0]         tag_o,
    input  logic                       tag_take_i,
    input  logic                       tag_nodata_i,  // nothing to wait for
    input  logic [InfoW-1:0]           tag_info_i,
    input  logic                       done_i,
    input  logic [TagLog2-1:0]         done_tag_i,
    input  logic                       done_err_i,
    output logic                       retire_o,
    output logic [12:0]                retire_bytes_o,
    output logic                       commit_o,
    output logic [snic_pkg::SlotW-1:0] commit_slot_o,
    output logic [snic_pkg::CellW-1:0] commit_cell_o,
    output logic [13:0]                commit_len_o,
    output logic [7:0]                 commit_func_o,
    output logic                       commit_drop_o,
    // queue registers, one cycle after ren
    output logic                       cfg_ren_o,
    output logic [10:0]                cfg_qid_o,
    input  logic                       cfg_en_i,
    input  logic [EpochW-1:0]          cfg_epoch_i,
    output logic                       wb_valid_o,
    input  logic                       wb_ready_i,
    output logic [LineW-2:0]           wb_line_o,     // {write back, status, head, epoch, queue}
    output logic [2:0]                 wb_errs_o,     // frames of the line that could not be read
    output logic                       idle_o,        // tags may be out
    output logic                       empty_o
);
  localparam int NTag = 2 ** TagLog2;

  logic [TagLog2:0] wptr_q, rptr_q;
  logic [NTag-1:0] done_q, err_q;
  logic retire, retired_q, retired_err_q;
  logic [InfoW-1:0] info;

  assign tag_ok_o = (wptr_q - rptr_q) != (TagLog2 + 1)'(NTag);
  assign tag_o    = wptr_q[TagLog2-1:0];

  snic_ram #(
      .Width(InfoW),
      .Depth(NTag)
  ) u_info (
      .clk_i,
      .wen_i  (tag_take_i),
      .waddr_i(wptr_q[TagLog2-1:0]),
      .wdata_i(tag_info_i),
      .ren_i  (retire),
      .raddr_i(rptr_q[TagLog2-1:0]),
      .rdata_o(info)
  );

  // Write-backs wait here; a tag is retired only when its own surely finds room.
  localparam int WbLog2 = 4;
  logic wb_push, wb_full_n;
  logic [WbLog2:0] wb_count;
  logic [2:0] errs_q, errs;

  logic complete;
  assign complete = rptr_q != wptr_q && done_q[rptr_q[TagLog2-1:0]];
  assign retire   = complete && wb_count < (WbLog2 + 1)'(2 ** WbLog2 - 1);

  logic frame, last_tag, last_of_line, err, part_err_q;
  logic [LineW-1:0] line;
  logic [snic_pkg::SlotW-1:0] slot;
  logic [snic_pkg::CellW-1:0] cell_idx;
  logic [13:0] len;

  assign {frame, last_tag, line, slot, cell_idx, len, retire_bytes_o} = info;
  assign retire_o     = retired_q;
  assign last_of_line = line[LineW-1];
  assign err          = part_err_q || retired_err_q;
  assign errs         = errs_q + 3'(frame && err);
  assign wb_push      = retired_q && last_tag && last_of_line;

  snic_fifo #(
      .Width(LineW - 1 + 3),
      .Depth(2 ** WbLog2)
  ) u_wb (
      .clk_i,
      .rst_ni,
      .valid_i(wb_push),
      .ready_o(wb_full_n),
      .data_i ({line[LineW-2:0], errs}),
      .valid_o(wb_valid_o),
      .ready_i(wb_ready_i),
      .data_o ({wb_line_o, wb_errs_o}),
      .count_o(wb_count)
  );

  logic err_frame_q;
  logic [EpochW-1:0] epoch_q;
  assign cfg_ren_o     = retired_q && last_tag && frame;
  assign cfg_qid_o     = line[10:0];
  assign commit_drop_o = err_frame_q || !cfg_en_i || cfg_epoch_i != epoch_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q     <= '0;
      rptr_q     <= '0;
      done_q     <= '0;
      retired_q  <= 1'b0;
      part_err_q <= 1'b0;
      errs_q     <= 3'd0;
      commit_o   <= 1'b0;
    end else begin
      if (tag_take_i) begin
        wptr_q                      <= wptr_q + 1'b1;
        done_q[wptr_q[TagLog2-1:0]] <= tag_nodata_i;
      end
      if (done_i) done_q[done_tag_i] <= 1'b1;
      if (retire) rptr_q <= rptr_q + 1'b1;
      retired_q <= retire;
      commit_o  <= retired_q && last_tag && frame;
      if (retired_q) begin
        part_err_q <= err && !last_tag;
        if (last_tag) errs_q <= last_of_line ? 3'd0 : errs;
      end
    end
    if (tag_take_i) err_q[wptr_q[TagLog2-1:0]] <= 1'b0;
    if (done_i) err_q[done_tag_i] <= done_err_i;
    if (retire) retired_err_q <= err_q[rptr_q[TagLog2-1:0]];
    if (retired_q && last_tag) begin
      commit_slot_o <= slot;
      commit_cell_o <= cell_idx;
      commit_len_o  <= len;
      commit_func_o <= line[10:3];
      err_frame_q   <= err;
      epoch_q       <= line[11+:EpochW];
    end
  end

  assign idle_o  = !complete && !retired_q && !wb_valid_o && !commit_o;
  assign empty_o = wptr_q == rptr_q;

`ifndef SYNTHESIS
  logic [TagLog2-1:0] done_age;
  assign done_age = done_tag_i - rptr_q[TagLog2-1:0];
  always_ff @(posedge clk_i) begin
    if (rst_ni && done_i && ((TagLog2 + 1)'(done_age) >= wptr_q - rptr_q || done_q[done_tag_i]))
      $error("tx_commit: completion of a tag that is not out");
    if (rst_ni && wb_push && !wb_full_n) $error("tx_commit: write-back lost");
  end
`endif
endmodule
