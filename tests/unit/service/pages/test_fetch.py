"""Pages are fetched within limits, from allowed addresses alone, and only where robots.txt allows it."""

import asyncio
import gzip
import http.server
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.requests import WebPage
from service.errors import PageNotFetched
from service.pages.fetch import PageFetcher
from service.settings import Settings

PARAGRAPHS = "".join(
    f"<p>The mayor said on day {n} that the council would vote on the budget of the city in July.</p>"
    for n in range(8)
)
PAGE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Mayor frees 107 - The Gazette</title>
<meta property="og:title" content="Mayor frees 107"><meta property="og:site_name" content="The Gazette">
<meta name="description" content="A vote follows."><meta name="author" content="Ann Lee">
<link rel="canonical" href="https://gazette.example/mayor">
<meta property="article:published_time" content="2026-03-04T10:00:00Z"></head>
<body><nav><ul><li><a href="/">Home page</a></li><li><a href="/s">Sport news</a></li></ul></nav>
<article><h1>Mayor frees 107</h1>{PARAGRAPHS}</article>
<footer><p>Copyright of The Gazette</p></footer></body></html>"""


class Site(http.server.BaseHTTPRequestHandler):
    """A site with a page for each thing that may be wrong with one."""

    stop = threading.Event()

    def do_GET(self) -> None:
        answers: dict[str, tuple[int, dict[str, str], bytes]] = {
            "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /private/*.html\n"),
            "/page": (200, {"content-type": "text/html"}, PAGE.encode()),
            "/latin": (
                200,
                {"content-type": "text/html; charset=iso-8859-1"},
                PAGE.replace("mayor", "alcaldía").encode("latin-1"),
            ),
            "/packed": (
                200,
                {"content-type": "text/html", "content-encoding": "gzip"},
                gzip.compress(PAGE.encode()),
            ),
            "/moved": (302, {"location": "/page"}, b""),
            "/loop": (302, {"location": "/loop"}, b""),
            "/inside": (302, {"location": "http://10.1.2.3/page"}, b""),
            "/file": (302, {"location": "file:///etc/passwd"}, b""),
            "/private/a.html": (200, {"content-type": "text/html"}, PAGE.encode()),
            "/large": (200, {"content-type": "text/html"}, b"<p>" * 50_000),
            "/bomb": (
                200,
                {"content-type": "text/html", "content-encoding": "gzip"},
                gzip.compress(bytes(50_000_000)),
            ),
            "/damaged": (200, {"content-type": "text/html", "content-encoding": "gzip"}, b"x" * 99),
            "/brotli": (200, {"content-type": "text/html", "content-encoding": "br"}, b"x"),
            "/picture": (200, {"content-type": "image/png"}, b"\x89PNG"),
            "/empty": (200, {"content-type": "text/html"}, b"<html><body></body></html>"),
        }
        if self.path == "/silent":
            self.stop.wait(30)
        status, headers, body = answers.get(self.path, (404, {}, b"Not found"))
        self.send_response(status)
        for name, value in {**headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Write nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        Site.stop.set()
        server.shutdown()
        thread.join()


def fetch(url: str, **settings: object) -> WebPage:
    limits = {"page_allow": "127.0.0.0/8", "page_bytes": 100_000, **settings}
    return asyncio.run(PageFetcher(Settings.model_validate(limits)).fetch(url))


def test_the_article_and_what_is_known_about_it_are_kept(site: str) -> None:
    found = fetch(f"{site}/moved")
    assert (found.article.title, found.article.deck) == ("Mayor frees 107", "A vote follows.")
    assert (found.article.body or "").count("\n\n") == 7
    assert found.page.model_dump() == {
        "url": f"{site}/page",
        "canonical": "https://gazette.example/mayor",
        "byline": "Ann Lee",
        "published": "2026-03-04",
        "site": "The Gazette",
        "language": "en-GB",
        "left_out": [
            "Mayor frees 107 - The Gazette",
            "Home page",
            "Sport news",
            "Copyright of The Gazette",
        ],
    }


def test_pages_are_read_in_their_encoding(site: str) -> None:
    assert "alcaldía" in (fetch(f"{site}/latin").article.body or "")
    assert fetch(f"{site}/packed").article.title == "Mayor frees 107"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/loop", "more than 5 times"),
        ("/inside", "10.1.2.3 is neither public nor allowed"),
        ("/file", "invalid address"),
        ("/private/a.html", "robots.txt"),
        ("/large", "more than 100000 bytes"),
        ("/bomb", "more than 100000 bytes"),
        ("/damaged", "damaged"),
        ("/brotli", "br"),
        ("/picture", "image/png"),
        ("/empty", "No article"),
        ("/missing", "404"),
    ],
)
def test_what_cannot_be_fetched_is_refused_with_the_reason(site: str, path: str, says: str) -> None:
    with pytest.raises(PageNotFetched, match=says):
        fetch(site + path)


def test_a_silent_server_is_given_up(site: str) -> None:
    with pytest.raises(PageNotFetched, match="did not arrive within"):
        fetch(f"{site}/silent", page_seconds=0.2)


def test_internal_addresses_are_refused_and_robots_can_be_ignored(site: str) -> None:
    with pytest.raises(PageNotFetched, match="neither public nor allowed"):
        fetch(f"{site}/page", page_allow="")
    assert fetch(f"{site}/private/a.html", page_robots=False).article.title
