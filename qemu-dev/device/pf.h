/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef SNIC_PF_H
#define SNIC_PF_H

#include "snic.h"

struct SnicPF {
    SnicFunc func;
    SnicCard card;
    char *sim;
    uint16_t vfs, plain;
    MACAddr mac;
    char *time, *pcap_rate;
};

/* plain.c: functions 1 to pf->plain, in place of VFs */
bool snic_plain_init(SnicPF *pf, Error **errp);
void snic_plain_exit(SnicPF *pf);

#endif
