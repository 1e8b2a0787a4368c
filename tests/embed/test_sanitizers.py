"""What a tool that publishes pages leaves of our codes: a link, whatever it removes; and what its editor makes of a copied one."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scripts.project.paths import ROOT
from scripts.site.serve import SiteServer
from tests.conftest import NewContext, OpenPage

KINDS = ("link", "upgrade", "frame")
MODULES = ROOT / "node_modules"


@pytest.fixture
def codes(open_page: OpenPage) -> dict[str, str]:
    """The codes of the page for partners, by kind."""
    page = open_page("partenaires/", javascript=False)
    return {kind: page.locator(f'code[data-code="{kind}"]').inner_text() for kind in KINDS}


def links(html: str) -> list[str]:
    return re.findall(r'<a [^>]*href="([^"]*)"', html)


def kept_by_sanitize_html(html: str) -> str:
    script = f"import sanitize from 'sanitize-html'; console.log(sanitize({json.dumps(html)}))"
    return subprocess.run(["node", "--input-type=module", "-e", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def kept_by_dompurify(html: str, page: Page) -> str:
    page.set_content("<p></p>")
    page.add_script_tag(path=str(MODULES / "dompurify" / "dist" / "purify.min.js"))
    return str(page.evaluate("html => DOMPurify.sanitize(html)", html))


@pytest.mark.parametrize("tool", ["sanitize-html", "DOMPurify"])
def test_whatever_is_removed_a_link_is_left(codes: dict[str, str], new_context: NewContext, tool: str) -> None:
    page = new_context().new_page()
    for kind, code in codes.items():
        kept = kept_by_sanitize_html(code) if tool == "sanitize-html" else kept_by_dompurify(code, page)
        assert len(links(kept)) == 1, (kind, kept)
        assert "<script" not in kept and "<iframe" not in kept
        assert kind != "upgrade" or "#embed" in links(kept)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_a_visual_editor_receives_a_link(server: SiteServer, new_context: NewContext, kind: str) -> None:
    """Quill, as it comes: what the Copy button gives is pasted into the text."""
    context = new_context(permissions=["clipboard-read", "clipboard-write"], bypass_csp=True)
    page = context.new_page()
    page.goto(f"{server.url}partenaires/")
    page.locator(f'button[data-copy="{kind}"]').click()
    expect(page.locator(f'button[data-copy="{kind}"] + [role=status]')).to_have_text("Le code est copié.")
    editor = context.new_page()
    editor.goto(f"{server.url}robots.txt")
    editor.set_content('<div id="editor"></div>')
    editor.add_script_tag(path=str(MODULES / "quill" / "dist" / "quill.js"))
    editor.evaluate("new Quill('#editor')")
    editor.locator(".ql-editor").focus()
    editor.keyboard.press("Control+V")
    link = editor.locator(".ql-editor a")
    expect(link).to_have_count(1)
    assert ("#embed" if kind == "upgrade" else "/guide/") in str(link.get_attribute("href"))
    assert "<" not in editor.locator(".ql-editor").inner_text()


def test_the_editors_are_those_of_the_lock() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))["devDependencies"]
    assert {"dompurify", "quill", "sanitize-html"} <= set(wanted)
    assert all(Path(MODULES / name / "package.json").exists() for name in ("dompurify", "quill", "sanitize-html"))
