"""Throw generated YAML at the loader and generated JSON at the command line; nothing may crash, hang or half-answer.

Each document either loads or earns problems with a file and a line. Each FACTS.json either gives one whole JSON answer
(status 0) or problems on standard error alone (status 2). None may take a second of processor time.
"""

import argparse
import contextlib
import gc
import io
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from decision_tree.authoring.command import main as command
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.files import FILES
from decision_tree.authoring.read.load import knowledge, load_knowledge
from decision_tree.authoring.read.problems import KnowledgeError
from scripts.project.paths import ROOT

SMALL = ROOT / "tests" / "broken" / "knowledge"
LIMIT_S = 1.0
DAY = MODEL_DAY
WORDS = ("no", "on", "01", "12:30", "~", "null", "true", "1e9", "&a", "*a", "<<: *a", "!!python/object:os.system", "- ", ": ",
         "{", "}", "[", "]", "'", '"', "\t", "\n", "---\n", "...\n", "%YAML 9", "|", ">", "\u2028", "\x00", "\ufeff", "\ud800",
         "é", "𝔘", "#", "@", "`", "? ", "{limit}", "{x}")


@dataclass(slots=True)
class Figures:
    """How many documents were tried, and the slowest."""

    tried: int = 0
    accepted: int = 0
    slowest_s: float = 0.0
    by_kind: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, accepted: bool, seconds: float) -> None:
        """Count one document.

        Raises:
            AssertionError: It took a second or more.
        """
        self.tried += 1
        self.accepted += accepted
        self.slowest_s = max(self.slowest_s, seconds)
        self.by_kind[kind] = self.by_kind.get(kind, 0) + 1
        assert seconds < LIMIT_S, f"{kind} took {seconds:.2f} s"


FIGURES = Figures()


def _small_files() -> list[bytes]:
    return [path.read_bytes() for path in sorted(SMALL.parent.rglob("*.yaml"))]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def _damaged(draw: st.DrawFn, sources: Sequence[bytes]) -> bytes:
    """One of our own files with a few cuts, repeats and insertions."""
    data = draw(st.sampled_from(sources))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        stop = min(len(data), start + draw(st.integers(0, 40)))
        new = draw(st.one_of(st.sampled_from(WORDS).map(_bytes), st.binary(max_size=8), st.just(data[start:stop] * 2)))
        data = data[:start] + new + data[stop:]
    return data


def _deep(opening: str, closing: str) -> st.SearchStrategy[bytes]:
    return st.integers(1, 3000).map(lambda depth: (opening * depth + closing * depth).encode())


def _json() -> st.SearchStrategy[Any]:
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.sampled_from(WORDS))
    return st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
                        max_leaves=20)


def document() -> st.SearchStrategy[bytes]:
    """Return YAML documents: ours damaged, nested, aliased, huge, or nothing like YAML."""
    bombs = st.integers(2, 9).map(lambda width: "".join(
        f"k{level}: &k{level} [{', '.join([f'*k{level - 1}' if level else 'x'] * width)}]\n" for level in range(9)).encode())
    return st.one_of(
        _damaged(_small_files()), _damaged(_small_files()), st.binary(max_size=200), st.text(max_size=200).map(_bytes),
        _json().map(lambda value: json.dumps(value).encode()), _deep("[", "]"), _deep("{a: ", "}"), _deep("- ", ""), bombs,
        st.integers(1, 200_000).map(lambda size: b"a" * size), st.integers(1, 20_000).map(lambda count: b"- a\n" * count))


def facts_text() -> st.SearchStrategy[bytes]:
    """Return FACTS.json: whole, damaged, or nothing like facts."""
    model = knowledge().model
    values: dict[str, st.SearchStrategy[Any]] = {}
    rights: dict[str, st.SearchStrategy[Any]] = {}
    for fact in model.facts.values():
        right: st.SearchStrategy[Any] = st.sampled_from(fact.values or (True, False))
        if fact.type == "date":
            right = st.dates(max_value=DAY).map(str)
        elif fact.type == "set":
            right = st.lists(st.sampled_from(fact.values), max_size=4, unique=True)
        rights[fact.id] = st.one_of(right, right, right, st.just("unknown"))
        values[fact.id] = st.one_of(right, right, st.just("unknown"), _json())
    sane = st.one_of(st.fixed_dictionaries({}, optional=rights), st.fixed_dictionaries({}, optional=values)).map(
        lambda value: json.dumps(value).encode())
    strange = st.dictionaries(st.sampled_from([*model.facts, *model.derived]) | st.text(max_size=8), _json())
    sources = [b'{"asker": "victime", "ground": "c2s", "already": [], "facts_date": "2026-09-15", "urgency": false}']
    return st.one_of(sane, sane, strange.map(lambda value: json.dumps(value).encode()), _damaged(sources), st.binary(max_size=120),
                     _json().map(lambda value: json.dumps(value).encode()), _deep("[", "]"), _deep('{"asker": ', "}"),
                     st.integers(1, 5000).map(lambda size: b"9" * size))


def load_document(data: bytes, pattern: str, root: Path) -> bool:
    """Load the small knowledge with one file replaced; return whether it loads.

    Raises:
        AssertionError: A problem without a place, or a load of a second or more.
    """
    path = sorted((SMALL).glob(pattern))[0].relative_to(SMALL)
    target = root / path
    usual = target.read_bytes()
    target.write_bytes(data)
    started = time.process_time()
    try:
        load_knowledge(root, "knowledge")
        accepted = True
    except KnowledgeError as error:
        accepted = False
        assert error.problems
        for problem in error.problems:
            assert problem.place.file.startswith("knowledge/")
            assert problem.place.line >= 1
            assert problem.what
            assert problem.hint
    finally:
        target.write_bytes(usual)
    FIGURES.note("YAML documents", accepted, time.process_time() - started)
    return accepted


def run_command(data: bytes, folder: Path) -> bool:
    """Ask for advice on one FACTS.json; return whether it was answered.

    Raises:
        AssertionError: Half an answer, a silent refusal, or a second or more.
    """
    path = folder / "facts.json"
    path.write_bytes(data)
    out, err = io.StringIO(), io.StringIO()
    started = time.process_time()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = command(["advise", str(path), "--on", DAY.isoformat()])
    seconds = time.process_time() - started
    assert status in (0, 2)
    if status == 0:
        assert set(json.loads(out.getvalue())) == {"recommended", "also_possible", "to_check", "excluded", "next_question"}
        assert not err.getvalue()
    else:
        assert not out.getvalue()
        assert err.getvalue().strip()
        assert "Traceback" not in err.getvalue()
    FIGURES.note("FACTS.json", status == 0, seconds)
    return status == 0


def _asked(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def fuzz_loader(examples: int, folder: Path, number: int) -> None:
    """Try as many documents on the loader; `number` seeds them."""
    root = folder / "knowledge"
    shutil.copytree(SMALL, root)

    @seed(number)
    @_asked(examples)
    @given(document(), st.sampled_from(sorted(FILES)))
    def loader(data: bytes, pattern: str) -> None:
        load_document(data, pattern, root)

    loader()


def fuzz_commands(examples: int, folder: Path, number: int) -> None:
    """Try as many FACTS.json on the command line; `number` seeds them."""
    @seed(number)
    @_asked(examples)
    @given(facts_text())
    def commands(data: bytes) -> None:
        run_command(data, folder)

    knowledge()                          # read once per process: what is timed is one document,
    gc.freeze()                          # and no clearing up of what stays
    commands()


PARTS = {"loader": fuzz_loader, "commands": fuzz_commands}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.fuzz", description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000, help="how many documents (default: 20,000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other documents (default: 1)")
    parser.add_argument("--only", choices=PARTS, help="one half of them")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        for name, part in PARTS.items():
            if options.only in (None, name):
                part(options.examples // 2, Path(folder), options.seed)
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in FIGURES.by_kind.items())
    print(f"fuzz: {FIGURES.tried:,} documents ({kinds}), {FIGURES.accepted:,} accepted, the others refused with a place and a mend; "
          f"slowest {FIGURES.slowest_s * 1000:.0f} ms; {time.perf_counter() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
