"""The OpenAPI document: valid, and good enough to generate a client from that works."""

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_python_generator.common import Formatter
from openapi_python_generator.generate_data import generate_data
from openapi_spec_validator import validate

from cli.stack import Stack

pytestmark = pytest.mark.integration

BIN = Path(sys.executable).parent
NODE = f"{BIN}{os.pathsep}{os.environ['PATH']}"
TYPESCRIPT = Path(__file__).with_name("typescript")


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/openapi.json").json()
    return document


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for path in document["paths"].values() for one in path.values()]


def test_it_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_every_operation_says_what_it_is(document: dict[str, Any]) -> None:
    described = operations(document)
    ids = [one["operationId"] for one in described]
    assert len(set(ids)) == len(ids)
    assert all(one["operationId"].isalnum() and one["description"] for one in described)
    tags = {tag["name"] for tag in document["tags"]}
    assert {tag for one in described for tag in one["tags"]} <= tags


def test_results_and_problems_are_typed(document: dict[str, Any]) -> None:
    job = document["components"]["schemas"]["Job"]["properties"]
    names = {one.get("$ref", "").rpartition("/")[2] for one in job["result"]["anyOf"]}
    assert {"TranslationResult", "SummaryResult"} <= names
    problem = {"$ref": "#/components/schemas/Problem"}
    assert problem in job["error"]["anyOf"]
    for one in operations(document):
        content = one["responses"]["4XX"]["content"]
        assert content == {"application/problem+json": {"schema": problem}}


def test_the_webhook_is_described(document: dict[str, Any]) -> None:
    body = document["webhooks"]["job"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/JobMessage"}
    assert "batch" in document["webhooks"]


@pytest.mark.filterwarnings("ignore:The `dict` method is deprecated")
def test_a_generated_client_works(
    document: dict[str, Any], stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "openapi.json"
    source.write_text(json.dumps(document))
    generate_data(source, tmp_path / "generated_client", formatter=Formatter.NONE)
    monkeypatch.syspath_prepend(str(tmp_path))
    models = importlib.import_module("generated_client.models")
    config = importlib.import_module("generated_client.api_config").APIConfig(
        base_path=stack.address
    )
    translations = importlib.import_module("generated_client.services.translations_service")
    jobs = importlib.import_module("generated_client.services.jobs_service")

    body = models.TranslationOfPage(text="The vote is in July.", source="en", target="es")
    # The generator leaves no header out, so each is given.
    queued = translations.translate(config, data=body, prefer="wait=0", idempotency_key="generated")
    job = jobs.readJob(config, job_id=queued.id, prefer="wait=1")
    while job.result is None:  # the generated client itself waits no longer than 5 seconds
        job = jobs.readJob(config, job_id=queued.id, prefer="wait=1")
    assert isinstance(job.result, models.TranslationResult)
    assert "julio" in job.result.text
    assert job.id in [one.id for one in jobs.listJobs(config, page=0, size=100).jobs]
    for name in [name for name in sys.modules if name.startswith("generated_client")]:
        del sys.modules[name]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm", path=NODE) is None, reason="npm is not installed")
def test_a_generated_typescript_client_works(
    document: dict[str, Any], stack: Stack, tmp_path: Path
) -> None:
    folder = tmp_path / "client"
    shutil.copytree(TYPESCRIPT, folder)
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "address.ts").write_text(f"export const address = {json.dumps(stack.address)};\n")

    def node(*command: str) -> str:
        done = subprocess.run(
            command, cwd=folder, env=os.environ | {"PATH": NODE}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    node("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    # Without the option, a request must have every field with a default.
    generator = ("openapi-typescript", "openapi.json", "-o", "schema.d.ts")
    node("npx", *generator, "--default-non-nullable=false")
    node("npx", "tsc")
    text, code = node("node", "client.js").splitlines()
    assert "julio" in text
    assert code == "unsupported-pair"
