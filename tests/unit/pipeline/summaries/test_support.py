import pytest

from pipeline.summaries.support import support

ARTICLE = [
    "The storm destroyed two piers on the northern islands on Monday.",
    "Ferry service returned on Thursday, said the minister Elena Ruiz.",
    "Engineers from the mainland need three weeks to repair the power line.",
    "Schools stay closed until 12 May.",
]


@pytest.mark.parametrize(
    ("sentence", "sources"),
    [
        ("A storm on Monday destroyed piers on the northern islands.", [0]),
        ("Ferry service returned, and engineers need three weeks to repair the line.", [1, 2]),
    ],
)
def test_a_sentence_is_linked_to_what_it_rests_on(sentence: str, sources: list[int]) -> None:
    (found,) = support([sentence], ARTICLE, "en")
    assert found.sources == sources
    assert found.is_enough
    assert found.strange == []


@pytest.mark.parametrize(
    ("sentence", "strange"),
    [
        ("Schools stay closed until 12 June.", ["June"]),
        ("Engineers from the mainland need 17 weeks to repair the power line.", ["17"]),
        ("Ferry service returned on Thursday, said the minister Marta Soler.", ["Marta", "Soler"]),
    ],
)
def test_a_fact_that_the_article_has_not_is_told(sentence: str, strange: list[str]) -> None:
    (found,) = support([sentence], ARTICLE, "en")
    assert [fact.text for fact in found.strange] == strange
    assert [sentence[slice(*fact.span)] for fact in found.strange] == strange


def test_what_the_article_does_not_say_is_not_supported() -> None:
    (found,) = support(
        ["Parliament adopted a budget without any debate about taxes."], ARTICLE, "en"
    )
    assert not found.is_enough


def test_what_rests_on_nothing_has_no_sources() -> None:
    (found,) = support(["Qwxz vbnm!"], ARTICLE, "en")
    assert (found.sources, found.share) == ([], 0.0)
