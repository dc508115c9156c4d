// SPDX-License-Identifier: BSD-2-Clause
// Descriptor lines on their way and those that have come: a slot each, which is also the tag of its read, so they come
// in any order. rx_steer takes a slot for a line that it asks for, rx_line lets go of it when it has the line. A line that
// nobody waits for any more stays owed to its function until it comes: a queue has not drained before.
// What is late is told by the others: the newest line of those that have come was asked for so much later.
module rx_fetch #(
    parameter int Depth = snic_pkg::NTagRxDesc,  // a power of two
    parameter int Keep  = 8,                     // slots for what is in rx_steer's steps
    parameter int Late  = 512,                   // cycles by which a line in time may be overtaken
    parameter int SlotW = $clog2(Depth)
) (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic [23:0]        now_i,
    // a slot for a new line
    output logic               room_o,        // there are some
    output logic               room_alone_o,  // ... for one that no copy waits for
    output logic [SlotW-1:0]   slot_o,        // the next one
    input  logic               take_i,
    input  logic               take_alone_i,  // no copy waits for it: told when it comes
    input  logic [10:0]        take_qid_i,
    // its read
    input  logic               req_valid_i,
    output logic               req_ready_o,
    input  logic [7:0]         req_func_i,
    input  logic [63:0]        req_addr_i,
    input  logic [6:0]         req_len_i,     // 16, 32, 48 or 64
    input  logic [SlotW-1:0]   req_slot_i,
    output logic               rd_valid_o,
    input  logic               rd_ready_i,
    output snic_pkg::rd_req_t  rd_o,
    // One beat is one TLP; there is room for whatever was asked for.
    input  logic               cpl_valid_i,
    input  snic_pkg::cpl_hdr_t cpl_hdr_i,
    input  logic [511:0]       cpl_data_i,
    // to rx_line
    output logic [Depth-1:0]   come_o,
    output logic [23:0]        newest_o,      // when the newest line that has come was asked for
    input  logic               look_i,
    input  logic [SlotW-1:0]   look_slot_i,
    output logic               err_o,         // one cycle later: the read ended with an error status, no data
    output logic [511:0]       data_o,        // byte 0 is the byte at the address asked for
    input  logic               let_i,         // done with it
    input  logic               let_keep_i,    // ... but rx_steer is not: told when it comes
    input  logic [SlotW-1:0]   let_slot_i,
    input  logic [7:0]         let_func_i,
    output logic [255:0]       owed_o,        // functions with lines on their way that nobody waits for
    output logic               paid_o,        // one of them has come
    // lines that came alone; a function's line that came, and whether in time
    output logic               load_valid_o,
    input  logic               load_ready_i,
    output logic [10:0]        load_qid_o,
    output logic [SlotW-1:0]   load_slot_o,
    output logic               in_valid_o,
    output logic [7:0]         in_func_o,
    output logic               in_time_o,
    output logic               idle_o,        // reads may be under way
    output logic               empty_o,
    output logic               init_done_o
);
  localparam int RdW = snic_pkg::RdReqW;
  localparam int InfoW = 11 + 24;

  logic [SlotW:0] sweep_q;
  logic sweep;
  assign sweep       = !sweep_q[SlotW];
  assign init_done_o = !sweep;

  // --- free slots ---
  logic free_push, free_valid, free_still, orphan_valid, orphan_ready, orphan_still, let_free;
  logic [SlotW-1:0] free_slot, orphan_slot;
  logic [SlotW:0] n_free_q, n_out_q;

  assign free_push    = sweep || let_free || orphan_valid;
  assign orphan_ready = !sweep && !let_free;
  assign free_slot    = sweep ? sweep_q[SlotW-1:0] : let_free ? let_slot_i : orphan_slot;
  // Half of the tags are for lines that copies wait for.
  assign room_alone_o = n_out_q < (SlotW + 1)'(Depth / 2);
  assign room_o       = n_free_q > (SlotW + 1)'(Keep);

  snic_ram_fifo #(
      .Width(SlotW),
      .Depth(Depth)
  ) u_free (
      .clk_i,
      .rst_ni,
      .valid_i(free_push),
      .ready_o(),
      .data_i (free_slot),
      .valid_o(free_valid),
      .ready_i(take_i),
      .data_o (slot_o),
      .empty_o(),
      .still_o(free_still)
  );

  // --- reads ---
  logic [RdW-1:0] rd_bits;
  snic_skid #(
      .Width(RdW)
  ) u_req_skid (
      .clk_i,
      .rst_ni,
      .valid_i(req_valid_i),
      .ready_o(req_ready_o),
      .data_i ({req_func_i, req_addr_i, 13'(req_len_i),
                snic_pkg::TagW'(snic_pkg::TagRxDesc) + snic_pkg::TagW'(req_slot_i)}),
      .valid_o(rd_valid_o),
      .ready_i(rd_ready_i),
      .data_o (rd_bits)
  );
  assign rd_o = rd_bits;

  // --- completions ---
  logic [SlotW-1:0] cpl_slot;
  logic last;

  desc_lines #(
      .Depth   (Depth),
      .FirstTag(snic_pkg::TagRxDesc)
  ) u_lines (
      .clk_i,
      .new_i     (take_i),
      .new_idx_i (slot_o),
      .cpl_valid_i,
      .cpl_hdr_i,
      .cpl_data_i,
      .done_o    (last),
      .done_idx_o(cpl_slot),
      .look_i,
      .look_idx_i(look_slot_i),
      .err_o,
      .data_o
  );

  // --- what has come ---
  logic [Depth-1:0] told_q, owed_q, orphan_q;
  logic out, owe;
  assign out        = !come_o[let_slot_i] && !(last && cpl_slot == let_slot_i);
  assign let_free   = let_i && !let_keep_i && !out;
  assign owe        = let_i && out && !owed_q[let_slot_i];

  logic r_valid_q, r_told_q, r_owed_q, r_orphan_q;
  logic [SlotW-1:0] r_slot_q;
  logic [10:0] r_qid;
  logic [23:0] r_asked, age;
  snic_ram #(
      .Width(InfoW),
      .Depth(Depth)
  ) u_info (
      .clk_i,
      .wen_i  (take_i),
      .waddr_i(slot_o),
      .wdata_i({take_qid_i, now_i}),
      .ren_i  (last),
      .raddr_i(cpl_slot),
      .rdata_o({r_qid, r_asked})
  );
  assign age        = newest_o - r_asked;  // how much later the newest was asked for; it may be this one
  assign in_valid_o = r_valid_q;
  assign in_func_o  = r_qid[10:3];
  assign in_time_o  = age[23] || age < 24'(Late);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sweep_q   <= '0;
      n_free_q  <= '0;
      come_o    <= '0;
      told_q    <= '0;
      owed_q    <= '0;
      orphan_q  <= '0;
      r_valid_q <= 1'b0;
      newest_o  <= '0;
    end else begin
      if (sweep) sweep_q <= sweep_q + 1'b1;
      if (free_push != take_i) n_free_q <= free_push ? n_free_q + 1'b1 : n_free_q - 1'b1;
      if (last) come_o[cpl_slot] <= 1'b1;
      if (let_i && out) begin
        owed_q[let_slot_i]   <= 1'b1;
        orphan_q[let_slot_i] <= !let_keep_i;
        told_q[let_slot_i]   <= let_keep_i;
      end
      if (take_i) begin
        come_o[slot_o]   <= 1'b0;
        owed_q[slot_o]   <= 1'b0;
        orphan_q[slot_o] <= 1'b0;
        told_q[slot_o]   <= take_alone_i;
      end
      r_valid_q <= last;
      // Times are compared over half of their range: the newest is brought along before it is out of it.
      if (take_i && (n_out_q == '0 || now_i - newest_o >= 24'h400000)) newest_o <= now_i;
      else if (r_valid_q && age[23]) newest_o <= r_asked;
    end
    if (last) begin
      r_slot_q        <= cpl_slot;
      r_told_q        <= told_q[cpl_slot] || (let_i && let_keep_i && let_slot_i == cpl_slot);
      r_owed_q        <= owed_q[cpl_slot];
      r_orphan_q      <= orphan_q[cpl_slot];
    end
  end

  // Told when it comes: also one that comes in the very cycles in which it is let go.
  logic told;
  assign told = r_told_q || (let_i && let_keep_i && let_slot_i == r_slot_q);

  // --- lines that nobody waits for, of each function ---
  logic [SlotW:0] owed_cnt_q[256];
  logic pay;
  assign pay = r_valid_q && r_owed_q;
  always_ff @(posedge clk_i) begin
    paid_o <= rst_ni && pay;
    if (!rst_ni) owed_o <= '0;
    else if (!(owe && pay && let_func_i == in_func_o)) begin
      if (pay && owed_cnt_q[in_func_o] == (SlotW + 1)'(1)) owed_o[in_func_o] <= 1'b0;
      if (owe) owed_o[let_func_i] <= 1'b1;
    end
    if (sweep) owed_cnt_q[sweep_q[7:0]] <= '0;
    else if (!(owe && pay && let_func_i == in_func_o)) begin
      if (pay) owed_cnt_q[in_func_o] <= owed_cnt_q[in_func_o] - 1'b1;
      if (owe) owed_cnt_q[let_func_i] <= owed_cnt_q[let_func_i] + 1'b1;
    end
  end

  snic_ram_fifo #(
      .Width(SlotW),
      .Depth(Depth)
  ) u_orphans (
      .clk_i,
      .rst_ni,
      .valid_i(r_valid_q && r_orphan_q),
      .ready_o(),
      .data_i (r_slot_q),
      .valid_o(orphan_valid),
      .ready_i(orphan_ready),
      .data_o (orphan_slot),
      .empty_o(),
      .still_o(orphan_still)
  );

  logic load_still;
  snic_ram_fifo #(
      .Width(11 + SlotW),
      .Depth(Depth)
  ) u_loads (
      .clk_i,
      .rst_ni,
      .valid_i(r_valid_q && told),
      .ready_o(),
      .data_i ({r_qid, r_slot_q}),
      .valid_o(load_valid_o),
      .ready_i(load_ready_i),
      .data_o ({load_qid_o, load_slot_o}),
      .empty_o(),
      .still_o(load_still)
  );

  // --- idle ---
  always_ff @(posedge clk_i) begin
    if (!rst_ni) n_out_q <= '0;
    else if (take_i != last) n_out_q <= take_i ? n_out_q + 1'b1 : n_out_q - 1'b1;
  end
  assign idle_o = !sweep && !rd_valid_o && !r_valid_q && !paid_o && free_still && orphan_still && !orphan_valid &&
      load_still && !load_valid_o;
  assign empty_o = n_out_q == '0;

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && req_valid_i && (req_addr_i[3:0] != 4'd0 || req_len_i[3:0] != 4'd0 || req_len_i == 7'd0 ||
                                  8'(req_addr_i[5:0]) + 8'(req_len_i) > 8'd64))
      $error("rx_fetch: request leaves its line");
    if (rst_ni && cpl_valid_i && come_o[cpl_slot]) $error("rx_fetch: completion of a tag that is not out");
    if (rst_ni && take_i && !free_valid) $error("rx_fetch: no slot");
  end
`endif
endmodule
