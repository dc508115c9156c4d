// SPDX-License-Identifier: BSD-2-Clause
// A time in cycles to that of a PTP clock, in ns with 32 bits of fraction: the clock's reference, and the cycles since (or, for what
// happened just before the reference was moved on, until) at its rate. One a cycle, three cycles later.
module ptp_ns (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  snic_pkg::ptp_ref_t ref_i,
    input  logic               valid_i,
    input  logic [47:0]        cycles_i,
    output logic               valid_o,
    output logic [95:0]        ns_o
);
  // The reference goes along: it may change on the way.
  logic s1_valid_q, s2_valid_q;
  logic [47:0] s1_diff_q;
  logic [39:0] s1_rate_q;
  logic [95:0] s1_base_q, s2_base_q;
  logic [63:0] s2_low_q;
  logic signed [64:0] s2_high_q;  // in 2^24

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      s2_valid_q <= 1'b0;
      valid_o    <= 1'b0;
    end else begin
      s1_valid_q <= valid_i;
      s2_valid_q <= s1_valid_q;
      valid_o    <= s2_valid_q;
    end
    if (valid_i) begin
      s1_diff_q <= cycles_i - ref_i.cycles;
      s1_rate_q <= ref_i.rate;
      s1_base_q <= ref_i.ns;
    end
    if (s1_valid_q) begin
      s2_low_q  <= 64'(s1_diff_q[23:0]) * 64'(s1_rate_q);
      s2_high_q <= 65'($signed(s1_diff_q[47:24])) * $signed({25'd0, s1_rate_q});
      s2_base_q <= s1_base_q;
    end
    if (s2_valid_q) ns_o <= s2_base_q + {32'd0, s2_low_q} + {{7{s2_high_q[64]}}, s2_high_q, 24'd0};
  end
endmodule
