// SPDX-License-Identifier: BSD-2-Clause
// The edits of an egress: a table, and the words for the frames that are on their way to its editor. They are read when the frame's
// record is taken, and so are there before its first beat.
module edit_store #(
    parameter int Depth = 8    // frames on their way
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  snic_pkg::edit_wr_t        wr_i,
    input  logic                      take_i,     // a record
    input  snic_pkg::act_edit_t       edit_i,     // ... and what it asks for
    output logic                      ready_o,
    output logic                      valid_o,    // the frame at the editor can go on: edit_o and words_o are its own
    output snic_pkg::act_edit_t       edit_o,
    output logic [snic_pkg::KeyW-1:0] words_o,
    input  logic                      pop_i       // its last beat
);
  logic read_q, edit_valid, words_valid, words_ready;
  logic [$clog2(Depth):0] edit_count, words_count;
  logic [snic_pkg::KeyW-1:0] rdata;

  snic_ram #(
      .Width(snic_pkg::KeyW),
      .Depth(snic_contract_pkg::N_EDIT)
  ) u_edits (
      .clk_i,
      .wen_i  (wr_i.valid),
      .waddr_i(wr_i.id),
      .wdata_i(wr_i.words),
      .ren_i  (take_i && edit_i.edit),
      .raddr_i(edit_i.id),
      .rdata_o(rdata)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) read_q <= 1'b0;
    else read_q <= take_i && edit_i.edit;
  end

  snic_fifo #(
      .Width(snic_pkg::EditW),
      .Depth(Depth)
  ) u_frames (
      .clk_i,
      .rst_ni,
      .valid_i(take_i),
      .ready_o,
      .data_i (edit_i),
      .valid_o(edit_valid),
      .ready_i(pop_i),
      .data_o (edit_o),
      .count_o(edit_count)
  );
  // Never more than frames, so there is room.
  snic_fifo #(
      .Width(snic_pkg::KeyW),
      .Depth(Depth)
  ) u_words (
      .clk_i,
      .rst_ni,
      .valid_i(read_q),
      .ready_o(words_ready),
      .data_i (rdata),
      .valid_o(words_valid),
      .ready_i(pop_i && edit_o.edit),
      .data_o (words_o),
      .count_o(words_count)
  );
  assign valid_o = edit_valid && (!edit_o.edit || words_valid);

  logic unused;
  assign unused = &{1'b0, edit_count, words_count, words_ready};

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && read_q && !words_ready) $error("edit_store: more words than frames");
    if (rst_ni && pop_i && !valid_o) $error("edit_store: a frame without its edit");
  end
`endif
endmodule
