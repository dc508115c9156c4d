// SPDX-License-Identifier: BSD-2-Clause
// Gathers completions: the four entries of a 64 B line in four RAM banks, one line a queue. A line is written
// when its last entry is there, when its oldest entry has waited for the timeout, or when the queue ends.
// Lines with something in them stand in a FIFO with their deadline; one that was written in the meantime is
// found out by its number. One frame, fence or deadline a cycle:
//   A  read the queue's state   B  entry into its bank, state back   C  read the banks   D  line out
module rx_cpl #(
    parameter int Deadlines = 2048  // lines that can wait; beyond, the oldest is written early
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic [47:0]        now_i,
    input  logic [15:0]        timeout_i,
    input  logic               start_i,       // a queue starts; nothing of its last life is here
    input  logic [10:0]        start_qid_i,
    input  logic [57:0]        start_base_i,  // in 64 B
    input  logic               fin_valid_i,
    output logic               fin_ready_o,
    input  logic               fin_fence_i,
    input  logic               fin_done_i,
    input  logic [10:0]        fin_qid_i,
    input  logic [15:0]        fin_idx_i,
    input  logic [ 3:0]        fin_log2_i,
    input  logic               fin_irq_i,
    input  logic [ 3:0]        fin_vec_i,
    input  logic [127:0]       fin_cpl_i,
    // lines to write, and fences, in order
    output logic               line_valid_o,
    input  logic               line_ready_i,
    output logic               line_fence_o,  // no line: everything of a queue that ends is out
    output logic               line_done_o,   // ... of the last one of a function that is reset
    output logic [10:0]        line_qid_o,
    output logic [63:0]        line_addr_o,
    output logic [ 6:0]        line_len_o,
    output logic               line_irq_o,
    output logic [ 3:0]        line_vec_o,
    output logic [511:0]       line_data_o,
    output logic               partial_o,     // pulse: a line is written before it is full
    output logic               idle_o,        // nothing to do before wake_o
    output logic               wake_valid_o,
    output logic [47:0]        wake_o,
    output logic               init_done_o
);
  localparam int NQueue = snic_contract_pkg::N_QUEUE;
  localparam int FinW = 2 + 11 + 16 + 4 + 1 + 4 + 128;
  localparam int StateW = 1 + 2 + 16 + 4 + 1 + 4;
  localparam int DlW = 48 + 11 + 14;
  localparam int OutW = 1 + 1 + 11 + 64 + 7 + 1 + 4 + 512;
  localparam int CntW = $clog2(Deadlines) + 1;

  logic [11:0] sweep_q;
  logic sweep;
  assign sweep       = !sweep_q[11];
  assign init_done_o = !sweep;

  // --- what comes in ---
  logic f_valid, f_pop, f_fence, f_done, f_irq;
  logic [10:0] f_qid;
  logic [15:0] f_idx;
  logic [3:0] f_log2, f_vec;
  logic [127:0] f_cpl;
  logic [2:0] f_count;

  snic_fifo #(
      .Width(FinW),
      .Depth(4)
  ) u_fin (
      .clk_i,
      .rst_ni,
      .valid_i(fin_valid_i),
      .ready_o(fin_ready_o),
      .data_i ({fin_fence_i, fin_done_i, fin_qid_i, fin_idx_i, fin_log2_i, fin_irq_i, fin_vec_i, fin_cpl_i}),
      .valid_o(f_valid),
      .ready_i(f_pop),
      .data_o ({f_fence, f_done, f_qid, f_idx, f_log2, f_irq, f_vec, f_cpl}),
      .count_o(f_count)
  );

  // --- deadlines ---
  logic dl_valid, dl_ready, dl_push, dl_pop, dl_still, dl_due, dl_full;
  logic [47:0] dl_time;
  logic [10:0] dl_qid;
  logic [13:0] dl_line;
  logic [CntW-1:0] dl_count_q;

  snic_ram_fifo #(
      .Width(DlW),
      .Depth(Deadlines)
  ) u_deadlines (
      .clk_i,
      .rst_ni,
      .valid_i(dl_push),
      .ready_o(dl_ready),
      .data_i ({now_i + 48'(timeout_i), b_qid_q, b_idx_q[15:2]}),
      .valid_o(dl_valid),
      .ready_i(dl_pop),
      .data_o ({dl_time, dl_qid, dl_line}),
      .empty_o(),
      .still_o(dl_still)
  );
  assign dl_full = dl_count_q >= CntW'(Deadlines - 4);
  // A deadline is at most 2^16 cycles ahead, or over since a little.
  assign dl_due       = dl_valid && (dl_full || now_i - dl_time < snic_pkg::HalfTime);
  assign wake_valid_o = dl_valid;
  assign wake_o       = dl_time;

  // --- A ---
  logic room, a_valid, fenced;
  logic [3:0] out_count;

  assign room    = out_count <= 4'd4 && !sweep;
  // A fence may bring a line and itself: the cycle after it is kept free.
  assign f_pop   = f_valid && room && !dl_full && !fenced;
  assign dl_pop  = dl_due && room && !f_pop && !fenced;
  assign a_valid = f_pop || dl_pop;

  // --- B ---
  logic b_valid_q, b_frame_q, b_fence_q, b_done_q, b_irq_q, b_byp_q;
  logic [10:0] b_qid_q;
  logic [15:0] b_idx_q;
  logic [3:0] b_log2_q, b_vec_q;
  logic [127:0] b_cpl_q;
  logic [StateW-1:0] state_rd, state, state_byp_q, state_new;

  snic_ram #(
      .Width(StateW),
      .Depth(NQueue)
  ) u_state (
      .clk_i,
      .wen_i  (sweep || b_valid_q),
      .waddr_i(sweep ? sweep_q[10:0] : b_qid_q),
      .wdata_i(sweep ? '0 : state_new),
      .ren_i  (a_valid),
      .raddr_i(f_pop ? f_qid : dl_qid),
      .rdata_o(state_rd)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sweep_q    <= '0;
      b_valid_q  <= 1'b0;
      b_frame_q  <= 1'b0;
      dl_count_q <= '0;
    end else begin
      if (sweep) sweep_q <= sweep_q + 1'b1;
      b_valid_q <= a_valid;
      b_frame_q <= f_pop && !f_fence;
      if (dl_push != dl_pop) dl_count_q <= dl_push ? dl_count_q + 1'b1 : dl_count_q - 1'b1;
    end
    if (a_valid) begin
      b_fence_q   <= f_pop && f_fence;
      b_done_q    <= f_pop && f_done;
      b_qid_q     <= f_pop ? f_qid : dl_qid;
      b_idx_q     <= f_pop ? f_idx : {dl_line, 2'd0};
      // The RAM gives the word from before the write of this cycle.
      b_byp_q     <= b_valid_q && b_qid_q == (f_pop ? f_qid : dl_qid);
      state_byp_q <= state_new;
    end
    if (f_pop) begin
      b_log2_q <= f_log2;
      b_irq_q  <= f_irq;
      b_vec_q  <= f_vec;
      b_cpl_q  <= f_cpl;
    end
  end

  // first..last are the entries that are gathered and not written
  logic open, open_d, irq_d, flush, partial;
  logic [1:0] first_d;
  logic [15:0] last_d;
  logic [3:0] log2_d, vec_d;

  assign state     = b_byp_q ? state_byp_q : state_rd;
  assign open      = state[StateW-1];
  assign state_new = {open_d, first_d, last_d, log2_d, irq_d, vec_d};

  always_comb begin
    {open_d, first_d, last_d, log2_d, irq_d, vec_d} = state;
    flush   = 1'b0;
    partial = 1'b0;
    if (b_frame_q) begin
      if (!open) first_d = b_idx_q[1:0];
      last_d = b_idx_q;
      log2_d = b_log2_q;
      irq_d  = b_irq_q;
      vec_d  = b_vec_q;
      flush  = b_idx_q[1:0] == 2'd3;
      open_d = !flush;
    end else if (b_valid_q) begin
      partial = open && (b_fence_q || last_d[15:2] == b_idx_q[15:2]);
      flush   = partial;
      open_d  = open && !partial;
    end
  end
  assign fenced    = b_valid_q && b_fence_q;
  assign dl_push   = b_frame_q && !open && !flush;
  assign partial_o = partial;

  // --- C ---
  logic c_flush_q, c_fence_q, c_done_q, c_irq_q;
  logic [10:0] c_qid_q;
  logic [1:0] c_first_q;
  logic [15:0] c_last_q;
  logic [3:0] c_log2_q, c_vec_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      c_flush_q <= 1'b0;
      c_fence_q <= 1'b0;
    end else begin
      c_flush_q <= flush;
      c_fence_q <= fenced;
    end
    if (fenced) c_done_q <= b_done_q;
    if (flush || fenced) c_qid_q <= b_qid_q;
    if (flush) begin
      c_first_q <= first_d;
      c_last_q  <= last_d;
      c_log2_q  <= log2_d;
      c_irq_q   <= irq_d;
      c_vec_q   <= vec_d;
    end
  end

  // --- D ---
  logic d_flush_q, d_fence_q, d_done_q, d_irq_q;
  logic [10:0] d_qid_q;
  logic [15:0] d_idx_q;   // place in the ring of the first entry
  logic [2:0] d_n_q;
  logic [3:0] d_vec_q;
  logic [127:0] bank[4];
  logic [57:0] base;      // a ring starts at a 64 B boundary

  for (genvar i = 0; i < 4; i++) begin : gen_bank
    snic_ram #(
        .Width(128),
        .Depth(NQueue)
    ) u_bank (
        .clk_i,
        .wen_i  (b_frame_q && b_idx_q[1:0] == 2'(i)),
        .waddr_i(b_qid_q),
        .wdata_i(b_cpl_q),
        .ren_i  (c_flush_q),
        .raddr_i(c_qid_q),
        .rdata_o(bank[i])
    );
  end
  snic_ram #(
      .Width(58),
      .Depth(NQueue)
  ) u_base (
      .clk_i,
      .wen_i  (start_i),
      .waddr_i(start_qid_i),
      .wdata_i(start_base_i),
      .ren_i  (c_flush_q),
      .raddr_i(c_qid_q),
      .rdata_o(base)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      d_flush_q <= 1'b0;
      d_fence_q <= 1'b0;
    end else begin
      d_flush_q <= c_flush_q;
      d_fence_q <= c_fence_q;
    end
    if (c_fence_q) d_done_q <= c_done_q;
    if (c_flush_q || c_fence_q) d_qid_q <= c_qid_q;
    if (c_flush_q) begin
      d_idx_q  <= {c_last_q[15:2], c_first_q} & ((16'd1 << c_log2_q) - 16'd1);
      d_n_q    <= 3'(c_last_q[1:0] - c_first_q) + 3'd1;
      d_irq_q  <= c_irq_q;
      d_vec_q  <= c_vec_q;
    end
  end

  // The first entry goes to byte 0; what is behind the last is not written.
  logic [511:0] data;
  always_comb begin
    data = '0;
    if (d_flush_q) for (int i = 0; i < 4; i++) data[128*i+:128] = bank[d_idx_q[1:0]+2'(i)];
  end

  // The line first, then the fence.
  logic fence_q, fence_done_q, out_push, out_ready;
  logic [10:0] fence_qid_q;
  assign out_push = d_flush_q || fence_q;

  snic_fifo #(
      .Width(OutW),
      .Depth(8)
  ) u_out (
      .clk_i,
      .rst_ni,
      .valid_i(out_push),
      .ready_o(out_ready),
      .data_i ({fence_q, fence_q && fence_done_q, fence_q ? fence_qid_q : d_qid_q,
                {base, 6'd0} + 64'({d_idx_q, 4'd0}), d_n_q, 4'd0, d_irq_q, d_vec_q, data}),
      .valid_o(line_valid_o),
      .ready_i(line_ready_i),
      .data_o ({line_fence_o, line_done_o, line_qid_o, line_addr_o, line_len_o, line_irq_o, line_vec_o,
                line_data_o}),
      .count_o(out_count)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) fence_q <= 1'b0;
    else fence_q <= d_fence_q;
    if (d_fence_q) begin
      fence_done_q <= d_done_q;
      fence_qid_q  <= d_qid_q;
    end
  end

  assign idle_o = !sweep && f_count == '0 && !dl_due && dl_still && !b_valid_q && !c_flush_q && !c_fence_q &&
      !d_flush_q && !d_fence_q && !fence_q && out_count == '0;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && out_push && !out_ready) $error("rx_cpl: output overrun");
    if (rst_ni && d_flush_q && fence_q) $error("rx_cpl: a line beside a fence");
    if (rst_ni && dl_push && !dl_ready) $error("rx_cpl: deadline overrun");
    if (rst_ni && fin_valid_i && !fin_fence_i && !fin_ready_o) $error("rx_cpl: completion overrun");
  end
`endif
endmodule
