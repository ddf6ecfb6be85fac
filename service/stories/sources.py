"""What a revision was sent as: its request, its texts, and its sentences."""

from collections.abc import Sequence

from models.language_codes import primary_subtag, region_subtag
from pipeline.documents.document import Segment as SourceSegment
from pipeline.documents.formats import parse
from pipeline.memory import KnownSentence
from pipeline.requests import TranslationRequest
from pipeline.segments import as_sent, split
from pipeline.sentences import sentences
from service.storage.tables import Revision, Segment


def request_of(revision: Revision, target: str) -> TranslationRequest:
    """Return the request that a version of the revision answers, by the tag of the version."""
    fields = {
        **revision.document,
        "source": revision.source_language,
        "target": primary_subtag(target),
        "region": region_subtag(target),
    }
    return TranslationRequest.model_validate(fields)


def texts_of_source(revision: Revision) -> dict[str, str]:
    """Return the texts of a revision by field, to which the places of segments refer."""
    document = parse(request_of(revision, revision.source_language))
    return {field: document.read(field).sent for field in document.fields}


def known_now(revision: Revision, target: str, rows: Sequence[Segment]) -> dict[int, KnownSentence]:
    """Return the current translation of each sentence of the revision, by its number.

    Of sentences that an editor has joined, each has its part of the translation where that has as many
    sentences, else the first has all of it. A sentence that was split has all its parts.
    """
    document = parse(request_of(revision, target))
    source = [as_sent(document, one) for one in split(document, revision.source_language)]
    known: dict[int, str] = {}
    place = first = 0
    for number, sentence in enumerate(source):
        begin = place
        while place < len(rows) and _begins_in(rows[place], sentence):
            place += 1
        if begin < place:
            own, first = rows[begin:place], number
            text = "".join(f"{row.before}{row.target or ''}" for row in own)
            known[number] = text[len(own[0].before) :]
        else:
            known[number] = ""
            joined = " ".join(known[n] for n in range(first, number))
            together = sentences(joined, primary_subtag(target))
            if len(together) == number + 1 - first:
                known.update(enumerate(together, first))
    return {
        number: KnownSentence(source=source[number].text, target=text, origin="edited")
        for number, text in known.items()
    }


def _begins_in(row: Segment, sentence: SourceSegment) -> bool:
    return row.field == sentence.field and row.start < sentence.end
