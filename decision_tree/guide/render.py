"""A state as HTML: the same words at build time, in the browser and in the numbered booklet.

Everything here depends on the state alone, never on the way that led to it. `root` is the way from the page to the root
of the locale's pages ("../" for guide/).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from decision_tree.advice import Advice, Verdict
from decision_tree.dates import written
from decision_tree.guide.states import Change, Guide, Result
from decision_tree.model import UNKNOWN, Body, Locale, Model, Option, Question, Text, Value


class Say:
    """The words of one locale."""

    def __init__(self, model: Model, locale: Locale, root: str = "../") -> None:
        self.model = model
        self.locale = locale
        self.root = root

    def word(self, key: str) -> str:
        """Return a word of words.yaml, escaped.

        Raises:
            KeyError: No such word.
        """
        return escape(self.model.words[key][self.locale])

    def text(self, text: Text) -> str:
        """Return a text, escaped."""
        return escape(text[self.locale])

    def label(self, key: str) -> str:
        """Return a word followed by a colon, with the space of the locale."""
        return self.word(key) + self.colon

    @property
    def colon(self) -> str:
        """The colon of the locale, with the space before it."""
        return "\u00a0:" if self.locale == "fr" else ":"

    def law(self, law_id: str) -> str:
        """Return a link to the page of a law."""
        law = self.model.laws[law_id]
        return f'<a href="{self.root}droit/{escape(law_id)}/" lang="fr" {KEPT}>{self.text(law.short)}</a>'

    def laws(self, ids: Iterable[str]) -> str:
        """Return the sources of a reason."""
        return f'<span class="guide-source">{", ".join(self.law(law_id) for law_id in ids)}</span>'

    def body_link(self, body_id: str, mark: str = "") -> str:
        """Return a link to where the page describes a body; `mark` is an attribute more."""
        body = self.model.bodies[body_id]
        return f'<a{mark} href="#b-{escape(body_id)}"{kept_mark(body.name)}>{self.text(body.short)}</a>'


KEPT = 'translate="no"'   # said to a browser that translates the page: whoever looks for a body needs the name it has


def is_name(name: Text) -> bool:
    """Tell whether a body is called by a name, which the English keeps: “Défenseur des droits”, not “Trouver un professionnel”."""
    return name.fr.split()[0] == name.en.split()[0]


def kept_mark(name: Text) -> str:
    """Return the attribute of what holds a body's name; nothing when it is words."""
    return f" {KEPT}" if is_name(name) else ""


def answer_words(question: Question, value: Value, say: Say) -> str:
    """Return an answer in words: the option's label, a date, or "I don't know"."""
    if value == UNKNOWN:
        return say.word("guide.unknown")
    if isinstance(value, date):
        return escape(written(value, say.locale))
    if isinstance(value, frozenset):
        return ", ".join(say.text(option.label) for option in question.options if option.value in value) or say.word("no")
    return next(say.text(option.label) for option in question.options if option.value == value)


def answer_id(fact: str, value: Value) -> str:
    """Return an answer as links carry it: "fact=value"."""
    return f"{fact}={str(value).lower() if isinstance(value, bool) else value}"


def question_html(guide: Guide, number: int, say: Say) -> str:
    """Return the inside of a question's section: a heading and one link an answer."""
    state = guide.state(number)
    assert state.question is not None
    question = guide.question(state.question)
    ask, help_ = question.ask, question.help
    if state.wording is not None:
        wording = question.wordings[state.wording]
        ask, help_ = wording.ask, wording.help
    parts = [f'<h2 tabindex="-1">{say.text(ask)}</h2>']
    if help_ is not None:
        parts.append(f'<p class="guide-help">{say.text(help_)}</p>')
    answers = [_answer(question, option, to, say) for option, to in zip(question.options, state.next, strict=True)]
    parts.append(f'<ul class="guide-answers">{"".join(answers)}{_unknown(question, state.next, say)}</ul>')
    return "".join(parts)


def _answer(question: Question, option: Option, to: int, say: Say) -> str:
    return (f'<li><a data-answer="{escape(answer_id(question.fact, option.value))}" href="#n{to}">'
            f"{say.text(option.label)}</a></li>")


def _unknown(question: Question, to: Sequence[int], say: Say) -> str:
    index = next(i for i, option in enumerate(question.options) if option.value == question.unknown)
    if question.options[index].value in ("inconnu",):
        return ""
    return (f'<li><a class="guide-unknown" data-answer="{escape(answer_id(question.fact, UNKNOWN))}" href="#n{to[index]}">'
            f'{say.word("guide.unknown")}</a></li>')


def result_html(result: Result, say: Say) -> str:
    """Return the inside of a final section: bodies in the order to act, what else is possible, what would change it."""
    parts = [f'<h2 tabindex="-1">{say.word("guide.result")}</h2>', advice_html(result.advice, say)]
    if result.assumed:
        assumed = ", ".join(say.word(f"guide.supposes.{fact}") for fact in result.assumed)
        parts.append(f'<p class="guide-supposes">{say.label("guide.supposes")} {assumed}.</p>')
    if result.changes:
        items = "".join(change_html(result.advice, change, say) for change in result.changes)
        parts.append(f'<details class="guide-changes"><summary>{say.word("guide.if_more")}</summary><ul>{items}</ul></details>')
    return "".join(parts)


def advice_html(advice: Advice, say: Say) -> str:
    """Return the verdicts a person can act on."""
    parts = [f'<ol class="guide-bodies">{"".join(verdict_html(one, say) for one in advice.recommended)}</ol>']
    if advice.also_possible:
        items = ", ".join(say.body_link(one.body, f' data-also="{one.body}"') for one in advice.also_possible)
        parts.append(f'<p class="guide-also">{say.label("guide.also")} {items}.</p>')
    if advice.to_check:
        items = "".join(f'<li data-check="{one.body}">{say.body_link(one.body)}. {say.label("guide.missing")} '
                        f'{missing_words(one, say)}.</li>' for one in advice.to_check)
        parts.append(f'<h3>{say.word("guide.to_check")}</h3><ul class="guide-check">{items}</ul>')
    return "".join(parts)


def verdict_html(verdict: Verdict, say: Say) -> str:
    """Return a recommended body as an item of the list; its sources stand once, where the page describes the body."""
    because = "" if verdict.rule is None else f"<p>{say.text(verdict.rule.because)}</p>"
    return (f'<li class="body-card" data-body="{verdict.body}" data-level="{verdict.level}">'
            f'<h3><span class="guide-level">{say.label(f"guide.level.{verdict.level}")}</span> {say.body_link(verdict.body)}</h3>'
            f"{because}</li>")


def missing_words(verdict: Verdict, say: Say) -> str:
    """Return the facts that may still decide, in words."""
    return ", ".join(say.text(say.model.facts[fact].label) for fact in verdict.missing)


def change_html(usual: Advice, change: Change, say: Say) -> str:
    """Return what one other answer would change, as an item of a list."""
    effects = ("\u202f; " if say.locale == "fr" else "; ").join(_effects(usual, change.advice, say))
    colon = "\u00a0:" if say.locale == "fr" else ":"
    return f"<li>{_if_words(change, say)}{colon} {effects}.</li>"


def _if_words(change: Change, say: Say) -> str:
    if change.years is not None:
        year = {"fr": "an" if change.years == 1 else "ans", "en": "year" if change.years == 1 else "years"}[say.locale]
        return f'{say.word("guide.facts_older")} {change.years}\u00a0{year}'
    question = next(one for one in say.model.questions if one.fact == change.fact)
    said = [say.text(option.said) for option in question.options if option.value in change.values and option.said is not None]
    others = "".join(f', {say.word("guide.or")} {text[0].lower()}{text[1:]}' for text in said[1:])
    return f"{said[0]}{others}"


def _effects(usual: Advice, other: Advice, say: Say) -> list[str]:
    was, now = [one.body for one in usual.recommended], [one.body for one in other.recommended]
    possible = [one.body for one in other.also_possible]
    added, dropped = [body for body in now if body not in was], [body for body in was if body not in now]
    found = []
    if added:
        placed = ", ".join(f"{_name(body, say)} ({say.word('guide.rank')}\u00a0{now.index(body) + 1})" for body in added)
        found.append(f'{say.word("guide.add")} {placed}')
    for bodies, one, several in (([body for body in dropped if body not in possible], "guide.drop", "guide.drops"),
                                 ([body for body in dropped if body in possible], "guide.drop_possible", "guide.drops_possible")):
        if bodies:
            found.append(f"{_names(bodies, say)} {say.word(one if len(bodies) == 1 else several)}")
    if [body for body in was if body in now] != [body for body in now if body in was]:
        found.append(f'{say.word("guide.order_becomes")} {_names(now, say)}')
    found += _reasons(usual.recommended, other.recommended, say)
    found += _possible(usual, other, say)
    return found


def _reasons(usual: Sequence[Verdict], other: Sequence[Verdict], say: Say) -> list[str]:
    rules = {one.body: one.rule for one in usual}
    marks = ("«\u202f", "\u202f»") if say.locale == "fr" else ("“", "”")
    return [f'{_name(one.body, say)}, {say.word("guide.reason_becomes")} {marks[0]}{say.text(one.rule.because).removesuffix(".")}{marks[1]}'
            for one in other if one.rule is not None and one.body in rules and rules[one.body] is not one.rule]


def _possible(usual: Advice, other: Advice, say: Say) -> list[str]:
    was, now = [one.body for one in usual.also_possible], [one.body for one in other.also_possible]
    before, after = ({one.body for one in advice.recommended} for advice in (usual, other))
    added, dropped = [b for b in now if b not in was and b not in before], [b for b in was if b not in now and b not in after]
    found = []
    if added:
        found.append(f'{say.word("guide.also_then")} {_names(added, say)}')
    if dropped:
        found.append(f'{say.word("guide.no_longer_possible")} {_names(dropped, say)}')
    return found


def _names(bodies: Iterable[str], say: Say) -> str:
    return ", ".join(_name(body, say) for body in bodies)


def _name(body: str, say: Say) -> str:
    return say.text(say.model.bodies[body].short)


def body_html(body: Body, say: Say) -> str:
    """Return the description of a body, once on the page."""
    rows = body_rows(body, say, ("does", "who", "cost", "how", "send", "time_limits", "next", "interaction", "not_when"))
    more = f'<p><a href="{say.root}organismes/{body.id}/">{say.word("guide.body.page")}</a></p>'
    return (f'<h3 tabindex="-1"{kept_mark(body.name)}>{say.text(body.name)}</h3><p>{say.text(body.aim)}</p>'
            f"<dl>{rows}{_reasons_of(body, say)}</dl>{more}")


def body_rows(body: Body, say: Say, keys: Iterable[str]) -> str:
    """Return parts of a body's description as terms and their text, without those that are empty."""
    texts: dict[str, Sequence[Text]] = {
        "does": (body.does,), "who": body.who, "cost": (body.cost,), "send": body.send, "time_limits": body.time_limits,
        "next": body.next, "interaction": body.interaction, "not_when": body.not_when}
    said = {key: _hows(body, say) if key == "how" else _several(texts[key], say)
            for key in keys if (body.how if key == "how" else texts[key])}
    return "".join(f'<dt>{say.word(f"guide.body.{key}")}</dt><dd>{html}</dd>' for key, html in said.items())


def _reasons_of(body: Body, say: Say) -> str:
    items = "".join(f'<li data-rule="{rule.id}">{say.text(rule.because)} {say.laws(rule.sources)}</li>'
                    for rule in say.model.rules if rule.body == body.id)
    return f'<dt>{say.word("guide.body.reasons")}</dt><dd><ul>{items}</ul></dd>'


def _several(texts: Sequence[Text], say: Say) -> str:
    if len(texts) == 1:
        return say.text(texts[0])
    return f'<ul>{"".join(f"<li>{say.text(text)}</li>" for text in texts)}</ul>'


def _hows(body: Body, say: Say) -> str:
    items = [f'<li>{say.label(f"guide.how.{how.by}")} {say.text(how.text)}{_contact(how.contact, say)}</li>' for how in body.how]
    return f'<ul>{"".join(items)}</ul>'


_SCHEMES = {"phone": "tel:", "sms": "sms:", "email": "mailto:", "url": ""}


def _contact(contact_id: str | None, say: Say) -> str:
    if contact_id is None:
        return ""
    contact = say.model.contacts[contact_id]
    shown = escape(contact.value)
    if not contact.printed or contact.kind == "address":
        return f" <span>{shown}</span>" if contact.printed else ""
    href = _SCHEMES[contact.kind] + (contact.value.replace(" ", "") if contact.kind in ("phone", "sms") else contact.value)
    return f' <a href="{escape(href)}" {KEPT}>{shown}</a>'


def urgent_html(guide: Guide, say: Say) -> str:
    """Return the inside of the section for a person in danger, before anything else."""
    return (f'<h2 tabindex="-1">{say.word("guide.urgent.title")}</h2><p>{say.word("guide.urgent.text")}</p>'
            f'<p><a href="#n1">{say.word("guide.urgent.then")}</a></p>')


def state_html(guide: Guide, number: int, result: Result | None, say: Say) -> str:
    """Return the inside of any numbered section."""
    return question_html(guide, number, say) if result is None else result_html(result, say)
