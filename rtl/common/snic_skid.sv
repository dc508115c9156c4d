// SPDX-License-Identifier: BSD-2-Clause
// Two-entry register slice: full rate, and no combinational path between the two sides in either direction.
module snic_skid #(
    parameter int Width = 32
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             valid_i,
    output logic             ready_o,
    input  logic [Width-1:0] data_i,
    output logic             valid_o,
    input  logic             ready_i,
    output logic [Width-1:0] data_o
);
  logic             spare_valid_q;
  logic [Width-1:0] spare_q;

  assign ready_o = !spare_valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_o       <= 1'b0;
      spare_valid_q <= 1'b0;
    end else if (!valid_o || ready_i) begin
      valid_o       <= spare_valid_q || valid_i;
      spare_valid_q <= 1'b0;
    end else if (valid_i && ready_o) begin
      spare_valid_q <= 1'b1;
    end
  end

  // data_i is named once: a simulator then works it out where it is taken, and not in every cycle.
  always_ff @(posedge clk_i) begin : p_data
    logic [Width-1:0] data;
    if (valid_i && ready_o) begin
      data = data_i;
      if (!valid_o || ready_i) data_o <= data;
      else spare_q <= data;
    end else if (!valid_o || ready_i) begin
      if (spare_valid_q) data_o <= spare_q;
    end
  end

`ifndef SYNTHESIS
  if (Width < 1) $fatal(1, "snic_skid: Width is %0d, at least 1 is needed", Width);
  snic_stream_check #(
      .Width(Width)
  ) u_check (
      .clk_i,
      .rst_ni,
      .valid_i,
      .ready_i(ready_o),
      .data_i
  );
`endif
endmodule
