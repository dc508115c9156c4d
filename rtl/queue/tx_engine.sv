// SPDX-License-Identifier: BSD-2-Clause
// TX queues: doorbell -> scheduler -> descriptor lines -> frame reads -> packet buffer -> write-back and
// interrupt.
//
//   tx_qcfg -> tx_sched -> tx_lines -> tx_desc -> tx_seg -> tx_fetch -> (host) -> tx_land (tx_edit) -> pkt_buf
//                 ^           ^                                | tags               |  ^
//                 +-tx_share--+                                +------> tx_tags <---+  | beats
//                                                                          |  whole    |
//                                                                          +-> tx_order -> tx_out -> tx_wb
//
// Lines and frames are in order within their function (tx_order); what one may have under way tx_share says.
module tx_engine #(
    parameter int Cells = 4096,
    parameter int EpochW = 32  // see tx_qcfg
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  snic_pkg::qcfg_wr_t         qcfg_wr_i,
    input  snic_pkg::doorbell_t        doorbell_i,
    output logic                       doorbell_refused_o,
    input  snic_pkg::qask_t            qask_i,
    output logic                       busy_o,        // the answer to qask_i
    input  logic [255:0]               func_en_i,
    input  logic [47:0]                now_i,
    input  logic [12:0]                mrrs_i,
    input  logic                       flush_valid_i,
    input  logic [7:0]                 flush_func_i,
    output logic                       flush_done_o,
    // descriptor lines
    output logic                       drd_valid_o,
    input  logic                       drd_ready_i,
    output snic_pkg::rd_req_t          drd_o,
    input  logic                       dcpl_valid_i,
    input  snic_pkg::cpl_hdr_t         dcpl_hdr_i,
    input  logic [511:0]               dcpl_data_i,
    // frames
    output logic                       rd_valid_o,
    input  logic                       rd_ready_i,
    output snic_pkg::rd_req_t          rd_o,
    input  logic                       cpl_valid_i,
    input  logic                       cpl_sop_i,
    input  logic                       cpl_eop_i,
    input  snic_pkg::cpl_hdr_t         cpl_hdr_i,
    input  logic [511:0]               cpl_data_i,
    // packet buffer
    output logic                       alloc_o,
    output logic [7:0]                 alloc_cells_o,
    input  logic                       alloc_ok_i,
    input  logic [snic_pkg::SlotW-1:0] alloc_slot_i,
    input  logic [snic_pkg::CellW-1:0] alloc_cell_i,
    input  logic [snic_pkg::SlotW:0]   free_slots_i,
    input  logic [snic_pkg::CellW:0]   free_cells_i,
    output logic                       wr_valid_o,
    output logic [snic_pkg::SlotW-1:0] wr_slot_o,
    output logic [snic_pkg::CellW-1:0] wr_cell_o,
    output logic [511:0]               wr_lo_data_o,
    output logic [63:0]                wr_lo_be_o,
    output logic                       wr_hi_valid_o,
    output logic [511:0]               wr_hi_data_o,
    output logic [63:0]                wr_hi_be_o,
    output logic                       commit_o,
    output logic [snic_pkg::SlotW-1:0] commit_slot_o,
    output logic [snic_pkg::CellW-1:0] commit_cell_o,
    output logic [13:0]                commit_len_o,
    output logic [8:0]                 commit_src_o,
    output snic_pkg::tx_to_t           commit_to_o,
    // write-back
    output logic                       up_valid_o,
    input  logic                       up_ready_i,
    output logic                       up_sop_o,
    output logic                       up_eop_o,
    output snic_pkg::up_hdr_t          up_hdr_o,
    output logic [511:0]               up_data_o,
    output logic                       int_valid_o,
    input  logic                       int_ready_i,
    output logic [7:0]                 int_func_o,
    output logic [3:0]                 int_vec_o,
    // events
    output logic                       qerr_valid_o,  // a queue of the function stopped
    output logic [7:0]                 qerr_func_o,
    output logic                       stat_valid_o,  // a frame was read
    output logic [7:0]                 stat_func_o,
    output logic [13:0]                stat_bytes_o,
    output logic                       drop_dma_o,    // with stat_valid_o: but not wholly, it is dropped
    output logic                       drop_desc_o,   // with qerr_valid_o: by a bad descriptor
    output snic_pkg::util_tx_t         util_o,
    output logic [47:0]                util_bytes_o,  // bytes under way, see tx_fetch
    output logic [47:0]                util_rings_o,  // see tx_sched
    output logic [47:0]                util_lines_o,  // cycles in which descriptors waited for tags
    output logic [47:0]                util_reads_o,  // ... and frames
    output logic                       idle_o,        // reads may be under way
    output logic                       empty_o,
    output logic                       init_done_o
);
  localparam int NTag = snic_pkg::NTagTxData;
  localparam int TagLog2 = $clog2(NTag);
  localparam int LineTagLog2 = $clog2(snic_pkg::NTagTxDesc);
  localparam int Beats = 8;  // of a data tag's room
  localparam int BeatW = $clog2(Beats);
  localparam int ReqW = 1 + 16 + 3 + 16 + EpochW + 11;  // what travels with a descriptor line
  localparam int WbW = 1 + 2 + 16 + EpochW + 11;        // what is left of it for the write-back
  localparam int LineW = 1 + snic_pkg::TxToW + WbW;     // and at a frame
  localparam int InfoW = 1 + 1 + LineW + 14;    // of a frame
  localparam int ErrW = 12;                     // frames of a line that could not be read

  // Sweep over the RAMs after reset
  logic init;
  logic [11:0] init_q;
  assign init        = !init_q[11];
  assign init_done_o = init_q[11];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) init_q <= '0;
    else if (init) init_q <= init_q + 1'b1;
  end

  logic lines_empty, order_empty;
  logic [1:0] by_tags, by_tags_q;
  assign empty_o = lines_empty && order_empty;
  logic qcfg_idle, sched_idle, lines_idle, desc_idle, seg_idle, fetch_idle, land_idle, out_idle, wb_idle, flush_idle, busy_idle;
  logic tags_idle, order_idle;
  logic [1:0] late_idle;
  assign idle_o = !init && qcfg_idle && sched_idle && lines_idle && desc_idle && seg_idle && fetch_idle && land_idle &&
                  tags_idle && order_idle && out_idle && wb_idle && flush_idle && busy_idle && late_idle == '1 &&
                  by_tags == by_tags_q;

  logic clear_valid, clear_ready;
  logic [10:0] clear_qid;
  logic db_valid, db_same, wipe;
  logic [10:0] wipe_qid;
  logic dcfg_ren, dcfg_en;
  logic [10:0] dcfg_qid;
  logic [EpochW-1:0] dcfg_epoch, fcfg_epoch;
  logic fcfg_ren, fcfg_en;
  logic [10:0] fcfg_qid;
  logic [10:0] db_qid;
  logic sched_ren, sched_en;
  logic [10:0] sched_qid;
  logic [EpochW-1:0] sched_epoch, sched_tail_epoch;
  logic [3:0] sched_log2;
  logic [57:0] sched_base;
  logic [15:0] sched_tail;
  logic wcfg_ren, wcfg_en, wcfg_irq;
  logic [10:0] wcfg_qid;
  logic [EpochW-1:0] wcfg_epoch;
  logic [3:0] wcfg_vec;
  logic [59:0] wcfg_addr;

  tx_qcfg #(
      .EpochW(EpochW)
  ) u_qcfg (
      .clk_i,
      .rst_ni,
      .init_i            (init),
      .init_qid_i        (init_q[10:0]),
      .qcfg_wr_i,
      .doorbell_i,
      .func_en_i,
      .doorbell_refused_o,
      .clear_valid_i     (clear_valid),
      .clear_ready_o     (clear_ready),
      .clear_qid_i       (clear_qid),
      .db_valid_o        (db_valid),
      .db_qid_o          (db_qid),
      .db_same_o         (db_same),
      .wipe_o            (wipe),
      .wipe_qid_o        (wipe_qid),
      .desc_ren_i        (dcfg_ren),
      .desc_qid_i        (dcfg_qid),
      .desc_en_o         (dcfg_en),
      .desc_epoch_o      (dcfg_epoch),
      .done_ren_i        (fcfg_ren),
      .done_qid_i        (fcfg_qid),
      .done_en_o         (fcfg_en),
      .done_epoch_o      (fcfg_epoch),
      .sched_ren_i       (sched_ren),
      .sched_qid_i       (sched_qid),
      .sched_en_o        (sched_en),
      .sched_epoch_o     (sched_epoch),
      .sched_log2_o      (sched_log2),
      .sched_base_o      (sched_base),
      .sched_tail_epoch_o(sched_tail_epoch),
      .sched_tail_o      (sched_tail),
      .wb_ren_i          (wcfg_ren),
      .wb_qid_i          (wcfg_qid),
      .wb_en_o           (wcfg_en),
      .wb_epoch_o        (wcfg_epoch),
      .wb_irq_o          (wcfg_irq),
      .wb_vec_o          (wcfg_vec),
      .wb_addr_o         (wcfg_addr),
      .idle_o            (qcfg_idle)
  );

  logic stop_valid, bad_desc;
  logic [10:0] stop_qid;
  logic [EpochW-1:0] stop_epoch;
  logic charge_valid, charge_frame, desc_charge, desc_buffer, seg_charge;
  logic [7:0] charge_func, desc_func, seg_func;
  logic [18:0] charge_est, desc_est;
  logic [15:0] charge_len, desc_len, seg_len;
  logic req_valid, req_ready;
  logic [63:0] req_addr;
  logic [6:0] req_len;
  logic [ReqW-1:0] req_line;
  logic turn, sched_busy, visit, issue, full, full_soon, line_one, wake, blame, sched_more, sched_stuck, sched_held;
  logic [255:0] good;
  logic [7:0] wake_func, blame_func;
  logic [10:0] visit_qid;
  logic [7:0] turn_func;

  tx_sched #(
      .EpochW(EpochW),
      .LineW (ReqW)
  ) u_sched (
      .clk_i,
      .rst_ni,
      .init_i            (init),
      .init_qid_i        (init_q[10:0]),
      .func_en_i,
      .full_i            (full),
      .full_soon_i       (full_soon),
      .one_i             (line_one),
      .wake_i            (wake),
      .wake_func_i       (wake_func),
      .good_i            (good),
      .blame_i           (blame),
      .blame_func_i      (blame_func),
      .forget_i          (flush_done_o),
      .forget_func_i     (clear_qid[10:3]),
      .db_valid_i        (db_valid),
      .db_qid_i          (db_qid),
      .db_same_i         (db_same),
      .wipe_i            (wipe),
      .wipe_qid_i        (wipe_qid),
      .cfg_ren_o         (sched_ren),
      .cfg_qid_o         (sched_qid),
      .cfg_en_i          (sched_en),
      .cfg_epoch_i       (sched_epoch),
      .cfg_log2_i        (sched_log2),
      .cfg_base_i        (sched_base),
      .cfg_tail_epoch_i  (sched_tail_epoch),
      .cfg_tail_i        (sched_tail),
      .stop_valid_i      (stop_valid),
      .stop_qid_i        (stop_qid),
      .stop_epoch_i      (stop_epoch),
      .charge_valid_i    (charge_valid),
      .charge_func_i     (charge_func),
      .charge_est_i      (charge_est),
      .charge_frame_i    (charge_frame),
      .charge_guess_i    (desc_charge && desc_buffer),
      .charge_len_i      (charge_len),
      .req_valid_o       (req_valid),
      .req_ready_i       (req_ready),
      .req_addr_o        (req_addr),
      .req_len_o         (req_len),
      .req_line_o        (req_line),
      .turn_o            (turn),
      .turn_func_o       (turn_func),
      .visit_o           (visit),
      .visit_qid_o       (visit_qid),
      .busy_o            (sched_busy),
      .now_i,
      .rings_o           (util_rings_o),
      .more_o            (sched_more),
      .stuck_o           (sched_stuck),
      .held_o            (sched_held),
      .issue_o           (issue),
      .idle_o            (sched_idle)
  );

  logic rsp_valid, rsp_ready, rsp_err, lines_full, line_valid, line_again, line_room, line_take, line_park, line_lobby, lobby_open;
  logic line_here, line_parked;
  logic came, came_hold, put, line_wake;
  logic [ReqW-1:0] rsp_line;
  logic [511:0] rsp_data;
  logic [7:0] line_func, free_func, came_func, line_wake_func;
  logic line_ask, line_done, free;
  logic [LineTagLog2-1:0] line_ask_tag, line_done_tag;

  tx_lines #(
      .UserW(ReqW)
  ) u_lines (
      .clk_i,
      .rst_ni,
      .init_i      (init),
      .req_valid_i (req_valid),
      .req_ready_o (req_ready),
      .req_func_i  (turn_func),
      .req_addr_i  (req_addr),
      .req_len_i   (req_len),
      .req_user_i  (req_line),
      .rd_valid_o  (drd_valid_o),
      .rd_ready_i  (drd_ready_i),
      .rd_o        (drd_o),
      .cpl_valid_i (dcpl_valid_i),
      .cpl_hdr_i   (dcpl_hdr_i),
      .cpl_data_i  (dcpl_data_i),
      .came_o      (came),
      .came_func_o (came_func),
      .came_hold_i (came_hold),
      .look_valid_o(line_valid),
      .look_again_o(line_again),
      .look_func_o (line_func),
      .look_room_o (line_room),
      .here_o      (line_here),
      .parked_o    (line_parked),
      .take_i      (line_take),
      .park_i      (line_park),
      .lobby_i     (line_lobby),
      .put_o       (put),
      .wake_i      (line_wake),
      .wake_func_i (line_wake_func),
      .admit_i     (lobby_open),
      .rsp_valid_o (rsp_valid),
      .rsp_ready_i (rsp_ready),
      .rsp_user_o  (rsp_line),
      .rsp_err_o   (rsp_err),
      .rsp_data_o  (rsp_data),
      .ask_o       (line_ask),
      .ask_tag_o   (line_ask_tag),
      .done_o      (line_done),
      .done_tag_o  (line_done_tag),
      .full_o      (lines_full),
      .idle_o      (lines_idle),
      .empty_o     (lines_empty)
  );

  logic op_valid, op_ready, op_frame, op_walk, walk, put_buf_valid;
  logic [LineW-1:0] op_line;
  logic [63:0] op_addr;
  logic [13:0] op_len;
  logic [15:0] put_at;
  logic [17:0] op_total;
  logic [13:0] op_mss;
  logic [79:0] put_buf;
  snic_pkg::tx_edit_t op_edit;

  tx_desc #(
      .EpochW(EpochW),
      .LineW (ReqW),
      .OutW  (LineW)
  ) u_desc (
      .clk_i,
      .rst_ni,
      .init_i            (init),
      .init_qid_i        (init_q[10:0]),
      .wipe_i            (wipe),
      .wipe_qid_i        (wipe_qid),
      .cfg_ren_o         (dcfg_ren),
      .cfg_qid_o         (dcfg_qid),
      .cfg_en_i          (dcfg_en),
      .cfg_epoch_i       (dcfg_epoch),
      .rsp_valid_i       (rsp_valid),
      .rsp_ready_o       (rsp_ready),
      .rsp_line_i        (rsp_line),
      .rsp_err_i         (rsp_err),
      .rsp_data_i        (rsp_data),
      .op_valid_o        (op_valid),
      .op_ready_i        (op_ready),
      .op_frame_o        (op_frame),
      .op_line_o         (op_line),
      .op_addr_o         (op_addr),
      .op_len_o          (op_len),
      .op_walk_o         (op_walk),
      .op_total_o        (op_total),
      .op_mss_o          (op_mss),
      .op_edit_o         (op_edit),
      .walk_i            (walk),
      .put_o             (put_buf_valid),
      .put_at_o          (put_at),
      .put_buf_o         (put_buf),
      .stop_valid_o      (stop_valid),
      .stop_qid_o        (stop_qid),
      .stop_epoch_o      (stop_epoch),
      .bad_desc_o        (bad_desc),
      .charge_valid_o    (desc_charge),
      .charge_func_o     (desc_func),
      .charge_est_o      (desc_est),
      .charge_frame_o    (desc_buffer),
      .charge_len_o      (desc_len),
      .idle_o            (desc_idle)
  );
  // Headers that are sent once more: while a frame is cut, no descriptor goes on.
  assign charge_valid = desc_charge || seg_charge;
  assign charge_frame = (desc_charge && desc_buffer) || seg_charge;
  assign charge_func  = seg_charge ? seg_func : desc_func;
  assign charge_est   = seg_charge ? '0 : desc_est;
  assign charge_len   = seg_charge ? seg_len : desc_len;
  assign qerr_valid_o = stop_valid;
  assign qerr_func_o  = stop_qid[10:3];
  assign drop_desc_o  = stop_valid && bad_desc;

  logic tag_ok, tag_take, tag_first, tag_last, tag_nodata, reads_by_tags, reads_by_link, reads_by_buffer;
  logic [TagLog2-1:0] tag, look_tag, look_next;
  logic [InfoW-1:0] tag_info;
  logic [9:0] tag_bytes, free_bytes;
  logic [7:0] tag_func;

  logic pc_valid, pc_ready, pc_frame, pc_lost, pc_first, pc_last, seg_full, seg_held;
  logic [LineW-1:0] pc_line;
  logic [63:0] pc_addr;
  logic [13:0] pc_len, pc_all;
  logic [255:0] slow;
  snic_pkg::tx_edit_t pc_edit;
  snic_pkg::tx_part_t pc_part;

  tx_seg #(
      .LineW(LineW)
  ) u_seg (
      .clk_i,
      .rst_ni,
      .op_valid_i    (op_valid),
      .op_ready_o    (op_ready),
      .op_frame_i    (op_frame),
      .op_line_i     (op_line),
      .op_addr_i     (op_addr),
      .op_len_i      (op_len),
      .op_walk_i     (op_walk),
      .op_total_i    (op_total),
      .op_mss_i      (op_mss),
      .op_edit_i     (op_edit),
      .walk_o        (walk),
      .put_i         (put_buf_valid),
      .put_at_i      (put_at),
      .put_buf_i     (put_buf),
      .func_o        (seg_func),
      .full_i        (seg_full),
      .slow_i        (slow[seg_func]),
      .held_o        (seg_held),
      .charge_valid_o(seg_charge),
      .charge_len_o  (seg_len),
      .pc_valid_o    (pc_valid),
      .pc_ready_i    (pc_ready),
      .pc_frame_o    (pc_frame),
      .pc_lost_o     (pc_lost),
      .pc_first_o    (pc_first),
      .pc_last_o     (pc_last),
      .pc_line_o     (pc_line),
      .pc_addr_o     (pc_addr),
      .pc_len_o      (pc_len),
      .pc_all_o      (pc_all),
      .pc_edit_o     (pc_edit),
      .pc_part_o     (pc_part),
      .idle_o        (seg_idle)
  );

  // A frame is asked for when it has a promise of room.
  logic room, room_ok, fetch_ready, begins;
  assign begins   = pc_valid && pc_first && pc_frame;
  assign room     = room_ok || !begins;
  assign pc_ready = fetch_ready && room;
  tx_room u_room (
      .clk_i,
      .rst_ni,
      .init_i      (init),
      .init_func_i (init_q[7:0]),
      .slots_i     (free_slots_i),
      .cells_i     (free_cells_i),
      .good_i      (good),
      .blame_i     (blame),
      .blame_func_i(blame_func),
      .valid_i     (begins),
      .func_i      (pc_line[10:3]),
      .len_i       (pc_all),
      .ok_o        (room_ok),
      .take_i      (begins && pc_ready),
      .done_i      (stat_valid_o),
      .done_func_i (stat_func_o),
      .done_len_i  (stat_bytes_o)
  );

  snic_pkg::tx_edit_t tag_edit;
  snic_pkg::tx_part_t tag_part;

  tx_fetch #(
      .LineW  (LineW),
      .TagLog2(TagLog2),
      .Piece  (64 * Beats),
      .InfoW  (InfoW)
  ) u_fetch (
      .clk_i,
      .rst_ni,
      .mrrs_i,
      .op_valid_i  (pc_valid && room),
      .op_ready_o  (fetch_ready),
      .op_frame_i  (pc_frame),
      .op_lost_i   (pc_lost),
      .op_first_i  (pc_first),
      .op_last_i   (pc_last),
      .op_line_i   (pc_line),
      .op_addr_i   (pc_addr),
      .op_len_i    (pc_len),
      .op_all_i    (pc_all),
      .op_edit_i   (pc_edit),
      .op_part_i   (pc_part),
      .good_i      (good),
      .blame_i     (blame),
      .blame_func_i(blame_func),
      .init_i      (init),
      .init_func_i (init_q[7:0]),
      .tag_ok_i    (tag_ok),
      .tag_i       (tag),
      .tag_take_o  (tag_take),
      .tag_first_o (tag_first),
      .tag_last_o  (tag_last),
      .tag_nodata_o(tag_nodata),
      .tag_bytes_o (tag_bytes),
      .tag_info_o  (tag_info),
      .tag_edit_o  (tag_edit),
      .tag_part_o  (tag_part),
      .tag_func_o  (tag_func),
      .free_i      (free),
      .free_func_i (free_func),
      .free_bytes_i(free_bytes),
      .rd_valid_o,
      .rd_ready_i,
      .rd_o,
      .now_i,
      .bytes_o     (util_bytes_o),
      .by_tags_o   (reads_by_tags),
      .by_link_o   (reads_by_link),
      .idle_o      (fetch_idle)
  );

  logic done, done_err, whole, look_err, look_last;
  logic [TagLog2-1:0] done_tag, whole_idx, go_tag;
  logic [7:0] go_func;
  logic [7:0] go_tags;
  logic go, go_hold;

  tx_tags u_tags (
      .clk_i,
      .rst_ni,
      .init_i      (init),
      .tag_ok_o    (tag_ok),
      .tag_o       (tag),
      .take_i      (tag_take),
      .first_i     (tag_first),
      .last_i      (tag_last),
      .nodata_i    (tag_nodata),
      .bytes_i     (tag_bytes),
      .done_i      (done),
      .done_tag_i  (done_tag),
      .done_err_i  (done_err),
      .whole_o     (whole),
      .whole_idx_o (whole_idx),
      .look_i      (look_tag),
      .look_err_o  (look_err),
      .look_last_o (look_last),
      .look_next_o (look_next),
      .look_bytes_o(free_bytes),
      .size_i      (go_tag),
      .size_tags_o (go_tags),
      .give_i      (free),
      .idle_o      (tags_idle)
  );

  logic next_valid, next_take;
  logic [TagLog2-1:0] next_tag;

  tx_order #(
      .N(NTag)
  ) u_order (
      .clk_i,
      .rst_ni,
      .add_i       (tag_take && tag_first),
      .add_idx_i   (tag),
      .add_func_i  (tag_func),
      .whole_i     (whole),
      .whole_idx_i (whole_idx),
      .hold_i      (go_hold),
      .go_o        (go),
      .go_func_o   (go_func),
      .go_idx_o    (go_tag),
      .valid_o     (next_valid),
      .ready_i     (next_take),
      .idx_o       (next_tag),
      .func_o      (),
      .idle_o      (order_idle),
      .empty_o     (order_empty)
  );

  logic out, out_last, out_first, out_end, wr_end;
  logic [BeatW-1:0] out_beat;
  logic wb_valid, wb_ready, free_end, free_good;
  logic [WbW-1:0] wb_line;
  logic [ErrW-1:0] wb_errs;
  logic out_edited;
  snic_pkg::tx_edit_t out_edit;
  snic_pkg::tx_part_t out_part;
  logic [7:0] commit_func;

  tx_out #(
      .EpochW(EpochW),
      .BeatW (BeatW),
      .LineW (LineW),
      .InfoW (InfoW),
      .ErrW  (ErrW)
  ) u_out (
      .clk_i,
      .rst_ni,
      .init_i       (init),
      .init_func_i  (init_q[7:0]),
      .tag_take_i   (tag_take && tag_first),
      .tag_i        (tag),
      .tag_info_i   (tag_info),
      .tag_edit_i   (tag_edit),
      .tag_part_i   (tag_part),
      .next_valid_i (next_valid),
      .next_tag_i   (next_tag),
      .next_take_o  (next_take),
      .look_o       (look_tag),
      .look_err_i   (look_err),
      .look_last_i  (look_last),
      .look_next_i  (look_next),
      .free_o       (free),
      .free_func_o  (free_func),
      .free_end_o   (free_end),
      .free_good_o  (free_good),
      .cfg_ren_o    (fcfg_ren),
      .cfg_qid_o    (fcfg_qid),
      .cfg_en_i     (fcfg_en),
      .cfg_epoch_i  (fcfg_epoch),
      .alloc_o,
      .alloc_cells_o,
      .alloc_ok_i,
      .alloc_slot_i,
      .alloc_cell_i,
      .out_o        (out),
      .out_beat_o   (out_beat),
      .out_last_i   (out_last),
      .out_first_o  (out_first),
      .out_end_o    (out_end),
      .out_edited_o (out_edited),
      .out_edit_o   (out_edit),
      .out_part_o   (out_part),
      .wr_end_i     (wr_valid_o && wr_end),
      .commit_o,
      .commit_slot_o,
      .commit_cell_o,
      .commit_len_o,
      .commit_func_o(commit_func),
      .commit_to_o,
      .stat_valid_o,
      .stat_func_o,
      .stat_bytes_o,
      .stat_drop_o  (drop_dma_o),
      .wb_valid_o   (wb_valid),
      .wb_ready_i   (wb_ready),
      .wb_line_o    (wb_line),
      .wb_errs_o    (wb_errs),
      .by_buffer_o  (reads_by_buffer),
      .idle_o       (out_idle)
  );
  assign commit_src_o = {1'b0, commit_func};

  tx_land #(
      .Cells(Cells),
      .Beats(Beats)
  ) u_land (
      .clk_i,
      .rst_ni,
      .tag_take_i (tag_take),
      .tag_i      (tag),
      .cpl_valid_i,
      .cpl_sop_i,
      .cpl_eop_i,
      .cpl_hdr_i,
      .cpl_data_i,
      .done_o     (done),
      .done_tag_o (done_tag),
      .done_err_o (done_err),
      .out_i      (out),
      .out_tag_i  (look_tag),
      .out_beat_i (out_beat),
      .out_last_o (out_last),
      .out_first_i(out_first),
      .out_slot_i (alloc_slot_i),
      .out_cell_i (alloc_cell_i),
      .out_end_i  (out_end),
      .out_edited_i(out_edited),
      .out_edit_i (out_edit),
      .out_part_i (out_part),
      .wr_valid_o,
      .wr_slot_o,
      .wr_cell_o,
      .wr_lo_data_o,
      .wr_lo_be_o,
      .wr_hi_valid_o,
      .wr_hi_data_o,
      .wr_hi_be_o,
      .wr_end_o   (wr_end),
      .idle_o     (land_idle)
  );

  logic finish;
  logic [10:0] finish_qid;
  logic [127:0] record;

  tx_wb #(
      .EpochW(EpochW),
      .WbW   (WbW),
      .ErrW  (ErrW)
  ) u_wb (
      .clk_i,
      .rst_ni,
      .init_i       (init),
      .init_qid_i   (init_q[10:0]),
      .now_i,
      .wipe_i       (wipe),
      .wipe_qid_i   (wipe_qid),
      .wb_valid_i   (wb_valid),
      .wb_ready_o   (wb_ready),
      .wb_line_i    (wb_line),
      .wb_errs_i    (wb_errs),
      .cfg_ren_o    (wcfg_ren),
      .cfg_qid_o    (wcfg_qid),
      .cfg_en_i     (wcfg_en),
      .cfg_epoch_i  (wcfg_epoch),
      .cfg_irq_i    (wcfg_irq),
      .cfg_vec_i    (wcfg_vec),
      .cfg_addr_i   (wcfg_addr),
      .up_valid_o,
      .up_ready_i,
      .up_hdr_o,
      .up_data_o    (record),
      .int_valid_o,
      .int_ready_i,
      .int_func_o,
      .int_vec_o,
      .finish_o     (finish),
      .finish_qid_o (finish_qid),
      .idle_o       (wb_idle)
  );
  assign up_sop_o  = 1'b1;
  assign up_eop_o  = 1'b1;
  assign up_data_o = {384'd0, record};

  tx_flush u_flush (
      .clk_i,
      .rst_ni,
      .init_i       (init),
      .init_func_i  (init_q[7:0]),
      .flush_valid_i,
      .flush_func_i,
      .flush_done_o,
      .clear_valid_o(clear_valid),
      .clear_ready_i(clear_ready),
      .clear_qid_o  (clear_qid),
      .turn_i       (turn),
      .turn_func_i  (turn_func),
      .issue_i      (req_valid && req_ready),
      .issue_func_i (turn_func),
      .finish_i     (finish),
      .finish_func_i(finish_qid[10:3]),
      .idle_o       (flush_idle)
  );

  tx_busy u_busy (
      .clk_i,
      .rst_ni,
      .init_i      (init),
      .init_qid_i  (init_q[10:0]),
      .visit_i     (visit),
      .visit_qid_i (visit_qid),
      .issue_i     (req_valid && req_ready),
      .finish_i    (finish),
      .finish_qid_i(finish_qid),
      .ask_i       (qask_i),
      .busy_o,
      .idle_o      (busy_idle)
  );

  // Shares, and who is late
  logic [1:0] late, late_ready;
  logic [7:0] late_func0, late_func1;
  logic several, stuck;
  assign stuck = (reads_by_tags || (pc_valid && !room) || sched_stuck || seg_held) && (several || sched_more);
  tx_share u_share (
      .clk_i,
      .rst_ni,
      .init_i       (init),
      .init_func_i  (init_q[7:0]),
      .now_i        (now_i[47:4]),
      .forget_i     (flush_done_o),
      .forget_func_i(clear_qid[10:3]),
      .sched_func_i (turn_func),
      .sched_full_o (full),
      .sched_wait_o (full_soon),
      .sched_one_o  (line_one),
      .sched_wake_o (wake),
      .sched_wake_func_o(wake_func),
      .issue_i      (issue),
      .came_i       (came),
      .came_func_i  (came_func),
      .came_hold_o  (came_hold),
      .line_valid_i (line_valid),
      .line_again_i (line_again),
      .line_func_i  (line_func),
      .line_room_i  (line_room),
      .here_i       (line_here),
      .line_take_o  (line_take),
      .line_park_o  (line_park),
      .line_lobby_o (line_lobby),
      .put_i        (put),
      .line_wake_o  (line_wake),
      .line_wake_func_o(line_wake_func),
      .lobby_open_o (lobby_open),
      .seg_func_i   (seg_func),
      .seg_full_o   (seg_full),
      .tag_take_i   (tag_take),
      .tag_func_i   (tag_func),
      .go_i         (go),
      .go_func_i    (go_func),
      .go_tags_i    (go_tags),
      .go_hold_o    (go_hold),
      .end_i        (free_end),
      .end_func_i   (free_func),
      .end_good_i   (free_good),
      .late_i       (late),
      .late_ready_o (late_ready),
      .late_func0_i (late_func0),
      .late_func1_i (late_func1),
      .quiet_i      (!issue && !charge_valid && !tag_take && !free && !go && !(pc_valid && pc_ready) && !stat_valid_o),
      .blame_o      (blame),
      .blame_func_o (blame_func),
      .good_o       (good),
      .slow_o       (slow),
      .several_o    (several)
  );

  tx_late #(
      .NTag    (snic_pkg::NTagTxDesc),
      .RingLog2(9)
  ) u_late_lines (
      .clk_i,
      .rst_ni,
      .now_i       (now_i[31:0]),
      .known_i     (slow),
      .stuck_i     (stuck),
      .cpl_i       (cpl_valid_i || dcpl_valid_i),
      .ask_i       (line_ask),
      .ask_tag_i   (line_ask_tag),
      .ask_func_i  (turn_func),
      .done_i      (line_done),
      .done_tag_i  (line_done_tag),
      .late_o      (late[0]),
      .late_func_o (late_func0),
      .late_ready_i(late_ready[0]),
      .idle_o      (late_idle[0])
  );

  tx_late #(
      .NTag    (NTag),
      .RingLog2(10)
  ) u_late_frames (
      .clk_i,
      .rst_ni,
      .now_i       (now_i[31:0]),
      .known_i     (slow),
      .stuck_i     (stuck),
      .cpl_i       (cpl_valid_i || dcpl_valid_i),
      .ask_i       (tag_take && !tag_nodata),
      .ask_tag_i   (tag),
      .ask_func_i  (tag_func),
      .done_i      (done),
      .done_tag_i  (done_tag),
      .late_o      (late[1]),
      .late_func_o (late_func1),
      .late_ready_i(late_ready[1]),
      .idle_o      (late_idle[1])
  );

  // What waits for tags, or for a share of them. It may last while the engine's clock stands. Descriptors: none is here, and
  // no more may be asked for. (Those that are here and wait for the reads hold up the scheduler, too, but that is not for want of
  // memory.) Frames: the next read, or lines of which all are parked.
  assign by_tags[0] = !rsp_valid && !line_here && ((req_valid && !req_ready && lines_full) || sched_held);
  assign by_tags[1] = reads_by_tags || (line_parked && !line_here && !rsp_valid && !pc_valid && !tag_take && !reads_by_link);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) by_tags_q <= '0;
    else by_tags_q <= by_tags;
  end
  util_level #(
      .Log2(0)
  ) u_lines_by_tags (
      .clk_i,
      .rst_ni,
      .now_i,
      .change_i(by_tags[0] != by_tags_q[0]),
      .level_i (by_tags_q[0]),
      .cycles_o(util_lines_o)
  );
  util_level #(
      .Log2(0)
  ) u_reads_by_tags (
      .clk_i,
      .rst_ni,
      .now_i,
      .change_i(by_tags[1] != by_tags_q[1]),
      .level_i (by_tags_q[1]),
      .cycles_o(util_reads_o)
  );

  assign util_o = {sched_busy, req_valid && !req_ready && !lines_full,
                   rsp_valid && !(op_valid && !op_ready), tag_take, reads_by_link,
                   reads_by_buffer || (pc_valid && fetch_ready && !room)};
endmodule
