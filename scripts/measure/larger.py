"""How the bytes and the times of the small runtime grow with the model: one tree, then two and four side by side.

An image is made for each with the same kind of corpus, every state shown in French. What is shipped answers far more, and weighs more.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import sync_playwright

from decision_tree.authoring.prove.compile import Space, compile_graph
from decision_tree.authoring.read.load import load_knowledge
from decision_tree.authoring.show.compiled_guide import guide_of
from decision_tree.guide.compiled import dump_guide
from decision_tree.guide.states import Guide
from decision_tree.locales import REFERENCE
from scripts.measure.growth import TREE, more_questions
from scripts.measure.runtime_speed import HERE, REQUEST, Calm, Times, Variant, launched, note, ours, sent, steady, timed, write_page
from scripts.project.marked_blocks import write_block
from scripts.project.paths import FIGURES
from scripts.runtime import parts_of
from scripts.runtime.full import Full
from scripts.runtime.lean.build import build_lean
from scripts.runtime.lean.corpus import DAY, Requests, request, ways
from scripts.runtime.manifest import Manifest, place
from scripts.runtime.packed_engine import in_locale, read_engine
from scripts.site.compress import compress_site
from scripts.site.guide import build_guide
from scripts.site.serve import serving

TIMES = (1, 2, 4)
SAID = "With more questions, rules and states, an image made for each model, from a corpus that shows every state and does nothing else:"
START, END = "<!-- growth figures: made by python -m scripts.measure growth -->", "<!-- end of growth figures -->"


def larger(assets: Path, manifest: Manifest, full: Full, times: int) -> Variant:
    """Make an image for a model of `times` trees, and return it beside that model."""
    model = more_questions(load_knowledge().model, times)
    guide = guide_of(model, compile_graph(model, space=Space(model)))
    asked = {**REQUEST, "answers": {**({TREE: "0"} if times > 1 else {}), **REQUEST["answers"]}}
    engine = read_engine({"fr": dump_guide(in_locale(guide, "fr"))})
    lean = build_lean(engine, full, lambda: shown(guide, asked))
    made = replace(manifest, model={REFERENCE: place(assets / "runtime", f"model{times}.json", engine.models[REFERENCE].encode())},
                   lean={"wasm": place(assets / "runtime", f"lean{times}.wasm", lean.guarded)})
    return replace(ours(f"{times}× | {len(guide.states):,}", made), request=asked)


def shown(guide: Guide, asked: Mapping[str, object]) -> Requests:
    """Return every state to show, and the result that is measured."""
    states = [request("show", do="show", root="../", locale="fr", on=DAY, answers=answers).text for answers in ways(guide).values()]
    return Requests({"fr": [*states, request("show", **asked).text]}, {})


def measure(rounds: int) -> str:
    """Return the table as Markdown."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        manifest = write_page(folder)
        _, full = parts_of(build_guide().guide)
        variants = [larger(folder / "assets", manifest, full, times) for times in TIMES]
        compress_site(folder)
        with serving(folder) as server, launched(playwright) as (browser, pid):
            times = timed(browser, pid, server.server_port, variants, HERE, rounds)
            calm = {variant.name: steady(browser, pid, server.url, variant) for variant in variants}
        return "\n\n".join((SAID, table(folder, variants, times, calm), note("growth", rounds)))


def table(folder: Path, variants: Sequence[Variant], times: Times, calm: Mapping[str, tuple[Calm, str]]) -> str:
    """Return a line for each model; the last column says which tier answered."""
    lines = ["| trees | states | image, bytes | model, bytes | first, ms | again, ms | answer, ms | memory, MiB | answered by |",
             "|---|" + "--:|" * 7 + "---|"]
    for variant in variants:
        (one, tier), (first, again) = calm[variant.name], times[variant.name]
        image, model = (sent(folder, name) for name in variant.weighs)
        lines.append(f"| {variant.name} | {image:,} | {model:,} | {first:,.0f} | {again:,.0f} | {one.answer_ms:.1f} | "
                     f"+{one.memory_mib:.0f} | {tier} |")
    return "\n".join(lines)


def tables(rounds: int = 5) -> str:
    """Return the figures as Markdown, and put them into docs/figures.md."""
    text = measure(rounds)
    write_block(f"{text}\n", FIGURES, (START, END))
    return text
