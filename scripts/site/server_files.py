"""Write the server files: the same headers for hosts that read `_headers`, for nginx, Caddy and Apache.

    python -m scripts.site.server_files servers/ --site site/ --root /srv/refus-de-soins

The headers themselves are in scripts/site/policy.py. `_headers` and `.htaccess` also go into the site at each build.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.site.policy import (
    CACHE_HASHED,
    CACHE_PAGE,
    COMMON,
    HASHED_NAME,
    ORDINARY,
    ROUTES,
    Route,
    header_policy,
    route_headers,
    route_of,
)

HIDDEN = (".br", ".gz", "_headers", ".htaccess")
TYPES = {
    "html": "text/html", "css": "text/css", "js": "text/javascript", "mjs": "text/javascript", "json": "application/json",
    "svg": "image/svg+xml", "xml": "application/xml", "txt": "text/plain", "wasm": "application/wasm",
    "webmanifest": "application/manifest+json", "ics": "text/calendar", "csv": "text/csv",
    "atom": "application/atom+xml",
}


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
    for folder in ("", "en/"):
        yield f"/{folder}", ORDINARY, CACHE_PAGE
        for entry in sorted((site / folder).iterdir()):
            if entry.name.endswith(HIDDEN) or (entry.is_dir() and entry.name == "en"):
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
    policies = "\n".join(f'    "~{pattern(route)}" "{header_policy(route)}";' for route in ROUTES)
    framed = "\n".join(f'    "~{pattern(route)}" "";' for route in ROUTES if route.framed_anywhere)
    shared = "\n".join(f'    "~{pattern(route)}" "*";' for route in ROUTES if route.shared)
    resource = "\n".join(f'    "~{pattern(route)}" "cross-origin";' for route in ROUTES if route.shared)
    common = "\n".join(f'    add_header {name} "{value}" always;' for name, value in COMMON)
    return f"""# Made by scripts/site/server_files.py from scripts/site/policy.py. Include it in the http block.
map $uri $site_policy {{
    default "{header_policy(ORDINARY)}";
{policies}
}}
map $uri $site_frames {{
    default "SAMEORIGIN";
{framed}
}}
map $uri $site_origin {{
    default "";
{shared}
}}
map $uri $site_resource {{
    default "";
{resource}
}}
map $uri $site_cache {{
    default "{CACHE_PAGE}";
    "~{HASHED_NAME}" "{CACHE_HASHED}";
}}

server {{
    listen {listen};
    root {root};
    index index.html;
    charset utf-8;
    server_tokens off;
    access_log off;
    absolute_redirect off;

    include /etc/nginx/mime.types;
    types {{
        text/javascript mjs;
        application/manifest+json webmanifest;
        text/calendar ics;
    }}
    charset_types text/css text/javascript text/plain text/calendar text/csv application/json application/xml;

    gzip_static on;
    # With Debian's libnginx-mod-http-brotli-static: brotli_static on;

{common}
    add_header Content-Security-Policy $site_policy always;
    add_header X-Frame-Options $site_frames always;
    add_header Access-Control-Allow-Origin $site_origin always;
    add_header Cross-Origin-Resource-Policy $site_resource always;
    add_header Cache-Control $site_cache always;

    location ~ (^|/)(_headers|\\.htaccess|.*\\.(br|gz))$ {{ return 404; }}
    location /en/ {{ try_files $uri $uri/ =404; error_page 404 /en/404.html; }}
    location / {{ try_files $uri $uri/ =404; error_page 404 /404.html; }}
    error_page 404 /404.html;
}}
"""


def caddy(root: str, listen: str = ":80") -> str:
    """Return a Caddyfile."""
    policies = "\n".join(f'\t\t~{pattern(route)} "{header_policy(route)}"' for route in ROUTES)
    framed = "\n".join(f'\t\t~{pattern(route)} "none"' for route in ROUTES if route.framed_anywhere)
    shared = "\t@shared path_regexp " + "|".join(pattern(route) for route in ROUTES if route.shared)
    common = "\n".join(f'\t\t{name} "{value}"' for name, value in COMMON)
    return f"""# Made by scripts/site/server_files.py from scripts/site/policy.py
{listen} {{
\troot * {root}

\tmap {{path}} {{site_policy}} {{
{policies}
\t\tdefault "{header_policy(ORDINARY)}"
\t}}
\tmap {{path}} {{site_frames}} {{
{framed}
\t\tdefault "SAMEORIGIN"
\t}}
\tmap {{path}} {{site_cache}} {{
\t\t~{HASHED_NAME} "{CACHE_HASHED}"
\t\tdefault "{CACHE_PAGE}"
\t}}

\theader {{
{common}
\t\tContent-Security-Policy "{{site_policy}}"
\t\tX-Frame-Options "{{site_frames}}"
\t\tCache-Control "{{site_cache}}"
\t\t-Server
\t}}
\t@framed vars {{site_frames}} none
\theader @framed -X-Frame-Options
{shared}
\theader @shared {{
\t\tAccess-Control-Allow-Origin *
\t\tCross-Origin-Resource-Policy cross-origin
\t}}

\t@scripts path *.mjs
\theader @scripts Content-Type "text/javascript; charset=utf-8"
\t@manifest path *.webmanifest
\theader @manifest Content-Type application/manifest+json

\tfile_server {{
\t\tprecompressed br gzip
\t\thide _headers .htaccess *.br *.gz
\t}}

\thandle_errors {{
\t\t@english path /en/*
\t\trewrite @english /en/404.html
\t\t@french not path /en/*
\t\trewrite @french /404.html
\t\tfile_server
\t}}
}}
"""


def apache() -> str:
    """Return a `.htaccess` for Apache 2.4, with mod_headers, and mod_rewrite for the compressed copies."""
    common = "\n".join(f'  Header always set {name} "{value}"' for name, value in COMMON)
    routes = "\n".join(_apache_route(route) for route in ROUTES)
    types = "\n".join(f"AddType {kind} .{suffix}" for suffix, kind in TYPES.items())
    forced = "\n".join(
        f'  <FilesMatch "\\.{suffix}\\.(br|gz)$">\n    ForceType {kind}\n  </FilesMatch>' for suffix, kind in TYPES.items()
    )
    return f"""# Made by scripts/site/server_files.py from scripts/site/policy.py. Needs AllowOverride All.
Options -Indexes -MultiViews
DirectoryIndex index.html
AddDefaultCharset utf-8
ErrorDocument 404 /404.html
{types}

<IfModule mod_headers.c>
{common}
  Header always set Content-Security-Policy "{header_policy(ORDINARY)}"
  Header always set X-Frame-Options "SAMEORIGIN"
  Header always set Cache-Control "{CACHE_PAGE}"
  <If "%{{REQUEST_URI}} =~ m#{HASHED_NAME}#">
    Header always set Cache-Control "{CACHE_HASHED}"
  </If>
{routes}
</IfModule>

<IfModule mod_rewrite.c>
  RewriteEngine On
  RewriteCond %{{HTTP:Accept-Encoding}} br
  RewriteCond %{{REQUEST_FILENAME}}.br -f
  RewriteRule ^(.*)$ $1.br [E=packed:br,L]
  RewriteCond %{{HTTP:Accept-Encoding}} gzip
  RewriteCond %{{REQUEST_FILENAME}}.gz -f
  RewriteRule ^(.*)$ $1.gz [E=packed:gzip,L]
{forced}
  <FilesMatch "\\.br$">
    Header set Content-Encoding br
    Header append Vary Accept-Encoding
    SetEnv no-gzip 1
  </FilesMatch>
  <FilesMatch "\\.gz$">
    Header set Content-Encoding gzip
    Header append Vary Accept-Encoding
    SetEnv no-gzip 1
  </FilesMatch>
</IfModule>
"""


def _apache_route(route: Route) -> str:
    lines = [f'    Header always set {name} "{value}"' for name, value in route_headers(route)]
    if route.framed_anywhere:
        lines.append("    Header always unset X-Frame-Options")
    inside = "\n".join(lines)
    return f'  <If "%{{REQUEST_URI}} =~ m#/(en/)?{re.escape(route.path)}#">\n{inside}\n  </If>'


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
