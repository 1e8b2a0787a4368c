"""A started interpreter as bytes: its memory, and where things are in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.runtime.node import LEAN, PYODIDE, RuntimeBuildError, run_node

PROGRAMS = (LEAN / "image.mjs", LEAN / "inside" / "start.py")
PYTHON = "3.14"


@dataclass(frozen=True, slots=True)
class Image:
    """What image.mjs wrote down."""

    memory: bytes
    entry: int                           # the Python callable that loads and answers
    free: Sequence[tuple[int, int]]      # free places of the heap: start, size
    globals: Mapping[str, int]           # exported globals by name
    offsets: Mapping[str, int]           # imported globals, "space.name"


def make_image(library: Path, folder: Path) -> Image:
    """Start an interpreter with `library`, and keep its memory in `folder`.

    Raises:
        RuntimeBuildError: It does not start, or Pyodide holds another Python than the one this was made for.
    """
    state = run_node("lean/image.mjs", [PYODIDE, library, LEAN / "inside" / "start.py", folder])
    if not state["python"].startswith(f"{PYTHON}."):
        raise RuntimeBuildError(f"Pyodide now holds Python {state['python']}; the lean runtime was made for {PYTHON}. "
                                "docs/decisions/006-runtime.md says what to look at; `runtime: full` in site.yaml does without it.")
    (folder / "state.json").write_text(json.dumps(state), "utf-8")
    return read_image(folder)


def read_image(folder: Path) -> Image:
    """Read what `make_image` kept."""
    state = json.loads((folder / "state.json").read_text("utf-8"))
    free = [(start, size) for start, size in state["free"]]
    return Image((folder / "memory.bin").read_bytes(), state["entry"], free, state["globals"], state["offsets"])
