"""All that the knowledge files say: the model the engine reads, and what only pages, leaflets and checks need."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from decision_tree.authoring.read.conditions import Tree
from decision_tree.authoring.read.match_words import MatchWords
from decision_tree.authoring.read.problems import Place
from decision_tree.locales import LOCALES, conventions, unit, written_number
from decision_tree.model import Body, Contact, Model, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with a unit: one value, or a range."""

    id: str
    unit: str                            # days, months, years, hours, eur, percent, count
    value: float | None
    least: float | None
    most: float | None
    status: str
    law: str | None
    statement: str | None
    place: Place | None = None           # None for one made from a time limit

    def words(self, locale: str) -> str:
        """Return the quantity in words: "8 jours", "€8,010"."""
        if self.value is not None:
            return _with_unit(self.value, _number(self.value, locale), self.unit, locale)
        assert self.least is not None and self.most is not None
        span = f"{_number(self.least, locale)} {conventions(locale).span} {_number(self.most, locale)}"
        return _with_unit(self.most, span, self.unit, locale)


def _number(value: float, locale: str) -> str:
    return written_number(f"{value:,.0f}" if float(value).is_integer() else f"{value:,}", locale)


def _with_unit(value: float, shown: str, name: str, locale: str) -> str:
    how = conventions(locale)
    if name in how.units:
        return f"{shown}\u00a0{unit(name, value, locale)}"
    return {"eur": how.euros, "percent": how.percent}.get(name, "{}").format(shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sourced sentence about the law or the world."""

    id: str
    theme: str
    status: str                          # current, changed, historical or unverified
    text: Text
    source: Text
    laws: tuple[str, ...]
    compared_on: date
    compared_with: Text
    note: Text | None
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One text of law, with the quotation that was read."""

    id: str
    code: Text
    number: str
    title: Text
    url: str
    legiarti: str | None
    in_force_since: date | None
    since_note: Text | None
    state: str
    extract: str | None
    meaning: Text
    compared_on: date
    compared_with: Text
    copy_day: date | None                # the day the copy shows the law of; None when nobody knows it
    note: Text | None
    watch_copy: str | None
    watch_id: str | None                 # the version that was read
    watch_text: str | None               # the first digits of the hash of its text
    place: Place

    @property
    def short(self) -> Text:
        """The reference in a few characters: "art. L. 1110-3 CSP"."""
        return short_reference(self.code, self.number)


_SHORT_CODES = {
    "Code de la santé publique": "CSP",
    "Code de la sécurité sociale": "CSS",
    "Code pénal": "code pénal",
    "Code de procédure pénale": "code de procédure pénale",
    "Code de la consommation": "code de la consommation",
    "Code civil": "code civil",
    "Code de justice administrative": "CJA",
    "Code de l’action sociale et des familles": "CASF",
    "Code de l'action sociale et des familles": "CASF",
}


def short_reference(code: Text, number: str) -> Text:
    """Return how an article is cited in running text; its French name is kept in English."""
    short = _SHORT_CODES.get(code.fr)
    if short is None:
        shown = number if number.startswith(("Conseil", "art")) else f"{code.fr} {number}"
        return _alike(shown)
    return _alike(f"art.\u00a0{number} {short}")


def _alike(shown: str) -> Text:
    return Text(dict.fromkeys(LOCALES, shown))


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One entry of the glossary."""

    id: str
    term: Text
    definition: Text
    aliases: tuple[str, ...]
    statements: tuple[str, ...]
    laws: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Touched:
    """Whose advice an error made wrong: the situations, and the bodies whose place or reason was."""

    when: Tree
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One error of ours: what we said, what is right, since when we said it, and whom it touched."""

    id: str
    kind: str                            # wrong, outdated, incomplete or attribution
    said: Text
    now: Text
    who: Text
    since: date                          # the first day the error stood on the site, inclusive
    corrected: date
    statements: tuple[str, ...]
    touched: "Touched | None"            # whose advice was wrong; None when words only
    place: Place

    @property
    def days(self) -> int:
        """How many days the error stood."""
        return (self.corrected - self.since).days


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What must come after a letter was sent, within which delay, and what to do when it does not."""

    id: str
    letters: tuple[str, ...]
    delay: Quantity                      # days, months or years, from the day of the letter
    law: str
    awaited: Text
    otherwise: Text
    page: str                            # source path of the page that says what to do then
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeps:
    """Where one of a family of bodies is named with an answer of `before`, one of the same family is with an answer of `after`."""

    fact: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    families: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """A law of the whole model: while `when` holds, these bodies are, or are never, named."""

    id: str
    says: Text
    when: Tree
    recommended: tuple[str, ...]         # must be recommended
    first: str | None                    # must come first
    not_recommended: tuple[str, ...]
    never: tuple[str, ...]               # neither recommended nor possible
    keeps: "Keeps | None"                # another answer to one question takes none of these away
    sources: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlessClause:
    """A named exception of a rule and the body it leads to."""

    id: str
    when: Tree
    leads_to: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """A rule as written: its trees, kept for proofs that drop or negate one test at a time."""

    id: str
    when: Tree
    unless: tuple[UnlessClause, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class EquivalentOptions:
    """Options that no rule tells apart, with the reason."""

    fact: str
    values: tuple[str, ...]
    reason: Text
    place: Place


@dataclass(frozen=True, slots=True)
class Budget:
    """Upper bounds written beside the model."""

    states: int
    core_states: int
    longest_way: int
    average_way: float
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Who read an entry, when, and the hash of what was read."""

    what: str                            # rules/conciliation.joint_committee_open, bodies/ars, questions.ground…
    by: str
    day: date
    hash: str
    note: str | None
    place: Place


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Knowledge:
    """The checked whole."""

    model: Model
    statements: Mapping[str, Statement]
    laws: Mapping[str, Law]
    quantities: Mapping[str, Quantity]
    glossary: Mapping[str, Term]
    corrections: tuple[Correction, ...]
    follow_ups: tuple[FollowUp, ...]
    invariants: tuple[Invariant, ...]
    rule_texts: Mapping[str, RuleText]
    derived_trees: Mapping[str, Tree]
    derived_places: Mapping[str, Place]
    question_places: Mapping[str, Place]
    chain_places: Mapping[str, Place]
    equivalent_options: tuple[EquivalentOptions, ...]
    match: MatchWords
    budget: Budget
    as_of: date                              # the day the static guide and the proofs read the law
    reviews: tuple[Review, ...]
    texts: Mapping[str, tuple[Text, Place]]  # every translated text, by a path of ids

    @property
    def bodies(self) -> Mapping[str, Body]:
        """The bodies by id."""
        return self.model.bodies

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """Phone numbers, addresses and pages by id."""
        return self.model.contacts
