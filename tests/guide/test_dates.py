"""Time limits as dates: from date to date, the end of a month, days that are not worked, and the files that carry them."""

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
import vobject

from decision_tree.advice import advise
from decision_tree.authoring.read.cases import cases
from decision_tree.authoring.read.load import knowledge
from decision_tree.dates import due, within_years, written
from decision_tree.guide.calendar import act_by, easter, holidays, ics, last_working_day, limits, vcf, working
from decision_tree.guide.render import Say
from decision_tree.guide.timeline import dates_html
from decision_tree.locales import LOCALES
from decision_tree.model import Locale, Model

# Time limit, day it is counted from, last day, article.
TABLE = """
acknowledgement 2026-01-01 2026-01-09 csp-r1110-11
acknowledgement 2026-02-20 2026-02-28 csp-r1110-11
acknowledgement 2026-02-21 2026-03-01 csp-r1110-11
acknowledgement 2028-02-21 2028-02-29 csp-r1110-11
acknowledgement 2028-02-22 2028-03-01 csp-r1110-11
acknowledgement 2026-12-24 2027-01-01 csp-r1110-11
acknowledgement 2026-10-23 2026-10-31 csp-r1110-11
acknowledgement 2026-03-25 2026-04-02 csp-r1110-11
transmission 2026-11-22 2026-11-30 csp-r1110-11
transmission 2026-11-23 2026-12-01 csp-r1110-11
transmission 2027-12-31 2028-01-08 csp-r1110-11
professional_summons 2026-01-15 2026-02-15 csp-l1110-3
professional_summons 2026-01-28 2026-02-28 csp-l1110-3
professional_summons 2026-01-29 2026-02-28 csp-l1110-3
professional_summons 2026-01-31 2026-02-28 csp-l1110-3
professional_summons 2028-01-29 2028-02-29 csp-l1110-3
professional_summons 2028-01-31 2028-02-29 csp-l1110-3
professional_summons 2026-02-28 2026-03-28 csp-l1110-3
professional_summons 2026-03-31 2026-04-30 csp-l1110-3
professional_summons 2026-12-31 2027-01-31 csp-l1110-3
meeting_summons 2026-11-22 2027-02-07 csp-r1110-11
meeting_summons 2026-11-30 2027-02-13 csp-r1110-11
meeting_summons 2026-12-01 2027-02-14 csp-r1110-11
meeting_summons 2027-11-30 2028-02-14 csp-r1110-11
meeting_summons 2026-12-15 2027-02-28 csp-r1110-11
meeting_summons 2027-12-15 2028-02-29 csp-r1110-11
meeting_summons 2026-10-10 2026-12-26 csp-r1110-11
committee_meeting 2026-11-22 2027-02-22 csp-l1110-3
committee_meeting 2026-11-27 2027-02-27 csp-l1110-3
committee_meeting 2026-11-28 2027-02-28 csp-l1110-3
committee_meeting 2026-11-29 2027-02-28 csp-l1110-3
committee_meeting 2026-11-30 2027-02-28 csp-l1110-3
committee_meeting 2027-11-29 2028-02-29 csp-l1110-3
committee_meeting 2027-11-30 2028-02-29 csp-l1110-3
committee_meeting 2026-12-01 2027-03-01 csp-l1110-3
committee_meeting 2026-01-31 2026-04-30 csp-l1110-3
committee_meeting 2026-03-31 2026-06-30 csp-l1110-3
committee_meeting 2026-05-31 2026-08-31 csp-l1110-3
committee_meeting 2026-10-31 2027-01-31 csp-l1110-3
committee_meeting 2021-01-05 2021-04-05 csp-l1110-3
referral_to_chamber 2027-02-22 2027-05-22 csp-r1110-13
referral_to_chamber 2027-02-28 2027-05-28 csp-r1110-13
referral_to_chamber 2027-08-31 2027-11-30 csp-r1110-13
referral_to_chamber 2027-11-30 2028-02-29 csp-r1110-13
repeat_referral 2026-11-22 2027-02-22 csp-r1110-14
repeat_referral 2026-08-31 2026-11-30 csp-r1110-14
repeat_referral 2027-11-30 2028-02-29 csp-r1110-14
fund_after_inaction 2026-11-22 2027-02-22 csp-r1110-15
fund_after_inaction 2026-07-31 2026-10-31 csp-r1110-15
fund_after_inaction 2026-11-30 2027-02-28 csp-r1110-15
criminal_limit 2026-09-15 2032-09-15 cpp-8
criminal_limit 2026-02-28 2032-02-28 cpp-8
criminal_limit 2024-02-29 2030-02-28 cpp-8
criminal_limit 2020-02-29 2026-02-28 cpp-8
criminal_limit 2022-02-28 2028-02-28 cpp-8
criminal_limit 2020-11-22 2026-11-22 cpp-8
criminal_limit 2020-11-21 2026-11-21 cpp-8
criminal_limit 2021-12-31 2027-12-31 cpp-8
civil_limit 2026-09-15 2031-09-15 cciv-2224
civil_limit 2024-02-29 2029-02-28 cciv-2224
civil_limit 2023-03-01 2028-03-01 cciv-2224
civil_limit 2021-11-22 2026-11-22 cciv-2224
civil_limit 2025-01-01 2030-01-01 cciv-2224
hospital_claim_limit 2022-11-22 2026-12-31 loi-68-1250
hospital_claim_limit 2022-01-01 2026-12-31 loi-68-1250
hospital_claim_limit 2021-12-31 2025-12-31 loi-68-1250
hospital_claim_limit 2024-02-29 2028-12-31 loi-68-1250
hospital_claim_limit 2026-12-31 2030-12-31 loi-68-1250
insult_limit 2026-09-15 2026-12-15 loi-1881-65
insult_limit 2026-11-30 2027-02-28 loi-1881-65
hospital_court 2026-11-22 2027-01-22 cja-r421-1
hospital_court 2026-12-31 2027-02-28 cja-r421-1
hospital_court 2027-12-30 2028-02-29 cja-r421-1
hospital_court 2026-06-30 2026-08-30 cja-r421-1
hospital_court 2026-07-31 2026-09-30 cja-r421-1
fund_appeal 2026-11-22 2027-01-22 css-r142-1
fund_appeal 2026-12-31 2027-02-28 css-r142-1
fund_silence 2026-06-30 2026-08-30 css-r142-6
fund_silence 2027-12-30 2028-02-29 css-r142-6
record_due 2026-01-01 2026-01-09 csp-l1111-7
record_due 2026-02-21 2026-03-01 csp-l1111-7
old_record_due 2026-11-22 2027-01-22 csp-l1111-7
old_record_due 2026-12-30 2027-02-28 csp-l1111-7
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
ON = date(2026, 11, 22)


@pytest.fixture(scope="module")
def model() -> Model:
    return knowledge().model


def test_the_table_is_long_enough_and_covers_every_limit(model: Model) -> None:
    assert len(ROWS) >= 60
    assert {row[0] for row in ROWS} == {deadline.id for deadline in model.deadlines}


@pytest.mark.parametrize(("limit", "start", "last", "law"), ROWS, ids=lambda value: str(value))
def test_a_limit_falls_on_its_last_day(model: Model, limit: str, start: str, last: str, law: str) -> None:
    deadline = next(one for one in model.deadlines if one.id == limit)
    assert (due(date.fromisoformat(start), deadline.delay).isoformat(), deadline.law) == (last, law)


@pytest.mark.parametrize(("start", "years", "last"), [
    (date(2020, 11, 22), 6, date(2026, 11, 22)), (date(2020, 2, 29), 6, date(2026, 2, 28)), (date(2024, 2, 29), 4, date(2028, 2, 29))])
def test_a_limit_in_years_holds_on_its_last_day_and_not_the_day_after(start: date, years: int, last: date) -> None:
    assert within_years(start, years, last)
    assert not within_years(start, years, last + timedelta(days=1))


@pytest.mark.parametrize(("year", "day"), [
    (2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)), (2038, date(2038, 4, 25))])
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day


def test_public_holidays_of_a_year() -> None:
    assert sorted(day.isoformat()[5:] for day in holidays(2026)) == [
        "01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"]


@pytest.mark.parametrize(("day", "before"), [
    (date(2026, 11, 20), date(2026, 11, 20)), (date(2026, 11, 21), date(2026, 11, 20)), (date(2026, 11, 22), date(2026, 11, 20)),
    (date(2026, 4, 6), date(2026, 4, 3)), (date(2026, 12, 25), date(2026, 12, 24)), (date(2027, 1, 1), date(2026, 12, 31)),
    (date(2026, 11, 11), date(2026, 11, 10)), (date(2026, 5, 25), date(2026, 5, 22))])
def test_a_day_that_is_not_worked_sends_back_to_the_last_worked_one(day: date, before: date) -> None:
    assert last_working_day(day) == before and working(before)


def test_limits_come_in_the_order_they_fall_and_undated_ones_last(model: Model) -> None:
    found = next(one for one in cases() if one.id == "c01")
    days = {"complaint_received": date(2026, 11, 1), "facts_date": date(2026, 9, 15)}
    given = limits(advise(model, found.facts, ON), days)
    dated = [one.day for one in given if one.day is not None]
    assert dated == sorted(dated) and len(dated) >= 5
    assert [one.deadline.id for one in given if one.day is None] == ["referral_to_chamber"]


def test_only_whoever_must_act_is_told_to_act_before_a_day_that_is_not_worked(model: Model) -> None:
    """The Order may answer on a Saturday; the reader is told the Friday before for a limit of her own."""
    found = next(one for one in cases() if one.id == "c01")
    days = {"complaint_received": date(2026, 11, 20), "facts_date": date(2026, 11, 20)}   # 28 November 2026, 20 November 2032: Saturdays
    html = dates_html(limits(advise(model, found.facts, ON), days), days, ON, Say(model, "fr"))
    items = {item.partition('"')[0]: item for item in html.split('<li data-limit="')[1:]}
    assert "28\u00a0novembre 2026" in items["acknowledgement"] and "ouvrable" not in items["acknowledgement"]
    assert "au plus tard le 19\u00a0novembre 2032" in items["criminal_limit"]
    assert {one.id for one in model.deadlines if one.yours} == {
        "criminal_limit", "insult_limit", "civil_limit", "hospital_claim_limit", "hospital_court", "fund_appeal"}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_calendar_file_says_what_the_page_says(model: Model, locale: Locale) -> None:
    found = next(one for one in cases() if one.id == "c01")
    days = {"complaint_received": date(2026, 11, 20), "facts_date": date(2026, 9, 15), "committee_met": date(2026, 11, 30)}
    given = limits(advise(model, found.facts, ON), days)
    text = ics(model, given, ON, locale)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n")) and text.endswith("END:VCALENDAR\r\n")
    events: list[Any] = list(icalendar.Calendar.from_ical(text).walk("VEVENT"))
    assert [event["DTSTART"].dt for event in events] == [act_by(one) for one in given if one.day is not None and one.day >= ON]
    for event in events:
        assert type(event["DTSTART"].dt) is date
        assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)
        assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-7, hours=9)]   # at nine in the morning
    summaries = [str(event["SUMMARY"]) for event in events]
    page = dates_html(given, days, ON, Say(model, locale))
    assert all(one.deadline.text[locale] in summary for one, summary in
               zip((one for one in given if one.day is not None and one.day >= ON), summaries, strict=True))
    assert page.count("<time ") == len([one for one in given if one.day is not None])
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert text == ics(model, given, ON, locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_calendar_never_shows_a_later_day_than_the_page_does(model: Model, locale: Locale) -> None:
    """The only limit of the list that the person must meet falls on a Saturday: both say the Friday before."""
    found = next(one for one in cases() if one.id == "c01")
    days = {"facts_date": date(2026, 11, 20)}   # 20 November 2032: a Saturday
    given = limits(advise(model, found.facts, ON), days)
    events: list[Any] = list(icalendar.Calendar.from_ical(ics(model, given, ON, locale)).walk("VEVENT"))
    event = next(event for event in events if "criminal_limit" in event["UID"])
    friday, saturday = (written(date(2032, 11, day), locale) for day in (19, 20))
    assert event["DTSTART"].dt == date(2032, 11, 19)
    assert saturday in event["SUMMARY"]
    assert f"{friday}." in event["DESCRIPTION"] and saturday in event["DESCRIPTION"]
    page = dates_html(given, days, ON, Say(model, locale))
    assert friday in page and model.words["guide.dates.not_working"][locale] in event["DESCRIPTION"]
    for limit in given:
        assert limit.day is None or act_by(limit) <= limit.day


def test_a_corrected_date_replaces_and_two_people_share_no_event(model: Model) -> None:
    found = next(one for one in cases() if one.id == "c01")

    def events(day: date, mark: str, revision: int) -> dict[str, tuple[int, date]]:
        given = limits(advise(model, found.facts, ON), {"facts_date": day, "complaint_received": day})
        made: list[Any] = list(icalendar.Calendar.from_ical(ics(model, given, ON, "fr", mark, revision)).walk("VEVENT"))
        return {str(event["UID"]): (int(event["SEQUENCE"]), event["DTSTART"].dt) for event in made}

    first, corrected = events(date(2026, 11, 19), "aa-1", 5), events(date(2026, 11, 18), "aa-1", 9)
    other = events(date(2026, 11, 19), "bb-2", 5)
    assert first.keys() == corrected.keys() and first
    assert all(corrected[one][0] > first[one][0] and corrected[one][1] < first[one][1] for one in first)
    assert not first.keys() & other.keys()


def test_each_card_of_the_address_book_has_a_name_of_its_own(model: Model) -> None:
    cards = list(vobject.readComponents(vcf(model, model.bodies.values(), "fr")))
    assert len({card.uid.value for card in cards}) == len(cards) > 5


@pytest.mark.parametrize("locale", LOCALES)
def test_the_address_book_holds_confirmed_contacts_alone(model: Model, locale: Locale) -> None:
    cards = list(vobject.readComponents(vcf(model, model.bodies.values(), locale)))
    assert any("Défenseur des droits" in card.fn.value for card in cards)
    confirmed = {contact.value for contact in model.contacts.values() if contact.status == "confirmed"}
    for card in cards:
        for line in (*card.contents.get("tel", []), *card.contents.get("url", [])):
            assert line.value in confirmed


@pytest.mark.parametrize(("day", "fr", "en"), [
    (date(2027, 3, 1), "1er\u00a0mars 2027", "1\u00a0March 2027"), (date(2026, 8, 22), "22\u00a0août 2026", "22\u00a0August 2026")])
def test_dates_in_words(day: date, fr: str, en: str) -> None:
    assert (written(day, "fr"), written(day, "en")) == (fr, en)
