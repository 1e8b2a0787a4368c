"""The one entry of the guide in the browser: a request in JSON, an answer in JSON. No Python object crosses the border.

Requests: {"do": "show" | "decode" | "why_not" | "what_would_change" | "why_question", "locale", "on", "root", …}.
Answers are texts as links carry them ("true", "c2s", "2026-09-15", "unknown"). A request that cannot be read is answered
by {"error": …}; nothing is raised.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from decision_tree.advice import next_question
from decision_tree.answers import decode, encode, migrate
from decision_tree.compiled import load_guide
from decision_tree.explain import exclusion_words, fact_words, value_words, what_would_change, why_this_question
from decision_tree.guide import Guide, result, settle, walk
from decision_tree.model import UNKNOWN, Locale, Value
from decision_tree.render import Say, answer_words, state_html

_loaded: list[Guide] = []


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
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, StopIteration, RecursionError) as error:
        reply = {"error": f"{type(error).__name__}: {error}"}
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":"))


def _locale(data: Mapping[str, Any]) -> Locale:
    return "en" if data.get("locale") == "en" else "fr"


def _answers(guide: Guide, data: Mapping[str, Any]) -> dict[str, Value]:
    answers: dict[str, Value] = {}
    for fact, text in data.get("answers", {}).items():
        for name, value in migrate(guide.model, str(fact), str(text)):
            answers[name] = value
    return answers


def show(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state the answers lead to, as HTML, with the answers given on the way in words."""
    answers, on = _answers(guide, data), date.fromisoformat(data["on"])
    say = Say(guide.model, _locale(data), str(data.get("root", "../")))
    way = walk(guide, answers)
    state = guide.state(way.number)
    found = None if state.question is not None else result(guide, answers, on)
    return {
        "number": way.number, "final": found is not None, "question": state.question,
        "html": state_html(guide, way.number, found, say),
        "given": [[fact, say.text(guide.question(fact).ask), answer_words(guide.question(fact), answers[fact], say), number]
                  for fact, number in zip(way.asked, way.numbers, strict=False)],
        "bodies": [one.body for one in found.advice.recommended] if found is not None else [],
        "fragment": encode(guide.model, answers),
    }


def _decode(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    decoded = decode(guide.model, str(data["fragment"]))
    fragment = encode(guide.model, decoded.answers)
    return {"answers": dict(part.split("=", 1) for part in fragment.split("&")[1:]), "migrated": decoded.migrated,
            "fragment": fragment}


def _why_not(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    on = date.fromisoformat(data["on"])
    facts, _ = settle(guide, _answers(guide, data), on)
    return {"text": exclusion_words(guide.model, facts, on, str(data["body"]), _locale(data))}


def _what_would_change(guide: Guide, data: Mapping[str, Any]) -> dict[str, Any]:
    on, locale = date.fromisoformat(data["on"]), _locale(data)
    facts, _ = settle(guide, _answers(guide, data), on)
    changes = what_would_change(guide.model, facts, on, str(data["body"]))
    return {"changes": [[fact, guide.model.facts[fact].label[locale], value_words(guide.question(fact), value, locale)]
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
    "show": show, "decode": _decode, "why_not": _why_not, "what_would_change": _what_would_change,
    "why_question": _why_question,
}
