"""Three values, and time limits counted from date to date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decision_tree.advice import advise
from decision_tree.authoring.prove.semantics import kleene_and, kleene_not, kleene_or
from decision_tree.authoring.read.load import knowledge
from decision_tree.dates import add_months, due, within_years
from decision_tree.logic import BitCondition, Known, literal_holds
from decision_tree.model import Delay, Literal, Value

MODEL = knowledge().model
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(("start", "months", "last"), [
    (date(2026, 11, 22), 3, date(2027, 2, 22)),
    (date(2026, 11, 30), 3, date(2027, 2, 28)),
    (date(2023, 11, 30), 3, date(2024, 2, 29)),
    (date(2026, 1, 31), 1, date(2026, 2, 28)),
    (date(2026, 12, 31), 2, date(2027, 2, 28)),
    (date(2024, 2, 29), 12, date(2025, 2, 28)),
    (date(2024, 2, 29), -12, date(2023, 2, 28)),
])
def test_months_run_from_date_to_date_and_end_on_the_last_day_of_a_shorter_month(start: date, months: int, last: date) -> None:
    assert add_months(start, months) == last


@pytest.mark.parametrize(("delay", "last"), [
    (Delay(days=8), date(2026, 11, 30)), (Delay(months=3), date(2027, 2, 22)), (Delay(years=6), date(2032, 11, 22)),
])
def test_the_day_of_the_event_does_not_count(delay: Delay, last: date) -> None:
    assert due(date(2026, 11, 22), delay) == last


@pytest.mark.parametrize("years", [4, 5, 6])
def test_the_last_day_of_a_limit_counts_and_the_day_after_does_not(years: int) -> None:
    happened = date(2020, 3, 1)
    last = date(2020 + years, 3, 1)
    assert within_years(happened, years, last)
    assert not within_years(happened, years, last + timedelta(days=1))


def test_a_limit_from_a_leap_day_ends_on_the_last_day_of_february() -> None:
    assert within_years(date(2020, 2, 29), 6, date(2026, 2, 28))
    assert not within_years(date(2020, 2, 29), 6, date(2026, 3, 1))


@given(DAYS, st.integers(0, 120))
def test_adding_months_never_skips_or_repeats_a_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).month != later.month


@given(DAYS, st.integers(1, 10), DAYS)
def test_a_day_is_within_a_limit_or_after_it(day: date, years: int, on: date) -> None:
    inside = Literal("day", years=years)
    outside = Literal("day", years=years, positive=False)
    assert literal_holds(inside, day, on) is not literal_holds(outside, day, on)


TRUTHS = st.sampled_from([True, False, None])


@given(TRUTHS, TRUTHS)
def test_unknown_never_counts_as_false(one: bool | None, other: bool | None) -> None:
    for a in ([one] if one is not None else [True, False]):
        for b in ([other] if other is not None else [True, False]):
            assert kleene_and(one, other) in (None, a and b)
            assert kleene_or(one, other) in (None, a or b)
    assert kleene_not(one) is (None if one is None else not one)


TERMS = st.lists(st.integers(1, 63), max_size=5).map(lambda terms: BitCondition(tuple(terms)))


@given(TERMS, st.integers(0, 63), st.integers(0, 63), st.integers(0, 63))
def test_knowing_more_turns_unknown_into_true_or_false_and_never_one_into_the_other(
        condition: BitCondition, true: int, sooner: int, more: int) -> None:
    early = Known(true & sooner, ~true & sooner)
    seen = sooner | more
    late = Known(true & seen, ~true & seen & 63)
    before, after = condition.holds(early), condition.holds(late)
    assert before is None or before is after
    assert (condition.open_literals(early) == 0) is (before is not None)


@pytest.mark.parametrize("rule", MODEL.rules, ids=lambda rule: rule.id)
def test_a_rule_is_in_force_on_its_first_day_and_not_the_day_before(rule: object) -> None:
    from decision_tree.advice import in_force
    from decision_tree.model import Rule

    assert isinstance(rule, Rule)
    assert in_force(rule, rule.in_force_from)
    assert not in_force(rule, rule.in_force_from - timedelta(days=1))


def test_a_rule_is_in_force_on_its_last_day() -> None:
    from dataclasses import replace

    from decision_tree.advice import in_force

    rule = replace(MODEL.rules[0], in_force_from=date(2020, 1, 1), in_force_to=date(2026, 12, 31))
    assert in_force(rule, date(2026, 12, 31))
    assert not in_force(rule, date(2027, 1, 1))


FACTS: dict[str, Value] = {
    "asker": "victime", "victim_signs": True, "mandate": False, "patient_age": "majeur", "profession": "medecin_generaliste",
    "place": "cabinet", "refusal": "refus_rdv", "ground": "origine", "protection": "mutuelle", "urgency": False,
    "territory": "metropole", "continuity_assured": True, "danger_alleged": False, "goal": "indemnisation",
    "identity_ok": True, "professional_identified": True, "facts_date": date(2026, 9, 15)}


def due_dates(facts: dict[str, Value]) -> dict[str, date | None]:
    return {one.deadline.id: one.due for verdict in advise(MODEL, facts, date(2026, 11, 22)).recommended for one in verdict.deadlines}


def test_limits_counted_from_the_facts_are_dated_and_those_of_the_procedure_are_not() -> None:
    dates = due_dates(FACTS)
    assert dates["criminal_limit"] == date(2032, 9, 15)
    assert dates["civil_limit"] == date(2031, 9, 15)
    assert dates["acknowledgement"] is None
    assert "hospital_claim_limit" not in dates


def test_a_public_hospital_has_its_own_limit() -> None:
    dates = due_dates({**FACTS, "place": "hopital_public"})
    assert "civil_limit" not in dates
    assert dates["hospital_claim_limit"] is not None


def test_limits_from_an_unknown_date_are_not_dated() -> None:
    facts = {fact: value for fact, value in FACTS.items() if fact != "facts_date"}
    advice = advise(MODEL, facts, date(2026, 11, 22))
    assert {"plainte-penale", "justice-civile"} <= {one.body for one in advice.to_check}
    assert "facts_date" in advice.verdict("plainte-penale").missing
