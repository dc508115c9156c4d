// SPDX-License-Identifier: BSD-2-Clause
// Descriptor lines as their completions come: a place for each tag, in 16 B lanes with a RAM each, filled on from where the last piece
// of that tag ended. One beat is one TLP.
module desc_lines #(
    parameter int Depth = 512,
    parameter int FirstTag = 0,  // of the reads on the link
    parameter int IdxW = $clog2(Depth)
) (
    input  logic               clk_i,
    input  logic               new_i,       // a read is asked for
    input  logic [IdxW-1:0]    new_idx_i,
    input  logic               cpl_valid_i,
    input  snic_pkg::cpl_hdr_t cpl_hdr_i,
    input  logic [511:0]       cpl_data_i,
    output logic               done_o,      // with the last beat of a read
    output logic [IdxW-1:0]    done_idx_o,
    input  logic               look_i,
    input  logic [IdxW-1:0]    look_idx_i,
    output logic               err_o,       // one cycle later: the read ended with an error status, no data
    output logic [511:0]       data_o       // byte 0 is the byte at the address asked for
);
  logic [1:0] lane_q[Depth];
  logic [Depth-1:0] err_q;
  logic [1:0] lane;
  logic [2:0] lanes;
  logic [3:0] lane_we;
  logic [511:0] rot;

  assign done_idx_o = IdxW'(cpl_hdr_i.tag - snic_pkg::TagW'(FirstTag));
  assign done_o     = cpl_valid_i && cpl_hdr_i.last;
  assign lane       = lane_q[done_idx_o];
  assign lanes      = 3'((cpl_hdr_i.len + 13'd15) >> 4);
  assign lane_we    = 4'((4'hf >> (3'd4 - lanes)) << lane);

  always_comb begin
    case (lane)
      2'd0: rot = cpl_data_i;
      2'd1: rot = {cpl_data_i[383:0], cpl_data_i[511:384]};
      2'd2: rot = {cpl_data_i[255:0], cpl_data_i[511:256]};
      default: rot = {cpl_data_i[127:0], cpl_data_i[511:128]};
    endcase
  end

  for (genvar l = 0; l < 4; l++) begin : gen_lane
    snic_ram #(
        .Width(128),
        .Depth(Depth)
    ) u_ram (
        .clk_i,
        .wen_i  (cpl_valid_i && cpl_hdr_i.status == 3'd0 && lane_we[l]),
        .waddr_i(done_idx_o),
        .wdata_i(rot[128*l+:128]),
        .ren_i  (look_i),
        .raddr_i(look_idx_i),
        .rdata_o(data_o[128*l+:128])
    );
  end

  always_ff @(posedge clk_i) begin
    if (new_i) lane_q[new_idx_i] <= 2'd0;
    if (cpl_valid_i) lane_q[done_idx_o] <= lane + lanes[1:0];
    if (done_o) err_q[done_idx_o] <= cpl_hdr_i.status != 3'd0;
    if (look_i) err_o <= err_q[look_idx_i];
  end
endmodule
