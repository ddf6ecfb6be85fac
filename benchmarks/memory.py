"""How fast the translation memory is, with many units, on SQLite and on PostgreSQL.

`python -m benchmarks.memory SENTENCES` with a file of sentences, one a line; the units are halves of them
in new pairs, so that words and pairs of words are as frequent as in real ones.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.databases import databases, name_of, size_of
from service.storage.database import Database
from service.storage.memory import Memory, Space, Unit

SPACE = Space("benchmark", "en", "es")
ARTICLE, ROUNDS = 25, 20


def units(sentences: list[str], count: int, chance: random.Random) -> Iterator[Unit]:
    """Sentences of a first and a second half that have not met before."""
    halves = [sentence.split() for sentence in sentences]
    for number in range(count):
        first, second = chance.choice(halves), chance.choice(halves)
        source = " ".join((*first[: len(first) // 2], str(number), *second[len(second) // 2 :]))
        yield Unit(source, source, "imported", "benchmark")


def like(sentence: str, chance: random.Random) -> str:
    """The sentence with two words changed."""
    words = sentence.split()
    for place in chance.sample(range(len(words)), k=min(2, len(words))):
        words[place] = "otherwise"
    return " ".join(words)


def measure(database: Database, sentences: list[str], count: int) -> None:
    """Fill a database and print what looking an article up takes, in milliseconds."""
    chance = random.Random(7)
    start, kept = time.perf_counter(), list[str]()
    some: list[Unit] = []
    for number, unit in enumerate(units(sentences, count, chance), 1):
        some.append(unit)
        if len(some) == 50_000 or number == count:
            with database.writing() as session:
                Memory(session).remember(SPACE, some)
            kept += [unit.source for unit in chance.sample(some, min(500, len(some)))]
            some = []
    filled = time.perf_counter() - start
    times: dict[str, list[float]] = {"exact": [], "fuzzy": []}
    cpu = time.process_time()
    found = 0.0
    for _ in range(ROUNDS):
        texts = [text for text in chance.sample(kept, ARTICLE) if len(text.split()) > 5]
        changed = dict(enumerate(like(text, chance) for text in texts))
        with database.reading() as session:
            memory = Memory(session)
            begin = time.perf_counter()
            assert len(memory.exact(SPACE, texts, [""] * len(texts))) == len(texts)
            times["exact"].append(time.perf_counter() - begin)
            begin = time.perf_counter()
            found += len(memory.like(SPACE, changed, 0.6)) / len(changed) / ROUNDS
            times["fuzzy"].append(time.perf_counter() - begin)
    print(
        f"{name_of(database)}: {count:,} units in {filled:.0f} s, {size_of(database):.0f} MB",
        flush=True,
    )
    for kind, seconds in times.items():
        worst = max(seconds)
        print(
            f"  {kind}, {ARTICLE} sentences: {1000 * statistics.median(seconds):.1f} ms, "
            f"at most {1000 * worst:.1f} ms"
        )
    used = (time.process_time() - cpu) / ROUNDS
    print(f"  processor time of this process for both: {1000 * used:.1f} ms")
    print(f"  like sentences found: {found:.1%}", flush=True)


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("sentences", type=Path, help="a file of sentences, one a line")
    parser.add_argument("--units", type=int, default=1_000_000)
    arguments = parser.parse_args()
    sentences = arguments.sentences.read_text(encoding="utf-8").splitlines()
    for database in databases():
        measure(database, sentences, arguments.units)


if __name__ == "__main__":
    main()
