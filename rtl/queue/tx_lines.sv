// SPDX-License-Identifier: BSD-2-Clause
// Reads of descriptor lines: a tag each, answered in any order, taken out in the order of each function. A read lies
// within one 64 B line (so it crosses neither 4 KiB nor MRRS), and address and length are multiples of 16 B: then a
// completion that comes in pieces is cut at multiples of 16 B too.
module tx_lines #(
    parameter int N = snic_pkg::NTagTxDesc,
    parameter int UserW = 8,
    parameter int IdxW = $clog2(N)
) (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic                 init_i,
    input  logic                 req_valid_i,
    output logic                 req_ready_o,
    input  logic [7:0]           req_func_i,
    input  logic [63:0]          req_addr_i,
    input  logic [6:0]           req_len_i,   // 16, 32, 48 or 64
    input  logic [UserW-1:0]     req_user_i,  // comes back with the data
    output logic                 rd_valid_o,
    input  logic                 rd_ready_i,
    output snic_pkg::rd_req_t    rd_o,
    // One beat is one TLP; there is room for whatever was asked for.
    input  logic                 cpl_valid_i,
    input  snic_pkg::cpl_hdr_t   cpl_hdr_i,
    input  logic [511:0]         cpl_data_i,
    // a line is here, as are all before it of its function: see tx_order
    output logic                 came_o,
    output logic [7:0]           came_func_o,
    input  logic                 came_hold_i,
    // what now? See tx_park
    output logic                 look_valid_o,
    output logic                 look_again_o,
    output logic [7:0]           look_func_o,
    output logic                 look_room_o,
    output logic                 here_o,      // one that is here waits, and is not parked
    output logic                 parked_o,    // one is
    input  logic                 take_i,
    input  logic                 park_i,
    input  logic                 lobby_i,
    output logic                 put_o,
    input  logic                 wake_i,
    input  logic [7:0]           wake_func_i,
    input  logic                 admit_i,
    output logic                 rsp_valid_o,
    input  logic                 rsp_ready_i,
    output logic [UserW-1:0]     rsp_user_o,
    output logic                 rsp_err_o,   // the read ended with an error status: no data
    output logic [511:0]         rsp_data_o,  // byte 0 is the byte at the address asked for
    output logic                 ask_o,       // see tx_late
    output logic [IdxW-1:0]      ask_tag_o,
    output logic                 done_o,
    output logic [IdxW-1:0]      done_tag_o,
    output logic                 full_o,      // all tags are out
    output logic                 idle_o,      // reads may be under way
    output logic                 empty_o
);
  localparam int RdW = 8 + 64 + 13 + snic_pkg::TagW;
  localparam int RspW = 1 + UserW + 512;

  // Request: a tag, and the user's word beside it.
  logic take, tag_ok, skid_ready, rd_valid, fetch;
  logic [IdxW-1:0] tag, fetch_tag;
  logic [RdW-1:0] rd_bits;
  logic [snic_pkg::TagW-1:0] req_tag;

  assign full_o      = !tag_ok;
  assign req_ready_o = tag_ok && skid_ready;
  assign take        = req_valid_i && req_ready_o;
  assign req_tag     = snic_pkg::TagW'(snic_pkg::TagTxDesc) + snic_pkg::TagW'(tag);

  tx_free #(
      .N(N)
  ) u_free (
      .clk_i,
      .rst_ni,
      .init_i,
      .ok_o      (tag_ok),
      .tag_o     (tag),
      .take_i    (take),
      .give_i    (fetch),
      .give_tag_i(fetch_tag)
  );

  snic_skid #(
      .Width(RdW)
  ) u_req_skid (
      .clk_i,
      .rst_ni,
      .valid_i(take),
      .ready_o(skid_ready),
      .data_i ({req_func_i, req_addr_i, 13'(req_len_i), req_tag}),
      .valid_o(rd_valid),
      .ready_i(rd_ready_i),
      .data_o (rd_bits)
  );
  assign rd_valid_o = rd_valid;
  assign rd_o       = rd_bits;

  // Completion
  logic [IdxW-1:0] cpl_idx;
  logic [511:0] line;
  logic done, fetched_err;

  desc_lines #(
      .Depth   (N),
      .FirstTag(snic_pkg::TagTxDesc)
  ) u_lines (
      .clk_i,
      .new_i     (take),
      .new_idx_i (tag),
      .cpl_valid_i,
      .cpl_hdr_i,
      .cpl_data_i,
      .done_o    (done),
      .done_idx_o(cpl_idx),
      .look_i    (fetch),
      .look_idx_i(fetch_tag),
      .err_o     (fetched_err),
      .data_o    (line)
  );

  logic fetched_q, out_ready, order_idle, order_empty, park_idle, park_empty;
  logic [UserW-1:0] user;

  snic_ram #(
      .Width(UserW),
      .Depth(N)
  ) u_user (
      .clk_i,
      .wen_i  (take),
      .waddr_i(tag),
      .wdata_i(req_user_i),
      .ren_i  (fetch),
      .raddr_i(fetch_tag),
      .rdata_o(user)
  );

  // Answer. One line may be on its way from the RAM while the skid is full.
  logic here_valid, here_ready;
  logic [IdxW-1:0] here_idx;
  logic [7:0] here_func;
  assign look_room_o = !fetched_q || out_ready;
  assign here_o      = here_valid;
  assign parked_o    = !park_empty;
  assign fetch       = take_i;

  tx_order #(
      .N(N)
  ) u_order (
      .clk_i,
      .rst_ni,
      .add_i       (take),
      .add_idx_i   (tag),
      .add_func_i  (req_func_i),
      .whole_i     (done),
      .whole_idx_i (cpl_idx),
      .hold_i      (came_hold_i),
      .go_o        (came_o),
      .go_func_o   (came_func_o),
      .go_idx_o    (),
      .valid_o     (here_valid),
      .ready_i     (here_ready),
      .idx_o       (here_idx),
      .func_o      (here_func),
      .idle_o      (order_idle),
      .empty_o     (order_empty)
  );

  tx_park #(
      .N(N)
  ) u_park (
      .clk_i,
      .rst_ni,
      .valid_i     (here_valid),
      .ready_o     (here_ready),
      .idx_i       (here_idx),
      .func_i      (here_func),
      .look_valid_o,
      .look_func_o,
      .look_idx_o  (fetch_tag),
      .look_again_o,
      .take_i,
      .park_i,
      .lobby_i,
      .put_o,
      .wake_i,
      .wake_func_i,
      .admit_i,
      .idle_o      (park_idle),
      .empty_o     (park_empty)
  );

  assign ask_o      = take;
  assign ask_tag_o  = tag;
  assign done_o     = done;
  assign done_tag_o = cpl_idx;
  assign idle_o     = order_idle && park_idle && !fetched_q && !rsp_valid_o && !rd_valid;
  assign empty_o    = order_empty && park_empty && !fetched_q && !rsp_valid_o;

  snic_skid #(
      .Width(RspW)
  ) u_rsp_skid (
      .clk_i,
      .rst_ni,
      .valid_i(fetched_q),
      .ready_o(out_ready),
      .data_i ({fetched_err, user, line}),
      .valid_o(rsp_valid_o),
      .ready_i(rsp_ready_i),
      .data_o ({rsp_err_o, rsp_user_o, rsp_data_o})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) fetched_q <= 1'b0;
    else if (fetch) fetched_q <= 1'b1;
    else if (out_ready) fetched_q <= 1'b0;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i)
    if (rst_ni && take && (req_addr_i[3:0] != 4'd0 || req_len_i[3:0] != 4'd0 || req_len_i == 7'd0 ||
                           8'(req_addr_i[5:0]) + 8'(req_len_i) > 8'd64))
      $error("tx_lines: request leaves its line");
`endif
endmodule
