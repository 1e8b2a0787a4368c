"""A state as HTML: the same words at build time, in the browser and in the numbered booklet.

Everything here depends on the state alone, never on the way that led to it. `root` is the way from the page to the root
of the locale's pages ("../" for guide/).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from itertools import groupby

from decision_tree.advice import Advice, Verdict
from decision_tree.dates import written
from decision_tree.guide.states import Change, Guide, Result
from decision_tree.locales import conventions, unit
from decision_tree.model import UNKNOWN, Body, Contact, Locale, Model, Option, Question, Reply, Text, Value


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
        return conventions(self.locale).colon

    def law(self, law_id: str) -> str:
        """Return a link to the page of a law."""
        law = self.model.laws[law_id]
        return f'<a href="{self.root}droit/{escape(law_id)}/" lang="fr" {KEPT}>{self.text(law.short)}</a>'

    def printed(self, contact_id: str) -> bool:
        """Return whether a contact may be shown."""
        return self.model.contacts[contact_id].printed

    def contact(self, contact_id: str) -> str:
        """Return a contact as paper shows it: its value alone."""
        return shown(self.model.contacts[contact_id])

    def laws(self, ids: Iterable[str]) -> str:
        """Return the sources of a reason."""
        return f'<span class="guide-source">{", ".join(self.law(law_id) for law_id in ids)}</span>'

    def body_page(self, body_id: str, mark: str = "") -> str:
        """Return a link to the page of a body; `mark` is an attribute more."""
        body = self.model.bodies[body_id]
        return f'<a{mark} href="{self.root}organismes/{escape(body_id)}/"{kept_mark(body.name)}>{self.text(body.short)}</a>'

    def name(self, body_id: str) -> str:
        """Return the short name of a body, as it stands inside a sentence."""
        body = self.model.bodies[body_id]
        return kept(body.short[self.locale]) if is_name(body.name) else self.text(body.short)


KEPT = 'translate="no"'   # said to a browser that translates the page: whoever looks for a body needs the name it has


def is_name(name: Text) -> bool:
    """Tell whether a body is called by a name, which every language keeps: “Défenseur des droits”, not “Trouver un professionnel”."""
    return len({words.split()[0] for words in name.words.values()}) == 1


def kept_mark(name: Text) -> str:
    """Return the attribute of what holds a body's name; nothing when it is words."""
    return f" {KEPT}" if is_name(name) else ""


def kept(text: str) -> str:
    """Return a number or a name that every language keeps, as HTML."""
    return f"<span {KEPT}>{escape(text)}</span>"


def shown(contact: Contact) -> str:
    """Return what a person reads of a contact, as HTML: a number on one line, an address without what nobody types."""
    value = contact.value.removeprefix("https://").removesuffix("/")
    return kept(value.replace(" ", "\u00a0") if contact.kind in ("phone", "sms") else value)


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
    answers: dict[Value, str] = {
        option.value: _answer(question, option, to, say) for option, to in zip(question.options, state.next, strict=True)}
    parts.append(f'<ul class="guide-answers">{"".join(_grouped(question, answers, say))}{_unknown(question, state.next, say)}</ul>')
    return "".join(parts)


def _grouped(question: Question, answers: Mapping[Value, str], say: Say) -> Iterator[str]:
    """Yield the answers in their order, those of a group together where the first of them stands, behind its heading."""
    group_of = {value: group for group in question.groups for value in group.values}
    for value, answer in answers.items():
        group = group_of.get(value)
        if group is None:
            yield answer
        elif value == group.values[0]:
            inside = "".join(answers[one] for one in group.values)
            yield f'<li><details class="guide-group"><summary>{say.text(group.label)}</summary><ul>{inside}</ul></details></li>'


def _answer(question: Question, option: Option, to: int, say: Say) -> str:
    return (f'<li><a data-answer="{escape(answer_id(question.fact, option.value))}" href="#n{to}">'
            f"{say.text(option.label)}</a></li>")


def _unknown(question: Question, to: Sequence[int], say: Say) -> str:
    if question.unknown is None:
        return ""
    index = next(i for i, option in enumerate(question.options) if option.value == question.unknown)
    if question.options[index].value in ("inconnu",):
        return ""
    return (f'<li><a class="guide-unknown" data-answer="{escape(answer_id(question.fact, UNKNOWN))}" href="#n{to[index]}">'
            f'{say.word("guide.unknown")}</a></li>')


def result_html(result: Result, say: Say) -> str:
    """Return the inside of a final section: what to do today, what comes next, and, folded, what would change it."""
    first = result.advice.recommended[:1]
    title = "reply.title" if first and reply_of(first[0]) is not None else "plan.title"
    parts = [f'<h2 tabindex="-1">{say.word(title)}</h2>', plan_html(result.advice, say)]
    if first and outside(first[0], say):
        parts.append(f'<p class="guide-border"><a href="{say.root}limites/">{say.word("guide.outside")}</a></p>')
    if result.changes or result.assumed:
        parts.append(changes_fold(result, say))
    return "".join(parts)


def outside(first: Verdict, say: Say) -> bool:
    """Say whether a result stands outside what a complaint can mend: nobody receives one, information comes first."""
    return say.model.bodies[first.body].kind == "information" and reply_of(first) is None


def plan_html(advice: Advice, say: Say) -> str:
    """Return the bodies a person can act on, in the order to act: one act for today, then groups under their headings."""
    first, *rest = advice.recommended or (None,)
    when = "" if first is None or reply_of(first) is not None else f'<h3 class="plan-when">{say.word("plan.today")}</h3>'
    parts = [] if first is None else [when + first_html(first, say)]
    for level, verdicts in groupby(rest, key=lambda one: one.level):
        steps = "".join(step_html(one, say) for one in verdicts)
        parts.append(f'<h3 class="plan-when">{say.word(f"plan.{level}")}</h3><ul class="plan-steps">{steps}</ul>')
    if advice.also_possible:
        links = [say.body_page(one.body, f' data-also="{one.body}"') for one in advice.also_possible]
        items = "".join(f"<li>{link}</li>" for link in links)
        parts.append(f'<details class="plan-fold guide-also"><summary>{say.word("guide.also")} ({len(advice.also_possible)})</summary>'
                     f"<ul>{items}</ul></details>")
    if advice.to_check:
        items = "".join(f'<li data-check="{one.body}">{say.body_page(one.body)}. {say.label("guide.missing")} '
                        f"{missing_words(one, say)}.</li>" for one in advice.to_check)
        parts.append(f'<h3>{say.word("guide.to_check")}</h3><ul class="guide-check">{items}</ul>')
    return "".join(parts)


def first_html(verdict: Verdict, say: Say) -> str:
    """Return the act of today: why in one sentence, what it costs, how long it takes, and one button."""
    body, reply = say.model.bodies[verdict.body], reply_of(verdict)
    if reply is not None:
        return (f'<div class="body-card plan-first" data-body="{body.id}" data-level="{verdict.level}"><h3>{say.text(reply.answer)}</h3>'
                f"{_replied(verdict, reply, say)}</div>")
    because = "" if verdict.rule is None else f"<p>{say.text(verdict.rule.because)}</p>"
    facts = "" if body.plan is None else (
        f'<dl class="plan-facts"><dt>{say.word("plan.cost")}</dt><dd>{say.text(body.plan.cost)}</dd>'
        f'<dt>{say.word("plan.delay")}</dt><dd>{say.text(body.plan.delay)}</dd></dl>')
    return (f'<div class="body-card plan-first" data-body="{body.id}" data-level="{verdict.level}"><h4>{act_words(verdict, say)}</h4>'
            f'<p class="plan-who">{say.body_page(body.id)}</p>{because}{facts}<p class="plan-act">{act_button(verdict, say)}</p></div>')


def step_html(verdict: Verdict, say: Say) -> str:
    """Return a later act on one line, which opens on its reason, its cost and its button."""
    body, reply = say.model.bodies[verdict.body], reply_of(verdict)
    because = "" if verdict.rule is None else f"<p>{say.text(verdict.rule.because)}</p>"
    inside = f'{because}<p class="plan-act">{act_button(verdict, say)}</p>' if reply is None else _replied(verdict, reply, say)
    name = f"<strong{kept_mark(body.name)}>{say.text(body.short)}</strong> <span>{act_words(verdict, say)}</span>"
    return (f'<li data-body="{body.id}" data-level="{verdict.level}"><details class="plan-step">'
            f"<summary>{name}</summary>{inside}</details></li>")


def reply_of(verdict: Verdict) -> Reply | None:
    """Return the reply to a professional’s question, where the deciding rule gives one."""
    return None if verdict.rule is None else verdict.rule.reply


def _replied(verdict: Verdict, reply: Reply, say: Say) -> str:
    """Return what stands under a reply: its reason, its text of law, what to do, and the page that says how."""
    assert verdict.rule is not None
    return (f'<p>{say.text(verdict.rule.because)}</p><p><strong>{say.label("reply.do")}</strong> {say.text(reply.instead)}</p>'
            f'<p class="plan-act"><a class="button" href="{say.root}{escape(reply.page)}/">{say.word("plan.go")}</a></p>'
            f'<p class="guide-law">{say.label("guide.why_law")} {say.laws(verdict.rule.sources)}</p>')


def act_words(verdict: Verdict, say: Say) -> str:
    """Return what a person does with a body, in a few words: the reply where they asked a question."""
    body, reply = say.model.bodies[verdict.body], reply_of(verdict)
    if reply is not None:
        return say.text(reply.answer)
    return say.name(body.id) if body.plan is None else say.text(body.plan.act)


def act_button(verdict: Verdict, say: Say) -> str:
    """Return the one button of an act: write the letter, call, or go to the page that says how."""
    body = say.model.bodies[verdict.body]
    plan, letter = body.plan, letter_of(verdict, body)
    if letter is not None:
        return (f'<a class="button" data-letter="{escape(letter)}" href="{say.root}lettres/{escape(letter)}/">'
                f'{say.word("plan.write")}</a>')
    if plan is not None and plan.call is not None:
        contact = say.model.contacts[plan.call]
        return f'<a class="button" href="{escape(contact_href(contact))}">{say.word("plan.call")} {shown(contact)}</a>'
    page = plan.page if plan is not None and plan.page is not None else f"organismes/{body.id}"
    return f'<a class="button" href="{say.root}{escape(page)}/">{say.word("plan.go")}</a>'


def letter_of(verdict: Verdict, body: Body) -> str | None:
    """Return the letter a button opens: the deciding rule’s, else the plan’s."""
    if verdict.rule is not None and verdict.rule.letter is not None:
        return verdict.rule.letter
    return None if body.plan is None else body.plan.letter


def contact_href(contact: Contact) -> str:
    """Return where a contact leads."""
    return _SCHEMES[contact.kind] + (contact.value.replace(" ", "") if contact.kind in ("phone", "sms") else contact.value)


MOST_CHANGES = 3


def changes_fold(result: Result, say: Say) -> str:
    """Return the three other answers that would change most, and what the result supposes; `other_changes` has the rest."""
    items = [change_html(result.advice, change, say) for change in ranked_changes(result)[:MOST_CHANGES]]
    assumed = "".join(f'<li>{say.word(f"guide.supposes.{fact}")}</li>' for fact in result.assumed)
    supposes = f'<div class="guide-supposes"><p>{say.label("guide.supposes")}</p><ul>{assumed}</ul></div>' if assumed else ""
    shown = f'<ul>{"".join(items)}</ul>' if items else ""
    return f'<details class="plan-fold guide-changes"><summary>{say.word("guide.if_more")}</summary>{shown}{supposes}</details>'


def other_changes(result: Result, say: Say) -> str:
    """Return what the answers beyond the first three would change, folded; nothing when there are none."""
    items = [change_html(result.advice, change, say) for change in ranked_changes(result)[MOST_CHANGES:]]
    return (f'<details class="plan-fold guide-changes"><summary>{say.word("plan.other_answers")} ({len(items)})</summary>'
            f'<ul>{"".join(items)}</ul></details>') if items else ""


def ranked_changes(result: Result) -> list[Change]:
    """Return the changes, the one that changes most first."""
    return sorted(result.changes, key=lambda change: -weight(result.advice, change.advice))


def weight(usual: Advice, other: Advice) -> int:
    """Return how much an advice differs from the usual one: the first act counts most, then each body that comes or goes."""
    was, now = [one.body for one in usual.recommended], [one.body for one in other.recommended]
    return 100 * (was[:1] != now[:1]) + 10 * len(set(was) ^ set(now)) + (was != now)


def missing_words(verdict: Verdict, say: Say) -> str:
    """Return the facts that may still decide, in words."""
    return ", ".join(say.text(say.model.facts[fact].label) for fact in verdict.missing)


def change_html(usual: Advice, change: Change, say: Say) -> str:
    """Return what one other answer would change, as an item of a list: short sentences, the first act before the rest."""
    return f"<li>{_if_words(change, say)}{say.colon} {'. '.join(_effects(usual, change.advice, say))}.</li>"


def _if_words(change: Change, say: Say) -> str:
    if change.years is not None:
        year = unit("years", change.years, say.locale)
        later = f', {say.word("guide.facts_calendar")}' if change.values == (f"{change.years}+",) else ""
        return f'{say.word("guide.facts_older")} {change.years}\u00a0{year}{later}'
    question = next(one for one in say.model.questions if one.fact == change.fact)
    said = [say.text(option.said) for option in question.options if option.value in change.values and option.said is not None]
    others = "".join(f', {say.word("guide.or")} {text[0].lower()}{text[1:]}' for text in said[1:])
    return f"{said[0]}{others}"


def _effects(usual: Advice, other: Advice, say: Say) -> list[str]:
    was, now = [one.body for one in usual.recommended], [one.body for one in other.recommended]
    added, dropped = [body for body in now if body not in was], [body for body in was if body not in now]
    found = []
    if was[:1] != now[:1]:
        found.append(f'{say.label("plan.first_then")} {say.name(now[0])}')
        added = [body for body in added if body != now[0]]
    if added:
        found.append(f'{say.label("plan.also_then")} {_names(added, say)}')
    if dropped:
        found.append(f'{say.label("plan.without")} {_names(dropped, say)}')
    return found or _lesser(usual, other, say)


def _lesser(usual: Advice, other: Advice, say: Say) -> list[str]:
    """Return what changes where the same bodies stay advised: their order, their reasons, or what is also possible."""
    if [one.body for one in usual.recommended] != [one.body for one in other.recommended]:
        return [f'{say.label("guide.order_becomes")} {_names([one.body for one in other.recommended], say)}']
    rules = {one.body: one.rule for one in usual.recommended}
    reasons = [one.rule for one in other.recommended if one.rule is not None and rules.get(one.body) is not one.rule]
    if reasons:
        return [say.text(rule.because).removesuffix(".") for rule in reasons]
    before, after = ([one.body for one in advice.also_possible] for advice in (usual, other))
    come, gone = [body for body in after if body not in before], [body for body in before if body not in after]
    return [*([f'{say.label("guide.also_then")} {_names(come, say)}'] if come else []),
            *([f'{say.label("guide.no_longer_possible")} {_names(gone, say)}'] if gone else [])]


def _names(bodies: Iterable[str], say: Say) -> str:
    return ", ".join(say.name(body) for body in bodies)


def body_rows(body: Body, say: Say, keys: Iterable[str]) -> str:
    """Return parts of a body's description as terms and their text, without those that are empty."""
    texts: dict[str, Sequence[Text]] = {
        "does": (body.does,), "who": body.who, "cost": (body.cost,), "send": body.send, "time_limits": body.time_limits,
        "next": body.next, "interaction": body.interaction, "not_when": body.not_when}
    said = {key: _hows(body, say) if key == "how" else _several(texts[key], say)
            for key in keys if (body.how if key == "how" else texts[key])}
    return "".join(f'<dt>{say.word(f"guide.body.{key}")}</dt><dd>{html}</dd>' for key, html in said.items())


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
    value = escape(contact.value)
    if not contact.printed or contact.kind == "address":
        return f" <span>{value}</span>" if contact.printed else ""
    return f' <a href="{escape(contact_href(contact))}" {KEPT}>{value}</a>'


def urgent_html(guide: Guide, say: Say) -> str:
    """Return the inside of the section for a person in danger: three buttons before anything else."""
    body = next(one for one in guide.model.bodies.values() if one.kind == "emergency")
    contacts = [say.model.contacts[how.contact] for how in body.how if how.contact is not None]
    buttons = " ".join(f'<a class="button button--urgent" href="{escape(contact_href(one))}">{say.word(f"plan.{one.kind}")} '
                       f"{shown(one)}</a>" for one in contacts)
    return (f'<h2 tabindex="-1">{say.word("guide.urgent.title")}</h2><p class="plan-urgent">{buttons}</p>'
            f'<p>{say.word("guide.urgent.text")}</p><p><a href="#n1">{say.word("guide.urgent.then")}</a></p>')


def state_html(guide: Guide, number: int, result: Result | None, say: Say) -> str:
    """Return the inside of any numbered section."""
    return question_html(guide, number, say) if result is None else result_html(result, say)
