"""Makes many leaflets: in parallel, only what changed since the last time, and a list of checksums beside them."""

import hashlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.leaflets.memory import peak_kib
from scripts.leaflets.typesetting import TEMPLATES
from scripts.project.paths import ROOT

RECORD = ROOT / ".cache" / "leaflets" / "made.json"
SUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True)
class Job:
    """One file to make."""

    file: str                            # its path under the folder of the leaflets
    template: str
    data: dict[str, Any]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A file that stands: its weight, its pages, whether this run wrote it; the name of its language where it is a third one."""

    file: str
    sha256: str
    bytes: int
    pages: int
    new: bool
    language: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be made: a reason, or the texts too long: (panel, mm, "height" or "width", word)."""

    file: str
    reason: str
    long: tuple[tuple[str, float, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to. Memory is the sum of the peaks of all processes, in MiB."""

    made: tuple[Made, ...]
    failed: tuple[Failed, ...]
    seconds: float
    memory: float


def key_of(job: Job, base: str) -> str:
    """Return what a file depends on, as a hash: its data, every template and font, and Typst itself."""
    data = json.dumps(job.data, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{base}\n{job.template}\n{job.folded}\n{data}".encode()).hexdigest()


def base_key() -> str:
    """Return a hash of what all files depend on."""
    digest = hashlib.sha256(version("typst").encode())
    code = [Path(__file__).with_name(name) for name in ("typesetting.py", "typeset_worker.py", "pdf.py")]
    for path in sorted([*TEMPLATES.glob("*.typ"), *(TEMPLATES / "fonts").glob("*.ttf"), *code]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def make_all(jobs: Sequence[Job], folder: Path, workers: int | None = None, progress: Callable[[int, int], None] | None = None,
             record: Path = RECORD) -> Report:
    """Make what is missing or has changed; leave the rest alone.

    Args:
        jobs: Every file wanted.
        folder: Where the files go.
        workers: How many processes; one for each processor by default.
        progress: Called with (done, wanted) after each file.
        record: Where what was made is remembered.
    """
    started = time.perf_counter()
    known, base = remembered(record), base_key()
    keys = {job.file: key_of(job, base) for job in jobs}
    made: list[Made] = []
    failed: list[Failed] = []
    stale: list[Job] = []
    for job in jobs:
        entry = known.get(f"{folder}/{job.file}")
        if entry and entry["key"] == keys[job.file] and still_there(folder / job.file, entry):
            made.append(Made(job.file, entry["sha256"], entry["bytes"], entry["pages"], new=False))
        else:
            stale.append(job)
    tell = progress or (lambda done, wanted: None)
    tell(len(made), len(jobs))
    memory = 0.0

    def finish(job: Job, answer: dict[str, Any]) -> None:
        if "sha256" in answer:
            made.append(Made(job.file, answer["sha256"], answer["bytes"], answer["pages"], new=True))
            known[f"{folder}/{job.file}"] = {"key": keys[job.file], **{key: answer[key] for key in ("sha256", "bytes", "pages")}}
        else:
            failed.append(Failed(job.file, answer.get("error", ""), tuple(tuple(one) for one in answer.get("long", ()))))
        tell(len(made) + len(failed), len(jobs))

    if stale:
        memory = in_parallel(stale, folder, min(workers or processors(), len(stale)), finish)
        remember(record, known)
    memory += peak_kib()
    order = {job.file: index for index, job in enumerate(jobs)}
    return Report(tuple(sorted(made, key=lambda one: order[one.file])), tuple(sorted(failed, key=lambda one: order[one.file])),
                  time.perf_counter() - started, memory / 1024)


def processors() -> int:
    """Return how many processes to run: one a processor we may use, four at most."""
    return min(len(os.sched_getaffinity(0)), 4)


def in_parallel(jobs: Sequence[Job], folder: Path, workers: int, finish: Callable[[Job, dict[str, Any]], None]) -> float:
    """Give the jobs to worker processes, the heaviest first; return the sum of their peaks of memory, in KiB."""
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in sorted(jobs, key=lambda one: one.template != "booklet.typ"):
        waiting.put(job)
    lock = threading.Lock()
    peaks = [0.0] * workers

    def serve(number: int) -> None:
        worker = Worker()
        with suppress(queue.Empty):
            while True:
                job = waiting.get_nowait()
                answer = worker.ask(job, folder)
                peaks[number] = max(peaks[number], answer.get("memory", 0))
                with lock:
                    finish(job, answer)
        worker.stop()

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(peaks)


class Worker:
    """A process that sets leaflets; when it dies on one, another takes the next."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def ask(self, job: Job, folder: Path) -> dict[str, Any]:
        """Have a file made and return what came of it."""
        if self.process is None or self.process.poll() is not None:
            command = [sys.executable, "-m", "scripts.leaflets.typeset_worker"]
            self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdin is not None and self.process.stdout is not None
        line = json.dumps({"template": job.template, "data": job.data, "out": str(folder / job.file), "folded": job.folded})
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
            answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            self.stop()
            return {"error": "the process that sets leaflets stopped; what it said stands above."}
        return answer

    def stop(self) -> None:
        """Let the process end."""
        if self.process is not None:
            self.process.communicate()


def still_there(path: Path, entry: dict[str, Any]) -> bool:
    """Say whether a file is the one that was made."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == str(entry["sha256"])
    except OSError:
        return False


def remembered(record: Path) -> dict[str, dict[str, Any]]:
    """Return what was made before, by path."""
    try:
        known: dict[str, dict[str, Any]] = json.loads(record.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known


def remember(record: Path, known: dict[str, dict[str, Any]]) -> None:
    """Keep what was made for the next run."""
    record.parent.mkdir(parents=True, exist_ok=True)
    new = record.with_name(f"{record.name}.{os.getpid()}")
    new.write_text(json.dumps(known, sort_keys=True), "utf-8")
    new.replace(record)


def write_sums(folder: Path) -> int:
    """Write the checksums of every PDF under a folder, as `sha256sum -c` reads them; return how many there are."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.pdf") if not path.name.startswith("."))
    lines = [f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}\n" for file in files]
    (folder / SUMS).write_text("".join(lines), "utf-8")
    return len(files)


def remove_others(folder: Path, kept: Iterable[str], below: str = "") -> None:
    """Remove the PDFs of a folder (not of those inside it) that are no longer wanted."""
    names = {Path(file).name for file in kept if Path(file).parent == Path(below)}
    for path in (folder / below).glob("*.pdf"):
        if path.name not in names:
            path.unlink()
