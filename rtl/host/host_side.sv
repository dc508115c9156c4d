// SPDX-License-Identifier: BSD-2-Clause
// Between packet buffers, pipeline and PCIe: both queue engines, floods, interrupts, and the arbiters that their reads and
// writes go through. Only wires and clock gates. (Registers, which configure all of it, are regs.)
module host_side #(
    parameter int NBuf = snic_pkg::NBuf,
    parameter int BufCells = 2048,             // of the host's packet buffer
    parameter int Depth = 4096                 // of the egress FIFO: more than all slots
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  logic                      ungate_i,        // every clock runs
    input  logic [47:0]               now_i,
    input  logic [12:0]               mps_i,
    input  logic [12:0]               mrrs_i,
    // PCIe
    output logic                      up_valid_o,
    input  logic                      up_ready_i,
    output logic                      up_sop_o,
    output logic                      up_eop_o,
    output snic_pkg::up_hdr_t         up_hdr_o,
    output logic [511:0]              up_data_o,
    output logic                      rd_valid_o,
    input  logic                      rd_ready_i,
    output snic_pkg::rd_req_t         rd_o,
    input  logic                      cpl_valid_i,
    output logic                      cpl_ready_o,
    input  logic                      cpl_sop_i,
    input  logic                      cpl_eop_i,
    input  snic_pkg::cpl_hdr_t        cpl_hdr_i,
    input  logic [511:0]              cpl_data_i,
    // packet buffers: frames of functions go into the host's, frames for functions come from all
    output snic_pkg::buf_wr_t         wr_o,
    output snic_pkg::to_wr_t          to_wr_o,
    output logic [511:0]              wr_lo_data_o,
    output logic [63:0]               wr_lo_be_o,
    output logic [511:0]              wr_hi_data_o,
    output logic [63:0]               wr_hi_be_o,
    input  snic_pkg::buf_free_t       free_i,
    output snic_pkg::buf_rd_t         buf_rd_o,
    input  logic [NBuf-1:0]           buf_gnt_i,
    input  logic [512*NBuf-1:0]       buf_data_i,
    // pipeline
    input  logic                      push_i,
    input  snic_pkg::egress_t         rec_i,
    input  snic_pkg::edit_wr_t        edit_wr_i,
    input  snic_pkg::flood_t          flood_i,
    output snic_pkg::flood_free_t     flood_free_o,
    input  snic_pkg::func_t           fdrop_i,         // a frame that a function sent is dropped
    // registers: their own TLPs and interrupts
    input  logic                      regs_up_valid_i,
    output logic                      regs_up_ready_o,
    input  logic                      regs_up_sop_i,
    input  logic                      regs_up_eop_i,
    input  snic_pkg::up_hdr_t         regs_up_hdr_i,
    input  logic [511:0]              regs_up_data_i,
    input  logic                      test_int_valid_i,
    output logic                      test_int_ready_o,
    input  snic_pkg::int_t            test_int_i,
    input  logic                      mbox_int_valid_i,
    output logic                      mbox_int_ready_o,
    input  snic_pkg::int_t            mbox_int_i,
    // configuration
    input  logic [255:0]              bme_i,
    input  logic [255:0]              func_en_i,
    input  snic_pkg::qcfg_wr_t        qcfg_wr_i,
    input  snic_pkg::indir_wr_t       indir_wr_i,
    input  snic_pkg::ft_wr_t          ft_wr_i,
    input  snic_pkg::doorbell_t       tx_doorbell_i,
    input  snic_pkg::doorbell_t       rx_doorbell_i,
    input  snic_pkg::qask_t           qask_i,
    output logic                      tx_busy_o,
    output logic                      rx_busy_o,
    input  snic_pkg::int_arm_t        int_arm_i,
    output logic                      arm_held_o,
    input  logic [15:0]               cpl_timeout_i,
    input  logic [31:0]               rd_timeout_i,
    input  snic_pkg::func_t           tx_flush_i,
    output logic                      tx_flush_done_o,
    input  snic_pkg::func_t           rx_flush_i,
    output logic                      rx_flush_done_o,
    input  snic_pkg::func_t           msix_clear_i,
    // what happened
    output logic [snic_contract_pkg::EVENT_LAST:snic_contract_pkg::EVENT_BASE] ev0_o,
    output logic [snic_contract_pkg::EVENT_LAST:snic_contract_pkg::EVENT_BASE] ev1_o,
    output snic_pkg::func_t           tx_qerr_o,
    output snic_pkg::func_t           rx_qerr_o,
    output snic_pkg::func_stat_t      tx_stat_o,
    output snic_pkg::func_stat_t      rx_stat_o,
    output snic_pkg::func_t           tx_drop_o,
    output snic_pkg::func_t           rx_drop_o,
    // utilisation: stations, and levels over time
    output snic_pkg::util_tx_t        util_tx_o,
    output snic_pkg::util_rx_t        util_rx_o,
    output logic                      util_wb_valid_o,   // a write-back, and whether it goes
    output logic                      util_wb_ready_o,
    output logic [47:0]               tags_tx_desc_o,
    output logic [47:0]               tags_tx_data_o,
    output logic [47:0]               tags_rx_desc_o,
    output logic [47:0]               bytes_under_way_o,
    output logic [47:0]               rings_posted_o,
    output logic [47:0]               lines_by_tags_o,
    output logic [47:0]               reads_by_tags_o,
    // see idle_ctl
    output logic                      tx_idle_o,
    output logic                      rx_idle_o,
    output logic                      rd_idle_o,
    output logic                      up_idle_o,
    output logic                      msix_idle_o,
    output logic                      drops_idle_o,
    output logic                      tx_empty_o,
    output logic                      rx_empty_o,
    output logic                      rd_empty_o,
    output logic [2:0]                wake_valid_o,
    output logic [3*48-1:0]           wake_o,
    output logic                      init_done_o
);
  logic clk_tx, clk_rx, clk_pcie, clk_msix;
  logic tx_init, rx_init, msix_init;
  assign init_done_o = tx_init && rx_init && msix_init;

  // Reads of host memory, and who gets what comes.
  logic tdrd_valid, tdrd_ready, trd_valid, trd_ready, rdrd_valid, rdrd_ready;
  snic_pkg::rd_req_t tdrd, trd, rdrd;
  logic dcpl_valid, dcpl_sop, dcpl_eop;
  logic [2:0] dcpl_sel;
  snic_pkg::cpl_hdr_t dcpl_hdr;
  logic [511:0] dcpl_data;

  // Writes: RX, write-back of TX, MSI-X.
  logic rx_up_valid, rx_up_ready, rx_up_sop, rx_up_eop;
  logic wb_up_valid, wb_up_ready, wb_up_sop, wb_up_eop;
  logic msi_up_valid, msi_up_ready, msi_up_sop, msi_up_eop;
  snic_pkg::up_hdr_t rx_up_hdr, wb_up_hdr, msi_up_hdr;
  logic [511:0] rx_up_data, wb_up_data, msi_up_data;

  logic tx_int_valid, tx_int_ready, rx_int_valid, rx_int_ready;
  snic_pkg::int_t tx_int, rx_int;

  logic tx_drop_dma, tx_drop_desc, tx_db_refused, rx_db_refused, rd_refused, up_refused;
  logic rd_unexpected, rd_expired, rd_late, cpl_flush, msix_sent;
  logic [2:0] rx_drop_cause;
  always_comb begin
    ev0_o = '0;
    ev1_o = '0;
    ev0_o[snic_contract_pkg::STAT_DROP_RX_DISABLED] = rx_drop_o.valid && rx_drop_cause == 3'd0;
    ev0_o[snic_contract_pkg::STAT_DROP_RX_NO_DESC]  = rx_drop_o.valid && rx_drop_cause == 3'd1;
    ev0_o[snic_contract_pkg::STAT_DROP_RX_TOO_LONG] = rx_drop_o.valid && rx_drop_cause == 3'd2;
    ev0_o[snic_contract_pkg::STAT_DROP_RX_DMA]      = rx_drop_o.valid && rx_drop_cause == 3'd3;
    ev0_o[snic_contract_pkg::STAT_DROP_RX_SLOW]     = rx_drop_o.valid && rx_drop_cause == 3'd4;
    ev0_o[snic_contract_pkg::STAT_DROP_TX_DMA]      = tx_drop_dma;
    ev0_o[snic_contract_pkg::STAT_DROP_TX_DESC]     = tx_drop_desc;
    ev0_o[snic_contract_pkg::STAT_DMA_REFUSED]      = rd_refused;
    ev1_o[snic_contract_pkg::STAT_DMA_REFUSED]      = up_refused;
    ev0_o[snic_contract_pkg::STAT_DOORBELL_REFUSED] = tx_db_refused;
    ev1_o[snic_contract_pkg::STAT_DOORBELL_REFUSED] = rx_db_refused;
    ev0_o[snic_contract_pkg::STAT_RX_CPL_FLUSH]     = cpl_flush;
    ev0_o[snic_contract_pkg::STAT_MSIX_SENT]        = msix_sent;
    ev0_o[snic_contract_pkg::STAT_CPL_UNEXPECTED]   = rd_unexpected;
    ev0_o[snic_contract_pkg::STAT_CPL_TIMEOUT]      = rd_expired;
    ev0_o[snic_contract_pkg::STAT_CPL_LATE]         = rd_late;
  end

  // --------------------------------------------------------------------------------------- from functions to the card
  snic_clk_gate u_gate_tx (
      .clk_i,
      .en_i (ungate_i || !tx_idle_o || (dcpl_valid && dcpl_sel[1:0] != '0) || qcfg_wr_i.valid || tx_doorbell_i.valid ||
          qask_i.valid || tx_flush_i.valid),
      .clk_o(clk_tx)
  );
  assign wr_o.undo     = 1'b0;
  assign to_wr_o.valid = wr_o.commit && wr_o.commit_src == '0;  // no other function may say so
  assign to_wr_o.slot  = wr_o.commit_slot;
  tx_engine #(
      .Cells(BufCells)
  ) u_tx (
      .clk_i(clk_tx),
      .rst_ni,
      .qcfg_wr_i,
      .doorbell_i        (tx_doorbell_i),
      .doorbell_refused_o(tx_db_refused),
      .qask_i,
      .busy_o            (tx_busy_o),
      .func_en_i,
      .now_i,
      .mrrs_i,
      .flush_valid_i     (tx_flush_i.valid),
      .flush_func_i      (tx_flush_i.func),
      .flush_done_o      (tx_flush_done_o),
      .drd_valid_o       (tdrd_valid),
      .drd_ready_i       (tdrd_ready),
      .drd_o             (tdrd),
      .dcpl_valid_i      (dcpl_valid && dcpl_sel[0]),
      .dcpl_hdr_i        (dcpl_hdr),
      .dcpl_data_i       (dcpl_data),
      .rd_valid_o        (trd_valid),
      .rd_ready_i        (trd_ready),
      .rd_o              (trd),
      .cpl_valid_i       (dcpl_valid && dcpl_sel[1]),
      .cpl_sop_i         (dcpl_sop),
      .cpl_eop_i         (dcpl_eop),
      .cpl_hdr_i         (dcpl_hdr),
      .cpl_data_i        (dcpl_data),
      .alloc_o           (wr_o.alloc),
      .alloc_cells_o     (wr_o.alloc_cells),
      .alloc_ok_i        (free_i.ok),
      .alloc_slot_i      (free_i.slot),
      .alloc_cell_i      (free_i.cell_idx),
      .free_slots_i      (free_i.slots),
      .free_cells_i      (free_i.cells),
      .wr_valid_o        (wr_o.valid),
      .wr_slot_o         (wr_o.slot),
      .wr_cell_o         (wr_o.cell_idx),
      .wr_lo_data_o,
      .wr_lo_be_o,
      .wr_hi_valid_o     (wr_o.hi_valid),
      .wr_hi_data_o,
      .wr_hi_be_o,
      .commit_o          (wr_o.commit),
      .commit_slot_o     (wr_o.commit_slot),
      .commit_cell_o     (wr_o.commit_cell),
      .commit_len_o      (wr_o.commit_len),
      .commit_src_o      (wr_o.commit_src),
      .commit_to_o       (to_wr_o.to),
      .up_valid_o        (wb_up_valid),
      .up_ready_i        (wb_up_ready),
      .up_sop_o          (wb_up_sop),
      .up_eop_o          (wb_up_eop),
      .up_hdr_o          (wb_up_hdr),
      .up_data_o         (wb_up_data),
      .int_valid_o       (tx_int_valid),
      .int_ready_i       (tx_int_ready),
      .int_func_o        (tx_int.func),
      .int_vec_o         (tx_int.vec),
      .qerr_valid_o      (tx_qerr_o.valid),
      .qerr_func_o       (tx_qerr_o.func),
      .stat_valid_o      (tx_stat_o.valid),
      .stat_func_o       (tx_stat_o.func),
      .stat_bytes_o      (tx_stat_o.bytes),
      .drop_dma_o        (tx_drop_dma),
      .drop_desc_o       (tx_drop_desc),
      .util_o            (util_tx_o),
      .util_bytes_o      (bytes_under_way_o),
      .util_rings_o      (rings_posted_o),
      .util_lines_o      (lines_by_tags_o),
      .util_reads_o      (reads_by_tags_o),
      .idle_o            (tx_idle_o),
      .empty_o           (tx_empty_o),
      .init_done_o       (tx_init)
  );
  assign util_wb_valid_o = wb_up_valid;
  assign util_wb_ready_o = wb_up_ready;

  // A function's frames are dropped in two places, which may do so in the same cycle. Both together are no more than
  // the frames that were read, so the few of them that wait never fill the FIFO.
  logic late_valid;
  logic [7:0] late_func;
  logic [6:0] late_count;
  snic_fifo #(
      .Width(8),
      .Depth(64)
  ) u_dma_drops (
      .clk_i,
      .rst_ni,
      .valid_i(tx_drop_dma),
      .ready_o(),
      .data_i (tx_stat_o.func),
      .valid_o(late_valid),
      .ready_i(!fdrop_i.valid),
      .data_o (late_func),
      .count_o(late_count)
  );
  assign tx_drop_o.valid = fdrop_i.valid || late_valid;
  assign tx_drop_o.func  = fdrop_i.valid ? fdrop_i.func : late_func;
  assign drops_idle_o    = !late_valid;

  // --------------------------------------------------------------------------------------- from the card to functions
  logic rec_valid, rec_ready, rec_empty, engine_idle, store_idle;
  snic_pkg::egress_t rec;
  assign rx_idle_o = engine_idle && rec_empty && store_idle;
  snic_clk_gate u_gate_rx (
      .clk_i,
      .en_i (ungate_i || !rx_idle_o || push_i || (dcpl_valid && dcpl_sel[2]) || qcfg_wr_i.valid || indir_wr_i.valid ||
          ft_wr_i.valid || rx_doorbell_i.valid || qask_i.valid || rx_flush_i.valid || edit_wr_i.valid),
      .clk_o(clk_rx)
  );
  snic_ram_fifo #(
      .Width(snic_pkg::EgressW),
      .Depth(Depth)
  ) u_recs (
      .clk_i(clk_rx),
      .rst_ni,
      .valid_i(push_i && !flood_i.valid),
      .ready_o(),
      .data_i (rec_i),
      .valid_o(rec_valid),
      .ready_i(rec_ready),
      .data_o (rec),
      .empty_o(rec_empty),
      .still_o()
  );

  // Flooded frames wait beside it, so that neither holds up the other.
  logic flr_valid, flr_ready;
  logic [255:0] flr_map;
  snic_pkg::egress_t flr;
  snic_pkg::buf_rd_t rx_rd;
  logic [NBuf-1:0] rx_gnt;
  logic [511:0] rx_data2;
  flood_store u_floods (
      .clk_i(clk_rx),
      .rst_ni,
      .push_i       (flood_i.valid),
      .rec_i,
      .map_i        (flood_i.funcs),
      .cell_i       (flood_i.cell_idx),
      .slot_i       (flood_i.slot),
      .pool_i       (flood_i.pool),
      .free_o       (flood_free_o.valid),
      .free_pool_o  (flood_free_o.pool),
      .free_cells_o (flood_free_o.cells),
      .free_func_o  (flood_free_o.func),
      .valid_o      (flr_valid),
      .ready_i      (flr_ready),
      .rec_o        (flr),
      .map_o        (flr_map),
      .rx_req_i     (rx_rd.req),
      .rx_cell_i    (rx_rd.cell_idx),
      .rx_gnt_o     (rx_gnt),
      .rx_data2_o   (rx_data2),
      .rx_rel_i     (rx_rd.rel),
      .rx_rel_slot_i(rx_rd.rel_slot),
      .rd_req_o     (buf_rd_o.req),
      .rd_cell_o    (buf_rd_o.cell_idx),
      .rd_gnt_i     (buf_gnt_i),
      .rd_data0_i   (buf_data_i[0+:512]),
      .rd_data1_i   (buf_data_i[512+:512]),
      .rd_data2_i   (buf_data_i[1024+:512]),
      .rel_o        (buf_rd_o.rel),
      .rel_slot_o   (buf_rd_o.rel_slot),
      .idle_o       (store_idle)
  );

  rx_engine u_rx (
      .clk_i(clk_rx),
      .rst_ni,
      .rec_valid_i       (rec_valid),
      .rec_ready_o       (rec_ready),
      .rec_i             (rec),
      .flood_valid_i     (flr_valid),
      .flood_ready_o     (flr_ready),
      .flood_i           (flr),
      .flood_map_i       (flr_map),
      .edit_wr_i,
      .ft_wr_i,
      .indir_wr_i,
      .qcfg_wr_i,
      .doorbell_i        (rx_doorbell_i),
      .doorbell_refused_o(rx_db_refused),
      .qask_i,
      .busy_o            (rx_busy_o),
      .func_en_i,
      .now_i,
      .cpl_timeout_i,
      .mps_i,
      .flush_valid_i     (rx_flush_i.valid),
      .flush_func_i      (rx_flush_i.func),
      .flush_done_o      (rx_flush_done_o),
      .drd_valid_o       (rdrd_valid),
      .drd_ready_i       (rdrd_ready),
      .drd_o             (rdrd),
      .dcpl_valid_i      (dcpl_valid && dcpl_sel[2]),
      .dcpl_hdr_i        (dcpl_hdr),
      .dcpl_data_i       (dcpl_data),
      .rd_req_o          (rx_rd.req),
      .rd_cell_o         (rx_rd.cell_idx),
      .rd_gnt_i          (rx_gnt),
      .rd_data0_i        (buf_data_i[0+:512]),
      .rd_data1_i        (buf_data_i[512+:512]),
      .rd_data2_i        (rx_data2),
      .rel_o             (rx_rd.rel),
      .rel_slot_o        (rx_rd.rel_slot),
      .up_valid_o        (rx_up_valid),
      .up_ready_i        (rx_up_ready),
      .up_sop_o          (rx_up_sop),
      .up_eop_o          (rx_up_eop),
      .up_hdr_o          (rx_up_hdr),
      .up_data_o         (rx_up_data),
      .int_valid_o       (rx_int_valid),
      .int_ready_i       (rx_int_ready),
      .int_func_o        (rx_int.func),
      .int_vec_o         (rx_int.vec),
      .stat_valid_o      (rx_stat_o.valid),
      .stat_func_o       (rx_stat_o.func),
      .stat_bytes_o      (rx_stat_o.bytes),
      .drop_valid_o      (rx_drop_o.valid),
      .drop_func_o       (rx_drop_o.func),
      .drop_cause_o      (rx_drop_cause),
      .cpl_flush_o       (cpl_flush),
      .qerr_valid_o      (rx_qerr_o.valid),
      .qerr_func_o       (rx_qerr_o.func),
      .util_o            (util_rx_o),
      .idle_o            (engine_idle),
      .empty_o           (rx_empty_o),
      .wake_valid_o      (wake_valid_o[0]),
      .wake_o            (wake_o[0+:48]),
      .init_done_o       (rx_init)
  );

  // ------------------------------------------------------------------------------------------------------------- PCIe
  snic_clk_gate u_gate_pcie (
      .clk_i,
      .en_i (ungate_i || !rd_idle_o || !up_idle_o || cpl_valid_i),
      .clk_o(clk_pcie)
  );
  rd_arb u_rd_arb (
      .clk_i(clk_pcie),
      .rst_ni,
      .bme_i,
      .timeout_i   (rd_timeout_i),
      .c0_valid_i  (tdrd_valid),
      .c0_ready_o  (tdrd_ready),
      .c0_i        (tdrd),
      .c1_valid_i  (trd_valid),
      .c1_ready_o  (trd_ready),
      .c1_i        (trd),
      .c2_valid_i  (rdrd_valid),
      .c2_ready_o  (rdrd_ready),
      .c2_i        (rdrd),
      .rd_valid_o,
      .rd_ready_i,
      .rd_o,
      .cpl_valid_i,
      .cpl_ready_o,
      .cpl_sop_i,
      .cpl_eop_i,
      .cpl_hdr_i,
      .cpl_data_i,
      .cpl_valid_o (dcpl_valid),
      .cpl_sop_o   (dcpl_sop),
      .cpl_eop_o   (dcpl_eop),
      .cpl_hdr_o   (dcpl_hdr),
      .cpl_data_o  (dcpl_data),
      .sel_o       (dcpl_sel),
      .refused_o   (rd_refused),
      .unexpected_o(rd_unexpected),
      .expired_o   (rd_expired),
      .late_o      (rd_late),
      .now_i,
      .c0_tags_o   (tags_tx_desc_o),
      .c1_tags_o   (tags_tx_data_o),
      .c2_tags_o   (tags_rx_desc_o),
      .wake_valid_o(wake_valid_o[2]),
      .wake_o      (wake_o[96+:48]),
      .idle_o      (rd_idle_o),
      .empty_o     (rd_empty_o)
  );

  up_arb u_up_arb (
      .clk_i(clk_pcie),
      .rst_ni,
      .bme_i,
      .rx_valid_i  (rx_up_valid),
      .rx_ready_o  (rx_up_ready),
      .rx_sop_i    (rx_up_sop),
      .rx_eop_i    (rx_up_eop),
      .rx_hdr_i    (rx_up_hdr),
      .rx_data_i   (rx_up_data),
      .wb_valid_i  (wb_up_valid),
      .wb_ready_o  (wb_up_ready),
      .wb_sop_i    (wb_up_sop),
      .wb_eop_i    (wb_up_eop),
      .wb_hdr_i    (wb_up_hdr),
      .wb_data_i   (wb_up_data),
      .msi_valid_i (msi_up_valid),
      .msi_ready_o (msi_up_ready),
      .msi_sop_i   (msi_up_sop),
      .msi_eop_i   (msi_up_eop),
      .msi_hdr_i   (msi_up_hdr),
      .msi_data_i  (msi_up_data),
      .regs_valid_i(regs_up_valid_i),
      .regs_ready_o(regs_up_ready_o),
      .regs_sop_i  (regs_up_sop_i),
      .regs_eop_i  (regs_up_eop_i),
      .regs_hdr_i  (regs_up_hdr_i),
      .regs_data_i (regs_up_data_i),
      .up_valid_o,
      .up_ready_i,
      .up_sop_o,
      .up_eop_o,
      .up_hdr_o,
      .up_data_o,
      .refused_o   (up_refused),
      .idle_o      (up_idle_o)
  );

  snic_clk_gate u_gate_msix (
      .clk_i,
      .en_i (ungate_i || !msix_idle_o || tx_int_valid || rx_int_valid || test_int_valid_i || mbox_int_valid_i ||
          int_arm_i.valid || msix_clear_i.valid),
      .clk_o(clk_msix)
  );
  msix u_msix (
      .clk_i(clk_msix),
      .rst_ni,
      .now_i,
      .func_en_i,
      .bme_i,
      .tx_int_valid_i  (tx_int_valid),
      .tx_int_ready_o  (tx_int_ready),
      .tx_int_func_i   (tx_int.func),
      .tx_int_vec_i    (tx_int.vec),
      .rx_int_valid_i  (rx_int_valid),
      .rx_int_ready_o  (rx_int_ready),
      .rx_int_func_i   (rx_int.func),
      .rx_int_vec_i    (rx_int.vec),
      .test_int_valid_i,
      .test_int_ready_o,
      .test_int_func_i (test_int_i.func),
      .test_int_vec_i  (test_int_i.vec),
      .mbox_int_valid_i,
      .mbox_int_ready_o,
      .mbox_int_func_i (mbox_int_i.func),
      .mbox_int_vec_i  (mbox_int_i.vec),
      .int_arm_i,
      .arm_held_o,
      .clear_valid_i   (msix_clear_i.valid),
      .clear_func_i    (msix_clear_i.func),
      .up_valid_o      (msi_up_valid),
      .up_ready_i      (msi_up_ready),
      .up_sop_o        (msi_up_sop),
      .up_eop_o        (msi_up_eop),
      .up_hdr_o        (msi_up_hdr),
      .up_data_o       (msi_up_data),
      .stat_sent_o     (msix_sent),
      .idle_o          (msix_idle_o),
      .wake_valid_o    (wake_valid_o[1]),
      .wake_o          (wake_o[48+:48]),
      .init_done_o     (msix_init)
  );

`ifndef SYNTHESIS
  snic_stream_check #(
      .Width(snic_pkg::RdReqW)
  ) u_check_tx_lines (
      .clk_i,
      .rst_ni,
      .valid_i(tdrd_valid),
      .ready_i(tdrd_ready),
      .data_i (tdrd)
  );
  snic_stream_check #(
      .Width(snic_pkg::RdReqW)
  ) u_check_tx_data (
      .clk_i,
      .rst_ni,
      .valid_i(trd_valid),
      .ready_i(trd_ready),
      .data_i (trd)
  );
  snic_stream_check #(
      .Width(snic_pkg::UpHdrW + 514)
  ) u_check_wb_up (
      .clk_i,
      .rst_ni,
      .valid_i(wb_up_valid),
      .ready_i(wb_up_ready),
      .data_i ({wb_up_hdr, wb_up_sop, wb_up_eop, wb_up_data})
  );
  snic_stream_check #(
      .Width(snic_pkg::IntW)
  ) u_check_tx_int (
      .clk_i,
      .rst_ni,
      .valid_i(tx_int_valid),
      .ready_i(tx_int_ready),
      .data_i (tx_int)
  );

  always_ff @(posedge clk_i) if (rst_ni && late_count == 7'd64) $error("host_side: DMA drops not counted");
`endif
endmodule
