// SPDX-License-Identifier: BSD-2-Clause
// Registers of the PTP clocks, one clock a wire port. Every function reads them; the PF sets them.
module regs_ptp (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic               op_valid_i,
    input  logic               op_we_i,
    input  logic [ 7:0]        op_func_i,
    input  logic [12:0]        op_addr_i,
    input  logic [31:0]        op_wdata_i,
    output logic [31:0]        rdata_o,     // three cycles after op_valid_i
    input  logic               clr_i,       // what function clr_func_i has latched := 0
    input  logic [ 7:0]        clr_func_i,
    input  logic [47:0]        now_i,
    output logic               busy_o,      // no access may start
    output logic               due_o,       // a clock wants to run by itself
    output logic               wake_valid_o,
    output logic [47:0]        wake_o,
    output snic_pkg::ptp_ref_t ref0_o,
    output snic_pkg::ptp_ref_t ref1_o
);
  localparam int NPort = snic_contract_pkg::N_PORT;

  logic [31:0] off;
  logic rd, wr;
  assign off = {17'd0, op_addr_i, 2'b00};
  assign rd  = op_valid_i && !op_we_i;
  assign wr  = op_valid_i && op_we_i && op_func_i == 8'd0;

  logic [NPort-1:0] busy, due, wakes;
  logic [31:0] rdata[NPort];
  logic [47:0] wake[NPort];
  snic_pkg::ptp_ref_t refs[NPort];

  for (genvar p = 0; p < NPort; p++) begin : g_port
    localparam logic [31:0] Time = snic_contract_pkg::REG_PTP_TIME_LO + p * snic_contract_pkg::STRIDE_PTP_TIME_LO;
    localparam logic [31:0] Arg = snic_contract_pkg::REG_PTP_ARG_LO + p * snic_contract_pkg::STRIDE_PTP_ARG_LO;
    localparam logic [31:0] Op = snic_contract_pkg::REG_PTP_OP + p * snic_contract_pkg::STRIDE_PTP_OP;

    logic [63:0] arg_q, ns;
    logic [7:0] func_q;
    logic [31:0] reg_q, hi;
    logic rd_lo, rd_hi, hi_q, valid, go;
    snic_contract_pkg::ptp_op_t op_wr;

    assign rd_lo = rd && off == Time;
    assign rd_hi = rd && off == Time + 32'd4;
    assign op_wr = op_wdata_i;
    assign go    = wr && off == Op && op_wr.op != 2'(snic_contract_pkg::PTPOP_NOP);

    ptp_clock u_clock (
        .clk_i,
        .rst_ni,
        .now_i,
        .op_i        (go),
        .kind_i      (op_wr.op),
        .arg_i       (arg_q),
        .busy_o      (busy[p]),
        .rd_i        (rd_lo),
        .valid_o     (valid),
        .ns_o        (ns),
        .due_o       (due[p]),
        .wake_valid_o(wakes[p]),
        .wake_o      (wake[p]),
        .ref_o       (refs[p])
    );

    // PTP_TIME_HI as latched by the function's last read of PTP_TIME_LO
    snic_ram #(
        .Width(32),
        .Depth(snic_contract_pkg::N_FUNC)
    ) u_hi (
        .clk_i,
        .wen_i  (clr_i || valid),
        .waddr_i(clr_i ? clr_func_i : func_q),
        .wdata_i(clr_i ? 32'd0 : ns[63:32]),
        .ren_i  (rd_hi),
        .raddr_i(op_func_i),
        .rdata_o(hi)
    );

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        arg_q <= '0;
      end else if (wr) begin
        if (off == Arg) arg_q[31:0] <= op_wdata_i;
        if (off == Arg + 32'd4) arg_q[63:32] <= op_wdata_i;
      end
      if (op_valid_i) begin
        func_q <= op_func_i;
        hi_q   <= rd_hi;
        reg_q  <= '0;
        if (rd && op_func_i == 8'd0 && off == Arg) reg_q <= arg_q[31:0];
        if (rd && op_func_i == 8'd0 && off == Arg + 32'd4) reg_q <= arg_q[63:32];
      end else if (valid) begin
        reg_q <= ns[31:0];
      end
    end
    logic unused;
    assign unused = &{1'b0, op_wr.pad0};
    assign rdata[p] = reg_q | (hi_q ? hi : 32'd0);
  end

  assign rdata_o      = rdata[0] | rdata[1];
  assign busy_o       = busy != '0;
  assign due_o        = due != '0;
  assign ref0_o       = refs[0];
  assign ref1_o       = refs[1];
  assign wake_valid_o = wakes != '0;
  assign wake_o       = wakes[0] && (!wakes[1] || wake[1] - wake[0] < snic_pkg::HalfTime) ? wake[0] : wake[1];

endmodule
