// SPDX-License-Identifier: BSD-2-Clause
// Takes bytes off the start of frames, less than a beat (whole cells in front are not even read). What is left of a beat waits
// for the next one; the last of a frame leaves while the first beat of the next is taken in. A frame that is left alone passes in the
// same cycle.
module strip_head (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         valid_i,
    output logic         ready_o,
    input  logic [511:0] data_i,
    input  logic         sop_i,
    input  logic         eop_i,
    input  logic [6:0]   bytes_i,
    input  logic [5:0]   strip_i,    // stable during a frame; less than there is in its first beat, or in all
    output logic         valid_o,
    input  logic         ready_i,
    output logic [511:0] data_o,
    output logic         sop_o,
    output logic         eop_o,
    output logic [6:0]   bytes_o,
    output logic         idle_o
);
  logic [511:0] held_q;
  logic first_q;          // nothing of the frame has left
  logic flush_q;          // held_q is the last of its frame
  logic [6:0] flush_bytes_q;

  logic on, fill, fits;
  assign on   = valid_i && strip_i != '0;
  assign fill = on && sop_i && !eop_i;
  // Its end is in the beat that leaves now.
  assign fits = bytes_i <= {1'b0, strip_i};

  always_comb begin
    data_o  = data_i;
    valid_o = valid_i && !fill;
    sop_o   = sop_i;
    eop_o   = eop_i;
    bytes_o = bytes_i;
    ready_o = fill || ready_i;
    if (flush_q) begin
      data_o  = held_q;
      valid_o = 1'b1;
      sop_o   = first_q;
      eop_o   = 1'b1;
      bytes_o = flush_bytes_q;
      ready_o = fill && ready_i;
    end else if (on && sop_i) begin
      data_o  = data_i >> {strip_i, 3'd0};
      bytes_o = bytes_i - {1'b0, strip_i};
    end else if (on) begin
      data_o  = held_q | data_i << {7'd64 - {1'b0, strip_i}, 3'd0};
      sop_o   = first_q;
      eop_o   = eop_i && fits;
      bytes_o = eop_o ? bytes_i + 7'd64 - {1'b0, strip_i} : 7'd64;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) flush_q <= 1'b0;
    else if (flush_q) flush_q <= !ready_i;
    else if (on && !sop_i && ready_i) flush_q <= eop_i && !fits;
    if (on && ready_o) begin
      held_q        <= data_i >> {strip_i, 3'd0};
      first_q       <= sop_i;
      flush_bytes_q <= bytes_i - {1'b0, strip_i};
    end
  end
  assign idle_o = !flush_q;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && on && sop_i && bytes_i <= {1'b0, strip_i}) $error("strip_head: nothing is left of the first beat");
  end
`endif
endmodule
