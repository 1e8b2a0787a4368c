"""The packet a jurist signs: everything is in it once, and a reading goes stale with what was read."""

import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from html5lib import HTMLParser  # type: ignore[import-untyped,unused-ignore]

from decision_tree.authoring.read.cases import CASES, cases, load_cases
from decision_tree.authoring.read.knowledge import Knowledge, Review
from decision_tree.authoring.read.load import KNOWLEDGE, knowledge, load_knowledge
from decision_tree.authoring.read.problems import Place
from decision_tree.authoring.read.reviews import entries, review_problems, standing
from decision_tree.authoring.show.compiled_guide import compiled
from scripts.upkeep import review as verb

RULE = "rules/ars.agency_possible"


def read(path: str, hash_: str, day: date = date(2026, 11, 22)) -> Review:
    return Review(what=path, by="Maître X", day=day, hash=hash_, note=None, place=Place("decision_tree/knowledge/reviewed.yaml", 3))


def packet(known: Knowledge) -> str:
    return verb.packet(known, cases(), compiled()[1])


def test_nobody_is_said_to_have_read_anything_yet() -> None:
    assert knowledge().reviews == ()
    page = packet(knowledge())
    found = entries(knowledge(), cases())
    assert page.count("Pas encore lu par un juriste.") == len(found)


def test_everything_is_in_the_packet_once() -> None:
    page = packet(knowledge())
    known = knowledge()
    for path in entries(known, cases()):
        assert page.count(f'<article id="{path}">') == 1, path
    assert page.count("<article ") == len(entries(known, cases()))
    assert all(rule.because["en"].split("“")[0][:30] in page.replace("&#x27;", "'") for rule in known.model.rules)
    parser = HTMLParser(strict=False)
    parser.parse(page)
    assert not parser.errors


def test_a_reading_is_marked_until_what_was_read_changes() -> None:
    entry = entries(knowledge(), cases())[RULE]
    signed = replace(knowledge(), reviews=(read(RULE, entry.hash),))
    assert standing(entry, signed.reviews) == (signed.reviews[0], True)
    assert '<span class="read">Lu par Maître X le 2026-11-22</span>' in packet(signed)
    old = replace(knowledge(), reviews=(read(RULE, "0" * 12),))
    assert "Lu par Maître X le 2026-11-22, mais modifié depuis\u00a0: à relire." in packet(old)


def test_what_a_rule_builds_on_is_read_and_signed_too() -> None:
    page = packet(knowledge())
    for derived in knowledge().model.derived:
        assert f'<article id="derived.{derived}">' in page
    assert not re.search(r" [;:!?]", re.sub(r"<pre>.*?</pre>|<style>.*?</style>", "", page, flags=re.DOTALL))
    assert not re.search(r">(in_force|amended_unread|unverified|historical|current)<", page)


def test_the_table_of_a_body_says_each_combination_in_words() -> None:
    page = packet(knowledge())
    model = knowledge().model
    assert page.count("<tr><td>") == sum(len(rule.when) for rule in model.rules)
    rows = re.findall(r"<tr><td><code>pharmacy_refusal_to_sell</code></td>.*?</tr>", page)
    assert len(rows) == 1
    assert model.derived["pharmacy_refusal"].label.fr in rows[0]
    assert model.derived["fund_territory"].label.fr in rows[0]
    assert "il y a moins de 6 ans" in page


def test_a_comment_changes_no_reading_and_a_word_does(tmp_path: Path) -> None:
    root, folder = tmp_path / "knowledge", tmp_path / "cases"
    shutil.copytree(KNOWLEDGE, root)
    shutil.copytree(CASES, folder)

    def hashes() -> dict[str, str]:
        known = load_knowledge(root)
        return {path: entry.hash for path, entry in entries(known, load_cases(known.model, known.laws, folder), root, folder).items()}

    before = hashes()
    rules = root / "rules" / "ars.yaml"
    rules.write_text("# A comment.\n" + rules.read_text(encoding="utf-8"), encoding="utf-8")
    assert hashes() == before
    rules.write_text(rules.read_text(encoding="utf-8").replace("sur un établissement, un centre", "sur un centre"), encoding="utf-8")
    after = hashes()
    assert [path for path in before if before[path] != after[path]] == [RULE]


def test_a_reading_of_nothing_is_a_problem() -> None:
    wrong = replace(knowledge(), reviews=(read("rules/ars.agency_posible", "0" * 12), read("cases.c999", "0" * 12)))
    assert str(review_problems(wrong, cases())[0]).startswith(
        "decision_tree/knowledge/reviewed.yaml:3: the reading of 'rules/ars.agency_posible' is of nothing we have. "
        "Did you mean 'rules/ars.agency_possible'?")
    assert len(review_problems(wrong, cases())) == 2
    assert len(review_problems(wrong, None)) == 1


def test_signing_adds_a_line_that_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, root)
    monkeypatch.setattr(verb, "KNOWLEDGE", root)
    assert verb.main(["sign", RULE, "--by", "Maître X", "--on", "2026-11-22", "--note", "à préciser : « centre »"]) == 0
    assert verb.main(["sign", "bodies/ars", "--by", "Maître Y", "--on", "2026-11-22"]) == 0
    found = load_knowledge(root).reviews
    assert [(one.what, one.by) for one in found] == [(RULE, "Maître X"), ("bodies/ars", "Maître Y")]
    assert [one.note for one in found] == ["à préciser : « centre »", None]
    assert standing(entries(knowledge(), cases())[RULE], found) == (found[0], True)
    assert verb.main(["sign", "rules/none", "--by", "X"]) == 2
    assert "no entry has the path 'rules/none'" in capsys.readouterr().err
