// SPDX-License-Identifier: BSD-2-Clause
// Write-back record of a descriptor line, then the interrupt request, if the queue wants it: never before the
// record was taken. A queue that was switched off, or enabled anew since, gets nothing of its old lines: the
// record's place may belong to somebody else.
module tx_wb #(
    parameter int EpochW = 32,
    parameter int WbW = 1 + 2 + 16 + EpochW + 11,
    parameter int ErrW = 12
) (
    input  logic                 clk_i,
    input  logic                 rst_ni,
    input  logic                 init_i,
    input  logic [10:0]          init_qid_i,
    input  logic [47:0]          now_i,
    input  logic                 wipe_i,      // a new epoch of this queue begins
    input  logic [10:0]          wipe_qid_i,
    input  logic                 wb_valid_i,
    output logic                 wb_ready_o,
    input  logic [WbW-1:0]       wb_line_i,
    input  logic [ErrW-1:0]      wb_errs_i,
    // queue registers, one cycle after ren
    output logic                 cfg_ren_o,
    output logic [10:0]          cfg_qid_o,
    input  logic                 cfg_en_i,
    input  logic [EpochW-1:0]    cfg_epoch_i,
    input  logic                 cfg_irq_i,
    input  logic [3:0]           cfg_vec_i,
    input  logic [59:0]          cfg_addr_i,
    output logic                 up_valid_o,
    input  logic                 up_ready_i,
    output snic_pkg::up_hdr_t    up_hdr_o,
    output logic [127:0]         up_data_o,
    output logic                 int_valid_o,
    input  logic                 int_ready_i,
    output logic [7:0]           int_func_o,
    output logic [3:0]           int_vec_o,
    output logic                 finish_o,    // the line has left no trace to come
    output logic [10:0]          finish_qid_o,
    output logic                 idle_o
);
  localparam logic [1:0] StIdle = 2'd0, StLook = 2'd1, StSend = 2'd2, StInt = 2'd3;

  logic [1:0] state_q;
  logic line_wb;
  logic [1:0] line_status;
  logic [15:0] line_head;
  logic [EpochW-1:0] line_epoch;
  logic [10:0] line_qid;
  assign {line_wb, line_status, line_head, line_epoch, line_qid} = wb_line_i;

  logic wipe_q;  // done between the looks
  logic [10:0] wipe_qid_q;
  logic send, look;
  logic [EpochW-1:0] errs_epoch;
  logic [31:0] errs_ram, errs;
  assign look = state_q == StIdle && wb_valid_i;
  assign errs = (errs_epoch == line_epoch ? errs_ram : 32'd0) + 32'(wb_errs_i);
  assign send = line_wb && cfg_en_i && line_epoch == cfg_epoch_i;

  snic_ram #(
      .Width(EpochW + 32),
      .Depth(snic_contract_pkg::N_QUEUE)
  ) u_errs (
      .clk_i,
      .wen_i  (init_i || state_q == StLook || wipe_q),
      .waddr_i(init_i ? init_qid_i : state_q == StLook ? line_qid : wipe_qid_q),
      .wdata_i(init_i || state_q != StLook ? '0 : {line_epoch, errs}),
      .ren_i  (look),
      .raddr_i(line_qid),
      .rdata_o({errs_epoch, errs_ram})
  );

  assign cfg_ren_o     = look;
  assign cfg_qid_o     = line_qid;
  assign wb_ready_o    = finish_o;
  assign finish_o      = (state_q == StLook && !send) || (state_q == StSend && up_ready_i && !cfg_irq_i) ||
                         (state_q == StInt && int_ready_i);
  assign finish_qid_o  = line_qid;

  logic [127:0] record_q;
  assign up_valid_o  = state_q == StSend;
  assign up_hdr_o    = {2'(snic_pkg::UpMwr), line_qid[10:3], cfg_addr_i, 4'd0, 13'd16, 8'd0};
  assign up_data_o   = record_q;
  assign int_valid_o = state_q == StInt;
  assign int_func_o  = line_qid[10:3];
  assign int_vec_o   = cfg_vec_i;
  assign idle_o      = state_q == StIdle && !wb_valid_i && !wipe_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) wipe_q <= 1'b0;
    else wipe_q <= wipe_i || (wipe_q && state_q == StLook);
    if (wipe_i) wipe_qid_q <= wipe_qid_i;
    if (!rst_ni) state_q <= StIdle;
    else
      case (state_q)
        StIdle: if (wb_valid_i) state_q <= StLook;
        StLook: state_q <= send ? StSend : StIdle;
        StSend: if (up_ready_i) state_q <= cfg_irq_i ? StInt : StIdle;
        default: if (int_ready_i) state_q <= StIdle;
      endcase
    if (state_q == StLook) record_q <= {16'd0, now_i, errs, 8'd0, 6'd0, line_status, line_head};
  end
endmodule
