// SPDX-License-Identifier: BSD-2-Clause
// Descriptors of a line, one a cycle: is it possible, and does a frame end with it? A frame in one buffer goes on as it is.
// What is known of one in several waits in a RAM, a word a queue, until its end comes, in whatever line; its buffers wait in
// tx_seg. A line that stops its queue, and those after it, come to nothing; so do lines of a queue that was switched off:
// nothing more is read for them.
module tx_desc #(
    parameter int EpochW = 32,
    parameter int LineW = 1 + 16 + 3 + 16 + EpochW + 11,
    parameter int OutW = 1 + snic_pkg::TxToW + 1 + 2 + 16 + EpochW + 11
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
    output logic [OutW-1:0]   op_line_o,       // {last of line, tx_to_t, write back, status, head, epoch, queue}
    output logic [63:0]       op_addr_o,
    output logic [13:0]       op_len_o,
    output logic              op_walk_o,       // its buffers are those that were put
    output logic [17:0]       op_total_o,      // bytes of all
    output logic [13:0]       op_mss_o,
    output snic_pkg::tx_edit_t op_edit_o,
    // buffers of a frame that goes on, or is to be cut
    input  logic              walk_i,          // they are in use
    output logic              put_o,
    output logic [15:0]       put_at_o,        // {queue, number}
    output logic [79:0]       put_buf_o,       // {address, length}
    output logic              stop_valid_o,
    output logic [10:0]       stop_qid_o,
    output logic [EpochW-1:0] stop_epoch_o,
    output logic              bad_desc_o,      // with stop_valid_o: by the descriptor itself
    output logic              charge_valid_o,
    output logic [7:0]        charge_func_o,
    output logic [18:0]       charge_est_o,
    output logic              charge_frame_o,
    output logic [15:0]       charge_len_o,
    output logic              idle_o
);
  localparam int HdrMax = snic_contract_pkg::TX_HDR_MAX;
  localparam int SegsLog2 = $clog2(snic_contract_pkg::TX_LSO_SEGS);

  logic bad_tail;
  logic [15:0] each;
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

  logic wipe_q;  // done between the ends of lines; none come in two cycles running
  logic [10:0] wipe_qid_q;

  logic silent;  // a descriptor with which nothing ends
  assign start = rsp_valid_i && !known_q;
  assign take  = known_q && (silent ? !walk_i : op_ready_i);

  snic_ram #(
      .Width(EpochW + 1),
      .Depth(snic_contract_pkg::N_QUEUE)
  ) u_stop (
      .clk_i,
      .wen_i  (init_i || stop_valid_o || (wipe_q && !chain_we)),
      .waddr_i(init_i ? init_qid_i : stop_valid_o ? qid : wipe_qid_q),
      .wdata_i(init_i || !stop_valid_o ? '0 : {epoch, 1'b1}),
      .ren_i  (start),
      .raddr_i(qid),
      .rdata_o({stop_epoch, stopped})
  );

  // The frame that has begun: the word of the queue in the first cycle, then what has come of it.
  localparam int OpenW = 1 + 6 + 18 + 16 + 14 + snic_pkg::TxEditW;
  logic [EpochW-1:0] ram_epoch;
  logic [OpenW-1:0] ram_open, open_q, open, open_d;
  logic chain_we, had_q, had;
  logic is_open, is_open_d;
  logic [5:0] bufs, bufs_d;
  logic [17:0] total, total_d;
  logic [15:0] began, began_d;  // its first descriptor
  logic [13:0] mss, mss_d;
  snic_pkg::tx_edit_t edit, edit_d;
  logic [snic_pkg::TxEditW-1:0] edit_bits;

  snic_ram #(
      .Width(EpochW + OpenW),
      .Depth(snic_contract_pkg::N_QUEUE)
  ) u_open (
      .clk_i,
      .wen_i  (init_i || chain_we || (wipe_q && !stop_valid_o)),
      .waddr_i(init_i ? init_qid_i : chain_we ? qid : wipe_qid_q),
      .wdata_i(init_i || !chain_we ? '0 : {epoch, open_d}),
      .ren_i  (start),
      .raddr_i(qid),
      .rdata_o({ram_epoch, ram_open})
  );
  assign had  = first_q ? ram_open[OpenW-1] && ram_epoch == epoch : had_q;
  assign open = !first_q ? open_q : had ? ram_open : '0;
  assign {is_open, bufs, total, began, mss, edit_bits} = open;
  assign edit = edit_bits;

  // The descriptor
  logic [127:0] bits;
  snic_contract_pkg::tx_desc_t desc;
  snic_contract_pkg::tx_ctx_t ctx;
  assign bits = rsp_data_i[128*idx_q+:128];
  assign desc = bits;
  assign ctx  = bits;

  logic dead, good, bad, bad_ctx, bad_buf, bad_end, frame, buffer, single, last;
  logic [1:0] status;
  logic [15:0] index;
  logic [17:0] payload;
  logic [9:0] csum_end;
  assign index = first + 16'(idx_q);
  assign dead  = (stopped && stop_epoch == epoch) || gone;

  snic_pkg::tx_to_t to;
  assign to.named = desc.to;
  assign to.vport = desc.dst;

  assign bad_ctx = is_open || ctx.eop || ctx.rsvd0 != '0 || ctx.rsvd1 != '0 || ctx.rsvd2 != '0 || ctx.rsvd3 != '0 || ctx.rsvd4 != '0 ||
                   ctx.mss == '0 || ctx.hdr > 9'(HdrMax) || 15'(ctx.mss) + 15'(ctx.hdr) > 15'(snic_contract_pkg::FRAME_MAX) ||
                   (ctx.fixid && ctx.ip6) || 9'(ctx.l3) + (ctx.ip6 ? 9'd40 : 9'd20) > 9'(ctx.l4) ||
                   10'(ctx.l4) + (ctx.udp ? 10'd8 : 10'd20) > 10'(ctx.hdr) ||
                   (ctx.oip4 ? 9'(ctx.ol3) + 9'd20 > 9'(ctx.l3) : ctx.ol3 != '0);

  // A buffer, with what its frame is from now on
  assign csum_end = 10'(desc.csum_start) + 10'(desc.csum_off) + 10'd2;
  assign total_d  = total + 18'(desc.len);
  assign payload  = total_d - 18'(edit.hdr);
  assign bad_buf  = desc.len == '0 || bufs == 6'(snic_contract_pkg::TX_BUFS) || desc.rsvd1 != '0 || desc.rsvd2 != '0 ||
                    (desc.to ? !desc.eop || qid[10:3] != 8'd0 : desc.dst != '0) ||
                    (desc.csum ? is_open || csum_end > 10'(HdrMax) : desc.csum_start != '0 || desc.csum_off != '0) ||
                    19'(total) + 19'(desc.len) > (edit.cut ? 19'(snic_contract_pkg::TX_LSO_BYTES) : 19'(snic_contract_pkg::FRAME_MAX));
  assign bad_end  = edit.cut ? total_d <= 18'(edit.hdr) || 25'(payload) > {11'd0, mss} << SegsLog2 :
                    total_d < 18'(snic_contract_pkg::FRAME_MIN) || (edit_d.csum && 18'(edit_d.hdr) > total_d);
  assign bad      = desc.ctx ? bad_ctx : bad_buf || (desc.eop && bad_end);

  assign good   = !dead && !bad_tail && !rsp_err_i && !bad;
  assign buffer = good && !desc.ctx;
  assign frame  = buffer && desc.eop;
  assign single = bufs == '0 && !edit.cut;
  assign last   = !good || 3'(idx_q) + 3'd1 == count;
  assign silent = good && !frame && !last;
  assign status = good ? 2'(snic_contract_pkg::QSTAT_OK) :
                  bad_tail ? 2'(snic_contract_pkg::QSTAT_BAD_TAIL) :
                  rsp_err_i ? 2'(snic_contract_pkg::QSTAT_DMA_ERR) : 2'(snic_contract_pkg::QSTAT_BAD_DESC);

  assign is_open_d = !frame;
  assign bufs_d    = bufs + 6'(!desc.ctx);
  assign began_d   = is_open ? began : index;
  always_comb begin
    edit_d = edit;
    mss_d  = mss;
    if (known_q && ctx.ctx) begin
      mss_d        = ctx.mss;
      edit_d       = '0;
      edit_d.cut   = 1'b1;
      edit_d.hdr   = ctx.hdr;
      edit_d.l3    = ctx.l3;
      edit_d.start = ctx.l4;
      edit_d.off   = ctx.udp ? 8'd6 : 8'd16;
      edit_d.ol3   = ctx.ol3;
      edit_d.ip6   = ctx.ip6;
      edit_d.udp   = ctx.udp;
      edit_d.fixid = ctx.fixid;
      edit_d.oip4  = ctx.oip4;
    end else if (known_q && desc.csum) begin
      edit_d.csum  = 1'b1;
      edit_d.hdr   = csum_end[8:0];
      edit_d.start = desc.csum_start;
      edit_d.off   = desc.csum_off;
    end
  end
  assign open_d   = {is_open_d, bufs_d, desc.ctx ? 18'd0 : total_d, began_d, mss_d, edit_d};
  assign chain_we = take && last && good && (had || is_open_d);

  logic ended_q;  // a frame of this line has
  assign idle_o      = !rsp_valid_i && !wipe_q;
  assign rsp_ready_o = take && last;
  assign op_valid_o  = known_q && !silent;
  assign op_frame_o  = frame;
  assign op_line_o   = {last, to, !dead && (!good || frame || ended_q), status, frame ? index + 16'd1 : is_open ? began : index, epoch, qid};
  assign op_addr_o   = desc.addr;
  assign op_len_o    = desc.len[13:0];
  assign op_walk_o   = frame && !single;
  assign op_total_o  = total_d;
  assign op_mss_o    = mss;
  assign op_edit_o   = edit_d;

  assign put_o     = take && buffer && !(frame && single);
  assign put_at_o  = {qid, bufs[4:0]};
  assign put_buf_o = {desc.addr, desc.len};

  assign stop_valid_o = take && !good && !dead;
  assign stop_qid_o   = qid;
  assign stop_epoch_o = epoch;
  assign bad_desc_o   = !bad_tail && !rsp_err_i;

  // A line that ends early gives back what was charged for the rest of it.
  logic [2:0] rest;
  assign rest           = count - 3'(idx_q);
  assign charge_valid_o = take;
  assign charge_func_o  = qid[10:3];
  assign charge_est_o   = good ? 19'(each) : 19'(rest) * 19'(each);
  assign charge_frame_o = buffer;
  assign charge_len_o   = desc.len;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      known_q <= 1'b0;
      first_q <= 1'b0;
      wipe_q  <= 1'b0;
      idx_q   <= 2'd0;
    end else begin
      first_q <= start;
      wipe_q  <= wipe_i || (wipe_q && (stop_valid_o || chain_we));
      if (start) known_q <= 1'b1;
      else if (take && last) known_q <= 1'b0;
      if (take) idx_q <= last ? 2'd0 : idx_q + 2'd1;
    end
    if (first_q) begin
      gone_q <= gone;
      had_q  <= had;
    end
    if (take && !(frame && single)) open_q <= frame ? '0 : open_d;
    else if (first_q) open_q <= open;
    if (start) ended_q <= 1'b0;
    else if (take && frame) ended_q <= 1'b1;
    if (wipe_i) wipe_qid_q <= wipe_qid_i;
  end
endmodule
