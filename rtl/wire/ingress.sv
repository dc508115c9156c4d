// SPDX-License-Identifier: BSD-2-Clause
// All that comes in, up to the parsed record: for each wire port MAC side, packet buffer and parser; for the host, whose
// frames tx_engine writes, buffer and parser. Only wires and clock gates.
module ingress #(
    parameter int Ports = snic_pkg::Ports,
    parameter int NBuf = Ports + 1,            // the last one is the host's
    parameter int Cells = 4096,                // of a wire port's buffer, 64 B each
    parameter int HostCells = 2048,
    parameter int Slots = 1024,                // frames
    parameter int HostSlots = 512
) (
    input  logic                           clk_i,
    input  logic                           rst_ni,
    input  logic                           ungate_i,       // every clock runs
    input  snic_pkg::tun_ports_t           tun_ports_i,
    // MACs
    input  logic [          Ports-1:0]     mac_valid_i,
    input  logic [      512*Ports-1:0]     mac_data_i,
    input  logic [          Ports-1:0]     mac_sop_i,
    input  logic [          Ports-1:0]     mac_eop_i,
    input  logic [        7*Ports-1:0]     mac_bytes_i,
    input  logic [          Ports-1:0]     mac_bad_i,
    // frames of the host
    input  snic_pkg::buf_wr_t              host_wr_i,
    input  logic [              511:0]     host_lo_data_i,
    input  logic [               63:0]     host_lo_be_i,
    input  logic [              511:0]     host_hi_data_i,
    input  logic [               63:0]     host_hi_be_i,
    output snic_pkg::buf_free_t            host_free_o,
    // records to the pipeline, and what it decided
    output logic [           NBuf-1:0]     meta_valid_o,
    input  logic [           NBuf-1:0]     meta_ready_i,
    output logic [NBuf*snic_pkg::MetaSlotW-1:0] meta_o,
    input  logic [           NBuf-1:0]     dec_i,
    input  logic [snic_pkg::SlotW-1:0]     dec_slot_i,
    input  logic [snic_pkg::NEgress-1:0]   dec_mask_i,
    // reads of the egresses: gnt_o has NBuf bits for each
    input  logic [snic_pkg::NEgress*snic_pkg::BufRdW-1:0] rd_i,
    output logic [snic_pkg::NEgress*NBuf-1:0] gnt_o,
    output logic [       512*NBuf-1:0]     rd_data_o,
    // for congestion and utilisation: cells that wait in a buffer for an egress, NEgress of them for each buffer
    output logic [NBuf*snic_pkg::NEgress*snic_pkg::HeldW-1:0] held_o,
    output logic [           NBuf-1:0]     room_o,         // for the longest frame
    output logic [           NBuf-1:0]     wait_o,         // frames that no parser takes
    output logic [           NBuf-1:0]     util_busy_o,
    output logic [           NBuf-1:0]     util_held_o,
    // counters
    output logic [Ports*snic_pkg::PortStatW-1:0] stat_o,
    output logic [snic_contract_pkg::EVENT_LAST:snic_contract_pkg::EVENT_BASE] ev0_o,  // port 0
    output logic [snic_contract_pkg::EVENT_LAST:snic_contract_pkg::EVENT_BASE] ev1_o,  // port 1
    output logic [          Ports-1:0]     rx_idle_o,
    output logic [           NBuf-1:0]     buf_idle_o,
    output logic [           NBuf-1:0]     buf_empty_o,
    output logic [           NBuf-1:0]     parser_idle_o,
    output logic                           init_done_o
);
  logic [Ports-1:0] drop_fcs, drop_runt, drop_oversize, drop_buffer;
  always_comb begin
    ev0_o = '0;
    ev1_o = '0;
    ev0_o[snic_contract_pkg::STAT_DROP_FCS]      = drop_fcs[0];
    ev0_o[snic_contract_pkg::STAT_DROP_RUNT]     = drop_runt[0];
    ev0_o[snic_contract_pkg::STAT_DROP_OVERSIZE] = drop_oversize[0];
    ev0_o[snic_contract_pkg::STAT_DROP_BUFFER]   = drop_buffer[0];
    ev1_o[snic_contract_pkg::STAT_DROP_FCS]      = Ports > 1 && drop_fcs[Ports-1];
    ev1_o[snic_contract_pkg::STAT_DROP_RUNT]     = Ports > 1 && drop_runt[Ports-1];
    ev1_o[snic_contract_pkg::STAT_DROP_OVERSIZE] = Ports > 1 && drop_oversize[Ports-1];
    ev1_o[snic_contract_pkg::STAT_DROP_BUFFER]   = Ports > 1 && drop_buffer[Ports-1];
  end

  logic [NBuf-1:0] init_done;
  assign init_done_o = &init_done;

  for (genvar b = 0; b < NBuf; b++) begin : g_buf
    localparam int ThisCells = b < Ports ? Cells : HostCells;
    localparam int ThisSlots = b < Ports ? Slots : HostSlots;

    logic clk, clk_parser, told;
    // The writer's side, see buf_wr_t and buf_free_t. (No struct here: yosys finds no field of one that a loop declares.)
    logic alloc, alloc_ok, wr_valid, wr_hi_valid, wr_undo, commit;
    logic [7:0] alloc_cells;
    logic [snic_pkg::SlotW-1:0] alloc_slot, wr_slot, commit_slot;
    logic [snic_pkg::CellW-1:0] alloc_cell, wr_cell, commit_cell;
    logic [snic_pkg::SlotW:0] free_slots;
    logic [snic_pkg::CellW:0] free_cells;
    logic [13:0] commit_len;
    logic [8:0] commit_src;
    logic [511:0] lo_data, hi_data, hdr_data;
    logic [63:0] lo_be, hi_be;
    logic hdr_valid, hdr_ready, hdr_sop, hdr_eop;
    snic_pkg::pkt_ref_t hdr_pkt;
    logic [8:0] hdr_src;
    logic [15:0] hdr_sum;
    logic [snic_pkg::MetaW-1:0] meta;

    snic_clk_gate u_gate (
        .clk_i,
        .en_i (ungate_i || told || !buf_idle_o[b]),
        .clk_o(clk)
    );

    if (b < Ports) begin : g_wire
      assign told    = !rx_idle_o[b] || mac_valid_i[b];
      assign wr_hi_valid    = 1'b0;
      assign lo_be   = '1;
      assign hi_data = '0;
      assign hi_be   = '0;

      logic unused_free;  // the wire does not ask before it sends
      assign unused_free = ^{free_slots, free_cells};

      logic stat_pkt;
      logic [13:0] stat_bytes;
      assign stat_o[b*snic_pkg::PortStatW+:snic_pkg::PortStatW] = {stat_pkt, stat_bytes};
      wire_rx #(
          .Port(b)
      ) u_rx (
          .clk_i(clk),
          .rst_ni,
          .mac_valid_i    (mac_valid_i[b]),
          .mac_data_i     (mac_data_i[512*b+:512]),
          .mac_sop_i      (mac_sop_i[b]),
          .mac_eop_i      (mac_eop_i[b]),
          .mac_bytes_i    (mac_bytes_i[7*b+:7]),
          .mac_bad_i      (mac_bad_i[b]),
          .alloc_o        (alloc),
          .alloc_cells_o  (alloc_cells),
          .alloc_ok_i     (alloc_ok),
          .alloc_slot_i   (alloc_slot),
          .alloc_cell_i   (alloc_cell),
          .wr_valid_o     (wr_valid),
          .wr_slot_o      (wr_slot),
          .wr_cell_o      (wr_cell),
          .wr_data_o      (lo_data),
          .wr_abort_o     (wr_undo),
          .commit_o       (commit),
          .commit_slot_o  (commit_slot),
          .commit_cell_o  (commit_cell),
          .commit_len_o   (commit_len),
          .commit_src_o   (commit_src),
          .stat_pkt_o     (stat_pkt),
          .stat_bytes_o   (stat_bytes),
          .drop_fcs_o     (drop_fcs[b]),
          .drop_runt_o    (drop_runt[b]),
          .drop_oversize_o(drop_oversize[b]),
          .drop_buffer_o  (drop_buffer[b]),
          .idle_o         (rx_idle_o[b])
      );
    end else begin : g_host
      assign told        = 1'b0;
      assign {alloc, alloc_cells, wr_valid, wr_slot, wr_cell, wr_hi_valid, wr_undo, commit, commit_slot, commit_cell,
              commit_len, commit_src} = host_wr_i;
      assign lo_data     = host_lo_data_i;
      assign lo_be       = host_lo_be_i;
      assign hi_data     = host_hi_data_i;
      assign hi_be       = host_hi_be_i;
      assign host_free_o = {alloc_ok, alloc_slot, alloc_cell, free_slots, free_cells};
    end

    // What this buffer is asked for by each egress.
    logic [snic_pkg::NEgress-1:0] req, gnt, rel;
    logic [snic_pkg::NEgress*snic_pkg::CellW-1:0] cells;
    logic [snic_pkg::NEgress*snic_pkg::SlotW-1:0] rel_slots;
    for (genvar e = 0; e < snic_pkg::NEgress; e++) begin : g_rd
      logic [NBuf-1:0] all_req, all_rel;
      assign {all_req, cells[e*snic_pkg::CellW+:snic_pkg::CellW], all_rel, rel_slots[e*snic_pkg::SlotW+:snic_pkg::SlotW]} =
          rd_i[e*snic_pkg::BufRdW+:snic_pkg::BufRdW];
      assign req[e] = all_req[b];
      assign rel[e] = all_rel[b];
      assign gnt_o[e*NBuf+b] = gnt[e];
    end

    pkt_buf #(
        .Cells(ThisCells),
        .Slots(ThisSlots),
        .Id   (b)
    ) u_buf (
        .clk_i(clk),
        .rst_ni,
        .alloc_i      (alloc),
        .alloc_cells_i(alloc_cells),
        .alloc_ok_o   (alloc_ok),
        .alloc_slot_o (alloc_slot),
        .alloc_cell_o (alloc_cell),
        .free_slots_o (free_slots),
        .free_cells_o (free_cells),
        .wr_valid_i   (wr_valid),
        .wr_slot_i    (wr_slot),
        .wr_cell_i    (wr_cell),
        .wr_lo_data_i (lo_data),
        .wr_lo_be_i   (lo_be),
        .wr_hi_valid_i(wr_hi_valid),
        .wr_hi_data_i (hi_data),
        .wr_hi_be_i   (hi_be),
        .wr_abort_i   (wr_undo),
        .commit_i     (commit),
        .commit_slot_i(commit_slot),
        .commit_cell_i(commit_cell),
        .commit_len_i (commit_len),
        .commit_src_i (commit_src),
        .hdr_valid_o (hdr_valid),
        .hdr_ready_i (hdr_ready),
        .hdr_data_o  (hdr_data),
        .hdr_sop_o   (hdr_sop),
        .hdr_eop_o   (hdr_eop),
        .hdr_pkt_o   (hdr_pkt),
        .hdr_src_o   (hdr_src),
        .hdr_sum_o   (hdr_sum),
        .dec_i       (dec_i[b]),
        .dec_slot_i,
        .dec_mask_i,
        .rd_req_i    (req),
        .rd_cell_i   (cells),
        .rd_gnt_o    (gnt),
        .rd_data_o   (rd_data_o[512*b+:512]),
        .rel_i       (rel),
        .rel_slot_i  (rel_slots),
        .held_o      (held_o[b*snic_pkg::NEgress*snic_pkg::HeldW+:snic_pkg::NEgress*snic_pkg::HeldW]),
        .idle_o      (buf_idle_o[b]),
        .empty_o     (buf_empty_o[b]),
        .init_done_o (init_done[b])
    );
    assign room_o[b] = alloc_ok;
    assign wait_o[b] = hdr_valid && !hdr_ready;

    snic_clk_gate u_gate_parser (
        .clk_i,
        .en_i (ungate_i || !parser_idle_o[b] || hdr_valid),
        .clk_o(clk_parser)
    );
    hdr_parser u_parser (
        .clk_i(clk_parser),
        .rst_ni,
        .hdr_valid_i (hdr_valid),
        .hdr_ready_o (hdr_ready),
        .hdr_data_i  (hdr_data),
        .hdr_sop_i   (hdr_sop),
        .hdr_eop_i   (hdr_eop),
        .hdr_pkt_i   (hdr_pkt),
        .hdr_src_i   (hdr_src),
        .hdr_sum_i   (hdr_sum),
        .tun_ports_i,
        .meta_valid_o(meta_valid_o[b]),
        .meta_ready_i(meta_ready_i[b]),
        .meta_o      (meta),
        .util_busy_o (util_busy_o[b]),
        .util_held_o (util_held_o[b]),
        .idle_o      (parser_idle_o[b])
    );
`ifndef SYNTHESIS
    snic_stream_check #(
        .Width(snic_pkg::MetaW)
    ) u_check (
        .clk_i,
        .rst_ni,
        .valid_i(meta_valid_o[b]),
        .ready_i(meta_ready_i[b]),
        .data_i (meta)
    );
`endif
    assign meta_o[b*snic_pkg::MetaSlotW+:snic_pkg::MetaSlotW] = snic_pkg::MetaSlotW'(meta);
  end
endmodule
