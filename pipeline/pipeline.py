"""Process an article: prepare a request, decode its texts, assemble its result.

Without Redis or Celery: both the workers and the command line run it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import TypeVar

from models.errors import DragomanError, ModelUnavailable
from models.routes import Route, route
from pipeline import summarize, translate
from pipeline.alternatives import SEARCHED, whole, with_part
from pipeline.checked import Checked, flags_of, shown
from pipeline.decode import Decoder, Input, Progress
from pipeline.glossary.terms import Term
from pipeline.languages import RouteOf
from pipeline.provenance import result_record
from pipeline.requests import (
    AlternativesRequest,
    Effort,
    KnownTranslation,
    SummaryRequest,
    TranslationRequest,
)
from pipeline.results import (
    Alternative,
    AlternativesResult,
    CheckedSentence,
    FieldSpan,
    RenderedFile,
    SummaryResult,
    TranslatedPart,
    TranslationResult,
    legs_of,
)
from pipeline.spans import Span
from pipeline.style.house import DEFAULT_STYLE, HouseStyle
from pipeline.style.regions import region_of
from pipeline.summarize import PreparedSummary
from pipeline.translate import PreparedTranslation

Request = TranslationRequest | SummaryRequest
Prepared = PreparedTranslation | PreparedSummary
Result = TranslationResult | SummaryResult
R = TypeVar("R", TranslationResult, SummaryResult)
Publish = Callable[[TranslatedPart], None]
"""Called with each part of a translation when it is done. It may raise to stop the work."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The models to decode with, the style to write in, and the default effort.

    `batch_effort` is the default for many requests at once.
    """

    decoder: Decoder
    house: HouseStyle = DEFAULT_STYLE
    effort: Effort = "best"
    batch_effort: Effort = "fast"

    def translate(
        self, request: TranslationRequest, progress: Progress, publish: Publish | None = None
    ) -> TranslationResult:
        """Translate a request whose languages are settled (`pipeline.languages`).

        With `publish`, the text is translated in parts, in reading order, each of which is passed to it.
        Raises UnsupportedPair, UnknownModel, ModelUnavailable or FactsChanged, and what `publish` raises.
        """
        prepared = translate.prepare(request, self._route_of(), self.house)
        effort = request.effort or self.effort
        if publish is None:
            checked = self._decode(prepared.route, prepared.inputs, effort, progress)
        else:
            checked = []
            for part in prepared.parts():
                here = _part(progress, len(checked), len(prepared.inputs))
                decoded = self._decode(part.route, part.inputs, effort, here)
                checked += decoded
                publish(part.translated(decoded))
        return self._recorded(prepared, prepared.assemble(checked, self.decoder.align))

    def summarize(self, request: SummaryRequest, progress: Progress) -> SummaryResult:
        """Choose the summary's sentences in the source, then translate them if asked to.

        Raises UnsupportedPair, UnknownModel, ModelUnavailable, NothingWritten or FactsChanged.
        """
        prepared = summarize.prepare(request, self._route_of(), self.house, self.decoder, progress)
        effort = request.effort or self.effort
        checked = self._decode(prepared.route, prepared.inputs, effort, progress)
        return self._recorded(prepared, prepared.assemble(checked))

    def render(self, request: KnownTranslation, progress: Progress) -> RenderedFile:
        """Write a document with the translations that are known. Raises what `translate` does."""
        result = self.translate(request, progress)
        if result.document is None or result.format is None:
            raise ValueError("Only a document is rendered.")
        return RenderedFile(document=result.document, format=result.format)

    def alternatives(self, request: AlternativesRequest, progress: Progress) -> AlternativesResult:
        """Find other translations of a sentence; those with an error come last.

        Raises UnsupportedPair, UnknownModel or ModelUnavailable.
        """
        prepared = translate.prepare(request, self._route_of(), self.house)
        progress(0, 1)
        route, decoder = prepared.route, self.decoder
        texts = [one.text for one in prepared.inputs]
        outputs = decoder.decode(route, texts, SEARCHED, lambda _: progress(0, 1))
        found: dict[str, Alternative] = {}
        for hypothesis, score in whole(prepared, outputs, decoder.align):
            text, span = hypothesis, Span(0, len(hypothesis))
            if request.part is not None:
                text, span = with_part(request.current, Span(*request.part), hypothesis)
            if text == request.current or text in found or not text[span.start : span.end].strip():
                continue
            found[text] = Alternative(
                text=text,
                score=score,
                span=FieldSpan(field="target", start=span.start, end=span.end),
                flags=self.check(request.text or "", text, (route.source, route.target)).flags,
            )
        progress(1, 1)
        return AlternativesResult(
            source=route.source,
            target=route.target,
            route=legs_of(route),
            alternatives=sorted(found.values(), key=lambda one: one.has_error),
        )

    def check(
        self,
        source: str,
        target: str,
        languages: tuple[str, str],
        terms: Sequence[Term] = (),
        region_subtag: str | None = None,
    ) -> CheckedSentence:
        """Find what an editor should look at in a translation written by a person."""
        region = region_of(languages[1], region_subtag)
        neutral = target if region is None else region.neutral(target)
        flags = flags_of(source, neutral, *languages, self.house.names, terms)
        checked = Checked(target, flags=tuple(flags))
        if region is not None:
            checked = region.flagged(source, checked)
        spans = [
            FieldSpan(field=field, start=0, end=len(text))
            for field, text in (("source", source), ("target", target))
        ]
        return CheckedSentence(flags=shown(checked, spans[:1], spans[1]))

    def run_many(
        self, requests: Sequence[Request], progress: Progress
    ) -> list[Result | DragomanError]:
        """Each request's result, in order, or the error that it would have raised alone.

        Texts with the same route and effort share batches, whichever request they belong to: many headlines
        fill the engine as well as one long article.
        """
        # Checking for a model's files reads the disk: do it once for all requests of a kind.
        route_of = cache(self._route_of())
        results: dict[int, Result | DragomanError] = {}
        prepared: dict[int, Prepared] = {}
        for number, request in enumerate(requests):
            try:
                prepared[number] = self._prepare(request, route_of, progress)
            except DragomanError as error:
                results[number] = error
        alike: dict[tuple[Route, Effort], list[int]] = {}
        for number, work in prepared.items():
            effort = work.request.effort or self.batch_effort
            alike.setdefault((work.route, effort), []).append(number)
        before, total = 0, sum(len(work.inputs) for work in prepared.values())
        for (shared, effort), numbers in alike.items():
            inputs = [one for number in numbers for one in prepared[number].inputs]
            try:
                checked = iter(self._decode(shared, inputs, effort, _part(progress, before, total)))
            except ModelUnavailable as error:
                results.update(dict.fromkeys(numbers, error))
            else:
                for number in numbers:
                    own = list(islice(checked, len(prepared[number].inputs)))
                    results[number] = self._assemble(prepared[number], own)
            before += len(inputs)
        return [results[number] for number in range(len(requests))]

    def _prepare(self, request: Request, route_of: RouteOf, progress: Progress) -> Prepared:
        if isinstance(request, TranslationRequest):
            return translate.prepare(request, route_of, self.house)
        return summarize.prepare(request, route_of, self.house, self.decoder, progress)

    def _assemble(self, prepared: Prepared, checked: Sequence[Checked]) -> Result | DragomanError:
        try:
            if isinstance(prepared, PreparedTranslation):
                return self._recorded(prepared, prepared.assemble(checked, self.decoder.align))
            return self._recorded(prepared, prepared.assemble(checked))
        except DragomanError as error:
            return error

    def _recorded(self, prepared: Prepared, result: R) -> R:
        """The result with the record of who made it."""
        models: list[str] = [leg.model for leg in prepared.route.legs]
        texts: list[str]
        if isinstance(result, TranslationResult):
            texts = (
                list(result.article.fields().values()) if result.article else [result.text or ""]
            )
            # A sentence without models and memory was copied, or written by rule.
            origins = {s.origin for s in result.segments if s.models or s.origin != "machine"}
        else:
            texts = [result.text]
            if isinstance(prepared, PreparedSummary) and any(s.written for s in prepared.chosen):
                writer = self.decoder.catalogue.summarizer(prepared.request.model)
                models = [writer.id, *models]
            origins = {"machine"} if models else set()
        result.provenance = result_record(texts, origins, models, self.decoder.catalogue)
        return result

    def _route_of(self) -> RouteOf:
        return partial(route, self.decoder.catalogue)

    def _decode(
        self, path: Route, inputs: Sequence[Input], effort: Effort, progress: Progress
    ) -> list[Checked]:
        return self.decoder.decode_and_check(path, inputs, self.house.names, effort, progress)


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Report progress for a part of the segments: `before` others are done, of `total` in all."""
    return lambda done, _: progress(before + done, total)
