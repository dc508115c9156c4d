// SPDX-License-Identifier: BSD-2-Clause
// Payload writes and completion lines onto one channel, whole TLPs; a line goes first. It can only be there
// when the payload that it reports has gone, and its interrupt is raised when it has gone itself.
module rx_out (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic              pay_valid_i,
    output logic              pay_ready_o,
    input  logic              pay_sop_i,
    input  logic              pay_eop_i,
    input  snic_pkg::up_hdr_t pay_hdr_i,
    input  logic [511:0]      pay_data_i,
    input  logic              line_valid_i,
    output logic              line_ready_o,
    input  logic              line_fence_i,  // no line: a queue ends
    input  logic [7:0]        line_func_i,
    input  logic [63:0]       line_addr_i,
    input  logic [6:0]        line_len_i,
    input  logic              line_irq_i,
    input  logic [3:0]        line_vec_i,
    input  logic [511:0]      line_data_i,
    output logic              up_valid_o,
    input  logic              up_ready_i,
    output logic              up_sop_o,
    output logic              up_eop_o,
    output snic_pkg::up_hdr_t up_hdr_o,
    output logic [511:0]      up_data_o,
    output logic              int_valid_o,
    input  logic              int_ready_i,
    output logic [7:0]        int_func_o,
    output logic [3:0]        int_vec_o,
    output logic              fence_valid_o,  // everything before it is out, interrupts included
    input  logic              fence_ready_i,
    output logic              idle_o
);
  // The payload keeps the channel inside a TLP, and when it was offered and not taken.
  logic pay_keeps_q, line_tlp, line_go, int_room;
  logic [2:0] int_count;
  snic_pkg::up_hdr_t line_hdr;

  assign line_tlp     = line_valid_i && !line_fence_i && int_room && !pay_keeps_q;
  assign line_go      = line_tlp && up_ready_i;
  assign fence_valid_o = line_valid_i && line_fence_i && int_count == '0;
  assign line_ready_o  = line_go || (fence_valid_o && fence_ready_i);

  assign up_valid_o  = line_tlp || pay_valid_i;
  assign up_sop_o    = line_tlp || pay_sop_i;
  assign up_eop_o    = line_tlp || pay_eop_i;
  assign up_hdr_o    = line_tlp ? line_hdr : pay_hdr_i;
  assign up_data_o   = line_tlp ? line_data_i : pay_data_i;
  assign pay_ready_o = !line_tlp && up_ready_i;

  always_comb begin
    line_hdr      = '0;
    line_hdr.kind = 2'(snic_pkg::UpMwr);
    line_hdr.func = line_func_i;
    line_hdr.addr = line_addr_i;
    line_hdr.len  = 13'(line_len_i);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) pay_keeps_q <= 1'b0;
    else if (!line_tlp && pay_valid_i) pay_keeps_q <= !(up_ready_i && pay_eop_i);
  end

  snic_fifo #(
      .Width(12),
      .Depth(4)
  ) u_int (
      .clk_i,
      .rst_ni,
      .valid_i(line_go && line_irq_i),
      .ready_o(int_room),
      .data_i ({line_func_i, line_vec_i}),
      .valid_o(int_valid_o),
      .ready_i(int_ready_i),
      .data_o ({int_func_o, int_vec_o}),
      .count_o(int_count)
  );

  assign idle_o = !pay_valid_i && !line_valid_i && int_count == '0;
endmodule
