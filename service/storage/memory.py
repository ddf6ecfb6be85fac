"""The translation memory: units by client and pair of languages, found again exactly or nearly."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal, TypeVar, TypeVarTuple, cast

from rapidfuzz import fuzz, process
from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from pipeline.memory import MemoryMatch, digest, keys, normalized
from service.storage.tables import MemoryKey, MemoryUnit

T = TypeVar("T")
S = TypeVarTuple("S")
UnitOrigin = Literal["edited", "approved", "imported"]

AT_ONCE = 1000
"""Units that one statement writes, and values that one looks up."""
_CANDIDATES = 20
"""Units whose texts are compared with a sentence: those that share most keys with it."""
_CROWD = 50_000
"""Rows of keys that are read for 1,000 keys: a bound on the time that a strange memory takes."""


@dataclass(frozen=True, slots=True)
class Space:
    """Whose memory, and from which language into which."""

    client: str
    source: str
    target: str
    """With its region, if what is remembered is of one: `es-MX` and `es` are two memories."""

    def __str__(self) -> str:
        """What the keys of the space are hashed with."""
        return f"{self.client}\0{self.source}\0{self.target}"


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence and its translation, to be remembered."""

    source: str
    target: str
    origin: UnitOrigin
    author: str
    context: str = ""
    story: str | None = None


class Memory:
    """The memory, within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def remember(self, space: Space, units: Iterable[Unit]) -> int:
        """Keep the units; how many were kept.

        A unit takes the place of an older one with the same source in the same context; what was
        imported takes the place of imported ones alone.
        """
        return sum(self._remember(space, some) for some in _batches(units))

    def _remember(self, space: Space, units: list[Unit]) -> int:
        rows = {
            (digest(unit.source), unit.context): {
                "client": space.client,
                "source_language": space.source,
                "target_language": space.target,
                "digest": digest(unit.source),
                "context": unit.context,
                "source": unit.source,
                "target": unit.target,
                "origin": unit.origin,
                "author": unit.author,
                "story": unit.story,
                "created_at": time.time(),
            }
            for unit in units
        }
        if not rows:
            return 0
        dialect = self._session.get_bind().dialect.name
        statement = (sqlite if dialect == "sqlite" else postgresql).insert(MemoryUnit)
        changed = ("source", "target", "origin", "author", "story", "created_at")
        kept = self._session.execute(
            statement.on_conflict_do_update(
                index_elements=[
                    "client",
                    "source_language",
                    "target_language",
                    "digest",
                    "context",
                ],
                set_={name: statement.excluded[name] for name in changed},
                where=(statement.excluded.origin != "imported") | (MemoryUnit.origin == "imported"),
            ).returning(MemoryUnit.id, MemoryUnit.source),
            list(rows.values()),
        ).all()
        if not kept:
            return 0
        self._session.execute(
            delete(MemoryKey).where(MemoryKey.unit_id.in_([unit_id for unit_id, _ in kept]))
        )
        found = [
            {"key": key, "unit_id": unit_id}
            for unit_id, source in kept
            for key in keys(source, str(space))
        ]
        self._session.execute(insert(MemoryKey), found)
        return len(kept)

    def is_empty(self, space: Space) -> bool:
        """Whether there is nothing to look up."""
        return self._session.scalar(_of(space, select(MemoryUnit.id)).limit(1)) is None

    def exact(
        self, space: Space, texts: Sequence[str], contexts: Sequence[str]
    ) -> dict[int, MemoryMatch]:
        """The matches of texts that are in the memory, by their number.

        Of several units of a text the one with its context comes first, then an editor's, then the
        newest.
        """
        digests = [digest(text) for text in texts]
        found: dict[str, list[MemoryUnit]] = defaultdict(list)
        for some in _batches(set(digests)):
            rows = self._session.scalars(
                _of(space, select(MemoryUnit)).where(MemoryUnit.digest.in_(some))
            )
            for unit in rows:
                found[unit.digest].append(unit)
        matches = {}
        for number, one in enumerate(digests):
            if units := found.get(one):
                ranks = [_rank(unit, contexts[number]) for unit in units]
                best = units[ranks.index(max(ranks))]
                matches[number] = _match(best, contexts[number])
        return matches

    def like(
        self, space: Space, texts: Mapping[int, str], threshold: float
    ) -> dict[int, MemoryMatch]:
        """The best match of each text, by its number, where one is as like as the threshold."""
        of_text = {number: keys(text, str(space)) for number, text in texts.items()}
        shared = self._sharing({key for some in of_text.values() for key in some})
        chosen = {
            number: [
                unit
                for unit, _ in Counter(u for k in some for u in shared.get(k, ())).most_common(
                    _CANDIDATES
                )
            ]
            for number, some in of_text.items()
        }
        units = self._units({unit for some in chosen.values() for unit in some})
        matches = {}
        for number, text in texts.items():
            best = process.extractOne(
                normalized(text),
                {unit: normalized(units[unit].source) for unit in chosen[number]},
                scorer=fuzz.ratio,
                score_cutoff=100 * threshold,
            )
            if best is not None:
                _, score, unit_id = best
                matches[number] = _fuzzy(units[unit_id], score / 100)
        return matches

    def _sharing(self, wanted: set[int]) -> dict[int, list[int]]:
        """The units that have the keys, by key."""
        shared: dict[int, list[int]] = defaultdict(list)
        for some in _batches(sorted(wanted)):
            rows = self._session.execute(
                select(MemoryKey.key, MemoryKey.unit_id)
                .where(MemoryKey.key.in_(some))
                .limit(_CROWD)
            )
            for key, unit in rows:
                shared[key].append(unit)
        return shared

    def _units(self, ids: set[int]) -> dict[int, MemoryUnit]:
        return {
            unit.id: unit
            for some in _batches(sorted(ids))
            for unit in self._session.scalars(select(MemoryUnit).where(MemoryUnit.id.in_(some)))
        }

    def units(self, space: Space, after: int = 0, most: int = AT_ONCE) -> Sequence[MemoryUnit]:
        """Units in the order in which they came, those after an id."""
        return self._session.scalars(
            _of(space, select(MemoryUnit))
            .where(MemoryUnit.id > after)
            .order_by(MemoryUnit.id)
            .limit(most)
        ).all()

    def every(self, space: Space) -> Iterator[MemoryUnit]:
        """All units of the space."""
        last = 0
        while page := self.units(space, last):
            yield from page
            last = page[-1].id

    def search(self, client: str, query: str, most: int) -> Sequence[MemoryUnit]:
        """Units of a client that have the query in source or target, the newest first."""
        return self._session.scalars(
            select(MemoryUnit)
            .where(MemoryUnit.client == client)
            .where(
                MemoryUnit.source.icontains(query, autoescape=True)
                | MemoryUnit.target.icontains(query, autoescape=True)
            )
            .order_by(MemoryUnit.id.desc())
            .limit(most)
        ).all()

    def counts(self, client: str) -> list[tuple[str, str, str, int]]:
        """How many units a client has, by source, target and origin."""
        groups = (MemoryUnit.source_language, MemoryUnit.target_language, MemoryUnit.origin)
        rows = self._session.execute(
            select(*groups, func.count())
            .where(MemoryUnit.client == client)
            .group_by(*groups)
            .order_by(*groups)
        )
        return [(source, target, origin, count) for source, target, origin, count in rows]

    def forget(
        self,
        client: str,
        *,
        source: str | None = None,
        target: str | None = None,
        story: str | None = None,
        unit_id: int | None = None,
    ) -> int:
        """Delete a client's units, of those that fit all that is given; how many."""
        statement = delete(MemoryUnit).where(MemoryUnit.client == client)
        for column, value in (
            (MemoryUnit.source_language, source),
            (MemoryUnit.target_language, target),
            (MemoryUnit.story, story),
            (MemoryUnit.id, unit_id),
        ):
            if value is not None:
                statement = statement.where(column == value)
        return len(self._session.execute(statement.returning(MemoryUnit.id)).all())

    def expire(self, before: float) -> int:
        """Delete every client's units that are older; how many."""
        statement = delete(MemoryUnit).where(MemoryUnit.created_at < before)
        return len(self._session.execute(statement.returning(MemoryUnit.id)).all())

    def take_back(self, space: Space, source: str, context: str) -> None:
        """Forget what was remembered of this sentence in this context."""
        self._session.execute(
            delete(MemoryUnit).where(
                MemoryUnit.client == space.client,
                MemoryUnit.source_language == space.source,
                MemoryUnit.target_language == space.target,
                MemoryUnit.digest == digest(source),
                MemoryUnit.context == context,
            )
        )


def _of(space: Space, statement: Select[*S]) -> Select[*S]:
    """Of a space alone."""
    return statement.where(
        MemoryUnit.client == space.client,
        MemoryUnit.source_language == space.source,
        MemoryUnit.target_language == space.target,
    )


_RANKS = {"edited": 2, "approved": 1, "imported": 0}


def _rank(unit: MemoryUnit, context: str) -> tuple[bool, int, float]:
    return unit.context == context, _RANKS[unit.origin], unit.created_at


def _match(unit: MemoryUnit, context: str) -> MemoryMatch:
    kind: Literal["context", "exact"] = "context" if unit.context == context else "exact"
    return MemoryMatch(
        match=kind,
        score=1.0,
        source=unit.source,
        target=unit.target,
        origin=_origin(unit),
        used=True,
    )


def _fuzzy(unit: MemoryUnit, score: float) -> MemoryMatch:
    return MemoryMatch(
        match="fuzzy",
        score=round(score, 3),
        source=unit.source,
        target=unit.target,
        origin=_origin(unit),
        used=False,
    )


def _origin(unit: MemoryUnit) -> UnitOrigin:
    return cast(UnitOrigin, unit.origin)


def _batches(things: Iterable[T]) -> Iterator[list[T]]:
    """The things in lists of at most `AT_ONCE`."""
    iterator = iter(things)
    while some := list(islice(iterator, AT_ONCE)):
        yield some
