// SPDX-License-Identifier: BSD-2-Clause
// First-word-fall-through FIFO. The array is read where the read pointer stands (distributed RAM or flops); for deep or
// wide queues in block RAM use snic_ram_fifo. Depth is a power of two.
module snic_fifo #(
    parameter int Width = 32,
    parameter int Depth = 4,
    parameter int PtrW  = $clog2(Depth)
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             valid_i,
    output logic             ready_o,
    input  logic [Width-1:0] data_i,
    output logic             valid_o,
    input  logic             ready_i,
    output logic [Width-1:0] data_o,
    output logic [PtrW:0]    count_o
);
  logic [Width-1:0] mem[Depth];
  logic [PtrW:0] wptr_q, rptr_q;

  assign count_o = wptr_q - rptr_q;
  assign ready_o = !count_o[PtrW];
  assign valid_o = wptr_q != rptr_q;
  assign data_o  = mem[rptr_q[PtrW-1:0]];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q <= '0;
      rptr_q <= '0;
    end else begin
      if (valid_i && ready_o) begin
        mem[wptr_q[PtrW-1:0]] <= data_i;
        wptr_q <= wptr_q + 1'b1;
      end
      if (valid_o && ready_i) rptr_q <= rptr_q + 1'b1;
    end
  end

`ifndef SYNTHESIS
  if (Width < 1) $fatal(1, "snic_fifo: Width is %0d, at least 1 is needed", Width);
  if (Depth < 2 || (Depth & (Depth - 1)) != 0)
    $fatal(1, "snic_fifo: Depth is %0d, a power of two from 2 on is needed", Depth);
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
