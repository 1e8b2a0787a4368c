"""What no template and no Markdown writes: titles of boxes that are headings, drawings nobody is read, the script of wide tables."""

import re

WIDE = re.compile(r'<div class="(?:table-)?scroll"')   # around a table that may be wider than the screen
STYLE = re.compile(r'<link rel="stylesheet" href="([^"]*)assets/css/site\.css">')
TITLED = re.compile(r'<h(?P<level>[1-6])[\s>]|<p class="admonition-title">(?P<title>.*?)</p>', re.DOTALL)


def mend(page: str) -> str:
    """Return a page with what it lacks; wide.mjs gives a table that scrolls a stop of the keyboard and a name."""
    page = title_boxes(page).replace('<span class="twemoji', '<span aria-hidden="true" class="twemoji')
    if WIDE.search(page):
        page = STYLE.sub(r'\g<0><script type="module" src="\1assets/js/wide.mjs"></script>', page, count=1)
    return page


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
