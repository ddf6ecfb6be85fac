"""`/v2/glossaries`, of one pair each, and `/v3/glossaries`, of several."""

from typing import Any

from fastapi import APIRouter, Response

from service.doors.deepl.glossaries import (
    GlossaryShelf,
    KeptGlossary,
    as_tsv,
    read_dictionaries,
    read_entries,
    read_name,
    read_pair,
    shown_pair,
)
from service.doors.deepl.languages import ServedLanguages
from service.doors.deepl.parameters import InClient, InParameters
from service.front.context import InContext

router = APIRouter()


@router.get("/v2/glossary-language-pairs")
def list_pairs(client: InClient, context: InContext) -> dict[str, Any]:
    """The pairs that a dictionary can be for."""
    del client
    pairs = sorted(ServedLanguages(context.catalogue).pairs)
    return {"supported_languages": [shown_pair(pair) for pair in pairs]}


@router.post("/v2/glossaries", status_code=201)
def create(parameters: InParameters, client: InClient, context: InContext) -> dict[str, Any]:
    """Create a glossary of one pair."""
    shelf = GlossaryShelf(context, client)
    pair = read_pair(parameters, ServedLanguages(context.catalogue))
    kept = shelf.create(read_name(parameters), {pair: read_entries(parameters)})
    return _of_one_pair(shelf, kept)


@router.get("/v2/glossaries")
def list_all(client: InClient, context: InContext) -> dict[str, Any]:
    """The glossaries of one pair."""
    shelf = GlossaryShelf(context, client)
    found = [kept for kept in shelf.all() if len(kept.pairs) == 1]
    return {"glossaries": [_of_one_pair(shelf, kept) for kept in found]}


@router.get("/v2/glossaries/{glossary_id}")
def read(glossary_id: str, client: InClient, context: InContext) -> dict[str, Any]:
    """A glossary of one pair."""
    shelf = GlossaryShelf(context, client)
    return _of_one_pair(shelf, shelf.get(glossary_id))


@router.get("/v2/glossaries/{glossary_id}/entries")
def read_entries_of(glossary_id: str, client: InClient, context: InContext) -> Response:
    """The entries of a glossary of one pair, as tab-separated values."""
    shelf = GlossaryShelf(context, client)
    kept = shelf.get(glossary_id)
    entries = shelf.entries(kept, kept.pairs[0])
    return Response(as_tsv(entries), media_type="text/tab-separated-values; charset=utf-8")


@router.delete("/v2/glossaries/{glossary_id}", status_code=204)
@router.delete("/v3/glossaries/{glossary_id}", status_code=204)
def delete(glossary_id: str, client: InClient, context: InContext) -> None:
    """Delete a glossary."""
    shelf = GlossaryShelf(context, client)
    kept = shelf.get(glossary_id)
    shelf.remove(kept, kept.pairs)


@router.post("/v3/glossaries", status_code=201)
def create_of_many(
    parameters: InParameters, client: InClient, context: InContext
) -> dict[str, Any]:
    """Create a glossary."""
    shelf = GlossaryShelf(context, client)
    dictionaries = read_dictionaries(parameters, ServedLanguages(context.catalogue))
    return _shown(shelf, shelf.create(read_name(parameters), dictionaries))


@router.get("/v3/glossaries")
def list_of_many(client: InClient, context: InContext) -> dict[str, Any]:
    """All glossaries."""
    shelf = GlossaryShelf(context, client)
    return {"glossaries": [_shown(shelf, kept) for kept in shelf.all()]}


@router.get("/v3/glossaries/{glossary_id}")
def read_of_many(glossary_id: str, client: InClient, context: InContext) -> dict[str, Any]:
    """A glossary."""
    shelf = GlossaryShelf(context, client)
    return _shown(shelf, shelf.get(glossary_id))


@router.patch("/v3/glossaries/{glossary_id}")
def change(
    glossary_id: str, parameters: InParameters, client: InClient, context: InContext
) -> dict[str, Any]:
    """Rename a glossary, and add entries to its dictionaries."""
    shelf = GlossaryShelf(context, client)
    kept = shelf.get(glossary_id)
    if "name" in parameters:
        kept = kept.model_copy(update={"name": read_name(parameters)})
    changed = {}
    if "dictionaries" in parameters:
        given = read_dictionaries(parameters, ServedLanguages(context.catalogue))
        for pair, entries in given.items():
            before = shelf.entries(kept, pair) if pair in kept.pairs else {}
            changed[pair] = before | entries
    return _shown(shelf, shelf.update(kept, changed))


@router.put("/v3/glossaries/{glossary_id}/dictionaries")
def replace(
    glossary_id: str, parameters: InParameters, client: InClient, context: InContext
) -> dict[str, Any]:
    """Replace the dictionary of a pair, or add it."""
    shelf = GlossaryShelf(context, client)
    pair = read_pair(parameters, ServedLanguages(context.catalogue))
    entries = read_entries(parameters)
    shelf.update(shelf.get(glossary_id), {pair: entries})
    return shown_pair(pair) | {"entry_count": len(entries)}


@router.delete("/v3/glossaries/{glossary_id}/dictionaries", status_code=204)
def delete_dictionary(
    glossary_id: str, parameters: InParameters, client: InClient, context: InContext
) -> None:
    """Delete the dictionary of a pair."""
    shelf = GlossaryShelf(context, client)
    kept = shelf.get(glossary_id)
    shelf.remove(kept, [read_pair(parameters, ServedLanguages(context.catalogue))])


@router.get("/v3/glossaries/{glossary_id}/entries")
def read_dictionary(
    glossary_id: str, parameters: InParameters, client: InClient, context: InContext
) -> dict[str, Any]:
    """The entries of the dictionary of a pair."""
    shelf = GlossaryShelf(context, client)
    kept = shelf.get(glossary_id)
    pair = read_pair(parameters, ServedLanguages(context.catalogue))
    entries = as_tsv(shelf.entries(kept, pair))
    return {"dictionaries": [shown_pair(pair) | {"entries": entries, "entries_format": "tsv"}]}


def _of_one_pair(shelf: GlossaryShelf, kept: KeptGlossary) -> dict[str, Any]:
    """The glossary as version 2 shows it: by its first pair."""
    pair = kept.pairs[0]
    return {
        "glossary_id": kept.id,
        "name": kept.name,
        "ready": True,
        **shown_pair(pair),
        "creation_time": kept.creation_time,
        "entry_count": shelf.counts(kept)[pair],
    }


def _shown(shelf: GlossaryShelf, kept: KeptGlossary) -> dict[str, Any]:
    """The glossary as version 3 shows it."""
    return {
        "glossary_id": kept.id,
        "name": kept.name,
        "dictionaries": [
            shown_pair(pair) | {"entry_count": count} for pair, count in shelf.counts(kept).items()
        ],
        "creation_time": kept.creation_time,
    }
