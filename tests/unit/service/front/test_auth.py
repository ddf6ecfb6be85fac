import pytest

from service.front.auth import keys_required
from service.settings import Settings


@pytest.mark.parametrize(
    ("host", "required"),
    [
        ("127.0.0.1", False),
        ("127.8.0.1", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("10.0.0.5", True),
        ("dragoman.newsroom.example", True),
    ],
)
def test_keys_are_asked_for_unless_only_this_machine_can_call(host: str, required: bool) -> None:
    assert keys_required(Settings(host=host)) is required
    assert keys_required(Settings(host=host, require_keys=not required)) is not required
