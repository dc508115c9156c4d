// SPDX-License-Identifier: BSD-2-Clause
// Whose reads are late: the oldest one of those that are looked at is not answered Limit cycles after it was asked for,
// and a later one of another function is, for Patience cycles. Or it keeps all others from asking, and nothing at all
// comes for twice the Limit. So a slow link makes nobody late, and a function that is alone never is.
// Those of functions that are known for it are not looked at.
module tx_late #(
    parameter int NTag = 384,
    parameter int TagLog2 = $clog2(NTag),
    parameter int RingLog2 = 10,
    parameter int Limit = 1024,
    parameter int Patience = 128,
    parameter int Forgive = 8  // cycles of it, for each answer
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic [       31:0] now_i,
    input  logic [      255:0] known_i,      // to be late now
    input  logic               stuck_i,      // functions wait for what is under way
    input  logic               cpl_i,        // some answer came
    input  logic               ask_i,
    input  logic [TagLog2-1:0] ask_tag_i,
    input  logic [        7:0] ask_func_i,
    input  logic               done_i,
    input  logic [TagLog2-1:0] done_tag_i,
    output logic               late_o,       // until ready
    output logic [        7:0] late_func_o,
    input  logic               late_ready_i,
    output logic               idle_o
);
  localparam int Ring = 2 ** RingLog2;

  localparam int PatW = $clog2(Patience + 1);

  logic [PatW-1:0] patience_q;  // spent
  logic [RingLog2:0] wptr_q, rptr_q, count;
  logic [RingLog2-1:0] pos_q[NTag];
  logic [NTag-1:0] seen_q;  // the tag's last read is, or was, in the ring
  logic [Ring-1:0] done_q;
  logic [7:0] func_q[Ring];
  logic [31:0] since_q[Ring];
  logic [RingLog2-1:0] done_pos, head, age_of;
  logic some, answered, known, ask, done, step, others, held, old;
  logic [7:0] oldest;
  logic [31:0] age, silence, cpl_at_q;
  logic blocks;

  // The answers that came last, of two functions, while they are behind the oldest read.
  logic [1:0] last_q;
  logic second;  // the last one is the last but one from now on
  logic [RingLog2-1:0] last_pos_q[2];
  logic [7:0] last_func_q[2], done_func;
  assign done_func = func_q[done_pos];
  assign second    = last_q[0] && last_func_q[0] != done_func;
  assign others    = (last_q[0] && last_func_q[0] != oldest) || (last_q[1] && last_func_q[1] != oldest);

  assign count    = wptr_q - rptr_q;
  assign some     = count != '0;
  assign head     = rptr_q[RingLog2-1:0];
  assign oldest   = func_q[head];
  assign answered = done_q[head];
  assign known    = known_i[oldest];
  assign age      = now_i - since_q[head];
  assign old      = age >= 32'(Limit) || count[RingLog2];

  assign ask      = ask_i && !known_i[ask_func_i] && !count[RingLog2];
  assign done_pos = pos_q[done_tag_i];
  assign age_of   = done_pos - head;
  assign done     = done_i && seen_q[done_tag_i] && (RingLog2 + 1)'(age_of) < count && !done_q[done_pos];

  assign held        = some && !answered && !known && others;
  assign blocks      = some && !answered && !known && stuck_i;
  assign silence     = now_i - cpl_at_q;
  assign late_o      = (held && old && patience_q == PatW'(Patience)) ||
                       (blocks && age >= 32'(2 * Limit) && silence >= 32'(2 * Limit));
  assign late_func_o = oldest;
  assign step        = some && (answered || known || (late_o && late_ready_i));
  assign idle_o      = !step && !held && !blocks;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q   <= '0;
      rptr_q   <= '0;
      last_q   <= 2'b00;
      seen_q   <= '0;
      patience_q <= '0;
    end else begin
      if (ask) wptr_q <= wptr_q + 1'b1;
      if (ask_i) seen_q[ask_tag_i] <= ask;
      if (step) rptr_q <= rptr_q + 1'b1;
      if (step && last_pos_q[0] == head) last_q[0] <= 1'b0;
      if (step && last_pos_q[1] == head) last_q[1] <= 1'b0;
      if (done) begin
        last_q[0] <= 1'b1;
        if (second) last_q[1] <= !(step && last_pos_q[0] == head);
      end
      // The next one has been waiting as long. What was answered in between speaks for the memory, but not against what was seen
      // before: of many functions that lose a read now and then each would else be found only after the whole Patience.
      if (some && answered) patience_q <= patience_q < PatW'(Forgive) ? '0 : patience_q - PatW'(Forgive);
      else if (held && patience_q != PatW'(Patience)) patience_q <= patience_q + 1'b1;
    end
    if (ask) begin
      pos_q[ask_tag_i]              <= wptr_q[RingLog2-1:0];
      done_q[wptr_q[RingLog2-1:0]]  <= 1'b0;
      func_q[wptr_q[RingLog2-1:0]]  <= ask_func_i;
      since_q[wptr_q[RingLog2-1:0]] <= now_i;
    end
    if (cpl_i) cpl_at_q <= now_i;
    if (done) begin
      done_q[done_pos] <= 1'b1;
      last_pos_q[0]    <= done_pos;
      last_func_q[0]   <= done_func;
      if (second) begin
        last_pos_q[1]  <= last_pos_q[0];
        last_func_q[1] <= last_func_q[0];
      end
    end
  end
endmodule
