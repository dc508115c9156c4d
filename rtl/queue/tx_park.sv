// SPDX-License-Identifier: BSD-2-Clause
// Lines on their way to tx_desc, in the order in which they came. Those of a function that may not go on now are parked,
// and the others pass. They go, in their order, when something of the function has ended; or, if what it waits for is the
// others' to give, when the lobby opens.
module tx_park #(
    parameter int N = 384,
    parameter int IdxW = $clog2(N)
) (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            valid_i,
    output logic            ready_o,
    input  logic [IdxW-1:0] idx_i,
    input  logic [7:0]      func_i,
    // this one: what now? One of these at most
    output logic            look_valid_o,
    output logic [7:0]      look_func_o,
    output logic [IdxW-1:0] look_idx_o,
    output logic            look_again_o,  // it was parked
    input  logic            take_i,        // it goes
    input  logic            park_i,
    input  logic            lobby_i,
    output logic            put_o,         // it is parked now
    input  logic            wake_i,        // something of this function has ended
    input  logic [7:0]      wake_func_i,
    input  logic            admit_i,       // the lobby is open
    output logic            idle_o,
    output logic            empty_o
);
  logic [255:0] some_q;    // functions with something parked
  logic [255:0] queued_q;  // ... that will be looked at
  logic [IdxW-1:0] head_q[256], tail_q[256];
  logic [IdxW-1:0] next_q[N];
  logic [IdxW:0] count_q;

  logic again, again_push, again_pop, again_room, lobby_valid, lobby_push, lobby_room;  // there is always room
  logic wake_push, admit;
  logic [7:0] again_func, lobby_func, func;
  logic [IdxW-1:0] idx;
  logic behind, take, refuse, put, more;

  assign func   = again ? again_func : func_i;
  assign idx    = again ? head_q[again_func] : idx_i;
  assign behind = !again && some_q[func];  // not before those of its function
  assign look_valid_o = again || (valid_i && !behind);
  assign look_func_o  = func;
  assign look_idx_o   = idx;
  assign look_again_o = again;
  assign take   = look_valid_o && take_i;
  assign refuse = look_valid_o && (park_i || lobby_i);
  assign put    = valid_i && !again && (behind || refuse);
  assign more   = tail_q[func] != idx;
  assign put_o  = put;
  assign ready_o    = put || (take && !again);
  assign again_pop  = again && (refuse || (take && !more));
  assign lobby_push = look_valid_o && lobby_i;

  assign wake_push = wake_i && ((some_q[wake_func_i] && !queued_q[wake_func_i]) ||
                                (look_valid_o && park_i && func == wake_func_i));
  assign admit      = lobby_valid && admit_i && !wake_push;
  assign again_push = wake_push || admit;

  snic_fifo #(
      .Width(8),
      .Depth(256)
  ) u_again (
      .clk_i,
      .rst_ni,
      .valid_i(again_push),
      .ready_o(again_room),
      .data_i (wake_push ? wake_func_i : lobby_func),
      .valid_o(again),
      .ready_i(again_pop),
      .data_o (again_func),
      .count_o()
  );
  snic_fifo #(
      .Width(8),
      .Depth(256)
  ) u_lobby (
      .clk_i,
      .rst_ni,
      .valid_i(lobby_push),
      .ready_o(lobby_room),
      .data_i (func),
      .valid_o(lobby_valid),
      .ready_i(admit),
      .data_o (lobby_func),
      .count_o()
  );

  assign idle_o  = !valid_i && !again && !(lobby_valid && admit_i);
  assign empty_o = count_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      some_q   <= '0;
      queued_q <= '0;
      count_q  <= '0;
    end else begin
      if (again_pop) queued_q[func] <= 1'b0;
      if (lobby_push) queued_q[func] <= 1'b1;
      if (wake_push) queued_q[wake_func_i] <= 1'b1;
      if (put) some_q[func] <= 1'b1;
      if (take && again && !more) some_q[func] <= 1'b0;
      if (put) count_q <= count_q + 1'b1;
      if (take && again) count_q <= count_q - 1'b1;
    end
    if (take && again) head_q[func] <= next_q[idx];
    if (put) begin
      if (some_q[func]) next_q[tail_q[func]] <= idx;
      else head_q[func] <= idx;
      tail_q[func] <= idx;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && ((again_push && !again_room) || (lobby_push && !lobby_room)))
      $error("tx_park: a function stands in line twice");
    if (rst_ni && again && !some_q[again_func]) $error("tx_park: nothing of this function is parked");
  end
`endif
endmodule
