"""`/v1/batches`: many requests in one body, one per line."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import ValidationError

from service.batches.batch import Batch, BatchPage
from service.batches.file import BatchFile
from service.batches.receive import Lines, receive
from service.batches.records import chunk_ref
from service.batches.results import Order
from service.batches.store import WAKE, batch_channel
from service.batches.webhooks import status, webhook_ref
from service.errors import (
    BatchDamaged,
    BatchNotFound,
    InvalidRequest,
    KeyReused,
    RangeNotSatisfiable,
    Unauthorized,
    UnsupportedMediaType,
    invalid_request,
    problem,
)
from service.front.auth import KeyCheck, allowed
from service.front.context import Context, InContext
from service.front.waiting import changes
from service.jobs.keys import Client
from service.jobs.quotas import fields
from service.jobs.requests import Callback
from service.jobs.scopes import Scope
from service.webhooks.addresses import check_url

JSONL = "application/jsonl"
_TYPES = {JSONL, "application/x-ndjson", "application/x-jsonlines", "application/json-lines"}
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})", re.ASCII)

router = APIRouter(tags=["batches"])

Batcher = Annotated[Client, Depends(allowed(Scope.BATCH))]

BODY = {
    "requestBody": {
        "required": True,
        "description": "One JSON object per line: `custom_id`, unique in the batch; `task`, `translate` or "
        "`summarize`; and the fields of `POST /v1/translations` or `/v1/summaries`.",
        "content": {
            JSONL: {
                "schema": {"type": "string"},
                "example": '{"custom_id": "a", "task": "translate", "text": "It is late.", '
                '"source": "en", "target": "es"}\n',
            }
        },
    }
}


@router.post("/v1/batches", operation_id="createBatch", status_code=202, openapi_extra=BODY)
async def create(
    request: Request,
    context: InContext,
    client: Batcher,
    response: Response,
    strict: Annotated[bool, Query(description="Refuse the batch if a line is invalid.")] = False,
    callback: Annotated[
        str | None, Query(description="URL of a webhook to call when the batch has ended.")
    ] = None,
    callback_secret: Annotated[
        str | None,
        Header(description="Signs its messages: `whsec_` and 24 to 64 bytes in base64."),
    ] = None,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> Batch:
    """Accept a batch, gzipped if `Content-Encoding` says so. Invalid lines are named and left out."""
    webhook = _callback(context, callback, callback_secret)
    lines = Lines(context.settings, gzipped=_gzipped(request))
    batch_id = await run_in_threadpool(context.batches.find, client, idempotency_key)
    if batch_id is not None:
        await receive(request.stream(), lines, None)
    else:
        await run_in_threadpool(context.batches.check_limits, client)
        inform = context.stories.lookup.informed_item
        with context.batches.intake(context.catalogue, client, inform) as intake:
            await receive(request.stream(), lines, intake)
            await run_in_threadpool(intake.check, strict=strict)
            windows = await run_in_threadpool(
                context.quotas.spend, client, "characters", intake.characters
            )
            batch_id = await run_in_threadpool(
                context.batches.add, intake, lines.digest, client, idempotency_key, webhook
            )
        for name, value in fields(windows).items():
            response.headers.append(name, value)
        await run_in_threadpool(context.store.client.publish, WAKE, batch_id)
    response.headers["Location"] = f"/v1/batches/{batch_id}"
    return await run_in_threadpool(_same, context, client, batch_id, lines.digest)


@router.get("/v1/batches", operation_id="listBatches")
def list_batches(
    context: InContext,
    client: Batcher,
    page: Annotated[int, Query(ge=0, le=100_000)] = 0,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> BatchPage:
    """Your batches, the newest first."""
    return context.batches.listed(client, page, size)


@router.get("/v1/batches/{batch_id}", operation_id="readBatch")
def read(batch_id: str, context: InContext, client: Batcher) -> Batch:
    """Return the state of a batch: counts, characters, rate, time left."""
    return view(context, client, batch_id)


@router.delete(
    "/v1/batches/{batch_id}", operation_id="cancelBatch", response_model=Batch, responses={204: {}}
)
def cancel(
    batch_id: str,
    context: InContext,
    client: Batcher,
    forget: Annotated[bool, Query(description="Also delete the texts and the results.")] = False,
) -> Any:
    """Cancel a batch. Its results so far can be read until they expire."""
    with closing(open_file(context, client, batch_id)) as file:
        file.cancel()
        sent = file.sent()
    if forget:
        context.batches.remove(batch_id)
        context.store.client.delete(webhook_ref(batch_id).key)
        for chunk in sent:
            context.store.leases.delete(chunk_ref(batch_id, chunk))
    for channel in (WAKE, batch_channel(batch_id)):
        context.store.client.publish(channel, "cancelled")
    return Response(status_code=204) if forget else view(context, client, batch_id)


async def _existing(batch_id: str, context: InContext, client: Batcher) -> Client:
    """Return the client, once the batch is known to exist: a stream's status cannot change later."""
    await run_in_threadpool(view, context, client, batch_id)
    return client


@router.get(
    "/v1/batches/{batch_id}/events", operation_id="followBatch", response_class=EventSourceResponse
)
async def follow(
    batch_id: str,
    context: InContext,
    client: Annotated[Client, Depends(_existing)],
    check_key: KeyCheck,
) -> AsyncIterator[ServerSentEvent]:
    """Send server-sent events: `progress` at each change, then `finished`, `deleted` or `error`."""

    def read() -> Batch:
        check_key()
        return view(context, client, batch_id)

    try:
        async for batch in changes(context, batch_channel(batch_id), read):
            yield ServerSentEvent(
                event="finished" if batch.state.finished else "progress",
                data=batch.model_dump(mode="json", exclude_none=True),
            )
    except BatchNotFound:
        yield ServerSentEvent(event="deleted", data={"id": batch_id})
    except (BatchDamaged, Unauthorized) as error:  # an Unauthorized: the key was revoked meanwhile
        yield ServerSentEvent(event="error", data=problem(error))


@router.get(
    "/v1/batches/{batch_id}/results", operation_id="readResults", response_class=StreamingResponse
)
def results(
    batch_id: str,
    context: InContext,
    client: Batcher,
    order: Annotated[
        Order,
        Query(
            description="`input` ends at the first line that is not done yet; `finished` has all "
            "lines that are done. Lines that were returned once never change."
        ),
    ] = Order.INPUT,
    after: Annotated[
        str | None, Query(description="`custom_id` of the last line that you have.")
    ] = None,
    range_: Annotated[str | None, Header(alias="Range", description="`bytes=N-`.")] = None,
) -> StreamingResponse:
    """Return the results so far, one `{custom_id, status, result | error}` per line."""
    file = open_file(context, client, batch_id)
    try:
        if after is not None:
            return _stream(file, file.results.lines(order, _place(file, order, after)))
        size = file.results.size(order)
        headers = {"Accept-Ranges": "bytes"}
        wanted = _RANGE.fullmatch(range_ or "")
        if wanted is None:
            headers["Content-Length"] = str(size)
            return _stream(file, _cut(file.results.lines(order), size), headers)
        first = int(wanted[1])
        last = min(int(wanted[2] or size), size - 1)
        if first > last:
            raise RangeNotSatisfiable
        headers |= {
            "Content-Length": str(last - first + 1),
            "Content-Range": f"bytes {first}-{last}/{size}",
        }
        lines = file.results.lines(order, *file.results.seek(order, first))
        return _stream(file, _cut(lines, last - first + 1), headers, 206)
    except BaseException:
        file.close()
        raise


@router.get(
    "/v1/batches/{batch_id}/errors", operation_id="readErrors", response_class=StreamingResponse
)
def errors(batch_id: str, context: InContext, client: Batcher) -> StreamingResponse:
    """Return the invalid and the failed lines, one `{line, custom_id, status, error}` per line."""
    file = open_file(context, client, batch_id)
    return _stream(file, file.results.errors())


def _place(file: BatchFile, order: Order, after: str) -> int:
    try:
        return file.results.place(order, after)
    except LookupError:
        raise InvalidRequest(f"`after`: there is no result with the custom_id {after!r}.") from None


def open_file(context: Context, client: Client, batch_id: str) -> BatchFile:
    """Open the client's batch, which the caller closes; raise BatchNotFound for another client's."""
    file = context.batches.open(batch_id)
    if file.head().client != client.name:
        file.close()
        raise BatchNotFound
    return file


def view(context: Context, client: Client, batch_id: str) -> Batch:
    """Return the client's batch as it is now."""
    with closing(open_file(context, client, batch_id)) as file:
        return _view(context, file)


def _view(context: Context, file: BatchFile) -> Batch:
    batch = file.view(context.settings.retention_seconds)
    callback = file.callback()
    if callback is not None:
        batch.callback = status(context.store, batch.id, callback)
    return batch


def _callback(context: Context, url: str | None, secret: str | None) -> str | None:
    """Return the webhook of a request as JSON; raise InvalidRequest where it is invalid."""
    if url is None:
        return None
    try:
        callback = Callback(url=url, secret=secret)
    except ValidationError as error:
        raise invalid_request(error.errors(), "callback") from None
    check_url(callback.url, context.settings.webhook_allow)
    return callback.model_dump_json(exclude_none=True)


def _same(context: Context, client: Client, batch_id: str, digest: str) -> Batch:
    """Return the batch that was sent; raise KeyReused where its key names one with other content."""
    with closing(open_file(context, client, batch_id)) as file:
        if file.head().digest != digest:
            raise KeyReused
        return _view(context, file)


def _gzipped(request: Request) -> bool:
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if content_type not in _TYPES:
        raise UnsupportedMediaType(f"Send the body as {JSONL}, one JSON object per line.")
    if encoding not in {"identity", "gzip"}:
        raise UnsupportedMediaType("Send the body uncompressed or gzipped.")
    return encoding == "gzip"


def _cut(lines: Iterator[bytes], length: int) -> Iterator[bytes]:
    """Yield the first `length` bytes of the lines, and none that have been added since."""
    for line in lines:
        if length <= 0:
            return
        yield line[:length]
        length -= len(line)


def _stream(
    file: BatchFile,
    lines: Iterator[bytes],
    headers: dict[str, str] | None = None,
    status: int = 200,
) -> StreamingResponse:
    def body() -> Iterator[bytes]:
        with closing(file):
            yield from lines

    return StreamingResponse(body(), status, headers, media_type=JSONL)
