"""What a model is sent, and what comes back in the place of stand-ins."""

import pytest

from pipeline.protect import protect

UNKNOWN = frozenset("@#<>\\^{}~£¥µμ±≤≥½¼¾‰ğÑÍÓşčž")


def read(text: str, source: str = "en", target: str = "es") -> str:
    """What the model reads, its pieces joined by "|"."""
    parts = protect(text, source, target, UNKNOWN).parts
    return "|".join(part for part, is_read in parts if is_read)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("It costs £3,100 a year.", "It costs 87 euros a year."),
        ("A £3 coin", "A 87-euro coin"),
        ("Mix 2½ cups.", "Mix 87 cups."),
        ("Air held 31 µg of lead.", "Air held 87 of lead."),
        ("The margin is ±4 points.", "The margin is 87 points."),
        ("Ask @desk_4 or x@y.org #Now", "Ask BBC or ABC Facebook"),
        ("President Erdoğan's visit", "President Sarkozy's visit"),
        ("She read 你好 aloud.", "She read Sarkozy aloud."),
        ("Rob Stone met Hope Field.", "Sarkozy met Martin."),
        ("Use {{name}} here.", "Use Sarkozy here."),
        ("Update to iOS 16.4 now.", "Update to iOS 87 now."),
        ("It starts at 7.15pm.", "It starts at 16:25."),
        ("He has yet to answer.", "He still did not answer."),
        ("I totally disagree.", "I do not agree at all."),
        ("Prices rose 3.1pc yoy.", "Prices rose 3.1% year on year."),
        ("the '80s", "the 1980s"),
        ("He is 5' 11\" tall.", "He is 5 feet 11 inches tall."),
        ("see you on friday", "see you on Friday"),
        ("The plan — a bad one — failed.", "The plan - a bad one - failed."),
        ("PARIS (AFP) — Rain fell.", "PARIS (AFP)|Rain fell."),
        ("Good work!", ""),
        ("Exclusive: He resigned", ": He resigned"),
        ("Penny Lane MP said no.", "Sarkozy, MP, said no."),
        ("Labour MP Mark Field left.", "Labour MP Sarkozy left."),
    ],
)
def test_english(text: str, sent: str) -> None:
    assert read(text).strip() == sent


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Costó 2.300 millones de pesos.", "Costó 87 euros."),
        ("—No iré —dijo ella—. Nunca más.", '"No iré", dijo ella. "Nunca más."'),
        ("—aclaró él.", "aclaró él."),
        ("El plan —muy caro— fracasó.", "El plan - muy caro - fracasó."),
        ("Lima, 7 ago (EFE)", "Lima, 7 de agosto (EFE)"),
        ("LEÓN y PARÍS", "León y París"),
        ("Habló Ana de la Torre.", "Habló Sarkozy."),
    ],
)
def test_spanish(text: str, sent: str) -> None:
    assert read(text, "es", "en") == sent


def test_what_stands_in_is_restored_once_each() -> None:
    sent = protect("It costs £3,100, or £90 @home.", "en", "es", UNKNOWN)
    translation = "Cuesta 87 euros, o 57 € en BBC."
    assert sent.restored(translation) == "Cuesta 3.100 libras, o 90 libras en @home."


def test_a_word_that_is_sent_as_often_as_it_occurs_is_restored_each_time() -> None:
    sent = protect("From 5 km² to 9 km² in May.", "en", "es", UNKNOWN | {"²"})
    assert sent.restored("De 5 km2 a 9 km2 en mayo.") == "De 5 km² a 9 km² en mayo."
    assert sent.restored("De 5 km2 a 9 en mayo.") is None


@pytest.mark.parametrize(
    "translation",
    [
        "Cuesta mucho.",
        "Cuesta 87 euros y 87 euros.",
        "Cuesta 87 millones de euros.",
        "Cuesta 1.87 euros.",
    ],
)
def test_a_stand_in_that_is_lost_or_doubled_restores_nothing(translation: str) -> None:
    assert protect("It costs £3,100.", "en", "es", UNKNOWN).restored(translation) is None


def test_without_stand_ins_money_is_said_in_words_and_names_are_cut_out() -> None:
    sent = protect("Rob Stone paid £3,100 to @home.", "en", "es", UNKNOWN).without_standins()
    assert sent.parts == (
        ("Rob Stone", False),
        (" paid 3,100 pounds to ", True),
        ("@home", False),
        (".", False),
    )


def test_dashes_come_back_where_as_many_hyphens_do() -> None:
    sent = protect("The plan — a bad one – failed.", "en", "es", UNKNOWN)
    assert sent.restored("El plan - malo - fracasó.") == "El plan — malo – fracasó."
    assert sent.restored("El plan, malo, fracasó.") == "El plan, malo, fracasó."


def test_places_with_their_article_have_the_targets_name() -> None:
    sent = protect("Vive en La Haya y en Los Álamos.", "es", "en", UNKNOWN)
    assert sent.restored("Lives in Sarkozy and Martin.") == "Lives in The Hague and Los Álamos."


def test_a_text_for_a_summary_has_no_stand_ins() -> None:
    text = "Rob Stone paid £3,100 to @home."
    assert protect(text, "en", "en", UNKNOWN).parts == ((text, True),)


@pytest.mark.parametrize(
    ("source", "target", "line", "translation"),
    [
        ("es", "en", "¡Gol!", "Goal!"),
        ("es", "en", "«¡Nunca!».", '"Never!"'),
        ("en", "es", "Well done!", "¡Bien hecho!"),
        ("en", "es", "Why not?", "¿Por qué no?"),
        ("en", "es", "Morning Ruth.", "Buenos días, Ruth."),
        ("en", "es", "Hi Mrs. Vega!", "¡Hola, Sra. Vega!"),
    ],
)
def test_phrases_need_no_model(source: str, target: str, line: str, translation: str) -> None:
    assert protect(line, source, target, UNKNOWN).parts == ((translation, False),)
