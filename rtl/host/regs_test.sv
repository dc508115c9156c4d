// SPDX-License-Identifier: BSD-2-Clause
// Self-test registers: a driver proves MMIO, DMA and interrupts before a packet flows. The message of TEST_GO
// goes out after the write of the same TEST_GO has left (drained_i), so that whoever gets it finds the data.
module regs_test (
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
    output logic              busy_o,
    output logic              wr_valid_o,    // 16 B write
    input  logic              wr_ready_i,
    output snic_pkg::up_hdr_t wr_hdr_o,
    output logic [     127:0] wr_data_o,
    input  logic              drained_i,     // no write of ours is on its way to the link
    output logic              int_valid_o,
    input  logic              int_ready_i,
    output logic [       7:0] int_func_o,
    output logic [       3:0] int_vec_o
);
  logic [31:0] off;
  logic hit_scratch, hit_lo, hit_hi, go;
  logic [2:0] sel_q;
  logic [31:0] scratch_n, dma_lo, dma_hi;  // scratch_n: inverted, as it reads back
  logic want_wr_q, want_int_q;
  logic [7:0] func_q;
  logic [3:0] vec_q;

  assign off         = {17'd0, op_addr_i, 2'b00};
  assign hit_scratch = op_valid_i && off == snic_contract_pkg::REG_TEST_SCRATCH;
  assign hit_lo      = op_valid_i && off == snic_contract_pkg::REG_TEST_DMA_LO;
  assign hit_hi      = op_valid_i && off == snic_contract_pkg::REG_TEST_DMA_HI;
  assign go          = op_valid_i && op_we_i && off == snic_contract_pkg::REG_TEST_GO &&
      op_wdata_i[1:0] != 2'b00;

  snic_ram #(
      .Width(32),
      .Depth(256)
  ) u_scratch (
      .clk_i,
      .wen_i  (clr_i || (hit_scratch && op_we_i)),
      .waddr_i(clr_i ? clr_func_i : op_func_i),
      .wdata_i(clr_i ? 32'd0 : ~op_wdata_i),
      .ren_i  (go || hit_scratch),
      .raddr_i(op_func_i),
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
      .ren_i  (go || hit_lo),
      .raddr_i(op_func_i),
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
      .ren_i  (go || hit_hi),
      .raddr_i(op_func_i),
      .rdata_o(dma_hi)
  );

  always_ff @(posedge clk_i) if (op_valid_i) sel_q <= op_we_i ? 3'b000 : {hit_hi, hit_lo, hit_scratch};
  assign rdata_o = (sel_q[0] ? scratch_n : 32'd0) | (sel_q[1] ? dma_lo : 32'd0) | (sel_q[2] ? dma_hi : 32'd0);

  // The rows are read by the write that starts it; MMIO stands still while busy, so they stay as read.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      want_wr_q  <= 1'b0;
      want_int_q <= 1'b0;
    end else if (go) begin
      want_wr_q  <= op_wdata_i[0];
      want_int_q <= op_wdata_i[1];
    end else begin
      if (wr_valid_o && wr_ready_i) want_wr_q <= 1'b0;
      if (int_valid_o && int_ready_i) want_int_q <= 1'b0;
    end
    if (go) begin
      func_q <= op_func_i;
      vec_q  <= op_wdata_i[11:8];
    end
  end
  assign busy_o      = want_wr_q || want_int_q;
  assign wr_valid_o  = want_wr_q;
  assign wr_hdr_o    = {2'(snic_pkg::UpMwr), func_q, dma_hi, dma_lo[31:4], 4'd0, 13'd16, 8'd0};
  assign wr_data_o   = {32'd0, ~scratch_n, 24'd0, func_q, snic_contract_pkg::MAGIC};
  assign int_valid_o = want_int_q && !want_wr_q && drained_i;
  assign int_func_o  = func_q;
  assign int_vec_o   = vec_q;
endmodule
