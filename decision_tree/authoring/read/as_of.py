"""The day the project reads the law: `as_of.yaml`."""

from datetime import date
from pathlib import Path

from decision_tree.authoring.read.files import AS_OF
from decision_tree.authoring.read.load import KNOWLEDGE
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.read.shaped import read_shaped


def as_of(root: Path = KNOWLEDGE) -> date:
    """Return the day on which a knowledge reads the law.

    A file that cannot be read gives the first of all days: loading the knowledge reports it, with its line.
    """
    try:
        day: date = read_shaped(root / "as_of.yaml", AS_OF)["as_of"]
    except KnowledgeError:
        return date.min
    return day


MODEL_DAY = as_of()
