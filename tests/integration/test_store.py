"""The records of jobs, on a real server."""

import json
import math

import pytest

from models.errors import DragomanError
from service.errors import JobNotFound, LeaseLost
from service.jobs.job import JobState, Queue, RecordKind, Task
from service.jobs.leases import REAPER, Lease
from service.jobs.scripts import RUNNING, WAITING
from service.jobs.store import JobStore, job_ref

pytestmark = pytest.mark.integration


def leased(store: JobStore, job_id: str = "a", holder: str = "worker") -> Lease:
    lease = store.leases.lease(job_ref(job_id), holder)
    assert lease is not None
    return lease


def let_lease_run_out(store: JobStore, job_id: str = "a") -> None:
    """Its worker was silent too long."""
    store.client.zadd(RUNNING, {job_ref(job_id).key: 0})


def orphans(store: JobStore, me: str = "worker") -> list[str]:
    return [orphan.ref.id for orphan in store.leases.reap(me).orphans]


def create(store: JobStore, job_id: str = "a") -> None:
    store.leases.create(job_ref(job_id), Task.TRANSLATE.value, Queue.BATCH, '{"text": "ñ"}')


def test_from_queued_to_succeeded(store: JobStore) -> None:
    create(store)
    assert store.get("a").state is JobState.QUEUED
    lease = leased(store)
    assert lease.request == '{"text": "ñ"}'
    store.leases.progress(lease, 1, 2)
    running = store.get("a")
    assert (running.state, running.progress.done, running.attempts) == (JobState.RUNNING, 1, 1)
    store.succeed(lease, '{"text": "¡ñ!"}')
    job = store.get("a")
    assert (job.state, job.result) == (JobState.SUCCEEDED, {"text": "¡ñ!"})
    assert job.started_at is not None
    assert job.finished_at is not None
    assert job.created_at <= job.started_at <= job.finished_at
    assert store.finished() == {("translate", "succeeded"): 1}


def test_a_record_that_is_there_is_not_written_again(store: JobStore) -> None:
    create(store)
    lease = leased(store)
    assert not store.leases.create(lease.ref, Task.SUMMARIZE.value, Queue.INTERACTIVE, "{}")
    assert store.get("a").state is JobState.RUNNING
    store.succeed(lease, "{}")


def test_a_finished_or_unknown_job_is_not_leased(store: JobStore) -> None:
    create(store)
    store.fail(leased(store), DragomanError("Out of order."))
    error = store.get("a").error
    assert error is not None
    assert error.detail == "Out of order."
    assert store.leases.lease(job_ref("a"), "worker") is None
    assert store.leases.lease(job_ref("never made"), "worker") is None


def test_a_leased_job_is_nobody_elses_while_its_lease_is_renewed(store: JobStore) -> None:
    create(store)
    lease = leased(store)
    assert store.leases.lease(job_ref("a"), "another") is None
    let_lease_run_out(store)
    store.leases.renew(lease)
    assert store.leases.lease(job_ref("a"), "another") is None
    assert orphans(store) == []


def test_an_old_lease_writes_nothing(store: JobStore) -> None:
    create(store)
    old = leased(store)
    let_lease_run_out(store)
    new = leased(store)
    assert new.fence > old.fence
    for write in (
        lambda: store.leases.progress(old, 1, 1),
        lambda: store.leases.renew(old),
        lambda: store.leases.give_back(old, None),
        lambda: store.succeed(old, "{}"),
        lambda: store.fail(old, DragomanError()),
    ):
        with pytest.raises(LeaseLost):
            write()
    assert store.get("a").state is JobState.RUNNING
    store.succeed(new, "{}")


def test_a_job_that_kills_its_workers_fails_with_the_last_error(store: JobStore) -> None:
    create(store)
    for attempt in (1, 2, 3):
        leased(store)
        store.leases.holder_died(job_ref("a"), "worker", f"Death {attempt}.")
        assert orphans(store) == ([] if attempt == 3 else ["a"])
    job = store.get("a")
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert job.error is not None
    assert job.error.code == "worker-died"
    assert job.error.detail.endswith("The last time: Death 3.")
    assert store.finished() == {("translate", "failed"): 1}
    assert orphans(store) == []


def test_a_death_frees_what_that_holder_had_and_nothing_else(store: JobStore) -> None:
    create(store)
    leased(store)
    store.leases.holder_died(job_ref("a"), "another", "Death.")
    assert orphans(store) == []
    store.leases.holder_died(job_ref("a"), "worker", "Death.")
    assert orphans(store) == ["a"]


def test_a_death_that_is_noticed_after_the_lease_ran_out_is_told_all_the_same(
    store: JobStore,
) -> None:
    create(store)
    for _ in range(2):
        leased(store)
        let_lease_run_out(store)
        assert orphans(store) == ["a"]
        store.leases.holder_died(job_ref("a"), "worker", "Death.")
        store.leases.holder_died(job_ref("a"), "another", "Not its own.")
    assert store.get("a").state is JobState.QUEUED
    leased(store)
    let_lease_run_out(store)
    assert orphans(store) == []
    error = store.get("a").error
    assert error is not None
    assert error.detail.endswith("The last time: Death.")


def test_work_given_back_is_no_attempt_unless_it_failed(store: JobStore) -> None:
    create(store)
    for _ in range(5):
        assert store.leases.give_back(leased(store), None)
    assert store.get("a").attempts == 0
    for _ in range(2):
        assert store.leases.give_back(leased(store), "OSError: no room.")
    assert not store.leases.give_back(leased(store), "OSError: no room.")
    error = store.get("a").error
    assert error is not None
    assert error.detail.endswith("OSError: no room.")


def test_a_queued_job_without_a_message_gets_one(store: JobStore) -> None:
    for job_id in ("lost", "waiting"):
        create(store, job_id)
    assert orphans(store) == []  # their messages may be on their way
    waiting = WAITING + Queue.BATCH.value
    for age, job_id in enumerate(("waiting", "lost")):
        store.client.zadd(waiting, {job_ref(job_id).key: 1000 - age})
    message = {"headers": {"id": "waiting", "task": RecordKind.JOB.task_name}}
    store.client.lpush(Queue.BATCH.key, json.dumps(message))
    assert orphans(store) == ["lost"]  # it came before the one whose message is next
    assert orphans(store) == []
    store.client.delete(Queue.BATCH.key)
    assert orphans(store) == ["waiting"]


def test_one_reaper_is_active(store: JobStore) -> None:
    assert orphans(store, "first") == []
    create(store)
    leased(store)
    let_lease_run_out(store)
    assert orphans(store, "second") == []
    store.client.delete(REAPER)  # the first was silent too long
    assert orphans(store, "second") == ["a"]


def test_a_deleted_job_is_gone_for_its_worker_too(store: JobStore) -> None:
    create(store)
    lease = leased(store)
    store.delete("a")
    with pytest.raises(LeaseLost):
        store.succeed(lease, "{}")
    with pytest.raises(JobNotFound):
        store.get("a")
    with pytest.raises(JobNotFound):
        store.delete("a")
    assert store.finished() == {("translate", "cancelled"): 1}
    assert orphans(store) == []
    assert store.client.exists("dragoman:job:a") == 0


def test_records_expire(store: JobStore) -> None:
    create(store)
    assert store.client.ttl("dragoman:job:a") == -1  # not before it has ended
    lease = leased(store)
    store.succeed(lease, "{}")
    assert 0 < store.client.ttl("dragoman:job:a") <= 7 * 24 * 3600


def test_silence_is_of_queues_in_which_messages_wait(store: JobStore) -> None:
    assert store.silence(Queue.BATCH) == 0
    store.client.lpush(Queue.BATCH.key, "message")
    assert store.silence(Queue.BATCH) == math.inf
    create(store)
    leased(store)
    assert 0 <= store.silence(Queue.BATCH) < 60
    assert store.silence(Queue.INTERACTIVE) == 0
