"""Texts through the engine together: in pieces that fit, in batches of like lengths."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from models.engines.translator import PLAIN, Decoding, Output, Translator
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
    """Translate the texts in batches of at most `budget` tokens; one that is too long goes in pieces.

    What must not pass through the model goes as stand-ins (`pipeline.protect`). Of a text's hypotheses those
    count that have all of them; a text without one is decoded again in another way. Where n hypotheses
    are asked for `budget` is for all of them: each is searched for side by side. `done` gets the
    share of the work, from 0 to 1, after each batch.
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
    # A text without stand-ins has none to lose.
    return [output for output in whole if output is not None]


def _decode(
    translator: Translator,
    texts: Sequence[Sent],
    leg: Leg,
    budget: int,
    done: Callable[[float], None],
    decoding: Decoding,
) -> list[Output | None]:
    """Each text's translation; None where no hypothesis has all stand-ins."""
    pieces = [_pieces(translator, text) for text in texts]
    flat = [piece for of_text in pieces for piece in of_text]
    lengths = translator.count_tokens([piece.text for piece in flat])
    results: dict[int, Output] = {}
    batches = plan_for(translator, lengths, budget // decoding.hypotheses)
    stream = translator.stream(
        ([flat[index].text for index in batch] for batch in batches),
        source=leg.source,
        target=leg.target,
        decoding=decoding,
    )
    for batch, outputs in zip(batches, stream, strict=True):
        results.update(zip(batch, outputs, strict=True))
        done(len(results) / len(flat))
    translated = iter([results[index] for index in range(len(flat))])
    return [
        _restored(text, _rejoin(text, of_text, [next(translated) for _ in of_text]))
        for text, of_text in zip(texts, pieces, strict=True)
    ]


def _restored(text: Sent, output: Output) -> Output | None:
    """The best of the hypotheses that have all stand-ins, with what these stand for."""
    if not text.standins and not text.dashes:
        return output
    whole = [
        replace(one, text=restored, alternatives=())
        for one in (output, *output.alternatives)
        if (restored := text.restored(one.text)) is not None
    ]
    return replace(whole[0], alternatives=tuple(whole[1:])) if whole else None


PADDING = 0.1
"""The share of a batch that may be padding, where padding is computed."""


def plan_for(translator: Translator, lengths: Sequence[int], budget: int) -> list[list[int]]:
    """The batches that suit the engine: work for all that it runs at once, and little padding where that
    costs (ADR 0017).
    """
    most = PADDING if translator.pays_for_padding else 1.0
    return plan(lengths, budget, parts=translator.parallel_batches, most_padding=most)


def plan(
    lengths: Sequence[int], budget: int, *, parts: int = 1, most_padding: float = 1.0
) -> list[list[int]]:
    """Batches of indices into `lengths` (tokens), each of which costs at most `budget` tokens.

    A batch costs its longest text times its count, for the shorter ones are padded; at most the share
    `most_padding` of that is padding. Where `parts` batches run at once they come in rounds: as few as
    the budget allows, and in batches as small as that many can be, so that they are of like size and
    none is left to run alone. The longest texts come first, so that texts of like lengths meet and a
    batch that does not fit in memory fails at once. A text over the budget is a batch of its own.
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
    """As few batches as the limits of `plan` allow."""
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
    """The share of what the batches cost that is padding: 0 where all texts are of one length."""
    cost = sum(max(lengths[index] for index in batch) * len(batch) for batch in batches)
    return 1 - sum(lengths) / cost if cost else 0.0


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a text that the model takes whole, and what stands before and after it as it is."""

    before: str
    text: str
    after: str


def _pieces(translator: Translator, sent: Sent) -> list[_Piece]:
    """The text's pieces; none where it has nothing to translate."""
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
    )
