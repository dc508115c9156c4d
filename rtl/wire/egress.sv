// SPDX-License-Identifier: BSD-2-Clause
// What leaves by the wire: for each port a FIFO of records and the MAC side. Only wires and clock gates. (The host's
// egress is in host_side.)
module egress #(
    parameter int Ports = snic_pkg::Ports,
    parameter int NBuf = Ports + 1,
    parameter int Depth = 4096               // more than all slots: a FIFO is never full
) (
    input  logic                       clk_i,
    input  logic                       rst_ni,
    input  logic                       ungate_i,     // every clock runs
    input  snic_pkg::encap_wr_t        encap_wr_i,
    input  logic [         1023:0]     encap_hdr_i,
    input  logic [      Ports-1:0]     push_i,
    input  snic_pkg::egress_t          rec_i,
    input  snic_pkg::edit_wr_t         edit_wr_i,
    // packet buffers
    output logic [Ports*snic_pkg::BufRdW-1:0] rd_o,
    input  logic [ Ports*NBuf-1:0]     gnt_i,
    input  logic [       NBuf-1:0]     host_gnt_i,   // those of the host's egress
    input  logic [   512*NBuf-1:0]     rd_data_i,
    // MACs
    output logic [      Ports-1:0]     mac_valid_o,
    input  logic [      Ports-1:0]     mac_ready_i,
    output logic [  512*Ports-1:0]     mac_data_o,
    output logic [      Ports-1:0]     mac_sop_o,
    output logic [      Ports-1:0]     mac_eop_o,
    output logic [    7*Ports-1:0]     mac_bytes_o,
    output logic [Ports*snic_pkg::PortStatW-1:0] stat_o,
    output logic [      Ports-1:0]     util_by_host_o, // a read waits, since the host's egress reads that buffer
    output logic [      Ports-1:0]     idle_o
);
  for (genvar p = 0; p < Ports; p++) begin : g_port
    logic clk, valid, ready, empty, tx_idle;
    snic_pkg::egress_t rec;
    logic [NBuf-1:0] req, gnt, rel;
    logic [snic_pkg::CellW-1:0] cell_idx;
    logic [snic_pkg::SlotW-1:0] rel_slot;
    logic stat_pkt;
    logic [13:0] stat_bytes;

    // buf_rd_t, port_stat_t
    assign rd_o[p*snic_pkg::BufRdW+:snic_pkg::BufRdW]         = {req, cell_idx, rel, rel_slot};
    assign stat_o[p*snic_pkg::PortStatW+:snic_pkg::PortStatW] = {stat_pkt, stat_bytes};
    assign gnt       = gnt_i[p*NBuf+:NBuf];
    assign idle_o[p] = tx_idle && empty;
    assign util_by_host_o[p] = (req & host_gnt_i) != '0;

    snic_clk_gate u_gate (
        .clk_i,
        .en_i (ungate_i || !idle_o[p] || push_i[p] || encap_wr_i.valid || edit_wr_i.valid),
        .clk_o(clk)
    );
    snic_ram_fifo #(
        .Width(snic_pkg::EgressW),
        .Depth(Depth)
    ) u_recs (
        .clk_i(clk),
        .rst_ni,
        .valid_i(push_i[p]),
        .ready_o(),
        .data_i (rec_i),
        .valid_o(valid),
        .ready_i(ready),
        .data_o (rec),
        .empty_o(empty),
        .still_o()
    );
    wire_tx u_tx (
        .clk_i(clk),
        .rst_ni,
        .encap_wr_i,
        .encap_hdr_i,
        .rec_valid_i (valid),
        .rec_ready_o (ready),
        .rec_i       (rec),
        .edit_wr_i,
        .rd_req_o    (req),
        .rd_cell_o   (cell_idx),
        .rd_gnt_i    (gnt),
        .rd_data0_i  (rd_data_i[0+:512]),
        .rd_data1_i  (rd_data_i[512+:512]),
        .rd_data2_i  (rd_data_i[1024+:512]),
        .rel_o       (rel),
        .rel_slot_o  (rel_slot),
        .mac_valid_o (mac_valid_o[p]),
        .mac_ready_i (mac_ready_i[p]),
        .mac_data_o  (mac_data_o[512*p+:512]),
        .mac_sop_o   (mac_sop_o[p]),
        .mac_eop_o   (mac_eop_o[p]),
        .mac_bytes_o (mac_bytes_o[7*p+:7]),
        .stat_pkt_o  (stat_pkt),
        .stat_bytes_o(stat_bytes),
        .idle_o      (tx_idle)
    );
  end
endmodule
