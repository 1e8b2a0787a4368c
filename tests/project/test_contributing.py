"""The contributor documents show messages: each of them is really earned by the slip beside it.

Line numbers are left out: they move whenever somebody adds a line above.
"""

import re
import shutil
from pathlib import Path

import pytest

from decision_tree.advice import advise
from decision_tree.authoring.prove.knowledge_check import cases_exist
from decision_tree.authoring.read.cases import CASES, load_cases
from decision_tree.authoring.read.load import KNOWLEDGE, knowledge, load_knowledge
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.read.translations import lock_problems
from scripts.content.checks import coverage, typed, typography
from scripts.content.page import Page
from scripts.project.paths import ROOT


def plain(message: object) -> str:
    """Return a message, or a document of messages, without line numbers."""
    return re.sub(r"(?<=\.yaml):\d+:", ":", str(message))


LADDER = plain((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
JURIST = plain((ROOT / "docs" / "contribuer" / "GUIDE-JURISTE.md").read_text(encoding="utf-8"))
TRANSLATOR = plain((ROOT / "docs" / "contribuer" / "GUIDE-TRADUCTION.md").read_text(encoding="utf-8"))
RULES = "rules/dgccrf.yaml"
WRONG_KEY = "decision_tree/knowledge/rules/dgccrf.yaml: the key 'levle' is unknown here. Did you mean 'level'?"

SLIPS = [  # (file, what stands there, the slip, where the message is shown)
    (RULES, "body: dgccrf", "body: dgcrf", LADDER),
    (RULES, "sources: [cc-l121-11, cc-r132-1]", "sources: [cc-l121-12, cc-r132-1]", LADDER + JURIST),
    (RULES, "sources: [cc-l121-11, cc-r132-1]", "sources: []", LADDER + JURIST),
    (RULES, "in_force_from: 2020-10-05", "in_force_from: 5 octobre 2020", LADDER + JURIST),
    (RULES, '    en: "Refusing to supply in a pharmacy may be a refusal to sell: report it."\n', "", LADDER + JURIST),
    (RULES, "danger_alleged: false", "danger_alleged: no", JURIST),
    ("bodies/dgccrf.yaml", 'aim:\n  fr: "', 'aim:\n  fr: "{acknowledgment} ', LADDER),
]


def messages(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as error:
        load_knowledge(folder)
    return [plain(problem) for problem in error.value.problems]


def slipped(folder: Path, file: str, right: str, wrong: str) -> Path:
    """Return a copy of the knowledge with one slip in it."""
    copy = Path(shutil.copytree(KNOWLEDGE, folder / "knowledge"))
    text = (copy / file).read_text(encoding="utf-8")
    assert right in text, f"{file} no longer says “{right}”: choose another example for the contributor documents"
    (copy / file).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return copy


@pytest.mark.parametrize(("file", "right", "wrong", "shown"), SLIPS, ids=lambda part: str(part)[:30])
def test_a_slip_in_the_knowledge_earns_the_message_shown(tmp_path: Path, file: str, right: str, wrong: str, shown: str) -> None:
    earned = messages(slipped(tmp_path, file, right, wrong))
    assert any(message in shown for message in earned), earned


def test_a_wrong_key_earns_the_beginning_of_the_message_shown(tmp_path: Path) -> None:
    earned = messages(slipped(tmp_path, RULES, "level: main", "levle: main"))
    assert WRONG_KEY in LADDER
    assert any(message.startswith(WRONG_KEY) for message in earned), earned


@pytest.mark.parametrize(
    ("right", "wrong", "shown"),
    [
        ("signalez-le.", "signalez-le vite.", [LADDER, TRANSLATOR]),
        ("sources: [cc-l121-11, cc-r132-1]", "sources: [cc-l121-11]", [JURIST]),
    ],
    ids=["text", "sources"],
)
def test_a_change_not_read_again_earns_the_message_shown(tmp_path: Path, right: str, wrong: str, shown: list[str]) -> None:
    copy = slipped(tmp_path, RULES, right, wrong)
    earned = [plain(problem) for problem in lock_problems(load_knowledge(copy), copy)]
    assert all(any(message in document for message in earned) for document in shown), earned


def test_a_case_nobody_wrote_earns_the_message_shown(tmp_path: Path) -> None:
    changed = load_knowledge(slipped(tmp_path, RULES, "shown_by: [c05, c06]", "shown_by: [c99]"))
    assert [problem for problem in cases_exist(changed, KNOWLEDGE) if plain(problem) in LADDER]


def test_a_slip_in_a_case_earns_the_message_shown(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(CASES, tmp_path / "cases"))
    text = (copy / "reference.yaml").read_text(encoding="utf-8")
    (copy / "reference.yaml").write_text(text.replace("place: pharmacie", "place: officine", 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load_cases(knowledge().model, knowledge().laws, copy)
    assert plain(error.value.problems[0]) in LADDER


def test_a_forgotten_body_earns_the_difference_shown(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(CASES, tmp_path / "cases"))
    text = (copy / "reference.yaml").read_text(encoding="utf-8")
    (copy / "reference.yaml").write_text(text.replace("defenseur-des-droits, dgccrf]", "defenseur-des-droits]", 1), encoding="utf-8")
    model = knowledge().model
    case = next(case for case in load_cases(model, knowledge().laws, copy) if case.id == "c05")
    assert any(said in LADDER for said in case.differences(advise(model, case.facts, case.on)))


def page(text: str, locale: str = "fr") -> Page:
    return Page(locale, "patients/trouver-un-soin.md", f"---\ntitle: Titre\n---\n{text}\n")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Vous recevez un accusé de réception sous 8 jours.", "is typed by hand. Write {{ n("),
        ("Écrivez au Défenseur des droits.", "is typed by hand. Write {{ body("),
        ("Ce point reste à vérifier.", "this sentence hedges: “reste à vérifier”"),
    ],
)
def test_a_slip_in_a_page_earns_the_message_shown(line: str, shown: str) -> None:
    found = [*typed.check(page(line), knowledge()), *coverage.check_wording(page(line), knowledge())]
    said = [str(problem).split(": ", 1)[1] for problem in found]
    assert said and all(shown in message and message in LADDER for message in said), said


def test_straight_quotation_marks_earn_the_message_shown() -> None:
    (problem,) = typography.check(page('They say "no".', "en"))
    assert "straight quotation marks. Write “ ”." in str(problem)
    assert "straight quotation marks. Write “ ”." in LADDER and "straight quotation marks. Write “ ”." in TRANSLATOR


def test_the_documents_name_files_that_exist() -> None:
    for name in (
        "tests/cases/reference.yaml",
        "tests/cases/rules.yaml",
        "decision_tree/knowledge/order.yaml",
        "docs/fr/professionnels/temoin.md",
    ):
        assert name in LADDER + JURIST + TRANSLATOR
        assert (ROOT / name).exists()
