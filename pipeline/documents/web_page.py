"""The article of a web page: its title, deck and body, what is known about it, and what was left out.

Run as `python -m pipeline.documents.web_page ADDRESS CHARSET`, it reads a page from stdin and writes a
`WebPage` as JSON. A page is foreign input of any shape: in a process of its own it can be ended, and what
reading takes (50 MB) is not kept.
"""

import re
import resource
import sys
from collections.abc import Iterator

from pipeline.documents.html import parse_html
from pipeline.errors import InvalidDocument
from pipeline.requests import Article, Page, WebPage

MOST_LEFT_OUT = 200
"""Texts that are listed; a page of a newspaper has about 100 that are not its article."""
_LONGEST_LEFT_OUT = 300
_MEMORY = 1024 * 1024 * 1024
"""Bytes of address space for one page: ten times what the largest ones of a test needed."""
_SPACE = re.compile(r"\s+")


def read_page(data: bytes, url: str, charset: str | None = None) -> WebPage:
    """Read the article of a page. Raises InvalidDocument if there is none."""
    # Half a second and 40 MB that no other command needs.
    import trafilatura
    from lxml import html

    source = data.decode(charset, "replace") if charset else trafilatura.utils.decode_file(data)
    found = trafilatura.bare_extraction(
        source, url=url, favor_recall=True, include_comments=False, with_metadata=True
    )
    if not isinstance(found, trafilatura.settings.Document) or not (found.text or "").strip():
        raise InvalidDocument("No article was found in the page: send its text instead.")
    lines = [line.strip() for line in (found.text or "").splitlines() if line.strip()]
    title = found.title or None
    if title and lines[1:] and _bare(lines[0]) == _bare(title):
        del lines[0]
    body = "\n\n".join(lines)
    description = (found.description or "").rstrip(" .…")
    deck = found.description if description and _bare(description) not in _bare(body) else None
    article = Article(title=title, deck=deck, body=body)
    return WebPage(
        article=article,
        page=Page(
            url=url,
            canonical=found.url if found.url != url else None,
            byline=found.author or None,
            published=found.date or None,
            site=found.sitename or None,
            language=html.fromstring(source.encode()).get("lang"),
            left_out=list(_left_out(source, "\n".join(article.fields().values()))),
        ),
    )


def _left_out(source: str, article: str) -> Iterator[str]:
    """The texts of the page that are not in the article, each once."""
    inside, seen = _bare(article), set[str]()
    document = parse_html(source)
    for block in document.blocks:
        text = document.text_of(block).strip()
        bare = _bare(text)
        if bare and bare not in inside and bare not in seen and len(seen) < MOST_LEFT_OUT:
            seen.add(bare)
            yield text[:_LONGEST_LEFT_OUT]


def _bare(text: str) -> str:
    return _SPACE.sub(" ", text).strip().casefold()


def main() -> None:
    """Read the page on stdin; the exit status is 1 with a message on stdout if there is no article."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    _, url, charset = sys.argv
    try:
        page = read_page(sys.stdin.buffer.read(), url, charset or None)
    except InvalidDocument as error:
        sys.stdout.write(error.detail)
        raise SystemExit(1) from None
    sys.stdout.write(page.model_dump_json())


if __name__ == "__main__":
    main()
