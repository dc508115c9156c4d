// SPDX-License-Identifier: BSD-2-Clause
// Mailbox: one message a direction between each VF and the PF, and the bitmap of VFs that were reset. Messages
// are in RAM; a flag a direction says that one waits. While it waits its sender cannot change it, so who reads
// it never sees half of a newer one, and what was checked is what is there. A message that arrives or is taken,
// and a VF's reset, are told to the other side: its vector is looked up and the event offered until MSI-X takes
// it; no access starts meanwhile. So is, to the PF, a queue that stopped on an error. Until the PF has cleared the bit that says that a VF was reset, it can neither
// send to it nor take from it: an answer meant for the last owner does not reach the next.
module regs_mbox (
    input  logic        clk_i,
    input  logic        rst_ni,
    input  logic        op_valid_i,
    input  logic        op_we_i,
    input  logic [ 7:0] op_func_i,
    input  logic [12:0] op_addr_i,
    input  logic [31:0] op_wdata_i,
    output logic [31:0] rdata_o,
    // clear step clr_step_i (0..15) of function clr_func_i; no access comes in the same cycle
    input  logic        clr_i,
    input  logic [ 7:0] clr_func_i,
    input  logic [ 3:0] clr_step_i,
    input  logic        clr_tell_i,   // a reset, not power-up
    // a queue of the function stopped on an error; TX and RX may come at once
    input  logic        tx_qerr_i,
    input  logic [ 7:0] tx_qerr_func_i,
    input  logic        rx_qerr_i,
    input  logic [ 7:0] rx_qerr_func_i,
    output logic        busy_o,
    output logic        int_valid_o,
    input  logic        int_ready_i,
    output logic [ 7:0] int_func_o,
    output logic [ 3:0] int_vec_o
);
  // A bit a VF.
  logic [255:0] from_vf_q;  // its message waits for the PF
  logic [255:0] from_pf_q;  // the PF's message waits for it
  logic [255:0] reset_q;    // was reset
  logic [255:0] err_q;      // a bit a function: a queue of it stopped

  logic [31:0] off;
  logic pf, mine, theirs, there, fenced;
  logic [7:0] vf, sel_q;
  logic hit_data, hit_ctrl, hit_vec, hit_reset, hit_pend, hit_err;
  logic wr_data, rd_data, send, taken, was_reset, tell;
  logic [7:0] word_lsb;
  snic_contract_pkg::mbox_ctrl_t ctrl;
  logic [31:0] word;  // of the bitmap that is accessed
  assign off       = {17'd0, op_addr_i, 2'b00};
  assign hit_data  = op_valid_i && off[14:6] == 9'(snic_contract_pkg::REG_MBOX_DATA >> 6);
  assign hit_ctrl  = op_valid_i && off == snic_contract_pkg::REG_MBOX_CTRL;
  assign hit_vec   = op_valid_i && off == snic_contract_pkg::REG_MBOX_VEC;
  assign hit_reset = off[14:5] == 10'(snic_contract_pkg::REG_VF_RESET >> 5);
  assign hit_pend  = off[14:5] == 10'(snic_contract_pkg::REG_MBOX_PEND >> 5);
  assign hit_err   = off[14:5] == 10'(snic_contract_pkg::REG_FUNC_ERR >> 5);
  assign word_lsb  = {off[4:2], 5'd0};

  // Whose mailbox: a VF has its own only.
  assign pf     = op_func_i == 8'd0;
  assign vf     = pf ? sel_q : op_func_i;
  assign there  = vf != 8'd0;
  always_comb begin
    mine   = 1'b0;
    theirs = 1'b0;
    fenced = 1'b0;
    if (hit_data || hit_ctrl) begin
      mine   = pf ? from_pf_q[vf] : from_vf_q[vf];
      theirs = pf ? from_vf_q[vf] : from_pf_q[vf];
      fenced = pf && reset_q[vf];
    end
  end
  always_comb begin
    word = '0;
    if (op_valid_i && pf && hit_reset) word = reset_q[word_lsb+:32];
    if (op_valid_i && pf && hit_pend) word = from_vf_q[word_lsb+:32];
    if (op_valid_i && pf && hit_err) word = err_q[word_lsb+:32];
  end
  assign wr_data = hit_data && op_we_i && there && !mine;
  assign rd_data = hit_data && !op_we_i;  // nobody's reads 0: it is never written
  assign ctrl    = op_wdata_i;
  assign send    = hit_ctrl && op_we_i && ctrl.send && there && !mine && !fenced;
  assign taken   = hit_ctrl && op_we_i && ctrl.taken && theirs && !fenced;

  // --- flags ---
  assign was_reset = clr_i && clr_tell_i && clr_step_i == 4'd0 && clr_func_i != 8'd0;
  always_ff @(posedge clk_i) begin
    if (clr_i && clr_step_i == 4'd0) begin
      if (clr_func_i == 8'd0) begin  // the PF's: all
        from_vf_q <= '0;
        from_pf_q <= '0;
        if (!clr_tell_i) reset_q <= '0;
      end else begin
        from_vf_q[clr_func_i] <= 1'b0;
        from_pf_q[clr_func_i] <= 1'b0;
        if (clr_tell_i) reset_q[clr_func_i] <= 1'b1;
      end
    end else if (op_valid_i && op_we_i) begin
      if (pf ? taken : send) from_vf_q[vf] <= !pf;
      if (pf ? send : taken) from_pf_q[vf] <= pf;
      if (pf && hit_reset) reset_q[word_lsb+:32] <= word & ~op_wdata_i;
    end
  end

  // Errors come at any time; the PF is told when nothing else is under way.
  logic tell_q, err_tell_q, tell_err;
  assign tell_err = err_tell_q && !tell_q && !clr_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      err_q      <= '0;
      err_tell_q <= 1'b0;
    end else begin
      if (op_valid_i && op_we_i && pf && hit_err) err_q[word_lsb+:32] <= word & ~op_wdata_i;
      if (tx_qerr_i) err_q[tx_qerr_func_i] <= 1'b1;
      if (rx_qerr_i) err_q[rx_qerr_func_i] <= 1'b1;
      if (tx_qerr_i || rx_qerr_i) err_tell_q <= 1'b1;
      else if (tell_err) err_tell_q <= 1'b0;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) sel_q <= '0;
    else if (op_valid_i && op_we_i && pf && off == snic_contract_pkg::REG_MBOX_SEL) sel_q <= op_wdata_i[snic_contract_pkg::MBOX_SEL_VF_LSB+:8];
  end

  // --- messages ---
  logic [31:0] from_vf, from_pf;
  snic_ram #(
      .Width(32),
      .Depth(snic_contract_pkg::N_FUNC * snic_contract_pkg::MBOX_DWORDS)
  ) u_from_vf (
      .clk_i,
      .wen_i  (clr_i || (wr_data && !pf)),
      .waddr_i(clr_i ? {clr_func_i, clr_step_i} : {vf, off[5:2]}),
      .wdata_i(clr_i ? 32'd0 : op_wdata_i),
      .ren_i  (rd_data && pf),
      .raddr_i({vf, off[5:2]}),
      .rdata_o(from_vf)
  );
  snic_ram #(
      .Width(32),
      .Depth(snic_contract_pkg::N_FUNC * snic_contract_pkg::MBOX_DWORDS)
  ) u_from_pf (
      .clk_i,
      .wen_i  (clr_i || (wr_data && pf)),
      .waddr_i(clr_i ? {clr_func_i, clr_step_i} : {vf, off[5:2]}),
      .wdata_i(clr_i ? 32'd0 : op_wdata_i),
      .ren_i  (rd_data && !pf),
      .raddr_i({vf, off[5:2]}),
      .rdata_o(from_pf)
  );

  // --- events ---
  logic [7:0] to, to_q;
  logic [4:0] vec;  // as MBOX_VEC, that is {irq, vector}
  assign tell = send || taken || was_reset || tell_err;
  assign to   = was_reset || tell_err || !pf ? 8'd0 : vf;
  snic_ram #(
      .Width(5),
      .Depth(snic_contract_pkg::N_FUNC)
  ) u_vec (
      .clk_i,
      .wen_i  ((clr_i && clr_step_i == 4'd0) || (hit_vec && op_we_i)),
      .waddr_i(clr_i ? clr_func_i : op_func_i),
      .wdata_i(clr_i ? 5'd0 : op_wdata_i[4:0]),
      .ren_i  (tell || (hit_vec && !op_we_i)),
      .raddr_i(tell ? to : op_func_i),
      .rdata_o(vec)
  );
  always_ff @(posedge clk_i) begin
    if (!rst_ni) tell_q <= 1'b0;
    else if (tell) tell_q <= 1'b1;
    else if (!vec[4] || int_ready_i) tell_q <= 1'b0;
    if (tell) to_q <= to;
  end
  assign busy_o      = tell_q || err_tell_q;
  assign int_valid_o = tell_q && vec[4];
  assign int_func_o  = to_q;
  assign int_vec_o   = vec[3:0];

  // --- read back ---
  logic [31:0] reg_q;
  logic [1:0] ram_q;  // PF's message, VF's message
  logic vec_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) vec_q <= 1'b0;
    else if (op_valid_i || vec_q) vec_q <= hit_vec && !op_we_i;
    // Taken at once: a reset may look up a vector while the answer still stands.
    if (vec_q) reg_q <= {27'd0, vec};
    if (op_valid_i) begin
      ram_q <= {rd_data && !pf, rd_data && pf};
      reg_q <= 32'd0;
      if (!op_we_i) begin
        if (hit_ctrl) reg_q <= ({31'd0, theirs} << snic_contract_pkg::MBOX_CTRL_WAITS_LSB) |
              ({31'd0, mine} << snic_contract_pkg::MBOX_CTRL_UNTAKEN_LSB);
        if (pf && off == snic_contract_pkg::REG_MBOX_SEL) reg_q <= {24'd0, sel_q};
        if (pf && (hit_reset || hit_pend || hit_err)) reg_q <= word;
      end
    end
  end
  assign rdata_o = reg_q | (ram_q[0] ? from_vf : 32'd0) | (ram_q[1] ? from_pf : 32'd0);

`ifndef SYNTHESIS
  always_ff @(posedge clk_i) begin
    if (rst_ni && clr_i && op_valid_i && op_we_i) $error("regs_mbox: write during a clear step");
    if (rst_ni && tell_q && tell) $error("regs_mbox: event overrun");
  end
`endif
endmodule
