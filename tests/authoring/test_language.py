"""A third language: begun by one command, listed for all it lacks, built with French where it says nothing, never with a gap."""

import ast
import os
import re
import shutil
import subprocess
import sys
import unicodedata
from datetime import date
from hashlib import sha256
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

import pytest
import yaml

from decision_tree.authoring.read.load import load_knowledge
from decision_tree.authoring.read.yaml_text import tree_of_text
from decision_tree.dates import written
from decision_tree.model import Text, text_of
from scripts.content.set_apart import bare, opened, opened_page, set_apart
from scripts.project.paths import ROOT
from scripts.site.language_parts import Tongues, marked
from scripts.upkeep import language
from scripts.upkeep.language import LanguageError, begin, by_path, french, overlay, problems
from scripts.upkeep.language_build import build, copy_project, lay_over, run
from tests.support.copies import copy_of_the_project
from tests.support.pdf import text_of as words_of


@pytest.fixture
def breton(tmp_path: Path) -> Path:
    """Two translated texts."""
    folder = begin("br", "breton", tmp_path / "languages")
    (folder / "words.yaml").write_text('nav.guide: "Kregiñ gant ar sturlevr"\n', "utf-8")
    (folder / "knowledge.yaml").write_text('bodies/ars.name: "Ajañs ranndirel ar yec’hed"\n', "utf-8")
    return folder


def test_beginning_again_keeps_what_was_written(breton: Path) -> None:
    before = {file.name: file.read_text("utf-8") for file in breton.glob("*.yaml")}
    begin("br", "another name", breton.parent)
    assert {file.name: file.read_text("utf-8") for file in breton.glob("*.yaml")} == before


@pytest.mark.parametrize("code", ["fr", "en", "Breton", "../x", "b", ""])
def test_a_code_is_that_of_another_language(tmp_path: Path, code: str) -> None:
    with pytest.raises(LanguageError, match="cannot begin a language"):
        begin(code, "", tmp_path)


def test_every_text_that_lacks_is_listed_with_its_file_and_line(breton: Path) -> None:
    wrong, lacking = problems(breton)
    assert not wrong
    assert len(lacking) == len(french()) - 2
    for problem in lacking:
        lines = (ROOT / problem.place.file).read_text("utf-8").splitlines()
        assert 1 <= problem.place.line <= len(lines)
    said = [str(problem) for problem in lacking]
    assert not [line for line in said if "'nav.guide' " in line or "'bodies/ars.name' " in line]
    (menu,) = [line for line in said if "'nav.menu' is not translated: “Menu”. Write it in languages/br/words.yaml as nav.menu." in line]
    assert re.match(r"overrides/words/fr\.yaml:\d+: ", menu)
    assert any(re.match(r"leaflets/words\.yaml:\d+: 'leaflets\.patients\.panels\.2\.title' is not translated: “Gardez une trace”", line)
               for line in said)
    assert "docs/fr/patients/preuves.md:1: this page is not translated. Write it in languages/br/pages/patients/preuves.md." in said


def test_a_key_or_a_page_that_french_has_not_is_wrong(breton: Path) -> None:
    (breton / "words.yaml").write_text('nav.guid: "…"\n', "utf-8")
    (breton / "pages" / "nothing.md").write_text("# Nothing\n", "utf-8")
    wrong, _ = problems(breton)
    page, word = map(str, wrong)
    assert page.startswith("languages/br/pages/nothing.md:1: no French page has this name.")
    assert word.startswith("languages/br/words.yaml:1: no French text has the key 'nav.guid'. Did you mean 'nav.guide'?")


def test_a_number_must_stay_where_the_knowledge_puts_it(breton: Path) -> None:
    (breton / "words.yaml").write_text('search.count_many: "disoc’hoù"\n', "utf-8")
    wrong, _ = problems(breton)
    assert str(wrong[0]).endswith("Keep these, as they are: {count}, {query}.")
    with pytest.raises(LanguageError, match="the translation cannot be used"):
        build(breton, breton / "site")


def test_a_file_that_cannot_be_read_says_so(breton: Path) -> None:
    (breton / "words.yaml").write_text("- a\n- b\n", "utf-8")
    with pytest.raises(LanguageError, match=r"languages/br/words\.yaml:1: this is not a list"):
        problems(breton)


def test_a_text_takes_the_place_of_the_french_wherever_it_stands(breton: Path, tmp_path: Path) -> None:
    known = french().knowledge
    done = {path: f"« {number} »" + "".join(re.findall(r"\{\w+\}", one.text)) for number, (path, one) in enumerate(known.items())}
    (breton / "knowledge.yaml").write_text(yaml.safe_dump(done, allow_unicode=True, width=1_000), "utf-8")
    copy = tmp_path / "copy"
    copy.mkdir()
    copy_project(copy)
    lay_over(breton, copy)
    laid = load_knowledge(copy / "decision_tree" / "knowledge").texts
    assert {path: bare(text.fr) for path, (text, _) in laid.items()} == done
    assert yaml.safe_load((copy / "leaflets" / "words.yaml").read_text("utf-8"))["third"] == "br"
    english = {path: text["en"] for path, (text, _) in load_knowledge().texts.items()}
    assert {path: text["en"] for path, (text, _) in laid.items()} == english


def test_every_text_of_the_leaflets_can_be_laid(breton: Path, tmp_path: Path) -> None:
    texts = french().leaflets
    assert len(texts) > 150
    done = {path: f"« {number} »" + "".join(re.findall(r"\{[\w:-]+\}", one.text)) for number, (path, one) in enumerate(texts.items())}
    (breton / "leaflets.yaml").write_text(yaml.safe_dump(done, allow_unicode=True, width=1_000), "utf-8")
    assert not problems(breton)[0]
    copy_project(tmp_path / "copy")
    lay_over(breton, tmp_path / "copy")
    laid = dict(by_path(tree_of_text((tmp_path / "copy" / "leaflets" / "words.yaml").read_text("utf-8")), ""))
    assert {path: bare(one.text) for path, one in laid.items()} == done


def test_letters_without_a_font_are_told_before_the_build_with_their_line(breton: Path) -> None:
    texts = 'bodies/ars.name: "العربية"\nbodies/ars.aim: "አማርኛ"\nbodies/dgccrf.aim: "አማ"\n'
    (breton / "knowledge.yaml").write_text(texts, "utf-8")
    wrong, _ = problems(breton)
    (one,) = map(str, wrong)
    assert one.startswith("languages/br/knowledge.yaml:2: no font of the leaflets has the letters “አማርኛ” (ethiopic). Put a font of")


def test_numbers_names_and_articles_are_set_apart_on_a_page_written_from_right_to_left() -> None:
    html = '<p>الرقم <a class="contact" href="tel:15">15</a> (<a class="law" href="../x/">CSP, L. 1110-3</a>) <a href="y/">نص</a></p>'
    assert set_apart(html) == (
        '<p>الرقم <a class="contact" href="tel:15"><bdi dir="ltr" translate="no">15</bdi></a> '
        '(<a class="law" href="../x/"><bdi dir="ltr" translate="no" lang="fr">CSP, L. 1110-3</bdi></a>) <a href="y/">نص</a></p>')


ARABIC, BRETON = Tongues("ar", "rtl", True), Tongues("br", "ltr", False, frozenset({"Titl"}))


def part(body: str, tongues: Tongues = ARABIC) -> str:
    """Return the body of a page whose parts say their language."""
    page = marked(f'<!doctype html><html lang="fr"><head><title>Guide</title></head><body>{body}</body></html>', tongues)
    assert f'<html lang="{tongues.code}" dir="{tongues.direction}">' in page
    assert '<title lang="fr" dir="ltr">Guide</title>' in page
    return page.partition("<body>")[2].partition("</body>")[0]


def test_words_of_the_interface_left_in_french_say_so_on_a_page_written_from_right_to_left() -> None:
    assert part(f'<nav><a href="m">{opened("القائمة")}</a><a href="s"><span>Recherche</span></a></nav><input placeholder="Votre mot">') == (
        '<nav><a href="m">القائمة</a><a href="s" lang="fr" dir="ltr"><span>Recherche</span></a></nav>'
        '<input placeholder="Votre mot" lang="fr" dir="ltr">')
    assert part(f"<p>{opened('القائمة')} et suite</p>") == '<p>القائمة<span lang="fr" dir="ltr"> et suite</span></p>'


def test_a_whole_part_in_french_says_so_once() -> None:
    assert part(f"<h1>{opened('حالة')}</h1><ul><li>un <b>mot</b></li><li>15</li></ul>") == (
        '<h1>حالة</h1><ul lang="fr" dir="ltr"><li>un <b>mot</b></li><li>15</li></ul>')


def test_every_number_phone_and_french_name_is_isolated_in_right_to_left_text() -> None:
    number, name = '<bdi dir="ltr" translate="no">{}</bdi>', '<bdi dir="ltr" translate="no" lang="fr">{}</bdi>'
    assert part(f"<p>{opened('أرسل 114 أو 36 46 (CPAM) في 12 يوما، Défenseur des droits.')}</p>") == (
        f"<p>أرسل {number.format('114')} أو {number.format('36 46')} ({name.format('CPAM')}) في {number.format('12')} يوما، "
        f"{name.format('Défenseur des droits')}.</p>")
    page = part(opened_page('<p>القانون (<a class="law" href="x">CSP, L. 1110-3</a>) والرقم <a class="contact" href="tel:15">15</a></p>'))
    assert f'<a class="law" href="x">{name.format("CSP, L. 1110-3")}</a>' in page
    assert f'<a class="contact" href="tel:15">{number.format("15")}</a>' in page


def test_a_language_in_latin_letters_is_told_from_french_by_what_was_translated() -> None:
    body = f"<main><p>{opened('Kregiñ gant <b>ar sturlevr</b> bremañ')}</p><a>Titl</a><p>Le guide</p></main>"
    assert part(body, BRETON) == '<main><p>Kregiñ gant <b>ar sturlevr</b> bremañ</p><a>Titl</a><p lang="fr" dir="ltr">Le guide</p></main>'
    cut = part(f"<p><b>\u2063Kregiñ</b></p><p>Le guide</p><i>{opened('x')}</i>", BRETON)
    assert '<p lang="fr" dir="ltr">Le guide</p>' in cut, "words cut short open nothing beyond their element"
    assert bare(cut) == cut


def test_words_of_macros_and_of_printed_pages_are_listed_and_laid_too(breton: Path, tmp_path: Path) -> None:
    (breton / "words.yaml").write_text('to_check: "lennet war un eilenn"\nletters.title: "Lizheroù"\n', "utf-8")
    assert set(overlay(breton).words) == {"to_check", "letters.title"}
    assert not problems(breton)[0]
    copy_project(tmp_path / "copy")
    lay_over(breton, tmp_path / "copy")
    words = (tmp_path / "copy" / "overrides" / "words" / "fr.yaml").read_text("utf-8")
    assert yaml.safe_load(words)["to_check"] == opened("lennet war un eilenn")
    assert yaml.safe_load(words)["letters.title"] == opened("Lizheroù")


TABLES = {                               # what a check or a letter knows of one language, kept beside it: file → pairs
    "decision_tree/guide/letters.py": 6, "decision_tree/locales.py": 1, "scripts/content/checks/coverage.py": 2,
    "scripts/content/checks/hedges.py": 1, "scripts/content/checks/one_home.py": 1, "scripts/content/checks/readability.py": 1,
    "scripts/content/checks/spelling.py": 1,
    "scripts/content/checks/typed.py": 4, "scripts/content/checks/typography.py": 2, "scripts/content/checks/vocabulary.py": 1,
    "scripts/content/printable.py": 1, "scripts/content/prose.py": 3, "scripts/leaflets/kits.py": 2,
}


def pairs(source: str) -> int:
    """Return how often French and English are wired together: in a table, a list, a comparison, an attribute."""
    return sum(wired(node) for node in ast.walk(ast.parse(source)))


def wired(node: ast.AST) -> bool:
    both = {"fr", "en"}
    if isinstance(node, ast.Dict):
        return both <= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return both <= {one.value for one in node.elts if isinstance(one, ast.Constant)}
    if isinstance(node, ast.Compare):
        return any(isinstance(one, ast.Constant) and one.value in both for one in (node.left, *node.comparators))
    return isinstance(node, ast.Attribute) and node.attr == "en"


def test_no_pair_of_languages_is_wired_in_the_code() -> None:
    assert pairs('x = {"fr": 1, "en": 2}\ny = ("fr", "en")\nz = locale == "fr"\nw = text.en\nv = text["en"]') == 4
    files = sorted(path for room in ("decision_tree", "scripts") for path in (ROOT / room).rglob("*.py"))
    found = {path.relative_to(ROOT).as_posix(): count for path in files if (count := pairs(path.read_text("utf-8")))}
    assert found == TABLES


def test_a_text_holds_any_number_of_locales_and_falls_back_on_french() -> None:
    text = Text({"fr": "Bonjour", "en": "Hello", "br": "Demat"})
    assert [text[locale] for locale in ("fr", "en", "br", "ar")] == ["Bonjour", "Hello", "Demat", "Bonjour"]
    assert text.row == ["Bonjour", "Hello"]
    assert text_of(text.row) == Text({"fr": "Bonjour", "en": "Hello"})
    assert hash(text) == hash(Text(dict(text.words)))
    assert written(date(2026, 3, 1), "br") == written(date(2026, 3, 1), "fr") == "1er\u00a0mars 2026"


def test_a_failed_step_always_says_something(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = subprocess.CompletedProcess([], 1, "", "INFO    -  Cleaning\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: silent)
    with pytest.raises(LanguageError, match="mkdocs said nothing, and left 1"):
        run(["python", "-m", "mkdocs", "build"], ROOT)


ARABIC_TEXTS = {
    "language.yaml": "name: arabe\nenglish: Arabic\nown: العربية\ndirection: rtl\nscript: arabic\n",
    "words.yaml": 'nav.menu: "القائمة"\nnav.guide: "ابدأ الدليل"\n',
    "knowledge.yaml": 'bodies/ars.name: "الوكالة الجهوية للصحة"\nbodies/ars.does: "اتصل بالرقم 36 46 (CPAM)."\n',
    "leaflets.yaml": 'leaflets.patients.panels.2.title: "احتفظ بالأدلة"\n',
    "pages/patients/urgence.md": "---\ntitle: حالة الطوارئ\ndescription: ما يجب فعله.\naudience: patients\n---\n# حالة الطوارئ\n\n"
                                 'أرسل رسالة إلى {{ contact("urgence-114") }} أو 15 ({{ cite("csp-l1110-3") }}).\n',
}
SECONDS = 60   # of a processor, once the site was built: nothing is made that the language does not change


@pytest.mark.prove
def test_a_language_written_from_right_to_left_is_built_in_a_minute_with_each_part_in_its_language(tmp_path: Path) -> None:
    folder = tmp_path / "languages" / "ar"
    for name, text in ARABIC_TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    site = tmp_path / "site"
    build(folder, site)
    before = getrusage(RUSAGE_CHILDREN)
    build(folder, site)
    after = getrusage(RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
    home, page, body, guide = ((site / place / "index.html").read_text("utf-8")
                               for place in ("", "patients/urgence", "organismes/ars", "guide"))
    for text in (home, page, body, guide):
        assert re.search('<html lang="ar"[^>]* dir="rtl"', text)
        assert "القائمة" in text
        assert bare(text) == text
    assert re.search(r'<bdi dir="ltr" translate="no">114</bdi>', page)
    assert '<bdi dir="ltr" translate="no">15</bdi>' in page
    # Explained in place, the name of the fund is an <abbr> with its own language and direction, which sets it apart as <bdi> does.
    assert re.search(r'<bdi dir="ltr" translate="no">36 46</bdi> \(<abbr [^>]*lang="fr" dir="ltr">CPAM</abbr>\)', body)
    assert re.search(r'<h1[^>]*>الوكالة الجهوية للصحة</h1>', body)
    assert 'lang="fr" dir="ltr"' in home.partition("<main")[2]
    assert guide.count('class="guide-state"') > 100
    assert "guide.mjs" not in guide
    assert not (site / "en").exists()
    listed = (site / "depliants" / "index.html").read_text("utf-8")
    assert re.search(r"depliant-patients-fr\.pdf.{0,200}العربية", listed, re.DOTALL), "a leaflet in the language says so in the list"
    assert "احتفظ" in bare_letters(site / "depliants" / "page-a-page-patients-fr.pdf")


def bare_letters(paper: Path) -> str:
    """Return the words of a file, forms of letters undone."""
    return unicodedata.normalize("NFKC", words_of(paper))


def lent(project: Path) -> Path:
    """Lend a copy of the project what was installed and made."""
    (project / ".venv").symlink_to(ROOT / ".venv")
    (project / ".cache").mkdir()
    for made in (ROOT / ".cache").iterdir():
        if made.name != "languages":      # its own copy, where its own build finds it
            (project / ".cache" / made.name).symlink_to(made)
    return project


@pytest.mark.prove
def test_make_new_language_builds_and_says_what_and_where_is_wrong(site: Path, tmp_path: Path) -> None:
    assert site.is_dir()     # so that .cache/ holds the leaflets
    project = lent(copy_of_the_project(tmp_path / "project"))
    command = ["make", "new-language", "ar"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^language: ar, 0 translated, [\d,]+ missing, 0 wrong; built in \S*build/languages/ar\.$", done.stderr, re.MULTILINE)
    assert "overrides/words/fr.yaml:" in done.stdout and "leaflets/words.yaml:" in done.stdout
    home = (project / "build" / "languages" / "ar" / "index.html").read_text("utf-8")
    assert re.search('<html lang="ar"[^>]* dir="rtl"', home)
    (project / "languages" / "ar" / "leaflets.yaml").write_text('words.pag: "صفحة"\n', "utf-8")
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "languages/ar/leaflets.yaml:1: no French text has the key 'words.pag'. Did you mean 'words.page'?" in done.stderr
    assert "Traceback" not in done.stderr


def content(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.prove
def test_french_and_english_are_the_same_to_the_byte_with_a_third_language_begun(site: Path, tmp_path: Path) -> None:
    project = lent(copy_of_the_project(tmp_path / "project"))
    folder = begin("br", "breton", project / "languages")
    (folder / "words.yaml").write_text('nav.guide: "Kregiñ gant ar sturlevr"\n', "utf-8")
    (folder / "knowledge.yaml").write_text('bodies/ars.name: "Ajañs ranndirel ar yec’hed"\n', "utf-8")
    (folder / "leaflets.yaml").write_text('words.page: "pajenn"\n', "utf-8")
    subprocess.run([sys.executable, "-m", "scripts.site.build", "--to", str(tmp_path / "site")], cwd=project, check=True,
                   env={**os.environ, "PYTHONPATH": str(project)})
    with_it, without = content(tmp_path / "site"), content(site)
    assert len(without) > 1_000
    assert not sorted(name for name in with_it.keys() | without.keys() if with_it.get(name) != without.get(name))


@pytest.mark.prove
def test_the_site_is_built_with_french_and_a_notice_where_nothing_is_translated(breton: Path, tmp_path: Path) -> None:
    page = breton / "pages" / "patients" / "urgence.md"
    page.parent.mkdir()
    shutil.copyfile(ROOT / "docs" / "fr" / "patients" / "urgence.md", page)
    site = tmp_path / "site"
    build(breton, site)
    home = (site / "index.html").read_text("utf-8")
    assert "Kregiñ gant ar sturlevr" in home
    assert "Ajañs ranndirel ar yec’hed" in (site / "organismes" / "ars" / "index.html").read_text("utf-8")
    for file in site.rglob("*.html"):
        text, place = file.read_text("utf-8"), file.relative_to(site).as_posix()
        translated = place == "patients/urgence/index.html"
        assert ("data-untranslated" in text) is not translated, place
        assert re.search('<html lang="br"[^>]* dir="ltr"', text), place
        assert len(text) > 2_000, place
    assert "pas encore traduite en breton : elle est en français" in home


def test_the_command_says_what_is_missing_and_refuses_only_what_is_wrong(
    breton: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(language, "LANGUAGES", breton.parent)
    monkeypatch.setattr(language, "begin", lambda code, name: begin(code, name, breton.parent))
    assert language.main(["br"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("language: br, 2 translated, ")
    assert said.out.count(" is not translated") > 2_000
    (breton / "words.yaml").write_text('nav.guid: "Sturlevr"\n', "utf-8")
    assert language.main(["br"]) == 2
    assert "no French text has the key 'nav.guid'" in capsys.readouterr().out
