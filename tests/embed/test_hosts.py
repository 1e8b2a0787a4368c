"""The guide in the pages of other sites: site and host have two names and two ports on this machine."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Frame, Page, TimeoutError, expect

from decision_tree.answers import encode
from decision_tree.authoring.read.cases import cases
from decision_tree.authoring.read.load import knowledge
from scripts.site.embed import VERSIONS
from scripts.site.serve import SiteServer
from tests.conftest import NewContext
from tests.support.guide_pages import open_group
from tests.support.hosts import HOSTS, HostServer, guide_frame, host_page, hosting, open_host
from tests.support.lanes import PROVING, sample

ASKED = {question.fact for question in knowledge().model.questions}
SETTLED_MS = 700   # its last height is told
AFTER_A_SCREEN_MS = 650   # a press just after a new screen, at the same place, answers nothing
MESSAGES = (r'\["ready"\]', r'\["end"\]', r'\["top"\]', r'\["height",\d{2,5}\]', r'\["step",\d{1,2},\d{1,2}\]')


@pytest.fixture(scope="module")
def host(server: SiteServer) -> Iterator[HostServer]:
    with hosting(server.url) as running:
        yield running


def height(page: Page, number: int = 0) -> float:
    box = page.locator("iframe").nth(number).bounding_box()
    assert box is not None
    return box["height"]


def answer(frame: Frame, fact: str, value: str) -> None:
    frame.locator(f'a[data-answer="{fact}={value}"]:visible').first.click()


def heard(page: Page) -> list[list[str]]:
    return page.evaluate("window.heard")  # type: ignore[no-any-return]


def wait_for(page: Page, name: str, more_than: int = 0) -> None:
    page.wait_for_function(
        "([name, count]) => (window.events ?? []).filter((event) => event[0] === name).length > count", arg=[name, more_than]
    )


def wait_for_python(frame: Frame) -> None:
    frame.locator("[data-guide]").scroll_into_view_if_needed()
    frame.wait_for_selector('[data-guide][data-engine="python"]', timeout=60_000)


OPEN = "all => all.forEach((fold) => { fold.open = true; })"
DRAWN = "(css) => [...document.querySelectorAll(css)].filter((one) => one.getClientRects().length).length"


def walk_to_the_end(page: Page, frame: Frame) -> list[str]:
    """Answer each question with its first answer; return the answers given."""
    given: list[str] = []
    while not page.evaluate("window.events.some(([name]) => name === 'end')"):
        assert len(given) < 20
        link = frame.locator("a[data-answer]:visible").first
        said = str(link.get_attribute("data-answer"))
        try:
            link.click(timeout=2_000)
        except TimeoutError:   # Python took over between the look and the click
            continue
        given.append(said)
        page.wait_for_function(
            "n => window.events.filter(([name]) => name === 'step' || name === 'end').length > n", arg=len(given)
        )
        page.wait_for_timeout(AFTER_A_SCREEN_MS)
    return given


def test_a_link_becomes_the_guide(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    frame = guide_frame(page)
    assert frame.url.startswith(host.site + "embed/")
    assert page.locator("iframe").get_attribute("title") == "Un soin vous a été refusé ? Voyez qui peut vous aider."
    expect(page.locator("a[data-embed]")).to_be_hidden()
    expect(frame.locator("h1")).to_have_count(1)
    assert frame.title().startswith("Le guide")
    assert page.evaluate("scrollY") == 0
    assert page.evaluate("document.activeElement === document.body")


def test_the_frame_grows_and_shrinks_with_the_guide(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(width=375), f"{host.url}plain.html")
    frame = guide_frame(page)
    wait_for(page, "height")
    answer(frame, "asker", "victime")
    answers = frame.locator('.guide-state:has(a[data-answer="ground=c2s"]):visible')
    answers.wait_for()
    page.wait_for_timeout(SETTLED_MS)
    first = height(page)
    answers.locator("details").evaluate_all(OPEN)
    page.wait_for_function("first => document.querySelector('iframe').offsetHeight > first + 200", arg=first)
    tall = height(page)
    frame.evaluate("history.back()")
    page.wait_for_function("tall => document.querySelector('iframe').offsetHeight < tall - 200", arg=tall)
    frame.wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("python", [False, True], ids=["by links", "with Python"])
def test_the_host_hears_how_far_never_what(host: HostServer, new_context: NewContext, python: bool) -> None:
    page = open_host(new_context(width=375), f"{host.url}plain.html", python=python)
    frame = guide_frame(page)
    if python:
        wait_for_python(frame)
    given = walk_to_the_end(page, frame)
    frame.locator("[data-body]:visible").first.wait_for()
    bodies = frame.locator("[data-body]:visible").evaluate_all("all => all.map((one) => one.dataset.body)")
    assert given and bodies
    said = heard(page)
    assert {way for way, _ in said} == {"port"}
    assert all(any(re.fullmatch(shape, text) for shape in MESSAGES) for _, text in said), said
    written = " ".join(text for _, text in said)
    secret = {*knowledge().model.facts, *knowledge().model.bodies, *bodies, *(part for one in given for part in one.split("="))}
    assert not [word for word in secret if word in written]
    steps = [json.loads(text)[1:] for _, text in said if text.startswith('["step"')]
    assert [step for step, _ in steps] == sorted(step for step, _ in steps)
    assert all(step <= of for step, of in steps)
    assert [detail for name, detail in page.evaluate("window.events") if name == "end"] == [None]
    assert page.evaluate("location.href") == f"{host.url}plain.html"


def test_words_typed_in_the_frame_stay_in_it(host: HostServer, new_context: NewContext) -> None:
    context = new_context(width=375)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(unquote(f"{request.url} {request.post_data or ''} {request.headers}")))
    page = open_host(context, f"{host.url}plain.html", python=True)
    frame = guide_frame(page)
    wait_for_python(frame)
    frame.locator("#own-words").fill("mon secret indicible : le dentiste refuse ma CMU")
    frame.locator("[data-own-words] button[type=submit]").click()
    frame.locator(".own-words-chips input").first.wait_for()
    assert not frame.locator('[data-answers*="profession"]').count()
    frame.locator("[data-own-found] button").click()
    frame.locator('[data-answers*="profession"]').wait_for(state="attached")
    page.wait_for_timeout(SETTLED_MS)
    secret = re.compile("secret|indicible|dentiste|cmu|c2s", re.IGNORECASE)
    said = heard(page) + frame.evaluate("window.heard")
    assert said and not [text for _, text in said if secret.search(text)]
    assert all(any(re.fullmatch(shape, text) for shape in MESSAGES) for way, text in heard(page) if way == "port")
    assert not [address for address in (page.url, frame.url, *(one.url for one in page.frames)) if secret.search(unquote(address))]
    assert asked and not [one for one in asked if re.search("secret|indicible", one)]
    kept = "[window.name, document.cookie, document.referrer, ...[localStorage, sessionStorage].map((one) => JSON.stringify(one))].join()"
    assert not secret.search(page.evaluate(kept)) and not re.search("secret|indicible", frame.evaluate(kept))


def test_what_is_not_the_frame_is_not_heard(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    guide_frame(page)
    wait_for(page, "height")
    before, events = height(page), page.evaluate("window.events.length")
    page.evaluate("""() => {
      for (const said of [["height", 9000], ["ready"], ["end"], "guide 1"]) window.postMessage(said, "*");
      const other = document.createElement("iframe");
      other.srcdoc = '<script>for (const said of [["height", 9000], ["end"]]) parent.postMessage(said, "*")</' + "script>";
      document.body.append(other);
    }""")
    page.wait_for_timeout(500)
    assert height(page) == before
    assert page.evaluate("window.events.length") == events


def test_the_frame_takes_the_last_port_and_only_from_the_page_around(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}bare.html")
    frame = guide_frame(page, ready=False)
    frame.wait_for_load_state()
    page.evaluate("""() => {
      window.got = [];
      window.greet = (from, data, ports = 1) => {
        const channels = Array.from({ length: ports }, () => new MessageChannel());
        channels.forEach((channel) => { channel.port1.onmessage = ({ data }) => window.got.push([from, data]); });
        frames[0].postMessage(data, "*", channels.map((channel) => channel.port2));
      };
      greet("wrong word", "guide 2"); greet("object", { guide: 1 }); greet("two ports", "guide 1", 2); greet("none", "guide 1", 0);
      const other = document.createElement("iframe");
      other.srcdoc = `<script>
        const channel = new MessageChannel();
        channel.port1.onmessage = ({ data }) => parent.got.push(["a neighbour", data]);
        parent.frames[0].postMessage("guide 1", "*", [channel.port2]);
      </` + "script>";
      document.body.append(other);
    }""")
    page.wait_for_timeout(500)
    assert page.evaluate("window.got") == []
    page.evaluate('greet("the page", "guide 1")')
    page.wait_for_function("() => window.got.some(([from, said]) => said[0] === 'ready')")
    page.evaluate('greet("late", "guide 1")')
    page.wait_for_function("() => window.got.some(([from]) => from === 'late')")
    before = page.evaluate("window.got.length")
    answer(frame, "asker", "victime")
    page.wait_for_function("before => window.got.slice(before).some(([, said]) => said[0] === 'step')", arg=before)
    assert {who for who, _ in page.evaluate("before => window.got.slice(before)", before)} == {"late"}
    assert {who for who, _ in page.evaluate("window.got")} == {"the page", "late"}


def test_without_scripts_the_host_shows_the_link_and_the_guide_works(host: HostServer, new_context: NewContext) -> None:
    page = new_context(javascript=False).new_page()
    page.goto(f"{host.url}plain.html")
    assert page.locator("iframe").count() == 0
    page.locator("a[data-embed]").click()
    assert page.url.startswith(f"{host.site}guide/#")
    page.locator('a[data-answer="asker=victime"]:visible').click()
    expect(page.locator('a[data-answer="ground=c2s"]:visible')).to_have_count(1)


def test_a_frame_works_without_scripts(host: HostServer, new_context: NewContext) -> None:
    page = new_context(javascript=False).new_page()
    page.goto(f"{host.url}bare.html")
    frame = page.frame_locator("iframe")
    frame.locator('a[data-answer="asker=victime"]:visible').click()
    expect(frame.locator('a[data-answer="ground=c2s"]:visible')).to_have_count(1)


def test_a_strict_policy_needs_the_two_documented_directives(host: HostServer, new_context: NewContext) -> None:
    context = new_context()
    refused: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: refused.append(message.text) if "Content Security Policy" in message.text else None)
    page.goto(f"{host.url}strict_csp.html")
    page.wait_for_selector("iframe", state="attached")
    expect(page.locator("a[data-embed]")).to_be_hidden()
    page.wait_for_function("() => parseInt(document.querySelector('iframe').style.height) > 0")
    assert refused == []


@pytest.mark.prove
def test_a_host_that_forbids_frames_keeps_its_link(host: HostServer, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(f"{host.url}closed_csp.html")
    page.wait_for_selector("iframe", state="attached")
    expect(page.locator("a[data-embed]")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0, timeout=14_000)
    expect(page.locator("a[data-embed]")).to_be_visible()


@pytest.mark.prove
def test_a_site_that_is_down_leaves_the_link(host: HostServer, new_context: NewContext) -> None:
    context = new_context()
    context.route("**/embed/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{host.url}plain.html")
    page.wait_for_selector("iframe", state="attached")
    expect(page.locator("iframe")).to_have_count(0, timeout=14_000)
    expect(page.locator("a[data-embed]")).to_be_visible()


def test_a_script_that_is_not_ours_does_not_run(host: HostServer, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(f"{host.url}tampered.html", wait_until="networkidle")
    expect(page.locator("a[data-embed]")).to_be_visible()
    assert page.locator("iframe").count() == 0


def test_a_page_opened_as_a_file_keeps_its_link(host: HostServer, new_context: NewContext, tmp_path: Path) -> None:
    text, _ = host_page("plain.html", host.site)
    (tmp_path / "page.html").write_text(text, "utf-8")
    page = new_context().new_page()
    page.goto((tmp_path / "page.html").as_uri(), wait_until="networkidle")
    expect(page.locator("a[data-embed]")).to_be_visible()
    assert page.locator("iframe").count() == 0


def test_a_cms_that_strips_attributes_still_gets_the_guide(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(color_scheme="dark"), f"{host.url}drupal.html")
    frame = guide_frame(page)
    assert page.locator("iframe").count() == 1
    expect(page.get_by_role("link", name="le guide en pleine page")).to_be_visible()
    assert frame.evaluate("document.querySelector('[data-guide]').dataset.dep") == "62"
    assert frame.evaluate("document.documentElement.dataset.theme") == "light"


def test_a_cms_that_strips_scripts_keeps_the_link(host: HostServer, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(f"{host.url}wordpress.html")
    expect(page.get_by_role("link", name="Un soin vous a été refusé ?")).to_be_visible()
    assert page.locator("iframe").count() == 0


def test_a_page_drawn_later_is_upgraded_then_tidied(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}spa.html")
    guide_frame(page)
    page.evaluate("leave()")
    expect(page.locator("iframe")).to_have_count(0)
    page.evaluate("mount()")
    guide_frame(page)
    expect(page.locator("iframe")).to_have_count(1)


def test_two_guides_keep_to_themselves(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}two.html")
    page.wait_for_function("() => document.querySelectorAll('iframe').length === 2")
    french, english = guide_frame(page, 0, ready=False), guide_frame(page, 1, ready=False)
    wait_for(page, "height", 1)
    assert page.locator("iframe").count() == 2
    assert french.evaluate("document.documentElement.lang") == "fr"
    assert english.evaluate("document.documentElement.lang") == "en"
    ground = "getComputedStyle(document.body).backgroundColor"
    assert french.evaluate(ground) != english.evaluate(ground)
    other, heights = height(page, 1), page.evaluate("window.events.filter(([name]) => name === 'step').length")
    answer(french, "asker", "victime")
    wait_for(page, "step", heights)
    page.wait_for_timeout(300)
    assert height(page, 1) == other
    assert english.locator("a[data-answer^='asker=']:visible").count() > 1


def test_a_host_inside_a_frame(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}nested.html")
    page.wait_for_selector("iframe", state="attached")
    inner = page.frames[1]
    inner.wait_for_function("() => (window.events ?? []).some(([name]) => name === 'height')")
    expect(inner.locator("a[data-embed]")).to_be_hidden()
    assert page.evaluate("window.heard") == []


def test_links_of_visitors_become_nothing(host: HostServer, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(f"{host.url}comments.html", wait_until="networkidle")
    assert page.locator("iframe").count() == 0
    for link in page.locator("a").all():
        expect(link).to_be_visible()


def test_a_phone_of_320_pixels(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(width=320), f"{host.url}plain.html")
    frame = guide_frame(page)
    wait_for(page, "height")
    walk_to_the_end(page, frame)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def step_of_focus(page: Page, frame: Frame, key: str) -> str:
    """Press a key that moves the focus, wait until it has moved (host and frame are two processes), and say where it is in the host."""
    host_stop, frame_stop = "document.activeElement.id || document.activeElement.tagName", (
        "document.hasFocus() && [...document.querySelectorAll('*')].indexOf(document.activeElement)")

    def stop() -> tuple[str, int]:
        return page.evaluate(host_stop), frame.evaluate(frame_stop)

    before = stop()
    page.keyboard.press(key)
    for _ in range(100):
        page.wait_for_timeout(20)
        now = stop()
        if now != before and (now[0] != "IFRAME" or now[1] > 0) and now[0] != "BODY":
            return now[0]
    raise AssertionError(f"{key} moved the focus nowhere from {before}")


def test_the_keyboard_goes_through_the_frame_and_out(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    frame = guide_frame(page)
    wait_for(page, "height")
    page.locator("#before").focus()
    stops: list[str] = []
    for _ in range(60):
        stops.append(step_of_focus(page, frame, "Tab"))
        if stops[-1] == "after":
            break
    assert stops[0] == "IFRAME" and stops[-1] == "after"
    assert step_of_focus(page, frame, "Shift+Tab") == "IFRAME"
    assert frame.evaluate("document.activeElement.matches('footer a')")


def test_an_answer_by_keyboard_brings_the_question_into_sight(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(width=375), f"{host.url}plain.html", python=True)
    frame = guide_frame(page)
    wait_for_python(frame)
    open_group(frame, "asker=professionnel_temoin")
    frame.locator('a[data-answer="asker=professionnel_temoin"]:visible').focus()
    page.evaluate("scrollTo(0, 700)")
    assert page.evaluate("scrollY") > 300
    page.keyboard.press("Enter")
    frame.locator("h2:focus").wait_for()
    page.wait_for_function("() => scrollY < 300")
    box = page.locator("iframe").bounding_box()
    assert box is not None and box["y"] >= -1


def test_the_frame_scrolls_the_host_only_while_the_visitor_is_in_it(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(width=375), f"{host.url}plain.html")
    frame = guide_frame(page)
    wait_for(page, "height")
    page.evaluate("scrollTo(0, 600)")
    frame.evaluate('window.ports.at(-1).postMessage(["top"])')
    page.wait_for_timeout(300)
    assert page.evaluate("scrollY") == 600
    page.locator("iframe").focus()
    page.evaluate("scrollTo(0, 600)")
    frame.evaluate('window.ports.at(-1).postMessage(["top"])')
    page.wait_for_function("() => scrollY < 300")


@pytest.mark.parametrize(("name", "colour", "end"), [("plain.html", "light", False), ("two.html", "dark", True)])
def test_axe_finds_nothing_in_host_and_frame(
    host: HostServer, new_context: NewContext, axe_source: str, name: str, colour: str, end: bool
) -> None:
    page = open_host(new_context(color_scheme=colour, width=375), f"{host.url}{name}")
    guide_frame(page)
    wait_for(page, "height")
    frame = page.frames[-1]
    if end:
        walk_to_the_end(page, frame)
    for place in (page.main_frame, frame):
        place.evaluate(axe_source)
        found = place.evaluate("axe.run(document, { iframes: false })")
        assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]] == []


def test_links_to_the_site_open_in_a_new_tab(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    frame = guide_frame(page)
    links = frame.locator("a[href]:not([data-other])").evaluate_all(
        "all => all.filter((a) => /^http/.test(a.protocol) && a.pathname !== location.pathname).map((a) => a.target)"
    )
    assert links and set(links) == {"_blank"}
    with page.context.expect_page() as opened:
        frame.locator("footer a").first.click()
    assert opened.value.url == f"{host.site}guide/"
    assert page.url == f"{host.url}plain.html"


def test_python_names_the_fund_of_the_page_and_its_links_open_in_a_new_tab(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}fund.html", python=True)
    frame = guide_frame(page)
    wait_for_python(frame)
    walk_to_the_end(page, frame)
    expect(frame.locator("#p-own")).to_have_value("59")   # from the code of the fund
    frame.locator("[data-live] details").evaluate_all(OPEN)
    frame.locator("[data-local] [type=submit]").click()
    expect(frame.locator("[data-found]")).to_contain_text("CPAM de Lille-Douai, CPAM des Flandres")
    link = frame.locator('[data-live] a[href*="/droit/"]').first
    link.evaluate("link => { for (let box = link.closest('details'); box; box = box.parentElement.closest('details')) box.open = true; }")
    with page.context.expect_page() as opened:
        link.click()
    assert opened.value.url.startswith(f"{host.site}droit/")


def test_print_prints_the_result(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    frame = guide_frame(page)
    walk_to_the_end(page, frame)
    page.emulate_media(media="print")
    assert frame.evaluate(DRAWN, "[data-body]") > 0
    assert frame.evaluate(DRAWN, ".guide-answers a") == 0
    assert frame.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"


def test_the_frame_needs_no_storage(host: HostServer, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script("""
      const denied = { get() { throw new DOMException("denied", "SecurityError"); } };
      if (window !== window.top) {
        for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) Object.defineProperty(window, name, denied);
        Object.defineProperty(document, "cookie", denied);
      }
    """)
    problems: list[str] = []
    page = open_host(context, f"{host.url}plain.html", python=True)
    page.on("pageerror", lambda error: problems.append(str(error)))
    frame = guide_frame(page)
    wait_for_python(frame)
    assert walk_to_the_end(page, frame)
    assert problems == []


def test_a_frame_without_an_origin_still_works_by_links(host: HostServer, new_context: NewContext) -> None:
    page = new_context().new_page()
    page.goto(f"{host.url}bare.html")
    page.evaluate("""() => {
      const frame = document.querySelector("iframe");
      frame.sandbox = "allow-scripts";
      frame.src = frame.src.replace("#", "?again#");   // a new fragment alone would not load it again
    }""")
    frame = page.frame_locator("iframe")
    frame.locator('a[data-answer="asker=victime"]:visible').click()
    expect(frame.locator('a[data-answer="ground=c2s"]:visible')).to_have_count(1)


def test_the_host_may_change_theme_and_language(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    frame = guide_frame(page)
    answer(frame, "asker", "parent")
    wait_for(page, "step", 1)
    light = frame.evaluate("getComputedStyle(document.body).backgroundColor")
    page.evaluate("""document.querySelector("iframe").dispatchEvent(new CustomEvent("guide:set", { detail: ["theme", "dark"] }))""")
    frame.wait_for_function("light => getComputedStyle(document.body).backgroundColor !== light", arg=light)
    question = frame.locator(".guide-answers a:visible").first.get_attribute("data-answer")
    page.evaluate("""document.querySelector("iframe").dispatchEvent(new CustomEvent("guide:set", { detail: ["locale", "en"] }))""")
    wait_for(page, "ready", 1)
    frame = page.frames[1]
    assert frame.evaluate("document.documentElement.lang") == "en"
    assert frame.evaluate("document.documentElement.dataset.theme") == "dark"
    assert frame.evaluate("document.querySelector('[data-guide]').dataset.dep") == "59"
    assert frame.locator(".guide-answers a:visible").first.get_attribute("data-answer") == question


def test_a_start_question_is_a_first_answer(host: HostServer, new_context: NewContext) -> None:
    context = new_context()
    context.route("**/runtime/**", lambda route: route.abort())
    page = context.new_page()
    for root in ("embed/", "guide/"):
        page.goto("about:blank")
        page.goto(f"{host.site}{root}#dep=59&asker=professionnel_temoin")
        expect(page.locator('a[data-answer^="asker="]:visible')).to_have_count(0)
        assert page.evaluate("document.querySelector('[data-guide]').dataset.dep") == "59"
        assert page.evaluate("history.state.answers") == {"asker": "professionnel_temoin"}
        assert page.evaluate("location.hash") == ""


def test_a_reason_given_in_advance_is_not_asked_again(host: HostServer, new_context: NewContext) -> None:
    context = new_context()
    context.route("**/runtime/**", lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{host.site}embed/#caisse=011&ground=c2s")
    page.locator('a[data-answer="asker=victime"]:visible').click()
    expect(page.locator('a[data-answer^="asker="]:visible, a[data-answer^="ground="]:visible')).to_have_count(0)
    expect(page.locator("a[data-answer]:visible").first).to_be_visible()
    page.go_back()
    expect(page.locator('a[data-answer="asker=victime"]:visible')).to_be_visible()


def test_a_guide_below_the_fold_costs_the_host_one_script(host: HostServer, new_context: NewContext, server: SiteServer) -> None:
    context = new_context()
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith(server.url) else None)
    page.goto(f"{host.url}far.html", wait_until="networkidle")
    assert page.locator("iframe").count() == 0
    assert [address.removeprefix(server.url).partition("-")[0] for address in asked] == ["embed"]
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("a[data-embed]")).to_be_hidden()


@pytest.mark.parametrize("version", sorted(folder.name for folder in VERSIONS.glob("*.*.*")) or ["none"])
def test_the_page_of_an_older_version_still_works(server: SiteServer, new_context: NewContext, version: str) -> None:
    with hosting(server.url, VERSIONS / version) as older:
        page = open_host(new_context(), f"{older.url}host.html")
        frame = guide_frame(page)
        wait_for(page, "height")
        wait_for(page, "step")
        answer(frame, "asker", "victime")
        wait_for(page, "step", 1)
        assert f"embed-{version}.js" in page.content()


def test_a_fund_may_host_it_all_under_any_path(
    site: Path, serve_folder: Callable[..., SiteServer], new_context: NewContext
) -> None:
    ours = serve_folder(site, base="/aide/refus/")
    with hosting(ours.url) as around:
        page = open_host(new_context(), f"{around.url}two.html")
        wait_for(page, "height", 1)
        framed = sorted(frame.url.split("#")[0] for frame in page.frames[1:])     # the browser lists them as they come
        assert framed == [f"{ours.url}embed/", f"{ours.url}en/embed/"]


def test_every_host_page_is_tried() -> None:
    tried = Path(__file__).read_text("utf-8")
    assert [file.name for file in HOSTS.glob("*.html") if file.name not in tried] == []


LOADED_AGAIN = "document.querySelector('iframe').dispatchEvent(new Event('load'))"


@pytest.mark.prove
@pytest.mark.parametrize("version", sorted(folder.name for folder in VERSIONS.glob("*.*.*")) or ["none"])
def test_a_frame_said_to_be_loaded_again_goes_on(server: SiteServer, new_context: NewContext, version: str) -> None:
    """As WebKit does at each link to a place of the page in the frame."""
    with hosting(server.url, VERSIONS / version) as older:
        page = open_host(new_context(width=375), f"{older.url}host.html")
        frame = guide_frame(page)
        wait_for(page, "height")
        for times in (1, 2):
            page.evaluate(LOADED_AGAIN)
            wait_for(page, "ready", times)
        steps = page.evaluate("window.events.filter(([name]) => name === 'step').length")
        answer(frame, "asker", "victime")
        wait_for(page, "step", steps)
        page.wait_for_timeout(10_000)
        expect(page.locator("iframe")).to_have_count(1)
        expect(page.locator("a[data-embed]")).to_be_hidden()


def test_a_frame_that_the_page_removes_gives_the_link_back_and_comes_again(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    guide_frame(page)
    expect(page.locator("a[data-embed]")).to_be_hidden()
    for times in (1, 2):
        page.evaluate("document.querySelector('iframe').remove()")
        expect(page.locator("a[data-embed]")).to_be_visible(timeout=1_500)
        wait_for(page, "ready", times)
        expect(page.locator("a[data-embed]")).to_be_hidden()
        expect(page.locator("iframe")).to_have_count(1)


def test_a_frame_removed_before_it_is_ready_comes_again(host: HostServer, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script("""addEventListener("DOMContentLoaded", () => {
      const cleaner = new MutationObserver(() => document.querySelectorAll("iframe").forEach((one) => {
        one.remove();
        cleaner.disconnect();
      }));
      cleaner.observe(document, { childList: true, subtree: true });
    })""")
    page = open_host(context, f"{host.url}plain.html")
    wait_for(page, "ready")
    expect(page.locator("a[data-embed]")).to_be_hidden()
    expect(page.locator("iframe")).to_have_count(1)


def test_a_page_that_never_allows_frames_keeps_its_link(host: HostServer, new_context: NewContext) -> None:
    context = new_context()
    context.add_init_script("""window.removed = [];
      new MutationObserver(() => document.querySelectorAll("iframe").forEach((one) => {
        one.remove();
        window.removed.push(performance.now());
      })).observe(document, { childList: true, subtree: true });""")
    page = context.new_page()
    page.goto(f"{host.url}plain.html")
    page.wait_for_function("window.removed.length > 2")
    expect(page.locator("a[data-embed]")).to_be_visible()
    first, second, third = page.evaluate("window.removed.slice(0, 3)")
    assert third - second > 1.5 * (second - first), "each time later: two scripts do not fight"


@pytest.mark.parametrize("name", ["down.html", "closed_csp.html"])
def test_nothing_takes_room_until_the_guide_answers(host: HostServer, new_context: NewContext, name: str) -> None:
    page = new_context().new_page()
    page.goto(f"{host.url}{name}")
    page.wait_for_selector("iframe", state="attached")
    assert page.locator("iframe").evaluate("frame => frame.offsetHeight") == 0
    expect(page.locator("a[data-embed]")).to_be_visible()


def test_a_box_for_films_does_not_cut_the_guide(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}film.html")
    guide_frame(page)
    wait_for(page, "height")
    tall, below = height(page), page.locator("#after").bounding_box()
    frame = page.locator("iframe").bounding_box()
    assert tall > 600 and below is not None and frame is not None
    assert below["y"] >= frame["y"] + frame["height"]


@pytest.mark.parametrize("width", [375, 1280])
def test_a_theme_neither_hides_nor_flattens_the_guide(host: HostServer, new_context: NewContext, width: int) -> None:
    page = open_host(new_context(width=width), f"{host.url}styled.html", python=True)
    frame = guide_frame(page)
    wait_for(page, "height")
    assert height(page) > 600
    wait_for_python(frame)
    page.evaluate("scrollTo(0, document.querySelector('iframe').getBoundingClientRect().top + scrollY + 150)")
    answer(frame, "asker", "victime")
    wait_for(page, "step", 1)
    page.wait_for_function("() => document.querySelector('iframe').getBoundingClientRect().top > 100")   # under the header that stays


def test_an_older_script_under_such_a_theme_lets_the_guide_scroll(server: SiteServer, new_context: NewContext) -> None:
    """Nothing prevails over the page's own style there: the guide scrolls in the 150 pixels it is given."""
    with hosting(server.url, VERSIONS / "1.0.0") as older:
        context = new_context()
        page = open_host(context, f"{older.url}host.html")
        page.add_style_tag(content="iframe { height: auto !important }")
        frame = guide_frame(page)
        frame.wait_for_function("() => document.documentElement.dataset.framed === 'scrolls'")
        frame.evaluate("scrollTo(0, 9999)")
        assert frame.evaluate("scrollY") > 300


def test_an_address_with_no_slash_or_with_words_of_a_campaign_becomes_the_guide(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}campaign.html")
    wait_for(page, "ready", 1)
    frames = [frame for one in page.locator("iframe").element_handles() if (frame := one.content_frame())]   # in the order of the page
    assert [frame.url.split("#")[0] for frame in frames] == [f"{host.site}embed/", f"{host.site}en/embed/"]
    assert frames[1].evaluate("document.querySelector('[data-guide]').dataset.dep") == "59"


def test_the_guide_waits_for_the_page_around_it(host: HostServer, new_context: NewContext) -> None:
    """What a page draws by itself (React, Vue) comes first: a frame too early would be a fault to them."""
    context = new_context()
    page = context.new_page()
    page.route("**/late.png", lambda route: None)
    page.goto(f"{host.url}plain.html", wait_until="commit")
    page.evaluate("""() => { const image = new Image(); image.src = "late.png"; document.documentElement.append(image); }""")
    page.wait_for_timeout(1_500)
    ready, frames = page.evaluate("[document.readyState, document.querySelectorAll('iframe').length]")
    assert (ready == "complete") == (frames == 1)


STEP = 1 if PROVING else 4      # in `make test` one state of four
EVERY_RESULT = """async (step) => {
  guideStates.every();
  const guide = document.querySelector("[data-guide]");
  const results = [...guide.querySelectorAll(".guide-states > .guide-state")].filter((one) => !one.querySelector("a[data-answer]"))
    .filter((one, number) => number % step === 0);
  const show = (one) => {
    for (const other of guide.querySelectorAll("[data-shown]")) other.removeAttribute("data-shown");
    one.setAttribute("data-shown", "");
    return document.body.getBoundingClientRect().height;
  };
  guide.dataset.view = "state";
  const seen = new Map();
  for (const one of results) seen.set(show(one), one);
  for (const one of seen.values()) {   // one of each height: those told follow from it
    show(one);
    await new Promise((done) => setTimeout(done, 130));
  }
  return [results.length, seen.size];
}"""


@pytest.mark.sampled
@pytest.mark.parametrize(("width", "locale"), sample([(375, "fr"), (320, "en"), (768, "fr"), (1280, "en")]))
def test_the_heights_of_all_results_make_three_classes_at_most(
    host: HostServer, new_context: NewContext, width: int, locale: str
) -> None:
    """The page around hears heights: from them it could not tell one answer from another."""
    page = open_host(new_context(width=width), f"{host.url}{'plain.html' if locale == 'fr' else 'two.html'}")
    frame = guide_frame(page, 0 if locale == "fr" else 1, ready=locale == "fr")
    wait_for(page, "height", 0 if locale == "fr" else 1)
    results, heights = frame.evaluate(EVERY_RESULT, STEP)
    told = {text for _, text in heard(page) if text.startswith('["height"')}   # a wide page tells one for the question and all results
    assert results > 300 // STEP and heights > 8
    assert 0 < len(told) <= 3, told


@pytest.mark.sampled
def test_the_heights_of_all_questions_make_few_classes(host: HostServer, new_context: NewContext) -> None:
    """Questions tell the page around no more than results do: how far it is told anyway, never which question."""
    page = open_host(new_context(width=375), f"{host.url}plain.html")
    frame = guide_frame(page, ready=True)
    wait_for(page, "height")
    before = len(heard(page))
    questions, _ = frame.evaluate(EVERY_RESULT.replace("!one.querySelector", "one.querySelector"), STEP)
    told = {text for _, text in heard(page)[before:] if text.startswith('["height"')}
    assert questions > 300 // STEP
    assert 0 < len(told) <= 3, told


SHOWN_NOW = "document.querySelector('[data-live] [data-answers]')?.dataset.answers"
TOLD_MS = 200    # twice what the frame waits between two heights


@pytest.mark.sampled
def test_python_s_results_make_three_classes_at_most(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(width=375), f"{host.url}plain.html", python=True)
    frame = guide_frame(page)
    wait_for_python(frame)
    told: set[str] = set()
    links = [encode(knowledge().model, {fact: value for fact, value in one.facts.items() if fact in ASKED}) for one in sample(cases(), 25)]
    for link in dict.fromkeys(links):
        before = frame.evaluate(SHOWN_NOW)
        frame.evaluate("link => { location.hash = link; }", link)
        frame.wait_for_function(f"before => {SHOWN_NOW} !== before", arg=before)
        page.wait_for_timeout(TOLD_MS)
        last = [text for _, text in heard(page) if text.startswith('["height"')][-1:]
        if not frame.locator("[data-state] a[data-answer]").count():
            told |= set(last)
    assert 0 < len(told) <= 3, told


def test_how_many_questions_there_may_be_says_nothing_of_the_answers(host: HostServer, new_context: NewContext) -> None:
    page = open_host(new_context(), f"{host.url}plain.html")
    frame = guide_frame(page)
    walk_to_the_end(page, frame)
    steps = [json.loads(text)[1:] for _, text in heard(page) if text.startswith('["step"')]
    assert len({of for _, of in steps}) == 1
