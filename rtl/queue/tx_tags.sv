// SPDX-License-Identifier: BSD-2-Clause
// Data tags and the frames they make up: a frame goes by its first tag, its others are linked to it. It is whole when
// all of them have been asked for and answered.
module tx_tags #(
    parameter int N = snic_pkg::NTagTxData,
    parameter int TagLog2 = $clog2(N),
    parameter int MostLog2 = 8  // pieces of a frame, and one
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic               init_i,
    output logic               tag_ok_o,
    output logic [TagLog2-1:0] tag_o,
    input  logic               take_i,
    input  logic               first_i,
    input  logic               last_i,
    input  logic               nodata_i,     // nothing to wait for
    input  logic [9:0]         bytes_i,
    input  logic               done_i,
    input  logic [TagLog2-1:0] done_tag_i,
    input  logic               done_err_i,
    output logic               whole_o,
    output logic [TagLog2-1:0] whole_idx_o,
    // a tag of a whole frame
    input  logic [TagLog2-1:0] look_i,
    output logic               look_err_o,   // of the first one: the frame could not be read
    output logic               look_last_o,
    output logic [TagLog2-1:0] look_next_o,
    output logic [9:0]         look_bytes_o,
    input  logic [TagLog2-1:0] size_i,       // a whole frame
    output logic [MostLog2-1:0] size_tags_o,
    input  logic               give_i,       // that tag
    output logic               idle_o
);
  logic [TagLog2-1:0] first_q[N], next_q[N];
  logic [9:0] bytes_q[N];
  logic [N-1:0] last_q, err_q;
  logic [MostLog2-1:0] wait_q[N];  // of a first tag: those under way, and 1 while there are more to ask for
  logic [MostLog2-1:0] size_q[N], taken_q;
  logic [TagLog2-1:0] cur_q, prev_q, cur, frame;
  logic [MostLog2-1:0] left;
  logic free_ok, same, nodata_q;

  tx_free #(
      .N(N)
  ) u_free (
      .clk_i,
      .rst_ni,
      .init_i,
      .ok_o      (free_ok),
      .tag_o,
      .take_i,
      .give_i,
      .give_tag_i(look_i)
  );

  // What has no data is whole after it is asked for, between the frames that are.
  logic by_data;
  assign tag_ok_o    = free_ok && !nodata_q;
  assign cur         = first_i ? tag_o : cur_q;
  assign frame       = first_q[done_tag_i];
  assign same        = take_i && !first_i && cur_q == frame;  // the frame's next tag is taken now
  assign left        = wait_q[frame] - 1'b1 + MostLog2'(same && !last_i);
  assign by_data     = done_i && left == '0;
  assign whole_o     = by_data || nodata_q;
  assign whole_idx_o = by_data ? frame : cur_q;

  assign look_err_o   = err_q[look_i];
  assign look_last_o  = last_q[look_i];
  assign look_next_o  = next_q[look_i];
  assign look_bytes_o = bytes_q[look_i];
  assign size_tags_o  = size_q[size_i];
  assign idle_o       = !nodata_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) nodata_q <= 1'b0;
    else nodata_q <= (take_i && nodata_i) || (nodata_q && by_data);
    if (take_i) begin
      cur_q           <= cur;
      taken_q         <= first_i ? MostLog2'(1) : taken_q + 1'b1;
      if (last_i) size_q[cur] <= first_i ? MostLog2'(1) : taken_q + 1'b1;
      prev_q          <= tag_o;
      first_q[tag_o]  <= cur;
      last_q[tag_o]   <= last_i;
      bytes_q[tag_o]  <= bytes_i;
      if (!first_i) next_q[prev_q] <= tag_o;
      if (first_i) begin
        err_q[tag_o]  <= 1'b0;
        wait_q[tag_o] <= last_i ? MostLog2'(1) : MostLog2'(2);
      end else if (!last_i && !(done_i && frame == cur_q)) wait_q[cur_q] <= wait_q[cur_q] + 1'b1;
    end
    if (done_i) begin
      wait_q[frame] <= left;
      if (done_err_i) err_q[frame] <= 1'b1;
    end
  end
endmodule
