// SPDX-License-Identifier: BSD-2-Clause
// VLAN membership, 4096 x 256 functions, twice: one copy answers for one function (the sender's check), the
// other gives whole rows (flooding). Answers one cycle later.
module vlan_members (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  snic_pkg::vlan_wr_t    vlan_wr_i,
    input  logic                  one_ren_i,
    input  logic [11:0]           one_vid_i,
    input  logic [7:0]            one_func_i,
    output logic                  one_member_o,
    input  logic                  row_ren_i,
    input  logic [11:0]           row_vid_i,
    output logic [255:0]          row_o,
    output logic                  init_done_o
);
  logic [12:0] sweep_q;
  logic [7:0] one_func_q;
  logic [255:0] one_row;

  assign init_done_o = sweep_q[12];

  for (genvar w = 0; w < 8; w++) begin : g_word
    logic wen;
    logic [11:0] waddr;
    logic [31:0] wdata, one, row;
    assign wen   = !init_done_o || (vlan_wr_i.valid && vlan_wr_i.word == w);
    assign waddr = init_done_o ? vlan_wr_i.vid : sweep_q[11:0];
    assign wdata = init_done_o ? vlan_wr_i.data : '0;
    snic_ram #(.Width(32), .Depth(4096)) u_one (
        .clk_i, .wen_i(wen), .waddr_i(waddr), .wdata_i(wdata), .ren_i(one_ren_i && one_func_i[7:5] == w),
        .raddr_i(one_vid_i), .rdata_o(one)
    );
    snic_ram #(.Width(32), .Depth(4096)) u_row (
        .clk_i, .wen_i(wen), .waddr_i(waddr), .wdata_i(wdata), .ren_i(row_ren_i), .raddr_i(row_vid_i),
        .rdata_o(row)
    );
    assign one_row[32*w+:32] = one;
    assign row_o[32*w+:32]   = row;
  end

  assign one_member_o = one_row[one_func_q];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) sweep_q <= '0;
    else if (!init_done_o) sweep_q <= sweep_q + 1'b1;
    if (one_ren_i) one_func_q <= one_func_i;
  end
endmodule
