#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""No wrong number: suites that are killed, resumed, started twice, run in parts that are merged, kept in a cache, whose
inputs, RTL library and results are edited meanwhile.

Each round does a few of these to one folder, at random times, then lets the suite end. What it says then must be, to the
byte, what a suite in a clean folder says of the same inputs; and whatever ends with status 0 on the way must be true of
inputs that were there while it ran.
  ROUNDS=100 SEED=7 testbench/bench/test_kills.py      default: 6 rounds, seed 0
COSNIC and COSNIC_LIB name another program and other libraries.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COSNIC = Path(os.environ.get("COSNIC", ROOT / "build" / "cosnic")).resolve()
LIBRARIES = Path(os.environ.get("COSNIC_LIB", ROOT / "build")).resolve()
ROUNDS = int(os.environ.get("ROUNDS", "6"))
SEED = int(os.environ.get("SEED", "0"))
STATES = 3  # contents that each input has
# An RTL library of other figures: the one below, with posted writes that come later.
LATE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include "snic_sim.h"
struct snic_sim *snic_sim_create(const struct snic_sim_config *cfg, const struct snic_sim_ops *ops, void *ctx, char *err,
				 size_t size)
{
	struct snic_sim_config late = *cfg;

	late.write_latency_ns += 300;
	return ((__typeof__(&snic_sim_create))dlsym(RTLD_NEXT, "snic_sim_create"))(&late, ops, ctx, err, size);
}
"""
LIMIT_S = 400  # what takes longer hangs; a suite takes a second of one core

# A sweep of captures, and a search, whose rows stand on many points.
SUITES = {
    "sweep": ["sweep", "--over", "pcie=gen3x8,gen4x16;direction=rx,tx", "--read-latency", "latency.csv", "t.pcap"],
    "rfc2544": ["rfc2544", "--over", "size=64,512", "--pcie", "gen3x8", "--trial-us", "10", "--width", "10",
                "--read-latency", "latency.csv"],
}


class Bench:
    """A working folder: inputs in one of several states, a program and a library of its own, suites."""

    def __init__(self, folder, rng):
        self.folder, self.rng = folder, rng
        self.program, self.lib = folder / "bin" / "cosnic", folder / "lib" / "fast" / "libsnic_sim.so"
        self.program.parent.mkdir()
        self.lib.parent.mkdir(parents=True)
        shutil.copy(COSNIC, self.program)
        shutil.copy(LIBRARIES / "fast" / "libsnic_sim.so", self.lib)
        self.env = dict(os.environ, COSNIC_LIB=str(folder / "lib"))
        shutil.copy(self.lib, folder / "library0.so")
        (folder / "late.c").write_text(LATE)
        subprocess.run(["gcc", "-shared", "-fPIC", "-Wl,--no-as-needed", "-I", ROOT / "rtl/sim", "-I", ROOT / "rtl/contract",
                        "-o", folder / "library1.so", folder / "late.c", folder / "library0.so"], check=True)
        for state in range(STATES):
            subprocess.run([self.program, "gen", "--size", str(64 + 200 * state), "--count", "400", "--flows", "16",
                            "--quiet", "-o", f"t{state}.pcap"], cwd=folder, check=True)
            (folder / f"latency{state}.csv").write_text(f"{400 + 300 * state},3\n{900 + 300 * state},1\n")
        self.state = {"library.so": 0}
        self.truth = {}
        for name in ("t.pcap", "latency.csv"):
            self.edit(name, 0, True)

    def edit(self, name, state, renamed):
        """Gives an input another content, under its name or by another file of that name; a library as a linker does."""
        stem, ending = name.split(".")
        if name == "library.so":
            state %= 2
        new = (self.folder / f"{stem}{state}.{ending}").read_bytes()
        if renamed or name == "library.so":
            (self.folder / "new").write_bytes(new)
            (self.folder / "new").rename(self.lib if name == "library.so" else self.folder / name)
        else:
            (self.folder / name).write_bytes(new)
        self.state[name] = state

    def key(self, suite):
        """The state of what the suite reads."""
        return (suite, self.state["latency.csv"], self.state["t.pcap"] if suite == "sweep" else 0,
                self.state["library.so"])

    def start(self, suite, out, jobs, *more):
        log = open(self.folder / f"{out}.log", "ab")
        return subprocess.Popen([self.program, "bench", *SUITES[suite], "--out", out, "--jobs", str(jobs), *more],
                                cwd=self.folder, env=self.env, stdout=log, stderr=log, start_new_session=True)

    def says(self, out):
        """What must be the same whichever way a suite ran."""
        suite = json.loads((self.folder / out / "suite.json").read_text())
        del suite["run"]
        for point in suite["points"]:
            del point["attempts"]  # of points that were killed one by one
            result = json.loads((self.folder / out / "points" / point["id"] / "result.json").read_text())
            del result["run"], result["sim"]
            point["result"] = result
        return json.dumps(suite, sort_keys=True) + (self.folder / out / "suite.csv").read_text()

    def true(self, key):
        """By a suite in a folder of its own, with inputs as of the key; the inputs stay as they are after it."""
        if key not in self.truth:
            before = dict(self.state)
            self.edit("latency.csv", key[1], True)
            self.edit("t.pcap", key[2], True)
            self.edit("library.so", key[3], True)
            shutil.rmtree(self.folder / "true", ignore_errors=True)
            done = self.start(key[0], "true", 2).wait(LIMIT_S)
            assert done == 0, f"in a clean folder: status {done}\n{(self.folder / 'true.log').read_text()}"
            self.truth[key] = self.says("true")
            other = self.truth.get((*key[:3], 1 - key[3]))
            assert other != self.truth[key], "the other library has the same figures: nothing is tried by it"
            for name, state in before.items():
                self.edit(name, state, True)
        return self.truth[key]

    # what a user, a scheduler, a full night do to a suite

    def kill_parent(self, run, _):
        run.kill()

    def kill_point(self, run, _):
        children = subprocess.run(["pgrep", "-P", str(run.pid)], capture_output=True, text=True, check=False).stdout.split()
        if children:
            try:
                os.kill(int(self.rng.choice(children)), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def terminate(self, run, _):
        run.terminate()

    def interrupt(self, run, _):
        try:
            os.killpg(run.pid, signal.SIGINT)
        except ProcessLookupError:  # it has ended by itself
            pass

    def edit_input(self, _run, _out):
        self.edit(self.rng.choice(list(self.state)), self.rng.randrange(STATES), self.rng.random() < 0.5)

    def other_program(self, _run, _out):
        """The same digits from another program or library: what was made by the old one is not kept."""
        path = self.rng.choice([self.program, self.lib])
        new = self.folder / "new"
        shutil.copy(path, new)
        with open(new, "ab") as f:
            f.write(b"\0" * 16)
        new.rename(path)

    def edit_result(self, _run, out):
        """A result that somebody changed, cut, or took from elsewhere."""
        results = list((self.folder / out / "points").glob("*/result.json"))
        if not results:
            return
        path = self.rng.choice(results)
        how = self.rng.randrange(4)
        try:
            text = path.read_text()
            if how == 0:
                text = text.replace('"mpps": 1', '"mpps": 2')
            elif how == 1:
                text = text[:len(text) // 2]
            elif how == 2:
                text = self.rng.choice(results).read_text()
            else:
                result = json.loads(text)
                result.pop("measured", None)
                text = json.dumps(result)
            path.write_text(text)
        except (OSError, ValueError):
            pass  # its run took it away

    def edit_cache(self, _run, _out):
        entries = list((self.folder / "cache").glob("*/*.json"))
        if entries:
            path = self.rng.choice(entries)
            path.write_text(path.read_text().replace('\\"mpps\\": 1', '\\"mpps\\": 3'))

    def second(self, run, out):
        """Another bench in the folder: it is refused, or has waited for nobody."""
        other = self.start(self.rng.choice(list(SUITES)), out, 1)
        code = other.wait(LIMIT_S)
        # the first may have ended meanwhile, and inputs be as they were
        assert code in (0, 3) or run.poll() is not None, f"a second bench ended with {code}"

    def nothing(self, _run, _out):
        pass


def left_over(folder):
    """Processes that still work in the folder."""
    pids = []
    for proc in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder) in os.readlink(proc / "cwd") and os.readlink(proc / "exe").startswith(str(folder)):
                pids.append(proc.name)
        except OSError:
            pass
    return pids


def parts_round(bench, rng, number):
    """A suite in two parts, as two machines run it, killed and edited like others; then merged."""
    suite, did = rng.choice(list(SUITES)), []
    acts = [bench.kill_parent, bench.kill_point, bench.terminate, bench.interrupt, bench.edit_input, bench.edit_input,
            bench.other_program, bench.edit_result, bench.edit_cache, bench.nothing]
    merge = ["--merge", "part1", "--merge", "part2"]
    more = [["--cache", "cache"] if rng.random() < 0.5 else [] for _ in range(2)]

    def part(number):
        return bench.start(suite, f"part{number}", 1, "--shard", f"{number}/2", *more[number - 1])

    runs = [part(1), part(2)]
    for _ in range(rng.randrange(1, 4)):
        time.sleep(rng.uniform(0, 0.7))
        act = rng.choice(acts)
        which = rng.randrange(2)
        did.append(act.__name__)
        act(runs[which], f"part{which + 1}")
    for run in runs:
        run.wait(LIMIT_S)
    # of parts that may be cut, of other inputs, or tampered with: nothing, or the truth of what is here now
    shutil.rmtree(bench.folder / "whole", ignore_errors=True)
    code = bench.start(suite, "whole", 2, *merge).wait(LIMIT_S)
    did.append(f"merged with status {code}")
    if code == 0:
        assert bench.says("whole") == bench.true(bench.key(suite)), f"round {number}: merged and wrong: {did}"
    for run in (part(1), part(2)):
        code = run.wait(LIMIT_S)
        assert code == 0, f"round {number}: {did}: a part ends with status {code}"
    code = bench.start(suite, "whole", 2, *merge).wait(LIMIT_S)
    log = (bench.folder / "whole.log").read_text()[-2000:]
    assert code == 0, f"round {number}: {did}: the merge ends with status {code}\n{log}"
    assert bench.says("whole") == bench.true(bench.key(suite)), f"round {number}: wrong of parts: {did}"
    assert not left_over(bench.folder), f"round {number}: processes are left: {did}"
    return f"{suite} in parts: {', '.join(did)}"


def one_round(bench, rng, number):
    """Returns what was done, for people."""
    if rng.random() < 0.3:
        return parts_round(bench, rng, number)
    suite, out, did = rng.choice(list(SUITES)), "suite", []
    acts = [bench.kill_parent, bench.kill_parent, bench.kill_point, bench.terminate, bench.interrupt, bench.edit_input,
            bench.edit_input, bench.other_program, bench.edit_result, bench.edit_cache, bench.second, bench.nothing]
    for _ in range(rng.randrange(1, 4)):
        more = ["--cache", "cache"] if rng.random() < 0.5 else []
        held, now = {bench.key(suite)}, []
        run = bench.start(suite, out, rng.randrange(1, 4), *more)
        for _ in range(rng.randrange(1, 3)):
            time.sleep(rng.uniform(0, 0.7))
            act = rng.choice(acts)
            now.append(act.__name__)
            act(run, out)
            held.add(bench.key(suite))
        code = run.wait(LIMIT_S)
        did += now
        # behind a run's back its folder is not what it left
        if code == 0 and not {"edit_result", "second"} & set(now):
            assert bench.says(out) in [bench.true(key) for key in held], f"round {number}: status 0 and wrong: {did}"
    code = bench.start(suite, out, 2).wait(LIMIT_S)
    log = (bench.folder / f"{out}.log").read_text()[-2000:]
    assert code == 0, f"round {number}: {did}: the suite ends with status {code}\n{log}"
    assert bench.says(out) == bench.true(bench.key(suite)), f"round {number}: wrong: {did}"
    # what was kept is not what was tampered with
    again = bench.start(suite, out, 2).wait(LIMIT_S)
    assert again == 0 and bench.says(out) == bench.true(bench.key(suite)), f"round {number}: wrong when kept: {did}"
    litter = list((bench.folder / out / "points").glob("*/run.*"))
    assert not litter, f"round {number}: left: {litter}"
    assert not left_over(bench.folder), f"round {number}: processes are left: {did}"
    return f"{suite}: {', '.join(did)}"


def main():
    print(f"seed {SEED}, {ROUNDS} rounds")
    passed = failed = 0
    rng = random.Random(SEED)
    with tempfile.TemporaryDirectory(prefix="cosnic-kills-") as tmp:
        bench = Bench(Path(tmp).resolve(), rng)
        for number in range(ROUNDS):
            try:
                did = one_round(bench, rng, number)
                passed += 1
                print(f"  ok   kills.{number} ({did})")
            except (AssertionError, subprocess.TimeoutExpired) as wrong:
                for pid in left_over(bench.folder):
                    os.kill(int(pid), signal.SIGKILL)
                failed += 1
                print(f"  FAIL kills.{number}\n    {wrong}")
                for left in ("suite", "part1", "part2"):
                    shutil.rmtree(bench.folder / left, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
