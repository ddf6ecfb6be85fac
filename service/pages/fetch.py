"""Fetches web pages that a caller names: from public addresses only, within limits of size and time."""

import asyncio
import ssl
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message

import httpcore
import httpx
from protego import Protego

from pipeline.requests import WebPage
from service.errors import PageNotFetched
from service.jobs.requests import is_url
from service.settings import Settings
from service.webhooks.addresses import NotPublic, PublicBackend

MAX_FETCHES = 16
"""Pages that are fetched at a time: each costs a file descriptor, and a process while it is read."""
MAX_REDIRECTS = 5
"""Redirects of one page; most have none or one, from http to https."""
AGENT = "dragoman"
"""The name of this program for sites and their `robots.txt`."""
_ROBOTS_BYTES = 512 * 1024
"""As much of a `robots.txt` as RFC 9309 requires to be read."""
_REDIRECTS = {301, 302, 303, 307, 308}
_TYPES = {"text/html", "application/xhtml+xml"}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server answered."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self._content_type.get_content_type()

    @property
    def charset(self) -> str:
        return self._content_type.get_content_charset("")

    @property
    def _content_type(self) -> Message:
        message = Message()
        message["content-type"] = self.headers.get("content-type", "text/html")
        return message


class PageFetcher:
    """Fetches pages and reads their articles."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._slots = asyncio.Semaphore(MAX_FETCHES)
        self._web = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=MAX_FETCHES,
            max_keepalive_connections=0,
            network_backend=PublicBackend(settings.page_allow, MAX_FETCHES),
        )

    async def fetch(self, url: str) -> WebPage:
        """Fetch a page and read its article. Raises PageNotFetched, which says why."""
        async with self._slots:
            answer = await self._fetched(url)
            return await self._read(answer)

    async def _fetched(self, url: str) -> _Answer:
        try:
            async with asyncio.timeout(self._settings.page_seconds):
                answer = await self._follow(url, self._settings.page_bytes, obeys_robots=True)
        except TimeoutError:
            seconds = self._settings.page_seconds
            raise PageNotFetched(f"The page did not arrive within {seconds:g} seconds.") from None
        except NotPublic as error:
            raise PageNotFetched(str(error)) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            raise PageNotFetched(f"The page cannot be fetched: {error}.") from None
        if answer.status != httpx.codes.OK:
            raise PageNotFetched(f"The server of the page answered {answer.status}.")
        if answer.media_type not in _TYPES:
            raise PageNotFetched(
                f"The page is {answer.media_type}, not HTML: send it to /v1/documents."
            )
        return answer

    async def _follow(self, url: str, most: int, *, obeys_robots: bool) -> _Answer:
        """Get an address, and those that it redirects to."""
        for _ in range(MAX_REDIRECTS + 1):
            if obeys_robots and self._settings.page_robots:
                await self._check_robots(url)
            answer = await self._get(url, most)
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return answer
            try:
                url = is_url(str(httpx.URL(url).join(location)))
            except (httpx.InvalidURL, ValueError) as error:
                raise PageNotFetched(f"The page redirects to an invalid address: {error}") from None
        raise PageNotFetched(f"The page redirects more than {MAX_REDIRECTS} times.")

    async def _check_robots(self, url: str) -> None:
        """Raise PageNotFetched where the site's `robots.txt` does not allow the page (RFC 9309)."""
        robots = str(httpx.URL(url).join("/robots.txt"))
        answer = await self._follow(robots, _ROBOTS_BYTES, obeys_robots=False)
        if answer.status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise PageNotFetched(f"{robots} answered {answer.status}: try again later.")
        if answer.status != httpx.codes.OK:
            return
        if not Protego.parse(answer.body.decode("utf-8", "replace")).can_fetch(url, AGENT):
            raise PageNotFetched("The site's robots.txt does not allow the page to be fetched.")

    async def _get(self, url: str, most: int) -> _Answer:
        headers = {
            "user-agent": AGENT,
            "accept": "text/html, application/xhtml+xml, text/plain;q=0.5",
            "accept-encoding": "gzip, deflate",
        }
        async with self._web.stream("GET", url, headers=[*headers.items()]) as answer:
            own = {
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in answer.headers
            }
            body = bytearray()
            async for piece in answer.aiter_stream():
                body += piece
                if len(body) > most:
                    raise PageNotFetched(f"The page has more than {most} bytes.")
        return _Answer(url, answer.status, own, _unpacked(bytes(body), own, most))

    async def _read(self, answer: _Answer) -> WebPage:
        """Read a page in a process of its own, which is killed if it takes too long."""
        command = [sys.executable, "-m", "pipeline.documents.web_page", answer.url, answer.charset]
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(
            *command, stdin=pipe, stdout=pipe, stderr=null
        )
        try:
            async with asyncio.timeout(self._settings.page_seconds):
                output, _ = await process.communicate(answer.body)
        except TimeoutError:
            raise PageNotFetched("The page is too complicated: send its text instead.") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise PageNotFetched(output.decode() or "The page cannot be read: send its text.")
        return WebPage.model_validate_json(output)


def _unpacked(body: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """The body without its encoding. Raises PageNotFetched for one that is not known, or too large."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding == "identity":
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise PageNotFetched(f"The page is encoded as {encoding}, which was not asked for.")
    reader = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        unpacked = reader.decompress(body, most + 1)
    except zlib.error:
        raise PageNotFetched("The page is damaged: its compression is invalid.") from None
    if len(unpacked) > most:
        raise PageNotFetched(f"The page has more than {most} bytes.")
    return unpacked
