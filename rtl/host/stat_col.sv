// SPDX-License-Identifier: BSD-2-Clause
// 256 counters of 64 bit in RAM; one may be added to every cycle, the same one as often as one likes. There
// are two copies so that software's reads never meet the counting. A clear waits for a cycle without an
// event.
module stat_col (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        valid_i,
    input  logic [ 7:0] idx_i,
    input  logic [13:0] add_i,
    input  logic        clr_i,       // pulse: counter clr_idx_i := 0
    input  logic [ 7:0] clr_idx_i,
    output logic        clr_busy_o,  // a clear waits
    output logic        busy_o,      // something is still to be written
    input  logic        rd_i,
    input  logic [ 7:0] rd_idx_i,
    output logic [63:0] rd_data_o    // one cycle after rd_i
);
  logic clr_q, clr_now, step;
  logic [7:0] clr_idx_q, idx;
  // second stage: the old value has been read
  logic v_q, zero_q, fwd_q;
  logic [7:0] idx_q;
  logic [13:0] add_q;
  logic [63:0] old, sum, sum_q;

  assign clr_now    = clr_q && !valid_i;
  assign step       = valid_i || clr_now;
  assign idx        = valid_i ? idx_i : clr_idx_q;
  assign clr_busy_o = clr_q;
  assign busy_o     = clr_q || v_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      clr_q <= 1'b0;
      v_q   <= 1'b0;
    end else begin
      if (clr_i) clr_q <= 1'b1;
      else if (clr_now) clr_q <= 1'b0;
      v_q <= step;
    end
    if (clr_i) clr_idx_q <= clr_idx_i;
    if (step) begin
      idx_q  <= idx;
      add_q  <= add_i;
      zero_q <= clr_now;
      fwd_q  <= v_q && idx == idx_q;  // the RAM gives the word before the write that is done in this cycle
    end
    if (v_q) sum_q <= sum;
  end
  always_comb begin
    sum = 64'd0;
    if (v_q && !zero_q) sum = (fwd_q ? sum_q : old) + {50'd0, add_q};
  end

  snic_ram #(
      .Width(64),
      .Depth(256)
  ) u_count (
      .clk_i,
      .wen_i  (v_q),
      .waddr_i(idx_q),
      .wdata_i(sum),
      .ren_i  (step),
      .raddr_i(idx),
      .rdata_o(old)
  );
  snic_ram #(
      .Width(64),
      .Depth(256)
  ) u_read (
      .clk_i,
      .wen_i  (v_q),
      .waddr_i(idx_q),
      .wdata_i(sum),
      .ren_i  (rd_i),
      .raddr_i(rd_idx_i),
      .rdata_o(rd_data_o)
  );
endmodule
