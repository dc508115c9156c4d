// SPDX-License-Identifier: BSD-2-Clause
// For test_two_clocks: a port on a clock of its own, beside the core's. What comes in goes out, with the port's clock counted in its
// first four bytes, and the core's in the next four.
module two_clocks (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        mac_clk_i,
    input  logic        rx_valid_i,
    input  logic [63:0] rx_data_i,
    input  logic [ 7:0] rx_keep_i,
    input  logic        rx_last_i,
    output logic        tx_valid_o,
    output logic [63:0] tx_data_o,
    output logic [ 7:0] tx_keep_o,
    output logic        tx_last_o,
    output logic        quiescent_o
);
  logic [31:0] core_q, mac_q;
  logic first_q;

  always_ff @(posedge clk_i or negedge rst_ni)
    if (!rst_ni) core_q <= '0;
    else core_q <= core_q + 32'd1;

  always_ff @(posedge mac_clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      mac_q <= '0;
      first_q <= 1'b1;
      tx_valid_o <= 1'b0;
    end else begin
      mac_q <= mac_q + 32'd1;
      tx_valid_o <= rx_valid_i;
      if (rx_valid_i) first_q <= rx_last_i;
    end
  end
  always_ff @(posedge mac_clk_i) begin
    tx_data_o <= first_q ? {core_q, mac_q} : rx_data_i;
    tx_keep_o <= rx_keep_i;
    tx_last_o <= rx_last_i;
  end
  // but for the counters
  assign quiescent_o = first_q && !tx_valid_o;
endmodule
