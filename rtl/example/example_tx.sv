// SPDX-License-Identifier: BSD-2-Clause
// The TX ring: a descriptor, its frame into a RAM, the frame to the port; one frame after the other.
module example_tx
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
    output logic [  7:0] rd_bytes_o,
    input  logic         rsp_valid_i,
    input  logic [127:0] rsp_data_i,
    input  logic         rsp_done_i,
    input  logic         rsp_error_i,
    output logic         mac_valid_o,
    input  logic         mac_ready_i,
    output logic [127:0] mac_data_o,
    output logic [ 15:0] mac_keep_o,
    output logic         mac_last_o,
    output logic         done_o,
    output logic         error_o,
    output logic         busy_o
);
  typedef enum logic [2:0] {Idle, Desc, DescWait, Check, Data, DataWait, Send, Next} state_e;
  state_e state_q;
  logic [15:0] head_q;
  logic [63:0] addr_q;
  logic [10:0] len_q;           // of the frame
  logic [6:0] words_q, at_q;    // of 16 bytes: those that it has, and the one that comes next
  logic len_bad_q;
  logic [127:0] ram_q[96];
  logic [6:0] left;

  assign head_o = head_q;
  assign busy_o = state_q != Idle || (run_i && tail_i != head_q);
  assign rd_valid_o = state_q == Desc || state_q == Data;
  assign rd_addr_o = addr_q;
  assign left = words_q - at_q;
  assign rd_bytes_o = state_q == Desc ? 8'(DESC_BYTES) : left >= 7'd8 ? 8'd128 : {left[3:0], 4'd0};

  assign mac_valid_o = state_q == Send;
  assign mac_data_o = ram_q[at_q];
  assign mac_last_o = at_q + 7'd1 == words_q;
  assign mac_keep_o = mac_last_o && |len_q[3:0] ? 16'((17'd1 << len_q[3:0]) - 17'd1) : '1;

  always_ff @(posedge clk_i) if (rsp_valid_i && state_q == DataWait) ram_q[at_q] <= rsp_data_i;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q <= Idle;
      head_q  <= '0;
      {addr_q, len_q, words_q, at_q, len_bad_q} <= '0;
      {done_o, error_o} <= '0;
    end else begin
      done_o  <= 1'b0;
      error_o <= 1'b0;
      unique case (state_q)
        Idle:
        if (run_i && tail_i != head_q) begin
          addr_q  <= {base_i[63:12], 2'd0, head_q[5:0], 4'd0};
          state_q <= Desc;
        end
        Desc: if (rd_ready_i) state_q <= DescWait;
        DescWait: begin
          if (rsp_valid_i) begin
            addr_q <= {rsp_data_i[63:11], 11'd0};
            len_q <= rsp_data_i[74:64];
            words_q <= 7'((rsp_data_i[74:64] + 11'd15) >> 4);
            len_bad_q <= rsp_data_i[95:64] < 32'd14 || rsp_data_i[95:64] > FRAME_MAX;
          end
          if (rsp_done_i) state_q <= Check;
        end
        Check: begin
          at_q <= '0;
          state_q <= len_bad_q ? Next : Data;
          error_o <= len_bad_q;
        end
        Data: if (rd_ready_i) state_q <= DataWait;
        DataWait: begin
          if (rsp_valid_i) begin
            at_q   <= at_q + 7'd1;
            addr_q <= addr_q + 64'd16;
          end
          if (rsp_done_i) begin
            state_q <= Data;
            if (at_q + 7'd1 == words_q) begin
              at_q <= '0;
              state_q <= Send;
            end
          end
        end
        Send:
        if (mac_ready_i) begin
          at_q <= at_q + 7'd1;
          if (mac_last_o) state_q <= Next;
        end
        Next: begin
          head_q  <= head_q + 16'd1;
          done_o  <= 1'b1;
          state_q <= Idle;
        end
        default: ;
      endcase
      if (rsp_error_i) begin
        error_o <= 1'b1;
        state_q <= Next;
      end
      // a frame that is being sent is sent to its end
      if (ring_rst_i) begin
        head_q <= state_q == Send ? 16'hffff : 16'd0;
        if (state_q != Send) state_q <= Idle;
      end
    end
  end
endmodule
