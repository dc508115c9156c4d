// SPDX-License-Identifier: BSD-2-Clause
// TLPs with data of four clients (RX, TX write-back, MSI-X, registers, in this order) onto one channel: whole TLPs,
// round robin, a beat every cycle. What a client was given ready for is in order with everything after it,
// from any client. Writes and messages of a function without bus mastering are swallowed.
module up_arb (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic [     255:0] bme_i,
    input  logic              rx_valid_i,
    output logic              rx_ready_o,
    input  logic              rx_sop_i,
    input  logic              rx_eop_i,
    input  snic_pkg::up_hdr_t rx_hdr_i,
    input  logic [     511:0] rx_data_i,
    input  logic              wb_valid_i,
    output logic              wb_ready_o,
    input  logic              wb_sop_i,
    input  logic              wb_eop_i,
    input  snic_pkg::up_hdr_t wb_hdr_i,
    input  logic [     511:0] wb_data_i,
    input  logic              msi_valid_i,
    output logic              msi_ready_o,
    input  logic              msi_sop_i,
    input  logic              msi_eop_i,
    input  snic_pkg::up_hdr_t msi_hdr_i,
    input  logic [     511:0] msi_data_i,
    input  logic              regs_valid_i,
    output logic              regs_ready_o,
    input  logic              regs_sop_i,
    input  logic              regs_eop_i,
    input  snic_pkg::up_hdr_t regs_hdr_i,
    input  logic [     511:0] regs_data_i,
    output logic              up_valid_o,
    input  logic              up_ready_i,
    output logic              up_sop_o,
    output logic              up_eop_o,
    output snic_pkg::up_hdr_t up_hdr_o,
    output logic [     511:0] up_data_o,
    output logic              refused_o,   // pulse: a TLP was swallowed
    output logic              idle_o
);
  localparam int HdrW = snic_pkg::UpHdrW;
  localparam int BeatW = 512 + HdrW + 2;

  logic [3:0] valid, eops, sops;
  logic [1:0] last_q, pick, sel, tlp_sel_q;
  logic in_tlp_q, skip_q;
  logic room, beat, skip;
  logic [BeatW-1:0] in_beat, out_beat;
  logic [HdrW-1:0] out_hdr;
  logic [1:0] kind;
  logic [7:0] func;

  assign valid = {regs_valid_i, msi_valid_i, wb_valid_i, rx_valid_i};
  assign sops  = {regs_sop_i, msi_sop_i, wb_sop_i, rx_sop_i};
  assign eops  = {regs_eop_i, msi_eop_i, wb_eop_i, rx_eop_i};

  // Round robin: the client after the last one served comes first.
  always_comb begin
    pick = last_q;
    for (int i = 3; i > 0; i--) if (valid[last_q + 2'(i)]) pick = last_q + 2'(i);
  end
  assign sel  = in_tlp_q ? tlp_sel_q : pick;
  assign beat = room && valid[sel];
  assign {regs_ready_o, msi_ready_o, wb_ready_o, rx_ready_o} = room ? 4'b0001 << sel : 4'b0000;

  always_comb begin
    case (sel)
      2'd0: in_beat = {rx_hdr_i, rx_sop_i, rx_eop_i, rx_data_i};
      2'd1: in_beat = {wb_hdr_i, wb_sop_i, wb_eop_i, wb_data_i};
      2'd2: in_beat = {msi_hdr_i, msi_sop_i, msi_eop_i, msi_data_i};
      default: in_beat = {regs_hdr_i, regs_sop_i, regs_eop_i, regs_data_i};
    endcase
  end
  assign {kind, func} = in_beat[BeatW-1-:10];  // first fields of up_hdr_t
  assign skip = in_tlp_q ? skip_q : kind != 2'(snic_pkg::UpCplD) && !bme_i[func];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      last_q    <= 2'd3;
      in_tlp_q  <= 1'b0;
      refused_o <= 1'b0;
    end else begin
      if (beat) begin
        in_tlp_q <= !eops[sel];
        last_q   <= sel;
      end
      refused_o <= beat && !in_tlp_q && skip;
    end
    if (beat) begin
      tlp_sel_q <= sel;
      skip_q    <= skip;
    end
  end

  snic_skid #(
      .Width(BeatW)
  ) u_out (
      .clk_i,
      .rst_ni,
      .valid_i(beat && !skip),
      .ready_o(room),
      .data_i (in_beat),
      .valid_o(up_valid_o),
      .ready_i(up_ready_i),
      .data_o (out_beat)
  );
  assign {out_hdr, up_sop_o, up_eop_o, up_data_o} = out_beat;
  assign up_hdr_o = out_hdr;
  assign idle_o   = valid == 4'b0000 && !up_valid_o && !in_tlp_q && !refused_o;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && beat && sops[sel] == in_tlp_q)
      $error("up_arb: client %0d: first beat without sop, or sop inside", sel);
  end
`endif
endmodule
