// SPDX-License-Identifier: BSD-2-Clause
// Which flooded frames go to functions. Answers in the cycle of the decision, and never makes a frame wait:
//   * The source must be within its allowance: the virtual scheduling algorithm of ITU-T I.371 (GCRA), in which a
//     frame costs STORM_COST cycles for each copy, and the source may be STORM_LIMIT cycles ahead.
//   * The flood store must have a place for the frame. Each wire port has a part of the store. A function has
//     a place for one small frame (ARP, neighbour solicitation) that nobody else can take; beyond that
//     functions share a part, whose second half is closed to a source that is more than a quarter of
//     its limit ahead.
// A frame is charged some cycles after its decision: so many frames of a source may pass on top of its limit, but
// they are charged.
module storm_ctl (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic [47:0]          now_i,
    input  snic_pkg::storm_cfg_t cfg_i,
    // the frame two stages before the decision, and one
    input  logic                 look_i,
    input  logic [8:0]           look_src_i,
    input  logic                 judge_i,
    input  logic [8:0]           judge_src_i,
    // the flooded frame that is decided
    input  logic [8:0]           src_i,
    input  logic [7:0]           cells_i,
    input  logic [8:0]           copies_i,
    output logic                 ok_o,
    input  logic                 take_i,      // it goes: only with ok_o
    output logic [9:0]           cell_o,      // its place in the store
    output logic [9:0]           slot_o,
    output logic [1:0]           pool_o,
    input  logic                 decided_i,   // any frame was decided
    // the store lets one go
    input  logic                 free_i,
    input  logic [1:0]           free_pool_i,
    input  logic [7:0]           free_cells_i,
    input  logic [7:0]           free_func_i,
    output logic                 idle_o,
    output logic                 init_done_o
);
  localparam int NFunc = snic_contract_pkg::N_FUNC;
  localparam int SrcW = 9;

  // --- who has used up its allowance until when ---
  // Two copies: one for the question, one that is counted in. Times are modulo 2^48: what is further ahead than
  // anybody can be is long past.
  logic [SrcW:0] sweep_q;
  logic sweep, wen;
  logic [SrcW-1:0] waddr;
  logic [47:0] used_up, seen;
  assign sweep       = !sweep_q[SrcW];
  assign init_done_o = !sweep;

  snic_ram #(
      .Width(48),
      .Depth(1 << SrcW)
  ) u_seen (
      .clk_i,
      .wen_i  (wen),
      .waddr_i(waddr),
      .wdata_i(used_up),
      .ren_i  (look_i),
      .raddr_i(look_src_i),
      .rdata_o(seen)
  );

  // --- verdict on the allowance ---
  localparam int SlackW = 25;  // the dearest frame: 256 copies of 65535 cycles
  logic [15:0] judge_cost;
  logic [31:0] judge_limit;
  logic over_q, near_q;
  assign judge_cost  = judge_src_i[8] ? (judge_src_i[0] ? cfg_i.cost[63:48] : cfg_i.cost[47:32])
                       : judge_src_i[7:0] == '0 ? cfg_i.cost[31:16] : cfg_i.cost[15:0];
  assign judge_limit = judge_src_i[8] ? (judge_src_i[0] ? cfg_i.limit[127:96] : cfg_i.limit[95:64])
                       : judge_src_i[7:0] == '0 ? cfg_i.limit[63:32] : cfg_i.limit[31:0];
  always_ff @(posedge clk_i) begin : p_judge
    logic [47:0] over_by, near_by;
    if (judge_i) begin
      over_by = seen - now_i - 48'(judge_limit) - 48'd1;
      near_by = seen - now_i - 48'(judge_limit[31:2]) - 48'd1;
      over_q <= judge_cost != '0 && over_by < 48'(1 << SlackW);
      near_q <= judge_cost != '0 && near_by <= 48'(judge_limit) + 48'(1 << SlackW);
    end
  end

  // --- places in the store: 1024 cells ---
  localparam int Small = 2;      // cells of a function's own place
  localparam int Shared = 192;   // all functions; with the wire ports' at least a longest frame each
  localparam int Wire = 160;     // each wire port
  localparam logic [1:0] PoolOwn = 2'd0;
  localparam logic [1:0] PoolShared = 2'd1;
  logic [NFunc-1:0] own_q;       // the function's own place is taken
  logic [7:0] shared_q, wire0_q, wire1_q;
  logic own, shared_ok, wire_ok;
  logic [7:0] wire_used;

  assign own       = cells_i <= 8'(Small) && !own_q[src_i[7:0]];
  assign shared_ok = {1'b0, shared_q} + {1'b0, cells_i} <= 9'(Shared) && !(near_q && shared_q >= 8'(Shared / 2));
  assign wire_used = src_i[0] ? wire1_q : wire0_q;
  assign wire_ok   = {1'b0, wire_used} + {1'b0, cells_i} <= 9'(Wire);
  assign ok_o      = !over_q && (src_i[8] ? wire_ok : own || shared_ok);
  assign pool_o    = src_i[8] ? {1'b1, src_i[0]} : own ? PoolOwn : PoolShared;

  logic [7:0] got, gone;
  assign got  = take_i ? cells_i : '0;
  assign gone = free_i ? free_cells_i : '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      own_q    <= '0;
      shared_q <= '0;
      wire0_q  <= '0;
      wire1_q  <= '0;
      cell_o   <= '0;
      slot_o   <= '0;
    end else if (take_i || free_i) begin
      if (take_i) begin
        cell_o <= cell_o + 10'(cells_i);
        slot_o <= slot_o + 10'd1;
        if (pool_o == PoolOwn) own_q[src_i[7:0]] <= 1'b1;
      end
      if (free_i && free_pool_i == PoolOwn) own_q[free_func_i] <= 1'b0;
      shared_q <= shared_q + (pool_o == PoolShared ? got : '0) - (free_pool_i == PoolShared ? gone : '0);
      wire0_q  <= wire0_q + (pool_o == 2'd2 ? got : '0) - (free_pool_i == 2'd2 ? gone : '0);
      wire1_q  <= wire1_q + (pool_o == 2'd3 ? got : '0) - (free_pool_i == 2'd3 ? gone : '0);
    end
  end

  // --- charge: cost, then read, add and write ---
  // Frames that are decided also take a walk along all sources, one in 2^38 cycles, and bring the past up to
  // the present before it comes round as the future.
  logic v1_q, v2_q, fwd_q, walk, ahead;
  logic [SrcW-1:0] walk_q, src1_q, src2_q;
  logic [8:0] copies1_q;
  logic [15:0] cost1;
  logic [31:0] limit1, limit2_q;
  logic [24:0] cost2_q;
  logic [47:0] old, base, last_q;

  assign walk   = decided_i && !take_i && walk_q != now_i[46-:SrcW];
  assign cost1  = src1_q[8] ? (src1_q[0] ? cfg_i.cost[63:48] : cfg_i.cost[47:32])
                  : src1_q[7:0] == '0 ? cfg_i.cost[31:16] : cfg_i.cost[15:0];
  assign limit1 = src1_q[8] ? (src1_q[0] ? cfg_i.limit[127:96] : cfg_i.limit[95:64])
                  : src1_q[7:0] == '0 ? cfg_i.limit[63:32] : cfg_i.limit[31:0];
  assign base   = fwd_q ? last_q : old;
  assign ahead  = base - now_i <= 48'(limit2_q) + 48'(1 << SlackW);
  assign used_up  = sweep ? now_i : (ahead ? base : now_i) + 48'(cost2_q);
  assign wen    = sweep || v2_q;
  assign waddr  = sweep ? sweep_q[SrcW-1:0] : src2_q;
  assign idle_o = !sweep && !v1_q && !v2_q;

  snic_ram #(
      .Width(48),
      .Depth(1 << SrcW)
  ) u_until (
      .clk_i,
      .wen_i  (wen),
      .waddr_i(waddr),
      .wdata_i(used_up),
      .ren_i  (v1_q),
      .raddr_i(src1_q),
      .rdata_o(old)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sweep_q <= '0;
      walk_q  <= '0;
      v1_q    <= 1'b0;
      v2_q    <= 1'b0;
    end else begin
      if (sweep) sweep_q <= sweep_q + 1'b1;
      if (walk) walk_q <= walk_q + 1'b1;
      v1_q <= take_i || walk;
      v2_q <= v1_q;
    end
    if (take_i || walk) begin
      src1_q    <= take_i ? src_i : walk_q;
      copies1_q <= take_i ? copies_i : '0;
    end
    if (v1_q) begin
      src2_q   <= src1_q;
      cost2_q  <= 25'(copies1_q) * 25'(cost1);
      limit2_q <= limit1;
      fwd_q    <= v2_q && src1_q == src2_q;  // the RAM gives the word before the write that is done in this cycle
    end
    if (v2_q) last_q <= used_up;
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && take_i && !ok_o) $error("storm_ctl: a frame goes that has no place");
    if (rst_ni && free_i && free_pool_i == PoolOwn && !own_q[free_func_i]) $error("storm_ctl: place freed twice");
    if (rst_ni && (shared_q > 8'(Shared) || wire0_q > 8'(Wire) || wire1_q > 8'(Wire)))
      $error("storm_ctl: more than there is");
  end
`endif
endmodule
