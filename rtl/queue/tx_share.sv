// SPDX-License-Identifier: BSD-2-Clause
// What of the engine's tags a function may have. Only what waits for its memory counts: what is here, and waits for room
// in the packet buffer or its turn, is nobody's fault. A function that is known to be in time may have up to twice as much as
// is left (a dynamic threshold), so one that is alone has most, and there is always something left for the next one. One
// that has not proven itself since its reset has one descriptor under way, or its frame: that each can have at any time.
// So has one that was found late, until it has been in time again for 2^PenaltyLog2 times as long.
module tx_share #(
    parameter int NLine = snic_pkg::NTagTxDesc,
    parameter int NData = snic_pkg::NTagTxData,
    parameter int Unproven = 256,  // data tags that those not in time may have
    parameter int Segs = 64,       // ... and one of them for segments
    parameter int Spare = 64,      // ... and that nobody's share has: for frames that are asked for meanwhile
    parameter int PenaltyLog2 = 4,
    parameter int Ahead = 64,      // lines that are asked for while one that is here waits
    parameter int DataW = $clog2(NData)
) (
    input  logic           clk_i,
    input  logic           rst_ni,
    input  logic           init_i,
    input  logic [7:0]     init_func_i,
    input  logic [47:4]    now_i,
    input  logic           forget_i,        // the function was reset: it has a new owner
    input  logic [7:0]     forget_func_i,
    // the scheduler: may this function ask for a line?
    input  logic [7:0]     sched_func_i,
    output logic           sched_full_o,    // no
    output logic           sched_wait_o,    // soon: its turn stays its own
    output logic           sched_one_o,     // a line of one descriptor
    output logic           sched_wake_o,    // this one may again
    output logic [7:0]     sched_wake_func_o,
    input  logic           issue_i,         // it does
    // lines: one is here, as are all before it; may its frames be read? See tx_park
    input  logic           came_i,
    input  logic [7:0]     came_func_i,
    output logic           came_hold_o,
    input  logic           line_valid_i,
    input  logic           line_again_i,
    input  logic [7:0]     line_func_i,
    input  logic           line_room_i,     // on its way
    input  logic           here_i,          // one that is here waits for its turn
    output logic           line_take_o,
    output logic           line_park_o,
    output logic           line_lobby_o,
    input  logic           put_i,
    output logic           line_wake_o,
    output logic [7:0]     line_wake_func_o,
    output logic           lobby_open_o,
    // a frame that is cut: may this function have another segment under way?
    input  logic [7:0]     seg_func_i,
    output logic           seg_full_o,      // no
    // data tags: one is taken; a frame is here, as are all before it
    input  logic           tag_take_i,
    input  logic [7:0]     tag_func_i,
    input  logic           go_i,
    input  logic [7:0]     go_func_i,
    input  logic [7:0]     go_tags_i,
    output logic           go_hold_o,
    input  logic           end_i,           // a line is done with
    input  logic [7:0]     end_func_i,
    input  logic           end_good_i,      // ... and its last frame came well
    // late reads of lines and of frames
    input  logic [1:0]     late_i,
    output logic [1:0]     late_ready_o,
    input  logic [7:0]     late_func0_i,
    input  logic [7:0]     late_func1_i,
    input  logic           quiet_i,         // nothing is counted now
    output logic           blame_o,
    output logic [7:0]     blame_func_o,
    output logic [255:0]   good_o,          // in time
    output logic [255:0]   slow_o,          // late now
    output logic           several_o        // functions with something under way
);
  localparam int Pool = NLine - 256;  // lines beyond the first one of each function
  localparam int PoolW = $clog2(Pool + 1);
  localparam int LineW = $clog2(NLine + 1);
  localparam int TimeW = 44;  // in 16 cycles
  localparam int WaitW = 22;
  localparam int Share = NData - Spare;

  logic [LineW-1:0] asked_q[256];   // lines that have not come
  logic [LineW-1:0] parked_q[256];  // ... and that are parked
  logic [LineW-1:0] lines_q;        // both, of all functions
  logic [LineW-1:0] ahead_q[256];   // lines that have not gone on
  logic [LineW-1:0] all_ahead_q;    // ... of functions in time
  logic [LineW-1:0] all_q[256];     // lines that are not done with
  logic [LineW-1:0] work_q[256];    // ... and not parked
  logic [DataW:0] tags_q[256];      // of frames that have not come
  logic [DataW:0] all_tags_q, bad_tags_q;  // of all functions; of those not in time
  logic [255:0] penal_q;
  logic [8:0] active_q;
  logic [TimeW-1:0] mark_q[256], until_q[256];  // when it began to wait; when a penalty ends

  // Lines to ask for. One that has its share keeps its turn while there is enough left for all others, since its turns count
  // bytes: who has small frames needs many lines for them. Else it waits beside them. Lines that are asked for while others that
  // are here wait would only wait behind them: one function's then stand longer before those of all others than its turns allow.
  logic [LineW-1:0] lines;
  logic [PoolW-1:0] pool;
  logic most;
  assign lines        = asked_q[sched_func_i] + parked_q[sched_func_i];
  assign pool         = lines_q >= LineW'(Pool) ? '0 : PoolW'(LineW'(Pool) - lines_q);
  assign most         = lines != '0 && lines >= LineW'({pool, 1'b0});
  assign sched_full_o = good_o[sched_func_i] ? most && pool < PoolW'(Pool / 4) : all_q[sched_func_i] != '0;
  assign sched_wait_o = good_o[sched_func_i] && (most || (here_i && all_ahead_q >= LineW'(Ahead)));
  assign sched_one_o  = !good_o[sched_func_i] || bad_tags_q >= (DataW + 1)'(Spare);

  // Lines to work off
  logic many, took, unpark;
  logic [DataW:0] tags, left_tags, seg_tags;
  assign tags         = tags_q[line_func_i];
  assign left_tags    = all_tags_q >= (DataW + 1)'(Share) ? '0 : (DataW + 1)'(Share) - all_tags_q;
  assign many         = bad_tags_q >= (DataW + 1)'(Unproven);
  assign line_park_o  = line_valid_i && (good_o[line_func_i] ? tags != '0 && {1'b0, tags} >= {left_tags, 1'b0} :
                                         work_q[line_func_i] != '0);
  assign line_lobby_o = line_valid_i && !good_o[line_func_i] && work_q[line_func_i] == '0 && many;
  assign line_take_o  = line_valid_i && line_room_i && !line_park_o && !line_lobby_o && !(line_again_i && (came_i || end_i));
  assign lobby_open_o = !many;
  assign took         = line_take_o;
  assign seg_tags     = tags_q[seg_func_i];
  assign seg_full_o   = good_o[seg_func_i] ? seg_tags != '0 && {1'b0, seg_tags} >= {left_tags, 1'b0} :
                                             seg_tags >= (DataW + 1)'(Segs);
  assign unpark       = took && line_again_i;

  // Who waits for a share waits for something of its own: a line that comes or goes on, a frame that comes, the end of a
  // line. One of them at a time.
  assign came_hold_o       = end_i;
  assign go_hold_o         = end_i;
  assign sched_wake_o      = end_i || came_i || unpark;
  assign sched_wake_func_o = end_i ? end_func_i : came_i ? came_func_i : line_func_i;
  assign line_wake_o       = end_i || go_i;
  assign line_wake_func_o  = end_i ? end_func_i : go_func_i;

  // Who is late, one at a time
  logic blame;
  logic [7:0] blame_func;
  assign blame        = late_i != 2'b00 && quiet_i;
  assign blame_func   = late_i[0] ? late_func0_i : late_func1_i;
  assign late_ready_o = {blame && !late_i[0], blame};
  assign blame_o      = blame && good_o[blame_func];
  assign blame_func_o = blame_func;

  // Who is in time: seen when the only line of a function is done with. One that was late, and is done with what it had
  // under way then, pays.
  logic first, last, only, ends, late_end, proven, served, begins;
  logic [TimeW-1:0] now, waited, left, penalty_end;
  logic [WaitW-1:0] waited_capped;
  assign now           = now_i;
  assign waited        = now - mark_q[end_func_i];
  assign waited_capped = waited[TimeW-1:WaitW] != '0 ? '1 : waited[WaitW-1:0];
  assign penalty_end   = now + TimeW'({waited_capped, {PenaltyLog2{1'b0}}});
  assign left          = until_q[end_func_i] - now;
  assign served        = left == '0 || left > TimeW'({{WaitW{1'b1}}, {PenaltyLog2{1'b0}}});
  assign ends          = end_i && !good_o[end_func_i];
  assign late_end      = ends && slow_o[end_func_i];
  assign only          = all_q[end_func_i] == LineW'(1);
  assign proven        = ends && only && !slow_o[end_func_i] && end_good_i;
  assign first         = issue_i && all_q[sched_func_i] == '0;
  assign last          = end_i && only && !(issue_i && sched_func_i == end_func_i);
  assign several_o     = active_q > 9'd1;
  assign begins        = issue_i && !good_o[sched_func_i];  // nothing else of it is under way

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      lines_q    <= '0;
      all_ahead_q <= '0;
      all_tags_q <= '0;
      bad_tags_q <= '0;
      active_q   <= '0;
      good_o     <= '0;
      slow_o     <= '0;
      penal_q    <= '0;
    end else begin
      if (issue_i || put_i || came_i || unpark)
        lines_q <= lines_q + LineW'(issue_i) + LineW'(put_i) - LineW'(came_i) - LineW'(unpark);
      if (blame_o) all_ahead_q <= all_ahead_q - ahead_q[blame_func] - LineW'(took && good_o[line_func_i] && line_func_i != blame_func);
      else if (issue_i || took)
        all_ahead_q <= all_ahead_q + LineW'(issue_i && good_o[sched_func_i]) - LineW'(took && good_o[line_func_i]);
      if (tag_take_i || go_i)
        all_tags_q <= all_tags_q + (DataW + 1)'(tag_take_i) - (go_i ? (DataW + 1)'(go_tags_i) : '0);
      if (blame_o) bad_tags_q <= bad_tags_q + tags_q[blame_func];
      else if ((tag_take_i && !good_o[tag_func_i]) || (go_i && !good_o[go_func_i]))
        bad_tags_q <= bad_tags_q + (DataW + 1)'(tag_take_i && !good_o[tag_func_i]) -
                      (go_i && !good_o[go_func_i] ? (DataW + 1)'(go_tags_i) : '0);
      if (first != last) active_q <= first ? active_q + 1'b1 : active_q - 1'b1;
      if (late_end) penal_q[end_func_i] <= 1'b1;
      if (late_end && only) slow_o[end_func_i] <= 1'b0;
      if (proven && (!penal_q[end_func_i] || served)) begin
        penal_q[end_func_i] <= 1'b0;
        good_o[end_func_i]  <= 1'b1;
      end
      if (blame) begin
        good_o[blame_func] <= 1'b0;
        slow_o[blame_func] <= 1'b1;
      end
      if (forget_i) begin
        good_o[forget_func_i]  <= 1'b0;
        slow_o[forget_func_i]  <= 1'b0;
        penal_q[forget_func_i] <= 1'b0;
      end
    end

    if (blame_o) mark_q[blame_func] <= now;
    else begin
      if (begins) mark_q[sched_func_i] <= now;
      if (ends) mark_q[end_func_i] <= now;
    end
    if (late_end && (!penal_q[end_func_i] || served || left < penalty_end - now)) until_q[end_func_i] <= penalty_end;

    if (init_i) begin
      asked_q[init_func_i]  <= '0;
      parked_q[init_func_i] <= '0;
      ahead_q[init_func_i]  <= '0;
      all_q[init_func_i]    <= '0;
      work_q[init_func_i]   <= '0;
      tags_q[init_func_i]   <= '0;
    end else begin
      if (!(issue_i && came_i && sched_func_i == came_func_i)) begin
        if (issue_i) asked_q[sched_func_i] <= asked_q[sched_func_i] + 1'b1;
        if (came_i) asked_q[came_func_i] <= asked_q[came_func_i] - 1'b1;
      end
      if (!(issue_i && took && sched_func_i == line_func_i)) begin
        if (issue_i) ahead_q[sched_func_i] <= ahead_q[sched_func_i] + 1'b1;
        if (took) ahead_q[line_func_i] <= ahead_q[line_func_i] - 1'b1;
      end
      if (put_i) parked_q[line_func_i] <= parked_q[line_func_i] + 1'b1;
      if (unpark) parked_q[line_func_i] <= parked_q[line_func_i] - 1'b1;
      if (!(issue_i && end_i && sched_func_i == end_func_i)) begin
        if (issue_i) all_q[sched_func_i] <= all_q[sched_func_i] + 1'b1;
        if (end_i) all_q[end_func_i] <= all_q[end_func_i] - 1'b1;
      end
      if (!(took && end_i && line_func_i == end_func_i)) begin
        if (took) work_q[line_func_i] <= work_q[line_func_i] + 1'b1;
        if (end_i) work_q[end_func_i] <= work_q[end_func_i] - 1'b1;
      end
      if (tag_take_i && go_i && tag_func_i == go_func_i) tags_q[go_func_i] <= tags_q[go_func_i] + 1'b1 - (DataW + 1)'(go_tags_i);
      else begin
        if (tag_take_i) tags_q[tag_func_i] <= tags_q[tag_func_i] + 1'b1;
        if (go_i) tags_q[go_func_i] <= tags_q[go_func_i] - (DataW + 1)'(go_tags_i);
      end
    end
  end
endmodule
