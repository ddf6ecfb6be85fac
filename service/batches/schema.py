"""The tables of a batch file."""

SCHEMA = """
CREATE TABLE batch (
    id TEXT NOT NULL, client TEXT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL,
    created_at REAL NOT NULL, started_at REAL, finished_at REAL,
    total INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, cached INTEGER NOT NULL DEFAULT 0,
    rejected INTEGER NOT NULL DEFAULT 0,
    sentences INTEGER NOT NULL DEFAULT 0, from_memory INTEGER NOT NULL DEFAULT 0,
    terms INTEGER NOT NULL DEFAULT 0, terms_missing INTEGER NOT NULL DEFAULT 0,
    characters INTEGER NOT NULL DEFAULT 0, characters_done INTEGER NOT NULL DEFAULT 0,
    -- The webhook as JSON, and whether the courier has it.
    callback TEXT, handed_over INTEGER NOT NULL DEFAULT 0);
CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, state TEXT NOT NULL DEFAULT 'pending', characters INTEGER NOT NULL,
    finished_at REAL, seconds REAL);
CREATE INDEX chunks_by_state ON chunks (state, id);
-- `ended` numbers items as they end; `length` is that of the line of the result, in bytes.
-- An item that repeats the request of an earlier one has no chunk and shares its result.
CREATE TABLE items (
    position INTEGER PRIMARY KEY, custom_id TEXT NOT NULL UNIQUE, line INTEGER NOT NULL,
    characters INTEGER NOT NULL, chunk INTEGER, same_as INTEGER,
    status TEXT, ended INTEGER, length INTEGER);
CREATE INDEX items_by_chunk ON items (chunk) WHERE chunk IS NOT NULL;
CREATE INDEX items_by_same ON items (same_as) WHERE same_as IS NOT NULL;
CREATE INDEX items_by_line ON items (line);
CREATE INDEX items_by_end ON items (ended, length) WHERE ended IS NOT NULL;
-- The texts are separate, so that the tables that are searched stay small.
CREATE TABLE requests (position INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE results (position INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE rejected (line INTEGER PRIMARY KEY, custom_id TEXT, error TEXT NOT NULL);
"""
