"""The words of stories, with an index: what a search finds them by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from service.storage.search import words_of

revision = "0005"
down_revision = "0004"

_AT_ONCE = 500
"""Stories whose words are read together."""
_SQLITE = (
    # The words are folded, and separated by spaces: `ascii` takes all other characters as letters.
    "CREATE VIRTUAL TABLE story_search USING fts5(words, content='story_words', "
    "content_rowid='story_id', detail=none, columnsize=0, tokenize='ascii')",
    "CREATE TRIGGER story_words_added AFTER INSERT ON story_words BEGIN "
    "INSERT INTO story_search(rowid, words) VALUES (new.story_id, new.words); END",
    "CREATE TRIGGER story_words_deleted AFTER DELETE ON story_words BEGIN "
    "INSERT INTO story_search(story_search, rowid, words) "
    "VALUES ('delete', old.story_id, old.words); END",
    "CREATE TRIGGER story_words_changed AFTER UPDATE ON story_words BEGIN "
    "INSERT INTO story_search(story_search, rowid, words) "
    "VALUES ('delete', old.story_id, old.words); "
    "INSERT INTO story_search(rowid, words) VALUES (new.story_id, new.words); END",
)
_POSTGRESQL = (
    # Kept in the row: PostgreSQL thinks that reading all rows is cheap where their words are elsewhere.
    "ALTER TABLE story_words ALTER COLUMN words SET STORAGE MAIN",
    "CREATE INDEX story_search ON story_words USING gin (words)",
)
_WORDS = sa.table(
    "story_words",
    sa.column("story_id", sa.Integer()),
    sa.column("words", sa.Text().with_variant(TSVECTOR(), "postgresql")),
)


def upgrade() -> None:
    """Make the table and its index, and fill it."""
    connection = op.get_bind()
    op.create_table(
        "story_words",
        sa.Column("story_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("words", _WORDS.c.words.type, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["stories.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("story_id"),
    )
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
    ids = connection.scalars(sa.text("SELECT id FROM stories ORDER BY id")).all()
    for begin in range(0, len(ids), _AT_ONCE):
        _fill(connection, ids[begin : begin + _AT_ONCE])
    op.drop_column("stories", "searched")


def _fill(connection: sa.Connection, ids: Sequence[int]) -> None:
    texts: dict[int, list[str]] = {}
    within = {"first": ids[0], "last": ids[-1]}
    for row in connection.execute(
        sa.text("SELECT id, name, title FROM stories WHERE id BETWEEN :first AND :last"), within
    ):
        texts[row.id] = [row.name, row.title]
    for row in connection.execute(
        sa.text(
            "SELECT stories.id, segments.source, segments.target FROM stories "
            "JOIN revisions ON revisions.story_id = stories.id AND number = revision "
            "JOIN versions ON versions.revision_id = revisions.id "
            "JOIN segments ON segments.version_id = versions.id "
            "WHERE stories.id BETWEEN :first AND :last"
        ),
        within,
    ):
        texts[row.id] += [row.source, row.target or ""]
    connection.execute(
        _WORDS.insert(),
        [{"story_id": story, "words": " ".join(words_of(found))} for story, found in texts.items()],
    )


def downgrade() -> None:
    """Drop the words and their index."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute("DROP TABLE story_search")
    op.drop_table("story_words")
    op.add_column("stories", sa.Column("searched", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE stories SET searched = lower(name || ' ' || title)")
