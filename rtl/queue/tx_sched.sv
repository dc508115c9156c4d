// SPDX-License-Identifier: BSD-2-Clause
// Which descriptors are read next. Functions with work stand in a FIFO; a function's turn lasts until its
// debt of bytes reaches the quantum, and each new turn takes one quantum off the debt. So functions get equal
// bytes, whatever the size of their frames. Within a turn the function's queues take turns by descriptor
// lines.
//
// How long frames are is known only when their descriptors are here. Until then each counts as long as the
// last one seen of its function; the difference is charged when it is known. No more descriptors are read
// ahead than `Ahead` bytes of frames need: that covers the latency of descriptor reads, and what is read
// ahead stands before the frames of a function that is new.
module tx_sched #(
    parameter int EpochW = 32,
    parameter int Quantum = 2048,
    parameter int Ahead = 32768,
    parameter int LineW = 1 + 16 + 3 + 16 + EpochW + 11
) (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic              init_i,
    input  logic [10:0]       init_qid_i,
    input  logic [255:0]      func_en_i,
    input  logic              full_i,          // the function in service has its share of lines, see tx_share
    input  logic              full_soon_i,     // ... but not for long
    input  logic              one_i,           // ... may have lines of one descriptor only
    input  logic              wake_i,          // this one may have room again
    input  logic [7:0]        wake_func_i,
    input  logic [255:0]      good_i,          // in time, see tx_share
    input  logic              blame_i,         // this one no more
    input  logic [7:0]        blame_func_i,
    input  logic              forget_i,        // the function was reset: it has a new owner
    input  logic [7:0]        forget_func_i,
    input  logic              db_valid_i,
    input  logic [10:0]       db_qid_i,
    input  logic              db_same_i,       // with the tail that was there
    input  logic              wipe_i,          // a new epoch of this queue begins
    input  logic [10:0]       wipe_qid_i,
    // queue registers, one cycle after ren
    output logic              cfg_ren_o,
    output logic [10:0]       cfg_qid_o,
    input  logic              cfg_en_i,
    input  logic [EpochW-1:0] cfg_epoch_i,
    input  logic [3:0]        cfg_log2_i,
    input  logic [57:0]       cfg_base_i,
    input  logic [EpochW-1:0] cfg_tail_epoch_i,
    input  logic [15:0]       cfg_tail_i,
    // a descriptor stopped the queue
    input  logic              stop_valid_i,
    input  logic [10:0]       stop_qid_i,
    input  logic [EpochW-1:0] stop_epoch_i,
    // descriptors are here: what was charged for them, and the true length if they are good
    input  logic              charge_valid_i,
    input  logic [7:0]        charge_func_i,
    input  logic [18:0]       charge_est_i,
    input  logic              charge_frame_i,
    input  logic              charge_guess_i,  // the next ones may be as long
    input  logic [15:0]       charge_len_i,
    // descriptor line to read
    output logic              req_valid_o,
    input  logic              req_ready_i,
    output logic [63:0]       req_addr_o,
    output logic [6:0]        req_len_o,
    output logic [LineW-1:0]  req_line_o,      // {bad tail, charged for each, count, first, epoch, queue}
    output logic              turn_o,          // this function is in service
    output logic [7:0]        turn_func_o,
    output logic              visit_o,         // ... and looks at this queue, or offers a line of it
    output logic [10:0]       visit_qid_o,
    output logic              busy_o,          // at work: neither held up, nor far enough ahead
    input  logic [47:0]       now_i,
    output logic [47:0]       rings_o,         // utilisation: cycles in which some ring had descriptors to ask for
    output logic              more_o,          // other functions have work
    output logic              stuck_o,         // a turn waits for descriptors that are read
    output logic              held_o,          // ... or there is none, and functions wait for theirs beside the FIFO
    output logic              issue_o,         // a line was taken, of the function in service
    output logic              idle_o           // a turn may wait for room
);
  localparam int NQueue = snic_contract_pkg::N_QUEUE;
  localparam int DebtW = 26;      // 64 lines of four of the longest buffers, and sign
  localparam int AheadW = 23;     // Ahead, and more when guesses are far off
  localparam int FirstLen = 1514; // guess for a function that has not sent yet

  localparam logic [2:0] StPop = 3'd0, StPick = 3'd1, StRead = 3'd2, StIssue = 3'd3, StEnd = 3'd4;

  logic [2:0] state_q;
  logic [7:0] func_q;
  logic [2:0] queue_q;
  logic paid_q;

  // Queues with work. Flops, for two writers: a doorbell sets, the scheduler clears before it looks at the
  // tail, so that a doorbell that comes in between is seen again.
  logic [7:0] pend_q[256];
  logic [255:0] active_q;  // in the FIFO or in service
  logic [2:0] rr_q[256];
  logic [DebtW-1:0] issued_q[256], corr_q[256];  // debt is their sum; each has one writer
  logic [15:0] len_q[256];
  // Of functions in time only: others have one line under way, and nobody waits for it.
  logic [AheadW-1:0] ahead_q, ahead_func_q[256];

  // Functions with work. One that is full waits beside the FIFO until it is woken.
  logic fifo_push, fifo_valid, db_new, db_push, end_push, wake_go, may;
  logic [255:0] blocked_q;
  logic [8:0] n_blocked_q;
  logic blocks;
  logic wake_valid, wake_in, wake_room, block;  // there is always room
  logic [7:0] wake_out;
  logic [7:0] fifo_in, fifo_func, db_func, db_bit;

  assign db_func   = db_qid_i[10:3];
  assign db_bit    = 8'd1 << db_qid_i[2:0];
  // A doorbell that brings nothing costs the others nothing. (Work that was left when the function was switched off has its
  // bit still.)
  assign db_new    = db_valid_i && !(db_same_i && (pend_q[db_func] & db_bit) == 8'd0);
  assign db_push   = db_new && !active_q[db_func];
  assign fifo_push = db_push || end_push || wake_go;
  assign fifo_in   = db_push ? db_func : end_push ? func_q : wake_out;

  assign wake_in   = wake_i && (blocked_q[wake_func_i] || (block && wake_func_i == func_q));
  assign wake_go   = wake_valid && !db_push && !end_push;
  snic_fifo #(
      .Width(8),
      .Depth(256)
  ) u_wake (
      .clk_i,
      .rst_ni,
      .valid_i(wake_in),
      .ready_o(wake_room),
      .data_i (wake_func_i),
      .valid_o(wake_valid),
      .ready_i(wake_go),
      .data_o (wake_out),
      .count_o()
  );

  logic fifo_ready;  // never full: a function stands in it once
  logic [8:0] fifo_count;
  snic_fifo #(
      .Width(8),
      .Depth(256)
  ) u_fifo (
      .clk_i,
      .rst_ni,
      .valid_i(fifo_push),
      .ready_o(fifo_ready),
      .data_i (fifo_in),
      .valid_o(fifo_valid),
      .ready_i(state_q == StPop),
      .data_o (fifo_func),
      .count_o(fifo_count)
  );

  // Turn: pick a queue
  logic [7:0] pend, pend_rot;
  logic [DebtW-1:0] debt;
  logic over, ahead, room, pick, has_work, had_work_q;
  logic [2:0] pick_off, pick_queue;

  assign pend       = pend_q[func_q];
  assign pend_rot   = 8'({pend, pend} >> rr_q[func_q]);
  assign debt       = issued_q[func_q] + corr_q[func_q];
  assign over       = $signed(debt) >= $signed(DebtW'(Quantum));
  assign ahead      = (ahead_q >= AheadW'(Ahead) && good_i[func_q]) || full_soon_i;  // far enough
  assign room       = !ahead && !wipe_q;
  assign may        = func_en_i[func_q] && !full_i;
  assign pick       = state_q == StPick && may && !over && room && pend != 8'd0;
  assign pick_queue = rr_q[func_q] + pick_off;

  always_comb begin
    pick_off = 3'd0;
    if (state_q == StPick)
      for (int i = 7; i >= 0; i--) if (pend_rot[i]) pick_off = 3'(i);
  end

  // Turn: what the queue has
  logic [EpochW-1:0] next_epoch, stop_epoch;
  logic [15:0] next_ram, next, avail;
  logic [2:0] to_line_end, count;
  logic bad_tail, stopped, work;

  assign next        = next_epoch == cfg_epoch_i ? next_ram : 16'd0;
  assign avail       = cfg_tail_i - next;
  assign bad_tail    = avail > (16'd1 << cfg_log2_i);
  assign to_line_end = 3'd4 - 3'(next[1:0]);
  assign count       = bad_tail || one_i ? 3'd1 : avail < 16'(to_line_end) ? avail[2:0] : to_line_end;
  assign work        = cfg_en_i && cfg_tail_epoch_i == cfg_epoch_i && avail != 16'd0 &&
                       !(stopped && stop_epoch == cfg_epoch_i);

  // Turn: the line. A tail out of contract reads one descriptor all the same: its line tells, in order, that
  // the queue stops.
  logic bad_q, more_q;
  logic [2:0] count_q;
  logic [15:0] each_q;
  logic [15:0] first_q, index;
  logic [3:0] log2_q;
  logic [EpochW-1:0] epoch_q;
  logic [57:0] base_q;  // in lines: a base that is not aligned is rounded down
  logic [18:0] line_est;
  logic issue;

  assign index       = first_q & ~(16'hffff << log2_q);
  assign req_valid_o = state_q == StIssue;
  assign req_addr_o  = {base_q, 6'd0} + 64'({index, 4'd0});
  assign line_est    = 19'(count_q) * 19'(each_q);
  assign req_len_o   = {count_q, 4'd0};
  assign req_line_o  = {bad_q, each_q, count_q, first_q, epoch_q, func_q, queue_q};
  assign issue       = req_valid_o && req_ready_i;
  assign issue_o     = issue;
  assign more_o      = fifo_count != 9'd0;
  assign stuck_o     = state_q == StPick && may && pend != 8'd0 && !over && ahead;
  assign held_o      = stuck_o || (!has_work && !wake_valid && n_blocked_q != '0);

  assign cfg_ren_o   = pick;
  assign cfg_qid_o   = {func_q, pick_queue};
  assign turn_o      = state_q != StPop;
  assign turn_func_o = func_q;
  assign visit_o     = pick || state_q == StRead || state_q == StIssue;
  assign visit_qid_o = {func_q, pick ? pick_queue : queue_q};
  assign has_work    = state_q != StPop || fifo_count != 9'd0;
  assign busy_o      = has_work && !(req_valid_o && !req_ready_i) &&
                       !(state_q == StPick && may && !over && !room && pend != 8'd0);

  util_level #(
      .Log2(0)
  ) u_rings (
      .clk_i,
      .rst_ni,
      .now_i,
      .change_i(has_work != had_work_q),
      .level_i (had_work_q),
      .cycles_o(rings_o)
  );

  // A turn that is far enough ahead stands still until descriptors are charged, lines come, or its function is switched off. (One that lets
  // a wipe go first goes on by itself.)
  logic wait_q;
  assign idle_o = ((!has_work && !had_work_q) || (wait_q && may && ahead)) && !wipe_q && !wipe_stop_q && !wake_valid;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) had_work_q <= 1'b0;
    else had_work_q <= has_work;
    if (!rst_ni) wait_q <= 1'b0;
    else wait_q <= state_q == StPick && may && pend != 8'd0 && !over && ahead && !charge_valid_i;
  end

  snic_ram #(
      .Width(EpochW + 16),
      .Depth(NQueue)
  ) u_next (
      .clk_i,
      .wen_i  (init_i || issue || wipe_q),
      .waddr_i(init_i ? init_qid_i : issue ? {func_q, queue_q} : wipe_qid_q),
      .wdata_i(init_i || !issue ? '0 : {epoch_q, first_q + 16'(count_q)}),
      .ren_i  (pick),
      .raddr_i({func_q, pick_queue}),
      .rdata_o({next_epoch, next_ram})
  );
  snic_ram #(
      .Width(EpochW + 1),
      .Depth(NQueue)
  ) u_stop (
      .clk_i,
      .wen_i  (init_i || stop_valid_i || wipe_stop_q),
      .waddr_i(init_i ? init_qid_i : stop_valid_i ? stop_qid_i : wipe_qid_q),
      .wdata_i(init_i || !stop_valid_i ? '0 : {stop_epoch_i, 1'b1}),
      .ren_i  (pick),
      .raddr_i({func_q, pick_queue}),
      .rdata_o({stop_epoch, stopped})
  );

  // What a queue leaves behind goes when a new epoch begins. The RAMs' other writers never come in two cycles running.
  logic wipe_q, wipe_stop_q;
  logic [10:0] wipe_qid_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wipe_q      <= 1'b0;
      wipe_stop_q <= 1'b0;
    end else begin
      wipe_q      <= wipe_i || (wipe_q && issue);
      wipe_stop_q <= wipe_i || (wipe_stop_q && stop_valid_i);
    end
    if (wipe_i) wipe_qid_q <= wipe_qid_i;
  end

  // Work bits
  logic pend_we, db_same, left, ahead_more, ahead_less;
  logic [7:0] pend_new, queue_bit;

  assign queue_bit = 8'd1 << (state_q == StPick ? pick_queue : queue_q);
  assign pend_we   = pick || (issue && more_q);
  assign pend_new  = state_q == StIssue ? pend | queue_bit : pend & ~queue_bit;
  assign db_same   = db_new && db_func == func_q;
  assign left      = func_en_i[func_q] && (pend != 8'd0 || db_same);
  assign block     = state_q == StEnd && left && full_i;
  assign blocks    = block && !(wake_i && wake_func_i == func_q);
  assign end_push  = state_q == StEnd && left && !full_i && !db_push;

  assign ahead_more = issue && good_i[func_q];
  assign ahead_less = charge_valid_i && good_i[charge_func_i];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q  <= StPop;
      active_q  <= '0;
      blocked_q <= '0;
      n_blocked_q <= '0;
      ahead_q   <= '0;
    end else begin
      if (blame_i) ahead_q <= ahead_q - ahead_func_q[blame_func_i];
      else if (ahead_more || ahead_less)
        ahead_q <= ahead_q + (ahead_more ? AheadW'(line_est) : '0) - (ahead_less ? AheadW'(charge_est_i) : '0);
      case (state_q)
        StPop: if (fifo_valid) state_q <= StPick;
        StPick:
          if (pick) state_q <= StRead;
          else if (!may || pend == 8'd0 || (over && paid_q)) state_q <= StEnd;
        StRead: state_q <= work ? StIssue : StPick;
        StIssue: if (issue) state_q <= StPick;
        default: if (!left || end_push || block) state_q <= StPop;
      endcase
      if (db_push) active_q[db_func] <= 1'b1;
      if (state_q == StEnd && !left) active_q[func_q] <= 1'b0;
      if (wake_in) blocked_q[wake_func_i] <= 1'b0;
      if (blocks) blocked_q[func_q] <= 1'b1;
      if (blocks != (wake_in && blocked_q[wake_func_i])) n_blocked_q <= blocks ? n_blocked_q + 1'b1 : n_blocked_q - 1'b1;
    end

    if (state_q == StPop) begin
      func_q <= fifo_func;
      paid_q <= 1'b0;
    end
    if (state_q == StPick) paid_q <= 1'b1;
    if (pick) queue_q <= pick_queue;
    if (state_q == StRead) begin
      bad_q   <= bad_tail;
      more_q  <= !bad_tail && avail != 16'(count);
      count_q <= count;
      each_q  <= len_q[func_q];
      first_q <= next;
      log2_q  <= cfg_log2_i;
      epoch_q <= cfg_epoch_i;
      base_q  <= cfg_base_i;
    end

    if (init_i) begin
      pend_q[init_qid_i[7:0]]   <= 8'd0;
      rr_q[init_qid_i[7:0]]     <= 3'd0;
      issued_q[init_qid_i[7:0]] <= '0;
      corr_q[init_qid_i[7:0]]   <= '0;
      ahead_func_q[init_qid_i[7:0]] <= '0;
      len_q[init_qid_i[7:0]]    <= 16'(FirstLen);
    end else begin
      if (pend_we) pend_q[func_q] <= pend_new;
      if (db_new) pend_q[db_func] <= (pend_we && db_same ? pend_new : pend_q[db_func]) | db_bit;
      if (pick) rr_q[func_q] <= pick_queue + 3'd1;
      if (state_q == StPick && over && !paid_q) issued_q[func_q] <= issued_q[func_q] - DebtW'(Quantum);
      else if (issue) issued_q[func_q] <= issued_q[func_q] + DebtW'(line_est);
      if (charge_valid_i)
        corr_q[charge_func_i] <= corr_q[charge_func_i] - DebtW'(charge_est_i) +
                                 (charge_frame_i ? DebtW'(charge_len_i) : '0);
      if (blame_i) ahead_func_q[blame_func_i] <= '0;
      else if (!(ahead_more && ahead_less && func_q == charge_func_i)) begin
        if (ahead_more) ahead_func_q[func_q] <= ahead_func_q[func_q] + AheadW'(line_est);
        if (ahead_less) ahead_func_q[charge_func_i] <= ahead_func_q[charge_func_i] - AheadW'(charge_est_i);
      end else ahead_func_q[func_q] <= ahead_func_q[func_q] + AheadW'(line_est) - AheadW'(charge_est_i);
      if (charge_valid_i && charge_guess_i) len_q[charge_func_i] <= charge_len_i;
      if (forget_i) begin
        issued_q[forget_func_i] <= '0;
        corr_q[forget_func_i]   <= '0;
        len_q[forget_func_i]    <= 16'(FirstLen);
      end
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i)
    if (rst_ni && ((fifo_push && !fifo_ready) || (wake_in && !wake_room))) $error("tx_sched: a function stands in the FIFO twice");
`endif
endmodule
