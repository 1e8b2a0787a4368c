"""Read the card for two and hold each translation to its French: names, numbers, risky words, words of no and only.

A second translation, back into French, holds to the words it was made from: when they move, it must be made again.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.problems import KnowledgeError, Place, Problem, did_you_mean
from decision_tree.authoring.read.shapes import Bool, Day, ListOf, MapOf, OneOf, Reading, Record, Shape, Str
from decision_tree.authoring.read.yaml_text import Node, place_of, read_yaml
from scripts.content.card import SLOT, Card, Language, Noted, NumberWord, Part, RiskyWord, Source, mark, slots
from scripts.content.loaded import knowledge
from scripts.project.paths import ROOT

LANGUAGES = ROOT / "languages"
SCRIPTS = {"arabic": "ARABIC", "bengali": "BENGALI", "cyrillic": "CYRILLIC", "devanagari": "DEVANAGARI", "latin": "LATIN", "tamil": "TAMIL"}
NOTES = "notes.yaml"
LINK = re.compile(r"://|www\.|@|\b[a-z-]+\.(?:fr|com|org|eu)\b", re.IGNORECASE)
CODE_MARKS = re.compile(r"[<>*`\[\]_|\\]")
DIRECTION_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
POLARITY = {
    "no": r"\b(?:ne|non|aucune?|sans|pas|interdite?s?)\b|\bn’|\binterdi",
    "never": r"\bjamais\b",
    "only": r"\bseul(?:e|s|es|ement)?\b",
    "first": r"\b(?:d’abord|avant)\b",
    "after": r"\b(?:après|depuis)\b",
    "few": r"\bpeu\b",
    "yet": r"\bencore\b",
}


@dataclass(frozen=True, slots=True)
class Line(Shape):
    """A text that keeps its place."""

    def read(self, node: Node, reading: Reading) -> Source | None:
        text = Str().read(node, reading)
        return None if text is None else Source(text, place_of(node, reading.file))

    def schema(self) -> dict[str, Any]:
        return Str().schema()


@dataclass(frozen=True, slots=True)
class Pattern(Line):
    """A regular expression that keeps its place."""

    def read(self, node: Node, reading: Reading) -> Source | None:
        one = Line.read(self, node, reading)
        try:
            re.compile(one.text if one else "")
        except re.error as error:
            reading.problem(node, f"this pattern cannot be read ({error})", "Write words with a vertical bar between them.")
            return None
        return one


@dataclass(frozen=True, slots=True)
class NotedShape(Shape):
    """What was noted of one text: nobody has read what is called reviewed is a mistake."""

    def read(self, node: Node, reading: Reading) -> Noted | None:
        raw = NOTED.read(node, reading)
        if raw is None:
            return None
        noted = Noted(of=raw["of"], back=raw.get("back") or "", status=raw.get("status") or "draft", text=raw.get("text") or "",
                      by=raw.get("by") or "", day=raw.get("day"))
        if noted.status == "reviewed" and not (noted.by and noted.day and noted.text):
            reading.problem(node, "a text cannot be reviewed by nobody",
                            "Write who read it (by), the day (day) and the mark of what was read (text).")
            return None
        return noted

    def schema(self) -> dict[str, Any]:
        return NOTED.schema()


TEXTS = MapOf(Line())
PART = Record({"id": Str(), "relies": ListOf(Str()), "texts": ListOf(Str(), least=1)}, {"show": Bool()})
CARD = Record({"parts": ListOf(PART, least=1), "pocket": ListOf(ListOf(Str(), least=1), least=1),
               "poster": ListOf(Str(), least=1), "texts": TEXTS})
TRANSLATION = Record({"texts": TEXTS}, {"back": TEXTS})
SETTINGS = Record({"name": Str(), "english": Str(), "own": Str(), "direction": OneOf(("ltr", "rtl")), "script": OneOf(tuple(SCRIPTS))},
                  {"notice": Str()})
PATTERNS = MapOf(Pattern())
NONE = ListOf(Record({"languages": ListOf(Str(), least=1), "why": Str()}))
RISKY = Record({"id": Line(), "fr": Pattern(), "why": Str(), "use": PATTERNS}, {"never": PATTERNS, "none": NONE})
NUMBER = Record({"value": Line(), "fr": Pattern(), "words": PATTERNS}, {"none": NONE})
NOTED = Record({"of": Str()}, {"back": Str(), "status": OneOf(("draft", "revised", "reviewed")), "text": Str(), "by": Str(), "day": Day()})


@cache
def our_card() -> Card:
    """Return the card of languages/, read once."""
    return load_card()


def load_card(folder: Path = LANGUAGES, facts: Knowledge | None = None, *, judged: bool = True) -> Card:
    """Read the card and its translations.

    Args:
        folder: Where they stand.
        facts: The knowledge they take numbers and names from; ours by default.
        judged: Translations are held to their French; without it, only what cannot be read is a problem.

    Raises:
        KnowledgeError: With every problem found.
    """
    facts = facts or knowledge()
    reader = _Reader(folder)
    card = reader.card()
    if card is None:
        raise KnowledgeError(reader.problems)
    found = list(reader.problems)
    if judged:
        found += [*problems_of_french(card, facts, reader.shown("card.yaml")), *problems_of_words(card),
                  *(one for language in card.languages.values() for one in problems_of(card, language, facts))]
    if found:
        raise KnowledgeError(found)
    return card


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder, self.problems = folder, cast(list[Problem], [])

    def shown(self, name: str) -> str:
        return f"{self.folder.name}/{name}"

    def read(self, name: str, shape: Shape) -> Any:
        node, wrong = read_yaml(self.folder / name, self.shown(name))
        reading = Reading(self.shown(name))
        value = None if node is None else shape.read(node, reading)
        self.problems += [*wrong, *reading.problems]
        return value

    def card(self) -> Card | None:
        raw = self.read("card.yaml", CARD)
        if raw is None:
            return None
        risky = tuple(RiskyWord(one["id"].text, one["fr"].text, one["why"], _plain(one["use"]), _plain(one.get("never") or {}),
                                _reasons(one), one["id"].place) for one in self.read("risky.yaml", ListOf(RISKY)) or ())
        numbers = tuple(NumberWord(one["value"].text, one["fr"].text, _plain(one["words"]), _reasons(one), one["value"].place)
                        for one in self.read("numbers.yaml", ListOf(NUMBER)) or ())
        notes = self.notes()
        codes = sorted(path.parent.name for path in self.folder.glob("*/card.yaml"))
        languages = {code: one for code in codes if (one := self.language(code, notes.get(code, {}))) is not None}
        parts = tuple(Part(one["id"], one["texts"], one["relies"], bool(one.get("show"))) for one in raw["parts"])
        return Card(parts=parts, pocket=raw["pocket"], poster=raw["poster"], texts=_written(raw["texts"]), languages=languages, risky=risky,
                    numbers=numbers)

    def notes(self) -> dict[str, dict[str, Noted]]:
        """Return what was noted of each text, by language; no file, no note."""
        found = self.read(NOTES, MapOf(MapOf(NotedShape()))) if (self.folder / NOTES).exists() else {}
        return {code: {key: one for key, one in (texts or {}).items() if one} for code, texts in (found or {}).items()}

    def language(self, code: str, noted: Mapping[str, Noted]) -> Language | None:
        settings, raw = self.read(f"{code}/language.yaml", SETTINGS), self.read(f"{code}/card.yaml", TRANSLATION)
        if settings is None or raw is None:
            return None
        return Language(code=code, name=settings["name"], english=settings["english"], own=settings["own"], direction=settings["direction"],
                        script=settings["script"], texts=_written(raw["texts"]), back=_written(raw.get("back") or {}), noted=noted)


def _written(texts: Mapping[str, Source | None]) -> dict[str, Source]:
    return {key: one for key, one in texts.items() if one}


def _plain(texts: Mapping[str, Source | None]) -> dict[str, str]:
    return {key: one.text for key, one in _written(texts).items()}


def _reasons(raw: Mapping[str, Any]) -> dict[str, str]:
    return {code: one["why"] for one in raw.get("none") or () for code in one["languages"]}


def problems_of_french(card: Card, facts: Knowledge, file: str) -> Iterator[Problem]:
    """Yield what is wrong in the French: a text nobody wrote, a statement or a contact that cannot be printed."""
    place = Place(file, 1)
    for key in (*(key for part in card.parts for key in (part.id, *part.texts)), *(key for face in card.pocket for key in face),
                *card.poster):
        if key not in card.texts:
            yield Problem(place, f"no text is called '{key}'", did_you_mean(key, card.texts, "write it under texts."))
    for id in (id for part in card.parts for id in part.relies):
        if id not in facts.statements or facts.statements[id].status == "unverified":
            yield Problem(place, f"the card rests on the statement '{id}', which is unknown or unverified",
                          "Rest it on another, or leave the sentence out.")
    for one in card.texts.values():
        yield from _unknown_slots(one, facts)


def _unknown_slots(one: Source, facts: Knowledge) -> Iterator[Problem]:
    for slot in SLOT.finditer(one.text):
        table: Mapping[str, Any] = {"contact": facts.contacts, "term": facts.glossary, "body": facts.bodies}.get(slot[1] or "", {})
        if slot[1] and slot[2] not in table:
            yield Problem(one.place, f"{slot[0]} names nothing of the knowledge", did_you_mean(slot[2], table, "name something it has."))
        elif slot[1] == "contact" and facts.contacts[slot[2]].status != "confirmed":
            yield Problem(one.place, f"the contact '{slot[2]}' is not confirmed",
                          "Leave it out, or confirm it in decision_tree/knowledge/contacts.yaml.")
    if "{" in SLOT.sub("", one.text):
        yield Problem(one.place, "a brace opens nothing known", "Write {contact:…}, {term:…}, {body:…} or {guide}.")


def problems_of_words(card: Card) -> Iterator[Problem]:
    """Yield where a risky word or a number leaves a language without its words, or without the reason it has none."""
    for word in card.risky:
        for code in card.languages.keys() - word.use.keys():
            yield Problem(word.place, f"the risky word '{word.id}' has no chosen rendering in '{code}'",
                          f"Write it under use: {code}: \"…\".")
        yield from _with_or_without(card, word.place, f"the risky word '{word.id}'", "forbidden renderings", "never", word.never, word.none)
    for number in card.numbers:
        yield from _with_or_without(card, number.place, f"the number {number.value}", "words", "words", number.words, number.none)


def _with_or_without(card: Card, place: Place, what: str, called: str, key: str, has: Mapping[str, str],
                     none: Mapping[str, str]) -> Iterator[Problem]:
    for code in sorted(card.languages.keys() - has.keys() - none.keys()):
        yield Problem(place, f"{what} has no {called} in '{code}' and does not say why",
                      f"Write them under {key}: {code}: \"…\", or the reason under none.")
    for code in sorted(has.keys() & none.keys()):
        yield Problem(place, f"{what} has {called} in '{code}' and a reason to have none", "Keep one of the two.")


def problems_of(card: Card, language: Language, facts: Knowledge) -> Iterator[Problem]:
    """Yield what is wrong in a translation, text by text."""
    first = min(one.place for one in language.texts.values())
    for key in card.texts.keys() - language.texts.keys():
        yield Problem(first, f"'{key}' is not translated: “{card.texts[key].text}”", f"Add the line {key}: \"…\".")
    for key, one in language.texts.items():
        if key not in card.texts:
            yield Problem(one.place, f"no French text is called '{key}'", did_you_mean(key, card.texts, "remove the line."))
            continue
        yield from own_words(one, language, facts)
        yield from own_numbers(card, language, key)
        if card.status(language.code, key) != "stale" or not language.noted:
            yield from unlike_french(card, language, key)
    yield from problems_of_back(card, language)


def problems_of_back(card: Card, language: Language) -> Iterator[Problem]:
    """Yield each second translation that was not made from the words the translation has today."""
    for key, one in language.back.items():
        if key not in card.texts or key not in language.texts:
            yield Problem(one.place, f"no French text is called '{key}'", did_you_mean(key, card.texts, "remove the line."))
            continue
        noted = language.noted.get(key)
        if noted is None or noted.back != mark(language.texts[key].text):
            moved = noted is not None and noted.back
            verb = f"python -m scripts.upkeep.language_review {language.code} back {key}"
            yield Problem(one.place, f"the translation of '{key}' has moved since it was translated back" if moved else
                          f"nothing says which words '{key}' was translated back from",
                          f"Translate it back from its words alone, then run “{verb}”.")


def own_numbers(card: Card, language: Language, key: str) -> Iterator[Problem]:
    """Yield the numbers a translation writes in letters where the French has none."""
    one = language.texts[key]
    for number in card.numbers:
        own = number.words.get(language.code)
        if own and (found := _whole_word(own, one.text)) and not _whole_word(number.fr, card.texts[key].text):
            yield Problem(one.place, f"the translation writes the number {number.value} (“{found}”) where the French of '{key}' has none",
                          "Say it without a number, as the French does; a number comes from the knowledge, in braces.")


def _whole_word(pattern: str, text: str) -> str | None:
    """Return the first word of a text that a pattern is the whole of."""
    whole = re.compile(unicodedata.normalize("NFC", pattern), re.IGNORECASE)
    return next((word for word in _words_of(text) if whole.fullmatch(word.strip("’"))), None)


@lru_cache(maxsize=2_000)
def _words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, what fills its braces left out; the marks of vowels belong to the word."""
    text = unicodedata.normalize("NFC", SLOT.sub(" ", text))
    return tuple("".join(sign if sign in "’\u200c" or unicodedata.category(sign)[0] in "LM" else " " for sign in text).split())


def own_words(one: Source, language: Language, facts: Knowledge) -> Iterator[Problem]:
    """Yield what a translation writes itself and may not: a digit, a link, a name, marks of code, letters of another script."""
    words = SLOT.sub("", one.text)
    if digits := "".join(sign for sign in words if unicodedata.category(sign).startswith("N")):
        yield Problem(one.place, f"the translation writes the number {digits}",
                      "Numbers come from the knowledge: write {contact:…}, as the French does.")
    if LINK.search(words):
        yield Problem(one.place, "the translation writes an address", "Addresses come from the knowledge: write {guide} or {contact:…}.")
    if CODE_MARKS.search(words) or DIRECTION_MARKS.search(words) or "{" in words:
        yield Problem(one.place, "the translation holds marks of code or of direction", "Write words and their punctuation only.")
    if name := _any_of(french_names(facts)).search(words):
        yield Problem(one.place, f"the translation writes the French name {name[0]}",
                      "Names come from the knowledge: write {term:…} or {body:…}.")
    script = SCRIPTS[language.script]
    strange = "".join(sign for sign in words if sign.isalpha() and not unicodedata.name(sign, "").startswith((script, "MODIFIER")))
    if strange:
        yield Problem(one.place, f"“{strange}” is not of the script of {language.name}",
                      "Write it in that script, or in braces when it is a French name.")


@cache
def _any_of(names: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern that finds any of some names, whole."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})\b")


def french_names(facts: Knowledge) -> frozenset[str]:
    """Return the abbreviations and bodies that stay French everywhere."""
    terms = (entry.term.fr.partition(" (")[0] for entry in facts.glossary.values())
    return frozenset(term for term in terms if re.fullmatch(r"[A-Z0-9-]{2,}", term)) | {"Défenseur des droits", "SAMU", "CPAM"}


def unlike_french(card: Card, language: Language, key: str) -> Iterator[Problem]:
    """Yield where a translation and its French part ways: names and numbers, risky words, words of no and only."""
    french, one = card.texts[key].text, language.texts[key]
    if slots(one.text) != slots(french):
        yield Problem(one.place, f"the braces of '{key}' are not those of the French",
                      f"Keep these, each once: {', '.join(slots(french)) or 'none'}.")
    for word in risky_in(card, french):
        use, never = word.use.get(language.code), word.never.get(language.code)
        if use and not re.search(use, one.text, re.IGNORECASE):
            yield Problem(one.place, f"'{key}' has none of the chosen words for “{word.id}” ({use})",
                          f"{word.why} Choose one, or mend languages/risky.yaml.")
        if never and (found := re.search(never, one.text, re.IGNORECASE)):
            yield Problem(one.place, f"'{key}' says “{found[0]}”, which is forbidden for “{word.id}”", word.why)
    if wanted := polarity(french):
        back = language.back.get(key)
        if back is None:
            yield Problem(one.place, f"'{key}' says no, only, first or after, and has no second translation back",
                          f"Add it under back: {key}: \"…\", in French.")
        elif polarity(back.text) != wanted:
            yield Problem(back.place, f"translated back, '{key}' says {_said(polarity(back.text))} where the French says {_said(wanted)}",
                          "Mend the translation; a back translation is written from it alone.")


def _said(found: frozenset[str]) -> str:
    return " and ".join(sorted(found)) or "nothing of the kind"


def risky_in(card: Card, french: str) -> list[RiskyWord]:
    """Return the risky words a French text holds."""
    return [word for word in card.risky if re.search(word.fr, SLOT.sub("", french))]


def polarity(french: str) -> frozenset[str]:
    """Return which kinds of no, only, first, after, few and yet a French text says."""
    return frozenset(kind for kind, pattern in POLARITY.items() if re.search(pattern, french.lower()))
