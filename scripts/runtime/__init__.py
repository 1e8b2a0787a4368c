"""Python in the browser: what the worker of the guide fetches, built from the locked Pyodide.

Two tiers. `full` is the whole interpreter, trimmed, and always there. `lean` is one WebAssembly file that holds the started
interpreter with the engine loaded, and only the code and memory the engine uses; whatever lies outside stops it, and the
worker asks `full` the same question. docs/decisions/006-runtime.md says how and why.
"""

import os
import sys
from pathlib import Path

from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.guide.states import Guide
from scripts.content.publisher import load_entries
from scripts.project.paths import ROOT
from scripts.runtime.full import Full, build_full
from scripts.runtime.lean.build import build_lean, find_lean
from scripts.runtime.lean.corpus import corpus_of
from scripts.runtime.manifest import Asset, Manifest, place
from scripts.runtime.node import HERE, RuntimeBuildError
from scripts.runtime.packed_engine import Engine, models_of, read_engine

__all__ = ["Asset", "Manifest", "RuntimeBuildError", "build", "corpus_of", "parts_of", "wanted_tier"]

FIRST = f'{{"do":"show","locale":"fr","root":"../","on":"{MODEL_DAY}","answers":{{}}}}'
UNREADABLE = "{"
TIERS = ("lean", "full", "cached")


def build(site_assets: Path | None, guide: Guide, engine: Engine | None = None) -> Manifest:
    """Put the runtime into site/assets/runtime/, shared by all locales; seconds when the cache holds it.

    Args:
        site_assets: The site's assets/ folder; None where another process writes the same files, which are then only named.
        guide: The compiled guide; each locale gets it in its own words.
        engine: What of it travels to the browser, where that was read already.

    Raises:
        RuntimeBuildError: It cannot be built; nothing half-made is left in the cache.
    """
    folder = site_assets / "runtime" if site_assets else None
    engine, full = parts_of(guide, engine)
    tier = wanted_tier()
    lean = None if tier == "full" else find_lean(engine, full)
    if tier == "lean" and lean is None:
        print("runtime: the small Python of the guide is made from these sources: some minutes, once.", file=sys.stderr, flush=True)
        lean = build_lean(engine, full, lambda: corpus_of(guide))
    names = {"loader": "loader.mjs", "module": "module.mjs", "wasm": "python.wasm", "library": "library.zip"}
    place(folder, "notices.txt", HERE / "NOTICES.txt")
    return Manifest(
        pyodide=str(full.info["version"]),
        model={locale: place(folder, f"model-{locale}.json", text.encode()) for locale, text in engine.models.items()},
        full={part: place(folder, names[part], path) for part, path in full.files.items()}
        | {"lock": place(folder, "lock.json", full.lock.encode())},
        lean={"wasm": place(folder, "lean.wasm", lean.guarded)} if lean else None,
    )


def parts_of(guide: Guide, engine: Engine | None = None) -> tuple[Engine, Full]:
    """Return the engine with its models, read unless given, and the whole interpreter."""
    engine = engine or read_engine(models_of(guide))
    return engine, build_full(engine, (FIRST, UNREADABLE))


def wanted_tier(path: Path = ROOT / "site.yaml") -> str:
    """Return `runtime` of site.yaml, or what the environment says instead.

    `lean` builds the small file when the cache has none, `cached` uses it only when the cache has one, `full` does without.

    Raises:
        RuntimeBuildError: It is none of these.
    """
    entry = load_entries(path).get("runtime")
    written = entry.text("fr") if entry else "full"
    said = os.environ.get("RUNTIME") or written
    if said not in TIERS:
        raise RuntimeBuildError(f"{path.name}: runtime is '{said}'. Write lean or full.")
    return written if said == "cached" and written == "full" else said
