"""Sentences that are found again."""

from pipeline.memory import contexts, digest, keys, normalized

LONG = "The mayor said on Tuesday that 107 people were released from the prison near the old port."


def test_spelling_of_space_and_marks_makes_no_other_sentence() -> None:
    assert normalized(" “It’s\u00a0late,”  he\nsaid. ") == '"It\'s late," he said.'
    assert digest("“It’s late.”") == digest('"It\'s  late."')
    assert digest("It is late.") != digest("It is Late.")


def test_a_context_is_the_neighbours() -> None:
    first = contexts(["A.", "B.", "C."])
    assert len(set(first)) == 3
    assert contexts(["A.", "B.", "D."])[0] == first[0]
    assert contexts(["A.", "B.", "D."])[1] != first[1]


def test_like_sentences_share_keys_and_others_do_not() -> None:
    like = LONG.replace("107", "109").replace("near", "behind")
    assert set(keys(LONG, "x")) & set(keys(like, "x"))
    assert not set(keys(LONG, "x")) & set(keys("Rates rose for the third time this year.", "x"))
    assert not set(keys(LONG, "x")) & set(keys(LONG, "y"))


def test_every_sentence_has_keys_also_without_spaces() -> None:
    assert keys("Yes.", "x")
    assert keys("", "x")
    chinese = "市长星期二说一百零七人获释。"
    assert set(keys(chinese, "x")) & set(keys(chinese.replace("二", "三"), "x"))
