"""What the tests of the embedding share."""

import pytest

from tests.conftest import OpenPage

KINDS = ("link", "upgrade", "frame")


@pytest.fixture
def codes(open_page: OpenPage) -> dict[str, str]:
    """The codes of the page for partners, by kind."""
    page = open_page("partenaires/", javascript=False)
    return {kind: page.locator(f'code[data-code="{kind}"]').inner_text() for kind in KINDS}
