/* SPDX-License-Identifier: BSD-2-Clause */
/* The host program: looks at all rings every host_poll_ns, takes what came, posts what fits, rings doorbells. */
#ifndef TIMING_HOST_H
#define TIMING_HOST_H

#include "rx_engine.h"
#include "tx_engine.h"

namespace timing {

class Host : public Station {
public:
	/* The wire has sent all that it will. */
	std::function<bool()> all_offered;

	SC_HAS_PROCESS(Host);
	Host(sc_core::sc_module_name name, Shared &s, RxEngine &rx_, TxEngine &tx_, Link &down_, unsigned dirs_,
	     snic_predict_next next_, void *ctx_)
		: Station(name, "host", s), rx(rx_), tx(tx_), down(down_), dirs(dirs_), next(next_), ctx(ctx_)
	{
		SC_THREAD(run);
	}

private:
	RxEngine &rx;
	TxEngine &tx;
	Link &down;
	unsigned dirs;
	snic_predict_next next;
	void *ctx;
	snic_predict_frame waiting[SNIC_PREDICT_N_DIR];
	bool have[SNIC_PREDICT_N_DIR] = {}, ended[SNIC_PREDICT_N_DIR] = {};

	void ring(uint16_t queue, uint32_t n)
	{
		down.requests.write(new Tlp{ DoorbellBytes, 1, [this, queue, n](double) { tx.doorbell(queue, n); } });
	}
	void post(snic_predict_dir dir)
	{
		std::vector<std::pair<uint16_t, uint32_t>> rung;
		std::vector<uint32_t> count(tx.queues.size());

		for (;;) {
			if (!have[dir] && !ended[dir]) {
				have[dir] = next(ctx, dir, &waiting[dir]);
				ended[dir] = !have[dir];
			}
			if (!have[dir] || (double)waiting[dir].not_before_ps > now_ps())
				break;
			const snic_predict_frame &f = waiting[dir];
			TxEngine::Queue &q = tx.queues[f.queue];

			if (q.in_ring == sh.cfg.ring)
				break;
			q.in_ring++;
			q.posted.push_back(new Frame{ f, dir, now_ps(), now_ps(), false, 0, false });
			sh.meters[dir].offer(f.len, now_ps());
			if (!count[f.queue]++)
				rung.push_back({ f.queue, 0 });
			have[dir] = false;
		}
		for (auto &r : rung)
			ring(r.first, count[r.first]);
	}
	bool all_posted()
	{
		for (int d = SNIC_PREDICT_TX; d < SNIC_PREDICT_N_DIR; d++)
			if ((dirs & 1u << d) && !ended[d])
				return false;
		return true;
	}
	void run()
	{
		const double poll = sh.cfg.host_poll_ns * 1e3;

		for (;;) {
			for (RxEngine::Queue &q : rx.queues)
				q.tail = q.completed + sh.cfg.ring;
			for (int d = SNIC_PREDICT_TX; d < SNIC_PREDICT_N_DIR; d++)
				if (dirs & 1u << d)
					post((snic_predict_dir)d);
			if (all_posted() && all_offered() && sh.drained())
				return;
			wait_ps(poll);
		}
	}
};

} // namespace timing

#endif
