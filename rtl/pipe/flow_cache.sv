// SPDX-License-Identifier: BSD-2-Clause
// Flow cache: what the masked search said about a key (a rule, or that there is none), filled by hardware.
// Two ways; the way that was not used last is replaced. Each tag carries the generation in which it was
// filled: kill_i starts a new generation and so empties the cache at once. When the generation number comes
// round, tags are swept before old ones could come back to life; meanwhile everything misses.
module flow_cache #(
    parameter int Depth    = 64,  // frames in flight
    parameter int SetsLog2 = snic_contract_pkg::CACHE_SETS_LOG2,
    parameter int GenW     = 16,
    parameter int IdxW     = $clog2(Depth)
) (
    input  logic                      clk_i,
    input  logic                      rst_ni,
    input  logic                      kill_i,    // with no frame inside
    // lookup, a frame a cycle; what does not look passes as a miss, in order
    input  logic                      valid_i,
    input  logic                      look_i,
    input  logic [IdxW-1:0]           idx_i,
    input  logic [31:0]               hash_i,    // set in the upper half, tag in the lower
    input  logic                      hit_i,     // goes along: hit and entry of the exact match
    input  logic [15:0]               entry_i,
    output logic                      key_ren_o, // key of the frame, one cycle later on key_i
    output logic [IdxW-1:0]           key_idx_o,
    input  logic [snic_pkg::KeyW-1:0] key_i,
    output logic                      valid_o,
    output logic                      look_o,
    output logic [IdxW-1:0]           idx_o,
    output logic                      hit_o,     // as hit_i
    output logic [15:0]               entry_o,
    output logic                      found_o,   // looked and found
    output logic [12:0]               value_o,   // {there is a rule, rule id}
    output logic [SetsLog2+15:0]      place_o,   // {set, way, tag}: where to put what the search says
    // fill, with the frame still in flight
    input  logic                      fill_valid_i,
    input  logic [IdxW-1:0]           fill_idx_i,
    input  logic [SetsLog2+15:0]      fill_place_i,
    input  logic [12:0]               fill_value_i,
    output logic                      fill_ren_o, // key of the frame, one cycle later on fill_key_i
    output logic [IdxW-1:0]           fill_idx_o,
    input  logic [snic_pkg::KeyW-1:0] fill_key_i,
    output logic                      idle_o,     // no sweep under way
    output logic                      init_done_o // first sweep is done
);
  localparam int TagW = 15;
  localparam int MetaW = GenW + TagW;  // generation 0 is never current
  localparam int WordW = 13 + snic_pkg::KeyW;

  logic [GenW-1:0] gen_q;
  logic [SetsLog2:0] sweep_q;
  logic ready;
  assign ready  = sweep_q[SetsLog2];
  assign idle_o = ready;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      gen_q       <= GenW'(1);
      sweep_q     <= '0;
      init_done_o <= 1'b0;
    end else if (kill_i && &gen_q) begin
      gen_q   <= GenW'(1);
      sweep_q <= '0;
    end else begin
      if (kill_i) gen_q <= gen_q + 1'b1;
      if (!ready) sweep_q <= sweep_q + 1'b1;
      if (ready) init_done_o <= 1'b1;
    end
  end

  // Lookup: tags (s0 -> s1), choice of the way (s1 -> s2), key (s2 -> s3), comparison (s3 -> out).
  typedef struct packed {
    logic                look;
    logic [IdxW-1:0]     idx;
    logic                hit;
    logic [15:0]         entry;
    logic [SetsLog2-1:0] row;
    logic [TagW-1:0]     tag;
  } frame_t;
  frame_t s0, s1_q, s2_q, s3_q;
  logic s1_valid_q, s2_valid_q, s3_valid_q, s2_way_q, s2_tagged_q, s3_way_q, s3_tagged_q;
  logic [MetaW-1:0] meta0, meta1;
  logic mru, hit0, hit1, live0, live1;
  logic [WordW-1:0] word;

  assign s0.look  = look_i;
  assign s0.idx   = idx_i;
  assign s0.hit   = hit_i;
  assign s0.entry = entry_i;
  assign s0.row   = hash_i[16+:SetsLog2];
  assign s0.tag   = hash_i[TagW-1:0];

  assign live0 = meta0[TagW+:GenW] == gen_q;
  assign live1 = meta1[TagW+:GenW] == gen_q;
  assign hit0  = live0 && meta0[TagW-1:0] == s1_q.tag;
  assign hit1  = live1 && meta1[TagW-1:0] == s1_q.tag;

  // Fill: the key is read first.
  logic f_valid_q, f_way, f_wen;
  logic [SetsLog2+15:0] f_place_q;
  logic [12:0] f_value_q;
  logic [SetsLog2-1:0] f_set;

  assign fill_ren_o = fill_valid_i;
  assign fill_idx_o = fill_idx_i;
  assign f_wen = f_valid_q && ready;
  assign f_way = f_place_q[TagW];
  assign f_set = f_place_q[TagW+1+:SetsLog2];

  snic_ram #(.Width(MetaW), .Depth(1 << SetsLog2)) u_meta0 (
      .clk_i, .wen_i(!ready || (f_wen && !f_way)), .waddr_i(ready ? f_set : sweep_q[SetsLog2-1:0]),
      .wdata_i(ready ? {gen_q, f_place_q[TagW-1:0]} : '0), .ren_i(valid_i && look_i), .raddr_i(s0.row),
      .rdata_o(meta0)
  );
  snic_ram #(.Width(MetaW), .Depth(1 << SetsLog2)) u_meta1 (
      .clk_i, .wen_i(!ready || (f_wen && f_way)), .waddr_i(ready ? f_set : sweep_q[SetsLog2-1:0]),
      .wdata_i(ready ? {gen_q, f_place_q[TagW-1:0]} : '0), .ren_i(valid_i && look_i), .raddr_i(s0.row),
      .rdata_o(meta1)
  );
  // Way that was used last. A fill goes before a hit that would write it in the same cycle: it is only a
  // hint.
  logic used;
  assign used = s3_valid_q && s3_q.look && s3_tagged_q;
  snic_ram #(.Width(1), .Depth(1 << SetsLog2)) u_mru (
      .clk_i, .wen_i(!ready || f_wen || used),
      .waddr_i(!ready ? sweep_q[SetsLog2-1:0] : f_wen ? f_set : s3_q.row),
      .wdata_i(ready && (f_wen ? f_way : s3_way_q)), .ren_i(valid_i && look_i), .raddr_i(s0.row),
      .rdata_o(mru)
  );

  // The value lies beside the key and not beside the tag: a tag read just before it is replaced must not lend
  // its value to the key that replaces it.
  assign key_ren_o = s2_valid_q && s2_q.look && s2_tagged_q;
  assign key_idx_o = s2_q.idx;
  snic_ram #(.Width(WordW), .Depth(2 << SetsLog2)) u_keys (
      .clk_i, .wen_i(f_wen), .waddr_i({f_set, f_way}), .wdata_i({f_value_q, fill_key_i}), .ren_i(key_ren_o),
      .raddr_i({s2_q.row, s2_way_q}), .rdata_o(word)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s1_valid_q <= 1'b0;
      s2_valid_q <= 1'b0;
      s3_valid_q <= 1'b0;
      valid_o    <= 1'b0;
      f_valid_q  <= 1'b0;
    end else begin
      s1_valid_q <= valid_i;
      s2_valid_q <= s1_valid_q;
      s3_valid_q <= s2_valid_q;
      valid_o    <= s3_valid_q;
      f_valid_q  <= fill_valid_i;
    end
    if (valid_i) s1_q <= s0;
    if (s1_valid_q) begin
      s2_q        <= s1_q;
      s2_tagged_q <= ready && (hit0 || hit1);
      // where it is, else where there is room, else the one not used last
      s2_way_q    <= hit0 ? 1'b0 : hit1 ? 1'b1 : !live0 ? 1'b0 : !live1 ? 1'b1 : !mru;
    end
    if (s2_valid_q) begin
      s3_q        <= s2_q;
      s3_tagged_q <= s2_tagged_q;
      s3_way_q    <= s2_way_q;
    end
    if (s3_valid_q) begin
      look_o  <= s3_q.look;
      idx_o   <= s3_q.idx;
      hit_o   <= s3_q.hit;
      entry_o <= s3_q.entry;
      found_o <= s3_q.look && s3_tagged_q && word[snic_pkg::KeyW-1:0] == key_i;
      value_o <= word[WordW-1:snic_pkg::KeyW];
      place_o <= {s3_q.row, s3_way_q, s3_q.tag};
    end
    if (fill_valid_i) begin
      f_place_q <= fill_place_i;
      f_value_q <= fill_value_i;
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && kill_i && (valid_i || s1_valid_q || s2_valid_q || s3_valid_q || f_valid_q))
      $error("flow_cache: new generation with a frame inside");
  end
`endif
endmodule
