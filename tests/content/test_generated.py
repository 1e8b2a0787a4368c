"""The pages made from the knowledge: bodies, laws, figures. And a delay changes in one place for every page that states it."""

import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from markdown import Markdown

from decision_tree.authoring.read.knowledge import Knowledge
from decision_tree.authoring.read.load import KNOWLEDGE
from scripts.content.charts import Chart, bar, charts, draw
from scripts.content.generated import is_stale, made_pages, tooltips
from scripts.content.loaded import knowledge
from scripts.content.macros import PageMacros
from scripts.content.page import Page, read_pages
from scripts.content.prose import plain_line
from scripts.leaflets.content import AUDIENCES, leaflet


@pytest.fixture(scope="module")
def facts() -> Knowledge:
    return knowledge()


@pytest.fixture(scope="module")
def made(facts: Knowledge) -> dict[str, dict[str, str]]:
    return {locale: dict(made_pages(locale, facts)) for locale in ("fr", "en")}


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_body_and_every_law_has_a_page(locale: str, made: dict[str, dict[str, str]], facts: Knowledge) -> None:
    wanted = {f"organismes/{id}.md" for id in facts.bodies} | {f"droit/{id}.md" for id in facts.laws}
    assert made[locale].keys() == wanted
    assert len(facts.bodies) >= 19 and len(facts.laws) >= 103


def test_made_pages_have_the_same_headings_in_both_languages(made: dict[str, dict[str, str]]) -> None:
    for path, text in made["fr"].items():
        levels = [[heading.level for heading in Page(locale, path, made[locale][path]).headings] for locale in ("fr", "en")]
        assert levels[0] == levels[1], path
        assert len(levels[0]) >= 3, text


def test_a_made_page_has_a_front_matter(made: dict[str, dict[str, str]]) -> None:
    meta = Page("fr", "droit/csp-r1110-11.md", made["fr"]["droit/csp-r1110-11.md"]).meta
    assert meta["title"] and meta["made"] is True and meta["sources"] == ["csp-r1110-11"]
    assert "cmc-accuse-8-jours" in meta["statements"]


def test_the_page_of_a_law_says_what_a_reader_needs(made: dict[str, dict[str, str]], facts: Knowledge) -> None:
    for id, law in facts.laws.items():
        page = made["fr"][f"droit/{id}.md"]
        assert law.meaning.fr in page
        assert page.count("Copie datée du ") + page.count("Date de la copie inconnue.") == 1, id
        assert "Date de la copie inconnue." in page or law.copy_day is not None, id
        assert "À vérifier sur Légifrance" not in page, id
        assert law.url in page


def test_a_text_rewritten_and_not_read_is_not_quoted(made: dict[str, dict[str, str]], facts: Knowledge) -> None:
    rewritten = [id for id, law in facts.laws.items() if law.state == "amended_unread"]
    assert len(rewritten) == 7
    for id in rewritten:
        assert "<blockquote" not in made["fr"][f"droit/{id}.md"]
        assert "lisez sa nouvelle rédaction sur Légifrance" in made["fr"][f"droit/{id}.md"]
    assert "<blockquote" in made["fr"]["droit/csp-l1110-3.md"]


def test_a_quotation_is_short(made: dict[str, dict[str, str]]) -> None:
    for path, text in made["fr"].items():
        for quoted in re.findall(r"<blockquote.*?</blockquote>", text, re.S):
            assert len(re.sub(r"<[^>]*>", "", quoted)) < 1300, path


def test_the_page_of_a_law_lists_what_relies_on_it(made: dict[str, dict[str, str]], facts: Knowledge) -> None:
    page = made["fr"]["droit/csp-l1110-3.md"]
    assert "## Les pages qui en parlent" in page and "../patients/commission-mixte.md" in page
    assert "## Les règles du guide qui s’appuient sur ce texte" in page
    rule = next(rule for rule in facts.model.rules if "csp-l1110-3" in rule.sources)
    assert rule.because.fr in page


def test_the_page_of_a_body_gives_each_statement_its_source(made: dict[str, dict[str, str]], facts: Knowledge) -> None:
    for id, body in facts.bodies.items():
        page = made["en"][f"organismes/{id}.md"]
        assert all(facts.statements[statement].text["en"].strip() in page for statement in body.statements), id


def test_unverified_numbers_are_not_printed_on_the_page_of_a_body(made: dict[str, dict[str, str]], facts: Knowledge) -> None:
    unverified = {re.sub(r"\s|https?://", "", contact.value) for contact in facts.contacts.values() if not contact.printed}
    assert unverified
    for locale, pages in made.items():
        for path, text in pages.items():
            printed = re.sub(r"\s", "", text)
            assert not [value for value in unverified if value in printed], f"{locale}/{path}"


def test_abbreviations_have_a_tooltip_in_each_language() -> None:
    assert tooltips("fr")["C2S"] == "Complémentaire santé solidaire"
    assert tooltips("en")["AME"] == "state medical aid"
    shown = Markdown(extensions=["abbr"], extension_configs={"abbr": {"glossary": tooltips("fr")}}).convert("Avec la C2S.")
    assert shown == '<p>Avec la <abbr title="Complémentaire santé solidaire">C2S</abbr>.</p>'


# One delay, changed where it is written.

DELAYS = {  # quantity: its value, another that no text gives, both in words
    "acknowledgement": (8, 19, {"fr": ("8\u00a0jours", "19\u00a0jours"), "en": ("8\u00a0days", "19\u00a0days")}),
    "committee_meeting": (3, 17, {"fr": ("3\u00a0mois", "17\u00a0mois"), "en": ("3\u00a0months", "17\u00a0months")}),
}


def changed_delay(folder: Path, id: str) -> Knowledge:
    """Return the knowledge with one quantity changed in its file, and nothing else."""
    shutil.copytree(KNOWLEDGE, folder)
    file = folder / "quantities.yaml"
    text = file.read_text(encoding="utf-8")
    old, new, _words = DELAYS[id]
    assert f"- id: {id}\n  value: {old}\n" in text
    file.write_text(text.replace(f"- id: {id}\n  value: {old}\n", f"- id: {id}\n  value: {new}\n"), encoding="utf-8")
    return knowledge(folder)


def everything_said(facts: Knowledge) -> dict[str, str]:
    """Return what each surface says with this knowledge: pages written and made, and leaflets, by locale and name."""
    said: dict[str, str] = {}
    for locale in ("fr", "en"):
        for page in read_pages(locale):
            macros = PageMacros(locale, page.path, facts)
            said[f"{locale}/{page.path}"] = "\n".join(plain_line(line, macros) for _, line in page.lines())
        said |= {f"{locale}/{path}": text for path, text in made_pages(locale, facts)}
        for audience in AUDIENCES:
            said[f"{locale}/leaflet/{audience}"] = json.dumps(leaflet(facts, audience, locale), ensure_ascii=False, default=str)
    return said


COUNTED, COUNT = re.compile(r'"count":\d+'), '"count":0'   # what “my file” counts with; its words stand beside it


@pytest.mark.parametrize("id", DELAYS)
def test_changing_one_delay_changes_every_page_that_states_it_and_nothing_else(id: str, facts: Knowledge, tmp_path: Path) -> None:
    before, after = everything_said(facts), everything_said(changed_delay(tmp_path / "knowledge", id))
    moved = {name for name in before if before[name] != after[name]}
    assert len(moved) > 10
    for name in moved:  # what changed is the delay in words, and nothing else
        old, new = DELAYS[id][2][name[:2]]
        assert new not in before[name]
        assert COUNTED.sub(COUNT, after[name].replace(new, old)) == COUNTED.sub(COUNT, before[name]), name
    written = {
        f"{locale}/{page.path}"
        for locale in ("fr", "en")
        for page in read_pages(locale)
        if any(call.macro == "n" and call.id == id for call in page.calls)
    }
    assert written and written <= moved
    assert {"fr/organismes/commission-mixte-conciliation.md", "en/organismes/commission-mixte-conciliation.md"} <= moved


def test_leaflets_follow_a_delay_they_state(facts: Knowledge, tmp_path: Path) -> None:
    before, after = everything_said(facts), everything_said(changed_delay(tmp_path / "knowledge", "committee_meeting"))
    leaflets = [name for name in before if "/leaflet/" in name]
    assert len(leaflets) == 4
    assert [name for name in leaflets if before[name] != after[name]]


def test_a_page_that_does_not_state_the_delay_keeps_still(facts: Knowledge, tmp_path: Path) -> None:
    changed = changed_delay(tmp_path / "knowledge", "acknowledgement")
    before, after = everything_said(facts), everything_said(changed)
    for still in ("fr/patients/pharmacie-dgccrf.md", "en/droit/cciv-2224.md", "fr/organismes/dgccrf.md"):
        assert before[still] == after[still]


def test_a_transmission_of_eight_days_does_not_follow_the_acknowledgement(facts: Knowledge, tmp_path: Path) -> None:
    changed = changed_delay(tmp_path / "knowledge", "acknowledgement")
    assert changed.quantities["transmission"].words("fr") == facts.quantities["transmission"].words("fr") == "8\u00a0jours"


# Figures


@pytest.mark.parametrize("chart", charts().values(), ids=lambda chart: chart.id)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_chart_is_an_image_with_a_name_without_style_or_script(chart: Chart, locale: str, facts: Knowledge) -> None:
    bars = tuple(bar(row, facts.quantities[row.quantity], locale) for row in chart.rows)
    svg = draw(chart, bars, facts.quantities[chart.rows[0].quantity], locale)
    root = ElementTree.fromstring(svg)
    name = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.find(f"{name}title").text == chart.title[locale]  # type: ignore[union-attr]
    assert not [one for one in root.iter() if one.tag in (f"{name}style", f"{name}script") or "style" in one.attrib]
    assert len(list(root.iter(f"{name}rect"))) == len(chart.rows)


@pytest.mark.parametrize("chart", charts().values(), ids=lambda chart: chart.id)
def test_a_chart_has_its_table_year_source_and_limits(chart: Chart, facts: Knowledge) -> None:
    shown = PageMacros("fr", "chiffres/index.md", facts).chart(chart.id)
    assert all(f"<td>{facts.quantities[row.quantity].words('fr')}</td>" in shown for row in chart.rows)
    assert chart.year in shown and chart.limits.fr in shown
    assert all(facts.statements[id].source.fr in shown for id in chart.statements)


@pytest.mark.parametrize("chart", charts().values(), ids=lambda chart: chart.id)
def test_a_chart_shows_quantities_of_the_statements_it_cites(chart: Chart, facts: Knowledge) -> None:
    assert {facts.quantities[row.quantity].statement for row in chart.rows} <= set(chart.statements)
    assert len({facts.quantities[row.quantity].unit for row in chart.rows}) == 1


def test_every_chart_is_on_the_page_of_figures() -> None:
    for locale in ("fr", "en"):
        page = next(page for page in read_pages(locale) if page.path == "chiffres/index.md")
        assert {call.id for call in page.calls if call.macro == "chart"} == set(charts())


def test_the_longest_bar_is_the_highest_figure(facts: Knowledge) -> None:
    chart = charts()["plaintes-2022"]
    bars = tuple(bar(row, facts.quantities[row.quantity], "fr") for row in chart.rows)
    widths = [
        float(width)
        for width in re.findall(r'class="chart-bar"[^>]* width="([\d.]+)"', draw(chart, bars, facts.quantities["complaints_2022"], "fr"))
    ]
    ratio = sorted(widths)[0] / sorted(widths)[1]
    assert ratio == pytest.approx(bars[1].most / bars[0].most, rel=0.02)


# Translations


def test_a_translation_made_from_an_older_page_is_stale(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "page.md").write_text("---\ntitle: Une page\n---\nBonjour.\n", encoding="utf-8")
    mark = Page("fr", "page.md", (tmp_path / "fr" / "page.md").read_text(encoding="utf-8")).hash
    assert not is_stale("page.md", {"translation_of": mark}, tmp_path)
    assert is_stale("page.md", {"translation_of": "0123456789ab"}, tmp_path)
    assert not is_stale("other.md", {}, tmp_path)


def test_a_number_of_an_old_or_secondary_source_carries_the_mark_of_its_statement(facts: Knowledge) -> None:
    phones = [contact for contact in facts.contacts.values() if contact.status == "probable" and contact.kind == "phone"]
    assert len(phones) > 5
    assert all(contact.statement and facts.statements[contact.statement].status == "unverified" for contact in phones)
