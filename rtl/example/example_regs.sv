// SPDX-License-Identifier: BSD-2-Clause
// Registers, the interrupt, and when the rings run.
module example_regs
  import example_pkg::*;
(
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        flr_i,
    input  logic        bus_master_i,
    input  logic        link_i,
    input  logic        we_i,
    input  logic [11:0] addr_i,
    input  logic [31:0] wdata_i,
    output logic [31:0] rdata_o,
    output logic        stop_o,      // no new TLP begins
    output logic        run_o,
    output logic        ring_rst_o,  // rings forget where they were
    input  logic        tlp_busy_i,
    output logic        work_o,      // something of this changes by itself
    output logic [63:0] tx_base_o,
    output logic [63:0] rx_base_o,
    output logic [15:0] tx_tail_o,
    output logic [15:0] rx_tail_o,
    input  logic [15:0] tx_head_i,
    input  logic [15:0] rx_head_i,
    input  logic        tx_done_i,
    input  logic        rx_done_i,
    input  logic        rx_drop_i,
    input  logic        tx_error_i,
    input  logic        rx_error_i,
    output logic        irq_valid_o,
    input  logic        irq_ready_i
);
  logic enable_q, run_q, armed_q, event_q, irq_q;
  logic [31:0] dropped_q, tx_errors_q, rx_errors_q;
  logic want;

  // Rings run when the driver has switched them on and the host lets the function master the bus. When they stop, the TLP that
  // is on its way is finished first.
  assign want = enable_q && bus_master_i && !flr_i;
  assign stop_o = !want;
  assign run_o = run_q && want;
  assign work_o = run_q != want || tx_done_i || rx_done_i || rx_drop_i || tx_error_i || rx_error_i ||
                  (armed_q && event_q && run_o);
  assign ring_rst_o = !run_q;
  assign irq_valid_o = irq_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {enable_q, run_q, armed_q, event_q, irq_q} <= '0;
      {tx_base_o, rx_base_o, tx_tail_o, rx_tail_o} <= '0;
      {dropped_q, tx_errors_q, rx_errors_q} <= '0;
    end else begin
      run_q <= want || (run_q && tlp_busy_i);
      dropped_q <= dropped_q + 32'(rx_drop_i);
      tx_errors_q <= tx_errors_q + 32'(tx_error_i);
      rx_errors_q <= rx_errors_q + 32'(rx_error_i);
      if (irq_ready_i) irq_q <= 1'b0;
      if (tx_done_i || rx_done_i) event_q <= 1'b1;
      if (armed_q && event_q && !irq_q && run_o) begin
        irq_q   <= 1'b1;
        armed_q <= 1'b0;
        event_q <= tx_done_i || rx_done_i;
      end
      if (we_i) begin
        unique case ({20'd0, addr_i})
          CTRL:    enable_q <= wdata_i[0];
          ARM:     armed_q <= wdata_i[0];
          TX_LO:   tx_base_o[31:0] <= wdata_i;
          TX_HI:   tx_base_o[63:32] <= wdata_i;
          TX_TAIL: tx_tail_o <= wdata_i[15:0];
          RX_LO:   rx_base_o[31:0] <= wdata_i;
          RX_HI:   rx_base_o[63:32] <= wdata_i;
          RX_TAIL: rx_tail_o <= wdata_i[15:0];
          default: ;
        endcase
      end
      if (!run_q && !want) begin
        {armed_q, event_q} <= '0;
      end
      if (flr_i) begin
        {enable_q, armed_q, event_q, irq_q} <= '0;
        {tx_base_o, rx_base_o, tx_tail_o, rx_tail_o} <= '0;
        {dropped_q, tx_errors_q, rx_errors_q} <= '0;
      end
    end
  end

  always_comb begin
    unique case ({20'd0, addr_i})
      ID:         rdata_o = ID_VALUE;
      CTRL:       rdata_o = {31'd0, enable_q};
      STATUS:     rdata_o = {30'd0, run_q, link_i};
      TX_LO:      rdata_o = tx_base_o[31:0];
      TX_HI:      rdata_o = tx_base_o[63:32];
      TX_TAIL:    rdata_o = {16'd0, tx_tail_o};
      TX_HEAD:    rdata_o = {16'd0, tx_head_i};
      RX_LO:      rdata_o = rx_base_o[31:0];
      RX_HI:      rdata_o = rx_base_o[63:32];
      RX_TAIL:    rdata_o = {16'd0, rx_tail_o};
      RX_HEAD:    rdata_o = {16'd0, rx_head_i};
      RX_DROPPED: rdata_o = dropped_q;
      TX_ERRORS:  rdata_o = tx_errors_q;
      RX_ERRORS:  rdata_o = rx_errors_q;
      default:    rdata_o = '0;
    endcase
  end
endmodule
