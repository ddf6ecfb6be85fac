"""`/translate_file`: a file is translated and kept under an address that cannot be guessed."""

from pathlib import PurePath
from secrets import token_urlsafe

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from pipeline.documents.formats import count_characters, texts_of
from service.doors.libretranslate.languages import read_languages
from service.doors.libretranslate.parameters import InClient, InParameters, Missing, required
from service.doors.translations import queue, succeeded
from service.doors.uploads import Upload, find, keep, read_upload, translated_file
from service.errors import NotFound
from service.front.context import InContext
from service.front.waiting import finished

router = APIRouter()


@router.post("/translate_file")
async def translate_file(
    request: Request, parameters: InParameters, client: InClient, context: InContext
) -> dict[str, str]:
    """Translate a file; the answer has the address of the translated one."""
    file = parameters.get("file")
    if not isinstance(file, UploadFile):
        raise Missing("file")
    name = PurePath(file.filename or "").name
    upload = read_upload(name, await file.read(), required(parameters, "target"))
    languages = await run_in_threadpool(
        read_languages, context.catalogue, parameters, texts_of(upload)
    )
    settled = upload.model_copy(update={"source": languages.source, "target": languages.target})
    job_id = await run_in_threadpool(queue, context, client, settled)
    succeeded(await finished(context, job_id, context.settings.max_wait_seconds))
    secret = token_urlsafe(32)
    kept = Upload(client=client.name, name=name, characters=count_characters(settled), job=job_id)
    await run_in_threadpool(keep, context, secret, kept)
    return {"translatedFileUrl": str(request.url_for("download_file", secret=secret, name=name))}


@router.get("/download_file/{secret}/{name}")
def download_file(secret: str, name: str, context: InContext) -> Response:
    """A translated file, for whoever has its address."""
    found = find(context, secret)
    if found is None or found.job is None or found.name != name:
        raise NotFound
    return translated_file(name, context.store.get(found.job))
