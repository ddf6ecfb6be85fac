"""What the translation memory knows of a request's sentences, before a worker gets it."""

from collections.abc import Sequence

from models.language_codes import primary_subtag
from pipeline.documents.formats import parse
from pipeline.languages import source_of
from pipeline.memory import KnownSentence, contexts
from pipeline.requests import TranslationRequest
from pipeline.segments import split
from service.batches.items import KnownItem, TranslationItem
from service.jobs.keys import Client
from service.jobs.requests import QueuedKnownTranslation, QueuedTranslation
from service.settings import Settings
from service.storage.database import Database
from service.storage.memory import Memory, Space


class Lookup:
    """Looks requests up in the memory of the client that sent them."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._threshold = settings.memory_threshold

    def known(
        self, client: Client, request: TranslationRequest, *, offers: bool = True
    ) -> dict[int, KnownSentence]:
        """What is known of the sentences of a request whose languages are settled, by their number.

        Without `offers` only what will be used: whoever reads no single sentence needs no more.
        """
        source = source_of(request)
        if not request.memory or source == request.target:
            return {}
        space = Space(client.name, source, primary_subtag(request.target))
        with self._database.reading() as session:
            memory = Memory(session)
            if memory.is_empty(space):
                return {}
            whole = not request.split_sentences
            texts = [segment.text for segment in split(parse(request), source, whole=whole)]
            wanted = dict(enumerate(texts))
            return self.of_sentences(memory, space, texts, wanted if offers else {})

    def informed(self, client: Client, request: QueuedTranslation) -> QueuedTranslation:
        """The request as a worker gets it: with what is known of its sentences."""
        known = self.known(client, request)
        if not known:
            return request
        return QueuedKnownTranslation(**request.model_dump(), known=known)

    def informed_item(self, client: Client, item: TranslationItem) -> TranslationItem:
        """The same for a line of a batch: nobody reads offers there."""
        known = self.known(client, item, offers=False)
        return KnownItem(**item.model_dump(), known=known) if known else item

    def of_sentences(
        self, memory: Memory, space: Space, texts: Sequence[str], offered: dict[int, str]
    ) -> dict[int, KnownSentence]:
        """What is known of the sentences of one text; like ones are looked for of `offered` alone."""
        found = memory.exact(space, texts, contexts(texts))
        rest = {number: text for number, text in offered.items() if number not in found}
        found |= memory.like(space, rest, self._threshold)
        return {
            number: KnownSentence(
                source=texts[number], target=match.target if match.used else None, memory=match
            )
            for number, match in found.items()
        }
