"""The grid of docs/audit/rgaa.yaml against its ten pages: what can be measured is what it says, page by page.

Where only a person can judge (is a name the right one?), the page says whether there is something to judge, and the grid must agree.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scripts.content.audit import MEASURED, audit
from scripts.project.paths import ROOT
from scripts.site.serve import SiteServer
from tests.conftest import NewContext, OpenPage
from tests.site.test_pages import CUT, FOCUSED, WIDER, sheet
from tests.support.guide_pages import DENTIST, follow, open_result, wait_for_python, work_out_dates, write_any_letter

MEASURE = (ROOT / "tests" / "support" / "grid.js").read_text("utf-8")
APPLIES = "applies"
CONTRASTS = """() => axe.run(document, { resultTypes: ["violations"], runOnly: ["color-contrast", "link-in-text-block"] })
  .then((found) => found.violations.flatMap((one) => one.nodes.map((node) => node.html.slice(0, 140))))"""
SPACED = ("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
          "p { margin-bottom: 2em !important }")
LONGEST_ROUND = 500   # stops of the keyboard: the site map has a link to each page

Found = dict[str, tuple[str, list[str]]]


def question(page: Page) -> None:
    """Stand at a question."""
    wait_for_python(page)
    follow(page, DENTIST[:1])


def result(page: Page) -> None:
    """Stand at a result with all it can show."""
    question(page)
    open_result(page)
    work_out_dates(page)
    page.locator("#p-place").fill("75011")
    page.locator("[data-local] button").click()
    page.locator("[data-found] a").first.wait_for()
    page.locator("[data-tool=code]").click()
    page.locator("svg.guide-code").wait_for()


def errors(page: Page) -> None:
    """Stand at a letter that lacks something, its details open."""
    result(page)
    page.locator('[data-letter="president-ordre"]').first.click()
    page.locator("#letter-name").wait_for()
    page.wait_for_timeout(700)
    page.evaluate("() => document.querySelectorAll('[data-live] details').forEach((fold) => { fold.open = true; })")
    page.locator("[data-letter-form] button[type=submit]").click()
    page.locator(".guide-errors").wait_for()


def searched(page: Page) -> None:
    """Stand before what the search finds."""
    page.locator("#query").fill("dentiste")
    page.locator("[data-results] li").first.wait_for()


def previewed(page: Page) -> None:
    """Stand before the guide as a partner's page would have it."""
    page.locator(".maker [type=submit]").click()
    page.locator("[data-place] iframe").wait_for()


STANDS: Mapping[str, Callable[[Page], None]] = {"P2": question, "P3": result, "P4": errors, "P7": searched, "P8": previewed}


def by_size(page: Page) -> Found:
    """Measure what is seen with large letters, on a narrow screen, with more space."""
    found: Found = {}
    for id_, width, style in (("10.4", 1366, ":root { font-size: 200% !important }"), ("10.11", 320, ""), ("10.12", 320, SPACED)):
        page.set_viewport_size({"width": width, "height": 768})
        if style:
            sheet(page, style)
        wrong = page.evaluate(WIDER) + (page.evaluate(CUT) if style else [])
        found[id_] = ("NC" if wrong else "C", wrong)
        if style:
            page.evaluate("() => { document.adoptedStyleSheets = []; }")
    page.set_viewport_size({"width": 1366, "height": 768})
    return found


def by_keyboard(page: Page) -> Found:
    """Go round the page with Tab: the focus is seen at each stop, stops come in the order of the page, and there is a way out."""
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }")
    stops: list[dict[str, Any]] = []
    trapped = ["no way out"]
    for _ in range(LONGEST_ROUND):
        page.keyboard.press("Tab")
        if (focused := page.evaluate(FOCUSED)) is None:
            trapped = []
            break
        if not stops or stops[-1]["index"] != focused["index"]:   # a date has a stop for each of its parts
            stops.append(focused)
    dim = [one["html"] for one in stops if (one["kind"] == "none" or one["outline"] < 3) and not one["html"].startswith("<iframe")]
    order = [one["index"] for one in stops]
    back = [] if order == sorted(set(order)) else ["stops out of order"]
    return {"10.7": ("NC" if dim else "C", dim), "12.8": ("NC" if back else "C", back), "12.9": ("NC" if trapped else "C", trapped)}


def looked_at(page: Page, axe_source: str) -> Found:
    """Measure a page as it stands."""
    page.evaluate(MEASURE + "; globalThis.measured = measured")
    page.evaluate(axe_source)
    faint = page.evaluate(CONTRASTS)
    found: Found = {id_: (result, wrong) for id_, (result, wrong) in page.evaluate("measured()").items()}
    return {**found, "3.2": ("NC" if faint else "C", faint), **by_size(page), **by_keyboard(page)}


def both(one: Found, other: Found) -> Found:
    """Return the worse of two looks at a page; what does not apply in one may in the other."""
    rank = ("NC", "C", APPLIES, "NA")
    return {id_: min(one[id_], other[id_], key=lambda told: rank.index(told[0])) for id_ in one}


GUIDE = ("P2", "P3", "P4")
FIELDS = """() => [...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)")]
  .filter((one) => one.checkVisibility()).map((one) => [one.name || Object.keys(one.dataset)[0] || one.id,
                 one.closest("fieldset")?.querySelector("legend")?.textContent ?? one.labels[0].textContent])"""
HEADER = """() => [".brand", ".tools", ".menu", ".tongues"].map((part) => {
  const { left, top } = document.querySelector(`header ${part}`).getBoundingClientRect();
  return [Math.round(top + scrollY), Math.round(left), part];
})"""


def across(labels: Mapping[str, Mapping[str, str]], headers: Mapping[str, list[list[Any]]]) -> dict[str, Found]:
    """Compare the pages: a field asked on several has one label; what leads around the site is at one place, in one order.

    The guide has a header of its own, in fewer lines, on each of its screens.
    """
    found: dict[str, Found] = {}
    orders = {tuple(part for *_, part in sorted(header)) for header in headers.values()}
    for here, fields in labels.items():
        others = [other for place, other in labels.items() if place != here]
        again = [name for name in fields if any(name in other for other in others)]
        wrong = [name for name in again if any(other.get(name, fields[name]) != fields[name] for other in others)]
        like = [header for place, header in headers.items() if (place in GUIDE) == (here in GUIDE)]
        moved = [str(one) for one in like if one != headers[here]] or ([str(orders)] if len(orders) > 1 else [])
        found[here] = {"11.3": ("NC" if wrong else "C" if again else "NA", wrong), "12.2": ("NC" if moved else "C", moved)}
    return found


def page_by_page(open_page: OpenPage, axe_source: str) -> dict[str, Found]:
    """Measure the ten pages of the grid, in French, in light colours, 1,366 pixels wide."""
    found: dict[str, Found] = {}
    labels: dict[str, Mapping[str, str]] = {}
    headers: dict[str, list[list[Any]]] = {}
    for sampled in audit().pages:
        page = open_page(sampled.path, width=1366)
        if sampled.id in STANDS:
            STANDS[sampled.id](page)
        labels[sampled.id], headers[sampled.id] = dict(page.evaluate(FIELDS)), page.evaluate(HEADER)
        found[sampled.id] = looked_at(page, axe_source)
        if sampled.id == "P4":
            write_any_letter(page)
            found[sampled.id] = both(found[sampled.id], looked_at(page, axe_source))
        page.close()
    compared = across(labels, headers)
    return {place: {**one, **compared[place]} for place, one in found.items()}


FAULTS = """<!doctype html><html lang="fr"><title>Des fautes</title><style>
  .late { order: 1 } .row { display: flex } .said::before { content: "Important" }
  .more { display: none } .help:hover .more { display: block }
</style><main><p class="row"><span class="late">deux</span><span>un</span></p><p class="said">.</p>
<p>Le bouton est à gauche :-) du texte.</p><p class="help">?<span class="more">aide</span></p><form method="post"></form>
<script>addEventListener("touchmove", () => {}); addEventListener("devicemotion", () => {});</script></main></html>"""
NEW_IN_IT = ("10.2", "10.3", "10.9", "10.10", "10.13", "10.14", "11.12", "12.11", "13.5", "13.6", "13.10", "13.12")


def test_a_fault_put_in_by_hand_is_measured(new_context: NewContext, server: SiteServer) -> None:
    page = new_context(bypass_csp=True).new_page()
    page.goto(f"{server.url}robots.txt")
    page.set_content(FAULTS)
    page.evaluate(f"{MEASURE}; Object.assign(globalThis, {{ withoutStyles, added, moved }})")
    found = page.evaluate("(async () => ({ ...withoutStyles(), ...added(), ...await moved() }))()")
    assert {id_: result for id_, (result, _) in found.items()} == {
        id_: "NC" if id_ in ("10.2", "10.3") else APPLIES for id_ in NEW_IN_IT}


def test_a_label_or_a_menu_that_changes_is_measured() -> None:
    labels = {"P1": {"day": "Jour"}, "P2": {"day": "Date"}, "P5": {"town": "Ville"}}
    usual, other = [[0, 0, ".brand"], [9, 0, ".menu"]], [[0, 0, ".menu"], [9, 0, ".brand"]]
    headers = {"P1": usual, "P2": other, "P5": usual}
    found = across(labels, headers)
    assert [found[place]["11.3"][0] for place in labels] == ["NC", "NC", "NA"]
    assert {found[place]["12.2"][0] for place in labels} == {"NC"}
    assert across(labels, dict.fromkeys(labels, usual))["P5"]["12.2"][0] == "C"


def test_an_error_says_what_would_be_right(open_page: OpenPage) -> None:
    page = open_page("guide/", width=1366)
    question(page)
    open_result(page)
    page.evaluate("() => document.querySelectorAll('[data-live] details').forEach((fold) => { fold.open = true; })")
    page.locator("#p-place").fill("zz")
    page.locator("[data-local] button").click()
    expect(page.locator("[data-local]")).to_contain_text("par exemple 75011")
    page = open_page("partenaires/", width=1366)
    page.fill("#maker-dep", "99")
    page.locator(".maker [type=submit]").click()
    expect(page.locator("#maker-dep-hint")).to_contain_text(re.compile(r"\b59, 2A, 974\b"))


@pytest.mark.prove
def test_the_grid_says_what_is_measured(open_page: OpenPage, axe_source: str) -> None:
    found = page_by_page(open_page, axe_source)
    criteria = {one.id: one for one in audit().criteria}
    wrong = []
    for at, (place, measured) in enumerate(found.items()):
        for id_, (result, what) in measured.items():
            said = criteria[id_].results[at]
            if (said == "NA") != (result == "NA") if APPLIES in (result, "NA") else said != result:
                wrong.append(f"{id_} on {place}: the grid says {said}, the page {result} {what[:3]}")
    assert not wrong, "\n".join(wrong)
    naming = {one.id for one in criteria.values() if MEASURED in one.tests}
    assert naming == set(next(iter(found.values())))
