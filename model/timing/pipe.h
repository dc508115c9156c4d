/* SPDX-License-Identifier: BSD-2-Clause */
/* Parser and flow table. */
#ifndef TIMING_PIPE_H
#define TIMING_PIPE_H

#include "station.h"

namespace timing {

/* One for each ingress: header beats come one a cycle; engines work side by side, results leave in order. */
class Parser : public Station {
public:
	FrameFifo in, out;

	SC_HAS_PROCESS(Parser);
	Parser(sc_core::sc_module_name name, const char *label_, Shared &s)
		: Station(name, label_, s), in("in", 1 << 16), out("out", 2)
	{
		SC_THREAD(run);
	}

private:
	void run()
	{
		for (;;) {
			Frame *fr = in.read();
			const double feed = std::min<unsigned>(beats(fr->f.len), HeaderBeats);
			const double engine = feed + fr->f.headers + ParserOverhead;

			wait_ps(fr->ready_ps - now_ps());
			serve(sh.cycles(std::max(feed, engine / ParserEngines)));
			fr->ready_ps = now_ps() + sh.cycles(engine);
			out.write(fr);
		}
	}
};

/* One frame a cycle for all ingresses; a masked search takes a cycle a mask, and what follows waits behind it. */
class Pipe : public Station {
public:
	std::vector<FrameFifo *> in;

	SC_HAS_PROCESS(Pipe);
	Pipe(sc_core::sc_module_name name, Shared &s, FrameFifo &wire, FrameFifo &host)
		: Station(name, "flow table", s), to_wire(wire), to_host(host)
	{
		SC_THREAD(run);
	}

private:
	FrameFifo &to_wire, &to_host;

	Frame *take(size_t &turn)
	{
		Frame *fr = nullptr;

		for (;;) {
			sc_core::sc_event_or_list any;

			for (size_t i = 0; i < in.size(); i++) {
				turn = (turn + 1) % in.size();
				if (in[turn]->nb_read(fr))
					return fr;
				any |= in[turn]->data_written_event();
			}
			sc_core::wait(any);
		}
	}
	void run()
	{
		size_t turn = 0;

		for (;;) {
			Frame *fr = take(turn);
			const bool search = fr->f.search && sh.cfg.masks;

			serve(sh.cycles(search ? std::max<uint32_t>(sh.cfg.masks, 1) : 1));
			fr->ready_ps = std::max(fr->ready_ps, now_ps()) + sh.cycles(PipeLatency) +
				       (search ? sh.cycles(SearchLatency) : 0);
			(fr->dir == SNIC_PREDICT_TX ? to_wire : to_host).write(fr);
		}
	}
};

} // namespace timing

#endif
