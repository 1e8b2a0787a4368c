"""Every layout: its template, for whom it is made, and what paper it wants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from decision_tree.authoring.prove.compile import Graph
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.locales import LOCALES
from scripts.leaflets import practice
from scripts.leaflets.booklet import booklet
from scripts.leaflets.colours import high_contrast
from scripts.leaflets.content import AUDIENCES, Data, facing, leaflet, self_check, with_kit
from scripts.leaflets.kits import Kit
from scripts.leaflets.two_languages import ALL, card_for_two, codes, pocket_card, welcome
from scripts.leaflets.wall import wall_sheet

EVERYONE = "tous"
PRACTICE = "practice.typ"
BOTH = "fr-en"


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to set the words on paper; its id is in the name of the files."""

    id: str
    template: str
    paper: str
    variant: str = "screen"
    audiences: tuple[str, ...] = AUDIENCES
    locales: tuple[str, ...] = LOCALES
    size: float | None = None            # where the template takes its size of type from the data
    folded: bool = False
    listed: bool = True                  # in the list of leaflets; those of languages stand on their own pages


LAYOUTS: Mapping[str, Layout] = {layout.id: layout for layout in (
    Layout("depliant", "folded.typ", "A4", folded=True),
    Layout("depliant-impression", "folded.typ", "A4", variant="print", folded=True),
    Layout("page-a-page", "linear.typ", "A4"),
    Layout("gros-caracteres", "linear.typ", "A4", variant="large"),
    Layout("affiche-a3", "wall.typ", "A3", variant="a3"),
    Layout("affiche-a4", "wall.typ", "A4", variant="a4"),
    Layout("face-a-face", "facing.typ", "A4", locales=(BOTH,), size=9.4),
    Layout("auto-evaluation", "self-check.typ", "A4", audiences=("professionnels",)),
    Layout("livret", "booklet.typ", "A5", audiences=(EVERYONE,)),
    *(Layout(id, PRACTICE, "A4", audiences=("professionnels",)) for id in practice.sheets()),
    Layout("carte-a-deux", "card.typ", "A4", audiences=(EVERYONE,), locales=codes(), size=13.0, listed=False),
    Layout("carte-de-poche", "pocket.typ", "A4", audiences=(EVERYONE,), locales=codes(), size=17.5, listed=False),
    Layout("affiche-bienvenue-a3", "welcome.typ", "A3", variant="a3", audiences=(EVERYONE,), locales=(ALL,), listed=False),
    Layout("affiche-bienvenue-a4", "welcome.typ", "A4", variant="a4", audiences=(EVERYONE,), locales=(ALL,), listed=False),
)}
PACK = tuple(id for id in practice.sheets() if id.startswith("cabinet-"))
POSTERS = ("affiche-bienvenue-a3", "affiche-bienvenue-a4")
OF_ALL_FUNDS = ("depliant", "page-a-page", "gros-caracteres")


class Source:
    """Makes the data of any layout; what does not depend on the fund is made once."""

    def __init__(self, knowledge: Knowledge, graph: Callable[[], Graph], marks: bool = False) -> None:
        self.knowledge, self.graph, self.marks = knowledge, cache(graph), marks
        self._made: dict[tuple[str, str, str], Data] = {}

    def data(self, layout: Layout, audience: str, locale: str, kit: Kit | None) -> Data:
        """Return the data of one file."""
        kind = (layout.id if layout.template == PRACTICE else layout.template, audience, locale)
        if kind not in self._made:
            self._made[kind] = self._make(*kind)
        data = with_kit(self._made[kind], self.knowledge, audience if audience in AUDIENCES else "patients", kit)
        data |= {"variant": layout.variant, "marks": self.marks}
        if layout.size is not None:
            data["size"] = layout.size
        if layout.variant == "large":
            data["colours"] = high_contrast(data["colours"])
        return data

    def _make(self, template: str, audience: str, locale: str) -> Data:
        if template in practice.sheets():
            return practice.sheet(self.knowledge, template, locale)
        makers: Mapping[str, Callable[[], Data]] = {
            "folded.typ": lambda: leaflet(self.knowledge, audience, locale),
            "linear.typ": lambda: leaflet(self.knowledge, audience, locale),
            "facing.typ": lambda: facing(self.knowledge, audience),
            "self-check.typ": lambda: self_check(self.knowledge, locale),
            "wall.typ": lambda: wall_sheet(self.knowledge, self.graph(), audience, locale),
            "card.typ": lambda: card_for_two(self.knowledge, locale),
            "pocket.typ": lambda: pocket_card(self.knowledge, locale),
            "welcome.typ": lambda: welcome(self.knowledge),
            "booklet.typ": lambda: booklet(self.knowledge, self.graph(), locale),
        }
        return makers[template]()


def file_name(layout: Layout, audience: str, locale: str) -> str:
    """Return the name of a file: "depliant-patients-fr.pdf"."""
    return "-".join([layout.id, *([] if audience == EVERYONE else [audience]), locale]) + ".pdf"


def what_for(layout: Layout) -> list[tuple[str, str]]:
    """Return the audiences and locales of a layout."""
    return [(audience, locale) for audience in layout.audiences for locale in layout.locales]


def described(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the title and the description of a leaflet."""
    return data["title"], data["description"]
