"""Tier D: one WebAssembly file that holds the started interpreter, and only what the engine runs and reads.

    image     a bare interpreter imports the engine; its memory becomes the file's data, so instantiating it is having started
    corpus    instrumented copies answer requests and note which functions run, then which 64-byte blocks are touched
    prune     functions that never ran are taken out: calling one stops the program (tier C)
    guard     blocks never touched are left out, and each access first checks: touching one stops the program (tier D)

Nothing outside the corpus can be answered wrongly: the program stops, and the worker asks the whole interpreter the same.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.project.cache import CACHE, cached, key_of
from scripts.runtime.full import WASM, Full
from scripts.runtime.lean import wasm
from scripts.runtime.lean.corpus import Requests, attachments
from scripts.runtime.lean.guard import BLOCK, watched
from scripts.runtime.lean.image import Image, make_image
from scripts.runtime.lean.prune import EXPORTS, pruned, segments, with_image
from scripts.runtime.lean.wasm import Module, signed, unsigned
from scripts.runtime.node import LEAN, RuntimeBuildError, run_node
from scripts.runtime.packed_engine import Engine

PAGE = 65536
PAGES = 512          # 32 MiB for the interpreter; more stops it
EDGE = 8             # the widest access, less one byte, rounded up
NOTES = 96 << 20     # where an instrumented copy notes what it sees: far above anything the interpreter uses
PROGRAMS = ("build.py", "corpus.py", "guard.py", "image.mjs", "image.py", "inside/start.py", "prune.py", "run.mjs", "wasm.py")
FRESH = (30, 100, 300, 1000)     # requests after which the corpus starts anew, in turn: where new memory lies depends on what came before
SHARE = 6            # one request in so many is asked of the whole interpreter first


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
    programs = sorted(LEAN / name for name in PROGRAMS)
    return key_of(json.dumps(dict(engine.models)), json.dumps(attachments()), WASM, full.files["library"], *programs)


def write_lean(engine: Engine, full: Full, requests: Requests, new: Path) -> None:
    """Write pruned.wasm, guarded.wasm and report.json into `new`."""
    image = make_image(full.files["library"], new)
    whole = with_image(wasm.read_module(WASM), image, PAGES)
    corpus = Corpus(engine.models, requests.attached, image, new)
    small, ran, touched = watch_all(corpus, whole, requests.asked)
    guard = guarded(small, image, touched)
    (new / "pruned.wasm").write_bytes(wasm.write_module(small))
    (new / "guarded.wasm").write_bytes(wasm.write_module(guard))
    report = {"requests": sum(map(len, requests.asked.values())), "functions": len(ran), "of_functions": len(whole.bodies),
              "blocks": len(touched), "bytes_kept": sum(len(part) for _, part in guard.data)}
    (new / "report.json").write_text(json.dumps(report), "utf-8")
    (new / "memory.bin").unlink()
    (new / "state.json").unlink()


Texts = Mapping[str, Sequence[str]]      # locale → requests


def watch_all(corpus: "Corpus", whole: Module, asked: Texts) -> tuple[Module, list[int], set[int]]:
    """Return the pruned interpreter that answers every request, the functions it keeps, and the blocks of memory it touches.

    A share of the requests shows the whole interpreter's functions, nearly all of them. Every request is then asked of the pruned one;
    those that stop it go back to the whole one, which shows what they lack.

    Raises:
        RuntimeBuildError: A request stops the whole interpreter too, or the pruned one answers it otherwise.
    """
    ran: set[int] = set()
    touched: set[int] = set()
    seen: Texts = {locale: requests[::SHARE] for locale, requests in asked.items()}
    left, why = asked, ""
    while True:
        found = corpus.watch(counting(whole), "functions", len(whole.bodies), seen)
        if found.reasons:
            raise RuntimeBuildError(f"requests of the corpus stop the interpreter:\n{found.said()}\n"
                                    "The engine answers what it cannot read by an error; it raises nothing.")
        if found.noted <= ran:
            raise RuntimeBuildError(f"requests stop the pruned interpreter, though the functions they run are all kept:\n{why}")
        ran |= found.noted
        small = pruned(whole, corpus.image, ran, PAGES)
        stopping = corpus.watch(touching(small), "blocks", PAGES * PAGE // BLOCK, left)
        touched |= stopping.noted
        for locale, answers in found.answers.items():
            again = stopping.answers[locale]
            if any(again.get(request, answer) not in (answer, None) for request, answer in answers.items()):
                raise RuntimeBuildError("the pruned interpreter answers otherwise than the whole one; do not ship it")
        seen = left = stopping.stopped
        why = stopping.said()
        if not any(left.values()):
            return small, sorted(ran), touched


@dataclass(frozen=True, slots=True)
class Watched:
    """What a run of requests showed."""

    noted: set[int]
    answers: Mapping[str, Mapping[str, str | None]]      # locale → request → answer; None where it stopped
    reasons: Mapping[str, str]                           # what stopped it → the first request that did

    @property
    def stopped(self) -> Texts:
        """The requests that stopped it."""
        return {locale: [request for request, answer in answers.items() if answer is None] for locale, answers in self.answers.items()}

    def said(self) -> str:
        """Say what stopped it, each with the first request that did."""
        return "\n".join(f"    {reason}: {request}" for reason, request in self.reasons.items())


@dataclass(frozen=True, slots=True)
class Corpus:
    """What every run of requests needs."""

    models: Mapping[str, str]
    attached: Mapping[str, str]
    image: Image
    folder: Path

    def watch(self, module: Module, what: str, count: int, asked: Texts) -> Watched:
        """Run requests on an instrumented module, the locales side by side."""
        file = self.folder / "watched.wasm"
        file.write_bytes(wasm.write_module(module))
        jobs = [self._job(file, locale, asked[locale], [[what, NOTES, count]]) for locale in asked]
        with ThreadPoolExecutor() as pool:
            results = dict(zip(asked, pool.map(run_job, jobs), strict=True))
        file.unlink()
        return Watched({number for result in results.values() for number in result["watched"][what]},
                       {locale: dict(zip(asked[locale], result["answers"], strict=True)) for locale, result in results.items()},
                       {reason: requests[0] for result in results.values() for reason, requests in result["stopped"].items()})

    def _job(self, file: Path, locale: str, requests: Sequence[str], watch: list[Any]) -> "Job":
        content = {"model": self.models[locale], "requests": requests, "attached": dict(self.attached),
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
        run_node("lean/run.mjs", [job.wasm, job.job, job.out])
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
