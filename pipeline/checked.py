"""Check every translated sentence, and repair or flag it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from models.engines.translator import NO_TOKENS, Output, Usage
from pipeline.checks import CheckFlag, Code, Severity, check
from pipeline.checks.false_friends import false_friends
from pipeline.checks.reading import read
from pipeline.checks.senses import doubtful
from pipeline.checks.spelling import Spellings
from pipeline.errors import FactsChanged
from pipeline.figures.digits import in_notation
from pipeline.glossary.kept import missing, spellings
from pipeline.glossary.matching import Found, find
from pipeline.glossary.names import NONE, OwnNames
from pipeline.glossary.terms import Term
from pipeline.requests import OnFlag
from pipeline.results import FieldSpan, Flag, Quality, Repair
from pipeline.style.countries import in_target
from pipeline.style.source_names import spelled_as_in_source
from pipeline.style.titles import with_whole_titles

_UNTRANSLATED = {Code.UNTRANSLATED, Code.WRONG_LANGUAGE, Code.UNRELATED}
"""Flags on all of a sentence, which its words need no flags beside."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A translation, its remaining flags, the repairs made, and the tokens that language models used."""

    text: str
    score: float | None = None
    flags: tuple[CheckFlag, ...] = ()
    repairs: tuple[Repair, ...] = ()
    usage: Usage = NO_TOKENS

    @property
    def is_wrong(self) -> bool:
        """Whether a flag says that the translation states something false or leaves something out."""
        return any(flag.severity is Severity.ERROR for flag in self.flags)


def examine(
    source: str,
    output: Output,
    source_language: str,
    target_language: str,
    names: OwnNames = NONE,
    terms: Sequence[Term] = (),
) -> Checked:
    """The output, with figures and countries in the target's notation, and its flags."""
    found = find(source, terms, source_language)
    own = _own(found, names, source_language, target_language)
    text = in_notation(output.text, source, source_language, target_language)
    text = spelled_as_in_source(text, source, source_language, target_language)
    text = in_target(text, source, source_language, target_language, own)
    text = with_whole_titles(text, source, source_language, target_language)
    flags = flags_of(source, text, source_language, target_language, names, terms)
    if not any(flag.code in _UNTRANSLATED for flag in flags):
        readings = read(source, source_language), read(text, target_language)
        settled = [one.span for one in found]
        doubts = [*(doubt.flag() for doubt in doubtful(*readings)), *false_friends(*readings)]
        flags += [
            flag
            for flag in doubts
            if flag.source is None
            or not any(start <= flag.source.start < end for start, end in settled)
        ]
    if output.truncated:
        flags.append(CheckFlag(Code.TRUNCATED, "The model did not bring the sentence to an end."))
    if output.refused:
        message = "The model gave no translation: it refused, or its answer was empty."
        flags.append(CheckFlag(Code.REFUSED, message))
    return Checked(text, output.score, tuple(flags), usage=output.usage)


def flags_of(
    source: str,
    target: str,
    source_language: str,
    target_language: str,
    names: OwnNames = NONE,
    terms: Sequence[Term] = (),
) -> list[CheckFlag]:
    """What an editor should look at in a translation, terms of glossaries included."""
    found = find(source, terms, source_language)
    own = _own(found, names, source_language, target_language)
    return [
        *check(source, target, source_language, target_language, own),
        *missing(target, found, target_language),
    ]


def _own(found: Sequence[Found], names: OwnNames, source: str, target: str) -> Spellings:
    """What the newsroom writes for words of a source."""
    own = names.between(source, target)
    return {**own, **spellings(found)} if found else own


def _as_it_is(span: FieldSpan) -> FieldSpan:
    return span


def shown(
    checked: Checked,
    sources: Sequence[FieldSpan],
    target: FieldSpan,
    as_sent: Callable[[FieldSpan], FieldSpan] = _as_it_is,
) -> list[Flag]:
    """The flags with their positions in the fields, those of the source as it was sent.

    `sources` are the spans that make up the sentence's source, joined with a space; empty if it has no
    position. `as_sent` maps a source span to its position in the text that was sent.
    """
    return [
        Flag(
            code=flag.code,
            severity=flag.severity.value,
            message=flag.message,
            source_span=place and as_sent(place),
            target_span=_within([target], flag.target),
        )
        for flag in checked.flags
        for place in [_within(sources, flag.source)]
    ]


def quality(sentences: Sequence[Checked]) -> Quality:
    """A summary of what the checks found in all sentences of a text."""
    clean = sum(not sentence.flags for sentence in sentences)
    return Quality(
        sentences=len(sentences),
        clean=clean,
        wrong=sum(sentence.is_wrong for sentence in sentences),
        share=round(clean / len(sentences), 4) if sentences else 1.0,
        flags=_counts(flag.code.value for sentence in sentences for flag in sentence.flags),
        repairs=_counts(repair.step for sentence in sentences for repair in sentence.repairs),
    )


def judge(sources: Sequence[str], sentences: Sequence[Checked], policy: OnFlag) -> list[Checked]:
    """The sentences according to the policy; raises FactsChanged if it is `fail` and some are wrong.

    Under `source` a wrong sentence is replaced by its source; its flags stay, without a target span.
    """
    wrong = [number for number, sentence in enumerate(sentences) if sentence.is_wrong]
    if policy == "fail" and wrong:
        are = "is" if len(wrong) == 1 else "are"
        raise FactsChanged(
            f"{len(wrong)} of {len(sentences)} sentences {are} wrong after translation: "
            "`sentences` has each with its flags.",
            sentences=[
                {
                    "source": sources[number],
                    "target": sentences[number].text,
                    "flags": [flag.code.value for flag in sentences[number].flags],
                }
                for number in wrong
            ],
        )
    if policy != "source":
        return list(sentences)
    return [
        _untranslated(source, sentence) if sentence.is_wrong else sentence
        for source, sentence in zip(sources, sentences, strict=True)
    ]


def _untranslated(source: str, sentence: Checked) -> Checked:
    if sentence.text == source:
        return sentence
    flags = tuple(CheckFlag(flag.code, flag.message, flag.source) for flag in sentence.flags)
    return Checked(source, None, flags, sentence.repairs, sentence.usage)


def _within(spans: Sequence[FieldSpan], part: tuple[int, int] | None) -> FieldSpan | None:
    """The field span of a part of the joined spans; None if it does not lie in a single one."""
    start, end = part or (-1, -1)
    for span in spans:
        size = span.end - span.start
        if start >= 0 and end <= size:
            return FieldSpan(field=span.field, start=span.start + start, end=span.start + end)
        start, end = start - size - 1, end - size - 1
    return None


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
