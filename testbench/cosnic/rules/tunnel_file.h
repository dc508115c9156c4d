/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * --tunnels FILE: tunnel ports, a line each, with the names of ovs-vsctl's options: tunnelN type=vxlan,local_ip=A,mac=M,... Rules of --flows name
 * them as ports: in_port=tunnelN sees what is in the tunnel (and it is opened), output:tunnelN puts the frame into it.
 */
#ifndef COSNIC_TUNNEL_FILE_H
#define COSNIC_TUNNEL_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "snic_contract.h"

struct tunnel {
	bool used, v6;
	uint8_t mac[6], proto; /* mac: its own outer address */
	uint32_t local[4];     /* as in the key */
	uint16_t dport;
	unsigned int port; /* wire port */
	uint8_t hdr[SNIC_ENCAP_BYTES];
	unsigned int len; /* of the headers to put in front; 0: it only ends here */
	bool ttl, tos;	  /* inherited */
	unsigned int line;
};

struct tunnels {
	struct tunnel t[SNIC_N_TUNNEL];
	const char *path;
};

/* NULL: err says what is wrong, and where. path stays the caller's, and must last. */
struct tunnels *tunnels_read(const char *path, char *err, size_t err_size);
struct tunnels *tunnels_parse(FILE *f, const char *path, char *err, size_t err_size);

#endif
