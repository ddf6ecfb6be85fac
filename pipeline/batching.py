"""Send texts through the engine together, in pieces that fit and in batches of similar lengths."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from math import ceil

from models.engines.translator import NO_TOKENS, PLAIN, Decoding, Output, Translator
from models.routes import Leg
from pipeline.protect import Sent, protect
from pipeline.segments import fit


def translate(
    translator: Translator,
    texts: Sequence[str],
    leg: Leg,
    budget: int,
    done: Callable[[float], None],
    decoding: Decoding = PLAIN,
) -> list[Output]:
    """Translate the texts in batches of at most `budget` tokens; texts that are too long are split.

    What must not pass through the model is sent as stand-ins (`pipeline.protect`). Only hypotheses that
    contain all stand-ins of a text are used; a text with no such hypothesis is decoded again without
    stand-ins. Where n hypotheses are requested, `budget` covers all of them, because they are searched side
    by side. `done` is called with the share of the work, from 0 to 1, after each batch.
    """
    sent = [
        protect(text, leg.source, leg.target, translator.unknown_characters(text)) for text in texts
    ]
    outputs = _decode(translator, sent, leg, budget, done, decoding)
    lost = [number for number, output in enumerate(outputs) if output is None]
    other = [sent[number].without_standins() for number in lost]
    again = _decode(translator, other, leg, budget, lambda _: done(1.0), decoding) if lost else []
    found = dict(zip(lost, again, strict=True))
    whole = [
        found.get(number) if output is None else output for number, output in enumerate(outputs)
    ]
    # A text without stand-ins cannot lose any.
    return [output for output in whole if output is not None]


def _decode(
    translator: Translator,
    texts: Sequence[Sent],
    leg: Leg,
    budget: int,
    done: Callable[[float], None],
    decoding: Decoding,
) -> list[Output | None]:
    """The translation of each text; None where no hypothesis has all stand-ins."""
    pieces = [_pieces(translator, text) for text in texts]
    flat = [piece for of_text in pieces for piece in of_text]
    lengths = translator.count_tokens([piece.text for piece in flat])
    results: dict[int, Output] = {}
    batches = plan_for(translator, lengths, budget // decoding.hypotheses)
    texts_of_batches = ([flat[index].text for index in batch] for batch in batches)
    with closing(  # where `done` raises, nothing more is decoded
        translator.stream(texts_of_batches, source=leg.source, target=leg.target, decoding=decoding)
    ) as stream:
        for batch, outputs in zip(batches, stream, strict=True):
            results.update(zip(batch, outputs, strict=True))
            done(len(results) / len(flat))
    translated = iter([results[index] for index in range(len(flat))])
    return [
        _restored(text, _rejoin(text, of_text, [next(translated) for _ in of_text]))
        for text, of_text in zip(texts, pieces, strict=True)
    ]


def _restored(text: Sent, output: Output) -> Output | None:
    """The hypotheses that have all stand-ins, the best first, with the originals restored; None if there
    are none.
    """
    if not text.standins and not text.dashes:
        return output
    whole = [
        replace(one, text=restored, alternatives=())
        for one in (output, *output.alternatives)
        if (restored := text.restored(one.text)) is not None
    ]
    return replace(whole[0], alternatives=tuple(whole[1:])) if whole else None


PADDING = 0.1
"""The maximum share of padding in a batch, for engines that compute padding."""


def plan_for(translator: Translator, lengths: Sequence[int], budget: int) -> list[list[int]]:
    """The batches that suit the engine: enough for all that it runs in parallel, and little padding where
    padding costs time (ADR 0017).
    """
    most = PADDING if translator.pays_for_padding else 1.0
    return plan(lengths, budget, parts=translator.parallel_batches, most_padding=most)


def plan(
    lengths: Sequence[int], budget: int, *, parts: int = 1, most_padding: float = 1.0
) -> list[list[int]]:
    """Batches of indices into `lengths` (tokens), each of which costs at most `budget` tokens.

    The cost of a batch is the length of its longest text times the number of texts, because shorter ones
    are padded; at most the share `most_padding` of the cost is padding. Where `parts` batches run in
    parallel, they form rounds: as few rounds as the budget allows, with batches as small as that number of
    rounds permits, so that they are of similar size and none has to run alone. The longest texts come
    first, so that texts of similar lengths share a batch and a batch that does not fit in memory fails at
    once. A text over the budget is a batch of its own.
    """
    longest_first = sorted(range(len(lengths)), key=lambda index: -lengths[index])

    def cut(limit: int) -> list[list[int]]:
        return _cut(lengths, longest_first, limit, most_padding)

    batches = cut(budget)
    if parts == 1:
        return batches
    wanted = parts * ceil(len(batches) / parts)
    return cut(bisect_left(range(budget), -wanted, key=lambda limit: -len(cut(limit))))


def _cut(
    lengths: Sequence[int], longest_first: Sequence[int], budget: int, most_padding: float
) -> list[list[int]]:
    """The fewest batches within the limits of `plan`."""
    batches: list[list[int]] = []
    longest = used = 0
    for index in longest_first:
        length = lengths[index]
        cost = longest * (len(batches[-1]) + 1) if batches else budget + 1
        if cost > budget or cost - used - length > most_padding * cost:
            batches.append([])
            longest, used = length, 0
        batches[-1].append(index)
        used += length
    return batches


def padding(lengths: Sequence[int], batches: Sequence[Sequence[int]]) -> float:
    """The share of padding in the cost of the batches: 0 where all texts have the same length."""
    cost = sum(max(lengths[index] for index in batch) * len(batch) for batch in batches)
    return 1 - sum(lengths) / cost if cost else 0.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a text that fits the model, and the text before and after it that is kept unchanged."""

    before: str
    text: str
    after: str


def _pieces(translator: Translator, sent: Sent) -> list[_Piece]:
    """The pieces of the text; empty if it has nothing to translate."""
    pieces: list[_Piece] = []
    kept = ""
    for part, is_read in sent.parts:
        if not is_read:
            kept += part
            continue
        for fitting in fit(part, translator.count_tokens, translator.max_source_tokens):
            bare = fitting.strip()
            if not bare:
                kept += fitting
                continue
            start = fitting.index(bare)
            pieces.append(_Piece(kept + fitting[:start], bare, fitting[start + len(bare) :]))
            kept = ""
    if kept and pieces:
        pieces[-1] = replace(pieces[-1], after=pieces[-1].after + kept)
    return pieces


def _rejoin(sent: Sent, pieces: Sequence[_Piece], outputs: Sequence[Output]) -> Output:
    if not pieces:
        return Output("".join(part for part, _ in sent.parts))
    if len(pieces) == 1 and not pieces[0].before and not pieces[0].after:
        return outputs[0]
    joined = "".join(p.before + o.text + p.after for p, o in zip(pieces, outputs, strict=True))
    scores = [output.score for output in outputs if output.score is not None]
    return Output(
        joined.strip(),
        sum(scores) / len(scores) if scores else None,
        any(output.truncated for output in outputs),
        refused=any(output.refused for output in outputs),
        usage=sum((output.usage for output in outputs), NO_TOKENS),
    )
