"""The command line. Results on standard output, problems on standard error, exit 2 when the input cannot be used."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from decision_tree.advice import Advice, Verdict, advise
from decision_tree.answers import FactsError, iso_day, read_facts
from decision_tree.explain import exclusion_words, fact_as_read, missing_words, what_would_change, why, why_this_question
from decision_tree.locales import LOCALES, REFERENCE
from decision_tree.model import Facts, Locale, Model
from decision_tree.relevance import next_question

EXAMPLES = """
examples:
  python -m decision_tree advise facts.json --on 2026-11-22 --locale en
      where facts.json holds {"asker": "victime", "profession": "chirurgien_dentiste", "ground": "c2s", "already": []}
  python -m decision_tree explain facts.json --body dgccrf
  python -m decision_tree match "le dentiste refuse ma CMU"
  python -m decision_tree check
  python -m decision_tree graph --format svg > tree.svg
  python -m decision_tree export --format csv --body mediateur-cpam

Facts and their values are listed in decision_tree/knowledge/facts.yaml; "unknown" is a legal value of each.
Problems read file:line: what is wrong. How to mend it. They end with exit status 2.
"""


class Refused(Exception):
    """The input cannot be used; each line says where, what and how to mend it."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = tuple(lines)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit status: 0 done, 1 the check failed on purpose, 2 unusable input."""
    options = parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except Refused as refused:
        print("\n".join(refused.lines), file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    whole = argparse.ArgumentParser(prog="python -m decision_tree", description=__doc__, epilog=EXAMPLES,
                                    formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = whole.add_subparsers(required=True, metavar="command")
    asked = argparse.ArgumentParser(add_help=False)
    asked.add_argument("facts", metavar="FACTS.json", help="a JSON object: fact id → value; - for standard input")
    asked.add_argument("--on", type=_day, default=None, metavar="YYYY-MM-DD", help="the day of the advice (default: today)")
    asked.add_argument("--locale", choices=LOCALES, default=REFERENCE, help="language of the texts (default: fr)")
    _add(commands, "advise", _advise, "the bodies for a situation, in the order to act, as JSON", [asked])
    explain = _add(commands, "explain", _explain, "why a body is named or not, and what would change it, as JSON", [asked])
    explain.add_argument("--body", help="one body only (default: all)")
    match = _add(commands, "match", _match, "what a sentence in a person's own words is read as, as JSON", [])
    match.add_argument("text", metavar="TEXT", help="a sentence; - for one a line on standard input")
    match.add_argument("--on", type=_day, default=None, metavar="YYYY-MM-DD", help="the day of the sentence (default: today)")
    match.add_argument("--locale", choices=LOCALES, default=REFERENCE, help="language of the sentence (default: fr)")
    _add(commands, "check", _check, "prove the knowledge and print its counts", [])
    graph = _add(commands, "graph", _graph, "draw the states of the guide", [])
    graph.add_argument("--format", choices=("mermaid", "svg"), default="mermaid")
    graph.add_argument("--locale", choices=LOCALES, default=REFERENCE)
    export = _add(commands, "export", _export, "the compiled model (JSON) or the decision table of a body (CSV)", [])
    export.add_argument("--format", choices=("json", "csv"), default="json")
    export.add_argument("--body", help="with csv: one body (default: all)")
    diff = _add(commands, "diff", _diff, "the situations whose advice differs between two versions of the knowledge", [])
    diff.add_argument("old", type=Path, metavar="OLD", help="a knowledge folder, or an exported model (JSON)")
    diff.add_argument("new", type=Path, metavar="NEW", help="the same, newer")
    diff.add_argument("--locale", choices=LOCALES, default=REFERENCE)
    translated = _add(commands, "translated", _translated, "note that one English text was read against its French", [])
    translated.add_argument("path", metavar="PATH", help="the text, as problems name it: rules/conciliation.joint_committee_open.because")
    _add(commands, "schemas", _schemas, "write the JSON Schemas that editors read", [])
    return whole


def _add(commands: Any, name: str, run: Callable[[argparse.Namespace], int], help_: str,
         parents: Sequence[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(name, help=help_, description=help_, parents=parents)
    command.set_defaults(run=run)
    return command


def _day(text: str) -> date:
    day = iso_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not a day; write it as 2026-11-22")
    if not 1900 <= day.year <= 2200:
        raise argparse.ArgumentTypeError(f"{text} is out of reach; give a day between 1900 and 2200")
    return day


def _model() -> Model:
    from decision_tree.authoring.read.load import knowledge
    from decision_tree.authoring.read.problems import KnowledgeError
    try:
        return knowledge().model
    except KnowledgeError as error:
        raise Refused([str(problem) for problem in error.problems]) from None


def _read(options: argparse.Namespace) -> tuple[Model, dict[str, Any], frozenset[str], date]:
    on = options.on or date.today()
    name = options.facts
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise Refused([f"{name}:1: the file cannot be read ({error.strerror}). Check its name and rights."]) from None
    except UnicodeDecodeError:
        raise Refused([f"{name}:1: these bytes are not UTF-8 text. Save the file as UTF-8."]) from None
    model = _model()
    try:
        facts, unknown = read_facts(model, text, on, name)
    except FactsError as error:
        raise Refused(error.problems) from None
    return model, facts, unknown, on


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _advise(options: argparse.Namespace) -> int:
    model, facts, unknown, on = _read(options)
    _print(advice_json(model, facts, unknown, on, options.locale))
    return 0


def advice_json(model: Model, facts: Facts, unknown: frozenset[str], on: date, locale: Locale) -> dict[str, Any]:
    """Return the advice as the command prints it."""
    advice = advise(model, facts, on)
    return {
        "recommended": [verdict_json(one, locale) for one in advice.recommended],
        "also_possible": [verdict_json(one, locale) for one in advice.also_possible],
        "to_check": [{"body": one.body, "missing": list(one.missing),
                      "because": missing_words(model, one, locale)} for one in advice.to_check],
        "excluded": [{"body": one.body, "because": exclusion_words(model, facts, on, one.body, locale)}
                     for one in advice.excluded],
        "next_question": next_question(model, facts, on, skip=unknown),
    }


def verdict_json(verdict: Verdict, locale: Locale) -> dict[str, Any]:
    """Return one verdict as the command prints it."""
    assert verdict.rule is not None
    return {
        "body": verdict.body, "level": verdict.level, "because": verdict.rule.because[locale],
        "laws": list(verdict.rule.sources), "presumes": list(verdict.presumes),
        "deadlines": [{"id": one.deadline.id, "text": one.deadline.text[locale], "law": one.deadline.law,
                       "from": one.deadline.origin, "due": one.due.isoformat() if one.due else None}
                      for one in verdict.deadlines],
    }


def _explain(options: argparse.Namespace) -> int:
    model, facts, unknown, on = _read(options)
    if options.body is not None and options.body not in model.bodies:
        raise Refused([f"--body: the body '{options.body}' is unknown. Use one of: {', '.join(model.bodies)}."])
    advice = advise(model, facts, on)
    question = next_question(model, facts, on, skip=unknown)
    bodies = [options.body] if options.body else list(model.bodies)
    _print({"bodies": [explanation(model, facts, on, advice, body, options.locale) for body in bodies],
            "next_question": question,
            "may_change": list(why_this_question(model, facts, on, question)) if question else []})
    return 0


def explanation(model: Model, facts: Facts, on: date, advice: Advice, body: str, locale: Locale) -> dict[str, Any]:
    """Return why a body has its verdict, in ids and in words."""
    verdict = advice.verdict(body)
    found: dict[str, Any] = {"body": body, "verdict": verdict.kind}
    if verdict.rule is not None:
        decided = why(model, facts, on, verdict.rule)
        found |= {"rule": verdict.rule.id, "because": verdict.rule.because[locale], "facts": list(decided),
                  "in_words": [fact_as_read(model, facts, fact, locale) for fact in decided]}
    elif verdict.kind == "to_check":
        found |= {"missing": list(verdict.missing), "because": missing_words(model, verdict, locale)}
    else:
        found |= {"because": exclusion_words(model, facts, on, body, locale)}
    return found | {"changed_by": [{"fact": fact, "value": _plain(value)}
                                   for fact, value in what_would_change(model, facts, on, body)]}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else value


def _match(options: argparse.Namespace) -> int:
    from decision_tree.authoring.read.load import knowledge
    from decision_tree.match.lexicon import lexicon_of
    from decision_tree.match.matcher import match
    _model()
    lexicon = lexicon_of(knowledge().match.lexicon(options.locale))
    if options.text != "-":
        _print(match(lexicon, options.text).plain())
        return 0
    for line in sys.stdin.buffer.read().decode("utf-8-sig", errors="replace").splitlines():
        print(json.dumps(match(lexicon, line).plain(), ensure_ascii=False))
    return 0


def _check(options: argparse.Namespace) -> int:
    from decision_tree.authoring.prove.knowledge_check import report
    from decision_tree.authoring.read.load import knowledge
    _model()
    problems, counts = report(knowledge())
    if problems:
        raise Refused([str(problem) for problem in sorted(problems)])
    print(counts)
    return 0


def _graph(options: argparse.Namespace) -> int:
    from decision_tree.authoring.show.compiled_guide import compiled
    from decision_tree.authoring.show.drawing import mermaid, svg
    _model()
    guide, graph = compiled()
    print((mermaid if options.format == "mermaid" else svg)(guide, graph, options.locale))
    return 0


def _export(options: argparse.Namespace) -> int:
    model = _model()
    if options.format == "json":
        from decision_tree.authoring.show.compiled_guide import compiled
        from decision_tree.guide.compiled import dump_guide
        print(dump_guide(compiled()[0]))
        return 0
    from decision_tree.authoring.show.tables import decision_table
    if options.body is not None and options.body not in model.bodies:
        raise Refused([f"--body: the body '{options.body}' is unknown. Use one of: {', '.join(model.bodies)}."])
    print(decision_table(model, [options.body] if options.body else list(model.bodies)), end="")
    return 0


def _diff(options: argparse.Namespace) -> int:
    from decision_tree.authoring.read.problems import KnowledgeError
    from decision_tree.authoring.show.diff import compare, read_version
    try:
        print(compare(read_version(options.old), read_version(options.new), options.locale))
    except KnowledgeError as error:
        raise Refused([str(problem) for problem in error.problems]) from None
    return 0


def _translated(options: argparse.Namespace) -> int:
    from decision_tree.authoring.read.load import knowledge
    from decision_tree.authoring.read.problems import KnowledgeError
    from decision_tree.authoring.read.translations import note
    _model()
    try:
        print(note(knowledge(), options.path))
    except KnowledgeError as error:
        raise Refused([str(problem) for problem in error.problems]) from None
    return 0


def _schemas(options: argparse.Namespace) -> int:
    from decision_tree.authoring.read.schemas import write_schemas
    print("\n".join(str(path) for path in write_schemas()) or "the schemas were current")
    return 0
