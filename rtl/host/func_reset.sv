// SPDX-License-Identifier: BSD-2-Clause
// What a function may do (enable, bus mastering), and its reset: by its own FUNC_CTRL, by the PF's FT_RESET,
// or by a function-level reset from the link. A request takes effect on the enable at once and is then worked
// off one function at a time: both engines flush it, then its state in the registers and in MSI-X is cleared.
// Power-up clears all functions the same way, without the engines, which clear themselves.
module func_reset (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             init_done_i,      // of all blocks
    input  snic_pkg::cfg_t   cfg_i,
    input  logic             ctrl_we_i,        // FUNC_CTRL
    input  logic [      7:0] ctrl_func_i,
    input  logic             ctrl_enable_i,
    input  logic             ctrl_reset_i,
    input  logic             pf_req_i,         // FT_RESET
    input  logic [      7:0] pf_func_i,
    input  logic             tx_qerr_i,
    input  logic [      7:0] tx_qerr_func_i,
    input  logic             rx_qerr_i,
    input  logic [      7:0] rx_qerr_func_i,
    output logic [    255:0] enable_o,
    output logic [    255:0] bme_o,
    output logic [    255:0] busy_o,           // reset asked for and not done
    output logic [    255:0] qerr_o,           // a queue stopped since the last reset
    output logic             tx_flush_valid_o,
    output logic [      7:0] tx_flush_func_o,
    input  logic             tx_flush_done_i,
    output logic             rx_flush_valid_o,
    output logic [      7:0] rx_flush_func_o,
    input  logic             rx_flush_done_i,
    output logic             msix_clr_o,
    output logic [      7:0] msix_clr_func_o,
    input  logic             hold_i,           // accesses under way that the clearing must not meet
    output logic             stall_o,          // no access may start
    output logic             clr_o,            // clear step clr_step_o of function clr_func_o
    output logic             clr_row_o,        // in its first step: what is one row a function
    output logic [      7:0] clr_func_o,
    output logic [      3:0] clr_step_o,
    output logic             init_done_o,
    output logic             idle_o
);
  localparam logic [1:0] StInit = 2'd0, StIdle = 2'd1, StFlush = 2'd2, StClear = 2'd3;

  logic [1:0] state_q;
  logic [7:0] func_q;
  logic [3:0] step_q;
  logic tx_wait_q, rx_wait_q, cleared_q;
  logic flr, done;
  logic [7:0] cfg_func;
  logic cfg_valid, cfg_bme_we, cfg_bme, cfg_flr;

  assign {cfg_valid, cfg_func, cfg_bme_we, cfg_bme, cfg_flr} = cfg_i;
  assign flr = cfg_valid && cfg_flr;

  // The last clear may wait for a gap between events (hold_i).
  assign done = state_q == StClear && cleared_q && !hold_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      state_q   <= StInit;
      func_q    <= 8'd0;
      step_q    <= 4'd0;
      tx_wait_q <= 1'b0;
      rx_wait_q <= 1'b0;
      cleared_q <= 1'b0;
    end else begin
      case (state_q)
        StInit: begin
          step_q <= step_q + 4'd1;
          if (step_q == 4'd15) begin
            func_q <= func_q + 8'd1;
            if (func_q == 8'd255) state_q <= StIdle;
          end
        end
        StIdle:
        if (init_done_i && busy_o != '0) begin
          if (busy_o[func_q]) begin
            state_q   <= StFlush;
            tx_wait_q <= 1'b1;
            rx_wait_q <= 1'b1;
          end else begin
            func_q <= func_q + 8'd1;
          end
        end
        StFlush: begin
          if (tx_flush_done_i) tx_wait_q <= 1'b0;
          if (rx_flush_done_i) rx_wait_q <= 1'b0;
          cleared_q <= 1'b0;
          if (!tx_wait_q && !rx_wait_q && !hold_i) state_q <= StClear;
        end
        default: begin
          if (!cleared_q) step_q <= step_q + 4'd1;
          if (step_q == 4'd15) cleared_q <= 1'b1;
          if (done) state_q <= StIdle;
        end
      endcase
    end
  end

  // A request in the very cycle in which a reset ends starts another one.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      enable_o <= '0;
      bme_o    <= '0;
      busy_o   <= '0;
      qerr_o   <= '0;
    end else begin
      if (done) begin
        busy_o[func_q] <= 1'b0;
        qerr_o[func_q] <= 1'b0;
      end
      if (tx_qerr_i) qerr_o[tx_qerr_func_i] <= 1'b1;
      if (rx_qerr_i) qerr_o[rx_qerr_func_i] <= 1'b1;
      if (ctrl_we_i) begin
        enable_o[ctrl_func_i] <= ctrl_enable_i && !ctrl_reset_i;
        if (ctrl_reset_i) busy_o[ctrl_func_i] <= 1'b1;
      end
      if (pf_req_i) begin
        enable_o[pf_func_i] <= 1'b0;
        busy_o[pf_func_i]   <= 1'b1;
      end
      if (flr) begin
        enable_o[cfg_func] <= 1'b0;
        busy_o[cfg_func]   <= 1'b1;
        bme_o[cfg_func]    <= 1'b0;
      end
      if (cfg_valid && cfg_bme_we) bme_o[cfg_func] <= cfg_bme;
    end
  end

  // From the cycle in which hold_i is looked at, nothing new starts.
  assign stall_o          = state_q == StClear || (state_q == StFlush && !tx_wait_q && !rx_wait_q);
  assign tx_flush_valid_o = tx_wait_q;
  assign rx_flush_valid_o = rx_wait_q;
  assign tx_flush_func_o  = func_q;
  assign rx_flush_func_o  = func_q;
  assign clr_o            = state_q == StInit || (state_q == StClear && !cleared_q);
  assign clr_row_o        = clr_o && step_q == 4'd0;
  assign clr_func_o       = func_q;
  assign clr_step_o       = step_q;
  assign msix_clr_o       = state_q == StClear && clr_row_o;
  assign msix_clr_func_o  = func_q;
  assign init_done_o      = state_q != StInit;
  assign idle_o           = state_q == StIdle && busy_o == '0;
endmodule
