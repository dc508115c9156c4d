// SPDX-License-Identifier: BSD-2-Clause
// What the registers say of the RX queues, kept until rx_ctrl comes to it: a mailbox a queue, with the last
// RXQ_CFG, the last tail, and whether the queue was switched off meanwhile. What is written again overwrites
// it, and a queue waits once in the FIFO whatever is written, so no storm of writes can fill anything, nor get
// more turns than one a round. A doorbell stays behind the enable before it; one from before a stop goes with it.
// Two sides write: the registers the mail, rx_ctrl its own word of the queue. The mail waits while the marks of
// the two differ.
module rx_mail #(
    parameter int MailW = 1 + 1 + 1 + 1 + 23 + 16,
    parameter int WordW = 1 + 1 + 1 + 1 + 1
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    // registers: no back-pressure, at most one of the three in a cycle
    input  snic_pkg::qcfg_wr_t  qcfg_wr_i,
    input  snic_pkg::doorbell_t doorbell_i,
    input  snic_pkg::qask_t     qask_i,
    output logic                busy_o,        // answer: two cycles later, until the next question
    // queues that have mail, each at most once
    output logic                pend_valid_o,
    input  logic                pend_ready_i,
    output logic [10:0]         pend_qid_o,
    output logic [11:0]         pend_count_o,
    input  logic                back_valid_i,  // this one waits (again)
    output logic                back_ready_o,
    input  logic [10:0]         back_qid_i,
    // rx_ctrl's look at a queue, one cycle later
    input  logic                look_i,
    input  logic [10:0]         look_qid_i,
    output logic [MailW-1:0]    mail_o,        // mark, stopped, has config, has tail, config, tail
    output logic [WordW-1:0]    word_o,        // mark, enabled, draining, parked, fenced
    output logic [57:0]         desc_base_o,   // in 64 B
    output logic [57:0]         cpl_base_o,
    // and what it makes of it
    input  logic                word_we_i,
    input  logic [10:0]         word_qid_i,
    input  logic [WordW-1:0]    word_i,
    output logic                idle_o,
    output logic                init_done_o
);
  localparam int CfgIdx = 12;
  localparam int BaseIdx = snic_contract_pkg::QREG_RXQ_BASE_LO;  // four dwords: descriptors, completions
  localparam int NQueue = snic_contract_pkg::N_QUEUE;
  localparam int CfgW = 23;

  logic [11:0] sweep_q;
  logic sweep;
  assign sweep       = !sweep_q[11];
  assign init_done_o = !sweep;

  // --- A: read the mail and rx_ctrl's word ---
  logic clear, cfg, a_valid;
  logic [10:0] a_qid;
  assign clear   = qcfg_wr_i.valid && qcfg_wr_i.idx == 4'(snic_pkg::QcfgClear);
  assign cfg     = clear || (qcfg_wr_i.valid && qcfg_wr_i.idx == 4'(CfgIdx));
  assign a_valid = cfg || doorbell_i.valid || (qask_i.valid && qask_i.rx);
  assign a_qid   = cfg ? qcfg_wr_i.qid : doorbell_i.valid ? doorbell_i.qid : qask_i.qid;

  // Base addresses, as written: a queue takes them over when it starts.
  logic [127:0] base;
  for (genvar d = 0; d < 4; d++) begin : gen_base
    snic_ram #(
        .Width(32),
        .Depth(NQueue)
    ) u_ram (
        .clk_i,
        .wen_i  (sweep || clear || (qcfg_wr_i.valid && qcfg_wr_i.idx == 4'(BaseIdx + d))),
        .waddr_i(sweep ? sweep_q[10:0] : qcfg_wr_i.qid),
        .wdata_i(sweep || clear ? '0 : qcfg_wr_i.data),
        .ren_i  (look_i),
        .raddr_i(look_qid_i),
        .rdata_o(base[32*d+:32])
    );
  end
  assign desc_base_o = base[63:6];
  assign cpl_base_o  = base[127:70];
  logic [11:0] unused;  // what is left out for alignment
  assign unused = {base[69:64], base[5:0]};

  // --- B: put the write into the mail ---
  snic_contract_pkg::rxq_cfg_t wr_cfg;
  assign wr_cfg = qcfg_wr_i.data;
  logic b_valid_q, b_cfg_q, b_bell_q, mail_we, mail_byp_q, word_byp_q;
  logic [10:0] b_qid_q;
  logic [CfgW-1:0] b_cfg_data_q;
  logic [15:0] b_tail_q;
  logic [MailW-1:0] mail_rd, mail_new, mail_was_q;
  logic [WordW-1:0] word_rd, word, word_was_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sweep_q   <= '0;
      b_valid_q <= 1'b0;
    end else begin
      if (sweep) sweep_q <= sweep_q + 1'b1;
      b_valid_q <= a_valid;
    end
    if (a_valid) begin
      b_cfg_q      <= cfg;
      b_bell_q     <= !cfg && doorbell_i.valid;
      b_qid_q      <= a_qid;
      b_cfg_data_q <= clear ? '0 : {wr_cfg.enable, wr_cfg.scatter, wr_cfg.bufsize, wr_cfg.irq, wr_cfg.vec, wr_cfg.log2};
      b_tail_q     <= doorbell_i.tail;
      // The RAMs give words from before the writes of this cycle.
      mail_byp_q   <= mail_we && b_qid_q == a_qid;
      mail_was_q   <= mail_new;
      word_byp_q   <= word_we_i && word_qid_i == a_qid;
      word_was_q   <= word_i;
    end
  end

  logic mark, off, has_cfg, has_tail, off_d, has_cfg_d, has_tail_d, waits, on;
  logic [CfgW-1:0] mail_cfg, cfg_d;
  logic [15:0] tail, tail_d;
  assign {mark, off, has_cfg, has_tail, mail_cfg, tail} = mail_byp_q ? mail_was_q : mail_rd;
  assign word  = word_we_i && word_qid_i == b_qid_q ? word_i : word_byp_q ? word_was_q : word_rd;
  assign waits = mark != word[WordW-1];
  assign on    = mail_cfg[CfgW-1];  // as last written, taken or not

  always_comb begin
    off_d      = waits && off;
    has_cfg_d  = waits && has_cfg;
    has_tail_d = waits && has_tail;
    cfg_d      = mail_cfg;
    tail_d     = tail;
    if (b_cfg_q) begin
      has_cfg_d = 1'b1;
      cfg_d     = b_cfg_data_q;
      if (!b_cfg_data_q[CfgW-1]) off_d = 1'b1;
      // A tail belongs to the life that it was written in.
      if (!b_cfg_data_q[CfgW-1] || !on) has_tail_d = 1'b0;
    end else begin
      has_tail_d = 1'b1;
      tail_d     = b_tail_q;
    end
    mail_new = {!word[WordW-1], off_d, has_cfg_d, has_tail_d, cfg_d, tail_d};
  end
  assign mail_we = b_valid_q && (b_cfg_q || b_bell_q);

  always_ff @(posedge clk_i) begin
    if (b_valid_q && !b_cfg_q && !b_bell_q) busy_o <= word[2] || (waits && off);
  end

  logic [MailW-1:0] look_mail, look_was_q;
  logic look_byp_q;
  snic_ram #(
      .Width(MailW),
      .Depth(NQueue)
  ) u_mail (
      .clk_i,
      .wen_i  (sweep || mail_we),
      .waddr_i(sweep ? sweep_q[10:0] : b_qid_q),
      .wdata_i(sweep ? '0 : mail_new),
      .ren_i  (a_valid),
      .raddr_i(a_qid),
      .rdata_o(mail_rd)
  );
  snic_ram #(
      .Width(MailW),
      .Depth(NQueue)
  ) u_mail_look (
      .clk_i,
      .wen_i  (sweep || mail_we),
      .waddr_i(sweep ? sweep_q[10:0] : b_qid_q),
      .wdata_i(sweep ? '0 : mail_new),
      .ren_i  (look_i),
      .raddr_i(look_qid_i),
      .rdata_o(look_mail)
  );
  always_ff @(posedge clk_i) begin
    if (look_i) begin
      look_byp_q <= mail_we && b_qid_q == look_qid_i;
      look_was_q <= mail_new;
    end
  end
  assign mail_o = look_byp_q ? look_was_q : look_mail;

  // rx_ctrl writes a word in the cycle after it looked, and looks again later than that.
  snic_ram #(
      .Width(WordW),
      .Depth(NQueue)
  ) u_word (
      .clk_i,
      .wen_i  (sweep || word_we_i),
      .waddr_i(sweep ? sweep_q[10:0] : word_qid_i),
      .wdata_i(sweep ? '0 : word_i),
      .ren_i  (a_valid),
      .raddr_i(a_qid),
      .rdata_o(word_rd)
  );
  snic_ram #(
      .Width(WordW),
      .Depth(NQueue)
  ) u_word_look (
      .clk_i,
      .wen_i  (sweep || word_we_i),
      .waddr_i(sweep ? sweep_q[10:0] : word_qid_i),
      .wdata_i(sweep ? '0 : word_i),
      .ren_i  (look_i),
      .raddr_i(look_qid_i),
      .rdata_o(word_o)
  );

  // --- queues that wait: room for all of them ---
  logic push, in, pop, ready, still;
  assign push         = mail_we && !waits;
  assign back_ready_o = !mail_we;
  assign in           = push || (back_valid_i && back_ready_o);
  assign pop          = pend_valid_o && pend_ready_i;
  snic_ram_fifo #(
      .Width(11),
      .Depth(NQueue)
  ) u_pend (
      .clk_i,
      .rst_ni,
      .valid_i(in),
      .ready_o(ready),
      .data_i (push ? b_qid_q : back_qid_i),
      .valid_o(pend_valid_o),
      .ready_i(pend_ready_i),
      .data_o (pend_qid_o),
      .empty_o(),
      .still_o(still)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) pend_count_o <= '0;
    else if (in != pop) pend_count_o <= in ? pend_count_o + 1'b1 : pend_count_o - 1'b1;
  end
  assign idle_o = !sweep && !b_valid_q && still;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && 2'(cfg) + 2'(doorbell_i.valid) + 2'(qask_i.valid && qask_i.rx) > 2'd1)
      $error("rx_mail: two accesses in one cycle");
    if (rst_ni && in && !ready) $error("rx_mail: a queue waits twice");
  end
`endif
endmodule
