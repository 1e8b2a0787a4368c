"""The times and sizes the project holds itself to, measured side by side and printed with their bound."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from decision_tree.authoring.prove.compile import compile_graph
from decision_tree.authoring.read.load import KNOWLEDGE, knowledge
from decision_tree.authoring.show.diff import compare, read_version
from scripts.leaflets.__main__ import jobs_for
from scripts.leaflets.factory import make_all
from scripts.leaflets.kits import directory_kits
from scripts.leaflets.layouts import LAYOUTS, OF_ALL_FUNDS, Source
from scripts.project.paths import ROOT
from scripts.site.build import build

PROOF = """
import time
from decision_tree.authoring.prove.knowledge_check import report
from decision_tree.authoring.read.load import load_knowledge
started = time.process_time()
report(load_knowledge())
print(time.process_time() - started)
"""


@dataclass(frozen=True, slots=True)
class Bound:
    """One promise: what is measured, in which unit, and the most it may be."""

    name: str
    most: float
    unit: str
    measure: Callable[[], float]


def proof_seconds() -> float:
    """Return the processor time of the whole proof in a process of its own, in seconds."""
    return float(subprocess.run([sys.executable, "-c", PROOF], cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def comparison_seconds() -> float:
    """Return the processor time of comparing the whole model with itself, in seconds; reading both versions is left out."""
    one, other = read_version(ROOT), read_version(ROOT)
    started = time.process_time()
    compare(one, other, "fr")
    return time.process_time() - started


def warm_build_seconds() -> float:
    """Return the quickest of three builds of both languages once the caches are warm, in seconds."""
    times = []
    with tempfile.TemporaryDirectory() as folder, redirect_stderr(StringIO()):
        for _ in range(4):
            started = time.perf_counter()
            build(Path(folder) / "site")
            times.append(time.perf_counter() - started)
    return min(times[1:])


def fund_file_milliseconds() -> float:
    """Return the processor time of one file of a fund, in milliseconds, over twelve funds."""
    spent, count, _ = _twelve_funds()
    return 1000 * spent / count


def fund_memory_mib() -> float:
    """Return the peak of all processes that make the files of twelve funds, in MiB; it does not grow with the files."""
    return _twelve_funds()[2]


@cache
def _twelve_funds() -> tuple[float, int, float]:
    known = knowledge()
    source = Source(known, lambda: compile_graph(known.model))
    layouts = [LAYOUTS[name] for name in OF_ALL_FUNDS]
    jobs = [job for kit in directory_kits(KNOWLEDGE / "directory")[:12] for job in jobs_for(source, layouts, kit)]
    with tempfile.TemporaryDirectory() as folder:
        before = getrusage(RUSAGE_CHILDREN)
        report = make_all(jobs, Path(folder), 2, record=Path(folder) / "made.json")
        after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, len(jobs), report.memory


BOUNDS = (
    Bound("the whole proof, in processor time", 5, "s", proof_seconds),
    Bound("the comparison of two whole models, read already", 1, "s", comparison_seconds),
    Bound("a warm build of both languages", 5, "s", warm_build_seconds),
    Bound("one of the 1,308 files of all funds, in processor time", 92, "ms", fund_file_milliseconds),
    Bound("the memory of the files of many funds", 400, "MiB", fund_memory_mib),
)


def rows() -> Iterator[str]:
    """Yield a Markdown row for each bound, measured now."""
    for bound in BOUNDS:
        found = bound.measure()
        verdict = "held" if found <= bound.most else "**missed**"
        yield f"| {bound.name} | {found:,.1f} {bound.unit} | {bound.most:g} {bound.unit} | {verdict} |"


def tables() -> str:
    """Return the table of bounds."""
    return "\n".join(["| what | measured | at most | |", "|---|--:|--:|---|", *rows()])
