// SPDX-License-Identifier: BSD-2-Clause
// Read requests of three clients (0 TX descriptors, 1 TX data, 2 RX descriptors) onto one channel, round
// robin, one a cycle; completions back to them by tag. A function without bus mastering gets an error
// completion from here instead, and so does a read that is not answered in time.
module rd_arb (
    input  logic                   clk_i,
    input  logic                   rst_ni,
    input  logic [          255:0] bme_i,
    input  logic [           31:0] timeout_i,     // cycles that a completion may take, 0: any time
    input  logic                   c0_valid_i,
    output logic                   c0_ready_o,
    input  snic_pkg::rd_req_t      c0_i,
    input  logic                   c1_valid_i,
    output logic                   c1_ready_o,
    input  snic_pkg::rd_req_t      c1_i,
    input  logic                   c2_valid_i,
    output logic                   c2_ready_o,
    input  snic_pkg::rd_req_t      c2_i,
    output logic                   rd_valid_o,
    input  logic                   rd_ready_i,
    output snic_pkg::rd_req_t      rd_o,
    // completions from the link
    input  logic                   cpl_valid_i,
    output logic                   cpl_ready_o,
    input  logic                   cpl_sop_i,
    input  logic                   cpl_eop_i,
    input  snic_pkg::cpl_hdr_t     cpl_hdr_i,
    input  logic [          511:0] cpl_data_i,
    // completions to the clients: sel_o says whose beat it is; hdr stays valid for all beats of a TLP
    output logic                   cpl_valid_o,
    output logic                   cpl_sop_o,
    output logic                   cpl_eop_o,
    output snic_pkg::cpl_hdr_t     cpl_hdr_o,
    output logic [          511:0] cpl_data_o,
    output logic [            2:0] sel_o,
    output logic                   refused_o,     // pulse: a request without bus mastering
    output logic                   unexpected_o,  // pulse: a completion TLP that nobody waits for
    output logic                   expired_o,     // pulse: a read was given up
    output logic                   late_o,        // pulse: a completion TLP of such a read
    // utilisation: tags whose reads are under way, over their number, in cycles
    input  logic [           47:0] now_i,
    output logic [           47:0] c0_tags_o,
    output logic [           47:0] c1_tags_o,
    output logic [           47:0] c2_tags_o,
    output logic                   wake_valid_o,
    output logic [           47:0] wake_o,
    output logic                   idle_o,        // nothing to do before wake_o; reads may be under way
    output logic                   empty_o
);
  localparam int NTag = snic_pkg::TagRxDesc + snic_pkg::NTagRxDesc;
  localparam int IdxW = snic_pkg::TagW - 1;  // the bit above says which use of the tag it is, see rd_timer
  localparam int ReqW = 8 + 64 + 13 + snic_pkg::TagW;  // rd_req_t
  localparam logic [2:0] StatusUr = 3'd1;
  localparam logic [2:0] StatusLost = 3'd6;  // not one of PCI Express: there was no completion

  // --- requests ---
  logic [2:0] valid, gnt;
  logic [1:0] last_q;  // client served last
  logic [ReqW-1:0] req, rd;
  logic [7:0] rq_func;
  logic [snic_pkg::TagW-1:0] rq_tag;
  logic out_ready, accept, take, refuse;
  logic err_valid_q, err_lost_q, ask_gen;
  logic [snic_pkg::TagW-1:0] err_tag_q;
  logic expire_valid, expire;
  logic [IdxW-1:0] expire_tag;

  assign valid = {c2_valid_i, c1_valid_i, c0_valid_i};

  always_comb begin
    gnt = 3'b000;
    case (last_q)
      2'd0:    gnt = valid[1] ? 3'b010 : valid[2] ? 3'b100 : 3'b001;
      2'd1:    gnt = valid[2] ? 3'b100 : valid[0] ? 3'b001 : 3'b010;
      default: gnt = valid[0] ? 3'b001 : valid[1] ? 3'b010 : 3'b100;
    endcase
  end

  always_comb begin
    req = '0;
    if (valid != 3'b000) req = gnt[0] ? c0_i : gnt[1] ? c1_i : c2_i;
  end
  assign rq_func = req[ReqW-1-:8];  // first and last field of rd_req_t
  assign rq_tag  = req[snic_pkg::TagW-1:0];
  // Ready does not wait for the bus-master look-up: there is always room for either outcome.
  assign accept = out_ready && !err_valid_q;
  assign take   = accept && valid != 3'b000;
  assign refuse = take && !bme_i[rq_func];
  assign {c2_ready_o, c1_ready_o, c0_ready_o} = accept ? gnt : 3'b000;

  snic_skid #(
      .Width(ReqW)
  ) u_out (
      .clk_i,
      .rst_ni,
      .valid_i(take && !refuse),
      .ready_o(out_ready),
      .data_i ({req[ReqW-1:snic_pkg::TagW], ask_gen, rq_tag[IdxW-1:0]}),
      .valid_o(rd_valid_o),
      .ready_i(rd_ready_i),
      .data_o (rd)
  );
  assign rd_o = rd;

  // --- completions ---
  logic in_tlp_q, skip_q;
  logic beat, first, insert, known, late, finish, timer_idle;
  logic [2:0] sel;
  logic [IdxW-1:0] tag_idx;

  assign tag_idx     = cpl_hdr_i.tag[IdxW-1:0];
  assign insert      = err_valid_q && !in_tlp_q;  // between TLPs only
  assign cpl_ready_o = !insert;
  assign beat        = cpl_valid_i && !insert;
  assign first       = beat && cpl_sop_i;
  assign finish      = known && cpl_hdr_i.last;
  assign expire      = expire_valid && !err_valid_q && !refuse;

  rd_timer #(
      .NTag(NTag),
      .IdxW(IdxW)
  ) u_timer (
      .clk_i,
      .rst_ni,
      .now_i,
      .limit_i       (timeout_i),
      .ask_i         (take && !refuse),
      .ask_tag_i     (rq_tag[IdxW-1:0]),
      .ask_gen_o     (ask_gen),
      .cpl_i         (first),
      .cpl_gen_i     (cpl_hdr_i.tag[IdxW]),
      .cpl_tag_i     (tag_idx),
      .known_o       (known),
      .late_o        (late),
      .end_i         (finish),
      .late_end_i    (late && cpl_hdr_i.last),
      .expire_valid_o(expire_valid),
      .expire_ready_i(!err_valid_q && !refuse),
      .expire_tag_o  (expire_tag),
      .wake_valid_o,
      .wake_o,
      .idle_o        (timer_idle),
      .empty_o
  );

  function automatic logic [2:0] owner(input logic [snic_pkg::TagW-1:0] tag);
    owner = tag < snic_pkg::TagW'(snic_pkg::TagTxDesc) ? 3'b010 :
        tag < snic_pkg::TagW'(snic_pkg::TagRxDesc) ? 3'b001 : 3'b100;
  endfunction
  always_comb begin
    sel = 3'b000;
    if (insert || first) sel = owner(insert ? err_tag_q : {1'b0, tag_idx});
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      last_q       <= 2'd2;
      err_valid_q  <= 1'b0;
      in_tlp_q     <= 1'b0;
      skip_q       <= 1'b0;
      cpl_valid_o  <= 1'b0;
      refused_o    <= 1'b0;
      unexpected_o <= 1'b0;
      expired_o    <= 1'b0;
      late_o       <= 1'b0;
    end else begin
      if (take) last_q <= gnt[0] ? 2'd0 : gnt[1] ? 2'd1 : 2'd2;

      if (refuse || expire) err_valid_q <= 1'b1;
      else if (insert) err_valid_q <= 1'b0;
      refused_o <= refuse;

      if (beat) in_tlp_q <= !cpl_eop_i;
      if (first) skip_q <= !known;
      unexpected_o <= first && !known && !late;
      late_o       <= late;
      expired_o    <= expire;
      cpl_valid_o  <= insert || (beat && (cpl_sop_i ? known : !skip_q));
    end
    if (refuse || expire) begin
      err_tag_q  <= refuse ? rq_tag : {1'b0, expire_tag};
      err_lost_q <= !refuse;
    end
    if (insert) begin
      cpl_sop_o <= 1'b1;
      cpl_eop_o <= 1'b1;
      cpl_hdr_o <= {err_tag_q, err_lost_q ? StatusLost : StatusUr, 1'b1, 13'd0};
      sel_o     <= sel;
    end else if (beat) begin
      cpl_sop_o  <= cpl_sop_i;
      cpl_eop_o  <= cpl_eop_i;
      cpl_data_o <= cpl_data_i;
      if (cpl_sop_i) begin
        cpl_hdr_o <= {1'b0, tag_idx, cpl_hdr_i.status, cpl_hdr_i.last, cpl_hdr_i.len};
        sel_o     <= sel;
      end
    end
  end

  // Utilisation: of the tags that one function may have, or one queue's lines. A cycle late: a completion may come right
  // after a leap, when now_i, which is a register, is not the time yet.
  logic [2:0] ask_q, answer_q, lost_q, move;
  localparam int LevelW = 10;
  localparam int LineLog2 = 6;
  localparam int DataLog2 = 8;
  logic [LevelW-1:0] level_q[3];
  assign move = ask_q | answer_q | lost_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      ask_q    <= 3'b000;
      answer_q <= 3'b000;
      lost_q   <= 3'b000;
    end else begin
      ask_q    <= take && !refuse ? gnt : 3'b000;
      answer_q <= finish ? sel : 3'b000;
      lost_q   <= expire ? owner({1'b0, expire_tag}) : 3'b000;
    end
    for (int c = 0; c < 3; c++) begin
      if (!rst_ni) level_q[c] <= '0;
      else if (move[c]) level_q[c] <= level_q[c] + LevelW'(ask_q[c]) - LevelW'(answer_q[c]) - LevelW'(lost_q[c]);
    end
  end
  util_level #(
      .Log2(LineLog2)
  ) u_tags0 (
      .clk_i,
      .rst_ni,
      .now_i,
      .change_i(move[0]),
      .level_i (level_q[0][LevelW-1:LineLog2] != '0 ? (LineLog2 + 1)'(2 ** LineLog2) : level_q[0][LineLog2:0]),
      .cycles_o(c0_tags_o)
  );
  util_level #(
      .Log2(DataLog2)
  ) u_tags1 (
      .clk_i,
      .rst_ni,
      .now_i,
      .change_i(move[1]),
      .level_i (level_q[1][LevelW-1:DataLog2] != '0 ? (DataLog2 + 1)'(2 ** DataLog2) : level_q[1][DataLog2:0]),
      .cycles_o(c1_tags_o)
  );
  util_level #(
      .Log2($clog2(snic_pkg::NTagRxDesc))
  ) u_tags2 (
      .clk_i,
      .rst_ni,
      .now_i,
      .change_i(move[2]),
      .level_i (level_q[2]),
      .cycles_o(c2_tags_o)
  );

  assign idle_o = valid == 3'b000 && !rd_valid_o && !in_tlp_q && !cpl_valid_o && !err_valid_q && !refused_o &&
      !unexpected_o && !expired_o && !late_o && timer_idle;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && take && rq_tag >= snic_pkg::TagW'(NTag))
      $error("rd_arb: tag %0d belongs to no client", rq_tag);
    if (rst_ni && take && owner(rq_tag) != gnt) $error("rd_arb: client %b uses tag %0d", gnt, rq_tag);
    if (rst_ni && beat && cpl_sop_i == in_tlp_q) $error("rd_arb: completion TLPs are mixed");
  end
`endif
endmodule
