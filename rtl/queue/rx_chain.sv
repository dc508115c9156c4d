// SPDX-License-Identifier: BSD-2-Clause
// Addresses of the second and further buffers of frames, in the order in which they are filled. Those of a frame that is not
// whole yet are kept or forgotten together.
module rx_chain #(
    parameter int Depth = 64  // a power of two, more than a frame has, so that what is kept can always go
) (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        push_i,
    input  logic [63:0] addr_i,
    input  logic        keep_i,    // all that were put, this one too
    input  logic        forget_i,  // all that were put since
    output logic        room_o,    // for two
    input  logic        pop_i,
    output logic [63:0] addr_o
);
  localparam int PtrW = $clog2(Depth) + 1;
  localparam int MostBufs =
      (snic_contract_pkg::FRAME_MAX + 4 + snic_contract_pkg::RX_BUF_MIN - 1) / snic_contract_pkg::RX_BUF_MIN;

  logic [63:0] mem[Depth];
  logic [PtrW-1:0] wptr_q, kept_q, rptr_q;

  assign room_o = wptr_q - rptr_q <= PtrW'(Depth - 2);
  assign addr_o = mem[rptr_q[PtrW-2:0]];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q <= '0;
      kept_q <= '0;
      rptr_q <= '0;
    end else begin
      if (forget_i) wptr_q <= kept_q;
      else if (push_i) wptr_q <= wptr_q + 1'b1;
      if (keep_i) kept_q <= wptr_q + PtrW'(push_i);
      if (pop_i) rptr_q <= rptr_q + 1'b1;
    end
    if (push_i) mem[wptr_q[PtrW-2:0]] <= addr_i;
  end

`ifndef SYNTHESIS
  if (Depth < MostBufs + 2 || (Depth & (Depth - 1)) != 0)
    $fatal(1, "rx_chain: %0d places for frames of %0d buffers", Depth, MostBufs);
  always_ff @(posedge clk_i) begin
    if (rst_ni && push_i && !forget_i && wptr_q - rptr_q == PtrW'(Depth)) $error("rx_chain: overrun");
    if (rst_ni && pop_i && rptr_q == kept_q) $error("rx_chain: a buffer that is not there");
    if (rst_ni && keep_i && forget_i) $error("rx_chain: kept and forgotten");
  end
`endif
endmodule
