"""The letters the tests expect: for a reference case, which letter, what is typed, and the file that holds the text."""

from dataclasses import dataclass
from datetime import date

from decision_tree.authoring.read.cases import Case, cases
from decision_tree.guide.states import Guide
from decision_tree.model import Value
from scripts.project.paths import ROOT

FOLDER = ROOT / "tests" / "letters"
DAY = date(2026, 11, 22)
TYPED = {
    "name": "Camille Exemple", "address": "1 rue des Lilas\n75011 Paris", "contact": "camille@exemple.fr", "patient": "Sacha Exemple",
    "association": "Association Exemple", "professional": "Docteur Modèle", "facility": "Hôpital Exemple",
    "facts": "J’ai appelé le matin.\nOn m’a répondu non.", "said": "Nous ne prenons pas ce cas", "documents": "Courriel du jour",
}
LETTERS = {"c01": "president-ordre", "c02": "mediateur", "c26": "president-ordre", "c29": "directeur-caisse", "c22": "directeur-caisse",
           "c20": "hopital", "c05": "mediateur", "c33": None}


@dataclass(frozen=True, slots=True)
class Way:
    """What a person of a reference case answers: by links, then in the form of the result."""

    links: tuple[str, ...]
    refined: dict[str, str]
    answers: dict[str, Value]


def case(name: str) -> Case:
    """Return a reference case."""
    return next(one for one in cases() if one.id == name)


def way_of(guide: Guide, name: str) -> Way:
    """Follow a reference case through the guide."""
    facts, links, number = case(name).facts, [], 1
    answers: dict[str, Value] = {}
    while (question := guide.state(number).question) is not None:
        value = facts[question]
        answers[question] = value
        index = [option.value for option in guide.question(question).options].index(value)  # type: ignore[arg-type]
        links.append(f"{question}={str(value).lower() if isinstance(value, bool) else value}")
        number = guide.state(number).next[index]
    refined = {"recidive": str(facts["recidive"])} if facts.get("recidive") == "oui" else {}
    return Way(tuple(links), refined, {**answers, **refined})


def expected(name: str) -> str:
    """Return the letter a case should give."""
    return (FOLDER / f"{name}.txt").read_text("utf-8").rstrip("\n")
