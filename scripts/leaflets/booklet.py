"""The guide on paper: every state of the compiled graph with the number it has on the site. "Go to 57" means the same on both.

What another answer would change of a result is often the same sentence: each sentence stands once, as a numbered note.
"""

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any

from decision_tree.advice import Verdict
from decision_tree.authoring.prove.compile import Graph, State
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.show.compiled_guide import guide_of
from decision_tree.guide.letters import PROFESSIONAL
from decision_tree.guide.render import Say, change_html
from decision_tree.guide.states import Guide, Result, result
from decision_tree.model import Body, Question, Text
from scripts.content.loaded import letters
from scripts.content.pictures import coloured
from scripts.leaflets.content import Data, common
from scripts.leaflets.texts import Writer, load_words

TAG = re.compile(r"<[^>]+>")


class _Notes:
    """Sentences that stand once, numbered as they come."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, sentence: str) -> int:
        return self.numbers.setdefault(sentence, len(self.numbers) + 1)


def booklet(knowledge: Knowledge, graph: Graph, locale: str) -> Data:
    """Return the data of the numbered booklet."""
    writer = Writer(knowledge, locale)
    guide = guide_of(knowledge.model, graph)
    say = Say(knowledge.model, locale)
    notes = _Notes()
    used: dict[str, int] = {body: number for number, body in enumerate(knowledge.bodies, 1)}
    states = [question_data(guide, state, say) if state.question else result_data(guide, state, say, notes, used) for state in graph.states]
    raw = load_words()["booklet"]
    return common(writer, "patients") | {
        "title": writer.plain(raw["title"]), "description": writer.plain(raw["description"]), "lead": writer.runs(raw["lead"]),
        "how": [writer.runs(one) for one in raw["how"]], "scene": coloured("guide"),
        "emergency": writer.runs(load_words()["leaflets"]["patients"]["panels"][0]["emergency"]),
        "parts": {key: writer.plain(raw["parts"][key]) for key in raw["parts"]},
        "say": {key: unescape(say.word(f"guide.{key}")) for key in ("also", "supposes")},
        "states": states, "notes": list(notes.numbers),
        "bodies": [body_data(writer, say, body) for body in knowledge.bodies.values()],
        "professionals": professionals_way(graph),
    }


def professionals_way(graph: Graph) -> int:
    """Return the state where a professional who faces a complaint begins."""
    return graph.state(1).next[str(letters().sample(PROFESSIONAL)[graph.state(1).question or ""])]


def question_data(guide: Guide, state: State, say: Say) -> Data:
    """Return a question: answers that lead to the same state stand together."""
    question = guide.question(state.question or "")
    ask, help_ = worded(question, state.wording)
    targets: dict[int, list[str]] = {}
    for option in question.options:
        targets.setdefault(state.next[option.value], []).append(option.label[say.locale])
    unknown = state.next.get(question.unknown) if question.unknown is not None else None
    if unknown is not None and question.unknown != "inconnu":
        targets[unknown].append(unescape(say.word("guide.unknown")))
    return {"n": state.number, "ask": ask[say.locale], "help": help_[say.locale] if help_ else "",
            "answers": [{"labels": labels, "to": to} for to, labels in targets.items()]}


def worded(question: Question, wording: int | None) -> tuple[Text, Text | None]:
    """Return the wording of a question that applies, and its help."""
    if wording is None:
        return question.ask, question.help
    return question.wordings[wording].ask, question.wordings[wording].help


def result_data(guide: Guide, state: State, say: Say, notes: _Notes, used: Mapping[str, int]) -> Data:
    """Return an advice: bodies in the order to act, why, what else is possible, what it supposes, the notes that may change it."""
    found = result(guide, dict(state.example), MODEL_DAY)
    recommended = [{"name": guide.model.bodies[one.body].short[say.locale], "sheet": used[one.body],
                    "why": reason(one, say)} for one in found.advice.recommended]
    also = [{"name": guide.model.bodies[one.body].short[say.locale], "sheet": used[one.body]} for one in found.advice.also_possible]
    return {"n": state.number, "bodies": recommended, "also": also, "supposes": assumed(found, say),
            "notes": sorted(notes.number(sentence) for sentence in changes(found, say))}


def reason(verdict: Verdict, say: Say) -> str:
    """Return why a body is named; where a professional asked a question, the reply, its reason and what to do."""
    if verdict.rule is None:
        return ""
    because, reply = verdict.rule.because[say.locale], verdict.rule.reply
    return because if reply is None else f"{reply.answer[say.locale]} {because} {reply.instead[say.locale]}"


def assumed(found: Result, say: Say) -> str:
    """Return what a result supposes, as a list in words."""
    return ", ".join(unescape(say.word(f"guide.supposes.{fact}")) for fact in found.assumed)


def changes(found: Result, say: Say) -> Iterable[str]:
    """Yield what other answers would change, in the words of the site."""
    for change in found.changes:
        yield unescape(TAG.sub("", change_html(found.advice, change, say)))


def body_data(writer: Writer, say: Say, body: Body) -> Data:
    """Return the sheet of a body: what it does, for whom, how, what to send, time limits."""
    rows: list[dict[str, Any]] = []
    for key, texts in (("does", (body.does,)), ("who", body.who), ("cost", (body.cost,)), ("how", tuple(how.text for how in body.how)),
                       ("send", body.send), ("time_limits", body.time_limits), ("not_when", body.not_when)):
        if texts:
            rows.append({"title": unescape(say.word(f"guide.body.{key}")), "items": [writer.said(text) for text in texts]})
    contacts = [writer.contact(how.contact) for how in body.how
                if how.contact and writer.knowledge.contacts[how.contact].status == "confirmed"]
    return {"name": body.name[say.locale], "aim": writer.said(body.aim), "rows": rows, "contacts": contacts}
