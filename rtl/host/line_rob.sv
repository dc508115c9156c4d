// SPDX-License-Identifier: BSD-2-Clause
// Reads of descriptor lines, answered in the order asked. A request takes the next tag of a ring; its
// completions are put together under that tag, whatever order the tags come in; the oldest tag leaves first.
// A request lies within one 64 B line (so it crosses neither 4 KiB nor MRRS), and address and length are
// multiples of 16 B: then a completion that comes in pieces is cut at multiples of 16 B too.
module line_rob #(
    parameter int TagBase = snic_pkg::TagTxDesc,
    parameter int Depth = snic_pkg::NTagDesc,  // a power of two
    parameter int UserW = 8,
    parameter int PtrW = $clog2(Depth)
) (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic                 req_valid_i,
    output logic                 req_ready_o,
    input  logic [7:0]           req_func_i,
    input  logic [63:0]          req_addr_i,
    input  logic [6:0]           req_len_i,   // 16, 32, 48 or 64
    input  logic [UserW-1:0]     req_user_i,  // comes back with the data
    output logic                 rd_valid_o,
    input  logic                 rd_ready_i,
    output snic_pkg::rd_req_t    rd_o,
    // One beat is one TLP; there is room for whatever was asked for.
    input  logic                 cpl_valid_i,
    input  snic_pkg::cpl_hdr_t   cpl_hdr_i,
    input  logic [511:0]         cpl_data_i,
    output logic                 rsp_valid_o,
    input  logic                 rsp_ready_i,
    output logic [UserW-1:0]     rsp_user_o,
    output logic                 rsp_err_o,   // the read ended with an error status: no data
    output logic [511:0]         rsp_data_o,  // byte 0 is the byte at the address asked for
    output logic                 full_o,      // all tags are out
    output logic                 idle_o,      // reads may be under way
    output logic                 empty_o
);
  localparam int RdW = 8 + 64 + 13 + snic_pkg::TagW;
  localparam int RspW = 1 + UserW + 512;

  logic [PtrW:0] wptr_q, rptr_q;
  logic [Depth-1:0] done_q, err_q;

  // Request: a tag, and the user's word beside it.
  logic take, skid_ready, rd_valid;
  logic [RdW-1:0] rd_bits;
  logic [snic_pkg::TagW-1:0] req_tag;

  assign full_o      = (wptr_q - rptr_q) == (PtrW + 1)'(Depth);
  assign req_ready_o = !full_o && skid_ready;
  assign take        = req_valid_i && req_ready_o;
  assign req_tag     = snic_pkg::TagW'(TagBase) + snic_pkg::TagW'(wptr_q[PtrW-1:0]);

  snic_skid #(
      .Width(RdW)
  ) u_req_skid (
      .clk_i,
      .rst_ni,
      .valid_i(take),
      .ready_o(skid_ready),
      .data_i ({req_func_i, req_addr_i, 13'(req_len_i), req_tag}),
      .valid_o(rd_valid),
      .ready_i(rd_ready_i),
      .data_o (rd_bits)
  );
  assign rd_valid_o = rd_valid;
  assign rd_o       = rd_bits;

  // Completion: 16 B lanes, each with its own RAM, from where the last piece of that tag ended.
  logic [PtrW-1:0] cpl_idx;
  logic [1:0] lane_q[Depth];
  logic [1:0] lane;
  logic [2:0] lanes;
  logic [3:0] lane_we;
  logic [511:0] cpl_rot, line;

  assign cpl_idx = PtrW'(cpl_hdr_i.tag - snic_pkg::TagW'(TagBase));
  assign lane    = lane_q[cpl_idx];
  assign lanes   = 3'((cpl_hdr_i.len + 13'd15) >> 4);
  assign lane_we = 4'((4'hf >> (3'd4 - lanes)) << lane);

  always_comb begin
    case (lane)
      2'd0: cpl_rot = cpl_data_i;
      2'd1: cpl_rot = {cpl_data_i[383:0], cpl_data_i[511:384]};
      2'd2: cpl_rot = {cpl_data_i[255:0], cpl_data_i[511:256]};
      default: cpl_rot = {cpl_data_i[127:0], cpl_data_i[511:128]};
    endcase
  end

  logic complete, fetch, fetched_q, fetched_err_q, out_ready;
  logic [UserW-1:0] user;

  for (genvar l = 0; l < 4; l++) begin : gen_lane
    snic_ram #(
        .Width(128),
        .Depth(Depth)
    ) u_ram (
        .clk_i,
        .wen_i  (cpl_valid_i && cpl_hdr_i.status == 3'd0 && lane_we[l]),
        .waddr_i(cpl_idx),
        .wdata_i(cpl_rot[128*l+:128]),
        .ren_i  (fetch),
        .raddr_i(rptr_q[PtrW-1:0]),
        .rdata_o(line[128*l+:128])
    );
  end

  snic_ram #(
      .Width(UserW),
      .Depth(Depth)
  ) u_user (
      .clk_i,
      .wen_i  (take),
      .waddr_i(wptr_q[PtrW-1:0]),
      .wdata_i(req_user_i),
      .ren_i  (fetch),
      .raddr_i(rptr_q[PtrW-1:0]),
      .rdata_o(user)
  );

  // Answer: the oldest tag, once it is complete. One may be on its way from the RAM while the skid is full.
  assign complete = wptr_q != rptr_q && done_q[rptr_q[PtrW-1:0]];
  assign fetch    = complete && (!fetched_q || out_ready);
  assign idle_o   = !complete && !fetched_q && !rsp_valid_o && !rd_valid;
  assign empty_o  = wptr_q == rptr_q && !fetched_q && !rsp_valid_o;

  snic_skid #(
      .Width(RspW)
  ) u_rsp_skid (
      .clk_i,
      .rst_ni,
      .valid_i(fetched_q),
      .ready_o(out_ready),
      .data_i ({fetched_err_q, user, line}),
      .valid_o(rsp_valid_o),
      .ready_i(rsp_ready_i),
      .data_o ({rsp_err_o, rsp_user_o, rsp_data_o})
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      wptr_q    <= '0;
      rptr_q    <= '0;
      done_q    <= '0;
      fetched_q <= 1'b0;
    end else begin
      if (take) begin
        wptr_q                   <= wptr_q + 1'b1;
        done_q[wptr_q[PtrW-1:0]] <= 1'b0;
      end
      if (cpl_valid_i && cpl_hdr_i.last) begin
        done_q[cpl_idx] <= 1'b1;
        err_q[cpl_idx]  <= cpl_hdr_i.status != 3'd0;
      end
      if (fetch) begin
        rptr_q    <= rptr_q + 1'b1;
        fetched_q <= 1'b1;
      end else if (out_ready) fetched_q <= 1'b0;
    end
    if (take) lane_q[wptr_q[PtrW-1:0]] <= 2'd0;
    if (cpl_valid_i) lane_q[cpl_idx] <= lane + lanes[1:0];
    if (fetch) fetched_err_q <= err_q[rptr_q[PtrW-1:0]];
  end

`ifndef SYNTHESIS
  logic [PtrW-1:0] cpl_age;
  assign cpl_age = cpl_idx - rptr_q[PtrW-1:0];
  always_ff @(posedge clk_i) begin
    if (rst_ni && take && (req_addr_i[3:0] != 4'd0 || req_len_i[3:0] != 4'd0 || req_len_i == 7'd0 ||
                           8'(req_addr_i[5:0]) + 8'(req_len_i) > 8'd64))
      $error("line_rob: request leaves its line");
    if (rst_ni && cpl_valid_i && ((PtrW + 1)'(cpl_age) >= wptr_q - rptr_q || done_q[cpl_idx]))
      $error("line_rob: completion of a tag that is not out");
  end
`endif
endmodule
