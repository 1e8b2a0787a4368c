"""The lean file: equal to CPython or stopped, never wrong; and whatever stops it, the whole interpreter answers the same question.

`make test` runs a share of the held-out requests, `make fuzz` all of them.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from decision_tree.guide import browser as entry
from decision_tree.locales import LOCALES
from scripts import runtime
from scripts.runtime import node
from scripts.runtime.full import Full
from scripts.runtime.lean import corpus, image, wasm
from scripts.runtime.lean.build import EDGE, PAGE, PAGES, Lean, build_lean
from scripts.runtime.lean.compare import Comparison, compare
from scripts.runtime.lean.corpus import DAY, HELD_OUT, SEED, Asked, attachments, covering, invented, unasked, ways, whole
from scripts.runtime.lean.image import make_image
from scripts.runtime.manifest import Manifest, place
from scripts.runtime.packed_engine import Engine, models_of
from scripts.site.guide import build_guide
from scripts.site.serve import SiteServer
from tests.support.copies import MACHINES, copy_of_the_project, run_in
from tests.support.runtime_pages import FIRST, NO_MODULE_WORKERS, RuntimePage, ask, tiers, write_page

pytestmark = pytest.mark.prove
ONE_IN = 60              # of the requests it is made from, where it is made twice
SHARE = 2_000            # held-out requests in `make test`; `make fuzz` runs 20,000
OUTSIDE = json.dumps({"do": "show", "locale": "fr", "on": DAY, "root": "../", "answers": {"asker": "9" * 200_000}})
NO_BLOCK = """globalThis.ArrayBuffer = class {
  constructor() {
    throw new RangeError("Array buffer allocation failed");
  }
};
"""
Serve = Callable[..., SiteServer]


@pytest.fixture(scope="module")
def parts() -> tuple[Engine, Full]:
    return runtime.parts_of(build_guide().guide)


@pytest.fixture(scope="module")
def lean(parts: tuple[Engine, Full]) -> Lean:
    return build_lean(*parts, lambda: runtime.corpus_of(build_guide().guide))


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory: pytest.TempPathFactory, lean: Lean) -> RuntimePage:
    folder = tmp_path_factory.mktemp("lean")
    write_page(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNTIME", "lean")
        return RuntimePage(folder, runtime.build(folder / "assets", build_guide().guide))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, page_folder: RuntimePage, serve_folder: Serve) -> Page:
    opened = context.new_page()
    opened.goto(serve_folder(page_folder.folder).url)
    return opened


@cache
def french_model() -> str:
    return models_of(build_guide().guide)["fr"]


def right(request: str) -> str:
    """Return the answer of CPython, in French."""
    entry.load(french_model())
    return entry.answer(request)


def with_lean(folder: RuntimePage, content: bytes) -> Manifest:
    """Put another lean file in the place, with the hash it then has."""
    return replace(folder.manifest, lean={"wasm": place(folder.folder / "assets" / "runtime", "lean.wasm", content)})


def test_an_image_is_the_same_in_any_folder_and_any_time_zone(
    parts: tuple[Engine, Full], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = []
    for name, zone, language in (("one", "Pacific/Auckland", "C"), ("other, with spaces", "America/St_Johns", "fr_FR.UTF-8")):
        programs = Path(shutil.copytree(node.HERE, tmp_path / name / "runtime"))
        monkeypatch.setattr(node, "HERE", programs)
        monkeypatch.setattr(image, "LEAN", programs / "lean")
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("LANG", language)
        images.append(make_image(parts[1].files["library"], tmp_path / name))
    assert images[0] == images[1]


SMALL = f"""
import sys
from pathlib import Path

from scripts import runtime
from scripts.runtime.lean.build import write_lean
from scripts.runtime.lean.corpus import Requests
from scripts.site.guide import build_guide

guide = build_guide().guide
asked = runtime.corpus_of(guide)
some = Requests({{locale: requests[::{ONE_IN}] for locale, requests in asked.asked.items()}}, asked.attached)
(new := Path(sys.argv[1])).mkdir()
write_lean(*runtime.parts_of(guide), some, new)
"""


def test_the_small_python_is_the_same_to_the_byte_wherever_it_is_made(tmp_path: Path) -> None:
    made = []
    for name, machine in zip(("one", "other, with spaces"), MACHINES, strict=True):
        run_in(copy_of_the_project(tmp_path / name / "project"), "-c", SMALL, str(tmp_path / name / "lean"), **machine)
        made.append({file.name: file.read_bytes() for file in (tmp_path / name / "lean").iterdir()})
    assert {"guarded.wasm", "pruned.wasm"} <= made[0].keys()
    assert made[0] == made[1]


def test_every_act_of_the_engine_is_asked_with_every_part_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    guide = build_guide().guide
    assert unasked(guide) == set()
    monkeypatch.setattr(corpus, "VALID", tuple(one for one in corpus.VALID if one not in (corpus.decoded, corpus.looked_up)))
    assert unasked(guide) >= {"decode", "local", "caisse"}


@pytest.mark.parametrize("locale", LOCALES)
def test_unseen_requests_are_answered_as_by_cpython_or_not_at_all(parts: tuple[Engine, Full], lean: Lean, locale: str) -> None:
    asked = list(invented(build_guide().guide, HELD_OUT + LOCALES.index(locale), SHARE // 2))
    found = compare(lean.guarded, parts[0].models[locale], asked)
    print("\n".join(found.lines()))
    assert HELD_OUT + LOCALES.index(locale) != SEED
    assert found.wrong == []
    assert found.valid >= 0.3 * len(asked)
    assert found.valid_stopped <= 0.01 * found.valid
    assert found.sound


def test_every_state_is_shown_in_english_as_by_cpython(parts: tuple[Engine, Full], lean: Lean) -> None:
    """In French a browser shows them: see below."""
    shown = [one for one in covering(build_guide().guide) if one.branch == "show" and '"locale":"en"' in one.text]
    found = compare(lean.guarded, parts[0].models["en"], shown)
    assert (len(shown), list(found.wrong), list(found.stopped)) == (len(build_guide().guide.states), [], [])


def test_a_byte_changed_in_the_image_is_seen_by_the_comparison(parts: tuple[Engine, Full], lean: Lean, tmp_path: Path) -> None:
    """Were the file built wrong, its hash would be right: the comparison alone stands between it and the reader."""
    content = bytearray(lean.guarded.read_bytes())
    letter = content.index(b"guide-answers")
    content[letter] ^= 1
    (tmp_path / "changed.wasm").write_bytes(content)
    found = compare(tmp_path / "changed.wasm", parts[0].models["fr"], [Asked("show", FIRST)])
    assert len(found.wrong) == 1 and not found.sound


def test_what_is_compared_must_be_equal_valid_and_answered() -> None:
    asked = [*[Asked("show", FIRST)] * 100, *[Asked("other", "{", valid=False)] * 100]
    assert Comparison(asked, asked[:1], []).sound
    assert not Comparison(asked, [], asked[-1:]).sound
    assert not Comparison(asked, asked[:2], []).sound
    assert not Comparison(asked[80:], [], []).sound


def test_every_state_is_shown_in_the_browser_too(page: Page, page_folder: RuntimePage) -> None:
    assert page_folder.start(page) == "lean"
    requests = [json.dumps({"do": "show", "locale": "fr", "root": "../", "on": DAY, "answers": answers})
                for answers in ways(build_guide().guide).values()]
    found = ask(page, *requests)
    entry.load(french_model())
    assert [request for request, answer in zip(requests, found, strict=True) if answer != entry.answer(request)] == []
    assert set(tiers(page)) == {"lean"}


def test_the_lean_file_imports_nothing(lean: Lean) -> None:
    kinds = [kind for kind, start, _ in wasm.sections(lean.guarded.read_bytes()) if kind != 2 or lean.guarded.read_bytes()[start] != 0]
    assert 2 not in kinds and 8 not in kinds


@pytest.mark.parametrize("base", ["/", "/guides/refus/"])
def test_it_is_two_files_of_ours_under_the_strict_policy(
    context: BrowserContext, page_folder: RuntimePage, serve_folder: Serve, base: str
) -> None:
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(serve_folder(page_folder.folder, base=base).url)
    assert page_folder.start(page) == "lean"
    assert ask(page, FIRST, "{") == [right(FIRST), right("{")]
    assert sorted(re.sub(r".*/(\w+).*\.(\w+)$", r"\1.\2", url) for url in asked if "/runtime/" in url) == ["lean.wasm", "model.json"]
    assert said == []


def test_it_runs_in_a_classic_worker_too(page: Page, page_folder: RuntimePage) -> None:
    page.add_init_script(NO_MODULE_WORKERS)
    page.reload()
    assert page_folder.start(page) == "lean"
    assert ask(page, FIRST) == [right(FIRST)]


def test_a_phone_that_has_no_block_left_answers_as_well(page: Page, page_folder: RuntimePage) -> None:
    """After each answer the worker asks for a block; one that is refused costs nothing."""
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        response = route.fetch()
        route.fulfill(response=response, body=f"{NO_BLOCK}{response.text()}")

    page.route("**/worker.mjs", refuse)
    assert page_folder.start(page) == "lean"
    assert ask(page, FIRST, FIRST) == [right(FIRST)] * 2
    assert refused and tiers(page)[-1] == "lean"


def test_a_request_outside_the_corpus_is_answered_by_the_whole_interpreter(page: Page, page_folder: RuntimePage) -> None:
    page_folder.start(page)
    assert ask(page, FIRST, OUTSIDE, FIRST) == [right(FIRST), right(OUTSIDE), right(FIRST)]
    lone = page.evaluate("(request) => engine.ask(request.replace('../', '\\ud800'))", FIRST)
    assert '"number":1' in lone
    assert tiers(page)[0] == "lean" and tiers(page)[-1] == "full"


def test_a_byte_changed_on_the_way_is_noticed(page: Page, page_folder: RuntimePage) -> None:
    def flip(route: Route) -> None:
        response = route.fetch()
        body = bytearray(response.body())
        body[len(body) // 2] ^= 1
        route.fulfill(response=response, body=bytes(body))

    page.route("**/lean.*.wasm", flip)
    assert page_folder.start(page) == "full"
    assert ask(page, FIRST) == [right(FIRST)]


@pytest.mark.parametrize("broken", ["cut", "not found", "another type"])
def test_without_the_lean_file_the_whole_interpreter_starts(page: Page, page_folder: RuntimePage, broken: str) -> None:
    def damage(route: Route) -> None:
        if broken == "cut":
            route.abort()
        elif broken == "not found":
            route.fulfill(status=404)
        else:
            response = route.fetch()
            route.fulfill(response=response, headers={**response.headers, "content-type": "text/plain"})

    page.route("**/lean.*.wasm", damage)
    assert page_folder.start(page) == ("lean" if broken == "another type" else "full")
    assert ask(page, FIRST) == [right(FIRST)]


def test_a_function_that_is_gone_leads_to_the_whole_interpreter(page: Page, page_folder: RuntimePage, lean: Lean) -> None:
    """The largest function, the interpreter's loop, is emptied: the first call of Python stops."""
    page_folder.start(page, **asdict(with_lean(page_folder, without_largest_function(lean.guarded.read_bytes()))))
    assert ask(page, FIRST) == [right(FIRST)]
    assert tiers(page)[-1] == "full"


def without_largest_function(content: bytes) -> bytes:
    out = bytearray(wasm.MAGIC)
    for kind, start, end in wasm.sections(content):
        section = content[start:end]
        if kind == 10:
            count, at = wasm.leb(section, 0)
            bodies = []
            for _ in range(count):
                size, at = wasm.leb(section, at)
                bodies.append(section[at:at + size])
                at += size
            largest = max(range(count), key=lambda number: len(bodies[number]))
            bodies[largest] = b"\0\0\x0b"
            section = wasm.vector([wasm.sized(body) for body in bodies])
        out += bytes([kind]) + wasm.sized(section)
    return bytes(out)


def test_memory_that_is_gone_leads_to_the_whole_interpreter(page: Page, page_folder: RuntimePage, lean: Lean) -> None:
    """Every block that holds something is marked absent: the first look at memory stops."""
    page_folder.start(page, **asdict(with_lean(page_folder, all_absent(lean.guarded.read_bytes()))))
    assert ask(page, FIRST) == [right(FIRST)]
    assert tiers(page)[-1] == "full"


def all_absent(content: bytes) -> bytes:
    out = bytearray(wasm.MAGIC)
    for kind, start, end in wasm.sections(content):
        section = content[start:end]
        if kind == 11:
            count, at = wasm.leb(section, 0)
            mark = b"\0\x41" + wasm.signed(PAGES * PAGE) + b"\x0b" + wasm.sized(b"\1" * (400_000 + EDGE))
            section = wasm.unsigned(count + 1) + section[at:] + mark
        out += bytes([kind]) + wasm.sized(section)
    return bytes(out)


def test_the_largest_answers_and_all_attachments_pass(page: Page, page_folder: RuntimePage) -> None:
    page_folder.start(page)
    made = [one for one in invented(build_guide().guide, 5, 300) if one.branch in ("letter", "local", "file")]
    requests = [whole(one.text, attachments()) for one in made]
    assert ask(page, *requests) == [right(request) for request in requests]


def test_memory_does_not_grow_over_a_long_session(page: Page, page_folder: RuntimePage) -> None:
    """The collector is off in the lean file: 1,500 answers must fit in what it has."""
    page_folder.start(page)
    for _ in range(15):
        ask(page, *[FIRST] * 100)
    assert tiers(page)[-1] == "lean"


def test_the_cache_gives_the_same_files_again(parts: tuple[Engine, Full], lean: Lean, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.runtime.lean.image.run_node", lambda *_: pytest.fail("Node ran again"))
    assert build_lean(*parts, lambda: runtime.corpus_of(build_guide().guide)) == lean


def test_full_needs_no_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME", "full")
    monkeypatch.setattr(runtime, "corpus_of", lambda *_: pytest.fail("a corpus was made"))
    assert runtime.build(tmp_path, build_guide().guide).lean is None

