"""Glossaries: over HTTP and on the command line, in translations, files, batches and stories."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.glossary.terms import Term
from service.errors import GlossaryNotFound
from service.settings import Settings
from service.storage.glossaries import Glossaries, terms_of
from service.storage.schema import open_database
from tests.integration.conftest import run, until
from tests.integration.rig import Rig, up

pytestmark = pytest.mark.integration

WAIT = {"Prefer": "wait=30"}
TSV = {"Content-Type": "text/tab-separated-values"}
TERMS = "Quokka Party\tPartido del Ualabí\nthe weather\tel clima\n"
TEXT = "The Quokka Party met on Monday."


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with up(tmp_path_factory.mktemp("glossaries")) as rig:
        put(rig, "parties")
        yield rig


def put(rig: Rig, name: str, terms: str = TERMS) -> None:
    path = f"/v1/glossaries/{name}?source=en&target=es"
    answer = rig.client.put(path, content=terms.encode(), headers=TSV)
    assert answer.is_success, answer.text


def translate(rig: Rig, text: str = TEXT, **more: Any) -> dict[str, Any]:
    body = {"text": text, "source": "en", "target": "es", "glossaries": ["parties"], **more}
    answer = rig.client.post("/v1/translations", json=body, headers=WAIT)
    assert answer.is_success, answer.text
    result: dict[str, Any] = answer.json()["result"]
    return result


def test_both_databases_keep_a_glossary(database_url: str) -> None:
    database = open_database(Settings(database_url=database_url))
    one, two = Term(source="tax", target="gravamen"), Term(source="Apple", match_case=True)
    with database.writing() as session:
        first = Glossaries(session).put("cms", "a", ("en", "es"), [one]).version
    with database.writing() as session:
        second = Glossaries(session).put("cms", "a", ("en", "es"), [one, two])
        assert (second.version != first, second.count) == (True, 2)
    with database.reading() as session:
        glossaries = Glossaries(session)
        assert terms_of(glossaries.get("cms", "a")) == [one, two]
        assert [head.name for head in glossaries.heads("cms")] == ["a"]
        assert glossaries.heads("other") == []
    with database.writing() as session, pytest.raises(GlossaryNotFound):
        Glossaries(session).delete("other", "a")
    database.close()


def test_a_glossary_is_kept_listed_exported_and_deleted(rig: Rig) -> None:
    put(rig, "short", "tax\tgravamen\n")
    put(rig, "short", "tax\ttributo\nApple\n")
    listed = rig.client.get("/v1/glossaries").json()["glossaries"]
    assert [(one["name"], one["count"]) for one in listed] == [("parties", 2), ("short", 2)]
    shown = rig.client.get("/v1/glossaries/short").json()
    assert [one["target"] for one in shown["terms"]] == ["tributo", None]
    for format_ in ("tsv", "csv", "tbx"):
        file = rig.client.get("/v1/glossaries/short", params={"format": format_})
        headers = {"Content-Type": file.headers["content-type"]}
        path = "/v1/glossaries/again?source=en&target=es"
        assert rig.client.put(path, content=file.content, headers=headers).json()["count"] == 2
    for name in ("short", "again"):
        assert rig.client.delete(f"/v1/glossaries/{name}").status_code == 204
        assert rig.client.get(f"/v1/glossaries/{name}").status_code == 404


def test_translations_use_a_glossary(rig: Rig) -> None:
    result = translate(rig)
    assert "Partido del Ualabí" in result["text"]
    (segment,) = result["segments"]
    assert segment["terms"] == [
        {"source": "Quokka Party", "target": "Partido del Ualabí", "is_kept": True}
    ]
    assert [one["name"] for one in result["glossaries"]] == ["parties"]
    assert "Ualabí" not in translate(rig, glossaries=[])["text"]


def test_a_term_that_cannot_be_had_is_flagged(rig: Rig) -> None:
    put(rig, "odd", "bridge\tviaducto metálico\n")
    (segment,) = translate(rig, "The bridge is old.", glossaries=["odd"])["segments"]
    (flag,) = [one for one in segment["flags"] if one["code"] == "term-missing"]
    assert flag["source_span"] == {"field": "text", "start": 4, "end": 10}
    assert not segment["terms"][0]["is_kept"]


def test_a_changed_glossary_is_used_at_once(rig: Rig) -> None:
    put(rig, "changing", "Quokka Party\tPartido Quoca\n")
    assert "Partido Quoca" in translate(rig, glossaries=["changing"])["text"]
    put(rig, "changing", "Quokka Party\tPartido del Cuoca\n")
    assert "Partido del Cuoca" in translate(rig, glossaries=["changing"])["text"]


def test_a_region_has_its_own_terms_and_figures(rig: Rig) -> None:
    rows = "source\ttarget\tregion\ncomputer\tordenador\t\ncomputer\tcomputadora\tes-419\n"
    put(rig, "regional", rows)
    text = "The computer costs 1,234.50 euros."
    plain = translate(rig, text, glossaries=["regional"])
    assert plain["segments"][0]["terms"][0]["target"] == "ordenador"
    assert "1.234,50" in plain["text"]
    mexican = translate(rig, text, target="es-MX", glossaries=["regional"])
    assert mexican["segments"][0]["terms"][0]["target"] == "computadora"
    assert "1,234.50" in mexican["text"]
    assert mexican["region"]["applied"] == ["numbers", "quotation marks"]
    story = {"text": text, "source": "en", "targets": ["es-MX"]}
    assert rig.client.put("/v1/stories/mexican", json=story, headers=WAIT).is_success
    version = rig.client.get("/v1/stories/mexican/versions/es").json()
    assert version["region"] == "MX"
    assert "1,234.50" in version["text"]


def test_a_glossary_that_is_not_there_is_refused(rig: Rig) -> None:
    body = {"text": TEXT, "source": "en", "target": "es", "glossaries": ["none"]}
    answer = rig.client.post("/v1/translations", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-glossary")
    # One of another pair is left out.
    body = {"text": "Llueve.", "source": "es", "target": "en", "glossaries": ["parties"]}
    result = rig.client.post("/v1/translations", json=body, headers=WAIT).json()["result"]
    assert result["glossaries"] == []


def test_files_batches_and_stories_use_a_glossary(rig: Rig) -> None:
    answer = rig.client.post(
        "/v1/documents?source=en&target=es&glossary=parties",
        content=f"<p>{TEXT}</p>",
        headers={"Content-Type": "text/html", **WAIT},
    )
    assert "Partido del Ualabí" in answer.json()["result"]["document"]
    item = {"custom_id": "a", "task": "translate", "text": TEXT, "source": "en", "target": "es"}
    lines = json.dumps({**item, "glossaries": ["parties"]})
    headers = {"Content-Type": "application/jsonl"}
    batch = rig.client.post("/v1/batches", content=lines, headers=headers).json()
    until(lambda: rig.client.get(f"/v1/batches/{batch['id']}").json()["state"] == "succeeded")
    sentences = rig.client.get(f"/v1/batches/{batch['id']}").json()["sentences"]
    assert sentences == {"total": 1, "from_memory": 0, "terms": 1, "terms_missing": 0}
    assert "Partido del Ualabí" in rig.client.get(f"/v1/batches/{batch['id']}/results").text
    story = {"text": TEXT, "source": "en", "targets": ["es"], "glossaries": ["parties"]}
    assert rig.client.put("/v1/stories/quokka", json=story, headers=WAIT).is_success
    path = "/v1/stories/quokka/versions/es"
    assert "Partido del Ualabí" in rig.client.get(path).json()["text"]
    edit = {"target": "El partido se reunió el lunes."}
    rig.client.patch(f"{path}/segments/0", json=edit, headers={"If-Match": "*"})
    until(lambda: rig.client.get(path).json()["segments"][0]["checked"])
    flags = rig.client.get(path).json()["segments"][0]["flags"]
    assert "term-missing" in {flag["code"] for flag in flags}


@pytest.mark.slow
def test_glossaries_on_the_command_line(tmp_path: Path) -> None:
    environment = {"DRAGOMAN_DATABASE_URL": f"sqlite:///{tmp_path}/dragoman.db"}
    file, text = tmp_path / "parties.tsv", tmp_path / "text.txt"
    file.write_text(TERMS, encoding="utf-8")
    text.write_text(TEXT, encoding="utf-8")
    pair = ("--from", "en", "--to", "es")
    done = run("glossary", "put", "parties", str(file), *pair, environment=environment)
    assert "2 terms" in done.stdout, done.stderr
    assert run("glossary", "list", environment=environment).stdout == "parties  en-es  2\n"
    shown = run("glossary", "show", "parties", environment=environment).stdout
    assert "Quokka Party\tPartido del Ualabí" in shown
    for glossary in ("parties", str(file)):
        done = run("translate", str(text), *pair, "--glossary", glossary, environment=environment)
        assert "Partido del Ualabí" in done.stdout, done.stderr
    assert run("glossary", "delete", "parties", environment=environment).returncode == 0
    done = run("translate", str(text), *pair, "--glossary", "parties", environment=environment)
    assert done.returncode == 3
