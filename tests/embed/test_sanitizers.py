"""What a tool that publishes pages leaves of our codes: a link, whatever it removes; and what its editor makes of a copied one."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import bleach
import lxml_html_clean
import nh3
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from scripts.project.paths import ROOT
from scripts.site.serve import SiteServer
from tests.conftest import NewContext
from tests.embed.conftest import KINDS
from tests.support.apps import installed
from tests.support.hosts import as_served, guide_frame, hosting, open_host

MODULES = ROOT / "node_modules"
TEMPLATE = '<script async src="{SITE}{FILE}" integrity="{INTEGRITY}" crossorigin="anonymous"></script>'
PASTING: Mapping[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"], "bypass_csp": True}


def links(html: str) -> list[str]:
    """The links to the site; those of the frame code also call 15 and 112."""
    return [to for to in re.findall(r'<a [^>]*href="([^"]*)"', html) if not to.startswith("tel:")]


def kept_by_sanitize_html(html: str) -> str:
    script = f"import sanitize from 'sanitize-html'; console.log(sanitize({json.dumps(html)}))"
    return subprocess.run(["node", "--input-type=module", "-e", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def kept_by_dompurify(html: str, page: Page) -> str:
    page.set_content("<p></p>")
    page.add_script_tag(path=str(MODULES / "dompurify" / "dist" / "purify.min.js"))
    return str(page.evaluate("html => DOMPurify.sanitize(html)", html))


SANITIZERS: Mapping[str, Callable[[str], str]] = {
    "sanitize-html": kept_by_sanitize_html,
    "nh3": nh3.clean,                                  # djangocms-text
    "bleach": bleach.clean,
    "bleach, stripping": partial(bleach.clean, strip=True),
    "lxml": lxml_html_clean.clean_html,
}


def all_that_is_left_is_a_link(kind: str, kept: str) -> None:
    assert len(links(kept)) == 1, (kind, kept)
    assert "<script" not in kept and "<iframe" not in kept
    assert kind != "upgrade" or "#embed" in links(kept)[0]
    assert kind != "frame" or re.search(r"Urgence vitale.*\b15\b.*\b112\b", kept), "the numbers can be read"


@pytest.mark.parametrize("tool", [*SANITIZERS, "DOMPurify"])
def test_whatever_is_removed_a_link_is_left(codes: dict[str, str], new_context: NewContext, tool: str) -> None:
    page = new_context().new_page()
    for kind, code in codes.items():
        all_that_is_left_is_a_link(kind, kept_by_dompurify(code, page) if tool == "DOMPurify" else SANITIZERS[tool](code))


# Each editor: the script it begins with, how it is made, where one types, and how its page is read.
EDITORS: Mapping[str, tuple[str, str, str, str]] = {
    "quill": ("quill/dist/quill.js", "new Quill('#editor')", ".ql-editor", "document.querySelector('.ql-editor').innerHTML"),
    "tinymce": ("tinymce/tinymce.min.js", "tinymce.init({ selector: '#editor', license_key: 'gpl', promotion: false, ...options })",
                "body", "tinymce.activeEditor.getContent()"),
    "ckeditor5": ("ckeditor5/dist/browser/ckeditor5.umd.js", """CKEDITOR.ClassicEditor.create({ attachTo: document.querySelector("#editor"),
                  licenseKey: "GPL", plugins: [CKEDITOR.Essentials, CKEDITOR.Paragraph, CKEDITOR.Link] })
                  .then((made) => { window.editor = made; })""", ".ck-content", "window.editor.getData()"),
}


def open_editor(context: BrowserContext, server: SiteServer, name: str, **options: Any) -> Page:
    """Open an editor as it comes, with the cursor in its text."""
    script, make, typed, _ = EDITORS[name]
    folder = installed("editors") / "node_modules" if name == "ckeditor5" else MODULES
    context.route("**/editors/**", lambda route: route.fulfill(path=folder / route.request.url.partition("/editors/")[2]))
    page = context.new_page()
    page.goto(f"{server.url}robots.txt")
    page.set_content('<div id="editor"></div>')
    page.add_script_tag(url=f"/editors/{script}")
    page.evaluate(f"(options) => {{ window.options = options; return {make}; }}", options)
    place = page.frame_locator("iframe").locator(typed) if name == "tinymce" else page.locator(typed)
    place.click()
    return page


def written(page: Page, name: str) -> str:
    return str(page.evaluate(EDITORS[name][3]))


PASTED = [*((name, kind) for name in ("quill", "tinymce") for kind in KINDS)]


def copied(context: BrowserContext, server: SiteServer, kind: str) -> None:
    page = context.new_page()
    page.goto(f"{server.url}partenaires/")
    page.locator(f'button[data-copy="{kind}"]').click()
    expect(page.locator(f'button[data-copy="{kind}"] + [role=status]')).to_have_text("Le code est copié.")


def receives_a_link(name: str, kind: str, server: SiteServer, context: BrowserContext) -> str:
    """Paste a code in the text of an editor; return what it would publish."""
    copied(context, server, kind)
    page = open_editor(context, server, name)
    page.keyboard.press("Control+V")
    page.wait_for_function(f"() => {EDITORS[name][3]}.includes('refus')")
    kept = written(page, name)
    assert len(links(kept)) == 1 and "tel:" not in kept, kept
    assert ("#embed" if kind == "upgrade" else "/guide/") in links(kept)[0]
    assert "&lt;" not in kept
    return kept


def becomes_the_guide(kept: str, server: SiteServer, folder: Path, context: BrowserContext) -> None:
    """Show what an editor published in a site whose template has the script."""
    body = as_served(kept, server.url)
    (folder / "page.html").write_text(body + TEMPLATE, "utf-8")
    with hosting(server.url, folder) as host:
        page = open_host(context, f"{host.url}page.html")
        guide_frame(page)
        expect(page.locator("a")).to_be_hidden()


@pytest.mark.parametrize(("name", "kind"), PASTED)
def test_a_visual_editor_receives_a_link(server: SiteServer, new_context: NewContext, name: str, kind: str, tmp_path: Path) -> None:
    """What the Copy button gives is pasted into the text; published, it becomes the guide."""
    kept = receives_a_link(name, kind, server, new_context(**PASTING))
    if kind == "upgrade":
        becomes_the_guide(kept, server, tmp_path, new_context())


@pytest.mark.prove
@pytest.mark.parametrize("kind", KINDS)
def test_ckeditor_receives_a_link(server: SiteServer, new_context: NewContext, kind: str, tmp_path: Path) -> None:
    kept = receives_a_link("ckeditor5", kind, server, new_context(**PASTING))
    if kind == "upgrade":
        becomes_the_guide(kept, server, tmp_path, new_context())


@pytest.mark.prove
def test_ckeditor_leaves_the_link_of_a_frame_written_in_its_source(
    codes: dict[str, str], server: SiteServer, new_context: NewContext
) -> None:
    page = open_editor(new_context(bypass_csp=True), server, "ckeditor5")
    page.evaluate("html => window.editor.setData(html)", codes["frame"])
    all_that_is_left_is_a_link("frame", written(page, "ckeditor5"))


CALLS = """[...document.querySelectorAll('a[href^="tel:"], a[href^="sms:"]')].filter((one) => one.getClientRects().length)"""


def test_a_frame_that_tinymce_disarms_still_leads_and_its_link_calls(
    codes: dict[str, str], server: SiteServer, new_context: NewContext, tmp_path: Path
) -> None:
    """It keeps the frame with an empty `sandbox`: its answers are links, its numbers can be read; below, others call."""
    editor = open_editor(new_context(bypass_csp=True), server, "tinymce")
    editor.evaluate("html => tinymce.activeEditor.setContent(html)", codes["frame"])
    kept = as_served(written(editor, "tinymce"), server.url)
    assert re.search(r'<iframe[^>]* sandbox=""', kept) and len(links(kept)) == 1
    (tmp_path / "page.html").write_text(f"<!doctype html><html lang=fr><title>Une caisse</title>{kept}", "utf-8")
    with hosting(server.url, tmp_path) as host:
        page = new_context(width=375).new_page()
        page.goto(f"{host.url}page.html")
        frame = page.frame_locator("iframe")
        frame.locator('a[data-answer="asker=victime"]:visible').click()
        expect(frame.locator('a[data-answer="ground=c2s"]:visible')).to_have_count(1)
        assert frame.locator('a[href="tel:15"]:visible').first.inner_text().split()[-1].strip("().") == "15"
        assert page.evaluate(f"{CALLS}.map((one) => one.getAttribute('href'))") == ["tel:15", "tel:112"]
        page.locator('a[href$="/guide/"]').click()
        page.wait_for_url(f"{server.url}guide/")
        assert page.evaluate(f"{CALLS}.map((one) => one.getAttribute('href'))").count("tel:15") > 0


def test_the_setting_of_tinymce_we_give_leaves_the_frame_as_it_is_written(
    codes: dict[str, str], server: SiteServer, new_context: NewContext
) -> None:
    site = re.findall(r'src="https://([^/"]+)/', codes["frame"])[0]
    editor = open_editor(new_context(bypass_csp=True), server, "tinymce", sandbox_iframes_exclusions=[site])
    editor.evaluate("html => tinymce.activeEditor.setContent(html)", codes["frame"])
    assert 'sandbox=""' not in written(editor, "tinymce")


def test_the_editors_are_those_of_the_lock() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    assert {"dompurify", "quill", "sanitize-html", "tinymce"} <= set(wanted)
    assert all(Path(MODULES / name / "package.json").exists() for name in ("dompurify", "quill", "sanitize-html", "tinymce"))
