// SPDX-License-Identifier: BSD-2-Clause
// Header parser: frames go to the engines in turn and their results are collected in the same turn, so order
// needs no bookkeeping. A frame keeps its engine for (header beats + steps + 3) cycles, less when the last steps
// ask for no checksum: with 6 engines a one-beat frame of 3 steps (Ethernet, IP, L4) takes 7/6 cycles, a two-beat
// frame of 7 steps (VXLAN) 2 cycles. Engines is 1..8.
module hdr_parser #(
    parameter int Engines = 6
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic               hdr_valid_i,
    output logic               hdr_ready_o,
    input  logic [511:0]       hdr_data_i,
    input  logic               hdr_sop_i,
    input  logic               hdr_eop_i,
    input  snic_pkg::pkt_ref_t hdr_pkt_i,
    input  logic [8:0]         hdr_src_i,
    input  logic [15:0]        hdr_sum_i,
    input  snic_pkg::tun_ports_t tun_ports_i,
    output logic               meta_valid_o,
    input  logic               meta_ready_i,
    output snic_pkg::meta_t    meta_o,
    output logic               util_busy_o,   // utilisation: one for as many cycles of an engine as there are engines
    output logic               util_held_o,   // ... held up by who takes the results
    output logic               idle_o
);
  localparam int MaxEngines = 8;  // the mux below names them one by one

  logic [2:0] in_q, out_q;
  logic [MaxEngines-1:0] ready, valid, work, held, idle;
  logic take;

  assign hdr_ready_o = ready[in_q];
  assign take = valid[out_q] && (!meta_valid_o || meta_ready_i);
  assign idle_o = &idle && !meta_valid_o;

  for (genvar e = 0; e < MaxEngines; e++) begin : g_engine
    snic_pkg::meta_t meta;
    if (e < Engines) begin : g_on
      hdr_engine u_engine (
          .clk_i,
          .rst_ni,
          .ld_valid_i(hdr_valid_i && in_q == 3'(e)),
          .ld_ready_o(ready[e]),
          .ld_sop_i  (hdr_sop_i),
          .ld_eop_i  (hdr_eop_i),
          .ld_data_i (hdr_data_i),
          .ld_pkt_i  (hdr_pkt_i),
          .ld_src_i  (hdr_src_i),
          .ld_sum_i  (hdr_sum_i),
          .tun_ports_i,
          .valid_o   (valid[e]),
          .take_i    (take && out_q == 3'(e)),
          .meta_o    (meta),
          .work_o    (work[e]),
          .held_o    (held[e]),
          .idle_o    (idle[e])
      );
    end else begin : g_off
      assign meta = '0;
      assign ready[e] = 1'b0;
      assign valid[e] = 1'b0;
      assign work[e] = 1'b0;
      assign held[e] = 1'b0;
      assign idle[e] = 1'b1;
    end
  end

  // An engine that waits for its turn only is at work: the parser itself wants it so.
  logic stall;
  logic [3:0] n_held, n_busy, sum_busy, sum_held, rest_busy_q, rest_held_q;
  assign stall = meta_valid_o && !meta_ready_i;
  always_comb begin
    n_held = 4'd0;
    n_busy = 4'd0;
    for (int e = 0; e < Engines; e++) begin
      n_held += 4'(held[e] && stall);
      n_busy += 4'(work[e] || (held[e] && !stall));
    end
  end
  assign sum_busy    = rest_busy_q + n_busy;
  assign sum_held    = rest_held_q + n_held;
  assign util_busy_o = sum_busy >= 4'(Engines);
  assign util_held_o = sum_held >= 4'(Engines);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      rest_busy_q <= 4'd0;
      rest_held_q <= 4'd0;
    end else begin
      rest_busy_q <= util_busy_o ? sum_busy - 4'(Engines) : sum_busy;
      rest_held_q <= util_held_o ? sum_held - 4'(Engines) : sum_held;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      in_q <= 3'd0;
      out_q <= 3'd0;
      meta_valid_o <= 1'b0;
    end else begin
      if (hdr_valid_i && hdr_ready_o && hdr_eop_i) in_q <= in_q == 3'(Engines - 1) ? 3'd0 : in_q + 3'd1;
      if (take) begin
        out_q <= out_q == 3'(Engines - 1) ? 3'd0 : out_q + 3'd1;
        meta_valid_o <= 1'b1;
      end else if (meta_ready_i) begin
        meta_valid_o <= 1'b0;
      end
    end
    if (take) begin
      case (out_q)
        3'd0: meta_o <= g_engine[0].meta;
        3'd1: meta_o <= g_engine[1].meta;
        3'd2: meta_o <= g_engine[2].meta;
        3'd3: meta_o <= g_engine[3].meta;
        3'd4: meta_o <= g_engine[4].meta;
        3'd5: meta_o <= g_engine[5].meta;
        3'd6: meta_o <= g_engine[6].meta;
        default: meta_o <= g_engine[7].meta;
      endcase
    end
  end
endmodule
