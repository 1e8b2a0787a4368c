"""Every request the lean runtime must answer: all states, all explanations, all ways to be wrong, and invented ones.

What this corpus runs is what the lean file keeps. Each request carries the branch of the request grammar it takes, so that
a branch nobody asks for is seen.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from math import inf
from pathlib import Path
from typing import Any

from decision_tree.answers import encode, value_text
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.directory_files import directory_json
from decision_tree.authoring.read.letter_files import letters_json
from decision_tree.authoring.read.match_words import dump_lexicon
from decision_tree.guide import browser
from decision_tree.guide.letters import REACHED
from decision_tree.guide.states import Guide, result
from decision_tree.locales import LOCALES
from decision_tree.model import UNKNOWN, Fact, Value
from scripts.content.loaded import directory, knowledge, letters
from scripts.content.own_words import SETS, sentences
from scripts.runtime.node import RuntimeBuildError

DAY = MODEL_DAY.isoformat()
INVENTED = 20_000
SEED = 1
HELD_OUT = 20_261_122        # the first seed of the requests that the corpus does not hold
Texts = dict[str, str]                   # answers as links carry them


@cache
def our_sentences() -> Sequence[Mapping[str, Any]]:
    """Return all our sentences."""
    return [one for name in SETS for one in sentences(name)]


@cache
def attachments() -> Mapping[str, str]:
    """Return the files that requests carry whole, by the mark that stands for them in a corpus."""
    words = {f'"@words-{locale}"': json.dumps(dump_lexicon(knowledge().match, locale)) for locale in LOCALES}
    return {'"@letters"': letters_json(letters()), '"@directory"': directory_json(directory())} | words


def whole(text: str, attached: Mapping[str, str]) -> str:
    """Return a request with its attachments, as the page sends it."""
    for mark, content in attached.items():
        text = text.replace(mark, content)
    return text


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and the branch of the grammar it takes; `valid` when a person can make it."""

    branch: str
    text: str
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Requests:
    """What decides what is kept: for each locale its requests, and the files they carry by the mark that stands for them."""

    asked: Mapping[str, Sequence[str]]
    attached: Mapping[str, str]


def request(branch: str, **parts: Any) -> Asked:
    """Write a request as the page does."""
    return Asked(branch, json.dumps(parts, ensure_ascii=False, separators=(",", ":")))


def wrong(branch: str, **parts: Any) -> Asked:
    """Write a request no page makes."""
    return replace(request(branch, **parts), valid=False)


def ways(guide: Guide) -> dict[int, Texts]:
    """Return for each state the answers of one way to it."""
    found: dict[int, Texts] = {1: {}}
    waiting = [1]
    for number in waiting:
        state = guide.state(number)
        if state.question is None:
            continue
        options = guide.question(state.question).options
        for option, to in zip(options, state.next, strict=True):
            if to not in found:
                found[to] = {**found[number], state.question: value_text(option.value)}
                waiting.append(to)
    return found


def covering(guide: Guide) -> Iterator[Asked]:
    """Yield what a reader can ask by following links: every state in both locales, and what its page offers to open.

    The words of an answer come from the guide's JSON, not from the image: what an explanation runs does not depend on the
    locale, so each final state explains itself in one of them, turn by turn: why each body it leaves out is not named (at once,
    as its page asks), and what would change the verdict on each body it names. One more body, turn by turn, is asked about alone.
    """
    bodies = list(guide.model.bodies)
    events = sorted({deadline.origin for deadline in guide.model.deadlines})
    for number, answers in sorted(ways(guide).items()):
        values = {fact: _value(guide.model.facts[fact], text) for fact, text in answers.items()}
        fragment = encode(guide.model, values)
        locale = LOCALES[number % 2]
        for one in LOCALES:
            yield request("show", do="show", root="../", locale=one, on=DAY, answers=answers)
        yield request("show, number", do="show", root="../", locale=locale, on=DAY, number=number)
        yield request("show, fragment", do="show", root="../", locale=locale, on=DAY, fragment=f"#{fragment}")
        yield request("decode", do="decode", locale=locale, fragment=fragment.replace("v=", "v=0" if number % 3 else "v="))
        about: dict[str, Any] = {"locale": locale, "on": DAY, "root": "../", "answers": answers}
        if guide.state(number).question is not None:
            yield request("why_question", do="why_question", **about)
            continue
        yield request("why_not_others", do="why_not_others", **about)
        yield request("file", do="file", kind=("ics", "vcf")[number // 2 % 2], days=dict.fromkeys(events, DAY), **about)
        yield request("why_not", do="why_not", body=bodies[number % len(bodies)], **about)
        named = [one.body for one in result(guide, values, date.fromisoformat(DAY)).advice.recommended]
        for body in dict.fromkeys((*named, bodies[number // 2 % len(bodies)])):
            yield request("what_would_change", do="what_would_change", body=body, **about)


def covering_words() -> Iterator[Asked]:
    """Yield every sentence of ours."""
    for one in our_sentences():
        yield request("match", do="match", lexicon=f"@words-{one['locale']}", text=one["text"], locale=one["locale"], on=DAY)


def covering_desk(guide: Guide) -> Iterator[Asked]:
    """Yield every letter for every voice, and every place."""
    chance = random.Random(0)
    voices: Sequence[Texts] = [{fact: value_text(value) for fact, value in one.sample.items()} for one in letters().signers]
    for letter in letters().letters:
        for voice in voices:
            for locale in LOCALES:
                answers = {**any_answers(guide, chance), **voice}
                yield request("letter", do="letter", letter=letter, letters="@letters", root="../", locale=locale, on=DAY, answers=answers,
                              values=dict.fromkeys((*letters().fields, *REACHED), "Été 2026"), ready=True)
                yield request("letter", do="letter", letter=letter, letters="@letters", root="../", locale=locale, on=DAY, answers=answers,
                              values={"facts": "Été 2026"}, preview=True)
                yield request("letters", do="letters", letters="@letters", locale=locale, on=DAY, answers=answers)
    for code, departement in directory().departements.items():
        profession = chance.choice(guide.model.facts["profession"].values)
        yield request("local", do="local", directory="@directory", root="../", locale=LOCALES[len(code) % 2], on=DAY, place=code, own=code,
                      answers={"profession": profession}, **({"caisse": departement.funds[-1]} if departement.funds else {}))


def _value(fact: Fact, text: str) -> Value:
    return {"true": True, "false": False}.get(text, text) if fact.type == "bool" else text


def invented(guide: Guide, seed: int, count: int) -> Iterator[Asked]:
    """Yield requests made at random from the grammar, wrong ones included; the same seed gives the same ones."""
    chance = random.Random(seed)
    makers: Sequence[Callable[[Guide, random.Random], Asked]] = (*VALID, *WRONG)
    for number in range(count):
        yield makers[number % len(makers)](guide, chance)


def any_answers(guide: Guide, chance: random.Random, most: int = 24) -> Texts:
    """Return the answers of a walk at random, with some the walk does not ask."""
    answers: Texts = {}
    number = 1
    while (fact := guide.state(number).question) is not None and chance.random() < 0.97:
        options = guide.question(fact).options
        index = chance.randrange(len(options))
        answers[fact] = value_text(options[index].value)
        number = guide.state(number).next[index]
    for fact in chance.sample(list(guide.model.facts), chance.choice((0, 0, 1, 2, 4))):
        answers[fact] = any_text(guide.model.facts[fact], chance)
    if chance.random() < 0.2:
        for fact in chance.sample(list(guide.model.facts), chance.randrange(min(most, len(guide.model.facts)))):
            answers[fact] = any_text(guide.model.facts[fact], chance)
    return answers


def any_text(fact: Fact, chance: random.Random) -> str:
    """Return a value the fact can take, "I don't know" among them."""
    if chance.random() < 0.1:
        return UNKNOWN
    if fact.type == "bool":
        return chance.choice(("true", "false"))
    if fact.type == "date":
        return any_day(chance)
    if fact.type == "set":
        return ",".join(chance.sample(fact.values, chance.randrange(len(fact.values) + 1)))
    return chance.choice(fact.values)


def any_day(chance: random.Random) -> str:
    """Return a day around the ones that matter, the end of February among them."""
    if chance.random() < 0.1:
        return chance.choice(("2024-02-29", "2026-01-31", "2021-02-28", "1999-12-31", "2020-10-05", "2021-01-05", DAY))
    return (date(2015, 1, 1) + timedelta(days=chance.randrange(7000))).isoformat()


def common(guide: Guide, chance: random.Random) -> dict[str, Any]:
    """Return what all requests carry."""
    on = DAY if chance.random() < 0.6 else any_day(chance)
    return {"locale": chance.choice(LOCALES), "on": on, "answers": any_answers(guide, chance)}


def show(guide: Guide, chance: random.Random) -> Asked:
    """A state, for any answers."""
    return request("show", do="show", root=chance.choice(("../", "./", "/sub/")), **common(guide, chance))


def any_days(guide: Guide, chance: random.Random) -> dict[str, Any]:
    """Return the days a person may have noted of a procedure."""
    events = sorted({deadline.origin for deadline in guide.model.deadlines})
    if chance.random() < 0.6:
        return {}
    return {"days": {event: any_day(chance) for event in chance.sample(events, chance.randrange(len(events) + 1))}}


def saved(guide: Guide, chance: random.Random) -> Asked:
    """A result as a file for a calendar or an address book."""
    kept = chance.choice(({}, {"mark": chance.choice(MARKS), "revision": chance.choice((0, 1, 7))}))   # dates saved once, or again
    return request("file", do="file", kind=chance.choice(("ics", "vcf")), **kept, **any_days(guide, chance), **common(guide, chance))


def offered(guide: Guide, chance: random.Random) -> Asked:
    """The letters offered with a result."""
    return request("letters", do="letters", letters="@letters", **common(guide, chance))


def written(guide: Guide, chance: random.Random) -> Asked:
    """A letter: its form, what is missing in it, or its text."""
    fields = letters().fields
    values = {name: chance.choice(TYPED) if field.kind != "day" else any_day(chance) for name, field in fields.items()
              if chance.random() < 0.8}
    ready = {"ready": True, "values": values}
    values |= {name: chance.choice(TYPED) for name in REACHED if chance.random() < 0.6}
    more = chance.choice((ready, ready, {**ready, "values": {}}, {"values": values}, {"values": values, "preview": True}, {}))
    return request("letter", do="letter", letter=chance.choice(list(letters().letters)), letters="@letters", root="../", **more,
                   **common(guide, chance))


def looked_up(guide: Guide, chance: random.Random) -> Asked:
    """The bodies of a place, on the page of a fund or elsewhere."""
    places = [*directory().departements, *PLACES, *(one.name for one in directory().communes)]
    ends = ("", "", "100", "000", " ", "999")
    typed = {name: chance.choice(places) + chance.choice(ends) for name in ("place", "own") if chance.random() < 0.8}
    if chance.random() < 0.4:
        typed["caisse"] = chance.choice([*directory().funds, "999"])
    return request("local", do="local", directory="@directory", root="../", **typed, **common(guide, chance))


def matched(guide: Guide, chance: random.Random) -> Asked:
    """A sentence in a person's own words: one of ours, or words of ours in any order."""
    said = chance.choice(our_sentences())
    locale, text = said["locale"], said["text"]
    if chance.random() < 0.4:
        words = [word for one in chance.choices(our_sentences(), k=3) if one["locale"] == locale for word in one["text"].split()] or [text]
        text = " ".join(chance.choices(words, k=chance.randrange(1, 24)))
    return request("match", do="match", lexicon=f"@words-{locale}", text=text, **{**common(guide, chance), "locale": locale})


def show_dated(guide: Guide, chance: random.Random) -> Asked:
    """A state, with the days of what has been done."""
    return request("show, days", do="show", root="../", **any_days(guide, chance), **common(guide, chance))


def show_elsewhere(guide: Guide, chance: random.Random) -> Asked:
    """A state by its number, or by the fragment of a link."""
    where: dict[str, Any] = {"number": chance.randrange(1, len(guide.states) + 1)}
    if chance.random() < 0.5:
        where = {"fragment": json.loads(decoded(guide, chance).text)["fragment"]}
    return request(f"show, {next(iter(where))}", do="show", root="../", locale=chance.choice(LOCALES), on=DAY, **where)


def show_unknown(guide: Guide, chance: random.Random) -> Asked:
    """A state reached by saying "I don't know" throughout."""
    answers: Texts = {}
    for question in guide.model.questions:
        answers[question.fact] = UNKNOWN if chance.random() < 0.8 else any_text(guide.model.facts[question.fact], chance)
    return request("show, unknown", do="show", locale=chance.choice(LOCALES), on=DAY, answers=answers)


def why_not(guide: Guide, chance: random.Random) -> Asked:
    """Why a body is not named."""
    return request("why_not", do="why_not", body=chance.choice(list(guide.model.bodies)), **common(guide, chance))


def why_not_others(guide: Guide, chance: random.Random) -> Asked:
    """Why all the other bodies are not named."""
    return request("why_not_others", do="why_not_others", **common(guide, chance))


def what_would_change(guide: Guide, chance: random.Random) -> Asked:
    """What would change the verdict on a body."""
    return request("what_would_change", do="what_would_change", body=chance.choice(list(guide.model.bodies)), **common(guide, chance))


def why_question(guide: Guide, chance: random.Random) -> Asked:
    """Why a question is asked: the next one, or any."""
    named = {"fact": chance.choice(guide.model.questions).fact} if chance.random() < 0.5 else {}
    return request("why_question", do="why_question", **named, **common(guide, chance))


def decoded(guide: Guide, chance: random.Random) -> Asked:
    """A link: of today, of another version, or with parts nobody knows."""
    parts = [f"{fact}={text}" for fact, text in any_answers(guide, chance).items()]
    parts += chance.choice(([], [], ["nobody=knows"], ["ground=nothing"], ["", "=", "a=b=c"], ["urgency"]))
    chance.shuffle(parts)
    version = chance.choice((f"v={guide.model.hash}", "v=00000000", "", f"v={guide.model.hash}"))
    return request("decode", do="decode", locale=chance.choice(LOCALES), fragment=chance.choice(("", "#")) + "&".join([version, *parts]))


def broken_json(guide: Guide, chance: random.Random) -> Asked:
    """A request cut short, or with one character changed."""
    text = show(guide, chance).text
    at = chance.randrange(len(text))
    if chance.random() < 0.5:
        return Asked("broken JSON: cut", text[:at], False)
    return Asked("broken JSON: changed", text[:at] + chance.choice('{}[]",:0é\\\n') + text[at + 1:], False)


def wrong_part(guide: Guide, chance: random.Random) -> Asked:
    """A request with one part missing or of another kind."""
    made = json.loads(chance.choice(VALID)(guide, chance).text)
    key = chance.choice(sorted(made))
    kind = chance.choice(("missing", "number", "null", "list", "text", "object", "true"))
    if kind == "missing":
        del made[key]
    else:
        made[key] = {"number": chance.choice((0, -1, 3.5, 10**12, inf)), "null": None, "list": ["x"], "text": "été", "object": {"a": {}},
                     "true": True}[kind]
    return wrong(f"wrong part: {key} {kind}", **made)


def wrong_answer(guide: Guide, chance: random.Random) -> Asked:
    """Answers whose fact or value the guide does not know."""
    made = common(guide, chance)
    fact = chance.choice([*guide.model.facts, "nobody", ""])
    made["answers"][fact] = chance.choice(("", "nothing", "TRUE", "2026-13-01", "2026-02-30", "a,b", "œ", 1, None, True, [], {}))
    return wrong("wrong answer", do="show", **made)


def wrong_day(guide: Guide, chance: random.Random) -> Asked:
    """A day that is none, or far away: today's, or one that was noted."""
    made = common(guide, chance)
    day = chance.choice(("2026-02-30", "0001-01-01", "9999-12-31", "22/11/2026", "", "2026-1-1", "20261122", "２０２６-11-22"))
    if chance.random() < 0.3:
        days = dict.fromkeys(sorted({deadline.origin for deadline in guide.model.deadlines}), day)
        return wrong("wrong day: noted", do=chance.choice(("show", "file")), kind="ics", days=days, **made)
    body = next(iter(guide.model.bodies))
    return wrong("wrong day: today", do=chance.choice(("show", "why_not", "why_question")), body=body, **{**made, "on": day})


def wrong_name(guide: Guide, chance: random.Random) -> Asked:
    """A body, a question or an act that nobody knows."""
    made = common(guide, chance)
    parts = chance.choice(NAMELESS)
    return wrong("wrong name", **{**made, **parts})


def other_json(guide: Guide, chance: random.Random) -> Asked:
    """JSON that is no request."""
    text = "[" * chance.randrange(2, 40) if chance.random() < 0.05 else chance.choice(NO_REQUEST)
    return Asked("other JSON", text, False)


NAMELESS: Sequence[dict[str, Any]] = (
    {"do": "why_not", "body": "nobody"}, {"do": "what_would_change", "body": ""}, {"do": "why_question", "fact": "nobody"},
    {"do": "nothing"}, {"do": ""}, {"do": ["show"]}, {"do": "show", "locale": "de"}, {"do": "show", "number": 10**9},
    {"do": "show", "number": -1},
)
NO_REQUEST = (
    "null", "1", "[]", '"show"', "{}", "", " ", "[[[[[]]]]]", '{"do":"show"}', "1e999", "-", "tru", '{"do":"show","do":"decode"}',
    '"\\ud83d\\ude00"', '{"é":"\\u00e9\\n"}',
)
PLACES = ("", "Ain", "paris", "La Réunion", "2A004", "97133", "98600", "69123 Lyon", "Côte-d’Or", "nowhere", "Ille et Vilaine",
          "00000", "20090")
TYPED = ("", "Jeanne Durand", "Zoé Müller-Œuvré", "12 rue de l’Église\n75011 Paris", "01 23 45 67 89", "« Pas de C2S ici »\u202f!", "محمد",
         "小川", "😀 <b>&amp;</b>", "Łukasz Żółć", "a\tb", "x" * 300, "[professional]", "2026-09-15", "  ", "Ναι", "Фёдор",
         "e\u0301te\u0301")
MARKS = ("", "0", "3f2a9c1e-77d0-4b1c-9a55-0c1d2e3f4a5b", "no mark: <é>")
VALID = (show, show_dated, saved, offered, written, looked_up, matched, show_elsewhere, show_unknown, why_not, why_not_others,
         what_would_change, why_question, decoded)
WRONG = (broken_json, wrong_part, wrong_answer, wrong_day, wrong_name, other_json)


def branches(asked: Sequence[Asked]) -> Mapping[str, int]:
    """Count the requests of each branch."""
    found: dict[str, int] = {}
    for one in asked:
        found[one.branch] = found.get(one.branch, 0) + 1
    return dict(sorted(found.items()))


def corpus_of(guide: Guide) -> Requests:
    """Return the requests that decide what the lean file keeps, shared out by locale, in no order a reader would take.

    Raises:
        RuntimeBuildError: The engine answers something that no request asks for.
    """
    if missing := unasked(guide):
        raise RuntimeBuildError(f"scripts/runtime/lean/corpus.py asks nothing of {', '.join(sorted(missing))}. Add a maker to VALID.")
    asked: dict[str, list[str]] = {locale: [] for locale in LOCALES}
    for one in (*covering(guide), *covering_desk(guide), *covering_words()):
        asked["en" if '"locale":"en"' in one.text else "fr"].append(one.text)
    for number, one in enumerate(invented(guide, SEED, INVENTED)):
        asked[LOCALES[number % 2] if one.branch != "match" else _lexicon_of(one.text)].append(one.text)
    for requests in asked.values():
        random.Random(SEED).shuffle(requests)
    return Requests(asked, attachments())


def _lexicon_of(text: str) -> str:
    """Return whose lexicon a request carries: a page has one, and reading another takes longer than all it is asked."""
    return next(locale for locale in LOCALES if f"@words-{locale}" in text)


def unasked(guide: Guide) -> set[str]:
    """Return the acts of the engine, and the parts of a request it reads, that no request of ours holds: a new one needs a maker here."""
    made = [json.loads(one.text) for one in invented(guide, 1, 400) if one.valid]
    read = set(re.findall(r'\bdata(?:\.get\(|\[)"(\w+)"', Path(browser.__file__).read_text("utf-8")))
    return (set(browser.DOES) - {one["do"] for one in made}) | (read - {part for one in made for part in one})
