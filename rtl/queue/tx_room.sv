// SPDX-License-Identifier: BSD-2-Clause
// Room in the packet buffer, promised: a frame of a function in time is asked for when there is room for it beside all that was promised
// before. So a frame that is here goes on at once and is written back, and what a slow port holds up waits in the packet buffer and in
// the rings. (It would wait in front of the write-back else, for as long as 32 KiB of others' frames take, and a function
// could not send more than a ring for each of those times.) Those not in time are promised nothing, and one that is found late
// loses what it was: what does not come holds up nobody.
module tx_room (
    input  logic                     clk_i,
    input  logic                     rst_ni,
    input  logic                     init_i,
    input  logic [7:0]               init_func_i,
    input  logic [snic_pkg::SlotW:0] slots_i,      // free in the packet buffer
    input  logic [snic_pkg::CellW:0] cells_i,
    input  logic [255:0]             good_i,       // in time, see tx_share
    input  logic                     blame_i,      // this function no more
    input  logic [7:0]               blame_func_i,
    // a frame to ask for. What was offered room keeps it until it is taken
    input  logic                     valid_i,
    input  logic [7:0]               func_i,
    input  logic [13:0]              len_i,
    output logic                     ok_o,
    input  logic                     take_i,
    // it has its place, or is dropped
    input  logic                     done_i,
    input  logic [7:0]               done_func_i,
    input  logic [13:0]              done_len_i
);
  localparam int Slots = snic_pkg::SlotW + 1;
  localparam int Cells = snic_pkg::CellW + 1;
  localparam int Longest = (snic_contract_pkg::FRAME_MAX + 63) / 64 + 1;  // see pkt_buf

  // Promised, in all and to each function.
  logic [Slots-1:0] slots_q, slots_d, func_slots_q[256];
  logic [Cells-1:0] cells_q, cells_d, func_cells_q[256];
  logic more, less, some_q, offered_q;
  logic [7:0] more_cells, less_cells;

  assign more_cells = 8'((len_i + 14'd63) >> 6);
  assign less_cells = 8'((done_len_i + 14'd63) >> 6);
  assign more       = take_i && good_i[func_i];
  assign less       = done_i && func_slots_q[done_func_i] != '0;
  assign ok_o       = some_q || offered_q || !good_i[func_i];

  always_comb begin
    slots_d = slots_q;
    cells_d = cells_q;
    if (blame_i) begin
      slots_d = slots_q - func_slots_q[blame_func_i];
      cells_d = cells_q - func_cells_q[blame_func_i];
    end else if (more || less) begin
      slots_d = slots_q + Slots'(more) - Slots'(less);
      cells_d = cells_q + (more ? Cells'(more_cells) : '0) - (less ? Cells'(less_cells) : '0);
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      slots_q <= '0;
      cells_q <= '0;
      some_q  <= 1'b0;
      offered_q <= 1'b0;
    end else begin
      slots_q <= slots_d;
      cells_q <= cells_d;
      offered_q <= valid_i && ok_o && !take_i;
      some_q  <= slots_i > slots_d && (Cells + 1)'(cells_i) >= (Cells + 1)'(cells_d) + (Cells + 1)'(Longest);
    end
    if (init_i) begin
      func_slots_q[init_func_i] <= '0;
      func_cells_q[init_func_i] <= '0;
    end else if (blame_i) begin
      func_slots_q[blame_func_i] <= '0;
      func_cells_q[blame_func_i] <= '0;
    end else if (more && less && func_i == done_func_i) begin
      func_cells_q[func_i] <= func_cells_q[func_i] + Cells'(more_cells) - Cells'(less_cells);
    end else begin
      if (more) begin
        func_slots_q[func_i] <= func_slots_q[func_i] + 1'b1;
        func_cells_q[func_i] <= func_cells_q[func_i] + Cells'(more_cells);
      end
      if (less) begin
        func_slots_q[done_func_i] <= func_slots_q[done_func_i] - 1'b1;
        func_cells_q[done_func_i] <= func_cells_q[done_func_i] - Cells'(less_cells);
      end
    end
  end

`ifndef SYNTHESIS
  always_ff @(posedge clk_i)
    if (rst_ni && blame_i && (more || done_i)) $error("tx_room: promises change while a function is found late");
`endif
endmodule
