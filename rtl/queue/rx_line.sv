// SPDX-License-Identifier: BSD-2-Clause
// Gives each copy its buffer. Copies wait here in order, long enough for their descriptor lines to come; the first
// copy that uses a line waits for it, and leaves it in a RAM of its queue, where the copies behind it find theirs.
// Nobody waits long for a slow one of somebody else: a line is late when lines that were asked for much later have come,
// and copies of other functions wait behind. Then its queue's copies are dropped from there on, up to where rx_steer
// begins with that line anew. A line that could not be read, or a descriptor out of contract (alignment, reserved bits),
// kills the queue: its copies are dropped up to the fence where it ends.
// A frame in several buffers has an item for each, one behind the other but for what is no copy. It goes on when the last one has
// its buffer, or is dropped when one has none.
module rx_line #(
    parameter int FrameW = 32,    // what only passes through
    parameter int Depth = 1024,   // copies waiting
    parameter int Lines = snic_pkg::NTagRxDesc,
    parameter int Late = 512,     // overtaken by so many cycles, while many wait ...
    parameter int LateFull = 256, // ... or while no more can wait
    parameter int LateFew = 2048, // overtaken, and so long at the head
    parameter int LateEver = 131072, // not even overtaken
    parameter int ManyCopies = 192,
    parameter int ManyCells = 768,
    parameter int HeldW = 17,
    parameter int SlotW = $clog2(Lines)
) (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic [      47:0] now_i,
    output logic              room_o,          // for copies
    output logic              fence_room_o,    // for what comes without frames to hold it back
    input  logic              item_valid_i,
    input  logic              item_fence_i,
    input  logic              item_done_i,
    input  logic              item_again_i,    // the queue begins with a late line anew
    input  logic              item_load_i,     // no copy: a line that has come
    input  logic              item_drop_i,
    input  logic [       2:0] item_cause_i,
    input  logic              item_first_i,    // of the frame's buffers
    input  logic              item_end_i,      // ... the last one, or the frame is dropped
    input  logic              item_any_i,      // buffers may begin at any byte
    input  logic              item_last_i,
    input  logic              item_new_line_i, // of item_slot_i, to which what follows belongs
    input  logic              item_let_i,      // no copy: the queue has no use for item_slot_i
    input  logic [ SlotW-1:0] item_slot_i,
    input  logic [      23:0] item_asked_i,    // when its line was asked for
    input  logic [       1:0] item_left_i,     // descriptors behind this one in the line
    input  logic [      10:0] item_qid_i,
    input  logic [      15:0] item_idx_i,
    input  logic [       7:0] item_cells_i,
    input  logic [FrameW-1:0] item_frame_i,
    // lines
    input  logic              lines_room_i,
    input  logic [ Lines-1:0] come_i,
    input  logic [      23:0] newest_i,        // when the newest line that has come was asked for
    output logic              look_o,
    output logic [ SlotW-1:0] look_slot_o,
    input  logic              line_err_i,      // one cycle later
    input  logic [     511:0] line_data_i,
    output logic              let_o,
    output logic              let_keep_o,
    output logic [ SlotW-1:0] let_slot_o,
    output logic [       7:0] let_func_o,
    // queues stopped by an error or by a late line
    input  logic              stop_idle_i,     // no stop is waiting: there is room for those that may come now
    output logic              stop_valid_o,
    output logic              stop_late_o,
    output logic              stop_back_o,     // in the middle of a frame: the queue is to begin with the frame, the line is let go
    output logic [      10:0] stop_qid_o,
    output logic [      15:0] stop_idx_o,
    output logic [ SlotW-1:0] stop_slot_o,
    output logic [       1:0] stop_left_o,
    output logic              held_valid_o,    // with a late line: copies were held up by it so long
    output logic [ HeldW-1:0] held_o,
    output logic              drop_valid_o,
    output logic [       7:0] drop_func_o,
    output logic [       2:0] drop_cause_o,
    // fences, copies to deliver, and dropped ones that end a frame
    output logic              out_valid_o,
    input  logic              out_ready_i,
    output logic              out_fence_o,
    output logic              out_done_o,
    output logic              out_drop_o,
    output logic              out_last_o,
    output logic [      10:0] out_qid_o,
    output logic [      15:0] out_idx_o,
    output logic [      63:0] out_addr_o,      // of the first buffer
    output logic [FrameW-1:0] out_frame_o,
    output logic [      63:0] next_addr_o,     // of the next buffer of a frame that has gone on
    input  logic              next_pop_i,
    output logic              wait_o,          // the next copy waits for its line
    output logic              init_done_o,
    output logic              idle_o,          // nothing to do before wake_o; copies may wait for their descriptor lines
    output logic              wake_valid_o,
    output logic [      47:0] wake_o,
    output logic              empty_o
);
  localparam int CtlW = 3 + 11 + SlotW + 24 + 8 + 4 + 2 + 3 + 4 + 16;
  localparam int LineW = 2 + 4 + 4 * 64;        // the first that is there; of each: bad, address
  localparam int WordW = 1 + 1 + LineW;         // dead, late, line
  localparam int OutW = 4 + 11 + 16 + 64 + FrameW;
  localparam int CntW = $clog2(Depth) + 1;
  localparam int CellW = 16;
  localparam int NQueue = snic_contract_pkg::N_QUEUE;
  localparam logic [2:0] DropDma = 3'd3;
  localparam logic [2:0] DropSlow = 3'd4;
  localparam int FenceRoom = 64;
  localparam int AgainRoom = 16;  // a queue that begins anew must not wait for room: what would make it waits for it

  logic [11:0] sweep_q;
  logic sweep;
  assign sweep       = !sweep_q[11];
  assign init_done_o = !sweep;

  // --- copies in order ---
  logic [CntW-1:0] waiting_q, run_q;  // run_q: how many of the last ones are of one function
  logic [7:0] last_func_q;
  logic [CellW-1:0] cells_q;
  logic q_valid, q_ready, q_pop, q_still;
  logic [CtlW+FrameW-1:0] q_bits;
  logic q_fence, q_drop, q_new_line;
  logic [10:0] q_qid;
  logic [SlotW-1:0] q_slot;
  logic [23:0] q_asked;
  logic [7:0] q_cells;

  assign room_o       = waiting_q <= CntW'(Depth - FenceRoom);
  assign fence_room_o = waiting_q <= CntW'(Depth - AgainRoom);

  snic_ram_fifo #(
      .Width(CtlW + FrameW),
      .Depth(Depth)
  ) u_order (
      .clk_i,
      .rst_ni,
      .valid_i(item_valid_i),
      .ready_o(q_ready),
      .data_i ({item_fence_i, item_drop_i, item_new_line_i, item_qid_i, item_slot_i, item_asked_i, item_cells_i,
                item_again_i, item_load_i, item_let_i, item_done_i, item_left_i, item_cause_i, item_first_i,
                item_end_i, item_any_i, item_last_i, item_idx_i, item_frame_i}),
      .valid_o(q_valid),
      .ready_i(q_pop),
      .data_o (q_bits),
      .empty_o(),
      .still_o(q_still)
  );
  assign {q_fence, q_drop, q_new_line, q_qid, q_slot, q_asked, q_cells} =
      q_bits[CtlW+FrameW-1-:14+SlotW+24+8];

  // --- head: its line has come, or is late ---
  logic [2:0] out_count;
  logic [23:0] overtaken;
  logic head_ready, come, others, many, over, late, waits_q, chain_room;
  logic [23:0] since_q, held, late_in;  // since when it waits
  assign come       = come_i[q_slot];
  assign overtaken  = newest_i - q_asked;
  assign many       = waiting_q >= CntW'(ManyCopies) || cells_q >= CellW'(ManyCells);
  assign others     = run_q < waiting_q;
  assign over       = !overtaken[23] && overtaken != '0;
  assign held       = waits_q ? now_i[23:0] - since_q : '0;
  assign late       = others && ((over && ((many && overtaken >= 24'(Late)) ||
                                           ((!room_o || !lines_room_i) && overtaken >= 24'(LateFull)) ||
                                           overtaken >= 24'(LateFew) || held >= 24'(LateFew))) ||
                                 held >= 24'(LateEver));
  assign head_ready = q_valid && (!q_new_line || come || late);
  assign q_pop      = head_ready && out_count <= 3'd2 && chain_room && stop_idle_i;
  assign wait_o     = q_valid && !head_ready;

  assign look_o      = q_pop && q_new_line;
  assign look_slot_o = q_slot;

  logic h_valid_q, h_byp_q, h_come_q;
  logic [CtlW+FrameW-1:0] h_bits_q;
  logic [HeldW-1:0] h_held_q;
  logic [WordW-1:0] h_byp_word_q, word_rd;

  logic word_wr;
  logic [WordW-1:0] word_new;
  logic h_fence, h_drop, h_new_line, h_again, h_load, h_let, h_done, h_first, h_end, h_any, h_last;
  logic [10:0] h_qid;
  logic [SlotW-1:0] h_slot;
  logic [23:0] h_asked;
  logic [7:0] h_cells;
  logic [1:0] h_left;
  logic [2:0] h_cause;
  logic [15:0] h_idx;
  logic [FrameW-1:0] h_frame;

  snic_ram #(
      .Width(WordW),
      .Depth(NQueue)
  ) u_word (
      .clk_i,
      .wen_i  (sweep || word_wr),
      .waddr_i(sweep ? sweep_q[10:0] : h_qid),
      .wdata_i(sweep ? '0 : word_new),
      .ren_i  (q_pop && !q_fence && !q_drop),
      .raddr_i(q_qid),
      .rdata_o(word_rd)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sweep_q   <= '0;
      waiting_q <= '0;
      cells_q   <= '0;
      run_q     <= '0;
      h_valid_q <= 1'b0;
      waits_q   <= 1'b0;
    end else begin
      if (sweep) sweep_q <= sweep_q + 1'b1;
      if (item_valid_i != q_pop) waiting_q <= q_pop ? waiting_q - 1'b1 : waiting_q + 1'b1;
      if (item_valid_i) begin
        if (item_qid_i[10:3] != last_func_q) run_q <= CntW'(1);
        else if (run_q != CntW'(Depth)) run_q <= run_q + 1'b1;
        last_func_q <= item_qid_i[10:3];
      end
      if (item_valid_i || q_pop)
        cells_q <= cells_q + (item_valid_i ? CellW'(item_cells_i) : '0) - (q_pop ? CellW'(q_cells) : '0);
      h_valid_q <= q_pop;
      waits_q   <= wait_o || (waits_q && !q_pop);
    end
    if (wait_o && !waits_q) since_q <= now_i[23:0];
    if (q_pop) begin
      h_held_q <= held < 24'(1 << HeldW) ? held[HeldW-1:0] : '1;
      h_bits_q <= q_bits;
      h_come_q <= come;
      // The RAM gives the word from before the write of this cycle.
      h_byp_q  <= word_wr && h_qid == q_qid;
      if (word_wr) h_byp_word_q <= word_new;
    end
  end

  assign {h_fence, h_drop, h_new_line, h_qid, h_slot, h_asked, h_cells, h_again, h_load, h_let, h_done, h_left,
          h_cause, h_first, h_end, h_any, h_last, h_idx, h_frame} = h_bits_q;
  logic [31:0] unused;  // what only the head needs
  assign unused = {h_asked, h_cells};

  // --- take the descriptor ---
  logic copy, dead, skip, bad, missed;
  logic [1:0] lane;
  logic [LineW-1:0] line;
  logic [63:0] addr;

  assign copy = !h_fence && !h_drop && !h_again && !h_load;

  always_comb begin
    {dead, skip, missed, line, lane, bad, addr, word_new} = '0;
    if (h_valid_q) begin
      {dead, skip, line} = h_byp_q ? h_byp_word_q : word_rd;
      missed = copy && h_new_line && !h_come_q && !dead && !skip;
      if (h_new_line && h_come_q) begin
        // The first copy of a line takes the first descriptor in it.
        line[LineW-1-:2] = h_idx[1:0];
        for (int i = 0; i < 4; i++) begin
          line[64*i+:64] = line_data_i[128*i+:64];
          line[4*64+i]   = line_err_i || line_data_i[128*i+64+:64] != '0;
        end
      end
      lane     = h_idx[1:0] - line[LineW-1-:2];
      addr     = line[64*32'(lane)+:64];
      bad      = copy && !skip && !missed && (line[4*64+32'(lane)] || (addr[5:0] != '0 && !h_any));
      word_new = h_fence ? '0 : {dead || bad, (skip && !h_again) || missed, line};
    end
  end
  assign word_wr      = h_valid_q && (h_fence || h_again || h_load || (copy && (h_new_line || bad)));
  assign stop_valid_o = h_valid_q && ((bad && !dead) || missed);
  assign stop_late_o  = missed;
  assign stop_back_o  = missed && !h_first;
  assign stop_qid_o   = h_qid;
  assign stop_idx_o   = h_first ? h_idx : first_idx_q;
  assign stop_slot_o  = h_slot;
  assign stop_left_o  = h_left;
  assign held_valid_o = h_valid_q && missed && h_held_q != '0;
  assign held_o       = h_held_q;

  assign let_o        = h_valid_q && (h_new_line || h_let);
  assign let_keep_o   = missed && h_first;
  assign let_slot_o   = h_slot;
  assign let_func_o   = h_qid[10:3];

  // --- a frame goes on, or is dropped, when all its buffers have been looked at ---
  logic part, without, dropped, broken_q;
  logic [15:0] first_idx_q;
  logic [63:0] first_addr_q;
  assign part    = h_valid_q && (copy || h_drop);
  assign without = h_drop || (copy && (dead || skip || bad || missed));
  assign dropped = without || (part && !h_first && broken_q);
  always_ff @(posedge clk_i) begin
    if (part && !h_end) broken_q <= dropped;
    if (part && !h_end && h_first) begin
      first_idx_q  <= h_idx;
      first_addr_q <= addr;
    end
  end

  rx_chain u_chain (
      .clk_i,
      .rst_ni,
      .push_i  (part && !h_first && !dropped),
      .addr_i  (addr),
      .keep_i  (part && !h_first && !dropped && h_end),
      .forget_i(part && !h_first && dropped),
      .room_o  (chain_room),
      .pop_i   (next_pop_i),
      .addr_o  (next_addr_o)
  );

  assign drop_valid_o = part && dropped && h_end;
  assign drop_func_o  = h_qid[10:3];
  assign drop_cause_o = h_drop ? h_cause : dead || bad ? DropDma : DropSlow;

  logic out_push, out_ready;
  assign out_push = h_valid_q && (h_fence || (dropped ? h_last : copy && h_end));
  snic_fifo #(
      .Width(OutW),
      .Depth(4)
  ) u_out (
      .clk_i,
      .rst_ni,
      .valid_i(out_push),
      .ready_o(out_ready),
      .data_i ({h_fence, h_done, dropped, h_last, h_qid, h_first ? h_idx : first_idx_q,
                h_first ? addr : first_addr_q, h_frame}),
      .valid_o(out_valid_o),
      .ready_i(out_ready_i),
      .data_o ({out_fence_o, out_done_o, out_drop_o, out_last_o, out_qid_o, out_idx_o,
                out_addr_o, out_frame_o}),
      .count_o(out_count)
  );

  assign idle_o  = !sweep && q_still && !head_ready && !(wait_o && !waits_q) && !h_valid_q && !out_valid_o;
  assign empty_o = waiting_q == '0;
  // Others wait with it: it is late some time.
  assign late_in      = (over ? 24'(LateFew) : 24'(LateEver)) - held;
  assign wake_valid_o = wait_o && waits_q && others;
  assign wake_o       = now_i + 48'(late_in);

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && item_valid_i && !q_ready) $error("rx_line: overrun");
    if (rst_ni && out_push && !out_ready) $error("rx_line: output overrun");
  end
`endif
endmodule
