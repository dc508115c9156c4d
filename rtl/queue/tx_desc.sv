// SPDX-License-Identifier: BSD-2-Clause
// Descriptor lines in, one operation for each descriptor out: a frame to read, or the end of a line that has
// no (further) frame. Every line ends with exactly one operation marked last. A descriptor out of contract
// stops its queue: the rest of the line, and the lines of that queue that were read already, come to nothing.
// So do lines of a queue that was switched off: nothing more is read for them.
module tx_desc #(
    parameter int EpochW = 32,
    parameter int LineW = 1 + 14 + 3 + 16 + EpochW + 11,
    parameter int OutW = 1 + 1 + 2 + 16 + EpochW + 11
) (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic              init_i,
    input  logic [10:0]       init_qid_i,
    input  logic              wipe_i,          // a new epoch of this queue begins
    input  logic [10:0]       wipe_qid_i,
    // queue registers, one cycle after ren
    output logic              cfg_ren_o,
    output logic [10:0]       cfg_qid_o,
    input  logic              cfg_en_i,
    input  logic [EpochW-1:0] cfg_epoch_i,
    input  logic              rsp_valid_i,
    output logic              rsp_ready_o,
    input  logic [LineW-1:0]  rsp_line_i,      // as tx_sched gave it
    input  logic              rsp_err_i,
    input  logic [511:0]      rsp_data_i,
    output logic              op_valid_o,
    input  logic              op_ready_i,
    output logic              op_frame_o,      // there is a frame
    output logic [OutW-1:0]   op_line_o,       // {last of line, write back, status, head, epoch, queue}
    output logic [63:0]       op_addr_o,
    output logic [13:0]       op_len_o,
    output logic              stop_valid_o,
    output logic [10:0]       stop_qid_o,
    output logic [EpochW-1:0] stop_epoch_o,
    output logic              bad_desc_o,      // with stop_valid_o: by the descriptor itself
    output logic              charge_valid_o,
    output logic [7:0]        charge_func_o,
    output logic [16:0]       charge_est_o,
    output logic              charge_frame_o,
    output logic [13:0]       charge_len_o,
    output logic              idle_o
);
  logic bad_tail;
  logic [13:0] each;
  logic [2:0] count;
  logic [15:0] first;
  logic [EpochW-1:0] epoch;
  logic [10:0] qid;
  assign {bad_tail, each, count, first, epoch, qid} = rsp_line_i;

  // One cycle to look up whether the queue has stopped, then a descriptor a cycle.
  logic known_q, start, take;
  logic [1:0] idx_q;
  logic stopped;
  logic [EpochW-1:0] stop_epoch;

  // The answer of the queue registers stands in the first cycle only; a line that has begun goes on.
  logic first_q, gone_q, gone;
  assign gone      = first_q ? !cfg_en_i || cfg_epoch_i != epoch : gone_q;
  assign cfg_ren_o = start;
  assign cfg_qid_o = qid;

  logic wipe_q;  // done when no queue stops; none does in two cycles running
  logic [10:0] wipe_qid_q;

  assign start = rsp_valid_i && !known_q;
  assign take  = known_q && op_ready_i;

  snic_ram #(
      .Width(EpochW + 1),
      .Depth(snic_contract_pkg::N_QUEUE)
  ) u_stop (
      .clk_i,
      .wen_i  (init_i || stop_valid_o || wipe_q),
      .waddr_i(init_i ? init_qid_i : stop_valid_o ? qid : wipe_qid_q),
      .wdata_i(init_i || !stop_valid_o ? '0 : {epoch, 1'b1}),
      .ren_i  (start),
      .raddr_i(qid),
      .rdata_o({stop_epoch, stopped})
  );

  logic [127:0] desc;
  logic [13:0] len;
  logic dead, bad, frame, last;
  logic [1:0] status;

  assign desc = rsp_data_i[128*idx_q+:128];
  assign len  = desc[77:64];
  assign dead = (stopped && stop_epoch == epoch) || gone;
  assign bad  = len < 14'(snic_contract_pkg::FRAME_MIN) || len > 14'(snic_contract_pkg::FRAME_MAX) ||
                desc[80:78] != 3'b100 || desc[127:81] != '0;

  assign frame  = !dead && !bad_tail && !rsp_err_i && !bad;
  assign last   = !frame || 3'(idx_q) + 3'd1 == count;
  assign status = frame ? 2'(snic_contract_pkg::QSTAT_OK) :
                  bad_tail ? 2'(snic_contract_pkg::QSTAT_BAD_TAIL) :
                  rsp_err_i ? 2'(snic_contract_pkg::QSTAT_DMA_ERR) : 2'(snic_contract_pkg::QSTAT_BAD_DESC);

  assign idle_o      = !rsp_valid_i && !wipe_q;
  assign rsp_ready_o = take && last;
  assign op_valid_o  = known_q;
  assign op_frame_o  = frame;
  assign op_line_o   = {last, !dead, status, first + 16'(idx_q) + 16'(frame), epoch, qid};
  assign op_addr_o   = desc[63:0];
  assign op_len_o    = len;

  assign stop_valid_o = take && !frame && !dead;
  assign stop_qid_o   = qid;
  assign stop_epoch_o = epoch;
  assign bad_desc_o   = !bad_tail && !rsp_err_i;

  // A line that ends early gives back what was charged for the rest of it.
  logic [2:0] rest;
  assign rest           = count - 3'(idx_q);
  assign charge_valid_o = take;
  assign charge_func_o  = qid[10:3];
  assign charge_est_o   = frame ? 17'(each) : 17'(rest) * 17'(each);
  assign charge_frame_o = frame;
  assign charge_len_o   = len;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      known_q <= 1'b0;
      first_q <= 1'b0;
      wipe_q  <= 1'b0;
      idx_q   <= 2'd0;
    end else begin
      first_q <= start;
      wipe_q  <= wipe_i || (wipe_q && stop_valid_o);
      if (start) known_q <= 1'b1;
      else if (take && last) known_q <= 1'b0;
      if (take) idx_q <= last ? 2'd0 : idx_q + 2'd1;
    end
    if (first_q) gone_q <= gone;
    if (wipe_i) wipe_qid_q <= wipe_qid_i;
  end
endmodule
