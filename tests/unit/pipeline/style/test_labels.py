import pytest

from pipeline.documents.document import BlockKind
from pipeline.style.labels import by_rule


@pytest.mark.parametrize(
    ("kind", "text", "source", "target", "written"),
    [
        (BlockKind.DATELINE, "Lugo, 12 mar (EFE).-", "es", "en", "Lugo, March 12 (EFE).-"),
        (BlockKind.DATELINE, "HARWICK, May 3 (AP) —", "en", "es", "HARWICK, 3 de mayo (AP) —"),
        (BlockKind.DATELINE, "Harwick, 3 May 2031 –", "en", "es", "Harwick, 3 de mayo de 2031 –"),
        (BlockKind.DATELINE, "HARWICK –", "en", "es", "HARWICK –"),
        (BlockKind.SPEAKER, "Q:", "en", "es", "P:"),
        (BlockKind.SPEAKER, "R.", "es", "en", "A."),
        (BlockKind.SPEAKER, "MAYOR:", "en", "es", None),
        (BlockKind.PARAGRAPH, "Q:", "en", "es", None),
    ],
)
def test_lines_by_rule(
    kind: BlockKind, text: str, source: str, target: str, written: str | None
) -> None:
    assert by_rule(kind, text, source, target) == written


@pytest.mark.parametrize(
    ("text", "source", "target", "right"),
    [
        ("By Jane Doe", "en", "es", "Por Jane Doe"),
        ("By Ana de la Torre and Iris Hart", "en", "es", "Por Ana de la Torre e Iris Hart"),
        (
            "By Jane Doe, J. R. Roe and Mark O'Hara",
            "en",
            "es",
            "Por Jane Doe, J. R. Roe y Mark O'Hara",
        ),
        ("Por Ana Ruiz y Luis Paz", "es", "en", "By Ana Ruiz and Luis Paz"),
        ("By Jane Doe, Political Editor", "en", "es", None),
        ("By our own correspondent", "en", "es", None),
        ("By Jane Doe", "en", "fr", None),
    ],
)
def test_a_byline_keeps_its_names(text: str, source: str, target: str, right: str | None) -> None:
    assert by_rule(BlockKind.BYLINE, text, source, target) == right
