"""The segments of a new version, before a worker sees them: what is kept, and what is to be translated."""

from collections.abc import Mapping, Sequence

from pipeline.documents.document import Block
from pipeline.documents.document import Segment as SourceSegment
from pipeline.memory import KnownSentence
from pipeline.sentences import sentences
from service.storage.tables import Object, Segment
from service.stories.alignment import Aligned, Change, Sentence, align, removed


def drafts(
    olds: Sequence[Segment], news: Sequence[SourceSegment], blocks: Sequence[Block], target: str
) -> tuple[list[Segment], list[Object]]:
    """A draft of each new segment, and the old ones that are gone.

    A sentence that was there before keeps its translation, with its author and its approval. `blocks`
    are those of the new document, `target` is the language of the version.
    """
    before = [Sentence(old.field, old.source) for old in olds]
    aligned = align(before, [Sentence(new.field, new.text) for new in news])
    segments = [
        _draft(number, new, blocks[new.block], one, [olds[n] for n in one.olds], target)
        for number, (new, one) in enumerate(zip(news, aligned, strict=True))
    ]
    return segments, [_previous(olds[n]) for n in removed(before, aligned)]


def use_memory(segments: Sequence[Segment], known: Mapping[int, KnownSentence]) -> None:
    """Fill in what the memory has for segments that have no translation."""
    for number, one in known.items():
        segment = segments[number]
        segment.details = {"memory": one.memory.model_dump() if one.memory else None}
        if segment.target is None and one.target is not None:
            segment.target, segment.origin = one.target, one.origin


def known_of(segments: Sequence[Segment]) -> dict[int, KnownSentence]:
    """What a worker is told of the segments: it decodes the others."""
    return {
        number: KnownSentence(
            source=segment.source,
            target=segment.target,
            origin=segment.origin,
            memory=segment.details.get("memory"),
        )
        for number, segment in enumerate(segments)
        if segment.target is not None or segment.details.get("memory")
    }


def _draft(
    number: int,
    new: SourceSegment,
    block: Block,
    aligned: Aligned,
    olds: Sequence[Segment],
    target: str,
) -> Segment:
    kept = _kept(aligned, olds, target)
    change = aligned.change if kept is not None or not olds else Change.CHANGED
    draft = Segment(
        position=number,
        field=new.field,
        before="",
        source=new.text,
        start=new.start,
        end=new.end,
        block=new.block,
        kind=block.kind.value,
        machine=None,
        target=kept,
        origin="machine",
        state="draft",
        change=change.value,
        previous=None if change in {Change.NEW, Change.UNCHANGED} else _previous_of(olds),
        flags=None,
        details={},
        edit=0,
        author=None,
        edited_at=None,
    )
    if kept is not None:
        _keep_review(draft, olds)
    if change in {Change.UNCHANGED, Change.MOVED}:
        (old,) = olds
        draft.machine, draft.details = old.machine, old.details
    return draft


def _kept(aligned: Aligned, olds: Sequence[Segment], target: str) -> str | None:
    """The translation that the sentence keeps; None where it has to be translated."""
    if not aligned.keeps_translation:
        return None
    texts = [old.target for old in olds if old.target is not None]
    if len(texts) < len(olds):
        return None
    if aligned.change is Change.SPLIT:
        part, parts = aligned.part
        pieces = sentences(texts[0], target)
        return pieces[part] if len(pieces) == parts else None
    return " ".join(texts)


def _keep_review(draft: Segment, olds: Sequence[Segment]) -> None:
    """Whoever edited or approved all that a sentence comes from has edited or approved it."""
    origins = {old.origin for old in olds}
    draft.origin = "edited" if "edited" in origins else olds[0].origin
    states = {old.state for old in olds}
    draft.state = olds[0].state if len(states) == 1 else "draft"
    last = max(olds, key=lambda old: old.edited_at or 0)
    draft.author, draft.edited_at = last.author, last.edited_at


def _previous(old: Segment) -> Object:
    return {"source": old.source, "target": old.target, "state": old.state}


def _previous_of(olds: Sequence[Segment]) -> Object:
    """What the sentence was, as one."""
    return {
        "source": " ".join(old.source for old in olds),
        "target": " ".join(old.target or "" for old in olds) or None,
        "state": olds[0].state if len({old.state for old in olds}) == 1 else "draft",
    }
