/* SPDX-License-Identifier: BSD-2-Clause */
/* Points as tasks of a Slurm job array; partition, account and limits by Slurm's own variables (SBATCH_PARTITION, ...). */
#ifndef BENCH_SLURM_H
#define BENCH_SLURM_H

#include <stddef.h>

/* As pool_run(); jobs: tasks at a time, 0: as many as Slurm gives. Ctrl-C cancels the job. */
int slurm_run(const char *dir, const char *const *ids, const char *const *keys, size_t n, unsigned int jobs,
	      const char *what);

#endif
