"""Measured figures in a document: they stand between two marks, and the script that measures them writes them there."""

from pathlib import Path


def write_block(text: str, document: Path, marks: tuple[str, str]) -> None:
    """Put figures between the marks of a document.

    Args:
        text: Whole lines, the last one ended.

    Raises:
        ValueError: The document has no marks.
    """
    before, start, rest = document.read_text("utf-8").partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not (start and end):
        raise ValueError(f"{document.name}: the marks are missing. Write these two lines where the figures go:\n{marks[0]}\n{marks[1]}")
    document.write_text(f"{before}{start}\n{text}{end}{after}", "utf-8")
