"""Write the server files: the same headers for hosts that read `_headers`, for nginx, Caddy and Apache.

    python -m scripts.site.server_files servers/ --site site/ --root /srv/refus-de-soins

The headers themselves are in scripts/site/policy.py. `_headers` and `.htaccess` also go into the site at each build.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from decision_tree.locales import LOCALES, conventions
from scripts.site.policy import (
    CACHE_HASHED,
    CACHE_PAGE,
    COMMON,
    HASHED_NAME,
    MEDIA_TYPES,
    ORDINARY,
    ROUTES,
    Route,
    header_policy,
    route_headers,
    route_of,
)

TEMPLATES = Path(__file__).parent / "servers"   # one file a server
FOLDERS = tuple(conventions(locale).folder for locale in LOCALES)
HIDDEN = (".br", ".gz", "_headers", ".htaccess")
TYPES = {suffix: MEDIA_TYPES[suffix] for suffix in "html css js mjs json svg xml txt wasm webmanifest ics csv atom".split()}


def headers_file(site: Path) -> str:
    """Return `_headers`: the common headers once, then one rule for each part of the site.

    Hosts differ on what two matching rules mean, so no header stands in two rules that could match the same address.
    """
    lines = ["# Made by scripts/site/server_files.py from scripts/site/policy.py", "/*", *_indented(COMMON)]
    for path, route, cache in parts(site):
        lines += ["", path, *_indented((*route_headers(route), ("Cache-Control", cache)))]
    return "\n".join(lines) + "\n"


def _indented(headers: Sequence[tuple[str, str]]) -> list[str]:
    return [f"  {name}: {value}" for name, value in headers]


def parts(site: Path) -> Iterator[tuple[str, Route, str]]:
    """Yield (path, route, caching) for every file and folder at the root of each language."""
    for folder in FOLDERS:
        yield f"/{folder}", ORDINARY, CACHE_PAGE
        for entry in sorted((site / folder).iterdir()):
            if entry.name.endswith(HIDDEN) or f"{entry.name}/" in FOLDERS:
                continue
            if folder == "" and entry.name == "assets":
                yield from _assets(entry)
                continue
            path = f"/{folder}{entry.name}"
            yield (f"{path}/*" if entry.is_dir() else path), route_of(_slashed(entry)), cache_of(entry)


def _assets(folder: Path) -> Iterator[tuple[str, Route, str]]:
    for entry in sorted(folder.iterdir()):
        if not entry.name.endswith(HIDDEN):
            yield f"/assets/{entry.name}" + ("/*" if entry.is_dir() else ""), route_of("assets/"), cache_of(entry)


def _slashed(entry: Path) -> str:
    return f"{entry.name}/" if entry.is_dir() else entry.name


def cache_of(entry: Path) -> str:
    """Return the caching of a file, or of a folder: for good when every name in it changes with its content."""
    files = [entry] if entry.is_file() else [file for file in entry.rglob("*") if file.is_file()]
    seen = [file.name.removesuffix(".br").removesuffix(".gz") for file in files]
    hashed = bool(seen) and all(re.search(HASHED_NAME, name) for name in seen)
    return CACHE_HASHED if hashed else CACHE_PAGE


def pattern(route: Route) -> str:
    """Return the regular expression of a route's addresses, in either language."""
    return f"^/(en/)?{re.escape(route.path)}"


def nginx(root: str, listen: str = "80") -> str:
    """Return a configuration for nginx; it belongs inside its `http` block, where Debian includes sites-enabled/*."""
    return _filled("nginx.conf", root=root, listen=listen)


def caddy(root: str, listen: str = ":80") -> str:
    """Return a Caddyfile."""
    return _filled("Caddyfile", root=root, listen=listen)


def apache() -> str:
    """Return a `.htaccess` for Apache 2.4, with mod_headers, and mod_rewrite for the compressed copies."""
    return _filled("htaccess", types=TYPES)


def _filled(template: str, **shown: object) -> str:
    """Return a file of scripts/site/servers/, filled with the policy."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                      keep_trailing_newline=True, autoescape=False)
    return env.get_template(template).render(
        routes=ROUTES, ordinary=ORDINARY, common=COMMON, pattern=pattern, header_policy=header_policy, route_headers=route_headers,
        cache_page=CACHE_PAGE, cache_hashed=CACHE_HASHED, hashed_name=HASHED_NAME, **shown)


def write_in_site(site: Path) -> None:
    """Write the two files that servers read from the site itself."""
    (site / ".htaccess").write_text(apache(), "utf-8")
    (site / "_headers").write_text(headers_file(site), "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write every server file into a folder."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.server_files", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="where to write them")
    parser.add_argument("--site", type=Path, default=Path("site"), help="the built site, which `_headers` describes")
    parser.add_argument("--root", default="/srv/refus-de-soins/site", help="where the site stands on the server")
    options = parser.parse_args(arguments)
    write_all(options.folder, options.site, options.root)


def write_all(folder: Path, site: Path, root: str) -> None:
    """Write nginx.conf, Caddyfile, htaccess and _headers into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"nginx.conf": nginx(root), "Caddyfile": caddy(root), "htaccess": apache(), "_headers": headers_file(site)}
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
