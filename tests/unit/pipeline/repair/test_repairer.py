"""Repairs: kept where they help, and only there. The models are texts that a test gives."""

from collections.abc import Mapping, Sequence

import pytest

from models.engines.translator import PLAIN, Decoding, Output
from pipeline.checks import Code
from pipeline.repair.acceptance import COLLAPSE
from pipeline.repair.repairer import Repairer

SOURCE = "He freed 107 people."
RIGHT = Output("Liberó a 107 personas.", -0.5)
WRONG = Output("Liberó a varias personas.", -0.4)


def mender(
    best: Mapping[str, Output] | None = None, plain: Mapping[str, Output] | None = None
) -> Repairer:
    """One whose decoder gives `best` for n-best and constrained decoding, and `plain` else."""

    def decode(texts: Sequence[str], decoding: Decoding) -> list[Output]:
        table = (plain if decoding == PLAIN else best) or {}
        return [table.get(text, Output("")) for text in texts]

    return Repairer("en", "es", decode)


def test_what_is_right_is_left_alone() -> None:
    (checked,) = mender().repair([SOURCE], [RIGHT])
    assert checked.text == RIGHT.text
    assert not checked.flags
    assert not checked.repairs


def test_the_second_hypothesis_may_have_it() -> None:
    best = {SOURCE: Output(WRONG.text, -0.4, alternatives=(RIGHT,))}
    (checked,) = mender(best).repair([SOURCE], [WRONG])
    assert checked.text == RIGHT.text
    assert checked.flags == ()
    (repair,) = checked.repairs
    assert (repair.step, repair.fixed, repair.before) == ("beam", ["number-missing"], WRONG.text)


def test_what_a_cheaper_step_mended_is_not_searched_again() -> None:
    asked: list[tuple[list[str], Decoding]] = []

    def decode(texts: Sequence[str], decoding: Decoding) -> list[Output]:
        asked.extend([(list(texts), decoding)] if texts else [])
        return [Output("Liberó a 87 personas y a Romero.", -0.4) for _ in texts]

    source = "He freed 107 people and Romero."
    (checked,) = Repairer("en", "es", decode).repair(
        [source], [Output("Liberó a varias personas y a Romero.", -0.4)]
    )
    assert checked.text == "Liberó a 107 personas y a Romero."
    # One decoding, with a stand-in for the number alone: neither the name with it, nor a wider beam.
    assert asked == [(["He freed 87 people and Romero."], PLAIN)]


def test_a_strange_word_costs_no_second_decoding() -> None:
    draft = Output("Liberó a 107 yulhos.", -0.4, alternatives=(RIGHT,))

    def decode(texts: Sequence[str], _: Decoding) -> list[Output]:
        assert not texts
        return []

    (checked,) = Repairer("en", "es", decode).repair([SOURCE], [draft])
    assert checked.text == RIGHT.text
    assert [repair.step for repair in checked.repairs] == ["nbest"]


@pytest.mark.parametrize(
    "candidate",
    [
        Output("Liberó a 107 personas y a 300 más.", -0.5),  # it adds a number
        Output("Liberó a 107 personas.", -0.4 - COLLAPSE - 0.1),  # the model does not believe it
        Output("107 107 107 107 107 107 107 107.", -0.4),  # it loops
    ],
)
def test_a_candidate_that_breaks_something_else_is_not_kept(candidate: Output) -> None:
    best = {SOURCE: Output(WRONG.text, -0.4, alternatives=(candidate,))}
    (checked,) = mender(best).repair([SOURCE], [WRONG])
    assert checked.text == WRONG.text
    assert [flag.code for flag in checked.flags] == [Code.NUMBER_MISSING]
    assert checked.repairs == ()


@pytest.mark.parametrize(
    ("source", "draft", "candidate"),
    [
        (
            "The vendor left his bicycle-drawn cart in front of the station.",
            "El vendedor dejó su trelumo de bicicleta delante de la estación.",
            "El vendedor dejó su carro delante de la estación.",
        ),
        (
            "The Czech president read the whole letter aloud.",
            "El presidente checo leyó la carta ompleda en voz alta.",
            "El presidente leyó entonces la carta entera en voz alta.",
        ),
    ],
)
def test_a_candidate_that_leaves_something_out_is_not_kept(
    source: str, draft: str, candidate: str
) -> None:
    best = {source: Output(candidate, -0.4)}
    (checked,) = mender(best).repair([source], [Output(draft, -0.4)])
    assert checked.text == draft
    assert [flag.code for flag in checked.flags] == [Code.UNKNOWN_WORD]


def test_a_standin_comes_back_as_the_original() -> None:
    plain = {"He freed 87 people.": Output("Liberó a 87 personas.", -0.4)}
    (checked,) = mender(plain=plain).repair([SOURCE], [WRONG])
    assert checked.text == RIGHT.text
    assert [repair.step for repair in checked.repairs] == ["placeholder"]


def test_what_no_decoding_mends_is_substituted() -> None:
    (checked,) = mender().repair([SOURCE], [Output("Liberó a 102 personas.", -0.4)])
    assert checked.text == RIGHT.text
    (repair,) = checked.repairs
    assert (repair.step, repair.fixed) == ("substitution", ["number-changed"])


def test_a_lost_quotation_mark_comes_back() -> None:
    source = "“We will go,” said the minister."
    (checked,) = mender().repair([source], [Output('"Iremos, dijo el ministro.', -0.4)])
    assert checked.text == '"Iremos", dijo el ministro.'
    assert [repair.step for repair in checked.repairs] == ["quotes"]


def test_a_sentence_that_was_cut_off_is_flagged() -> None:
    (checked,) = mender().repair([SOURCE], [Output("Liberó a 107 personas.", -0.4, truncated=True)])
    assert Code.TRUNCATED in [flag.code for flag in checked.flags]


def test_an_edited_sentence_that_breaks_off_is_flagged_once() -> None:
    source = "He freed 107 people and the dogs."
    (checked,) = mender().repair([source], [Output("Liberó a 102 personas y los", -0.4)])
    assert checked.text == "Liberó a 107 personas y los"
    assert [flag.code for flag in checked.flags] == [Code.TRUNCATED]


def test_a_beam_that_was_as_wide_is_not_searched_again() -> None:
    asked: list[Decoding] = []

    def decode(texts: Sequence[str], decoding: Decoding) -> list[Output]:
        asked.extend([decoding] * len(texts))
        return [Output("") for _ in texts]

    Repairer("en", "es", decode, searched=4).repair([SOURCE], [WRONG])
    assert {decoding.hypotheses for decoding in asked} == {1}


@pytest.mark.parametrize(
    ("source", "draft", "right"),
    [
        (
            "The system spoke of the test.",
            "La sistema habló del prueba.",
            "El sistema habló de la prueba.",
        ),
        (
            "He went to the team with these trips.",
            "Fue a la equipo con estas viajes.",
            "Fue al equipo con estos viajes.",
        ),
        (
            "The red carpet of the test.",
            "El alfombra rojo del prueba.",
            "La alfombra roja de la prueba.",
        ),
        (
            "The peaceful protests: a trip with life.",
            "Los protestas pacíficos: una viaje con vida.",
            "Las protestas pacíficas: un viaje con vida.",
        ),
    ],
)
def test_articles_are_made_to_agree(source: str, draft: str, right: str) -> None:
    (checked,) = mender().repair([source], [Output(draft, -0.4)])
    assert (checked.text, checked.flags) == (right, ())
    (repair,) = checked.repairs
    assert (repair.step, repair.fixed) == ("substitution", ["agreement"] * 2)


def test_a_hypothesis_that_agrees_is_taken_whole() -> None:
    draft = Output("La equipo vencedora llegó.", -0.4)
    whole = Output("El equipo vencedor llegó.", -0.5)
    given = Output(draft.text, draft.score, alternatives=(whole,))
    (checked,) = mender().repair(["The winning team arrived."], [given])
    assert checked.text == whole.text
    assert [repair.step for repair in checked.repairs] == ["nbest"]


def test_a_word_that_is_nearly_a_real_one_becomes_it() -> None:
    invented = Output("El ministro sigue evalúando la ley y las licitacións.", -0.4)
    source = "The minister is still evaluating the law and the tenders."
    (checked,) = mender().repair([source], [invented])
    assert checked.text == "El ministro sigue evaluando la ley y las licitaciones."
    (repair,) = checked.repairs
    assert (repair.step, repair.fixed) == ("spelling", ["unknown-word", "unknown-word"])
    assert repair.before == invented.text


def test_a_wrong_sense_is_decoded_again_with_a_word_of_the_target() -> None:
    def decode(texts: Sequence[str], decoding: Decoding) -> list[Output]:
        table = {"El councillor dimitió ayer.": Output("The councillor resigned yesterday.", -0.5)}
        return [table.get(text, Output("", -9.0)) for text in texts]

    (checked,) = Repairer("es", "en", decode).repair(
        ["El concejal dimitió ayer."], [Output("The donor resigned yesterday.", -0.4)]
    )
    assert checked.text == "The councillor resigned yesterday."
    assert checked.flags == ()
    (repair,) = checked.repairs
    assert (repair.step, repair.fixed) == ("senses", ["sense-doubtful"])


def test_a_candidate_without_the_word_that_was_sent_does_not_take_the_flag_away() -> None:
    def decode(texts: Sequence[str], decoding: Decoding) -> list[Output]:
        return [Output("He resigned yesterday.", -0.5) for _ in texts]

    (checked,) = Repairer("es", "en", decode).repair(
        ["El concejal dimitió ayer."], [Output("The donor resigned yesterday.", -0.4)]
    )
    assert checked.text == "The donor resigned yesterday."
    assert [flag.code for flag in checked.flags] == [Code.SENSE_DOUBTFUL]
