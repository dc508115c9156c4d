// SPDX-License-Identifier: BSD-2-Clause
// Read requests for frames. A frame gets its place in the packet buffer first, so its data always has room;
// then it is read in pieces that end at multiples of the maximum read request size (and so never cross 4
// KiB), a tag for each piece. An operation without a frame takes a tag too: its write-back leaves in order
// with the frames before it.
module tx_fetch #(
    parameter int LineW = 48,
    parameter int TagLog2 = 8,
    parameter int InFlight = 32768,
    parameter int LandW = snic_pkg::SlotW + snic_pkg::CellW + 14 + 14,
    parameter int InfoW = 2 + LineW + snic_pkg::SlotW + snic_pkg::CellW + 14 + 13
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic [12:0]                mrrs_i,
    input  logic                       op_valid_i,
    output logic                       op_ready_o,
    input  logic                       op_frame_i,
    input  logic [LineW-1:0]           op_line_i,
    input  logic [63:0]                op_addr_i,
    input  logic [13:0]                op_len_i,
    output logic                       alloc_o,
    output logic [7:0]                 alloc_cells_o,
    input  logic                       alloc_ok_i,
    input  logic [snic_pkg::SlotW-1:0] alloc_slot_i,
    input  logic [snic_pkg::CellW-1:0] alloc_cell_i,
    // tag ring: what to do with the tag's data, and with its frame when all is there
    input  logic                       tag_ok_i,
    input  logic [TagLog2-1:0]         tag_i,
    output logic                       tag_take_o,
    output logic                       tag_nodata_o,
    output logic [LandW-1:0]           tag_land_o,  // {slot, cell, frame length, offset in the frame}
    // {frame, last tag of it, line, slot, cell, frame length, bytes asked for}
    output logic [InfoW-1:0]           tag_info_o,
    input  logic                       retire_i,      // a tag came back
    input  logic [12:0]                retire_bytes_i,
    output logic                       rd_valid_o,
    input  logic                       rd_ready_i,
    output snic_pkg::rd_req_t          rd_o,
    input  logic [47:0]                now_i,
    output logic [47:0]                bytes_o,       // utilisation: bytes under way, over InFlight, in cycles
    output logic                       by_tags_o,     // a read waits for a tag, or for bytes under way to come
    output logic                       by_link_o,     // ... for its turn
    output logic                       by_buffer_o,   // a frame waits for room
    output logic                       idle_o
);
  localparam int OpW = 1 + LineW + 64 + 14;
  localparam int OutW = $clog2(InFlight) + 1;
  localparam int RdW = 8 + 64 + 13 + snic_pkg::TagW;

  logic op_valid, op_frame, load;
  logic [LineW-1:0] op_line;
  logic [63:0] op_addr;
  logic [13:0] op_len;

  snic_skid #(
      .Width(OpW)
  ) u_op (
      .clk_i,
      .rst_ni,
      .valid_i(op_valid_i),
      .ready_o(op_ready_o),
      .data_i ({op_frame_i, op_line_i, op_addr_i, op_len_i}),
      .valid_o(op_valid),
      .ready_i(load),
      .data_o ({op_frame, op_line, op_addr, op_len})
  );

  // The frame that is being asked for
  logic busy_q, frame_q;
  logic [LineW-1:0] line_q;
  logic [63:0] addr_q;
  logic [13:0] len_q, rem_q;
  logic [snic_pkg::SlotW-1:0] slot_q;
  logic [snic_pkg::CellW-1:0] cell_q;

  logic [OutW-1:0] out_q;  // bytes asked for
  logic [12:0] asked;
  logic issue, may_ask, last, rd_ready, rd_valid;
  logic [12:0] room, piece;
  logic [RdW-1:0] rd_bits;

  assign room  = mrrs_i - (addr_q[12:0] & (mrrs_i - 13'd1));
  assign last  = !frame_q || rem_q <= 14'(room);
  assign piece = last ? rem_q[12:0] : room;
  assign asked = frame_q ? piece : '0;
  assign may_ask = tag_ok_i && out_q < OutW'(InFlight);
  assign issue = busy_q && rd_ready && may_ask;
  assign load  = op_valid && (!busy_q || (issue && last)) && (!op_frame || alloc_ok_i);

  assign by_tags_o   = busy_q && rd_ready && !may_ask;
  assign by_link_o   = busy_q && !rd_ready;
  assign by_buffer_o = op_valid && !busy_q && op_frame && !alloc_ok_i;

  util_level #(
      .Log2($clog2(InFlight))
  ) u_bytes (
      .clk_i,
      .rst_ni,
      .now_i,
      .change_i(issue || retire_i),
      .level_i (out_q),
      .cycles_o(bytes_o)
  );

  assign alloc_o       = load && op_frame;
  assign alloc_cells_o = 8'((op_len + 14'd63) >> 6);

  assign tag_take_o   = issue;
  assign tag_nodata_o = !frame_q;
  assign tag_land_o   = {slot_q, cell_q, len_q, len_q - rem_q};
  assign tag_info_o   = {frame_q, last, line_q, slot_q, cell_q, len_q, asked};

  snic_skid #(
      .Width(RdW)
  ) u_rd (
      .clk_i,
      .rst_ni,
      .valid_i(issue && frame_q),
      .ready_o(rd_ready),
      .data_i ({line_q[10:3], addr_q, piece, snic_pkg::TagW'(snic_pkg::TagTxData) + snic_pkg::TagW'(tag_i)}),
      .valid_o(rd_valid),
      .ready_i(rd_ready_i),
      .data_o (rd_bits)
  );
  assign rd_valid_o = rd_valid;
  assign rd_o       = rd_bits;
  assign idle_o     = !op_valid && !busy_q && !rd_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      out_q  <= '0;
    end else begin
      if (load) busy_q <= 1'b1;
      else if (issue && last) busy_q <= 1'b0;
      if (issue || retire_i)
        out_q <= out_q + (issue ? OutW'(asked) : '0) - (retire_i ? OutW'(retire_bytes_i) : '0);
    end

    if (load) begin
      frame_q <= op_frame;
      line_q  <= op_line;
      addr_q  <= op_addr;
      len_q   <= op_len;
      rem_q   <= op_len;
      slot_q  <= alloc_slot_i;
      cell_q  <= alloc_cell_i;
    end else if (issue) begin
      addr_q <= addr_q + 64'(piece);
      rem_q  <= rem_q - 14'(piece);
    end
  end
endmodule
