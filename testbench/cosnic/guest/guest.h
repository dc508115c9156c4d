/* SPDX-License-Identifier: BSD-2-Clause */
/* `cosnic guest`: Linux in QEMU with the card as its PCIe NIC, a script or a shell in it. */
#ifndef COSNIC_GUEST_H
#define COSNIC_GUEST_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "options.h"
#include "snic_card.h"

/* Any path that the system takes, and what is put behind it. */
#define GUEST_PATH (4096 + 64)
/* QEMU's name for whatever card --sim names. */
#define GUEST_CARD "cosnic-card"

/* What a run uses and leaves; the files lie in the folder of --out. */
struct guest_paths {
	char qemu[GUEST_PATH], kernel[GUEST_PATH], module[GUEST_PATH], sim[GUEST_PATH], root[GUEST_PATH];
	char initramfs[GUEST_PATH];
	char console[GUEST_PATH];	       /* ttyS0 */
	char out[GUEST_PATH], err[GUEST_PATH]; /* ttyS1, ttyS2: what the script wrote */
	char control[GUEST_PATH];	       /* ttyS3: see testbench/guest/init */
	char qemu_log[GUEST_PATH];
	char device[GUEST_PATH]; /* what the device counted, as JSON */
	char files[GUEST_PATH];	 /* folder: what the script left in /out */
	char wire[2][GUEST_PATH];
};

/* How fast a part of the script was, in wall time and CPU time of QEMU. */
struct guest_speed {
	char name[32];
	double wall_s, cpu_s; /* minus the time of its beginning, until it ends */
	unsigned long long packets;
};
#define GUEST_SPEEDS 32

struct guest_run {
	const struct options *o;
	struct guest_paths paths;
	struct snic_card card;	    /* what the library says */
	uint32_t plain;		    /* functions without SR-IOV */
	struct snic_sim_config sim; /* the options, and for the rest the card's own settings */
	double wall_s, boot_wall_s;
	double up_s, end_s; /* the guest's own clock: NIC up, script ended; 0: never */
	int status;	    /* of the script; -1: none came */
	json_t *prediction; /* figures by name; NULL: none */
	struct guest_speed speed[GUEST_SPEEDS];
	unsigned int n_speed;
};

/* Finds all that the run needs, makes the folder of --out. EXIT_OK, or EXIT_INPUT after one line on stderr. */
int guest_find(struct guest_run *g);
/* Writes the initramfs: root, driver, script, --with. */
int guest_pack(struct guest_run *g);
/* QEMU's arguments, ended by NULL; freed by guest_free_args. */
char **guest_args(const struct guest_run *g);
void guest_free_args(char **args);
/* That the QEMU can take these; EXIT_INPUT after one line on stderr: it is of another tree. */
int guest_check_qemu(const char *qemu, char *const *args);
/* Runs QEMU to its end; EXIT_OK: the guest did all that was asked (g->status is the script's). */
int guest_watch(struct guest_run *g, char **args);
/* A line of the guest's, heard when QEMU had run for so long: "begin NAME", "end NAME", "passed NAME PACKETS". */
void guest_speed_hear(struct guest_run *g, const char *line, double wall_s, double cpu_s);
void guest_speed_show(const struct guest_run *g);
json_t *guest_speed_json(const struct guest_run *g);
/* guest_predict.c: reads --prediction (EXIT_OK, or EXIT_INPUT after one line on stderr), puts it beside what was measured. */
int guest_prediction(struct guest_run *g);
void guest_compare(const struct guest_run *g, json_t *result);
void guest_compare_show(const struct guest_run *g, const json_t *result);
/* Unpacks what the script left, writes result.json. */
int guest_result(const struct guest_run *g);

#endif
