"""Write the packet a jurist reads and signs: every question, derived fact, rule, body, source and case, in both languages.

    python -m scripts.upkeep.review                              build/review/packet.html and packet.pdf
    python -m scripts.upkeep.review sign rules/ars.agency_possible --by "…"   note a reading, made today

Rules and results carry the numbers of the guide's sections, as printed in the booklet. What was read and has not changed
since is marked; the rest says "not yet read by a jurist".
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from decision_tree.authoring.prove.compile import Graph
from decision_tree.authoring.read.cases import Case, cases
from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE, knowledge
from decision_tree.authoring.read.reviews import Entry, entries, standing
from decision_tree.authoring.show.compiled_guide import compiled
from decision_tree.explain import fact_words, value_words
from decision_tree.locales import LOCALES
from decision_tree.model import Literal, Model, Rule
from scripts.project.paths import ROOT

OUT = ROOT / "build" / "review"
TEMPLATE = Path(__file__).with_name("packet.html")
NARROW, NO_BREAK = "\u202f", "\u00a0"
STATES = {"in_force": "en vigueur, texte lu", "amended_unread": "modifié, nouvelle rédaction non lue", "unread": "texte officiel non lu",
          "decision": "décision de justice"}
STATUSES = {"current": "actuel", "changed": "a changé : le nouvel état est dit", "historical": "passé, à dater dans la phrase",
            "unverified": "non vérifié, à dire avec prudence"}
STANDINGS = {"recommended": "conseillé", "possible": "possible"}
LEVELS = {"urgent": "urgent", "main": "premier acte", "parallel": "en même temps", "support": "aide"}
HOW = (
    "Chaque cadre est une entrée, en français puis en anglais ; le français fait foi. Son chemin, après le titre, est celui du fichier.",
    "Une règle nomme un organisme quand ses conditions sont remplies. Les faits déduits qu’elles nomment sont définis avant les règles.",
    "Ses conditions sont données telles qu’elles sont écrites, puis en tableau après les règles d’un organisme, une ligne par cas.",
    "Les numéros sont ceux des sections du guide et du livret imprimé.",
    "Signez chaque entrée lue. La lecture vaut pour l’entrée telle qu’elle est ici : dès qu’une de ses lignes change, elle est à relire.",
)
Status = Callable[[str], str | Markup]


def status_of(found: Mapping[str, Entry], known: Knowledge) -> Status:
    """Return the words on who read an entry, and whether the reading still holds."""
    def words(path: str) -> str | Markup:
        read = standing(found[path], known.reviews)
        if read is None:
            return "Pas encore lu par un juriste. Lu par : ____________________ le : __________ ☐ juste ☐ à corriger"
        review, holds = read
        said = f"Lu par {review.by} le {review.day.isoformat()}" + (f" : {review.note}" if review.note else "")
        return Markup('<span class="read">{}</span>').format(said) if holds else f"{said}, mais modifié depuis : à relire."

    return words


def numbers_of(graph: Graph) -> tuple[Mapping[str, int], Mapping[str, list[int]]]:
    """Return the first section that asks each question, and the results in which each rule speaks."""
    asked: dict[str, int] = {}
    spoken: dict[str, list[int]] = {}
    for state in graph.states:
        if state.question is not None:
            asked.setdefault(state.question, state.number)
        if state.outcome is not None:
            for _, rule in (*state.outcome.recommended, *state.outcome.possible):
                spoken.setdefault(rule, []).append(state.number)
    return asked, spoken


def packet(known: Knowledge, all_cases: Sequence[Case], graph: Graph) -> str:
    """Return the whole packet as one HTML document."""
    found = entries(known, all_cases)
    read = sum(1 for entry in found.values() if (one := standing(entry, known.reviews)) and one[1])
    counted = f"{len(found)} entrées ; {read} lues par un juriste et inchangées depuis. Modèle {known.model.hash}."
    asked, results = numbers_of(graph)
    env = Environment(loader=FileSystemLoader(TEMPLATE.parent), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                      autoescape=True)
    return french(env.get_template(TEMPLATE.name).render(
        known=known, cases=all_cases, locales=LOCALES, asked=asked, results=results, status=status_of(found, known), how=(counted, *HOW),
        lines={path: entry.lines for path, entry in found.items()},
        rule_paths={path.split(".", 1)[1]: path for path in found if path.startswith("rules/")},
        states=STATES, statuses=STATUSES, law_path=law_path, decisions=decisions, situation=situation, slug=slug))


def slug(name: str) -> str:
    """Return the anchor of a part."""
    return "partie-" + name.lower().replace(" ", "-").replace("é", "e").replace("è", "e")


def french(page: str) -> str:
    """Keep high punctuation on the line of its word, in the words of the packet itself; style and YAML stay as they are."""
    kept = re.split(r"(<style>.*?</style>|<pre>.*?</pre>)", page, flags=re.DOTALL)
    return "".join(part if number % 2 else re.sub(" (?=[;!?])", NARROW, part).replace(" :", f"{NO_BREAK}:")
                   for number, part in enumerate(kept))


def law_path(known: Knowledge, law: str) -> str:
    """Return the path of a law."""
    return f"laws/{Path(known.laws[law].place.file).stem}.{law}"


def decisions(known: Knowledge, body: str) -> Iterator[tuple[Rule, str, str, Sequence[str]]]:
    """Yield the decision table of a body: one line for each combination of facts that is enough."""
    for rule in (one for one in known.model.rules if one.body == body):
        until = f" au {rule.in_force_to.isoformat()}" if rule.in_force_to else ""
        advice = f"{STANDINGS[rule.standing]}, {LEVELS[rule.level]}" + (", clôt le conseil" if rule.closes else "")
        for term in rule.when:
            yield rule, advice, f"depuis le {rule.in_force_from.isoformat()}{until}", [
                condition(known.model, known.model.literals[number]) for number in term]


def condition(model: Model, literal: Literal) -> str:
    """Return one test of a rule in French words."""
    if literal.fact in model.derived:
        return model.derived[literal.fact].label.fr if True in literal.values else f"pas ceci : {model.derived[literal.fact].label.fr}"
    fact, question = model.facts[literal.fact], next(one for one in model.questions if one.fact == literal.fact)
    if literal.member is not None:
        return f"{fact.label.fr} : {'' if literal.positive else 'pas '}{quoted(value_words(question, frozenset({literal.member}), 'fr'))}"
    if literal.years is not None:
        counted = ", comptés du 1er janvier suivant" if literal.year_end else ""
        return f"{fact.label.fr} : il y a {'moins' if literal.positive else 'plus'} de {literal.years} ans{counted}"
    held, others = ([quoted(value_words(question, value, "fr")) for value in (fact.values or (True, False))
                     if (value in literal.values) is wanted] for wanted in (True, False))
    return f"{fact.label.fr} : {' ou '.join(held) if len(held) <= len(others) else 'pas ' + ', ni '.join(others)}"


def quoted(words: str) -> str:
    """Return words between French quotation marks."""
    return f"«{NARROW}{words}{NARROW}»"


def situation(known: Knowledge, case: Case) -> str:
    """Return the situation of a case in words."""
    return " ; ".join(fact_words(known.model, case.facts, fact, "fr") for fact in case.facts)


def print_pdf(page: Path, to: Path) -> None:
    """Print the packet with the machine's browser."""
    from playwright.sync_api import sync_playwright

    from scripts.project.browser import FLAGS, find_browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), headless=True, args=list(FLAGS))
        tab = browser.new_page(java_script_enabled=False)
        tab.goto(page.as_uri())
        tab.pdf(path=to, prefer_css_page_size=True, tagged=True, outline=True)
        browser.close()


def sign(path: str, by: str, on: date, note: str | None) -> None:
    """Add a reading to knowledge/reviewed.yaml.

    Raises:
        KeyError: No entry has this path.
    """
    entry = entries(knowledge(), cases())[path]
    file = KNOWLEDGE / "reviewed.yaml"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if line != "[]"]
    words = {"what": path, "by": by, "day": on.isoformat(), "hash": entry.hash, **({"note": note} if note else {})}
    kept.append("- {" + ", ".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in words.items()) + "}")
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.review", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", metavar="command")
    signing = commands.add_parser("sign", help="note that somebody read an entry")
    signing.add_argument("path", help="the entry, as the packet names it")
    signing.add_argument("--by", required=True, help="who read it")
    signing.add_argument("--on", type=date.fromisoformat, default=None, help="the day (default: today)")
    signing.add_argument("--note", help="a remark")
    parser.add_argument("--html-only", action="store_true", help="write no PDF")
    options = parser.parse_args(arguments)
    if options.command == "sign":
        try:
            sign(options.path, options.by, options.on or date.today(), options.note)
        except KeyError:
            print(f"no entry has the path '{options.path}'. Take it from the packet.", file=sys.stderr)
            return 2
        print(f"{options.path}: read by {options.by}")
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    page = OUT / "packet.html"
    page.write_text(packet(knowledge(), cases(), compiled()[1]), encoding="utf-8")
    written = [page]
    if not options.html_only:
        print_pdf(page, OUT / "packet.pdf")
        written.append(OUT / "packet.pdf")
    print("\n".join(f"{path.relative_to(ROOT)} ({path.stat().st_size:,} bytes)" for path in written))
    return 0


if __name__ == "__main__":
    sys.exit(main())
