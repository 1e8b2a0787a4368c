"""Letters put together on the device from answers and a few fields. Pure; nothing typed is kept.

A line names fields and answers between brackets: `[professional]`, `[ground]`. A line that names something missing is
left out; on a sheet to fill in by hand it becomes dots.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from decision_tree.dates import written
from decision_tree.guide.states import Answers
from decision_tree.model import Locale, Text, Value, text_of

NAMED = re.compile(r"\[([a-z_]+)\]")
DOTS = "…" * 20
TO_COME = "…" * 8                       # on a small screen, what is still to be typed
SELF, REPRESENTATIVE, ASSOCIATION, RELATIVE, HEIR, WITNESS, PROFESSIONAL = VOICES = (
    "self", "representative", "association", "relative", "heir", "witness", "professional")
LETTER, FORM, MESSAGE = KINDS = ("letter", "form", "message")
CONTACT, REACHED = "contact", ("phone", "email")   # a kind of field, and what is typed for it
GROUPS = ("complain", "chase", "prove", "professional")
COMPLAINT, RECEIPT, HANDED = PROOFS = ("complaint", "receipt", "handed")

Choice = Mapping[str, tuple[str | bool, ...]]
"""Fact → values: an answer is one of them, or holds one of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph: its lines, and when it is said."""

    voices: tuple[str, ...]              # () for all
    when: Choice
    unless: Choice
    lines: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Signers:
    """Who may sign where some answers were given, the most likely first."""

    voices: tuple[str, ...]
    when: Choice
    themselves: bool                     # the person refused answers, and signs

    @property
    def sample(self) -> Answers:
        """Answers that call for these signers."""
        return {fact: values[0] for fact, values in self.when.items()}


@dataclass(frozen=True, slots=True)
class Field:
    """What a person may write: one line, several, a day, or how to be reached."""

    id: str
    kind: str
    fill: str | None                     # the browser's word for what it may propose
    label: Text
    help: Text | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One kind of letter. `needs` is the least that its text of law, or its addressee, asks for."""

    id: str
    group: str                           # one of GROUPS: where a list shows it
    bodies: tuple[str, ...]
    law: str
    kind: str                            # a letter, a form to sign, or a message with neither address nor signature
    proof: str                           # complaint: a text asks for a sure date; receipt: a proof is useful; handed: none is needed
    voices: tuple[str, ...]              # who may sign it, the first when nothing tells
    first: bool                          # only where a body it serves is recommended, not merely possible
    when: Choice                         # the answers that call for it
    unless: Choice
    name: Text
    about: Text
    to: tuple[Text, ...]
    subject: Text
    needs: tuple[str, ...]
    asks: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """All letters, with what they share."""

    fields: Mapping[str, Field]
    phrases: Mapping[str, Mapping[str, Text]]
    sender: tuple[Part, ...]
    signers: tuple[Signers, ...]
    letters: Mapping[str, Letter]

    def who_signs(self, answers: Answers) -> Signers:
        """Return who may sign in a situation: the first line that applies. The last one always does."""
        return next(one for one in self.signers if holds(one.when, {}, answers))

    def sample(self, voice: str) -> Answers:
        """Return the fewest answers in which somebody most likely signs."""
        return min((one for one in self.signers if one.voices[0] == voice), key=lambda one: len(one.when)).sample


@dataclass(frozen=True, slots=True)
class Writing:
    """What a letter is written from. `blank` leaves dots where anything is missing."""

    letters: Letters
    answers: Answers
    values: Mapping[str, str]
    locale: Locale
    blank: bool = False
    dotted: frozenset[str] = frozenset() # what has dots although the letter is typed: what it still lacks
    allowed: tuple[str, ...] = VOICES

    @property
    def voice(self) -> str:
        """Who signs: the person, somebody who may write for them, an heir, a witness, or the professional.

        The person who writes may say so; otherwise the answers tell the most likely.
        """
        chosen_voice = self.values.get("voice", "")
        return chosen_voice if chosen_voice in self.voices else self.voices[0]

    @property
    def voices(self) -> tuple[str, ...]:
        """Who may sign, the most likely first, among those the letter allows."""
        return tuple(voice for voice in self.letters.who_signs(self.answers).voices if voice in self.allowed) or self.allowed[:1]

    def said(self, name: str) -> str:
        """Return what stands for a name between brackets; nothing when it is missing."""
        value = self.values.get(name, "").strip()
        known = self.answers.get(name)
        if name in self.letters.fields and self.letters.fields[name].kind == CONTACT:
            return "\n".join(line for part in REACHED if (line := self.values.get(part, "").strip()))
        if name in self.letters.fields:
            day = _day(value) if self.letters.fields[name].kind == "day" else None
            if isinstance(known, date) and not value:
                day = known
            return value if day is None else written(day, self.locale)
        return self._phrase(name, known)

    def _phrase(self, fact: str, known: Value | None) -> str:
        phrases = self.letters.phrases.get(fact, {})
        members = sorted(known) if isinstance(known, frozenset) else [known]
        return ", ".join(phrases[one][self.locale] for one in members if isinstance(one, str) and one in phrases)

    def line(self, text: Text, *, always: bool = False) -> str:
        """Return a line with its names filled in; nothing when one is missing."""
        said = {name: self.said(name) for name in NAMED.findall(text[self.locale])}
        if not (self.blank or always or all(value or name in self.dotted for name, value in said.items())):
            return ""
        return NAMED.sub(lambda named: said[named[1]] or self._dots(named[1]), text[self.locale])

    def _dots(self, name: str) -> str:
        """Return the room to write by hand, one line or several; in a letter that grows, what is to come."""
        if not self.blank and self.dotted:
            return TO_COME
        described = self.letters.fields.get(name)
        return "\n".join([DOTS] * (3 if described is not None and described.kind == "text" else 1))

    def paragraphs(self, parts: Iterable[Part]) -> list[str]:
        """Return the paragraphs said in this situation."""
        found = []
        for part in parts:
            lines = [line for text in part.lines if (line := self.line(text))] if self._said_now(part) else []
            if lines and (len(lines) == len(part.lines) or not lines[-1].endswith(":")):
                found.append("\n".join(lines))
        return found

    def _said_now(self, part: Part) -> bool:
        return (not part.voices or self.voice in part.voices) and holds(part.when, part.unless, self.answers)


def for_letter(letter: Letter, writing: Writing) -> Writing:
    """Return what a letter is written from, signed by somebody whom this letter allows."""
    return Writing(writing.letters, writing.answers, writing.values, writing.locale, writing.blank, writing.dotted, letter.voices)


def unfinished(letter: Letter, writing: Writing) -> Writing:
    """Return what shows a letter as it grows: dots where something it needs is not typed yet."""
    here = for_letter(letter, writing)
    needs = frozenset(needed(letter, here.voice))
    return Writing(here.letters, here.answers, here.values, here.locale, here.blank, needs, here.allowed)


def offered(letters: Letters, answers: Answers, recommended: Iterable[str], possible: Iterable[str]) -> list[Letter]:
    """Return the letters that serve these bodies in this situation, and that somebody here may sign."""
    first, voices = frozenset(recommended), frozenset(letters.who_signs(answers).voices)
    named = first.union(possible)
    return [one for one in letters.letters.values()
            if not (first if one.first else named).isdisjoint(one.bodies)
            and not voices.isdisjoint(one.voices) and holds(one.when, one.unless, answers)]


def holds(when: Choice, unless: Choice, answers: Answers) -> bool:
    """Tell whether each answer of `when` was given, and none of `unless`."""
    return (all(chosen(answers.get(fact), values) for fact, values in when.items())
            and not any(chosen(answers.get(fact), values) for fact, values in unless.items()))


def chosen(answer: Value | None, values: tuple[str | bool, ...]) -> bool:
    """Tell whether an answer is one of some values, or holds one."""
    return bool(answer.intersection(values)) if isinstance(answer, frozenset) else answer in values


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


CLOSING = Text({"fr": "Je vous prie d’agréer, Madame, Monsieur, l’expression de ma considération distinguée.",
                "en": "Yours faithfully,"})
CLOSING_TOGETHER = Text({"fr": "Veuillez agréer, Madame, Monsieur, l’expression de notre considération distinguée.",
                         "en": "Yours faithfully,"})
GREETING = Text({"fr": "Madame, Monsieur,", "en": "Dear Sir or Madam,"})
SIGNATURE = Text({"fr": "Signature\u00a0:", "en": "Signature:"})
MADE_AT = Text({"fr": "Fait à {town}, le {day}", "en": "{town}, {day}"})
MADE_ON = Text({"fr": "Le {day}", "en": "{day}"})


def compose(letter: Letter, writing: Writing, on: date) -> str:
    """Return a letter as text: paragraphs separated by an empty line.

    Args:
        on: The day it is written.
    """
    writing, locale = for_letter(letter, writing), writing.locale
    body = writing.paragraphs(letter.parts)
    if letter.kind == MESSAGE:
        return "\n\n".join(body)
    town = writing.said("town") or (DOTS if writing.blank else "")
    day = DOTS if writing.blank else written(on, locale)
    made = (MADE_AT if town else MADE_ON)[locale].format(town=town, day=day)
    name = writing.said(needed(letter, writing.voice)[0]) or (DOTS if writing.blank else TO_COME if writing.dotted else "")
    if letter.kind == FORM:
        return "\n\n".join([letter.subject[locale], *body, made, f"{SIGNATURE[locale]}\n{name}"])
    to = "\n".join(line for text in letter.to if (line := writing.line(text, always=True)))
    closing = CLOSING_TOGETHER if writing.voice == ASSOCIATION else CLOSING
    heading = writing.paragraphs(writing.letters.sender)
    return "\n\n".join([*heading, to, made, letter.subject[locale], GREETING[locale], *body, closing[locale], name])


def needed(letter: Letter, voice: str) -> tuple[str, ...]:
    """Return the fields a letter cannot do without, in the order they are asked."""
    who = _WHO.get(voice, ())
    return tuple(dict.fromkeys((*letter.needs[:1], *who, *letter.needs[1:])))


_WHO = {REPRESENTATIVE: ("patient",), ASSOCIATION: ("association", "patient"), RELATIVE: ("patient",), HEIR: ("patient",)}


def missing(letter: Letter, writing: Writing) -> tuple[str, ...]:
    """Return the needed fields that are still empty."""
    return tuple(field for field in needed(letter, for_letter(letter, writing).voice) if not writing.said(field))


def read_letters(data: Mapping[str, Any]) -> Letters:
    """Return letters from the JSON that the build wrote.

    Raises:
        KeyError, TypeError, ValueError: This is not that JSON.
    """
    return Letters(
        fields={row[0]: Field(row[0], row[1], row[2], text_of(row[3]), None if row[4] is None else text_of(row[4]))
                for row in data["fields"]},
        phrases={fact: {value: text_of(text) for value, text in values.items()} for fact, values in data["phrases"].items()},
        sender=_parts(data["sender"]),
        signers=tuple(Signers(tuple(voices), _choice(when), themselves) for voices, when, themselves in data["signers"]),
        letters={row["id"]: _letter(row) for row in data["letters"]},
    )


def _letter(row: Mapping[str, Any]) -> Letter:
    return Letter(
        id=row["id"], group=row["group"], bodies=tuple(row["bodies"]), law=row["law"], kind=row["kind"], proof=row["proof"],
        voices=tuple(row["voices"]), first=row["first"], when=_choice(row["when"]), unless=_choice(row["unless"]),
        name=text_of(row["name"]), about=text_of(row["about"]), to=_texts(row["to"]), subject=text_of(row["subject"]),
        needs=tuple(row["needs"]), asks=tuple(row["asks"]), parts=_parts(row["parts"]))


def _parts(rows: Iterable[Any]) -> tuple[Part, ...]:
    return tuple(Part(tuple(voices), _choice(when), _choice(unless), _texts(lines)) for voices, when, unless, lines in rows)


def _choice(row: Mapping[str, Any]) -> Choice:
    return {fact: tuple(values) for fact, values in row.items()}


def _texts(rows: Iterable[Any]) -> tuple[Text, ...]:
    return tuple(text_of(row) for row in rows)
