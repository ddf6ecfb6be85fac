"""Requests that may name a web page instead of its text."""

from typing import Annotated, ClassVar, TypeVar

from pydantic import AfterValidator, Field

from pipeline.requests import Source
from service.jobs.requests import QueuedSummary, QueuedTranslation, is_url
from service.pages.fetch import PageFetcher
from service.stories.requests import StoryRequest


class FromPage(Source):
    """A text, an article, a document, or the address of a web page."""

    sources: ClassVar[tuple[str, ...]] = (*Source.sources, "url")

    url: Annotated[str, AfterValidator(is_url)] | None = Field(
        None,
        max_length=2000,
        description="A web page: the front fetches it and takes its article.",
        examples=["https://news.example/mayor"],
    )


class TranslationOfPage(FromPage, QueuedTranslation):
    """A translation of a text, or of the article of a web page."""


class SummaryOfPage(FromPage, QueuedSummary):
    """A summary of a text, or of the article of a web page."""


class StoryOfPage(FromPage, StoryRequest):
    """A story, or a web page that has it."""


Request = TypeVar("Request", bound=Source)


async def with_article(fetcher: PageFetcher, body: FromPage, kind: type[Request]) -> Request:
    """The request with the article of its page, if it has one. Raises PageNotFetched."""
    fields = body.model_dump(exclude={"url"}, exclude_unset=True)
    if body.url is not None:
        found = await fetcher.fetch(body.url)
        fields |= {"article": found.article, "page": found.page}
    return kind.model_validate(fields)
