"""A copy of the site to open from a disk or a USB stick: every link names its file, nothing to serve.

No script but that of “my file”, which is no module: browsers let no page on a disk load modules.
"""

import re
import shutil
from pathlib import Path

LINK = re.compile(r'(?P<before>\s(?:href|src)=")(?P<path>[^"#?:]*)(?P<rest>[#?][^"]*)?"')
SCRIPT = re.compile(r'<script (?:type="module" )?[^>]*src="(?![^"]*/my-file\.)[^"]*"[^>]*></script>\s*|<script>.*?</script>', re.DOTALL)
SERVED_ONLY = re.compile(r'<link rel="(?:manifest|modulepreload|preload)"[^>]*>\s*')
FETCHED_LATER = re.compile(r' data-index="[^"]*"')
LEFT_OUT = (".br", ".gz", ".js", ".mjs", ".wasm", ".whl", ".zip", ".webmanifest", ".map")
ON_DISK = "my-file."     # begins the name of the one script that runs from a disk
NAMES_LEFT_OUT = ("_headers", ".htaccess", "robots.txt", "404.html", "offline.html", "embed.js", "sitemap.xml")
FOLDERS_LEFT_OUT = ("embed", "search", "runtime", ".well-known")


def write_offline(site: Path, folder: Path) -> None:
    """Copy the pages of a built site into a folder, so that they work from file://."""
    for file in sorted(site.rglob("*")):
        place = file.relative_to(site)
        left_out = file.name.endswith(LEFT_OUT) and not (file.name.startswith(ON_DISK) and file.suffix == ".js")
        if not file.is_file() or left_out or file.name in NAMES_LEFT_OUT or set(place.parts) & set(FOLDERS_LEFT_OUT):
            continue
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".html":
            target.write_text(from_disk(file.read_text("utf-8")), "utf-8")
        else:
            shutil.copyfile(file, target)


def from_disk(page: str) -> str:
    """Return a page whose links name files, without scripts; what it says to readers without scripts, it says to all."""
    page = SERVED_ONLY.sub("", SCRIPT.sub("", page))
    page = FETCHED_LATER.sub("", page)
    page = page.replace("<noscript>", "").replace("</noscript>", "")
    return LINK.sub(_to_file, page)


def _to_file(found: re.Match[str]) -> str:
    path, rest = found["path"], found["rest"] or ""
    if path.endswith(("/", "/.", "/..")) or path in (".", ".."):
        path = f"{path.rstrip('/')}/index.html" if path != "/" else "index.html"
    return f'{found["before"]}{path}{rest}"'
