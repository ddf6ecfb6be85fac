"""Repair flagged sentences where possible: decode again, decode with stand-ins, or edit the text.

The steps run in a fixed order, each on all sentences that are still flagged, and each does a bounded amount
of work. A candidate is kept only if all its flags were there before, some flags are gone, its score is not
lower by more than `COLLAPSE`, and nothing in the sentence is left out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from models.engines.translator import PLAIN, Decoding, Output
from models.language_model import embedded
from pipeline.checked import Checked, examine
from pipeline.checks import Code
from pipeline.glossary.matching import find
from pipeline.glossary.names import NONE, OwnNames
from pipeline.glossary.terms import Term
from pipeline.repair.acceptance import LOOPS, is_better
from pipeline.repair.looked_up import looked_up
from pipeline.repair.placeholders import substituted, with_standins
from pipeline.repair.respelling import respelled
from pipeline.repair.senses import with_translations
from pipeline.results import Repair
from pipeline.style.quotes import paired

_WIDER_BEAM = 4
"""How many hypotheses the wider beam has; ADR 0030 has the gain of six over four, and the cost."""
_WORTH_A_WIDER_BEAM = set(Code) - {Code.UNKNOWN_WORD, Code.AGREEMENT, Code.SENSE_DOUBTFUL}
_QUOTES = {Code.QUOTE_LOST, Code.QUOTE_UNBALANCED}


Decode = Callable[[Sequence[str], Decoding], list[Output]]
"""Send texts through the models again."""
Correct = Callable[[Sequence[str], Sequence[str], Sequence[Sequence[str]]], Sequence[Output | None]]
"""Ask a language model to translate texts again, given its translations and their problems; None for each
that it cannot be asked about."""


@dataclass(slots=True)
class _Case:
    """A sentence being repaired."""

    source: str
    checked: Checked
    alternatives: Sequence[Output]
    truncated: bool
    """Whether the model broke off the current translation."""
    terms: Sequence[Term]

    def has(self, codes: Iterable[Code]) -> bool:
        """Whether one of the flags has one of these codes."""
        return any(flag.code in codes for flag in self.checked.flags)

    def rewritten(self, text: str) -> Output:
        """The model's output with its text replaced; a truncated output stays truncated."""
        return Output(text, self.checked.score, truncated=self.truncated)


@dataclass(frozen=True, slots=True)
class Repairer:
    """Checks and repairs the sentences of one language pair."""

    source: str
    target: str
    decode: Decode
    searched: int = 1
    """How many hypotheses the first decoding searched for."""
    names: OwnNames = NONE
    has_beam: bool = True
    """Whether the model can search for other hypotheses, or repeat no sequence of tokens."""
    correct: Correct | None = None

    def repair(
        self,
        texts: Sequence[str],
        outputs: Sequence[Output],
        terms: Sequence[Sequence[Term]] | None = None,
    ) -> list[Checked]:
        """The outputs, checked and where possible repaired; `texts` are their sources, with their terms."""
        cases = [
            _Case(
                text,
                examine(text, output, self.source, self.target, self.names, own),
                output.alternatives,
                output.truncated,
                own,
            )
            for text, output, own in zip(texts, outputs, terms or [()] * len(texts), strict=True)
        ]
        for step, candidates in (
            ("nbest", self._n_best),
            ("correction", self._correction),
            ("placeholder", self._stand_ins),
            ("senses", self._senses),
            ("beam", self._wider_beam),
            ("constrained", self._constrained),
            ("spelling", self._spelling),
            ("dictionary", self._dictionary),
            ("substitution", self._substitution),
            ("quotes", self._quotes),
        ):
            flagged = [case for case in cases if case.checked.flags]
            for case, candidate in candidates(flagged):
                self._try(step, case, candidate)
        return [case.checked for case in cases]

    def _try(self, step: str, case: _Case, candidate: Output) -> None:
        """Replace the current translation by the candidate if that is better."""
        old = case.checked
        new = examine(case.source, candidate, self.source, self.target, self.names, case.terms)
        new = replace(new, usage=old.usage + new.usage)
        case.checked = replace(old, usage=new.usage)
        spans = [one.span for one in find(case.source, case.terms, self.source)]
        if not is_better(case.source, old, new, self.source, self.target, spans):
            return
        fixed = Counter(flag.code.value for flag in old.flags)
        fixed.subtract(flag.code.value for flag in new.flags)
        # Of several candidates kept in one step, the last is recorded, relative to the text before the step.
        before = old.text
        repairs = old.repairs
        if repairs and repairs[-1].step == step:
            before = repairs[-1].before
            fixed.update(repairs[-1].fixed)
            repairs = repairs[:-1]
        done = Repair(step=step, fixed=sorted(fixed.elements()), before=before)
        case.checked = replace(new, repairs=(*repairs, done))
        case.truncated = candidate.truncated

    def _n_best(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Try the other hypotheses of the beam: the second may have the fact that the best one lost.

        They cost no decoding.
        """
        for case in cases:
            for candidate in case.alternatives:
                yield case, candidate

    def _correction(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Ask a language model to translate again, and name the problems."""
        if self.correct is None or not cases:
            return
        outputs = self.correct(
            [case.source for case in cases],
            [case.checked.text for case in cases],
            [[flag.message for flag in case.checked.flags] for case in cases],
        )
        for case, output in zip(cases, outputs, strict=True):
            if output is not None:
                yield case, output

    def _wider_beam(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Try the hypotheses of a wider beam.

        This takes more than twice the time of the first decoding, so it runs after the cheaper steps, and
        only for problems other than single words. Where the first decoding had as wide
        a beam, all its hypotheses have been tried.
        """
        if self.searched >= _WIDER_BEAM or not self.has_beam:
            return
        astray = [case for case in cases if case.has(_WORTH_A_WIDER_BEAM)]
        outputs = self.decode([case.source for case in astray], Decoding(hypotheses=_WIDER_BEAM))
        for case, output in zip(astray, outputs, strict=True):
            for candidate in (output, *output.alternatives):
                yield case, candidate

    def _constrained(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Decode sentences with a flag in `LOOPS` again, with no sequence of three tokens repeated."""
        astray = [case for case in cases if case.has(LOOPS)] if self.has_beam else []
        outputs = self.decode([case.source for case in astray], Decoding(no_repeat_ngram=3))
        yield from zip(astray, outputs, strict=True)

    def _stand_ins(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Replace what the model cannot copy by stand-ins that it can, and restore the originals."""
        variants = [
            with_standins(case.source, case.checked.flags, self.source, self.target, case.terms)
            for case in cases
        ]
        # Fewest stand-ins first: most sentences need no more.
        for of_all in zip_longest(*variants):
            tried = [
                (case, variant)
                for case, variant in zip(cases, of_all, strict=True)
                if variant is not None and case.checked.flags
            ]
            outputs = self.decode([variant.text for _, variant in tried], PLAIN)
            for (case, variant), output in zip(tried, outputs, strict=True):
                text = variant.restored(output.text)
                if text is not None:
                    yield case, replace(output, text=text)

    def _senses(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Decode with translations in place of the words that the model gave another sense."""
        asked = [
            (case, variant)
            for case in cases
            if case.has({Code.SENSE_DOUBTFUL})
            for variant in with_translations(
                case.source, case.checked.flags, self.source, self.target
            )
        ]
        outputs = self.decode([variant.text for _, variant in asked], PLAIN)
        for (case, variant), output in zip(asked, outputs, strict=True):
            # Without the word that was sent, the flag may be gone and the sense still be wrong.
            if variant.is_kept(output.text, self.target):
                yield case, output

    def _dictionary(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Look up words that are in no dictionary, and lines of a single word."""
        for case in cases:
            checked = case.checked
            text = looked_up(case.source, checked.text, checked.flags, self.source, self.target)
            if text is not None:
                yield case, case.rewritten(text)

    def _substitution(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Replace each changed fact in the translation by the original."""
        for case in cases:
            checked = case.checked
            text = substituted(case.source, checked.text, checked.flags, self.source, self.target)
            if text != checked.text:
                yield case, case.rewritten(text)

    def _spelling(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Replace words that do not exist by similar real words, one at a time."""
        model = embedded(self.target)
        if model is None:
            return
        pair = (self.source, self.target)
        for case in cases:
            # From the last one on, so that a repair does not move the spans before it.
            for span in sorted(
                (
                    flag.target
                    for flag in case.checked.flags
                    if flag.target and flag.code is Code.UNKNOWN_WORD
                ),
                reverse=True,
            ):
                text = respelled(case.source, case.checked.text, span, pair, model)
                if text is not None:
                    yield case, case.rewritten(text)

    def _quotes(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Add lost quotation marks at the ends of clauses."""
        for case in cases:
            if case.has(_QUOTES):
                yield case, case.rewritten(paired(case.source, case.checked.text))
