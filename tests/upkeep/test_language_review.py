"""The packet of a language: risky words first, two columns, blank to sign; what is noted holds to the words that were read."""

import shutil
from pathlib import Path

import pytest
from html5lib import HTMLParser  # type: ignore[import-untyped,unused-ignore]

from decision_tree.authoring.read.problems import KnowledgeError
from scripts.content.card_files import LANGUAGES, load_card, our_card
from scripts.upkeep import language_review as verb


@pytest.mark.parametrize("code", ["ar", "ta", "ht"])
def test_the_packet_has_risky_words_first_then_every_text_in_two_columns_blank_to_sign(code: str) -> None:
    card = our_card()
    language = card.languages[code]
    page = verb.packet(card, language)
    HTMLParser(strict=True).parse(page)
    risky, texts = page.index("Les mots à risque</h2>"), page.index("Les textes</h2>")
    assert risky < texts < page.index("Signature</h2>")
    assert page.count("☐ lu") == len(card.risky) + len(card.texts)
    for key, one in language.back.items():
        assert verb.E(one.text) in page, key
    for key in card.texts:
        assert f"<small>{key} · brouillon</small>" in page, key
    assert f'lang="{code}" dir="{language.direction}"' in page
    assert "· relu<" not in page
    assert f"<p>{len(card.texts)} textes : {len(card.texts)} brouillon.</p>" in page
    assert all(why in page for word in card.risky for one, why in word.none.items() if one == code)


def test_a_reading_is_signed_text_by_text_in_a_role(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "languages"
    shutil.copytree(LANGUAGES, folder)
    monkeypatch.setattr(verb, "load_card", lambda **how: load_card(folder, **how))
    monkeypatch.setattr(verb.write_notes, "__defaults__", (folder,))
    before = (folder / "notes.yaml").read_text("utf-8")
    assert verb.main(["ar", "sign", "danger_call", "--by", "interprète"]) == 0
    card = load_card(folder)
    assert card.status("ar", "danger_call") == "reviewed"
    assert card.status("ar", "danger_say") == card.status("bn", "danger_call") == "draft"
    assert verb.main(["ar", "revised", "danger_say"]) == 0
    assert load_card(folder).status("ar", "danger_say") == "revised"
    assert verb.main(["ar", "note", "danger_call", "danger_say"]) == 0
    assert (folder / "notes.yaml").read_text("utf-8") == before
    text = (folder / "ar" / "card.yaml").read_text("utf-8")
    (folder / "ar" / "card.yaml").write_text(text.replace("لا يسمح بأي رفض.", "لا يسمح أبدا بأي رفض."), "utf-8")
    with pytest.raises(KnowledgeError, match="the translation of 'danger_right' has moved since it was translated back"):
        load_card(folder)
    assert verb.main(["ar", "note"]) == 2
    capsys.readouterr()
    assert verb.main(["ar", "back"]) == 0
    assert capsys.readouterr().out == "language_review: ar, 1 texts noted\n"
    assert load_card(folder).status("ar", "danger_right") == "draft"
    for arguments, said in ((["ar", "sign", "danger_call"], "signed in a role"), (["xx"], "no card is in 'xx'"),
                            (["ar", "sign", "--by", "x"], "name the texts"),
                            (["ar", "back", "danger_say"], "'danger_say' has no second translation"),
                            (["ar", "revised", "dangr_call"], "Did you mean 'danger_call'?")):
        capsys.readouterr()
        assert verb.main(arguments) == 2
        assert said in capsys.readouterr().err
