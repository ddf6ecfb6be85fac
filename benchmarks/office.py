"""Large office files: `python -m benchmarks.office SENTENCES`.

Makes a DOCX of 200 pages and a PPTX of 100 slides of a file's sentences, reads them, writes them with
another text for each sentence, and reads them again. Printed are the size, the sentences, the seconds of
reading and of writing, and how much the process has grown. Translating comes on top, at the speed of the
model.
"""

import argparse
import base64
import io
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_BREAK

from pipeline.documents.formats import parse, render
from pipeline.requests import TranslationRequest
from pipeline.segments import split

PAGES, PARAGRAPHS = 200, 5
SLIDES, POINTS = 100, 8
_PPTX_TYPES = "application/vnd.openxmlformats-officedocument.presentationml"
_SLIDE = (
    '<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree>'
    "<p:sp><p:txBody>{}</p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
)


def docx_file(sentences: Sequence[str]) -> bytes:
    """Paragraphs of four sentences with a word in bold, a table on every tenth page."""
    chance, document = random.Random(7), Document()
    for page in range(PAGES):
        document.add_heading(chance.choice(sentences), level=2)
        for _ in range(PARAGRAPHS):
            paragraph = document.add_paragraph()
            for sentence in chance.choices(sentences, k=4):
                first, _, rest = sentence.partition(" ")
                paragraph.add_run(f"{first} ").bold = True
                paragraph.add_run(f"{rest} ")
        if page % 10 == 0:
            table = document.add_table(rows=10, cols=4)
            for cell in (cell for row in table.rows for cell in row.cells):
                cell.text = chance.choice(sentences)
        document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def pptx_file(sentences: Sequence[str]) -> bytes:
    """Slides of points with a word in bold: the parts that hold text, and what names them."""
    chance, written = random.Random(7), io.BytesIO()
    names = [f"ppt/slides/slide{number}.xml" for number in range(1, SLIDES + 1)]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _content_types(names))
        archive.writestr("ppt/presentation.xml", "<presentation/>")
        for name in names:
            points = "".join(map(_point, chance.choices(sentences, k=POINTS)))
            archive.writestr(name, _SLIDE.format(points))
    return written.getvalue()


def _content_types(slides: Sequence[str]) -> str:
    parts = "".join(
        f'<Override PartName="/{name}" ContentType="{_PPTX_TYPES}.slide+xml"/>' for name in slides
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f"{parts}</Types>"
    )


def _point(sentence: str) -> str:
    first, _, rest = map(escape, sentence.partition(" "))
    return f'<a:p><a:r><a:rPr b="1"/><a:t>{first} </a:t></a:r><a:r><a:t>{rest}</a:t></a:r></a:p>'


FILES: dict[str, Callable[[Sequence[str]], bytes]] = {"docx": docx_file, "pptx": pptx_file}


def measure(format_: str, path: Path) -> None:
    """Read and write a file in this process, and print the figures."""
    data = path.read_bytes()
    before = _megabytes()
    begin = time.perf_counter()
    request = TranslationRequest.model_validate(
        {
            "document": base64.b64encode(data).decode(),
            "format": format_,
            "source": "en",
            "target": "es",
        }
    )
    document = parse(request)
    segments = split(document, "en")
    read = time.perf_counter()
    # Other texts of the same length: markup is placed as in a translation.
    targets = [segment.text.swapcase() for segment in segments]
    rendered = render(document, segments, targets, [None] * len(segments), keep_furniture=True)
    written = time.perf_counter()
    assert rendered.document is not None
    again = parse(request.model_copy(update={"document": rendered.document}))
    assert [one.swapcase() for one in again.fields.values()] == [*document.fields.values()]
    print(
        f"{format_}: {len(data) / 1e6:.2f} MB, {len(segments):,} sentences, read in "
        f"{read - begin:.1f} s, written in {written - read:.1f} s, +{_megabytes() - before:.0f} MB"
    )


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Make the files, and measure each in a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.office", description=__doc__)
    parser.add_argument("sentences", type=Path, help="a file of sentences, one a line")
    parser.add_argument("--measure", choices=FILES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        measure(arguments.measure, arguments.sentences)
        return
    sentences = arguments.sentences.read_text(encoding="utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        for format_, make in FILES.items():
            path = Path(folder, f"large.{format_}")
            path.write_bytes(make(sentences))
            command = [sys.executable, "-m", "benchmarks.office", str(path), "--measure", format_]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
