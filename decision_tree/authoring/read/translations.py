"""What was read in both languages: the lock that ties each English text to the French it translates.

`translations.lock.yaml` holds, for the path of each text, the first twelve digits of the SHA-256 of its French; and for
all that cites a law or a statement the same of its sources, so that a source lost in an edit is seen. An entry is
written by a person who has read both texts, one at a time.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import KnowledgeError, Place, Problem, did_you_mean
from decision_tree.authoring.read.yaml_text import MappingNode, ScalarNode, place_of, read_yaml
from decision_tree.locales import REFERENCE
from decision_tree.model import Text

LOCK = "translations.lock.yaml"
SHOWN = "decision_tree/knowledge"
HEADER = """\
# For each text, the French that its English was made from; for all that cites a law or a statement, its sources.
# Written one entry at a time, after a reading: python -m decision_tree translated PATH
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a person reads before locking it."""

    path: str
    place: Place
    french: str                          # or the sources, in their order
    others: Mapping[str, str] | None     # locale → translation; None for sources

    @property
    def hash(self) -> str:
        """The first twelve digits of the SHA-256 of what was read."""
        return hashlib.sha256(self.french.encode()).hexdigest()[:12]


def entries(knowledge: Knowledge) -> dict[str, Entry]:
    """Return everything the lock holds, by path."""
    found = {path: Entry(path, place, text.fr, _others(text)) for path, (text, place) in knowledge.texts.items()}
    for path, place, ids in _sources(knowledge):
        found[path] = Entry(path, place, " ".join(ids), None)
    return found


def _others(text: Text) -> dict[str, str]:
    return {locale: words for locale, words in text.words.items() if locale != REFERENCE}


def _sources(knowledge: Knowledge) -> Iterable[tuple[str, Place, tuple[str, ...]]]:
    for rule in knowledge.model.rules:
        place = knowledge.rule_texts[rule.id].place
        yield f"{_stem(place, 'rules')}.{rule.id}.sources", place, rule.sources
    for body in knowledge.bodies.values():
        place = Place(f"{SHOWN}/bodies/{body.id}.yaml", 1)
        yield f"bodies/{body.id}.sources", place, body.sources
        yield f"bodies/{body.id}.statements", place, body.statements
    for statement in knowledge.statements.values():
        yield f"{_stem(statement.place, 'statements')}.{statement.id}.laws", statement.place, statement.laws
    for invariant in knowledge.invariants:
        yield f"invariants.{invariant.id}.sources", invariant.place, invariant.sources
    for term in knowledge.glossary.values():
        yield f"glossary.{term.id}.sources", term.place, (*term.statements, *term.laws)
    for quantity in knowledge.quantities.values():
        place = quantity.place or Place(f"{SHOWN}/quantities.yaml", 1)
        yield f"quantities.{quantity.id}.sources", place, tuple(filter(None, (quantity.law, quantity.statement)))
    for contact in knowledge.model.contacts.values():
        _, place = knowledge.texts[f"contacts.{contact.id}.label"]
        yield f"contacts.{contact.id}.sources", place, tuple(filter(None, (contact.statement,)))


def _stem(place: Place, folder: str) -> str:
    return f"{folder}/{PurePosixPath(place.file).stem}"


def read_lock(root: Path = KNOWLEDGE, shown_root: str = SHOWN) -> tuple[dict[str, tuple[str, Place]], list[Problem]]:
    """Return the hash and the line of every locked path, and what is wrong with the file."""
    shown = f"{shown_root}/{LOCK}"
    node, problems = read_yaml(root / LOCK, shown)
    found: dict[str, tuple[str, Place]] = {}
    if node is None:
        return found, problems or [Problem(Place(shown, 1), "the file is empty", "Restore it: it says which translations were read.")]
    if not isinstance(node, MappingNode):
        return found, [Problem(place_of(node, shown), "this file is not a list of “path: hash” lines", "Restore it.")]
    for key, value in node.value:
        if not isinstance(key, ScalarNode) or not isinstance(value, ScalarNode):
            problems.append(Problem(place_of(key, shown), "this line is not “path: hash”", "Remove it."))
        elif key.value in found:
            problems.append(Problem(place_of(key, shown), f"'{key.value}' is locked twice", "Keep one of the two lines."))
        else:
            found[key.value] = value.value, place_of(key, shown)
    return found, problems


def _words(entry: Entry) -> tuple[str, str, str]:
    if entry.others is None:
        return "list of sources", "Check it against the law", "Check it against the law"
    return "text", "Read it in both languages", "Read the French again and mend the English"


def lock_problems(knowledge: Knowledge, root: Path = KNOWLEDGE, shown_root: str = SHOWN) -> list[Problem]:
    """Return every text not read in both languages since its French changed, and every entry left over."""
    locked, problems = read_lock(root, shown_root)
    known = entries(knowledge)
    for path, entry in known.items():
        what, before, after = _words(entry)
        then = f"then run “python -m decision_tree translated {path}”."
        if path not in locked:
            problems.append(Problem(entry.place, f"the {what} '{path}' is not in {LOCK}", f"{before}, {then}"))
        elif locked[path][0] != entry.hash:
            problems.append(Problem(entry.place, f"the {what} '{path}' has changed since it was last read", f"{after}, {then}"))
    problems += [Problem(place, f"'{path}' is locked, but nothing has this path any more",
                         "Restore what was removed, or remove this line.")
                 for path, (_, place) in locked.items() if path not in known]
    return problems


def note(knowledge: Knowledge, path: str, root: Path = KNOWLEDGE, shown_root: str = SHOWN) -> str:
    """Lock one text that was read, and return what was read, in both languages.

    Raises:
        KnowledgeError: No text has this path.
    """
    known = entries(knowledge)
    place = Place(f"{shown_root}/{LOCK}", 1)
    if path not in known:
        raise KnowledgeError([Problem(place, f"no text has the path '{path}'",
                                      did_you_mean(path, known, "take the path from the message of “check”."))])
    locked, _ = read_lock(root)
    entry = known[path]
    write_lock({**{one: digits for one, (digits, _) in locked.items()}, path: entry.hash}, root)
    if entry.others is None:
        return f"{path}\n  {entry.french}"
    return "\n  ".join([path, f"{REFERENCE}: {entry.french}", *(f"{locale}: {words}" for locale, words in entry.others.items())])


def write_lock(hashes: Mapping[str, str], root: Path = KNOWLEDGE) -> None:
    """Write the lock, whole or not at all."""
    new = root / f"{LOCK}.new"
    new.write_text(HEADER + "".join(f'"{path}": "{hashes[path]}"\n' for path in sorted(hashes)), encoding="utf-8")
    new.replace(root / LOCK)
