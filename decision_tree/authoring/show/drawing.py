"""The states of the guide as a drawing: Mermaid text, or SVG without any other tool."""

from collections import defaultdict
from html import escape

from decision_tree.authoring.prove.compile import Graph
from decision_tree.guide.states import Guide
from decision_tree.model import Locale


def mermaid(guide: Guide, graph: Graph, locale: Locale) -> str:
    """Return the graph as a Mermaid flow chart; answers that lead to one state share an arrow."""
    lines = ["flowchart TD"]
    for state in graph.states:
        lines.append(f'  n{state.number}["{state.number}. {_words(guide, graph, state.number, locale)}"]')
        for to, answers in _arrows(guide, graph, state.number, locale).items():
            lines.append(f'  n{state.number} -->|"{_quoted(" / ".join(answers))}"| n{to}')
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return text.replace('"', "#quot;")


def _words(guide: Guide, graph: Graph, number: int, locale: Locale) -> str:
    state = graph.state(number)
    if state.outcome is None:
        assert state.question is not None
        return _quoted(guide.question(state.question).ask[locale])
    return _quoted(" → ".join(guide.model.bodies[body].short[locale] for body, _ in state.outcome.recommended))


def _arrows(guide: Guide, graph: Graph, number: int, locale: Locale) -> dict[int, list[str]]:
    arrows: dict[int, list[str]] = defaultdict(list)
    state = graph.state(number)
    if state.question is not None:
        for option in guide.question(state.question).options:
            arrows[state.next[option.value]].append(option.label[locale])
    return dict(arrows)


COLUMN, ROW, WIDTH, HEIGHT = 420, 34, 340, 24


def svg(guide: Guide, graph: Graph, locale: Locale) -> str:
    """Return the graph as SVG: one column a number of questions, states in order, arrows between them."""
    depth = {1: 0}
    for state in graph.states:
        for to in state.next.values():
            depth[to] = max(depth.get(to, 0), depth[state.number] + 1)
    rows: dict[int, int] = defaultdict(int)
    place: dict[int, tuple[int, int]] = {}
    for state in graph.states:
        column = depth[state.number]
        place[state.number] = (20 + column * COLUMN, 20 + rows[column] * ROW)
        rows[column] += 1
    width, height = 40 + (max(depth.values()) + 1) * COLUMN, 40 + max(rows.values()) * ROW
    arrows = [f'<path d="M{place[s.number][0] + WIDTH} {place[s.number][1] + HEIGHT // 2}L{place[to][0]} {place[to][1] + HEIGHT // 2}"/>'
              for s in graph.states for to in sorted(set(s.next.values()))]
    boxes = [_box(guide, graph, state.number, place[state.number], locale) for state in graph.states]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" font-family="sans-serif" font-size="11"><title>{escape(guide.model.words["guide.title"][locale])}</title>'
            f'<g fill="none" stroke="#857a6b" stroke-width="0.5">{"".join(arrows)}</g>{"".join(boxes)}</svg>')


def _box(guide: Guide, graph: Graph, number: int, place: tuple[int, int], locale: Locale) -> str:
    x, y = place
    words = escape(_words(guide, graph, number, locale).replace("#quot;", '"'))
    colour = "#dfeeea" if graph.state(number).outcome is not None else "#fbf8f2"
    shown = words if len(words) <= 60 else words[:59] + "…"
    return (f'<g><title>{words}</title><rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4" fill="{colour}" stroke="#241f1a"/>'
            f'<text x="{x + 6}" y="{y + 16}" fill="#241f1a">{number}. {shown}</text></g>')
