"""The embedding script as it is sent: small, plain, the same for ever under its version."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.content.publisher import Entry, Publisher, SiteError
from scripts.site import embed, policy
from scripts.site.embed import LIMIT, MAY, SCRIPT, VERSIONS, EmbedError, facts, integrity, pack, packed, themed, version_of
from scripts.site.policy import ROUTES, header_policy, route_of
from scripts.site.serve import SiteServer
from tests.site.test_servers import SERVERS, ask

OURS = sorted(VERSIONS.glob("*.*.*"))


def test_it_is_under_two_kilobytes_on_the_wire_and_on_the_disk(site: Path, server: SiteServer) -> None:
    version, text = packed()
    assert len(text.encode()) <= LIMIT == 2_000
    for name in ("embed.js", f"embed-{version}.js"):
        assert (site / name).read_bytes() == text.encode()
        assert ask(f"{server.url}{name}").body == text.encode()


def test_it_needs_nothing_newer_than_2018(tmp_path: Path) -> None:
    _, text = packed()
    assert not re.search(r"=>|`|\b(?:let|const|class|async|await|import|export)\b|\?\?|\?\.|\.\.\.", text)
    (tmp_path / "embed.js").write_text(text, "utf-8")
    subprocess.run(["node", "--check", str(tmp_path / "embed.js")], check=True)


def test_it_asks_keeps_and_hears_nothing_else() -> None:
    _, text = packed()
    for word in ("Storage", "cookie", "fetch", "XMLHttp", "sendBeacon", "eval", "innerHTML", "http://", '"*"', '"message"'):
        assert word not in text


def test_packing_leaves_texts_and_patterns_alone() -> None:
    source = """
    (function (d) {
      // a comment
      var first = "two  spaces; // kept", other = /^ab\\/[^/]*$/.exec(first);
      if (other && first !== 'it : is') return first;
      /* another */
      second(first);
      function second(name) { d.name = name; }
    })(document);
    """
    text = pack(source)
    assert '"two  spaces; // kept"' in text and "it : is" in text and "/^ab\\/[^/]*$/" in text
    assert "comment" not in text and "second" not in text
    assert ".name=" in text


def test_the_integrity_is_that_of_the_file_as_browsers_count_it(site: Path) -> None:
    found = facts()
    done = subprocess.run(
        f"openssl dgst -sha384 -binary {site / found['file']} | openssl base64 -A", shell=True, capture_output=True, text=True, check=True
    )
    assert found["integrity"] == f"sha384-{done.stdout}"


@pytest.mark.parametrize("page", ["partenaires/index.html", "en/partenaires/index.html"])
def test_the_page_for_partners_gives_the_file_and_its_integrity(site: Path, page: str) -> None:
    text = (site / page).read_text("utf-8")
    found = facts()
    assert f"{found['file']}&#34; integrity=&#34;{found['integrity']}&#34; crossorigin=&#34;anonymous&#34;" in text
    assert all(f'data-code="{kind}"' in text for kind in ("link", "upgrade", "frame"))


def test_a_frame_pasted_alone_may_do_what_that_of_the_script_may() -> None:
    _, text = packed()
    written = re.search(r'sandbox="([a-z -]+)"\.replace\(/\\S\+/g,"allow-\$&"\)', text)
    assert written is not None
    assert MAY.split() == [f"allow-{one}" for one in written[1].split()]
    assert "top-navigation" not in MAY and f'sandbox="{MAY}"' in facts()["frame"]


def test_the_present_version_is_frozen() -> None:
    version, text = packed()
    assert (VERSIONS / version / "embed.js").read_text("utf-8") == text, "Freeze it: python -m scripts.site.embed freeze"


@pytest.mark.parametrize("folder", OURS, ids=lambda folder: str(folder.name))
def test_each_version_is_served_as_it_was(site: Path, folder: Path) -> None:
    kept = (folder / "embed.js").read_text("utf-8")
    assert version_of(kept) == folder.name
    assert (site / f"embed-{folder.name}.js").read_text("utf-8") == kept
    pasted = (folder / "host.html").read_text("utf-8")
    assert f'{{SITE}}embed-{folder.name}.js" integrity="{integrity(kept)}"' in pasted


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the source and of its versions, to break."""
    monkeypatch.setattr(embed, "ROOT", tmp_path)
    monkeypatch.setattr(embed, "SCRIPT", tmp_path / "embed.js")
    monkeypatch.setattr(embed, "VERSIONS", tmp_path / "versions")
    shutil.copy(SCRIPT, tmp_path / "embed.js")
    shutil.copytree(VERSIONS, tmp_path / "versions")
    yield tmp_path / "embed.js"


def test_a_change_needs_a_new_version(copy: Path) -> None:
    copy.write_text(copy.read_text("utf-8").replace("2e4", "3e4"), "utf-8")
    with pytest.raises(EmbedError, match=r"embed\.js: it has changed since version .* was frozen.*next version.*freeze"):
        packed()
    copy.write_text(re.sub(r"/\*! \d", "/*! 9", copy.read_text("utf-8")), "utf-8")
    assert embed.main(["freeze"]) == 0
    assert len(list((copy.parent / "versions").iterdir())) == len(OURS) + 1


def test_a_comment_may_change(copy: Path) -> None:
    before = packed()
    copy.write_text(copy.read_text("utf-8").replace("/**", "/** Said otherwise.", 1), "utf-8")
    assert packed() == before


def test_it_may_not_grow(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy.write_text(copy.read_text("utf-8").replace("  scan();", f'  d.title = "{"x" * 200}"; scan();'), "utf-8")
    assert embed.main(["show"]) == 1
    assert "the bound is 2,000" in capsys.readouterr().err


def test_it_says_its_version(copy: Path) -> None:
    copy.write_text(copy.read_text("utf-8").replace("/*!", "/*"), "utf-8")
    with pytest.raises(EmbedError, match="does not say its version"):
        packed()


def test_only_the_framed_pages_may_be_framed_by_others() -> None:
    assert [route.path for route in ROUTES if route.framed_anywhere] == ["embed/"]
    assert "frame-ancestors *" in header_policy(route_of("embed/"))
    for url in ("", "guide/", "partenaires/", "embed.js", "embedding/", "assets/"):
        assert "frame-ancestors 'self'" in header_policy(route_of(url))


@pytest.mark.parametrize("kind", SERVERS)
def test_every_server_lets_other_sites_check_each_version(site: Path, tmp_path: Path, kind: str) -> None:
    for parent in (tmp_path, *tmp_path.parents[:3], *site.parents[:2]):
        if parent.stat().st_mode & 0o077 == 0:
            parent.chmod(0o755)
    with SERVERS[kind](site, tmp_path) as address:  # type: ignore[attr-defined]
        for name in ("embed.js", *(f"embed-{folder.name}.js" for folder in OURS)):
            answer = ask(f"{address}/{name}")
            assert answer.status == 200
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
            assert answer.headers["content-type"].startswith(("text/javascript", "application/javascript"))
        for path in ("embed/", "en/embed/"):
            headers = ask(f"{address}/{path}").headers
            assert "frame-ancestors *" in headers["content-security-policy"]
            assert "x-frame-options" not in headers
        for path in ("guide/", "en/guide/", "partenaires/"):
            headers = ask(f"{address}/{path}").headers
            assert "frame-ancestors 'self'" in headers["content-security-policy"]
            assert headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("page", ["embed/index.html", "en/embed/index.html"])
def test_the_framed_page_is_the_guide_alone(site: Path, page: str) -> None:
    text = (site / page).read_text("utf-8")
    other = (site / page.replace("embed", "guide")).read_text("utf-8")
    states = re.compile(r'<section class="guide-state".*?</section>', re.DOTALL)
    plain = [state.replace(' target="_blank" rel="noopener"', "") for state in states.findall(text)]
    assert len(plain) > 100 and plain == states.findall(other)
    assert 'name="robots" content="noindex"' in text
    assert "<header" not in text and 'id="menu"' not in text and "autofocus" not in text
    assert not [link for link in re.findall(r"<a [^>]*href=\"\.\./[^>]*>", text) if "_blank" not in link and "data-other" not in link]
    assert "serviceWorker" not in text and "offline" not in text


def test_themes_are_those_of_the_site() -> None:
    tokens = (":root {\n --paper: #fff;\n --card: #fff; --gap: 1rem;\n}\n"
              "@media screen and (prefers-color-scheme: dark) {\n :root {\n --paper: #111;\n }\n}")
    text = themed("@layer components {\n .x { color: red }\n}\n", tokens)
    assert ':root[data-theme="light"]{color-scheme:light;--paper:#fff}' in text
    assert ':root[data-theme="dark"]{color-scheme:dark;--paper:#111}' in text
    assert text.count("{") == text.count("}")


def test_the_framed_page_is_not_for_search_engines(site: Path) -> None:
    assert "/embed/" not in (site / "sitemap.xml").read_text("utf-8")
    for index in site.glob("**/search/*.json"):
        assert '"embed/' not in index.read_text("utf-8")


@pytest.mark.parametrize(
    ("said", "ancestors"),
    [("*", "frame-ancestors *"), ("https://www.a.fr https://*.b.fr:8443", "frame-ancestors 'self' https://www.a.fr https://*.b.fr:8443")],
)
def test_the_publisher_may_list_who_frames_the_guide(monkeypatch: pytest.MonkeyPatch, said: str, ancestors: str) -> None:
    listed(monkeypatch, said)
    assert header_policy(route_of("embed/")).endswith(ancestors)
    assert header_policy(route_of("guide/")).endswith("frame-ancestors 'self'")


@pytest.mark.parametrize("said", ["www.a.fr", "http://a.fr", "https://a.fr/page", "https://a.fr; script-src *", "'none'", "* https://a.fr"])
def test_what_is_not_a_site_may_not_be_listed(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    listed(monkeypatch, said)
    with pytest.raises(SiteError, match="site.yaml: framed_by names"):
        header_policy(route_of("embed/"))


def listed(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    entry = Entry({"fr": said, "en": said}, False)
    monkeypatch.setattr(policy, "framed_by", policy.framed_by.__wrapped__)
    monkeypatch.setattr(policy, "load_publisher", lambda: Publisher({"framed_by": entry}))
