// SPDX-License-Identifier: BSD-2-Clause
// Copies of a frame for the functions that get it: one, or for a flooded frame each bit of the next bitmap,
// lowest function first, a copy a cycle. The record itself stays with its source until the last copy is
// taken.
module rx_replicate (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         rec_valid_i,
    output logic         rec_ready_o,
    input  logic         rec_flood_i,
    input  logic [  7:0] rec_func_i,
    input  logic         flood_valid_i,
    output logic         flood_ready_o,
    input  logic [255:0] flood_map_i,
    output logic         copy_valid_o,
    input  logic         copy_ready_i,
    output logic [  7:0] copy_func_o,
    output logic         copy_last_o,
    output logic         idle_o
);
  localparam int Words = 8;

  logic map_valid;
  logic [255:0] map;
  logic [6:0] map_count;

  snic_fifo #(
      .Width(256),
      .Depth(64)
  ) u_maps (
      .clk_i,
      .rst_ni,
      .valid_i(flood_valid_i),
      .ready_o(flood_ready_o),
      .data_i (flood_map_i),
      .valid_o(map_valid),
      .ready_i(load),
      .data_o (map),
      .count_o(map_count)
  );

  // The bits still to serve, as words, and which words have any.
  logic active_q, load, step;
  logic [31:0] left_q[Words];
  logic [Words-1:0] any_q;
  logic [2:0] word;
  logic [4:0] bit_no;
  logic [31:0] cur, rest;

  assign load = rec_valid_i && rec_flood_i && !active_q && map_valid;
  assign step = copy_valid_o && copy_ready_i;

  always_comb begin
    word   = '0;
    bit_no = '0;
    cur    = '0;
    rest   = '0;
    if (active_q) begin
      for (int w = Words - 1; w >= 0; w--) if (any_q[w]) word = 3'(w);
      cur  = left_q[word];
      rest = cur & (cur - 32'd1);
      for (int b = 31; b >= 0; b--) if (cur[b]) bit_no = 5'(b);
    end
  end

  assign copy_valid_o = rec_valid_i && (!rec_flood_i || active_q);
  assign copy_func_o  = rec_flood_i ? {word, bit_no} : rec_func_i;
  assign copy_last_o  = !rec_flood_i || (rest == 32'd0 && (any_q & (any_q - 1'b1)) == '0);
  assign rec_ready_o  = step && copy_last_o;
  assign idle_o       = !rec_valid_i && map_count == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) active_q <= 1'b0;
    else if (load) active_q <= 1'b1;
    else if (rec_ready_o) active_q <= 1'b0;
    if (load) begin
      for (int w = 0; w < Words; w++) begin
        left_q[w] <= map[32*w+:32];
        any_q[w]  <= map[32*w+:32] != 32'd0;
      end
    end else if (step && active_q) begin
      left_q[word] <= rest;
      any_q[word]  <= rest != 32'd0;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && load && map == '0) $error("rx_replicate: flood to nobody");
  end
`endif
endmodule
