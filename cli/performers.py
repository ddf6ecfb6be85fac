"""What does the work of a command: the models in this process, or a front."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cli.common import load_catalogue, load_pipeline, local_database
from pipeline.results import SummaryResult, TranslationResult

if TYPE_CHECKING:
    import httpx

    from pipeline.requests import SummaryRequest, TranslationRequest
    from service.settings import Settings

Report = Callable[[int, int], None]
"""Is told the segments done and in total."""


class Performer(Protocol):
    """Translates and summarizes."""

    def translate(self, request: "TranslationRequest", report: Report) -> TranslationResult:
        """Translate; raises DragomanError."""

    def summarize(self, request: "SummaryRequest", report: Report) -> SummaryResult:
        """Summarize; raises DragomanError."""


class LocalModels:
    """The models in this process, with the memory and the glossaries of its database."""

    def __init__(self, glossary_files: Sequence[str] = ()) -> None:
        """`glossary_files` are used in addition to the glossaries of a request."""
        self._catalogue = load_catalogue()
        self._pipeline = load_pipeline(self._catalogue)
        self._glossary_files = glossary_files

    def translate(self, request: "TranslationRequest", report: Report) -> TranslationResult:
        """Translate."""
        from pipeline.languages import settle_translation

        settled = settle_translation(request, self._catalogue)
        return self._pipeline.translate(self._with_knowledge(settled), report)

    def summarize(self, request: "SummaryRequest", report: Report) -> SummaryResult:
        """Summarize."""
        from pipeline.languages import settle_summary

        return self._pipeline.summarize(settle_summary(request, self._catalogue), report)

    def _with_knowledge(self, request: "TranslationRequest") -> "TranslationRequest":
        """Return the request with what the memory, glossaries and files of this machine have for it."""
        from cli.commands.glossary import read_glossary
        from models.language_codes import primary_subtag
        from pipeline.glossary.terms import for_region
        from pipeline.languages import source_of, tag_of
        from pipeline.requests import Knowledge, KnownTranslation
        from service.jobs.keys import ANYONE
        from service.lookup import Lookup
        from service.settings import get_settings

        knowledge = Knowledge()
        if request.memory or request.glossaries:
            with local_database() as database:
                knowledge = Lookup(database, get_settings()).knowledge(ANYONE, request)
        pair = source_of(request), primary_subtag(request.target)
        for file in self._glossary_files:
            knowledge.terms += for_region(
                read_glossary(Path(file), *pair), tag_of(request.target, request.region)
            )
        return KnownTranslation(**request.model_dump(), **knowledge.model_dump())


class Front:
    """A front, whose workers have their models loaded."""

    def __init__(self, client: "httpx.Client") -> None:
        """`client` sends its requests to the front."""
        self._client = client

    def translate(self, request: "TranslationRequest", report: Report) -> TranslationResult:
        """Translate."""
        return TranslationResult.model_validate(self._result("/v1/translations", request, report))

    def summarize(self, request: "SummaryRequest", report: Report) -> SummaryResult:
        """Summarize."""
        return SummaryResult.model_validate(self._result("/v1/summaries", request, report))

    def _result(
        self, path: str, request: "TranslationRequest | SummaryRequest", report: Report
    ) -> dict[str, Any]:
        from cli.server import ServerUnavailable, checked, event_data, problem_error

        body = request.model_dump(mode="json", exclude_unset=True, exclude_none=True)
        job_id = checked(self._client.post(path, json=body)).json()["id"]
        with self._client.stream("GET", f"/v1/jobs/{job_id}/events") as events:
            checked(events)
            for data in event_data(events):
                job = json.loads(data)
                if job.get("state") == "succeeded":
                    result: dict[str, Any] = job["result"]
                    return result
                if job.get("state") not in {"queued", "running"}:
                    problem = job.get("error") or {"status": 500, "detail": "The job was deleted."}
                    raise problem_error(problem["status"], problem["detail"])
                report(job["progress"]["done"], job["progress"]["total"])
        raise ServerUnavailable("The connection ended before the result came.")


@contextmanager
def performer(server: str | None, glossary_files: Sequence[str] = ()) -> Iterator[Performer]:
    """The front at `server`, else the stack that runs on `data`, else the models in this process.

    The stack is used only where it does what this process would: glossary files and settings of this
    process do not reach it.
    """
    from cli.server import connect
    from service.errors import InvalidRequest
    from service.settings import get_settings

    settings = get_settings()
    if server is not None and glossary_files:
        raise InvalidRequest(
            f"{glossary_files[0]}: a server finds glossaries by their names. "
            "Send it the file first (PUT /v1/glossaries/NAME), then give the name."
        )
    address = server or (None if glossary_files else _running_stack(settings))
    if address is None:
        yield LocalModels(glossary_files)
        return
    with connect(address, settings) as client:
        yield Front(client)


def _running_stack(settings: "Settings") -> str | None:
    """The address of the stack on `data`, if it accepts the requests of this process."""
    from cli.state import find_state

    state = find_state()
    if state is None or not settings.model_fields_set <= {"api_key"}:
        return None
    import httpx

    try:
        session = httpx.get(f"{state.address}/desk/session", timeout=1).raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return None  # it was killed, or hangs
    return None if session["keys_required"] and settings.api_key is None else state.address
