// SPDX-License-Identifier: BSD-2-Clause
// Frames from the MAC into the packet buffer. They are written at its free end as they come, and take their
// slot and cells only when the last beat has shown that they are good: a bad frame costs nothing. A frame is
// counted under the first cause that holds: FCS, runt, oversize, buffer full (when it began, the buffer had
// no room for the longest frame).
module wire_rx #(
    parameter int Port = 0
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic                       mac_valid_i,
    input  logic [511:0]               mac_data_i,
    input  logic                       mac_sop_i,
    input  logic                       mac_eop_i,
    input  logic [6:0]                 mac_bytes_i,
    input  logic                       mac_bad_i,
    output logic                       alloc_o,
    output logic [7:0]                 alloc_cells_o,
    input  logic                       alloc_ok_i,
    input  logic [snic_pkg::SlotW-1:0] alloc_slot_i,
    input  logic [snic_pkg::CellW-1:0] alloc_cell_i,
    output logic                       wr_valid_o,
    output logic [snic_pkg::SlotW-1:0] wr_slot_o,
    output logic [snic_pkg::CellW-1:0] wr_cell_o,
    output logic [511:0]               wr_data_o,     // whole cell: all bytes enabled
    output logic                       wr_abort_o,
    output logic                       commit_o,
    output logic [snic_pkg::SlotW-1:0] commit_slot_o,
    output logic [snic_pkg::CellW-1:0] commit_cell_o,
    output logic [13:0]                commit_len_o,
    output logic [8:0]                 commit_src_o,
    output logic                       stat_pkt_o,
    output logic [13:0]                stat_bytes_o,  // stops counting near 16 KiB
    output logic                       drop_fcs_o,
    output logic                       drop_runt_o,
    output logic                       drop_oversize_o,
    output logic                       drop_buffer_o,
    output logic                       idle_o
);
  localparam int FrameMin = snic_contract_pkg::FRAME_MIN;
  localparam int FrameMax = snic_contract_pkg::FRAME_MAX;
  localparam int MaxBeats = (FrameMax + 63) / 64;
  localparam int BeatsEnd = 254;   // the beat count stays here

  logic valid_q, sop_q, eop_q, bad_q, room_q;
  logic [6:0] bytes_q;
  logic [511:0] data_q;
  logic [7:0] beat_q, beat;   // beats of the frame before this one
  logic room, fcs, runt, oversize, good;
  logic [13:0] len;

  // Bytes behind the frame's end are 0: the checksum takes whole cells.
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= 1'b0;
    else valid_q <= mac_valid_i;
    if (mac_valid_i) begin
      sop_q   <= mac_sop_i;
      eop_q   <= mac_eop_i;
      bad_q   <= mac_bad_i;
      bytes_q <= mac_eop_i ? mac_bytes_i : 7'd64;
      if (mac_eop_i && !mac_bytes_i[6]) data_q <= mac_data_i & ~({512{1'b1}} << {mac_bytes_i, 3'b0});
      else data_q <= mac_data_i;
    end
  end

  assign beat     = sop_q ? '0 : beat_q;
  assign len      = {beat, 6'b0} + {7'b0, bytes_q};
  assign room     = sop_q ? alloc_ok_i : room_q;
  assign fcs      = bad_q;
  assign runt     = len < 14'(FrameMin);
  assign oversize = len > 14'(FrameMax);
  assign good     = !fcs && !runt && !oversize && room;

  always_ff @(posedge clk_i) begin
    if (valid_q) begin
      room_q <= room;
      if (beat != 8'(BeatsEnd)) beat_q <= beat + 1'b1;
    end
  end

  assign wr_valid_o    = valid_q && (eop_q ? good : room && beat < 8'(MaxBeats));
  assign wr_slot_o     = alloc_slot_i;
  assign wr_cell_o     = alloc_cell_i + {4'b0, beat};
  assign wr_data_o     = data_q;
  assign wr_abort_o    = valid_q && eop_q && !good;
  assign alloc_o       = valid_q && eop_q && good;
  assign alloc_cells_o = beat + 1'b1;
  assign commit_o      = alloc_o;
  assign commit_slot_o = alloc_slot_i;
  assign commit_cell_o = alloc_cell_i;
  assign commit_len_o  = len;
  assign commit_src_o  = 9'(snic_contract_pkg::VPORT_WIRE0 + Port);

  assign stat_pkt_o      = valid_q && eop_q;
  assign stat_bytes_o    = len;
  assign drop_fcs_o      = stat_pkt_o && fcs;
  assign drop_runt_o     = stat_pkt_o && !fcs && runt;
  assign drop_oversize_o = stat_pkt_o && !fcs && oversize;
  assign drop_buffer_o   = stat_pkt_o && !fcs && !runt && !oversize && !room;
  assign idle_o          = !valid_q;

`ifndef SYNTHESIS
  logic inside_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) inside_q <= 1'b0;
    else if (mac_valid_i) inside_q <= !mac_eop_i;
    if (rst_ni && mac_valid_i && mac_sop_i == inside_q) $error("wire_rx: MAC frames overlap");
    if (rst_ni && mac_valid_i && mac_eop_i && (mac_bytes_i == '0 || mac_bytes_i > 7'd64))
      $error("wire_rx: bytes of the last beat");
  end
`endif
endmodule
