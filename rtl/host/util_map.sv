// SPDX-License-Identifier: BSD-2-Clause
// Which counter of snic_util.def each station's word is, and the counters themselves. One register of what happened in a
// cycle, whatever the clocks of the blocks do. Only a station that is not idle has anything to count, or an input that is valid.
module util_map #(
    parameter int Ports = snic_pkg::Ports,
    parameter int NBuf = Ports + 1,
    parameter int NEg = Ports + 1
) (
    input  logic                  clk_i,
    input  logic                  rst_ni,
    input  logic                  enable_i,          // all blocks are ready
    // wire in: packet buffers, and what forwarding refuses
    input  logic [Ports-1:0]      rx_valid_i,
    input  logic [NBuf-1:0]       room_i,
    input  logic [NBuf-1:0]       wait_i,            // frames that no parser takes
    input  logic [NBuf*NEg*snic_pkg::HeldW-1:0] held_i,
    input  logic [Ports*NEg-1:0]  full_i,            // frames from a wire port for that egress are refused
    input  logic [NBuf-1:0]       parser_busy_i,
    input  logic [NBuf-1:0]       parser_held_i,
    input  snic_pkg::util_pipe_t  pipe_i,
    input  snic_pkg::util_rx_t    rx_i,
    input  snic_pkg::util_tx_t    tx_i,
    input  logic                  wb_valid_i,
    input  logic                  wb_ready_i,
    // PCIe
    input  logic                  up_valid_i,
    input  logic                  up_ready_i,
    input  logic                  rd_valid_i,
    input  logic                  rd_ready_i,
    input  logic                  cpl_i,
    // wire out
    input  logic [Ports-1:0]      tx_valid_i,
    input  logic [Ports-1:0]      tx_ready_i,
    input  logic [Ports-1:0]      tx_by_host_i,
    // levels, over time
    input  logic [47:0]           tags_tx_desc_i,
    input  logic [47:0]           tags_tx_data_i,
    input  logic [47:0]           tags_rx_desc_i,
    input  logic [47:0]           bytes_under_way_i,
    input  logic [47:0]           rings_posted_i,
    input  logic [47:0]           lines_by_tags_i,
    input  logic [47:0]           reads_by_tags_i,
    // registers
    input  logic                  rd_i,
    input  logic [5:0]            rd_idx_i,
    output logic [47:0]           rd_data_o,
    output logic                  idle_o,
    output logic                  init_done_o
);
  localparam int Lsb = snic_contract_pkg::UTIL_BASE;
  localparam int HostBuf = NBuf - 1;
  localparam int HostEg = NEg - 1;
  // From a counter of a port or parser to that of the next one.
  localparam int InStep = snic_contract_pkg::STAT_BUSY_WIRE_IN1 - snic_contract_pkg::STAT_BUSY_WIRE_IN0;
  localparam int OutStep = snic_contract_pkg::STAT_BUSY_WIRE_OUT1 - snic_contract_pkg::STAT_BUSY_WIRE_OUT0;
  localparam int ParserStep = snic_contract_pkg::STAT_BUSY_PARSER1 - snic_contract_pkg::STAT_BUSY_PARSER0;

  // Does the host hold more of a buffer than each wire port does? Of its own frames: a wire port's buffer has none for itself.
  logic [NBuf-1:0] most_host;
  always_comb begin
    most_host = '1;
    for (int b = 0; b < NBuf; b++)
      for (int e = 0; e < HostEg; e++)
        if (b != e && held_i[(b*NEg+HostEg)*snic_pkg::HeldW+:snic_pkg::HeldW] <=
                      held_i[(b*NEg+e)*snic_pkg::HeldW+:snic_pkg::HeldW]) most_host[b] = 1'b0;
  end

  logic [Lsb+63:Lsb] util_q;
  always_ff @(posedge clk_i) begin : p_util
    logic [Lsb+63:Lsb] u;
    logic by_host, by_wire;
    u = '0;
    if (rst_ni && enable_i) begin
      // A full buffer with frames that no parser takes waits for it, else for the egress that holds more of it.
      for (int p = 0; p < Ports; p++) begin
        by_host = full_i[p*NEg+HostEg] || (!room_i[p] && !wait_i[p] && most_host[p]);
        by_wire = full_i[p*NEg+:HostEg] != '0;
        u[snic_contract_pkg::STAT_BUSY_WIRE_IN0+p*InStep]                  = rx_valid_i[p];
        u[snic_contract_pkg::STAT_STALL_WIRE_IN0_BY_RX_ENGINE+p*InStep]    = by_host;
        u[snic_contract_pkg::STAT_STALL_WIRE_IN0_BY_PARSER+p*InStep]       = !room_i[p] && wait_i[p] && !by_host && !by_wire;
        u[snic_contract_pkg::STAT_STALL_WIRE_IN0_BY_WIRE_OUT+p*InStep]     = !by_host && (by_wire || (!room_i[p] && !wait_i[p]));
        u[snic_contract_pkg::STAT_BUSY_WIRE_OUT0+p*OutStep]                = tx_valid_i[p] && tx_ready_i[p];
        u[snic_contract_pkg::STAT_STALL_WIRE_OUT0_BY_WIRE+p*OutStep]       = tx_valid_i[p] && !tx_ready_i[p];
        u[snic_contract_pkg::STAT_STALL_WIRE_OUT0_BY_RX_ENGINE+p*OutStep]  = !tx_valid_i[p] && tx_by_host_i[p];
        u[snic_contract_pkg::STAT_BUSY_PARSER0+p*ParserStep]               = parser_busy_i[p];
        u[snic_contract_pkg::STAT_STALL_PARSER0_BY_FLOW_TABLE+p*ParserStep] = parser_held_i[p];
      end
      u[snic_contract_pkg::STAT_BUSY_PARSER2] = parser_busy_i[HostBuf];
      u[snic_contract_pkg::STAT_STALL_PARSER2_BY_FLOW_TABLE] = parser_held_i[HostBuf];

      u[snic_contract_pkg::STAT_BUSY_FLOW_TABLE] = pipe_i.flow_busy;
      u[snic_contract_pkg::STAT_STALL_FLOW_TABLE_BY_RULE_SEARCH] = pipe_i.flow_by_rule_search;
      u[snic_contract_pkg::STAT_STALL_FLOW_TABLE_BY_FORWARD] = pipe_i.flow_by_forward;
      u[snic_contract_pkg::STAT_STALL_FLOW_TABLE_BY_HOST] = pipe_i.flow_by_host;
      u[snic_contract_pkg::STAT_BUSY_RULE_SEARCH] = pipe_i.search_busy;
      u[snic_contract_pkg::STAT_BUSY_FORWARD] = pipe_i.forward_busy;

      u[snic_contract_pkg::STAT_BUSY_RX_COPIES] = rx_i.copies_busy;
      u[snic_contract_pkg::STAT_STALL_RX_COPIES_BY_HOST] = rx_i.copies_by_host;
      u[snic_contract_pkg::STAT_BUSY_RX_WRITES] = rx_i.writes_busy;
      u[snic_contract_pkg::STAT_STALL_RX_WRITES_BY_PCIE_UP] = rx_i.writes_by_pcie_up;
      u[snic_contract_pkg::STAT_STALL_RX_WRITES_BY_WIRE_OUT] = rx_i.writes_by_wire_out;
      u[snic_contract_pkg::STAT_STALL_RX_WRITES_BY_DMA_TAGS] = rx_i.writes_by_dma_tags;
      u[snic_contract_pkg::STAT_STALL_RX_WRITES_BY_HOST] = rx_i.writes_by_host;

      u[snic_contract_pkg::STAT_BUSY_TX_LINES] = tx_i.lines_busy;
      u[snic_contract_pkg::STAT_STALL_TX_LINES_BY_PCIE_UP] = tx_i.lines_by_pcie_up;
      u[snic_contract_pkg::STAT_BUSY_TX_DESCS] = tx_i.descs_busy;
      u[snic_contract_pkg::STAT_BUSY_TX_READS] = tx_i.reads_busy;
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_PCIE_UP] = tx_i.reads_by_pcie_up;
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_PARSER] = tx_i.reads_by_buffer && wait_i[HostBuf];
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_RX_ENGINE] = tx_i.reads_by_buffer && !wait_i[HostBuf] && most_host[HostBuf];
      u[snic_contract_pkg::STAT_STALL_TX_READS_BY_WIRE_OUT] = tx_i.reads_by_buffer && !wait_i[HostBuf] && !most_host[HostBuf];
      u[snic_contract_pkg::STAT_BUSY_TX_WRITEBACKS] = wb_valid_i && wb_ready_i;
      u[snic_contract_pkg::STAT_STALL_TX_WRITEBACKS_BY_PCIE_UP] = wb_valid_i && !wb_ready_i;

      u[snic_contract_pkg::STAT_BUSY_PCIE_UP_DATA] = up_valid_i && up_ready_i;
      u[snic_contract_pkg::STAT_STALL_PCIE_UP_DATA_BY_LINK] = up_valid_i && !up_ready_i;
      u[snic_contract_pkg::STAT_BUSY_PCIE_UP_READS] = rd_valid_i && rd_ready_i;
      u[snic_contract_pkg::STAT_STALL_PCIE_UP_READS_BY_LINK] = rd_valid_i && !rd_ready_i;
      u[snic_contract_pkg::STAT_BUSY_PCIE_DOWN] = cpl_i;
    end
    util_q <= u;
  end
  assign idle_o = util_q == '0;

  logic [47:0] count;
  util_counters u_util (
      .clk_i,
      .rst_ni,
      .ev_i     (util_q),
      .rd_i,
      .rd_idx_i,
      .rd_data_o(count),
      .init_done_o
  );

  // Levels are not counted by the cycle.
  logic [5:0] idx_q;
  always_ff @(posedge clk_i) if (rd_i) idx_q <= rd_idx_i;
  always_comb begin
    case (Lsb + 32'(idx_q))
      snic_contract_pkg::STAT_BUSY_TAGS_TX_DESC:  rd_data_o = tags_tx_desc_i;
      snic_contract_pkg::STAT_BUSY_TAGS_TX_DATA:  rd_data_o = tags_tx_data_i;
      snic_contract_pkg::STAT_BUSY_TAGS_RX_DESC:  rd_data_o = tags_rx_desc_i;
      snic_contract_pkg::STAT_BUSY_BYTES_TX_DATA: rd_data_o = bytes_under_way_i;
      snic_contract_pkg::STAT_BUSY_TX_RINGS:      rd_data_o = rings_posted_i;
      snic_contract_pkg::STAT_STALL_TX_LINES_BY_DMA_TAGS: rd_data_o = lines_by_tags_i;
      snic_contract_pkg::STAT_STALL_TX_READS_BY_DMA_TAGS: rd_data_o = reads_by_tags_i;
      default: rd_data_o = count;
    endcase
  end
endmodule
