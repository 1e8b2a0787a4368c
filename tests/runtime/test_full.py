"""The whole interpreter: what is packed, under which names, and that it starts in a browser from nothing but our own files."""

import hashlib
import importlib.util
import io
import marshal
import re
import shutil
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from types import CodeType

import pytest
from playwright.sync_api import Browser, BrowserContext, Route

from decision_tree.guide import browser as entry
from decision_tree.guide.compiled import dump_guide, load_guide
from decision_tree.guide.render import is_name
from decision_tree.locales import LOCALES
from scripts import runtime
from scripts.runtime.full import Full
from scripts.runtime.node import RuntimeBuildError
from scripts.runtime.packed_engine import Engine, in_locale, models_of, read_engine
from scripts.site.guide import build_guide
from scripts.site.policy import HASHED_NAME
from scripts.site.serve import SiteServer
from tests.support.runtime_pages import FIRST, NO_MODULE_WORKERS, RuntimePage, ask, asset, tiers, write_page


@pytest.fixture(scope="module")
def parts() -> tuple[Engine, Full]:
    return runtime.parts_of(build_guide().guide)


@pytest.fixture(scope="module")
def page_folder(tmp_path_factory: pytest.TempPathFactory) -> RuntimePage:
    folder = tmp_path_factory.mktemp("runtime")
    write_page(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RUNTIME", "full")
        return RuntimePage(folder, runtime.build(folder / "assets", build_guide().guide))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    yield opened
    opened.close()


def library(full: Full) -> zipfile.ZipFile:
    return zipfile.ZipFile(full.files["library"])


def test_the_library_holds_what_the_engine_imports_and_nothing_of_the_build(parts: tuple[Engine, Full]) -> None:
    engine, full = parts
    names = {name.removesuffix(".pyc").removesuffix("/__init__").replace("/", ".") for name in library(full).namelist()}
    assert set(engine.sources) <= names
    assert {"json.decoder", "dataclasses", "encodings.utf_8"} <= names
    assert not {name for name in names if name.startswith(("decision_tree.authoring", "scripts", "yaml", "unittest", "test"))}
    assert not names & {"decimal", "http.client", "xml", "sqlite3", "pydoc", "doctest", "turtle", "xml.dom"}


def test_every_module_is_bytecode_of_the_python_that_reads_it(parts: tuple[Engine, Full]) -> None:
    _, full = parts
    magic = bytes.fromhex(full.info["magic"])
    for name in library(full).namelist():
        data = library(full).read(name)
        assert name.endswith(".pyc")
        assert (name, data[:4]) == (name, magic)
        assert (name, data[4:8]) == (name, b"\1\0\0\0"), "known by its hash, never compared with a source"


def test_the_library_is_stored_since_brotli_packs_that_better(parts: tuple[Engine, Full]) -> None:
    assert {one.compress_type for one in library(parts[1]).infolist()} == {zipfile.ZIP_STORED}


def test_a_host_of_the_same_python_compiles_the_engine_to_the_same_bytes(parts: tuple[Engine, Full], tmp_path: Path) -> None:
    """Where `pyodide py-compile` can run, its wheel holds our bytecode; elsewhere the host's magic number shows why it cannot."""
    engine, full = parts
    packed = {name: library(full).read(name) for name in library(full).namelist() if name.startswith("decision_tree")}
    tool = shutil.which("pyodide")
    if full.info["magic"] != importlib.util.MAGIC_NUMBER.hex() or tool is None:
        assert full.info["magic"] != importlib.util.MAGIC_NUMBER.hex() or sys.version_info[:2] == (3, 14)
        return
    wheel = tmp_path / "decision_tree-0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as made:
        for name, source in engine.sources.items():
            made.writestr(name.replace(".", "/") + ("/__init__.py" if name == "decision_tree" else ".py"), source)
    subprocess.run([tool, "py-compile", str(wheel), "--keep"], cwd=tmp_path, check=True)
    with zipfile.ZipFile(next(tmp_path.glob("*cp314*.whl"))) as compiled:
        assert {name: code_of(compiled.read(name)) for name in compiled.namelist() if name.endswith(".pyc")} == {
            name: code_of(data) for name, data in packed.items()}


def code_of(data: bytes) -> CodeType:
    code = marshal.load(io.BytesIO(data[16:]))
    assert isinstance(code, CodeType)
    return code.replace(co_filename="")


def test_each_file_has_its_hash_in_its_name_and_its_integrity_in_the_manifest(page_folder: RuntimePage) -> None:
    manifest = page_folder.manifest
    named = {one.name: one for one in [*manifest.full.values(), *manifest.model.values()]}
    for name, one in named.items():
        data = (page_folder.folder / "assets" / "runtime" / name).read_bytes()
        assert one.integrity == f"sha256-{b64encode(hashlib.sha256(data).digest()).decode()}"
        assert hashlib.sha256(data).hexdigest()[:10] in name and len(data) == one.bytes
    found = {file.name for file in (page_folder.folder / "assets" / "runtime").iterdir()}
    assert found - set(named) == {name for name in found if name.startswith("notices.")}
    assert all(re.search(HASHED_NAME, name) for name in found)


def test_a_second_build_is_the_same_and_compiles_nothing(page_folder: RuntimePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNTIME", "full")
    monkeypatch.setattr("scripts.runtime.full.run_node", lambda *_: pytest.fail("Node ran again"))
    assert runtime.build(tmp_path, build_guide().guide) == page_folder.manifest


def test_each_locale_has_the_words_of_its_page_alone() -> None:
    guide = build_guide().guide
    models = models_of(guide)
    assert "Qui êtes-vous" in models["fr"] and "Qui êtes-vous" not in models["en"]
    assert in_locale(guide, "fr").model.hash == guide.model.hash


@pytest.mark.parametrize("locale", LOCALES)
def test_the_model_of_one_language_still_tells_names_from_words(locale: str) -> None:
    guide = build_guide().guide
    alone = load_guide(dump_guide(in_locale(guide, locale))).model.bodies
    assert {id: is_name(body.name) for id, body in alone.items()} == {id: is_name(body.name) for id, body in guide.model.bodies.items()}
    assert len({is_name(body.name) for body in alone.values()}) == 2
    assert {id: body.name[locale] for id, body in alone.items()} == {id: body.name[locale] for id, body in guide.model.bodies.items()}


def test_an_engine_without_its_entry_is_refused(tmp_path: Path) -> None:
    (tmp_path / "decision_tree").mkdir()
    (tmp_path / "decision_tree" / "__init__.py").write_text("")
    with pytest.raises(RuntimeBuildError, match="load\\(\\) and answer\\(\\)"):
        read_engine({}, tmp_path)


def test_a_tier_nobody_knows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RUNTIME", raising=False)
    (tmp_path / "site.yaml").write_text("runtime: {value: quick}\n")
    with pytest.raises(RuntimeBuildError, match=r"site.yaml: runtime is 'quick'. Write lean or full."):
        runtime.wanted_tier(tmp_path / "site.yaml")


@pytest.mark.parametrize(("written", "said", "tier"), [("lean", None, "lean"), ("lean", "cached", "cached"), ("full", "cached", "full"),
                                                       ("full", None, "full"), ("lean", "full", "full")])
def test_one_line_chooses_and_a_writer_never_waits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, said: str | None, tier: str
) -> None:
    """`make serve` says "cached": the small file only when it is already made."""
    monkeypatch.delenv("RUNTIME", raising=False)
    if said:
        monkeypatch.setenv("RUNTIME", said)
    (tmp_path / "site.yaml").write_text(f"runtime: {{value: {written}}}\n")
    assert runtime.wanted_tier(tmp_path / "site.yaml") == tier


@pytest.mark.parametrize("base", ["/", "/guides/refus/"])
def test_python_answers_from_our_files_alone_under_the_strict_policy(
    page_folder: RuntimePage, serve_folder: Callable[..., SiteServer], context: BrowserContext, base: str
) -> None:
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    server = serve_folder(page_folder.folder, base=base)
    page.goto(server.url)
    assert page_folder.start(page) == "full"
    entry.load(models_of(build_guide().guide)["fr"])
    assert ask(page, FIRST, "{") == [entry.answer(FIRST), entry.answer("{")]
    assert [url for url in asked if not url.startswith(server.url)] == []
    assert said == []


def test_python_starts_in_a_classic_worker_where_module_workers_lack(
    page_folder: RuntimePage, serve_folder: Callable[..., SiteServer], context: BrowserContext
) -> None:
    page = context.new_page()
    page.add_init_script(NO_MODULE_WORKERS)
    page.goto(serve_folder(page_folder.folder).url)
    assert page_folder.start(page) == "full"
    assert '"number":1' in ask(page, FIRST)[0]


def test_a_server_that_gives_wasm_another_type_is_no_obstacle(
    page_folder: RuntimePage, serve_folder: Callable[..., SiteServer], context: BrowserContext
) -> None:
    def retype(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, headers={**response.headers, "content-type": "application/octet-stream"})

    page = context.new_page()
    page.route("**/*.wasm", retype)
    page.goto(serve_folder(page_folder.folder).url)
    assert page_folder.start(page) == "full"


@pytest.mark.parametrize("part", ["loader", "module", "wasm", "library", "lock", "model"])
@pytest.mark.parametrize("broken", ["cut", "changed"])
def test_a_file_that_is_missing_or_changed_stops_the_start(
    page_folder: RuntimePage, serve_folder: Callable[..., SiteServer], context: BrowserContext, part: str, broken: str
) -> None:
    name = page_folder.manifest.model["fr"].name if part == "model" else asset(page_folder.manifest, part)["name"]

    def damage(route: Route) -> None:
        if broken == "cut":
            route.abort()
        else:
            response = route.fetch()
            route.fulfill(response=response, body=response.body()[:-1] + b" ")

    page = context.new_page()
    page.route(f"**/{name}", damage)
    page.goto(serve_folder(page_folder.folder).url)
    with pytest.raises(Exception, match="TypeError|Failed to fetch"):
        page_folder.start(page)


def test_a_crashed_worker_is_started_again_with_the_same_question(
    page_folder: RuntimePage, serve_folder: Callable[..., SiteServer], context: BrowserContext
) -> None:
    page = context.new_page()
    page.add_init_script("""const Own = Worker; globalThis.workers = []; globalThis.Worker = class extends Own {
      constructor(...rest) { super(...rest); workers.push(this); } };""")
    page.goto(serve_folder(page_folder.folder).url)
    page_folder.start(page)
    answer = page.evaluate("""async (request) => { const asked = engine.ask(request); await null;
      workers[0].terminate(); workers[0].onerror(new ErrorEvent("error", {message: "crashed"})); return asked; }""", FIRST)
    assert '"number":1' in answer
    assert page.evaluate("workers.length") == 2 and tiers(page)[-1] == "full"


def test_a_question_can_be_withdrawn_and_the_next_one_is_answered(
    page_folder: RuntimePage, serve_folder: Callable[..., SiteServer], context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(serve_folder(page_folder.folder).url)
    page_folder.start(page)
    found = page.evaluate("""async (request) => { const stop = new AbortController();
      const first = engine.ask(request, stop.signal).catch((error) => error.name); stop.abort();
      return [await first, await engine.ask(request)]; }""", FIRST)
    assert found[0] == "AbortError" and '"number":1' in found[1]


def test_an_engine_that_was_stopped_answers_nothing(
    page_folder: RuntimePage, serve_folder: Callable[..., SiteServer], context: BrowserContext
) -> None:
    page = context.new_page()
    page.goto(serve_folder(page_folder.folder).url)
    page_folder.start(page)
    with pytest.raises(Exception, match="stopped"):
        page.evaluate("(request) => { const asked = engine.ask(request); engine.stop(); return asked; }", FIRST)


SAVES = {
    "nothing": "Object.defineProperty(navigator, 'connection', {value: {saveData: false}})",
    "data": "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})",
    "reduced data": """const own = matchMedia;
      globalThis.matchMedia = (query) => query === "(prefers-reduced-data: reduce)" ? {matches: true} : own(query);""",
}


@pytest.mark.parametrize(("saves", "touched", "started"), [("nothing", False, True), ("data", False, False), ("data", True, True),
                                                           ("reduced data", False, False), ("reduced data", True, True)])
def test_python_waits_for_the_first_act_of_those_who_save_data(
    page_folder: RuntimePage, serve_folder: Callable[..., SiteServer], context: BrowserContext, saves: str, touched: bool, started: bool
) -> None:
    page = context.new_page()
    page.add_init_script(SAVES[saves])
    page.goto(serve_folder(page_folder.folder).url)
    page.evaluate("""async () => { const part = document.createElement("button"); part.textContent = "guide"; document.body.append(part);
      const {whenWanted} = await import(new URL("assets/js/runtime.mjs", document.baseURI).href);
      globalThis.begun = 0; whenWanted(part, () => { begun += 1; }); }""")
    if touched:
        page.click("button")
    if started:
        page.wait_for_function("() => begun")
    page.wait_for_timeout(300)   # neither too early nor twice
    assert page.evaluate("begun") == int(started)


def test_the_manifest_names_pyodide_and_no_address(page_folder: RuntimePage) -> None:
    text = page_folder.manifest.json()
    assert "://" not in text and '"pyodide":"314.0.7"' in text
    assert asdict(page_folder.manifest)["lean"] is None
