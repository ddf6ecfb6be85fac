"""What is flagged is repaired where it can be: decoded again, in disguise, or written over.

The steps go in this order, each over all sentences that are flagged still, and each is a bounded amount
of work. A candidate is kept only if every flag it has was there before, some are gone, the model
finds it no worse than `COLLAPSE` says, and nothing that the sentence had is left out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from models.engines.translator import PLAIN, Decoding, Output
from models.language_model import embedded
from pipeline.checked import Checked, examine
from pipeline.checks import Code
from pipeline.checks.own_names import NONE, OwnNames
from pipeline.repair.acceptance import LOOPS, is_better
from pipeline.repair.looked_up import looked_up
from pipeline.repair.placeholders import disguised, substituted
from pipeline.repair.respelling import respelled
from pipeline.results import Repair
from pipeline.style.quotes import paired

HYPOTHESES = 4
"""The n best that are looked at; ADR 0030 has what six gain over four, and what they cost."""
_WORTH_A_WIDER_BEAM = set(Code) - {Code.UNKNOWN_WORD, Code.AGREEMENT}
_QUOTES = {Code.QUOTE_LOST, Code.QUOTE_UNBALANCED}


Decode = Callable[[Sequence[str], Decoding], list[Output]]
"""Texts through the models again."""


@dataclass(slots=True)
class _Case:
    """A sentence under repair."""

    source: str
    checked: Checked
    alternatives: Sequence[Output]

    def has(self, codes: Iterable[Code]) -> bool:
        """Whether one of the flags is of these codes."""
        return any(flag.code in codes for flag in self.checked.flags)

    def rewritten(self, text: str) -> Output:
        """Another text in the place of what the model gave: not for that brought to an end."""
        return Output(text, self.checked.score, truncated=self.has({Code.TRUNCATED}))


@dataclass(frozen=True, slots=True)
class Repairer:
    """Checks and repairs the sentences of one pair of languages."""

    source: str
    target: str
    decode: Decode
    names: OwnNames = NONE

    def repair(self, texts: Sequence[str], outputs: Sequence[Output]) -> list[Checked]:
        """The outputs checked, and repaired where that works; `texts` are what they translate."""
        cases = [
            _Case(
                text,
                examine(text, output, self.source, self.target, self.names),
                output.alternatives,
            )
            for text, output in zip(texts, outputs, strict=True)
        ]
        for step, candidates in (
            ("nbest", self._n_best),
            ("placeholder", self._stand_ins),
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
        """Take the candidate in place of what there is, if it is better."""
        old = case.checked
        new = examine(case.source, candidate, self.source, self.target, self.names)
        if not is_better(case.source, old, new, self.source, self.target):
            return
        fixed = Counter(flag.code.value for flag in old.flags)
        fixed.subtract(flag.code.value for flag in new.flags)
        # Of several candidates of a step the last one kept counts, against what was before the step.
        before = old.text
        repairs = old.repairs
        if repairs and repairs[-1].step == step:
            before = repairs[-1].before
            fixed.update(repairs[-1].fixed)
            repairs = repairs[:-1]
        done = Repair(step=step, fixed=sorted(fixed.elements()), before=before)
        case.checked = replace(new, repairs=(*repairs, done))

    def _n_best(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """The other ends of the beam: the fact that the best one lost may be in the second.

        They cost nothing.
        """
        for case in cases:
            for candidate in case.alternatives:
                yield case, candidate

    def _wider_beam(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """The ends of a wider beam.

        It costs more than twice the time of the first decoding: it comes after what is cheaper, and is
        for what is more than a strange word or a wrong gender.
        """
        astray = [case for case in cases if case.has(_WORTH_A_WIDER_BEAM)]
        outputs = self.decode([case.source for case in astray], Decoding(hypotheses=HYPOTHESES))
        for case, output in zip(astray, outputs, strict=True):
            for candidate in (output, *output.alternatives):
                yield case, candidate

    def _constrained(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Where the decoder went astray: no three tokens twice."""
        astray = [case for case in cases if case.has(LOOPS)]
        outputs = self.decode([case.source for case in astray], Decoding(no_repeat_ngram=3))
        yield from zip(astray, outputs, strict=True)

    def _stand_ins(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """What the model cannot copy goes as something that it can, and comes back after."""
        variants = [
            disguised(case.source, case.checked.flags, self.source, self.target) for case in cases
        ]
        # The least first: most sentences need no more.
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

    def _dictionary(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """A word that no dictionary has, or a line of one word, is looked up."""
        for case in cases:
            checked = case.checked
            text = looked_up(case.source, checked.text, checked.flags, self.source, self.target)
            if text is not None:
                yield case, case.rewritten(text)

    def _substitution(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """What a fact has become is replaced in its place by what it was."""
        for case in cases:
            checked = case.checked
            text = substituted(case.source, checked.text, checked.flags, self.source, self.target)
            if text != checked.text:
                yield case, case.rewritten(text)

    def _spelling(self, cases: Sequence[_Case]) -> Iterator[tuple[_Case, Output]]:
        """Words that do not exist become the real ones that they are nearly, one after the other."""
        model = embedded(self.target)
        if model is None:
            return
        pair = (self.source, self.target)
        for case in cases:
            # From the last one on: what a repair changes moves no place before it.
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
        """Marks that were lost on the way go where the clauses end."""
        for case in cases:
            if case.has(_QUOTES):
                yield case, case.rewritten(paired(case.source, case.checked.text))
