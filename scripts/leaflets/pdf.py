"""What we mend in the files Typst writes: the order of the folded leaflet, the bleed printers look for, ends of streams.

The back of the leaflet, printed on the same side as its cover, is read last.

Typst reads a file page by page, and nothing in it moves the tags of one page after those of the next. Its objects are plain
text, so we move the back's tags and its bookmark ourselves, and write the table of objects again.
"""

import re
from collections.abc import Mapping

START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
OFFSET = re.compile(rb"(\d{10}) \d{5} n")
CHILD = re.compile(rb"(\d+) 0 R")
TRIM = re.compile(rb"/TrimBox\[([^\]]*)\]")
BLEED_MM = 3


class PdfError(ValueError):
    """The file is not shaped as Typst writes it."""


def objects(pdf: bytes) -> dict[int, bytes]:
    """Return object number → its bytes, from "N 0 obj" to "endobj" and what follows it."""
    found = START.search(pdf)
    if not found:
        raise PdfError("no table of objects at the end of the file")
    table = int(found[1])
    offsets = [int(one) for one in OFFSET.findall(pdf[table:])]
    ends = sorted([*offsets, table])
    following = {start: ends[index + 1] for index, start in enumerate(ends[:-1])}
    return {number: pdf[start:following[start]] for number, start in enumerate(offsets, 1)}


def with_objects(pdf: bytes, changed: Mapping[int, bytes]) -> bytes:
    """Return the file with some objects replaced, and the table of objects written again."""
    parts = objects(pdf)
    found = START.search(pdf)
    assert found is not None
    trailer = pdf[pdf.rindex(b"trailer"):found.start()]
    first = pdf.index(b"\n1 0 obj") + 1
    out, offsets = bytearray(pdf[:first]), {}
    for number, part in parts.items():
        offsets[number] = len(out)
        out += changed.get(number, part)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n\r\n" % offset for offset in offsets.values())
    return bytes(out) + trailer + b"startxref\n%d\n%%%%EOF" % table


def clear_ends(pdf: bytes) -> bytes:
    """Return the file with no stream whose last byte could be read as the end of a line before "endstream".

    Compressed data may end in a carriage return; followed by a line feed, strict readers take both for one end of line.
    """
    if b"\r\nendstream" not in pdf:
        return pdf
    return with_objects(pdf, {number: part.replace(b"\r\nendstream", b"\r\r\nendstream") for number, part in objects(pdf).items()})


def with_bleed(pdf: bytes) -> bytes:
    """Return a file for printers whose pages say how far they bleed: crop marks stand beyond.

    Raises:
        PdfError: no page says where it is cut.
    """
    changed = {number: TRIM.sub(lambda found: found[0] + bleed_box(found[1]), part)
               for number, part in objects(pdf).items() if TRIM.search(part)}
    if not changed:
        raise PdfError("no page says where it is cut")
    return with_objects(pdf, changed)


def bleed_box(trim: bytes) -> bytes:
    """Return the box of the bleed around what stays of a page."""
    out = BLEED_MM / 25.4 * 72
    sides = zip(map(float, trim.split()), (-out, -out, out, out), strict=True)
    return f"/BleedBox[{' '.join(f'{max(side + more, 0):.4f}' for side, more in sides)}]".encode()


def back_last(pdf: bytes) -> bytes:
    """Return a folded leaflet read cover, flap, inside, then back.

    Raises:
        PdfError: the tags are not those of a folded leaflet.
    """
    parts = objects(pdf)
    changed = moved_tags(parts) | moved_bookmark(parts)
    return with_objects(pdf, changed)


def moved_tags(parts: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return the document's tag with the back's children, from its heading to the next one, at the end."""
    number = next((one for one, part in parts.items() if b"/S/Document" in part), None)
    if number is None:
        raise PdfError("no tag of a document")
    listed = re.search(rb"/K\[([^\]]*)\]", parts[number])
    if listed is None:
        raise PdfError("the document has no tags")
    children = CHILD.findall(listed[1])
    headings = [index for index, child in enumerate(children) if b"/S/H2" in parts[int(child)]]
    if len(headings) != 5:
        raise PdfError(f"{len(headings)} panels with a heading, where a folded leaflet has 5")
    back, inside = headings[1], headings[2]
    order = children[:back] + children[inside:] + children[back:inside]
    kids = b" ".join(child + b" 0 R" for child in order)
    return {number: parts[number].replace(listed[0], b"/K[" + kids + b"]")}


def moved_bookmark(parts: Mapping[int, bytes]) -> dict[int, bytes]:
    """Return the bookmarks of the panels, the second one last."""
    root = next(part for part in parts.values() if b"/Type/Outlines" in part)
    parent = int(link(root, b"First"))
    names, one = [], link(parts[parent], b"First")
    while one:
        names.append(int(one))
        one = link(parts[int(one)], b"Next")
    order = [names[0], *names[2:], names[1]]
    changed = {parent: re.sub(rb"/Last \d+ 0 R", b"/Last %d 0 R" % order[-1], parts[parent])}
    for index, name in enumerate(order):
        bare = re.sub(rb"/(?:Next|Prev) \d+ 0 R", b"", parts[name])
        around = b"/Next %d 0 R" % order[index + 1] if index + 1 < len(order) else b""
        around += b"/Prev %d 0 R" % order[index - 1] if index else b""
        changed[name] = re.sub(rb"(/Parent \d+ 0 R)", rb"\1" + around, bare, count=1)
    return changed


def link(part: bytes, name: bytes) -> bytes:
    """Return the number of the object another one names, or nothing."""
    found = re.search(rb"/" + name + rb" (\d+) 0 R", part)
    return found[1] if found else b""
