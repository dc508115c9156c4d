// SPDX-License-Identifier: BSD-2-Clause
// Ones' complement sums of the frames in a packet buffer, one a slot. Chunks of any slots may come in any
// order, one a cycle. A chunk is in the sum that is read three cycles later.
//
// A slot's sum starts over at its first chunk after the sum was taken. That is told without clearing
// anything: a slot is live while its bit `phase` in the sum RAM (written with each chunk) differs from its
// bit in `taken` (made equal when the sum is taken), so each RAM keeps one writer.
module pkt_sum #(
    parameter int Slots = 2048,
    parameter int AddrW = $clog2(Slots)
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             init_i,        // clears slot init_slot_i
    input  logic [AddrW-1:0] init_slot_i,
    input  logic             valid_i,       // bytes of no interest are 0
    input  logic [AddrW-1:0] slot_i,
    input  logic [511:0]     lo_i,
    input  logic             hi_valid_i,
    input  logic [511:0]     hi_i,
    input  logic             abort_i,       // forget the slot that the next chunk is for
    input  logic             rd_i,          // sum_o one cycle later
    input  logic [AddrW-1:0] rd_slot_i,
    output logic [15:0]      sum_o,         // of big-endian 16-bit words
    input  logic             take_i,        // the slot that was read last: its sum may start over
    input  logic [AddrW-1:0] take_slot_i,
    output logic             busy_o
);
  // The sum does not care for byte order (RFC 1071): add little-endian words, 32 bits at a time, and swap the
  // result.
  function automatic logic [35:0] add_words(input logic [511:0] d);
    add_words = '0;
    for (int i = 0; i < 16; i++) add_words = add_words + {4'b0, d[32*i+:32]};
  endfunction

  logic [16:0] mem[Slots];    // {phase, sum}
  logic taken[Slots];

  // Stage 1: the words of the chunk are added, the slot's sum is read. Stage 2: added to the slot's sum.
  logic restart_q, s1_valid_q, s1_restart_q, s2_valid_q, s2_restart_q, s2_taken_q, last_valid_q;
  logic [AddrW-1:0] s1_slot_q, s2_slot_q, last_slot_q;
  logic [35:0] s1_lo_q, s1_hi_q;
  logic [36:0] s1_total;
  logic [17:0] s1_fold;
  logic [16:0] s2_mem_q, rd_q;
  logic [17:0] s2_part_q;
  logic [15:0] base, last_sum_q;
  logic [18:0] s2_total;
  logic [16:0] s2_fold;
  logic [15:0] s2_sum;

  assign s1_total = {1'b0, s1_lo_q} + {1'b0, s1_hi_q};
  assign s1_fold  = {2'b0, s1_total[15:0]} + {2'b0, s1_total[31:16]} + {13'b0, s1_total[36:32]};

  // The chunk one cycle ahead wrote while this one read.
  always_comb begin
    base = '0;
    if (!s2_restart_q) begin
      if (last_valid_q && last_slot_q == s2_slot_q) base = last_sum_q;
      else if (s2_mem_q[16] != s2_taken_q) base = s2_mem_q[15:0];
    end
  end
  assign s2_total = {3'b0, base} + {1'b0, s2_part_q};
  assign s2_fold  = {1'b0, s2_total[15:0]} + {14'b0, s2_total[18:16]};
  assign s2_sum   = s2_fold[15:0] + {15'b0, s2_fold[16]};

  assign sum_o  = {rd_q[7:0], rd_q[15:8]};
  assign busy_o = s1_valid_q || s2_valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      restart_q    <= 1'b0;
      s1_valid_q   <= 1'b0;
      s2_valid_q   <= 1'b0;
      last_valid_q <= 1'b0;
    end else begin
      if (abort_i) restart_q <= 1'b1;
      else if (valid_i) restart_q <= 1'b0;
      s1_valid_q   <= valid_i;
      s2_valid_q   <= s1_valid_q;
      last_valid_q <= s2_valid_q;
    end
    if (valid_i) begin
      s1_slot_q    <= slot_i;
      s1_restart_q <= restart_q;
      s1_lo_q      <= add_words(lo_i);
      s1_hi_q      <= hi_valid_i ? add_words(hi_i) : '0;
    end
    if (s1_valid_q) begin
      s2_slot_q    <= s1_slot_q;
      s2_restart_q <= s1_restart_q;
      s2_part_q    <= s1_fold;
      s2_mem_q     <= mem[s1_slot_q];
      s2_taken_q   <= taken[s1_slot_q];
    end
    if (s2_valid_q) begin
      last_slot_q <= s2_slot_q;
      last_sum_q  <= s2_sum;
    end
    if (rd_i) rd_q <= mem[rd_slot_i];
    if (init_i || s2_valid_q) mem[init_i ? init_slot_i : s2_slot_q] <= init_i ? '0 : {!s2_taken_q, s2_sum};
    if (init_i || take_i) taken[init_i ? init_slot_i : take_slot_i] <= !init_i && rd_q[16];
  end
endmodule
