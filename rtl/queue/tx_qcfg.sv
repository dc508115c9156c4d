// SPDX-License-Identifier: BSD-2-Clause
// Queue registers and doorbells of the TX queues. A queue that is enabled anew starts a new epoch: all other
// state of the queue carries the epoch it was written in, and counts as zero in another one. So a restart is
// one write here, whatever is still under way from before. What stays behind in RAMs is wiped at each restart
// (wipe_o), so that no epoch ever means an old one again; lines under way live for less than 2^EpochW restarts take.
module tx_qcfg #(
    parameter int EpochW = 32
) (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic                 init_i,      // sweep after reset
    input  logic [10:0]          init_qid_i,
    input  snic_pkg::qcfg_wr_t   qcfg_wr_i,
    input  snic_pkg::doorbell_t  doorbell_i,
    input  logic [255:0]         func_en_i,
    output logic                 doorbell_refused_o,
    // function reset: registers of one queue back to their reset values
    input  logic                 clear_valid_i,
    output logic                 clear_ready_o,
    input  logic [10:0]          clear_qid_i,
    // a doorbell was taken; its tail can be read from the next cycle on
    output logic                 db_valid_o,
    output logic [10:0]          db_qid_o,
    output logic                 db_same_o,   // with the tail that is there already
    // a new epoch begins
    output logic                 wipe_o,
    output logic [10:0]          wipe_qid_o,
    // scheduler's read port, data one cycle later
    input  logic                 sched_ren_i,
    input  logic [10:0]          sched_qid_i,
    output logic                 sched_en_o,
    output logic [EpochW-1:0]    sched_epoch_o,
    output logic [3:0]           sched_log2_o,
    output logic [57:0]          sched_base_o,       // in 64 B
    output logic [EpochW-1:0]    sched_tail_epoch_o,
    output logic [15:0]          sched_tail_o,
    // tx_desc's read port, data one cycle later
    input  logic                 desc_ren_i,
    input  logic [10:0]          desc_qid_i,
    output logic                 desc_en_o,
    output logic [EpochW-1:0]    desc_epoch_o,
    // tx_out's read port, data one cycle later
    input  logic                 done_ren_i,
    input  logic [10:0]          done_qid_i,
    output logic                 done_en_o,
    output logic [EpochW-1:0]    done_epoch_o,
    // write-back's read port, data one cycle later
    input  logic                 wb_ren_i,
    input  logic [10:0]          wb_qid_i,
    output logic                 wb_en_o,
    output logic [EpochW-1:0]    wb_epoch_o,
    output logic                 wb_irq_o,
    output logic [3:0]           wb_vec_o,
    output logic [59:0]          wb_addr_o,          // in 16 B
    output logic                 idle_o
);
  localparam int NQueue = snic_contract_pkg::N_QUEUE;
  localparam int EpEnW = EpochW + 1;

  // Base and write-back address: four RAMs of one dword, written as they come.
  logic [3:0] dw_we;
  logic [10:0] dw_qid;
  logic [31:0] dw_data;
  logic [127:0] dw_out;
  logic wipe;

  assign clear_ready_o = !qcfg_wr_i.valid;
  assign wipe          = init_i || (clear_valid_i && clear_ready_o);
  assign dw_qid        = init_i ? init_qid_i : wipe ? clear_qid_i : qcfg_wr_i.qid;
  assign dw_data       = wipe ? 32'd0 : qcfg_wr_i.data;

  for (genvar d = 0; d < 4; d++) begin : gen_dword
    assign dw_we[d] = wipe || (qcfg_wr_i.valid && qcfg_wr_i.idx == 4'(d));
    snic_ram #(
        .Width(32),
        .Depth(NQueue)
    ) u_ram (
        .clk_i,
        .wen_i  (dw_we[d]),
        .waddr_i(dw_qid),
        .wdata_i(dw_data),
        .ren_i  (d < 2 ? sched_ren_i : wb_ren_i),
        .raddr_i(d < 2 ? sched_qid_i : wb_qid_i),
        .rdata_o(dw_out[32*d+:32])
    );
  end
  assign sched_base_o = dw_out[63:6];
  assign wb_addr_o    = dw_out[127:68];
  logic [9:0] unused;  // what is left out for alignment
  assign unused = {dw_out[67:64], dw_out[5:0]};

  // TXQ_CFG: read the old epoch and enable, one cycle later write the new ones.
  logic cfg_take, cfg_q, cfg_en_q, cfg_irq_q;
  logic [10:0] cfg_qid, cfg_qid_q;
  logic [3:0] cfg_vec_q, cfg_log2_q;
  snic_contract_pkg::txq_cfg_t wr_cfg;
  logic [EpEnW-1:0] cfg_ram, cfg_old, cfg_new;
  logic last_q;  // the write before, which a read of the same cycle has missed
  logic [10:0] last_qid_q;
  logic [EpEnW-1:0] last_new_q;

  assign cfg_take = (clear_valid_i && clear_ready_o) || (qcfg_wr_i.valid && qcfg_wr_i.idx == 4'(snic_contract_pkg::QREG_TXQ_CFG));
  assign wr_cfg   = qcfg_wr_i.data;
  assign cfg_qid  = qcfg_wr_i.valid ? qcfg_wr_i.qid : clear_qid_i;
  assign cfg_old  = last_q && last_qid_q == cfg_qid_q ? last_new_q : cfg_ram;
  assign cfg_new  = {cfg_old[EpEnW-1:1] + EpochW'(cfg_en_q && !cfg_old[0]), cfg_en_q};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cfg_q  <= 1'b0;
      last_q <= 1'b0;
    end else begin
      cfg_q  <= cfg_take;
      last_q <= cfg_q;
    end
    if (cfg_take) begin
      cfg_qid_q  <= cfg_qid;
      cfg_en_q   <= qcfg_wr_i.valid && wr_cfg.enable;
      cfg_irq_q  <= qcfg_wr_i.valid && wr_cfg.irq;
      cfg_vec_q  <= wr_cfg.vec;
      cfg_log2_q <= wr_cfg.log2;
    end
    if (cfg_q) begin
      last_qid_q <= cfg_qid_q;
      last_new_q <= cfg_new;
    end
  end

  // One copy for each reader, of what it needs.
  logic cfg_we;
  logic [10:0] cfg_wqid;
  logic [EpEnW-1:0] cfg_wdata, db_ram;

  assign cfg_we    = init_i || cfg_q;
  assign cfg_wqid  = init_i ? init_qid_i : cfg_qid_q;
  assign cfg_wdata = init_i ? '0 : cfg_new;

  snic_ram #(
      .Width(EpEnW),
      .Depth(NQueue)
  ) u_cfg_self (
      .clk_i,
      .wen_i  (cfg_we),
      .waddr_i(cfg_wqid),
      .wdata_i(cfg_wdata),
      .ren_i  (cfg_take),
      .raddr_i(cfg_qid),
      .rdata_o(cfg_ram)
  );
  snic_ram #(
      .Width(EpEnW),
      .Depth(NQueue)
  ) u_cfg_db (
      .clk_i,
      .wen_i  (cfg_we),
      .waddr_i(cfg_wqid),
      .wdata_i(cfg_wdata),
      .ren_i  (doorbell_i.valid),
      .raddr_i(doorbell_i.qid),
      .rdata_o(db_ram)
  );
  snic_ram #(
      .Width(EpEnW + 4),
      .Depth(NQueue)
  ) u_cfg_sched (
      .clk_i,
      .wen_i  (cfg_we),
      .waddr_i(cfg_wqid),
      .wdata_i({cfg_log2_q, cfg_wdata}),
      .ren_i  (sched_ren_i),
      .raddr_i(sched_qid_i),
      .rdata_o({sched_log2_o, sched_epoch_o, sched_en_o})
  );
  snic_ram #(
      .Width(EpEnW),
      .Depth(NQueue)
  ) u_cfg_desc (
      .clk_i,
      .wen_i  (cfg_we),
      .waddr_i(cfg_wqid),
      .wdata_i(cfg_wdata),
      .ren_i  (desc_ren_i),
      .raddr_i(desc_qid_i),
      .rdata_o({desc_epoch_o, desc_en_o})
  );
  snic_ram #(
      .Width(EpEnW),
      .Depth(NQueue)
  ) u_cfg_done (
      .clk_i,
      .wen_i  (cfg_we),
      .waddr_i(cfg_wqid),
      .wdata_i(cfg_wdata),
      .ren_i  (done_ren_i),
      .raddr_i(done_qid_i),
      .rdata_o({done_epoch_o, done_en_o})
  );
  snic_ram #(
      .Width(EpEnW + 5),
      .Depth(NQueue)
  ) u_cfg_wb (
      .clk_i,
      .wen_i  (cfg_we),
      .waddr_i(cfg_wqid),
      .wdata_i({cfg_irq_q, cfg_vec_q, cfg_wdata}),
      .ren_i  (wb_ren_i),
      .raddr_i(wb_qid_i),
      .rdata_o({wb_irq_o, wb_vec_o, wb_epoch_o, wb_en_o})
  );

  // Doorbell: the tail goes into the queue's mailbox with the epoch it was meant for. A later one overwrites
  // it: no storm of doorbells can fill anything.
  logic db_q, db_take;
  logic [10:0] db_qid_q;
  logic [15:0] db_tail_q;
  logic [EpEnW-1:0] db_cfg;

  assign db_cfg             = last_q && last_qid_q == db_qid_q ? last_new_q : db_ram;
  assign db_take            = db_q && db_cfg[0] && func_en_i[db_qid_q[10:3]];
  assign doorbell_refused_o = db_q && !db_take;
  assign db_valid_o         = db_take;
  assign db_qid_o           = db_qid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) db_q <= 1'b0;
    else db_q <= doorbell_i.valid;
    if (doorbell_i.valid) begin
      db_qid_q  <= doorbell_i.qid;
      db_tail_q <= doorbell_i.tail;
    end
  end

  // Two copies: for the scheduler, and to see that a doorbell brings nothing. Registers and doorbells come one a
  // cycle and stay in order, so the wiped tail and a new one never want to be written at once.
  logic tail_we, tail_last_q;
  logic [10:0] tail_qid, tail_last_qid_q;
  logic [EpochW+15:0] tail_new, tail_ram, tail_old, tail_last_new_q;

  assign wipe_o     = cfg_q && cfg_en_q && !cfg_old[0];
  assign wipe_qid_o = cfg_qid_q;
  assign tail_we    = wipe_o || db_take;
  assign tail_qid   = wipe_o ? cfg_qid_q : db_qid_q;
  assign tail_new   = wipe_o ? {cfg_new[EpEnW-1:1], 16'd0} : {db_cfg[EpEnW-1:1], db_tail_q};
  assign tail_old   = tail_last_q && tail_last_qid_q == db_qid_q ? tail_last_new_q : tail_ram;
  assign db_same_o  = tail_old == tail_new;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) tail_last_q <= 1'b0;
    else tail_last_q <= tail_we;
    if (tail_we) begin
      tail_last_qid_q <= tail_qid;
      tail_last_new_q <= tail_new;
    end
  end

  snic_ram #(
      .Width(EpochW + 16),
      .Depth(NQueue)
  ) u_tail (
      .clk_i,
      .wen_i  (tail_we),
      .waddr_i(tail_qid),
      .wdata_i(tail_new),
      .ren_i  (sched_ren_i),
      .raddr_i(sched_qid_i),
      .rdata_o({sched_tail_epoch_o, sched_tail_o})
  );
  snic_ram #(
      .Width(EpochW + 16),
      .Depth(NQueue)
  ) u_tail_db (
      .clk_i,
      .wen_i  (tail_we),
      .waddr_i(tail_qid),
      .wdata_i(tail_new),
      .ren_i  (doorbell_i.valid),
      .raddr_i(doorbell_i.qid),
      .rdata_o(tail_ram)
  );

  assign idle_o = !cfg_q && !db_q && !last_q && !tail_last_q;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) if (rst_ni && wipe_o && db_take) $error("tx_qcfg: a doorbell beside an enable");
`endif
endmodule
