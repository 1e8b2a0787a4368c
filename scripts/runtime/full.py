"""Tier A, the whole interpreter: Pyodide through its public API, with only the library the engine imports, as bytecode.

It starts in a third of the stock time, because nothing is compiled in the browser, and is what every other tier falls back to.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from decision_tree.locales import REFERENCE
from scripts.project.cache import cached, key_of
from scripts.runtime.node import HERE, PYODIDE, RuntimeBuildError, run_node
from scripts.runtime.packed_engine import ENTRY, Engine

PROGRAMS = (HERE / "inside" / "pack.py", HERE / "pack.mjs")
LOADER, MODULE, WASM = PYODIDE / "pyodide.mjs", PYODIDE / "pyodide.asm.mjs", PYODIDE / "pyodide.asm.wasm"
SHIPPED = (LOADER, MODULE, WASM, PYODIDE / "python_stdlib.zip")


@dataclass(frozen=True, slots=True)
class Full:
    """The files of the whole interpreter, before they are named for the site."""

    files: dict[str, Path]               # loader, module, wasm, library
    info: dict[str, Any]                 # what pack.py said: version, python, magic, library

    @property
    def lock(self) -> str:
        """The lock file that makes Pyodide look for no package anywhere."""
        info = json.loads((PYODIDE / "pyodide-lock.json").read_text("utf-8"))["info"]
        return json.dumps({"info": info, "packages": {}})


def build_full(engine: Engine, requests: tuple[str, ...]) -> Full:
    """Compile the engine and its library, once per content.

    The model is not part of the key: it only shows which modules are in use.

    Raises:
        RuntimeBuildError: Node or Pyodide failed.
    """
    key = key_of(json.dumps(dict(engine.sources)), *PROGRAMS, LOADER, WASM, SHIPPED[-1])
    folder = cached("full", key, lambda new: pack(engine, requests, new))
    files = {"loader": folder / "loader.mjs", "module": MODULE, "wasm": WASM, "library": folder / "library.zip"}
    return Full(files, json.loads((folder / "info.json").read_text("utf-8")))


def pack(engine: Engine, requests: tuple[str, ...], new: Path) -> None:
    """Write library.zip, info.json and the loader without its reference to a source map."""
    job = {"sources": {packed_name(name, engine): source for name, source in engine.sources.items()},
           "entry": ENTRY, "model": engine.models[REFERENCE], "requests": requests}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "job.json")
        path.write_text(json.dumps(job), "utf-8")
        info = run_node("pack.mjs", [PYODIDE, path, new / "library.zip"])
    if outside := [name for name in info["library"] if name.split(".")[0] in ("yaml", "scripts", "tests")]:
        raise RuntimeBuildError(f"the engine imports {', '.join(outside)}, which the browser has not: standard library only.")
    (new / "info.json").write_text(json.dumps(info), "utf-8")
    (new / "loader.mjs").write_text(LOADER.read_text("utf-8").rpartition("//# sourceMappingURL")[0], "utf-8")


def packed_name(name: str, engine: Engine) -> str:
    """Mark a package, a module that others stand in, by a final dot."""
    return f"{name}." if any(other.startswith(f"{name}.") for other in engine.sources) else name

