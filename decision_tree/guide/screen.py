"""What stands around a state on the screen: where one is, the answers given, and on a result what each body asks of you.

The state itself is `render.state_html`, the same words with or without this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

from decision_tree.advice import Verdict, known_of
from decision_tree.answers import encode
from decision_tree.dates import written
from decision_tree.explain import exclusion_words, fact_words, value_words, what_would_change, why
from decision_tree.guide.calendar import Limit, limits
from decision_tree.guide.forms import local_form_html
from decision_tree.guide.render import Say, act_words, answer_words, body_rows, other_changes, reply_of
from decision_tree.guide.states import Answers, Guide, Result, Walk, changes_something, effective_answer, supposed_only
from decision_tree.guide.timeline import dates_html
from decision_tree.logic import bit_condition
from decision_tree.model import UNKNOWN, Fact, Facts, Option, Question, Value

CARD = ("how", "send", "time_limits", "next", "interaction", "not_when")
"""What a card says of its body, in the order of the acts."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many questions may follow a state: at least, at most."""

    least: int
    most: int


@lru_cache(maxsize=4)
def remaining(guide: Guide) -> Mapping[int, Remaining]:
    """Return for each state how many questions follow it, the shortest and the longest way."""
    found: dict[int, Remaining] = {}

    def of(number: int) -> Remaining:
        if number not in found:
            after = [of(to) for to in set(guide.state(number).next)]
            found[number] = (Remaining(min(one.least for one in after), max(one.most for one in after))
                             if after else Remaining(-1, -1))
            found[number] = Remaining(found[number].least + 1, found[number].most + 1)
        return found[number]

    for state in guide.states:
        of(state.number)
    return found


@lru_cache(maxsize=4)
def ways(guide: Guide) -> Mapping[int, tuple[int, str, Value]]:
    """Return for each state one that leads to it by the fewest answers: (state before, fact, value)."""
    found: dict[int, tuple[int, str, Value]] = {}
    waiting = [1]
    for number in waiting:
        state = guide.state(number)
        if state.question is None:
            continue
        for option, to in zip(guide.question(state.question).options, state.next, strict=True):
            if to not in found and to != 1:
                found[to] = number, state.question, option.value
                waiting.append(to)
    return found


def answers_to(guide: Guide, number: int) -> dict[str, Value]:
    """Return the fewest answers that lead to a state; none for a number that is not one."""
    answers: dict[str, Value] = {}
    while number in ways(guide):
        number, fact, value = ways(guide)[number]
        answers[fact] = value
    return answers


def kept(guide: Guide, answers: Answers, way: Walk) -> dict[str, Value]:
    """Return the answers that count at the end of a walk: those asked on the way, those no link asks for, those a result offers."""
    asked = set(way.asked)
    return {fact: value for fact, value in answers.items()
            if fact in asked or not guide.question(fact).core or supposed_only(guide, answers, fact)}


def progress_html(guide: Guide, way: Walk, say: Say) -> str:
    """Return which question this is, of how many at most: true whatever the answers."""
    asked, left = len(way.asked), remaining(guide)[way.number]
    most = f'{say.word("guide.of")} {asked + left.most}' + ("" if left.least == left.most else f' {say.word("guide.at_most")}')
    return f'<p class="guide-progress">{say.word("guide.question")} {asked + 1} {most}</p>'


def border_html(say: Say) -> str:
    """Return what ends every list of answers: a link to who helps where none of them fits."""
    return f'<p class="guide-border"><a href="{say.root}limites/">{say.word("guide.border")}</a></p>'


def given_html(guide: Guide, answers: Answers, way: Walk, say: Say, *, opened: bool) -> str:
    """Return the answers given, each with a link that asks it again and keeps the others."""
    facts = [*way.asked, *(fact for fact in answers if fact not in way.asked and not guide.question(fact).core)]
    if not facts:
        return ""
    items = "".join(_given(guide, answers, fact, say) for fact in facts)
    last = without(answers, way.asked[-1]) if way.asked else answers
    steps = (f'<p class="guide-steps"><a data-back href="#{escape(encode(guide.model, last))}">{say.word("guide.back")}</a> '
             f'<a data-restart href="#n1">{say.word("guide.restart")}</a></p>')
    return (f'{steps}<details class="guide-given"{" open" if opened else ""}><summary>{say.word("guide.your_answers")} ({len(facts)})'
            f'</summary><ol>{items}</ol></details>')


def _given(guide: Guide, answers: Answers, fact: str, say: Say) -> str:
    question = guide.question(fact)
    again = escape(encode(guide.model, without(answers, fact)))
    link = f'<a data-change="{fact}" href="#{again}">{say.word("guide.change")}<span class="unseen"> {say.text(question.ask)}</span></a>'
    return f'<li><span>{say.text(question.ask)}</span> <strong>{answer_words(question, answers[fact], say)}</strong> {link}</li>'


def without(answers: Answers, fact: str) -> dict[str, Value]:
    """Return the answers but one."""
    return {one: value for one, value in answers.items() if one != fact}


def cards_html(guide: Guide, answers: Answers, found: Result, on: date, say: Say) -> dict[str, str]:
    """Return for each recommended body what its card adds: why in one's own answers, what to do, what comes next."""
    said = told(guide, answers, found, on)
    return {one.body: _card(guide, said, found, one, on, say) for one in found.advice.recommended}


def _card(guide: Guide, facts: Facts, found: Result, verdict: Verdict, on: date, say: Say) -> str:
    body, parts = guide.model.bodies[verdict.body], []
    rows = body_rows(body, say, CARD)
    soonest = next((one for one in limits(found.advice, known_days(facts, {})) if one.deadline.body == body.id and one.day), None)
    if soonest is not None and soonest.day is not None and soonest.day >= on:
        day = f'<time datetime="{soonest.day}">{written(soonest.day, say.locale)}</time>'
        parts.append(f'<p class="plan-by">{say.word("plan.by")} {day}</p>')
    if reply_of(verdict) is not None:
        pass                                              # the reply says it; what the body does in general answers another question
    elif verdict is found.advice.recommended[0]:
        parts.append(f'<details class="guide-more"><summary>{say.word("guide.do_now")}</summary><dl>{rows}</dl></details>')
    else:
        plan = "" if body.plan is None else (f'<dt>{say.word("plan.cost")}</dt><dd>{say.text(body.plan.cost)}</dd>'
                                             f'<dt>{say.word("plan.delay")}</dt><dd>{say.text(body.plan.delay)}</dd>')
        parts.append(f"<dl>{plan}{rows}</dl>")
    if verdict.rule is not None:
        said = [fact_words(guide.model, facts, fact, say.locale)
                for fact in why(guide.model, found.facts, on, verdict.rule) if fact in facts]
        you = f'<p class="guide-why">{say.label("guide.why_you")} {escape(", ".join(said))}.</p>' if said else ""
        parts.append(f'<details class="guide-more"><summary>{say.word("plan.why")}</summary>{you}'
                     f'<p class="guide-law">{say.label("guide.why_law")} {say.laws(verdict.rule.sources)}</p></details>')
    return "".join(parts)


def tools_html(say: Say) -> str:
    """Return what can be done with a result as a whole: print and erase at hand, the rest folded."""
    def button(act: str) -> str:
        return f'<button type="button" class="button button--quiet" data-tool="{act}">{say.word(f"safety.{act}")}</button>'

    rest = " ".join(button(act) for act in ("print-all", "large", "code", "keep"))
    files = f'<button class="button button--quiet" type="button" data-save="vcf">{say.word("guide.vcf")}</button>'
    return (f'<section class="guide-tools"><h3>{say.word("safety.tools")}</h3>'
            f'<p class="letter-acts">{button("print")} {button("erase")}</p>'
            f'<p role="status" data-tool-said></p><details class="plan-fold"><summary>{say.word("plan.more_tools")}</summary>'
            f'<p class="letter-acts">{rest} {files}</p></details><div data-code></div></section>')


def told(guide: Guide, answers: Answers, found: Result, on: date) -> dict[str, Value]:
    """Return the facts that come from the answers, without what a result supposes: all that a card or a letter may say."""
    given = {fact: value for fact, value in answers.items() if value != UNKNOWN}
    known = known_of(guide.model, given, on, presume=False)
    return {question.fact: found.facts[question.fact] for question in guide.model.questions
            if question.fact in given or (question.fact not in answers and any(
                not one.shown and not one.refine and bit_condition(one.when).holds(known) for one in question.implied_by))}


def after_result_html(guide: Guide, answers: Answers, found: Result, days: Mapping[str, date], on: date, say: Say) -> str:
    """Return what follows the plan, folded: addresses, dates, answers still missing, questions to refine, why no other body.

    Args:
        days: Event id → the day the person gave; the day of the facts is an answer.
    """
    all_days = known_days(answers, days)
    named = [guide.model.bodies[one.body] for one in (*found.advice.recommended, *found.advice.also_possible)]
    known_limits = limits(found.advice, all_days)
    found_days = sum(limit.day is not None for limit in known_limits)
    dates = _fold("guide.dates", dates_html(known_limits, all_days, on, say), say, count=found_days, opened=bool(all_days))
    return "".join((
        other_changes(found, say), _fold("local.title", local_form_html({}, named, say), say), dates,
        _unanswered(guide, answers, say), refine_html(guide, answers, found, on, say), _why_not(say), tools_html(say),
        sheet_html(guide, answers, found, known_limits, say)))


def sheet_html(guide: Guide, answers: Answers, found: Result, known_limits: Sequence[Limit], say: Say) -> str:
    """Return the result as one sheet of paper: what to do and with whom, by when, what to join, the answers, the numbers."""
    bodies = [guide.model.bodies[one.body] for one in found.advice.recommended]
    acts = "".join(f"<li>{_sheet_act(one, known_limits, say)}</li>" for one in found.advice.recommended)
    join = "".join(f"<li>{say.text(text)}</li>" for text in (bodies[0].send if bodies else ()))
    given = "".join(f"<li>{say.text(guide.question(fact).ask)} <strong>{answer_words(guide.question(fact), value, say)}</strong></li>"
                    for fact, value in answers.items())
    emergency = next(one for one in guide.model.bodies.values() if one.kind == "emergency")
    numbers = " · ".join(say.contact(how.contact) for how in emergency.how if how.contact is not None)
    return (f'<section class="plan-sheet"><h2>{say.word("plan.title")}</h2><ol>{acts}</ol><div data-sheet-local></div>'
            f'<h3>{say.word("guide.body.send")}</h3><ul>{join}</ul><h3>{say.word("guide.your_answers")}</h3><ul>{given}</ul>'
            f'<p>{say.word("plan.danger")}{say.colon} {numbers}</p></section>')


def _sheet_act(verdict: Verdict, known_limits: Sequence[Limit], say: Say) -> str:
    body, reply = say.model.bodies[verdict.body], reply_of(verdict)
    if reply is not None and verdict.rule is not None:
        return (f"<strong>{say.text(reply.answer)}</strong> {say.text(verdict.rule.because)} {say.text(reply.instead)} "
                f"{say.laws(verdict.rule.sources)}")
    plan = "" if body.plan is None else f" {say.text(body.plan.cost)}. {say.text(body.plan.delay)}."
    day = next((one.day for one in known_limits if one.deadline.body == body.id and one.day), None)
    by = f' <strong>{say.word("plan.by")} {escape(written(day, say.locale))}.</strong>' if day else ""
    contacts = [say.contact(how.contact) for how in body.how if how.contact is not None and say.printed(how.contact)]
    reach = f'<br>{" · ".join(dict.fromkeys(contacts))}' if contacts else ""
    return f"<strong>{act_words(verdict, say)}</strong> ({say.name(body.id)}).{plan}{by}{reach}"


def _fold(word: str, inside: str, say: Say, *, count: int = 0, opened: bool = False) -> str:
    """Return a part of a result under a line that opens it; `count` says how much it already holds."""
    if not inside:
        return ""
    shown = f" ({count})" if count else ""
    return f'<details class="plan-fold"{" open" if opened else ""}><summary>{say.word(word)}{shown}</summary>{inside}</details>'


def known_days(answers: Answers, days: Mapping[str, date]) -> dict[str, date]:
    """Return all days known: those of answers, those of events."""
    return {**days, **{fact: value for fact, value in answers.items() if isinstance(value, date)}}


def _unanswered(guide: Guide, answers: Answers, say: Say) -> str:
    items = []
    for fact, value in answers.items():
        if value != UNKNOWN:
            continue
        question = guide.question(fact)
        taken = effective_answer(question, value)
        went = "" if taken is None else f' {say.label("guide.went_on_with")} {answer_words(question, taken, say)}.'
        items.append(f"<li>{say.text(question.ask)}{went}</li>")
    return f'<h3>{say.word("guide.to_check")}</h3><p>{say.label("guide.unanswered")}</p><ul>{"".join(items)}</ul>' if items else ""


def others_html(guide: Guide, found: Result, on: date, say: Say) -> str:
    """Return why each body that is not named is not, as a list; a body of last resort needs no reason."""
    last_resort = {rule.body for rule in guide.model.rules if rule.fallback}
    bodies = [one.body for one in found.advice.excluded if one.body not in last_resort]
    reasons = {body: exclusion_words(guide.model, found.facts, on, body, say.locale) for body in bodies}
    return f'<ul>{"".join(f"<li>{say.body_page(body)}{say.colon} {escape(words)}</li>" for body, words in reasons.items())}</ul>'


def _why_not(say: Say) -> str:
    return (f'<details class="plan-fold guide-changes" data-ask="why_not_others"><summary>{say.word("guide.why_not")}</summary>'
            f"<div data-told></div></details>")


def refine_html(guide: Guide, answers: Answers, found: Result, on: date, say: Say) -> str:
    """Return the questions no link asks for, in one form with its button; only those that may change something here."""
    facts = offered(guide, answers, found, on)
    if not facts:
        return ""
    fields = "".join(_field(guide.question(fact), guide.model.facts[fact], answers.get(fact), say) for fact in facts)
    return (f'<details class="plan-fold guide-changes"><summary>{say.word("guide.refine")}</summary>'
            f'<form data-refine aria-label="{say.word("guide.refine")}" class="guide-form" novalidate>'
            f'<p class="guide-help">{say.word("guide.refine.note")}</p>{fields}'
            f'<button class="button" type="submit">{say.word("guide.refine.do")}</button></form></details>')


def offered(guide: Guide, answers: Answers, found: Result, on: date) -> list[str]:
    """Return the questions a result asks, each of which changes it; the day of the facts stands with the other dates."""
    return [question.fact for question in guide.model.questions if question.fact != "facts_date" and (
        question.fact in found.assumed or (question.fact in answers if not question.core else
        supposed_only(guide, answers, question.fact) and (question.fact in answers or changes_something(guide, found, question, on))))]


def _field(question: Question, fact: Fact, given: Value | None, say: Say) -> str:
    name = f"f-{fact.id}"
    help_ = "" if question.help is None else f'<p class="guide-help" id="{name}-help">{say.text(question.help)}</p>'
    several = fact.type == "set"
    kind = "checkbox" if several else "radio"
    options = [_choice(name, kind, fact.id, option, given, number, say) for number, option in enumerate(question.options)]
    if not several:
        checked = " checked" if given is None or given == UNKNOWN else ""
        options.append(f'<label><input type="radio" name="{fact.id}" value=""{checked}> {say.word("guide.refine.none")}</label>')
    return f'<fieldset data-field="{fact.id}"><legend>{say.text(question.ask)}</legend>{help_}{"".join(options)}</fieldset>'


def _choice(name: str, kind: str, fact: str, option: Option, given: Value | None, number: int, say: Say) -> str:
    chosen = option.value in given if isinstance(given, frozenset) else given == option.value
    value = str(option.value).lower() if isinstance(option.value, bool) else option.value
    return (f'<label for="{name}-{number}"><input type="{kind}" id="{name}-{number}" name="{fact}" value="{escape(value)}"'
            f'{" checked" if chosen else ""}> {say.text(option.label)}</label>')


def changes_html(guide: Guide, facts: Facts, on: date, body: str, say: Say) -> str:
    """Return the single answers that would change the verdict on a body, as a list."""
    changes: dict[str, list[str]] = {}
    for fact, value in what_would_change(guide.model, facts, on, body):
        changes.setdefault(fact, []).append(value_words(guide.question(fact), value, say.locale))
    items = "".join(f"<li>{say.text(guide.question(fact).ask)} {escape(', '.join(values))}</li>" for fact, values in changes.items())
    return f"<ul>{items}</ul>" if items else f'<p>{say.word("guide.would_change.no")}.</p>'
