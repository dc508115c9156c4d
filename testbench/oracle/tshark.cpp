// SPDX-License-Identifier: BSD-2-Clause
#include "tshark.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <pcap/pcap.h>
#include <sstream>
#include <sys/stat.h>

namespace {

// What the parser knows. All else is data to it, and so it is to tshark: nothing guesses at payload.
const char *const kProtocols = " frame eth ethertype vlan ieee8021ad mpls ip ipv6 ipv6.hopopts ipv6.routing "
			       "ipv6.routing.type.rt0 ipv6.routing.type.mipv6 ipv6.routing.type.srh "
			       "ipv6.routing.type.crh ipv6.dstopts ipv6.fraghdr ah tcp udp icmp icmpv6 gre "
			       "vxlan geneve data ";

// Each checksum verified; every frame by itself: no reassembly, no streams.
const char *const kOptions =
	" -n -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -o ip.defragment:FALSE"
	" -o ipv6.defragment:FALSE -o ip.tso_support:FALSE -o tcp.desegment_tcp_streams:FALSE"
	" -o tcp.analyze_sequence_numbers:FALSE -o tcp.calculate_timestamps:FALSE";

std::vector<std::string> split(const std::string &s, char by)
{
	std::vector<std::string> parts(1);

	for (char c : s)
		if (c == by)
			parts.emplace_back();
		else
			parts.back() += c;
	return parts;
}

using Pipe = std::unique_ptr<FILE, int (*)(FILE *)>;

bool line_of(FILE *f, std::string &line)
{
	char buf[4096];

	line.clear();
	while (fgets(buf, sizeof(buf), f)) {
		line += buf;
		if (line.back() == '\n') {
			line.pop_back();
			return true;
		}
	}
	return !line.empty();
}

// A configuration of its own, so that nobody's preferences count.
bool configure(const std::string &folder)
{
	Pipe p(popen("tshark -G protocols 2>/dev/null", "r"), pclose);
	std::string line;
	unsigned n = 0;

	mkdir(folder.c_str(), 0777);
	mkdir((folder + "/wireshark").c_str(), 0777);
	std::ofstream off(folder + "/wireshark/disabled_protos");
	while (p && line_of(p.get(), line)) {
		const std::vector<std::string> names = split(line, '\t');

		if (names.size() < 3)
			continue;
		n++;
		if (!strstr(kProtocols, (" " + names[2] + " ").c_str()))
			off << names[2] << "\n";
	}
	if (n < 1000)
		printf("    tshark does not list its protocols: install Debian's package tshark (.ci/deps.sh test)\n");
	return n >= 1000;
}

bool write_capture(const std::vector<Frame> &frames, const std::string &file)
{
	pcap_t *p = pcap_open_dead(DLT_EN10MB, 65535);
	pcap_dumper_t *d = pcap_dump_open(p, file.c_str());
	pcap_pkthdr h = {};
	bool good = d != nullptr;

	for (size_t i = 0; good && i < frames.size(); i++) {
		h.ts.tv_sec = long(i);
		h.len = h.caplen = unsigned(frames[i].b.size());
		pcap_dump(reinterpret_cast<u_char *>(d), &h, frames[i].b.data());
	}
	good = good && !pcap_dump_flush(d);
	if (d)
		pcap_dump_close(d);
	pcap_close(p);
	if (!good)
		printf("    %s: cannot be written: %s\n", file.c_str(), strerror(errno));
	return good;
}

} // namespace

bool tshark(const std::vector<Frame> &frames, const std::string &folder, std::vector<Dissection> &out)
{
	static const char *const names[] = {
#define FIELD(name, text) text,
		TSHARK_FIELDS(FIELD)
#undef FIELD
	};
	const std::string capture = folder + "/frames.pcap", errors = folder + "/tshark.log";
	std::string line, command = "XDG_CONFIG_HOME=" + folder + " tshark -r " + capture + kOptions +
				    " -T fields -E aggregator=\\|";

	if (!configure(folder) || !write_capture(frames, capture))
		return false;
	for (const char *name : names)
		command += std::string(" -e ") + name;
	command += " 2>" + errors;
	Pipe p(popen(command.c_str(), "r"), pclose);
	out.clear();
	while (p && line_of(p.get(), line)) {
		const std::vector<std::string> columns = split(line, '\t');
		Dissection d;

		for (size_t i = 0; i < columns.size() && i < Dissection::FIELDS; i++)
			if (!columns[i].empty())
				for (std::string &v : split(columns[i], '|'))
					d.f[i].push_back(v);
		if (!d.f[Dissection::PROTOCOLS].empty())
			d.layers = split(d.f[Dissection::PROTOCOLS][0], ':');
		out.push_back(d);
	}
	if (out.size() != frames.size())
		printf("    tshark answered for %zu of %zu frames: see %s\n", out.size(), frames.size(),
		       errors.c_str());
	return out.size() == frames.size();
}
