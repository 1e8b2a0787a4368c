"""What can be held of the site without a browser: policy, weight, links, translations, valid HTML. And proof that each check can fail."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from markdown import markdown

from scripts.project.paths import ROOT
from scripts.site.policy import meta_policy, route_of
from scripts.site.serve import SiteServer
from scripts.site.site_check import problems
from tests.support.lanes import PROVING
from tests.support.page_types import TYPES


def test_the_site_has_no_problem(site: Path) -> None:
    assert not (found := problems(site)), "\n".join(found[:40])


@pytest.mark.sampled
def test_every_page_is_valid_html(server: SiteServer, java: Path) -> None:
    ours = [server.site / folder / path / "index.html" for folder in ("", "en") for path in TYPES.values() if not path.endswith(".html")]
    pages = sorted(server.site.rglob("*.html")) if PROVING else ours
    assert not (found := nu_messages(java, server, pages)), "\n".join(found[:40])


ASKED_BY_RGAA = "The “figure” role is unnecessary for element “figure”."   # its test 1.9.1 wants the role written out, for older readers


def nu_messages(java: Path, server: SiteServer, files: Sequence[Path]) -> list[str]:
    """Return what the Nu HTML checker says of these pages, warnings included; served, since 'self' means nothing in a file."""
    jar = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    pages = [server.url + file.relative_to(server.site).as_posix() for file in files]
    waits = [f"-Dnu.validator.servlet.{name}-timeout=120000" for name in ("connection", "socket")]   # ms; a processor may be busy
    options = ["-Xss4m", "-XX:+UseSerialGC", *waits,
               "-Dnu.validator.servlet.allow-forbidden-hosts=true", "-Dnu.validator.servlet.allowed-address-type=all"]
    command = [str(java), *options, "-jar", str(jar), "--format", "json", "--stdout", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = [message for message in json.loads(done.stdout)["messages"] if message["message"] != ASKED_BY_RGAA]
    return [
        f"{message['url'].removeprefix(server.url)}:{message.get('lastLine')}: {message['message']} {message.get('extract', '')[:99]!r}"
        for message in messages
        if message["type"] in ("error", "non-document-error") or message.get("subType") == "warning"
    ]


# A small copy of the site, broken by hand: each check must see it and say where.


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A few pages of the site with what they need; the guide without the states that come after its first question."""
    small = tmp_path / "site"
    shutil.copytree(site / "assets", small / "assets")
    for name in ("index.html", "en/index.html", "manifest.webmanifest", "en/manifest.webmanifest"):
        (small / name).parent.mkdir(exist_ok=True)
        shutil.copy(site / name, small / name)
    for folder in ("guide", "en/guide"):
        (small / folder).mkdir()
        page = (site / folder / "index.html").read_text("utf-8")
        states = page.index("</script>", page.index("guideStates")) + len("</script>")
        (small / folder / "index.html").write_text(page[:states] + page[page.rindex("<noscript></noscript>"):], "utf-8")
    return small


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, f"{file.name} no longer holds {old!r}"
    file.write_text(text.replace(old, new, 1), "utf-8")
    for packed in (file.with_name(file.name + ".br"), file.with_name(file.name + ".gz")):
        packed.unlink(missing_ok=True)


def noise(size: int) -> str:
    """Return letters that no compression shortens much."""
    return "".join(sha256(str(number).encode()).hexdigest() for number in range(size // 32))


BROKEN: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "an inline script": ("policy", lambda site: change(site / "index.html", "</main>", "<script>alert(1)</script></main>"), "index.html:"),
    "an inline style": ("policy", lambda site: change(site / "index.html", "<h1>", '<h1 style="color:red">'), "an inline style"),
    "a handler": ("policy", lambda site: change(site / "index.html", "<h1>", '<h1 onclick="go()">'), "the handler onclick"),
    "an external image": (
        "policy",
        lambda site: change(site / "index.html", "</main>", '<img src="https://elsewhere.example/a.png" alt=""></main>'),
        "asks https://elsewhere.example/a.png",
    ),
    "a policy that allows more": (
        "policy",
        lambda site: change(site / "index.html", "script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        "its policy is",
    ),
    "a heavy page": (
        "weight",
        lambda site: change(site / "index.html", "</main>", f"<p>{noise(15_000)}</p></main>"),
        "the first view weighs",
    ),
    "a missing translation": ("translations", lambda site: (site / "en" / "guide" / "index.html").unlink(), "exists in fr only"),
    "a wrong language": (
        "translations",
        lambda site: change(site / "en" / "index.html", '<html lang="en"', '<html lang="fr"'),
        "does not say lang",
    ),
    "a link to nothing": (
        "links",
        lambda site: change(site / "index.html", 'href="guide/"', 'href="gide/"'),
        "the link gide/ leads to no file",
    ),
    "a link to no element": (
        "links",
        lambda site: change(site / "index.html", 'href="#content"', 'href="#contents"'),
        "no element named 'contents'",
    ),
    "an absolute link": ("links", lambda site: change(site / "index.html", 'href="guide/"', 'href="/guide/"'), "starts with a slash"),
    "structured data cut short": (
        "metadata",
        lambda site: change(site / "index.html", '"@graph"', '@graph"'),
        "structured data cannot be read",
    ),
    "two titles": ("metadata", lambda site: change(site / "index.html", "</h1>", "</h1><h1>Again</h1>"), "2 titles of level 1"),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_put_in_by_hand_is_seen_and_placed(copy: Path, mistake: str) -> None:
    check, put_in, said = BROKEN[mistake]
    before = set(problems(copy, [check]))
    put_in(copy)
    new = [problem for problem in problems(copy, [check]) if problem not in before]
    assert any(said in problem for problem in new), new


def test_an_error_of_html_is_seen(copy: Path, java: Path, serve_folder: Callable[..., SiteServer]) -> None:
    change(copy / "index.html", "</main>", "<ul><p>no list item</p></ul></main>")
    assert any(message.startswith("index.html:") for message in nu_messages(java, serve_folder(copy), [copy / "index.html"]))


def test_an_empty_site_is_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path)


def test_only_the_pages_that_compute_may_run_webassembly() -> None:
    assert "'wasm-unsafe-eval'" in meta_policy(route_of("guide/"))
    assert "wasm" not in meta_policy(route_of("patients/"))
    for url in ("", "guide/", "embed/", "partenaires/"):
        assert "unsafe-inline" not in meta_policy(route_of(url))
        assert "'unsafe-eval'" not in meta_policy(route_of(url))
        assert meta_policy(route_of(url)).startswith("default-src 'none'")


def test_each_asset_bears_the_hash_of_its_content(site: Path) -> None:
    files = [
        file for folder in ("css", "js", "icons") for file in (site / "assets" / folder).iterdir() if file.suffix not in (".br", ".gz")
    ]
    assert files
    assert not [file.name for file in files if not re.search(r"\.[0-9a-f]{10}\.\w+$", file.name)]
    assert not (site / "en" / "assets").exists()


def test_every_text_of_the_shell_stands_in_both_languages() -> None:
    from scripts.content.interface_words import load_words

    assert load_words("fr").keys() == load_words("en").keys()


def test_a_text_of_the_shell_without_translation_is_named(tmp_path: Path) -> None:
    from scripts.content.interface_words import load_words

    (tmp_path / "fr.yaml").write_text('a: "un"\nb: "deux"\n', "utf-8")
    (tmp_path / "en.yaml").write_text('a: "one"\n', "utf-8")
    with pytest.raises(KeyError, match=r"b, which fr\.yaml has"):
        load_words("en", tmp_path)


def test_modules_sent_together_are_one_file_that_says_the_same(tmp_path: Path) -> None:
    from scripts.site.minify import MinifyError, bundle

    entry = tmp_path / "entry.mjs"
    (tmp_path / "a.mjs").write_text("const A = 1; // of its own\nexport function one() {\n  return A;\n}\n", "utf-8")
    entry.write_text('import { one } from "./a.mjs";\nconst A = 2;\nexport function two() {\n  return one() + A;\n}\n', "utf-8")
    bundle(entry)
    text = entry.read_text("utf-8")
    assert "import" not in text and "of its own" not in text
    asked = f"import({json.dumps(entry.as_uri())}).then(({{ two }}) => console.log(two()))"
    assert subprocess.run(["node", "-e", asked], capture_output=True, text=True, check=True).stdout.strip() == "3"
    entry.write_text('import { one } from "./gone.mjs";\none();\n', "utf-8")
    with pytest.raises(MinifyError, match=r'Could not resolve "\./gone\.mjs"(.|\n)*entry\.mjs:1'):
        bundle(entry)


def test_a_style_sheet_stands_in_one_layer() -> None:
    from scripts.site.styles import StyleError, flat

    assert flat("/* why */\n@layer base {\n  p { margin: 0 }\n}\n").strip() == "p { margin: 0 }"
    for wrong in ("p { margin: 0 }", "@layer base { p { margin: 0 } } p { margin: 1px"):
        with pytest.raises(StyleError, match="does not stand in one @layer"):
            flat(wrong)


@pytest.mark.parametrize(("aligned", "wanted"), [
    ("--", '<th scope="col">A</th>'),
    (":-", '<th scope="col">A</th>'),
    ("-:", '<th class="align-right" scope="col">A</th>'),
    (":-:", '<th class="align-center" scope="col">A</th>'),
])
def test_a_table_scrolls_and_says_what_its_headings_head(aligned: str, wanted: str) -> None:
    text = markdown(f"| A | B |\n|{aligned}|--|\n| 1 | 2 |\n\nAfter.", extensions=["tables", "scripts.site.tables"])
    assert text.startswith('<div class="scroll"><table>\n<thead>') and "</table></div>\n<p>After.</p>" in text
    assert wanted in text and "style=" not in text


def test_the_title_of_a_box_is_a_heading_under_the_one_above() -> None:
    from scripts.site.boxes import mend

    page = mend('<h1>A</h1><p class="admonition-title">B</p><h2>C</h2><h3 id="d">D</h3><p class="admonition-title">E</p><h2>F</h2>')
    assert page == '<h1>A</h1><h2 class="admonition-title">B</h2><h2>C</h2><h3 id="d">D</h3><h4 class="admonition-title">E</h4><h2>F</h2>'
