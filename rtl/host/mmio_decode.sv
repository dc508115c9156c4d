// SPDX-License-Identifier: BSD-2-Clause
// MMIO requests -> single register accesses, in order, low half before high half; one write a cycle. A read
// waits for the register blocks (their answers, ORed, stand RdCycles after op_valid_o) and ends as one
// completion with both halves.
module mmio_decode #(
    parameter int RdCycles = 4
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic                mmio_valid_i,
    output logic                mmio_ready_o,
    input  snic_pkg::mmio_req_t mmio_i,
    // one 32-bit access; addr counts dwords
    output logic                op_valid_o,
    output logic                op_we_o,
    output logic [         7:0] op_func_o,
    output logic [        12:0] op_addr_o,
    output logic [        31:0] op_wdata_o,
    input  logic [        31:0] rdata_i,
    input  logic                stall_i,     // no access may start now
    input  logic                wr_block_i,  // a write of op_func_o does nothing now
    // completions
    output logic                cpl_valid_o,
    input  logic                cpl_ready_i,
    output logic [         7:0] cpl_func_o,
    output logic [         7:0] cpl_tag_o,
    output logic [        63:0] cpl_data_o,
    output logic                idle_o
);
  localparam int ReqW = 1 + 8 + 15 + 8 + 64 + 8;  // mmio_req_t
  localparam int CntW = $clog2(RdCycles + 1);

  logic req_valid, req_done;
  logic [ReqW-1:0] req;
  logic we;
  logic [7:0] be;
  logic [63:0] wdata;
  logic [14:0] addr;
  logic [1:0] want;  // halves that are to be accessed
  logic half_q, sel, last, none, start, wait_q, got;
  logic [CntW-1:0] cnt_q;
  logic [63:0] data_q;

  snic_skid #(
      .Width(ReqW)
  ) u_in (
      .clk_i,
      .rst_ni,
      .valid_i(mmio_valid_i),
      .ready_o(mmio_ready_o),
      .data_i (mmio_i),
      .valid_o(req_valid),
      .ready_i(req_done),
      .data_o (req)
  );
  assign {we, op_func_o, addr, be, wdata, cpl_tag_o} = req;

  // A register is written whole or not at all; it is read if any of its bytes is wanted (reads have side
  // effects).
  assign want = we ? {be[7:4] == 4'hf, be[3:0] == 4'hf} : {be[7:4] != 4'h0, be[3:0] != 4'h0};
  assign none = want == 2'b00;
  assign sel  = half_q || !want[0];
  assign last = none || sel || !want[1];

  assign start      = req_valid && !none && !stall_i && !wait_q && !cpl_valid_o;
  assign op_valid_o = start && !(we && wr_block_i);
  assign op_we_o    = we;
  assign op_addr_o  = {addr[14:3], sel};
  assign op_wdata_o = sel ? wdata[63:32] : wdata[31:0];

  assign got        = wait_q && cnt_q == CntW'(RdCycles);
  assign req_done   = we ? none || (start && last) : cpl_valid_o && cpl_ready_i;
  assign cpl_func_o = op_func_o;
  assign cpl_data_o = data_q;
  assign idle_o     = !req_valid;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      half_q      <= 1'b0;
      wait_q      <= 1'b0;
      cpl_valid_o <= 1'b0;
    end else if (req_valid) begin
      if (req_done) half_q <= 1'b0;
      else if (we ? start : got) half_q <= 1'b1;

      if (start && !we) wait_q <= 1'b1;
      else if (got) wait_q <= 1'b0;

      if (!we && (none || (got && last))) cpl_valid_o <= 1'b1;
      if (cpl_valid_o && cpl_ready_i) cpl_valid_o <= 1'b0;
    end
    if (start) cnt_q <= CntW'(1);
    else if (wait_q) cnt_q <= cnt_q + 1'b1;
    if (got) begin
      if (sel) data_q[63:32] <= rdata_i;
      else data_q[31:0] <= rdata_i;
    end else if (!wait_q && !half_q && !cpl_valid_o) begin
      data_q <= '0;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && req_valid && addr[2:0] != 3'd0) $error("mmio_decode: address %h is not aligned", addr);
  end
`endif
endmodule
