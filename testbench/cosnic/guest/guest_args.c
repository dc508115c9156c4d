/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU's command line. */
#define _GNU_SOURCE /* vasprintf */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"
#include "snic_door.h"

#define MAX_ARGS (96 + GUEST_MAX_QEMU_ARG)

/*
 * Kernel options for every run. The guest's CPU has one thread and trusts itself: no workarounds for speculation, no
 * tests of ciphers. A panic ends QEMU.
 */
#define KERNEL_ARGS "console=ttyS0 panic=-1 nokaslr mitigations=off cryptomgr.notests random.trust_cpu=on"
/*
 * In virtual time the TSC counts nanoseconds; finding that out by waiting would take half of the boot's wall time. The
 * HPET serves as timer for the same reason: the local APIC's would be calibrated first.
 */
#define KERNEL_ARGS_VIRTUAL " tsc_early_khz=1000000 tsc=reliable no_timer_check noapictimer"
/* The initramfs and what it unpacks to: all modules are 400 MB. */
#define ALL_MODULES_MB 3072
/* No string instruction that copies byte by byte: TCG takes each step of it as an instruction. */
#define CPU "Nehalem,+rdrand"
/* Room behind the port for the BARs of 255 VFs, which the firmware does not see. */
#define PORT "pcie-root-port,id=slot0,chassis=1,slot=1,pref64-reserve=64M"

struct args {
	char **v;
	unsigned int n;
};

static void add(struct args *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void add(struct args *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (a->n == MAX_ARGS || vasprintf(&a->v[a->n++], fmt, ap) < 0)
		abort();
	va_end(ap);
}

/* -option value, where a comma in a file's name is doubled. */
static char *file_value(const char *name)
{
	char *out = malloc(2 * strlen(name) + 1), *p = out;

	if (!out)
		abort();
	for (; *name; name++) {
		if (*name == ',')
			*p++ = ',';
		*p++ = *name;
	}
	*p = 0;
	return out;
}

static void add_serial(struct args *a, const char *id, const char *file)
{
	char *value = file_value(file);

	add(a, "-chardev");
	add(a, "file,id=%s,path=%s", id, value);
	add(a, "-device");
	add(a, "isa-serial,chardev=%s", id);
	free(value);
}

static void add_console(struct args *a, const struct guest_run *g)
{
	char *value = file_value(g->paths.console);

	if (g->o->guest.script) {
		add_serial(a, "console", g->paths.console);
	} else {
		add(a, "-chardev");
		add(a, "stdio,id=console,mux=on,signal=off,logfile=%s", value);
		add(a, "-mon");
		add(a, "chardev=console,mode=readline");
		add(a, "-device");
		add(a, "isa-serial,chardev=console");
	}
	free(value);
}

/* A property of the card whose value is a file. */
static void card_file(FILE *card, const char *name, const char *file)
{
	char *value = file_value(file);

	fprintf(card, ",%s=%s", name, value);
	free(value);
}

/* A property's value has its commas doubled; between faults stands a semicolon. */
static void card_faults(FILE *card, const struct options *o)
{
	unsigned int i;

	for (i = 0; i < o->sim.n_faults; i++) {
		char *value = file_value(o->fault_text[i]);

		fprintf(card, "%s%s", i ? ";" : ",faults=", value);
		free(value);
	}
	if (o->guest.faults_wait)
		fputs(",faults-wait=on", card);
}

static void card_wire(FILE *card, struct args *a, const char *wire, unsigned int port)
{
	static const char *const names[SNIC_CARD_PORTS] = { "pcap0", "pcap1" };

	if (!strcmp(wire, "loop")) {
		fputs(",loop=on", card);
	} else if (!strncmp(wire, "pcap:", 5)) {
		card_file(card, names[port], wire + 5);
	} else {
		add(a, "-netdev");
		add(a, "%s,id=wire%u", wire + 7, port);
		fprintf(card, ",netdev%u=wire%u", port, port);
	}
}

static void card_properties(FILE *card, struct args *a, const struct guest_run *g)
{
	static const char *const names[SNIC_CARD_PORTS] = { "dump0", "dump1" };
	const struct snic_sim_config *c = &g->o->sim;
	const struct guest_options *go = &g->o->guest;
	unsigned int port;

	fputs(GUEST_CARD ",bus=slot0", card);
	card_file(card, "sim", g->paths.sim);
	card_file(card, "stats", g->paths.device);
	fprintf(card, ",time=%s,pcap-rate=%s,vfs=%u,plain=%u", go->time == TIME_FREE ? "free" : "virtual",
		g->o->pacing_name ? "line" : "times", g->plain ? 0 : g->card.total_vfs, g->plain);
#define SETTING(name, field)                                                                                 \
	if (c->field != SNIC_SIM_UNSET)                                                                      \
		fprintf(card, "," name "=%u", c->field);
	SNIC_SIM_SETTINGS(SETTING)
#undef SETTING
	fprintf(card, ",seed=%llu", (unsigned long long)c->seed);
	if (c->start_cycles)
		fprintf(card, ",start-cycles=%llu", (unsigned long long)c->start_cycles);
	card_faults(card, g->o);
	for (port = 0; port < SNIC_CARD_PORTS && port < go->n_wire; port++)
		card_wire(card, a, go->wire[port], port);
	for (port = 0; port < SNIC_CARD_PORTS && port < g->card.n_ports && go->dump; port++)
		card_file(card, names[port], g->paths.wire[port]);
	if (go->mac)
		fprintf(card, ",mac=%s", go->mac);
	if (g->o->wave_path) {
		card_file(card, "wave", g->o->wave_path);
		fprintf(card, ",wave-from-ns=%llu,wave-to-ns=%llu",
			(unsigned long long)g->o->wave_from_ps / 1000,
			(unsigned long long)(g->o->wave_to_ps == UINT64_MAX ? 0 : g->o->wave_to_ps / 1000));
	}
	if (g->o->read_latency_file)
		card_file(card, "read-latency-file", g->o->read_latency_file);
}

/* File names may be of any length, and double with their commas. */
static void add_card(struct args *a, const struct guest_run *g)
{
	char *text = NULL;
	size_t len;
	FILE *card = open_memstream(&text, &len);

	if (!card)
		abort();
	card_properties(card, a, g);
	if (fclose(card))
		abort();
	add(a, "-device");
	add(a, PORT);
	add(a, "-device");
	add(a, "%s", text);
	free(text);
}

char **guest_args(const struct guest_run *g)
{
	const struct guest_options *go = &g->o->guest;
	struct args a = { calloc(MAX_ARGS + 1, sizeof(char *)), 0 };
	bool virtual_time = go->time == TIME_VIRTUAL;
	unsigned int i;

	if (!a.v)
		abort();
	add(&a, "%s", g->paths.qemu);
	add(&a, "-nodefaults");
	add(&a, "-no-user-config");
	add(&a, "-display");
	add(&a, "none");
	add(&a, "-no-reboot");
	add(&a, "-machine");
	add(&a, "q35");
	add(&a, "-accel");
	add(&a, "tcg");
	add(&a, "-cpu");
	add(&a, CPU);
	add(&a, "-smp");
	add(&a, "%u", go->cpus);
	add(&a, "-m");
	add(&a, "%u", go->all_modules && go->memory_mb < ALL_MODULES_MB ? ALL_MODULES_MB : go->memory_mb);
	add(&a, "-rtc");
	add(&a, "base=2020-01-01,clock=vm");
	if (virtual_time) {
		add(&a, "-icount");
		add(&a, "shift=0,sleep=off,align=off");
		add(&a, "-seed");
		add(&a, "1");
	}
	add(&a, "-kernel");
	add(&a, "%s", g->paths.kernel);
	add(&a, "-initrd");
	add(&a, "%s", g->paths.initramfs);
	add(&a, "-append");
	add(&a, KERNEL_ARGS "%s%s%s%s", virtual_time ? KERNEL_ARGS_VIRTUAL : "",
	    go->iommu ? " intel_iommu=on" : "", go->append ? " " : "", go->append ? go->append : "");
	if (go->iommu) { /* before the devices that are behind it */
		add(&a, "-device");
		add(&a, "intel-iommu");
	}
	add_console(&a, g);
	add_serial(&a, "out", g->paths.out);
	add_serial(&a, "err", g->paths.err);
	add_serial(&a, "control", g->paths.control);
	add_card(&a, g);
	for (i = 0; i < go->n_qemu_arg; i++)
		add(&a, "%s", go->qemu_arg[i]);
	return a.v;
}

void guest_free_args(char **args)
{
	char **arg;

	for (arg = args; *arg; arg++)
		free(*arg);
	free(args);
}
