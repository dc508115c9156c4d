// SPDX-License-Identifier: BSD-2-Clause
// The smallest complete card: one function, one TX and one RX ring, one MSI-X vector, one port. A template to start from;
// README.md has the picture. TLPs come and go as AXI-streams of 128 bits with the header in the data.
module example_card
  import example_pkg::*;
(
    input  logic         clk_i,
    input  logic         rst_ni,
    // from the host: requests and completions
    input  logic         rx_valid_i,
    output logic         rx_ready_o,
    input  logic [127:0] rx_data_i,
    input  logic         rx_last_i,
    // to the host
    output logic         tx_valid_o,
    input  logic         tx_ready_i,
    output logic [127:0] tx_data_o,
    output logic [ 15:0] tx_keep_o,
    output logic         tx_last_o,
    // MSI-X, vector 0
    output logic         irq_valid_o,
    input  logic         irq_ready_i,
    // configuration space
    input  logic         bus_master_i,
    input  logic         flr_i,
    input  logic         link_i,
    // the port's MAC; what comes from the wire cannot wait
    input  logic         mac_rx_valid_i,
    input  logic [127:0] mac_rx_data_i,
    input  logic [ 15:0] mac_rx_keep_i,
    input  logic         mac_rx_last_i,
    input  logic         mac_rx_bad_i,
    output logic         mac_tx_valid_o,
    input  logic         mac_tx_ready_i,
    output logic [127:0] mac_tx_data_o,
    output logic [ 15:0] mac_tx_keep_o,
    output logic         mac_tx_last_o,
    // nothing happens before an input changes
    output logic         quiescent_o,
    output logic [  2:0] busy_o  // RX, TX, TLPs
);
  logic reg_we, stop;
  logic [11:0] reg_addr;
  logic [31:0] reg_wdata, reg_rdata;
  logic run, ring_rst, regs_work;
  logic [63:0] tx_base, rx_base;
  logic [15:0] tx_tail, tx_head, rx_tail, rx_head;
  logic tx_done, rx_done, rx_drop, tx_error, rx_error;
  logic tx_busy, rx_busy, tlp_busy;

  // reads of memory, a client each: 0 TX, 1 RX
  logic [1:0] rd_valid, rd_ready, rsp_valid, rsp_done, rsp_error;
  logic [1:0][63:0] rd_addr;
  logic [1:0][7:0] rd_bytes;
  logic [127:0] rsp_data;
  // writes of memory, of RX
  logic wr_valid, wr_next, wr_done;
  logic [63:0] wr_addr;
  logic [3:0] wr_words;
  logic [127:0] wr_data;

  assign rd_bytes[1] = 8'(DESC_BYTES);
  assign busy_o = {tlp_busy, tx_busy, rx_busy};

  example_regs u_regs (
      .clk_i, .rst_ni, .flr_i, .bus_master_i, .link_i,
      .we_i(reg_we), .addr_i(reg_addr), .wdata_i(reg_wdata), .rdata_o(reg_rdata),
      .stop_o(stop), .run_o(run), .ring_rst_o(ring_rst), .tlp_busy_i(tlp_busy), .work_o(regs_work),
      .tx_base_o(tx_base), .rx_base_o(rx_base), .tx_tail_o(tx_tail), .rx_tail_o(rx_tail),
      .tx_head_i(tx_head), .rx_head_i(rx_head), .tx_done_i(tx_done), .rx_done_i(rx_done),
      .rx_drop_i(rx_drop), .tx_error_i(tx_error), .rx_error_i(rx_error),
      .irq_valid_o, .irq_ready_i
  );

  example_tlp u_tlp (
      .clk_i, .rst_ni, .stop_i(stop),
      .rx_valid_i, .rx_ready_o, .rx_data_i, .rx_last_i,
      .tx_valid_o, .tx_ready_i, .tx_data_o, .tx_keep_o, .tx_last_o,
      .reg_we_o(reg_we), .reg_addr_o(reg_addr), .reg_wdata_o(reg_wdata), .reg_rdata_i(reg_rdata),
      .rd_valid_i(rd_valid), .rd_ready_o(rd_ready), .rd_addr_i(rd_addr), .rd_bytes_i(rd_bytes),
      .rsp_valid_o(rsp_valid), .rsp_data_o(rsp_data), .rsp_done_o(rsp_done), .rsp_error_o(rsp_error),
      .wr_valid_i(wr_valid), .wr_addr_i(wr_addr), .wr_words_i(wr_words), .wr_data_i(wr_data),
      .wr_next_o(wr_next), .wr_done_o(wr_done), .busy_o(tlp_busy)
  );

  example_tx u_tx (
      .clk_i, .rst_ni, .ring_rst_i(ring_rst), .run_i(run), .base_i(tx_base), .tail_i(tx_tail), .head_o(tx_head),
      .rd_valid_o(rd_valid[0]), .rd_ready_i(rd_ready[0]), .rd_addr_o(rd_addr[0]), .rd_bytes_o(rd_bytes[0]),
      .rsp_valid_i(rsp_valid[0]), .rsp_data_i(rsp_data), .rsp_done_i(rsp_done[0]), .rsp_error_i(rsp_error[0]),
      .mac_valid_o(mac_tx_valid_o), .mac_ready_i(mac_tx_ready_i), .mac_data_o(mac_tx_data_o), .mac_keep_o(mac_tx_keep_o),
      .mac_last_o(mac_tx_last_o), .done_o(tx_done), .error_o(tx_error), .busy_o(tx_busy)
  );

  example_rx u_rx (
      .clk_i, .rst_ni, .ring_rst_i(ring_rst), .run_i(run), .base_i(rx_base), .tail_i(rx_tail), .head_o(rx_head),
      .rd_valid_o(rd_valid[1]), .rd_ready_i(rd_ready[1]), .rd_addr_o(rd_addr[1]),
      .rsp_valid_i(rsp_valid[1]), .rsp_data_i(rsp_data), .rsp_done_i(rsp_done[1]), .rsp_error_i(rsp_error[1]),
      .wr_valid_o(wr_valid), .wr_addr_o(wr_addr), .wr_words_o(wr_words), .wr_data_o(wr_data), .wr_next_i(wr_next),
      .wr_done_i(wr_done),
      .mac_valid_i(mac_rx_valid_i), .mac_data_i(mac_rx_data_i), .mac_keep_i(mac_rx_keep_i), .mac_last_i(mac_rx_last_i),
      .mac_bad_i(mac_rx_bad_i), .done_o(rx_done), .drop_o(rx_drop), .error_o(rx_error), .busy_o(rx_busy)
  );

  assign quiescent_o = !tx_busy && !rx_busy && !tlp_busy && !irq_valid_o && !regs_work;
endmodule
