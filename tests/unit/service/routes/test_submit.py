import pytest

from service.routes.submit import preferred_wait


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("", 0),
        ("wait=5", 5),
        ("respond-async, wait=7", 7),
        ('WAIT = "8" ; foo=bar', 8),
        ("wait=5,handling=lenient", 5),
        ("wait=9999", 60),
        ("wait=-1", 0),
        ("wait=soon", 0),
        ("await=5", 0),
        ("wait=5x", 0),
    ],
)
def test_the_preferred_wait(header: str | None, seconds: int) -> None:
    assert preferred_wait(header, 60) == seconds
