"""“My file”: what a person notes of her case, on her device or by hand, and the days to watch after each letter."""

import json
from html import escape
from typing import Any, Protocol

from decision_tree.authoring.read.knowledge import FollowUp, Knowledge
from scripts.content.interface_words import load_words
from scripts.content.loaded import letters
from scripts.content.templates import render, word

PROOF, WAY, TOLD = "file_proof_", "file_way_", "file_told_"    # keys of words that the page lists, or hands to its script


class Place(Protocol):
    """What the page is made from: its locale, the knowledge, and links that hold from where it stands."""

    locale: str
    knowledge: Knowledge

    def href(self, target: str) -> str:
        """Return the address of a page of the site from this one."""
        ...


def my_file(page: Place) -> str:
    """Return the HTML of the file; without a script it is a sheet to print and fill in by hand.

    Raises:
        LookupError: a follow-up names a letter that does not exist.
    """
    known = letters().letters
    for one in page.knowledge.follow_ups:
        if missing := [id_ for id_ in one.letters if id_ not in known]:
            raise LookupError(f"{one.place}: the follow-up '{one.id}' names the letter '{missing[0]}'. Letters: {', '.join(known)}.")
    locale, waits = page.locale, page.knowledge.follow_ups
    return render(
        "my_file.html", page, letters=list(known.values()), proofs=_listed(locale, PROOF), ways=_listed(locale, WAY),
        waits=[_wait(page, one, id_) for one in waits for id_ in one.letters],
        follow_ups=_attribute([_follow_up(page, one) for one in waits]), told=_attribute(dict(_listed(locale, TOLD))))


def _listed(locale: str, prefix: str) -> list[tuple[str, str]]:
    return [(key.removeprefix(prefix), text) for key, text in load_words(locale).items() if key.startswith(prefix)]


def _attribute(value: Any) -> str:
    return escape(json.dumps(value, ensure_ascii=False, separators=(",", ":")), quote=False).replace("'", "&#39;")


def _follow_up(page: Place, one: FollowUp) -> dict[str, Any]:
    assert one.delay.value is not None
    return {"id": one.id, "letters": list(one.letters), "count": int(one.delay.value), "unit": one.delay.unit,
            "awaited": one.awaited[page.locale], "otherwise": one.otherwise[page.locale], "href": page.href(one.page)}


def _wait(page: Place, one: FollowUp, letter: str) -> str:
    name = letters().letters[letter].name[page.locale]
    said = word(page.locale, "file_wait", letter=name, awaited=one.awaited[page.locale], delay=one.delay.words(page.locale))
    return f"{escape(said)} {escape(one.otherwise[page.locale])}"
