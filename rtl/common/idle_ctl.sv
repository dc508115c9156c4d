// SPDX-License-Identifier: BSD-2-Clause
// Whether the device is quiescent, until when, and which blocks are why not; and when clocks may be gated. Blocks are those of
// snic_blocks.def.
module idle_ctl #(
    parameter int Wakes = 1
) (
    input  logic                                rst_ni,
    input  logic                                clk_all_i,     // no clock is gated (test)
    input  logic                                init_done_i,   // of all blocks
    // Still: nothing moves in the block. What it holds then waits for an input: a completion, or another block.
    input  logic [snic_contract_pkg::N_BLOCK-1:0] still_i,
    input  logic [snic_contract_pkg::N_BLOCK-1:0] hold_i,
    // times at which blocks do something by themselves
    input  logic [Wakes-1:0]                    wake_valid_i,
    input  logic [48*Wakes-1:0]                 wake_i,
    output logic                                ungate_o,
    output logic                                quiescent_o,
    output logic [snic_contract_pkg::N_BLOCK-1:0] busy_o,
    output logic                                wake_valid_o,
    output logic [47:0]                         wake_o
);
  assign ungate_o    = !rst_ni || !init_done_i || clk_all_i;
  assign quiescent_o = init_done_i && still_i == '1;
  assign busy_o      = ~still_i | hold_i;

  // The earliest one.
  assign wake_valid_o = wake_valid_i != '0;
  always_comb begin : p_wake
    logic any;
    any    = 1'b0;
    wake_o = '0;
    for (int i = 0; i < Wakes; i++) begin
      if (wake_valid_i[i] && (!any || wake_i[48*i+:48] - wake_o >= snic_pkg::HalfTime)) wake_o = wake_i[48*i+:48];
      any = any || wake_valid_i[i];
    end
  end
endmodule
