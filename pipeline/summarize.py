"""Summaries: prepare a request by choosing its sentences, then assemble its result."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

from models.engines.instructed import InstructedTranslator
from models.engines.translator import NO_TOKENS, Decoding, Output, Usage
from models.routes import Leg, Route
from pipeline.batching import translate
from pipeline.checked import Checked, judge, quality, shown
from pipeline.checks import Code
from pipeline.decode import Decoder, Input, Progress
from pipeline.documents.document import BlockKind, Document, Segment
from pipeline.documents.formats import parse
from pipeline.languages import RouteOf, source_of
from pipeline.requests import SummaryRequest
from pipeline.results import (
    FieldSpan,
    SummaryResult,
    SummarySentence,
    boilerplate_of,
    legs_of,
    normalised_in,
    place_as_sent,
    usage_of,
)
from pipeline.segments import split
from pipeline.style.capitals import Case, Truecaser
from pipeline.style.house import HouseStyle
from pipeline.style.regions import Region, region_of
from pipeline.style.sentences import in_style, with_first_letter
from pipeline.summaries import selection, written
from pipeline.summaries.choice import Length


@dataclass(frozen=True, slots=True)
class PreparedSummary:
    """A request after reading: the summary's sentences in the source, and the texts to decode."""

    request: SummaryRequest
    house: HouseStyle
    region: Region | None
    route: Route
    document: Document
    segments: Sequence[Segment]
    chosen: Sequence[selection.Sentence]
    cases: Sequence[Case]
    inputs: Sequence[Input]
    wished: int
    """The requested number of sentences; 0 if the length is in words."""
    usage: Usage = NO_TOKENS
    """The tokens of a language model that wrote the sentences."""

    def assemble(self, checked: Sequence[Checked]) -> SummaryResult:
        """The result; `checked` has one sentence for each text. Raises FactsChanged."""
        is_translated = bool(self.route.legs)
        if is_translated:
            paragraphs = range(len(checked))
            checked = in_style(checked, self.cases, paragraphs, self.route.target, self.house)
            checked = [
                with_first_letter(original.text, sentence)
                for original, sentence in zip(self.chosen, checked, strict=True)
            ]
            if self.region is not None:
                checked = [
                    self.region.flagged(original.text, self.region.styled(sentence))
                    for original, sentence in zip(self.chosen, checked, strict=True)
                ]
        checked = [
            _with_doubts(original, sentence, is_translated=is_translated)
            for original, sentence in zip(self.chosen, checked, strict=True)
        ]
        usage = usage_of(self.usage, *(sentence.usage for sentence in checked))
        policy = self.request.on_flag or self.house.on_flag
        chosen, checked = self._within_length(checked)
        if policy == "source":
            chosen, checked = _supported(chosen, checked)
        checked = judge([original.text for original in chosen], checked, policy)
        text, spans = _join([sentence.text for sentence in checked], self.request.style)
        return SummaryResult(
            source=self.route.source,
            target=self.route.target,
            region=self.region and self.region.used,
            route=legs_of(self.route),
            style=self.request.style,
            text=text,
            sentences=[
                self._sentence(original, sentence, span)
                for original, sentence, span in zip(chosen, checked, spans, strict=True)
            ],
            quality=quality(checked),
            usage=usage,
            shortage=self._shortage([sentence.text for sentence in checked]),
            furniture=boilerplate_of(self.document),
            normalised=normalised_in(self.document),
            page=self.request.page,
        )

    def _within_length(
        self, checked: Sequence[Checked]
    ) -> tuple[Sequence[selection.Sentence], Sequence[Checked]]:
        """Drop the least valuable sentences while the returned text has too many words.

        They were chosen by the number of words in the article's language; a translation may have more.
        """
        most = self.request.length.words
        kept = sorted(range(len(checked)), key=lambda number: self.chosen[number].rank)
        if most is not None and self.request.style != "headline":
            while len(kept) > 1 and sum(_words(checked[number].text) for number in kept) > most:
                kept.pop()
        kept.sort()
        return [self.chosen[number] for number in kept], [checked[number] for number in kept]

    def _shortage(self, texts: Sequence[str]) -> str | None:
        """How and why the summary misses the requested length; None if it does not."""
        length = self.request.length
        if self.request.style == "headline":
            return None
        words = sum(map(_words, texts))
        if length.words is not None:
            if words > length.words:
                return (
                    f"The summary has {words} words; the maximum was {length.words}, and it cannot be cut "
                    "further."
                )
            return None
        wished = self.wished
        if len(texts) < wished:
            return (
                f"The summary has {len(texts)} of the {wished} sentences requested: no others stand alone "
                "without repeating these."
            )
        return None

    def _sentence(
        self, original: selection.Sentence, checked: Checked, span: FieldSpan
    ) -> SummarySentence:
        segments = [self.segments[index] for index in original.segments]
        sources = [FieldSpan(field=s.field, start=s.start, end=s.end) for s in segments]
        return SummarySentence(
            text=checked.text,
            source_text=" ".join(segment.text for segment in segments),
            sources=[place_as_sent(self.document, source) for source in sources],
            # A sentence written by a model has no place in the article.
            flags=shown(
                checked,
                [] if original.written else sources,
                span,
                partial(place_as_sent, self.document),
            ),
            repairs=list(checked.repairs),
        )


def prepare(
    request: SummaryRequest,
    route_of: RouteOf,
    house: HouseStyle,
    decoder: Decoder,
    progress: Progress,
) -> PreparedSummary:
    """Read a request whose languages are settled, and choose the summary's sentences.

    Raises UnsupportedPair, UnknownModel, ModelUnavailable or NothingWritten.
    """
    source = source_of(request)
    route = route_of(source, request.target or source, None)
    region = region_of(route.target, request.region)
    house = house if region is None else region.house(house)
    document = parse(request)
    segments = split(document, source)
    chosen, usage = _choose(request, document, segments, decoder, progress)
    truecaser = Truecaser.of(document, segments, source)
    kinds = [_kind(document, segments, sentence) for sentence in chosen]
    cases = [truecaser.case(kind, s.text) for kind, s in zip(kinds, chosen, strict=True)]
    texts = [sentence.text for sentence in chosen]
    if route.legs:
        texts = [truecaser.truecase(t, case) for t, case in zip(texts, cases, strict=True)]
    length = Length(**request.length.model_dump(exclude_none=True))
    wished = length.count(selection.story_size(document, segments)) or 0
    names = house.names.terms(source, route.target)
    inputs = [Input(text, tuple(names.within([text]))) for text in texts]
    return PreparedSummary(
        request, house, region, route, document, segments, chosen, cases, inputs, wished, usage
    )


def _choose(
    request: SummaryRequest,
    document: Document,
    segments: Sequence[Segment],
    decoder: Decoder,
    progress: Progress,
) -> tuple[list[selection.Sentence], Usage]:
    """The sentences in the article's language, chosen from it or written by a model, and its tokens."""
    style = selection.Style(request.style)
    length = Length(**request.length.model_dump(exclude_none=True))
    model = decoder.catalogue.summarizer(request.model)
    if model.engine == "extractive" or not segments:
        chosen = selection.summarize(
            document,
            segments,
            language=source_of(request),
            style=style,
            length=length,
            headlines=request.headlines,
            # The amount of work is not known yet: report 0 done of 0.
            alive=lambda: progress(0, 0),
        )
        return chosen, NO_TOKENS
    language = source_of(request)
    translator = decoder.models.translator(model)

    paragraphs = selection.paragraphs(document, segments)
    words = selection.wished_words(document, segments, length)
    limits = translator.count_tokens, translator.max_source_tokens

    def run(parts: Sequence[str]) -> list[Output]:
        # The amount to translate is known only afterwards: report 0 done of 0.
        leg = Leg(model.id, language, language)
        return translate(translator, parts, leg, decoder.batch_tokens, lambda _: progress(0, 0))

    def ask(parts: Sequence[str], words: int) -> list[Output]:
        outputs = []
        decoding = Decoding(words=words)
        one_by_one = ([part] for part in parts)
        with closing(
            translator.stream(one_by_one, source=language, target=language, decoding=decoding)
        ) as stream:
            for answers in stream:
                outputs += answers
                progress(0, 0)
        return outputs

    if isinstance(translator, InstructedTranslator):
        words = selection.HEADLINE_WORDS if style is selection.Style.HEADLINE else words
        outputs = written.ask(paragraphs, words, *limits, ask)
    else:
        outputs = written.write(paragraphs, words, *limits, run)
    sentences = selection.from_written(
        outputs,
        document,
        segments,
        language=language,
        style=style,
        length=length,
        headlines=request.headlines,
    )
    return sentences, sum((output.usage for output in outputs), NO_TOKENS)


def _kind(
    document: Document, segments: Sequence[Segment], sentence: selection.Sentence
) -> BlockKind:
    """The kind of the block that a sentence was taken from; a paragraph for one that a model wrote."""
    if sentence.written:
        return BlockKind.PARAGRAPH
    return document.blocks[segments[sentence.segments[0]].block].kind


def _with_doubts(original: selection.Sentence, checked: Checked, *, is_translated: bool) -> Checked:
    """Add the flags that the sentence had before translation.

    Their positions are in the untranslated text, so they have none in a translation.
    """
    doubts = [replace(flag, target=None) if is_translated else flag for flag in original.flags]
    return replace(checked, flags=(*doubts, *checked.flags))


def _supported(
    chosen: Sequence[selection.Sentence], checked: Sequence[Checked]
) -> tuple[Sequence[selection.Sentence], Sequence[Checked]]:
    """Drop written sentences that the article does not support, unless it supports none.

    No source sentence can take their place.
    """
    kept = [
        pair
        for pair in zip(chosen, checked, strict=True)
        if Code.UNSUPPORTED not in {flag.code for flag in pair[0].flags}
    ]
    if not kept:
        return chosen, checked
    return [original for original, _ in kept], [sentence for _, sentence in kept]


def _words(text: str) -> int:
    return len(text.split())


def _join(texts: Sequence[str], style: str) -> tuple[str, list[FieldSpan]]:
    """The summary as one text, and the span of each sentence in it."""
    before = "- " if style == "bullets" else ""
    between = " " if style == "brief" else "\n"
    spans, place = [], 0
    for text in texts:
        place += len(before)
        spans.append(FieldSpan(field="text", start=place, end=place + len(text)))
        place += len(text) + len(between)
    return between.join(before + text for text in texts), spans
