/* SPDX-License-Identifier: BSD-2-Clause */
/* What a frame takes on the wire beside its bytes, and how many fit on it (IEEE 802.3). */
#ifndef COSNIC_ETHERNET_H
#define COSNIC_ETHERNET_H

#define ETH_FCS 4u			  /* bytes of the frame check sequence: 3.2.9 */
#define ETH_PREAMBLE 8u			  /* preamble 7 and start frame delimiter 1: 3.2.1, 3.2.2 */
#define ETH_GAP 12u			  /* interpacket gap of 96 bit times: 4.4.2 */
#define ETH_WIRE (ETH_PREAMBLE + ETH_GAP) /* what is on the wire and in no frame */

/* Line rate of frames of so many bytes, with FCS. */
static inline double eth_line_mpps(double gbps, double bytes)
{
	return gbps * 1e3 / ((bytes + ETH_WIRE) * 8);
}

#endif
