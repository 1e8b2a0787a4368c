"""The reply to a professional's question: yes, no or only if, short enough for a phone, and led to the page that says how."""

import re

import pytest

from decision_tree.authoring.read.load import knowledge
from decision_tree.locales import LOCALES
from decision_tree.model import Rule
from scripts.project.paths import ROOT

REPLIES = [rule for rule in knowledge().model.rules if rule.reply is not None]
FIRST = {"fr": re.compile(r"(Oui|Non|Seulement)[\s,:]"), "en": re.compile(r"(Yes|No|Not|Only)[\s,:]")}


def test_every_question_but_the_complaint_has_one_reply() -> None:
    assert len(REPLIES) == len(knowledge().model.facts["practice_question"].values) - 1 >= 12


@pytest.mark.parametrize("rule", REPLIES, ids=lambda rule: rule.id)
def test_a_reply_says_yes_no_or_only_and_opens_a_page_that_is_there(rule: Rule) -> None:
    assert rule.reply is not None
    for locale in LOCALES:
        assert FIRST[locale].match(rule.reply.answer[locale]), rule.reply.answer[locale]
        assert (ROOT / "docs" / locale / f"{rule.reply.page}.md").is_file()
        for text in (rule.reply.answer, rule.because, rule.reply.instead):
            assert len(text[locale].split()) <= 20, text[locale]
