"""The compiled guide as JSON: what travels to the browser, and back into the same objects. Standard library only."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from decision_tree.guide.states import Guide, GuideState
from decision_tree.model import (
    Body,
    Chain,
    Contact,
    Deadline,
    Delay,
    Derived,
    Fact,
    Group,
    How,
    Implication,
    LawReference,
    Literal,
    Migration,
    Model,
    Option,
    Plan,
    Question,
    Reply,
    Rule,
    Text,
    Wording,
    text_of,
)

FORMAT = 1


def dump_guide(guide: Guide) -> str:
    """Return the guide as compact JSON: records are lists of their fields, in order."""
    model = {field.name: plain(getattr(guide.model, field.name)) for field in fields(guide.model)}
    states = [[state.question, state.wording, list(state.next)] for state in guide.states]
    return json.dumps({"format": FORMAT, "model": model, "states": states}, ensure_ascii=False, separators=(",", ":"))


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: records as lists of their fields."""
    if isinstance(value, Text):
        return value.row
    if is_dataclass(value) and not isinstance(value, type):
        return [plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, dict):
        return [plain(item) for item in value.values()] if _ids(value) else {key: plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, frozenset):
        return {"set": sorted(value, key=str)}
    if isinstance(value, date):
        return value.isoformat()
    return value


def _ids(value: dict[str, Any]) -> bool:
    return all(getattr(item, "id", None) == key for key, item in value.items())


def load_guide(text: str) -> Guide:
    """Return the guide that `dump_guide` wrote.

    Raises:
        ValueError: The text is not a guide of this format.
    """
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"not a compiled guide of format {FORMAT}")
    states = tuple(GuideState(number, question, wording, tuple(to))
                   for number, (question, wording, to) in enumerate(data["states"], 1))
    return Guide(_model(data["model"]), states)


def _model(data: dict[str, Any]) -> Model:
    return Model(
        hash=data["hash"],
        facts={row[0]: Fact(row[0], row[1], tuple(row[2]), text_of(row[3]), _value(row[4])) for row in data["facts"]},
        derived={row[0]: Derived(row[0], _condition(row[1]), text_of(row[2])) for row in data["derived"]},
        literals=tuple(Literal(row[0], frozenset(row[1]["set"]), *row[2:]) for row in data["literals"]),
        questions=tuple(_question(row) for row in data["questions"]),
        rules=tuple(_rule(row) for row in data["rules"]),
        order=tuple(Chain(row[0], tuple(row[1]), _condition(row[2]), _condition(row[3])) for row in data["order"]),
        bodies={row[0]: _body(row) for row in data["bodies"]},
        laws={row[0]: LawReference(row[0], text_of(row[1]), row[2]) for row in data["laws"]},
        contacts={row[0]: Contact(row[0], row[1], row[2], text_of(row[3]), *row[4:]) for row in data["contacts"]},
        deadlines=tuple(Deadline(id=row[0], body=row[1], origin=row[2], delay=Delay(*row[3]), text=text_of(row[4]),
                                 law=row[5], when=_condition(row[6]), yours=row[7]) for row in data["deadlines"]),
        migrations=tuple(Migration(*row) for row in data["migrations"]),
        words={key: text_of(row) for key, row in data["words"].items()},
    )


def _condition(rows: list[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _value(value: Any) -> Any:
    return frozenset(value["set"]) if isinstance(value, dict) else value


def _text(row: list[str] | None) -> Text | None:
    return None if row is None else text_of(row)


def _texts(rows: list[list[str]]) -> tuple[Text, ...]:
    return tuple(text_of(row) for row in rows)


def _question(row: list[Any]) -> Question:
    fact, ask, help_, options, core, assumed, implied_by, unknown, wordings, groups, settled_by = row
    return Question(
        fact=fact, ask=text_of(ask), help=_text(help_),
        options=tuple(Option(value, text_of(label), _text(said)) for value, label, said in options), core=core,
        assumed=_value(assumed), implied_by=tuple(Implication(_condition(when), _value(value), *more) for when, value, *more in implied_by),
        unknown=_value(unknown), wordings=tuple(Wording(_condition(when), text_of(words), _text(more)) for when, words, more in wordings),
        groups=tuple(Group(text_of(label), tuple(values)) for label, values in groups), settled_by=_condition(settled_by))


def _rule(row: list[Any]) -> Rule:
    (id_, body, standing, level, when, because, sources, since, until, closes, always, fallback, shown_by, reply, letter) = row
    return Rule(id=id_, body=body, standing=standing, level=level, when=_condition(when), because=text_of(because),
                sources=tuple(sources), in_force_from=date.fromisoformat(since),
                in_force_to=None if until is None else date.fromisoformat(until), closes=closes, always=always,
                fallback=fallback, shown_by=tuple(shown_by),
                reply=None if reply is None else Reply(text_of(reply[0]), text_of(reply[1]), reply[2]), letter=letter)


def _body(row: list[Any]) -> Body:
    (id_, name, short, kind, aim, does, who, cost, how, send, limits, next_, interaction, not_when, statements, sources, plan,
     *more) = row
    return Body(id=id_, name=text_of(name), short=text_of(short), kind=kind, aim=text_of(aim), does=text_of(does), who=_texts(who),
                cost=text_of(cost), how=tuple(How(by, text_of(text), contact) for by, text, contact in how), send=_texts(send),
                time_limits=_texts(limits), next=_texts(next_), interaction=_texts(interaction), not_when=_texts(not_when),
                statements=tuple(statements), sources=tuple(sources), plan=_plan(plan), place=more[0], authority=more[1])


def _plan(row: list[Any] | None) -> Plan | None:
    return None if row is None else Plan(text_of(row[0]), text_of(row[1]), text_of(row[2]), *row[3:])
