"""The files of a result in programs that people have: a calendar server (Radicale), ical.js (Thunderbird's reader), vobject.

Two persons' files go to one association's calendar; a corrected date replaces; nothing is refused, nothing moves.
"""

import json
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import icalendar
import pytest
import vobject

from decision_tree.advice import advise
from decision_tree.authoring.read.cases import cases
from decision_tree.authoring.read.load import knowledge
from decision_tree.guide.calendar import act_by, ics, limits, vcf
from decision_tree.locales import LOCALES
from decision_tree.model import Locale, Model
from scripts.project.engines import free_port
from scripts.project.paths import ROOT

ON = date(2026, 11, 22)
SATURDAY = date(2026, 11, 20)    # six years later: 20 November 2032, a Saturday
START_S = 30
PERSON = {"Authorization": f"Basic {b64encode(b'person:any').decode()}"}


@pytest.fixture(scope="module")
def model() -> Model:
    return knowledge().model


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a calendar server that knows everybody."""
    port = free_port()
    folder = tmp_path_factory.mktemp("radicale")
    command = [sys.executable, "-m", "radicale", "--config", "", f"--server-hosts=127.0.0.1:{port}", "--auth-type=none",
               f"--storage-filesystem-folder={folder}", "--logging-level=error"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            address = f"http://127.0.0.1:{port}/person/"
            end = time.monotonic() + START_S
            while ask("PROPFIND", address) != 207:
                assert time.monotonic() < end, "Radicale does not answer"
                time.sleep(0.2)
            yield address
        finally:
            running.terminate()


def ask(method: str, address: str, text: str = "", kind: str = "text/calendar") -> int:
    """Return the status a server answers with; 0 when nothing listens."""
    try:
        sent = Request(address, text.encode(), {"Content-Type": f"{kind}; charset=utf-8", **PERSON}, method=method)
        with urlopen(sent, timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return 0


def read(address: str) -> str:
    with urlopen(Request(address, headers=PERSON), timeout=20) as answer:
        return str(answer.read().decode())


def collection(radicale: str, name: str, tag: str = "") -> str:
    """Make an empty calendar or address book and return its address."""
    where = f"{radicale}{name}/"
    books = '<D:resourcetype><D:collection/><C:addressbook xmlns:C="urn:ietf:params:xml:ns:carddav"/></D:resourcetype>'
    calendars = '<D:resourcetype><D:collection/><C:calendar xmlns:C="urn:ietf:params:xml:ns:caldav"/></D:resourcetype>'
    body = f'<D:mkcol xmlns:D="DAV:"><D:set><D:prop>{books if tag else calendars}</D:prop></D:set></D:mkcol>'
    assert ask("MKCOL", where, body, "application/xml") == 201
    return where


def file_of(model: Model, facts_day: date, mark: str, revision: int, locale: Locale = "fr") -> str:
    found = next(one for one in cases() if one.id == "c01")
    days = {"facts_date": facts_day, "complaint_received": facts_day}
    return ics(model, limits(advise(model, found.facts, ON), days), ON, locale, mark, revision)


def events(text: str) -> dict[str, Any]:
    found: list[Any] = list(icalendar.Calendar.from_ical(text).walk("VEVENT"))
    assert len({str(one["UID"]) for one in found}) == len(found)
    return {str(one["UID"]): one for one in found}


def alone(event: Any) -> str:
    """One event as a file of its own, as programs that synchronise send it."""
    calendar = icalendar.Calendar(version="2.0", prodid="-//a program//")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def put_all(where: str, text: str) -> set[int]:
    return {ask("PUT", f"{where}{uid.partition('@')[0]}.ics", alone(event)) for uid, event in events(text).items()}


@pytest.mark.parametrize("locale", LOCALES)
def test_a_calendar_server_gives_back_what_it_was_given(model: Model, radicale: str, locale: Locale) -> None:
    where, text = collection(radicale, f"dates-{locale}"), file_of(model, SATURDAY, "aa-1", 5, locale)
    assert put_all(where, text) == {201}
    sent, kept = events(text), events(read(where))
    assert sent.keys() == kept.keys() and len(sent) > 3
    for uid, event in sent.items():
        for name in ("DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "SEQUENCE"):
            assert kept[uid][name] == event[name]
        assert [alarm["TRIGGER"].dt for alarm in kept[uid].walk("VALARM")] == [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")]
    criminal = next(one for uid, one in kept.items() if "criminal_limit" in uid)
    assert criminal["DTSTART"].dt == date(2032, 11, 19)   # the Friday before


def test_the_whole_file_is_taken_too(model: Model, radicale: str) -> None:
    text = file_of(model, SATURDAY, "aa-1", 5)
    assert ask("PUT", f"{radicale}whole/", text) == 201
    assert events(read(f"{radicale}whole/")).keys() == events(text).keys()


def test_two_persons_share_a_calendar_and_a_corrected_date_replaces(model: Model, radicale: str) -> None:
    where = collection(radicale, "association")
    first, other = (file_of(model, SATURDAY, mark, 5) for mark in ("aa-1", "bb-2"))
    assert put_all(where, first) == {201} and put_all(where, other) == {201}
    assert len(events(read(where))) == len(events(first)) + len(events(other))
    corrected = file_of(model, date(2026, 11, 18), "aa-1", 9)
    assert put_all(where, corrected) <= {201, 204}
    kept = events(read(where))
    assert len(kept) == len(events(first)) + len(events(other)), "no old event stays beside the new one"
    for uid, event in events(corrected).items():
        assert kept[uid]["DTSTART"].dt == event["DTSTART"].dt and int(kept[uid]["SEQUENCE"]) == 9


@pytest.mark.parametrize("locale", LOCALES)
def test_an_address_book_takes_each_card_and_the_whole_file(model: Model, radicale: str, locale: Locale) -> None:
    text, where = vcf(model, model.bodies.values(), locale), collection(radicale, f"people-{locale}", "VADDRESSBOOK")
    cards = list(vobject.readComponents(text))
    assert {ask("PUT", f"{where}{number}.vcf", card.serialize(), "text/vcard") for number, card in enumerate(cards)} == {201}
    assert ask("PUT", f"{radicale}book-{locale}/", text, "text/vcard") == 201
    for kept in (read(where), read(f"{radicale}book-{locale}/")):
        assert {card.uid.value: card.fn.value for card in vobject.readComponents(kept)} == {card.uid.value: card.fn.value for card in cards}


READER = """
import ICAL from "ical.js";
import { readFileSync } from "node:fs";
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
console.log(JSON.stringify(calendar.getAllSubcomponents("vevent").map((one) => {
  const event = new ICAL.Event(one);
  const alarm = one.getFirstSubcomponent("valarm").getFirstPropertyValue("trigger");
  const rings = event.startDate.clone();
  rings.isDate = false;
  rings.addDuration(alarm);
  return { uid: event.uid, day: event.startDate.toString(), whole: event.startDate.isDate, days: event.duration.toSeconds() / 86400,
    summary: event.summary, sequence: event.sequence, rings: rings.toString() };
})));
"""


@pytest.mark.parametrize("locale", LOCALES)
def test_ical_js_reads_whole_days_and_rings_at_nine(model: Model, locale: Locale) -> None:
    text = file_of(model, SATURDAY, "aa-1", 5, locale)
    done = subprocess.run(["node", "--input-type=module", "-e", READER], cwd=ROOT, input=text, capture_output=True, text=True, check=True)
    found: list[Mapping[str, Any]] = json.loads(done.stdout)
    expected = events(text)
    assert {one["uid"]: one["day"] for one in found} == {uid: event["DTSTART"].dt.isoformat() for uid, event in expected.items()}
    for one in found:
        assert one["whole"] and one["days"] == 1 and one["sequence"] == 5
        assert one["summary"] == str(expected[one["uid"]]["SUMMARY"])
        assert one["rings"].endswith("T09:00:00") and one["rings"] < one["day"]


def test_the_limits_tried_are_those_of_the_page(model: Model) -> None:
    found = next(one for one in cases() if one.id == "c01")
    given = limits(advise(model, found.facts, ON), {"facts_date": SATURDAY, "complaint_received": SATURDAY})
    told = events(file_of(model, SATURDAY, "a", 1)).values()
    assert {act_by(one) for one in given if one.day is not None} == {one["DTSTART"].dt for one in told}
    assert (Path(ROOT) / "node_modules" / "ical.js").exists()
