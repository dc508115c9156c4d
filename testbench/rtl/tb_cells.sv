// SPDX-License-Identifier: BSD-2-Clause
// The queue cells of the library side by side: 0 snic_fifo, 1 snic_ram_fifo, 2 snic_skid. All are small, so that they are full often.
module tb_cells (
    input  logic       clk_i,
    input  logic       rst_ni,
    input  logic       ram_clk_i,    // of the RAM FIFO, whose users gate it while it is still
    input  logic [2:0] valid_i,
    output logic [2:0] ready_o,
    input  logic [23:0] data_i,      // 8 bits for each
    output logic [2:0] valid_o,
    input  logic [2:0] ready_i,
    output logic [7:0] data0_o,
    output logic [7:0] data1_o,
    output logic [7:0] data2_o,
    output logic [2:0] count_o,
    output logic       empty_o,
    output logic       still_o
);
  snic_fifo #(.Width(8), .Depth(4)) u_fifo (
      .clk_i, .rst_ni, .valid_i(valid_i[0]), .ready_o(ready_o[0]), .data_i(data_i[0+:8]), .valid_o(valid_o[0]),
      .ready_i(ready_i[0]), .data_o(data0_o), .count_o
  );
  snic_ram_fifo #(.Width(8), .Depth(4)) u_ram_fifo (
      .clk_i(ram_clk_i), .rst_ni, .valid_i(valid_i[1]), .ready_o(ready_o[1]), .data_i(data_i[8+:8]), .valid_o(valid_o[1]),
      .ready_i(ready_i[1]), .data_o(data1_o), .empty_o, .still_o
  );
  snic_skid #(.Width(8)) u_skid (
      .clk_i, .rst_ni, .valid_i(valid_i[2]), .ready_o(ready_o[2]), .data_i(data_i[16+:8]), .valid_o(valid_o[2]),
      .ready_i(ready_i[2]), .data_o(data2_o)
  );
endmodule
