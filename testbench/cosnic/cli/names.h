/* SPDX-License-Identifier: BSD-2-Clause */
/* What people call the values of snic_enums.def that say what a frame is. Any number is taken. */
#ifndef COSNIC_NAMES_H
#define COSNIC_NAMES_H

#include <stddef.h>
#include <stdint.h>

const char *names_l3(unsigned int v);	/* ipv4 */
const char *names_l4(unsigned int v);	/* tcp */
const char *names_tun(unsigned int v);	/* vxlan */
const char *names_csum(unsigned int v); /* ok, bad, none */
const char *names_perr(unsigned int v); /* truncated */
const char *names_hit(unsigned int v);	/* exact */

/* An address as the flow key has it, four dwords from the lowest; text: INET6_ADDRSTRLEN. An IPv4 address has only the first. */
void names_address(const uint32_t w[4], char *text, size_t size);

#endif
