// SPDX-License-Identifier: BSD-2-Clause
// The RX ring. Frames come into a buffer of 4 KiB, whole or not at all; then a descriptor is read, the frame written where it says,
// and the descriptor written back with its length and DONE.
module example_rx
  import example_pkg::*;
(
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         ring_rst_i,
    input  logic         run_i,
    input  logic [ 63:0] base_i,
    input  logic [ 15:0] tail_i,
    output logic [ 15:0] head_o,
    output logic         rd_valid_o,
    input  logic         rd_ready_i,
    output logic [ 63:0] rd_addr_o,
    input  logic         rsp_valid_i,
    input  logic [127:0] rsp_data_i,
    input  logic         rsp_done_i,
    input  logic         rsp_error_i,
    output logic         wr_valid_o,
    output logic [ 63:0] wr_addr_o,
    output logic [  3:0] wr_words_o,
    output logic [127:0] wr_data_o,
    input  logic         wr_next_i,
    input  logic         wr_done_i,
    input  logic         mac_valid_i,
    input  logic [127:0] mac_data_i,
    input  logic [ 15:0] mac_keep_i,
    input  logic         mac_last_i,
    input  logic         mac_bad_i,
    output logic         done_o,
    output logic         drop_o,
    output logic         error_o,
    output logic         busy_o
);
  localparam int FrameWords = int'((FRAME_MAX + 15) / 16);

  // ------------------------------------------------------------------------------------------ from the wire
  // Pointers have a bit more than the address. A frame is there when its length is.
  logic [127:0] buf_q[256];
  logic [8:0] wp_q, start_q, rp_q;   // next word, first word of this frame, next word to the host
  logic [10:0] lens_q[8];
  logic [3:0] lens_wp_q, lens_rp_q;
  logic lost_q, room;
  logic [10:0] len_q, len;
  logic [4:0] last_bytes;
  logic frame_there;

  always_comb begin
    last_bytes = '0;
    for (int i = 0; i < 16; i++) last_bytes += 5'(mac_keep_i[i]);
  end
  assign len = len_q + 11'(last_bytes);
  // a place for the word, for its frame's length, and a frame that is not too long
  assign room = wp_q - rp_q != 9'd256 && lens_wp_q - lens_rp_q != 4'd8 && wp_q - start_q < 9'(FrameWords);
  assign frame_there = lens_wp_q != lens_rp_q;

  always_ff @(posedge clk_i) begin
    if (mac_valid_i) buf_q[wp_q[7:0]] <= mac_data_i;
    if (mac_valid_i && mac_last_i) lens_q[lens_wp_q[2:0]] <= len;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      {wp_q, start_q, lens_wp_q, lost_q, len_q} <= '0;
      drop_o <= 1'b0;
    end else begin
      drop_o <= 1'b0;
      if (mac_valid_i) begin
        if (room && !lost_q) wp_q <= wp_q + 9'd1;
        else lost_q <= 1'b1;
        len_q <= len;
        if (mac_last_i) begin
          lost_q <= 1'b0;
          len_q  <= '0;
          if (!room || lost_q || mac_bad_i || len > 11'(FRAME_MAX) || !run_i) begin
            wp_q   <= start_q;
            drop_o <= 1'b1;
          end else begin
            start_q <= wp_q + 9'd1;
            lens_wp_q <= lens_wp_q + 4'd1;
          end
        end
      end
    end
  end

  // ------------------------------------------------------------------------------------------ to the host
  typedef enum logic [2:0] {Idle, Desc, DescWait, Data, Back, Next} state_e;
  state_e state_q;
  logic [15:0] head_q;
  logic [63:0] desc_q, addr_q, buf_addr_q;
  logic [6:0] left_q;  // words of the frame

  assign head_o = head_q;
  assign busy_o = mac_valid_i || |len_q || lost_q || state_q != Idle || (run_i && frame_there && tail_i != head_q) ||
                  (!run_i && frame_there);
  assign rd_valid_o = state_q == Desc;
  assign rd_addr_o = desc_q;
  assign wr_valid_o = state_q == Data || state_q == Back;
  assign wr_addr_o = state_q == Back ? desc_q : addr_q;
  assign wr_words_o = state_q == Back ? 4'd1 : left_q >= 7'd8 ? 4'd8 : left_q[3:0];
  assign wr_data_o = state_q == Back ? {DONE, 21'd0, lens_q[lens_rp_q[2:0]], buf_addr_q} : buf_q[rp_q[7:0]];

  logic [3:0] sent_q;  // words of this TLP
  logic [6:0] left_after;
  assign left_after = left_q - {3'd0, sent_q} - {6'd0, wr_next_i};

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Idle;
      {head_q, rp_q, lens_rp_q, sent_q, left_q} <= '0;
      {desc_q, addr_q, buf_addr_q} <= '0;
      {done_o, error_o} <= '0;
    end else begin
      done_o  <= 1'b0;
      error_o <= 1'b0;
      unique case (state_q)
        Idle:
        if (run_i && frame_there && tail_i != head_q) begin
          desc_q  <= {base_i[63:12], 2'd0, head_q[5:0], 4'd0};
          state_q <= Desc;
        end
        Desc: if (rd_ready_i) state_q <= DescWait;
        DescWait: begin
          if (rsp_valid_i) begin
            addr_q <= {rsp_data_i[63:11], 11'd0};
            buf_addr_q <= rsp_data_i[63:0];
          end
          left_q <= 7'((lens_q[lens_rp_q[2:0]] + 11'd15) >> 4);
          sent_q <= '0;
          if (rsp_done_i) state_q <= Data;
        end
        Data: begin
          if (wr_next_i) begin
            rp_q   <= rp_q + 9'd1;
            sent_q <= sent_q + 4'd1;
          end
          if (wr_done_i) begin
            addr_q <= addr_q + 64'd128;
            left_q <= left_after;
            sent_q <= '0;
            if (left_after == '0) state_q <= Back;
          end
        end
        Back: if (wr_done_i) state_q <= Next;
        Next: begin
          head_q <= head_q + 16'd1;
          lens_rp_q <= lens_rp_q + 4'd1;
          done_o <= 1'b1;
          state_q <= Idle;
        end
        default: ;
      endcase
      if (rsp_error_i) begin  // the frame is lost, the descriptor is not
        error_o <= 1'b1;
        rp_q <= rp_q + 9'((lens_q[lens_rp_q[2:0]] + 11'd15) >> 4);
        lens_rp_q <= lens_rp_q + 4'd1;
        state_q <= Idle;
      end
      if (ring_rst_i) begin
        state_q <= Idle;
        head_q  <= '0;
        rp_q <= start_q;  // what has come so far is forgotten
        lens_rp_q <= lens_wp_q;
      end
    end
  end
endmodule
