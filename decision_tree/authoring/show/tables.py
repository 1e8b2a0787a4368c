"""The decision table of a body: one line a term of each rule, one column a fact, for people who read spreadsheets."""

import csv
from collections.abc import Sequence
from io import StringIO

from decision_tree.model import Literal, Model

HEAD = ("body", "rule", "standing", "level", "closes", "in_force_from", "in_force_to")


def decision_table(model: Model, bodies: Sequence[str]) -> str:
    """Return a CSV table: a line holds when all its cells do; a body is named when one of its lines holds."""
    facts = [*model.facts, *model.derived]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*HEAD, *facts, "sources"])
    for rule in model.rules:
        if rule.body not in bodies:
            continue
        head = (rule.body, rule.id, rule.standing, rule.level, "yes" if rule.closes else "", rule.in_force_from.isoformat(),
                rule.in_force_to.isoformat() if rule.in_force_to else "")
        for term in rule.when:
            literals = [model.literals[number] for number in term]
            cells = [" and ".join(sorted(_cell(one, model) for one in literals if one.fact == fact)) for fact in facts]
            writer.writerow([*head, *cells, " ".join(rule.sources)])
    return text.getvalue()


def _cell(literal: Literal, model: Model) -> str:
    if literal.member is not None:
        return f"{'has' if literal.positive else 'lacks'} {literal.member}"
    if literal.years is not None:
        counted = " from the next 1 January" if literal.year_end else ""
        return f"{'within' if literal.positive else 'older than'} {literal.years} years{counted}"
    if literal.fact in model.derived or model.facts[literal.fact].type == "bool":
        return "yes" if True in literal.values else "no"
    values = sorted(map(str, literal.values))
    others = [value for value in model.facts[literal.fact].values if value not in literal.values]
    return f"not {' or '.join(others)}" if len(others) < len(values) else " or ".join(values)
