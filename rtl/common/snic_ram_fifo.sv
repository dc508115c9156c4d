// SPDX-License-Identifier: BSD-2-Clause
// FIFO in block RAM: first word falls through after two cycles, then one word a cycle. Depth is a power of two.
module snic_ram_fifo #(
    parameter int Width = 32,
    parameter int Depth = 512,
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
    output logic             empty_o,  // nothing inside, output register included
    output logic             still_o   // nothing moves before the next push or pop
);
  logic [PtrW:0] wptr_q, rptr_q;
  logic fetch, fetched_q, out_ready;
  logic [Width-1:0] rdata;

  assign ready_o = (wptr_q - rptr_q) != (PtrW + 1)'(Depth);
  // One word may be on its way from the RAM; it is taken by the skid below, which must have room for it.
  assign fetch   = wptr_q != rptr_q && (!fetched_q || out_ready);
  assign empty_o = wptr_q == rptr_q && !fetched_q && !valid_o;
  assign still_o = fetched_q ? !out_ready : wptr_q == rptr_q;

  snic_ram #(
      .Width(Width),
      .Depth(Depth)
  ) u_ram (
      .clk_i,
      .wen_i  (valid_i && ready_o),
      .waddr_i(wptr_q[PtrW-1:0]),
      .wdata_i(data_i),
      .ren_i  (fetch),
      .raddr_i(rptr_q[PtrW-1:0]),
      .rdata_o(rdata)
  );

  snic_skid #(
      .Width(Width)
  ) u_skid (
      .clk_i,
      .rst_ni,
      .valid_i(fetched_q),
      .ready_o(out_ready),
      .data_i (rdata),
      .valid_o,
      .ready_i,
      .data_o
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q    <= '0;
      rptr_q    <= '0;
      fetched_q <= 1'b0;
    end else begin
      if (valid_i && ready_o) wptr_q <= wptr_q + 1'b1;
      if (fetch) rptr_q <= rptr_q + 1'b1;
      if (fetch) fetched_q <= 1'b1;
      else if (out_ready) fetched_q <= 1'b0;
    end
  end

`ifndef SYNTHESIS
  if (Width < 1) $fatal(1, "snic_ram_fifo: Width is %0d, at least 1 is needed", Width);
  if (Depth < 2 || (Depth & (Depth - 1)) != 0)
    $fatal(1, "snic_ram_fifo: Depth is %0d, a power of two from 2 on is needed", Depth);
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
