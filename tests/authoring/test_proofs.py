"""What `check` proves of the knowledge, and what it says when a proof fails."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from decision_tree.authoring.prove.compile import Space, compile_graph
from decision_tree.authoring.prove.knowledge_check import Counts, articles_followed, over_budget
from decision_tree.authoring.prove.proofs import (
    bodies_are_named,
    conditions_matter,
    exceptions_lead_somewhere,
    invariants_hold,
    later_advice_holds,
    options_differ,
    order_is_total,
    proofs,
    questions_matter,
    rules_decide,
    some_body,
    values_fit,
)
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE, knowledge, load_knowledge
from decision_tree.authoring.read.schemas import schema_problems, schema_texts
from decision_tree.authoring.read.translations import entries, lock_problems, note, read_lock
from scripts.measure.growth import more_questions
from tests.support.lanes import first, spread

Edit = Callable[..., Knowledge]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Load the knowledge with one sentence of one file replaced."""
    def edit(file: str, old: str, new: str) -> Knowledge:
        root = tmp_path / "knowledge"
        if not root.exists():
            shutil.copytree(KNOWLEDGE, root)
        path = root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, "the test no longer finds what it breaks"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return load_knowledge(root)

    return edit


def said(found: object) -> str:
    return "\n".join(map(str, found))  # type: ignore[call-overload]


def test_a_rule_that_can_never_be_heard_is_named_with_its_line(edited: Edit) -> None:
    broken = edited("rules/urgences.yaml", "when: {urgency: true}", "when: {all: [{urgency: true}, {urgency: false}]}")
    p = proofs(broken, Space(broken.model))
    assert "decision_tree/knowledge/rules/urgences.yaml:2: rule 'emergency' is never heard." in said(rules_decide(p))
    assert "bodies/urgences.yaml:1: no situation leads to the body 'urgences'" in said(bodies_are_named(p))
    assert "invariant 'emergency_first' does not hold: 'urgences' is not recommended when {urgency: true}" in said(invariants_hold(p))


def test_a_rule_that_never_gives_the_reason_is_named(edited: Edit) -> None:
    broken = edited("rules/regularisation-pro.yaml", "- id: accused_professional", """- id: accused_first
  body: regularisation-pro
  level: main
  closes: true
  when: {accused: true}
  because: {fr: "Une raison.", en: "A reason."}
  in_force_from: 2020-10-05
  sources: [csp-r1110-12]
  shown_by: [c33]
- id: accused_professional""")
    assert "rule 'accused_professional' is never the one whose reason is given" in said(rules_decide(proofs(broken, Space(broken.model))))


def test_a_situation_without_any_body_is_shown(edited: Edit) -> None:
    broken = edited("rules/info-simple.yaml", "  fallback: true\n  always: true\n", "  fallback: true\n")
    assert "no body is recommended in some situations, such as {" in said(some_body(proofs(broken, Space(broken.model))))


def test_the_advice_is_proved_for_the_day_a_rule_ends(edited: Edit) -> None:
    assert not list(later_advice_holds(knowledge()))
    ending = edited("rules/info-simple.yaml", "  fallback: true\n", "  fallback: true\n  in_force_to: 2027-06-30\n")
    assert not list(some_body(proofs(ending, Space(ending.model))))
    found = said(later_advice_holds(ending))
    assert "from 2027-07-01 on, as rules begin or end, no body is recommended in some situations, such as {" in found


def test_two_bodies_without_an_order_are_named(edited: Edit) -> None:
    broken = edited("order.yaml", "ordre-plainte-ordinaire, ordre-national, dgccrf, info-simple", "ordre-plainte-ordinaire, ordre-national")
    found = said(order_is_total(proofs(broken, Space(broken.model))))
    assert "order.yaml:4: nothing says whether 'dgccrf' comes before 'ordre-plainte-ordinaire' when {" in found


def test_two_orders_that_disagree_are_named(edited: Edit) -> None:
    broken = edited("order.yaml", "urgences, regularisation-pro, info-simple", "regularisation-pro, urgences, info-simple")
    broken = edited("order.yaml", "- id: accused", "- id: danger\n  bodies: [urgences, regularisation-pro]\n- id: accused")
    found = said(order_is_total(proofs(broken, Space(broken.model))))
    assert "comes both before and after" in found
    assert "order.yaml:" in found


def test_a_circle_of_three_bodies_is_named(edited: Edit) -> None:
    broken = edited("order.yaml", "[urgences, regularisation-pro, info-simple]", "[urgences, regularisation-pro]")
    broken = edited("order.yaml", "- id: accused", """- id: second
  when: {accused: true}
  bodies: [regularisation-pro, info-simple]
- id: third
  when: {accused: true}
  bodies: [info-simple, urgences]
- id: accused""")
    assert "each come before the next, in a circle" in said(order_is_total(proofs(broken, Space(broken.model))))


IDLE = (
    ("rules/ars.yaml", "[{place: regulation}, ", "[{place: regulation}, {hospital: false}, ",
     "in rule 'agency_on_call', the test “hospital: false” can be dropped"),
    ("derived.yaml", "when: {asker: professionnel_mis_en_cause}",
     "when: {all: [{asker: professionnel_mis_en_cause}, {not: {asker: victime}}]}",
     "in the derived fact 'accused', the test “asker: victime” can be dropped"),
    ("order.yaml", "- id: accused\n", "- id: accused\n  when: {accused: true}\n",
     "in the order 'accused', the test “accused: true” can be dropped"),
    ("order.yaml", "- id: accused\n", "- id: again\n  bodies: [regularisation-pro, info-simple]\n- id: accused\n",
     "the order 'again' can be removed"),
)


@pytest.mark.prove     # every condition of the whole knowledge, each taken out
def test_every_condition_that_decides_nothing_is_named(edited: Edit) -> None:
    for file, old, new, _ in IDLE:
        broken = edited(file, old, new)
    found = said(conditions_matter(proofs(broken, Space(broken.model))))
    for file, _, _, what in IDLE:
        assert what in found
        assert f"decision_tree/knowledge/{file}:" in found


def test_an_exception_that_leads_nowhere_is_named(edited: Edit) -> None:
    broken = edited("rules/mediateur-cpam.yaml", "leads_to: info-simple", "leads_to: mediateur-cpam")
    assert "leads to 'mediateur-cpam', which is never named there" in said(exceptions_lead_somewhere(proofs(broken, Space(broken.model))))


def test_two_exceptions_with_different_ends_need_an_order(edited: Edit) -> None:
    broken = edited("rules/plainte-penale.yaml", "when: {refusal: inaccessibilite}\n      leads_to: plainte-penale",
                    "when: {refusal: inaccessibilite}\n      leads_to: association-agreee")
    found = said(exceptions_lead_somewhere(proofs(broken, Space(broken.model))))
    assert "the exceptions 'premises_only' and 'risk_put_forward' of rule 'criminal_complaint' lead to different bodies together" in found


def test_options_that_nothing_tells_apart_are_declared(edited: Edit) -> None:
    broken = edited("questions.yaml", "values: [refus_rdv, refus_soin, ", "values: [refus_rdv, ")
    assert "nothing tells the options" in said(options_differ(proofs(broken, Space(broken.model))))


def test_options_declared_alike_are_alike(edited: Edit) -> None:
    broken = edited("questions.yaml", "[patientele_complete, delai_anormal]", "[patientele_complete, delai_anormal, rupture]")
    found = said(options_differ(proofs(broken, Space(broken.model))))
    assert "'refusal' declares patientele_complete, delai_anormal, rupture alike, but a rule tells them apart" in found


def test_an_answer_that_results_show_is_said_in_words(edited: Edit) -> None:
    said_ = ', said: {fr: "Si le professionnel ne doit pas apprendre le nom", en: "If the professional must not learn the name"}'
    broken = edited("questions.yaml", said_, "")
    space = Space(broken.model)
    found = said(questions_matter(proofs(broken, space), compile_graph(broken.model)))
    assert "results show what 'false' of 'identity_ok' would change, in no words" in found


@pytest.mark.parametrize(("old", "new", "what"), [
    ("unknown: majeur", "unknown: adulte", "'unknown' of the question 'patient_age' is 'adulte'"),
    ("value: majeur, refine: true", "value: adulte, refine: true",
     "'implied_by' of the question 'patient_age' is 'adulte'"),
    ("assumed: recent", "assumed: old", "'assumed' of the question 'facts_date' is 'old'"),
])
def test_a_supposed_value_is_an_answer(edited: Edit, old: str, new: str, what: str) -> None:
    assert what in said(values_fit(edited("questions.yaml", old, new)))


@pytest.mark.parametrize("times", first([2, 4]))
def test_twice_the_questions_cost_the_compiler_about_twice_as_much(times: int) -> None:
    """Counted in nodes made, which no other work of the machine changes."""
    made = [Space(more_questions(knowledge().model, many)) for many in (times // 2, times)]
    graphs = [compile_graph(space.model, space=space) for space in made]
    assert len(graphs[1].states) > 1.9 * len(graphs[0].states)
    assert len(made[1].store.values) <= 2.5 * len(made[0].store.values)


def test_a_question_too_many_passes_the_budget(edited: Edit) -> None:
    tight = edited("budget.yaml", "longest_way: 15", "longest_way: 3")
    counts = Counts(**{field.name: 4 for field in fields(Counts)})
    (found,) = over_budget(tight, counts)
    assert "budget.yaml:1: 'longest_way' is 4, more than the budget of 3" in str(found)


def test_every_text_and_source_is_locked() -> None:
    assert set(read_lock()[0]) == set(entries(knowledge()))
    assert not lock_problems(knowledge())


@pytest.mark.parametrize("named", ["R. 6145-4", "R.\u00a06145-4", "R. 6145-4 et L. 1110-3"])
def test_an_article_that_a_source_names_and_nobody_follows_is_named(edited: Edit, named: str) -> None:
    source = "R. 6145-4 CSP, version du 1er mai 2010, copie de 2022"
    edited("statements/acces.yaml", "laws: [csp-r6145-4]", "laws: [csp-r6145-4, csp-l1110-3]")
    assert not articles_followed(edited("statements/acces.yaml", source, f"{named} CSP"))
    broken = edited("statements/acces.yaml", f"{named} CSP", f"{named.replace('6145-4', '6145-999')} CSP")
    assert said(articles_followed(broken)).count("names R. 6145-999, which none of its laws is") == 1


def test_a_range_of_articles_holds_those_between(edited: Edit) -> None:
    source = 'art. R. 1112-91 et R. 1112-92"'
    broken = edited("statements/situations.yaml", source, 'art. R. 1112-91 à R. 1112-95"')
    assert "names R. 1112-95, which none of its laws is" in said(articles_followed(broken))
    assert "R. 1112-93, which" not in said(articles_followed(broken))


@pytest.mark.parametrize(("file", "old", "new", "what"), [
    ("rules/urgences.yaml", "sources: [cp-223-6, csp-l1110-3]", "sources: [csp-l1110-3]",
     "rules/urgences.yaml:2: the list of sources 'rules/urgences.emergency.sources' has changed"),
    ("rules/ars.yaml", "L’agence peut contrôler l’établissement ou signaler un praticien public.", "L’agence reçoit un signalement.",
     "the text 'rules/ars.agency_public_hospital.because' has changed since it was last read"),
    ("bodies/ars.yaml", "sources: [", "sources: [cp-225-1, ", "the list of sources 'bodies/ars.sources' has changed"),
    ("quantities.yaml", "law: csp-r1110-14", "law: null", "has changed"),
    ("glossary.yaml", "laws: [csp-l4124-6]", "laws: []", "the list of sources 'glossary."),
])
def test_a_text_or_source_that_changed_is_named(edited: Edit, file: str, old: str, new: str, what: str) -> None:
    broken = edited(file, old, new)
    assert what in said(lock_problems(broken))


def test_reading_one_text_again_locks_that_one_only(edited: Edit, tmp_path: Path) -> None:
    broken = edited("rules/ars.yaml", "L’agence peut contrôler l’établissement ou signaler un praticien public.",
                    "L’agence reçoit un signalement.")
    broken = edited("rules/urgences.yaml", "sources: [cp-223-6, csp-l1110-3]", "sources: [csp-l1110-3]")
    root = tmp_path / "knowledge"
    assert len(lock_problems(broken, root)) == 2
    assert "L’agence reçoit un signalement." in note(broken, "rules/ars.agency_public_hospital.because", root)
    assert len(lock_problems(broken, root)) == 1


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """A folder that holds nothing but decision_tree/."""
    shutil.copytree(KNOWLEDGE.parent, tmp_path / "decision_tree", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def check_in(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "decision_tree", "check"], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.prove     # `make check` proves it where it stands in the project
def test_the_package_alone_is_proved_where_it_stands(alone: Path) -> None:
    done = check_in(alone)
    assert (done.returncode, done.stderr) == (0, "")
    assert "situations" in done.stdout


def remove_rule(text: str) -> str:
    first, *others = text.split("\n- id: ")
    return "\n- id: ".join([first, *others[1:]])


@pytest.mark.sampled
@pytest.mark.parametrize("file", spread(sorted(path.relative_to(KNOWLEDGE).as_posix() for path in (KNOWLEDGE / "rules").glob("*.yaml")), 8))
def test_a_rule_that_is_removed_is_missed(file: str, tmp_path: Path) -> None:
    from decision_tree.authoring.read.problems import KnowledgeError

    root = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, root)
    path = root / file
    path.write_text(remove_rule(path.read_text(encoding="utf-8")), encoding="utf-8")
    try:
        found = said(lock_problems(load_knowledge(root), root))
    except KnowledgeError as error:
        found = str(error)
    assert ".yaml:" in found


def test_the_command_says_where_a_removed_source_was(alone: Path) -> None:
    rules = alone / "decision_tree/knowledge/rules/dgccrf.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("sources: [cc-l121-11]", "sources: []"), encoding="utf-8")
    done = check_in(alone)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "decision_tree/knowledge/rules/dgccrf.yaml:41: this list is empty" in done.stderr


def test_the_schemas_are_those_of_the_loader(tmp_path: Path) -> None:
    assert not schema_problems()
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "rules.schema.json").write_text("{}")
    (tmp_path / "schemas" / "old.schema.json").write_text("{}")
    found = said(schema_problems(tmp_path))
    assert "rules.schema.json:1: this schema is not what the loader checks" in found
    assert "old.schema.json:1: this schema describes no file" in found
    assert found.count("this schema is missing") == len(schema_texts()) - 1
