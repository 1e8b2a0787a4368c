"""Three checkers of accessibility other than plain axe: IBM Equal Access, Siteimprove Alfa, and axe's experimental rules.

Each gives what fails at A and AA in a page as it stands; what only a person can judge is left to the audit in docs/.
"""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

import yaml
from playwright.sync_api import Page

from scripts.project.paths import ROOT

ALFA = ROOT / "tests" / "support" / "alfa.mjs"
IBM = ROOT / "node_modules" / "accessibility-checker-engine" / "ace.js"
EXCEPTIONS = ROOT / "tests" / "site" / "checker_exceptions.yaml"

ASK_IBM = """async () => {
  const report = await new ace.Checker().check(document, ["WCAG_2_2"]);
  return report.results.filter(({ value }) => value[0] === "VIOLATION" && value[1] === "FAIL")
    .map(({ ruleId, snippet, path, message }) => ({ rule: ruleId, where: `${snippet} ${path.dom}`, why: message }));
}"""
ASK_AXE = """async () => {
  const rules = axe.getRules(["experimental"]).map(({ ruleId }) => ruleId);
  const found = await axe.run(document, { resultTypes: ["violations"], runOnly: { type: "rule", values: rules } });
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, target, any }) => ({ rule: id, where: `${html} ${target.join(" ")}`, why: any[0]?.message ?? "" })));
}"""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a checker says fails: its rule, the place (its first tag, and the way to it), and why."""

    checker: str
    rule: str
    where: str
    why: str

    def __str__(self) -> str:
        return f"{self.checker} {self.rule}: {self.where[:220]} {self.why[:160]}"


@dataclass(frozen=True, slots=True)
class Kept:
    """A finding we keep; `where` is a part of its place, empty for anywhere."""

    checker: str
    rule: str
    where: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding is this one."""
        return (self.checker, self.rule) == (finding.checker, finding.rule) and self.where in finding.where


def exceptions() -> list[Kept]:
    """Read the table of what is kept; each has its reason."""
    found = [Kept(**entry) for entry in yaml.safe_load(EXCEPTIONS.read_text("utf-8"))]
    assert all(len(one.reason.split()) > 4 for one in found), "each exception says why nobody is hindered"
    return found


@dataclass(frozen=True, slots=True)
class Alfa:
    """Alfa, started once: a page goes in, what fails comes out."""

    to: IO[str]
    back: IO[str]
    reader: str

    def ask(self, page: Page) -> list[Finding]:
        """Return what fails in a page as it stands."""
        self.to.write(json.dumps(page.evaluate(f"() => {self.reader}()")) + "\n")
        self.to.flush()
        return [Finding("alfa", **one) for one in json.loads(self.back.readline())]


@contextmanager
def alfa() -> Iterator[Alfa]:
    """Start Alfa; it ends after the block."""
    reader = subprocess.run(["node", ALFA, "--native"], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    with subprocess.Popen(["node", str(ALFA)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdin and running.stdout
        yield Alfa(running.stdin, running.stdout, reader)
        running.stdin.close()


@cache
def source(path: Path) -> str:
    """Return the source of a checker that runs in the page."""
    return path.read_text("utf-8")


def findings(page: Page, by: Alfa, axe_source: str) -> list[Finding]:
    """Return what the three checkers say of a page with all it folds open: what is folded has no size and no label to them."""
    page.evaluate("() => { for (const fold of document.querySelectorAll('details')) fold.open = true; }")
    page.evaluate(source(IBM) + "; globalThis.ace = ace")
    page.evaluate(axe_source)
    ibm = [Finding("ibm", **one) for one in page.evaluate(ASK_IBM)]
    axe = [Finding("axe", **one) for one in page.evaluate(ASK_AXE)]
    return [*ibm, *axe, *by.ask(page)]


def not_kept(found: Sequence[Finding], kept: Sequence[Kept]) -> list[str]:
    """Return what is found and has no reason to stay."""
    return sorted({str(one) for one in found if not any(each.covers(one) for each in kept)})
