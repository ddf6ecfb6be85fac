import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import DragomanError
from service.batches.receive import Lines
from service.errors import MalformedRequest, PayloadTooLarge
from service.settings import Settings


def cut(pieces: list[bytes], *, gzipped: bool = False, **settings: int) -> list[tuple[int, bytes]]:
    lines = Lines(Settings(**settings), gzipped=gzipped)  # type: ignore[arg-type]
    return [line for piece in pieces for line in lines.feed(piece)] + list(lines.end())


@given(st.lists(st.binary()), st.booleans())
def test_lines_do_not_depend_on_how_the_body_was_cut(pieces: list[bytes], gzipped: bool) -> None:
    whole = b"".join(pieces)
    expected = whole.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if not expected[-1]:
        expected.pop()
    sent = [whole[:3], whole[3:]] if gzipped else pieces
    if gzipped:  # two files after one another, in pieces of seven bytes
        packed = b"".join(gzip.compress(piece) for piece in sent)
        sent = [packed[at : at + 7] for at in range(0, len(packed), 7)]
    assert cut(sent, gzipped=gzipped) == list(enumerate(expected, 1))


@pytest.mark.parametrize(
    ("pieces", "gzipped", "error"),
    [
        ([b"12345\n" * 3], False, PayloadTooLarge),
        ([b"\n" * 5], False, PayloadTooLarge),
        ([gzip.compress(b" " * 10_000_000, mtime=0)], True, PayloadTooLarge),
        ([b"no gzip"], True, MalformedRequest),
        ([gzip.compress(b"abc", mtime=0)[:-4]], True, MalformedRequest),
    ],
)
def test_what_is_too_much_or_no_gzip(
    pieces: list[bytes], gzipped: bool, error: type[DragomanError]
) -> None:
    with pytest.raises(error):
        cut(pieces, gzipped=gzipped, batch_bytes=16, batch_lines=4)


def test_a_line_that_never_ends_is_not_kept() -> None:
    ((number, line),) = cut([b"x" * 1000] * 50, max_body_bytes=2000, max_document_bytes=300)
    assert number == 1
    assert len(line) == 2401  # one byte over what a line may have
