// SPDX-License-Identifier: BSD-2-Clause
// One table of slot_lookup: 2^SetsLog2 sets x 4 ways. The answer is there one cycle after valid_i.
module slot_table #(
    parameter int SetsLog2 = 10
) (
    input  logic                clk_i,
    input  logic                rst_ni,
    input  logic                wen_i,
    input  logic                wall_i,   // write all ways (the sweep after reset)
    input  logic [SetsLog2-1:0] wset_i,
    input  logic [1:0]          wway_i,
    input  logic [31:0]         wslot_i,
    input  logic                valid_i,
    input  logic                look_i,
    input  logic [SetsLog2-1:0] set_i,
    input  logic [14:0]         tag_i,
    output logic                hit_o,
    output logic [15:0]         entry_o
);
  logic look_q;
  logic [14:0] tag_q;
  logic [3:0] hit;
  logic [31:0] slot0, slot1, slot2, slot3;

  snic_ram #(.Width(32), .Depth(1 << SetsLog2)) u_way0 (
      .clk_i, .wen_i(wen_i && (wall_i || wway_i == 2'd0)), .waddr_i(wset_i), .wdata_i(wslot_i),
      .ren_i(valid_i && look_i), .raddr_i(set_i), .rdata_o(slot0)
  );
  snic_ram #(.Width(32), .Depth(1 << SetsLog2)) u_way1 (
      .clk_i, .wen_i(wen_i && (wall_i || wway_i == 2'd1)), .waddr_i(wset_i), .wdata_i(wslot_i),
      .ren_i(valid_i && look_i), .raddr_i(set_i), .rdata_o(slot1)
  );
  snic_ram #(.Width(32), .Depth(1 << SetsLog2)) u_way2 (
      .clk_i, .wen_i(wen_i && (wall_i || wway_i == 2'd2)), .waddr_i(wset_i), .wdata_i(wslot_i),
      .ren_i(valid_i && look_i), .raddr_i(set_i), .rdata_o(slot2)
  );
  snic_ram #(.Width(32), .Depth(1 << SetsLog2)) u_way3 (
      .clk_i, .wen_i(wen_i && (wall_i || wway_i == 2'd3)), .waddr_i(wset_i), .wdata_i(wslot_i),
      .ren_i(valid_i && look_i), .raddr_i(set_i), .rdata_o(slot3)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) look_q <= 1'b0;
    else look_q <= valid_i && look_i;
    if (valid_i) tag_q <= tag_i;
  end

  assign hit = {slot3[31:16] == {1'b1, tag_q}, slot2[31:16] == {1'b1, tag_q}, slot1[31:16] == {1'b1, tag_q},
                slot0[31:16] == {1'b1, tag_q}};
  assign hit_o = look_q && |hit;
  // One-hot by contract; with a tag twice in a set the lowest way is taken.
  assign entry_o = hit[0] ? slot0[15:0] : hit[1] ? slot1[15:0] : hit[2] ? slot2[15:0] : slot3[15:0];
endmodule
