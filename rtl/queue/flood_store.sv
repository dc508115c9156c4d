// SPDX-License-Identifier: BSD-2-Clause
// Flooded frames wait here, and not in the packet buffers, which free in order: a frame for 255 functions would hold back
// everything that came after it. Each is moved out of its buffer at once, a beat a cycle, and its buffer is let go; the
// record follows when all of the frame is here. forward has found its place (storm_ctl), so there is always room.
//
// It stands between the host egress and the packet buffers. To the egress the store is the upper half of the
// host side's buffer: cells from 2304, slots from 1024. (A frame that runs over the end of that buffer reads cells from 2048.)
module flood_store (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    // from forward
    input  logic                       push_i,
    input  snic_pkg::egress_t          rec_i,
    input  logic [255:0]               map_i,
    input  logic [9:0]                 cell_i,
    input  logic [9:0]                 slot_i,
    input  logic [1:0]                 pool_i,
    // a place is free again
    output logic                       free_o,
    output logic [1:0]                 free_pool_o,
    output logic [7:0]                 free_cells_o,
    output logic [7:0]                 free_func_o,
    // frames that are here
    output logic                       valid_o,
    input  logic                       ready_i,
    output snic_pkg::egress_t          rec_o,
    output logic [255:0]               map_o,
    // host egress
    input  logic [2:0]                 rx_req_i,
    input  logic [snic_pkg::CellW-1:0] rx_cell_i,
    output logic [2:0]                 rx_gnt_o,
    output logic [511:0]               rx_data2_o,
    input  logic [2:0]                 rx_rel_i,
    input  logic [snic_pkg::SlotW-1:0] rx_rel_slot_i,
    // packet buffers
    output logic [2:0]                 rd_req_o,
    output logic [snic_pkg::CellW-1:0] rd_cell_o,
    input  logic [2:0]                 rd_gnt_i,
    input  logic [511:0]               rd_data0_i,
    input  logic [511:0]               rd_data1_i,
    input  logic [511:0]               rd_data2_i,
    output logic [2:0]                 rel_o,
    output logic [snic_pkg::SlotW-1:0] rel_slot_o,
    output logic                       idle_o
);
  localparam int Cells = 1024;
  localparam int Slots = 1024;
  localparam int Base = 2304;
  localparam int CW = $clog2(Cells);
  localparam int SW = $clog2(Slots);

  snic_pkg::pkt_ref_t here, pkt;
  snic_pkg::egress_t rec;
  logic [7:0] cells;
  assign cells         = 8'((rec_i.pkt.len + 14'd63) >> 6);
  assign here.buf_id   = 2'(snic_pkg::BufHost);
  assign here.slot     = {1'b1, slot_i};
  assign here.cell_idx = 12'(Base) + 12'(cell_i);
  assign here.len      = rec_i.pkt.len;
  always_comb begin
    rec     = rec_i;
    rec.pkt = here;
  end

  // --- frames to be moved ---
  logic job_valid, job_ready, jobs_empty;
  logic [CW-1:0] job_cell;
  logic [38:0] job_pkt;
  snic_ram_fifo #(
      .Width(39 + CW),
      .Depth(Slots)
  ) u_jobs (
      .clk_i,
      .rst_ni,
      .valid_i(push_i),
      .ready_o(),
      .data_i ({rec_i.pkt, cell_i}),
      .valid_o(job_valid),
      .ready_i(job_ready),
      .data_o ({job_pkt, job_cell}),
      .empty_o(jobs_empty),
      .still_o()
  );
  assign pkt = job_pkt;

  // --- the egress and the move take turns at the buffers; the store has a port of its own ---
  logic st_req, st_pend_q, mv_req, mv_gnt, mv_turn, mv_last_q, last, rel_wait_q, rel_go, pend_q, pend_last_q;
  logic [2:0] rx_req, rx_rel;
  logic [7:0] beat_q;
  logic [1:0] pend_buf_q, rel_buf_q;
  logic [CW-1:0] pend_cell_q;
  logic [snic_pkg::SlotW-1:0] rel_slot_q;
  logic [511:0] st_data, mv_data;

  assign st_req    = rx_req_i[2] && rx_cell_i >= 12'(Base);
  assign rx_req    = rx_req_i & {rx_cell_i < 12'(Base), 2'b11};
  assign mv_req    = job_valid && !rel_wait_q;
  assign mv_turn   = mv_req && (rx_req == '0 || !mv_last_q);
  assign rd_req_o  = mv_turn ? 3'b001 << pkt.buf_id : rx_req;
  assign rd_cell_o = mv_turn ? pkt.cell_idx + snic_pkg::CellW'(beat_q) : rx_cell_i;
  assign mv_gnt    = mv_turn && (rd_req_o & rd_gnt_i) != '0;
  assign rx_gnt_o  = (mv_turn ? '0 : rd_gnt_i) | {st_req, 2'b00};
  assign last      = beat_q == 8'((pkt.len - 14'd1) >> 6);
  assign job_ready = mv_gnt && last;
  assign mv_data   = pend_buf_q[1] ? rd_data2_i : pend_buf_q[0] ? rd_data1_i : rd_data0_i;

  assign rx_rel     = rx_rel_i & {!rx_rel_slot_i[SW], 2'b11};
  assign rel_go     = rel_wait_q && rx_rel == '0;
  assign rel_o      = rel_go ? 3'b001 << rel_buf_q : rx_rel;
  assign rel_slot_o = rel_go ? rel_slot_q : rx_rel_slot_i;

  snic_ram #(
      .Width(512),
      .Depth(Cells)
  ) u_cells (
      .clk_i,
      .wen_i  (pend_q),
      .waddr_i(pend_cell_q),
      .wdata_i(mv_data),
      .ren_i  (st_req),
      .raddr_i(rx_cell_i[CW-1:0] - CW'(Base)),
      .rdata_o(st_data)
  );
  assign rx_data2_o = st_pend_q ? st_data : rd_data2_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      st_pend_q  <= 1'b0;
      mv_last_q  <= 1'b0;
      pend_q     <= 1'b0;
      rel_wait_q <= 1'b0;
      beat_q     <= '0;
    end else begin
      st_pend_q <= st_req;
      pend_q    <= mv_gnt;
      if (mv_gnt) mv_last_q <= 1'b1;
      else if ((rx_req & rx_gnt_o) != '0) mv_last_q <= 1'b0;
      if (mv_gnt) beat_q <= last ? '0 : beat_q + 8'd1;
      if (job_ready) rel_wait_q <= 1'b1;
      else if (rel_go) rel_wait_q <= 1'b0;
    end
    if (mv_gnt) begin
      pend_buf_q  <= pkt.buf_id;
      pend_cell_q <= job_cell + CW'(beat_q);
      pend_last_q <= last;
    end
    if (job_ready) begin
      rel_buf_q  <= pkt.buf_id;
      rel_slot_q <= pkt.slot;
    end
  end

  // --- records; one may leave for each frame that is here ---
  logic rec_valid, recs_empty;
  logic [SW:0] ready_q;
  logic arrived, leaves;
  snic_ram_fifo #(
      .Width($bits(rec) + 256),
      .Depth(Slots)
  ) u_recs (
      .clk_i,
      .rst_ni,
      .valid_i(push_i),
      .ready_o(),
      .data_i ({rec, map_i}),
      .valid_o(rec_valid),
      .ready_i(leaves),
      .data_o ({rec_o, map_o}),
      .empty_o(recs_empty),
      .still_o()
  );
  assign arrived = pend_q && pend_last_q;
  assign valid_o = rec_valid && ready_q != '0;
  assign leaves  = valid_o && ready_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) ready_q <= '0;
    else if (arrived != leaves) ready_q <= arrived ? ready_q + 1'b1 : ready_q - 1'b1;
  end

  // --- places ---
  logic st_rel;
  assign st_rel = rx_rel_i[2] && rx_rel_slot_i[SW];
  snic_ram #(
      .Width(2 + 8 + 8),
      .Depth(Slots)
  ) u_places (
      .clk_i,
      .wen_i  (push_i),
      .waddr_i(slot_i),
      .wdata_i({pool_i, cells, rec_i.src[7:0]}),
      .ren_i  (st_rel),
      .raddr_i(rx_rel_slot_i[SW-1:0]),
      .rdata_o({free_pool_o, free_cells_o, free_func_o})
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) free_o <= 1'b0;
    else free_o <= st_rel;
  end

  assign idle_o = !push_i && jobs_empty && recs_empty && !pend_q && !st_pend_q && !rel_wait_q && !free_o && !st_rel;

`ifndef SYNTHESIS
  // Cells are a ring: they must come back in order.
  logic [SW-1:0] oldest_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) oldest_q <= '0;
    else if (st_rel) oldest_q <= oldest_q + 1'b1;
    if (rst_ni && st_rel && rx_rel_slot_i[SW-1:0] != oldest_q) $error("flood_store: released out of order");
  end
`endif
endmodule
