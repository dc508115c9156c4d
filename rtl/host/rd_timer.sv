// SPDX-License-Identifier: BSD-2-Clause
// Which reads are under way, and for how long: the completion timeout of PCI Express. A tag on the link is
// the client's tag and, above it, a bit that changes each time a read is given up. So the tag can be used
// again at once, and a completion that comes for the read before is known to be late. That bit's other value
// rests meanwhile, until the late completion has come or RestTicks have passed; a second read that is lost
// in that time is given up when the rest is over.
//
// Time is looked at four times in a timeout: a sweep over all tags counts for each how often it was seen
// there. So a read is given up after one timeout at the soonest, and four thirds at the latest.
module rd_timer #(
    parameter int NTag = 1024,
    parameter int IdxW = 10,
    parameter int RestTicks = 13
) (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic [    47:0] now_i,
    input  logic [    31:0] limit_i,         // cycles, 0: none
    input  logic            ask_i,
    input  logic [IdxW-1:0] ask_tag_i,
    output logic            ask_gen_o,       // goes with the request
    // a completion: what it is of
    input  logic            cpl_i,           // its first beat
    input  logic            cpl_gen_i,
    input  logic [IdxW-1:0] cpl_tag_i,
    output logic            known_o,
    output logic            late_o,
    input  logic            end_i,           // the last one, of a read under way
    input  logic            late_end_i,      // ... of a read that was given up
    output logic            expire_valid_o,  // given up, if ready
    input  logic            expire_ready_i,
    output logic [IdxW-1:0] expire_tag_o,
    output logic            wake_valid_o,
    output logic [    47:0] wake_o,
    output logic            idle_o,
    output logic            empty_o          // no read is under way
);
  localparam int Ticks = 4;
  localparam int AgeW = $clog2(Ticks + 1);
  localparam int RestW = $clog2(RestTicks + 1);
  localparam int CntW = $clog2(NTag + 1);

  logic [NTag-1:0] wait_q, late_q, gen_q;
  logic [NTag-1:0] new_q;  // asked for since the last sweep: its age in the RAM is another read's
  logic [CntW-1:0] n_wait_q, n_late_q;
  logic expire, late_over;

  assign ask_gen_o = gen_q[ask_tag_i];
  assign empty_o   = n_wait_q == '0;
  always_comb begin
    known_o = 1'b0;
    late_o  = 1'b0;
    if (cpl_i && {1'b0, cpl_tag_i} < (IdxW + 1)'(NTag)) begin
      if (gen_q[cpl_tag_i] == cpl_gen_i) known_o = wait_q[cpl_tag_i];
      else late_o = late_q[cpl_tag_i];
    end
  end

  // When the next sweep begins. Without reads there is no time to keep.
  logic timed, armed_q, sweep_q, due;
  logic [31:0] limit_q;  // another one counts from when it is set
  logic [47:0] tick_q, left, period;
  logic [IdxW-1:0] idx_q;
  logic seen_q;  // the RAM's word of idx_q is here

  assign timed  = limit_i != 32'd0 && (n_wait_q != '0 || n_late_q != '0);
  // A bit more than a quarter: a sweep that is held up may come to a tag later than the next ones.
  assign period = {18'd0, limit_i[31:2]} + {22'd0, limit_i[31:6]} + 48'd1;
  assign left   = tick_q - now_i;
  assign due    = armed_q && (left >= snic_pkg::HalfTime || left == 48'd0);
  assign wake_o = tick_q;
  assign wake_valid_o = armed_q;
  assign idle_o = timed == armed_q && limit_q == limit_i && !due && !sweep_q;

  logic [AgeW-1:0] age_ram, age, age_new;
  logic [RestW-1:0] rest, rest_new;
  logic step, old;

  // A sweep is rare.
  always_comb begin
    {age, rest_new, late_over, expire_valid_o} = '0;
    step = 1'b1;
    old  = 1'b0;
    if (seen_q) begin
      age            = new_q[idx_q] ? '0 : age_ram;
      old            = wait_q[idx_q] && age == AgeW'(Ticks);
      expire_valid_o = old && !late_q[idx_q] && !(end_i && cpl_tag_i == idx_q);
      step           = !expire_valid_o || expire_ready_i;
      // The second value of a tag's bit is free again when the first has rested.
      late_over      = step && late_q[idx_q] && rest == RestW'(RestTicks - 1);
      rest_new       = expire_valid_o && expire_ready_i ? '0 : rest + 1'b1;
    end
  end
  assign age_new      = age == AgeW'(Ticks) ? age : age + 1'b1;
  assign expire       = expire_valid_o && expire_ready_i;
  assign expire_tag_o = idx_q;

  snic_ram #(
      .Width(AgeW + RestW),
      .Depth(NTag)
  ) u_age (
      .clk_i,
      .wen_i  (seen_q && step),
      .waddr_i(idx_q),
      .wdata_i({age_new, rest_new}),
      .ren_i  (sweep_q && !seen_q),
      .raddr_i(idx_q),
      .rdata_o({age_ram, rest})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wait_q   <= '0;
      late_q   <= '0;
      gen_q    <= '0;
      n_wait_q <= '0;
      n_late_q <= '0;
      armed_q  <= 1'b0;
      limit_q  <= '0;
      sweep_q  <= 1'b0;
      seen_q   <= 1'b0;
      idx_q    <= '0;
    end else begin
      if (ask_i || end_i || expire) n_wait_q <= n_wait_q + CntW'(ask_i) - CntW'(end_i) - CntW'(expire);
      if (expire || late_end_i || late_over)
        n_late_q <= n_late_q + CntW'(expire) - CntW'(late_end_i) -
                    CntW'(late_over && !(late_end_i && cpl_tag_i == idx_q));
      if (end_i) wait_q[cpl_tag_i] <= 1'b0;
      if (late_end_i) late_q[cpl_tag_i] <= 1'b0;
      if (late_over) late_q[idx_q] <= 1'b0;
      if (expire) begin
        wait_q[idx_q] <= 1'b0;
        late_q[idx_q] <= 1'b1;
        gen_q[idx_q]  <= !gen_q[idx_q];
      end
      if (ask_i) wait_q[ask_tag_i] <= 1'b1;

      limit_q <= limit_i;
      if (timed && (!armed_q || limit_q != limit_i || (due && !sweep_q))) begin
        armed_q <= 1'b1;
        tick_q  <= now_i + period;
      end else if (!timed) begin
        armed_q <= 1'b0;
      end
      if (due && timed) sweep_q <= 1'b1;
      if (sweep_q) seen_q <= !seen_q || !step;
      if (seen_q && step) begin
        idx_q <= idx_q == IdxW'(NTag - 1) ? '0 : idx_q + 1'b1;
        if (idx_q == IdxW'(NTag - 1)) sweep_q <= 1'b0;
      end
    end
    if (seen_q && step) new_q[idx_q] <= 1'b0;
    if (ask_i) new_q[ask_tag_i] <= 1'b1;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && ask_i && wait_q[ask_tag_i]) $error("rd_timer: tag %0d is under way", ask_tag_i);
  end
`endif
endmodule
