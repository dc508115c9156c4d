/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SNIC_PF_H
#define SNIC_PF_H

#include "snic.h"

struct SnicPF {
    SnicFunc func;
    SnicCard card;
    char *sim;
    uint16_t vfs;
    MACAddr mac;
    char *time, *pcap_rate;
};

#endif
