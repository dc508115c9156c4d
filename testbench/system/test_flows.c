/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules of one's own: what they do to a replay, what they count, and what is said of those that the card has not. */
#include <string.h>

#include "run.h"

/* Rule of this place in the file: frames that found it, by the card, which the reference must have seen too. */
static double counted(const struct run *r, size_t rule)
{
	json_t *row = json_array_get(at(r->result, "measured.rules"), rule);

	CU_ASSERT_PTR_NOT_NULL(row);
	CU_ASSERT_EQUAL(json_number_value(json_object_get(row, "packets")),
			json_number_value(json_object_get(row, "reference_packets")));
	return json_number_value(json_object_get(row, "packets"));
}

/* The number of words in what a run printed. */
static bool prints(const struct run *r, const char *words)
{
	CU_ASSERT_PTR_NOT_NULL(strstr(r->out, words));
	return strstr(r->out, words) != NULL;
}

/* Flow n of gen goes from 10.0.0.0 to 11.0.0.n, from port 1024 + n to port 9. */
static void steered(void)
{
	struct run r;

	gen("steer.pcap", "--size 128 --count 4000 --flows 8");
	put("steer.txt",
	    "# by port, by network, the rest as ever\n"
	    "priority=10,udp,tp_src=1026,actions=output:vf2\n"
	    "priority=9,udp,nw_dst=11.0.0.4/30,actions=push_vlan:0x8100,mod_vlan_vid:7,mod_vlan_pcp:1,vf3\n"
	    "priority=8,udp,tp_src=1025,actions=drop\n"
	    "ip,nw_src=192.168.0.0/16,actions=drop\n"
	    "priority=1,in_port=p0,actions=normal\n");
	cosnic(&r, "replay --vfs 3 --flows steer.txt -p 20000000 steer.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT_EQUAL(counted(&r, 0), 500);
		CU_ASSERT_EQUAL(counted(&r, 1), 2000);
		CU_ASSERT_EQUAL(counted(&r, 2), 500);
		CU_ASSERT_EQUAL(counted(&r, 3), 0);
		CU_ASSERT_EQUAL(counted(&r, 4), 1000);
		CU_ASSERT_EQUAL(num(r.result, "measured.drops.drop_flow_action"), 500);
		CU_ASSERT(num(r.result, "check.compared") == 3500);
		CU_ASSERT_EQUAL(num(r.result, "predicted.rx.drops_by_rule"), 500);
		prints(&r, "rules   5 of steer.txt, 4 masks");
		prints(&r, "2: priority=10,udp,tp_src=1026,actions=output:vf2");
		prints(&r, "1 found no frame");
	}
	run_free(&r);
}

/* A mirror doubles the copies, and gets what nobody else does. */
static void mirrored(void)
{
	struct run r;

	gen("steer.pcap", "--size 128 --count 4000 --flows 8");
	put("mirror.txt", "udp,tp_src=1024,actions=normal,vf2\nudp,tp_src=1025,actions=vf1,vf2\n");
	cosnic(&r, "replay --vfs 2 --flows mirror.txt -p 20000000 steer.pcap");
	if (run_ended(&r, 0))
		CU_ASSERT(num(r.result, "check.expected") > 4000);
	run_free(&r);
	put("nobody.txt", "actions=normal,vf2\n");
	cosnic(&r, "replay --keep-macs --direction both --vfs 2 --flows nobody.txt -p 20000000 steer.pcap");
	if (run_ended(&r, 0))
		CU_ASSERT_EQUAL(num(r.result, "check.lost"), 0);
	run_free(&r);
}

/* From port to port no function is in the way: line rate, as predicted. */
static void port_to_port(void)
{
	struct run r;

	gen("p2p.pcap", "--size 64 --count 20000 --flows 64");
	put("p2p.txt", "in_port=p0 actions=output:p1\n");
	cosnic(&r, "replay --flows p2p.txt p2p.pcap");
	if (run_ended(&r, 0)) {
		CU_ASSERT_EQUAL(counted(&r, 0), 20000);
		CU_ASSERT(num(r.result, "measured.tx_p1.mpps") >= 148.7);
		CU_ASSERT(num(r.result, "error_pct.tx_p1.mpps") < 0.5 &&
			  num(r.result, "error_pct.tx_p1.mpps") > -0.5);
	}
	run_free(&r);
}

/* The reference says what a rule must count: also when frames are lost on their way to it. */
static void overloaded(void)
{
	struct run r;

	gen("p2p.pcap", "--size 64 --count 20000 --flows 64");
	put("over.txt", "in_port=p0,actions=normal,output:vf2\n");
	cosnic(&r, "replay --pcie gen3x8 --vfs 2 --flows over.txt p2p.pcap");
	if (run_ended(&r, 0)) {
		json_t *row = json_array_get(at(r.result, "measured.rules"), 0);

		CU_ASSERT(json_number_value(json_object_get(row, "packets")) < 20000);
		CU_ASSERT_EQUAL(json_number_value(json_object_get(row, "reference_packets")), 20000);
	}
	run_free(&r);
}

static double mapped(const struct run *r, size_t line)
{
	return json_number_value(
		json_object_get(json_array_get(at(r->result, "measured.map.lines"), line), "frames"));
}

/* Frames by address to functions and the queues that send them, tagged ones too. */
static void map(void)
{
	static const char *const directions[] = { "rx", "tx", "both", "vf2vf" };
	struct run r;
	size_t i;

	gen("steer.pcap", "--size 128 --count 4000 --flows 8");
	put("map.txt", "# address, match, the rest\n11.0.0.4/30 vf2\nudp,tp_src=1025 vf3\n* vf1\n");
	for (i = 0; i < 4; i++) {
		cosnic(&r,
		       "replay --direction %s --vfs 3 --queues 2 --map map.txt --enet-vlan add --enet-vlan-tag 9 -p 10000000 "
		       "steer.pcap",
		       directions[i]);
		if (run_ended(&r, 0)) {
			CU_ASSERT_EQUAL(num(r.result, "measured.map.by_none"), 0);
			CU_ASSERT_EQUAL(mapped(&r, 1), i == 2 ? 1000 : 500);
			CU_ASSERT_EQUAL(json_object_size(at(r.result, "measured.drops")), 0);
		}
		if (i == 0 && r.result) {
			CU_ASSERT_EQUAL(mapped(&r, 0), 2000);
			CU_ASSERT_EQUAL(
				json_number_value(json_object_get(
					json_array_get(at(r.result, "measured.per_vf"), 1), "rx_packets")),
				2000);
		}
		run_free(&r);
	}
}

static void refusals(void)
{
	gen("p2p.pcap", "--size 64 --count 20000 --flows 64");
	put("ct.txt", "# comment\ntcp,ct_state=+trk,actions=drop\n");
	refused(2, "ct.txt:2:5: ct_state", "leave it out", "replay --flows ct.txt p2p.pcap");
	put("vf9.txt", "actions=vf9\n");
	refused(2, "vf9.txt:1: vf9 is not there", "--vfs 9", "replay --flows vf9.txt p2p.pcap");
	put("drop.txt", "actions=drop\n");
	refused(2, "--rules 3", "give one of them", "replay --rules 3 --flows drop.txt p2p.pcap");
	put("map9.txt", "* vf9\n");
	refused(2, "map9.txt:1: vf9", "--vfs 9", "replay --map map9.txt p2p.pcap");
	put("queue.txt", "* vf1:0\n");
	refused(2, "queue.txt:1", "leave :0 out", "replay --vfs 1 --map queue.txt p2p.pcap");
	refused(2, "--keep-macs", "give one of them", "replay --vfs 1 --keep-macs --map queue.txt p2p.pcap");
	refused(2, "none.txt", "No such file", "replay --flows none.txt p2p.pcap");
}

int main(int argc, char **argv)
{
	static const struct cu_test tests[] = {
		{ "flows", "steered", steered },
		{ "flows", "mirrored", mirrored },
		{ "flows", "port_to_port", port_to_port },
		{ "flows", "overloaded", overloaded },
		{ "flows", "map", map },
		{ "flows", "refusals", refusals },
		{ NULL, NULL, NULL },
	};

	return cu_main(argc, argv, tests);
}
