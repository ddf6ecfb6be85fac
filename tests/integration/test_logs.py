"""Each process of the stack writes its log as the settings say, and no text of an article."""

import json
from pathlib import Path

import pytest

from tests.integration.conftest import until
from tests.integration.rig import up

pytestmark = pytest.mark.integration

SECRET = "The xylophonist of Ouagadougou resigned on Monday."
LOGS = ["front", "worker-interactive", "worker-batch", "courier"]
WISH = {"text": SECRET, "source": "en", "target": "es"}


def send_some(data: Path, **settings: str) -> dict[str, str]:
    """Run a stack with a job, a batch and a webhook that fails; return its logs by process."""
    with up(data, webhook_allow="127.0.0.0/8", **settings) as rig:
        callback = {"url": "http://127.0.0.1:9/"}
        job = rig.client.post("/v1/translations", json={**WISH, "callback": callback}).json()
        until(lambda: (rig.job(job["id"]).get("callback") or {}).get("attempts", 0) > 0)
        line = json.dumps({"custom_id": "a", "task": "translate", **WISH})
        headers = {"Content-Type": "application/jsonl"}
        batch = rig.client.post("/v1/batches", content=line, headers=headers).json()
        where = f"/v1/batches/{batch['id']}"
        until(lambda: rig.client.get(where).json()["state"] == "succeeded")
        rig.client.get("/v1/nowhere")
        # Before the end: Celery writes a line of its own when a worker stops.
        return {name: rig.log(name) for name in LOGS}


def test_as_json_with_access_lines(tmp_path: Path) -> None:
    logs = send_some(tmp_path, log_format="json", log_level="DEBUG")
    for name, log in logs.items():
        lines = [json.loads(line) for line in log.splitlines()]
        assert lines, name
        for line in lines:
            assert {"timestamp", "level", "logger", "message"} <= line.keys()
        assert SECRET not in log
        assert "xylophonist" not in log
    access = [json.loads(line) for line in logs["front"].splitlines()]
    assert any('"GET /v1/nowhere HTTP/1.1" 404' in line["message"] for line in access)


def test_as_text_from_a_level_on(tmp_path: Path) -> None:
    logs = send_some(tmp_path, log_level="WARNING")
    for name, log in logs.items():
        assert " INFO " not in log, name
        assert not log or log.startswith("20"), name  # the time
