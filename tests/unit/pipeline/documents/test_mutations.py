"""Mutated files: each parser reads them, or refuses them with a reason; it never fails in another way.

The mutations are the same at every run; the reference of formats has the figures of a longer one.
"""

import random
from base64 import b64decode

import pytest

from pipeline.documents.document import Part
from pipeline.documents.file_types import FILE_TYPES, from_bytes
from pipeline.documents.formats import parse
from pipeline.errors import InvalidDocument
from pipeline.requests import FileFormat, Source
from tests.unit.pipeline.documents.test_markdown import ARTICLE
from tests.unit.pipeline.documents.test_odt import NOTE, odt
from tests.unit.pipeline.documents.test_ooxml import run, word, zipped
from tests.unit.pipeline.documents.test_po import CATALOGUE
from tests.unit.pipeline.documents.test_wire_formats import NEWSML, NINJS, XLIFF

SUBTITLES = (
    "1\n00:00:01,000 --> 00:00:03,000\n<i>It rains</i> &amp; rains\nin London\n\n"
    "2\n00:00:03,500 --> 00:00:05,000\n- Yes.\n- No.\n"
)
SLIDE = (
    '<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:rPr b="1"/><a:t>The </a:t></a:r>'
    "<a:r><a:t>vote</a:t></a:r></a:p></p:sld>"
)
PAGE = (
    '<p title="A view">He <b>said <a href="x">it</a></b><sup>1</sup> rains &mdash; now.<br>Yes '
    '<img alt="A">'
)
SEEDS: dict[FileFormat, bytes] = {
    "html": PAGE.encode(),
    "xml": NEWSML.encode(),
    "markdown": ARTICLE.encode(),
    "srt": SUBTITLES.encode(),
    "vtt": f"WEBVTT\n\n{SUBTITLES.replace(',', '.')}".encode(),
    "docx": b64decode(word(f"<w:p>{run('See the ')}{run('red', '<w:b/>')}{run(' car')}</w:p>")),
    "pptx": b64decode(zipped({"ppt/slides/slide1.xml": SLIDE.encode()})),
    "odt": b64decode(odt(f"<text:p>See <text:span>the{NOTE}</text:span> car</text:p>")),
    "xliff": XLIFF.encode(),
    "po": CATALOGUE.encode(),
    "ninjs": NINJS.encode(),
    "newsml": NEWSML.encode(),
}
TOKENS = [
    b"<", b">", b"&", b'"', b"</", b"/>", b"<p>", b"</b>", b"&#1;", b"&#x110000;", b"<!--", b"<![CDATA[",
    b"]]>", b"\n\n", b"\r", b"{", b"}", b"[", b"](", b"*", b"`", b"|", b"-->", b"\\", b"\0", b"\xff",
    "é\u200b\u2028".encode(), b'msgid "', b"((" * 50, b"> " * 50, b"<a " * 50,
]  # fmt: skip


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The file with some bytes changed, left out, repeated or put in."""
    for _ in range(rng.choice([1, 2, 5])):
        place, other = rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)
        first, last = sorted((place, other))
        data = rng.choice(
            [
                data[:place] + rng.choice(TOKENS) + data[place:],
                data[:place] + bytes([rng.randrange(256)]) + data[place + 1 :],
                data[:first] + data[min(last, first + 20) :],
                data[:place] + data[first : first + 40] + data[place:],
            ]
        )
    return data


@pytest.mark.parametrize("name", SEEDS)
def test_a_mutated_file_is_read_or_refused(name: FileFormat) -> None:
    rng = random.Random(name)
    for _ in range(150):
        try:
            source = from_bytes(mutated(SEEDS[name], rng), name)
            document = parse(Source(document=source, format=name))
        except InvalidDocument:
            continue
        assert document.template is not None
        texts = [document.text_of(block) for block in document.blocks]
        same = {n: [Part(0, len(text), text, text)] for n, text in enumerate(texts)}
        assert document.template.fill(document.blocks, same).text == source
        other = {n: [Part(0, len(t), t, f'¿<{n}> "Otra" & más?')] for n, t in enumerate(texts)}
        document.template.fill(document.blocks, other)


def test_every_format_has_a_seed() -> None:
    assert SEEDS.keys() == FILE_TYPES.keys()
