/* SPDX-License-Identifier: BSD-2-Clause */
/* What was run: settings and captures. */
#include "result_parts.h"

#include <stdio.h>

#include "snic_contract.h"

/* What `cosnic gen` was asked for; a size is a name like imix too. */
static json_t *traffic_json(const struct options *gen)
{
	json_t *j = json_pack("{s:s s:I s:I s:o s:s}", "size", gen->size_name, "count",
			      (json_int_t)gen->count, "flows", (json_int_t)gen->flows, "hit",
			      result_number(1 - gen->unique), "encap", encap_names[gen->encap]);

	if (gen->greedy)
		json_object_set_new(j, "greedy", json_integer(gen->greedy));
	if (gen->greedy_size)
		json_object_set_new(j, "greedy_size", json_integer(gen->greedy_size));
	return j;
}

/* Of a histogram: the mean. */
static uint32_t read_latency_ns(const struct snic_sim_config *c)
{
	double sum = 0, n = 0;
	uint32_t i;

	for (i = 0; i < c->n_read_bins; i++) {
		sum += (double)c->read_bins[i].ns * (double)c->read_bins[i].count;
		n += (double)c->read_bins[i].count;
	}
	return n > 0 ? (uint32_t)(sum / n + 0.5) : c->read_latency_ns;
}

json_t *result_faults(const struct options *o)
{
	json_t *j = json_array();
	uint32_t i;

	for (i = 0; i < o->sim.n_faults; i++)
		json_array_append_new(j, result_text(o->fault_text[i]));
	return j;
}

static json_t *link_down_json(const struct options *o)
{
	json_t *j = json_array();
	unsigned int i;

	for (i = 0; i < o->n_link_down; i++)
		json_array_append_new(j, result_text(o->link_down[i].text));
	return j;
}

json_t *result_config(const struct options *o)
{
	char pcie[16];
	json_t *j;

	snprintf(pcie, sizeof(pcie), "gen%ux%u", o->sim.pcie_gen, o->sim.pcie_lanes);
	j = json_pack("{s:i s:i s:s s:i s:i s:i s:i s:i s:i s:s s:i s:i s:i s:I s:I}", "clock_mhz",
		      o->sim.clock_mhz, "wire_gbps", o->sim.wire_gbps, "pcie", pcie, "mps", o->sim.mps,
		      "mrrs", o->sim.mrrs, "rcb", o->sim.rcb, "read_latency_ns", read_latency_ns(&o->sim),
		      "write_latency_ns", o->sim.write_latency_ns, "read_jitter_ns", o->sim.read_jitter_ns,
		      "direction", direction_names[o->direction], "vfs", o->vfs, "queues", o->queues, "rules",
		      o->rules, "loop", (json_int_t)o->loop, "seed", (json_int_t)o->sim.seed);
	json_object_set_new(j, "contract", json_sprintf("%d.%d", SNIC_VERSION_MAJOR, SNIC_VERSION_MINOR));
	if (o->read_latency_file)
		json_object_set_new(j, "read_latency_file", result_text(o->read_latency_file));
	if (o->open_loop)
		json_object_set_new(j, "open_loop", json_true());
	if (o->ports > 1)
		json_object_set_new(j, "ports", json_integer(o->ports));
	if (o->switchdev)
		json_object_set_new(j, "switchdev", json_true());
	if (o->sim.n_faults)
		json_object_set_new(j, "faults", result_faults(o));
	if (o->n_link_down)
		json_object_set_new(j, "link_down", link_down_json(o));
	if (o->sim.start_cycles)
		json_object_set_new(j, "start_cycles", json_integer((json_int_t)o->sim.start_cycles));
	if (o->traffic)
		json_object_set_new(j, "traffic", traffic_json(o->traffic));
	return j;
}

/* Of each file in which something was skipped: its name, and what. */
static json_t *skipped_in_json(const struct result *r)
{
	json_t *j = json_array(), *causes;
	int i, cause;

	for (i = 0; i < r->o->n_files; i++) {
		causes = json_object();
		for (cause = 0; cause < TRACE_N_CAUSES; cause++)
			if (counts_skipped(r->frames, i, (enum trace_cause)cause))
				json_object_set_new(causes, trace_cause_keys[cause],
						    json_integer((json_int_t)counts_skipped(
							    r->frames, i, (enum trace_cause)cause)));
		if (json_object_size(causes))
			json_array_append_new(j, json_pack("{s:o s:O}", "file", result_text(r->o->files[i]),
							   "skipped", causes));
		json_decref(causes);
	}
	return j;
}

json_t *result_trace(const struct result *r)
{
	json_t *j = json_object(), *files = json_array(), *sums = json_array(), *skipped = json_object();
	const struct trace_counts *c = r->trace;
	char hex[65];
	int i;

	for (i = 0; i < r->o->n_files; i++) {
		json_array_append_new(files, result_text(r->o->files[i]));
		json_array_append_new(sums,
				      trace_sha256(r->o->files[i], hex) ? json_string(hex) : json_null());
	}
	for (i = 0; i < TRACE_N_CAUSES; i++)
		if (c->skipped[i])
			json_object_set_new(skipped, trace_cause_keys[i],
					    json_integer((json_int_t)c->skipped[i]));
	json_object_set_new(j, "files", files);
	json_object_set_new(j, "sha256", sums);
	json_object_set_new(j, "packets", json_integer((json_int_t)c->packets));
	json_object_set_new(j, "bytes", json_integer((json_int_t)c->bytes));
	json_object_set_new(j, "padded_to_60", json_integer((json_int_t)c->padded));
	json_object_set_new(j, "skipped", skipped);
	if (json_object_size(skipped))
		json_object_set_new(j, "skipped_in", skipped_in_json(r));
	for (i = 0; i < TRACE_N_NOTES; i++)
		if (c->notes[i])
			json_object_set_new(j, trace_note_keys[i], json_integer((json_int_t)c->notes[i]));
	return j;
}
