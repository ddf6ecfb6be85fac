from hypothesis import given
from hypothesis import strategies as st

from workers.batching import plan


@given(st.lists(st.integers(1, 600)), st.integers(1, 2000))
def test_each_text_is_in_one_batch_within_the_budget(lengths: list[int], budget: int) -> None:
    batches = plan(lengths, budget)
    assert sorted(index for batch in batches for index in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[index] for index in batch)
        assert longest * len(batch) <= budget or len(batch) == 1


def test_longest_first_and_full() -> None:
    assert plan([5, 100, 10, 50], 100) == [[1], [3, 2], [0]]
