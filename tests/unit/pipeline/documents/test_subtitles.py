"""Subtitles: cues and times stay, sentences are laid back into the cues they came from."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.document import Document, Filled, Part
from pipeline.documents.subtitles import parse_srt, parse_vtt

SRT = """1
00:00:01,000 --> 00:00:03,500
The mayor said on Tuesday that
107 people were released

2
00:00:03,600 --> 00:00:06,000
from <i>prison</i>.

3
00:00:07,000 --> 00:00:09,900
{\\an8}<i>Nobody was hurt.</i>

4
00:00:10,000 --> 00:00:12,000
- Who are you?
- A friend.

5
00:00:13,000 --> 00:00:14,000
♪
"""
VTT = """WEBVTT - A title

STYLE
::cue { color: red }

NOTE not this
nor this

intro
00:01.000 --> 00:04.000 align:start position:10%
<v Ann>Fish &amp; chips <b>now</b>

00:05.000 --> 00:06.000
<v Bob>And <c.loud>tea</c>.
"""
FORMATS = {"srt": parse_srt, "vtt": parse_vtt}


def texts(document: Document) -> list[str]:
    return [document.text_of(block) for block in document.blocks]


def filled(document: Document, **targets: str) -> Filled:
    """The document with blocks, by their first word, replaced as one sentence."""
    assert document.template is not None
    parts = {
        number: [Part(0, len(text), text, targets[text.split()[0]])]
        for number, text in enumerate(texts(document))
        if text.split()[0] in targets
    }
    return document.template.fill(document.blocks, parts)


def cues(source: str) -> list[str]:
    return [cue.split("\n", 2)[2].strip("\n") for cue in re.split(r"\n\n(?=\d)", source.strip())]


def test_a_sentence_over_two_cues_is_one_and_two_speakers_are_two() -> None:
    assert texts(parse_srt(SRT)) == [
        "The mayor said on Tuesday that 107 people were released from prison.",
        "Nobody was hurt.",
        "Who are you?",
        "A friend.",
    ]


@pytest.mark.parametrize(
    ("format_", "source"), [("srt", SRT), ("vtt", VTT), ("srt", "\ufeff" + SRT)]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_without_a_translation_every_character_stays(
    format_: str, source: str, newline: str
) -> None:
    source = source.replace("\n", newline)
    assert filled(FORMATS[format_](source)) == Filled(source)


def test_a_sentence_is_laid_back_into_its_cues() -> None:
    source = SRT.replace("\n", "\r\n")
    written = filled(
        parse_srt(source),
        The="El alcalde dijo el martes que 107 personas fueron liberadas de la prisión.",
        Nobody="Nadie resultó herido.",
        Who="¿Quién eres?",
        A="Un amigo.",
    )
    assert written.text.count("\r\n") >= source.count("\r\n")
    assert "\n" not in written.text.replace("\r\n", "")
    assert cues(written.text.replace("\r\n", "\n")) == [
        "El alcalde dijo el martes\nque 107 personas fueron liberadas",
        "de la <i>prisión</i>.",
        "{\\an8}<i>Nadie resultó herido.</i>",
        "- ¿Quién eres?\n- Un amigo.",
        "♪",
    ]


def test_a_translation_of_fewer_words_than_cues_is_written_once() -> None:
    source = "\n\n".join(
        f"{number}\n00:00:0{number},000 --> 00:00:0{number},900\n{word}"
        for number, word in enumerate(("It", "was", "not", "a", "surprise."))
    )
    written = filled(parse_srt(source), It="No sorprendió nada.").text
    said = [line for line in written.splitlines() if line and not re.match(r"\d", line)]
    assert said == ["No", "sorprendió", "nada."]


def test_times_and_settings_are_exact() -> None:
    written = filled(parse_vtt(VTT), Fish="Pescado y <patatas> ahora", And="Y té.").text
    times = re.compile(r"^.*-->.*$", re.MULTILINE)
    assert times.findall(written) == times.findall(VTT)
    assert written.startswith(VTT[: VTT.index("intro")])
    assert "<v Ann>Pescado y &lt;patatas&gt; <b>ahora</b>\n" in written
    assert "<v Bob>Y <c.loud>té</c>.\n" in written


def test_quotation_marks_and_apostrophes_are_written_as_they_are() -> None:
    written = filled(parse_vtt(VTT), Fish='Don\'t say "no" & <go>').text
    assert 'Don\'t say "no" &amp; &lt;go&gt;' in re.sub(r"</?b>", "", written)


def test_lines_are_no_longer_than_42_and_fast_cues_are_told() -> None:
    source = "1\n00:00:01,000 --> 00:00:02,000\nHello there.\n"
    written = filled(
        parse_srt(source), Hello="Buenos días a todas las personas que están aquí hoy."
    )
    assert cues(written.text) == ["Buenos días a todas las personas\nque están aquí hoy."]
    assert "52 characters a second" in written.notes[0]
    assert filled(parse_srt(source), Hello="Hola.").notes == {}


@given(
    st.sampled_from(["srt", "vtt"]),
    st.lists(
        st.lists(
            st.sampled_from(
                [
                    "Word",
                    "goes.",
                    "on",
                    "<i>",
                    "</i>",
                    "{\\an8}",
                    "&amp;",
                    "-",
                    "\n",
                    "<b",
                    "\n-",
                    "\t",
                ]
            )
        ),
        max_size=5,
    ),
)
def test_any_cues_come_back_with_their_times_and_tags(
    format_: str, bodies: list[list[str]]
) -> None:
    source = "WEBVTT\n\n" + "\n\n".join(
        f"{number}\n00:00:0{number}.000 --> 00:00:0{number}.900\n{' '.join(body)}"
        for number, body in enumerate(bodies)
    )
    document = FORMATS[format_](source)
    assert filled(document) == Filled(source)
    assert document.template is not None
    parts = {
        number: [Part(0, len(text), text, "Otra palabra y más.")]
        for number, text in enumerate(texts(document))
    }
    written = document.template.fill(document.blocks, parts).text
    assert re.findall(r".*-->.*", written) == re.findall(r".*-->.*", source)
    assert written.count("{\\an8}") == source.count("{\\an8}")
