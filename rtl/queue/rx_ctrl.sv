// SPDX-License-Identifier: BSD-2-Clause
// Everything that changes an RX queue from outside the data path, one operation at a time: queues stopped by
// an error, RXQ_CFG writes and doorbells in the order they came, and the eight queues of a function that is
// reset.
module rx_ctrl (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  snic_pkg::qcfg_wr_t   qcfg_wr_i,
    input  snic_pkg::doorbell_t  doorbell_i,
    input  logic                 stop_valid_i,   // no back-pressure: stop_idle_o says that there is room
    input  logic [10:0]          stop_qid_i,
    input  logic [ 1:0]          stop_gen_i,
    output logic                 stop_idle_o,
    input  logic                 flush_valid_i,
    input  logic [ 7:0]          flush_func_i,
    output logic                 flush_done_o,
    input  logic                 fence_done_i,   // the fence of a flush's last queue came out at the end
    input  logic                 fence_room_i,   // an operation that sends a fence may go
    // to rx_steer: one of four
    output logic                 op_stop_o,
    output logic                 op_cfg_o,
    output logic                 op_doorbell_o,
    output logic                 op_clear_o,
    output logic [10:0]          op_qid_o,
    output logic [31:0]          op_data_o,      // RXQ_CFG, tail or generation
    output logic                 op_last_o,      // last queue of a flush
    input  logic                 en_i,           // off while RAMs are cleared
    output logic                 idle_o
);
  localparam int CfgIdx = 12;
  localparam int EntryW = 1 + 11 + 32 + 1 + 11 + 16;
  localparam logic [2:0] LastQ = 3'(snic_contract_pkg::Q_PER_FUNC - 1);

  logic cfg_wr, in_valid, in_ready, head_valid, head_cfg, head_db, head_pop;
  logic [EntryW-1:0] head;
  logic head_cfg_valid, head_db_valid, cfg_done_q;
  logic [10:0] head_cfg_qid, head_db_qid;
  logic [31:0] head_cfg_data;
  logic [15:0] head_db_tail;
  logic [6:0] in_count;

  assign cfg_wr   = qcfg_wr_i.valid && qcfg_wr_i.idx == 4'(CfgIdx);
  assign in_valid = cfg_wr || doorbell_i.valid;

  snic_fifo #(
      .Width(EntryW),
      .Depth(64)
  ) u_in (
      .clk_i,
      .rst_ni,
      .valid_i(in_valid),
      .ready_o(in_ready),
      .data_i ({cfg_wr, qcfg_wr_i.qid, qcfg_wr_i.data, doorbell_i.valid, doorbell_i.qid, doorbell_i.tail}),
      .valid_o(head_valid),
      .ready_i(head_pop),
      .data_o (head),
      .count_o(in_count)
  );
  assign {head_cfg_valid, head_cfg_qid, head_cfg_data, head_db_valid, head_db_qid, head_db_tail} = head;
  // Both in one cycle: the configuration first.
  assign head_cfg = head_valid && head_cfg_valid && !cfg_done_q;
  assign head_db  = head_valid && head_db_valid && !head_cfg;

  // A queue stopped by an error.
  logic stop_valid, stop_ready;
  logic [12:0] stop;
  logic [2:0] stop_count;
  snic_fifo #(
      .Width(13),
      .Depth(4)
  ) u_stop (
      .clk_i,
      .rst_ni,
      .valid_i(stop_valid_i),
      .ready_o(stop_ready),
      .data_i ({stop_gen_i, stop_qid_i}),
      .valid_o(stop_valid),
      .ready_i(op_stop_o),
      .data_o (stop),
      .count_o(stop_count)
  );
  assign stop_idle_o = stop_count == '0;

  // Function reset.
  logic clearing_q, waiting_q;
  logic [7:0] func_q;
  logic [2:0] queue_q;

  assign op_stop_o     = stop_valid && en_i;
  assign op_cfg_o      = !op_stop_o && head_cfg && fence_room_i && en_i;
  assign op_doorbell_o = !op_stop_o && head_db && en_i;
  assign op_clear_o    = !op_stop_o && !head_valid && clearing_q && fence_room_i && en_i;
  assign op_qid_o      = op_stop_o ? stop[10:0] :
      head_cfg ? head_cfg_qid : head_db ? head_db_qid : {func_q, queue_q};
  assign op_data_o     = op_stop_o ? 32'(stop[12:11]) : head_cfg ? head_cfg_data : 32'(head_db_tail);
  assign op_last_o     = op_clear_o && queue_q == LastQ;
  assign head_pop      = op_doorbell_o || (op_cfg_o && !head_db_valid);
  assign idle_o        = in_count == '0 && stop_count == '0 && !clearing_q && !waiting_q && !flush_valid_i &&
      !flush_done_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cfg_done_q   <= 1'b0;
      clearing_q   <= 1'b0;
      waiting_q    <= 1'b0;
      flush_done_o <= 1'b0;
    end else begin
      if (op_cfg_o) cfg_done_q <= head_db_valid;
      else if (op_doorbell_o) cfg_done_q <= 1'b0;

      // The requester takes its request away in the cycle after done.
      if (flush_valid_i && !clearing_q && !waiting_q && !flush_done_o) begin
        clearing_q <= 1'b1;
        waiting_q  <= 1'b1;
        func_q     <= flush_func_i;
        queue_q    <= '0;
      end else if (op_clear_o) begin
        queue_q <= queue_q + 1'b1;
        if (op_last_o) clearing_q <= 1'b0;
      end
      if (fence_done_i) waiting_q <= 1'b0;
      flush_done_o <= fence_done_i;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && in_valid && !in_ready) $error("rx_ctrl: configuration and doorbells overrun");
    if (rst_ni && stop_valid_i && !stop_ready) $error("rx_ctrl: stop overrun");
  end
`endif
endmodule
