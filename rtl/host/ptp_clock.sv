// SPDX-License-Identifier: BSD-2-Clause
// A PTP clock. It is no counter, since time may leap: it is what it was at a reference, and a rate. An operation moves the reference
// to the cycle in which it is done, with all fractions, so that neither phase nor rate leave an error behind; it takes five cycles.
// The reference is never older than 2^46 cycles (two days): differences have 48 bits.
module ptp_clock (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  logic [47:0]        now_i,
    input  logic               op_i,
    input  logic [ 1:0]        kind_i,   // PTPOP_*
    input  logic [63:0]        arg_i,    // stays until the operation is done
    output logic               busy_o,
    input  logic               rd_i,     // ns_o, with valid_o, three cycles later
    output logic               valid_o,
    output logic [63:0]        ns_o,
    output logic               due_o,    // the reference has to be moved on
    output logic               wake_valid_o,
    output logic [47:0]        wake_o,
    output snic_pkg::ptp_ref_t ref_o
);
  localparam int AgeBits = 46;

  logic start_q, start, wait_q, op_done, conv_valid;
  logic [1:0] kind_q;
  logic [47:0] at_q;
  logic [95:0] ns;

  // A read that is under way first: only its answer carries no name.
  logic [1:0] rd_q;
  assign start        = start_q && !rd_i && rd_q == 2'd0;
  assign busy_o       = start_q || wait_q;
  assign wake_valid_o = ref_o.rate != '0 && !busy_o;
  assign wake_o       = ref_o.cycles + (48'd1 << AgeBits);
  assign due_o        = wake_valid_o && now_i - wake_o < snic_pkg::HalfTime;
  assign op_done      = wait_q && conv_valid;
  assign valid_o      = conv_valid && !wait_q;
  assign ns_o         = ns[95:32];

  ptp_ns u_ns (
      .clk_i,
      .rst_ni,
      .ref_i   (ref_o),
      .valid_i (rd_i || start),
      .cycles_i(now_i),
      .valid_o (conv_valid),
      .ns_o    (ns)
  );

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      start_q <= 1'b0;
      wait_q  <= 1'b0;
      rd_q    <= '0;
      ref_o   <= '0;
    end else begin
      rd_q <= {rd_q[0], rd_i};
      if (op_i || (due_o && !rd_i)) start_q <= 1'b1;
      else if (start) start_q <= 1'b0;
      if (start) wait_q <= 1'b1;
      else if (op_done) wait_q <= 1'b0;
      if (op_done) begin
        ref_o.cycles <= at_q;
        ref_o.ns     <= ns;
        case (kind_q)
          2'(snic_contract_pkg::PTPOP_SET):  ref_o.ns <= {arg_i, 32'd0};
          2'(snic_contract_pkg::PTPOP_ADD):  ref_o.ns <= ns + {arg_i, 32'd0};
          2'(snic_contract_pkg::PTPOP_RATE): ref_o.rate <= arg_i[39:0];
          default: ;
        endcase
      end
    end
    if (op_i) kind_q <= kind_i;
    else if (due_o) kind_q <= 2'(snic_contract_pkg::PTPOP_NOP);
    if (start) at_q <= now_i;
  end
endmodule
