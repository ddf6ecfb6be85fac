"""Whatever dies in the middle of a batch: each item is in the results once, as in a calm run."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.integration.conftest import until
from tests.integration.rig import Rig, text, up

pytestmark = [pytest.mark.integration, pytest.mark.slow]

ITEMS = 60


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    data = tmp_path_factory.mktemp("batches")
    with up(data, lease_seconds=3, keepalive_seconds=2, chunk_characters=500) as rig:
        yield rig


def send(rig: Rig, texts: list[str]) -> str:
    wish = {"task": "translate", "source": "en", "target": "es"}
    lines = [json.dumps({"custom_id": str(n), "text": one, **wish}) for n, one in enumerate(texts)]
    headers = {"Content-Type": "application/jsonl"}
    answer = rig.client.post("/v1/batches", content="\n".join(lines).encode(), headers=headers)
    assert answer.status_code == 202, answer.text
    batch_id: str = answer.json()["id"]
    return batch_id


def standing(rig: Rig, batch_id: str) -> dict[str, Any] | None:
    """The batch; None while the front is away."""
    try:
        answer = rig.client.get(f"/v1/batches/{batch_id}")
    except httpx.TransportError:
        return None
    assert answer.status_code == 200, answer.text
    batch: dict[str, Any] = answer.json()
    return batch


def until_ended(rig: Rig, batch_id: str) -> dict[str, Any]:
    """The batch's lines by custom_id; each was there once, in either order."""
    until(lambda: (standing(rig, batch_id) or {}).get("state") == "succeeded", 180)
    where = f"/v1/batches/{batch_id}/results"
    by_input, by_end = (
        [json.loads(line) for line in rig.client.get(where, params={"order": order}).iter_lines()]
        for order in ("input", "finished")
    )
    assert [line["custom_id"] for line in by_input] == [str(n) for n in range(len(by_input))]
    assert sorted(by_end, key=lambda line: int(line["custom_id"])) == by_input
    return {line["custom_id"]: line for line in by_input}


@pytest.fixture(scope="module")
def calm(rig: Rig) -> dict[str, Any]:
    """What the batch gives when nothing happens."""
    return until_ended(rig, send(rig, [text(n) for n in range(ITEMS)]))


def kill(*pids: int) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda rig: kill(*rig.children("batch")), id="a worker's children are killed"),
        pytest.param(lambda rig: kill(rig.part("batch")), id="a worker is killed"),
        pytest.param(lambda rig: os.kill(rig.part("batch"), signal.SIGTERM), id="it is stopped"),
        pytest.param(lambda rig: kill(rig.part("front")), id="the front is killed"),
        pytest.param(lambda rig: kill(rig.part("redis")), id="Redis is killed"),
        pytest.param(lambda rig: rig.store.client.flushall(), id="Redis forgets everything"),
    ],
)
def test_each_item_is_there_once(
    rig: Rig, calm: dict[str, Any], fault: Callable[[Rig], None]
) -> None:
    batch_id = send(rig, [text(n) for n in range(ITEMS)])
    until(lambda: (standing(rig, batch_id) or {})["counts"]["done"] > 0)
    fault(rig)
    assert until_ended(rig, batch_id) == calm


def test_an_item_that_kills_its_workers_fails_alone(rig: Rig) -> None:
    batch_id = send(rig, [text(0), text(1), text(2, sentences=100), text(3)])
    record = f"dragoman:chunk:{batch_id}-2"
    for attempt in ("1", "2", "3"):
        until(lambda attempt=attempt: rig.store.client.hget(record, "attempts") == attempt)  # type: ignore[misc]
        kill(*rig.children("batch"))
    lines = until_ended(rig, batch_id)
    assert lines.pop("2")["error"]["code"] == "worker-died"
    assert {line["status"] for line in lines.values()} == {"succeeded"}
    (error,) = rig.client.get(f"/v1/batches/{batch_id}/errors").iter_lines()
    assert json.loads(error)["line"] == 3
