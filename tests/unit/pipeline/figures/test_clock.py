"""Clock times from one language's notation to the other's."""

import pytest

from pipeline.figures.clock import clock_times


@pytest.mark.parametrize(
    ("text", "source", "target", "written"),
    [
        ("Doors open at 6.45pm.", "en", "es", "18:45"),
        ("It ended at 11 a.m. today.", "en", "es", "11:00"),
        ("Noon is 12pm, midnight 12am.", "en", "es", "12:00 | 0:00"),
        ("Updated at 16.20 BST", "en", "es", "16:20"),
        ("by 0915 GMT", "en", "es", "9:15"),
        ("a las 21.15 h", "es", "en", "9:15 p.m."),
        ("a las 07:00 horas", "es", "en", "7 a.m."),
        ("a las 18.30 GMT", "es", "en", "18:30"),
        ("at 14:32 GMT", "en", "es", ""),  # every language reads it
        ("rose 2.47 points", "en", "es", ""),
        ("in 1830 he left", "en", "es", ""),
    ],
)
def test_times(text: str, source: str, target: str, written: str) -> None:
    assert " | ".join(t.written(target) for t in clock_times(text, source)) == written
