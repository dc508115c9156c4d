// SPDX-License-Identifier: BSD-2-Clause
// Two cuckoo slot tables of 2^SetsLog2 sets x 4 ways; slot = {valid, tag, entry}.
//   T0: set = low bits of c, tag = b[30:16]      T1: set = low bits of b, tag = c[30:16]
// Both tables are read in the same cycle, so an entry that is moved (stored in its new place, then removed
// from the old one) is always found. Software keeps a tag unique within a set, so each table has at most one
// candidate. The candidates come out in order, T0's first, a lookup a cycle; one with two candidates takes
// two. There is no back-pressure: the user has at most Depth lookups inside.
module slot_lookup #(
    parameter int SetsLog2 = 10,
    parameter int UserW    = 8,
    parameter int Depth    = 64
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic                wen_i,
    input  logic                wtbl_i,
    input  logic [SetsLog2-1:0] wset_i,
    input  logic [1:0]          wway_i,
    input  logic [31:0]         wslot_i,
    input  logic                valid_i,
    input  logic                look_i,    // 0: passes without a candidate
    input  logic [UserW-1:0]    user_i,
    input  logic [31:0]         b_i,
    input  logic [31:0]         c_i,
    output logic                valid_o,
    output logic [UserW-1:0]    user_o,
    output logic                cand_o,    // entry_o is a candidate (0: the lookup has none)
    output logic [15:0]         entry_o,
    output logic                last_o,    // last of this lookup
    output logic                init_done_o
);
  localparam int FifoW = UserW + 34;

  logic [SetsLog2:0] sweep_q;
  logic wen;
  logic [SetsLog2-1:0] waddr;
  logic [31:0] wdata;

  assign init_done_o = sweep_q[SetsLog2];
  assign wen   = !init_done_o || wen_i;
  assign waddr = init_done_o ? wset_i : sweep_q[SetsLog2-1:0];
  assign wdata = init_done_o ? wslot_i : 32'd0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) sweep_q <= '0;
    else if (!init_done_o) sweep_q <= sweep_q + 1'b1;
  end

  logic s1_valid_q, hit0, hit1;
  logic [UserW-1:0] s1_user_q;
  logic [15:0] entry0, entry1;

  slot_table #(.SetsLog2(SetsLog2)) u_t0 (
      .clk_i, .rst_ni, .wen_i(wen && (!init_done_o || !wtbl_i)), .wall_i(!init_done_o), .wset_i(waddr),
      .wway_i,
      .wslot_i(wdata), .valid_i, .look_i, .set_i(c_i[SetsLog2-1:0]), .tag_i(b_i[30:16]), .hit_o(hit0),
      .entry_o(entry0)
  );
  slot_table #(.SetsLog2(SetsLog2)) u_t1 (
      .clk_i, .rst_ni, .wen_i(wen && (!init_done_o || wtbl_i)), .wall_i(!init_done_o), .wset_i(waddr),
      .wway_i,
      .wslot_i(wdata), .valid_i, .look_i, .set_i(b_i[SetsLog2-1:0]), .tag_i(c_i[30:16]), .hit_o(hit1),
      .entry_o(entry1)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) s1_valid_q <= 1'b0;
    else s1_valid_q <= valid_i;
    if (valid_i) s1_user_q <= user_i;
  end

  // Candidates, one at a time.
  logic head_valid, fifo_ready, head_hit0, head_hit1, second_q, pop;
  logic [UserW-1:0] head_user;
  logic [$clog2(Depth):0] count_unused;
  logic [15:0] head_entry0, head_entry1;

  snic_fifo #(
      .Width(FifoW),
      .Depth(Depth)
  ) u_fifo (
      .clk_i,
      .rst_ni,
      .valid_i(s1_valid_q),
      .ready_o(fifo_ready),
      .data_i ({s1_user_q, hit1, hit0, entry1, entry0}),
      .valid_o(head_valid),
      .ready_i(pop),
      .data_o ({head_user, head_hit1, head_hit0, head_entry1, head_entry0}),
      .count_o(count_unused)
  );
  assign pop = !(head_hit0 && head_hit1) || second_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_o  <= 1'b0;
      second_q <= 1'b0;
    end else begin
      valid_o <= head_valid;
      if (head_valid) second_q <= !pop;
    end
    if (head_valid) begin
      user_o  <= head_user;
      cand_o  <= head_hit0 || head_hit1;
      entry_o <= head_hit0 && !second_q ? head_entry0 : head_entry1;
      last_o  <= pop;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && s1_valid_q && !fifo_ready) $error("slot_lookup: more lookups than Depth");
  end
`endif
endmodule
