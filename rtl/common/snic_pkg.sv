// SPDX-License-Identifier: BSD-2-Clause
// Types and sizes that pass between the blocks of the device (what passes to software is in snic_contract_pkg).
// Style limits, so that yosys reads every block: no import, no parameter type, one packed dimension, no cast to a
// package type, no struct as a function argument.
package snic_pkg;
  localparam int KeyW = 768;   // snic_contract_pkg::key_t; yosys cannot name a type of another package here

  // Wire ports; each is an ingress with a packet buffer of its own and an egress. The host (what functions send, what they
  // receive) comes after them.
  localparam int Ports = 2;
  localparam int NBuf = Ports + 1;
  localparam int BufHost = Ports;
  localparam int NEgress = Ports + 1;
  localparam int EgHost = Ports;
  localparam int CellW = 12;   // up to 4096 cells of 64 B in a packet buffer
  localparam logic [47:0] HalfTime = 48'h8000_0000_0000;  // time wraps: a difference below it is not negative
  localparam int SlotW = 11;   // up to 2048 frames in a packet buffer
  localparam int HeldW = CellW + 1;   // cells of a buffer that wait for an egress

  // Several records in one port: of record i, bits i * W and up. Widths are those of a constant of the type (a width of a
  // type is nothing that yosys can ask for).

  // Read tags: each client owns a range, so a completion finds its client by its tag. On the link the highest bit is rd_timer's:
  // all ranges lie below 2048.
  localparam int TagW = 12;
  localparam int TagTxData = 0;      // frame data
  localparam int NTagTxData = 448;
  localparam int TagTxDesc = TagTxData + NTagTxData;  // TX descriptor lines
  localparam int NTagTxDesc = 352;
  localparam int TagRxDesc = TagTxDesc + NTagTxDesc;  // RX descriptor lines
  localparam int NTagRxDesc = 512;

  // A frame in a packet buffer. Its cells are contiguous (modulo the buffer); it is freed when every egress let go.
  typedef struct packed {
    logic [1:0]       buf_id;
    logic [SlotW-1:0] slot;
    logic [CellW-1:0] cell_idx;  // first cell
    logic [13:0]      len;       // bytes without FCS
  } pkt_ref_t;

  // What the parser says about the outermost headers, and what ends up in a completion.
  typedef struct packed {
    logic       frag;   // of the innermost IP datagram
    logic [3:0] perr;
    logic [1:0] l3;
    logic [2:0] l4;
    logic [2:0] tun;
    logic [1:0] il3;
    logic [2:0] il4;
    logic [1:0] l3ok;
    logic [1:0] l4ok;
    logic [1:0] il3ok;
    logic [1:0] il4ok;
  } parse_info_t;

  // Of a frame in which the parser entered a tunnel: what is behind the tunnel's header, and what a key of the outermost headers
  // would have that is nowhere else in meta_t. 0 without a tunnel.
  typedef struct packed {
    logic        eth;        // an Ethernet header is there
    logic        ad;         // its outermost tag, which is in the key, is 0x88a8
    logic [7:0]  start;      // where it begins
    logic [13:0] stop;       // where what the tunnel carries ends
    logic [15:0] ethertype;  // outermost, as all below
    logic [7:0]  proto;
    logic [7:0]  dscp;
    logic [15:0] sport;
    logic [15:0] dport;
  } tunnel_t;
  localparam tunnel_t NoTunnel = '0;
  localparam int TunnelW = $bits(NoTunnel);

  // What can be written into the outermost IP header, and behind it.
  typedef struct packed {
    logic ttl1;   // its TTL or hop limit is 1 or 0
    logic close;  // it stands behind two VLAN tags at most
    logic plain;  // ... what it carries comes right behind it, and its addresses are those of the pseudo header
  } rewrite_t;

  // Parser -> flow table and forwarding.
  typedef struct packed {
    tunnel_t                  tunnel;
    pkt_ref_t                 pkt;
    logic [8:0]               src;       // vport
    logic [47:0]              dmac;      // outermost
    logic [47:0]              smac;
    logic                     has_vlan;  // outermost tag (0x8100 or 0x88a8)
    logic                     ad;        // it is 0x88a8
    logic [15:0]              tci;
    rewrite_t                 rw;
    parse_info_t              info;
    logic [KeyW-1:0]          key;       // snic_contract_pkg::key_t
  } meta_t;

  // What actions are told of a frame, and what they change (snic_actions.def names these types).
  typedef struct packed {
    logic       can_decap;   // the card ends this tunnel, and there is Ethernet in it:
    logic       in_vlan;     // ... as has_vlan, l3 of what is inside
    logic [1:0] in_l3;
    logic       has_vlan;    // as received
    logic [1:0] l3;          // outermost
    logic [2:0] l4;
    rewrite_t   rw;
  } act_pkt_t;
  localparam act_pkt_t NoActPkt = '0;
  localparam int ActPktW = $bits(NoActPkt);
  typedef struct packed {
    logic        drop;
    logic        fwd;        // instead of what the MAC table says
    logic [9:0]  fwd_vport;
    logic        mir;
    logic [9:0]  mir_vport;
  } act_dest_t;
  localparam act_dest_t NoActDest = '0;
  localparam int ActDestW = $bits(NoActDest);
  typedef struct packed {
    logic        pop;        // remove the outermost tag
    logic        push;       // then put push_tci (802.1Q) in front
    logic [15:0] push_tci;
  } act_tag_t;
  localparam act_tag_t NoActTag = '0;
  localparam int ActTagW = $bits(NoActTag);
  typedef struct packed {
    logic [7:0]  row;
    logic        encap;      // template `row` in front of it, on a wire
    logic        cannot;     // what the entry asks for: as a miss
    logic        decap;
  } act_tun_t;
  localparam act_tun_t NoActTun = '0;
  localparam int ActTunW = $bits(NoActTun);
  typedef logic [23:0] act_mark_t;
  typedef logic act_count_t;
  typedef struct packed {    // what is written into the frame where it leaves: the same for all copies
    logic       dttl_no;     // cannot be done: the frame goes to the PF as received
    logic       edit_no;
    logic [1:0] l3;          // outermost, as parsed
    logic [1:0] l4;          // L4Sum*: whose checksum has the addresses and ports in it
    logic       dscp;
    logic       dttl;
    logic       edit;        // MAC addresses of edit `id`
    logic       ip4;         // ... its addresses
    logic       ip6;
    logic       ports;
    logic [5:0] dscp_value;
    logic [9:0] id;
  } act_edit_t;
  localparam logic [1:0] L4SumNone = 2'd0, L4SumTcp = 2'd1, L4SumUdp = 2'd2, L4SumIcmp = 2'd3;
  localparam act_edit_t NoEdit = '0;
  localparam int EditW = $bits(NoEdit);

  // Forwarding -> egress FIFOs. The same record goes to each egress of the frame.
  typedef struct packed {
    logic        encap;      // wire egress: headers of template `row` in front, when all else is done
    logic [7:0]  row;
    logic [5:0]  strip;      // bytes of the first cell that are not the frame's any more (pkt.len counts them)
    act_edit_t   edit;
    logic        two;        // host egress, when not flood: function `mir` gets it, too
    logic [7:0]  mir;
    pkt_ref_t    pkt;
    logic [8:0]  src;
    logic        flood;      // host egress: a bitmap names the functions, two or more; goes by the flood store
    logic [7:0]  func;       // host egress, when not flood
    logic        pop;        // remove the outermost tag (only set when there is one)
    logic        push;       // then put push_tci (802.1Q) in front
    logic [15:0] push_tci;
    logic        has_vlan;   // after pop/push: the frame as it leaves has an outermost tag
    logic        ad;         // ... and its type is 0x88a8
    logic [15:0] tci;        // ... and this is it
    logic [31:0] rss;        // Toeplitz hash
    logic [23:0] mark;
    logic [1:0]  hit;
    parse_info_t info;
  } egress_t;

  localparam meta_t NoMeta = '0;
  localparam int MetaW = $bits(NoMeta);
  localparam int MetaSlotW = (MetaW + 31) / 32 * 32;  // several of them: whole words, which a simulation copies as such
  localparam egress_t NoEgress = '0;
  localparam int EgressW = $bits(NoEgress);

  // Writer -> packet buffer: allocation at the free end, write (data goes beside it), commit in the order of slots. pkt_buf
  // says more.
  typedef struct packed {
    logic             alloc;
    logic [7:0]       alloc_cells;
    logic             valid;        // of the write
    logic [SlotW-1:0] slot;
    logic [CellW-1:0] cell_idx;
    logic             hi_valid;     // the cell after it, too
    logic             undo;         // writes at the free end were for nothing
    logic             commit;
    logic [SlotW-1:0] commit_slot;
    logic [CellW-1:0] commit_cell;
    logic [13:0]      commit_len;
    logic [8:0]       commit_src;
  } buf_wr_t;
  // With the commit of a frame of the PF: where it is to go, if its descriptor says so (TX_DESC.TO).
  typedef struct packed {
    logic       named;
    logic [9:0] vport;
  } tx_to_t;
  localparam tx_to_t NoTxTo = '0;
  localparam int TxToW = $bits(NoTxTo);
  typedef struct packed {
    logic             valid;
    logic [SlotW-1:0] slot;
    tx_to_t           to;
  } to_wr_t;

  // Packet buffer -> writer: the free end.
  typedef struct packed {
    logic             ok;           // there is a slot, and room for the longest frame
    logic [SlotW-1:0] slot;
    logic [CellW-1:0] cell_idx;
    logic [SlotW:0]   slots;        // free, in all
    logic [CellW:0]   cells;
  } buf_free_t;
  // Egress -> packet buffers: a bit a buffer. Data comes in the cycle after the grant.
  typedef struct packed {
    logic [NBuf-1:0]  req;
    logic [CellW-1:0] cell_idx;
    logic [NBuf-1:0]  rel;          // it has read the frame for the last time
    logic [SlotW-1:0] rel_slot;
  } buf_rd_t;
  localparam buf_rd_t NoBufRd = '0;
  localparam int BufRdW = $bits(NoBufRd);

  // A frame passed a wire port.
  typedef struct packed {
    logic        pkt;
    logic [13:0] bytes;
  } port_stat_t;
  localparam port_stat_t NoPortStat = '0;
  localparam int PortStatW = $bits(NoPortStat);

  // What is written anew in a frame's first bytes (snic_contract_pkg::tx_desc_t, tx_ctx_t).
  typedef struct packed {
    logic       csum;    // a checksum only
    logic       cut;     // a segment's headers
    logic [7:0] start;   // of the checksum's bytes: L4
    logic [7:0] off;     // its place, from there
    logic [8:0] hdr;     // up to here it is all
    logic [7:0] l3;
    logic [7:0] ol3;
    logic       ip6;
    logic       udp;
    logic       fixid;
    logic       oip4;
  } tx_edit_t;
  localparam tx_edit_t NoTxEdit = '0;
  localparam int TxEditW = $bits(NoTxEdit);
  // Which segment it is.
  typedef struct packed {
    logic        first;
    logic        last;
    logic [10:0] seg;
    logic [17:0] sent;    // payload in those before it
  } tx_part_t;
  localparam tx_part_t NoTxPart = '0;
  localparam int TxPartW = $bits(NoTxPart);

  // Storm control's places for flooded frames: forward -> flood_store, with a record, and back when they are free again.
  typedef struct packed {
    logic         valid;
    logic [255:0] funcs;
    logic [9:0]   cell_idx;
    logic [9:0]   slot;
    logic [1:0]   pool;
  } flood_t;
  typedef struct packed {
    logic       valid;
    logic [1:0] pool;
    logic [7:0] cells;
    logic [7:0] func;
  } flood_free_t;

  // Config space events from the PCI shell.
  typedef struct packed {
    logic       valid;
    logic [7:0] func;
    logic       bme_we;   // bus master enable := bme
    logic       bme;
    logic       flr;      // function-level reset
  } cfg_t;

  // MMIO request and the registers' answer.
  typedef struct packed {
    logic        we;
    logic [7:0]  func;
    logic [14:0] addr;    // 8 B aligned; be says which bytes
    logic [7:0]  be;
    logic [63:0] wdata;
    logic [7:0]  tag;
  } mmio_req_t;

  // Upstream TLPs with data (MWr, CplD, MSI-X message). hdr is valid with sop; payload byte 0 is data[7:0] of the first beat.
  localparam int UpMwr = 0;
  localparam int UpCplD = 1;   // MMIO read: len 8, data[63:0]
  localparam int UpMsi = 2;    // addr[3:0] vector, len 4
  typedef struct packed {
    logic [1:0]  kind;
    logic [7:0]  func;     // requester id
    logic [63:0] addr;     // byte address; an MWr never crosses 4 KiB nor is longer than MPS
    logic [12:0] len;      // bytes
    logic [7:0]  tag;      // CplD: tag of the request
  } up_hdr_t;

  localparam up_hdr_t NoUpHdr = '0;
  localparam int UpHdrW = $bits(NoUpHdr);

  // Read requests (header only). Never cross 4 KiB nor MRRS.
  typedef struct packed {
    logic [7:0]      func;
    logic [63:0]     addr;
    logic [12:0]     len;   // bytes, 1..4096
    logic [TagW-1:0] tag;
  } rd_req_t;
  localparam rd_req_t NoRdReq = '0;
  localparam int RdReqW = $bits(NoRdReq);

  // Read completions; hdr with sop. Data starts at data[7:0] of each TLP; one request may be answered by several TLPs,
  // in address order, and TLPs of different tags may interleave (TLP-wise) and overtake each other.
  typedef struct packed {
    logic [TagW-1:0] tag;
    logic [2:0]      status;  // 0 SC, 1 UR, 4 CA, 7 poisoned, inside also 6: not answered. With an error: one beat, no data, last is set
    logic            last;    // this TLP completes the request
    logic [12:0]     len;     // bytes in this TLP
  } cpl_hdr_t;

  // Configuration writes, broadcast by the registers; each block keeps what it needs. One a cycle, no back-pressure.
  // Queue register: offset 4*idx in the queue pair's block (0..3 TX base/wb, 4 TX cfg, 8..11 RX, 12 RX cfg).
  // QcfgClear: the end of a function's reset, all registers of the queue pair are 0.
  localparam int QcfgClear = 15;
  typedef struct packed {
    logic        valid;
    logic [10:0] qid;
    logic [3:0]  idx;
    logic [31:0] data;
  } qcfg_wr_t;
  typedef struct packed {   // function table row
    logic        valid;
    logic [7:0]  func;
    logic [47:0] mac;       // as a number: first byte on the wire is bits 47:40
    logic [15:0] vlan;
    logic [10:0] flags;     // FT_FLAGS
  } ft_wr_t;
  typedef struct packed {   // RSS indirection: 8 entries of 4 bits
    logic        valid;
    logic [7:0]  func;
    logic [3:0]  idx;
    logic [31:0] data;
  } indir_wr_t;
  typedef struct packed {   // MAC table slot
    logic        valid;
    logic        tbl;
    logic [7:0]  set_idx;
    logic [1:0]  way;
    logic        en;
    logic [8:0]  vport;
    logic [59:0] key;       // {vid, mac}
  } mac_wr_t;
  typedef struct packed {   // VLAN membership word
    logic        valid;
    logic [11:0] vid;
    logic [2:0]  word;
    logic [31:0] data;
  } vlan_wr_t;
  typedef struct packed {   // VTEP table row
    logic         valid;
    logic [5:0]   row;
    logic         en;
    logic [5:0]   tunnel;
    logic [1:0]   ports;    // from these wire ports
    logic         v6;
    logic [7:0]   proto;
    logic [15:0]  dport;
    logic [47:0]  mac;
    logic [127:0] ip;
  } vtep_wr_t;
  typedef struct packed {   // ENCAP_CFG
    logic         ecn;
    logic         dscp;
    logic         ttl;
    logic         udp;
    logic         v6;
    logic [5:0]   l3;
    logic [7:0]   len;
  } encap_cfg_t;
  localparam encap_cfg_t NoEncapCfg = '0;
  localparam int EncapCfgW = $bits(NoEncapCfg);
  typedef struct packed {   // template; its bytes go beside it
    logic         valid;
    logic [7:0]   row;
    logic         en;
    logic [13:0]  max;
    encap_cfg_t   cfg;
  } encap_wr_t;
  typedef struct packed {   // UDP destination ports by which tunnels are told
    logic [15:0]  vxlan;
    logic [15:0]  geneve;
    logic [15:0]  mpls;
  } tun_ports_t;
  typedef struct packed {   // storm control of VFs, PF, wire ports 0, 1 (from the low end): STORM_COST, STORM_LIMIT
    logic [63:0]  cost;
    logic [127:0] limit;
  } storm_cfg_t;
  typedef struct packed {   // doorbell
    logic        valid;
    logic [10:0] qid;
    logic [15:0] tail;
  } doorbell_t;
  // Is anything of the queue under way after it was switched off? Asked as its TXQ_CFG or RXQ_CFG is read, in step with
  // the writes; the engine answers two cycles later, and its answer stays until the next question.
  typedef struct packed {
    logic        valid;
    logic        rx;
    logic [10:0] qid;
  } qask_t;
  typedef struct packed {   // interrupt arm
    logic        valid;
    logic [7:0]  func;
    logic [3:0]  vec;
    logic [15:0] gap;       // 16-cycle units
  } int_arm_t;

  // An interrupt is due: a vector's event.
  typedef struct packed {
    logic [7:0] func;
    logic [3:0] vec;
  } int_t;
  localparam int_t NoInt = '0;
  localparam int IntW = $bits(NoInt);
  // A frame that a function got or sent; one that was dropped for it.
  typedef struct packed {
    logic        valid;
    logic [7:0]  func;
    logic [13:0] bytes;
  } func_stat_t;
  // Something about a function: it is to be flushed, cleared; a queue of it stopped; a frame of it was dropped.
  typedef struct packed {
    logic        valid;
    logic [7:0]  func;
  } func_t;

  // Utilisation: a bit for a counter of snic_util.def, in the cycles that it counts.
  typedef struct packed {
    logic flow_busy;
    logic flow_by_rule_search;
    logic flow_by_forward;
    logic flow_by_host;
    logic search_busy;
    logic forward_busy;
  } util_pipe_t;
  typedef struct packed {
    logic copies_busy;
    logic copies_by_host;
    logic writes_busy;
    logic writes_by_pcie_up;
    logic writes_by_wire_out;
    logic writes_by_dma_tags;
    logic writes_by_host;
  } util_rx_t;
  typedef struct packed {
    logic lines_busy;
    logic lines_by_pcie_up;
    logic descs_busy;
    logic reads_busy;
    logic reads_by_pcie_up;
    logic reads_by_buffer;     // no room in the packet buffer
  } util_tx_t;

  // A PTP clock at a reference: ns with 32 bits of fraction then, and its rate in ns a cycle with as many. Rate 0: it stands still.
  typedef struct packed {
    logic [47:0] cycles;
    logic [95:0] ns;
    logic [39:0] rate;
  } ptp_ref_t;

  // Flow table operation: held until done.
  typedef struct packed {
    logic                    valid;
    logic [7:0]              op;     // FLOP_*
    logic [23:0]             arg;
    logic [KeyW-1:0]         key;
    logic [127:0]            act;
    logic [31:0]             slot;
  } flow_op_t;
  typedef struct packed {
    logic        done;     // pulse
    logic [47:0] pkts;
    logic [47:0] bytes;
    logic [47:0] seen;
  } flow_rsp_t;
  // An edit is stored where frames leave; words as FLOW_KEY has them.
  typedef struct packed {
    logic            valid;
    logic [9:0]      id;
    logic [KeyW-1:0] words;  // {mask, value}, each an edit_t
  } edit_wr_t;
endpackage
