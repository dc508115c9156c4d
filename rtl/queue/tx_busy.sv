// SPDX-License-Identifier: BSD-2-Clause
// Is anything of a queue under way? Its descriptor lines are counted when they are asked for and when the last
// effect of them is out; the queue is busy while the counts differ, or while the scheduler is at it. Asked in
// step with the writes of the queue's registers: what was switched off before is not served again.
module tx_busy (
    input  logic            clk_i,
    input  logic            rst_ni,
    input  logic            init_i,
    input  logic [10:0]     init_qid_i,
    input  logic            visit_i,       // the scheduler looks at this queue, or offers a line of it
    input  logic [10:0]     visit_qid_i,
    input  logic            issue_i,       // a line of it was taken
    input  logic            finish_i,
    input  logic [10:0]     finish_qid_i,
    input  snic_pkg::qask_t ask_i,
    output logic            busy_o,        // two cycles after the question, until the next
    output logic            idle_o
);
  localparam int NQueue = snic_contract_pkg::N_QUEUE;
  localparam int CountW = 10;  // more than all lines that can be under way

  logic ask, ask_rx, ask_valid;
  logic [10:0] ask_qid;
  assign {ask_valid, ask_rx, ask_qid} = ask_i;
  assign ask = ask_valid && !ask_rx;

  // A count a side: read as the event comes, written a cycle later. No side has events in two cycles running.
  logic issue_q, finish_q;
  logic [10:0] issue_qid_q, finish_qid_q;
  logic [CountW-1:0] issued, finished, asked_issued, asked_finished;

  for (genvar c = 0; c < 2; c++) begin : gen_copy  // for the event itself, and for the question
    logic [CountW-1:0] a, b;
    snic_ram #(
        .Width(CountW),
        .Depth(NQueue)
    ) u_issued (
        .clk_i,
        .wen_i  (init_i || issue_q),
        .waddr_i(init_i ? init_qid_i : issue_qid_q),
        .wdata_i(init_i ? '0 : issued + 1'b1),
        .ren_i  (c == 0 ? issue_i : ask),
        .raddr_i(c == 0 ? visit_qid_i : ask_qid),
        .rdata_o(a)
    );
    snic_ram #(
        .Width(CountW),
        .Depth(NQueue)
    ) u_finished (
        .clk_i,
        .wen_i  (init_i || finish_q),
        .waddr_i(init_i ? init_qid_i : finish_qid_q),
        .wdata_i(init_i ? '0 : finished + 1'b1),
        .ren_i  (c == 0 ? finish_i : ask),
        .raddr_i(c == 0 ? finish_qid_i : ask_qid),
        .rdata_o(b)
    );
  end
  assign issued         = gen_copy[0].a;
  assign finished       = gen_copy[0].b;
  assign asked_issued   = gen_copy[1].a;
  assign asked_finished = gen_copy[1].b;

  // What the RAM does not say yet as it is read: a line taken in this cycle or the one before.
  logic ask_q, fresh_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      issue_q  <= 1'b0;
      finish_q <= 1'b0;
      ask_q    <= 1'b0;
    end else begin
      issue_q  <= issue_i;
      finish_q <= finish_i;
      ask_q    <= ask;
    end
    if (issue_i) issue_qid_q <= visit_qid_i;
    if (finish_i) finish_qid_q <= finish_qid_i;
    if (ask) fresh_q <= (visit_i && visit_qid_i == ask_qid) || (issue_q && issue_qid_q == ask_qid);
    if (ask_q) busy_o <= fresh_q || asked_issued != asked_finished;
  end
  assign idle_o = !issue_q && !finish_q && !ask_q;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && ((issue_i && issue_q) || (finish_i && finish_q))) $error("tx_busy: two events in two cycles");
  end
`endif
endmodule
