"""Python in the browser: what the worker of the guide fetches, built from the locked Pyodide.

Two tiers. `full` is the whole interpreter, trimmed, and always there. `lean` is one WebAssembly file that holds the started
interpreter with the engine loaded, and only the code and memory the engine uses; whatever lies outside stops it, and the
worker asks `full` the same question. docs/decisions/runtime.md says how and why.
"""

from pathlib import Path

from decision_tree.guide import Guide
from scripts.runtime.engine import models_of, read_engine
from scripts.runtime.full import build_full
from scripts.runtime.manifest import Asset, Manifest, place
from scripts.runtime.node import HERE, RuntimeBuildError

__all__ = ["Asset", "Manifest", "RuntimeBuildError", "build"]

FIRST = '{"do":"show","locale":"fr","on":"2026-11-22","answers":{}}'
UNREADABLE = "{"


def build(site_assets: Path, guide: Guide) -> Manifest:
    """Put the runtime into site/assets/runtime/, shared by all locales; seconds, from .cache/ when nothing changed.

    Args:
        site_assets: The site's assets/ folder.
        guide: The compiled guide; each locale gets it in its own words.

    Raises:
        RuntimeBuildError: It cannot be built; nothing half-made is left in the cache.
    """
    folder = site_assets / "runtime"
    full = build_full(read_engine(models_of(guide)), (FIRST, UNREADABLE))
    names = {"loader": "loader.mjs", "module": "module.mjs", "wasm": "python.wasm", "library": "library.zip"}
    place(folder, "notices.txt", HERE / "NOTICES.txt")
    return Manifest(
        pyodide=str(full.info["version"]),
        model={locale: place(folder, f"model-{locale}.json", text.encode()) for locale, text in models_of(guide).items()},
        full={part: place(folder, names[part], path) for part, path in full.files.items()}
        | {"lock": place(folder, "lock.json", full.lock.encode())},
    )
