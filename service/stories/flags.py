"""Which flags of a segment are left for an editor, and which were dismissed.

A dismissal names the flag's code and message, so that it holds when the checks run again, and in later
revisions as long as the sentence is the same.
"""

from collections.abc import Iterable

from service.storage.tables import Object, Segment


def is_dismissed(segment: Segment, flag: Object) -> bool:
    """Return whether an editor has dismissed the flag."""
    return _name(flag) in segment.details.get("dismissed", [])


def flags_left(segment: Segment) -> list[Object]:
    """Return the flags that are not dismissed; none of an approved segment, which was read with them."""
    if segment.state == "approved":
        return []
    return [flag for flag in segment.flags or [] if not is_dismissed(segment, flag)]


def count_left(segments: Iterable[Segment]) -> int:
    """Return how many flags the segments have that nobody has dealt with."""
    return sum(len(flags_left(segment)) for segment in segments)


def with_dismissal(segment: Segment, flag: Object, *, dismissed: bool) -> Object:
    """Return the segment's details with the flag dismissed, or no longer so."""
    others = [name for name in segment.details.get("dismissed", []) if name != _name(flag)]
    return {**segment.details, "dismissed": [*others, _name(flag)] if dismissed else others}


def _name(flag: Object) -> list[str]:
    return [flag["code"], flag["message"]]
