"""What no template and no Markdown writes: titles of boxes that are headings, drawings nobody is read."""

import re

TITLED = re.compile(r'<h(?P<level>[1-6])[\s>]|<p class="admonition-title">(?P<title>.*?)</p>', re.DOTALL)


def mend(page: str) -> str:
    """Return a page with what it lacks."""
    return title_boxes(page).replace('<span class="twemoji', '<span aria-hidden="true" class="twemoji')


def title_boxes(page: str) -> str:
    """Make the title of each box a heading, one level under the heading it stands below."""
    level = 1

    def titled(found: re.Match[str]) -> str:
        nonlocal level
        if found["level"]:
            level = int(found["level"])
            return found[0]
        under = min(level + 1, 6)
        return f'<h{under} class="admonition-title">{found["title"]}</h{under}>'

    return TITLED.sub(titled, page)
