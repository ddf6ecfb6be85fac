"""The way of an article: document → segments → batches → engine → document.

Pure but for the models: no Redis, no Celery. The tasks and the command line both run it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from models.catalogue import Catalogue
from models.engine import Output, Translator
from models.errors import DragomanError, ModelUnavailable
from models.languages import Leg, Route, route
from models.load import load_translator
from service.schemas import (
    Article,
    FurnitureLine,
    RouteLeg,
    Span,
    SummaryRequest,
    SummaryResult,
    SummarySentence,
    TranslatedSegment,
    TranslationRequest,
    TranslationResult,
)
from workers import summary
from workers.batching import plan
from workers.documents import BlockKind, Document, Segment
from workers.documents.plain import parse_article, parse_text
from workers.documents.render import render
from workers.segment import fit, split

Progress = Callable[[int, int], None]
"""Called with segments done and segments known, before the first batch and after each. May raise,
to stop the work between batches."""
Request = TranslationRequest | SummaryRequest
Result = TranslationResult | SummaryResult
R_co = TypeVar("R_co", bound=Result, covariant=True)


@dataclass(frozen=True, slots=True)
class _Work(Generic[R_co]):
    """A request, read: the texts that take a route, and what makes the result of what comes out."""

    path: Route
    texts: list[str]
    finish: Callable[[list[Output]], R_co]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The catalogue to choose models from, where converted ones are kept, a batch's tokens."""

    catalogue: Catalogue
    models_dir: Path
    batch_tokens: int

    def translate(self, request: TranslationRequest, progress: Progress) -> TranslationResult:
        """Translate a request whose languages are settled (`service.resolve`).

        Raises UnsupportedPair, UnknownModel or ModelUnavailable.
        """
        work = self._translation(request)
        return work.finish(self._run(work.path, work.texts, progress))

    def summarize(self, request: SummaryRequest, progress: Progress) -> SummaryResult:
        """Choose the summary's sentences in the source, then translate them if asked to.

        Raises UnsupportedPair, UnknownModel or ModelUnavailable.
        """
        work = self._summary(request)
        return work.finish(self._run(work.path, work.texts, progress))

    def run_many(
        self, requests: Sequence[Request], progress: Progress
    ) -> list[Result | DragomanError]:
        """Each request's result, in order, or what it would have raised alone.

        Texts that take the same route share its batches, whichever request they are of: many
        headlines fill the engine as well as one long read.
        """
        results: dict[int, Result | DragomanError] = {}
        works: dict[int, _Work[Result]] = {}
        for number, request in enumerate(requests):
            try:
                works[number] = self._work(request)
            except DragomanError as error:
                results[number] = error
        by_path: dict[Route, list[int]] = {}
        for number, work in works.items():
            by_path.setdefault(work.path, []).append(number)
        before, total = 0, sum(len(work.texts) for work in works.values())
        for path, numbers in by_path.items():
            texts = [text for number in numbers for text in works[number].texts]
            try:
                outputs = iter(self._run(path, texts, _part(progress, before, total)))
            except ModelUnavailable as error:
                results.update(dict.fromkeys(numbers, error))
            else:
                for number in numbers:
                    of_work = list(islice(outputs, len(works[number].texts)))
                    results[number] = _finished(works[number], of_work)
            before += len(texts)
        return [results[number] for number in range(len(requests))]

    def _work(self, request: Request) -> _Work[Result]:
        if isinstance(request, TranslationRequest):
            return self._translation(request)
        return self._summary(request)

    def _translation(self, request: TranslationRequest) -> _Work[TranslationResult]:
        source, target = _settled(request.source), request.target
        path = route(self.catalogue, source, target, request.model)
        document = _parse(request)
        segments = split(document, source)

        def finish(outputs: list[Output]) -> TranslationResult:
            rendered = render(
                document,
                segments,
                [output.text for output in outputs],
                # A text that is in its language already comes back untouched.
                keep_furniture=request.furniture == "keep" or not path.legs,
            )
            fields = rendered.fields
            return TranslationResult(
                source=source,
                target=target,
                route=_legs(path),
                text=fields.get("text") if request.article is None else None,
                article=Article.model_construct(None, **fields) if request.article else None,
                segments=[
                    TranslatedSegment(
                        source=segment.text,
                        target=output.text,
                        source_span=_span(segment),
                        target_span=Span(field=segment.field, start=start, end=end),
                        models=path.models,
                        score=output.score,
                        flags=_flags(output),
                    )
                    for segment, output, (start, end) in zip(
                        segments, outputs, rendered.offsets, strict=True
                    )
                ],
                furniture=_furniture(document),
            )

        return _Work(path, [segment.text for segment in segments], finish)

    def _summary(self, request: SummaryRequest) -> _Work[SummaryResult]:
        source = _settled(request.source)
        target = request.target or source
        path = route(self.catalogue, source, target)
        document = _parse(request)
        segments = split(document, source)
        chosen = summary.summarize(
            document,
            segments,
            style=summary.Style(request.style),
            length=summary.Length(**request.length.model_dump(exclude_none=True)),
        )

        def finish(outputs: list[Output]) -> SummaryResult:
            return SummaryResult(
                source=source,
                target=target,
                route=_legs(path),
                style=request.style,
                text=_join([output.text for output in outputs], request.style),
                sentences=[
                    SummarySentence(
                        text=output.text,
                        source_text=sentence.text,
                        sources=[_span(segments[index]) for index in sentence.segments],
                        flags=_flags(output),
                    )
                    for sentence, output in zip(chosen, outputs, strict=True)
                ],
                furniture=_furniture(document),
            )

        return _Work(path, [sentence.text for sentence in chosen], finish)

    def _run(self, path: Route, texts: Sequence[str], progress: Progress) -> list[Output]:
        """Each text through every leg of the route, in order; a text that recurs is run once."""
        outputs = {text: Output(text) for text in texts}
        progress(0, len(texts))
        for leg in path.legs:
            translator = load_translator(
                self.catalogue.get(leg.model, "translate"), self.models_dir
            )
            unique = list(outputs)
            results = _batched(
                translator,
                [outputs[text].text for text in unique],
                self.batch_tokens,
                leg,
                lambda share: progress(int(share * len(texts)), len(texts)),
            )
            outputs = dict(zip(unique, results, strict=True))
        progress(len(texts), len(texts))
        return [outputs[text] for text in texts]


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Progress for a part of the segments, of which `before` others are done and `total` known."""
    return lambda done, _: progress(before + done, total)


def _finished(work: _Work[R_co], outputs: list[Output]) -> R_co | DragomanError:
    try:
        return work.finish(outputs)
    except DragomanError as error:
        return error


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a text that the model takes whole, and the white space around it."""

    before: str
    text: str
    after: str


def _batched(
    translator: Translator,
    texts: Sequence[str],
    budget: int,
    leg: Leg,
    done: Callable[[float], None],
) -> list[Output]:
    """Translate the texts in batches by token budget; a text that is too long goes in pieces.

    `done` gets the share of the work, from 0 to 1, after each batch.
    """
    pieces = [_pieces(translator, text) for text in texts]
    flat = [piece for of_text in pieces for piece in of_text]
    lengths = translator.count_tokens([piece.text for piece in flat])
    results: dict[int, Output] = {}
    for batch in plan(lengths, budget):
        outputs = translator.translate(
            [flat[index].text for index in batch], source=leg.source, target=leg.target
        )
        results.update(zip(batch, outputs, strict=True))
        done(len(results) / len(flat))
    translated = iter([results[index] for index in range(len(flat))])
    return [_rejoin(of_text, [next(translated) for _ in of_text]) for of_text in pieces]


def _pieces(translator: Translator, text: str) -> list[_Piece]:
    parts = fit(text, translator.count_tokens, translator.max_source_tokens)
    pieces = []
    for part in parts:
        bare = part.strip()
        start = part.index(bare)
        pieces.append(_Piece(part[:start], bare, part[start + len(bare) :]))
    return pieces


def _rejoin(pieces: Sequence[_Piece], outputs: Sequence[Output]) -> Output:
    if len(outputs) == 1:
        return outputs[0]
    text = "".join(p.before + o.text + p.after for p, o in zip(pieces, outputs, strict=True))
    scores = [output.score for output in outputs if output.score is not None]
    return Output(
        text.strip(),
        sum(scores) / len(scores) if scores else None,
        any(output.truncated for output in outputs),
    )


def _parse(request: TranslationRequest | SummaryRequest) -> Document:
    if request.article is not None:
        return parse_article(request.article.fields())
    return parse_text(request.text or "")


def _settled(source: str | None) -> str:
    if source is None:
        raise ValueError("The source language is settled before the pipeline runs.")
    return source


def _span(segment: Segment) -> Span:
    return Span(field=segment.field, start=segment.start, end=segment.end)


def _legs(path: Route) -> list[RouteLeg]:
    return [RouteLeg(model=leg.model, source=leg.source, target=leg.target) for leg in path.legs]


def _flags(output: Output) -> list[str]:
    return ["truncated"] if output.truncated else []


def _furniture(document: Document) -> list[FurnitureLine]:
    return [
        FurnitureLine(
            field=block.field, start=block.start, end=block.end, text=document.text_of(block)
        )
        for block in document.blocks
        if block.kind is BlockKind.FURNITURE
    ]


def _join(texts: Sequence[str], style: str) -> str:
    if style == "bullets":
        return "\n".join(f"- {text}" for text in texts)
    return " ".join(texts)
