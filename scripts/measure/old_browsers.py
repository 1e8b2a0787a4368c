"""What a reader gets in an older browser: what the site asks of browsers, against MDN's data of which versions have it.

Features are found by reading the built site: its scripts (`features.mjs`), styles (`style_features.py`), pages, policy and Python's
image. Three things a reader may get: the *whole* site; *links only*, when the scripts do not run and pages and the guide's links remain;
a *plain page*, text and links without our styles. What a page or a style asks of a browser counts for "links only", what a script asks for
"whole", unless `old_browsers.yaml` says how it goes without it: then it decides nothing, and stands in the last table.
"""

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import html

from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import ListOf, MapOf, Str
from scripts.measure.guide_speed import site as built_site
from scripts.measure.style_features import features as style_features
from scripts.project.marked_blocks import write_block
from scripts.project.paths import FIGURES, NODE_MODULES, ROOT
from scripts.runtime.lean.wasm import BULK, REF_FUNC, SELECT_TYPED, code_start, instructions, read_module
from scripts.site.inline_script import SOURCE as INSIDE
from scripts.site.policy import ROUTES, header_policy

DATA = NODE_MODULES / "@mdn" / "browser-compat-data" / "data.json"
SOURCES = ROOT / "overrides"
LOST = Path(__file__).with_suffix(".yaml")
START, END = "<!-- old browsers: written by `python -m scripts.measure browsers` -->", "<!-- end of old browsers -->"
NEVER = (10_000,)
SINCE = "2017"
BROWSERS = {"chrome": "Chrome", "webview_android": "WebView of Android", "samsunginternet_android": "Samsung Internet", "edge": "Edge",
            "firefox": "Firefox", "safari": "Safari", "safari_ios": "Safari of iOS"}
FLOORS = {"chrome": (60,), "webview_android": (70,), "firefox": (60,), "safari": (11,), "safari_ios": (11,)}
"""Where "links only" must begin at the latest: browsers of 2017 and 2018, still in pockets."""
IMPORTS = re.compile(r"""(?:from|import\(|new URL\()\s*["']\./([\w.-]+)["']""")
TASKS = {   # what people do → the scripts it begins with; without them, what they find
    "the guide answered by Python": (("guide.mjs", "worker.mjs"), "the same questions and results, by links"),
    "the search form": (("search.mjs", "minisearch.mjs"), "the list of all pages"),
    "pages without a network": (("page.mjs", "sw.js"), "the browser’s own error"),
    "a file of one’s own": (("my-file.js",), "a form to print and fill in by hand"),
    "the guide in a partner’s page": (("embed.js",), "a link to the guide"),
}
WHOLE = tuple(TASKS)[:3]
READING = {"styles", "pages", INSIDE.name}   # where pages are read and the guide is walked by links

Version = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A feature, and where the site asks for it: "styles", "pages", "policy", "image", or a script."""

    where: str
    key: str


class Support:
    """The versions of browsers that have a feature."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def known(self, key: str) -> bool:
        """Say whether the data has a feature of this name."""
        return self._of(key) is not None

    def _of(self, key: str) -> Mapping[str, Any] | None:
        node: Any = self.data
        for part in key.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        return node.get("__compat") if isinstance(node, dict) else None

    def first(self, key: str, browser: str) -> Version:
        """Return the first version that has a feature under its own name and without a setting; NEVER when none has."""
        found = self._of(key)
        said = (found or {}).get("support", {}).get(browser) or []
        statements = said if isinstance(said, list) else [said]
        plain = [one for one in statements if not {"flags", "prefix", "alternative_name"} & set(one)
                 and ("version_removed" not in one or one.get("partial_implementation"))]   # once in part, now whole
        return min((version(one["version_added"]) for one in plain), default=NEVER)

    def releases(self, browser: str) -> dict[Version, str]:
        """Return the day of each release of a browser."""
        known = self.data["browsers"][browser]["releases"]
        return dict(sorted((version(number), one.get("release_date", "")) for number, one in known.items() if one.get("release_date")))


def version(said: object) -> Version:
    """Return a version as numbers: of "≤14.1", 14 and 1."""
    numbers = re.findall(r"\d+", said) if isinstance(said, str) else []
    return tuple(map(int, numbers)) if numbers else NEVER


@cache
def support() -> Support:
    """Return the data, read once."""
    return Support(json.loads(DATA.read_text("utf-8")))


@cache
def lost() -> Mapping[str, str]:
    """Return how it goes without each feature that decides nothing."""
    found: dict[str, str] = {}
    for words, keys in read_shaped(LOST, MapOf(ListOf(Str())), LOST.name).items():
        found |= dict.fromkeys(keys, words)
    return found


def all_found(site: Path) -> frozenset[Found]:
    """Return all that a built site asks of a browser."""
    known = support().known
    styles = {Found("styles", key) for sheet in site.glob("assets/css/*.css") for key in style_features(sheet.read_text("utf-8"), known)}
    pages = {Found("pages", key) for page in site.rglob("*.html") for key in page_features(page, known)}
    image = {Found("image", key) for one in site.glob("assets/runtime/lean.*.wasm") for key in image_features(one)}
    return frozenset({*styles, *pages, *image, *policy_features(), *script_features(site)})


def script_features(site: Path) -> Iterator[Found]:
    """Yield what the scripts are written with, as they are sent, and what their sources call."""
    sent = [*site.glob("assets/js/*.*js"), site / "sw.js", site / "embed.js"]
    sources = [path for folder in ("assets/js", "offline") for path in (SOURCES / folder).glob("*.*js")]
    done = subprocess.run(["node", str(Path(__file__).with_name("features.mjs")), str(DATA), *map(str, sent), "--", *map(str, sources)],
                          cwd=ROOT, capture_output=True, text=True, check=True)
    for file, key in json.loads(done.stdout):
        yield Found(re.sub(r"\.[0-9a-f]{10}(?=\.)", "", file), key)


def page_features(page: Path, known: Any) -> set[str]:
    """Return the elements and attributes of a page."""
    found: set[str] = set()
    for element in html.parse(str(page), html.HTMLParser(encoding="utf-8")).iter():
        if not isinstance(element.tag, str):
            continue
        names = [f"html.elements.{element.tag}", f"svg.elements.{element.tag}"]
        here = next((name for name in names if known(name)), names[0])
        found.add(here)
        for name, said in element.attrib.items():
            about = next((key for key in (f"{here}.{name}", f"{here}.{name}_{said}", f"html.global_attributes.{name}") if known(key)), None)
            found |= {key for key in (about, f"{about}.{said}", f"{about}.{said}_value", f"{here}.{name}_{said}") if key and known(key)}
    return found


def policy_features() -> Iterator[Found]:
    """Yield what our Content-Security-Policy names, for each part of the site."""
    top = "http.headers.Content-Security-Policy"
    for route in ROUTES:
        for directive in header_policy(route).split("; "):
            name, *values = directive.split()
            for key in (f"{top}.{name}", *(f"{top}.{name}.{value.strip(chr(39))}" for value in values)):
                if support().known(key):
                    yield Found("policy", key)


def image_features(image: Path) -> set[str]:
    """Return what Python's image is written with, beyond the first WebAssembly."""
    module = read_module(image)
    found = {"webassembly.exception-handling"} if module.tags else set()
    for body in module.bodies:
        for _, _, opcode, number in instructions(body, code_start(body)):
            if opcode in range(0xC0, 0xC5):
                found.add("webassembly.sign-extension-operations")
            elif opcode == BULK:
                found.add(f"webassembly.{'non-trapping-float-to-int-conversions' if number < 8 else 'bulk-memory-operations'}")
            elif opcode in (SELECT_TYPED, REF_FUNC, 0xD0, 0xD1, 0x25, 0x26):
                found.add("webassembly.reference-types")
            elif opcode in (0x12, 0x13):
                found.add("webassembly.tail-calls")
    return found


def is_lost(key: str) -> bool:
    """Say whether a feature, or one it belongs to, decides nothing."""
    parts = key.split(".")
    return any(".".join(parts[:length]) in lost() for length in range(len(parts), 1, -1))


def scripts_of(task: str) -> frozenset[str]:
    """Return the scripts of a task: those it begins with, and all that these import."""
    found: set[str] = set()
    waiting = list(TASKS[task][0])
    while waiting:
        name = waiting.pop()
        found.add(name)
        file = next((path for path in (SOURCES / folder / name for folder in ("assets/js", "offline")) if path.exists()), None)
        waiting += [other for other in IMPORTS.findall(file.read_text("utf-8") if file else "") if other not in found]
    return frozenset(found)


def needs(found: Iterable[Found], task: str | None) -> set[str]:
    """Return what a task asks of a browser; without one, what reading pages and walking the guide by links asks."""
    policy = {"the guide answered by Python": ("wasm-unsafe-eval", "worker-src"), "pages without a network": ("worker-src",)}
    scripts = scripts_of(task) if task else frozenset()
    wanted = READING if task is None else {*scripts, "image"} if task in policy and "worker.mjs" in scripts else scripts
    keys = {one.key for one in found if one.where in wanted}
    keys |= {one.key for one in found if one.where == "policy" and task and one.key.endswith(policy.get(task, ("nothing",)))}
    return {key for key in keys if not is_lost(key)}


def begins(keys: Iterable[str], browser: str) -> tuple[Version, list[str]]:
    """Return the version from which a browser has all of some features, and those that decide it."""
    first = {key: support().first(key, browser) for key in keys}
    last = max(first.values(), default=(0,))
    return last, sorted(key for key, value in first.items() if value == last)


def short(key: str) -> str:
    """Return the last words of a feature's name that mean something by themselves."""
    kind, *parts = key.split(".")
    telling = {"http": parts[-1:], "webassembly": parts, "api": parts}.get(kind, parts[1:])
    return f"`{' '.join(dict.fromkeys(telling)).replace('_', ' ')}`"


def reads(key: str) -> bool:
    """Say whether all the oldest browsers we hold to have a feature."""
    return all(support().first(key, browser) <= floor for browser, floor in FLOORS.items()) or not support().known(key)


def said(number: Version) -> str:
    """Return a version in words."""
    return "–" if number == NEVER else ".".join(map(str, number))


def deciding(keys: Sequence[str]) -> str:
    """Return the names of some features: two of them, when there are more."""
    return ", ".join(map(short, sorted(keys, key=len)[:2])) + (" …" if len(keys) > 2 else "")


def levels_table(found: Iterable[Found]) -> str:
    """Return what a reader gets in each version of each browser since 2017, and what decides it."""
    rows = ["| browser | plain page | links only | whole | decided by |", "|---|---|---|---|---|"]
    for browser, name in BROWSERS.items():
        recent = [number for number, day in support().releases(browser).items() if day >= SINCE]
        links, by_links = begins(needs(found, None), browser)
        whole, by_whole = max(begins(needs(found, task), browser) for task in WHOLE)
        plain = [number for number in recent if number < links]
        old = [number for number in recent if links <= number < whole]
        rows.append(f"| {name} | {span(plain)} | {span(old)} | {'from ' + said(whole) if whole != NEVER else '–'} | "
                    f"links: {deciding(by_links)}; whole: {deciding(by_whole)} |")
    return "\n".join(rows)


def span(numbers: Sequence[Version]) -> str:
    """Return some versions in words, the first and the last."""
    return " to ".join(dict.fromkeys((said(numbers[0]), said(numbers[-1])))) if numbers else "–"


def tasks_table(found: Iterable[Found]) -> str:
    """Return from which version each task works, and what a reader finds before it."""
    rows = [f"| from version | {' | '.join(BROWSERS.values())} | before |", f"|---|{'--:|' * len(BROWSERS)}---|"]
    for task, (_, otherwise) in TASKS.items():
        rows.append(f"| {task} | {' | '.join(said(begins(needs(found, task), browser)[0]) for browser in BROWSERS)} | {otherwise} |")
    return "\n".join(rows)


def lost_table(found: Iterable[Found]) -> str:
    """Return what is lost without the features that decide nothing and came after the oldest browsers we hold to."""
    rows = [f"| without it | feature | {' | '.join(BROWSERS.values())} |", f"|---|---|{'--:|' * len(BROWSERS)}"]
    asked = {one.key for one in found}
    for words in dict.fromkeys(lost().values()):
        keys = [key for key, said_ in lost().items() if said_ == words and any(one == key or one.startswith(f"{key}.") for one in asked)]
        latest = [said(max(support().first(key, browser) for key in keys)) for browser in BROWSERS]
        rows.append(f"| {words} | {', '.join(map(short, keys))} | {' | '.join(latest)} |")
    return "\n".join(rows)


def problems(found: Iterable[Found]) -> list[str]:
    """Return what makes "links only" begin later than it may, and what `old_browsers.yaml` says of features nobody asks for."""
    asked = {one.key: one.where for one in found}
    late = [f"{asked[key]}: {key} is there from {BROWSERS[browser]} {said(first)} on, and pages are to be read from {said(floor)} on. "
            f"Do without it, or say in {LOST.name} how it goes without it."
            for browser, floor in FLOORS.items() for key in sorted(needs(found, None)) if (first := support().first(key, browser)) > floor]
    unused = [f"{LOST.name}: nothing asks for {key}. Take it out."
              for key in lost() if not any(one == key or one.startswith(f"{key}.") for one in asked)]
    return late + unused


def tables() -> str:
    """Return the tables as Markdown, and put them into docs/figures.md."""
    with built_site() as site:
        found = all_found(site)
    how = (f"`python -m scripts.measure browsers`: {len({one.key for one in found})} features found in the built site; "
           f"their first versions are those of @mdn/browser-compat-data {support().data['__meta']['version']}.")
    text = "\n\n".join((levels_table(found), tasks_table(found), lost_table(found), how))
    write_block(f"{text}\n", FIGURES, (START, END))
    return text
