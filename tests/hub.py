"""A hub on 127.0.0.1: as much of the hub's HTTP API as fetching a model asks, and its mishaps."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

_INFO = re.compile(r"/api/models/(?P<repo>[^/]+/[^/]+)/revision/(?P<revision>.+)")
_DISCUSSIONS = re.compile(r"/api/models/(?P<repo>[^/]+/[^/]+)/discussions")
_FILE = re.compile(r"/(?P<repo>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<name>.+)")
_LARGE = (".safetensors", ".bin")
_JSON = {"Content-Type": "application/json"}


@dataclass
class Hub:
    """The repos by name, each a list of commits, the newest last; and what is to go wrong."""

    url: str = ""
    repos: dict[str, list[dict[str, bytes]]] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    """Further branches: `repo/branch` to the commit."""
    offers: dict[int, str] = field(default_factory=dict)
    """The titles of open pull requests, by number, in every repo."""
    breaks_after: int | None = None
    """Files break off after so many bytes, and are not to be had for the rest of that visit."""
    served: dict[str, bytes] = field(default_factory=dict)
    """By file name, what is served instead of what the commit has."""
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    """Method, path and `Range` of each request."""

    def push(self, repo: str, files: dict[str, bytes]) -> str:
        """Add a commit to `main`; its name."""
        self.repos.setdefault(repo, []).append(files)
        return self.commits(repo)[-1]

    def commits(self, repo: str) -> list[str]:
        """The names of the repo's commits."""
        return [
            hashlib.sha1(f"{repo} {number}".encode()).hexdigest()
            for number in range(len(self.repos[repo]))
        ]

    def find(self, repo: str, revision: str) -> tuple[str, dict[str, bytes]] | None:
        """The commit that a branch or a commit's name stands for, and its files."""
        commits = self.commits(repo)
        name = self.branches.get(f"{repo}/{revision}", revision)
        name = commits[-1] if name == "main" else name
        return (name, self.repos[repo][commits.index(name)]) if name in commits else None


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub that serves until the block is left."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_HEAD(self) -> None:
            self._answer()

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def _answer(self) -> None:
            path = unquote(urlsplit(self.path).path)
            hub.requests.append((self.command, path, self.headers.get("Range")))
            if hub.offers and (asked := _DISCUSSIONS.fullmatch(path)):
                about = _discussions(asked["repo"], hub.offers)
                return self._send(200, _JSON, json.dumps(about).encode())
            asked = _INFO.fullmatch(path) or _FILE.fullmatch(path)
            if asked is None or asked["repo"] not in hub.repos:
                return self._send(404, {"X-Error-Code": "RepoNotFound"})
            found = hub.find(asked["repo"], asked["revision"])
            if found is None:
                return self._send(404, {"X-Error-Code": "RevisionNotFound"})
            commit, files = found
            if "name" not in asked.groupdict():
                about = {"id": asked["repo"], "sha": commit, "siblings": _siblings(files)}
                return self._send(200, _JSON, json.dumps(about).encode())
            return self._file(commit, asked["name"], files)

        def _file(self, commit: str, name: str, files: dict[str, bytes]) -> None:
            content = hub.served.get(name, files[name])
            headers = {"X-Repo-Commit": commit, "ETag": f'"{_etag(name, files[name])}"'}
            wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
            if self.command == "GET" and hub.breaks_after == 0 and name.endswith(_LARGE):
                return self._send(503, {})
            if wanted is None:
                return self._send(200, headers, content)
            start = int(wanted[1])
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            return self._send(206, headers, content[start:])

        def _send(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
            self.send_response(HTTPStatus(status))
            for name, value in (headers | {"Content-Length": str(len(body))}).items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "HEAD":
                return
            if hub.breaks_after is not None and len(body) > hub.breaks_after:
                body = body[: hub.breaks_after]
                hub.breaks_after = 0
                self.close_connection = True
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _discussions(repo: str, titles: dict[int, str]) -> dict[str, Any]:
    requests = [
        {
            "num": number,
            "title": title,
            "author": {"name": "converter"},
            "createdAt": "2023-03-01T10:00:00.000Z",
            "status": "open",
            "isPullRequest": True,
            "repo": {"name": repo, "type": "model"},
        }
        for number, title in titles.items()
    ]
    return {"discussions": requests, "count": len(requests), "start": 0}


def _siblings(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"rfilename": name, "size": len(content), "blobId": _etag("", content)}
        | (
            {"lfs": {"sha256": _etag(name, content), "size": len(content), "pointerSize": 130}}
            if name.endswith(_LARGE)
            else {}
        )
        for name, content in files.items()
    ]


def _etag(name: str, content: bytes) -> str:
    """Of a large file its SHA-256, of another its name in git."""
    if name.endswith(_LARGE):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
