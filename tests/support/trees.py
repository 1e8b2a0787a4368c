"""Chromium's own accessibility tree, in short: what stands where, as a screen reader is given it.

A line is a role, its name where our interface gives it, and its states; what repeats (ten answers, six bodies) is one line with "…".
The sentences of the knowledge are left out: they change without the tree being any worse, and other tests read them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import Locator, Page

UNHEARD = {"none", "generic", "StaticText", "InlineTextBox", "LineBreak", "ListMarker", "LabelText", "strong", "time", "mark",
           "paragraph", "emphasis", "DescriptionListTerm", "term", "definition", "Abbr", "code", "Section"}
OURS = {"button", "textbox", "form", "region", "img", "spinbutton"}                       # their names are words of the interface
NEEDED = OURS | {"link", "heading", "checkbox", "radio", "DisclosureTriangle", "combobox"}   # that must have a name
STATES = ("level", "expanded", "checked", "required", "invalid", "focused")

Node = Mapping[str, Any]


def tree(page: Page, part: Locator) -> str:
    """Return what is under an element of the page, one line a role, indented."""
    session = page.context.new_cdp_session(page)
    try:
        part.evaluate("one => { globalThis.part = one; }")
        found = session.send("Runtime.evaluate", {"expression": "globalThis.part"})["result"]["objectId"]
        top = session.send("DOM.describeNode", {"objectId": found})["node"]["backendNodeId"]
        nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    finally:
        session.detach()
    root = next(node for node in nodes.values() if node.get("backendDOMNodeId") == top)
    return "\n".join(shortened(list(lines(nodes, root, 0)))) + "\n"


def lines(nodes: Mapping[str, Node], node: Node, depth: int) -> Iterator[tuple[int, str]]:
    """Yield the depth and the line of each node that is heard as something."""
    role = node.get("role", {}).get("value", "")
    heard = not node.get("ignored") and role not in UNHEARD
    if heard:
        yield depth, line(node, role)
    for child in node.get("childIds", ()):
        if child in nodes:
            yield from lines(nodes, nodes[child], depth + heard)


def line(node: Node, role: str) -> str:
    """Return one node: its role, its name where it is ours, its states."""
    name = " ".join(node.get("name", {}).get("value", "").split())
    values = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
    states = [f"{key}={values[key]}".lower() for key in STATES if key in values and values[key] not in (False, "false")]
    if "focusable" in values and "expanded" in values and "expanded=true" not in states:
        states.append("closed")
    shown = "" if name or role not in NEEDED else " (no name)"
    if name and role in OURS:
        shown = f' "{name}"'
    elif name and role == "group":
        shown = " with a name"
    return f"{role}{shown}{' [' + ', '.join(states) + ']' if states else ''}"


def shortened(found: list[tuple[int, str]]) -> list[str]:
    """Return the lines; of neighbours with the same role and the same inside, only the first is written, with "…"."""
    blocks: list[list[tuple[int, str]]] = []
    for depth, text in found:
        if not blocks or depth <= found[0][0]:
            blocks.append([])
        blocks[-1].append((depth, text))
    written: list[str] = []
    before: list[str] = []
    for block in blocks:
        (depth, text), *inside = block
        now = [text, *shortened(inside)] if inside else [text]
        if [one.strip(" …") for one in now] == [one.strip(" …") for one in before]:
            if not written[-len(before)].endswith(" …"):
                written[-len(before)] += " …"
            continue
        written += ["  " * depth + text, *now[1:]]
        before = now
    return written
