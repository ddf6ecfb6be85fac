"""Full-text search of stories: the words that a story is found by, and the condition that finds them."""

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import ColumnElement, cast, column, false, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.storage.tables import StoryWords

_WORD = re.compile(r"[\u2e80-\u9fff]|[^\W_\u2e80-\u9fff]+")
"""A run of letters and digits; in Chinese and Japanese, which have no spaces, a single character."""
_LONGEST = 60
"""Characters of a word that are indexed: PostgreSQL takes words of 2 kB at most."""
_MOST = 900_000
"""Bytes of a story's words that are indexed: PostgreSQL takes 1 MB at most."""
_INDEX = table("story_search", column("rowid"), column("story_search"))
"""SQLite's index of the words; in PostgreSQL their column has one."""


def words_of(texts: Iterable[str]) -> list[str]:
    """The words of the texts, each once, in the order in which they come, without case and accents."""
    found: dict[str, None] = {}
    size = 0
    for each in texts:
        for word in _WORD.findall(_folded(each)):
            short = word[:_LONGEST]
            if short in found:
                continue
            size += len(short.encode()) + 1
            if size > _MOST:
                return list(found)
            found[short] = None
    return list(found)


def has_words(
    session: Session, story_id: InstrumentedAttribute[int], query: str
) -> ColumnElement[bool]:
    """The condition that a story has all words of the query, or words that begin with them."""
    wanted = words_of([query])
    if not wanted:
        return false()
    if session.get_bind().dialect.name == "sqlite":
        matched = select(_INDEX.c.rowid).where(
            _INDEX.c.story_search.match(" ".join(f'"{word}"*' for word in wanted))
        )
    else:
        asked = cast(" & ".join(f"'{word}':*" for word in wanted), TSQUERY)
        matched = select(StoryWords.story_id).where(StoryWords.words.op("@@")(asked))
    return story_id.in_(matched)


def compact(session: Session) -> None:
    """Remove the words of deleted stories from SQLite's index, which else keeps them for a while.

    It rewrites the index: 3 to 5 s for 100,000 stories.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO story_search(story_search) VALUES ('optimize')"))


def _folded(given: str) -> str:
    decomposed = unicodedata.normalize("NFKD", given.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
