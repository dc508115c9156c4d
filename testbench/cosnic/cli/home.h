/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where what cosnic uses lies: beside the program, so that a tree, built or installed, can be moved.
 *   built      build/cosnic: build/fast/libsnic_sim.so, build/qemu, ...
 *   installed  bin/cosnic: lib/cosnic/fast/libsnic_sim.so, ...
 */
#ifndef COSNIC_HOME_H
#define COSNIC_HOME_H

/* $COSNIC_LIB, or the folder that holds fast/, qemu/, kmod/ and guest/. */
const char *home_lib(void);
/* The folder of the sources' scripts: testbench/guest/with.sh. */
const char *home_scripts(void);
/* For what is fetched when it is asked for: of a build beside it, else the user's. */
const char *home_cache(void);

#endif
