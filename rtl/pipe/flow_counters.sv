// SPDX-License-Identifier: BSD-2-Clause
// Packets, bytes and last-seen time of each entry, exact ones first, then rules. A frame a cycle: read, add,
// write back; a count that follows on the same entry takes the sum from the write that is still on its way
// into the RAM. Counters are cleared when their entry is set; before that they mean nothing. Time 0 of a frame is
// kept as 1: 0 says that there was none.
module flow_counters #(
    parameter int Entries = snic_contract_pkg::FLOW_ENTRIES + snic_contract_pkg::RULE_ENTRIES,
    parameter int IdW     = $clog2(Entries)
) (
    input  logic           clk_i,
    input  logic           rst_ni,
    input  logic           count_i,
    input  logic           clear_i,
    input  logic           read_i,   // at most one of the three
    input  logic [IdW-1:0] id_i,
    input  logic [13:0]    len_i,
    input  logic [47:0]    now_i,
    output logic           valid_o,  // a clear or a read is done
    output logic [143:0]   value_o,  // {seen, bytes, pkts}
    output logic           idle_o
);
  logic s1_count_q, s1_clear_q, s1_read_q, recent_q;
  logic [IdW-1:0] s1_id_q, wr_id_q;
  logic [13:0] s1_len_q;
  logic [47:0] s1_now_q;
  logic [143:0] mem_value, old, sum, wr_value_q;
  logic any, wen;

  assign any = count_i || clear_i || read_i;
  assign wen = s1_count_q || s1_clear_q;
  assign old = recent_q && wr_id_q == s1_id_q ? wr_value_q : mem_value;
  assign sum = s1_clear_q ? '0 : {s1_now_q, old[95:48] + 48'(s1_len_q), old[47:0] + 48'd1};

  snic_ram #(
      .Width(144),
      .Depth(Entries)
  ) u_ram (
      .clk_i,
      .wen_i  (wen),
      .waddr_i(s1_id_q),
      .wdata_i(sum),
      .ren_i  (any),
      .raddr_i(id_i),
      .rdata_o(mem_value)
  );

  assign idle_o = !s1_count_q && !s1_clear_q && !s1_read_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      s1_count_q <= 1'b0;
      s1_clear_q <= 1'b0;
      s1_read_q  <= 1'b0;
      recent_q   <= 1'b0;
      valid_o    <= 1'b0;
    end else begin
      s1_count_q <= count_i;
      s1_clear_q <= clear_i;
      s1_read_q  <= read_i;
      recent_q   <= wen;
      valid_o    <= s1_clear_q || s1_read_q;
    end
    if (any) begin
      s1_id_q  <= id_i;
      s1_len_q <= len_i;
      s1_now_q <= now_i == '0 ? 48'd1 : now_i;
    end
    if (wen) begin
      wr_id_q    <= s1_id_q;
      wr_value_q <= sum;
    end
    if (s1_clear_q) value_o <= '0;
    else if (s1_read_q) value_o <= old;
  end
endmodule
