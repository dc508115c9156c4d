// SPDX-License-Identifier: BSD-2-Clause
// Simulation only: holds the producer of a stream to its promise. Once valid, it stays, and so does what is offered, until
// ready. Cells and engine ports carry one in builds with assertions.
module snic_stream_check #(
    parameter int Width = 32
) (
    input logic             clk_i,
    input logic             rst_ni,
    input logic             valid_i,
    input logic             ready_i,
    input logic [Width-1:0] data_i
);
`ifndef SYNTHESIS
  logic waits_q;
  logic [Width-1:0] data_q;
  always_ff @(posedge clk_i) begin
    waits_q <= rst_ni && valid_i && !ready_i;
    if (valid_i && !waits_q) data_q <= data_i;
    if (rst_ni && waits_q && !valid_i) $error("stream %m: valid went before ready came");
    if (rst_ni && waits_q && valid_i && data_i != data_q) $error("stream %m: what is offered changed before it was taken");
  end
`else
  logic unused;
  assign unused = &{1'b0, clk_i, rst_ni, valid_i, ready_i, data_i};
`endif
endmodule
