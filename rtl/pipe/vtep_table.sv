// SPDX-License-Identifier: BSD-2-Clause
// Ends of tunnels that the card has itself: is a frame's outer destination one of them, and which tunnel port is it then? All rows
// at once, the lowest that fits. A row is written in a cycle: a frame finds the old one or the new one.
module vtep_table (
    input  logic               clk_i,
    input  logic               rst_ni,
    input  snic_pkg::vtep_wr_t wr_i,
    input  logic               valid_i,
    input  logic [1:0]         port_i,    // one-hot: the wire port that the frame came in on
    input  logic [47:0]        dmac_i,    // of the outermost headers, as what follows
    input  logic               v6_i,
    input  logic [127:0]       dip_i,
    input  logic [7:0]         proto_i,
    input  logic [15:0]        dport_i,
    output logic               hit_o,
    output logic [5:0]         tunnel_o
);
  localparam int Rows = snic_contract_pkg::VTEP_ENTRIES;
  localparam int KeyW = 1 + 8 + 16 + 48 + 128;

  logic [Rows-1:0] valid_q;
  logic [1:0] ports_q[Rows];
  logic [5:0] tunnel_q[Rows];
  logic [KeyW-1:0] key_q[Rows];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else if (wr_i.valid) valid_q[wr_i.row] <= wr_i.en;
    if (wr_i.valid) begin
      ports_q[wr_i.row]  <= wr_i.ports;
      tunnel_q[wr_i.row] <= wr_i.tunnel;
      key_q[wr_i.row]    <= {wr_i.v6, wr_i.proto, wr_i.dport, wr_i.mac, wr_i.ip};
    end
  end

  logic [KeyW-1:0] key;
  always_comb begin
    hit_o    = 1'b0;
    tunnel_o = '0;
    key      = '0;
    if (valid_i && valid_q != '0) begin
      key = {v6_i, proto_i, dport_i, dmac_i, dip_i};
      for (int r = Rows - 1; r >= 0; r--) begin
        if (valid_q[r] && (ports_q[r] & port_i) != '0 && key_q[r] == key) begin
          hit_o    = 1'b1;
          tunnel_o = tunnel_q[r];
        end
      end
    end
  end
endmodule
