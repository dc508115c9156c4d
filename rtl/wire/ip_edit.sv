// SPDX-License-Identifier: BSD-2-Clause
// Writes bits of the outermost IP header into a frame's first beat, where that is behind two tags at most; IPv4's header checksum
// follows by the difference (RFC 1624, equation 3), so one that was wrong stays wrong.
module ip_edit (
    input  logic [511:0]        data_i,     // byte k of the frame is data_i[8*k+:8]
    input  logic                sop_i,
    input  snic_pkg::act_edit_t edit_i,
    output logic [511:0]        data_o
);
  logic [1:0] tags;
  logic [5:0] ip;         // where the header begins
  logic [8:0] at;         // bit of the 16 that are written
  logic [8:0] csum_at;
  logic [15:0] ip_type, was, becomes, csum;
  logic [17:0] sum;       // one's complement: carries come back in, twice

  always_comb begin
    data_o  = data_i;
    tags    = '0;
    ip      = '0;
    at      = '0;
    csum_at = '0;
    ip_type = '0;
    was     = '0;
    becomes = '0;
    csum    = '0;
    sum     = '0;
    if (sop_i && edit_i.en) begin
      for (int n = 0; n < 2; n++) begin
        ip_type = {data_i[8*(12+4*n)+:8], data_i[8*(13+4*n)+:8]};
        if (tags == 2'(n) && (ip_type == 16'h8100 || ip_type == 16'h88a8)) tags = 2'(n + 1);
      end
      ip      = 6'd14 + {2'd0, tags, 2'd0};
      at      = {ip + {1'b0, edit_i.half, 1'b0}, 3'd0};
      csum_at = {ip + 6'd10, 3'd0};
      ip_type = {data_i[{ip - 6'd2, 3'd0}+:8], data_i[{ip - 6'd1, 3'd0}+:8]};
      was     = {data_i[at+:8], data_i[at+9'd8+:8]};
      becomes = (was & ~edit_i.mask) | edit_i.value;
      csum    = {data_i[csum_at+:8], data_i[csum_at+9'd8+:8]};
      if (ip_type == (edit_i.v4 ? 16'h0800 : 16'h86dd)) begin
        data_o[at+:16] = {becomes[7:0], becomes[15:8]};
        sum = {2'd0, ~csum} + {2'd0, ~was} + {2'd0, becomes};
        sum = {2'd0, sum[15:0]} + {16'd0, sum[17:16]};
        sum = {2'd0, sum[15:0]} + {16'd0, sum[17:16]};
        if (edit_i.v4) data_o[csum_at+:16] = ~{sum[7:0], sum[15:8]};
      end
    end
  end
endmodule
