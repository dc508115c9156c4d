// SPDX-License-Identifier: BSD-2-Clause
#include "wave.h"

#include <cerrno>

#include "glue.h"

#if VM_TRACE
#include <unistd.h>

#include <fcntl.h>
#include <verilated_fst_c.h>
#else
class VerilatedFstC {};
#endif

Wave::Wave(uint64_t from_ps, uint64_t to_ps) : from_(from_ps), to_(to_ps) {}

#if VM_TRACE
std::unique_ptr<Wave> Wave::open(Glue &glue, const char *path, uint64_t from_ps, uint64_t to_ps)
{
	std::unique_ptr<Wave> w(new Wave(from_ps, to_ps));
	int fd = ::open(path, O_WRONLY | O_CREAT | O_TRUNC,
			0666); /* the writer itself does not say why it fails */

	if (fd < 0)
		return nullptr;
	close(fd);
	w->fst_ = std::make_unique<VerilatedFstC>();
	glue.trace(w->fst_.get());
	w->fst_->set_time_unit("1ps");
	w->fst_->set_time_resolution("1ps");
	w->fst_->open(path);
	return w;
}

Wave::~Wave()
{
	if (fst_)
		fst_->close();
}

void Wave::dump(uint64_t time_ps)
{
	if (!fst_ || time_ps < from_)
		return;
	if (time_ps <= to_) {
		fst_->dump(time_ps);
		return;
	}
	fst_->close();
	fst_.reset();
}
#else
std::unique_ptr<Wave> Wave::open(Glue &, const char *, uint64_t, uint64_t)
{
	errno = ENOTSUP;
	return nullptr;
}

Wave::~Wave() = default;

void Wave::dump(uint64_t) {}
#endif
