"""How large and how fast a database of many stories is, on SQLite and on PostgreSQL.

`python -m benchmarks.stories SOURCES TARGETS` with two files of sentences and their translations, one a
line. Each story has 30 of them at random, and one revision with one version. Printed are the size, and
the median time of searches, of opening a version, of a correction, and of a deletion.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from benchmarks.databases import databases, name_of, size_of
from service.jobs.keys import Client
from service.jobs.scopes import Scope
from service.storage.database import Database
from service.storage.search import compact
from service.storage.stories import Stories, VersionFilter
from service.storage.tables import Revision, Segment, Story, Version
from service.stories.editing import Editing
from service.stories.reading import Reading
from service.stories.requests import SegmentEdit

CLIENT = Client("benchmark", frozenset(Scope))
SENTENCES, ROUNDS = 30, 15
AT_ONCE = 500
"""Stories of a transaction."""
QUERIES = {
    "two frequent words": "government year",
    "a name and a word": "merkel said",
    "words of both languages": "minister gobierno",
    "the beginning of a word": "go",
    "a single story": "number77",
}
"""Words of news; each story has its number as a word."""
Pair = tuple[str, str]


def fill(database: Database, pairs: Sequence[Pair], count: int) -> None:
    """Write so many stories."""
    chance = random.Random(7)
    for begin in range(0, count, AT_ONCE):
        with database.writing() as session:
            stories = Stories(session)
            for number in range(begin, min(begin + AT_ONCE, count)):
                _add(stories, number, chance.choices(pairs, k=SENTENCES))


def _add(stories: Stories, number: int, pairs: Sequence[Pair]) -> None:
    now = float(number)
    story = Story(
        client=CLIENT.name,
        name=f"story-{number}",
        title=f"{pairs[0][0]} number{number}",
        revision=1,
        edit=1,
        created_at=now,
        updated_at=now,
    )
    stories.add(story)
    revision = Revision(
        story_id=story.id,
        number=1,
        source_language="en",
        document={"text": " ".join(source for source, _ in pairs)},
        author=CLIENT.name,
        created_at=now,
    )
    stories.add(revision)
    version = Version(
        story_id=story.id,
        revision_id=revision.id,
        target="es",
        state="draft",
        job=None,
        edit=0,
        tails={"text": ""},
        record={"route": []},
        error=None,
        created_at=now,
        updated_at=now,
    )
    stories.add(version)
    stories.add(*_segments(version, pairs))
    stories.index(story)


def _segments(version: Version, pairs: Sequence[Pair]) -> list[Segment]:
    segments, place = [], 0
    for position, (source, target) in enumerate(pairs):
        segments.append(
            Segment(
                version_id=version.id,
                position=position,
                field="text",
                before=" " if position else "",
                source=source,
                start=place,
                end=place + len(source),
                block=0,
                kind="paragraph",
                machine=target,
                target=target,
                origin="machine",
                state="draft",
                change="new",
                previous=None,
                flags=[],
                details={"score": -0.25, "models": ["embedded/en-es"], "repairs": []},
                edit=0,
                author=None,
                edited_at=None,
            )
        )
        place += len(source) + 1
    return segments


def measure(database: Database, pairs: Sequence[Pair], count: int) -> None:
    """Fill a database and print the figures, in milliseconds."""
    begin = time.perf_counter()
    fill(database, pairs, count)
    filled = time.perf_counter() - begin
    print(
        f"{name_of(database)}: {count:,} stories in {filled:.0f} s, {size_of(database):.0f} MB",
        flush=True,
    )
    names = [f"story-{number}" for number in random.Random(8).sample(range(count), ROUNDS * 2)]
    found = 0

    def search(query: str) -> None:
        nonlocal found
        with database.reading() as session:
            found = Reading(session, CLIENT.name).page(query, VersionFilter(), 0, 20).total

    def opened() -> None:
        with database.reading() as session:
            Reading(session, CLIENT.name).version(names[-1], "es")

    def corrected() -> None:
        with database.writing() as session:
            wish = SegmentEdit(target=f"Corregido a las {time.time()}.")
            Editing(session, CLIENT, names.pop(), "es", "*").edit(3, wish)

    def deleted() -> None:
        with database.writing() as session:
            stories = Stories(session)
            stories.delete(stories.get(CLIENT.name, names.pop()))
            compact(session)

    _time("the newest 20 of all", lambda: search(""))
    for kind, query in QUERIES.items():
        _time(f"search for {kind}", partial(search, query))
        print(f"    {found:,} found")
    _time("a version opened", opened)
    _time("a sentence corrected", corrected)
    _time("a story deleted", deleted, rounds=3)


def _time(what: str, action: Callable[[], None], rounds: int = ROUNDS) -> None:
    seconds = []
    for _ in range(rounds):
        begin = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begin)
    print(
        f"  {what}: {1000 * statistics.median(seconds):.1f} ms, at most {1000 * max(seconds):.1f} ms",
        flush=True,
    )


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stories", description=__doc__)
    parser.add_argument("sources", type=Path, help="sentences, one a line")
    parser.add_argument("targets", type=Path, help="their translations")
    parser.add_argument("--stories", type=int, default=100_000, help="so many, 100 at least")
    arguments = parser.parse_args()
    sources, targets = (
        path.read_text(encoding="utf-8").splitlines()
        for path in (arguments.sources, arguments.targets)
    )
    pairs = list(zip(sources, targets, strict=True))
    for database in databases():
        measure(database, pairs, arguments.stories)


if __name__ == "__main__":
    main()
