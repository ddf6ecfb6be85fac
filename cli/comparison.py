"""Compare models on the lines of a file: `dragoman models compare`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from time import monotonic
from typing import TYPE_CHECKING

from models.errors import DragomanError

if TYPE_CHECKING:
    from models.catalogue import Catalogue, Model
    from pipeline.requests import Effort
    from pipeline.results import TranslationResult
    from service.settings import Settings

_AT_ONCE = 100
"""Lines that are decoded together, as in a batch."""
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figures:
    """What is measured of one model; rates are for a hundred lines.

    `bleu` and `chrf` compare with the reference, `agreement` is the mean chrF with the other models; None
    where there is none. `memory` is the growth of the process in MiB, with the model loaded.
    """

    model: str
    bleu: float | None
    chrf: float | None
    agreement: float | None
    flags: float
    errors: float
    unknown_words: float
    lines_per_second: float
    memory: int


@dataclass(frozen=True, slots=True)
class _Run:
    """The translations by one model, and what they took."""

    results: "Sequence[TranslationResult]"
    seconds: float
    memory: int

    @property
    def texts(self) -> list[str]:
        return [result.text or "" for result in self.results]

    def per_hundred(self, count: "Callable[[TranslationResult], int]") -> float:
        return 100 * fmean(map(count, self.results))


def compare(
    settings: "Settings",
    catalogue: "Catalogue",
    models: "Sequence[Model]",
    pair: tuple[str, str],
    sources: Sequence[str],
    references: Sequence[str] | None,
    effort: "Effort",
    done: Callable[[int, int], None],
) -> list[Figures]:
    """Translate the lines with each model, with its checks and repairs, and measure the results.

    `done` is called with the lines done and all lines, of all models. Raises what a translation raises.
    """
    total = len(models) * len(sources)
    runs = []
    for number, model in enumerate(models):
        before = number * len(sources)
        progress = partial(_progress, done, before, total)
        runs.append(_run(settings, catalogue, model, pair, sources, effort, progress))
    texts = [run.texts for run in runs]
    return [
        Figures(
            model=model.id,
            bleu=_bleu(own, references) if references else None,
            chrf=_chrf(own, references) if references else None,
            agreement=_agreement(number, texts),
            flags=run.per_hundred(lambda result: sum(result.quality.flags.values())),
            errors=run.per_hundred(lambda result: result.quality.wrong),
            unknown_words=run.per_hundred(lambda r: r.quality.flags.get("unknown-word", 0)),
            lines_per_second=len(sources) / run.seconds,
            memory=run.memory,
        )
        for number, (model, run, own) in enumerate(zip(models, runs, texts, strict=True))
    ]


def _run(
    settings: "Settings",
    catalogue: "Catalogue",
    model: "Model",
    pair: tuple[str, str],
    sources: Sequence[str],
    effort: "Effort",
    done: Callable[[int], None],
) -> _Run:
    from models.process_memory import release_free_memory, resident_bytes
    from pipeline.requests import TranslationRequest
    from workers.resident import pipeline_of

    pipeline = pipeline_of(settings, catalogue)
    before = resident_bytes()
    translator = pipeline.decoder.models.translator(model)
    requests = [
        TranslationRequest(text=t, source=pair[0], target=pair[1], model=model.id, effort=effort)
        for t in sources
    ]
    results: list[TranslationResult] = []
    start = monotonic()
    for at in range(0, len(requests), _AT_ONCE):
        for result in pipeline.run_many(requests[at : at + _AT_ONCE], lambda *_: None):
            if isinstance(result, DragomanError):
                raise result
            results.append(result)  # type: ignore[arg-type]  # of a translation, not of a summary
        done(len(results))
    seconds = monotonic() - start
    memory = (resident_bytes() - before) // _MIB
    translator.close()
    del pipeline, translator
    release_free_memory()
    return _Run(results, seconds, memory)


def _progress(done: Callable[[int, int], None], before: int, total: int, lines: int) -> None:
    done(before + lines, total)


def _bleu(texts: Sequence[str], references: Sequence[str]) -> float:
    from sacrebleu.metrics.bleu import BLEU

    return float(BLEU().corpus_score(list(texts), [list(references)]).score)


def _chrf(texts: Sequence[str], references: Sequence[str]) -> float:
    from sacrebleu.metrics.chrf import CHRF

    return float(CHRF().corpus_score(list(texts), [list(references)]).score)


def _agreement(number: int, texts: Sequence[Sequence[str]]) -> float | None:
    """The mean chrF of a model's translations with those of each other model."""
    others = [other for place, other in enumerate(texts) if place != number]
    return fmean(_chrf(texts[number], other) for other in others) if others else None
