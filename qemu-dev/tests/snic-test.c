/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The card on QEMU's test bus, with the real RTL behind it ($SNIC_SIM names the
 * library): no guest, each access is the test's. What firmware and kernel do
 * before a driver sees the card is in snic_up().
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "libqtest.h"
#include "hw/pci/pci_regs.h"

#include "../../rtl/contract/snic_contract.h"

#define ECAM 0xb0000000u
#define REGS 0xe0000000u /* BAR0 of the PF */
#define MSIX 0xe0010000u /* BAR2 */
#define VF_REGS 0xe1000000u
#define VF_MSIX 0xe2000000u
#define RAM 0x100000u /* where the tests let the card write */
#define PORT 8        /* devfn of the root port */
#define SRIOV 0x160
#define EXP 0x60
#define AER 0x100 /* of the card, and of the root port */
#define AER 0x100 /* of the card as of the root port */
#define ARI 0x150
#define MSIX_CAP 0x50

#define NS_PER_CYCLE 2.5

static QTestState *qts;

static uint64_t cfg_at(unsigned bus, unsigned devfn, unsigned reg)
{
    return ECAM + (bus << 20) + (devfn << 12) + reg;
}

static uint32_t reg_rd(unsigned func, unsigned reg)
{
    return qtest_readl(qts, func ? VF_REGS + (func - 1) * SNIC_BAR_BYTES + reg
                                 : REGS + reg);
}

static void reg_wr(unsigned func, unsigned reg, uint32_t v)
{
    qtest_writel(
        qts, func ? VF_REGS + (func - 1) * SNIC_BAR_BYTES + reg : REGS + reg,
        v);
}

static void command(unsigned func, uint16_t v)
{
    qtest_writew(qts, cfg_at(1, func, PCI_COMMAND), v);
}

/* Bus numbers, windows, BARs. */
static void bring_up(void)
{
    qtest_outl(qts, 0xcf8, 0x80000060); /* PCIEXBAR of the host bridge */
    qtest_outl(qts, 0xcfc, ECAM | 1);
    qtest_writel(qts, cfg_at(0, PORT, PCI_PRIMARY_BUS), 0x00010100);
    qtest_writel(qts, cfg_at(0, PORT, PCI_PREF_MEMORY_BASE), 0xefffe000);
    qtest_writew(qts, cfg_at(0, PORT, PCI_COMMAND),
                 PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    qtest_writel(qts, cfg_at(1, 0, PCI_BASE_ADDRESS_0), REGS);
    qtest_writel(qts, cfg_at(1, 0, PCI_BASE_ADDRESS_2), MSIX);
    command(0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

static void snic_up(const char *options)
{
    const char *sim = getenv("SNIC_SIM");

    if (!sim) {
        g_error("SNIC_SIM must name the RTL library");
    }
    qts = qtest_initf("-M q35 -m 64 -nodefaults "
                      "-device pcie-root-port,id=rp0,addr=1,bus=pcie.0 "
                      "-device snic,bus=rp0,id=nic,loop=on,sim=%s%s",
                      sim, options);
    bring_up();
}

static void snic_down(void)
{
    qtest_quit(qts);
}

static void vfs_on(unsigned n)
{
    unsigned i;

    qtest_writel(qts, cfg_at(1, 0, SRIOV + PCI_SRIOV_BAR), VF_REGS);
    qtest_writel(qts, cfg_at(1, 0, SRIOV + PCI_SRIOV_BAR + 8), VF_MSIX);
    qtest_writew(qts, cfg_at(1, 0, SRIOV + PCI_SRIOV_NUM_VF), n);
    qtest_writew(qts, cfg_at(1, 0, SRIOV + PCI_SRIOV_CTRL),
                 PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE | PCI_SRIOV_CTRL_ARI);
    for (i = 1; i <= n; i++) {
        command(i, PCI_COMMAND_MEMORY);
    }
}

static void vfs_off(void)
{
    qtest_writew(qts, cfg_at(1, 0, SRIOV + PCI_SRIOV_CTRL), 0);
}

static bool vf_there(unsigned func)
{
    return qtest_readl(qts, cfg_at(1, func, PCI_BASE_ADDRESS_0)) != ~0u;
}

/* TEST_GO's record: MAGIC, function, scratch, 0. */
static void dma_go(unsigned func, uint64_t addr)
{
    reg_wr(func, SNIC_REG_TEST_DMA_LO, addr);
    reg_wr(func, SNIC_REG_TEST_DMA_HI, addr >> 32);
    reg_wr(func, SNIC_REG_TEST_GO, 1);
}

static bool dma_done(unsigned func, uint64_t addr)
{
    return qtest_readl(qts, addr) == SNIC_MAGIC &&
           qtest_readl(qts, addr + 4) == func;
}

static void msix_set(unsigned func, unsigned vector, uint64_t addr,
                     uint32_t data, bool masked)
{
    uint64_t e = (func ? VF_MSIX + (func - 1) * 4096 : MSIX) + vector * 16;

    qtest_writel(qts, e, addr);
    qtest_writel(qts, e + 4, addr >> 32);
    qtest_writel(qts, e + 8, data);
    qtest_writel(qts, e + 12, masked);
    qtest_writew(qts, cfg_at(1, func, MSIX_CAP + PCI_MSIX_FLAGS),
                 PCI_MSIX_FLAGS_ENABLE);
}

static void test_identity(void)
{
    snic_up("");
    g_assert_cmphex(qtest_readl(qts, cfg_at(1, 0, 0)), ==,
                    SNIC_PCI_DEVICE_PF << 16 | SNIC_PCI_VENDOR);
    g_assert_cmphex(reg_rd(0, SNIC_REG_MAGIC), ==, SNIC_MAGIC);
    g_assert_cmphex(qtest_readq(qts, REGS + SNIC_REG_MAGIC), ==,
                    (uint64_t)reg_rd(0, SNIC_REG_VERSION) << 32 | SNIC_MAGIC);
    reg_wr(0, SNIC_REG_TEST_SCRATCH, 0x12345678);
    g_assert_cmphex(reg_rd(0, SNIC_REG_TEST_SCRATCH), ==, ~0x12345678u);
    /* a part of it: read alone, and not written */
    qtest_writeb(qts, REGS + SNIC_REG_TEST_SCRATCH + 1, 0);
    qtest_writew(qts, REGS + SNIC_REG_TEST_SCRATCH + 2, 0);
    g_assert_cmphex(qtest_readb(qts, REGS + SNIC_REG_TEST_SCRATCH + 3), ==,
                    0xed);
    g_assert_cmphex(qtest_readw(qts, REGS + SNIC_REG_TEST_SCRATCH), ==, 0xa987);
    g_assert_cmphex(reg_rd(0, SNIC_REG_TEST_SCRATCH), ==, ~0x12345678u);
    /* D3hot: off, and back with its state */
    qtest_writew(qts, cfg_at(1, 0, 0x44), 3);
    g_assert_cmphex(reg_rd(0, SNIC_REG_MAGIC), ==, ~0u);
    qtest_writew(qts, cfg_at(1, 0, 0x44), 0);
    g_assert_cmphex(reg_rd(0, SNIC_REG_TEST_SCRATCH), ==, ~0x12345678u);
    snic_down();
}

/* Cycles of the device between two reads in a row. */
static unsigned read_cycles(const char *options)
{
    uint32_t first;

    snic_up(options);
    first = reg_rd(0, SNIC_REG_TIME_LO);
    first = reg_rd(0, SNIC_REG_TIME_LO) - first;
    snic_down();
    return first;
}

/* A read takes the link's latency twice, and little else. */
static void test_round_trip(void)
{
    unsigned near = read_cycles(",write-latency-ns=100");
    unsigned far = read_cycles(",write-latency-ns=1100");

    g_test_message("a read: %.1f ns at 2 x 100 ns, %.1f ns at 2 x 1100 ns",
                   near * NS_PER_CYCLE, far * NS_PER_CYCLE);
    g_assert_cmpfloat(near * NS_PER_CYCLE, >=, 200);
    g_assert_cmpfloat(near * NS_PER_CYCLE, <, 260);
    g_assert_cmpfloat(ABS((far - near) * NS_PER_CYCLE - 2000), <=,
                      NS_PER_CYCLE);
}

/* The clock is the guest's, and what the card writes is there when it lands. */
static void test_dma_time(void)
{
    uint32_t start;
    unsigned ns = 0;

    snic_up(",write-latency-ns=400");
    start = reg_rd(0, SNIC_REG_TIME_LO);
    qtest_clock_step(qts, 1000000);
    start = reg_rd(0, SNIC_REG_TIME_LO) - start;
    g_assert_cmpfloat(ABS(start * NS_PER_CYCLE - 1000000), <, 1000);

    reg_wr(0, SNIC_REG_TEST_SCRATCH, 0xcafe);
    qtest_clock_step(qts, 10000);
    dma_go(0, RAM);
    while (!dma_done(0, RAM) && ns < 2000) {
        qtest_clock_step(qts, 1);
        ns++;
    }
    g_test_message("doorbell to memory: %u ns at 2 x 400 ns", ns);
    g_assert_cmpuint(ns, >=, 800);
    g_assert_cmpuint(ns, <, 900);
    g_assert_cmphex(qtest_readl(qts, RAM + 8), ==, 0xcafe);
    snic_down();
}

/* DMA without bus mastering, to nothing, or to a device: refused, no harm. */
static void test_dma_refused(void)
{
    snic_up("");
    command(0, PCI_COMMAND_MEMORY);
    dma_go(0, RAM);
    qtest_clock_step(qts, 10000);
    g_assert_cmphex(qtest_readl(qts, RAM), ==, 0);
    command(0, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    dma_go(0, 0xd00000000000ull);
    dma_go(0, REGS + SNIC_REG_TEST_SCRATCH);
    qtest_clock_step(qts, 10000);
    g_assert_cmphex(reg_rd(0, SNIC_REG_TEST_SCRATCH), ==, 0);
    dma_go(0, RAM);
    qtest_clock_step(qts, 10000);
    g_assert_true(dma_done(0, RAM));
    snic_down();
}

static void test_msix(void)
{
    snic_up("");
    msix_set(0, 5, RAM, 0x55, false);
    msix_set(0, 6, RAM + 64, 0x66, true);
    reg_wr(0, SNIC_REG_TEST_GO, 5 << 8 | 2);
    reg_wr(0, SNIC_REG_TEST_GO, 6 << 8 | 2);
    qtest_clock_step(qts, 400);
    g_assert_cmphex(qtest_readl(qts, RAM), ==, 0);
    qtest_clock_step(qts, 10000);
    g_assert_cmphex(qtest_readl(qts, RAM), ==, 0x55);
    g_assert_cmphex(qtest_readl(qts, RAM + 64), ==, 0);
    g_assert_cmphex(qtest_readl(qts, MSIX + 0x800), ==, 1 << 6);
    msix_set(0, 6, RAM + 64, 0x66, false);
    g_assert_cmphex(qtest_readl(qts, RAM + 64), ==, 0x66);
    g_assert_cmphex(qtest_readl(qts, MSIX + 0x800), ==, 0);
    /* a message to the card itself, which is inside its own access */
    msix_set(0, 7, REGS + SNIC_REG_TEST_GO, 7 << 8 | 2, false);
    reg_wr(0, SNIC_REG_TEST_GO, 7 << 8 | 2);
    qtest_clock_step(qts, 100000);
    g_assert_cmphex(reg_rd(0, SNIC_REG_MAGIC), ==, SNIC_MAGIC);
    snic_down();
}

static void flr(unsigned func)
{
    uint64_t ctl = cfg_at(1, func, EXP + PCI_EXP_DEVCTL);

    qtest_writew(qts, ctl, qtest_readw(qts, ctl) | PCI_EXP_DEVCTL_BCR_FLR);
    qtest_clock_step(qts, 100000);
}

/* With a DMA under way: not done in the name of who is reset. */
static void test_flr(void)
{
    snic_up("");
    reg_wr(0, SNIC_REG_TEST_SCRATCH, 1);
    dma_go(0, RAM);
    flr(0);
    g_assert_cmphex(qtest_readl(qts, RAM), ==, 0);
    g_assert_cmphex(reg_rd(0, SNIC_REG_MAGIC), !=, SNIC_MAGIC); /* no BAR */
    bring_up();
    g_assert_cmphex(reg_rd(0, SNIC_REG_TEST_SCRATCH), ==, 0);
    dma_go(0, RAM);
    qtest_clock_step(qts, 10000);
    g_assert_true(dma_done(0, RAM));
    snic_down();
}

static void reset(void)
{
    reg_wr(0, SNIC_REG_TEST_SCRATCH, 1); /* an unused card is not reset */
    qtest_qmp_send(qts, "{ 'execute': 'system_reset' }");
}

/* The extended capabilities, as software finds them: id@place. */
static char *ecaps(void)
{
    GString *list = g_string_new(NULL);
    unsigned at = 0x100;

    while (at) {
        uint32_t header = qtest_readl(qts, cfg_at(1, 0, at));

        g_string_append_printf(list, "%x@%x ", header & 0xffff, at);
        at = header >> 20;
    }
    return g_string_free(list, false);
}

static void test_reboot(void)
{
    g_autofree char *list = NULL;

    snic_up("");
    vfs_on(4);
    g_assert_true(vf_there(4));
    reset();
    qtest_qmp_eventwait(qts, "RESET");
    bring_up();
    list = ecaps();
    g_assert_cmpstr(list, ==, "1@100 e@150 10@160 3@1a4 ");
    g_assert_false(vf_there(1));
    g_assert_cmphex(reg_rd(0, SNIC_REG_TEST_SCRATCH), ==, 0);
    dma_go(0, RAM);
    qtest_clock_step(qts, 10000);
    g_assert_true(dma_done(0, RAM));
    snic_down();
}

static void test_vf(void)
{
    snic_up("");
    vfs_on(8);
    g_assert_cmphex(reg_rd(3, SNIC_REG_FUNC), ==, 3);
    /* its own bus mastering, its own messages, its own reset */
    dma_go(3, RAM);
    qtest_clock_step(qts, 10000);
    g_assert_cmphex(qtest_readl(qts, RAM), ==, 0);
    command(3, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    dma_go(3, RAM);
    msix_set(3, 1, RAM + 64, 0x31, false);
    reg_wr(3, SNIC_REG_TEST_GO, 1 << 8 | 2);
    qtest_clock_step(qts, 10000);
    g_assert_true(dma_done(3, RAM));
    g_assert_cmphex(qtest_readl(qts, RAM + 64), ==, 0x31);
    reg_wr(2, SNIC_REG_TEST_SCRATCH, 2);
    reg_wr(3, SNIC_REG_TEST_SCRATCH, 3);
    flr(3);
    command(3, PCI_COMMAND_MEMORY);
    g_assert_cmphex(reg_rd(2, SNIC_REG_TEST_SCRATCH), ==, ~2u);
    g_assert_cmphex(reg_rd(3, SNIC_REG_TEST_SCRATCH), ==, 0);
    /* gone with a DMA under way */
    command(3, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    qtest_writel(qts, RAM, 0);
    dma_go(3, RAM);
    vfs_off();
    qtest_clock_step(qts, 10000);
    g_assert_cmphex(qtest_readl(qts, RAM), ==, 0);
    vfs_on(8);
    g_assert_cmphex(reg_rd(2, SNIC_REG_TEST_SCRATCH), ==, 0);
    snic_down();
}

/* Lines of QEMU's log that say so. */
static unsigned logged(const char *path, const char *what)
{
    g_autofree char *text = NULL;
    const char *p;
    unsigned n = 0;

    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    for (p = text; (p = strstr(p, what)); p++) {
        n++;
    }
    return n;
}

static void vf_round(void)
{
    vfs_on(16);
    g_assert_cmphex(reg_rd(16, SNIC_REG_FUNC), ==, 16);
    vfs_off();
    g_assert_false(vf_there(1));
}

static int vfs_alive(const char *log)
{
    return logged(log, "snic_vf_made") - logged(log, "snic_vf_freed");
}

/* An empty file, for QEMU's log. */
static char *new_log(void)
{
    char *log = NULL;
    int fd = g_file_open_tmp("snic-test-XXXXXX", &log, NULL);

    g_assert_cmpint(fd, >=, 0);
    close(fd);
    return log;
}

/*
 * A hundred times 16 VFs, and never more of them: what is made anew is also
 * freed, by RCU soon after. (From QEMU 10.0 the same VFs come and go.)
 */
static void test_vf_100(void)
{
    g_autofree char *log = new_log(), *options = NULL;
    int i;

    options = g_strdup_printf(",vfs=16 -d trace:snic_vf_* -D %s", log);
    snic_up(options);
    for (i = 0; i < 100; i++) {
        vf_round();
    }
    for (i = 0; i < 10000 && vfs_alive(log) > 16; i++) {
        g_usleep(1000);
    }
    g_assert_cmpuint(logged(log, "snic_vf_made"), >=, 16);
    g_assert_cmpint(vfs_alive(log), <=, 16);
    snic_down();
    unlink(log);
}

static void test_numvfs_beyond(void)
{
    g_autofree char *log = new_log(), *options = NULL;

    options = g_strdup_printf(",vfs=4 -d guest_errors -D %s", log);
    snic_up(options);
    vfs_on(5);
    g_assert_cmpuint(logged(log, "NumVFs 5 above TotalVFs 4"), ==, 1);
    g_assert_false(vf_there(1));
    vfs_off();
    vfs_on(4);
    g_assert_true(vf_there(4));
    g_assert_false(vf_there(5));
    vfs_off();
    vfs_on(0);
    g_assert_false(vf_there(1));
    g_assert_cmphex(reg_rd(0, SNIC_REG_MAGIC), ==, SNIC_MAGIC);
    snic_down();
    unlink(log);
}

static void test_vf_255(void)
{
    snic_up(",vfs=255");
    vfs_on(255);
    g_assert_cmphex(reg_rd(255, SNIC_REG_FUNC), ==, 255);
    snic_down();
}

static void plain_on(unsigned func)
{
    qtest_writeq(qts, cfg_at(1, func, PCI_BASE_ADDRESS_0),
                 VF_REGS + (func - 1) * SNIC_BAR_BYTES);
    command(func, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

/* Functions without SR-IOV: found by ARI, each with BARs, master bit and reset of its own. */
static void test_plain(void)
{
    unsigned func;

    snic_up(",plain=9");
    g_assert_cmphex(qtest_readl(qts, cfg_at(1, 0, SRIOV)) & 0xffff, !=,
                    PCI_EXT_CAP_ID_SRIOV);
    for (func = 0; func < 10; func++) {
        g_assert_cmphex(qtest_readl(qts, cfg_at(1, func, 0)), ==,
                        (func ? SNIC_PCI_DEVICE_VF : SNIC_PCI_DEVICE_PF) << 16 |
                            SNIC_PCI_VENDOR);
        g_assert_cmphex(qtest_readb(qts, cfg_at(1, func, PCI_HEADER_TYPE)), ==,
                        0x80); /* multi-function */
        g_assert_cmphex(
            qtest_readb(qts, cfg_at(1, func, ARI + PCI_ARI_CAP + 1)), ==,
            func < 9 ? func + 1 : 0);
    }
    g_assert_cmphex(qtest_readl(qts, cfg_at(1, 10, 0)), ==, ~0u);
    for (func = 1; func < 10; func++) {
        plain_on(func);
        g_assert_cmphex(reg_rd(func, SNIC_REG_FUNC), ==, func);
        dma_go(func, RAM + func * 16);
    }
    qtest_clock_step(qts, 10000);
    for (func = 1; func < 10; func++) {
        g_assert_true(dma_done(func, RAM + func * 16));
        reg_wr(func, SNIC_REG_TEST_SCRATCH, func);
    }
    qtest_writew(qts, cfg_at(1, 8, EXP + PCI_EXP_DEVCTL),
                 PCI_EXP_DEVCTL_BCR_FLR);
    for (func = 1; func < 10; func++) {
        if (func == 8) {
            plain_on(func);
        }
        g_assert_true((reg_rd(func, SNIC_REG_TEST_SCRATCH) == ~func) ==
                      (func != 8));
    }
    snic_down();
}

/*
 * An RTL that hangs (here: its watchdog waits for two cycles only): all ones, a
 * fatal error in AER, and QEMU ends with a status.
 */
static void test_gone(void)
{
    snic_up(",watchdog-cycles=2");
    qtest_set_expected_status(qts, EXIT_FAILURE);
    dma_go(0, RAM);
    qtest_clock_step(qts, 10000);
    g_assert_cmphex(reg_rd(0, SNIC_REG_MAGIC), ==, ~0u);
    g_assert_cmphex(qtest_readl(qts, cfg_at(1, 0, 0)), ==, ~0u);
    qtest_clock_step(qts, 200 * 1000 * 1000); /* the guest has had its say */
    while (qtest_probe_child(qts)) {
        g_usleep(1000);
    }
    snic_down(); /* which looks at its status */
}

/* The root port hands on errors, the PF reports those that are not fatal or none. */
static void reporting_up(const char *options, bool reports)
{
    uint64_t ctl = cfg_at(1, 0, EXP + PCI_EXP_DEVCTL);
    unsigned at = PCI_CAPABILITY_LIST - 1;

    snic_up(options);
    do {
        at = qtest_readb(qts, cfg_at(0, PORT, at + 1));
    } while (qtest_readb(qts, cfg_at(0, PORT, at)) != PCI_CAP_ID_EXP);
    qtest_writew(qts, cfg_at(0, PORT, at + PCI_EXP_DEVCTL),
                 PCI_EXP_DEVCTL_NFERE);
    qtest_writew(qts, cfg_at(0, PORT, PCI_COMMAND),
                 PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_SERR);
    qtest_writew(qts, cfg_at(0, PORT, PCI_BRIDGE_CONTROL), PCI_BRIDGE_CTL_SERR);
    if (reports) {
        qtest_writew(qts, ctl, qtest_readw(qts, ctl) | PCI_EXP_DEVCTL_NFERE);
    }
    vfs_on(2);
}

/* VF 1 reads a line of descriptors. */
static void line_read(void)
{
    command(1, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    reg_wr(1, SNIC_REG_FUNC_CTRL, SNIC_MASK(FUNC_CTRL, ENABLE));
    reg_wr(1, SNIC_REG_TXQ_BASE_LO, RAM);
    reg_wr(1, SNIC_REG_TXQ_WB_LO, RAM + 4096);
    reg_wr(1, SNIC_REG_TXQ_CFG,
           SNIC_MASK(TXQ_CFG, ENABLE) | SNIC_PUT(TXQ_CFG, LOG2, 4));
    reg_wr(1, SNIC_REG_TX_TAIL, 1);
    qtest_clock_step(qts, 20000);
}

static uint32_t aer_of(unsigned bus, unsigned devfn, unsigned reg)
{
    return qtest_readl(qts, cfg_at(bus, devfn, AER + reg));
}

/* The routing id of an error that the root port has heard of; 0: of none. */
static unsigned heard(void)
{
    return aer_of(0, PORT, PCI_ERR_ROOT_STATUS) & PCI_ERR_ROOT_NONFATAL_RCV
               ? aer_of(0, PORT, PCI_ERR_ROOT_ERR_SRC) >> 16
               : 0;
}

/*
 * A VF's read that is answered badly: the VF's status says so, and the root
 * port hears of it in the VF's name when the PF reports errors.
 */
static void test_aer(void)
{
    uint64_t pf_mask = cfg_at(1, 0, AER + PCI_ERR_UNCOR_MASK);

    reporting_up(",faults=poison:func=1", true);
    line_read();
    g_assert_cmphex(aer_of(1, 1, PCI_ERR_UNCOR_STATUS), ==,
                    PCI_ERR_UNC_POISON_TLP);
    g_assert_cmphex(aer_of(1, 0, PCI_ERR_UNCOR_STATUS), ==, 0);
    g_assert_cmphex(heard(), ==, 0x101);
    g_assert_cmphex(qtest_readw(qts, cfg_at(1, 1, PCI_COMMAND)), ==,
                    PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
    snic_down();

    reporting_up(",faults=poison:func=1", false);
    line_read();
    g_assert_cmphex(aer_of(1, 1, PCI_ERR_UNCOR_STATUS), ==,
                    PCI_ERR_UNC_POISON_TLP);
    g_assert_cmphex(heard(), ==, 0);
    snic_down();

    reporting_up(",faults=poison:func=1", true);
    qtest_writel(qts, pf_mask, PCI_ERR_UNC_POISON_TLP);
    line_read();
    g_assert_cmphex(heard(), ==, 0);
    snic_down();

    reporting_up(",faults=ca:func=1", true);
    line_read();
    g_assert_cmphex(qtest_readw(qts, cfg_at(1, 1, PCI_STATUS)) &
                        PCI_STATUS_REC_TARGET_ABORT,
                    ==, PCI_STATUS_REC_TARGET_ABORT);
    g_assert_cmphex(heard(), ==, 0);
    snic_down();
}

/*
 * A read that is never answered: given up when Device Control 2 says so, and
 * reported then; a VF that is reset in the meantime reports nothing.
 */
static void test_lost(void)
{
    uint64_t ctl2 = cfg_at(1, 0, EXP + PCI_EXP_DEVCTL2);
    int reset;

    for (reset = 0; reset < 2; reset++) {
        reporting_up(",faults=lost:func=1,,n=1", true);
        g_assert_cmpuint(reg_rd(0, SNIC_REG_READ_TIMEOUT), ==, 4000000);
        qtest_writew(qts, ctl2, 2); /* 1 ms to 10 ms */
        g_assert_cmpuint(reg_rd(0, SNIC_REG_READ_TIMEOUT), ==, 1600000);
        line_read();
        g_assert_cmphex(heard(), ==, 0);
        if (reset) {
            flr(1);
        }
        qtest_clock_step(qts, 6000000);
        g_assert_cmphex(heard(), ==, reset ? 0 : 0x101);
        g_assert_cmphex(aer_of(1, 1, PCI_ERR_UNCOR_STATUS), ==,
                        reset ? 0 : PCI_ERR_UNC_COMP_TIME);
        qtest_writew(qts, ctl2, PCI_EXP_DEVCTL2_COMP_TMOUT_DIS);
        g_assert_cmpuint(reg_rd(0, SNIC_REG_READ_TIMEOUT), ==, 0);
        flr(0);
        bring_up();
        g_assert_cmpuint(reg_rd(0, SNIC_REG_READ_TIMEOUT), ==, 4000000);
        snic_down();
    }
}

/* The last time in a waveform, in ps; 0 until it is closed. */
static uint64_t wave_end(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL), *fst = NULL;
    size_t size;

    g_assert_true(g_file_get_contents(path, &fst, &size, NULL));
    g_assert_cmpuint(size, >, 25);
    unlink(path);
    return ldq_be_p(fst + 17);
}

/*
 * A waveform is whole after a reset, when the next one begins, and when QEMU
 * ends: the RTL ends before its library does. $SNIC_SIM_WAVE names a library
 * that writes them.
 */
static void test_wave(void)
{
    const char *sim = getenv("SNIC_SIM_WAVE");
    g_autofree char *dir = NULL, *options = NULL;

    if (!sim) {
        g_test_skip("build/trace/libsnic_sim.so, which writes waveforms, is "
                    "not built");
        return;
    }
    dir = g_dir_make_tmp("snic-test-XXXXXX", NULL);
    options = g_strdup_printf(",sim=%s,wave=%s/w", sim, dir);
    snic_up(options);
    reg_rd(0, SNIC_REG_MAGIC);
    reset();
    qtest_qmp_eventwait(qts, "RESET");
    g_assert_cmpuint(wave_end(dir, "w"), >, 0);
    bring_up();
    reg_rd(0, SNIC_REG_MAGIC);
    snic_down(); /* which looks at QEMU's status */
    g_assert_cmpuint(wave_end(dir, "w.1"), >, 0);
    rmdir(dir);
}

/* A card that does not come back from a reset is gone, and QEMU says why. */
static void test_no_wave(void)
{
    const char *sim = getenv("SNIC_SIM_WAVE");
    g_autofree char *dir = NULL, *in_the_way = NULL, *options = NULL;

    if (!sim) {
        g_test_skip("build/trace/libsnic_sim.so, which writes waveforms, is "
                    "not built");
        return;
    }
    dir = g_dir_make_tmp("snic-test-XXXXXX", NULL);
    in_the_way = g_build_filename(dir, "w.1", NULL);
    g_assert_cmpint(g_mkdir(in_the_way, 0700), ==, 0);
    options = g_strdup_printf(",sim=%s,wave=%s/w,stats=%s/s", sim, dir, dir);
    snic_up(options);
    qtest_set_expected_status(qts, EXIT_FAILURE);
    reset();
    while (qtest_probe_child(qts)) {
        g_usleep(1000);
    }
    snic_down();
    wave_end(dir, "w");
    rmdir(in_the_way);
    g_assert_cmpint(rmdir(dir), ==, 0);
}

static uint32_t any_value(void)
{
    static const uint32_t edgy[] = {
        0,    1,          2,         3,          0x80000000,
        ~0u,  RAM,        REGS + 48, VF_REGS,    MSIX,
        ECAM, 0xfee00000, 6,         0x80001004, 0x8000100a,
    };

    return g_test_rand_bit()
               ? g_test_rand_int()
               : edgy[g_test_rand_int_range(0, G_N_ELEMENTS(edgy))];
}

/*
 * Anything, anywhere, in any order, messages aimed at the card itself among it.
 * --seed repeats a run; SNIC_RANDOM_ACCESSES makes it longer.
 */
static void test_random(void)
{
    const char *set = getenv("SNIC_RANDOM_ACCESSES");
    int i, n = set ? atoi(set) : 4000;

    snic_up("");
    for (i = 0; i < n; i++) {
        unsigned func = g_test_rand_int_range(0, 9);
        uint64_t msix = func ? VF_MSIX + (func - 1) * 4096 : MSIX;
        unsigned at = g_test_rand_int_range(0, 4096) & ~3;
        unsigned far = g_test_rand_int_range(0, SNIC_BAR_BYTES) & ~3;

        switch (g_test_rand_int_range(0, 16)) {
        case 0 ... 4:
            reg_wr(func, g_test_rand_bit() ? at & 0x1ff : far, any_value());
            break;
        case 5:
            reg_rd(func, far);
            break;
        case 6:
            qtest_writeb(qts, REGS + far, 1); /* a part of a register */
            break;
        case 7 ... 8:
            qtest_writel(qts, msix + (at & 0xff), any_value());
            break;
        case 9:
            qtest_writel(qts, cfg_at(1, func, at), any_value());
            break;
        case 10:
            qtest_writew(qts, cfg_at(1, 0, SRIOV + PCI_SRIOV_NUM_VF),
                         any_value() & 15);
            vfs_off();
            break;
        case 11:
            vfs_on(8);
            break;
        case 12:
            bring_up();
            break;
        case 13:
            qtest_writew(qts, cfg_at(1, func, EXP + PCI_EXP_DEVCTL),
                         PCI_EXP_DEVCTL_BCR_FLR);
            break;
        default:
            qtest_clock_step(qts, g_test_rand_int_range(1, 5000));
        }
    }
    snic_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    qtest_add_func("/snic/identity", test_identity);
    qtest_add_func("/snic/round-trip", test_round_trip);
    qtest_add_func("/snic/dma-time", test_dma_time);
    qtest_add_func("/snic/dma-refused", test_dma_refused);
    qtest_add_func("/snic/msix", test_msix);
    qtest_add_func("/snic/flr", test_flr);
    qtest_add_func("/snic/reboot", test_reboot);
    qtest_add_func("/snic/vf", test_vf);
    qtest_add_func("/snic/vf-100-times", test_vf_100);
    qtest_add_func("/snic/numvfs-beyond", test_numvfs_beyond);
    qtest_add_func("/snic/vf-255", test_vf_255);
    qtest_add_func("/snic/plain", test_plain);
    qtest_add_func("/snic/gone", test_gone);
    qtest_add_func("/snic/aer", test_aer);
    qtest_add_func("/snic/lost", test_lost);
    qtest_add_func("/snic/wave", test_wave);
    qtest_add_func("/snic/no-wave", test_no_wave);
    qtest_add_func("/snic/random", test_random);
    return g_test_run();
}
