"""The embedding script: packed under 2 kB, with its version and its integrity; the versions before it stay as they were.

    python -m scripts.site.embed freeze      keep the present version for good

A site that pasted `embed-1.0.0.js` with its integrity gets the same bytes for ever. To change the script: change
overrides/assets/js/embed.js and the version on its first lines, then freeze it. The build fails when a frozen version and its
source no longer agree.
"""

import argparse
import re
import shutil
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha384
from pathlib import Path

from decision_tree.model import Text
from scripts.content.loaded import directory, knowledge
from scripts.project.paths import ROOT
from scripts.site.minify import minified

SCRIPT = ROOT / "overrides" / "assets" / "js" / "embed.js"
TOKENS = ROOT / "overrides" / "assets" / "css" / "tokens.css"
VERSIONS = ROOT / "embed" / "versions"   # <version>/embed.js, source.js, and host.html as a site pasted it
SOURCE = "source.js"                     # beside a frozen script: what it was packed from
LIMIT = 2_000                            # bytes, as sent without compression

# A frame pasted alone may do what that of the script may, and no more: never lead the page around it elsewhere.
MAY = "allow-same-origin allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals"
# The height stands in the style too: themes that write iframe{height:auto!important} would leave 150 pixels of it.
# Not loading="lazy": WebKit gives such a frame no history, and Back leaves the page of the partner.
FRAME = ('width="100%" height="800" style="border:0;height:800px!important" referrerpolicy="no-referrer" allow="clipboard-write" '
         f'sandbox="{MAY}"')

VERSION = re.compile(r"/\*! (\d+\.\d+\.\d+) \*/")


class EmbedError(Exception):
    """The embedding script cannot be published; the message says why."""


def pack(source: str) -> str:
    """Return a script in few bytes, for browsers that know ES5; its version, `/*! 1.0.0 */`, stands first.

    Raises:
        MinifyError: It cannot be read.
    """
    return minified(source, "--target=es5")


def version_of(source: str) -> str:
    """Return the version a script says it is.

    Raises:
        EmbedError: It says none.
    """
    found = VERSION.search(source)
    if found is None:
        raise EmbedError(f"{SCRIPT.relative_to(ROOT)}: it does not say its version. Write it before the script: /*! 1.0.0 */")
    return found[1]


def packed() -> tuple[str, str]:
    """Return the version of the present script, and the script as it is sent.

    Raises:
        EmbedError: It says no version, is too long, or differs from the frozen script of the same version.
    """
    source = SCRIPT.read_text("utf-8")
    version = version_of(source)
    frozen, kept = VERSIONS / version / "embed.js", VERSIONS / version / SOURCE
    if kept.exists() and kept.read_text("utf-8") == source:
        return version, frozen.read_text("utf-8")
    text = pack(source)
    if len(text.encode()) > LIMIT:
        raise EmbedError(f"{SCRIPT.relative_to(ROOT)}: packed, it has {len(text.encode()):,} bytes; the bound is {LIMIT:,}. Shorten it.")
    if not frozen.exists():
        return version, text
    if not kept.exists() or pack(kept.read_text("utf-8")) != text:
        raise EmbedError(f"{SCRIPT.relative_to(ROOT)}: it has changed since version {version} was frozen, and sites hold its "
                         "integrity. Give it the next version, then run: python -m scripts.site.embed freeze")
    return version, frozen.read_text("utf-8")      # only its comments have changed


def integrity(text: str) -> str:
    """Return what a site writes in `integrity`: a browser then refuses any other bytes."""
    return "sha384-" + b64encode(sha384(text.encode()).digest()).decode()


def scripts() -> Mapping[str, str]:
    """Return file name → text for the root of the site: embed.js, and one file for each version."""
    version, text = packed()
    kept = {f"embed-{folder.name}.js": (folder / "embed.js").read_text("utf-8") for folder in sorted(VERSIONS.glob("*.*.*"))}
    return kept | {f"embed-{version}.js": text, "embed.js": text}


def facts() -> Mapping[str, str]:
    """Return what the page for partners shows: the file to load and its integrity, and what a frame pasted alone says of itself."""
    version, text = packed()
    return {"version": version, "file": f"embed-{version}.js", "integrity": integrity(text), "frame": FRAME}


def choices() -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, Text]]]:
    """Return what the form for partners offers: funds (code, name) that share a département, known reasons (value, label).

    Elsewhere the département says the fund.
    """
    found = directory()
    shared = {id for one in found.departements.values() if len(one.funds) > 1 for id in one.funds}
    funds = [(id, found.funds[id].name) for id in sorted(shared)]
    ground = next(question for question in knowledge().model.questions if question.fact == "ground")
    return funds, [(str(option.value), option.label) for option in ground.options if option.value not in ("aucun", ground.unknown)]


def publish(site: Path) -> None:
    """Write the scripts at the root of a built site, and the themes a host may ask for, before names take their hashes."""
    (site / "assets" / "js" / "embed.js").unlink(missing_ok=True)
    for name, text in scripts().items():
        (site / name).write_text(text, "utf-8")
    styles = site / "assets" / "css" / "embed.css"
    if styles.exists():
        styles.write_text(themed(styles.read_text("utf-8"), TOKENS.read_text("utf-8")), "utf-8")


def themed(styles: str, tokens: str) -> str:
    """Return the style sheet with each theme of tokens.css under its own name, and the host's accent over them.

    On paper and with the reader's own colours neither holds.
    """
    light, dark = (dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]+);", block)) for block in _blocks(tokens))
    rules = [f':root[data-theme="{name}"]{{color-scheme:{name};{_declared(colours)}}}'
             for name, colours in (("light", {key: light[key] for key in dark}), ("dark", dark))]
    rules.append(":root[data-accent]{--accent:var(--host-accent);--accent-strong:var(--host-strong);"
                 "--accent-tint:var(--host-tint);--on-accent:var(--host-on)}")
    return f"{styles.rstrip()[:-1]}@media screen and (forced-colors: none){{{''.join(rules)}}}}}\n"


def _blocks(tokens: str) -> Iterator[str]:
    """Yield the light block of tokens.css, then the dark one."""
    yield tokens.partition(":root {")[2].partition("}")[0]
    yield tokens.partition("(prefers-color-scheme: dark)")[2].partition(":root {")[2].partition("}")[0]


def _declared(colours: Mapping[str, str]) -> str:
    return "".join(f"{name}:{value};" for name, value in colours.items()).rstrip(";")


OUTSIDE = re.compile(r'<a (?=[^>]*href="(?!#|tel:|sms:|mailto:))(?![^>]*(?:target=|data-other))')


def open_outside(html: str) -> str:
    """Let each link that leaves the framed page open in a new tab, scripts or not."""
    return OUTSIDE.sub('<a target="_blank" rel="noopener" ', html)


def freeze() -> Path:
    """Keep the present version for good and return its folder.

    Raises:
        EmbedError: The script cannot be published.
    """
    version, text = packed()
    folder = VERSIONS / version
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "embed.js").write_text(text, "utf-8")
    shutil.copy(SCRIPT, folder / SOURCE)
    return folder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the verb and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.site.embed", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("verb", choices=("freeze", "show"), help="keep the present version for good, or show its integrity")
    try:
        options = parser.parse_args(arguments)
        if options.verb == "freeze":
            folder = freeze()
            print(f"embed: frozen in {folder.relative_to(ROOT)}. Add host.html beside it: the page of a site that uses this version.")
        found = facts()
        print(f"embed: {found['file']}, {len(packed()[1].encode()):,} bytes, {found['integrity']}")
    except EmbedError as error:
        print(f"embed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
