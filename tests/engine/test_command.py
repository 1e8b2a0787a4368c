"""The command line, as the contract of the decision tree words it: what it prints, and what it refuses."""

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

import pytest

from decision_tree.answers import read_facts
from decision_tree.authoring.command import advice_json, main
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.explain import exclusion_words
from decision_tree.locales import LOCALES
from decision_tree.model import Locale
from tests.engine.test_reading import situation
from tests.support.situations import MODEL, ON

FACTS = {"asker": "victime", "victim_signs": True, "mandate": False, "patient_age": "majeur", "profession": "chirurgien_dentiste",
         "place": "cabinet", "refusal": "refus_rdv", "ground": "c2s", "protection": "c2s", "urgency": False,
         "facts_date": "2026-09-15", "territory": "metropole", "continuity_assured": True, "danger_alleged": False,
         "goal": "reconnaissance", "identity_ok": True, "professional_identified": True}

BROKEN: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "nothing": ("", [(1, "this is not JSON")]),
    "a list": ('["asker"]', [(1, "one JSON object was expected")]),
    "a comma too many": ('{"asker": "victime",\n}', [(2, "this is not JSON")]),
    "ids nobody knows": ('{"askr": "victime",\n"weather": 1}', [(1, "Did you mean 'asker'?"), (2, "the fact 'weather' is unknown")]),
    "an id on two lines": ('{"a\\nb": 1}', [(1, "the fact 'a\\nb' is unknown")]),
    "computed facts": ('{"has_order": true,\n\n"accused": false}', [(1, "'has_order' is computed"), (3, "'accused' is computed")]),
    "types": (('{"urgency": "oui",\n"asker": true,\n"already": "x",\n"facts_date": 20260915,\n"mandate": null,\n"identity_ok": 1,\n'
               '"place": ["cabinet"],\n"ground": {"a": 1},\n"goal": NaN}'),
              [(1, "not \"oui\""), (2, "cannot be true"), (3, "is a list, not \"x\""), (4, "is a date, not 20260915"), (5, "not null"),
               (6, "not 1"), (7, "cannot be [\"cabinet\"]"), (8, "cannot be an object"), (9, "cannot be NaN")]),
    "days": ('{"facts_date": "2026-W01-1"}', [(1, "is a date")]),
    "a day that is not": ('{"facts_date": "2026-02-30"}', [(1, "is a date")]),
    "a day to come": ('{"facts_date": "2026-11-23"}', [(1, "after the day of the advice (2026-11-22)")]),
    "a value twice": ('{"already": ["defenseur_saisi", "defenseur_saisi"]}', [(1, "names a value twice")]),
    "values of a set": ('{"already": [1, null, {}, "unknown"]}', [(1, "cannot hold 1, null, an object, \"unknown\"")]),
    "a fact twice": ('{"asker": "victime",\n"asker": "victime"}', [(2, "the fact 'asker' is given twice")]),
    "a fact twice, and wrong": ('{"asker": "nobody",\n"asker": "someone"}',
                                [(1, "cannot be \"nobody\""), (2, "is given twice"), (2, "cannot be \"someone\"")]),
    "a key that is also a value": ('{"asker": "goal",\n"goal": 1}', [(1, "cannot be \"goal\""), (2, "cannot be 1")]),
    "a number without end": (f'{{"urgency": {"9" * 5000},\n"asker": 2}}', [(1, "not Infinity"), (2, "cannot be 2")]),
    "a word without end": (f'{{"urgency": "{"a" * 100_000}"}}', [(1, "aaa…. Write true")]),
    "depth without end": ("[" * 100_000, [(1, "nested too deep")]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_problem_of_the_facts_is_named_with_its_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, problems = BROKEN[name]
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")
    assert main(["advise", str(path), "--on", "2026-11-22"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    lines = printed.err.splitlines()
    assert len(lines) == len(problems)
    for line, (number, what) in zip(lines, problems, strict=True):
        assert line.startswith(f"{path}:{number}: ")
        assert what in line


@pytest.mark.parametrize("data", ['{"asker": "é"}'.encode("latin-1"), '{"asker": "victime"}'.encode("utf-16")])
def test_bytes_that_are_no_text_are_refused(data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "facts.json").write_bytes(data)
    assert main(["advise", str(tmp_path / "facts.json")]) == 2
    assert "are not UTF-8 text. Save the file as UTF-8." in capsys.readouterr().err


@pytest.mark.parametrize("day", ["20261122", "2026-W47-7", "2026-11-31", "22/11/2026", "1899-12-31"])
def test_the_day_of_the_advice_is_written_as_the_help_says(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["advise", "facts.json", "--on", day])
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


def test_every_fact_may_be_unknown_and_is_then_not_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(dict.fromkeys(MODEL.facts, "unknown")), encoding="utf-8")
    assert main(["advise", str(path)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["next_question"] is None
    assert said["recommended"] == []
    assert all(one["missing"] for one in said["to_check"])


@pytest.mark.parametrize("locale", LOCALES)
def test_a_body_left_out_always_has_its_reason_in_words(locale: Locale) -> None:
    random = Random(2)
    for _ in range(120):
        facts = situation(random)
        kept = {fact: value for fact, value in facts.items() if random.random() < 0.7}
        for on in (ON, date(2015, 1, 1)):
            for one in advice_json(MODEL, kept, frozenset(), on, locale)["excluded"]:
                assert one["because"].endswith(".")
                assert not one["because"].endswith(": ."), one


def test_the_reason_names_what_is_presumed_as_such() -> None:
    facts, _ = read_facts(MODEL, json.dumps(FACTS), ON)
    words = exclusion_words(MODEL, facts, ON, "chambre-disciplinaire", "en")
    assert words == "Not needed with these answers: an earlier sanction of the professional (none known)."
    assert exclusion_words(MODEL, facts, ON, "info-simple", "en") == "Another way is open with these answers."


def test_the_answer_is_utf_8_from_a_folder_of_the_package_alone_in_any_terminal(tmp_path: Path) -> None:
    shutil.copytree(KNOWLEDGE.parent, tmp_path / "decision_tree", ignore=shutil.ignore_patterns("__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "decision_tree", "advise", "-", "--on", "2026-11-22"], cwd=tmp_path, capture_output=True, check=False,
        input=b"\xef\xbb\xbf" + json.dumps(FACTS).encode(), env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"")
    said = json.loads(done.stdout.decode("utf-8"))
    assert list(said) == ["recommended", "also_possible", "to_check", "excluded", "next_question"]
    assert [one["body"] for one in said["recommended"]] == ["commission-mixte-conciliation", "mediateur-cpam", "defenseur-des-droits"]
    assert said["recommended"][0]["presumes"] == ["recidive", "already"]
    assert "é" in said["also_possible"][0]["because"]
