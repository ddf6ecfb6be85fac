"""Translations: prepare a request, then assemble its result from the decoded sentences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from models.engines.alignment import Alignment
from models.routes import Route
from pipeline.checked import Checked, judge, quality, shown
from pipeline.checks import CheckFlag, Code
from pipeline.documents.document import Document, Segment
from pipeline.documents.formats import has_inner_markup, parse, render
from pipeline.languages import RouteOf, source_of
from pipeline.requests import TranslationRequest
from pipeline.results import (
    FieldSpan,
    TranslatedSegment,
    TranslationResult,
    boilerplate_of,
    legs_of,
)
from pipeline.segments import split
from pipeline.style.capitals import Case, Truecaser
from pipeline.style.house import HouseStyle
from pipeline.style.sentences import in_style

Align = Callable[[Route, Sequence[str], Sequence[str]], list[Alignment | None]]
"""Which words of sources their translations come from; None where that cannot be told."""
MARKUP_GUESSED = CheckFlag(
    Code.MARKUP_GUESSED, "The tags in this sentence stand where they may belong: check them."
)


@dataclass(frozen=True, slots=True)
class PreparedTranslation:
    """A request that is read: its sentences, and the texts to decode for them."""

    request: TranslationRequest
    house: HouseStyle
    route: Route
    document: Document
    segments: Sequence[Segment]
    cases: Sequence[Case]
    texts: Sequence[str]

    def assemble(self, checked: Sequence[Checked], align: Align) -> TranslationResult:
        """The result; `checked` has one sentence for each text. Raises FactsChanged, ModelUnavailable."""
        if self.route.legs:
            paragraphs = [segment.block for segment in self.segments]
            checked = in_style(checked, self.cases, paragraphs, self.route.target, self.house)
        checked = judge(
            [segment.text for segment in self.segments],
            checked,
            self.request.on_flag or self.house.on_flag,
        )
        checked, alignments = self._aligned(checked, align)
        rendered = render(
            self.document,
            self.segments,
            [sentence.text for sentence in checked],
            alignments,
            # A text that is in the target language already comes back unchanged.
            keep_furniture=self.request.furniture == "keep" or not self.route.legs,
        )
        for number, segment in enumerate(self.segments):
            if note := rendered.notes.get(segment.block):
                flags = (*checked[number].flags, CheckFlag(Code.CUE_TOO_FAST, note))
                checked[number] = replace(checked[number], flags=flags)
        return TranslationResult(
            source=self.route.source,
            target=self.route.target,
            route=legs_of(self.route),
            text=rendered.text,
            article=rendered.article,
            document=rendered.document,
            format=self.request.format,
            segments=[
                _segment(segment, self.route, sentence, start, end)
                for segment, sentence, (start, end) in zip(
                    self.segments, checked, rendered.offsets, strict=True
                )
            ],
            quality=quality(checked),
            furniture=boilerplate_of(self.document),
        )

    def _aligned(
        self, checked: Sequence[Checked], align: Align
    ) -> tuple[list[Checked], list[Alignment | None]]:
        """The alignments of the sentences that need one; those that have none are flagged."""
        checked = list(checked)
        alignments: list[Alignment | None] = [None] * len(checked)
        marked = [
            number
            for number, (segment, sentence) in enumerate(zip(self.segments, checked, strict=True))
            if segment.text != sentence.text and has_inner_markup(self.document, segment)
        ]
        if not marked:
            return checked, alignments
        found = align(
            self.route,
            [self.segments[number].text for number in marked],
            [checked[number].text for number in marked],
        )
        for number, alignment in zip(marked, found, strict=True):
            alignments[number] = alignment
            if alignment is None:
                flags = (*checked[number].flags, MARKUP_GUESSED)
                checked[number] = replace(checked[number], flags=flags)
        return checked, alignments


def prepare(
    request: TranslationRequest, route_of: RouteOf, house: HouseStyle
) -> PreparedTranslation:
    """Read a request whose languages are settled (`pipeline.languages`).

    Raises UnsupportedPair or UnknownModel.
    """
    source = source_of(request)
    route = route_of(source, request.target, request.model)
    document = parse(request)
    segments = split(document, source)
    truecaser = Truecaser.of(document, segments, source)
    cases = [truecaser.case(document.blocks[s.block].kind, s.text) for s in segments]
    texts = [segment.text for segment in segments]
    if route.legs:
        texts = [truecaser.truecase(t, case) for t, case in zip(texts, cases, strict=True)]
    return PreparedTranslation(request, house, route, document, segments, cases, texts)


def _segment(
    segment: Segment, route: Route, checked: Checked, start: int, end: int
) -> TranslatedSegment:
    target = FieldSpan(field=segment.field, start=start, end=end)
    source = FieldSpan(field=segment.field, start=segment.start, end=segment.end)
    return TranslatedSegment(
        source=segment.text,
        target=checked.text,
        source_span=source,
        target_span=target,
        models=route.models,
        score=checked.score,
        flags=shown(checked, [source], target),
        repairs=list(checked.repairs),
    )
