"""What two versions of the guide say otherwise, as `scripts.upkeep.corrections` measured it, for the page “What we corrected”."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from decision_tree.authoring.read.shaped import read_shaped
from decision_tree.authoring.read.shapes import ListOf, Number, Record, Str
from decision_tree.authoring.show.diff import Share

FILE = Path(__file__).with_suffix(".yaml")
_SHAPE = Record({"before": Str(), "after": Str(), "changed": Number(),
                 "corrections": ListOf(Record({"id": Str(), "share": Number()})),
                 "bodies": ListOf(Record({"body": Str(), "comes": Number(), "goes": Number()}))})


@dataclass(frozen=True, slots=True)
class Figures:
    """Per cent of situations: of all those whose advice changed, of each error, of each body that comes or goes."""

    before: str                          # the older revision
    after: str
    changed: float
    touched: Mapping[str, float]         # correction → of the situations it concerns, those whose advice changed
    bodies: tuple[Share, ...]


@cache
def compared(file: Path = FILE) -> Figures:
    """Return the figures."""
    found = read_shaped(file, _SHAPE)
    return Figures(found["before"], found["after"], found["changed"], {one["id"]: one["share"] for one in found["corrections"]},
                   tuple(Share(one["body"], one["comes"], one["goes"]) for one in found["bodies"]))
