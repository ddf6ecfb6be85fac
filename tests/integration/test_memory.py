"""The translation memory: over HTTP, on the command line, in batches, forgotten, backed up."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from service.storage.memory import Memory, Space, Unit
from service.storage.schema import open_database
from tests.integration.conftest import run, until
from tests.integration.rig import Rig, up

pytestmark = pytest.mark.integration

SPACE = Space("anyone", "en", "es")
WORDS = "Zanzibar quokka negotiations collapsed."
TAUGHT = "Fracasaron las charlas del quokka."


def taught(url: str, *units: Unit) -> None:
    database = open_database(Settings(database_url=url))
    with database.writing() as session:
        Memory(session).remember(SPACE, units)
    database.close()


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with up(tmp_path_factory.mktemp("memory")) as rig:
        yield rig


def test_an_editor_outranks_an_import_and_a_newer_unit_an_older_one(database_url: str) -> None:
    database = open_database(Settings(database_url=database_url))
    with database.writing() as session:
        memory = Memory(session)
        memory.remember(SPACE, [Unit("A b c d.", "edited", "edited", "ana")])
        assert memory.remember(SPACE, [Unit("A b c d.", "imported", "imported", "x")]) == 0
        memory.remember(SPACE, [Unit("A b c d.", "again", "edited", "ana", context="x")])
        found = memory.exact(SPACE, ["A  b c d.", "A b c d.", "Else."], ["", "x", ""])
        assert {n: (m.match, m.target) for n, m in found.items()} == {
            0: ("context", "edited"),
            1: ("context", "again"),
        }
        other = Space("other", "en", "es")
        assert memory.exact(other, ["A b c d."], [""]) == {}
        assert memory.like(other, {0: "A b c e."}, 0.5) == {}
        assert memory.like(SPACE, {0: "A b c e."}, 0.5)[0].score > 0.8
        assert memory.search("anyone", "B C", 5)
        assert not memory.search("anyone", "100%", 5)
        assert memory.forget("anyone", source="en") == 2
        assert memory.is_empty(SPACE)
        assert memory.like(SPACE, {0: "A b c e."}, 0.5) == {}
    database.close()


def test_translations_and_batches_use_the_memory(rig: Rig, tmp_path: Path) -> None:
    taught(f"sqlite:///{rig.data}/dragoman.db", Unit(WORDS, TAUGHT, "imported", "old.tmx"))
    job = rig.post(WORDS)
    until(lambda: rig.job(job)["state"] == "succeeded")
    (segment,) = rig.job(job)["result"]["segments"]
    assert (segment["target"], segment["origin"]) == (TAUGHT, "memory")
    assert segment["memory"]["match"] in {"exact", "context"}
    line = {"custom_id": "a", "task": "translate", "text": WORDS, "source": "en", "target": "es"}
    batch = rig.client.post(
        "/v1/batches", content=json.dumps(line), headers={"Content-Type": "application/jsonl"}
    ).json()
    until(lambda: rig.client.get(f"/v1/batches/{batch['id']}").json()["state"] == "succeeded")
    result = json.loads(rig.client.get(f"/v1/batches/{batch['id']}/results").text)["result"]
    assert result["text"] == TAUGHT
    answer = rig.client.post(
        "/v1/translations",
        json={"text": WORDS, "source": "en", "target": "es", "memory": False},
        headers={"Prefer": "wait=30"},
    ).json()
    assert answer["result"]["segments"][0]["origin"] == "machine"
    found = rig.client.get("/v1/memory", params={"query": "quokka"}).json()
    assert [unit["target"] for unit in found["units"]] == [TAUGHT]
    assert found["counts"][0]["units"] == 1


def test_a_retry_after_a_correction_is_the_same_request(rig: Rig) -> None:
    text = "The wallaby counted the votes."
    body = {"text": text, "source": "en", "target": "es"}
    path, key = "/v1/translations", {"Idempotency-Key": "retried"}
    first = rig.client.post(path, json=body, headers=key).json()["id"]
    keyless = rig.client.post(path, json=body).json()["id"]
    taught(f"sqlite:///{rig.data}/dragoman.db", Unit(text, "Contó el ualabí.", "edited", "ana"))
    assert rig.client.post(path, json=body, headers=key).json()["id"] == first
    # Without a key the correction is used at once.
    again = rig.client.post(path, json=body, headers={"Prefer": "wait=30"}).json()
    assert again["id"] != keyless
    assert again["result"]["text"] == "Contó el ualabí."


def test_files_use_the_memory(rig: Rig) -> None:
    text = "The wombat opened the bridge."
    taught(f"sqlite:///{rig.data}/dragoman.db", Unit(text, "Abrió el uombat.", "edited", "ana"))
    headers = {"Content-Type": "text/html", "Prefer": "wait=30"}
    answer = rig.client.post(
        "/v1/documents?source=en&target=es", content=f"<p>{text}</p>", headers=headers
    )
    assert answer.json()["result"]["document"] == "<p>Abrió el uombat.</p>"


def test_nothing_is_left_of_a_story_that_is_forgotten(rig: Rig) -> None:
    secret = "Zyxwvut"
    body = {"text": f"The {secret} met today. It rains.", "source": "en", "targets": ["es"]}
    rig.client.put("/v1/stories/secret", json=body, headers={"Prefer": "wait=30"})
    path = "/v1/stories/secret/versions/es/segments/0"
    change = {"target": f"Hoy se reunió {secret}."}
    assert rig.client.patch(path, json=change, headers={"If-Match": "*"}).is_success
    until(lambda: rig.client.get("/v1/stories/secret/versions/es").json()["segments"][0]["checked"])
    assert holding(rig.data, secret), "the test would see it"
    assert rig.client.delete("/v1/stories/secret?memory=true").status_code == 204
    rig.store.client.bgrewriteaof()
    until(lambda: not rig.store.client.info("persistence")["aof_rewrite_in_progress"])
    until(lambda: not holding(rig.data, secret))


def holding(folder: Path, word: str) -> list[Path]:
    """The files below the folder that have the word."""
    return [
        path for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()
    ]


def test_tmx_backup_and_restore_on_the_command_line(tmp_path: Path) -> None:
    environment = {"DRAGOMAN_DATABASE_URL": f"sqlite:///{tmp_path}/dragoman.db"}
    taught(environment["DRAGOMAN_DATABASE_URL"], Unit(WORDS, TAUGHT, "edited", "ana"))
    pair = ("--from", "en", "--to", "es")
    tmx, copy = tmp_path / "out.tmx", tmp_path / "copy.db"
    assert "1 units" in run("memory", "export", str(tmx), *pair, environment=environment).stdout
    assert WORDS in tmx.read_text(encoding="utf-8")
    assert run("backup", str(copy), environment=environment).returncode == 0
    other = {"DRAGOMAN_DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}
    for target in ("es", "es_mx"):
        regional = ("--from", "en-GB", "--to", target)
        done = run("memory", "import", str(tmx), *regional, environment=other)
        assert "1 units" in done.stdout, done.stderr
    counts = run("memory", "stats", environment=other).stdout.splitlines()
    assert counts == ["en-es  imported  1", "en-es-MX  imported  1"]
    assert run("restore", str(copy), environment=other).returncode == 0
    assert "edited    1" in run("memory", "stats", environment=other).stdout
    text = tmp_path / "text.txt"
    text.write_text(WORDS, encoding="utf-8")
    done = run("translate", str(text), *pair, environment=other)
    assert done.stdout.strip() == TAUGHT
    tmx.write_text("<tmx><body><tu>", encoding="utf-8")
    assert run("memory", "import", str(tmx), *pair, environment=other).returncode == 3
    assert run("restore", str(tmx), environment=other).returncode == 1


def test_commands_tell_in_one_line_what_is_wrong_with_a_database(tmp_path: Path) -> None:
    nowhere = {"DRAGOMAN_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"}
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"x" * 5000)
    damaged = {"DRAGOMAN_DATABASE_URL": f"sqlite:///{broken}"}
    pair = ("--from", "en", "--to", "es")
    away = str(tmp_path / "away" / "file")
    text = tmp_path / "text.txt"
    text.write_text(WORDS, encoding="utf-8")
    for arguments, environment, says in (
        (("backup", str(tmp_path / "copy.db")), nowhere, "no database at"),
        (("memory", "stats"), damaged, "not a database"),
        (("backup", away), damaged, away),
        (("memory", "export", away, *pair), nowhere, away),
        (("translate", str(text), *pair), damaged, "not a database"),
    ):
        done = run(*arguments, environment=environment)
        assert done.returncode == 1
        (line,) = done.stderr.splitlines()
        assert says in line
    assert not (tmp_path / "copy.db").exists()


def test_stories_on_the_command_line(rig: Rig, tmp_path: Path) -> None:
    text = tmp_path / "story.txt"
    text.write_text("The mayor left. It rains.", encoding="utf-8")
    rest = ("--to", "es", "--server", rig.address)
    first = run("story", "put", "typed", str(text), "--from", "en", *rest)
    assert first.returncode == 0, first.stderr
    text.write_text("The mayor left. It snows in the mountains.", encoding="utf-8")
    run("story", "put", "typed", str(text), "--from", "en", *rest)
    diff = run("story", "diff", "typed", *rest).stdout
    assert "The mayor left." not in diff
    assert "+ It snows in the mountains." in diff
    assert run("story", "show", "typed", *rest).stdout.startswith("El alcalde")
    assert run("story", "show", "none?", *rest).returncode == 3
    listed = run("story", "list", "mountain typed", *rest)
    assert listed.stdout.split() == ["typed", "The", "mayor", "left.", "es", "draft"]
    assert run("story", "list", "rains", *rest).stdout == ""
    away = ("--to", "es", "--server", "http://127.0.0.1:9")
    done = run("story", "show", "typed", *away)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
