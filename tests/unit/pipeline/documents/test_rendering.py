from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.article import parse_article
from pipeline.documents.document import BlockKind
from pipeline.documents.plain_text import parse_text
from pipeline.documents.rendering import Rendered, render_fields
from pipeline.segments import split


def run(text: str, *, keep: bool, mark: str = "") -> Rendered:
    document = parse_text(text)
    segments = split(document, "en")
    return render_fields(document, segments, [s.text + mark for s in segments], keep_furniture=keep)


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("\n .ab")))
def test_the_same_sentences_give_the_same_text(text: str) -> None:
    # Normalised and unwrapped texts are compared in test_any_text.py.
    if parse_text(text).fields["text"] == text:
        assert run(text, keep=True).fields["text"] == text


def test_kept_boilerplate_is_the_source_s() -> None:
    text = "\n ON NOW \n\n\nThe ferry came.\n\nFollow us on:\n\nIt left.\n\t\nON NOW\n "
    kinds = [block.kind for block in parse_text(text).blocks]
    assert kinds.count(BlockKind.FURNITURE) == 3
    assert run(text, keep=True).fields["text"] == text


def test_targets_stand_where_the_offsets_say(article: str) -> None:
    document = parse_text(article)
    segments = split(document, "en")
    targets = [f"<{index}> {s.text}" for index, s in enumerate(segments)]
    rendered = render_fields(document, segments, targets, keep_furniture=False)
    text = rendered.fields["text"]
    assert [text[start:end] for start, end in rendered.offsets] == targets


def test_furniture_goes_with_the_gap_around_it() -> None:
    text = "\nON NOW\n\nThe ferry came.\n\nON NOW\n\nIt left.\n\nON NOW\n"
    assert run(text, keep=False, mark="!").fields["text"] == "\nThe ferry came.!\n\nIt left.!\n"
    assert run(text, keep=True, mark="!").fields["text"] == text.replace("came.", "came.!").replace(
        "left.", "left.!"
    )


def test_each_field_is_rendered_by_itself() -> None:
    document = parse_article({"title": "Back", "body": "It came. It left.\n\nWell."})
    segments = split(document, "en")
    rendered = render_fields(document, segments, ["A", "B", "C", "D"], keep_furniture=False)
    assert rendered.fields == {"title": "A", "body": "B C\n\nD"}
    assert rendered.offsets == [(0, 1), (0, 1), (2, 3), (5, 6)]
