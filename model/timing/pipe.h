/* SPDX-License-Identifier: BSD-2-Clause */
/* Parser, flow table and forwarding. */
#ifndef TIMING_PIPE_H
#define TIMING_PIPE_H

#include "flood_store.h"
#include "flow_cache.h"

namespace timing {

/*
 * One for each ingress: header beats come one a cycle; engines take frames in turn, results leave in
 * the same turn.
 */
class Parser : public Station {
public:
	FrameQueue in, out;
	Signal *taker = nullptr;

	SC_HAS_PROCESS(Parser);
	Parser(sc_core::sc_module_name name, Shared &s)
		: Station(name, s, { SNIC_STATION_PARSER, SNIC_STATION_PARSER })
	{
		SC_THREAD(run);
	}

private:
	enum { Feed, Engines };

	void run()
	{
		Ps engine_free[ParserEngines] = {}, result = 0;

		for (unsigned e = 0;; e = (e + 1) % ParserEngines) {
			Frame *fr = in.get();
			const Ps feed = sh.cycles(std::min<unsigned>(beats(fr->f.len), HeaderBeats)),
				 steps = sh.cycles(fr->f.headers + ParserOverhead),
				 fed = workers[Feed].work(std::max(fr->ready_ps, engine_free[e]), feed);

			workers[Engines].busy_ps += (feed + steps) / ParserEngines;
			spans.note(SNIC_STATION_PARSER, fed - feed, fed + steps);
			engine_free[e] = fed + steps;
			result = std::max(result + sh.cycle_ps, engine_free[e]);
			fr->ready_ps = result;
			/* an engine holds a result that is not taken, and works on the next */
			if (out.put_max(fr, 2 * ParserEngines))
				workers[Feed].held_up();
			taker->notify();
		}
	}
};

/*
 * One frame a cycle for all ingresses, so many inside. The masked search takes a cycle a mask, beside
 * the frames that need none; but all leave in order.
 */
class Pipe : public Station {
public:
	std::vector<FrameQueue *> in;
	Signal came; /* to one of them */

	SC_HAS_PROCESS(Pipe);
	Pipe(sc_core::sc_module_name name, Shared &s, FrameQueue &wire0, FrameQueue &wire1, FrameQueue &host,
	     FloodStore &floods_)
		: Station(name, s,
			  { SNIC_STATION_FLOW_TABLE, SNIC_STATION_RULE_SEARCH, SNIC_STATION_FORWARD }),
		  wires{ &wire0, &wire1 }, to_host(host), floods(floods_), room(PipeDepth)
	{
		SC_THREAD(admit);
		SC_THREAD(decide);
	}

private:
	enum { Admit, Search, Decide };
	FrameQueue *wires[SNIC_N_PORT], &to_host;
	FloodStore &floods;
	FrameQueue inside;
	FlowCache cache;
	Tokens room;

	/* The next frame in turn that is through its parser, a cycle after the last one at the soonest. */
	Frame *take(size_t &turn)
	{
		for (;;) {
			Ps soon = 0;

			for (size_t i = 0; i < in.size(); i++) {
				turn = (turn + 1) % in.size();
				FrameQueue &q = *in[turn];

				if (q.q.empty())
					continue;
				const Ps t = std::max(q.q.front()->ready_ps, workers[Admit].free_ps);

				if (t <= now_ps())
					return q.pop();
				if (!soon || t < soon)
					soon = t;
			}
			if (soon && soon <= workers[Admit].free_ps)
				wait_until(soon);
			else if (soon)
				came.wait_until(soon);
			else
				came.wait();
		}
	}
	void admit()
	{
		size_t turn = 0;

		for (;;) {
			room.take();
			Frame *fr = take(turn);

			fr->ready_ps = workers[Admit].work(now_ps(), sh.cycle_ps) + sh.cycles(FlowLatency);
			if (sh.cfg.masks && !fr->f.refused && !cache.hit(fr->f.flow, fr->ready_ps)) {
				fr->ready_ps = workers[Search].work(fr->ready_ps, sh.cycles(sh.cfg.masks)) +
					       sh.cycles(SearchLatency);
				cache.fill(fr->f.flow, fr->ready_ps + sh.cycles(CacheFillLatency));
			}
			inside.put(fr);
		}
	}
	void decide()
	{
		Ps last = 0;

		for (;;) {
			Frame *fr = inside.get();

			last = std::max(last + sh.cycle_ps, fr->ready_ps + sh.cycles(DecideLatency));
			wait_until(last);
			workers[Decide].worked(last - sh.cycle_ps, last);
			forward(fr);
			room.give();
		}
	}
	void forward(Frame *fr)
	{
		unsigned ports = 0;

		for (const uint16_t len : fr->f.wire_len)
			ports += len != 0;
		const bool wire_in = from_wire(fr->dir), to_functions = !fr->copies.empty();
		const bool congested = to_functions && wire_in && fr->buffer->congested();

		fr->ready_ps = now_ps();
		fr->holders = (to_functions && !congested) + ports;
		if (to_functions && !congested && fr->f.flooded && !floods.take(fr))
			fr->holders = ports;
		const bool host = fr->holders > ports;
		const bool dropped = to_functions && !host;

		sh.inside += (host ? fr->copies.size() : 0) + ports;
		sh.inside--;
		sh.meters[fr->dir].dropped += dropped;
		if (!fr->holders) {
			sh.meters[fr->dir].dropped_by_rule += !dropped;
			fr->buffer->give(fr->slot, now_ps());
			delete fr;
			return;
		}
		if (host && wire_in)
			fr->buffer->hold(fr->f.len);
		for (unsigned p = 0; p < SNIC_N_PORT; p++)
			if (fr->f.wire_len[p])
				fr->buffer->goes(p);
		if (host)
			fr->buffer->goes(SNIC_N_PORT);
		for (unsigned p = 0; p < SNIC_N_PORT; p++)
			if (fr->f.wire_len[p])
				wires[p]->put(fr);
		if (host && !fr->f.flooded) {
			to_host.put(fr);
			floods.taker->notify();
		}
	}
};

} // namespace timing

#endif
