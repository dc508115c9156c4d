// SPDX-License-Identifier: BSD-2-Clause
// Whole frames into the packet buffer, one at a time, and what each leaves behind: its tags, statistics, and the
// write-back of its line. A frame that could not be read is dropped; so is one whose queue was switched off meanwhile:
// its memory may have been somebody else's when it was read.
module tx_out #(
    parameter int EpochW = 32,
    parameter int N = snic_pkg::NTagTxData,
    parameter int TagLog2 = $clog2(N),
    parameter int BeatW = 3,
    parameter int LineW = 1 + snic_pkg::TxToW + 1 + 2 + 16 + EpochW + 11,
    parameter int WbW = LineW - 1 - snic_pkg::TxToW,
    parameter int InfoW = 1 + 1 + LineW + 14,
    parameter int ErrW = 12
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic                       init_i,
    input  logic [7:0]                 init_func_i,
    input  logic                       tag_take_i,     // the first of a frame
    input  logic [TagLog2-1:0]         tag_i,
    input  logic [InfoW-1:0]           tag_info_i,
    input  snic_pkg::tx_edit_t         tag_edit_i,
    input  snic_pkg::tx_part_t         tag_part_i,
    // the next whole frame of a function
    input  logic                       next_valid_i,
    input  logic [TagLog2-1:0]         next_tag_i,
    output logic                       next_take_o,
    // its tags, see tx_tags
    output logic [TagLog2-1:0]         look_o,
    input  logic                       look_err_i,
    input  logic                       look_last_i,
    input  logic [TagLog2-1:0]         look_next_i,
    output logic                       free_o,
    output logic [7:0]                 free_func_o,
    output logic                       free_end_o,     // the last one of a line
    output logic                       free_good_o,    // ... of a frame that came well
    // queue registers, one cycle after ren
    output logic                       cfg_ren_o,
    output logic [10:0]                cfg_qid_o,
    input  logic                       cfg_en_i,
    input  logic [EpochW-1:0]          cfg_epoch_i,
    output logic                       alloc_o,
    output logic [7:0]                 alloc_cells_o,
    input  logic                       alloc_ok_i,
    input  logic [snic_pkg::SlotW-1:0] alloc_slot_i,
    input  logic [snic_pkg::CellW-1:0] alloc_cell_i,
    // beats, see tx_land
    output logic                       out_o,
    output logic [BeatW-1:0]           out_beat_o,
    input  logic                       out_last_i,
    output logic                       out_first_o,
    output logic                       out_end_o,
    output logic                       out_edited_o,
    output snic_pkg::tx_edit_t         out_edit_o,
    output snic_pkg::tx_part_t         out_part_o,
    // the frame that was written last, or is dropped
    input  logic                       wr_end_i,
    output logic                       commit_o,
    output logic [snic_pkg::SlotW-1:0] commit_slot_o,
    output logic [snic_pkg::CellW-1:0] commit_cell_o,
    output logic [13:0]                commit_len_o,
    output logic [7:0]                 commit_func_o,
    output snic_pkg::tx_to_t           commit_to_o,
    output logic                       stat_valid_o,
    output logic [7:0]                 stat_func_o,
    output logic [13:0]                stat_bytes_o,
    output logic                       stat_drop_o,
    output logic                       wb_valid_o,
    input  logic                       wb_ready_i,
    output logic [WbW-1:0]             wb_line_o,      // {write back, status, head, epoch, queue}
    output logic [ErrW-1:0]            wb_errs_o,      // frames of the line that could not be read
    output logic                       by_buffer_o,    // a frame waits for room
    output logic                       idle_o
);
  localparam int WbLog2 = 4;
  localparam int CommitW = snic_pkg::SlotW + snic_pkg::CellW + 14 + 8 + snic_pkg::TxToW;

  // Next: what it is
  logic have_q, load;
  logic [TagLog2-1:0] have_tag_q;
  logic [InfoW-1:0] info;
  snic_ram #(
      .Width(InfoW),
      .Depth(N)
  ) u_info (
      .clk_i,
      .wen_i  (tag_take_i),
      .waddr_i(tag_i),
      .wdata_i(tag_info_i),
      .ren_i  (next_take_o),
      .raddr_i(next_tag_i),
      .rdata_o(info)
  );
  assign next_take_o = next_valid_i && (!have_q || load);

  // What is written anew in it
  localparam int EditW = snic_pkg::TxEditW + snic_pkg::TxPartW;
  logic [N-1:0] edited_q;
  logic have_edited_q;
  logic [EditW-1:0] edit;
  snic_ram #(
      .Width(EditW),
      .Depth(N)
  ) u_edit (
      .clk_i,
      .wen_i  (tag_take_i && (tag_edit_i.csum || tag_edit_i.cut)),
      .waddr_i(tag_i),
      .wdata_i({tag_edit_i, tag_part_i}),
      .ren_i  (next_take_o && edited_q[next_tag_i]),
      .raddr_i(next_tag_i),
      .rdata_o(edit)
  );

  // The one at work
  logic busy_q, frame_q, lost_q, edit_q, gone_q, gone, drop, bad, may, step, fin, part_q;
  logic [LineW-1:0] line_q;
  logic [13:0] len_q;
  logic [TagLog2-1:0] tag_q;
  logic [BeatW-1:0] beat_q;
  logic err_q;
  logic last_of_line, wb_push, wb_room;  // always
  logic [WbLog2:0] wb_count;
  logic [7:0] func;
  logic [ErrW-1:0] errs_q[256], errs;
  logic [EditW-1:0] edit_bits_q;
  logic [2:0] free_q;  // cycles to come that are the headers': see tx_edit
  logic mine;

  assign load         = have_q && (!busy_q || fin);
  // A frame that waits for room is looked up until it has it.
  assign cfg_ren_o    = load || (busy_q && !part_q);
  assign cfg_qid_o    = load ? info[14+:11] : line_q[10:0];
  assign func         = line_q[10:3];
  assign last_of_line = line_q[LineW-1];
  assign gone = part_q ? gone_q : !cfg_en_i || cfg_epoch_i != line_q[11+:EpochW];
  assign bad  = part_q ? err_q : look_err_i || lost_q;
  assign drop = bad || gone;
  // Frames end in order: one whose headers are not written behind it does not begin before the headers of those before it are.
  assign mine = part_q || edit_q ? !free_q[0] : free_q == '0;
  assign may  = wb_count < (WbLog2 + 1)'(2 ** WbLog2 - 1) && mine && (part_q || !frame_q || drop || alloc_ok_i);
  assign step = busy_q && may && (!frame_q || drop || out_last_i);  // done with this tag
  assign fin  = step && look_last_i;

  assign alloc_o       = busy_q && may && frame_q && !drop && !part_q;
  assign alloc_cells_o = 8'((len_q + 14'd63) >> 6);
  assign out_o         = busy_q && may && frame_q && !drop;
  assign out_beat_o    = beat_q;
  assign out_first_o   = !part_q;
  assign out_end_o     = fin;
  assign look_o        = tag_q;
  assign free_o        = step;
  assign free_func_o   = func;
  assign free_end_o    = fin && last_of_line;
  assign free_good_o   = frame_q && !drop;
  assign out_edited_o  = edit_q;
  assign {out_edit_o, out_part_o} = edit_bits_q;
  assign by_buffer_o   = busy_q && frame_q && !part_q && !drop && !alloc_ok_i;

  logic edit_end, long_end;
  assign edit_end = out_o && fin && edit_q;
  assign long_end = edit_end && out_edit_o.hdr > 9'd128;
  assign errs    = errs_q[func] + ErrW'(frame_q && bad && errs_q[func] != '1);
  assign wb_push = fin && last_of_line;
  snic_fifo #(
      .Width(WbW + ErrW),
      .Depth(2 ** WbLog2)
  ) u_wb (
      .clk_i,
      .rst_ni,
      .valid_i(wb_push),
      .ready_o(wb_room),
      .data_i ({line_q[WbW-1:0], errs}),
      .valid_o(wb_valid_o),
      .ready_i(wb_ready_i),
      .data_o ({wb_line_o, wb_errs_o}),
      .count_o(wb_count)
  );

  // Frames whose last beat is on its way into the packet buffer
  logic [CommitW-1:0] commit_data;
  logic commit_valid, commit_room;
  logic [snic_pkg::SlotW-1:0] slot_q, slot;
  logic [snic_pkg::CellW-1:0] cell_q, cell_idx;
  assign slot     = part_q ? slot_q : alloc_slot_i;
  assign cell_idx = part_q ? cell_q : alloc_cell_i;
  snic_fifo #(
      .Width(CommitW),
      .Depth(8)
  ) u_commit (
      .clk_i,
      .rst_ni,
      .valid_i(out_o && fin),
      .ready_o(commit_room),
      .data_i ({slot, cell_idx, len_q, func, line_q[WbW+:snic_pkg::TxToW]}),
      .valid_o(commit_valid),
      .ready_i(wr_end_i),
      .data_o (commit_data),
      .count_o()
  );
  assign commit_o = wr_end_i;
  assign {commit_slot_o, commit_cell_o, commit_len_o, commit_func_o, commit_to_o} = commit_data;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      have_q       <= 1'b0;
      busy_q       <= 1'b0;
      stat_valid_o <= 1'b0;
      stat_drop_o  <= 1'b0;
      free_q       <= '0;
    end else begin
      have_q       <= next_take_o || (have_q && !load);
      busy_q       <= load || (busy_q && !fin);
      stat_valid_o <= fin && frame_q;
      stat_drop_o  <= fin && frame_q && drop;
      free_q       <= {long_end, edit_end || free_q[2], free_q[1] || long_end};
    end
    if (tag_take_i) edited_q[tag_i] <= tag_edit_i.csum || tag_edit_i.cut;
    if (next_take_o) begin
      have_tag_q    <= next_tag_i;
      have_edited_q <= edited_q[next_tag_i];
    end
    gone_q <= gone;
    if (load) begin
      {frame_q, lost_q, line_q, len_q} <= info;
      edit_q <= have_edited_q;
      if (have_edited_q) edit_bits_q <= edit;
      tag_q  <= have_tag_q;
      beat_q <= '0;
      part_q <= 1'b0;
    end else if (busy_q && may) begin
      part_q <= 1'b1;
      err_q  <= bad;
      beat_q <= step ? '0 : beat_q + 1'b1;
      if (step) tag_q <= look_next_i;
      if (!part_q) begin
        slot_q <= alloc_slot_i;
        cell_q <= alloc_cell_i;
      end
    end
    if (fin) begin
      stat_func_o  <= func;
      stat_bytes_o <= len_q;
    end
    if (init_i) errs_q[init_func_i] <= '0;
    else if (fin) errs_q[func] <= last_of_line ? '0 : errs;
  end

  assign idle_o = free_q == '0 && !next_valid_i && !have_q && !busy_q && !wb_valid_o && !commit_valid && !stat_valid_o;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && wb_push && !wb_room) $error("tx_out: write-back lost");
    if (rst_ni && ((out_o && fin && !commit_room) || (wr_end_i && !commit_valid))) $error("tx_out: commit lost");
  end
`endif
endmodule
