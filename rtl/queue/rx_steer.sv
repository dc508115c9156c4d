// SPDX-License-Identifier: BSD-2-Clause
// Where each copy of a frame goes: queue by RSS, VLAN edits of the function, next descriptor of the queue or
// the reason to drop, completion. One copy or one operation a cycle in three steps:
//   A  read the function's row and indirection entry   B  read the queue's state   C  decide, write it back
// Copies leave in order, dropped ones too (their buffer is let go in order). The first copy that needs a
// descriptor line asks for it; whoever comes later for the same line finds it where rx_line keeps it.
// A function whose line was late has no copy wait for its lines, until one comes in time again: lines are asked for alone,
// one at a time, and what comes meanwhile is dropped.
// A frame that fills several buffers is cut here: it stays, alone, and comes to C once for each of its buffers. Operations pass it,
// since what makes room for it may wait for them; when one ends or moves its queue, the rest of the frame is dropped, and with
// it what went before (rx_line): the queue goes on at its first descriptor.
module rx_steer #(
    parameter int SlotW = $clog2(snic_pkg::NTagRxDesc)
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  copy_valid_i,
    output logic                  copy_ready_o,
    input  logic [  7:0]          copy_func_i,
    input  logic                  copy_last_i,
    input  snic_pkg::egress_t     rec_i,
    input  logic [255:0]          func_en_i,
    input  snic_pkg::ft_wr_t      ft_wr_i,       // the MAC and most flags are forwarding's
    input  snic_pkg::indir_wr_t   indir_wr_i,
    // operations of rx_ctrl: one of stop, late, load, off, or config and doorbell; always taken
    input  logic                  op_stop_i,
    input  logic                  op_late_i,
    input  logic                  op_back_i,     // with op_late_i: begin with a line of its own
    input  logic                  op_load_i,
    input  logic                  op_off_i,
    input  logic                  op_cfg_i,
    input  logic                  op_start_i,
    input  logic                  op_doorbell_i,
    input  logic                  op_last_i,
    input  logic [ 10:0]          op_qid_i,
    input  logic [ 21:0]          op_cfg_data_i,
    input  logic [ 15:0]          op_tail_i,     // or, of a late line, the count of its descriptor
    input  logic [SlotW-1:0]      op_slot_i,     // of a late line, or one that has come
    input  logic [  1:0]          op_left_i,
    input  logic [ 57:0]          op_base_i,     // in 64 B
    output logic                  refused_o,     // pulse: doorbell of no use
    // descriptor lines
    input  logic [ 23:0]          now_i,
    input  logic                  slot_room_i,
    input  logic                  slot_room_alone_i,
    input  logic [SlotW-1:0]      slot_i,
    output logic                  take_o,
    output logic                  take_alone_o,
    input  logic                  in_valid_i,    // a line of the function has come
    input  logic [  7:0]          in_func_i,
    input  logic [255:0]          slow_i,        // functions that no copy waits for
    output logic                  late_valid_o,  // one whose line was late
    output logic [  7:0]          late_func_o,
    output logic                  look_o,        // a copy is decided
    output logic                  lreq_valid_o,
    input  logic                  lreq_ready_i,
    output logic [  7:0]          lreq_func_o,
    output logic [ 63:0]          lreq_addr_o,
    output logic [  6:0]          lreq_len_o,
    output logic [SlotW-1:0]      lreq_slot_o,
    // copies and fences, in order; room_i promises room for more than what is in the steps
    input  logic                  room_i,
    output logic                  item_valid_o,
    output logic                  item_fence_o,     // the queue ends here
    output logic                  item_done_o,      // ... the last one of a function reset
    output logic                  item_drop_o,
    output logic [  2:0]          item_cause_o,
    output logic                  item_first_o,     // of the frame's buffers
    output logic                  item_end_o,       // ... the last one, or none of use
    output logic                  item_cut_o,       // ... one of several
    output logic                  item_any_o,       // buffers may begin at any byte
    output logic [  7:0]          item_bufsz_o,     // of 64 B, 255 or more
    output logic                  item_last_o,      // let the packet buffer go
    output logic                  item_again_o,     // the queue begins with a late line anew
    output logic                  item_load_o,
    output logic                  item_new_line_o,  // the first to use the line of item_slot_o
    output logic                  item_let_o,       // no use for it
    output logic [SlotW-1:0]      item_slot_o,
    output logic [ 23:0]          item_asked_o,
    output logic [  1:0]          item_left_o,      // descriptors behind this one in the line
    output logic [  7:0]          item_cells_o,     // of the packet buffer
    output logic [ 10:0]          item_qid_o,
    output logic [ 15:0]          item_idx_o,
    output logic [ 38:0]          item_pkt_o,       // pkt_ref_t
    output logic                  item_pop_o,
    output logic                  item_push_o,
    output logic [ 15:0]          item_push_tci_o,
    output snic_pkg::act_edit_t   item_edit_o,
    output logic [  5:0]          item_strip_o,
    output logic [  3:0]          item_log2_o,
    output logic                  item_irq_o,
    output logic [  3:0]          item_vec_o,
    output logic [ 13:0]          item_len_o,       // bytes after the edits
    output logic [127:0]          item_cpl_o,       // rx_cpl_t
    output logic                  busy_o,           // a copy or an operation
    output logic                  starved_o,        // a copy without a descriptor
    output logic                  held_o,           // a copy waits, and not for an operation
    output logic                  idle_o,
    output logic                  init_done_o
);
  localparam int NQueue = snic_contract_pkg::N_QUEUE;
  localparam int LineReqs = 256;
  localparam logic [2:0] DropDisabled = 3'd0;
  localparam logic [2:0] DropNoDesc = 3'd1;
  localparam logic [2:0] DropTooLong = 3'd2;
  localparam logic [2:0] DropDma = 3'd3;
  localparam logic [2:0] DropSlow = 3'd4;
  localparam logic [11:0] BufMin = 12'(snic_contract_pkg::RX_BUF_MIN / 64);
  localparam logic [13:0] Small = 14'd60;  // with a tag more, too, it fits any buffer
  localparam int StateW = 1 + 1 + SlotW + 3 + 16 + 16 + 4 + 12 + 1 + 4;
  localparam int LreqW = 8 + 64 + 7 + SlotW;

  // RAMs are cleared together; the indirection table is the deepest.
  logic [12:0] sweep_q;
  logic sweep;
  assign sweep       = !sweep_q[12];
  assign init_done_o = !sweep;

  // --- A: who ---
  logic op, take, ready, take_part;
  logic host_pop;
  logic [31:0] indir;

  assign op           = op_stop_i || op_late_i || op_load_i || op_off_i || op_cfg_i || op_doorbell_i;
  assign ready        = !op && room_i && slot_room_i && lreq_count_q <= 9'(LineReqs - 4) && !sweep;
  // Behind a frame that may be cut the steps stay empty until that is known.
  assign copy_ready_o = ready && !b_long && !more && !p_valid_q;
  assign take         = copy_valid_i && copy_ready_o;
  assign take_part    = p_valid_q && ready && !b_part_q && !c_part_q;
  assign held_o       = ((copy_valid_i && !copy_ready_o) || p_valid_q) && !op && !take_part;

  snic_ram #(
      .Width(1),
      .Depth(256)
  ) u_ft (
      .clk_i,
      .wen_i  (sweep || ft_wr_i.valid),
      .waddr_i(sweep ? sweep_q[7:0] : ft_wr_i.func),
      .wdata_i(!sweep && (ft_wr_i.vlan != '0 || ft_wr_i.flags[snic_contract_pkg::FT_FLAGS_STRIP_LSB])),
      .ren_i  (take),
      .raddr_i(copy_func_i),
      .rdata_o(host_pop)
  );
  snic_ram #(
      .Width(32),
      .Depth(4096)
  ) u_indir (
      .clk_i,
      .wen_i  (sweep || indir_wr_i.valid),
      .waddr_i(sweep ? sweep_q[11:0] : {indir_wr_i.func, indir_wr_i.idx}),
      .wdata_i(sweep ? '0 : indir_wr_i.data),
      .ren_i  (take),
      .raddr_i({copy_func_i, rec_i.rss[6:3]}),
      .rdata_o(indir)
  );

  // --- B: which queue ---
  logic b_valid_q, b_frame_q, b_part_q, b_any, b_long, b_stop_q, b_late_q, b_back_q, b_load_q, b_off_q, b_cfg_q, b_start_q, b_doorbell_q, b_last_q;
  logic [7:0] b_func_q;
  logic [10:0] b_op_qid_q, b_qid;
  logic [21:0] b_cfg_data_q;
  logic [15:0] b_tail_q;
  logic [SlotW-1:0] b_slot_q;
  logic [1:0] b_left_q;
  snic_pkg::egress_t b_rec_q;

  // An entry has 4 bits, a function 8 queues.
  assign b_qid = b_part_q ? p_qid_q : b_frame_q ? {b_func_q, indir[{b_rec_q.rss[2:0], 2'b00}+:3]} : b_op_qid_q;

  // Queues with SCATTER: distributed RAM, to be known a step before the rest of their state.
  logic any_mem[NQueue];
  assign b_any  = b_frame_q && any_mem[b_qid];
  assign b_long = b_any && !b_part_q && b_rec_q.pkt.len > Small;
  always_ff @(posedge clk_i) begin
    if (sweep) any_mem[sweep_q[10:0]] <= 1'b0;
    else if (c_valid_q && c_cfg_q && c_start_q) any_mem[c_qid_q] <= c_cfg_data_q[21];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      b_valid_q <= 1'b0;
      b_frame_q <= 1'b0;
      b_part_q  <= 1'b0;
    end else begin
      b_valid_q <= op || take || take_part;
      b_frame_q <= take || take_part;
      b_part_q  <= take_part;
    end
    if (take) begin
      b_func_q <= copy_func_i;
      b_last_q <= copy_last_i;
      b_rec_q  <= rec_i;
    end
    if (op) begin
      b_stop_q     <= op_stop_i;
      b_late_q     <= op_late_i;
      b_back_q     <= op_back_i;
      b_load_q     <= op_load_i;
      b_off_q      <= op_off_i;
      b_cfg_q      <= op_cfg_i;
      b_start_q    <= op_start_i;
      b_doorbell_q <= op_doorbell_i;
      b_op_qid_q   <= op_qid_i;
      b_cfg_data_q <= op_cfg_data_i;
      b_tail_q     <= op_tail_i;
      b_slot_q     <= op_slot_i;
      b_left_q     <= op_left_i;
      b_last_q     <= op_last_i;
    end
  end

  // --- C: what ---
  logic c_valid_q, c_frame_q, c_part_q, c_any_q, c_long_q, c_stop_q, c_late_q, c_back_q, c_load_q, c_off_q, c_cfg_q, c_start_q, c_doorbell_q, c_last_q, c_host_pop_q;
  logic [10:0] c_qid_q;
  logic [21:0] c_cfg_data_q;
  logic [15:0] c_tail_q;
  logic [SlotW-1:0] c_slot_q;
  logic [1:0] c_left_q;
  snic_pkg::egress_t c_rec_q;  // func and flood have done their work
  logic [StateW-1:0] state_rd, state_byp_q, state, state_new;
  logic byp_q;
  logic [57:0] base;  // a ring starts at a 64 B boundary

  snic_ram #(
      .Width(StateW),
      .Depth(NQueue)
  ) u_state (
      .clk_i,
      .wen_i  (sweep || c_valid_q),
      .waddr_i(sweep ? sweep_q[10:0] : c_qid_q),
      .wdata_i(sweep ? '0 : state_new),
      .ren_i  (b_valid_q),
      .raddr_i(b_qid),
      .rdata_o(state_rd)
  );
  // Taken over when the queue starts: nothing of its last life is left to use it.
  snic_ram #(
      .Width(58),
      .Depth(NQueue)
  ) u_base (
      .clk_i,
      .wen_i  (op_cfg_i && op_start_i),
      .waddr_i(op_qid_i),
      .wdata_i(op_base_i),
      .ren_i  (b_frame_q),
      .raddr_i(b_qid),
      .rdata_o(base)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sweep_q   <= '0;
      c_valid_q <= 1'b0;
      c_frame_q <= 1'b0;
      c_part_q  <= 1'b0;
    end else begin
      if (sweep) sweep_q <= sweep_q + 1'b1;
      c_valid_q <= b_valid_q;
      c_frame_q <= b_frame_q;
      c_part_q  <= b_part_q;
    end
    if (b_valid_q) begin
      c_stop_q     <= !b_frame_q && b_stop_q;
      c_late_q     <= !b_frame_q && b_late_q;
      c_back_q     <= b_back_q;
      c_load_q     <= !b_frame_q && b_load_q;
      c_off_q      <= !b_frame_q && b_off_q;
      c_cfg_q      <= !b_frame_q && b_cfg_q;
      c_start_q    <= b_start_q;
      c_doorbell_q <= !b_frame_q && b_doorbell_q;
      c_last_q     <= b_last_q;
      c_qid_q      <= b_qid;
      c_cfg_data_q <= b_cfg_data_q;
      c_tail_q     <= b_tail_q;
      c_slot_q     <= b_slot_q;
      c_left_q     <= b_left_q;
      // The RAM gives the word from before the write of this cycle.
      byp_q        <= c_valid_q && c_qid_q == b_qid;
      state_byp_q  <= state_new;
    end
    if (b_frame_q) begin
      c_any_q  <= b_any;
      c_long_q <= b_long;
    end
    // A frame that is cut stays here.
    if (b_frame_q && !b_part_q) begin
      c_rec_q      <= b_rec_q;
      c_host_pop_q <= host_pop;
    end
  end

  logic run, run_d;
  logic alone, alone_d;        // the line of slot is on its way, and no copy waits for it
  logic [SlotW-1:0] slot, slot_d;
  logic [2:0] left, left_d;  // descriptors fetched and not used
  logic [15:0] head, head_d, tail, tail_d;
  logic [3:0] log2, log2_d, vec, vec_d;
  logic [11:0] bufsz, bufsz_d;  // of 64 B
  logic irq, irq_d;

  assign state     = byp_q ? state_byp_q : state_rd;
  assign {run, alone, slot, left, head, tail, log2, bufsz, irq, vec} = state;
  assign state_new = {run_d, alone_d, slot_d, left_d, head_d, tail_d, log2_d, bufsz_d, irq_d, vec_d};

  // The function's pop meets the edits made for all copies: it undoes a push, else it is one more pop.
  // After a pop alone has_vlan is 0, so two pops never meet.
  logic pop_vlan, pop, push;
  logic [13:0] len;
  assign pop_vlan = c_host_pop_q && c_rec_q.has_vlan;
  assign pop      = c_rec_q.pop || (pop_vlan && !c_rec_q.push);
  assign push     = c_rec_q.push && !pop_vlan;
  assign len      = c_rec_q.pkt.len - {8'd0, c_rec_q.strip} + (push ? 14'd4 : 14'd0) - (pop ? 14'd4 : 14'd0);

  logic [15:0] avail, ring_size, ring_mask, ask_head, ask_avail;
  logic [255:0] asked_q;
  logic [7:0] func;
  logic [2:0] line_left, line_n;
  logic disabled, no_desc, too_long, slow, use_desc, new_line, ahead, alone_ask, ask, again, load, fence;

  // --- frames in several buffers ---
  logic p_valid_q;           // one is being cut: all but the first of its buffers are still to come
  logic p_last_q, p_drop_q;  // p_drop_q: its queue was stopped, or moved
  logic [2:0] p_cause_q;
  logic [10:0] p_qid_q;
  logic [15:0] p_first_q;    // its first descriptor
  logic [13:0] p_left_q, rest;
  logic [7:0] p_bufsz_q, part_bufsz, units, posted;
  logic fits, more, cut, cut_long, cut_short, cut_far;

  assign part_bufsz = c_part_q ? p_bufsz_q : bufsz[11:8] != 4'd0 ? 8'hff : bufsz[7:0];
  assign rest       = c_part_q ? p_left_q : len;
  assign fits       = rest <= {part_bufsz, 6'd0};
  assign more       = use_desc && !fits;

  assign posted = avail[15:8] != '0 ? 8'hff : avail[7:0];

  // Is there room for all of it, before the first of its buffers is used?
  always_comb begin
    {cut, cut_long, cut_short, cut_far, units} = '0;
    if (c_frame_q && c_long_q && !fits) begin
      cut       = 1'b1;
      units     = 8'((len + 14'd63) >> 6);
      cut_long  = bufsz < BufMin || 24'(units) > 24'(bufsz) << log2;
      cut_short = !cut_long && 16'(units) > 16'(bufsz[7:0]) * 16'(posted);
      // A slow function's: the buffers that are here.
      cut_far   = 11'(units) > 11'(bufsz[7:0]) * 11'(left);
    end
  end

  logic p_ends;
  assign p_ends = c_valid_q && !c_frame_q && c_qid_q == p_qid_q && (c_stop_q || c_late_q || c_off_q);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) p_valid_q <= 1'b0;
    else if (c_frame_q && (more || c_part_q)) p_valid_q <= more;
    if (more && !c_part_q) begin
      p_qid_q   <= c_qid_q;
      p_first_q <= head;
      p_bufsz_q <= bufsz[7:0];
      p_last_q  <= c_last_q;
      p_drop_q  <= 1'b0;
    end else if (p_valid_q && p_ends && !p_drop_q) begin
      p_drop_q  <= 1'b1;
      p_cause_q <= c_late_q ? DropSlow : c_stop_q ? DropDma : DropDisabled;
    end
    if (more) p_left_q <= rest - {part_bufsz, 6'd0};
  end

  assign ring_size = 16'd1 << log2;
  assign ring_mask = ring_size - 16'd1;
  assign avail     = tail - head;
  assign func      = c_qid_q[10:3];
  assign disabled  = !run || !func_en_i[func];
  assign no_desc   = avail == 16'd0 || cut_short;
  assign too_long  = !fits && !c_part_q && (!cut || cut_long);
  // Of a slow function: no descriptor is here, or not enough for the frame. One that has begun waits for its lines.
  assign slow      = !c_part_q && (left == '0 ? slow_i[func] : alone || (cut_far && slow_i[func]));
  assign use_desc  = c_frame_q && !disabled && !no_desc && !too_long && !slow && !(c_part_q && p_drop_q);
  assign new_line  = use_desc && left == '0;
  // A slow function has one line on its way, which no copy waits for: asked for when the last descriptor that is here is
  // used, or is missed. Where a frame needs more than there are, the line is asked for again: how long it takes is what ends this.
  assign ahead     = use_desc && !new_line && left == 3'd1;
  assign alone_ask = c_frame_q && slow_i[func] && !disabled && !no_desc && !too_long && !asked_q[func] &&
      slot_room_alone_i && !more && !(c_part_q && !ahead) &&
      (ahead ? avail != 16'd1 : left == '0 || (cut_far && !alone));
  assign ask       = new_line || alone_ask;
  assign ask_head  = head + 16'(ahead);
  assign ask_avail = avail - 16'(ahead);
  assign line_left = 3'd4 - 3'(ask_head[1:0]);
  assign line_n    = ask_avail < 16'(line_left) ? ask_avail[2:0] : line_left;
  assign fence     = c_off_q;
  assign again     = c_valid_q && c_late_q;
  assign load      = c_valid_q && c_load_q && alone && slot == c_slot_q;

  always_comb begin
    {run_d, alone_d, slot_d, left_d, head_d, tail_d, log2_d, bufsz_d, irq_d, vec_d} = state;
    refused_o = 1'b0;
    if (c_frame_q) begin
      if (use_desc) begin
        head_d = head + 16'd1;
        left_d = left - 3'd1;
      end else if (c_part_q && !p_drop_q) begin
        // Switched off, or with fewer descriptors than there were: those before go to nobody.
        head_d = p_first_q;
        left_d = '0;
      end
      if (ask) begin
        alone_d = alone_ask;
        slot_d  = slot_i;
        left_d  = line_n - 3'(new_line);
      end
    end else if (c_valid_q) begin
      if (c_stop_q || c_off_q) run_d = 1'b0;
      if (c_off_q || load) alone_d = 1'b0;
      // From the late line on: what was asked for behind it is let go.
      if (c_late_q && run) begin
        alone_d = !c_back_q;
        slot_d  = c_slot_q;
        left_d  = c_back_q ? '0 : {1'b0, c_left_q} + 3'd1;
        head_d  = c_tail_q;
      end
      if (c_cfg_q) begin
        {bufsz_d, irq_d, vec_d, log2_d} = c_cfg_data_q[20:0];
        if (c_start_q) begin
          run_d   = 1'b1;
          alone_d = 1'b0;
          left_d  = '0;
          head_d = '0;
          tail_d = '0;
        end
      end
      // A doorbell comes behind the configuration that it came with.
      if (c_doorbell_q) begin
        if (run_d && c_tail_q - head_d <= 16'd1 << log2_d) tail_d = c_tail_q;
        else refused_o = 1'b1;
      end
    end
  end

  // --- functions with a line on its way that nobody waits for ---
  always_ff @(posedge clk_i) begin
    if (!rst_ni) asked_q <= '0;
    else begin
      if (in_valid_i) asked_q[in_func_i] <= 1'b0;
      if (c_valid_q && c_load_q) asked_q[func] <= 1'b0;
      if (alone_ask || (again && run && !c_back_q)) asked_q[func] <= 1'b1;
    end
  end
  assign late_valid_o = again;
  assign late_func_o  = func;
  assign look_o       = c_frame_q;
  assign take_o       = ask;
  assign take_alone_o = alone_ask;

  // --- descriptor line requests ---
  // Deep, so that a burst of them (all functions reach the end of their lines together) does not hold up the
  // copies behind it.
  logic lreq_push, lreq_ready, lreq_empty;
  logic [LreqW-1:0] lreq;
  logic [8:0] lreq_count_q;

  assign lreq_push = ask;
  snic_ram_fifo #(
      .Width(LreqW),
      .Depth(LineReqs)
  ) u_lreq (
      .clk_i,
      .rst_ni,
      .valid_i(lreq_push),
      .ready_o(lreq_ready),
      .data_i ({c_qid_q[10:3], {base, 6'd0} + 64'({ask_head & ring_mask, 4'd0}), line_n, 4'd0,
                slot_i}),
      .valid_o(lreq_valid_o),
      .ready_i(lreq_ready_i),
      .data_o (lreq),
      .empty_o(lreq_empty),
      .still_o()
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) lreq_count_q <= '0;
    else if (lreq_push != (lreq_valid_o && lreq_ready_i))
      lreq_count_q <= lreq_push ? lreq_count_q + 1'b1 : lreq_count_q - 1'b1;
  end
  assign {lreq_func_o, lreq_addr_o, lreq_len_o, lreq_slot_o} = lreq;

  // --- completion ---
  snic_contract_pkg::rx_cpl_t cpl;
  always_comb begin
    cpl = '0;
    if (use_desc) begin
      cpl.rss     = c_rec_q.rss;
      cpl.mark    = c_rec_q.mark;
      cpl.flowhit = c_rec_q.hit;
      cpl.perr    = c_rec_q.info.perr;
      cpl.frag    = c_rec_q.info.frag;
      cpl.len     = len;
      cpl.vlan    = pop_vlan;
      cpl.tci     = pop_vlan ? c_rec_q.tci : 16'd0;
      cpl.ad      = pop_vlan && c_rec_q.ad;
      cpl.l3ok    = c_rec_q.info.l3ok;
      cpl.l4ok    = c_rec_q.info.l4ok;
      cpl.il3ok   = c_rec_q.info.il3ok;
      cpl.il4ok   = c_rec_q.info.il4ok;
      cpl.src     = c_rec_q.src;
      cpl.l3      = c_rec_q.info.l3;
      cpl.l4      = c_rec_q.info.l4;
      cpl.tun     = c_rec_q.info.tun;
      cpl.il3     = c_rec_q.info.il3;
      cpl.il4     = c_rec_q.info.il4;
      cpl.phase   = (head & ring_size) == 16'd0;
    end
  end

  assign starved_o       = c_frame_q && !disabled && no_desc;
  assign busy_o          = c_valid_q && !starved_o;
  assign item_valid_o    = c_valid_q && (c_frame_q || fence || again || load);
  assign item_fence_o    = fence;
  assign item_done_o     = fence && c_last_q;
  assign item_drop_o     = c_frame_q && !use_desc;
  assign item_cause_o    = c_part_q && p_drop_q ? p_cause_q : disabled ? DropDisabled : no_desc ? DropNoDesc :
      too_long ? DropTooLong : DropSlow;
  assign item_first_o    = !c_part_q;
  assign item_end_o      = !more;
  assign item_cut_o      = c_part_q || more;
  assign item_any_o      = c_any_q;
  assign item_bufsz_o    = part_bufsz;
  assign item_last_o     = c_frame_q && !more && (c_part_q ? p_last_q : c_last_q);
  assign item_again_o    = again;
  assign item_load_o     = load;
  assign item_new_line_o = new_line || load;
  // A line that came late in the middle of a frame was let go at once.
  assign item_let_o      = (fence && alone) || (again && (alone || (!run && !c_back_q)));
  assign item_slot_o     = new_line ? slot_i : again && !run ? c_slot_q : slot;
  assign item_asked_o    = now_i;
  assign item_left_o     = left_d[1:0];
  assign item_cells_o    = c_frame_q && !c_part_q ? 8'((c_rec_q.pkt.len + 14'd63) >> 6) : 8'd0;
  assign item_qid_o      = c_qid_q;
  assign item_idx_o      = head;
  assign item_pkt_o      = c_rec_q.pkt;
  assign item_pop_o      = pop;
  assign item_push_o     = push;
  assign item_push_tci_o = c_rec_q.push_tci;
  assign item_edit_o     = c_rec_q.edit;
  assign item_strip_o    = c_rec_q.strip;
  assign item_log2_o     = log2;
  assign item_irq_o      = irq;
  assign item_vec_o      = vec;
  assign item_len_o      = len;
  assign item_cpl_o      = cpl;
  assign idle_o          = !sweep && !b_valid_q && !c_valid_q && !p_valid_q && lreq_empty;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && lreq_push && !lreq_ready) $error("rx_steer: line request overrun");
    if (rst_ni && c_frame_q && c_rec_q.has_vlan && c_rec_q.pop && !c_rec_q.push)
      $error("rx_steer: a popped frame has no tag for the device");
  end
`endif
endmodule
