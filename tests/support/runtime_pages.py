"""What the tests of the runtime share: a bare page with our two scripts and the runtime, under the policy we ship."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from scripts.project.paths import ROOT
from scripts.runtime.manifest import Manifest
from scripts.site.policy import ROUTES, header_policy

SCRIPTS = ROOT / "overrides" / "assets" / "js"
PAGE = '<!doctype html><html lang="fr"><meta charset="utf-8"><link rel="icon" href="icon.svg"><title>Guide</title></html>'
FIRST = '{"do":"show","locale":"fr","root":"../","on":"2026-11-22","answers":{}}'
START = """({files, locale, folder}) => import(new URL("assets/js/runtime.mjs", document.baseURI).href).then(({startEngine}) => {
  globalThis.tiers = [];
  globalThis.engine = startEngine({folder: folder ?? "assets/runtime/", files}, locale, (tier) => tiers.push(tier));
  return engine.ready;
})"""
NO_MODULE_WORKERS = """const Own = Worker;
globalThis.Worker = class {
  constructor(url, {type}) {
    if (type === "classic") return new Own(url, {type});
    const refused = {terminate() {}, postMessage() {}};
    setTimeout(() => refused.onerror(new ErrorEvent("error")));
    return refused;
  }
};"""
ASK = """(requests) => Promise.all(requests.map((request) => engine.ask(request)))"""


@dataclass(frozen=True, slots=True)
class RuntimePage:
    """A folder to serve, and what its page hands to the worker."""

    folder: Path
    manifest: Manifest

    def start(self, page: Page, locale: str = "fr", **changes: Any) -> str:
        """Start Python in a page of this folder; return the tier that is ready."""
        files = {**asdict(self.manifest), **changes}
        return str(page.evaluate(START, {"files": files, "locale": locale}))


def write_page(folder: Path) -> None:
    """Write the page, the scripts and the headers; the runtime is put beside them by `scripts.runtime.build`."""
    (folder / "assets" / "js").mkdir(parents=True)
    for name in ("runtime.mjs", "worker.mjs"):
        shutil.copy(SCRIPTS / name, folder / "assets" / "js")
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "icon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    strict = header_policy(next(route for route in ROUTES if route.path == "assets/"))
    (folder / "_headers").write_text(f"/*\n  Content-Security-Policy: {strict}\n", "utf-8")


def ask(page: Page, *requests: str) -> list[str]:
    """Ask the running engine; return the answers."""
    found: list[str] = page.evaluate(ASK, list(requests))
    return found


def tiers(page: Page) -> list[str]:
    """Return the tiers heard of so far, in order."""
    found: list[str] = page.evaluate("tiers")
    return found


def asset(manifest: Manifest, part: str) -> Mapping[str, Any]:
    """Return one file of the whole interpreter as the page names it."""
    found: Mapping[str, Any] = json.loads(manifest.json())["full"][part]
    return found
