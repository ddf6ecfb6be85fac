import pytest

from pipeline.summaries.choice import Length, choose
from pipeline.summaries.salience import Scored


def scored(*salience: float) -> Scored:
    return Scored(list(salience), [{str(number): 1.0} for number in range(len(salience))])


def run(values: Scored, length: Length, alone: list[bool] | None = None) -> list[int]:
    count = len(values.salience)
    stands = alone or [True] * count
    return choose(values, [10] * count, length, stands_alone=stands, alive=lambda: None)


def test_the_best_first() -> None:
    assert run(scored(0.1, 0.9, 0.5), Length(sentences=2)) == [1, 2]


def test_what_is_like_a_chosen_one_is_not_chosen() -> None:
    values = Scored([0.9, 0.8, 0.1], [{"a": 1.0}, {"a": 1.0}, {"b": 1.0}])
    assert run(values, Length(sentences=2)) == [0, 2]


def test_what_leans_is_chosen_with_its_antecedent_where_little_stands_alone() -> None:
    values = scored(0.5, 0.9, 0.8)
    assert run(values, Length(sentences=3), [True, False, True]) == [2, 0]
    assert run(values, Length(sentences=3), [True, False, False])[:2] == [0, 1]


def test_a_long_summary_reads_as_a_text() -> None:
    values = scored(0.9, 0.8, 0.7, 0.6, 0.5)
    assert run(values, Length(sentences=4), [True, False, True, False, True]) == [0, 1, 2, 3]


def test_no_more_words_than_wished_but_one_sentence() -> None:
    assert run(scored(0.1, 0.9, 0.5), Length(words=20)) == [1, 2]
    assert len(run(scored(0.1, 0.9, 0.5), Length(words=5))) == 1


def test_it_can_be_stopped() -> None:
    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    count = 1_000
    with pytest.raises(Stopped):
        choose(
            scored(*[0.5] * count),
            [10] * count,
            Length(ratio=1.0),
            stands_alone=[True] * count,
            alive=stop,
        )
