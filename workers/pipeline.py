"""The way of an article: document → segments → batches → engine → checks → document.

Pure but for the models: no Redis, no Celery. The tasks and the command line both run it.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby, islice
from typing import Generic, TypeVar

from models.catalogue import Catalogue
from models.engine import PLAIN, Decoding, Output
from models.errors import DragomanError, ModelUnavailable
from models.languages import Leg, Route, route
from models.residency import Residency
from service.jobs import Queue
from service.schemas import (
    Article,
    FurnitureLine,
    HeadlineStyle,
    OnFlag,
    QuoteStyle,
    RouteLeg,
    Span,
    SummaryRequest,
    SummaryResult,
    SummarySentence,
    TranslatedSegment,
    TranslationRequest,
    TranslationResult,
)
from service.settings import Settings
from workers import abstractive, capitals, quotes, summary
from workers.batching import translate
from workers.capitals import Truecaser
from workers.checks.own_names import NONE, OwnNames, load_names
from workers.documents import BlockKind, Document, Segment
from workers.documents.plain import parse_article, parse_text
from workers.documents.render import render
from workers.gate import Checked, judge, quality, shown
from workers.readable import is_code
from workers.repair import Mender
from workers.resident import residency
from workers.segment import split

Progress = Callable[[int, int], None]
"""Called with segments done and segments known, before the first batch and after each. May raise,
to stop the work between batches."""
Request = TranslationRequest | SummaryRequest
Result = TranslationResult | SummaryResult
RouteOf = Callable[[str, str, str | None], Route]
"""`route` in a catalogue: from source to target, with that model if one is named."""
R_co = TypeVar("R_co", bound=Result, covariant=True)


@dataclass(frozen=True, slots=True)
class _Work(Generic[R_co]):
    """A request, read: the texts that take a route, and what makes the result of what comes out."""

    path: Route
    texts: list[str]
    finish: Callable[[list[Checked]], R_co]


@dataclass(frozen=True, slots=True)
class House:
    """The newsroom's own ways; `service.settings` says what each is."""

    on_flag: OnFlag = "flag"
    quotes: QuoteStyle = "curly"
    headlines: HeadlineStyle = "sentence"
    names: OwnNames = NONE


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The catalogue to choose models from, those that are loaded, a batch's tokens."""

    catalogue: Catalogue
    models: Residency
    batch_tokens: int
    house: House = House()

    @classmethod
    def of(
        cls, catalogue: Catalogue, settings: Settings, queues: Collection[Queue] = ()
    ) -> "Pipeline":
        """A pipeline as the settings have it, for a process that takes from these queues."""
        house = House(
            settings.on_flag, settings.quotes, settings.headlines, load_names(settings.names)
        )
        models = residency(settings, catalogue, queues)
        return cls(catalogue, models, settings.batch_tokens, house)

    def translate(self, request: TranslationRequest, progress: Progress) -> TranslationResult:
        """Translate a request whose languages are settled (`service.resolve`).

        Raises UnsupportedPair, UnknownModel, ModelUnavailable or FactsChanged.
        """
        work = self._translation(request, partial(route, self.catalogue))
        return work.finish(self._run(work.path, work.texts, progress))

    def summarize(self, request: SummaryRequest, progress: Progress) -> SummaryResult:
        """Choose the summary's sentences in the source, then translate them if asked to.

        Raises UnsupportedPair, UnknownModel, ModelUnavailable, NothingWritten or FactsChanged.
        """
        work = self._summary(request, progress, partial(route, self.catalogue))
        return work.finish(self._run(work.path, work.texts, progress))

    def run_many(
        self, requests: Sequence[Request], progress: Progress
    ) -> list[Result | DragomanError]:
        """Each request's result, in order, or what it would have raised alone.

        Texts that take the same route share its batches, whichever request they are of: many
        headlines fill the engine as well as one long read.
        """
        # Which models are there is asked of the disk: once for all requests of a kind.
        route_of: RouteOf = cache(partial(route, self.catalogue))
        results: dict[int, Result | DragomanError] = {}
        works: dict[int, _Work[Result]] = {}
        for number, request in enumerate(requests):
            try:
                works[number] = self._work(request, progress, route_of)
            except DragomanError as error:
                results[number] = error
        by_path: dict[Route, list[int]] = {}
        for number, work in works.items():
            by_path.setdefault(work.path, []).append(number)
        before, total = 0, sum(len(work.texts) for work in works.values())
        for path, numbers in by_path.items():
            texts = [text for number in numbers for text in works[number].texts]
            try:
                checked = iter(self._run(path, texts, _part(progress, before, total)))
            except ModelUnavailable as error:
                results.update(dict.fromkeys(numbers, error))
            else:
                for number in numbers:
                    of_work = list(islice(checked, len(works[number].texts)))
                    results[number] = _finished(works[number], of_work)
            before += len(texts)
        return [results[number] for number in range(len(requests))]

    def _work(self, request: Request, progress: Progress, route_of: RouteOf) -> _Work[Result]:
        if isinstance(request, TranslationRequest):
            return self._translation(request, route_of)
        return self._summary(request, progress, route_of)

    def _translation(
        self, request: TranslationRequest, route_of: RouteOf
    ) -> _Work[TranslationResult]:
        source, target = _settled(request.source), request.target
        path = route_of(source, target, request.model)
        document = _parse(request)
        segments = split(document, source)
        truecaser = Truecaser.of(document, segments, source)
        cases = [truecaser.case(document.blocks[s.block].kind, s.text) for s in segments]
        paragraphs = [segment.block for segment in segments]

        def finish(checked: list[Checked]) -> TranslationResult:
            checked = judge(
                [segment.text for segment in segments],
                self._in_style(checked, cases, paragraphs, target) if path.legs else checked,
                request.on_flag or self.house.on_flag,
            )
            rendered = render(
                document,
                segments,
                [sentence.text for sentence in checked],
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
                    _segment(segment, path, sentence, start, end)
                    for segment, sentence, (start, end) in zip(
                        segments, checked, rendered.offsets, strict=True
                    )
                ],
                quality=quality(checked),
                furniture=_furniture(document),
            )

        texts = [truecaser.truecase(s.text, c) for s, c in zip(segments, cases, strict=True)]
        return _Work(path, texts if path.legs else [s.text for s in segments], finish)

    def _summary(
        self, request: SummaryRequest, progress: Progress, route_of: RouteOf
    ) -> _Work[SummaryResult]:
        source = _settled(request.source)
        target = request.target or source
        path = route_of(source, target, None)
        document = _parse(request)
        segments = split(document, source)
        chosen = self._chosen(request, document, segments, progress)

        truecaser = Truecaser.of(document, segments, source)
        kinds = [_kind(document, segments, sentence) for sentence in chosen]
        cases = [truecaser.case(kind, s.text) for kind, s in zip(kinds, chosen, strict=True)]

        def finish(checked: list[Checked]) -> SummaryResult:
            if path.legs:
                checked = self._in_style(checked, cases, range(len(checked)), target)
            checked = [
                _with_doubts(original, sentence, translated=bool(path.legs))
                for original, sentence in zip(chosen, checked, strict=True)
            ]
            policy = request.on_flag or self.house.on_flag
            checked = judge([original.text for original in chosen], checked, policy)
            text, spans = _join([sentence.text for sentence in checked], request.style)
            return SummaryResult(
                source=source,
                target=target,
                route=_legs(path),
                style=request.style,
                text=text,
                sentences=[
                    SummarySentence(
                        text=sentence.text,
                        source_text=" ".join(segments[i].text for i in original.segments),
                        sources=[_span(segments[index]) for index in original.segments],
                        flags=shown(
                            sentence,
                            # What a model has written is nowhere in the article.
                            []
                            if original.written
                            else [_span(segments[index]) for index in original.segments],
                            span,
                        ),
                        repairs=list(sentence.repairs),
                    )
                    for original, sentence, span in zip(chosen, checked, spans, strict=True)
                ],
                quality=quality(checked),
                furniture=_furniture(document),
            )

        texts = [truecaser.truecase(s.text, c) for s, c in zip(chosen, cases, strict=True)]
        return _Work(path, texts if path.legs else [s.text for s in chosen], finish)

    def _chosen(
        self,
        request: SummaryRequest,
        document: Document,
        segments: Sequence[Segment],
        progress: Progress,
    ) -> list[summary.Sentence]:
        """The summary's sentences in the article's language: chosen from it, or written by a model."""
        style = summary.Style(request.style)
        length = summary.Length(**request.length.model_dump(exclude_none=True))
        model = self.catalogue.summarizer(request.model)
        if model.engine == "extractive" or not segments:
            return summary.summarize(document, segments, style=style, length=length)
        language = _settled(request.source)
        translator = self.models.translator(model)

        def run(parts: Sequence[str]) -> list[Output]:
            # How much there is to translate is known only afterwards: nothing done, of nothing.
            leg = Leg(model.id, language, language)
            return translate(translator, parts, leg, self.batch_tokens, lambda _: progress(0, 0))

        written = abstractive.write(
            summary.paragraphs(document, segments),
            summary.wished_words(document, segments, length),
            translator.count_tokens,
            translator.max_source_tokens,
            run,
        )
        return summary.from_written(
            written, document, segments, language=language, style=style, length=length
        )

    def _run(self, path: Route, texts: Sequence[str], progress: Progress) -> list[Checked]:
        """Each text through every leg of the route and the checks; one that recurs is run once."""
        unique = list(dict.fromkeys(texts))
        progress(0, len(texts))
        if not path.legs:
            progress(len(texts), len(texts))
            return [Checked(text) for text in texts]
        outputs = self.decode(
            path,
            unique,
            PLAIN,
            lambda share: progress(int(share * len(texts)), len(texts)),
        )

        def again(some: Sequence[str], decoding: Decoding) -> list[Output]:
            return self.decode(path, some, decoding, lambda _: progress(len(texts), len(texts)))

        checked = Mender(path.source, path.target, again, self.house.names).mend(unique, outputs)
        progress(len(texts), len(texts))
        of_text = dict(zip(unique, checked, strict=True))
        return [of_text[text] for text in texts]

    def decode(
        self, path: Route, texts: Sequence[str], decoding: Decoding, done: Callable[[float], None]
    ) -> list[Output]:
        """The texts through every leg of the route; the last one decodes as it is told."""
        outputs = [Output(text) for text in texts]
        for leg in path.legs:
            outputs = translate(
                self.models.translator(self.catalogue.get(leg.model, "translate")),
                [output.text for output in outputs],
                leg,
                self.batch_tokens,
                done,
                decoding if leg is path.legs[-1] else PLAIN,
            )
        return outputs

    def _in_style(
        self,
        checked: Sequence[Checked],
        cases: Sequence[capitals.Case],
        paragraphs: Sequence[int],
        target: str,
    ) -> list[Checked]:
        """The translations in the house's style; `paragraphs` has the number of each one's own."""
        texts = [
            capitals.in_style(sentence.text, case, self.house.headlines)
            for sentence, case in zip(checked, cases, strict=True)
        ]
        styled: list[str] = []
        for _, numbers in groupby(range(len(texts)), lambda number: paragraphs[number]):
            styled += quotes.in_style([texts[n] for n in numbers], self.house.quotes, target)
        return [
            # Code's own quotation marks are part of it.
            sentence if is_code(sentence.text) else replace(sentence, text=text)
            for sentence, text in zip(checked, styled, strict=True)
        ]


def _part(progress: Progress, before: int, total: int) -> Progress:
    """Progress for a part of the segments, of which `before` others are done and `total` known."""
    return lambda done, _: progress(before + done, total)


def _finished(work: _Work[R_co], checked: list[Checked]) -> R_co | DragomanError:
    try:
        return work.finish(checked)
    except DragomanError as error:
        return error


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


def _kind(document: Document, segments: Sequence[Segment], sentence: summary.Sentence) -> BlockKind:
    """What a sentence of a summary is to a reader; what a model has written is text."""
    if sentence.written:
        return BlockKind.PARAGRAPH
    return document.blocks[segments[sentence.segments[0]].block].kind


def _with_doubts(original: summary.Sentence, checked: Checked, *, translated: bool) -> Checked:
    """A summary's sentence with what was wrong with it as it was written.

    The places of those flags are in that text: a translation has none for them.
    """
    doubts = [replace(flag, target=None) if translated else flag for flag in original.flags]
    return replace(checked, flags=(*doubts, *checked.flags))


def _legs(path: Route) -> list[RouteLeg]:
    return [RouteLeg(model=leg.model, source=leg.source, target=leg.target) for leg in path.legs]


def _segment(
    segment: Segment, path: Route, checked: Checked, start: int, end: int
) -> TranslatedSegment:
    source, target = _span(segment), Span(field=segment.field, start=start, end=end)
    return TranslatedSegment(
        source=segment.text,
        target=checked.text,
        source_span=source,
        target_span=target,
        models=path.models,
        score=checked.score,
        flags=shown(checked, [source], target),
        repairs=list(checked.repairs),
    )


def _furniture(document: Document) -> list[FurnitureLine]:
    return [
        FurnitureLine(
            field=block.field, start=block.start, end=block.end, text=document.text_of(block)
        )
        for block in document.blocks
        if block.kind is BlockKind.FURNITURE
    ]


def _join(texts: Sequence[str], style: str) -> tuple[str, list[Span]]:
    """The summary as one text, and where each sentence is in it."""
    before, between = ("- ", "\n") if style == "bullets" else ("", " ")
    spans, place = [], 0
    for text in texts:
        place += len(before)
        spans.append(Span(field="text", start=place, end=place + len(text)))
        place += len(text) + len(between)
    return between.join(before + text for text in texts), spans
