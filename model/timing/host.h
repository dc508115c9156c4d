/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host program: looks at all rings every host_poll_ns, takes what came, gives buffers back, posts what
 * fits, rings doorbells.
 */
#ifndef TIMING_HOST_H
#define TIMING_HOST_H

#include "rx_engine.h"
#include "tx_engine.h"

namespace timing {

class Host : public Station {
public:
	/* The wire has sent all that it will. */
	std::function<bool()> all_offered;
	/* The frame has its place in a ring. */
	std::function<void(snic_predict_dir, const snic_predict_frame &)> posted;
	bool ring_was_full = false;

	SC_HAS_PROCESS(Host);
	Host(sc_core::sc_module_name name, Shared &s, RxEngine &rx_, TxEngine &tx_, DownLink &down_,
	     unsigned dirs_, snic_predict_next next_, void *ctx_)
		: Station(name, s, {}), rx(rx_), tx(tx_), down(down_), dirs(dirs_ & ~FromWire), next(next_),
		  ctx(ctx_), rung(tx_.rings.size())
	{
		SC_THREAD(run);
	}

private:
	RxEngine &rx;
	TxEngine &tx;
	DownLink &down;
	const unsigned dirs; /* that the host sends */
	snic_predict_next next;
	void *ctx;
	snic_predict_frame waiting[SNIC_PREDICT_N_DIR];
	bool have[SNIC_PREDICT_N_DIR] = {}, ended[SNIC_PREDICT_N_DIR] = {};
	std::vector<uint32_t> rung; /* descriptors that a queue's next doorbell tells of */

	/* How many of what lies in `list` the host can see by now. */
	static uint32_t seen(std::deque<std::pair<Ps, uint32_t>> &list)
	{
		uint32_t n = 0;

		while (!list.empty() && list.front().first <= now_ps()) {
			n += list.front().second;
			list.pop_front();
		}
		return n;
	}
	/*
	 * Takes what has come, a burst at a time; after each, buffers go back when they are worth a
	 * doorbell.
	 */
	void receive(uint16_t id)
	{
		const uint32_t batch = std::min<uint32_t>(RxDoorbell, sh.cfg.ring / 4);
		RxEngine::Ring &r = rx.rings[id];
		uint32_t came = seen(r.written), n;

		for (; came; came -= n) {
			n = std::min<uint32_t>(came, RxBurst);
			r.freed += n;
			if (r.freed - r.rung < batch)
				continue;
			r.rung = r.freed - r.freed % DescPerLine;
			down.doorbell([this, id, tail = r.rung] { rx.doorbell(id, tail); });
		}
	}
	bool peek(unsigned dir)
	{
		if (!have[dir] && !ended[dir]) {
			have[dir] = next(ctx, static_cast<snic_predict_dir>(dir), &waiting[dir]);
			ended[dir] = !have[dir];
		}
		return have[dir];
	}
	static bool later(const snic_predict_frame &f) { return f.head && !f.whole; }
	/* A frame that the card cuts has a context, and as many buffers as it takes. */
	uint32_t descriptors(const snic_predict_frame &f) const
	{
		if (!f.head)
			return 1;
		return f.whole ? 1 + (f.whole + sh.cfg.tx_stride - 1) / sh.cfg.tx_stride : 0;
	}
	void put(TxEngine::Ring &r, Frame *fr, uint32_t descs)
	{
		uint32_t left = fr->f.head ? fr->f.whole : fr->f.len, n;

		if (fr->f.head) {
			r.posted.push_back({ nullptr, 0 });
			r.put++;
			descs--;
			r.used++;
			fr->at = fr->f.head;
		}
		fr->index = r.put % sh.cfg.ring;
		for (; descs; descs--, left -= n) {
			n = std::min(left, sh.cfg.tx_stride);
			r.posted.push_back({ descs == 1 ? fr : nullptr, n });
			r.put++;
			r.used++;
		}
	}
	void post(unsigned dir)
	{
		std::vector<uint16_t> touched;
		Frame *first = nullptr;
		bool refused = false;

		/* segments are posted with their first one */
		while (peek(dir) &&
		       (static_cast<Ps>(waiting[dir].not_before_ps) <= now_ps() || later(waiting[dir]))) {
			const snic_predict_frame &f = waiting[dir];
			TxEngine::Ring &r = tx.rings[f.queue];
			const uint32_t descs = descriptors(f);

			/* write-backs are looked at when the ring is full */
			if (r.used + descs > sh.cfg.ring)
				r.used -= seen(r.written_back);
			if (later(f))
				refused = refused && sh.cfg.open_loop;
			else
				refused = r.used + descs > sh.cfg.ring;
			if (refused) {
				ring_was_full = true;
				if (!sh.cfg.open_loop)
					break;
				sh.refuse(static_cast<snic_predict_dir>(dir), f.len, now_ps());
				have[dir] = false;
				continue;
			}
			posted(static_cast<snic_predict_dir>(dir), f);
			Frame *fr = new Frame(f, static_cast<snic_predict_dir>(dir), now_ps());

			if (later(f)) {
				const Frame *before = first->more.empty() ? first : first->more.back();

				fr->index = first->index;
				fr->at = before->at + before->f.len - f.head;
				first->more.push_back(fr);
			} else {
				put(r, fr, descs);
				first = fr;
				if (!rung[f.queue])
					touched.push_back(f.queue);
				rung[f.queue] += descs;
			}
			sh.offer(fr->dir, f.len, now_ps());
			have[dir] = false;
		}
		for (const uint16_t id : touched) {
			down.doorbell([this, id, n = rung[id]] { tx.doorbell(id, n); });
			rung[id] = 0;
		}
	}
	/* When the next frame of the host's is due; 0: there is none any more. */
	Ps next_due()
	{
		Ps due = 0;

		for (unsigned d = 0; d < SNIC_PREDICT_N_DIR; d++)
			if ((dirs & 1u << d) && peek(d) &&
			    (!due || static_cast<Ps>(waiting[d].not_before_ps) < due))
				due = std::max<Ps>(1, waiting[d].not_before_ps);
		return due;
	}
	void run()
	{
		const Ps poll = sh.cfg.host_poll_ns * 1e3;

		for (Ps turn = 0;; turn += poll) {
			wait_until(turn);
			for (const uint16_t id : rx.used)
				receive(id);
			for (unsigned d = 0; d < SNIC_PREDICT_N_DIR; d++)
				if (dirs & 1u << d)
					post(d);
			if (sh.inside)
				continue;
			const Ps due = next_due();

			if (!due && all_offered())
				break;
			/* Nothing is under way: on to the turn at which something may be. */
			if (due)
				sh.arrival.wait_until(due);
			else
				sh.arrival.wait();
			turn = std::max(turn, std::ceil(now_ps() / poll) * poll - poll);
		}
		if (sh.cfg.linger_ns)
			sc_core::wait(sh.cfg.linger_ns, sc_core::SC_NS);
		sc_core::sc_stop();
	}
};

} // namespace timing

#endif
