"""The parts of the application that request handlers use."""

from dataclasses import dataclass
from typing import Annotated

import redis.asyncio
from fastapi import Depends, Request

from models.catalogue import Catalogue
from service.batches.store import BatchStore
from service.front.metrics import Metrics
from service.jobs.enqueue import Enqueuer
from service.jobs.quotas import Quotas
from service.jobs.store import JobStore
from service.pages.fetch import PageFetcher
from service.settings import Settings
from service.stories.parts import StoryParts


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of the application, created once by `create_app`."""

    settings: Settings
    catalogue: Catalogue
    store: JobStore
    batches: BatchStore
    enqueuer: Enqueuer
    channels: "redis.asyncio.Redis"
    quotas: Quotas
    metrics: Metrics
    stories: StoryParts
    pages: PageFetcher


def get_context(request: Request) -> Context:
    """Return the parts of the running application."""
    context: Context = request.app.state.context
    return context


InContext = Annotated[Context, Depends(get_context)]
