"""A hub for the tests of fetching and of describing."""

from collections.abc import Iterator

import pytest
from huggingface_hub import constants

from tests.hub import Hub, running_hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub, where HF_ENDPOINT would have named it when huggingface_hub was imported."""
    with running_hub() as hub:
        template = constants.HUGGINGFACE_CO_URL_TEMPLATE.removeprefix(constants.ENDPOINT)
        monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", hub.url + template)
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        yield hub
