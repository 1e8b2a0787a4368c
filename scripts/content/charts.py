"""Charts of the figures page, drawn at build time from decision_tree/knowledge/figures/*.yaml."""

from typing import Any


def figure(id: str, page: Any) -> str:
    raise NotImplementedError
