// SPDX-License-Identifier: BSD-2-Clause
// Takes the outermost VLAN tag out of a frame (pop), puts one in (push, 802.1Q), or both: replaces it. A tag
// is bytes 12..15. A frame that is changed in length may take one beat more than it has: push for what it
// grows, pop for the word of the next beat that completes each beat.
module vlan_edit (
    input  logic         clk_i,
    input  logic         rst_ni,
    input  logic         valid_i,
    output logic         ready_o,
    input  logic [511:0] data_i,
    input  logic         sop_i,
    input  logic         eop_i,
    input  logic [6:0]   bytes_i,
    input  logic         pop_i,      // these three are stable during a frame
    input  logic         push_i,
    input  logic [15:0]  push_tci_i,
    output logic         valid_o,
    input  logic         ready_i,
    output logic [511:0] data_o,
    output logic         sop_o,
    output logic         eop_o,
    output logic [6:0]   bytes_o
);
  logic grow, shrink, fits, adv, flush_q, first_q;
  logic [6:0] flush_bytes_q;
  logic [31:0] tag;
  logic [479:0] held_q;   // pop: 60 bytes that wait for the next beat; push: last word of the beat before

  assign grow   = push_i && !pop_i;
  assign shrink = pop_i && !push_i;
  assign tag    = {push_tci_i[7:0], push_tci_i[15:8], 16'h0081};

  // Does the frame's end fit in the beat that goes out now? Pop: sop only fills the hold, unless it is the
  // whole frame.
  assign fits = grow ? bytes_i <= 7'd60 : sop_i || bytes_i <= 7'd4;

  // The flush beat is made of held_q alone.
  assign adv     = !valid_o || ready_i;
  assign ready_o = adv && !flush_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_o <= 1'b0;
      flush_q <= 1'b0;
    end else if (adv) begin
      valid_o <= flush_q || (valid_i && !(shrink && sop_i && !eop_i));
      flush_q <= !flush_q && valid_i && eop_i && (grow || shrink) && !fits;
    end
    if (adv && flush_q) begin
      data_o  <= {32'b0, held_q};
      sop_o   <= 1'b0;
      eop_o   <= 1'b1;
      bytes_o <= flush_bytes_q;
    end else if (adv && valid_i) begin
      if (grow) begin
        data_o        <= sop_i ? {data_i[479:96], tag, data_i[95:0]} : {data_i[479:0], held_q[31:0]};
        held_q        <= {448'b0, data_i[511:480]};
        sop_o         <= sop_i;
        eop_o         <= eop_i && fits;
        bytes_o       <= eop_i && fits ? bytes_i + 7'd4 : 7'd64;
        flush_bytes_q <= bytes_i - 7'd60;
      end else if (shrink) begin
        held_q        <= sop_i ? {data_i[511:128], data_i[95:0]} : data_i[511:32];
        data_o        <= sop_i ? {32'b0, data_i[511:128], data_i[95:0]} : {data_i[31:0], held_q};
        first_q       <= sop_i;
        sop_o         <= sop_i || first_q;
        eop_o         <= eop_i && fits;
        bytes_o       <= !(eop_i && fits) ? 7'd64 : sop_i ? bytes_i - 7'd4 : bytes_i + 7'd60;
        flush_bytes_q <= bytes_i - 7'd4;
      end else begin
        data_o <= sop_i && pop_i ? {data_i[511:128], tag, data_i[95:0]} : data_i;
        sop_o   <= sop_i;
        eop_o   <= eop_i;
        bytes_o <= eop_i ? bytes_i : 7'd64;
      end
    end
  end
endmodule
