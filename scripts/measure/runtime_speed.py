"""What Python costs a reader, side by side in one run: stock Pyodide, ours whole and lean, and MicroPython for scale.

Times run from the start of navigation to the first answer, in a new profile ("first") and on a second visit ("again"): the answer to
what the guide asks of a cold page, its first screen. What it costs once it runs is measured on a whole result, the heaviest screen.
A bound that is missed is said under the figures, in words.
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Playwright, sync_playwright

from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.locales import REFERENCE
from scripts.measure.slow import Network, family, shaped, slowed
from scripts.project.browser import FLAGS, find_browser
from scripts.project.marked_blocks import write_block
from scripts.project.paths import FIGURES, NODE_MODULES, ROOT
from scripts.runtime import build, corpus_of, parts_of
from scripts.runtime.lean.build import build_lean
from scripts.runtime.manifest import Manifest, place
from scripts.runtime.node import PYODIDE
from scripts.runtime.packed_engine import PACKAGE, Engine
from scripts.site.compress import compress_site
from scripts.site.guide import build_guide
from scripts.site.serve import serving

MICROPYTHON = NODE_MODULES / "@micropython" / "micropython-webassembly-pyscript"
STOCK = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
NETWORKS = (Network("1.6 Mbit/s, 150 ms", 1.6e6, 0.15), Network("9 Mbit/s, 60 ms", 9e6, 0.06))
SLOWER = 4
START, END = "<!-- runtime figures: made by python -m scripts.measure runtime -->", "<!-- end of runtime figures -->"
PAGE = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Guide</title><body></html>'
REQUEST: dict[str, Any] = {"do": "show", "locale": "fr", "root": "../", "on": MODEL_DAY.isoformat(),
                           "answers": {"asker": "victime", "ground": "c2s", "place": "cabinet", "profession": "chirurgien_dentiste",
                                       "professional_identified": "true", "refusal": "refus_rdv", "goal": "reconnaissance"}}
FIRST = {**REQUEST, "answers": {}}
OURS = """async ({files, request}) => {
  const {startEngine} = await import(new URL("../assets/js/runtime.mjs", document.baseURI).href);
  const engine = globalThis.engine = startEngine({folder: "../assets/runtime/", files}, "fr", (tier) => (globalThis.tier = tier));
  await engine.ask(request);
  return performance.now();
}"""
OTHERS = """async ({files, request}) => {
  const worker = globalThis.worker = new Worker("../assets/js/stock.mjs", {type: "module"});
  const heard = () => new Promise((done) => { worker.onmessage = ({data}) => done(JSON.parse(data)); });
  globalThis.engine = {ask: async (request) => { worker.postMessage(JSON.stringify({ask: 1, request})); return (await heard()).text; }};
  const at = (name) => new URL(name, document.baseURI).href;
  worker.postMessage(JSON.stringify({start: {...files, folder: at(files.folder), engine: at(files.engine), model: at(files.model)}}));
  await heard();
  await engine.ask(request);
  return performance.now();
}"""
CLICKS = """async ({request, times}) => {
  const answers = [], clicks = [];
  for (let i = 0; i < times; i += 1) {
    const start = performance.now();
    const answer = JSON.parse(await engine.ask(request));
    answers.push(performance.now() - start);
    document.body.innerHTML = answer.html ?? "";
    await new Promise((done) => requestAnimationFrame(done));
    clicks.push(performance.now() - start);
  }
  return [answers, clicks];
}"""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to run Python: the script that starts it, and what it is given."""

    name: str
    script: str
    files: object
    weighs: tuple[str, ...]              # the files it fetches, below the folder
    request: Mapping[str, object] = field(default_factory=lambda: REQUEST)


@dataclass(frozen=True, slots=True)
class Condition:
    """A network, if any, and how many times slower the processor is."""

    network: Network | None
    slower: int

    @property
    def name(self) -> str:
        """What a reader would call it; nothing for this machine as it is."""
        network = [self.network.name] if self.network else []
        return ", ".join([*network, *([f"{self.slower}× slower processor"] if self.slower > 1 else [])])


HERE = Condition(None, 1)
CONDITIONS = (HERE, Condition(None, SLOWER), *(Condition(network, 1) for network in NETWORKS))
THOROUGH = (*CONDITIONS, *(Condition(network, SLOWER) for network in NETWORKS))


@dataclass(frozen=True, slots=True)
class Calm:
    """What Python costs once it runs."""

    answer_ms: float                     # a question to the worker and back
    click_ms: float                      # the same, and what it shows is drawn
    memory_mib: float                    # of the page with its worker, over an empty page


@dataclass(frozen=True, slots=True)
class Bound:
    """What a variant may weigh and take, as a part of another one in the same run."""

    what: str
    measured: float
    most: float

    @property
    def words(self) -> str:
        """Say what was measured beside the bound."""
        return f"{self.what} {self.measured:.0%} (at most {self.most:.0%})"


def write_page(folder: Path) -> Manifest:
    """Write the page, the scripts and what is shipped; return its manifest."""
    os.environ["RUNTIME"] = "lean"
    manifest = build(folder / "assets", build_guide().guide)
    (folder / "assets" / "js").mkdir()
    for script in (ROOT / "overrides" / "assets" / "js" / "runtime.mjs", ROOT / "overrides" / "assets" / "js" / "worker.mjs",
                   ROOT / "scripts" / "measure" / "stock.mjs"):
        shutil.copy(script, folder / "assets" / "js")
    (folder / "page").mkdir()
    (folder / "page" / "index.html").write_text(PAGE, "utf-8")
    return manifest


def write_site(folder: Path) -> list[Variant]:
    """Write a page for every variant, all files beside their compressed copies."""
    guide = build_guide().guide
    engine, full = parts_of(guide)
    lean = build_lean(engine, full, lambda: corpus_of(guide))
    manifest = write_page(folder)
    pruned = replace(manifest, lean={"wasm": place(folder / "assets" / "runtime", "pruned.wasm", lean.pruned)})
    variants = [stock(folder, engine, manifest), ours("A, trimmed, as bytecode", replace(manifest, lean=None)),
                ours("C, one image, unused code removed", pruned), ours("D, memory guarded too (shipped)", manifest), micro(folder)]
    compress_site(folder)
    return variants


def ours(name: str, manifest: Manifest) -> Variant:
    """Return a variant of the site's own worker."""
    parts = list(manifest.lean.values()) if manifest.lean else list(manifest.full.values())
    return Variant(name, OURS, asdict(manifest), tuple(f"assets/runtime/{one.name}" for one in (*parts, manifest.model[REFERENCE])))


def stock(folder: Path, engine: Engine, manifest: Manifest) -> Variant:
    """Copy Pyodide as npm ships it, with the engine as source."""
    place_ = folder / "stock"
    place_.mkdir()
    for name in STOCK:
        shutil.copy(PYODIDE / name, place_)
    sources = {name.replace(".", "/") + ("/__init__.py" if name == PACKAGE else ".py"): text for name, text in engine.sources.items()}
    (place_ / "engine.json").write_text(json.dumps(sources), "utf-8")
    model = f"assets/runtime/{manifest.model[REFERENCE].name}"
    return Variant("stock npm package, engine as source", OTHERS,
                   {"kind": "stock", "folder": "../stock/", "engine": "../stock/engine.json", "model": f"../{model}"},
                   (*(f"stock/{name}" for name in STOCK), "stock/engine.json", model))


def micro(folder: Path) -> Variant:
    """Copy MicroPython, which runs a line of its own: another language, for scale."""
    shutil.copytree(MICROPYTHON, folder / "micro", ignore=shutil.ignore_patterns("*.md", "package.json"))
    return Variant("MicroPython, start alone, for scale", OTHERS, {"kind": "micro", "folder": "../micro/", "engine": "", "model": ""},
                   ("micro/micropython.mjs", "micro/micropython.wasm"))


def weight(folder: Path, variant: Variant) -> int:
    """Return the bytes on the wire, as brotli where that helps."""
    return sum(sent(folder, name) for name in variant.weighs)


def sent(folder: Path, name: str) -> int:
    """Return the bytes of one file on the wire."""
    return min(path.stat().st_size for path in (folder / name, folder / f"{name}.br") if path.exists())


@contextmanager
def launched(playwright: Playwright) -> Iterator[tuple[Browser, int]]:
    """Start a browser of our own; yield it with its process."""
    mark = f"--bench-{os.getpid()}-{os.urandom(4).hex()}"
    browser = playwright.chromium.launch(executable_path=find_browser(), args=[*FLAGS, mark])
    try:
        yield browser, next(pid for pid in processes() if mark in command_line(pid))
    finally:
        browser.close()


def processes() -> Iterable[int]:
    """Return all processes of the machine."""
    return sorted(int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())


def command_line(pid: int) -> str:
    """Return what a process was started with."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def visit(browser: Browser, pid: int, url: str, variant: Variant, condition: Condition) -> tuple[float, ...]:
    """Return the time of a first visit, in milliseconds; on this machine as it is, that of a second visit too."""
    context = browser.new_context()
    try:
        found = []
        for _ in range(2 if condition == HERE else 1):
            page = context.new_page()
            with slowed(pid, condition.slower):
                page.goto(f"{url}page/", timeout=180_000)
                found.append(float(page.evaluate(variant.script, {"files": variant.files, "request": json.dumps(FIRST)})))
            page.close()
        return tuple(found)
    finally:
        context.close()


def steady(browser: Browser, pid: int, url: str, variant: Variant) -> tuple[Calm, str]:
    """Return what Python costs once it runs, and which tier of ours answers."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}page/")
    before = resident(pid)
    page.evaluate(variant.script, {"files": variant.files, "request": json.dumps(variant.request)})
    after = resident(pid)
    answers, clicks = page.evaluate(CLICKS, {"request": json.dumps(variant.request), "times": 60})
    tier = str(page.evaluate("globalThis.tier ?? ''"))
    context.close()
    return Calm(median(answers), median(clicks), after - before), tier


def resident(pid: int) -> float:
    """Return the memory of a browser's pages, in MiB."""
    pages = (one for one in family(pid) if "--type=renderer" in command_line(one))
    return sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure(rounds: int, conditions: Sequence[Condition] = CONDITIONS) -> str:
    """Return the tables as Markdown."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        variants = write_site(folder)
        with serving(folder) as server, launched(playwright) as (browser, pid):
            times = {condition: timed(browser, pid, server.server_port, variants, condition, rounds) for condition in conditions}
            calm = {variant.name: steady(browser, pid, server.url, variant)[0] for variant in variants}
        sizes = {variant.name: weight(folder, variant) for variant in variants}
        files = file_table(folder, variants)
    return "\n\n".join((first_table(variants, sizes, times[HERE], calm), second_table(variants, times), files,
                        judged(bounds(variants, sizes, times)), note("runtime", rounds)))


Times = Mapping[str, tuple[float, ...]]


def timed(browser: Browser, pid: int, port: int, variants: Sequence[Variant], condition: Condition, rounds: int) -> Times:
    """Return the median times of each variant; the rounds take turns, so that a busy moment hits all."""
    found: dict[str, list[tuple[float, ...]]] = {variant.name: [] for variant in variants}
    for _ in range(rounds):
        for variant in variants:
            if condition.network is None:
                found[variant.name].append(visit(browser, pid, f"http://localhost:{port}/", variant, condition))
            else:
                with shaped(port, condition.network) as far:
                    found[variant.name].append(visit(browser, pid, f"http://localhost:{far}/", variant, condition))
    return {name: tuple(median(column) for column in zip(*visits, strict=True)) for name, visits in found.items()}


def first_table(variants: Sequence[Variant], sizes: Mapping[str, int], times: Times, calm: Mapping[str, Calm]) -> str:
    """Return bytes, times unthrottled, answers, clicks and memory."""
    base = variants[0].name
    lines = ["| variant | bytes | of stock | first, ms | of stock | again, ms | answer, ms | click to paint, ms | memory, MiB |",
             "|---|" + "--:|" * 8]
    for name in (variant.name for variant in variants):
        (first, again), one = times[name], calm[name]
        lines.append(f"| {name} | {sizes[name]:,} | {sizes[name] / sizes[base]:.0%} | {first:,.0f} | {first / times[base][0]:.0%} | "
                     f"{again:,.0f} | {one.answer_ms:.1f} | {one.click_ms:.1f} | +{one.memory_mib:.0f} |")
    return "\n".join(lines)


def second_table(variants: Sequence[Variant], times: Mapping[Condition, Times]) -> str:
    """Return the first visit on slow networks and processors."""
    slow = [condition for condition in times if condition.name]
    names = " | ".join(variant.name.split(",")[0] for variant in variants)
    lines = [f"| first visit, ms | {names} |", "|---|" + "--:|" * len(variants)]
    lines += [f"| {condition.name} | " + " | ".join(f"{times[condition][variant.name][0]:,.0f}" for variant in variants) + " |"
              for condition in slow]
    return "\n".join(lines)


def file_table(folder: Path, variants: Sequence[Variant]) -> str:
    """Return the bytes of each file, by what fetches it."""
    users: dict[str, list[str]] = {}
    for variant in variants:
        for name in variant.weighs:
            users.setdefault(name, []).append(variant.name.split(",")[0])
    lines = ["| file | bytes | fetched by |", "|---|--:|---|"]
    lines += [f"| {re.sub(r'[.][0-9a-f]{10}[.]', '.', name).rpartition('/')[2]} | {sent(folder, name):,} | {', '.join(who)} |"
              for name, who in users.items()]
    return "\n".join(lines)


def bounds(variants: Sequence[Variant], sizes: Mapping[str, int], times: Mapping[Condition, Times]) -> list[Bound]:
    """Return what each variant may weigh and take, beside what it does."""
    base, a, c, d, micro_ = (variant.name for variant in variants)
    here = times[HERE]
    found = [Bound(f"{name[0]}: bytes", sizes[name] / sizes[base], most) for name, most in ((a, 0.75), (c, 0.3), (d, 0.1))]
    found += [Bound(f"{name[0]}: time", here[name][0] / here[base][0], most) for name, most in ((a, 0.4), (c, 0.12), (d, 0.1))]
    for condition in times:
        if condition.network is not None:
            found.append(Bound(f"D: time at {condition.name}", times[condition][d][0] / times[condition][base][0], 0.1))
    return [*found, Bound("D: time beside MicroPython", here[d][0] / here[micro_][0], 1.5)]


def judged(found: Sequence[Bound]) -> str:
    """Say which bounds are kept, and which are missed."""
    kept = [one.words for one in found if one.measured <= one.most]
    missed = [one.words for one in found if one.measured > one.most]
    return "\n".join((f"Of stock: {'; '.join(kept)}.", *([f"**Missed**: {'; '.join(missed)}."] if missed else [])))


def note(part: str, rounds: int) -> str:
    """Say how it was measured."""
    load = os.getloadavg()[0]
    return (f"`python -m scripts.measure {part}`: medians of {rounds}, Chromium on this machine's {os.cpu_count()} processors "
            f"(load {load:.1f}); bytes as sent with brotli; from navigation to the first screen by Python; "
            "an answer is a whole result.")


def tables(rounds: int = 5, *, thorough: bool = False) -> str:
    """Return the figures as Markdown, and put them into docs/figures.md."""
    text = measure(rounds, THOROUGH if thorough else CONDITIONS)
    write_block(f"{text}\n", FIGURES, (START, END))
    return text
