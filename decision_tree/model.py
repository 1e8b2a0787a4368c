"""What the decision tree knows, as frozen dataclasses: the same objects at build time and in the browser.

Every text a person reads is a `Text`, in French and in what other locales there are. Conditions are data: a `Condition` is a tuple of
terms, a term a tuple of literal numbers; it holds when every literal of one term holds. Three-valued reading is in `logic`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal as OneOfWords

from decision_tree.locales import LOCALES, REFERENCE

Value = str | bool | date | frozenset[str]
Facts = Mapping[str, Value]
Locale = str
Level = OneOfWords["urgent", "main", "parallel", "support"]
Standing = OneOfWords["recommended", "possible"]

UNKNOWN = "unknown"
"""The legal answer to every question: the fact stays unknown and is not asked again."""


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or phrase, by locale, in any number of them. French is the reference: a locale that lacks it says the French."""

    words: Mapping[str, str]

    def __getitem__(self, locale: str) -> str:
        return self.words.get(locale) or self.words[REFERENCE]

    def __hash__(self) -> int:
        return hash(tuple(self.words.items()))

    @property
    def fr(self) -> str:
        """The French, which others translate."""
        return self.words[REFERENCE]

    @property
    def row(self) -> list[str]:
        """The words of each published locale, in order, as a compiled model holds them."""
        return [self[locale] for locale in LOCALES]


def text_of(row: Sequence[str]) -> Text:
    """Return the text of a row."""
    return Text(dict(zip(LOCALES, row, strict=False)))


def same_in_all(words: str) -> Text:
    """Return a text that every locale says alike."""
    return Text({REFERENCE: words})


@dataclass(frozen=True, slots=True)
class Fact:
    """Something true of one person's situation that a rule can read."""

    id: str
    type: OneOfWords["bool", "choice", "set", "date"]
    values: tuple[str, ...]
    label: Text
    presumed: str | frozenset[str] | None = None  # what the rules read until it is answered


@dataclass(frozen=True, slots=True)
class Literal:
    """One elementary test of one fact. Exactly one of the three forms is used."""

    fact: str
    values: frozenset[str | bool] = frozenset()  # the fact is one of these
    member: str | None = None                    # the set holds (or lacks) this member
    years: int | None = None                     # the date lies at most this many years back (or not)
    positive: bool = True                        # for `member` and `years`
    year_end: bool = False                       # for `years`: counted from 1 January after the date


Condition = tuple[tuple[int, ...], ...]
"""Terms of literal numbers: any term, all of its literals. () never holds; ((),) always does."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact computed from others, read by rules like any boolean fact."""

    id: str
    when: Condition
    label: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question, in words."""

    value: str | bool
    label: Text
    said: Text | None = None             # "If …", where a result shows what this answer would change


@dataclass(frozen=True, slots=True)
class Wording:
    """Another wording of a question when `when` holds."""

    when: Condition
    ask: Text
    help: Text | None


@dataclass(frozen=True, slots=True)
class Implication:
    """While `when` holds, a question is not asked: results suppose this value."""

    when: Condition
    value: Value
    shown: bool                          # whether results show what another answer would change
    refine: bool = False                 # whether it is only supposed, and results offer to answer it


@dataclass(frozen=True, slots=True)
class Group:
    """Answers shown under one heading, which opens in its place."""

    label: Text
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How one fact is asked. `core` questions stand in the static guide."""

    fact: str
    ask: Text
    help: Text | None = None
    options: tuple[Option, ...] = ()
    core: bool = True
    assumed: Value | None = None        # what a result page supposes of a question that is not core
    implied_by: tuple["Implication", ...] = ()   # other answers that already tell this one
    unknown: Value | None = None         # what the guide goes on with after "I don't know"
    wordings: tuple[Wording, ...] = ()
    groups: tuple[Group, ...] = ()       # answers shown together, folded, where a list is long
    settled_by: Condition = ()           # while it holds, a presumed fact is taken as presumed and no longer asked


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a professional’s question: yes, no or only if; what to do instead; the page that says how."""

    answer: Text
    instead: Text
    page: str                            # a page of the site, without its final slash


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When its condition holds, its body is recommended, or also possible."""

    id: str
    body: str
    standing: Standing
    level: Level
    when: Condition
    because: Text
    sources: tuple[str, ...]
    in_force_from: date                  # first day, inclusive
    in_force_to: date | None = None      # last day, inclusive; None while in force
    closes: bool = False                 # while it holds, only closing rules and those that always speak are heard
    always: bool = False                 # heard even when the advice is closed
    fallback: bool = False               # holds when nothing else is recommended
    shown_by: tuple[str, ...] = ()
    reply: Reply | None = None           # shown in the place of the body’s plan
    letter: str | None = None            # what the button opens, in the place of the plan’s letter


@dataclass(frozen=True, slots=True)
class Chain:
    """Bodies in the order to act, while `when` is known to hold and `unless` is not."""

    id: str
    bodies: tuple[str, ...]
    when: Condition
    unless: Condition


@dataclass(frozen=True, slots=True)
class How:
    """One way to reach a body."""

    by: OneOfWords["online", "post", "phone", "in_person"]
    text: Text
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The first lines of a body on a result: the act, its cost, its time, and what its button opens."""

    act: Text
    cost: Text
    delay: Text
    letter: str | None = None            # a letter to write
    call: str | None = None              # a contact to call
    page: str | None = None              # a page of the site, without its final slash


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An organisation or a step that can act, described once for every surface."""

    id: str
    name: Text
    short: Text
    kind: str
    aim: Text
    does: Text
    who: tuple[Text, ...]
    cost: Text
    how: tuple[How, ...]
    send: tuple[Text, ...]
    time_limits: tuple[Text, ...]
    next: tuple[Text, ...]
    interaction: tuple[Text, ...]
    not_when: tuple[Text, ...]
    statements: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    plan: Plan | None = None
    place: str | None = None             # "professional" or "patient": whose place says which one is competent
    authority: bool = False              # a public authority


@dataclass(frozen=True, slots=True)
class LawReference:
    """A text of law as the guide cites it."""

    id: str
    short: Text
    url: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number, address or page that the sources confirm, or say not to."""

    id: str
    kind: str
    value: str
    label: Text
    status: str                          # confirmed, probable or unverified
    statement: str | None = None

    @property
    def printed(self) -> bool:
        """Whether a page may print it: what no source confirms, it may not."""
        return self.status != "unverified"


@dataclass(frozen=True, slots=True)
class Delay:
    """A length of time in one unit; less some days for what must come before the last day."""

    days: int = 0
    months: int = 0
    years: int = 0
    year_end: bool = False               # counted from 1 January after the date, to 31 December


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A time limit of a body, counted from a fact (a date) or an event of the procedure."""

    id: str
    body: str
    origin: str                          # a fact of type date, or an event id
    delay: Delay
    text: Text
    law: str
    when: Condition = ((),)
    yours: bool = False                  # the person must act by then; otherwise an authority must


@dataclass(frozen=True, slots=True)
class Migration:
    """A renamed or removed fact or value, so that older links keep their meaning."""

    fact: str
    value: str | None                    # None: the fact itself
    becomes_fact: str | None             # None: removed
    becomes_value: str | None = None
    with_fact: str | None = None         # only beside this answer…
    with_value: str | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Model:
    """Everything the engine reads. Mappings keep the authors' order."""

    hash: str
    facts: Mapping[str, Fact]
    derived: Mapping[str, Derived]
    literals: tuple[Literal, ...]
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    order: tuple[Chain, ...]
    bodies: Mapping[str, Body]
    laws: Mapping[str, LawReference]
    contacts: Mapping[str, Contact]
    deadlines: tuple[Deadline, ...]
    migrations: tuple[Migration, ...]
    words: Mapping[str, Text]


def value_of(model: Model, fact: str, text: str) -> Value | None:
    """Return a value written as in links ("true", "c2s", "a,b", "2026-09-15"), or None when the fact cannot take it."""
    described = model.facts[fact]
    if described.type == "bool":
        return {"true": True, "false": False}.get(text)
    if described.type == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    if described.type == "set":
        members = frozenset(part for part in text.split(",") if part)
        return members if members <= set(described.values) else None
    return text if text in described.values else None
