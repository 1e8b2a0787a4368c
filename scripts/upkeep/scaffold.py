"""Start a new body: its file, its first rule and its first case, with every text still empty; then list what is missing.

    python -m scripts.upkeep.scaffold body maison-des-usagers

Nothing that exists is overwritten. Fill in what the list names, file by file; `make check` gives the list again.
"""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from decision_tree.authoring.read.cases import CASES
from decision_tree.authoring.read.load import KNOWLEDGE, load_knowledge
from decision_tree.authoring.read.problems import KnowledgeError
from scripts.project.paths import ROOT

BODY = """# One line a text. What each key says: CONTRIBUTING.md.
id: {id}
name: {{fr: "", en: ""}}
short: {{fr: "", en: ""}}
kind: support
aim: {{fr: "", en: ""}}
does: {{fr: "", en: ""}}
who:
  - {{fr: "", en: ""}}
cost: {{fr: "", en: ""}}
how:
  - {{by: post, text: {{fr: "", en: ""}}}}
send: []
time_limits: []
next:
  - {{fr: "", en: ""}}
interaction: []
not_when:
  - {{fr: "", en: ""}}
statements: []
sources: []
"""

RULE = """# When this body is competent. One rule, one situation; each with its text of law and a case that needs it.
- id: {rule}
  body: {id}
  standing: possible
  level: support
  when: {{}}
  because: {{fr: "", en: ""}}
  in_force_from: {today}
  sources: []
  shown_by: [{case}]
"""

PLAN = """- id: {id}
  act: {{fr: "", en: ""}}
  cost: {{fr: "", en: ""}}
  delay: {{fr: "", en: ""}}
"""

CASE = """# A situation that leads to {id}, and the whole advice the law gives it.
- id: {case}
  title: {{fr: "", en: ""}}
  "on": "{today}"
  facts: {{}}
  expected: []
  why: {{fr: "", en: ""}}
  sources: []
"""


def body_files(body: str, today: date) -> Mapping[Path, str]:
    """Return the files of a new body, relative to the knowledge and to the cases."""
    names = {"id": body, "rule": f"{body.replace('-', '_')}_open", "case": f"{body}-1", "today": today.isoformat()}
    return {KNOWLEDGE / "bodies" / f"{body}.yaml": BODY.format(**names), KNOWLEDGE / "rules" / f"{body}.yaml": RULE.format(**names),
            CASES / f"{body}.yaml": CASE.format(**names)}


def write_new(files: Mapping[Path, str]) -> list[Path]:
    """Write the files that do not exist yet, all or none.

    Raises:
        FileExistsError: One of them exists; nothing was written.
    """
    for path in files:
        if path.exists():
            raise FileExistsError(path)
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return list(files)


def missing(body: str) -> list[str]:
    """Return what is still to be filled in, as `check` says it."""
    try:
        load_knowledge()
    except KnowledgeError as error:
        return [str(problem) for problem in error.problems]
    return [f"Everything of '{body}' is filled in: run “make check”, which proves it with the rest."]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.upkeep.scaffold", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["body"], help="what to start")
    parser.add_argument("id", help="its id: plain letters, words joined by -")
    options = parser.parse_args(arguments)
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", options.id):
        parser.error(f"'{options.id}' is no id; write plain letters and -, such as maison-des-usagers")
    try:
        written = write_new(body_files(options.id, date.today()))
    except FileExistsError as error:
        print(f"{error}: this file exists. Choose another id, or edit it.", file=sys.stderr)
        return 2
    with (KNOWLEDGE / "plans.yaml").open("a", encoding="utf-8") as plans:      # its first lines on a result stand with those of the others
        plans.write(PLAN.format(id=options.id))
    print("Written:", *(f"  {path.relative_to(ROOT)}" for path in written),
          "Still missing:", *(f"  {line}" for line in missing(options.id)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
