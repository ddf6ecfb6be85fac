"""Sentences of two revisions."""

from hypothesis import given
from hypothesis import strategies as st

from service.stories.alignment import Aligned, Change, Sentence, align, removed


def body(*texts: str) -> list[Sentence]:
    return [Sentence("body", text) for text in texts]


OLD = body("The mayor left.", "She was late; the vote is in July.", "It rains.", "Yes.", "No.")


def test_the_same_text_is_unchanged() -> None:
    assert align(OLD, OLD) == [Aligned(Change.UNCHANGED, (n,)) for n in range(len(OLD))]
    assert removed(OLD, align(OLD, OLD)) == []


def test_a_sentence_that_stands_elsewhere_is_moved() -> None:
    first, second, third, *rest = OLD
    changes = align(OLD, [second, third, first, *rest])
    assert [one.change for one in changes].count(Change.MOVED) == 1
    assert changes[2] == Aligned(Change.MOVED, (0,))


def test_a_title_is_not_the_sentence_of_a_body() -> None:
    (one,) = align([Sentence("title", "It rains.")], body("It rains."))
    assert not one.keeps_translation


def test_split_and_merged_sentences_have_the_same_words() -> None:
    news = body("The mayor left.", "She was late.", "The vote is in July.", "It rains: yes.", "No.")
    changes = align(OLD, news)
    assert changes[1] == Aligned(Change.SPLIT, (1,), (0, 2))
    assert changes[2] == Aligned(Change.SPLIT, (1,), (1, 2))
    assert changes[3] == Aligned(Change.MERGED, (2, 3))
    assert changes[4].change is Change.UNCHANGED


def test_another_number_is_another_sentence() -> None:
    (one,) = align(body("The storm killed 12 people."), body("The storm killed 13 people."))
    assert one == Aligned(Change.CHANGED, (0,))
    assert not one.keeps_translation


def test_what_is_gone_is_named() -> None:
    changes = align(OLD, body("The mayor left.", "A new sentence of another kind altogether."))
    assert changes[1] == Aligned(Change.NEW)
    assert removed(OLD, changes) == [1, 2, 3, 4]


texts = st.lists(
    st.sampled_from(["a b.", "a.", "b.", "c d e.", "c d.", "e.", "A, B!"]), max_size=12
)


@given(texts, texts)
def test_every_old_sentence_is_used_once(old: list[str], new: list[str]) -> None:
    changes = align(body(*old), body(*new))
    assert len(changes) == len(new)
    used = [n for one in changes for n in one.olds if one.part[0] == 0]
    assert len(used) == len(set(used))
    for one, text in zip(changes, new, strict=True):
        if one.change in {Change.UNCHANGED, Change.MOVED}:
            assert old[one.olds[0]] == text
