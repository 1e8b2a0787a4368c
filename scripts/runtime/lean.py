"""Tier D: one WebAssembly file that holds the started interpreter, and only what the engine runs and reads.

    image     a bare interpreter imports the engine; its memory becomes the file's data, so instantiating it is having started
    corpus    instrumented copies answer every request and note which functions run, then which 64-byte blocks are touched
    prune     functions that never ran are taken out: calling one stops the program (tier C)
    guard     blocks never touched are left out, and each access first checks: touching one stops the program (tier D)

Nothing outside the corpus can be answered wrongly: the program stops, and the worker asks the whole interpreter the same.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.cache import CACHE, cached, key_of
from scripts.runtime import wasm
from scripts.runtime.corpus import Requests, attachments
from scripts.runtime.engine import Engine
from scripts.runtime.full import WASM, Full
from scripts.runtime.guard import BLOCK, watched
from scripts.runtime.image import Image, make_image
from scripts.runtime.node import HERE, RuntimeBuildError, run_node
from scripts.runtime.prune import EXPORTS, pruned, segments, with_image
from scripts.runtime.wasm import Module, signed, unsigned

PAGE = 65536
PAGES = 512          # 32 MiB for the interpreter; more stops it
EDGE = 8             # the widest access, less one byte, rounded up
NOTES = 96 << 20     # where an instrumented copy notes what it sees: far above anything the interpreter uses
PROGRAMS = ("corpus.py", "guard.py", "image.mjs", "image.py", "inside/image.py", "lean.py", "prune.py", "run.mjs", "wasm.py")
FRESH = 4000         # requests after which the corpus starts anew, as a reader's page does


@dataclass(frozen=True, slots=True)
class Lean:
    """The two files, and what the corpus showed."""

    pruned: Path                         # tier C, for comparison
    guarded: Path                        # tier D, which is shipped
    report: Mapping[str, Any]


def build_lean(engine: Engine, full: Full, ask: Callable[[], Requests]) -> Lean:
    """Build the lean files, once per content of engine, model, Pyodide and corpus.

    Args:
        ask: Makes the corpus, where the cache does not hold what it would give.

    Raises:
        RuntimeBuildError: The interpreter does not start, or is not the one this was made for.
    """
    return _in(cached("lean", lean_key(engine, full), lambda new: write_lean(engine, full, ask(), new)))


def find_lean(engine: Engine, full: Full) -> Lean | None:
    """Return the lean files when the cache holds them."""
    folder = CACHE / f"lean-{lean_key(engine, full)}"
    return _in(folder) if folder.is_dir() else None


def _in(folder: Path) -> Lean:
    return Lean(folder / "pruned.wasm", folder / "guarded.wasm", json.loads((folder / "report.json").read_text("utf-8")))


def lean_key(engine: Engine, full: Full) -> str:
    """Return the key of everything the lean files depend on; the corpus follows from the models and the programs."""
    programs = sorted(HERE / name for name in PROGRAMS)
    return key_of(json.dumps(dict(engine.models)), json.dumps(attachments()), WASM, full.files["library"], *programs)


def write_lean(engine: Engine, full: Full, requests: Requests, new: Path) -> None:
    """Write pruned.wasm, guarded.wasm and report.json into `new`."""
    image = make_image(full.files["library"], new)
    whole = with_image(wasm.read_module(WASM), image, PAGES)
    corpus = Corpus(engine.models, requests, image, new)
    ran, answers = corpus.watch(counting(whole), "functions", len(whole.bodies))
    small = pruned(whole, image, ran, PAGES)
    touched, again = corpus.watch(touching(small), "blocks", PAGES * PAGE // BLOCK)
    if answers != again:
        raise RuntimeBuildError("the pruned interpreter answers otherwise than the whole one; do not ship it")
    guard = guarded(small, image, touched)
    (new / "pruned.wasm").write_bytes(wasm.write_module(small))
    (new / "guarded.wasm").write_bytes(wasm.write_module(guard))
    report = {"requests": sum(map(len, requests.asked.values())), "functions": len(ran), "of_functions": len(whole.bodies),
              "blocks": len(touched), "bytes_kept": sum(len(part) for _, part in guard.data)}
    (new / "report.json").write_text(json.dumps(report), "utf-8")
    (new / "memory.bin").unlink()
    (new / "state.json").unlink()


@dataclass(frozen=True, slots=True)
class Corpus:
    """The requests, and where to run them."""

    models: Mapping[str, str]
    requests: Requests
    image: Image
    folder: Path

    def watch(self, module: Module, what: str, count: int) -> tuple[list[int], list[Any]]:
        """Run every request on an instrumented module; return what it noted, and the answers."""
        file = self.folder / "watched.wasm"
        file.write_bytes(wasm.write_module(module))
        jobs = [self._job(file, locale, [[what, NOTES, count]]) for locale in self.requests.asked]
        with ThreadPoolExecutor() as pool:
            results = list(pool.map(run_job, jobs))
        file.unlink()
        noted = sorted({number for result in results for number in result["watched"][what]})
        for reason, requests in (item for result in results for item in result["stopped"].items()):
            raise RuntimeBuildError(f"{len(requests)} requests of the corpus stop the interpreter ({reason}), the first one being\n"
                                    f"    {requests[0]}\nThe engine answers what it cannot read by an error; it raises nothing.")
        return noted, [result["answers"] for result in results]

    def _job(self, file: Path, locale: str, watch: list[Any]) -> "Job":
        content = {"model": self.models[locale], "requests": self.requests.asked[locale], "attached": dict(self.requests.attached),
                   "offsets": self.image.offsets, "fresh": FRESH, "watch": watch}
        path = self.folder / f"job-{locale}.json"
        path.write_text(json.dumps(content), "utf-8")
        return Job(file, path, self.folder / f"out-{locale}.json")


@dataclass(frozen=True, slots=True)
class Job:
    """One run of run.mjs."""

    wasm: Path
    job: Path
    out: Path


def run_job(job: Job) -> dict[str, Any]:
    """Run requests under Node and return what run.mjs wrote; its files are removed."""
    try:
        run_node("run.mjs", [job.wasm, job.job, job.out])
        found: dict[str, Any] = json.loads(job.out.read_text("utf-8"))
        return found
    finally:
        job.job.unlink(missing_ok=True)
        job.out.unlink(missing_ok=True)


def counting(module: Module) -> Module:
    """Return a copy whose functions each note that they ran."""
    bodies = []
    for number, body in enumerate(module.bodies):
        start = wasm.code_start(body)
        bodies.append(body[:start] + b"\x41" + signed(NOTES + number) + b"\x41\x01\x3a\0\0" + body[start:])
    exports = {name: module.exports[name] for name in (*EXPORTS, "entry", "memory", "__indirect_function_table")}
    return replace(module, bodies=bodies, exports=exports, memory=(NOTES // PAGE + 2, None))


def touching(module: Module) -> Module:
    """Return a copy that notes every block it touches."""
    note = b"\x41\x01\x3a\0" + unsigned(NOTES)
    return watched(module, note, NOTES // PAGE + (NOTES // BLOCK) // PAGE + 1)


def guarded(module: Module, image: Image, touched: Iterable[int]) -> Module:
    """Return the module with only the blocks of memory that were touched; touching another one stops it.

    Blocks of zeros need no bytes and stay; so do the edges of free places, which the allocator reads whenever it cares.
    """
    pages = module.memory[0]
    at_map = pages * PAGE
    here = set(touched)
    for start, size in image.free:
        for edge in (start - 16, start + size - 16):
            here.update(range(edge // BLOCK, (edge + 32) // BLOCK + 1))
    memory = bytearray(image.memory)
    absent = bytearray(pages * PAGE // BLOCK)
    zeros = bytes(BLOCK)
    for number in range(len(memory) // BLOCK):
        start = number * BLOCK
        if number not in here and memory[start:start + BLOCK] != zeros:
            # An access that starts in the block before may reach seven bytes into this one.
            left = 0 if number and absent[number - 1] else EDGE
            memory[start + left:start + BLOCK] = bytes(BLOCK - left)
            absent[number] = 1
    check = b"\x2d\0" + unsigned(at_map) + b"\x04\x40\0\x0b"
    guard = watched(module, check, pages + -(-len(absent) // PAGE))
    return replace(guard, data=[*segments(bytes(memory)), *((at_map + at, run) for at, run in segments(bytes(absent)))])
