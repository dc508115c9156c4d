// SPDX-License-Identifier: BSD-2-Clause
// Self-test registers: a driver proves MMIO, DMA and interrupts before a packet flows. TEST_GO only notes what is asked
// for, so nobody's register accesses wait for it. What is noted is done function by function in turn, a TLP every Pace
// cycles at most: however many functions ask, and how often, the link is not theirs. The messages of a function go out
// after its write has left (wr_left_i), so that whoever gets them finds the data.
module regs_test #(
    parameter int Pace = 64
) (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic              op_valid_i,
    input  logic              op_we_i,
    input  logic [       7:0] op_func_i,
    input  logic [      12:0] op_addr_i,
    input  logic [      31:0] op_wdata_i,
    output logic [      31:0] rdata_o,
    input  logic              clr_i,         // row clr_func_i := reset values
    input  logic [       7:0] clr_func_i,
    input  logic              stall_i,       // a clear comes: nothing new may start
    output logic              take_o,        // the rows are read: no access in this cycle
    output logic              hold_o,        // no clear of clr_func_i now
    output logic              idle_o,
    output logic              wr_valid_o,    // 16 B write
    input  logic              wr_ready_i,
    output snic_pkg::up_hdr_t wr_hdr_o,
    output logic [     127:0] wr_data_o,
    input  logic              wr_left_i,     // the write is out, and in order with what follows
    output logic              int_valid_o,
    input  logic              int_ready_i,
    output logic [       7:0] int_func_o,
    output logic [       3:0] int_vec_o
);
  localparam int WantW = 17;  // {write, a bit a vector}
  localparam int PaceW = $clog2(Pace);

  logic [31:0] off;
  logic hit_scratch, hit_lo, hit_hi, go;
  snic_contract_pkg::test_go_t ask;
  logic [2:0] sel_q;
  logic [31:0] scratch_n, dma_lo, dma_hi;  // scratch_n: inverted, as it reads back

  typedef enum logic [1:0] {Scan, Load, Send} state_e;
  state_e state_q;
  logic [255:0] pend_q;
  logic [7:0] func_q;
  logic [PaceW-1:0] pace_q;
  logic paced, take;

  assign ask         = op_wdata_i;
  assign off         = {17'd0, op_addr_i, 2'b00};
  assign hit_scratch = op_valid_i && off == snic_contract_pkg::REG_TEST_SCRATCH;
  assign hit_lo      = op_valid_i && off == snic_contract_pkg::REG_TEST_DMA_LO;
  assign hit_hi      = op_valid_i && off == snic_contract_pkg::REG_TEST_DMA_HI;
  assign go          = op_valid_i && op_we_i && off == snic_contract_pkg::REG_TEST_GO &&
      (ask.dma || ask.msg);
  assign paced       = pace_q == '0;
  assign take        = state_q == Scan && pend_q[func_q] && paced && !stall_i;
  assign take_o      = take;

  snic_ram #(
      .Width(32),
      .Depth(256)
  ) u_scratch (
      .clk_i,
      .wen_i  (clr_i || (hit_scratch && op_we_i)),
      .waddr_i(clr_i ? clr_func_i : op_func_i),
      .wdata_i(clr_i ? 32'd0 : ~op_wdata_i),
      .ren_i  (take || hit_scratch),
      .raddr_i(take ? func_q : op_func_i),
      .rdata_o(scratch_n)
  );
  snic_ram #(
      .Width(32),
      .Depth(256)
  ) u_dma_lo (
      .clk_i,
      .wen_i  (clr_i || (hit_lo && op_we_i)),
      .waddr_i(clr_i ? clr_func_i : op_func_i),
      .wdata_i(clr_i ? 32'd0 : op_wdata_i),
      .ren_i  (take || hit_lo),
      .raddr_i(take ? func_q : op_func_i),
      .rdata_o(dma_lo)
  );
  snic_ram #(
      .Width(32),
      .Depth(256)
  ) u_dma_hi (
      .clk_i,
      .wen_i  (clr_i || (hit_hi && op_we_i)),
      .waddr_i(clr_i ? clr_func_i : op_func_i),
      .wdata_i(clr_i ? 32'd0 : op_wdata_i),
      .ren_i  (take || hit_hi),
      .raddr_i(take ? func_q : op_func_i),
      .rdata_o(dma_hi)
  );

  always_ff @(posedge clk_i) if (op_valid_i) sel_q <= op_we_i ? 3'b000 : {hit_hi, hit_lo, hit_scratch};
  assign rdata_o = (sel_q[0] ? scratch_n : 32'd0) | (sel_q[1] ? dma_lo : 32'd0) | (sel_q[2] ? dma_hi : 32'd0);

  // --- what is asked for: read, then added to or taken; a clear meets neither ---
  logic s1_valid_q, s1_take_q, s1_byp_q;
  logic [7:0] s1_func_q;
  logic [WantW-1:0] s1_new_q, s1_was_q, want_rd, want, want_new;

  assign want     = s1_byp_q ? s1_was_q : want_rd;
  assign want_new = s1_take_q ? '0 : want | s1_new_q;
  snic_ram #(
      .Width(WantW),
      .Depth(256)
  ) u_want (
      .clk_i,
      .wen_i  (clr_i || s1_valid_q),
      .waddr_i(clr_i ? clr_func_i : s1_func_q),
      .wdata_i(clr_i ? '0 : want_new),
      .ren_i  (take || go),
      .raddr_i(take ? func_q : op_func_i),
      .rdata_o(want_rd)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      pend_q     <= '0;
    end else begin
      s1_valid_q <= take || go;
      if (go) pend_q[op_func_i] <= 1'b1;
      if (take) pend_q[func_q] <= 1'b0;
      if (clr_i) pend_q[clr_func_i] <= 1'b0;
    end
    if (take || go) begin
      s1_take_q <= take;
      s1_func_q <= take ? func_q : op_func_i;
      s1_new_q  <= {ask.dma, ask.msg ? 16'd1 << ask.vec : 16'd0};
      // The RAM gives the word from before the write of this cycle.
      s1_byp_q  <= s1_valid_q && s1_func_q == (take ? func_q : op_func_i);
      s1_was_q  <= want_new;
    end
  end

  // --- and done ---
  logic want_wr_q, wr_out_q;
  logic [15:0] vecs_q;
  logic [59:0] addr_q;  // 16 B aligned
  logic [31:0] scratch_q;
  logic [3:0] vec;

  always_comb begin
    vec = '0;
    if (state_q == Send) for (int i = 15; i >= 0; i--) if (vecs_q[i]) vec = 4'(i);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q   <= Scan;
      func_q    <= '0;
      pace_q    <= '0;
      want_wr_q <= 1'b0;
      wr_out_q  <= 1'b0;
      vecs_q    <= '0;
    end else begin
      if (!paced) pace_q <= pace_q - 1'b1;
      case (state_q)
        Scan: begin
          if (take) state_q <= Load;
          else if (go && pend_q == '0) func_q <= op_func_i;
          else if (pend_q != '0 && !pend_q[func_q]) func_q <= func_q + 1'b1;
        end
        Load: begin
          state_q   <= Send;
          want_wr_q <= want[16];
          vecs_q    <= want[15:0];
          addr_q    <= {dma_hi, dma_lo[31:4]};
          scratch_q <= ~scratch_n;
        end
        default: begin
          if (wr_valid_o && wr_ready_i) begin
            want_wr_q <= 1'b0;
            wr_out_q  <= 1'b1;
            pace_q    <= '1;
          end
          if (wr_left_i) wr_out_q <= 1'b0;
          if (int_valid_o && int_ready_i) begin
            vecs_q <= vecs_q & ~(16'd1 << vec);
            pace_q <= '1;
          end
          if (!want_wr_q && !wr_out_q && vecs_q == '0) begin
            state_q <= Scan;
            func_q  <= func_q + 1'b1;
          end
        end
      endcase
    end
  end
  logic rows;
  assign rows        = take || s1_valid_q || state_q == Load;
  assign hold_o      = rows || (state_q == Send && func_q == clr_func_i);
  assign idle_o      = pend_q == '0 && !rows && state_q == Scan && paced;
  assign wr_valid_o  = state_q == Send && want_wr_q;
  assign wr_hdr_o    = {2'(snic_pkg::UpMwr), func_q, addr_q, 4'd0, 13'd16, 8'd0};
  assign wr_data_o   = {32'd0, scratch_q, 24'd0, func_q, snic_contract_pkg::MAGIC};
  assign int_valid_o = state_q == Send && !want_wr_q && !wr_out_q && (paced || stall_i) && vecs_q != '0;
  assign int_func_o  = func_q;
  assign int_vec_o   = vec;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && clr_i && (rows || go)) $error("regs_test: a test during a clear step");
  end
`endif
endmodule
