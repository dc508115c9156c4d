#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""The report's page in a real browser: made of real runs and of hostile files, in light and dark, wide and narrow.

Screenshots are left in results/report-test. COSNIC names another program; $CHROMIUM another browser.
"""

import base64
import csv
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

ROOT = Path(__file__).resolve().parents[2]
COSNIC = os.environ.get("COSNIC", str(ROOT / "build" / "cosnic"))
SHOTS = ROOT / "results" / "report-test"
HOSTILE = '</script><script>window.pwned = 1</script><img src=x onerror="window.pwned = 1">'
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]

# Of every plot: whether anything was drawn on it.
DRAWN = """
return [...document.querySelectorAll("canvas")].map((c) => {
	const copy = Object.assign(document.createElement("canvas"), { width: c.width, height: c.height });
	const context = copy.getContext("2d", { willReadFrequently: true });
	context.drawImage(c, 0, 0);
	const px = context.getImageData(0, 0, c.width, c.height).data, colours = new Set();
	for (let i = 0; i < px.length; i += 4 * 7) if (px[i + 3]) colours.add(px[i] << 16 | px[i + 1] << 8 | px[i + 2]);
	return [c.getAttribute("aria-label"), colours.size];
});
"""


def cosnic(*args, status=0, cwd=None):
    """Runs the program; returns what it said on stderr."""
    done = subprocess.run([COSNIC, *args], capture_output=True, text=True, cwd=cwd, check=False, timeout=120)
    assert done.returncode == status, f"cosnic {args}: exit status {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stderr


def edit(path, change):
    result = json.loads(path.read_text())
    change(result)
    path.write_text(json.dumps(result))


def fixture(folder):
    """Sweeps by the RTL, a run with VFs, and results that were tampered with."""
    cosnic("bench", "sweep", "--over", "size=64,256,1518;pcie=gen3x8,gen4x16", "--direction", "both", "--packets",
           "1500", "--out", str(folder / "sizes"))
    cosnic("bench", "sweep", "--over", "size=64,128,256;vfs=1,2;queues=1,2;latency=300,600,900", "--packets",
           "200", "--predict-only", "--out", str(folder / "many"))
    cosnic("bench", "rfc2544", "--over", "size=64,512", "--direction", "rx", "--pcie", "gen3x8", "--trial-us", "20",
           "--width", "5", "--out", str(folder / "search"))
    cosnic("gen", "--size", "64", "--count", "4000", "--vfs", "8", "--flows", "64", "--quiet", "-o",
           str(folder / "t.pcap"))
    for name in ("fair", "hostile", "failed-check", "cut"):
        cosnic("replay", "--vfs", "8", "--pcie", "gen3x8", "--quiet", "--out", str(folder / "lone" / name),
               str(folder / "t.pcap"))

    def hostile(r):
        r["measured"]["drops"][HOSTILE] = 5
        r["run"]["commit"] = HOSTILE
        r["measured"]["rx"]["mpps"] = 1e17
        r["measured"]["bottleneck"] = HOSTILE

    def failed(r):
        r["check"].update(passed=False, mismatched=1, first="frame 7: byte 14 differs " + HOSTILE)

    edit(folder / "lone" / "hostile" / "result.json", hostile)
    edit(folder / "lone" / "failed-check" / "result.json", failed)
    cut = folder / "lone" / "cut" / "result.json"
    cut.write_text(cut.read_text()[:200])

    # a suite in which a run crashed, one never ran, and whose name is not a nice one
    def crashed(s):
        s["suite"] = HOSTILE
        s["points"][0].update(status="failed", error="killed by signal 11 " + HOSTILE)
        s["points"][1].update(status="missing")
        s["rows"] = [{"size": "64", "ndr_mpps": 1.5, "remark": HOSTILE}, {"size": "128", "ndr_mpps": 0.5}]

    (folder / "seeds").mkdir()
    (folder / "seeds" / "suite.json").write_text(json.dumps({
        "suite": "seeds", "axes": [], "points": [], "rows": [
            {"experiment": "a", "case": "through the NIC", "published": 14.0, "unit": "Gb/s", "predicted": 21.13,
             "measured": 21.13, "remark": "without windows", "source": HOSTILE},
            {"experiment": "a", "case": "software bridge", "published": 5.5, "unit": "Gb/s", "source": HOSTILE}]}))
    (folder / "named").mkdir()
    (folder / "named" / "suite.json").write_text(json.dumps({
        "suite": "constructor", "axes": [{"name": "toString"}], "points": [], "rows": [
            {"test": "latency", "size": "64", "direction": "valueOf", "toString": "1", "of_ndr_pct": n} for n in (10, 50)]}))
    shutil.copytree(folder / "sizes", folder / "crashed")
    edit(folder / "crashed" / "suite.json", crashed)


def disagree(folder):
    """In one run another station limits than was predicted: what the page must say first."""

    def swap(r):
        busy = {k: {"busy": 0.5, "stalled": {}} for k in ("wire_in", "parser", "pcie_up", "pcie_down")}
        busy["parser"] = {"busy": 0.99, "stalled": {"flow_table": 0.01}}
        r["measured"].update(stations=busy, bottleneck="parser", bottleneck_busy=0.99)

    edit(folder / "sizes" / "points" / "0001" / "result.json", swap)


def many(folder):
    """A sweep of 2,000 runs: one run of the RTL over and over, with other settings."""
    result = json.loads((folder / "sizes" / "points" / "0000" / "result.json").read_text())
    axes = {"size": range(64, 224, 8), "vfs": (1, 2, 4, 8, 16), "pcie": ("gen3x8", "gen4x16"), "latency": range(400, 1400, 100)}
    points = []
    for values in itertools.product(*axes.values()):
        settings = dict(zip(axes, map(str, values)))
        path = folder / "thousands" / "points" / f"{len(points):04d}"
        path.mkdir(parents=True)
        result["measured"]["rx"]["mpps"] = 20 + len(points) / 100
        (path / "result.json").write_text(json.dumps(result))
        points.append({"id": path.name, "settings": settings, "status": "ok"})
    (folder / "thousands" / "suite.json").write_text(json.dumps({
        "suite": "sweep", "axes": [{"name": k, "values": [str(v) for v in values]} for k, values in axes.items()],
        "points": points, "rows": []}))


class Page:
    """A browser with the page, as one looks at it."""

    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        for arg in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
            options.add_argument(arg)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.width = 0
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)

    def open(self, path, scheme, width):
        self.look(scheme, width)
        self.driver.get("about:blank")
        self.driver.get_log("performance")
        self.driver.get(path.as_uri())

    def cpu_s(self):
        """Seconds of processor that the browser's main thread took so far: what else runs on the machine is not in it."""
        metrics = self.cdp("Performance.getMetrics")["metrics"]
        return next(m["value"] for m in metrics if m["name"] == "TaskDuration")

    def look(self, scheme, width):
        self.width = width
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def cdp(self, command, **args):
        return self.driver.execute_cdp_cmd(command, args)

    def js(self, code):
        return self.driver.execute_script(code)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.js(f"return document.querySelector({json.dumps(selector)}).innerText")

    def screenshot(self, path):
        height = min(self.js("return document.documentElement.scrollHeight"), 16000)
        width = self.js("return innerWidth")
        shot = self.cdp("Page.captureScreenshot", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": width, "height": height, "scale": 1})
        path.write_bytes(base64.b64decode(shot["data"]))

    def requests(self):
        """What the page asked for, but for the page itself and the browser's own pages."""
        urls = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                urls.append(message["params"]["request"]["url"])
        return [u for u in urls if not u.startswith(("data:", "chrome:"))]


def one_line_a_bad_file(said):
    assert said.count("\n") == 1 and "cut/result.json: line " in said, said


def loads_clean(page, path):
    """No error, no request, nothing that a result smuggled in."""
    log = page.driver.get_log("browser")
    assert log == [], log
    assert page.requests() == [path.as_uri()], "the page must not ask for anything"
    assert page.js("return window.pwned") is None
    assert not page.all("img, iframe, main script")
    assert "Predicted against measured" in page.text("h1")


def names_are_names(page, _):
    """A suite, an axis and a direction called as what JavaScript's objects have by themselves."""
    text = page.js('return document.body.textContent')
    assert "native code" not in text
    assert "constructor" in page.js('return [...document.querySelectorAll("main h2")].map((e) => e.textContent)')


def all_drawn(page, _):
    """Every plot has marks beside its grid, and its figures as a table."""
    plots = page.js(DRAWN)
    assert len(plots) > 20, f"{len(plots)} plots"
    empty = [label for label, colours in plots if colours < 4]
    assert not empty, f"nothing drawn: {empty}"
    assert page.js("return plots.length") == len(plots)
    assert len(page.all("figure details table tbody tr")) > len(plots)
    assert not page.js('return [...document.querySelectorAll("figure")].some((f) => !f.querySelector("table"))')


def no_overflow(page, _):
    # not innerWidth: a phone's browser zooms out until all fits
    wide = page.js("return document.documentElement.scrollWidth")
    assert wide <= page.width, f"{wide} px wide on a screen of {page.width}"


def first_things_first(page, _):
    """Stations that limit against prediction, and failures, stand before all figures."""
    second, first = page.js('return [...document.querySelectorAll("main > section")].slice(0, 2).map((e) => e.innerText)')
    assert "without a good result" in first
    for words in ("killed by signal 11", "missing", "lone/cut/result.json: line", "check failed", "frame 7: byte 14"):
        assert words in first, f"does not say: {words}"
    assert "Another station limits than was predicted" in second
    assert "parser (99 %)" in second
    assert page.js('return document.querySelector(".say.warn").getBoundingClientRect().top < 1200')


def figures_of_csv(page, path):
    """Rates on the page are those of the CSV, for a run picked from it."""
    with open(path.with_suffix(".csv"), encoding="utf-8") as f:
        row = next(r for r in csv.DictReader(f) if r["suite"] == "sizes" and r["lane"] == "tx" and r["size"] == "1518")
    cells = page.js('return [...document.querySelectorAll("td.n")].map((c) => c.textContent)')
    assert f"{float(row['measured_mpps']):.2f}" in cells
    assert f"{float(row['measured_gbps']):.2f}" in cells


def searches(page, _):
    """NDR and PDR over size, frame loss over load, and published figures beside ours."""
    labels = page.js('return plots.map((p) => p.chart.data.datasets.map((d) => d.label).join("|"))')
    assert any("NDR: no loss" in text and "line rate" in text for text in labels)
    assert "64 B|512 B" in labels
    assert "published|measured|predicted" in labels
    cells = page.js('return [...document.querySelectorAll("td")].map((c) => c.textContent)')
    assert "14" in cells and "21.13" in cells and "without windows" in cells


def controls(page, _):
    """Units can be switched, another run looked into, more panels shown."""
    in_gbps = 'return plots.filter((p) => (p.chart.options.scales.y.title || {}).text === "Gb/s of frames").length'
    before = page.js(in_gbps)
    for button in page.all(".switch button"):
        if button.text == "Mpps":
            page.driver.execute_script("arguments[0].click()", button)
    assert 0 < page.js(in_gbps) < before, "those of searches stay"
    assert page.js('return plots.some((p) => p.chart.options.scales.y.title && p.chart.options.scales.y.title.text === "Mpps")')
    choice = Select(next(s for s in page.all("select") if len(s.find_elements(By.TAG_NAME, "option")) == 6))
    before = page.js("return plots.length")
    choice.select_by_index(5)
    assert page.js("return plots.length") == before, "plots of the run before must go"
    more = page.all("button.more")
    assert more, "a suite of many panels"
    page.driver.execute_script("arguments[0].click()", more[0])
    assert page.js("return plots.length") > before
    all_drawn(page, None)
    assert page.driver.get_log("browser") == []


def follows_the_scheme(page, _):
    """Colours of page and plots change with the system's, without loading it again."""
    ground = "return getComputedStyle(document.body).backgroundColor"
    page.look("light", 1280)
    light, grid = page.js(ground), page.js("return plots[0].chart.options.scales.x.grid.color")
    page.look("dark", 1280)
    assert page.js(ground) != light
    # the page hears of it with the browser's next frame
    WebDriverWait(page.driver, 60).until(lambda _: page.js("return plots[0].chart.options.scales.x.grid.color") != grid)
    all_drawn(page, None)


def quick(page, path):
    """Thousands of runs: drawn at once, their tables only when they are looked at."""
    page.cdp("Performance.enable", timeDomain="threadTicks")
    page.open(path, "light", 1280)
    elements, seconds = page.js('return document.querySelectorAll("*").length'), page.cpu_s()
    print(f"    2,000 runs: {elements} elements, {seconds:.2f} s of processor")
    assert elements < 20000, f"{elements} elements"
    assert seconds < 4, f"{seconds} s"
    assert page.driver.get_log("browser") == []
    runs = page.js('return [...document.querySelectorAll("details")].filter((d) => d.textContent === "All runs of this suite").length')
    assert runs == 1
    page.js('[...document.querySelectorAll("details")].find((d) => d.textContent === "All runs of this suite").open = true')
    WebDriverWait(page.driver, 60).until(lambda _: page.js('return document.querySelectorAll("details[open] tbody tr").length') >= 2000)


def run(name, test, *args):
    start = time.monotonic()
    try:
        test(*args)
    except Exception as e:  # pylint: disable=broad-except
        where = traceback.extract_tb(e.__traceback__)[-1]
        print(f"  FAIL {name}\n    {Path(where.filename).name}:{where.lineno}: {type(e).__name__}: {e}")
        return False
    print(f"  ok   {name} ({time.monotonic() - start:.2f} s)")
    return True


def main():
    results = []
    with tempfile.TemporaryDirectory(prefix="cosnic-report-") as tmp:
        folder, path = Path(tmp) / "results", Path(tmp) / "report.html"
        folder.mkdir()
        fixture(folder)
        disagree(folder)
        said = cosnic("report", str(folder), "-o", str(path), "--quiet")
        results.append(run("report.bad_file", one_line_a_bad_file, said))
        SHOTS.mkdir(parents=True, exist_ok=True)
        page = Page()
        for scheme, width in LOOKS:
            page.open(path, scheme, width)
            for test in (loads_clean, names_are_names, all_drawn, no_overflow, first_things_first, figures_of_csv, searches):
                results.append(run(f"page.{test.__name__}.{scheme}.{width}", test, page, path))
            page.screenshot(SHOTS / f"{scheme}-{width}.png")
            if width == 1280:
                results.append(run(f"page.controls.{scheme}", controls, page, path))
            if (scheme, width) == LOOKS[0]:
                results.append(run("page.follows_the_scheme", follows_the_scheme, page, path))
        (Path(tmp) / "thousands").mkdir()
        shutil.copytree(folder / "sizes", Path(tmp) / "thousands" / "sizes")
        many(Path(tmp) / "thousands")
        cosnic("report", str(Path(tmp) / "thousands" / "thousands"), "-o", str(Path(tmp) / "thousands.html"), "--quiet")
        results.append(run("page.quick", quick, page, Path(tmp) / "thousands.html"))
        page.driver.quit()
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
