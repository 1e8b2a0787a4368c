"""What Python costs a reader, side by side in one run: stock Pyodide, ours whole and lean, and MicroPython for scale.

Times run from the start of navigation to the first answer, in a new profile ("first") and on a second visit ("again").
"""

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Playwright, sync_playwright

from scripts.bench.slow import Network, family, shaped, slowed
from scripts.browser import FLAGS, find_browser
from scripts.compress import compress_site
from scripts.guide_site import build_guide
from scripts.runtime import build, corpus_of, parts_of
from scripts.runtime.engine import PACKAGE, Engine
from scripts.runtime.lean import build_lean
from scripts.runtime.manifest import Manifest, place
from scripts.runtime.node import PYODIDE
from scripts.serve import serving
from scripts.setup import NODE_MODULES, ROOT

MICROPYTHON = NODE_MODULES / "@micropython" / "micropython-webassembly-pyscript"
STOCK = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
NETWORKS = (Network("1.6 Mbit/s, 150 ms", 1.6e6, 0.15), Network("9 Mbit/s, 60 ms", 9e6, 0.06))
SLOWER = 4
START, END = "<!-- runtime figures: made by python -m scripts.bench runtime -->", "<!-- end of runtime figures -->"
PAGE = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Guide</title><body></html>'
REQUEST = {"do": "show", "locale": "fr", "root": "../", "on": "2026-11-22",
           "answers": {"asker": "victime", "ground": "c2s", "place": "cabinet", "profession": "chirurgien_dentiste",
                       "professional_identified": "true", "refusal": "refus_rdv", "goal": "reconnaissance"}}
OURS = """async ({files, request}) => {
  const {startEngine} = await import(new URL("../assets/js/runtime.mjs", document.baseURI).href);
  const engine = globalThis.engine = startEngine({folder: "../assets/runtime/", files}, "fr");
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
  const found = [];
  for (let i = 0; i < times; i += 1) {
    const start = performance.now();
    const answer = JSON.parse(await engine.ask(request));
    document.body.innerHTML = answer.html ?? "";
    await new Promise((done) => requestAnimationFrame(done));
    found.push(performance.now() - start);
  }
  return found;
}"""


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to run Python: the script that starts it, and what it is given."""

    name: str
    script: str
    files: object
    weighs: tuple[str, ...]              # the files it fetches, below the folder


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


CONDITIONS = tuple(Condition(network, slower) for network in (None, *NETWORKS) for slower in (1, SLOWER))


def write_site(folder: Path) -> list[Variant]:
    """Write a page for every variant, all files beside their compressed copies."""
    guide = build_guide().guide
    engine, full = parts_of(guide)
    lean = build_lean(engine, full, lambda: corpus_of(guide))
    assets = folder / "assets"
    os.environ["RUNTIME"] = "lean"
    manifest = build(assets, guide)
    (assets / "js").mkdir()
    for script in (ROOT / "overrides" / "assets" / "js" / "runtime.mjs", ROOT / "overrides" / "assets" / "js" / "worker.mjs",
                   ROOT / "scripts" / "bench" / "stock.mjs"):
        shutil.copy(script, assets / "js")
    (folder / "page").mkdir()
    (folder / "page" / "index.html").write_text(PAGE, "utf-8")
    pruned = replace(manifest, lean={"wasm": place(assets / "runtime", "pruned.wasm", lean.pruned)})
    variants = [stock(folder, engine, manifest), ours("A, trimmed, as bytecode", replace(manifest, lean=None)),
                ours("C, one image, unused code removed", pruned), ours("D, memory guarded too (shipped)", manifest), micro(folder)]
    compress_site(folder)
    return variants


def ours(name: str, manifest: Manifest) -> Variant:
    """Return a variant of the site's own worker."""
    parts = list(manifest.lean.values()) if manifest.lean else list(manifest.full.values())
    return Variant(name, OURS, asdict(manifest), tuple(f"assets/runtime/{one.name}" for one in (*parts, manifest.model["fr"])))


def stock(folder: Path, engine: Engine, manifest: Manifest) -> Variant:
    """Copy Pyodide as npm ships it, with the engine as source."""
    place_ = folder / "stock"
    place_.mkdir()
    for name in STOCK:
        shutil.copy(PYODIDE / name, place_)
    sources = {name.replace(".", "/") + ("/__init__.py" if name == PACKAGE else ".py"): text for name, text in engine.sources.items()}
    (place_ / "engine.json").write_text(json.dumps(sources), "utf-8")
    model = f"assets/runtime/{manifest.model['fr'].name}"
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
    return sum(min(path.stat().st_size for path in (folder / name, folder / f"{name}.br") if path.exists()) for name in variant.weighs)


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


def visit(browser: Browser, pid: int, url: str, variant: Variant, slower: int) -> tuple[float, float]:
    """Return the times of a first and of a second visit, in milliseconds."""
    context = browser.new_context()
    try:
        found = []
        for _ in range(2):
            page = context.new_page()
            with slowed(pid, slower):
                page.goto(f"{url}page/", timeout=180_000)
                found.append(float(page.evaluate(variant.script, {"files": variant.files, "request": json.dumps(REQUEST)})))
            page.close()
        return found[0], found[1]
    finally:
        context.close()


def steady(browser: Browser, pid: int, url: str, variant: Variant) -> tuple[float, float]:
    """Return the time from a click to what it shows (ms), and the memory of the page with its worker (MiB over an empty one)."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}page/")
    before = resident(pid)
    page.evaluate(variant.script, {"files": variant.files, "request": json.dumps(REQUEST)})
    after = resident(pid)
    clicks = page.evaluate(CLICKS, {"request": json.dumps(REQUEST), "times": 60})
    context.close()
    return median(clicks), after - before


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
            calm = {variant.name: steady(browser, pid, server.url, variant) for variant in variants}
        sizes = {variant.name: weight(folder, variant) for variant in variants}
    return "\n\n".join((first_table(variants, sizes, times[conditions[0]], calm), second_table(variants, times), note(rounds)))


Times = Mapping[str, tuple[float, float]]


def timed(browser: Browser, pid: int, port: int, variants: Sequence[Variant], condition: Condition, rounds: int) -> Times:
    """Return the median first and second visit of each variant; the rounds take turns, so that a busy moment hits all."""
    found: dict[str, list[tuple[float, float]]] = {variant.name: [] for variant in variants}
    for _ in range(rounds):
        for variant in variants:
            if condition.network is None:
                found[variant.name].append(visit(browser, pid, f"http://localhost:{port}/", variant, condition.slower))
            else:
                with shaped(port, condition.network) as far:
                    found[variant.name].append(visit(browser, pid, f"http://localhost:{far}/", variant, condition.slower))
    return {name: (median(first for first, _ in pairs), median(again for _, again in pairs)) for name, pairs in found.items()}


def first_table(variants: Sequence[Variant], sizes: Mapping[str, int], times: Times, calm: Times) -> str:
    """Return bytes, times unthrottled, clicks and memory."""
    base = variants[0].name
    lines = ["| variant | bytes | of stock | first, ms | of stock | again, ms | click, ms | memory, MiB |",
             "|---|" + "--:|" * 7]
    for name in (variant.name for variant in variants):
        first, again = times[name]
        lines.append(f"| {name} | {sizes[name]:,} | {sizes[name] / sizes[base]:.0%} | {first:,.0f} | {first / times[base][0]:.0%} | "
                     f"{again:,.0f} | {calm[name][0]:.1f} | +{calm[name][1]:.0f} |")
    return "\n".join(lines)


def second_table(variants: Sequence[Variant], times: Mapping[Condition, Times]) -> str:
    """Return the first visit on slow networks and processors."""
    slow = [condition for condition in times if condition.name]
    names = " | ".join(variant.name.split(",")[0] for variant in variants)
    lines = [f"| first visit, ms | {names} |", "|---|" + "--:|" * len(variants)]
    lines += [f"| {condition.name} | " + " | ".join(f"{times[condition][variant.name][0]:,.0f}" for variant in variants) + " |"
              for condition in slow]
    return "\n".join(lines)


def note(rounds: int) -> str:
    """Say how it was measured."""
    load = os.getloadavg()[0]
    return (f"`python -m scripts.bench runtime`: medians of {rounds}, Chromium on this machine's {os.cpu_count()} processors "
            f"(load {load:.1f}); bytes as sent with brotli; from navigation to the first answer.")


def tables(rounds: int = 5) -> str:
    """Return the figures as Markdown, and put them into the README."""
    text = measure(rounds)
    write_into(ROOT / "README.md", text)
    return text


def write_into(readme: Path, text: str) -> None:
    """Put the figures between their marks in a file."""
    before = readme.read_text("utf-8")
    block = f"{START}\n{text}\n{END}"
    after = re.sub(f"{re.escape(START)}.*?{re.escape(END)}", lambda _: block, before, flags=re.DOTALL)
    readme.write_text(after if START in before else f"{before.rstrip()}\n\n## What Python costs a reader\n\n{block}\n", "utf-8")
