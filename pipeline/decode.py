"""Send texts through the models of a route, and check and repair the results."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from models.catalogue import Catalogue
from models.engines.alignment import Alignment
from models.engines.translator import PLAIN, Decoding, Output
from models.residency import Residency
from models.routes import Route
from pipeline.batching import translate
from pipeline.checked import Checked
from pipeline.checks.own_names import OwnNames
from pipeline.repair.repairer import Repairer
from pipeline.requests import Effort

Progress = Callable[[int, int], None]
"""Called with the numbers of segments done and segments known, before the first batch and after each. It
may raise to stop the work between batches."""

SEARCHED: Mapping[Effort, int] = {"fast": 1, "balanced": 4, "best": 8}
"""How many translations of a sentence are searched for; a model with wider beams returns as many as these.

ADR 0034 has their benefit and their cost."""


@dataclass(frozen=True, slots=True)
class Decoder:
    """The models of a process, loaded on demand, and the token budget of a batch."""

    catalogue: Catalogue
    models: Residency
    batch_tokens: int

    def decode_and_check(
        self,
        route: Route,
        texts: Sequence[str],
        names: OwnNames,
        effort: Effort,
        progress: Progress,
    ) -> list[Checked]:
        """Translate each text, check it and repair what is flagged; a repeated text is decoded once.

        A route without legs returns the texts unchanged. Raises ModelUnavailable.
        """
        total = len(texts)
        progress(0, total)
        if not route.legs:
            progress(total, total)
            return [Checked(text) for text in texts]
        unique = list(dict.fromkeys(texts))
        searched = SEARCHED[effort]
        outputs = self.decode(
            route,
            unique,
            Decoding(hypotheses=searched),
            lambda share: progress(int(share * total), total),
        )
        # Decoding again for a repair reports no progress, but can be stopped between batches.
        again = partial(self.decode, route, done=lambda _: progress(total, total))
        repairer = Repairer(route.source, route.target, again, searched, names)
        checked = repairer.repair(unique, outputs)
        progress(total, total)
        by_text = dict(zip(unique, checked, strict=True))
        return [by_text[text] for text in texts]

    def decode(
        self, route: Route, texts: Sequence[str], decoding: Decoding, done: Callable[[float], None]
    ) -> list[Output]:
        """Send the texts through every leg of the route; `decoding` applies to the last leg.

        `done` is called with the share of the leg's work, from 0 to 1, after each batch.
        """
        outputs = [Output(text) for text in texts]
        for leg in route.legs:
            outputs = translate(
                self.models.translator(self.catalogue.get(leg.model, "translate")),
                [output.text for output in outputs],
                leg,
                self.batch_tokens,
                done,
                decoding if leg is route.legs[-1] else PLAIN,
            )
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
