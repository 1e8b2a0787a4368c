"""The one door: each mistake earns its whole message, whatever bytes come in."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision_tree.authoring.read.files import FILES, json_schema
from decision_tree.authoring.read.load import KNOWLEDGE, load_knowledge
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.read.yaml_text import MAX_BYTES, MAX_VALUES, read_yaml
from scripts.project.paths import ROOT
from scripts.upkeep.fuzz import document, facts_text, load_document, run_command
from tests.support.lanes import examples

BROKEN = ROOT / "tests" / "broken"
SMALL = BROKEN / "knowledge"
EXAMPLES = sorted(BROKEN.glob("*.yaml"))


def problems_of(example: bytes, file: str, folder: Path) -> str:
    root = folder / "knowledge"
    shutil.copytree(SMALL, root)
    (root / file).write_bytes(example)
    with pytest.raises(KnowledgeError) as error:
        load_knowledge(root, "knowledge")
    return str(error.value) + "\n"


def test_there_are_enough_examples_and_the_smallest_knowledge_loads() -> None:
    assert len(EXAMPLES) >= 30
    assert {path.stem for path in EXAMPLES} == {path.stem for path in BROKEN.glob("*.txt")}
    assert load_knowledge(SMALL).model.rules


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem.replace("_", " "))
def test_a_mistake_earns_its_whole_message(example: Path, tmp_path: Path) -> None:
    data = example.read_bytes()
    file = data.split(b"\n", 1)[0].decode().removeprefix("# replaces: ")
    assert problems_of(data, file, tmp_path) == example.with_suffix(".txt").read_text(encoding="utf-8")


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    found = problems_of(b"# " + b"x" * MAX_BYTES, "rules/office.yaml", tmp_path)
    assert found.startswith("knowledge/rules/office.yaml:1: the file has 300,002 bytes, more than 300,000. Split it into several files.")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(SMALL, root)
    (root / "order.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"knowledge/order\.yaml:1: no such file"):
        load_knowledge(root)


def test_problems_come_in_the_order_of_files_and_lines(tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    shutil.copytree(SMALL, root)
    for file in ("rules/office.yaml", "order.yaml", "facts.yaml"):
        (root / file).write_text("- {id: 01}\n- {id: no}\n")
    with pytest.raises(KnowledgeError) as error:
        load_knowledge(root, "knowledge")
    places = [problem.place for problem in error.value.problems]
    assert places == sorted(places)
    assert {place.file for place in places} >= {"knowledge/facts.yaml", "knowledge/order.yaml", "knowledge/rules/office.yaml"}


@pytest.mark.parametrize("pattern", FILES)
def test_every_file_agrees_with_the_schema_that_editors_read(pattern: str) -> None:
    import yaml
    from jsonschema import Draft202012Validator

    class Plain(yaml.SafeLoader):
        """YAML as editors read it: dates stay text, and only true and false are boolean."""

    Plain.yaml_implicit_resolvers = {
        key: [(tag, pattern) for tag, pattern in pairs if not tag.endswith((":timestamp", ":bool"))]
        for key, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()}
    import re
    Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
    validator = Draft202012Validator(json_schema(pattern))
    paths = sorted(KNOWLEDGE.glob(pattern))
    assert paths
    for path in paths:
        value = yaml.load(path.read_text(encoding="utf-8"), Loader=Plain)
        assert not [f"{path.name}: {error.message[:200]}" for error in validator.iter_errors(value)]


@cache
def fuzzed_folder() -> Path:
    root = Path(tempfile.mkdtemp()) / "knowledge"
    shutil.copytree(SMALL, root)
    return root


@settings(max_examples=examples(400))
@given(document(), st.sampled_from(sorted(FILES)))
def test_no_document_breaks_the_loader(data: bytes, pattern: str) -> None:
    load_document(data, pattern, fuzzed_folder())


@settings(max_examples=examples(400))
@given(facts_text())
def test_no_facts_break_the_command(data: bytes) -> None:
    run_command(data, fuzzed_folder())


@pytest.mark.parametrize("data", [
    b"- {id: a}\n" * 28_000, b"- a\n" * 74_000, b"a: {fr: a, en: b}\n" * 16_000, b"[" * 290_000, b"{" + b"a," * 140_000,
    b"%TAG !a! tag:b\n" * 18_000, b"---\na\n" * 40_000, b"a: {fr: a, en: b}\n" * (MAX_VALUES // 6),
], ids=["entries", "words", "keys", "brackets", "one line", "directives", "documents", "as many as are read"])
def test_a_file_of_nothing_but_mistakes_is_refused_in_a_second(data: bytes) -> None:
    assert not load_document(data, "rules/*.yaml", fuzzed_folder())


def test_a_file_is_read_as_far_as_its_last_value_allowed(tmp_path: Path) -> None:
    words = tmp_path / "words.yaml"
    words.write_text("- a\n" * (MAX_VALUES - 1), encoding="utf-8")
    assert read_yaml(words, "words.yaml")[1] == []
    words.write_text("- a\n" * MAX_VALUES, encoding="utf-8")
    assert [str(problem) for problem in read_yaml(words, "words.yaml")[1]] == [
        "words.yaml:12000: the file goes on after 12,000 keys, values and lists. Split it into several files."]


def test_after_two_hundred_mistakes_a_file_is_read_no_further(tmp_path: Path) -> None:
    found = problems_of(b"- {id: a}\n" * 1000, "rules/office.yaml", tmp_path)
    assert "this file has more than 200 mistakes, and is read no further. Mend those above first." in found
    assert found.count("\n") < 250
