"""Our own going-through of the RGAA (docs/audit/rgaa.yaml): what it found, page by page, for the page that shows it.

It is no outside audit, and the law lets nobody declare conformity from it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import Day, ListOf, Localized, Record, Str
from decision_tree.model import Text
from scripts.project.paths import ROOT

FILE = ROOT / "docs" / "audit" / "rgaa.yaml"
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)   # criteria of each theme of the RGAA 4.1.2: 106
MEASURED = "test_the_grid_says_what_is_measured"
RESULTS = ("C", "NC", "NA")
SHAPE = Record(
    {"standard": Str(), "day": Day(),
     "pages": ListOf(Record({"id": Str(), "path": Str(), "name": Localized()}, {})),
     "criteria": ListOf(Record({"id": Str(), "about": Str(), "result": Str(), "proof": Str()}, {"tests": ListOf(Str())}))}, {})


class AuditError(ValueError):
    """The grid cannot stand; the message names the criterion and the hint."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A page of the sample: "P3", its address under the site, its name."""

    id: str
    path: str
    name: Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: a result a page, what was seen (French), and the tests that hold it."""

    id: str
    about: str
    results: tuple[str, ...]
    proof: str
    tests: tuple[str, ...]

    @property
    def result(self) -> str:
        """Not conform when one page is not, conform when one is, else not applicable."""
        return next(one for one in ("NC", "C", "NA") if one in self.results)


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole grid."""

    standard: str
    day: date
    pages: tuple[Sampled, ...]
    criteria: tuple[Criterion, ...]

    def counts(self) -> Mapping[str, int]:
        """Return how many criteria have each result."""
        found = Counter(one.result for one in self.criteria)
        return {result: found[result] for result in RESULTS}

    def where(self, one: Criterion) -> str:
        """Return the pages a criterion's result stands on: "P3, P4"; all ten are said in one word."""
        found = [page.id for page, result in zip(self.pages, one.results, strict=True) if result == one.result != "NA"]
        return "toutes" if len(found) == len(self.pages) else ", ".join(found)

    @property
    def measured(self) -> int:
        """How many criteria are measured on each page, in part at least."""
        return sum(MEASURED in one.tests for one in self.criteria)

    @property
    def tested(self) -> int:
        """How many others a test holds, in part at least."""
        return sum(bool(one.tests) and MEASURED not in one.tests for one in self.criteria)


@cache
def audit(file: Path = FILE) -> Audit:
    """Read the grid.

    Raises:
        KnowledgeError: The file has not its shape.
        AuditError: A criterion is missing, or has not one result a page.
    """
    raw = read_shaped(file, SHAPE, file.name)
    pages = tuple(Sampled(one["id"], one["path"], one["name"]) for one in raw["pages"])
    criteria = tuple(Criterion(one["id"], one["about"], tuple(one["result"].split()), one["proof"], tuple(one.get("tests", ())))
                     for one in raw["criteria"])
    wanted = [f"{theme}.{number}" for theme, many in enumerate(THEMES, 1) for number in range(1, many + 1)]
    if (found := [one.id for one in criteria]) != wanted:
        odd = next((left for left, right in zip(wanted, [*found, ""], strict=False) if left != right), found[-1])
        raise AuditError(f"{file.name}: the criterion {odd} is missing or out of place. Keep the {len(wanted)} of the RGAA in order.")
    for one in criteria:
        if len(one.results) != len(pages) or not set(one.results) <= set(RESULTS):
            needed = f"{len(pages)} results among {', '.join(RESULTS)}"
            raise AuditError(f"{file.name}: the criterion {one.id} needs {needed}. Write one a page.")
    return Audit(raw["standard"], raw["day"], pages, criteria)
