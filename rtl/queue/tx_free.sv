// SPDX-License-Identifier: BSD-2-Clause
// Tags that are free: the one that has rested longest goes first.
module tx_free #(
    parameter int N = 384,
    parameter int IdxW = $clog2(N)
) (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            init_i,     // stays for more than N cycles
    output logic            ok_o,
    output logic [IdxW-1:0] tag_o,
    input  logic            take_i,
    input  logic            give_i,
    input  logic [IdxW-1:0] give_tag_i
);
  logic [IdxW:0] fill_q;
  logic fill, room;  // always

  assign fill = init_i && fill_q != (IdxW + 1)'(N);

  snic_fifo #(
      .Width(IdxW),
      .Depth(2 ** IdxW)
  ) u_fifo (
      .clk_i,
      .rst_ni,
      .valid_i(fill || give_i),
      .ready_o(room),
      .data_i (fill ? fill_q[IdxW-1:0] : give_tag_i),
      .valid_o(ok_o),
      .ready_i(take_i),
      .data_o (tag_o),
      .count_o()
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) fill_q <= '0;
    else if (fill) fill_q <= fill_q + 1'b1;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && give_i && (fill || !room)) $error("tx_free: a tag too many");
    if (rst_ni && take_i && !ok_o) $error("tx_free: no tag");
  end
`endif
endmodule
