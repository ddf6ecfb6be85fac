"""A summary that a model of one's own writes, by HTTP through a real worker, and on the command line."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.stack import running
from models.catalogue import Model
from tests.integration.conftest import run
from tests.integration.test_http import ask

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def data(tiny: Callable[[str], Model], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a stack may live whose catalogue has a tiny BART."""
    data = tmp_path_factory.mktemp("written")
    fields = tiny("bart").model_dump(mode="json", exclude={"id"}, exclude_defaults=True)
    lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
    (data / "own.toml").write_text("\n".join(['["own/bart"]', *lines]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRAGOMAN_CATALOGUE", str(data / "own.toml"))
        patch.setenv("DRAGOMAN_MODELS_DIR", str(data / "models"))
        yield data


def check(result: dict[str, Any]) -> None:
    """Random weights say nothing that the article says: every sentence is flagged, and none is long."""
    assert result["sentences"]
    for sentence in result["sentences"]:
        assert "unsupported" in [flag["code"] for flag in sentence["flags"]]


def test_by_http_and_in_another_language(data: Path, article: str) -> None:
    text = "\n\n".join(article.split("\n\n")[4:7])
    wish = {"text": text, "source": "en", "model": "own/bart", "length": {"words": 30}}
    with (
        running(data=data, host="127.0.0.1", port=0, workers=1) as stack,
        httpx.Client(base_url=stack.address, timeout=90) as client,
    ):
        check(ask(client, "/v1/summaries", **wish))
        result = ask(client, "/v1/summaries", **wish, target="es", style="bullets")
        check(result)
        assert [leg["model"] for leg in result["route"]] == ["embedded/en-es"]
        refused = client.post("/v1/summaries", json={**wish, "source": "es"})
        assert refused.status_code == 422
        assert refused.json()["code"] == "unsupported-language"


def test_on_the_command_line(data: Path, article: str) -> None:
    wish = ("summarize", "-", "--from", "en", "--model", "own/bart", "--words", "30", "--json")
    done = run(*wish, stdin=article)
    assert done.returncode == 0, done.stderr
    check(json.loads(done.stdout))
