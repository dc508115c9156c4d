// SPDX-License-Identifier: BSD-2-Clause
// One round of Bob Jenkins' lookup3 (Linux <linux/jhash.h>, jhash2) over three dwords, registered.
//
// The hash of n dwords k[0..n-1] with a seed, which software computes alike:
//
//   a = b = c = 0xdeadbeef + 4 * n + seed
//   while more than three dwords are left:  a += k[0], b += k[1], c += k[2], mix(a, b, c), k += 3
//   last 1..3 dwords: a += k[0], b += k[1] if there, c += k[2] if there; final(a, b, c)
//
//   mix:    a-=c a^=c<<<4  c+=b   b-=a b^=a<<<6  a+=c   c-=b c^=b<<<8 b+=a
//           a-=c a^=c<<<16 c+=b   b-=a b^=a<<<19 a+=c   c-=b c^=b<<<4 b+=a
//   final:  c^=b c-=b<<<14  a^=c a-=c<<<11  b^=a b-=a<<<25  c^=b c-=b<<<16
//           a^=c a-=c<<<4   b^=a b-=a<<<14  c^=b c-=b<<<24
//
// Two results: c, the primary, is what jhash2() returns; b is the secondary (hashword2() with *pb = 0).
module jhash_round #(
    parameter bit Final = 1'b0
) (
    input  logic        clk_i,
    input  logic        valid_i,
    input  logic [95:0] abc_i,  // {c, b, a}
    input  logic [95:0] k_i,    // {k[2], k[1], k[0]}
    output logic [95:0] abc_o
);
  function automatic logic [95:0] mix(input logic [31:0] ai, input logic [31:0] bi, input logic [31:0] ci);
    logic [31:0] a, b, c;
    a = ai;
    b = bi;
    c = ci;
    a = (a - c) ^ {c[27:0], c[31:28]};
    c = c + b;
    b = (b - a) ^ {a[25:0], a[31:26]};
    a = a + c;
    c = (c - b) ^ {b[23:0], b[31:24]};
    b = b + a;
    a = (a - c) ^ {c[15:0], c[31:16]};
    c = c + b;
    b = (b - a) ^ {a[12:0], a[31:13]};
    a = a + c;
    c = (c - b) ^ {b[27:0], b[31:28]};
    b = b + a;
    mix = {c, b, a};
  endfunction

  function automatic logic [95:0] fin(input logic [31:0] ai, input logic [31:0] bi, input logic [31:0] ci);
    logic [31:0] a, b, c;
    a = ai;
    b = bi;
    c = ci;
    c = (c ^ b) - {b[17:0], b[31:18]};
    a = (a ^ c) - {c[20:0], c[31:21]};
    b = (b ^ a) - {a[6:0], a[31:7]};
    c = (c ^ b) - {b[15:0], b[31:16]};
    a = (a ^ c) - {c[27:0], c[31:28]};
    b = (b ^ a) - {a[17:0], a[31:18]};
    c = (c ^ b) - {b[7:0], b[31:8]};
    fin = {c, b, a};
  endfunction

  always_ff @(posedge clk_i) begin
    if (valid_i) begin
      if (Final) begin
        abc_o <= fin(abc_i[31:0] + k_i[31:0], abc_i[63:32] + k_i[63:32], abc_i[95:64] + k_i[95:64]);
      end else begin
        abc_o <= mix(abc_i[31:0] + k_i[31:0], abc_i[63:32] + k_i[63:32], abc_i[95:64] + k_i[95:64]);
      end
    end
  end
endmodule
