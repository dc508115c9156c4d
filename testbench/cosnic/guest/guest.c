/* SPDX-License-Identifier: BSD-2-Clause */
#include "guest.h"

#include <stdio.h>
#include <unistd.h>

#include "cosnic.h"

int cmd_guest(const struct options *o)
{
	static struct guest_run g;
	char **args;
	int ret;

	g.o = o;
	g.status = -1;
	ret = guest_prediction(&g);
	if (!ret)
		ret = guest_find(&g);
	if (ret)
		return ret;
	args = guest_args(&g);
	ret = guest_check_qemu(g.paths.qemu, args);
	if (!ret)
		ret = guest_pack(&g);
	if (ret) {
		guest_free_args(args);
		return ret;
	}
	ret = guest_watch(&g, args);
	guest_free_args(args);
	unlink(g.paths.initramfs);
	if (!o->guest.script)
		return ret;
	if (guest_result(&g) && !ret)
		ret = EXIT_INPUT;
	if (ret)
		return ret;
	if (!o->quiet) {
		guest_speed_show(&g);
		fprintf(stderr, "results %s/result.json, console %s\n", o->out_dir, g.paths.console);
	}
	return g.status;
}
