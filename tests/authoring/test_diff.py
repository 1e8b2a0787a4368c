"""Two versions of the knowledge, compared over every situation."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from decision_tree.advice import advise
from decision_tree.authoring.prove.semantics import NOWHERE
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.authoring.read.conditions import AnyOf, Atom
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.authoring.show.diff import Compared, Version, compare, difference, read_version
from decision_tree.guide.compiled import dump_guide
from decision_tree.model import Literal
from scripts.project.paths import ROOT


@cache
def now() -> Version:
    return read_version(ROOT)


@pytest.fixture
def later(tmp_path: Path) -> Callable[..., Version]:
    """The knowledge with some sentences replaced: (file, old, new), …"""
    def edit(*changes: tuple[str, str, str]) -> Version:
        root = tmp_path / "knowledge"
        shutil.copytree(KNOWLEDGE, root)
        for file, old, new in changes:
            text = (root / file).read_text(encoding="utf-8")
            assert old in text, "the test no longer finds what it changes"
            (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return read_version(root)

    return edit


def test_the_same_knowledge_changes_no_situation() -> None:
    found = difference(now(), now())
    assert found.groups == ()
    assert compare(now(), now(), "fr") == "Aucune situation ne reçoit un autre conseil."
    assert compare(now(), now(), "en") == "No situation is given other advice."


SHORTER = ("rules/plainte-penale.yaml", "      - {facts_date: {within_years: 6}}\n      - {quick_care: false}",
           "      - {facts_date: {within_years: 5}}\n      - {quick_care: false}")


def test_a_shorter_limit_names_the_body_that_goes_and_the_cases_to_read_again(later: Callable[..., Version]) -> None:
    new = later(SHORTER)
    found = difference(now(), new)
    assert {body for group in found.groups for body in group.goes} == {"plainte-penale"}
    assert {"c25", "t17"} <= set(found.cases)
    assert "c07" in found.shown
    words = compare(now(), new, "fr")
    assert "ne sont plus conseillés\u00a0: " in words
    listed = next(line for line in words.splitlines() if line.startswith("Cas dont le conseil change, à relire\u00a0: "))
    assert "c25" in listed and "t17" in listed
    assert "are no longer advised: Criminal complaint" in compare(now(), new, "en")


def test_the_example_of_a_group_is_a_situation_whose_advice_changes(later: Callable[..., Version]) -> None:
    new = later(SHORTER, ("rules/dgccrf.yaml", "{place: magasin}", "{place: domicile}"))
    found = difference(now(), new)
    assert len(found.groups) >= 2
    assert 0 < sum(group.share for group in found.groups) < 1
    for group in found.groups:
        lists = [(tuple(one.body for one in advise(version.model, group.example, MODEL_DAY).recommended), version)
                 for version in (now(), new)]
        for (listed, _), said in zip(lists, (group.before, group.after), strict=True):
            assert set(listed) <= set(said)
    assert any(group.may_come == ("dgccrf",) for group in found.groups)
    assert any(group.may_go == ("dgccrf",) for group in found.groups)


def test_an_error_is_measured_in_the_situations_it_touched(later: Callable[..., Version]) -> None:
    new = later(SHORTER)
    found = Compared(now(), new)
    assert found.changed() == pytest.approx(sum(group.share for group in difference(now(), new).groups))
    complaint, instead = found.bodies()                              # where nothing else is left, to get informed comes in its place
    assert (complaint.body, complaint.comes, instead.body, instead.goes) == ("plainte-penale", 0, "info-simple", 0)
    assert complaint.goes == pytest.approx(found.changed()) and instead.comes < complaint.goes
    anywhere, words = (AnyOf(tuple(Atom(Literal("refusal", frozenset({value})), NOWHERE) for value in values))
                       for values in (("attitude", "refus_rdv"), ("attitude",)))
    assert 0 < found.touched(anywhere, ["plainte-penale"]) < 1
    assert found.touched(words, ["plainte-penale"]) == 0             # for words alone the limit is another, and stayed
    assert Compared(now(), now()).changed() == 0


def test_what_the_older_version_could_not_tell_does_not_count(later: Callable[..., Version]) -> None:
    """A new answer changes the advice of those who give it alone: nobody was told wrong before."""
    refusal = now().model.facts["refusal"]
    old = replace(now().model, facts={**now().model.facts, "refusal": replace(
        refusal, values=tuple(one for one in refusal.values if one != "refus_dossier"))})
    new = later(("rules/acces-dossier.yaml", "when: {all: [{record_refused: true}, {usual: true}]}",
                 "when: {all: [{record_refused: true}, {usual: true}, {recidive: oui}]}"))
    assert Compared(Version(old, ()), new).changed() == 0
    assert Compared(now(), new).changed() > 0


def test_an_older_export_lacks_the_fields_added_since(tmp_path: Path) -> None:
    guide, _ = compiled()
    data = json.loads(dump_guide(guide))
    data["model"]["questions"] = [row[:9] for row in data["model"]["questions"]]
    data["model"]["rules"] = [row[:13] for row in data["model"]["rules"]]
    data["model"]["bodies"] = [row[:16] for row in data["model"]["bodies"]]
    path = tmp_path / "model.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    read = read_version(path).model
    assert list(read.rules) == [replace(rule, reply=None, letter=None) for rule in now().model.rules]
    assert difference(Version(read, ()), now()).groups == ()
    data["model"]["rules"] = [row[:5] for row in data["model"]["rules"]]    # a field no record can do without
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="not an exported model"):
        read_version(path)


def test_another_order_is_a_change_of_its_own(later: Callable[..., Version]) -> None:
    new = later(("order.yaml", "caisse-penalite, ordre-national, mediateur-cpam, defenseur-des-droits, commission-usagers",
                 "caisse-penalite, ordre-national, defenseur-des-droits, mediateur-cpam, commission-usagers"))
    found = difference(now(), new)
    assert [group.reordered for group in found.groups] == [True]
    assert found.groups[0].before != found.groups[0].after
    assert sorted(found.groups[0].before) == sorted(found.groups[0].after)
    assert "c01" in found.cases


def test_a_rule_that_comes_or_goes_or_is_reworded_is_listed(later: Callable[..., Version]) -> None:
    new = later(("rules/france-victimes.yaml", "id: victim_support", "id: victim_listening"),
                ("rules/ars.yaml", "L’agence peut contrôler l’établissement ou signaler un praticien public.",
                 "L’agence reçoit un signalement."))
    found = difference(now(), new)
    assert found.groups == ()
    assert (found.added, found.removed, found.reworded) == (("victim_listening",), ("victim_support",), ("agency_public_hospital",))


def test_a_new_option_and_a_question_that_goes_are_put_to_both_versions(later: Callable[..., Version]) -> None:
    new = later(("facts.yaml", "values: [soin_rapide, reconnaissance,", "values: [soin_rapide, conseil, reconnaissance,"),
                ("questions.yaml", "- {value: reconnaissance, label",
                 '- {value: conseil, label: {fr: "Un conseil", en: "Advice"}}\n    - {value: reconnaissance, label'),
                ("rules/defenseur-des-droits.yaml", "  when: {quick_care: false}", "  when: {goal: conseil}"))
    found = difference(now(), new)
    assert any("defenseur-des-droits" in group.goes for group in found.groups)


def test_an_exported_model_is_compared_like_a_folder(tmp_path: Path, later: Callable[..., Version]) -> None:
    path = tmp_path / "model.json"
    with path.open("w", encoding="utf-8") as out:
        subprocess.run([sys.executable, "-m", "decision_tree", "export"], cwd=ROOT, stdout=out, check=True)
    assert difference(read_version(path), now()).groups == ()
    assert difference(read_version(path), later(SHORTER)).groups


@pytest.mark.parametrize(("name", "text", "what"), [
    ("model.json", "{", "this is not an exported model"), ("model.json", "[]", "this is not an exported model"),
    ("model.json", '{"format": 99}', "this is not an exported model"), ("empty", None, "this folder holds no facts.yaml"),
])
def test_a_version_that_cannot_be_read_is_refused_in_words(tmp_path: Path, name: str, text: str | None, what: str) -> None:
    path = tmp_path / name
    if text is None:
        path.mkdir()
    else:
        path.write_text(text)
    with pytest.raises(KnowledgeError, match=what):
        read_version(path)


def test_a_value_that_one_version_does_not_know_is_listed_and_its_cases_are_not_put_to_it() -> None:
    model = now().model
    place = model.facts["place"]
    known = tuple(value for value in place.values if value != "ehpad")
    older = replace(now(), model=replace(model, facts={**model.facts, "place": replace(place, values=known)}))
    assert any(case.facts.get("place") == "ehpad" for case in now().cases)
    found = difference(older, now())
    assert (found.asked, found.dropped) == (("place=ehpad",), ())
    assert "Faits, réponses et organismes nouveaux\u00a0: place=ehpad" in compare(older, now(), "fr")


def test_where_too_many_bodies_change_together_each_is_told_alone(later: Callable[..., Version], monkeypatch: pytest.MonkeyPatch) -> None:
    new = later(SHORTER, ("rules/dgccrf.yaml", "{place: magasin}", "{place: domicile}"))
    together = {group.bodies for group in difference(now(), new).groups}
    monkeypatch.setattr("decision_tree.authoring.show.diff.MOST_GROUPS", 0)
    alone = {group.bodies for group in difference(now(), new).groups}
    assert {(body,) for bodies in together for body in bodies} == alone
