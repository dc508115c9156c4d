// SPDX-License-Identifier: BSD-2-Clause
// Three parsers into one stream, round robin. Order within a parser stays.
module meta_merge (
    input  logic             clk_i,
    input  logic             rst_ni,
    input  logic             meta0_valid_i,
    output logic             meta0_ready_o,
    input  snic_pkg::meta_t  meta0_i,
    input  logic             meta1_valid_i,
    output logic             meta1_ready_o,
    input  snic_pkg::meta_t  meta1_i,
    input  logic             meta2_valid_i,
    output logic             meta2_ready_o,
    input  snic_pkg::meta_t  meta2_i,
    output logic             meta_valid_o,
    input  logic             meta_ready_i,
    output snic_pkg::meta_t  meta_o,
    output logic             idle_o
);
  localparam int MetaW = $bits(meta0_i);

  logic [2:0] valid, ready;
  logic [MetaW-1:0] m0, m1, m2, sel_meta;
  logic [1:0] sel, last_q;

  snic_skid #(.Width(MetaW)) u_skid0 (
      .clk_i, .rst_ni, .valid_i(meta0_valid_i), .ready_o(meta0_ready_o), .data_i(meta0_i),
      .valid_o(valid[0]), .ready_i(ready[0]), .data_o(m0)
  );
  snic_skid #(.Width(MetaW)) u_skid1 (
      .clk_i, .rst_ni, .valid_i(meta1_valid_i), .ready_o(meta1_ready_o), .data_i(meta1_i),
      .valid_o(valid[1]), .ready_i(ready[1]), .data_o(m1)
  );
  snic_skid #(.Width(MetaW)) u_skid2 (
      .clk_i, .rst_ni, .valid_i(meta2_valid_i), .ready_o(meta2_ready_o), .data_i(meta2_i),
      .valid_o(valid[2]), .ready_i(ready[2]), .data_o(m2)
  );

  // The one after the last served comes first.
  always_comb begin
    case (last_q)
      2'd0:    sel = valid[1] ? 2'd1 : valid[2] ? 2'd2 : 2'd0;
      2'd1:    sel = valid[2] ? 2'd2 : valid[0] ? 2'd0 : 2'd1;
      default: sel = valid[0] ? 2'd0 : valid[1] ? 2'd1 : 2'd2;
    endcase
  end
  assign meta_valid_o = |valid;
  assign sel_meta = sel == 2'd0 ? m0 : sel == 2'd1 ? m1 : m2;
  assign meta_o = sel_meta;
  assign ready = {3{meta_ready_i}} & (3'd1 << sel);
  assign idle_o = !meta_valid_o && !meta0_valid_i && !meta1_valid_i && !meta2_valid_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) last_q <= 2'd2;
    else if (meta_valid_o && meta_ready_i) last_q <= sel;
  end
endmodule
