// SPDX-License-Identifier: BSD-2-Clause
// Registers of a function as such: control, status, MAC, device time, interrupt arming. Enable and reset
// themselves live in func_reset; what is kept here is in RAM rows, one a function.
module regs_func (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic                 op_valid_i,
    input  logic                 op_we_i,
    input  logic [          7:0] op_func_i,
    input  logic [         12:0] op_addr_i,
    input  logic [         31:0] op_wdata_i,
    output logic [         31:0] rdata_o,
    input  logic                 clr_i,         // row clr_func_i := reset values
    input  logic [          7:0] clr_func_i,
    input  logic                 clr_mac_i,     // its MAC too: only at power-up, it belongs to the PF
    input  logic [         47:0] now_i,
    input  logic [          1:0] link_i,
    input  logic [        255:0] enable_i,
    input  logic [        255:0] busy_i,
    input  logic [        255:0] qerr_i,
    input  logic                 init_done_i,
    input  snic_pkg::ft_wr_t     ft_wr_i,
    output logic                 ctrl_we_o,     // FUNC_CTRL written by op_func_i
    output logic                 ctrl_enable_o,
    output logic                 ctrl_reset_o,
    output snic_pkg::int_arm_t   int_arm_o
);
  logic [31:0] off;
  logic rd, rd_time_hi, rd_mac, arm;
  logic [2:0] sel_q;  // time hi, MAC low, MAC high
  logic [31:0] reg_q;
  logic [15:0] time_hi;
  logic [47:0] mac;
  logic [28:0] arm_q;
  snic_contract_pkg::func_ctrl_t ctrl, ctrl_rd;
  snic_contract_pkg::func_status_t status;
  snic_contract_pkg::int_arm_t arm_wr;

  assign off        = {17'd0, op_addr_i, 2'b00};
  assign rd         = op_valid_i && !op_we_i;
  assign rd_time_hi = rd && off == snic_contract_pkg::REG_TIME_HI;
  assign rd_mac     = rd && (off == snic_contract_pkg::REG_FUNC_MAC_LO ||
      off == snic_contract_pkg::REG_FUNC_MAC_HI);

  assign ctrl_we_o     = op_valid_i && op_we_i && off == snic_contract_pkg::REG_FUNC_CTRL;
  assign ctrl          = op_wdata_i;
  assign ctrl_enable_o = ctrl.enable;
  assign ctrl_reset_o  = ctrl.reset;

  always_comb begin
    ctrl_rd          = '0;
    ctrl_rd.enable   = enable_i[op_func_i];
    ctrl_rd.reset    = busy_i[op_func_i] || !init_done_i;
    status           = '0;
    status.resetting = ctrl_rd.reset;
    status.qerr      = qerr_i[op_func_i];
    status.link      = link_i;
  end

  // TIME_HI as latched by the function's last read of TIME_LO
  snic_ram #(
      .Width(16),
      .Depth(256)
  ) u_time_hi (
      .clk_i,
      .wen_i  (clr_i || (rd && off == snic_contract_pkg::REG_TIME_LO)),
      .waddr_i(clr_i ? clr_func_i : op_func_i),
      .wdata_i(clr_i ? 16'd0 : now_i[47:32]),
      .ren_i  (rd_time_hi),
      .raddr_i(op_func_i),
      .rdata_o(time_hi)
  );

  snic_ram #(
      .Width(48),
      .Depth(256)
  ) u_mac (
      .clk_i,
      .wen_i  (clr_mac_i || ft_wr_i.valid),
      .waddr_i(clr_mac_i ? clr_func_i : ft_wr_i.func),
      .wdata_i(clr_mac_i ? 48'd0 : ft_wr_i.mac),
      .ren_i  (rd_mac),
      .raddr_i(op_func_i),
      .rdata_o(mac)
  );

  always_ff @(posedge clk_i) begin
    if (op_valid_i) begin
      sel_q <= {rd_mac && off[2], rd_mac && !off[2], rd_time_hi};
      reg_q <= 32'd0;
      if (rd)
        case (off)
          snic_contract_pkg::REG_TIME_LO: reg_q <= now_i[31:0];
          snic_contract_pkg::REG_FUNC_CTRL:
          reg_q <= ctrl_rd;
          snic_contract_pkg::REG_FUNC_STATUS:
          reg_q <= status;
          default: ;
        endcase
    end
  end
  // Software sees the first byte on the wire in bits 7:0.
  assign rdata_o = reg_q | (sel_q[0] ? {16'd0, time_hi} : 32'd0) |
      (sel_q[1] ? {mac[23:16], mac[31:24], mac[39:32], mac[47:40]} : 32'd0) |
      (sel_q[2] ? {16'd0, mac[7:0], mac[15:8]} : 32'd0);

  assign arm = op_valid_i && op_we_i && off[14:6] == 9'(snic_contract_pkg::REG_INT_ARM >> 6);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) arm_q <= '0;
    else if (arm || arm_q[28]) arm_q <= {arm, op_func_i, off[5:2], arm_wr.gap};
  end
  assign arm_wr    = op_wdata_i;
  assign int_arm_o = arm_q;

  logic unused;
  assign unused = &{1'b0, ft_wr_i.vlan, ft_wr_i.flags, arm_wr.pad0, ctrl.pad0};
endmodule
