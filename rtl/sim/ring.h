/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Queue with absolute indices: element i keeps its index for life, so that one ring serves several stages,
 * each with an index of its own. It grows by doubling when full; a steady state allocates nothing.
 */
#ifndef SNIC_RING_H
#define SNIC_RING_H

#include <cstdint>
#include <utility>
#include <vector>

template <class T> class Ring {
public:
	explicit Ring(uint64_t size = 64) : buf_(size), mask_(size - 1) {}

	uint64_t head() const { return head_; }
	uint64_t tail() const { return tail_; }
	uint64_t size() const { return tail_ - head_; }
	bool empty() const { return head_ == tail_; }
	/* slots between an index and the end of the storage: what lies there is contiguous */
	uint64_t contiguous(uint64_t i) const { return mask_ + 1 - (i & mask_); }

	T &operator[](uint64_t i) { return buf_[i & mask_]; }
	const T &operator[](uint64_t i) const { return buf_[i & mask_]; }
	T &front() { return buf_[head_ & mask_]; }
	const T &front() const { return buf_[head_ & mask_]; }
	T &back() { return buf_[(tail_ - 1) & mask_]; }

	/* The new element holds what its slot held before. */
	T &push()
	{
		if (size() > mask_)
			grow();
		return buf_[tail_++ & mask_];
	}
	void pop(uint64_t n = 1) { head_ += n; }

private:
	void grow()
	{
		uint64_t mask = 2 * mask_ + 1;
		std::vector<T> bigger(mask + 1);

		for (uint64_t i = head_; i != tail_; i++)
			bigger[i & mask] = std::move(buf_[i & mask_]);
		buf_ = std::move(bigger);
		mask_ = mask;
	}

	std::vector<T> buf_;
	uint64_t mask_;
	uint64_t head_ = 0, tail_ = 0;
};

#endif
