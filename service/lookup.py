"""What a client's translation memory and glossaries have for a request, before a worker gets it."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy.orm import Session

from models.language_codes import primary_subtag
from pipeline.documents.formats import parse
from pipeline.glossary.candidates import Candidates
from pipeline.glossary.terms import GlossaryVersion, Term, for_region
from pipeline.languages import source_of, tag_of
from pipeline.memory import KnownSentence, MemoryMatch, contexts
from pipeline.requests import Knowledge, TranslationRequest
from pipeline.segments import split
from service.batches.items import KnownItem, TranslationItem
from service.errors import UnknownGlossary
from service.jobs.keys import Client
from service.jobs.requests import QueuedKnownTranslation, QueuedTranslation
from service.settings import Settings
from service.storage.database import Database
from service.storage.glossaries import Glossaries, terms_of
from service.storage.memory import Memory, Space
from service.storage.tables import Glossary

GLOSSARIES = 32
"""Glossaries that a front keeps in memory: one of 20,000 terms takes 20 MB."""


class Lookup:
    """Looks requests up in the memory and in the glossaries of the client that sent them."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._threshold = settings.memory_threshold
        self._candidates = lru_cache(GLOSSARIES)(self._read)

    def knowledge(
        self, client: Client, request: TranslationRequest, *, offers: bool = True
    ) -> Knowledge:
        """What is known for a request whose languages are settled; UnknownGlossary.

        Without `offers` only what will be used: whoever reads no single sentence needs no more.
        """
        source = source_of(request)
        if source == request.target:
            return Knowledge()
        with self._database.reading() as session:
            memory = Memory(session)
            spaces = spaces_of(memory, client, request) if request.memory else []
            if not spaces and not request.glossaries:
                return Knowledge()
            whole = not request.split_sentences
            texts = [segment.text for segment in split(parse(request), source, whole=whole)]
            knowledge = self._of_glossaries(session, client, request, texts)
            if spaces:
                wanted = dict(enumerate(texts)) if offers else {}
                knowledge.known = self.of_sentences(memory, spaces, texts, wanted)
        return knowledge

    def of_glossaries(
        self, client: Client, request: TranslationRequest, texts: Sequence[str]
    ) -> Knowledge:
        """The terms of a request's glossaries that may be in the texts; UnknownGlossary."""
        if not request.glossaries:
            return Knowledge()
        with self._database.reading() as session:
            return self._of_glossaries(session, client, request, texts)

    def informed(self, client: Client, request: QueuedTranslation) -> QueuedTranslation:
        """The request as a worker gets it: with what is known for it."""
        known = self.knowledge(client, request)
        if known == Knowledge():
            return request
        return QueuedKnownTranslation(**request.model_dump(), **known.model_dump())

    def informed_item(self, client: Client, item: TranslationItem) -> TranslationItem:
        """The same for a line of a batch: nobody reads offers there."""
        known = self.knowledge(client, item, offers=False)
        if known == Knowledge():
            return item
        return KnownItem(**item.model_dump(), **known.model_dump())

    def of_sentences(
        self, memory: Memory, spaces: Sequence[Space], texts: Sequence[str], offered: dict[int, str]
    ) -> dict[int, KnownSentence]:
        """What is known of the sentences of one text; like ones are looked for of `offered` alone.

        What an earlier space has comes before what a later one has.
        """
        found: dict[int, MemoryMatch] = {}
        for space in spaces:
            found = memory.exact(space, texts, contexts(texts)) | found
        for space in spaces:
            rest = {number: text for number, text in offered.items() if number not in found}
            found |= memory.like(space, rest, self._threshold)
        return {
            number: KnownSentence(
                source=texts[number], target=match.target if match.used else None, memory=match
            )
            for number, match in found.items()
        }

    def terms_of(
        self, client: str, names: Sequence[str], languages: tuple[str, str], text: str
    ) -> list[Term]:
        """The terms that may be in a text, of the glossaries of these names that are still there."""
        with self._database.reading() as session:
            heads = Glossaries(session).heads(client, names)
        found = {head.name: self._within(client, head, languages, [text]) for head in heads}
        return for_region([t for n in names for t in found.get(n, [])], languages[1])

    def _of_glossaries(
        self, session: Session, client: Client, request: TranslationRequest, texts: Sequence[str]
    ) -> Knowledge:
        names = list(dict.fromkeys(request.glossaries))
        heads = {one.name: one for one in Glossaries(session).heads(client.name, names)}
        languages = source_of(request), request.target
        terms: list[Term] = []
        used = []
        for name in names:
            if name not in heads:
                raise UnknownGlossary(f"You have no glossary {name!r}: keep it first.")
            if _is_of(heads[name], languages):
                terms += self._within(client.name, heads[name], languages, texts)
                used.append(GlossaryVersion(name=name, version=heads[name].version))
        return Knowledge(
            terms=for_region(terms, tag_of(request.target, request.region)), glossary_versions=used
        )

    def _within(
        self, client: str, head: Glossary, languages: tuple[str, str], texts: Sequence[str]
    ) -> list[Term]:
        if not _is_of(head, languages):
            return []
        return self._candidates(client, head.name, head.version).within(texts)

    def _read(self, client: str, name: str, _: str) -> Candidates:
        """The terms of a glossary; the version tells a changed one from that which is kept."""
        with self._database.reading() as session:
            return Candidates(terms_of(Glossaries(session).get(client, name)))


def spaces_of(memory: Memory, client: Client, request: TranslationRequest) -> list[Space]:
    """Where a settled request is looked up: in the memory of its region, then in that of all regions.

    Those that have anything.
    """
    tag = tag_of(request.target, request.region)
    spaces = [
        Space(client.name, source_of(request), target)
        for target in dict.fromkeys((tag, primary_subtag(tag)))
    ]
    return [space for space in spaces if not memory.is_empty(space)]


def _is_of(glossary: Glossary, languages: tuple[str, str]) -> bool:
    source, target = map(primary_subtag, languages)
    return (glossary.source_language, glossary.target_language) == (source, target)
