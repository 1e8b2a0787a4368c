"""What a jurist has read: each entry as written, and whether the reading still holds.

A reading is tied to the lines of the entry in its file, comments aside. When they change, it no longer counts.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from decision_tree.authoring.read.cases import CASES, Case
from decision_tree.authoring.read.knowledge import Knowledge, Review
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import Place, Problem, did_you_mean


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to read: a question, derived fact, rule, body, law, statement or case, as its file says it."""

    path: str
    lines: str

    @property
    def hash(self) -> str:
        """The first twelve digits of the SHA-256 of its lines."""
        return hashlib.sha256(self.lines.encode()).hexdigest()[:12]


def entries(knowledge: Knowledge, cases: Sequence[Case], root: Path = KNOWLEDGE, case_folder: Path = CASES) -> dict[str, Entry]:
    """Return everything there is to read, by path."""
    places = list(_places(knowledge))
    found = {path: Entry(path, lines) for path, lines in _blocks(places, root)}
    found |= {path: Entry(path, lines) for path, lines in _blocks([(f"cases.{case.id}", case.place) for case in cases], case_folder)}
    return found


def _places(knowledge: Knowledge) -> Iterator[tuple[str, Place]]:
    for fact, place in knowledge.question_places.items():
        yield f"questions.{fact}", place
    for id_, place in knowledge.derived_places.items():
        yield f"derived.{id_}", place
    for kind, records in (("rules", knowledge.rule_texts), ("laws", knowledge.laws), ("statements", knowledge.statements)):
        for id_, record in records.items():
            yield f"{kind}/{PurePosixPath(record.place.file).stem}.{id_}", record.place
    for id_ in knowledge.bodies:
        yield f"bodies/{id_}", Place(f"bodies/{id_}.yaml", 1)


def _blocks(places: Sequence[tuple[str, Place]], root: Path) -> Iterator[tuple[str, str]]:
    """Yield each entry with its lines: from where it begins to where the next of the same file does."""
    by_file: dict[str, list[tuple[int, str]]] = {}
    for path, place in places:
        by_file.setdefault(place.file, []).append((place.line, path))
    for file, starts in by_file.items():
        parts = PurePosixPath(file).parts
        relative = Path(*parts[-2:]) if (root / Path(*parts[-2:])).is_file() else Path(parts[-1])
        lines = (root / relative).read_text(encoding="utf-8").splitlines()
        starts.sort()
        for (first, path), (after, _) in zip(starts, [*starts[1:], (len(lines) + 1, "")], strict=True):
            kept = [line.rstrip() for line in lines[first - 1:after - 1] if line.strip() and not line.lstrip().startswith("#")]
            yield path, "\n".join(kept)


def standing(entry: Entry, reviews: Sequence[Review]) -> tuple[Review, bool] | None:
    """Return the last reading of an entry and whether it still holds, or None when nobody has read it."""
    readings = [one for one in reviews if one.what == entry.path]
    if not readings:
        return None
    last = max(readings, key=lambda one: one.day)
    return last, last.hash == entry.hash


def review_problems(knowledge: Knowledge, cases: Sequence[Case] | None) -> list[Problem]:
    """Return the readings of entries that do not exist; without the cases beside the package theirs are taken on trust."""
    known = {path for path, _ in _places(knowledge)} | {f"cases.{case.id}" for case in cases or ()}
    return [Problem(one.place, f"the reading of '{one.what}' is of nothing we have", did_you_mean(one.what, known, "remove it."))
            for one in knowledge.reviews if one.what not in known and not (cases is None and one.what.startswith("cases."))]
