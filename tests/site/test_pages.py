"""The site as people meet it: any width, light or dark, forced colours, a keyboard alone, no script, large letters."""

import json
import re
import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Page

from scripts.site.serve import SiteServer
from tests.conftest import NewContext, OpenPage
from tests.support.guide_pages import wait_for_python
from tests.support.lanes import PROVING, first, sample
from tests.support.page_types import TYPES

LOCALES = ("fr", "en")
PAGES = [(kind, locale) for kind in TYPES for locale in LOCALES]
SCHEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "light", "forced_colors": "active"},
}
AXE = """async (only) => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));   // what a new width changes is drawn
  const found = await axe.run(document, {
    resultTypes: ["violations"], ...(only ? { runOnly: only } : { rules: { "target-size": { enabled: true } } }),
  });
  const told = (node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`;
  return found.violations.map((violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map(told).join(" | ")}`);
}"""


COLOURS = ["color-contrast", "link-in-text-block"]     # the rules whose answer a scheme can change

SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, summary")].filter((element) => {
  const inline = "p, dd, figcaption, td, th, caption, .skip, h1, h2, h3, li > ul, .prose li";
  if (!element.checkVisibility() || element.closest(inline)) return false;
  const box = element.getBoundingClientRect();
  return box.width < 24 || box.height < 24;
}).map((element) => `${Math.round(element.getBoundingClientRect().height)} px: ${element.outerHTML.slice(0, 120)}`)"""

UNSEEN_AWAY = """() => {
  for (const state of document.querySelectorAll(".guide-state, .guide-body")) if (!state.getClientRects().length) state.remove();
}"""


def sheet(page: Page, css: str) -> None:
    """Add a style as a reader's own settings would: the policy of the page forbids style elements."""
    page.evaluate(
        """(css) => { const s = new CSSStyleSheet(); s.replaceSync(css);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, s]; }""",
        css,
    )


def violations(page: Page) -> list[str]:
    """Return what axe finds in light, dark and forced colours, at three widths, and the targets too small for a finger."""
    found = []
    for scheme, media in SCHEMES.items():
        page.emulate_media(**media)
        whole = PROVING or scheme == "light"
        for width in (320, 375, 1280) if PROVING else (320, 1280) if whole else (320,):
            page.set_viewport_size({"width": width, "height": 800})
            found += [f"{scheme}, {width} px: {violation}" for violation in page.evaluate(AXE, None if whole else COLOURS)]
            if scheme == "light":
                found += [f"{width} px, a small target: {target}" for target in page.evaluate(SMALL)]
    return found


@pytest.mark.sampled
@pytest.mark.parametrize(("kind", "locale"), PAGES)
def test_axe_finds_nothing_and_targets_are_large_enough(open_page: OpenPage, axe_source: str, kind: str, locale: str) -> None:
    page = open_page(TYPES[kind], locale=locale)
    if kind == "guide":
        wait_for_python(page)
    page.evaluate(axe_source)
    found = violations(page)
    assert not found, "\n".join(found)


@pytest.mark.prove
@pytest.mark.parametrize("locale", LOCALES)
def test_axe_finds_nothing_in_the_guide_by_its_links(open_page: OpenPage, axe_source: str, locale: str) -> None:
    page = open_page(may_fail=True)
    page.route("**/assets/runtime/**", lambda _route: None)
    page.goto(f"{'en/' if locale == 'en' else ''}guide/")
    page.evaluate("guideStates.every()")
    page.evaluate(axe_source)
    found = [f"the whole page: {violation}" for violation in page.evaluate(AXE)]
    page.evaluate(UNSEEN_AWAY)   # axe looks at a thousand states for ten seconds each time
    found += violations(page)
    assert not found, "\n".join(found)


@pytest.mark.sampled
@pytest.mark.parametrize("locale", LOCALES)
def test_no_page_is_wider_than_the_screen(new_context: NewContext, site: Path, locale: str) -> None:
    """Every page: at 1280 px, at 320 px, and with the spacing of WCAG 1.4.12, which also stands for the widest fonts.

    320 px by 256 is what 1280 px by 1024 leave when all is magnified four times.
    """
    page = new_context(locale=locale).new_page()
    wrong = []
    whole = sorted(pages_of(site, locale))
    prefix = "en/" if locale == "en" else ""
    for path in whole if PROVING else [f"{prefix}{path}" for path in TYPES.values() if f"{prefix}{path}" in whole]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        found = {"1280 px": page.evaluate(WIDER)}
        page.set_viewport_size({"width": 320, "height": 256})
        found["320 px"] = page.evaluate(WIDER)
        sheet(
            page,
            "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
            "p { margin-bottom: 2em !important }",
        )
        found["spaced"] = page.evaluate(WIDER) or page.evaluate(CUT)
        wrong += [f"{path or 'home'}, {when}: {told}" for when, told in found.items() if told]
    assert not wrong, "\n".join(wrong)


def pages_of(site: Path, locale: str) -> set[str]:
    """Return the addresses of the pages of a locale, from the root of the site."""
    files = (file.relative_to(site) for file in site.rglob("*.html"))
    found = {file.as_posix().removesuffix("index.html") for file in files if (file.parts[0] == "en") == (locale == "en")}
    assert len(found) > 100, f"{len(found)} pages in {site}"
    return found


WIDER = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [`${document.documentElement.scrollWidth} px`,
  ...[...document.querySelectorAll("main *")].filter((element) => !element.closest(".scroll, .table-scroll")
    && element.getBoundingClientRect().right > innerWidth + 1).slice(-2).map((element) => element.outerHTML.slice(0, 120))]"""
CUT = """() => [...document.querySelectorAll("body *")].filter((element) => {
  const style = getComputedStyle(element);
  const hides = style.overflowX === "hidden" || style.overflowY === "hidden";
  return hides && element.clientWidth > 2 && element.clientHeight > 2 && !element.closest("svg")
    && (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1);
}).map((element) => element.outerHTML.slice(0, 120))"""

INSIDE_A_DATE = 3   # Chromium stops at the day, the month, the year, and what opens the calendar
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return null;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return { html: element.outerHTML.slice(0, 120), outline: parseFloat(style.outlineWidth), kind: style.outlineStyle,
           seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
           index: [...document.querySelectorAll("*")].indexOf(element) };
}"""
CONTROLS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && !element.disabled)
  .map((element) => [...document.querySelectorAll("*")].indexOf(element))"""


@pytest.mark.sampled
@pytest.mark.parametrize("width", sample([375, 1280]))
@pytest.mark.parametrize(("kind", "locale"), [(kind, locale) for kind, locale in PAGES if kind != "guide" and locale in sample(LOCALES)])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(open_page: OpenPage, kind: str, locale: str, width: int) -> None:
    page = open_page(TYPES[kind], locale=locale, width=width)
    wanted = set(page.evaluate(CONTROLS))
    reached: set[int] = set()
    days = page.locator("[type=date]:visible").count()
    for _ in range(len(wanted) + 5 + days * INSIDE_A_DATE):
        page.keyboard.press("Tab")
        if (focused := page.evaluate(FOCUSED)) is None:
            break
        within = 'type="date"' in focused["html"] and focused["index"] in reached     # on the button that the browser draws in it
        reached.add(focused["index"])
        assert within or (focused["kind"] != "none" and focused["outline"] >= 3), f"no visible focus: {focused['html']}"
        assert focused["seen"], f"focus out of sight: {focused['html']}"
    else:
        pytest.fail("the keyboard never leaves the page: a trap")
    assert not wanted - reached, [
        page.evaluate("(i) => document.querySelectorAll('*')[i].outerHTML.slice(0, 120)", i) for i in sorted(wanted - reached)
    ]


@pytest.mark.parametrize(("kind", "locale"), PAGES)
def test_the_policy_is_obeyed_and_the_first_view_is_light(
    open_page: OpenPage, site: Path, server: SiteServer, kind: str, locale: str
) -> None:
    page = open_page("robots.txt")     # something of the site, from which nothing stays
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(
        server.url + ("en/" if locale == "en" else "") + TYPES[kind], wait_until="networkidle"
    )
    if kind == "guide":
        return
    assert len(weights) <= 6, weights
    headers = 900 * len(weights)  # response headers, which this count includes
    assert sum(weights) - headers <= 15_000, f"{sum(weights):,.0f} bytes with headers, {weights}"


def test_a_phone_without_script_reaches_every_page(open_page: OpenPage) -> None:
    page = open_page("", width=375, javascript=False)
    page.locator(".menu-more summary").click()
    page.locator(".menu-more").get_by_role("link", name="Toutes les pages").click()
    assert page.url.endswith("/plan-du-site/")
    assert page.locator(".pages a").count() > 50


def test_the_search_page_leads_to_every_page_without_script(open_page: OpenPage, site: Path) -> None:
    page = open_page("recherche/", javascript=False)
    here = page.url.removesuffix("recherche/")
    listed = _addresses(page, ".pages a")
    assert f"{here}droit/" in listed and not any(address.startswith(f"{here}droit/csp-") for address in listed)
    listed |= _addresses(open_page("droit/", javascript=False), "main a")  # a hundred texts of law have an index of their own
    listed |= _addresses(open_page("methode/", javascript=False), "main a")  # the list of doubts, for those who read the site again
    pages = {file.parent.relative_to(site).as_posix() for file in site.rglob("index.html") if "en" not in file.relative_to(site).parts[:1]}
    missing = {name for name in pages if f"{here}{'' if name == '.' else name + '/'}" not in listed and not name.startswith("embed")}
    assert not missing


def _addresses(page: Page, links: str) -> set[str]:
    return set(page.eval_on_selector_all(links, "links => links.map((link) => link.href.split('#')[0])"))


@pytest.mark.parametrize("kind", [kind for kind in TYPES if kind != "missing"])
def test_the_language_switch_stays_on_the_same_page(open_page: OpenPage, kind: str) -> None:
    page = open_page(TYPES[kind])
    page.locator(".tool--language").click()
    assert page.url.endswith(f"/en/{TYPES[kind]}")
    page.locator(".tool--language").click()
    assert page.url.endswith(f"/{TYPES[kind]}") and "/en/" not in page.url


def test_the_first_stop_of_the_keyboard_leads_to_the_content(open_page: OpenPage) -> None:
    page = open_page(TYPES["page"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_paper_keeps_the_text_and_leaves_the_menus(open_page: OpenPage) -> None:
    page = open_page(TYPES["page"])
    page.emulate_media(media="print")
    assert page.locator(".prose h1").is_visible()
    assert page.locator(".emergency").is_visible()
    for menu in (".menu", ".trail", ".section", ".foot-columns"):
        assert not page.locator(menu).first.is_visible(), menu
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_the_site_works_under_any_path(serve_folder: Callable[..., SiteServer], site: Path, new_context: NewContext) -> None:
    server = serve_folder(site, base="/guides/refus/")
    page = new_context().new_page()
    failed: list[str] = []
    page.on("response", lambda answer: failed.append(answer.url) if answer.status >= 400 else None)
    page.goto(server.url)
    page.get_by_role("link", name="Professionnels", exact=True).click()
    assert page.url == f"{server.url}professionnels/"
    page.locator(".tool--language").click()
    assert page.url == f"{server.url}en/professionnels/"
    assert page.evaluate("getComputedStyle(document.querySelector('.brand')).display") == "flex"
    assert not failed


def test_structured_data_raises_no_violation_and_is_read(open_page: OpenPage) -> None:
    page = open_page(TYPES["body"])
    data = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")
    assert {"BreadcrumbList"} <= {thing["@type"] if isinstance(thing["@type"], str) else thing["@type"][0] for thing in data["@graph"]}


def test_a_low_contrast_put_in_by_hand_is_seen(
    site: Path, tmp_path: Path, serve_folder: Callable[..., SiteServer], new_context: NewContext, axe_source: str
) -> None:
    for name in ("assets", "index.html"):
        source = site / name
        shutil.copytree(source, tmp_path / name) if source.is_dir() else shutil.copy(source, tmp_path / name)
    css = next((tmp_path / "assets" / "css").glob("site.*.css"))
    css.write_text(re.sub(r"--ink:\s*#[0-9a-f]+", "--ink:#cfc8bd", css.read_text("utf-8"), count=1), "utf-8")
    for packed in css.parent.glob("*.css.*"):
        packed.unlink()
    page = new_context().new_page()
    page.goto(serve_folder(tmp_path).url)
    page.evaluate(axe_source)
    assert any(violation.startswith("color-contrast") for violation in page.evaluate(AXE))


LEAST_LINES = 4      # three lines are no reason to turn a sheet


def lonely_lines(page: Page, address: str) -> list[str]:
    """Return what the last sheet of a printed page holds beside its notes, where that is too little to turn a sheet for."""
    page.goto(address)
    sheets = pypdf.PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages
    notes = " ".join(" ".join(page.locator(".notes").all_text_contents()).split())
    lines = [" ".join(line.split()) for line in sheets[-1].extract_text().splitlines()]
    assert not any("Site publié par" in line or "Site published by" in line for line in lines)
    content = [line for line in lines if line and line not in notes]
    return [address, *content] if len(sheets) > 1 and len(content) < LEAST_LINES else []


@pytest.mark.parametrize("locale", first(LOCALES))
def test_no_page_of_any_type_ends_on_a_sheet_with_a_line_or_two(open_page: OpenPage, locale: str) -> None:
    page = open_page("", locale=locale)
    root = page.url
    paths = [*TYPES.values(), "lettres/mediateur/", "patients/plainte-penale/"]
    assert [found for path in paths if (found := lonely_lines(page, f"{root}{path}"))] == []


@pytest.mark.prove
@pytest.mark.parametrize("locale", LOCALES)
def test_no_page_at_all_ends_on_a_sheet_with_a_line_or_two(site: Path, open_page: OpenPage, locale: str) -> None:
    page = open_page("", locale=locale)
    root, folder = page.url, site / ("en" if locale == "en" else "")
    places = [file.parent.relative_to(folder).as_posix() for file in sorted(folder.rglob("index.html"))]
    paths = [place for place in places if not place.startswith(("en/", "embed")) and place != "en"]
    assert len(paths) > 100
    assert [found for path in paths if (found := lonely_lines(page, f"{root}{'' if path == '.' else f'{path}/'}"))] == []
