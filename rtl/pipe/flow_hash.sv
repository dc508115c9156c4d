// SPDX-License-Identifier: BSD-2-Clause
// Hash of flow keys, three dwords a round, a key a cycle. The keys of the frames in flight lie in a RAM here,
// cut into the slices of the rounds: each round reads its own slice when the frame gets there, so no key
// moves through registers. With Masked set each slice is ANDed with that of a mask on the way (for the masked
// search), and the mask's number is part of the seed: a masked key that is the same under many masks would
// crowd one set.
module flow_hash #(
    parameter int Depth  = 64,
    parameter bit Masked = 1'b0,
    parameter int IdxW   = $clog2(Depth)
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    // keys of frames in flight, and the masks
    input  logic                      wen_i,
    input  logic [IdxW-1:0]           waddr_i,
    input  logic [snic_pkg::KeyW-1:0] wkey_i,
    input  logic                      mask_wen_i,    // not without Masked
    input  logic [3:0]                mask_waddr_i,
    input  logic [snic_pkg::KeyW-1:0] mask_wdata_i,
    // the key of idx_i was written in an earlier cycle
    input  logic                      valid_i,
    input  logic [IdxW-1:0]           idx_i,
    input  logic [3:0]                mask_i,
    input  logic                      last_i,    // goes along
    output logic                      valid_o,
    output logic [IdxW-1:0]           idx_o,
    output logic [3:0]                mask_o,
    output logic                      last_o,
    output logic [31:0]               b_o,
    output logic [31:0]               c_o
);
  localparam int Rounds = snic_contract_pkg::KEY_DWORDS / 3;
  localparam logic [31:0] Init = 32'hdeadbeef + 32'(4 * snic_contract_pkg::KEY_DWORDS)
                                 + 32'(snic_contract_pkg::JHASH_SEED_FLOW);

  for (genvar r = 0; r < Rounds; r++) begin : g_round
    logic            v, v_q, last, last_q;
    logic [IdxW-1:0] idx, idx_q;
    logic [3:0]      mask, mask_q;
    logic [95:0]     key_q, k, abc_in;
    logic [95:0]     abc;  // a of the last round is no result

    // v: the slice is read; v_q: the round is computed.
    if (r == 0) begin : g_in
      assign v      = valid_i;
      assign idx    = idx_i;
      assign mask   = mask_i;
      assign last   = last_i;
      assign abc_in = {3{Masked ? Init + 32'(mask_q) : Init}};
    end else begin : g_in
      assign v      = g_round[r-1].v_q;
      assign idx    = g_round[r-1].idx_q;
      assign mask   = g_round[r-1].mask_q;
      assign last   = g_round[r-1].last_q;
      assign abc_in = g_round[r-1].abc;
    end

    snic_ram #(
        .Width(96),
        .Depth(Depth)
    ) u_slice (
        .clk_i,
        .wen_i,
        .waddr_i,
        .wdata_i(wkey_i[96*r+:96]),
        .ren_i  (v),
        .raddr_i(idx),
        .rdata_o(key_q)
    );
    always_ff @(posedge clk_i) begin
      if (!rst_ni) v_q <= 1'b0;
      else v_q <= v;
      if (v) begin
        idx_q  <= idx;
        mask_q <= mask;
        last_q <= last;
      end
    end

    if (Masked) begin : g_mask
      logic [95:0] slice_q;
      snic_ram #(
          .Width(96),
          .Depth(snic_contract_pkg::RULE_MASKS)
      ) u_mask (
          .clk_i,
          .wen_i  (mask_wen_i),
          .waddr_i(mask_waddr_i),
          .wdata_i(mask_wdata_i[96*r+:96]),
          .ren_i  (v),
          .raddr_i(mask),
          .rdata_o(slice_q)
      );
      assign k = key_q & slice_q;
    end else begin : g_mask
      assign k = key_q;
    end

    jhash_round #(
        .Final(r == Rounds - 1)
    ) u_round (
        .clk_i,
        .valid_i(v_q),
        .abc_i  (abc_in),
        .k_i    (k),
        .abc_o  (abc)
    );
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_o <= 1'b0;
    else valid_o <= g_round[Rounds-1].v_q;
    if (g_round[Rounds-1].v_q) begin
      idx_o  <= g_round[Rounds-1].idx_q;
      mask_o <= g_round[Rounds-1].mask_q;
      last_o <= g_round[Rounds-1].last_q;
    end
  end
  assign b_o = g_round[Rounds-1].abc[63:32];
  assign c_o = g_round[Rounds-1].abc[95:64];
endmodule
