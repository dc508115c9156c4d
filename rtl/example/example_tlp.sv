// SPDX-License-Identifier: BSD-2-Clause
// TLPs: register accesses and completions in; register answers, reads and writes of memory out. Each client has one read out at a
// time, of at most 128 bytes; its tag has the client in bit 7 and counts below, so that an answer that comes after its time is known.
module example_tlp #(
    parameter int TimeoutLog2 = 14  // cycles that an answer may take: 65 us at 250 MHz
) (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic              stop_i,
    input  logic              rx_valid_i,
    output logic              rx_ready_o,
    input  logic [127:0]      rx_data_i,
    input  logic              rx_last_i,
    output logic              tx_valid_o,
    input  logic              tx_ready_i,
    output logic [127:0]      tx_data_o,
    output logic [ 15:0]      tx_keep_o,
    output logic              tx_last_o,
    output logic              reg_we_o,
    output logic [ 11:0]      reg_addr_o,
    output logic [ 31:0]      reg_wdata_o,
    input  logic [ 31:0]      reg_rdata_i,
    input  logic [  1:0]      rd_valid_i,
    output logic [  1:0]      rd_ready_o,
    input  logic [  1:0][63:0] rd_addr_i,   // 16-byte aligned
    input  logic [  1:0][ 7:0] rd_bytes_i,  // a multiple of 16, up to 128
    output logic [  1:0]      rsp_valid_o,  // 16 bytes of an answer
    output logic [127:0]      rsp_data_o,
    output logic [  1:0]      rsp_done_o,   // the read is over, well
    output logic [  1:0]      rsp_error_o,  // or not
    input  logic              wr_valid_i,
    input  logic [ 63:0]      wr_addr_i,
    input  logic [  3:0]      wr_words_i,   // of 16 bytes, 1 to 8
    input  logic [127:0]      wr_data_i,
    output logic              wr_next_o,    // wr_data_i has been taken
    output logic              wr_done_o,    // and that was all
    output logic              busy_o
);
  localparam logic [7:0] MRd32 = 8'h00, MRd64 = 8'h20, MWr32 = 8'h40, MWr64 = 8'h60, Cpl = 8'h0a, CplD = 8'h4a;
  localparam logic [2:0] CplSC = 3'd0, CplCA = 3'd4;

  typedef enum logic [2:0] {OutIdle, OutAnswer, OutRead, OutWrite, OutTail} out_e;
  out_e out_q;

  // ------------------------------------------------------------------------------------------------------ in
  logic first_q, cpl_q, mine_q, who_q;
  logic [31:0] dw0, dw1, dw2, dw3;
  logic take, is_cpl, is_wr, is_rd, one_dword, cpl_mine, cpl_bad;
  logic [31:0] gather_q;
  logic [1:0] wait_q;
  logic [1:0][6:0] tag_q;
  logic [1:0][7:0] left_q;
  logic [1:0][TimeoutLog2-1:0] timer_q;
  logic ans_valid_q, ans_ok_q;  // a register's answer waits
  logic [31:0] ans_dw1_q, ans_dw2_q, ans_data_q;

  assign {dw3, dw2, dw1, dw0} = rx_data_i;
  assign is_cpl = dw0[31:24] == CplD || dw0[31:24] == Cpl;
  assign is_wr = dw0[31:24] == MWr32;
  assign is_rd = dw0[31:24] == MRd32;
  assign one_dword = dw0[9:0] == 10'd1;
  assign rx_ready_o = !(first_q && rx_valid_i && is_rd && ans_valid_q);
  assign take = rx_valid_i && rx_ready_o;
  assign cpl_mine = wait_q[dw2[15]] && dw2[14:8] == tag_q[dw2[15]];
  assign cpl_bad = dw0[31:24] == Cpl || dw1[15:13] != CplSC || dw0[14];

  assign reg_we_o = take && first_q && is_wr && one_dword && dw1[3:0] == 4'hf;
  assign reg_addr_o = dw2[11:0];
  assign reg_wdata_o = dw3;

  // The payload of a completion begins behind three dwords of header: each word has one of the last 16 bytes and three of the next.
  assign rsp_data_o = {rx_data_i[95:0], gather_q};
  always_comb begin
    rsp_valid_o = '0;
    rsp_done_o = '0;
    rsp_error_o = '0;
    for (int c = 0; c < 2; c++) begin
      if (take && !first_q && cpl_q && mine_q && who_q == 1'(c)) begin
        rsp_valid_o[c] = 1'b1;
        rsp_done_o[c] = left_q[c] == 8'd16;
      end
      if (take && first_q && is_cpl && cpl_mine && dw2[15] == 1'(c)) rsp_error_o[c] = cpl_bad;
      if (wait_q[c] && &timer_q[c]) rsp_error_o[c] = 1'b1;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      first_q <= 1'b1;
      {cpl_q, mine_q, who_q} <= '0;
      ans_valid_q <= 1'b0;
    end else begin
      if (tx_ready_i && out_q == OutAnswer) ans_valid_q <= 1'b0;
      if (take) begin
        first_q <= rx_last_i;
        if (first_q) begin
          cpl_q <= is_cpl;
          mine_q <= cpl_mine && !cpl_bad;
          who_q <= dw2[15];
          if (is_rd) ans_valid_q <= 1'b1;
        end
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (take) gather_q <= dw3;
    if (take && first_q && is_rd) begin
      ans_ok_q   <= one_dword;
      ans_dw1_q  <= {16'd0, one_dword ? CplSC : CplCA, 1'b0, one_dword ? 12'd4 : 12'd8};
      ans_dw2_q  <= {dw1[31:8], 1'b0, dw2[6:0]};
      ans_data_q <= reg_rdata_i;
    end
  end

  // ------------------------------------------------------------------------------------------------------ reads
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wait_q <= '0;
      tag_q  <= '0;
      left_q <= '0;
      timer_q <= '0;
    end else begin
      for (int c = 0; c < 2; c++) begin
        timer_q[c] <= timer_q[c] + 1'b1;
        if (rsp_valid_o[c]) left_q[c] <= left_q[c] - 8'd16;
        if (rsp_done_o[c] || rsp_error_o[c] || stop_i) begin
          wait_q[c] <= 1'b0;
          if (wait_q[c]) tag_q[c] <= tag_q[c] + 1'b1;
        end
        if (rd_ready_o[c]) begin
          wait_q[c]  <= 1'b1;
          left_q[c]  <= rd_bytes_i[c];
          timer_q[c] <= '0;
        end
      end
    end
  end

  // ------------------------------------------------------------------------------------------------------ out
  logic who_rd_q, wide_rd, wide_wr;
  logic [3:0] words_q;
  logic wr_head_q;
  logic [95:0] carry_q;  // three dwords that the word before had no place for

  assign wide_rd = |rd_addr_i[who_rd_q][63:32];
  assign wide_wr = |wr_addr_i[63:32];
  assign rd_ready_o = {out_q == OutRead && who_rd_q && tx_ready_i, out_q == OutRead && !who_rd_q && tx_ready_i};
  assign busy_o = out_q != OutIdle || ans_valid_q || !first_q || |wait_q;

  always_comb begin
    tx_valid_o = out_q != OutIdle;
    tx_data_o = '0;
    tx_keep_o = '1;
    tx_last_o = 1'b1;
    wr_next_o = 1'b0;
    unique case (out_q)
      OutAnswer: begin
        tx_data_o = {ans_data_q, ans_dw2_q, ans_dw1_q, ans_ok_q ? CplD : Cpl, 14'd0, 9'd0, ans_ok_q};
        if (!ans_ok_q) tx_keep_o = 16'h0fff;
      end
      OutRead: begin
        tx_data_o[31:0] = {wide_rd ? MRd64 : MRd32, 16'd0, 2'd0, rd_bytes_i[who_rd_q][7:2]};
        tx_data_o[63:32] = {16'd0, who_rd_q, tag_q[who_rd_q], 8'hff};
        tx_data_o[127:64] = wide_rd ? {rd_addr_i[who_rd_q][31:0], rd_addr_i[who_rd_q][63:32]} : {32'd0, rd_addr_i[who_rd_q][31:0]};
        if (!wide_rd) tx_keep_o = 16'h0fff;
      end
      OutWrite: begin
        if (wr_head_q) begin
          tx_data_o[31:0] = {wide_wr ? MWr64 : MWr32, 18'd0, wr_words_i, 2'd0};
          tx_data_o[63:32] = {16'd0, 8'd0, 8'hff};
          tx_data_o[127:64] = wide_wr ? {wr_addr_i[31:0], wr_addr_i[63:32]} : {wr_data_i[31:0], wr_addr_i[31:0]};
          tx_last_o = 1'b0;
          wr_next_o = tx_ready_i && !wide_wr;
        end else begin
          tx_data_o = wide_wr ? wr_data_i : {wr_data_i[31:0], carry_q};
          tx_last_o = wide_wr && words_q == 4'd1;
          wr_next_o = tx_ready_i;
        end
      end
      OutTail: begin
        tx_data_o = {32'd0, carry_q};
        tx_keep_o = 16'h0fff;
      end
      default: ;
    endcase
  end
  assign wr_done_o = tx_ready_i && tx_last_o && (out_q == OutWrite || out_q == OutTail);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      out_q <= OutIdle;
      who_rd_q <= 1'b0;
      words_q <= '0;
      wr_head_q <= 1'b1;
    end else begin
      unique case (out_q)
        OutIdle: begin
          wr_head_q <= 1'b1;
          if (ans_valid_q) begin
            out_q <= OutAnswer;
          end else if (wr_valid_i && !stop_i) begin
            out_q   <= OutWrite;
            words_q <= wr_words_i;
          end else if (|(rd_valid_i & ~wait_q) && !stop_i) begin
            out_q <= OutRead;
            who_rd_q <= !(rd_valid_i[0] && !wait_q[0]);
          end
        end
        OutWrite: begin
          if (tx_ready_i) begin
            wr_head_q <= 1'b0;
            if (wr_next_o) words_q <= words_q - 1'b1;
            if (tx_last_o) out_q <= OutIdle;
            else if (wr_next_o && words_q == 4'd1) out_q <= OutTail;
          end
        end
        default: if (tx_ready_i) out_q <= OutIdle;
      endcase
    end
  end
  always_ff @(posedge clk_i) if (wr_next_o) carry_q <= wr_data_i[127:32];
endmodule
