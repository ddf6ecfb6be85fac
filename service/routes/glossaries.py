"""`/v1/glossaries`: the terms of a newsroom, and how it wants them translated."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from models.language_codes import primary_subtag
from pipeline.glossary.terms import GlossaryName, Term
from pipeline.requests import Language
from service.errors import InvalidRequest, UnsupportedMediaType
from service.front.auth import Caller, allowed
from service.front.context import InContext
from service.jobs.scopes import Scope
from service.storage.glossaries import Glossaries, terms_of
from service.storage.glossary_files import MEDIA_TYPES, Format, read_terms, write_terms
from service.storage.tables import Glossary
from service.stories.views import moment

router = APIRouter(tags=["glossaries"], dependencies=[Depends(allowed(Scope.TRANSLATE))])

Name = Annotated[GlossaryName, Path(description="Your name of the glossary.")]
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "JSON: a list of terms. A table: the columns `source`, `target` (empty: not "
        "translated), `match_case`, `region` and `note`. TBX: the first term of each language.",
        "content": {
            MEDIA_TYPES["json"]: {
                "schema": {"type": "array", "items": Term.model_json_schema()},
                "example": [{"source": "carbon tax", "target": "impuesto al carbono"}],
            },
            **{
                MEDIA_TYPES[format_]: {"schema": {"type": "string"}}
                for format_ in ("tsv", "csv", "tbx")
            },
        },
    }
}


class GlossaryHead(BaseModel):
    """A glossary, without its terms."""

    name: str
    source: str = Field(description="The language of the terms.")
    target: str = Field(description="The language of their translations.")
    version: str = Field(description="Changes with the terms.")
    count: int = Field(description="How many terms it has.")
    updated_at: datetime


class GlossaryView(GlossaryHead):
    """A glossary."""

    terms: list[Term]


class GlossaryList(BaseModel):
    """A client's glossaries."""

    glossaries: list[GlossaryHead]


@router.get("/v1/glossaries", operation_id="listGlossaries")
def list_glossaries(context: InContext, client: Caller) -> GlossaryList:
    """List your glossaries, without their terms."""
    with context.stories.database.reading() as session:
        found = Glossaries(session).heads(client.name)
    return GlossaryList(glossaries=[GlossaryHead(**_head(one)) for one in found])


@router.put(
    "/v1/glossaries/{name}", operation_id="putGlossary", openapi_extra=_BODY, status_code=200
)
async def put(
    request: Request,
    context: InContext,
    client: Caller,
    name: Name,
    source: Annotated[Language, Query(description="The language of the terms.")],
    target: Annotated[Language, Query(description="The language of their translations.")],
) -> GlossaryHead:
    """Keep a glossary; all its terms replace those that it had."""
    languages = primary_subtag(source), primary_subtag(target)
    terms = read_terms(await request.body(), _format_of(request), *languages)
    if len(terms) > (most := context.settings.max_glossary_terms):
        raise InvalidRequest(f"The glossary has {len(terms)} terms; the maximum is {most}.")

    def keep() -> GlossaryHead:
        with context.stories.database.writing() as session:
            kept = Glossaries(session).put(client.name, name, languages, terms)
            return GlossaryHead(**_head(kept))

    return await run_in_threadpool(keep)


@router.get(
    "/v1/glossaries/{name}",
    operation_id="readGlossary",
    response_model=GlossaryView,
    responses={200: {"content": {media_type: {} for media_type in MEDIA_TYPES.values()}}},
)
def read(
    context: InContext,
    client: Caller,
    name: Name,
    format_: Annotated[Format, Query(alias="format", description="Other than `json`: a file.")] = (
        "json"
    ),
) -> Any:
    """Return a glossary with its terms, or as a file."""
    with context.stories.database.reading() as session:
        found = Glossaries(session).get(client.name, name)
    terms = terms_of(found)
    if format_ == "json":
        return GlossaryView(**_head(found), terms=terms)
    data = write_terms(terms, format_, found.source_language, found.target_language)
    return Response(data, media_type=MEDIA_TYPES[format_])


@router.delete("/v1/glossaries/{name}", operation_id="deleteGlossary", status_code=204)
def delete(context: InContext, client: Caller, name: Name) -> None:
    """Delete a glossary. Requests that name it are refused from then on."""
    with context.stories.database.writing() as session:
        Glossaries(session).delete(client.name, name)
    context.stories.database.purge()


def _format_of(request: Request) -> Format:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    for format_, of_format in MEDIA_TYPES.items():
        if media_type == of_format:
            return format_
    raise UnsupportedMediaType(f"Send a glossary as {', '.join(MEDIA_TYPES.values())}.")


def _head(glossary: Glossary) -> dict[str, Any]:
    return {
        "name": glossary.name,
        "source": glossary.source_language,
        "target": glossary.target_language,
        "version": glossary.version,
        "count": glossary.count,
        "updated_at": moment(glossary.updated_at),
    }
