// SPDX-License-Identifier: BSD-2-Clause
// Identity registers: constants, what the shell says of links and clock, and the number of the function that asks.
module regs_id #(
    parameter logic [31:0] BuildHash = 32'd0
) (
    input  logic        clk_i,
    input  logic [19:0] link0_mbps_i,
    input  logic [19:0] link1_mbps_i,
    input  logic [ 3:0] pcie_gen_i,
    input  logic [ 5:0] pcie_lanes_i,
    input  logic [23:0] clock_khz_i,
    input  logic        op_valid_i,
    input  logic        op_we_i,
    input  logic [ 7:0] op_func_i,
    input  logic [12:0] op_addr_i,
    output logic [31:0] rdata_o
);
  snic_contract_pkg::pcie_link_t pcie_link;
  always_comb begin
    pcie_link       = '0;
    pcie_link.gen   = pcie_gen_i;
    pcie_link.lanes = pcie_lanes_i;
  end
  always_ff @(posedge clk_i) begin
    if (op_valid_i) begin
      rdata_o <= 32'd0;
      if (!op_we_i)
        case ({17'd0, op_addr_i, 2'b00})
          snic_contract_pkg::REG_MAGIC:      rdata_o <= snic_contract_pkg::RESET_MAGIC;
          snic_contract_pkg::REG_VERSION:    rdata_o <= snic_contract_pkg::RESET_VERSION;
          snic_contract_pkg::REG_BUILD:      rdata_o <= BuildHash;
          snic_contract_pkg::REG_CAP_QUEUES: rdata_o <= snic_contract_pkg::RESET_CAP_QUEUES;
          snic_contract_pkg::REG_CAP_FLOWS:  rdata_o <= snic_contract_pkg::RESET_CAP_FLOWS;
          snic_contract_pkg::REG_CAP_RULES:  rdata_o <= snic_contract_pkg::RESET_CAP_RULES;
          snic_contract_pkg::REG_FUNC:       rdata_o <= {24'd0, op_func_i};
          snic_contract_pkg::REG_LINK_SPEED: rdata_o <= {12'd0, link0_mbps_i};
          snic_contract_pkg::REG_LINK_SPEED + snic_contract_pkg::STRIDE_LINK_SPEED: rdata_o <= {12'd0, link1_mbps_i};
          snic_contract_pkg::REG_PCIE_LINK:  rdata_o <= pcie_link;
          snic_contract_pkg::REG_CLOCK_KHZ:  rdata_o <= {8'd0, clock_khz_i};
          default: ;
        endcase
    end
  end
endmodule
