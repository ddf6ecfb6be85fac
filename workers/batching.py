"""Which texts go through the engine together."""

from collections.abc import Sequence


def plan(lengths: Sequence[int], budget: int) -> list[list[int]]:
    """Batches of indices into `lengths` (tokens), each of which costs at most `budget` tokens.

    A batch costs its longest text times its count, for the shorter ones are padded. The longest
    texts come first, so that texts of like lengths meet and a batch that does not fit in memory
    fails at once. A text over the budget is a batch of its own.
    """
    batches: list[list[int]] = []
    room = 0
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if room < 1:
            batches.append([])
            room = budget // max(lengths[index], 1)
        batches[-1].append(index)
        room -= 1
    return batches


def padding(lengths: Sequence[int], batches: Sequence[Sequence[int]]) -> float:
    """The share of what the batches cost that is padding: 0 where all texts are of one length."""
    cost = sum(max(lengths[index] for index in batch) * len(batch) for batch in batches)
    return 1 - sum(lengths) / cost if cost else 0.0
