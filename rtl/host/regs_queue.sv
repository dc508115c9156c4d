// SPDX-License-Identifier: BSD-2-Clause
// Queue registers and RSS indirection of all functions: kept in RAM so that they read back, and told to the
// engines as they are written. A window reaches only its own function's queues, since the function number is
// part of the address. What engines rely on is made true here: aligned addresses, and no enable with a ring
// size out of range. Whether a queue that was switched off is still busy is its engine's to say: it is asked as
// TXQ_CFG or RXQ_CFG is read.
module regs_queue (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  op_valid_i,
    input  logic                  op_we_i,
    input  logic [           7:0] op_func_i,
    input  logic [          12:0] op_addr_i,
    input  logic [          31:0] op_wdata_i,
    output logic [          31:0] rdata_o,
    // clear step clr_step_i (0..15) of function clr_func_i; no access comes in the same cycle
    input  logic                  clr_i,
    input  logic [           7:0] clr_func_i,
    input  logic [           3:0] clr_step_i,
    input  logic                  clr_tell_i,   // tell the engines too
    output snic_pkg::qcfg_wr_t    qcfg_wr_o,
    output snic_pkg::indir_wr_t   indir_wr_o,
    output snic_pkg::doorbell_t   tx_doorbell_o,
    output snic_pkg::doorbell_t   rx_doorbell_o,
    output snic_pkg::qask_t       qask_o,
    input  logic                  tx_busy_i,    // answers to qask_o
    input  logic                  rx_busy_i
);
  // of each direction: base low/high, write-back record or completion ring low/high, config
  localparam int NReg = 5;
  localparam logic [2:0] BaseLo = 3'(snic_contract_pkg::QREG_TXQ_BASE_LO), RecLo = 3'(snic_contract_pkg::QREG_TXQ_WB_LO),
      Cfg = 3'(snic_contract_pkg::QREG_TXQ_CFG);

  logic [14:2] off;  // numbered as the byte address
  logic [2:0] queue, idx;
  logic rx, hit_queue, hit_indir, hit_bell, wr_queue, wr_indir, ring_ok;
  logic [31:0] wdata;
  snic_contract_pkg::txq_cfg_t cfg;  // LOG2 and ENABLE of RXQ_CFG are where TXQ_CFG has them

  assign off       = op_addr_i;
  assign queue     = off[8:6];
  assign rx        = off[5];
  assign idx       = off[4:2];
  assign hit_queue = op_valid_i && off[14:9] == 6'(snic_contract_pkg::REG_TXQ_BASE_LO >> 9) && idx < 3'(NReg);
  assign hit_indir = op_valid_i && off[14:6] == 9'(snic_contract_pkg::REG_RSS_INDIR >> 6);
  assign hit_bell  = op_valid_i && off[14:6] == 9'(snic_contract_pkg::REG_TX_TAIL >> 6) && op_we_i;
  assign wr_queue  = hit_queue && op_we_i;
  assign wr_indir  = hit_indir && op_we_i;

  assign cfg     = op_wdata_i;
  assign ring_ok = {28'd0, cfg.log2} >= snic_contract_pkg::RING_LOG2_MIN &&
      {28'd0, cfg.log2} < snic_contract_pkg::RING_LOG2_MAX + 1;
  always_comb begin
    wdata = op_wdata_i;
    case (idx)
      BaseLo:  wdata = op_wdata_i & (rx ? snic_contract_pkg::WMASK_RXQ_BASE_LO : snic_contract_pkg::WMASK_TXQ_BASE_LO);
      RecLo:   wdata = op_wdata_i & (rx ? snic_contract_pkg::WMASK_RXQ_CPL_LO : snic_contract_pkg::WMASK_TXQ_WB_LO);
      Cfg:     wdata = op_wdata_i & (rx ? snic_contract_pkg::WMASK_RXQ_CFG : snic_contract_pkg::WMASK_TXQ_CFG);
      default: ;
    endcase
    if (idx == Cfg && !ring_ok) wdata[snic_contract_pkg::TXQ_CFG_ENABLE_LSB] = 1'b0;
  end

  // One RAM a register: a clear step takes all registers of a queue.
  logic [31:0] queue_rdata[2*NReg];
  logic [3:0] rd_q;
  logic rd_queue_q, rd_indir_q, rd_tx_cfg_q, rd_rx_cfg_q;
  logic [31:0] indir_rdata;
  for (genvar i = 0; i < 2 * NReg; i++) begin : g_reg
    logic hit;
    assign hit = rx == 1'(i / NReg) && idx == 3'(i % NReg);
    snic_ram #(
        .Width(32),
        .Depth(snic_contract_pkg::N_QUEUE)
    ) u_ram (
        .clk_i,
        .wen_i  ((clr_i && !clr_step_i[3]) || (wr_queue && hit)),
        .waddr_i(clr_i ? {clr_func_i, clr_step_i[2:0]} : {op_func_i, queue}),
        .wdata_i(clr_i ? 32'd0 : wdata),
        .ren_i  (hit_queue && !op_we_i && hit),
        .raddr_i({op_func_i, queue}),
        .rdata_o(queue_rdata[i])
    );
  end

  snic_ram #(
      .Width(32),
      .Depth(4096)
  ) u_indir (
      .clk_i,
      .wen_i  (clr_i || wr_indir),
      .waddr_i(clr_i ? {clr_func_i, clr_step_i} : {op_func_i, off[5:2]}),
      .wdata_i(clr_i ? 32'd0 : op_wdata_i),
      .ren_i  (hit_indir && !op_we_i),
      .raddr_i({op_func_i, off[5:2]}),
      .rdata_o(indir_rdata)
  );

  always_ff @(posedge clk_i) begin
    if (op_valid_i) begin
      rd_queue_q <= hit_queue && !op_we_i;
      rd_indir_q <= hit_indir && !op_we_i;
      rd_q       <= {1'b0, idx} + (rx ? 4'(NReg) : 4'd0);

      rd_tx_cfg_q <= hit_queue && !op_we_i && idx == Cfg && !rx;
      rd_rx_cfg_q <= hit_queue && !op_we_i && idx == Cfg && rx;
    end
  end
  logic busy;
  assign busy    = (rd_tx_cfg_q && tx_busy_i) || (rd_rx_cfg_q && rx_busy_i);
  assign rdata_o = (rd_queue_q ? queue_rdata[rd_q] : 32'd0) | (rd_indir_q ? indir_rdata : 32'd0) |
      ({31'd0, busy} << snic_contract_pkg::TXQ_CFG_BUSY_LSB);

  // Told one cycle later, all with the same delay: a doorbell stays behind the enable before it.
  logic qcfg_valid_q, indir_valid_q, tx_bell_q, rx_bell_q, ask_q, ask_rx_q;
  logic [46:0] qcfg_q;
  logic [43:0] indir_q;
  logic [26:0] bell_q;
  logic [10:0] ask_qid_q;
  logic tell_clr, tell_queue;
  assign tell_clr   = clr_i && clr_tell_i;
  assign tell_queue = tell_clr && !clr_step_i[3];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      qcfg_valid_q  <= 1'b0;
      indir_valid_q <= 1'b0;
      tx_bell_q     <= 1'b0;
      rx_bell_q     <= 1'b0;
      ask_q         <= 1'b0;
    end else begin
      qcfg_valid_q  <= wr_queue || tell_queue;
      indir_valid_q <= wr_indir || tell_clr;
      tx_bell_q     <= hit_bell && !off[2];
      rx_bell_q     <= hit_bell && off[2];
      ask_q         <= hit_queue && !op_we_i && idx == Cfg;
    end
    if (hit_queue) {ask_rx_q, ask_qid_q} <= {rx, op_func_i, queue};
    if (wr_queue) qcfg_q <= {op_func_i, queue, rx, idx, wdata};
    else if (tell_queue) qcfg_q <= {clr_func_i, clr_step_i[2:0], 4'(snic_pkg::QcfgClear), 32'd0};
    if (wr_indir) indir_q <= {op_func_i, off[5:2], op_wdata_i};
    else if (tell_clr) indir_q <= {clr_func_i, clr_step_i, 32'd0};
    if (hit_bell) bell_q <= {op_func_i, off[5:3], op_wdata_i[15:0]};
  end
  assign qcfg_wr_o     = {qcfg_valid_q, qcfg_q};
  assign indir_wr_o    = {indir_valid_q, indir_q};
  assign tx_doorbell_o = {tx_bell_q, bell_q};
  assign rx_doorbell_o = {rx_bell_q, bell_q};
  assign qask_o        = {ask_q, ask_rx_q, ask_qid_q};

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && clr_i && (wr_queue || wr_indir)) $error("regs_queue: write during a clear step");
  end
`endif
endmodule
