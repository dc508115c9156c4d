/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * This machine's kernel as a judge of segmentation and checksums: a frame with a virtio_net_hdr goes into one tap, over a
 * bridge, and comes out of another that has no offloads, so that Linux' own software has done them. In a network namespace of the test's
 * own. Linux, Documentation/networking/tuntap.rst; virtio 1.1, 5.1.6.
 */
#ifndef UNIT_TAPS_H
#define UNIT_TAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/virtio_net.h>

struct taps {
	int in, out;
};

/* mtu: of the way. False, and why on stdout: there is no /dev/net/tun here, or no right to a namespace. */
bool taps_open(struct taps *t, unsigned int mtu);
void taps_close(struct taps *t);

/* False: this kernel does not take such a header. The frame has its Ethernet header and no FCS. */
bool taps_put(const struct taps *t, const struct virtio_net_hdr *hdr, const uint8_t *frame, size_t len);
/* The next frame that came out, of our address 02:...; 0: none for a second. */
size_t taps_get(const struct taps *t, uint8_t *frame, size_t size);

#endif
