"""Why this body, why not that one, what would change it, why this question: in ids for programs, in words for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from decision_tree.advice import CompiledRules, Verdict, compile_rules, kind_of_body, known_of, open_bits, open_facts, rule_values
from decision_tree.dates import written
from decision_tree.locales import conventions
from decision_tree.logic import BitCondition, Known
from decision_tree.model import Facts, Locale, Model, Question, Rule, Value


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a body is not named: the facts that rule it out, or the rule that closes the advice before it."""

    body: str
    facts: tuple[str, ...]               # in the authors' order; () when the advice is closed, or other bodies are enough
    closed_by: Rule | None = None


def why_not(model: Model, facts: Facts, on: date, body: str) -> WhyNot:
    """Return what rules a body out: the smallest set of known facts that defeats the rule nearest to holding.

    Raises:
        KeyError: The model does not know this body.
    """
    if body not in model.bodies:
        raise KeyError(body)
    prepared = compile_rules(model, on)
    known = known_of(model, facts, on)
    best: frozenset[str] | None = None
    for item in prepared.rules:
        if item.rule.body != body:
            continue
        if item.when.holds(known) is not False:
            return WhyNot(body, (), _closing(prepared, known))
        for term in item.when.terms:
            against = defeated(prepared, term, known)
            if best is None or len(against) < len(best):
                best = against
    return WhyNot(body, in_question_order(model, best or frozenset()))


def _closing(prepared: CompiledRules, known: Known) -> Rule | None:
    return next((item.rule for item in prepared.rules if item.rule.closes and item.when.holds(known)), None)


def defeated(prepared: CompiledRules, term: int, known: Known) -> frozenset[str]:
    """Return the asked facts whose known values make a term false, looking through derived facts."""
    table = prepared.table
    bits = term & known.false
    found = {fact for fact, mask in table.fact_bits.items() if mask & bits}
    for condition, _, _, mask in table.derived:
        if mask & bits:
            found |= decisive(prepared, condition, known)
    return frozenset(found)


def decisive(prepared: CompiledRules, condition: BitCondition, known: Known) -> set[str]:
    """Return the asked facts that decide a condition: those of a term that holds, else of every term that fails."""
    table = prepared.table
    holding = next((term for term in condition.terms if term & known.true == term), None)
    bits = holding if holding is not None else sum({bit for term in condition.terms for bit in _bits(term & known.false)})
    found = {fact for fact, mask in table.fact_bits.items() if mask & bits}
    for inner, _, _, mask in table.derived:
        if mask & bits:
            found |= decisive(prepared, inner, known)
    return found


def _bits(mask: int) -> Iterable[int]:
    while mask:
        low = mask & -mask
        yield low
        mask ^= low


def in_question_order(model: Model, facts: Iterable[str]) -> tuple[str, ...]:
    """Return facts in the authors' order of questions."""
    wanted = set(facts)
    return tuple(question.fact for question in model.questions if question.fact in wanted)


def why(model: Model, facts: Facts, on: date, rule: Rule) -> tuple[str, ...]:
    """Return the facts that make a rule hold, in the authors' order."""
    prepared = compile_rules(model, on)
    known = known_of(model, facts, on)
    compiled_rule = next(item for item in prepared.rules if item.rule is rule)
    return in_question_order(model, decisive(prepared, compiled_rule.when, known))


def what_would_change(model: Model, facts: Facts, on: date, body: str) -> tuple[tuple[str, Value], ...]:
    """Return the single answers, given or not, that would change the verdict on a body: (fact, other value)."""
    prepared = compile_rules(model, on)
    now = kind_of_body(prepared, known_of(model, facts, on), body)
    found: list[tuple[str, Value]] = []
    for question in model.questions:
        fact = question.fact
        said = prepared.table.by_value.get(fact, {})
        kinds: dict[object, str] = {}                     # by what an answer says of the literals: many say the same
        for value in other_values(model, facts, fact):
            known = said.get(value)
            alike = value if known is None else (known.true, known.false)
            if alike not in kinds:
                kinds[alike] = kind_of_body(prepared, known_of(model, {**facts, fact: value}, on), body)
            if kinds[alike] != now:
                found.append((fact, value))
    return tuple(found)


def other_values(model: Model, facts: Facts, fact: str) -> list[Value]:
    """Return the values a fact of a closed list might have instead of the one given."""
    described = model.facts[fact]
    if described.type == "date":
        return []
    if described.type == "set":
        given = facts.get(fact, frozenset())
        assert isinstance(given, frozenset)
        return [given ^ {member} for member in described.values]
    values: tuple[Value, ...] = (True, False) if described.type == "bool" else described.values
    return [value for value in values if value != facts.get(fact)]


def why_this_question(model: Model, facts: Facts, on: date, fact: str) -> tuple[str, ...]:
    """Return the bodies whose verdict may still depend on a fact that is not known."""
    prepared = compile_rules(model, on)
    known = known_of(model, facts, on, presume=False)
    bits = open_bits(prepared, known, rule_values(prepared, known))
    return tuple(body for body in model.bodies if fact in open_facts(prepared, known, bits.get(body, 0)))


def fact_words(model: Model, facts: Facts, fact: str, locale: Locale) -> str:
    """Return a fact and its value in words: "the reason for the refusal (language)"."""
    label = model.facts[fact].label[locale]
    if fact not in facts:
        return label
    question = next(one for one in model.questions if one.fact == fact)
    return f"{label} ({value_words(question, facts[fact], locale)})"


def fact_as_read(model: Model, facts: Facts, fact: str, locale: Locale) -> str:
    """Return a fact and what the rules read of it, in words: a presumed fact that is not given is said to be so."""
    words = fact_words(model, facts, fact, locale)
    if fact in facts or model.facts[fact].presumed is None:
        return words
    return f"{words} ({model.words['guide.none_known'][locale]})"


def value_words(question: Question, value: Value, locale: Locale) -> str:
    """Return a value in words; several are joined by commas, none is a dash."""
    if isinstance(value, date):
        return written(value, locale)
    members = value if isinstance(value, frozenset) else {value}
    return ", ".join(option.label[locale] for option in question.options if option.value in members) or "–"


def exclusion_words(model: Model, facts: Facts, on: date, body: str, locale: Locale) -> str:
    """Return one sentence on why a body is not named."""
    reason = why_not(model, facts, on, body)
    if reason.closed_by is not None:
        return sentence(model, "guide.excluded_closed", reason.closed_by.because[locale], locale)
    if not reason.facts:
        ruled = any(item.rule.body == body for item in compile_rules(model, on).rules)
        return model.words["guide.excluded_last" if ruled else "guide.excluded_then"][locale]
    said = ", ".join(fact_as_read(model, facts, fact, locale) for fact in reason.facts)
    return sentence(model, "guide.excluded", said, locale)


def missing_words(model: Model, verdict: Verdict, locale: Locale) -> str:
    """Return one sentence that names the facts still missing."""
    return sentence(model, "guide.missing", ", ".join(model.facts[fact].label[locale] for fact in verdict.missing), locale)


def sentence(model: Model, word: str, rest: str, locale: Locale) -> str:
    """Return "word: rest." with the punctuation of the locale."""
    colon = f"{conventions(locale).colon} "
    return f"{model.words[word][locale]}{colon}{rest.rstrip('.')}."


