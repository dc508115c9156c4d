// SPDX-License-Identifier: BSD-2-Clause
// Reads frames from the packet buffers into a stream, a beat a cycle, also over the seam between frames. A
// buffer shows its data for one cycle only, so a read is asked for only when its beat has a place in the
// output queue.
module egress_rd (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic                       req_valid_i,
    output logic                       req_ready_o,
    input  snic_pkg::pkt_ref_t         req_pkt_i,
    input  logic                       req_last_i,   // the last copy: let the slot go
    output logic [2:0]                 rd_req_o,     // one bit a buffer
    output logic [snic_pkg::CellW-1:0] rd_cell_o,
    input  logic [2:0]                 rd_gnt_i,
    input  logic [511:0]               rd_data0_i,
    input  logic [511:0]               rd_data1_i,
    input  logic [511:0]               rd_data2_i,
    output logic [2:0]                 rel_o,
    output logic [snic_pkg::SlotW-1:0] rel_slot_o,
    output logic                       valid_o,
    input  logic                       ready_i,
    output logic [511:0]               data_o,
    output logic                       sop_o,
    output logic                       eop_o,
    output logic [6:0]                 bytes_o,
    output logic                       idle_o
);
  // A beat's place is taken from the request until it is out: three cycles at full rate.
  localparam int Depth = 4;

  logic [511:0] data_mem[Depth];
  logic [8:0] info_mem[Depth];   // {sop, eop, bytes}
  logic [2:0] asked_q, wptr_q, rptr_q;
  logic [7:0] beat_q, beat_last;
  logic gnt, last, pend_q;
  logic [1:0] pend_buf_q;
  logic [8:0] pend_info_q;
  logic [6:0] tail;   // bytes in the last beat

  assign beat_last   = 8'((req_pkt_i.len - 14'd1) >> 6);
  assign last        = beat_q == beat_last;
  assign tail        = {1'b0, req_pkt_i.len[5:0] - 6'd1} + 7'd1;
  assign rd_req_o    = req_valid_i && asked_q - rptr_q != 3'(Depth) ? 3'b1 << req_pkt_i.buf_id : 3'b0;
  assign rd_cell_o   = req_pkt_i.cell_idx + {4'b0, beat_q};
  assign gnt         = |(rd_req_o & rd_gnt_i);
  assign req_ready_o = gnt && last;

  assign valid_o = wptr_q != rptr_q;
  assign data_o  = data_mem[rptr_q[1:0]];
  assign {sop_o, eop_o, bytes_o} = info_mem[rptr_q[1:0]];
  assign idle_o  = !req_valid_i && !pend_q && !valid_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      asked_q <= '0;
      wptr_q  <= '0;
      rptr_q  <= '0;
      beat_q  <= '0;
      pend_q  <= 1'b0;
      rel_o   <= '0;
    end else begin
      pend_q <= gnt;
      rel_o  <= req_ready_o && req_last_i ? rd_req_o : '0;
      if (gnt) begin
        asked_q <= asked_q + 1'b1;
        beat_q  <= last ? '0 : beat_q + 1'b1;
      end
      if (pend_q) wptr_q <= wptr_q + 1'b1;
      if (valid_o && ready_i) rptr_q <= rptr_q + 1'b1;
    end
    if (gnt) begin
      pend_buf_q  <= req_pkt_i.buf_id;
      pend_info_q <= {beat_q == '0, last, last ? tail : 7'd64};
      rel_slot_o  <= req_pkt_i.slot;
    end
    if (pend_q) begin
      info_mem[wptr_q[1:0]] <= pend_info_q;
      data_mem[wptr_q[1:0]] <= pend_buf_q[1] ? rd_data2_i : pend_buf_q[0] ? rd_data1_i : rd_data0_i;
    end
  end
endmodule
