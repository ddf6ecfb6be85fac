"""What editors change in a version: every change replaces a run of segments, and is in the review log."""

import time
from collections.abc import Sequence

from sqlalchemy.orm import Session

from models.language_codes import regional_tag
from pipeline.memory import context_of
from service.errors import (
    InvalidRequest,
    NothingToUndo,
    PreconditionFailed,
    SegmentNotFound,
    StillTranslating,
    VersionFailed,
)
from service.jobs.keys import Client
from service.storage.memory import Memory, Space, Unit
from service.storage.stories import FAILED, TRANSLATING, Stories
from service.storage.tables import Object, Review, Revision, Segment, Story, Version
from service.stories.collecting import state_of
from service.stories.flags import count_left, flags_left, with_dismissal
from service.stories.requests import Approval, FlagChange, Replacement, SegmentEdit, SegmentSplit
from service.stories.sources import texts_of_source
from service.stories.views import segment_etag, segment_view, version_etag

_KEPT = (
    "field", "before", "source", "start", "end", "block", "kind", "machine", "target",
    "origin", "state", "change", "previous", "details", "author", "edited_at",
)  # fmt: skip
"""What the log has of a segment: all that is needed to put it back."""
_ADDED: Object = {"block": 0, "kind": "paragraph"}
"""What entries of the log lack that were written before these columns were there."""


class Editing:
    """A version under an editor's hands, within one transaction that writes."""

    def __init__(
        self, session: Session, client: Client, name: str, target: str, if_match: str
    ) -> None:
        """StoryNotFound or VersionNotFound; VersionFailed or StillTranslating without a text."""
        self._session = session
        self._stories = Stories(session)
        self._client = client
        self._if_match = if_match
        self.story: Story = self._stories.get(client.name, name, lock=True)
        self.revision: Revision = self._stories.revision(self.story)
        self.version: Version = self._stories.version(self.revision, regional_tag(target))
        if self.version.state == FAILED:
            raise VersionFailed
        if self.version.state == TRANSLATING:
            raise StillTranslating
        self.segments = list(self._stories.segments(self.version))

    def edit(self, number: int, body: SegmentEdit) -> None:
        """Give a segment another text or another state."""
        old = self._at(number)
        self._check(segment_etag(old), yours=body.model_dump(mode="json", exclude_none=True))
        new = _copy(old) if body.target is None else _rewritten(old, body.target)
        if body.state is not None:
            new.state = body.state
        if (new.target, new.state) == (old.target, old.state):
            return
        action = "edit" if new.target != old.target else _ACTIONS[new.state]
        self._replace(number, [old], [new], action, body.author)

    def approve(self, body: Approval) -> None:
        """Approve every segment, or every one that is clean."""
        self._check(version_etag(self.version))
        news = [_copy(old) for old in self.segments]
        for old, new in zip(self.segments, news, strict=True):
            if not body.only_clean or (old.flags is not None and not flags_left(old)):
                new.state = "approved"
        self._replace_changed(news, "approve", body.author)

    def replace_text(self, body: Replacement) -> None:
        """Replace a text in all targets, as one change."""
        self._check(version_etag(self.version))
        news = [_rewritten(old, body.in_text(old.target or "")) for old in self.segments]
        if not all((new.target or "").strip() for new in news):
            raise InvalidRequest("A sentence would be empty: replace less.")
        self._replace_changed(news, "replace", body.author)

    def settle_flag(self, number: int, body: FlagChange) -> None:
        """Dismiss a flag of a segment, or take that back."""
        old = self._at(number)
        self._check(segment_etag(old))
        flag = {"code": body.code, "message": body.message}
        if flag not in [{name: one[name] for name in flag} for one in old.flags or []]:
            raise InvalidRequest("The segment has no flag with this code and message.")
        new = _copy(old)
        new.details = with_dismissal(old, flag, dismissed=body.dismissed)
        action = "dismiss" if body.dismissed else "flag"
        self._replace(number, [old], [new], action, body.author)

    def join(self, number: int, author: str | None) -> None:
        """Make one segment of this one and the next."""
        first, second = self._at(number), self._at(number + 1)
        self._check(segment_etag(first))
        if first.field != second.field:
            raise InvalidRequest("The two segments stand in different fields of the story.")
        new = _copy(first)
        text = texts_of_source(self.revision)[first.field]
        new.source, new.end = text[first.start : second.end], second.end
        new.target = f"{first.target}{second.before}{second.target}"
        new.machine = (
            f"{first.machine}{second.before}{second.machine}" if _both(first, second) else None
        )
        new.origin = "edited" if "edited" in {first.origin, second.origin} else first.origin
        new.state = first.state if first.state == second.state else "draft"
        new.flags, new.details, new.previous = None, {}, None
        self._replace(number, [first, second], [new], "join", author)

    def split(self, number: int, body: SegmentSplit) -> None:
        """Cut a segment in two."""
        old = self._at(number)
        self._check(segment_etag(old))
        target = old.target or ""
        parts = (old.source[: body.source_at], old.source[body.source_at :])
        targets = (target[: body.target_at], target[body.target_at :])
        if not all(part.strip() for part in (*parts, *targets)):
            raise InvalidRequest(
                f"The source has {len(old.source)} characters and the target {len(target)}: cut both "
                "so that text is left on either side."
            )
        first, second = _copy(old), _copy(old)
        first.source, second.source = parts[0].rstrip(), parts[1].lstrip()
        first.end = first.start + len(first.source)
        second.start = second.end - len(second.source)
        first.target, second.target = targets[0].rstrip(), targets[1].lstrip()
        second.before = target[len(first.target) : len(target) - len(second.target)]
        for new in (first, second):
            new.machine, new.flags, new.details, new.previous = None, None, {}, None
        self._replace(number, [old], [first, second], "split", body.author)

    def undo(self, author: str | None) -> None:
        """Take back the last change that was not taken back; NothingToUndo where there is none."""
        self._check(version_etag(self.version))
        last = self._stories.last_change(self.version)
        if last is None:
            raise NothingToUndo
        olds = self.segments[last.position : last.position + len(last.after)]
        news = [Segment(**{**_ADDED, **kept}, flags=None, edit=0) for kept in last.before]
        self._replace(last.position, olds, news, "undo", author, undoes=last.id)

    def _at(self, number: int) -> Segment:
        if not 0 <= number < len(self.segments):
            raise SegmentNotFound
        return self.segments[number]

    def _check(self, etag: str, yours: object = None) -> None:
        """PreconditionFailed where the caller has seen another state."""
        if self._if_match not in {etag, version_etag(self.version), "*"}:
            current = [segment_view(one).model_dump(mode="json") for one in self.segments]
            mine = [one for one in current if one["etag"] == etag] or current
            raise PreconditionFailed(
                current={"etag": version_etag(self.version), "segments": mine}, yours=yours
            )

    def _replace_changed(self, news: Sequence[Segment], action: str, author: str | None) -> None:
        """Replace the segments from the first that changes to the last; nothing where none does."""
        changed = [
            number
            for number, (old, new) in enumerate(zip(self.segments, news, strict=True))
            if _snapshot(old) != _snapshot(new)
        ]
        if changed:
            start, end = changed[0], changed[-1] + 1
            self._replace(start, self.segments[start:end], news[start:end], action, author)

    def _replace(
        self,
        number: int,
        olds: Sequence[Segment],
        news: Sequence[Segment],
        action: str,
        author: str | None,
        undoes: int | None = None,
    ) -> None:
        """Put new segments in the place of old ones, log it, and tell the memory.

        Of the segments that are the same as before nothing changes, neither author nor ETag.
        """
        now, who = time.time(), author or self._client.name
        before = [_snapshot(old) for old in olds]
        # A segment that stays in its place stays the same row: its ETag counts its changes.
        rows, gone = [*olds[: len(news)], *news[len(olds) :]], olds[len(news) :]
        changed = [
            (row, new)
            for row, new in zip(rows, news, strict=True)
            if row is new or _snapshot(row) != _snapshot(new)
        ]
        if action not in {"undo", "dismiss", "flag"}:
            for _, new in changed:
                new.author, new.edited_at = who, now
        after = [_snapshot(new) for new in news]
        self._forget([*(row for row, new in changed if row is not new), *gone])
        for row, new in changed:
            _take(row, new)
            row.version_id = self.version.id
        for old in gone:
            self._session.delete(old)
        self.segments[number : number + len(olds)] = rows
        for position, segment in enumerate(self.segments):
            segment.position = position
        self._stories.add(*(row for row, _ in changed))
        self._remember([row for row, _ in changed])
        self._stories.add(
            Review(
                version_id=self.version.id,
                action=action,
                position=number,
                before=before,
                after=after,
                undoes=undoes,
                author=who,
                created_at=now,
            )
        )
        self.version.edit += 1
        self.version.updated_at = self.story.updated_at = now
        self.version.state = state_of(self.segments)
        self.version.flags_left = count_left(self.segments)
        self._stories.index(self.story)

    def _forget(self, segments: Sequence[Segment]) -> None:
        """Take out of the memory what a person had said of these segments."""
        memory = Memory(self._session)
        for segment in filter(_is_reviewed, segments):
            memory.take_back(self._space, segment.source, self._context(segment))

    def _remember(self, segments: Sequence[Segment]) -> None:
        """Put into the memory what a person says of these segments."""
        Memory(self._session).remember(
            self._space,
            [
                Unit(
                    source=segment.source,
                    target=segment.target or "",
                    origin="edited" if segment.origin == "edited" else "approved",
                    author=segment.author or self._client.name,
                    context=self._context(segment),
                    story=self.story.name,
                )
                for segment in segments
                if _is_reviewed(segment)
            ],
        )

    @property
    def _space(self) -> Space:
        return Space(self._client.name, self.revision.source_language, self.version.target)

    def _context(self, segment: Segment) -> str:
        number = self.segments.index(segment)
        before = self.segments[number - 1].source if number else None
        after = self.segments[number + 1].source if number + 1 < len(self.segments) else None
        return context_of(before, after)


_ACTIONS = {"approved": "approve", "draft": "reopen"}


def _is_reviewed(segment: Segment) -> bool:
    return segment.state != "draft" and bool(segment.target)


def _both(first: Segment, second: Segment) -> bool:
    return first.machine is not None and second.machine is not None


def _snapshot(segment: Segment) -> Object:
    return {name: getattr(segment, name) for name in _KEPT}


def _copy(segment: Segment) -> Segment:
    return Segment(**_snapshot(segment), flags=segment.flags, edit=segment.edit)


def _rewritten(old: Segment, target: str) -> Segment:
    """The segment with a text that an editor has given it; the machine's own text restores it."""
    new = _copy(old)
    if target != old.target:
        new.target = target
        new.origin = "machine" if target == old.machine else "edited"
        new.state = "draft" if new.origin == "machine" else "edited"
        new.flags = None
    return new


def _take(row: Segment, new: Segment) -> None:
    """Make the row say what the new segment says."""
    for name in (*_KEPT, "flags"):
        setattr(row, name, getattr(new, name))
    row.edit = (row.edit or 0) + 1
