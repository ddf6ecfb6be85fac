"""DeepL's glossaries over Dragoman's: a glossary has a dictionary for each pair, which is one of Dragoman's.

What Dragoman's glossaries do not have (the id, a free name, the time) is kept in Redis beside the API keys.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session

from pipeline.glossary.terms import Term
from service.doors.deepl.errors import GlossaryMissing, MissingParameter, UnsupportedValue
from service.doors.deepl.languages import ServedLanguages, code_of
from service.doors.deepl.parameters import one_of, required, text
from service.doors.parameters import Parameters
from service.errors import GlossaryNotFound, MalformedRequest
from service.front.context import Context
from service.jobs.keys import Client
from service.storage.glossaries import Glossaries, terms_of

Pair = tuple[str, str]


class KeptGlossary(BaseModel):
    """A glossary, and the pairs of which it has a dictionary."""

    id: str
    name: str
    created_at: datetime
    pairs: list[Pair]

    def name_of(self, pair: Pair) -> str:
        """The name of the Dragoman glossary with the entries of a pair."""
        return f"deepl-{self.id}.{'-'.join(pair)}"

    @property
    def creation_time(self) -> str:
        """The time as DeepL writes it."""
        return self.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class GlossaryShelf:
    """The glossaries of a client."""

    def __init__(self, context: Context, client: Client) -> None:
        self._context = context
        self._client = client
        self._key = f"dragoman:deepl-glossaries:{client.name}"

    def all(self) -> list[KeptGlossary]:
        """All glossaries, the oldest first."""
        records = cast(dict[str, str], self._context.store.client.hgetall(self._key))
        found = map(KeptGlossary.model_validate_json, records.values())
        return sorted(found, key=lambda one: one.created_at)

    def get(self, glossary_id: str) -> KeptGlossary:
        """A glossary; GlossaryMissing, or MalformedRequest for what cannot be an id."""
        try:
            UUID(glossary_id)
        except ValueError:
            raise MalformedRequest(
                "Value for 'glossary_id' not supported: it is no UUID."
            ) from None
        record = cast(str | None, self._context.store.client.hget(self._key, glossary_id))
        if record is None:
            raise GlossaryMissing
        return KeptGlossary.model_validate_json(record)

    def create(self, name: str, dictionaries: Mapping[Pair, Mapping[str, str]]) -> KeptGlossary:
        """Keep a new glossary."""
        kept = KeptGlossary(id=str(uuid4()), name=name, created_at=datetime.now(UTC), pairs=[])
        return self.update(kept, dictionaries)

    def update(
        self, kept: KeptGlossary, dictionaries: Mapping[Pair, Mapping[str, str]]
    ) -> KeptGlossary:
        """Replace the dictionaries of some pairs, and keep the glossary's name."""
        terms = {pair: self._terms(entries) for pair, entries in dictionaries.items()}
        with self._context.stories.database.writing() as session:
            for pair, of_pair in terms.items():
                Glossaries(session).put(self._client.name, kept.name_of(pair), pair, of_pair)
        pairs = [*kept.pairs, *(pair for pair in dictionaries if pair not in kept.pairs)]
        kept = kept.model_copy(update={"pairs": pairs})
        self._write(kept)
        return kept

    def remove(self, kept: KeptGlossary, pairs: Sequence[Pair]) -> None:
        """Delete the dictionaries of some pairs; the glossary with its last one."""
        if any(pair not in kept.pairs for pair in pairs):
            raise GlossaryMissing
        left = [pair for pair in kept.pairs if pair not in pairs]
        if left:
            self._write(kept.model_copy(update={"pairs": left}))
        else:
            self._context.store.client.hdel(self._key, kept.id)
        with self._context.stories.database.writing() as session:
            for pair in pairs:
                Glossaries(session).delete(self._client.name, kept.name_of(pair))
        self._context.stories.database.purge()

    def counts(self, kept: KeptGlossary) -> dict[Pair, int]:
        """The number of entries of each dictionary."""
        names = {kept.name_of(pair): pair for pair in kept.pairs}
        with self._context.stories.database.reading() as session:
            heads = Glossaries(session).heads(self._client.name, list(names))
            found = {names[head.name]: head.count for head in heads}
        return {pair: found.get(pair, 0) for pair in kept.pairs}

    def entries(self, kept: KeptGlossary, pair: Pair) -> dict[str, str]:
        """The entries of a dictionary; GlossaryMissing."""
        if pair not in kept.pairs:
            raise GlossaryMissing
        with self._context.stories.database.reading() as session:
            return _entries(session, self._client, kept.name_of(pair))

    def for_translation(self, glossary_id: str, source: str | None, target: str) -> str:
        """The name of the Dragoman glossary that a translation uses."""
        if source is None:
            raise MissingParameter("source_lang")
        kept = self.get(glossary_id)
        if (source, target) not in kept.pairs:
            raise UnsupportedValue(
                "glossary_id", "The glossary has no dictionary for these languages."
            )
        return kept.name_of((source, target))

    def _terms(self, entries: Mapping[str, str]) -> list[Term]:
        most = self._context.settings.max_glossary_terms
        if not entries or len(entries) > most:
            raise UnsupportedValue("entries", f"Give 1 to {most} entries.")
        try:
            return [
                Term(source=source, target=None if target == source else target)
                for source, target in entries.items()
            ]
        except ValidationError as error:
            raise UnsupportedValue("entries", error.errors()[0]["msg"]) from None

    def _write(self, kept: KeptGlossary) -> None:
        self._context.store.client.hset(self._key, kept.id, kept.model_dump_json())


def read_pair(parameters: Parameters, served: ServedLanguages) -> Pair:
    """The languages of a dictionary."""
    source = served.source(required(parameters, "source_lang"))
    target = served.target(required(parameters, "target_lang"))
    if source is None:
        raise UnsupportedValue("source_lang")
    if target is None or target == source:
        raise UnsupportedValue("target_lang")
    return source, target


def read_entries(parameters: Parameters) -> dict[str, str]:
    """The entries of a dictionary, as a table of tab- or comma-separated values."""
    written = required(parameters, "entries")
    format_ = one_of(parameters, "entries_format", ("tsv", "csv"))
    if format_ is None:
        raise MissingParameter("entries_format")
    entries: dict[str, str] = {}
    for row in _rows(written, format_):
        if len(row) < 2:
            raise UnsupportedValue("entries", f"There is no target for {row[0]!r}.")
        source, target = row[0].strip(), row[1].strip()
        if source in entries:
            raise UnsupportedValue("entries", f"{source!r} stands there twice.")
        entries[source] = target
    return entries


def read_dictionaries(
    parameters: Parameters, served: ServedLanguages
) -> dict[Pair, dict[str, str]]:
    """The dictionaries of a request."""
    given = parameters.get("dictionaries")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise MissingParameter("dictionaries")
    return {read_pair(one, served): read_entries(one) for one in given}


def read_name(parameters: Parameters) -> str:
    """The name of a glossary."""
    name = text(parameters, "name")
    if name is None:
        raise MissingParameter("name")
    if len(name) > _LONGEST_NAME:
        raise UnsupportedValue("name", f"The maximum is {_LONGEST_NAME} characters.")
    return name


def as_tsv(entries: Mapping[str, str]) -> str:
    """The entries as tab-separated values."""
    return "\n".join(f"{source}\t{target}" for source, target in entries.items())


def shown_pair(pair: Pair) -> dict[str, Any]:
    """A pair as DeepL writes it."""
    return {"source_lang": code_of(pair[0]).lower(), "target_lang": code_of(pair[1]).lower()}


_LONGEST_NAME = 1024


def _rows(written: str, format_: str) -> list[list[str]]:
    if format_ == "csv":
        return [row for row in csv.reader(io.StringIO(written)) if row]
    return [line.split("\t") for line in written.splitlines() if line]


def _entries(session: Session, client: Client, name: str) -> dict[str, str]:
    try:
        terms = terms_of(Glossaries(session).get(client.name, name))
    except GlossaryNotFound:
        raise GlossaryMissing from None
    return {term.source: term.wanted for term in terms}
