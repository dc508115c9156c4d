// SPDX-License-Identifier: BSD-2-Clause
// All counters and the window to them (STAT_SEL, STAT_LO, STAT_HI), which each function has for itself.
//
// ev0_i, ev1_i: pulses, numbered as STAT_*; two, for counters with two sources (two wire ports, TX and RX
// engine, read and write side): both may come in one cycle. Counters 0..7 count packets and bytes of the
// wires from the p*_ ports. Counters of functions: each source has columns of its own, so all may count in
// the same cycle.
module regs_stats (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        op_valid_i,
    input  logic        op_we_i,
    input  logic [ 7:0] op_func_i,
    input  logic [12:0] op_addr_i,
    input  logic [31:0] op_wdata_i,
    output logic [31:0] rdata_o,
    input  logic        clr_i,           // counters and window of clr_func_i := 0
    input  logic [ 7:0] clr_func_i,
    input  logic        clr_shared_i,    // shared counter clr_func_i := 0 (power-up)
    output logic        hold_o,          // a clear, or a read that latches STAT_HI, is under way
    output logic        busy_o,          // something is still to be written
    input  logic [snic_contract_pkg::EVENT_LAST:snic_contract_pkg::EVENT_BASE] ev0_i,
    input  logic [snic_contract_pkg::EVENT_LAST:snic_contract_pkg::EVENT_BASE] ev1_i,
    input  logic        p0_rx_i,
    input  logic [13:0] p0_rx_bytes_i,
    input  logic        p0_tx_i,
    input  logic [13:0] p0_tx_bytes_i,
    input  logic        p1_rx_i,
    input  logic [13:0] p1_rx_bytes_i,
    input  logic        p1_tx_i,
    input  logic [13:0] p1_tx_bytes_i,
    input  logic        count_i,         // COUNT action
    input  logic [ 7:0] count_idx_i,
    input  logic        rx_i,            // frame delivered to a function
    input  logic [ 7:0] rx_func_i,
    input  logic [13:0] rx_bytes_i,
    input  logic        tx_i,            // frame read from a function
    input  logic [ 7:0] tx_func_i,
    input  logic [13:0] tx_bytes_i,
    input  logic        rx_drop_i,
    input  logic [ 7:0] rx_drop_func_i,
    input  logic        tx_drop_i,
    input  logic [ 7:0] tx_drop_func_i,
    output logic        util_rd_o,       // utilisation: answer one cycle later
    output logic [ 5:0] util_idx_o,
    input  logic [47:0] util_data_i
);
  localparam int First = snic_contract_pkg::EVENT_BASE;
  localparam int NGlobal = snic_contract_pkg::EVENT_LAST + 1;
  localparam int NFunc = snic_contract_pkg::N_FSTAT;

  // --- the card's ---
  logic [63:0] global_q[NGlobal];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      for (int i = 0; i < NGlobal; i++) global_q[i] <= 64'd0;
    end else begin
      if ((ev0_i | ev1_i) != '0) begin
        for (int i = First; i < NGlobal; i++)
          if (ev0_i[i] || ev1_i[i]) global_q[i] <= global_q[i] + (ev0_i[i] && ev1_i[i] ? 64'd2 : 64'd1);
      end
      if (p0_rx_i) begin
        global_q[snic_contract_pkg::STAT_P0_RX_PKTS]  <= global_q[snic_contract_pkg::STAT_P0_RX_PKTS] + 64'd1;
        global_q[snic_contract_pkg::STAT_P0_RX_BYTES] <=
            global_q[snic_contract_pkg::STAT_P0_RX_BYTES] + {50'd0, p0_rx_bytes_i};
      end
      if (p0_tx_i) begin
        global_q[snic_contract_pkg::STAT_P0_TX_PKTS]  <= global_q[snic_contract_pkg::STAT_P0_TX_PKTS] + 64'd1;
        global_q[snic_contract_pkg::STAT_P0_TX_BYTES] <=
            global_q[snic_contract_pkg::STAT_P0_TX_BYTES] + {50'd0, p0_tx_bytes_i};
      end
      if (p1_rx_i) begin
        global_q[snic_contract_pkg::STAT_P1_RX_PKTS]  <= global_q[snic_contract_pkg::STAT_P1_RX_PKTS] + 64'd1;
        global_q[snic_contract_pkg::STAT_P1_RX_BYTES] <=
            global_q[snic_contract_pkg::STAT_P1_RX_BYTES] + {50'd0, p1_rx_bytes_i};
      end
      if (p1_tx_i) begin
        global_q[snic_contract_pkg::STAT_P1_TX_PKTS]  <= global_q[snic_contract_pkg::STAT_P1_TX_PKTS] + 64'd1;
        global_q[snic_contract_pkg::STAT_P1_TX_BYTES] <=
            global_q[snic_contract_pkg::STAT_P1_TX_BYTES] + {50'd0, p1_tx_bytes_i};
      end
    end
  end

  // --- in RAM: column 0..5 FSTAT_*, 6 shared ---
  logic [6:0] col_clr, col_busy, col_v;
  logic [7:0] col_idx[7];
  logic [13:0] col_add[7];
  logic [63:0] col_data[7];
  logic [6:0] col_rd;
  logic [7:0] col_rd_idx;

  always_comb begin
    col_v = {count_i, tx_drop_i, rx_drop_i, tx_i, tx_i, rx_i, rx_i};
    for (int i = 0; i < 7; i++) col_add[i] = 14'd1;
    col_add[snic_contract_pkg::FSTAT_RX_BYTES] = rx_bytes_i;
    col_add[snic_contract_pkg::FSTAT_TX_BYTES] = tx_bytes_i;
    col_idx[snic_contract_pkg::FSTAT_RX_PKTS]  = rx_func_i;
    col_idx[snic_contract_pkg::FSTAT_RX_BYTES] = rx_func_i;
    col_idx[snic_contract_pkg::FSTAT_TX_PKTS]  = tx_func_i;
    col_idx[snic_contract_pkg::FSTAT_TX_BYTES] = tx_func_i;
    col_idx[snic_contract_pkg::FSTAT_RX_DROP]  = rx_drop_func_i;
    col_idx[snic_contract_pkg::FSTAT_TX_DROP]  = tx_drop_func_i;
    col_idx[NFunc]                             = count_idx_i;
  end
  for (genvar i = 0; i < 7; i++) begin : g_col
    stat_col u_col (
        .clk_i,
        .rst_ni,
        .valid_i  (col_v[i]),
        .idx_i    (col_idx[i]),
        .add_i    (col_add[i]),
        .clr_i    (i < NFunc ? clr_i : clr_shared_i),
        .clr_idx_i(clr_func_i),
        .clr_busy_o(col_clr[i]),
        .busy_o   (col_busy[i]),
        .rd_i     (col_rd[i]),
        .rd_idx_i (col_rd_idx),
        .rd_data_o(col_data[i])
    );
  end

  // --- window ---
  logic [14:2] off;
  logic hit_sel, rd_lo, rd_hi;
  snic_contract_pkg::stat_sel_t sel;
  logic [31:0] hi;
  logic sel_q, hi_q;            // answer comes from these RAMs
  logic at1_q, at2_q, at3_q;    // steps of a read of STAT_LO
  logic [7:0] func_q;
  logic is_func, is_global, is_shared;
  logic func2_q, global2_q, shared2_q, util2_q;
  logic [5:0] idx2_q;
  logic [63:0] value_q;
  assign off     = op_addr_i;
  assign hit_sel = op_valid_i && off == 13'(snic_contract_pkg::REG_STAT_SEL >> 2);
  assign rd_lo   = op_valid_i && !op_we_i && off == 13'(snic_contract_pkg::REG_STAT_LO >> 2);
  assign rd_hi   = op_valid_i && !op_we_i && off == 13'(snic_contract_pkg::REG_STAT_HI >> 2);

  snic_ram #(
      .Width(32),
      .Depth(256)
  ) u_sel (
      .clk_i,
      .wen_i  (clr_i || (hit_sel && op_we_i)),
      .waddr_i(clr_i ? clr_func_i : op_func_i),
      .wdata_i(clr_i ? 32'd0 : op_wdata_i & snic_contract_pkg::WMASK_STAT_SEL),
      .ren_i  (rd_lo || (hit_sel && !op_we_i)),
      .raddr_i(op_func_i),
      .rdata_o(sel)
  );
  snic_ram #(
      .Width(32),
      .Depth(256)
  ) u_hi (
      .clk_i,
      .wen_i  (clr_i || at3_q),
      .waddr_i(clr_i ? clr_func_i : func_q),
      .wdata_i(clr_i ? 32'd0 : value_q[63:32]),
      .ren_i  (rd_hi),
      .raddr_i(op_func_i),
      .rdata_o(hi)
  );

  // Only the PF sees others and the card's.
  assign is_func    = at1_q && sel.per_func && sel.index < 10'(NFunc);
  assign is_global  = at1_q && !sel.per_func && func_q == 8'd0 && sel.index < 10'(NGlobal);
  assign is_shared  = at1_q && !sel.per_func && func_q == 8'd0 &&
      sel.index[9:8] == 2'(snic_contract_pkg::STAT_COUNT_BASE >> 8);
  assign util_rd_o  = at1_q && !sel.per_func && func_q == 8'd0 && sel.index[9:6] == 4'(snic_contract_pkg::UTIL_BASE >> 6);
  assign util_idx_o = sel.index[5:0];
  assign col_rd_idx = is_shared ? sel.index[7:0] : func_q == 8'd0 ? sel.func : func_q;
  assign col_rd     = {is_shared, {6{is_func}}};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      {at1_q, at2_q, at3_q} <= 3'b000;
    end else begin
      at1_q <= rd_lo;
      at2_q <= at1_q;
      at3_q <= at2_q;
    end
    if (op_valid_i) begin
      sel_q   <= hit_sel && !op_we_i;
      hi_q    <= rd_hi;
      func_q  <= op_func_i;
      value_q <= 64'd0;
    end
    if (at1_q) begin
      func2_q   <= is_func;
      global2_q <= is_global;
      shared2_q <= is_shared;
      util2_q   <= util_rd_o;
      idx2_q    <= sel.index[5:0];
    end
    if (at2_q) begin
      if (func2_q) value_q <= col_data[idx2_q[2:0]];
      if (global2_q) value_q <= global_q[idx2_q];
      if (shared2_q) value_q <= col_data[NFunc];
      if (util2_q) value_q <= {16'd0, util_data_i};
    end
  end
  assign rdata_o = value_q[31:0] | (sel_q ? sel : 32'd0) | (hi_q ? hi : 32'd0);
  assign hold_o  = col_clr != 7'd0 || at1_q || at2_q || at3_q;
  assign busy_o  = col_busy != 7'd0 || hold_o;
endmodule
