"""Send texts through the models of a route, and check and repair the results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from models.catalogue import Catalogue
from models.engines.alignment import Alignment
from models.engines.instructed import InstructedTranslator
from models.engines.translator import NO_TOKENS, PLAIN, Decoding, Output
from models.residency import Residency
from models.routes import Route
from pipeline.batching import plan_for, translate
from pipeline.checked import Checked
from pipeline.glossary.names import OwnNames
from pipeline.glossary.terms import Term
from pipeline.repair.repairer import Repairer
from pipeline.requests import Effort

Progress = Callable[[int, int], None]
"""Called with the numbers of segments done and segments known, before the first batch and after each. It
may raise to stop the work between batches."""

SEARCHED: Mapping[Effort, int] = {"fast": 1, "balanced": 4, "best": 8}
"""How many translations of a sentence are searched for; a model with wider beams returns as many as these.

ADR 0034 has their benefit and their cost."""


@dataclass(frozen=True, slots=True)
class Input:
    """A text to translate, the terms of glossaries that are in it, and the sentences before it.

    Texts that differ in nothing but what comes before them are decoded once.
    """

    text: str
    terms: tuple[Term, ...] = ()
    before: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Decoder:
    """The models of a process, loaded on demand, and the token budget of a batch."""

    catalogue: Catalogue
    models: Residency
    batch_tokens: int

    def decode_and_check(
        self,
        route: Route,
        inputs: Sequence[Input],
        names: OwnNames,
        effort: Effort,
        progress: Progress,
    ) -> list[Checked]:
        """Translate each text, check it and repair what is flagged; a repeated text is decoded once.

        A route without legs returns the texts unchanged. Raises ModelUnavailable.
        """
        total = len(inputs)
        progress(0, total)
        if not route.legs:
            progress(total, total)
            return [Checked(one.text) for one in inputs]
        unique = list(dict.fromkeys(inputs))
        last = self.catalogue.get(route.legs[-1].model, "translate")
        searched = SEARCHED[effort] if last.has_beam else 1
        terms = dict.fromkeys((t.source, t.target or t.source) for one in unique for t in one.terms)
        outputs = self.decode(
            route,
            [one.text for one in unique],
            Decoding(
                hypotheses=searched,
                terms=tuple(terms),
                before={one.text: one.before for one in unique},
            ),
            lambda share: progress(int(share * total), total),
        )
        # Decoding again for a repair reports no progress, but can be stopped between batches.
        again = partial(self.decode, route, done=lambda _: progress(total, total))
        repairer = Repairer(
            route.source,
            route.target,
            again,
            searched,
            names,
            has_beam=last.has_beam,
            correct=partial(self.correct, route),
        )
        checked = repairer.repair(
            [one.text for one in unique], outputs, [one.terms for one in unique]
        )
        progress(total, total)
        by_input = dict(zip(unique, checked, strict=True))
        found = []
        for one in inputs:
            found.append(by_input[one])
            by_input[one] = replace(by_input[one], usage=NO_TOKENS)
        return found

    def decode(
        self, route: Route, texts: Sequence[str], decoding: Decoding, done: Callable[[float], None]
    ) -> list[Output]:
        """Send the texts through every leg of the route; `decoding` applies to the last leg.

        `done` is called with the share of the leg's work, from 0 to 1, after each batch.
        """
        outputs = [Output(text) for text in texts]
        for leg in route.legs:
            before = outputs
            outputs = translate(
                self.models.translator(self.catalogue.get(leg.model, "translate")),
                [output.text for output in outputs],
                leg,
                self.batch_tokens,
                done,
                decoding if leg is route.legs[-1] else PLAIN,
            )
            outputs = [
                replace(new, refused=new.refused or old.refused, usage=old.usage + new.usage)
                for old, new in zip(before, outputs, strict=True)
            ]
        return outputs

    def correct(
        self,
        route: Route,
        texts: Sequence[str],
        translations: Sequence[str],
        problems: Sequence[Sequence[str]],
    ) -> list[Output | None]:
        """Ask the route's language model to correct translations; None where it cannot be asked.

        It can be asked about a text that it translates directly, as a whole.
        """
        if len(route.legs) != 1:
            return [None] * len(texts)
        leg = route.legs[0]
        translator = self.models.translator(self.catalogue.get(leg.model, "translate"))
        if not isinstance(translator, InstructedTranslator) or not translator.can_correct:
            return [None] * len(texts)
        lengths = translator.count_tokens(texts)
        outputs: list[Output | None] = [None] * len(texts)
        for batch in plan_for(translator, lengths, self.batch_tokens):
            fitting = [index for index in batch if lengths[index] <= translator.max_source_tokens]
            corrected = translator.correct(
                [texts[index] for index in fitting],
                [translations[index] for index in fitting],
                [problems[index] for index in fitting],
                source=leg.source,
                target=leg.target,
            )
            for index, output in zip(fitting, corrected, strict=True):
                outputs[index] = output
        return outputs

    def align(
        self, route: Route, sources: Sequence[str], translations: Sequence[str]
    ) -> list[Alignment | None]:
        """Align the words of each translation with the words of its source.

        None where that is impossible: the route has a pivot, or the text is too long for the model. Raises
        ModelUnavailable.
        """
        if len(route.legs) != 1:
            return [None] * len(sources)
        leg = route.legs[0]
        translator = self.models.translator(self.catalogue.get(leg.model, "translate"))
        return translator.align(sources, translations, source=leg.source, target=leg.target)
