// SPDX-License-Identifier: BSD-2-Clause
// Order within each function, and none between functions: what a function asks for comes out in the order in which it
// asked, as soon as it and all of the function's before it are whole. So answers that are late, or never come, hold up
// nobody else.
module tx_order #(
    parameter int N = 384,
    parameter int IdxW = $clog2(N)
) (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            add_i,
    input  logic [IdxW-1:0] add_idx_i,
    input  logic [7:0]      add_func_i,
    input  logic            whole_i,
    input  logic [IdxW-1:0] whole_idx_i,
    // This one is whole, and all of its function's before it: it waits for nothing but its turn from now on.
    input  logic            hold_i,       // not now
    output logic            go_o,
    output logic [7:0]      go_func_o,
    output logic [IdxW-1:0] go_idx_o,
    output logic            valid_o,
    input  logic            ready_i,
    output logic [IdxW-1:0] idx_o,
    output logic [7:0]      func_o,
    output logic            idle_o,       // valid_o may be set
    output logic            empty_o
);
  logic [255:0] some_q;                 // something that has not gone
  logic [IdxW-1:0] head_q[256], tail_q[256];
  logic [IdxW-1:0] next_q[N];
  logic [7:0] func_q[N];
  logic [N-1:0] whole_q;
  logic [IdxW:0] count_q;               // asked for and not out

  // A function stands here once, by its oldest, when that is whole.
  logic whole_valid, push, push_whole, push_next, whole_room, out_room;  // there is always room
  logic go, more, next_whole, same;
  logic [IdxW-1:0] push_idx, idx, next;
  logic [7:0] func, whole_func;

  assign func       = func_q[idx];
  assign whole_func = func_q[whole_idx_i];
  assign push_whole = whole_i && head_q[whole_func] == whole_idx_i;
  assign go         = whole_valid && !push_whole && !hold_i;
  assign more       = tail_q[func] != idx;
  assign next       = next_q[idx];
  assign next_whole = more && (whole_q[next] || (whole_i && whole_idx_i == next));
  assign same       = add_i && add_func_i == func;
  assign push_next  = go && next_whole;
  assign push       = push_whole || push_next;
  assign push_idx   = push_whole ? whole_idx_i : next;
  assign go_o       = go;
  assign go_func_o  = func;
  assign go_idx_o   = idx;

  snic_fifo #(
      .Width(IdxW),
      .Depth(256)
  ) u_whole (
      .clk_i,
      .rst_ni,
      .valid_i(push),
      .ready_o(whole_room),
      .data_i (push_idx),
      .valid_o(whole_valid),
      .ready_i(go),
      .data_o (idx),
      .count_o()
  );

  // They go in the order in which they became ready to.
  snic_fifo #(
      .Width(IdxW),
      .Depth(2 ** IdxW)
  ) u_out (
      .clk_i,
      .rst_ni,
      .valid_i(go),
      .ready_o(out_room),
      .data_i (idx),
      .valid_o,
      .ready_i,
      .data_o (idx_o),
      .count_o()
  );
  assign func_o  = func_q[idx_o];
  assign idle_o  = !whole_valid;
  assign empty_o = count_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      some_q  <= '0;
      count_q <= '0;
    end else begin
      if (add_i != (valid_o && ready_i)) count_q <= add_i ? count_q + 1'b1 : count_q - 1'b1;
      if (go && !more && !same) some_q[func] <= 1'b0;
      if (add_i) some_q[add_func_i] <= 1'b1;
    end
    if (go && more) head_q[func] <= next;
    if (add_i) begin
      if (!some_q[add_func_i] || (go && same && !more)) head_q[add_func_i] <= add_idx_i;
      else next_q[tail_q[add_func_i]] <= add_idx_i;
      tail_q[add_func_i] <= add_idx_i;
      func_q[add_idx_i]  <= add_func_i;
      whole_q[add_idx_i] <= 1'b0;
    end
    if (whole_i) whole_q[whole_idx_i] <= 1'b1;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && ((push && !whole_room) || (go && !out_room))) $error("tx_order: a function stands in line twice");
    if (rst_ni && whole_i && !some_q[whole_func]) $error("tx_order: nothing of this function is asked for");
  end
`endif
endmodule
