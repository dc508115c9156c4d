#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The card's tunnels against Linux' own: what the kernel's vxlan, geneve and gretap devices put into a tunnel comes out of
the card (DECAP) byte for byte, and what the card puts into one (ENCAP) comes out of them. tshark finds nothing wrong with either.

Needs a network namespace of its own (unshare -rn); without one it says so and passes. COSNIC names another program.
"""

import os
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COSNIC = Path(os.environ.get("COSNIC", ROOT / "build" / "cosnic")).resolve()
CARD, PEER = "02:00:00:00:00:01", "02:00:00:00:00:02"  # outer addresses
VM, OTHER = bytes.fromhex("025c00000001"), bytes.fromhex("029900000000")
FRAMES = 60
KINDS = {
    "vxlan": ("192.168.0.1", "192.168.0.2", "vxlan id 100 dstport 4789 noudpcsum", "udp"),
    "vxlan6": ("2001:db8::1", "2001:db8::2", "vxlan id 100 dstport 4789 udp6zerocsumtx udp6zerocsumrx", "udp"),
    "geneve": ("192.168.0.1", "192.168.0.2", "geneve id 100 dstport 6081 noudpcsum", "udp"),
    "gre": ("192.168.0.1", "192.168.0.2", "gretap key 100", "gre"),
}


def sh(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def pcap(path, frames):
    with open(path, "wb") as f:
        f.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for i, b in enumerate(frames):
            f.write(struct.pack("<IIII", 0, i, len(b), len(b)) + b)


def pcapng(path):
    """Frames by the name of the interface that they left by."""
    data, names, out = Path(path).read_bytes(), [], {}
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<II", data, at)
        body = data[at + 8 : at + size - 4]
        if kind == 1:
            name, o = "", 8
            while o + 4 <= len(body):
                code, n = struct.unpack_from("<HH", body, o)
                if code == 2:
                    name = body[o + 4 : o + 4 + n].decode()
                if code == 0:
                    break
                o += 4 + (n + 3) // 4 * 4
            names.append(name)
        elif kind == 6:
            i, _, _, n = struct.unpack_from("<IIII", body)
            out.setdefault(names[i], []).append(body[20 : 20 + n])
        at += size
    return out


def checksum(b):
    s = sum(struct.unpack(f">{len(b) // 2}H", b[: len(b) // 2 * 2])) + (b[-1] << 8 if len(b) % 2 else 0)
    while s >> 16:
        s = (s & 0xFFFF) + (s >> 16)
    return ~s & 0xFFFF


def inner(i, size):
    """Frame i of so many bytes: UDP over IPv4 of many flows."""
    src, dst = struct.pack(">I", 0x0A000001 + i), struct.pack(">I", 0x0B000001 + i % 7)
    data = bytes((i + k) & 255 for k in range(size - 42))
    udp = struct.pack(">HHHH", 1000 + i, 9, 8 + len(data), 0) + data
    csum = checksum(src + dst + struct.pack(">HH", 17, len(udp)) + udp) or 0xFFFF
    udp = udp[:6] + struct.pack(">H", csum) + udp[8:]
    ip = struct.pack(">BBHHHBBH", 0x45, i & 0xFC, 20 + len(udp), i, 0x4000, 5 + i, 17, 0) + src + dst
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    return OTHER + VM + b"\x08\x00" + ip + udp


def take(sock, want):
    got = []
    sock.settimeout(3)
    try:
        while len(got) < want:
            b = sock.recv(65535)
            # neighbour discovery and the like are the kernel's own
            if (b[:6] in (OTHER, VM) and b[12:14] == b"\x08\x00") or b[:12].hex() == (CARD + PEER).replace(":", ""):
                got.append(b)
    except socket.timeout:
        pass
    return got


def packet_socket(dev):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind((dev, 0))
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    return s


def replay(folder, frames, flows, tunnels, *more):
    pcap(folder / "in.pcap", frames)
    (folder / "flows").write_text(flows)
    (folder / "tunnels").write_text(tunnels)
    words = [COSNIC, "replay", folder / "in.pcap", "--direction", "rx", "--keep-macs", "--switchdev", "--vfs", "1",
             "--flows", folder / "flows", "--tunnels", folder / "tunnels", "--out-pcap", folder / "out.pcapng",
             "--out", folder / "result", "--json", *more]
    r = subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False)
    if r.returncode:
        sys.exit(f"cosnic replay: {r.stderr}{r.stdout}")
    return pcapng(folder / "out.pcapng")


def tshark_finds(path):
    """Frames with a wrong checksum, or cut, or that are no tunnel to it."""
    r = subprocess.run(
        ["tshark", "-n", "-r", str(path), "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", "-Y",
         "ip.checksum.status == 0 || udp.checksum.status == 0 || _ws.malformed || _ws.short || !(vxlan || geneve || gre)"],
        capture_output=True, text=True, check=True)
    return r.stdout


def one(kind, folder):
    card_ip, peer_ip, device, _ = KINDS[kind]
    v6, local, remote = ":" in card_ip, card_ip, peer_ip
    words = device.split()
    sh("ip", "link", "add", "wire", "address", PEER, "type", "veth", "peer", "name", "card", "address", CARD)
    try:
        sh("ip", "addr", "add", f"{peer_ip}/{64 if v6 else 24}", "dev", "wire", *(["nodad"] if v6 else []))
        for dev in ("wire", "card"):
            sh("ip", "link", "set", dev, "mtu", "2000", "up")
        sh("ip", "neigh", "add", card_ip, "lladdr", CARD, "dev", "wire")
        ends = ["remote", card_ip] + ([] if words[0] == "geneve" else ["local", peer_ip])
        if subprocess.run(["ip", "link", "add", "tun", "type", words[0], *words[1:], *ends], stderr=subprocess.DEVNULL,
                          check=False).returncode:
            print(f"       {kind}: this kernel has no such device")
            return 0
        # the kernel's own multicast reports go through the tunnel, too, and were taken for one of the frames
        Path("/proc/sys/net/ipv6/conf/tun/disable_ipv6").write_text("1")
        sh("ip", "link", "set", "tun", "mtu", "1500", "up")
        frames = [inner(i, 60 + 17 * i if i % 5 else 1514) for i in range(FRAMES)]
        flows = "in_port=tunnel0,actions=output:vf1\nin_port=p1,actions=output:tunnel0\nin_port=p0,actions=output:tunnel0\n"
        mine = (f"tunnel0 type={'gre' if words[0] == 'gretap' else words[0]},local_ip={local},mac={CARD},remote_ip={remote},"
                f"peer_mac={PEER},key=100,ttl=inherit,tos=inherit\n")
        card, tun = packet_socket("card"), packet_socket("tun")
        # the kernel wraps, the card opens
        for b in frames:
            tun.send(b)
        wrapped = take(card, FRAMES)
        assert len(wrapped) == FRAMES, f"{kind}: the kernel sent {len(wrapped)} of {FRAMES}"
        out = replay(folder, wrapped, flows, mine)
        opened = [b for name, bs in out.items() if name.startswith("vf1") for b in bs]
        assert sorted(opened) == sorted(frames), f"{kind}: the card opened {len(opened)}, not what was sent: {sorted(out)}"
        # the card wraps, the kernel opens
        back = [VM + OTHER + b[12:] for b in frames]
        out = replay(folder, back, flows.replace("in_port=p0,actions=output:tunnel0", "in_port=vf1,actions=drop")
                     .replace("in_port=p1", "in_port=p0"), mine.replace("\n", ",port=p1\n"))
        sent = out.get("port1", [])
        assert len(sent) == FRAMES, f"{kind}: the card wrapped {len(sent)}: {sorted(out)}"
        pcap(folder / "sent.pcap", sent)
        assert not tshark_finds(folder / "sent.pcap"), tshark_finds(folder / "sent.pcap")
        tun.close()
        tun = packet_socket("tun")
        for b in sent:
            card.send(bytes.fromhex(PEER.replace(":", "")) + b[6:])
        got = take(tun, FRAMES)
        assert sorted(got) == sorted(back), f"{kind}: the kernel opened {len(got)} of {FRAMES}"
        print(f"  ok   {kind}: {FRAMES} frames each way, the same bytes")
        return 1
    finally:
        for dev in ("tun", "wire"):
            subprocess.run(["ip", "link", "del", dev], stderr=subprocess.DEVNULL, check=False)


def main():
    if os.environ.get("COSNIC_NETNS") != "1":
        env = dict(os.environ, COSNIC_NETNS="1")
        if subprocess.run(["unshare", "-rn", "true"], stderr=subprocess.DEVNULL, check=False).returncode:
            print("test_kernel_tunnel: no network namespace to be had here (unshare -rn): not run\n0 passed, 0 failed")
            return 0
        return subprocess.run(["unshare", "-rn", sys.executable, __file__], env=env, check=False).returncode
    with tempfile.TemporaryDirectory() as folder:
        passed = sum(one(kind, Path(folder)) for kind in KINDS)
    print(f"{passed} passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
