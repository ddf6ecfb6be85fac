"""The application: puts its parts together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import redis.asyncio
from fastapi import FastAPI, Security
from fastapi.concurrency import run_in_threadpool
from starlette.middleware.cors import CORSMiddleware

from service.batches.feeder import feeding
from service.batches.store import BatchStore
from service.desk import files as desk_files
from service.desk import sign_in
from service.desk.sessions import Sessions
from service.doors.access import Access
from service.doors.deepl import app as deepl
from service.doors.libretranslate import app as libretranslate
from service.front import openapi, problems
from service.front.auth import BEARER, Guard, keys_required
from service.front.body_limit import BodyLimit
from service.front.context import Context
from service.front.headers import SafeHeaders
from service.front.hosts import AllowedHosts
from service.front.metrics import Metrics, RequestTimes
from service.front.origins import SameOrigin
from service.jobs.enqueue import Enqueuer
from service.jobs.keys import KeyStore
from service.jobs.quotas import Quotas
from service.jobs.store import JobStore
from service.pages.fetch import PageFetcher
from service.routes import (
    batches,
    catalogue,
    docs,
    documents,
    glossaries,
    jobs,
    memory,
    operations,
    story_files,
    story_jobs,
    summaries,
    translations,
    usage,
)
from service.routes import (
    stories as story_routes,
)
from service.settings import Settings, get_settings
from service.storage.database import Database
from service.storage.schema import migrate
from service.stories.keeper import Keeper, keeping
from service.stories.parts import StoryParts

DESCRIPTION = """A newsroom's own translation and summary service.

Post a text or an article and get a job. Wait for it with `Prefer: wait=20`, follow its events, or ask
again later. Every error is an RFC 9457 problem that says what to change.
"""


def create_app(settings: Settings | None = None) -> FastAPI:
    """Create the front's application; it connects when it starts to serve."""
    settings = settings or get_settings()
    guarded = keys_required(settings)
    store = JobStore.connect(settings)
    keys = KeyStore(store.client) if guarded else None
    sessions = Sessions(store.client, keys, settings.session_seconds) if keys else None
    quotas = Quotas(store.client)
    batch_store = BatchStore(settings)
    known_models = settings.load_catalogue()
    enqueuer = Enqueuer(store, settings)
    database = Database(settings.database_url)
    stories = StoryParts(database, store, enqueuer, known_models, settings)
    context = Context(
        settings=settings,
        catalogue=known_models,
        store=store,
        batches=batch_store,
        enqueuer=enqueuer,
        channels=redis.asyncio.Redis.from_url(settings.redis_url, socket_connect_timeout=3),
        quotas=quotas,
        metrics=Metrics(store, batch_store),
        stories=stories,
        pages=PageFetcher(settings),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(migrate, database)
        async with (
            feeding(batch_store, store, context.channels, settings),
            keeping(
                Keeper(stories.collector, stories.checking, stories.forgetting),
                context.channels,
                settings,
            ),
        ):
            yield
        database.close()
        context.enqueuer.close()
        await context.channels.aclose()
        store.client.close()

    app = FastAPI(
        title="Dragoman",
        version=version("dragoman"),
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses=openapi.RESPONSES,
    )
    app.state.context = context
    app.add_middleware(
        BodyLimit,
        most=settings.max_body_bytes,
        seconds=settings.request_seconds,
        paths={
            "/v1/batches": settings.batch_bytes,
            "/v1/documents": settings.max_document_bytes,
            "/deepl/v2/document": settings.max_document_bytes,
            "/libretranslate/translate_file": settings.max_document_bytes,
            "/v1/stories/": settings.max_document_bytes,
        },
        inflating={"/v1/batches"},
    )
    app.add_middleware(Guard, keys=keys, sessions=sessions, quotas=quotas)
    app.add_middleware(SameOrigin, allowed=settings.cors_origins)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["*"],
            allow_headers=["*"],
            expose_headers=["Location", "RateLimit", "RateLimit-Policy", "Retry-After"],
        )
    if settings.allowed_hosts or not guarded:
        app.add_middleware(AllowedHosts, names=settings.allowed_hosts)
    app.add_middleware(SafeHeaders)
    app.add_middleware(RequestTimes, metrics=context.metrics)
    problems.install(app)
    access = Access(keys, quotas)
    app.mount("/deepl", deepl.create_app(context, access))
    app.mount("/libretranslate", libretranslate.create_app(context, access))
    app.include_router(sign_in.create_router(sessions))
    app.mount("/desk", desk_files.DeskFiles())
    app.include_router(desk_files.router)
    app.include_router(operations.router)
    app.include_router(docs.router)
    for resource in (
        translations,
        documents,
        summaries,
        story_routes,
        story_files,
        story_jobs,
        memory,
        glossaries,
        batches,
        jobs,
        catalogue,
        usage,
    ):
        app.include_router(resource.router, dependencies=[Security(BEARER)] if guarded else [])
    openapi.describe(app)
    return app
