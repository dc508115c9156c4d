// SPDX-License-Identifier: BSD-2-Clause
// Everything that changes an RX queue from outside the data path, a queue at a time: what is in its mailbox
// (rx_mail), and the eight queues of a function that is reset. A queue that is switched off sends a fence after its
// copies, and drains until the fence comes out behind the last of its DMA; what is in its mailbox then waits that
// long, so no life of a queue meets the one before. While lines are on their way that nobody waits for, it drains on.
// In turns of two cycles: look at the queue's words, then act. What rx_line and rx_fetch tell of lines needs no look.
module rx_ctrl #(
    parameter int MailW = 43,  // of rx_mail
    parameter int WordW = 5,
    parameter int SlotW = $clog2(snic_pkg::NTagRxDesc)
) (
    input  logic             clk_i,
    input  logic             rst_ni,
    // rx_mail
    input  logic             pend_valid_i,
    output logic             pend_ready_o,
    input  logic [     10:0] pend_qid_i,
    input  logic [     11:0] pend_count_i,
    output logic             back_valid_o,
    input  logic             back_ready_i,
    output logic [     10:0] back_qid_o,
    output logic             look_o,
    output logic [     10:0] look_qid_o,
    input  logic [MailW-1:0] mail_i,
    input  logic [WordW-1:0] word_i,
    output logic             word_we_o,
    output logic [     10:0] word_qid_o,
    output logic [WordW-1:0] word_o,
    input  logic             stop_valid_i,    // no back-pressure: stop_idle_o says that there is room
    input  logic             stop_late_i,     // its line is late; else an error
    input  logic             stop_back_i,     // ... in the middle of a frame: from its first descriptor, whose line is gone
    input  logic [     10:0] stop_qid_i,
    input  logic [     15:0] stop_idx_i,
    input  logic [SlotW-1:0] stop_slot_i,
    input  logic [      1:0] stop_left_i,
    output logic             stop_idle_o,
    input  logic             load_valid_i,    // a line that no copy waits for has come
    output logic             load_ready_o,
    input  logic [     10:0] load_qid_i,
    input  logic [SlotW-1:0] load_slot_i,
    input  logic [    255:0] owed_i,          // functions with such lines on their way
    input  logic             paid_i,          // one has come
    input  logic             flush_valid_i,
    input  logic [      7:0] flush_func_i,
    output logic             flush_done_o,
    input  logic             fence_valid_i,   // a fence came out at the end
    output logic             fence_ready_o,
    input  logic [     10:0] fence_qid_i,
    input  logic             fence_last_i,    // ... of a flush's last queue
    input  logic             fence_room_i,    // an operation that sends a fence may go
    // to rx_steer: one of stop, late, load, off, or config and doorbell
    output logic             op_stop_o,
    output logic             op_late_o,
    output logic             op_back_o,       // with op_late_o
    output logic             op_load_o,
    output logic             op_off_o,
    output logic             op_cfg_o,
    output logic             op_start_o,      // with op_cfg_o: from descriptor 0
    output logic             op_doorbell_o,
    output logic             op_last_o,       // with op_off_o: last queue of a flush
    output logic [     10:0] op_qid_o,
    output logic [     21:0] op_cfg_data_o,   // scatter, buffer size, interrupt, vector, ring size
    output logic [     15:0] op_tail_o,       // or, of a late line, the count of its descriptor
    output logic [SlotW-1:0] op_slot_o,       // of a late line, or one that has come
    output logic [      1:0] op_left_o,
    input  logic             en_i,            // off while RAMs are cleared
    output logic             idle_o
);
  localparam int CfgW = 23;
  localparam logic [2:0] LastQ = 3'(snic_contract_pkg::Q_PER_FUNC - 1);
  localparam int StopW = 2 + 11 + 16 + SlotW + 2;
  localparam logic [1:0] SrcFence = 2'd0, SrcClear = 2'd1, SrcMail = 2'd2, SrcHeld = 2'd3;

  // A queue stopped by an error, or by a line that is late.
  logic stop_valid, stop_ready, stop_late, stop_back, stop_pop;
  logic [10:0] stop_qid;
  logic [15:0] stop_idx;
  logic [SlotW-1:0] stop_slot;
  logic [2:0] stop_count;
  snic_fifo #(
      .Width(StopW),
      .Depth(4)
  ) u_stop (
      .clk_i,
      .rst_ni,
      .valid_i(stop_valid_i),
      .ready_o(stop_ready),
      .data_i ({stop_late_i, stop_back_i, stop_qid_i, stop_idx_i, stop_slot_i, stop_left_i}),
      .valid_o(stop_valid),
      .ready_i(stop_pop),
      .data_o ({stop_late, stop_back, stop_qid, stop_idx, stop_slot, op_left_o}),
      .count_o(stop_count)
  );
  assign stop_idle_o = stop_count == '0;

  // Function reset: first every queue that waited when it began has had its turn, and those of the function
  // lose their mail; then its queues are switched off.
  localparam logic [2:0] FlIdle = 3'd0, FlSettle = 3'd1, FlPass = 3'd2, FlClear = 3'd3, FlWait = 3'd4, FlOwed = 3'd5;
  localparam int Settle = 4;  // writes of the function that were on their way are in the FIFO
  logic [2:0] fl_q;
  logic [7:0] func_q;
  logic [2:0] queue_q;
  logic [11:0] pass_q;
  logic flushing;
  assign flushing = fl_q != FlIdle;

  // Queues whose fence is out, of functions that lines are owed to: gone through when one was paid.
  logic [255:0] held_q;
  logic [8:0] scan_q;  // functions still to look at
  logic [2:0] scan_queue_q;
  logic [7:0] scan_func_q;
  logic scan_here_q, scan_hit;
  assign scan_hit = scan_q != '0 && held_q[scan_q[7:0]] && !owed_i[scan_q[7:0]];

  // --- look ---
  logic act_q;
  logic [1:0] src, src_q;
  logic [10:0] qid_q;
  logic some;
  assign src        = fence_valid_i ? SrcFence : scan_here_q ? SrcHeld : fl_q == FlClear ? SrcClear : SrcMail;
  assign some       = fence_valid_i || scan_here_q || fl_q == FlClear || pend_valid_i;
  assign look_o     = !act_q && some && en_i;
  assign look_qid_o = src == SrcFence ? fence_qid_i : src == SrcHeld ? {scan_func_q, scan_queue_q} :
      src == SrcClear ? {func_q, queue_q} : pend_qid_i;

  // --- act ---
  logic mark, off, has_cfg, has_tail, m_mark, en, draining, parked, fenced, waits, ours, owed;
  logic [CfgW-1:0] cfg;
  logic [15:0] tail;
  assign {m_mark, off, has_cfg, has_tail, cfg, tail} = mail_i;
  assign {mark, en, draining, parked, fenced} = word_i;
  assign waits = m_mark != mark;
  assign ours  = flushing && qid_q[10:3] == func_q;
  assign owed  = owed_i[qid_q[10:3]];

  logic mark_d, en_d, draining_d, parked_d, fenced_d, done;
  always_comb begin
    {mark_d, en_d, draining_d, parked_d, fenced_d} = word_i;
    {op_off_o, op_cfg_o, op_start_o, op_doorbell_o, op_last_o, back_valid_o, done} = '0;
    if (act_q)
      case (src_q)
        SrcFence, SrcHeld: begin
          done = 1'b1;
          if (ours) mark_d = m_mark;
          if (src_q == SrcFence ? owed : !fenced) begin
            fenced_d = draining && (fenced || src_q == SrcFence);
          end else begin
            // What has waited in the mailbox goes to the FIFO again.
            back_valid_o = parked && waits && !ours;
            done         = !back_valid_o || back_ready_i;
            draining_d   = 1'b0;
            parked_d     = 1'b0;
            fenced_d     = 1'b0;
          end
        end
        SrcClear: begin
          done       = fence_room_i;
          op_off_o   = done;
          op_last_o  = queue_q == LastQ;
          mark_d     = m_mark;
          en_d       = 1'b0;
          draining_d = 1'b1;
          parked_d   = 1'b0;
          fenced_d   = 1'b0;
        end
        default: begin
          done = 1'b1;
          if (waits) begin
            if (ours) mark_d = m_mark;
            else if (draining) parked_d = 1'b1;
            else if (en && off) begin
              if (fence_room_i) begin
                op_off_o   = 1'b1;
                en_d       = 1'b0;
                draining_d = 1'b1;
                parked_d   = 1'b1;
              end else begin
                // Others need not wait with it.
                back_valid_o = 1'b1;
                done         = back_ready_i;
              end
            end else begin
              mark_d        = m_mark;
              op_cfg_o      = has_cfg && cfg[CfgW-1];
              op_start_o    = !en;
              op_doorbell_o = has_tail;
              if (has_cfg) en_d = cfg[CfgW-1];
            end
          end
        end
      endcase
  end
  assign word_we_o     = act_q && done;
  assign word_qid_o    = qid_q;
  assign word_o        = {mark_d, en_d, draining_d, parked_d, fenced_d};
  assign back_qid_o    = qid_q;
  assign pend_ready_o  = act_q && done && src_q == SrcMail;
  assign fence_ready_o = act_q && done && src_q == SrcFence;

  // A late line is told before it comes.
  assign stop_pop      = stop_valid && !act_q && en_i;
  assign op_stop_o     = stop_pop && !stop_late;
  assign op_late_o     = stop_pop && stop_late;
  assign op_back_o     = stop_back;
  assign op_load_o     = load_valid_i && !stop_valid && !act_q && fence_room_i && en_i;
  assign load_ready_o  = op_load_o;
  assign op_qid_o      = stop_pop ? stop_qid : op_load_o ? load_qid_i : qid_q;
  assign op_cfg_data_o = cfg[21:0];
  assign op_tail_o     = stop_pop ? stop_idx : tail;
  assign op_slot_o     = stop_pop ? stop_slot : load_slot_i;
  assign idle_o        = stop_count == '0 && !load_valid_i && !act_q && !some && !paid_i && scan_q == '0 &&
      (fl_q == FlIdle || fl_q == FlWait || (fl_q == FlOwed && owed_i[func_q])) &&
      (!flush_valid_i || flushing) && !flush_done_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      act_q        <= 1'b0;
      fl_q         <= FlIdle;
      flush_done_o <= 1'b0;
      held_q       <= '0;
      scan_q       <= '0;
      scan_here_q  <= 1'b0;
    end else begin
      // What cannot be done is looked at anew: its mail may change meanwhile.
      act_q        <= look_o;
      flush_done_o <= 1'b0;
      case (fl_q)
        // The requester takes its request away in the cycle after done.
        FlIdle:
        if (flush_valid_i && !flush_done_o) begin
          fl_q    <= FlSettle;
          func_q  <= flush_func_i;
          queue_q <= '0;
          pass_q  <= 12'(Settle);
        end
        FlSettle: begin
          pass_q <= pass_q == '0 ? pend_count_i : pass_q - 1'b1;
          if (pass_q == '0) fl_q <= FlPass;
        end
        FlPass: begin
          if (pend_ready_o) pass_q <= pass_q - 1'b1;
          if (pass_q == '0 || pend_count_i == '0) fl_q <= FlClear;
        end
        FlClear:
        if (op_off_o && src_q == SrcClear) begin
          queue_q <= queue_q + 1'b1;
          if (op_last_o) fl_q <= FlWait;
        end
        FlWait:  if (fence_ready_o && fence_last_i) fl_q <= FlOwed;
        default:
        if (!owed_i[func_q]) begin
          fl_q         <= FlIdle;
          flush_done_o <= 1'b1;
        end
      endcase

      if (paid_i) scan_q <= 9'd256;
      else if (scan_q != '0 && !scan_here_q && !scan_hit) scan_q <= scan_q - 1'b1;
      if (scan_hit && !scan_here_q) scan_here_q <= 1'b1;
      else if (word_we_o && src_q == SrcHeld && scan_queue_q == LastQ) scan_here_q <= 1'b0;
      if (scan_hit && !scan_here_q) held_q[scan_q[7:0]] <= 1'b0;
      if (word_we_o && fenced_d && src_q == SrcFence) held_q[qid_q[10:3]] <= 1'b1;
    end
    if (scan_hit && !scan_here_q) scan_func_q <= scan_q[7:0];
    if (!scan_here_q) scan_queue_q <= '0;
    else if (word_we_o && src_q == SrcHeld) scan_queue_q <= scan_queue_q + 1'b1;
    if (look_o) begin
      src_q <= src;
      qid_q <= look_qid_o;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && stop_valid_i && !stop_ready) $error("rx_ctrl: stop overrun");
  end
`endif
endmodule
