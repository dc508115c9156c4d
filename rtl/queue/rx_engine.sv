// SPDX-License-Identifier: BSD-2-Clause
// From the host egress to host memory: copies, queues and descriptors, payload, completions, interrupts.
module rx_engine (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    // frames
    input  logic                       rec_valid_i,
    output logic                       rec_ready_o,
    input  snic_pkg::egress_t          rec_i,
    input  logic                       flood_valid_i,   // and those of the flood store
    output logic                       flood_ready_o,
    input  snic_pkg::egress_t          flood_i,
    input  snic_pkg::edit_wr_t         edit_wr_i,
    input  logic [              255:0] flood_map_i,
    // configuration
    input  snic_pkg::ft_wr_t           ft_wr_i,
    input  snic_pkg::indir_wr_t        indir_wr_i,
    input  snic_pkg::qcfg_wr_t         qcfg_wr_i,
    input  snic_pkg::doorbell_t        doorbell_i,
    output logic                       doorbell_refused_o,
    input  snic_pkg::qask_t            qask_i,
    output logic                       busy_o,         // answer to qask_i
    input  logic [              255:0] func_en_i,
    input  logic [               47:0] now_i,
    input  logic [               15:0] cpl_timeout_i,
    input  logic [               12:0] mps_i,
    input  logic                       flush_valid_i,
    input  logic [                7:0] flush_func_i,
    output logic                       flush_done_o,
    // descriptor lines
    output logic                       drd_valid_o,
    input  logic                       drd_ready_i,
    output snic_pkg::rd_req_t          drd_o,
    input  logic                       dcpl_valid_i,
    input  snic_pkg::cpl_hdr_t         dcpl_hdr_i,
    input  logic [              511:0] dcpl_data_i,
    // packet buffers
    output logic [                2:0] rd_req_o,
    output logic [snic_pkg::CellW-1:0] rd_cell_o,
    input  logic [                2:0] rd_gnt_i,
    input  logic [              511:0] rd_data0_i,
    input  logic [              511:0] rd_data1_i,
    input  logic [              511:0] rd_data2_i,
    output logic [                2:0] rel_o,
    output logic [snic_pkg::SlotW-1:0] rel_slot_o,
    // to the host
    output logic                       up_valid_o,
    input  logic                       up_ready_i,
    output logic                       up_sop_o,
    output logic                       up_eop_o,
    output snic_pkg::up_hdr_t          up_hdr_o,
    output logic [              511:0] up_data_o,
    output logic                       int_valid_o,
    input  logic                       int_ready_i,
    output logic [                7:0] int_func_o,
    output logic [                3:0] int_vec_o,
    // counters
    output logic                       stat_valid_o,
    output logic [                7:0] stat_func_o,
    output logic [               13:0] stat_bytes_o,
    output logic                       drop_valid_o,
    output logic [                7:0] drop_func_o,
    output logic [                2:0] drop_cause_o,   // 0 disabled, 1 no descriptor, 2 too long, 3 DMA, 4 slow memory
    output logic                       cpl_flush_o,
    output logic                       qerr_valid_o,
    output logic [                7:0] qerr_func_o,
    output snic_pkg::util_rx_t         util_o,
    output logic                       idle_o,         // nothing to do before wake_o; reads may be under way
    output logic                       empty_o,        // beside lines of completions that wait
    output logic                       wake_valid_o,
    output logic [               47:0] wake_o,
    output logic                       init_done_o
);
  // What rx_line only passes through: pkt_ref_t, edits, ring and vector, length, rx_cpl_t, whether it is cut, buffer size.
  localparam int FrameW = 39 + 6 + snic_pkg::EditW + 1 + 1 + 16 + 4 + 1 + 4 + 14 + 128 + 1 + 8;

  logic rep_idle, mail_idle, ctrl_idle, steer_idle, fetch_idle, line_idle, write_idle, cpl_idle, out_idle;
  logic fetch_empty, line_empty;
  logic mail_init, steer_init, fetch_init, line_init, cpl_init;
  assign init_done_o = mail_init && steer_init && fetch_init && line_init && cpl_init;
  assign idle_o = rep_idle && mail_idle && ctrl_idle && steer_idle && fetch_idle && slow_idle && line_idle && write_idle && cpl_idle &&
      out_idle;
  assign empty_o = fetch_empty && line_empty;

  logic line_wakes, cpl_wakes, line_first;
  logic [47:0] line_wake, cpl_wake;
  assign line_first   = line_wakes && (!cpl_wakes || cpl_wake - line_wake < snic_pkg::HalfTime);
  assign wake_valid_o = line_wakes || cpl_wakes;
  assign wake_o       = line_first ? line_wake : cpl_wake;

  logic copy_valid, copy_ready, copy_last;
  logic [7:0] copy_func;
  snic_pkg::egress_t copy;
  rx_replicate u_replicate (
      .clk_i,
      .rst_ni,
      .rec_valid_i,
      .rec_ready_o,
      .rec_i,
      .flood_valid_i,
      .flood_ready_o,
      .flood_i,
      .flood_map_i,
      .copy_valid_o(copy_valid),
      .copy_ready_i(copy_ready),
      .copy_func_o (copy_func),
      .copy_last_o (copy_last),
      .copy_o      (copy),
      .written_i   (stat_valid_o),
      .dropped_i   (drop_valid_o),
      .idle_o      (rep_idle)
  );

  localparam int MailW = 43;
  localparam int WordW = 5;
  logic pend_valid, pend_ready, back_valid, back_ready, look, word_we;
  logic [10:0] pend_qid, back_qid, look_qid, word_qid;
  logic [11:0] pend_count;
  logic [MailW-1:0] mail;
  logic [WordW-1:0] word, word_new;
  logic [57:0] desc_base, cpl_base;
  rx_mail u_mail (
      .clk_i,
      .rst_ni,
      .qcfg_wr_i,
      .doorbell_i,
      .qask_i,
      .busy_o,
      .pend_valid_o(pend_valid),
      .pend_ready_i(pend_ready),
      .pend_qid_o  (pend_qid),
      .pend_count_o(pend_count),
      .back_valid_i(back_valid),
      .back_ready_o(back_ready),
      .back_qid_i  (back_qid),
      .look_i      (look),
      .look_qid_i  (look_qid),
      .mail_o      (mail),
      .word_o      (word),
      .desc_base_o (desc_base),
      .cpl_base_o  (cpl_base),
      .word_we_i   (word_we),
      .word_qid_i  (word_qid),
      .word_i      (word_new),
      .idle_o      (mail_idle),
      .init_done_o (mail_init)
  );

  localparam int Lines = snic_pkg::NTagRxDesc;
  localparam int SlotW = $clog2(Lines);
  localparam int HeldW = 17;
  logic stop_valid, stop_late, stop_back, stop_idle, fence_valid, fence_ready, fence_last, room, fence_room;
  logic [10:0] stop_qid, fence_qid;
  logic [15:0] stop_idx;
  logic [SlotW-1:0] stop_slot, op_slot, load_slot;
  logic [1:0] stop_left, op_left;
  logic load_valid, load_ready, paid;
  logic [10:0] load_qid;
  logic [255:0] owed;
  logic op_stop, op_late, op_back, op_load, op_off, op_cfg, op_start, op_doorbell, op_last;
  logic [10:0] op_qid;
  logic [21:0] op_cfg_data;
  logic [15:0] op_tail;
  rx_ctrl u_ctrl (
      .clk_i,
      .rst_ni,
      .pend_valid_i (pend_valid),
      .pend_ready_o (pend_ready),
      .pend_qid_i   (pend_qid),
      .pend_count_i (pend_count),
      .back_valid_o (back_valid),
      .back_ready_i (back_ready),
      .back_qid_o   (back_qid),
      .look_o       (look),
      .look_qid_o   (look_qid),
      .mail_i       (mail),
      .word_i       (word),
      .word_we_o    (word_we),
      .word_qid_o   (word_qid),
      .word_o       (word_new),
      .stop_valid_i (stop_valid),
      .stop_late_i  (stop_late),
      .stop_back_i  (stop_back),
      .stop_qid_i   (stop_qid),
      .stop_idx_i   (stop_idx),
      .stop_slot_i  (stop_slot),
      .stop_left_i  (stop_left),
      .stop_idle_o  (stop_idle),
      .load_valid_i (load_valid),
      .load_ready_o (load_ready),
      .load_qid_i   (load_qid),
      .load_slot_i  (load_slot),
      .owed_i       (owed),
      .paid_i       (paid),
      .flush_valid_i,
      .flush_func_i,
      .flush_done_o,
      .fence_valid_i(fence_valid),
      .fence_ready_o(fence_ready),
      .fence_qid_i  (fence_qid),
      .fence_last_i (fence_last),
      .fence_room_i (fence_room),
      .op_stop_o    (op_stop),
      .op_late_o    (op_late),
      .op_back_o    (op_back),
      .op_load_o    (op_load),
      .op_off_o     (op_off),
      .op_cfg_o     (op_cfg),
      .op_start_o   (op_start),
      .op_doorbell_o(op_doorbell),
      .op_last_o    (op_last),
      .op_qid_o     (op_qid),
      .op_cfg_data_o(op_cfg_data),
      .op_tail_o    (op_tail),
      .op_slot_o    (op_slot),
      .op_left_o    (op_left),
      .en_i         (mail_init && steer_init && fetch_init && line_init),
      .idle_o       (ctrl_idle)
  );
  assign qerr_valid_o = stop_valid && !stop_late;
  assign qerr_func_o  = stop_qid[10:3];

  logic lreq_valid, lreq_ready;
  logic [7:0] lreq_func;
  logic [63:0] lreq_addr;
  logic [6:0] lreq_len;
  logic [SlotW-1:0] lreq_slot, new_slot, st_slot;
  logic slot_room, slot_room_alone, take, take_alone, in_valid, in_time, st_again, st_load, st_let;
  logic late_valid, held_valid, look_copy, slow_idle;
  logic [7:0] late_func;
  logic [255:0] slow;
  logic [HeldW-1:0] held;
  logic [7:0] in_func, st_cells;
  logic [23:0] st_asked;
  logic [1:0] st_left;
  logic [7:0] st_bufsz;
  logic st_valid, st_fence, st_done, st_drop, st_first, st_end, st_cut, st_any, st_last, st_new_line, st_pop, st_push, st_irq;
  logic [2:0] st_cause;
  logic [10:0] st_qid;
  logic [15:0] st_idx, st_push_tci;
  snic_pkg::act_edit_t st_edit;
  logic [5:0] st_strip, wr_strip;
  logic [38:0] st_pkt;
  logic [3:0] st_log2, st_vec;
  logic [13:0] st_len;
  logic [127:0] st_cpl;
  rx_steer u_steer (
      .clk_i,
      .rst_ni,
      .copy_valid_i   (copy_valid),
      .copy_ready_o   (copy_ready),
      .copy_func_i    (copy_func),
      .copy_last_i    (copy_last),
      .rec_i          (copy),
      .func_en_i,
      .ft_wr_i,
      .indir_wr_i,
      .op_stop_i      (op_stop),
      .op_late_i      (op_late),
      .op_back_i      (op_back),
      .op_load_i      (op_load),
      .op_off_i       (op_off),
      .op_cfg_i       (op_cfg),
      .op_start_i     (op_start),
      .op_doorbell_i  (op_doorbell),
      .op_last_i      (op_last),
      .op_qid_i       (op_qid),
      .op_cfg_data_i  (op_cfg_data),
      .op_tail_i      (op_tail),
      .op_slot_i      (op_slot),
      .op_left_i      (op_left),
      .op_base_i      (desc_base),
      .refused_o      (doorbell_refused_o),
      .now_i          (now_i[23:0]),
      .slot_room_i    (slot_room),
      .slot_room_alone_i(slot_room_alone),
      .slot_i         (new_slot),
      .take_o         (take),
      .take_alone_o   (take_alone),
      .in_valid_i     (in_valid),
      .in_func_i      (in_func),
      .slow_i         (slow),
      .late_valid_o   (late_valid),
      .late_func_o    (late_func),
      .look_o         (look_copy),
      .lreq_valid_o   (lreq_valid),
      .lreq_ready_i   (lreq_ready),
      .lreq_func_o    (lreq_func),
      .lreq_addr_o    (lreq_addr),
      .lreq_len_o     (lreq_len),
      .lreq_slot_o    (lreq_slot),
      .room_i         (room),
      .item_valid_o   (st_valid),
      .item_fence_o   (st_fence),
      .item_done_o    (st_done),
      .item_drop_o    (st_drop),
      .item_cause_o   (st_cause),
      .item_first_o   (st_first),
      .item_end_o     (st_end),
      .item_cut_o     (st_cut),
      .item_any_o     (st_any),
      .item_bufsz_o   (st_bufsz),
      .item_last_o    (st_last),
      .item_again_o   (st_again),
      .item_load_o    (st_load),
      .item_new_line_o(st_new_line),
      .item_let_o     (st_let),
      .item_slot_o    (st_slot),
      .item_asked_o   (st_asked),
      .item_left_o    (st_left),
      .item_cells_o   (st_cells),
      .item_qid_o     (st_qid),
      .item_idx_o     (st_idx),
      .item_pkt_o     (st_pkt),
      .item_pop_o     (st_pop),
      .item_push_o    (st_push),
      .item_push_tci_o(st_push_tci),
      .item_edit_o    (st_edit),
      .item_strip_o   (st_strip),
      .item_log2_o    (st_log2),
      .item_irq_o     (st_irq),
      .item_vec_o     (st_vec),
      .item_len_o     (st_len),
      .item_cpl_o     (st_cpl),
      .busy_o         (copies_busy),
      .starved_o      (starved),
      .held_o         (copies_held),
      .idle_o         (steer_idle),
      .init_done_o    (steer_init)
  );

  rx_slow #(
      .HeldW(HeldW)
  ) u_slow (
      .clk_i,
      .rst_ni,
      .now_i       (now_i[23:0]),
      .held_valid_i(held_valid),
      .held_i      (held),
      .late_valid_i(late_valid),
      .late_func_i (late_func),
      .in_valid_i  (in_valid),
      .in_func_i   (in_func),
      .in_time_i   (in_time),
      .look_i      (look_copy),
      .slow_o      (slow),
      .idle_o      (slow_idle)
  );

  logic look_line, line_err, let_line, let_keep, line_wait, copies_busy, copies_held, starved;
  logic [SlotW-1:0] look_slot, let_slot;
  logic [7:0] let_func;
  logic [Lines-1:0] come;
  logic [23:0] newest;
  logic [511:0] line_data;
  rx_fetch #(
      .Depth(Lines)
  ) u_fetch (
      .clk_i,
      .rst_ni,
      .now_i       (now_i[23:0]),
      .room_o      (slot_room),
      .room_alone_o(slot_room_alone),
      .slot_o      (new_slot),
      .take_i      (take),
      .take_alone_i(take_alone),
      .take_qid_i  (st_qid),
      .req_valid_i (lreq_valid),
      .req_ready_o (lreq_ready),
      .req_func_i  (lreq_func),
      .req_addr_i  (lreq_addr),
      .req_len_i   (lreq_len),
      .req_slot_i  (lreq_slot),
      .rd_valid_o  (drd_valid_o),
      .rd_ready_i  (drd_ready_i),
      .rd_o        (drd_o),
      .cpl_valid_i (dcpl_valid_i),
      .cpl_hdr_i   (dcpl_hdr_i),
      .cpl_data_i  (dcpl_data_i),
      .come_o      (come),
      .newest_o    (newest),
      .look_i      (look_line),
      .look_slot_i (look_slot),
      .err_o       (line_err),
      .data_o      (line_data),
      .let_i       (let_line),
      .let_keep_i  (let_keep),
      .let_slot_i  (let_slot),
      .let_func_i  (let_func),
      .owed_o      (owed),
      .paid_o      (paid),
      .load_valid_o(load_valid),
      .load_ready_i(load_ready),
      .load_qid_o  (load_qid),
      .load_slot_o (load_slot),
      .in_valid_o  (in_valid),
      .in_func_o   (in_func),
      .in_time_o   (in_time),
      .idle_o      (fetch_idle),
      .empty_o     (fetch_empty),
      .init_done_o (fetch_init)
  );

  logic ln_valid, ln_ready, ln_fence, ln_done, ln_drop, ln_last;
  logic [10:0] ln_qid;
  logic [15:0] ln_idx;
  logic [63:0] ln_addr, next_addr;
  logic next_pop;
  logic [FrameW-1:0] ln_frame;
  rx_line #(
      .FrameW(FrameW)
  ) u_line (
      .clk_i,
      .rst_ni,
      .now_i,
      .room_o         (room),
      .fence_room_o   (fence_room),
      .item_valid_i   (st_valid),
      .item_fence_i   (st_fence),
      .item_done_i    (st_done),
      .item_drop_i    (st_drop),
      .item_cause_i   (st_cause),
      .item_first_i   (st_first),
      .item_end_i     (st_end),
      .item_any_i     (st_any),
      .item_last_i    (st_last),
      .item_again_i   (st_again),
      .item_load_i    (st_load),
      .item_new_line_i(st_new_line),
      .item_let_i     (st_let),
      .item_slot_i    (st_slot),
      .item_asked_i   (st_asked),
      .item_left_i    (st_left),
      .item_cells_i   (st_cells),
      .item_qid_i     (st_qid),
      .item_idx_i     (st_idx),
      .item_frame_i   ({st_pkt, st_strip, st_edit, st_pop, st_push, st_push_tci, st_log2, st_irq, st_vec, st_len,
                         st_cpl, st_cut, st_bufsz}),
      .lines_room_i   (slot_room),
      .come_i         (come),
      .newest_i       (newest),
      .look_o         (look_line),
      .look_slot_o    (look_slot),
      .line_err_i     (line_err),
      .line_data_i    (line_data),
      .let_o          (let_line),
      .let_keep_o     (let_keep),
      .let_slot_o     (let_slot),
      .let_func_o     (let_func),
      .stop_idle_i    (stop_idle),
      .stop_valid_o   (stop_valid),
      .stop_late_o    (stop_late),
      .stop_back_o    (stop_back),
      .stop_qid_o     (stop_qid),
      .stop_idx_o     (stop_idx),
      .stop_slot_o    (stop_slot),
      .stop_left_o    (stop_left),
      .held_valid_o   (held_valid),
      .held_o         (held),
      .drop_valid_o,
      .drop_func_o,
      .drop_cause_o,
      .out_valid_o    (ln_valid),
      .out_ready_i    (ln_ready),
      .out_fence_o    (ln_fence),
      .out_done_o     (ln_done),
      .out_drop_o     (ln_drop),
      .out_last_o     (ln_last),
      .out_qid_o      (ln_qid),
      .out_idx_o      (ln_idx),
      .out_addr_o     (ln_addr),
      .out_frame_o    (ln_frame),
      .next_addr_o    (next_addr),
      .next_pop_i     (next_pop),
      .wait_o         (line_wait),
      .wake_valid_o   (line_wakes),
      .wake_o         (line_wake),
      .init_done_o    (line_init),
      .idle_o         (line_idle),
      .empty_o        (line_empty)
  );

  logic [38:0] wr_pkt;
  logic wr_pop, wr_push, wr_irq, wr_cut;
  logic [7:0] wr_bufsz;
  logic [15:0] wr_push_tci;
  snic_pkg::act_edit_t wr_edit;
  logic [3:0] wr_log2, wr_vec;
  logic [13:0] wr_len;
  logic [127:0] wr_cpl;
  assign {wr_pkt, wr_strip, wr_edit, wr_pop, wr_push, wr_push_tci, wr_log2, wr_irq, wr_vec, wr_len, wr_cpl, wr_cut,
          wr_bufsz} = ln_frame;

  logic pay_valid, pay_ready, pay_sop, pay_eop;
  snic_pkg::up_hdr_t pay_hdr;
  logic [511:0] pay_data;
  logic fin_valid, fin_ready, fin_fence, fin_done, fin_end, fin_irq;
  logic [10:0] fin_qid;
  logic [15:0] fin_idx;
  logic [3:0] fin_log2, fin_vec;
  logic [127:0] fin_cpl;
  rx_write u_write (
      .clk_i,
      .rst_ni,
      .mps_i,
      .in_valid_i   (ln_valid),
      .in_ready_o   (ln_ready),
      .in_fence_i   (ln_fence),
      .in_done_i    (ln_done),
      .in_drop_i    (ln_drop),
      .in_last_i    (ln_last),
      .in_qid_i     (ln_qid),
      .in_idx_i     (ln_idx),
      .in_addr_i    (ln_addr),
      .in_pkt_i     (wr_pkt),
      .in_pop_i     (wr_pop),
      .in_push_i    (wr_push),
      .in_push_tci_i(wr_push_tci),
      .in_edit_i    (wr_edit),
      .in_strip_i   (wr_strip),
      .edit_wr_i,
      .in_log2_i    (wr_log2),
      .in_irq_i     (wr_irq),
      .in_vec_i     (wr_vec),
      .in_len_i     (wr_len),
      .in_cpl_i     (wr_cpl),
      .in_cut_i     (wr_cut),
      .in_bufsz_i   (wr_bufsz),
      .next_addr_i  (next_addr),
      .next_pop_o   (next_pop),
      .rd_req_o,
      .rd_cell_o,
      .rd_gnt_i,
      .rd_data0_i,
      .rd_data1_i,
      .rd_data2_i,
      .rel_o,
      .rel_slot_o,
      .up_valid_o   (pay_valid),
      .up_ready_i   (pay_ready),
      .up_sop_o     (pay_sop),
      .up_eop_o     (pay_eop),
      .up_hdr_o     (pay_hdr),
      .up_data_o    (pay_data),
      .fin_valid_o  (fin_valid),
      .fin_ready_i  (fin_ready),
      .fin_fence_o  (fin_fence),
      .fin_done_o   (fin_done),
      .fin_end_o    (fin_end),
      .fin_qid_o    (fin_qid),
      .fin_idx_o    (fin_idx),
      .fin_log2_o   (fin_log2),
      .fin_irq_o    (fin_irq),
      .fin_vec_o    (fin_vec),
      .fin_cpl_o    (fin_cpl),
      .fin_len_o    (stat_bytes_o),
      .idle_o       (write_idle)
  );

  assign stat_valid_o = fin_valid && fin_ready && !fin_fence && fin_end;
  assign stat_func_o  = fin_qid[10:3];

  logic cl_valid, cl_ready, cl_fence, cl_irq;
  logic [10:0] cl_qid;
  logic [63:0] cl_addr;
  logic [6:0] cl_len;
  logic [3:0] cl_vec;
  logic [511:0] cl_data;
  rx_cpl u_cpl (
      .clk_i,
      .rst_ni,
      .now_i,
      .timeout_i   (cpl_timeout_i),
      .start_i     (op_cfg && op_start),
      .start_qid_i (op_qid),
      .start_base_i(cpl_base),
      .fin_valid_i (fin_valid),
      .fin_ready_o (fin_ready),
      .fin_fence_i (fin_fence),
      .fin_done_i  (fin_done),
      .fin_qid_i   (fin_qid),
      .fin_idx_i   (fin_idx),
      .fin_log2_i  (fin_log2),
      .fin_irq_i   (fin_irq),
      .fin_vec_i   (fin_vec),
      .fin_cpl_i   (fin_cpl),
      .line_valid_o(cl_valid),
      .line_ready_i(cl_ready),
      .line_fence_o(cl_fence),
      .line_done_o (fence_last),
      .line_qid_o  (cl_qid),
      .line_addr_o (cl_addr),
      .line_len_o  (cl_len),
      .line_irq_o  (cl_irq),
      .line_vec_o  (cl_vec),
      .line_data_o (cl_data),
      .partial_o   (cpl_flush_o),
      .idle_o      (cpl_idle),
      .wake_valid_o(cpl_wakes),
      .wake_o      (cpl_wake),
      .init_done_o (cpl_init)
  );

  rx_out u_out (
      .clk_i,
      .rst_ni,
      .pay_valid_i (pay_valid),
      .pay_ready_o (pay_ready),
      .pay_sop_i   (pay_sop),
      .pay_eop_i   (pay_eop),
      .pay_hdr_i   (pay_hdr),
      .pay_data_i  (pay_data),
      .line_valid_i(cl_valid),
      .line_ready_o(cl_ready),
      .line_fence_i(cl_fence),
      .line_func_i (cl_qid[10:3]),
      .line_addr_i (cl_addr),
      .line_len_i  (cl_len),
      .line_irq_i  (cl_irq),
      .line_vec_i  (cl_vec),
      .line_data_i (cl_data),
      .up_valid_o,
      .up_ready_i,
      .up_sop_o,
      .up_eop_o,
      .up_hdr_o,
      .up_data_o,
      .int_valid_o,
      .int_ready_i,
      .int_func_o,
      .int_vec_o,
      .fence_valid_o(fence_valid),
      .fence_ready_i(fence_ready),
      .idle_o      (out_idle)
  );
  assign fence_qid = cl_qid;

  // Utilisation. Copies that wait for their descriptor lines are held up only when no more can wait with them: lines
  // under way are what the queue is long for.
  logic no_read, waits;
  assign no_read = rd_req_o != 3'd0 && (rd_req_o & rd_gnt_i) == 3'd0;
  assign waits   = !up_valid_o && !no_read && copies_held;
  assign util_o  = {copies_busy, starved, (up_valid_o && up_ready_i) || (waits && !line_wait), up_valid_o && !up_ready_i,
                    !up_valid_o && no_read, waits && line_wait && !slot_room, waits && line_wait && slot_room};

`ifndef SYNTHESIS
  snic_stream_check #(
      .Width(snic_pkg::UpHdrW + 514)
  ) u_check_up (
      .clk_i,
      .rst_ni,
      .valid_i(up_valid_o),
      .ready_i(up_ready_i),
      .data_i ({up_hdr_o, up_sop_o, up_eop_o, up_data_o})
  );
  snic_stream_check #(
      .Width(snic_pkg::RdReqW)
  ) u_check_lines (
      .clk_i,
      .rst_ni,
      .valid_i(drd_valid_o),
      .ready_i(drd_ready_i),
      .data_i (drd_o)
  );
  snic_stream_check #(
      .Width(12)
  ) u_check_int (
      .clk_i,
      .rst_ni,
      .valid_i(int_valid_o),
      .ready_i(int_ready_i),
      .data_i ({int_func_o, int_vec_o})
  );
`endif
endmodule
