"""Translations: prepare a request, then assemble its result from the decoded sentences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from models.catalogue import MAX_CONTEXT
from models.engines.alignment import Alignment
from models.routes import Route
from pipeline.checked import Checked, flags_of, judge, quality, shown
from pipeline.checks import CheckFlag, Code
from pipeline.decode import Input
from pipeline.documents.document import Document, Segment
from pipeline.documents.formats import has_inner_markup, parse, render
from pipeline.documents.labels import Label, labelled
from pipeline.glossary.kept import missing
from pipeline.glossary.matching import find, whole
from pipeline.glossary.terms import Term
from pipeline.languages import RouteOf, source_of
from pipeline.memory import KnownSentence
from pipeline.requests import Knowledge, KnownTranslation, TranslationRequest
from pipeline.results import (
    FieldSpan,
    TermUse,
    TranslatedPart,
    TranslatedSegment,
    TranslationResult,
    boilerplate_of,
    legs_of,
    normalised_in,
    place_as_sent,
    usage_of,
)
from pipeline.segments import split
from pipeline.style.capitals import Case, Truecaser
from pipeline.style.house import HouseStyle
from pipeline.style.labels import by_rule
from pipeline.style.regions import Region, region_of
from pipeline.style.sentences import in_style, with_first_letter

Align = Callable[[Route, Sequence[str], Sequence[str]], list[Alignment | None]]
"""Align the words of sources with their translations; None where that cannot be determined."""
FIRST_PART, PART = 2, 6
"""How many sentences a part has: as few as keep a processor of few cores busy."""
MARKUP_GUESSED = CheckFlag(
    Code.MARKUP_GUESSED, "The tags in this sentence stand where they may belong: check them."
)


@dataclass(frozen=True, slots=True)
class PreparedTranslation:
    """A request after reading: its sentences, and the texts to decode for them."""

    request: TranslationRequest
    house: HouseStyle
    region: Region | None
    route: Route
    document: Document
    segments: Sequence[Segment]
    cases: Sequence[Case]
    known: Mapping[int, KnownSentence]
    inputs: Sequence[Input]
    terms: Sequence[Sequence[Term]]
    """The terms of glossaries that are in each segment."""
    ruled: Mapping[int, str]
    """The segments that are translated by rule, not by a model, by number."""
    first: int = 0
    """The number of the first segment in the whole text, for a part of it."""

    def assemble(self, checked: Sequence[Checked], align: Align) -> TranslationResult:
        """The result; `checked` has one sentence for each text. Raises FactsChanged, ModelUnavailable."""
        checked = self._judged(self._styled(self._with_known(checked)))
        checked, alignments = self._aligned(checked, align)
        rendered = render(
            self.document,
            self.segments,
            [sentence.text for sentence in checked],
            alignments,
            # A text that is already in the target language is returned unchanged.
            keep_furniture=self.request.furniture == "keep" or not self.route.legs,
        )
        for number, segment in enumerate(self.segments):
            if note := rendered.notes.get(segment.block):
                flags = (*checked[number].flags, CheckFlag(Code.CUE_TOO_FAST, note))
                checked[number] = replace(checked[number], flags=flags)
        segments = [
            self._segment(number, sentence, span)
            for number, (sentence, span) in enumerate(zip(checked, rendered.offsets, strict=True))
        ]
        return TranslationResult(
            source=self.route.source,
            target=self.route.target,
            region=self.region and self.region.used,
            route=legs_of(self.route),
            text=rendered.text,
            article=rendered.article,
            document=self._labelled(rendered.document, segments),
            format=self.request.format,
            segments=segments,
            glossaries=_knowledge(self.request).glossary_versions,
            quality=quality(checked),
            usage=usage_of(*(sentence.usage for sentence in checked)),
            furniture=boilerplate_of(self.document),
            normalised=normalised_in(self.document),
            page=self.request.page,
        )

    def _labelled(self, document: str | None, segments: Sequence[TranslatedSegment]) -> str | None:
        """The document with its language and who made it, if that is requested."""
        if document is None or self.request.format is None or not self.request.label:
            return document
        origins = {segment.origin for segment in segments}
        route = self.route
        label = Label(route.source, self.request.target, origins, route.models)
        return labelled(document, self.request.format, label)

    def parts(self) -> "Iterator[PreparedTranslation]":
        """The request in parts, in reading order; the first is short, so that it is there soon."""
        start, end = 0, FIRST_PART
        while start < len(self.segments):
            yield self._part(start, min(end, len(self.segments)))
            start, end = end, end + PART

    def _part(self, start: int, end: int) -> "PreparedTranslation":
        decoded = [self._is_decoded(number) for number in range(end)]
        return replace(
            self,
            first=start,
            segments=self.segments[start:end],
            cases=self.cases[start:end],
            known={n - start: one for n, one in self.known.items() if start <= n < end},
            inputs=self.inputs[sum(decoded[:start]) : sum(decoded)],
            terms=self.terms[start:end],
            ruled={n - start: one for n, one in self.ruled.items() if start <= n < end},
        )

    def _is_decoded(self, number: int) -> bool:
        return number not in self.ruled and self._known_target(number) is None

    def translated(self, checked: Sequence[Checked]) -> TranslatedPart:
        """The segments before the whole is assembled; `checked` has one sentence for each text."""
        styled = self._styled(self._with_known(checked))
        segments = [
            self._segment(number, sentence, (0, len(sentence.text)))
            for number, sentence in enumerate(styled)
        ]
        return TranslatedPart(first=self.first, segments=segments)

    def _segment(self, number: int, checked: Checked, place: tuple[int, int]) -> TranslatedSegment:
        segment = self.segments[number]
        known = self.known.get(number)
        is_known = known is not None and known.target is not None
        source = FieldSpan(field=segment.field, start=segment.start, end=segment.end)
        sent = place_as_sent(self.document, source)
        target = FieldSpan(field=segment.field, start=place[0], end=place[1])
        return TranslatedSegment(
            source=segment.text,
            target=checked.text,
            kind=self.document.blocks[segment.block].kind.value,
            source_span=sent,
            target_span=target,
            models=[] if is_known or number in self.ruled else self.route.models,
            score=checked.score,
            flags=shown(checked, [source], target, partial(place_as_sent, self.document)),
            repairs=list(checked.repairs),
            origin=known.origin if known is not None and is_known else "machine",
            memory=known.memory if known else None,
            terms=self._terms_used(number, checked.text),
        )

    def _with_known(self, decoded: Sequence[Checked]) -> list[Checked]:
        """One sentence for each segment: known translations are checked too, for an editor to see."""
        rest = iter(decoded)
        sentences: list[Checked] = []
        for number in range(len(self.segments)):
            if (target := self._known_target(number)) is not None:
                sentences.append(Checked(target, flags=self._flags(number, target)))
            elif number in self.ruled:
                sentences.append(Checked(self.ruled[number]))
            else:
                sentences.append(next(rest))
        return sentences

    def _flags(self, number: int, target: str) -> tuple[CheckFlag, ...]:
        source, route = self.segments[number].text, self.route
        names, terms = self.house.names, self.terms[number]
        if self.region is not None:
            target = self.region.neutral(target)
        return tuple(flags_of(source, target, route.source, route.target, names, terms))

    def _terms_used(self, number: int, target: str) -> list[TermUse]:
        """The terms of a segment, and whether its translation has them."""
        found = find(self.segments[number].text, self.terms[number], self.route.source)
        lost = {flag.source for flag in missing(target, found, self.route.target)}
        return [
            TermUse(source=one.text, target=one.wanted, is_kept=one.span not in lost)
            for one in found
        ]

    def _styled(self, checked: Sequence[Checked]) -> Sequence[Checked]:
        """The decoded sentences in the house style; known translations keep their author's style."""
        if not self.route.legs:
            return checked
        paragraphs = [segment.block for segment in self.segments]
        styled = in_style(checked, self.cases, paragraphs, self.route.target, self.house)
        styled = [
            with_first_letter(self.segments[number].text, new)
            if self._known_target(number) is None
            else old
            for number, (old, new) in enumerate(zip(checked, styled, strict=True))
        ]
        return styled if self.region is None else self._regional(styled, self.region)

    def _regional(self, styled: Sequence[Checked], region: Region) -> Sequence[Checked]:
        """The sentences as the region writes them; all are flagged for its forms, known ones too."""
        return [
            region.flagged(
                self.segments[number].text,
                region.styled(one) if self._known_target(number) is None else one,
            )
            for number, one in enumerate(styled)
        ]

    def _judged(self, checked: Sequence[Checked]) -> list[Checked]:
        """Apply the policy to decoded sentences; a person's sentence is never replaced or refused."""
        decoded = [n for n in range(len(checked)) if self._known_target(n) is None]
        judged = judge(
            [self.segments[number].text for number in decoded],
            [checked[number] for number in decoded],
            self.request.on_flag or self.house.on_flag,
        )
        result = list(checked)
        for number, sentence in zip(decoded, judged, strict=True):
            result[number] = sentence
        return result

    def _known_target(self, number: int) -> str | None:
        known = self.known.get(number)
        return known.target if known else None

    def _aligned(
        self, checked: Sequence[Checked], align: Align
    ) -> tuple[list[Checked], list[Alignment | None]]:
        """The alignments of the sentences that need one; sentences without an alignment are flagged."""
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
    region = region_of(request.target, request.region)
    house = house if region is None else region.house(house)
    route = route_of(source, request.target, request.model)
    document = parse(request)
    segments = split(document, source, whole=not request.split_sentences)
    truecaser = Truecaser.of(document, segments, source)
    cases = [truecaser.case(document.blocks[s.block].kind, s.text) for s in segments]
    known = _known(request, segments)
    terms = [_terms(request, segment.text, route, house) for segment in segments]
    ruled = _ruled(document, segments, terms, route) if route.legs else {}
    unknown = [
        number
        for number in range(len(segments))
        if number not in ruled and (number not in known or known[number].target is None)
    ]
    texts = [segments[number].text for number in unknown]
    if route.legs:
        texts = [truecaser.truecase(t, cases[n]) for t, n in zip(texts, unknown, strict=True)]
    inputs = [
        Input(text, terms[n], tuple(s.text for s in segments[max(0, n - MAX_CONTEXT) : n]))
        for text, n in zip(texts, unknown, strict=True)
    ]
    return PreparedTranslation(
        request, house, region, route, document, segments, cases, known, inputs, terms, ruled
    )


def _terms(
    request: TranslationRequest, text: str, route: Route, house: HouseStyle
) -> tuple[Term, ...]:
    """The terms in a text: of the request's glossaries, and the newsroom's own names."""
    if not route.legs:
        return ()
    asked = _knowledge(request).terms
    own = house.names.terms(route.source, route.target).within([text])
    return tuple(term for found in find(text, [*asked, *own], route.source) for term in found.terms)


def _ruled(
    document: Document, segments: Sequence[Segment], terms: Sequence[Sequence[Term]], route: Route
) -> dict[int, str]:
    """The translations of the segments that are translated by rule or are terms, by number."""
    written = (
        whole(s.text, own, route.source)
        or by_rule(document.blocks[s.block].kind, s.text, route.source, route.target)
        for s, own in zip(segments, terms, strict=True)
    )
    return {number: text for number, text in enumerate(written) if text is not None}


def _knowledge(request: TranslationRequest) -> Knowledge:
    return request if isinstance(request, KnownTranslation) else Knowledge()


def _known(request: TranslationRequest, segments: Sequence[Segment]) -> Mapping[int, KnownSentence]:
    """The known translations of the segments, if the text is still split as when they were looked up."""
    return {
        number: known
        for number, known in _knowledge(request).known.items()
        if number < len(segments) and segments[number].text == known.source
    }
