// SPDX-License-Identifier: BSD-2-Clause
// TLPs with data of four clients (0 RX, 1 TX write-back, 2 MSI-X, 3 registers) onto one channel: whole TLPs,
// round robin, a beat every cycle. What a client was given ready for is in order with everything after it,
// from any client. Writes and messages of a function without bus mastering are swallowed.
module up_arb (
    input  logic              clk_i,
    input  logic              rst_ni,
    input  logic [     255:0] bme_i,
    input  logic              c0_valid_i,
    output logic              c0_ready_o,
    input  logic              c0_sop_i,
    input  logic              c0_eop_i,
    input  snic_pkg::up_hdr_t c0_hdr_i,
    input  logic [     511:0] c0_data_i,
    input  logic              c1_valid_i,
    output logic              c1_ready_o,
    input  logic              c1_sop_i,
    input  logic              c1_eop_i,
    input  snic_pkg::up_hdr_t c1_hdr_i,
    input  logic [     511:0] c1_data_i,
    input  logic              c2_valid_i,
    output logic              c2_ready_o,
    input  logic              c2_sop_i,
    input  logic              c2_eop_i,
    input  snic_pkg::up_hdr_t c2_hdr_i,
    input  logic [     511:0] c2_data_i,
    input  logic              c3_valid_i,
    output logic              c3_ready_o,
    input  logic              c3_sop_i,
    input  logic              c3_eop_i,
    input  snic_pkg::up_hdr_t c3_hdr_i,
    input  logic [     511:0] c3_data_i,
    output logic              up_valid_o,
    input  logic              up_ready_i,
    output logic              up_sop_o,
    output logic              up_eop_o,
    output snic_pkg::up_hdr_t up_hdr_o,
    output logic [     511:0] up_data_o,
    output logic              refused_o,   // pulse: a TLP was swallowed
    output logic              idle_o
);
  localparam int HdrW = 2 + 8 + 64 + 13 + 8;  // up_hdr_t
  localparam int BeatW = 512 + HdrW + 2;

  logic [3:0] valid, eops, sops;
  logic [1:0] last_q, pick, sel, tlp_sel_q;
  logic in_tlp_q, skip_q;
  logic room, beat, skip;
  logic [BeatW-1:0] in_beat, out_beat;
  logic [HdrW-1:0] out_hdr;
  logic [1:0] kind;
  logic [7:0] func;

  assign valid = {c3_valid_i, c2_valid_i, c1_valid_i, c0_valid_i};
  assign sops  = {c3_sop_i, c2_sop_i, c1_sop_i, c0_sop_i};
  assign eops  = {c3_eop_i, c2_eop_i, c1_eop_i, c0_eop_i};

  // Round robin: the client after the last one served comes first.
  always_comb begin
    pick = last_q;
    for (int i = 3; i > 0; i--) if (valid[last_q + 2'(i)]) pick = last_q + 2'(i);
  end
  assign sel  = in_tlp_q ? tlp_sel_q : pick;
  assign beat = room && valid[sel];
  assign {c3_ready_o, c2_ready_o, c1_ready_o, c0_ready_o} = room ? 4'b0001 << sel : 4'b0000;

  always_comb begin
    case (sel)
      2'd0: in_beat = {c0_hdr_i, c0_sop_i, c0_eop_i, c0_data_i};
      2'd1: in_beat = {c1_hdr_i, c1_sop_i, c1_eop_i, c1_data_i};
      2'd2: in_beat = {c2_hdr_i, c2_sop_i, c2_eop_i, c2_data_i};
      default: in_beat = {c3_hdr_i, c3_sop_i, c3_eop_i, c3_data_i};
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
