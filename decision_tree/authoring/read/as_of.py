"""The day the project reads the law: `as_of.yaml`."""

from datetime import date
from pathlib import Path

from decision_tree.authoring.read.files import AS_OF
from decision_tree.authoring.read.problems import KnowledgeError
from decision_tree.authoring.read.shaped import read_shaped

FILE = Path(__file__).parents[2] / "knowledge" / "as_of.yaml"


def as_of(file: Path = FILE) -> date:
    """Return the day on which our knowledge reads the law, and any other that does not say its own.

    A file that cannot be read gives the first of all days: loading the knowledge reports it, with its line.
    """
    try:
        day: date = read_shaped(file, AS_OF)["as_of"]
    except KnowledgeError:
        return date.min
    return day


MODEL_DAY = as_of()
