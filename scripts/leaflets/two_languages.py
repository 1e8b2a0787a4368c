"""The data of the papers in two languages: the card for two, its folded size for a pocket, the poster of a practice."""

from collections.abc import Iterable, Sequence

from decision_tree.authoring.read.knowledge import Knowledge
from scripts.content.card import Card, Language, Part, Piece, guide_address, pieces, plain
from scripts.content.card_files import LANGUAGES, our_card
from scripts.content.checks.typography import mended
from scripts.leaflets.content import Data, code, common
from scripts.leaflets.texts import Run, Writer

FONTS = {"arabic": ["Noto Naskh Arabic"], "bengali": ["Noto Sans Bengali"], "tamil": ["Noto Sans Tamil"]}   # the others are in our own
SCALE = {"tamil": 0.87, "arabic": 1.1}   # its letters are wide and tall: smaller, they read as large as the French beside
LEADING = {"arabic": 0.68, "bengali": 0.75, "tamil": 0.7}
FIRST_PAGE, SECOND_PAGE = ("rights", "desk", "note"), ("help",)
SMALLEST = 9.4   # points, where a long language meets a fund with many contacts
MOST_WORDS = 4   # texts that say in words how far they were read; where there are more, signs, explained at the foot
SIGNS = ("*", "†", "‡")
ALL = "langues"   # in the name of the poster, in place of a language
HOW = {"fr": "Découpez le cadre. Pliez-le en deux dans la longueur, puis en trois."}


def codes() -> tuple[str, ...]:
    """Return what stands in the names of files: "fr-ar" for French and Arabic."""
    return tuple(f"fr-{path.parent.name}" for path in sorted(LANGUAGES.glob("*/card.yaml")))


class Sides:
    """Texts of the card as the templates take them, in French and in one language.

    Args:
        knowledge: Where numbers and names come from.
        card: The card.
        language: The language beside the French.
        keys: What the paper shows, which it says as a whole how far it was read; all of the card by default.
    """

    def __init__(self, knowledge: Knowledge, card: Card, language: Language, keys: Sequence[str] = ()) -> None:
        self.knowledge, self.card, self.language = knowledge, card, language
        shown = keys or tuple(card.texts)
        self.overall = card.overall(language.code, shown)
        labels = [label for key in shown if (label := card.apart(language.code, key, self.overall))]
        self.signs = dict(zip(sorted(set(labels)), SIGNS, strict=False)) if len(labels) > MOST_WORDS else {}

    def french(self, key: str) -> list[Run]:
        return runs(pieces(mended(self.card.texts[key].text, "fr"), self.knowledge))

    def own(self, key: str) -> list[Run]:
        """Return a text of the language, or nothing where only the French may stand."""
        text = self.card.shown(self.language.code, key)
        return [] if text is None else runs(pieces(text, self.knowledge, self.language.code))

    def text(self, key: str) -> Data:
        """Return a text in both, with how far it was read where the paper as a whole says otherwise."""
        state = self.card.apart(self.language.code, key, self.overall)
        if state in self.signs:
            sign = [{"text": f" {self.signs[state]}"}]
            return {"french": self.french(key) + sign, "own": self.own(key) + sign}
        return {"french": self.french(key) + beside(self.french(state) if state else []),
                "own": self.own(key) + beside(self.own(state) if state else [])}

    def part(self, part: Part) -> Data:
        return {"heading": self.text(part.id), "texts": [self.text(key) for key in part.texts]}

    def about(self) -> Data:
        """Return what a template must know of the language."""
        one = self.language
        return {"code": one.code, "direction": one.direction, "fonts": FONTS.get(one.script, []), "scale": SCALE.get(one.script, 1),
                "leading": LEADING.get(one.script, 0.5)}

    def notices(self, keys: Sequence[str]) -> list[Data]:
        """Return how far the texts were read as a whole, and what the signs beside some of them mean."""
        said = [{"french": self.french(key), "own": self.own(key)} for key in self.card.notices(self.language.code, keys)]
        return said + [{"french": [{"text": f"{sign} "}, *self.french(key)], "own": [{"text": f"{sign} "}, *self.own(key)]}
                       for key, sign in self.signs.items()]


def runs(parts: Iterable[Piece]) -> list[Run]:
    """Return parts of a text as runs; what comes from the knowledge is set apart, and names are French."""
    return [{"text": one.text} if not one.kind else
            {"text": one.text, "foreign": True, "french": one.kind != "contact", "strong": one.kind in ("contact", "guide")}
            | ({"href": one.href} if one.href else {}) for one in parts]


def beside(state: Sequence[Run]) -> list[Run]:
    """Return what stands small after a text: how far it was read, between brackets."""
    return [{"text": " (", "small": True}, *({**run, "small": True} for run in state), {"text": ")", "small": True}] if state else []


def sides_of(knowledge: Knowledge, locale: str, keys: Sequence[str] = ()) -> Sides:
    """Return the texts of a file whose name holds "fr-ar"."""
    card = our_card()
    return Sides(knowledge, card, card.languages[locale.removeprefix("fr-")], keys)


def base(sides: Sides, name: str) -> Data:
    """Return what every paper in two languages needs."""
    language, heading = sides.language, plain(pieces(mended(sides.card.texts["title"].text, "fr"), sides.knowledge))
    return common(Writer(sides.knowledge, "fr"), "patients") | {
        "title": f"{heading} · {language.own}", "description": f"{name}, en français et en {language.name}.",
        "language": sides.about(), "heading": sides.text("title"), "code": code(guide_address(language.code)),
    }


def card_for_two(knowledge: Knowledge, locale: str) -> Data:
    """Return the data of the card on A4."""
    sides = sides_of(knowledge, locale)
    parts = {part.id: part for part in sides.card.parts}
    return base(sides, "Carte à lire à deux") | {
        "smallest": SMALLEST, "lead": sides.text("lead"), "danger": sides.part(parts["danger"]), "guide": sides.part(parts["guide"]),
        "say": sides.part(parts["say"]),
        "first": [sides.part(parts[id]) for id in FIRST_PAGE], "second": [sides.part(parts[id]) for id in SECOND_PAGE],
        "notices": sides.notices(tuple(sides.card.texts)),
    }


def pocket_card(knowledge: Knowledge, locale: str) -> Data:
    """Return the data of the card for a pocket."""
    keys = [key for face in our_card().pocket for key in face]
    sides = sides_of(knowledge, locale, keys)
    faces = [{"heading": sides.text(first), "texts": [sides.text(key) for key in rest]} for first, *rest in sides.card.pocket]
    return base(sides, "Carte de poche") | {"faces": faces, "notices": sides.notices(keys), "how": HOW["fr"]}


def welcome(knowledge: Knowledge) -> Data:
    """Return the data of the poster in every language."""
    card = our_card()
    sides = [Sides(knowledge, card, one, card.poster) for one in card.languages.values()]
    heading = plain(pieces(mended(card.texts["welcome"].text, "fr"), knowledge))
    statuses = {notice for one in sides for notice in card.notices(one.language.code, card.poster)}
    notices = [{"french": sides[0].french(key)} for key in ("read", "revised", "unread", "stale") if key in statuses]
    return common(Writer(knowledge, "fr"), "patients") | {
        "title": heading, "description": f"Affiche : {heading}", "notices": notices,
        "lines": [{"french": sides[0].french(key)} for key in card.poster],
        "languages": [one.about() | {"lines": [one.text(key)["own"] for key in card.poster]} for one in sides],
    }
