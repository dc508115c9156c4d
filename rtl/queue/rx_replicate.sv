// SPDX-License-Identifier: BSD-2-Clause
// Copies of frames for the functions that get them, a copy a cycle. Records of one function (and a mirror) and flooded
// ones come from queues of their own; a record stays with its source until its last copy is taken. A flooded frame's
// copies go lowest function first.
//
// While both wait, floods have a fifth of the beats: a copy of a flood waits until what others wrote since the last one
// is four times as much. While one alone waits it has all; but a flood does not fill the engine below, where copies
// wait in order for their descriptors: with Ahead copies there it waits for its fifth again.
module rx_replicate (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic              rec_valid_i,
    output logic              rec_ready_o,
    input  snic_pkg::egress_t rec_i,
    input  logic              flood_valid_i,
    output logic              flood_ready_o,
    input  snic_pkg::egress_t flood_i,
    input  logic [255:0]      flood_map_i,
    output logic              copy_valid_o,
    input  logic              copy_ready_i,
    output logic [7:0]        copy_func_o,
    output logic              copy_last_o,
    output snic_pkg::egress_t copy_o,
    input  logic              written_i,     // a copy has left the engine below
    input  logic              dropped_i,     // ... another one, too
    output logic              idle_o
);
  localparam int Words = 8;
  localparam int Others = 4;   // beats of others for one of a flood
  localparam int Ahead = 128;

  // The bits still to serve, as words, and which words have any.
  logic active_q, load, step, flood, last;
  logic [31:0] left_q[Words];
  logic [Words-1:0] any_q;
  logic [2:0] word;
  logic [4:0] bit_no;
  logic [31:0] cur, rest;

  assign load = flood_valid_i && !active_q;

  always_comb begin
    word   = '0;
    bit_no = '0;
    cur    = '0;
    rest   = '0;
    if (active_q) begin
      for (int w = Words - 1; w >= 0; w--) if (any_q[w]) word = 3'(w);
      cur  = left_q[word];
      rest = cur & (cur - 32'd1);
      for (int b = 31; b >= 0; b--) if (cur[b]) bit_no = 5'(b);
    end
  end
  assign last = rest == 32'd0 && (any_q & (any_q - 1'b1)) == '0;

  // Whose turn: a copy that was offered stays.
  logic offered_q, flood_q, mirrored_q, due;
  logic [10:0] debt_q;         // beats that others may write before the next copy of a flood
  logic [7:0] beats;
  logic [11:0] below_q;        // copies in the engine below
  logic crowded;
  assign due     = debt_q == '0;
  assign crowded = below_q >= 12'(Ahead);
  assign flood   = offered_q ? flood_q : active_q && (due || !(rec_valid_i || crowded));
  assign beats = 8'((copy_o.pkt.len + 14'd63) >> 6) + 8'd1;   // and about one for completion and headers

  assign copy_o        = flood ? flood_i : rec_i;
  assign copy_valid_o  = flood || rec_valid_i;
  assign copy_func_o   = flood ? {word, bit_no} : mirrored_q ? rec_i.mir : rec_i.func;
  assign copy_last_o   = flood ? last : !rec_i.two || mirrored_q;
  assign step          = copy_valid_o && copy_ready_i;
  assign rec_ready_o   = step && !flood && copy_last_o;
  assign flood_ready_o = step && flood && last;
  assign idle_o        = !rec_valid_i && !flood_valid_i && debt_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      active_q   <= 1'b0;
      offered_q  <= 1'b0;
      flood_q    <= 1'b0;
      mirrored_q <= 1'b0;
      debt_q     <= '0;
      below_q    <= '0;
    end else begin
      if (load) active_q <= 1'b1;
      else if (flood_ready_o) active_q <= 1'b0;
      offered_q <= copy_valid_o && !copy_ready_i;
      if (copy_valid_o) flood_q <= flood;
      if (step && !flood) mirrored_q <= !copy_last_o;
      below_q <= below_q + 12'(step) - 12'(written_i) - 12'(dropped_i);
      // Nobody owes anything to those who do not wait.
      if (!rec_valid_i && !crowded) debt_q <= '0;
      else if (step && flood) debt_q <= 11'(Others) * 11'(beats);
      else if (step) debt_q <= debt_q < 11'(beats) ? '0 : debt_q - 11'(beats);
    end
    if (load) begin
      for (int w = 0; w < Words; w++) begin
        left_q[w] <= flood_map_i[32*w+:32];
        any_q[w]  <= flood_map_i[32*w+:32] != 32'd0;
      end
    end else if (step && flood) begin
      left_q[word] <= rest;
      any_q[word]  <= rest != 32'd0;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && load && flood_map_i == '0) $error("rx_replicate: flood to nobody");
  end
`endif
endmodule
