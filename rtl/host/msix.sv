// SPDX-License-Identifier: BSD-2-Clause
// Interrupt messages. A vector's message is sent when an event is pending, the vector is armed, and the
// gap to its last message is over; sending disarms. One event, arm, clear or look at a waiting vector a
// cycle: arms and clears at once, events of each kind and vectors that wait in turn. Arms that keep others waiting
// are slowed down (arm_held_o), so nothing can keep anybody from a message. Vectors that wait for their gap stand in a list; when the earliest gap is over, the whole list is
// gone through once. The message that software asks for as a test is sent as it is.
module msix (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic [ 47:0]       now_i,
    input  logic [255:0]       func_en_i,        // events of queues of a function that is off are forgotten
    input  logic [255:0]       bme_i,            // events of the mailbox: of one that may not master the bus
    input  logic               tx_int_valid_i,
    output logic               tx_int_ready_o,
    input  logic [  7:0]       tx_int_func_i,
    input  logic [  3:0]       tx_int_vec_i,
    input  logic               rx_int_valid_i,
    output logic               rx_int_ready_o,
    input  logic [  7:0]       rx_int_func_i,
    input  logic [  3:0]       rx_int_vec_i,
    input  logic               test_int_valid_i,
    output logic               test_int_ready_o,
    input  logic [  7:0]       test_int_func_i,
    input  logic [  3:0]       test_int_vec_i,
    input  logic               mbox_int_valid_i,
    output logic               mbox_int_ready_o,
    input  logic [  7:0]       mbox_int_func_i,
    input  logic [  3:0]       mbox_int_vec_i,
    input  snic_pkg::int_arm_t int_arm_i,
    output logic               arm_held_o,       // no arm, please: an event waited for one
    input  logic               clear_valid_i,    // function reset; done before the next one comes
    input  logic [  7:0]       clear_func_i,
    output logic               up_valid_o,
    input  logic               up_ready_i,
    output logic               up_sop_o,
    output logic               up_eop_o,
    output snic_pkg::up_hdr_t  up_hdr_o,
    output logic [511:0]       up_data_o,
    output logic               stat_sent_o,
    output logic               idle_o,           // nothing to do before wake_o
    output logic               wake_valid_o,
    output logic [ 47:0]       wake_o,
    output logic               init_done_o
);
  localparam int IdW = 12;  // function, vector
  localparam int NVec = 1 << IdW;
  localparam int StateW = 4 + 16 + 48;

  logic [IdW:0] sweep_q;
  logic sweep;
  assign sweep       = !sweep_q[IdW];
  assign init_done_o = !sweep;

  // --- what to do in this cycle ---
  logic arm, clear, test, mbox, pick_tx, pick_rx, pick_list, op;
  logic clearing_q, list_due, list_valid, list_ready, list_push, pass_q;
  logic [7:0] clear_func_q;
  logic [3:0] clear_vec_q;
  logic [IdW-1:0] id, list_id;
  logic [IdW:0] list_count_q, pass_left_q;
  logic soon_q;  // a vector of the list has a time, soonest_q
  logic [47:0] soonest_q;
  logic [4:0] all, want, later, gnt;
  logic [4:0] later_q;  // those behind the one that was served last
  logic out_ready;
  logic [2:0] out_count;

  assign arm   = int_arm_i.valid;
  assign clear = clearing_q && !arm;
  assign all  = {mbox_int_valid_i, test_int_valid_i && out_count <= 3'd2, pass_q && list_valid && out_count <= 3'd2,
                 rx_int_valid_i, tx_int_valid_i};
  assign want = arm || clearing_q || sweep ? 5'd0 : all;

  // Round robin: the first one behind the last, else the first one.
  assign later = want & later_q;
  assign gnt   = later != 5'd0 ? later & -later : want & -want;
  assign {mbox, test, pick_list, pick_rx, pick_tx} = gnt;
  assign tx_int_ready_o   = pick_tx;
  assign rx_int_ready_o   = pick_rx;
  assign test_int_ready_o = test;
  assign mbox_int_ready_o = mbox;
  assign op = arm || clear || gnt != 5'd0;
  assign id = arm ? {int_arm_i.func, int_arm_i.vec} :
      clear ? {clear_func_q, clear_vec_q} :
      test ? {test_int_func_i, test_int_vec_i} :
      mbox ? {mbox_int_func_i, mbox_int_vec_i} :
      pick_tx ? {tx_int_func_i, tx_int_vec_i} :
      pick_rx ? {rx_int_func_i, rx_int_vec_i} : list_id;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sweep_q    <= '0;
      clearing_q <= 1'b0;
      later_q    <= '0;
      arm_held_o <= 1'b0;
    end else begin
      if (sweep) sweep_q <= sweep_q + 1'b1;
      if (clear_valid_i) clearing_q <= 1'b1;
      else if (clear && clear_vec_q == '1) clearing_q <= 1'b0;
      arm_held_o <= arm && all != 5'd0;
      if (gnt != 5'd0) later_q <= ~(gnt | (gnt - 1'b1));
    end
    if (clear_valid_i) begin
      clear_func_q <= clear_func_i;
      clear_vec_q  <= '0;
    end else if (clear) clear_vec_q <= clear_vec_q + 1'b1;
  end

  // --- the vector's state ---
  logic b_valid_q, b_arm_q, b_clear_q, b_test_q, b_list_q, b_int_q, b_mbox_q, b_byp_q;
  logic [IdW-1:0] b_id_q;
  logic [15:0] b_gap_q;
  logic [StateW-1:0] state_rd, state_byp_q, state_new;

  snic_ram #(
      .Width(StateW),
      .Depth(NVec)
  ) u_state (
      .clk_i,
      .wen_i  (sweep || b_valid_q),
      .waddr_i(sweep ? sweep_q[IdW-1:0] : b_id_q),
      .wdata_i(sweep ? '0 : state_new),
      .ren_i  (op),
      .raddr_i(id),
      .rdata_o(state_rd)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) b_valid_q <= 1'b0;
    else b_valid_q <= op;
    if (op) begin
      b_arm_q     <= arm;
      b_clear_q   <= clear;
      b_test_q    <= test;
      b_list_q    <= pick_list;
      b_int_q     <= pick_tx || pick_rx;
      b_mbox_q    <= mbox;
      b_id_q      <= id;
      b_gap_q     <= int_arm_i.gap;
      // The RAM gives the word from before the write of this cycle.
      b_byp_q     <= b_valid_q && b_id_q == id;
      state_byp_q <= state_new;
    end
  end

  logic pending, armed, sent, listed;  // sent: last holds a time
  logic [15:0] gap;
  logic [47:0] last, due;
  logic over, ready, send, wait_more;

  always_comb begin
    {pending, armed, sent, listed, gap, last} = b_byp_q ? state_byp_q : state_rd;
    due       = now_i;
    over      = 1'b1;
    ready     = 1'b0;
    send      = 1'b0;
    wait_more = 1'b0;
    list_push = 1'b0;
    if (b_valid_q) begin
      if (b_int_q && func_en_i[b_id_q[11:4]]) pending = 1'b1;
      if (b_mbox_q && bme_i[b_id_q[11:4]]) pending = 1'b1;
      if (b_arm_q) begin
        armed = 1'b1;
        gap   = b_gap_q;
      end
      if (b_clear_q) {pending, armed, sent} = 3'b000;
      // Time wraps, so it is the time that has passed which is compared. A gap is 2^20 cycles at most: a vector that
      // sends again after 2^48 cycles, to within its gap, waits for that gap once more.
      if (sent && now_i - last < 48'({gap, 4'd0})) begin
        over = 1'b0;
        due  = last + 48'({gap, 4'd0});
      end
      ready     = pending && armed && !b_test_q;
      send      = ready && over && out_ready;
      wait_more = ready && !send;
      list_push = wait_more && (b_list_q || !listed);
      if (b_list_q || wait_more) listed = wait_more;
      if (send) begin
        {pending, armed, sent} = 3'b001;
        last = now_i;
      end
    end
    state_new = {pending, armed, sent, listed, gap, last};
  end

  // --- vectors that wait ---
  logic list_empty;
  snic_ram_fifo #(
      .Width(IdW),
      .Depth(NVec)
  ) u_list (
      .clk_i,
      .rst_ni,
      .valid_i(list_push),
      .ready_o(list_ready),
      .data_i (b_id_q),
      .valid_o(list_valid),
      .ready_i(pick_list),
      .data_o (list_id),
      .empty_o(list_empty),
      .still_o()
  );
  // A time in the list is less than a gap ahead, or over since a few cycles.
  assign list_due = soon_q && !list_empty && now_i - soonest_q < snic_pkg::HalfTime;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      list_count_q <= '0;
      pass_q       <= 1'b0;
      soon_q       <= 1'b0;
    end else begin
      if (list_push != pick_list) list_count_q <= list_push ? list_count_q + 1'b1 : list_count_q - 1'b1;
      if (!pass_q && list_due) begin
        pass_q      <= 1'b1;
        pass_left_q <= list_count_q;
        soon_q      <= wait_more;
      end else begin
        if (pick_list) begin
          pass_left_q <= pass_left_q - 1'b1;
          if (pass_left_q == (IdW + 1)'(1)) pass_q <= 1'b0;
        end
        if (wait_more) soon_q <= 1'b1;
      end
    end
    // An arm may move the time of a vector that is in the list.
    if (wait_more && (!soon_q || due - soonest_q >= snic_pkg::HalfTime || (!pass_q && list_due))) soonest_q <= due;
  end

  // --- messages ---
  logic out_push;
  logic [IdW-1:0] out_id;
  assign out_push = send || (b_valid_q && b_test_q);
  snic_fifo #(
      .Width(IdW),
      .Depth(4)
  ) u_out (
      .clk_i,
      .rst_ni,
      .valid_i(out_push),
      .ready_o(out_ready),
      .data_i (b_id_q),
      .valid_o(up_valid_o),
      .ready_i(up_ready_i),
      .data_o (out_id),
      .count_o(out_count)
  );
  assign up_sop_o    = 1'b1;
  assign up_eop_o    = 1'b1;
  assign up_data_o   = '0;
  assign stat_sent_o = up_valid_o && up_ready_i;

  always_comb begin
    up_hdr_o      = '0;
    up_hdr_o.kind = 2'(snic_pkg::UpMsi);
    up_hdr_o.func = out_id[11:4];
    up_hdr_o.addr = 64'(out_id[3:0]);
    up_hdr_o.len  = 13'd4;
  end

  assign wake_valid_o = soon_q && !list_empty;
  assign wake_o       = soonest_q;
  assign idle_o = !sweep && !op && !test_int_valid_i && !mbox_int_valid_i && !clear_valid_i && !clearing_q && !b_valid_q &&
      !pass_q && !list_due && !up_valid_o;

`ifndef SYNTHESIS
  snic_stream_check #(
      .Width(snic_pkg::UpHdrW + 514)
  ) u_check_up (
      .clk_i,
      .rst_ni,
      .valid_i(up_valid_o),
      .ready_i(up_ready_i),
      .data_i ({up_hdr_o, up_sop_o, up_eop_o, up_data_o})
  );

  always_ff @(posedge clk_i) begin
    if (rst_ni && list_push && !list_ready) $error("msix: list overrun");
    if (rst_ni && out_push && !out_ready) $error("msix: message overrun");
    if (rst_ni && sweep && (arm || clear_valid_i)) $error("msix: not ready yet");
  end
`endif
endmodule
