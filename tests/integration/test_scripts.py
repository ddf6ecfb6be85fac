"""Each Lua script runs on a real server as its callers run it."""

from pathlib import Path
from typing import Any

import pytest
from redis import ResponseError

import service.jobs
from service.jobs.job import Queue
from service.jobs.keys import ANYONE
from service.jobs.leases import REAPER
from service.jobs.quotas import arguments, windows_of
from service.jobs.scripts import RUNNING, WAITING, WEBHOOKS, load
from service.jobs.store import JobStore

pytestmark = pytest.mark.integration

FOLDER = Path(service.jobs.__file__).with_name("lua")
KEY = "dragoman:job:a"
ATTEMPTS = [3, '{"detail": "Dead."}', 60]
WINDOWS = windows_of(ANYONE, "characters")
QUOTA_KEYS = [window.key for window in WINDOWS]
QUOTA = arguments(WINDOWS, 5)

# In this order one after the other, on the record of a job with a webhook.
CALLS: list[tuple[str, list[str], list[Any], object]] = [
    (
        "admit",
        [KEY, "same", *QUOTA_KEYS],
        ["translate", "batch", "{}", '{"url": "http://a.example/"}', "a.example", "anyone", 5,
         0, 100, "print", 60, "1", 60, *QUOTA],
        ["new", KEY, [5, 5]],
    ),
    ("lease", [KEY], [10, "worker", *ATTEMPTS], ["leased", "1", "batch", "translate", "{}"]),
    ("renew", [KEY], [1, 10], 1),
    ("progress", [KEY], [1, 10, 1, 2], 1),
    ("publish", [KEY], [1, "{}"], 1),
    ("give_back", [KEY], [1, "", *ATTEMPTS], ["queued"]),
    ("lease", [KEY], [10, "worker", *ATTEMPTS], ["leased", "2", "batch", "translate", "{}"]),
    ("holder_died", [KEY], ["worker", "Death."], None),
    ("reap", [REAPER, Queue.BATCH.key], ["me", 1000, 1, *ATTEMPTS, 9], [[[KEY, "batch"]], []]),
    ("lease", [KEY], [10, "worker", *ATTEMPTS], ["leased", "3", "batch", "translate", "{}"]),
    ("finish", [KEY], [3, "succeeded", "result", "{}", 60], 1),
    ("claim_webhook", [], [30, 1, 1, "a.example", "b"], ["0.99"]),
    ("settle_webhook", [KEY], ["failed", "410", ""], None),
    ("rewrite_due", [], [60, 1000], 1),
    ("rewrite_due", [], [60, 1000], 0),
    ("delete", [KEY], [60], 1),
    ("create", [KEY], ["chunk", "batch", "{}"], 1),
    ("spend_quota", QUOTA_KEYS, QUOTA, [0, [10, 10]]),
]  # fmt: skip


def test_every_script_answers_as_its_caller_expects(store: JobStore) -> None:
    for name, keys, args, expected in CALLS:
        reply = store.client.register_script(load(name))(keys=keys, args=args)
        if name == "claim_webhook":  # its only one is put off, as its host is busy
            assert 0.5 < float(reply[0]) <= 1
        else:
            assert reply == expected, name


def test_no_script_is_left_out_and_parts_are_included_once(store: JobStore) -> None:
    sources = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.lua")}
    parts = {
        part
        for source in sources.values()
        for line in source.splitlines()
        if line.startswith("-- include: ")
        for part in line.removeprefix("-- include: ").split(", ")
    }
    assert sources.keys() - parts == {name for name, *_ in CALLS}
    for name in sources:
        assert load(name).count("local time = redis.call('TIME')") <= 1
        try:
            store.client.script_load(load(name))
        except ResponseError as error:
            pytest.fail(f"{name}: {error}")


def test_a_damaged_record_stops_no_other(store: JobStore) -> None:
    """Neither in the reaper nor in the courier's queue, nor does a message that is no JSON."""
    leases, client = store.leases, store.client
    waiting = WAITING + Queue.BATCH.value
    client.set("dragoman:job:string", "no hash")
    client.hset("dragoman:job:half", mapping={"state": "running"})
    for name in ("string", "half"):
        client.zadd(RUNNING, {f"dragoman:job:{name}": 0})
        client.zadd(waiting, {f"dragoman:job:{name}": 0})
    create = client.register_script(load("create"))
    create(keys=[KEY], args=["translate", "batch", "{}"])
    client.zadd(waiting, {KEY: 1})
    reaped = leases.reap("me")
    assert [orphan.ref.id for orphan in reaped.orphans] == ["a"]
    assert set(reaped.damaged) == {"dragoman:job:string", "dragoman:job:half"}
    assert leases.reap("me").damaged == []
    client.lpush(Queue.BATCH.key, "no JSON")
    client.zadd(RUNNING, {KEY: 0})
    client.hset(KEY, "state", "running")
    assert [orphan.ref.id for orphan in leases.reap("me").orphans] == ["a"]
    client.zadd(WEBHOOKS, {"dragoman:job:string": 0, KEY: 1})
    claim = client.register_script(load("claim_webhook"))
    assert claim(args=[30, 1, 0])[:2] == ["0", KEY]
