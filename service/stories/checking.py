"""Checks of what editors write: asked of a worker after the change is kept, so that nobody waits."""

import logging
from collections.abc import Sequence
from typing import cast

from models.language_codes import primary_subtag, region_subtag
from pipeline.results import CheckedSentence
from service.jobs.enqueue import Enqueuer
from service.jobs.job import JobState, Queue, RecordKind, Ref
from service.jobs.requests import SentenceCheck
from service.jobs.store import JobStore
from service.lookup import Lookup
from service.storage.database import Database
from service.storage.stories import Stories
from service.storage.tables import Segment
from service.stories.channel import announce
from service.stories.collecting import relative
from service.stories.flags import count_left

log = logging.getLogger(__name__)


class Checking:
    """Sends edited segments to be checked, and keeps what comes back."""

    def __init__(
        self, database: Database, store: JobStore, enqueuer: Enqueuer, lookup: Lookup
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._store = store
        self._enqueuer = enqueuer

    def ask(self) -> None:
        """Queue a check of every segment that was edited and not checked since.

        Checks that have ended are collected: the message of their end may be lost.
        """
        with self._database.reading() as session:
            wanted = Stories(session).unchecked()
        states = self._states([check_ref(one.segment) for one in wanted])
        for one, state in zip(wanted, states, strict=True):
            ref = check_ref(one.segment)
            if state is JobState.SUCCEEDED:
                self.collect(ref)
            elif state is None:
                languages = one.source, one.target
                request = SentenceCheck(
                    source=one.segment.source,
                    target=one.segment.target or "",
                    source_language=one.source,
                    target_language=primary_subtag(one.target),
                    region=region_subtag(one.target),
                    terms=self._lookup.terms_of(
                        one.client, one.glossaries, languages, one.segment.source
                    ),
                )
                self._enqueuer.put(ref, "check", Queue.INTERACTIVE, request.model_dump_json())

    def collect(self, ref: Ref) -> None:
        """Keep what a check has found, if it has ended.

        A check that failed leaves its segment unchecked; it is asked again when its record expires.
        """
        record = cast(dict[str, str], self._store.client.hgetall(ref.key))
        if "error" in record:
            log.error("Segment %s could not be checked: %s", ref.id, record["error"])
        if "result" not in record:
            return
        found = CheckedSentence.model_validate_json(record["result"])
        flags = [relative(flag, 0, 0) for flag in found.flags]
        segment_id, edit = map(int, ref.id.split("-"))
        story_id = None
        with self._database.writing() as session:
            segment = session.get(Segment, segment_id, with_for_update=True)
            if segment is not None and segment.edit == edit and segment.flags is None:
                segment.flags = flags
                stories = Stories(session)
                version = stories.version_by_id(segment.version_id, lock=True)
                if version is not None:
                    version.flags_left = count_left(stories.segments(version))
                    story_id = version.story_id
        if story_id is not None:
            announce(self._store, story_id)
        self._store.leases.delete(ref)

    def _states(self, refs: Sequence[Ref]) -> list[JobState | None]:
        """The state of each record; None where there is none."""
        pipeline = self._store.client.pipeline(transaction=False)
        for ref in refs:
            pipeline.hget(ref.key, "state")
        return [JobState(state) if state else None for state in pipeline.execute()]


def check_ref(segment: Segment) -> Ref:
    """The record of the check of a segment as it is now."""
    return Ref(RecordKind.CHECK, f"{segment.id}-{segment.edit}")
