"""The one entry of the guide in the browser: a request in JSON, an answer in JSON. No Python object crosses the border.

Requests: {"do": one of DOES, "locale", "on", "root", …}.
Answers are texts as links carry them ("true", "c2s", "2026-09-15", "unknown"). A request that cannot be read is answered
by {"error": …}; nothing is raised.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from decision_tree.answers import decode, encode, migrate, value_text
from decision_tree.explain import exclusion_words, fact_words, value_words, what_would_change, why_this_question
from decision_tree.guide.calendar import ics, limits, vcf
from decision_tree.guide.compiled import load_guide
from decision_tree.guide.directory import departements_at, found_at, read_directory
from decision_tree.guide.forms import asked, errors_html, letter_form_html, letter_html, local_html, preview_html
from decision_tree.guide.letters import Writing, compose, for_letter, missing, offered, read_letters, unfinished
from decision_tree.guide.render import Say, state_html
from decision_tree.guide.screen import (
    after_result_html,
    answers_to,
    border_html,
    cards_html,
    changes_html,
    given_html,
    kept,
    known_days,
    others_html,
    progress_html,
    told,
)
from decision_tree.guide.states import Guide, complete_facts, result, walk
from decision_tree.locales import LOCALES, REFERENCE
from decision_tree.match.lexicon import Lexicon, load_lexicon
from decision_tree.match.matcher import match
from decision_tree.model import UNKNOWN, Locale, Value
from decision_tree.relevance import next_question

MARK_LETTERS = "0123456789abcdef-"   # of a UUID
_loaded: list[Guide] = []
_words: dict[str, Lexicon] = {}           # the text of the last lexicon a request carried, and what it says


def load(text: str) -> str:
    """Take the compiled guide; return its hash."""
    guide = load_guide(text)
    _loaded[:] = [guide]
    return guide.model.hash


def answer(request: str) -> str:
    """Answer one request."""
    try:
        data = json.loads(request)
        reply = DOES[data["do"]](_loaded[0], data)
    except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, StopIteration, RecursionError) as error:
        reply = {"error": type(error).__name__}   # its words change with the version of Python
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":"))


def _locale(data: Mapping[str, Any]) -> Locale:
    return data["locale"] if data.get("locale") in LOCALES else REFERENCE


def _answers(guide: Guide, data: Mapping[str, Any]) -> dict[str, Value]:
    answers: dict[str, Value] = {}
    for fact, text in data.get("answers", {}).items():
        answers.update(migrate(guide.model, str(fact), str(text), {}))
    return answers


def show(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state that answers lead to, as HTML, and what stands around it.

    The request gives `answers`, the `fragment` of an address, or the `number` of a state.
    """
    answers, note = _reached(guide, data)
    on, days = date.fromisoformat(data["on"]), _days(data)
    say = Say(guide.model, _locale(data), str(data.get("root", "../")))
    way = walk(guide, answers)
    final = guide.state(way.number).question is None
    if final:
        answers = kept(guide, answers, way)
        reply = _final(guide, answers, way.number, days, on, say)
    else:
        reply = {"html": state_html(guide, way.number, None, say), "before": progress_html(guide, way, say),
                 "after": border_html(say),
                 "bodies": [], "cards": {}, "said": f'{say.word("guide.question")} {len(way.asked) + 1}'}
    reply["before"] = (f'<p class="guide-note">{say.word(note)}</p>' if note else "") + reply["before"]
    reply["after"] += given_html(guide, answers, way, say, opened=bool(note))
    return reply | {"number": way.number, "final": final, "fragment": encode(guide.model, answers),
                    "answers": {fact: value_text(value) for fact, value in answers.items()}}


def _final(guide: Guide, answers: Mapping[str, Value], number: int, days: Mapping[str, date], on: date, say: Say) -> dict[str, Any]:
    found = result(guide, answers, on)
    bodies = [one.body for one in found.advice.recommended]
    names = ", ".join(guide.model.bodies[body].short[say.locale] for body in bodies)
    return {"html": state_html(guide, number, found, say), "before": "",
            "after": after_result_html(guide, answers, found, days, on, say),
            "bodies": bodies, "cards": cards_html(guide, answers, found, on, say), "said": f"{names}."}


def _days(data: Mapping[str, Any]) -> dict[str, date]:
    """Return the days of events a request gives."""
    return {str(event): date.fromisoformat(day) for event, day in data.get("days", {}).items() if day}


def _file(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result as a file: its dates for a calendar ("ics"), or its bodies for an address book ("vcf")."""
    answers, _ = _reached(guide, data)
    answers, on, locale = kept(guide, answers, walk(guide, answers)), date.fromisoformat(data["on"]), _locale(data)
    advice = result(guide, answers, on).advice
    if data["kind"] == "vcf":
        bodies = [guide.model.bodies[one.body] for one in (*advice.recommended, *advice.also_possible)]
        return {"text": vcf(guide.model, bodies, locale), "type": "text/vcard"}
    found = limits(advice, known_days(answers, _days(data)))
    mark = "".join(letter for letter in str(data.get("mark") or "") if letter in MARK_LETTERS)
    return {"text": ics(guide.model, found, on, locale, mark, int(data.get("revision") or 0)), "type": "text/calendar"}


def _local(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands at a place; the request carries the directory, so that nothing has to be kept between requests."""
    directory, say = read_directory(data["directory"]), Say(guide.model, _locale(data), str(data.get("root", "../")))
    typed = {name: str(data.get(name) or "") for name in ("place", "own")}
    places = {name: departements_at(directory, text) for name, text in typed.items()}
    wrong = [name for name, text in typed.items() if text.strip() and not places[name]]
    profession = str(_answers(guide, data).get("profession", ""))
    named = str(data.get("caisse") or "")   # by the page of a fund
    found = [found_at(directory, place, profession, typed["place"]) for place in places["place"]]
    own = [found_at(directory, place, None, typed["own"], named) for place in places["own"]]
    funds = own[0].funds if len(own) == 1 else ()
    only = found[0] if len(found) == 1 else None
    return {
        "wrong": wrong, "problem": say.model.words["local.none"][say.locale],
        "html": local_html(directory, found, own, say) if found or own else "",
        "council": only.council.fr if only and only.council else "",
        "fund": only.funds[0].name if only and len(only.funds) == 1 else "",
        "own_fund": funds[0].name if funds and (len(funds) == 1 or funds[0].id == named) else "",
    }


def _letters(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the letters offered with a result: the id, the name, and the bodies it serves."""
    book, locale, on = read_letters(data["letters"]), _locale(data), date.fromisoformat(data["on"])
    answers, _ = _reached(guide, data)
    answers = kept(guide, answers, walk(guide, answers))
    found = result(guide, answers, on)
    first, also = ([one.body for one in verdicts] for verdicts in (found.advice.recommended, found.advice.also_possible))
    return {"letters": [{"id": one.id, "name": one.name[locale], "bodies": list(one.bodies)}
                        for one in offered(book, told(guide, answers, found, on), first, also)]}


def _letter(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form of a letter, or the letter as it grows; the letter itself when the request says that it is ready to be written."""
    book, say = read_letters(data["letters"]), Say(guide.model, _locale(data), str(data.get("root", "../")))
    letter, on = book.letters[data["letter"]], date.fromisoformat(data["on"])
    answers, _ = _reached(guide, data)
    answers = kept(guide, answers, walk(guide, answers))
    answers = told(guide, answers, result(guide, answers, on), on)
    values = {str(field): str(text) for field, text in data.get("values", {}).items()}
    writings = {locale: for_letter(letter, Writing(book, answers, values, locale)) for locale in dict.fromkeys((REFERENCE, say.locale))}
    here = writings[say.locale]
    if not data.get("ready"):
        sent, own = (compose(letter, unfinished(letter, writing), on) for writing in (writings[REFERENCE], here))
        growing = preview_html(sent, own, say)
        return {"preview": growing} if data.get("preview") else {"html": letter_form_html(letter, here, growing, say)}
    if lacking := missing(letter, here):
        return {"missing": asked(lacking, here), "html": errors_html(letter, lacking, here, say)}
    french, own = (compose(letter, writing, on) for writing in (writings[REFERENCE], here))
    return {"missing": [], "html": letter_html(letter, french, own, say), "text": french}


def _reached(guide: Guide, data: Mapping[str, Any]) -> tuple[dict[str, Value], str]:
    """Return the answers a request gives, and the word that says how they were found."""
    if "fragment" in data:
        decoded = decode(guide.model, str(data["fragment"]))
        return dict(decoded.answers), "guide.old_link" if decoded.migrated else ""
    if "number" in data:
        answers = answers_to(guide, int(data["number"]))
        return answers, "guide.link_note" if answers else ""
    return _answers(guide, data), ""


def _match(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a sentence is read as; the request carries the lexicon, so that an answer depends on nothing before it."""
    text, locale = str(data["lexicon"]), _locale(data)
    if text not in _words:
        _words.clear()                    # before: memory is counted there
        _words[text] = load_lexicon(text)
    found = match(_words[text], str(data["text"]))
    facts = [one for one in found.facts if one.fact in guide.model.facts]
    return found.plain() | {"facts": [
        {"fact": one.fact, "value": value_text(one.value), "heard": one.heard, "label": guide.model.facts[one.fact].label[locale],
         "words": value_words(guide.question(one.fact), one.value, locale)} for one in facts]}


def _decode(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    decoded = decode(guide.model, str(data["fragment"]))
    fragment = encode(guide.model, decoded.answers)
    return {"answers": dict(part.split("=", 1) for part in fragment.split("&")[1:]), "migrated": decoded.migrated,
            "fragment": fragment}


def _why_not(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    on = date.fromisoformat(data["on"])
    facts, _ = complete_facts(guide, _answers(guide, data), on)
    return {"text": exclusion_words(guide.model, facts, on, str(data["body"]), _locale(data))}


def _why_not_others(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    answers, _ = _reached(guide, data)
    say = Say(guide.model, _locale(data), str(data.get("root", "../")))
    on = date.fromisoformat(data["on"])
    return {"html": others_html(guide, result(guide, kept(guide, answers, walk(guide, answers)), on), on, say)}


def _what_would_change(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    on, locale = date.fromisoformat(data["on"]), _locale(data)
    facts, _ = complete_facts(guide, _answers(guide, data), on)
    body = str(data["body"])
    changes = what_would_change(guide.model, facts, on, body)
    return {"html": changes_html(guide, facts, on, body, Say(guide.model, locale)),
            "changes": [[fact, guide.model.facts[fact].label[locale], value_words(guide.question(fact), value, locale)]
                        for fact, value in changes]}


def _why_question(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    on, locale = date.fromisoformat(data["on"]), _locale(data)
    answers = _answers(guide, data)
    known = {fact: value for fact, value in answers.items() if value != UNKNOWN}
    fact = str(data.get("fact") or next_question(guide.model, known, on, skip=frozenset(answers)))
    bodies = why_this_question(guide.model, known, on, fact)
    return {"fact": fact, "words": fact_words(guide.model, {}, fact, locale),
            "bodies": [[body, guide.model.bodies[body].short[locale]] for body in bodies]}


DOES: dict[str, Callable[[Guide, Mapping[str, Any]], dict[str, Any]]] = {
    "show": show, "decode": _decode, "why_not": _why_not, "why_not_others": _why_not_others, "what_would_change": _what_would_change,
    "why_question": _why_question, "file": _file, "local": _local, "letter": _letter, "letters": _letters, "match": _match,
}
