// SPDX-License-Identifier: BSD-2-Clause
// Read requests for frames, in pieces that end at multiples of the maximum read request size, or of what a tag has room
// for (and so never cross 4 KiB), a tag for each piece. A frame's bytes come in one operation or
// several. An operation without a frame takes a tag too: its write-back leaves in order with the frames before it.
module tx_fetch #(
    parameter int LineW = 48,
    parameter int TagLog2 = 8,
    parameter int InFlight = 32768,  // bytes; at most Piece - 1 more
    parameter int Piece = 512,  // bytes of a tag, a power of two
    parameter int InfoW = 1 + 1 + LineW + 14
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic [12:0]                mrrs_i,
    input  logic                       op_valid_i,
    output logic                       op_ready_o,
    input  logic                       op_frame_i,
    input  logic                       op_lost_i,     // there is a frame, but it is not read
    input  logic                       op_first_i,    // of its frame
    input  logic                       op_last_i,
    input  logic [LineW-1:0]           op_line_i,
    input  logic [63:0]                op_addr_i,
    input  logic [13:0]                op_len_i,
    input  logic [13:0]                op_all_i,      // of the frame
    input  snic_pkg::tx_edit_t         op_edit_i,
    input  snic_pkg::tx_part_t         op_part_i,
    input  logic [255:0]               good_i,        // in time, see tx_share
    input  logic                       blame_i,       // this function no more
    input  logic [7:0]                 blame_func_i,
    input  logic                       init_i,
    input  logic [7:0]                 init_func_i,
    // tags
    input  logic                       tag_ok_i,
    input  logic [TagLog2-1:0]         tag_i,
    output logic                       tag_take_o,
    output logic                       tag_first_o,   // of its frame
    output logic                       tag_last_o,
    output logic                       tag_nodata_o,
    output logic [9:0]                 tag_bytes_o,   // asked for
    output logic [InfoW-1:0]           tag_info_o,    // {frame, lost, line, frame length}, the same for all tags of it
    output snic_pkg::tx_edit_t         tag_edit_o,
    output snic_pkg::tx_part_t         tag_part_o,
    output logic [7:0]                 tag_func_o,
    input  logic                       free_i,        // a tag is given back
    input  logic [7:0]                 free_func_i,
    input  logic [9:0]                 free_bytes_i,
    output logic                       rd_valid_o,
    input  logic                       rd_ready_i,
    output snic_pkg::rd_req_t          rd_o,
    input  logic [47:0]                now_i,
    output logic [47:0]                bytes_o,       // utilisation: bytes under way, over InFlight, in cycles
    output logic                       by_tags_o,     // a read waits for a tag, or for bytes under way to come
    output logic                       by_link_o,     // ... for its turn
    output logic                       idle_o
);
  localparam int OpW = 1 + 1 + 1 + 1 + LineW + 64 + 14 + 14 + snic_pkg::TxEditW + snic_pkg::TxPartW;
  localparam int OutW = $clog2(InFlight) + 1;
  localparam int RdW = 8 + 64 + 13 + snic_pkg::TagW;

  logic op_valid, op_frame, op_lost, op_first, op_last, load;
  logic [LineW-1:0] op_line;
  logic [63:0] op_addr;
  logic [13:0] op_len, op_all;
  logic [snic_pkg::TxEditW-1:0] op_edit;
  logic [snic_pkg::TxPartW-1:0] op_part;

  snic_skid #(
      .Width(OpW)
  ) u_op (
      .clk_i,
      .rst_ni,
      .valid_i(op_valid_i),
      .ready_o(op_ready_o),
      .data_i ({op_frame_i, op_lost_i, op_first_i, op_last_i, op_line_i, op_addr_i, op_len_i, op_all_i, op_edit_i, op_part_i}),
      .valid_o(op_valid),
      .ready_i(load),
      .data_o ({op_frame, op_lost, op_first, op_last, op_line, op_addr, op_len, op_all, op_edit, op_part})
  );

  // What is being asked for
  logic busy_q, frame_q, lost_q, first_q, last_q;
  logic [LineW-1:0] line_q;
  logic [63:0] addr_q;
  logic [13:0] all_q, rem_q;
  logic [snic_pkg::TxEditW-1:0] edit_q;
  logic [snic_pkg::TxPartW-1:0] part_q;

  // Bytes asked for, of functions in time: nobody waits for the others'.
  logic [OutW-1:0] out_q, out_func_q[256];
  logic more, less;
  logic [7:0] func;
  logic [9:0] asked;
  logic issue, may_ask, last, rd_ready, rd_valid;
  logic [9:0] most, room, piece;
  logic [RdW-1:0] rd_bits;

  assign most  = mrrs_i > 13'(Piece) ? 10'(Piece) : mrrs_i[9:0];
  assign room  = most - (addr_q[9:0] & (most - 10'd1));
  assign last  = !frame_q || rem_q <= 14'(room);
  assign piece = last ? rem_q[9:0] : room;
  assign asked = frame_q ? piece : '0;
  assign func  = line_q[10:3];
  assign may_ask = tag_ok_i && (out_q < OutW'(InFlight) || !good_i[func]);
  assign issue = busy_q && rd_ready && may_ask;
  assign load  = op_valid && (!busy_q || (issue && last));
  assign more  = issue && good_i[func];
  assign less  = free_i && good_i[free_func_i];

  assign by_tags_o   = busy_q && rd_ready && !may_ask;
  assign by_link_o   = busy_q && !rd_ready;

  util_level #(
      .Log2($clog2(InFlight))
  ) u_bytes (
      .clk_i,
      .rst_ni,
      .now_i,
      .change_i(blame_i || more || less),
      .level_i (out_q),
      .cycles_o(bytes_o)
  );

  assign tag_take_o   = issue;
  assign tag_first_o  = first_q;
  assign tag_last_o   = last && last_q;
  assign tag_nodata_o = !frame_q;
  assign tag_bytes_o  = asked;
  assign tag_info_o   = {frame_q || lost_q, lost_q, line_q, all_q};
  assign tag_edit_o   = edit_q;
  assign tag_part_o   = part_q;
  assign tag_func_o   = func;

  snic_skid #(
      .Width(RdW)
  ) u_rd (
      .clk_i,
      .rst_ni,
      .valid_i(issue && frame_q),
      .ready_o(rd_ready),
      .data_i ({func, addr_q, 13'(piece), snic_pkg::TagW'(snic_pkg::TagTxData) + snic_pkg::TagW'(tag_i)}),
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
      if (blame_i) out_q <= out_q - out_func_q[blame_func_i];
      else if (more || less)
        out_q <= out_q + (more ? OutW'(asked) : '0) - (less ? OutW'(free_bytes_i) : '0);
    end
    if (init_i) out_func_q[init_func_i] <= '0;
    else if (blame_i) out_func_q[blame_func_i] <= '0;
    else if (more && less && func == free_func_i)
      out_func_q[func] <= out_func_q[func] + OutW'(asked) - OutW'(free_bytes_i);
    else begin
      if (more) out_func_q[func] <= out_func_q[func] + OutW'(asked);
      if (less) out_func_q[free_func_i] <= out_func_q[free_func_i] - OutW'(free_bytes_i);
    end

    if (load) first_q <= op_first;
    else if (issue) first_q <= 1'b0;
    if (load) begin
      frame_q <= op_frame;
      lost_q  <= op_lost;
      last_q  <= op_last;
      line_q  <= op_line;
      addr_q  <= op_addr;
      all_q   <= op_all;
      rem_q   <= op_len;
      edit_q  <= op_edit;
      part_q  <= op_part;
    end else if (issue) begin
      addr_q <= addr_q + 64'(piece);
      rem_q  <= rem_q - 14'(piece);
    end
  end
endmodule
