// SPDX-License-Identifier: BSD-2-Clause
// Function reset in the TX engine. Descriptor lines are counted, for each function, when they are asked for
// and when the last effect of them is out; the function's enable is already off. When both counts agree,
// nothing of it is under way, and its queues' registers can go: until then, write-backs still need them.
module tx_flush (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         init_i,
    input  logic [7:0]   init_func_i,
    input  logic         flush_valid_i,  // stays until done
    input  logic [7:0]   flush_func_i,
    output logic         flush_done_o,
    output logic         clear_valid_o,
    input  logic         clear_ready_i,
    output logic [10:0]  clear_qid_o,
    input  logic         turn_i,         // the scheduler serves this function
    input  logic [7:0]   turn_func_i,
    input  logic         issue_i,
    input  logic [7:0]   issue_func_i,
    input  logic         finish_i,
    input  logic [7:0]   finish_func_i,
    output logic         idle_o
);
  localparam int CountW = 10;  // more than all lines that can be under way
  localparam logic [1:0] StIdle = 2'd0, StWait = 2'd1, StClear = 2'd2;

  logic [1:0] state_q;
  logic [7:0] func_q;
  logic [2:0] queue_q;
  logic [CountW-1:0] issued_q[256], finished_q[256];

  logic quiet;
  assign quiet = !(turn_i && turn_func_i == func_q) && issued_q[func_q] == finished_q[func_q];

  assign clear_valid_o = state_q == StClear;
  assign clear_qid_o   = {func_q, queue_q};
  assign flush_done_o  = state_q == StClear && clear_ready_i && queue_q == 3'd7;
  assign idle_o        = state_q == StIdle && !flush_valid_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) state_q <= StIdle;
    else
      case (state_q)
        StIdle: if (flush_valid_i) state_q <= StWait;
        StWait: if (quiet) state_q <= StClear;
        default: if (flush_done_o) state_q <= StIdle;
      endcase
    if (state_q == StIdle && flush_valid_i) begin
      func_q  <= flush_func_i;
      queue_q <= 3'd0;
    end
    if (state_q == StClear && clear_ready_i) queue_q <= queue_q + 3'd1;

    if (init_i) begin
      issued_q[init_func_i]   <= '0;
      finished_q[init_func_i] <= '0;
    end else begin
      if (issue_i) issued_q[issue_func_i] <= issued_q[issue_func_i] + 1'b1;
      if (finish_i) finished_q[finish_func_i] <= finished_q[finish_func_i] + 1'b1;
    end
  end
endmodule
