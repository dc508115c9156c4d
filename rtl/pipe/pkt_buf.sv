// SPDX-License-Identifier: BSD-2-Clause
// Packet buffer of one ingress. A frame is written once, in contiguous cells (modulo the buffer) of two
// banks, so that an unaligned beat, which touches two cells, takes one cycle. Headers go to the parser, and
// payload to the egresses, through a read port each. Slots (one a frame) are allocated, committed, decided
// and freed in order; written, and released by the egresses, in any order.
module pkt_buf #(
    parameter int Cells = 4096,
    parameter int Slots = 2048,
    parameter int Id = 0,
    parameter int NEg = snic_pkg::NEgress
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    // allocation: ok_o says that there is a slot and room for the longest frame. slot_o and cell_o stand at
    // the free end.
    input  logic                       alloc_i,
    input  logic [7:0]                 alloc_cells_i,
    output logic                       alloc_ok_o,
    output logic [snic_pkg::SlotW-1:0] alloc_slot_o,
    output logic [snic_pkg::CellW-1:0] alloc_cell_o,
    output logic [snic_pkg::SlotW:0]   free_slots_o,
    output logic [snic_pkg::CellW:0]   free_cells_o,
    // write: cell_i and, with hi_valid, the one after it. Data bytes that are not the frame's, or not
    // enabled, must be 0: the sum takes them. May run ahead of the allocation at the free end; abort_i then
    // takes such writes back.
    input  logic                       wr_valid_i,
    input  logic [snic_pkg::SlotW-1:0] wr_slot_i,
    input  logic [snic_pkg::CellW-1:0] wr_cell_i,
    input  logic [511:0]               wr_lo_data_i,
    input  logic [63:0]                wr_lo_be_i,
    input  logic                       wr_hi_valid_i,
    input  logic [511:0]               wr_hi_data_i,
    input  logic [63:0]                wr_hi_be_i,
    input  logic                       wr_abort_i,
    // the frame is complete (with or after its last write)
    input  logic                       commit_i,
    input  logic [snic_pkg::SlotW-1:0] commit_slot_i,
    input  logic [snic_pkg::CellW-1:0] commit_cell_i,
    input  logic [13:0]                commit_len_i,
    input  logic [8:0]                 commit_src_i,
    // headers of committed frames to the parser
    output logic                       hdr_valid_o,
    input  logic                       hdr_ready_i,
    output logic [511:0]               hdr_data_o,
    output logic                       hdr_sop_o,
    output logic                       hdr_eop_o,
    output snic_pkg::pkt_ref_t         hdr_pkt_o,
    output logic [8:0]                 hdr_src_o,
    output logic [15:0]                hdr_sum_o,
    // decision, in the order of the headers: the egresses that will read the frame
    input  logic                       dec_i,
    input  logic [snic_pkg::SlotW-1:0] dec_slot_i,
    input  logic [NEg-1:0]             dec_mask_i,
    // egress reads: data the cycle after the grant
    input  logic [NEg-1:0]             rd_req_i,
    input  logic [NEg*snic_pkg::CellW-1:0] rd_cell_i,
    output logic [NEg-1:0]             rd_gnt_o,
    output logic [511:0]               rd_data_o,
    // the egress has read the frame for the last time
    input  logic [NEg-1:0]             rel_i,
    input  logic [NEg*snic_pkg::SlotW-1:0] rel_slot_i,
    // cells that wait for the egress
    output logic [NEg*snic_pkg::HeldW-1:0] held_o,
    output logic                       idle_o,        // frames may be inside
    output logic                       empty_o,
    output logic                       init_done_o
);
  localparam int CW = $clog2(Cells);
  localparam int SW = $clog2(Slots);
  // Longest frame, and one: a writer that counts len / 64 + 1 is safe as well.
  localparam int Room = (snic_contract_pkg::FRAME_MAX + 63) / 64 + 1;

  // ---- Slot ring. Pointers with a lap bit, in this order: free <= decided, fed <= committed <= head.
  logic [SW:0] head_q, cmt_q, cmt1_q, cmt2_q, fed_q, decided_q, free_q;
  logic [CW-1:0] cell_q;
  logic [CW:0] room_q, room_d;
  logic [SW:0] slots_q, slots_d;
  logic take, freed, freed_q;
  logic [7:0] freed_cells_q;

  logic [7:0] cells_mem[Slots];   // of each slot
  logic [snic_pkg::CellW+14+9-1:0] job_mem[Slots];   // {cell, len, src}

  logic [SW:0] init_q;
  logic init;
  assign init = !init_q[SW];
  assign init_done_o = init_q[SW];
  always_ff @(posedge clk_i) begin
    if (!rst_ni) init_q <= '0;
    else if (init) init_q <= init_q + 1'b1;
  end

  assign take         = alloc_i && alloc_ok_o;
  assign alloc_slot_o = snic_pkg::SlotW'(head_q[SW-1:0]);
  assign alloc_cell_o = snic_pkg::CellW'(cell_q);
  assign free_slots_o = (snic_pkg::SlotW + 1)'(slots_q);
  assign free_cells_o = (snic_pkg::CellW + 1)'(room_q);
  assign room_d  = room_q - (take ? (CW + 1)'(alloc_cells_i) : '0)
                   + (freed_q ? (CW + 1)'(freed_cells_q) : '0);
  assign slots_d = slots_q - {{SW{1'b0}}, take} + {{SW{1'b0}}, freed_q};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      head_q     <= '0;
      cell_q     <= '0;
      room_q     <= (CW + 1)'(Cells);
      slots_q    <= (SW + 1)'(Slots);
      alloc_ok_o <= 1'b0;
    end else begin
      room_q     <= room_d;
      slots_q    <= slots_d;
      alloc_ok_o <= !init && room_d >= (CW + 1)'(Room) && slots_d != '0;
      if (take) begin
        head_q <= head_q + 1'b1;
        cell_q <= cell_q + CW'(alloc_cells_i);
      end
    end
    if (take) cells_mem[head_q[SW-1:0]] <= alloc_cells_i;
  end

  // A commit is seen by the header reader two cycles later, when the sum of its last write is in the RAM.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      cmt_q  <= '0;
      cmt1_q <= '0;
      cmt2_q <= '0;
    end else begin
      if (commit_i) cmt_q <= cmt_q + 1'b1;
      cmt1_q <= cmt_q;
      cmt2_q <= cmt1_q;
    end
    if (commit_i) job_mem[commit_slot_i[SW-1:0]] <= {commit_cell_i, commit_len_i, commit_src_i};
  end

  // ---- Payload. Port a: egresses, port b: headers.
  logic [1:0] bank_wen;
  logic [CW-2:0] bank_waddr0, bank_waddr1;
  logic [511:0] bank_wdata0, bank_wdata1, bank_a0, bank_a1, bank_b0, bank_b1;
  logic [63:0] bank_wbe0, bank_wbe1;
  logic rda, rdb, rda_bank_q, rdb_bank_q;
  logic [snic_pkg::CellW-1:0] rda_cell;
  logic [CW-1:0] rdb_cell;

  assign bank_wen    = wr_valid_i ? {wr_cell_i[0] || wr_hi_valid_i, !wr_cell_i[0] || wr_hi_valid_i} : 2'b00;
  assign bank_waddr0 = wr_cell_i[CW-1:1] + {{CW - 2{1'b0}}, wr_cell_i[0]};
  assign bank_waddr1 = wr_cell_i[CW-1:1];
  assign bank_wdata0 = wr_cell_i[0] ? wr_hi_data_i : wr_lo_data_i;
  assign bank_wdata1 = wr_cell_i[0] ? wr_lo_data_i : wr_hi_data_i;
  assign bank_wbe0   = wr_cell_i[0] ? wr_hi_be_i : wr_lo_be_i;
  assign bank_wbe1   = wr_cell_i[0] ? wr_lo_be_i : wr_hi_be_i;

  pkt_bank #(
      .Depth(Cells / 2)
  ) u_bank0 (
      .clk_i,
      .wen_i   (bank_wen[0]),
      .waddr_i (bank_waddr0),
      .wdata_i (bank_wdata0),
      .wbe_i   (bank_wbe0),
      .rena_i  (rda && !rda_cell[0]),
      .raddra_i(rda_cell[CW-1:1]),
      .rdataa_o(bank_a0),
      .renb_i  (rdb && !rdb_cell[0]),
      .raddrb_i(rdb_cell[CW-1:1]),
      .rdatab_o(bank_b0)
  );
  pkt_bank #(
      .Depth(Cells / 2)
  ) u_bank1 (
      .clk_i,
      .wen_i   (bank_wen[1]),
      .waddr_i (bank_waddr1),
      .wdata_i (bank_wdata1),
      .wbe_i   (bank_wbe1),
      .rena_i  (rda && rda_cell[0]),
      .raddra_i(rda_cell[CW-1:1]),
      .rdataa_o(bank_a1),
      .renb_i  (rdb && rdb_cell[0]),
      .raddrb_i(rdb_cell[CW-1:1]),
      .rdatab_o(bank_b1)
  );
  assign rd_data_o  = rda_bank_q ? bank_a1 : bank_a0;
  assign hdr_data_o = rdb_bank_q ? bank_b1 : bank_b0;

  // Round robin: the requests above the last granted one go first.
  logic [NEg-1:0] above_q, rd_first;
  assign rd_first = |(rd_req_i & above_q) ? rd_req_i & above_q : rd_req_i;
  assign rd_gnt_o = rd_first & (~rd_first + 1'b1);
  assign rda      = |rd_req_i;
  always_comb begin
    rda_cell = rd_cell_i[(NEg-1)*snic_pkg::CellW+:snic_pkg::CellW];
    for (int e = 0; e < NEg - 1; e++) if (rd_gnt_o[e]) rda_cell = rd_cell_i[e*snic_pkg::CellW+:snic_pkg::CellW];
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) above_q <= '1;
    else if (rda) above_q <= ~(rd_gnt_o | (rd_gnt_o - 1'b1));
    if (rda) rda_bank_q <= rda_cell[0];
    if (rdb) rdb_bank_q <= rdb_cell[0];
  end

  // ---- Headers: job RAMs -> beats -> output, which is the output register of the payload RAM.
  logic job_rd, job_valid_q, job_done, adv, job_last, sum_busy;
  logic [SW:0] job_ptr;
  logic [snic_pkg::CellW-1:0] job_cell_q;
  logic [13:0] job_len_q;
  logic [8:0] job_src_q;
  logic [1:0] beat_q, beat_last;
  logic [7:0] job_full;   // whole cells before the last one
  logic [15:0] job_sum;

  assign adv       = !hdr_valid_o || hdr_ready_i;
  assign job_ptr   = fed_q + {{SW{1'b0}}, job_valid_q};
  assign job_rd    = job_ptr != cmt2_q && (!job_valid_q || job_done);
  assign job_full  = 8'((job_len_q - 14'd1) >> 6);
  assign beat_last = |job_full[7:2] ? 2'd3 : job_full[1:0];
  assign job_last  = beat_q == beat_last;
  assign job_done  = job_valid_q && adv && job_last;
  assign rdb       = job_valid_q && adv;
  assign rdb_cell  = job_cell_q[CW-1:0] + CW'(beat_q);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fed_q       <= '0;
      job_valid_q <= 1'b0;
      beat_q      <= '0;
      hdr_valid_o <= 1'b0;
    end else begin
      if (job_done) fed_q <= fed_q + 1'b1;
      job_valid_q <= job_rd || (job_valid_q && !job_done);
      if (rdb) beat_q <= job_last ? '0 : beat_q + 1'b1;
      if (adv) hdr_valid_o <= rdb;
    end
    if (job_rd) {job_cell_q, job_len_q, job_src_q} <= job_mem[job_ptr[SW-1:0]];
    if (rdb) begin
      hdr_sop_o          <= beat_q == '0;
      hdr_eop_o          <= job_last;
      hdr_pkt_o.buf_id   <= 2'(Id);
      hdr_pkt_o.slot     <= snic_pkg::SlotW'(fed_q[SW-1:0]);
      hdr_pkt_o.cell_idx <= job_cell_q;
      hdr_pkt_o.len      <= job_len_q;
      hdr_src_o          <= job_src_q;
      hdr_sum_o          <= job_sum;
    end
  end

  pkt_sum #(
      .Slots(Slots)
  ) u_sum (
      .clk_i,
      .rst_ni,
      .init_i     (init),
      .init_slot_i(init_q[SW-1:0]),
      .valid_i    (wr_valid_i),
      .slot_i     (wr_slot_i[SW-1:0]),
      .lo_i       (wr_lo_data_i),
      .hi_valid_i (wr_hi_valid_i),
      .hi_i       (wr_hi_data_i),
      .abort_i    (wr_abort_i),
      .rd_i       (job_rd),
      .rd_slot_i  (job_ptr[SW-1:0]),
      .sum_o      (job_sum),
      .take_i     (job_done),
      .take_slot_i(fed_q[SW-1:0]),
      .busy_o     (sum_busy)
  );

  // ---- Decisions and releases. Egress e flips a slot's bit e when it lets go; the decision notes what the
  // bits will be then. Every RAM keeps one writer, and nothing needs to be cleared for the next frame.
  logic dec_q;
  logic [SW-1:0] dec_slot_q;
  logic [NEg-1:0] dec_mask_q, dec_bits, scan_bits, rel_q;
  logic [7:0] dec_cells_q;
  logic [NEg-1:0] expect_mem[Slots];

  // ---- Freeing: look at the oldest slot, or, when it goes right now, at the next one.
  logic scan_decided_q;
  logic [NEg-1:0] scan_expect_q;
  logic [7:0] scan_cells_q;
  logic [SW:0] scan;
  logic looked_q;   // the last look at the oldest slot saw what is there now

  assign freed = scan_decided_q && scan_expect_q == scan_bits;
  assign scan  = free_q + {{SW{1'b0}}, freed};

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      dec_q          <= 1'b0;
      decided_q      <= '0;
      free_q         <= '0;
      freed_q        <= 1'b0;
      scan_decided_q <= 1'b0;
      looked_q       <= 1'b0;
    end else begin
      dec_q    <= dec_i;
      looked_q <= !init && !dec_q && rel_q == '0 && !freed;
      if (dec_q) decided_q <= decided_q + 1'b1;
      free_q         <= scan;
      freed_q        <= freed;
      scan_decided_q <= scan != decided_q;
    end
    if (dec_i) begin
      dec_slot_q  <= dec_slot_i[SW-1:0];
      dec_mask_q  <= dec_mask_i;
      dec_cells_q <= cells_mem[dec_slot_i[SW-1:0]];
    end
    if (dec_q) expect_mem[dec_slot_q] <= dec_bits ^ dec_mask_q;
    if (scan != decided_q) begin
      scan_expect_q <= expect_mem[scan[SW-1:0]];
      scan_cells_q  <= cells_mem[scan[SW-1:0]];
    end
    if (freed) freed_cells_q <= scan_cells_q;
  end

  for (genvar e = 0; e < NEg; e++) begin : g_eg
    logic bits[Slots];
    logic rel_bit_q, dec_bit_q, scan_bit_q;
    logic [SW-1:0] rel_slot, rel_slot_q;
    logic [7:0] rel_cells_q;
    logic [snic_pkg::HeldW-1:0] held_q;

    assign rel_slot     = rel_slot_i[e*snic_pkg::SlotW+:SW];
    assign dec_bits[e]  = dec_bit_q;
    assign scan_bits[e] = scan_bit_q;
    assign held_o[e*snic_pkg::HeldW+:snic_pkg::HeldW] = held_q;

    always_ff @(posedge clk_i) begin
      if (!rst_ni) begin
        rel_q[e] <= 1'b0;
        held_q   <= '0;
      end else begin
        rel_q[e] <= rel_i[e];
        if (rel_q[e] || (dec_q && dec_mask_q[e]))
          held_q <= held_q + (dec_q && dec_mask_q[e] ? snic_pkg::HeldW'(dec_cells_q) : '0)
                    - (rel_q[e] ? snic_pkg::HeldW'(rel_cells_q) : '0);
      end
      if (rel_i[e]) begin
        rel_slot_q  <= rel_slot;
        rel_bit_q   <= bits[rel_slot];
        rel_cells_q <= cells_mem[rel_slot];
      end
      if (dec_i) dec_bit_q <= bits[dec_slot_i[SW-1:0]];
      if (scan != decided_q) scan_bit_q <= bits[scan[SW-1:0]];
      if (init || rel_q[e]) bits[init ? init_q[SW-1:0] : rel_slot_q] <= !init && !rel_bit_q;
    end
  end

  logic told;
  assign told    = alloc_i || wr_valid_i || wr_abort_i || commit_i || dec_i || rel_i != '0 || rd_req_i != '0;
  assign idle_o  = init_done_o && !told && cmt_q == fed_q && !hdr_valid_o && !sum_busy && !dec_q && rel_q == '0 &&
      looked_q && !freed && !freed_q;
  assign empty_o = head_q == free_q;

`ifndef SYNTHESIS
  if ((Cells & (Cells - 1)) != 0 || Cells < 256 || CW > snic_pkg::CellW)
    $fatal(1, "pkt_buf: Cells is %0d, a power of two from 256 to %0d is needed", Cells, 1 << snic_pkg::CellW);
  if ((Slots & (Slots - 1)) != 0 || Slots < 4 || SW > snic_pkg::SlotW)
    $fatal(1, "pkt_buf: Slots is %0d, a power of two from 4 to %0d is needed", Slots, 1 << snic_pkg::SlotW);

  always_ff @(posedge clk_i) begin
    if (rst_ni && commit_i && commit_slot_i[SW-1:0] != cmt_q[SW-1:0]) $error("pkt_buf: commit out of order");
    if (rst_ni && commit_i && cmt_q == head_q && !take) $error("pkt_buf: commit without a slot");
    if (rst_ni && alloc_i && !alloc_ok_o) $error("pkt_buf: allocation without room");
    if (rst_ni && wr_valid_i && wr_abort_i) $error("pkt_buf: write and abort at once");
    if (rst_ni && dec_q && decided_q == fed_q) $error("pkt_buf: early decision");
    if (rst_ni && dec_q && dec_slot_q != decided_q[SW-1:0]) $error("pkt_buf: decision out of order");
  end
`endif
endmodule
