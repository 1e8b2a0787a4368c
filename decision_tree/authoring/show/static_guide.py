"""The static guide: one HTML fragment per locale that holds every state as a numbered section, with nothing to run."""

from html import escape

from decision_tree.authoring.prove.compile import Graph
from decision_tree.authoring.read.as_of import MODEL_DAY
from decision_tree.guide.render import Say, answer_id, state_html, urgent_html
from decision_tree.guide.screen import border_html, progress_html
from decision_tree.guide.states import Guide, result, walk
from decision_tree.model import Locale

REST, REST_END = "<!-- the other states -->", "<!-- end of the states -->"
"""Around every state but the first: a page may do something there before a browser reads them."""


def section_html(guide: Guide, graph: Graph, number: int, say: Say) -> str:
    """Return one numbered section."""
    state = graph.state(number)
    found = None if state.question is not None else result(guide, dict(state.example), MODEL_DAY)
    inside = state_html(guide, number, found, say)
    kind = "final" if found is not None else "question"
    return f'<section class="guide-state" id="n{number}" data-kind="{kind}">{inside}</section>'


def static_guide(guide: Guide, graph: Graph, locale: Locale, root: str = "../") -> str:
    """Return the whole static guide of one locale.

    Args:
        root: The way from the page to the root of the locale's pages.
    """
    say = Say(guide.model, locale, root)
    shown, *others = (section_html(guide, graph, state.number, say) for state in graph.states)
    urgent = f'<section class="guide-state" id="urgent" data-kind="urgent">{urgent_html(guide, say)}</section>'
    first = progress_html(guide, walk(guide, {}), say)
    question = guide.question("urgency")
    opening = (f'<p class="guide-urgent"><a href="#urgent" data-urgent="{answer_id(question.fact, True)}">'
               f"{say.text(question.options[0].said or question.ask)}</a></p>")
    restart = f'<p class="guide-restart"><a data-restart href="#n1">{say.word("guide.restart")}</a></p>'
    return (f'<div data-guide data-engine="static" data-runtime="static" data-locale="{locale}" data-root="{escape(root)}" '
            f'data-model="{guide.model.hash}">{opening}{urgent}'
            f'<div class="guide-states" id="all">{first}{shown}{REST}{"".join(others)}{REST_END}{border_html(say)}{restart}</div>'
            f'<div class="guide-about"></div></div>')
