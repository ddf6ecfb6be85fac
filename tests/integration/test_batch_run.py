"""`dragoman batch run`, as a user types it."""

import csv
import json
import os
import re
import signal
import subprocess
from base64 import b64decode, b64encode
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.stack import Stack
from cli.state import State, write_state
from service.batches.file import BatchFile
from tests.integration.conftest import DRAGOMAN, run, until
from tests.unit.pipeline.documents.test_ooxml import body_of, word
from tests.unit.pipeline.documents.test_ooxml import run as word_run

pytestmark = pytest.mark.integration


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_jsonl(path: Path, count: int) -> None:
    lines = [
        {"custom_id": str(n), "text": f"The vote number {n} is in July."} for n in range(count)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_a_folder_of_texts_and_documents(tmp_path: Path, article: str) -> None:
    texts = tmp_path / "in"
    (texts / "sub").mkdir(parents=True)
    (texts / "a.txt").write_text(article, encoding="utf-8")
    (texts / "sub" / "b.txt").write_text("The vote is in July.", encoding="utf-8")
    (texts / "c.txt").write_bytes(b"\xff\xfe")
    (texts / "d.md").write_text("# In *July*\n", encoding="utf-8")
    (texts / "e.docx").write_bytes(b64decode(word(f"<w:p>{word_run('In July')}</w:p>")))
    out = tmp_path / "out"
    done = run("batch", "run", str(texts), "--from", "en", "--to", "es", "--out", str(out))
    assert done.returncode == 1, done.stderr
    assert "4 of 5 done, 0 failed, 1 rejected" in done.stderr
    assert "julio" in (out / "sub" / "b.txt").read_text(encoding="utf-8")
    assert [line["custom_id"] for line in read(out / "results.jsonl")] == [
        *("a.txt", "d.md", "e.docx", "sub/b.txt")
    ]
    assert (out / "d.md").read_text(encoding="utf-8") == "# En *julio*\n"
    assert "En julio" in body_of(b64encode((out / "e.docx").read_bytes()).decode())
    assert [line["custom_id"] for line in read(out / "errors.jsonl")] == ["c.txt"]
    assert not (tmp_path / "out.run").exists()
    again = run("batch", "run", str(texts), "--to", "es", "--out", str(out))
    assert again.returncode == 3
    assert "already exists" in again.stderr


@pytest.mark.parametrize("where", ["here", "at a server"])
def test_a_table_of_articles(tmp_path: Path, stack: Stack, where: str) -> None:
    table, out = tmp_path / "in.csv", tmp_path / "out.csv"
    rows = [
        "Custom_ID;Title;body;Ours",
        'x;Mayor frees 107;"The vote; is\n\nin July.";1',
        "x;Twice;;2",
        ";Late;;3",
    ]
    table.write_text("\n".join(rows), encoding="utf-16")
    options = ["--from", "en", "--to", "es", "--out", str(out)]
    options += ["--server", stack.address] if where != "here" else []
    done = run("batch", "run", str(table), *options)
    assert done.returncode == 1, done.stderr
    assert "2 of 3 done, 0 failed, 1 rejected" in done.stderr
    with out.open(encoding="utf-8-sig", newline="") as file:
        first, twice, last = csv.DictReader(file)
    assert (first["custom_id"], first["status"], first["error"]) == ("x", "succeeded", "")
    assert "107" in first["title"]
    assert "\n\n" in first["body"]
    assert (twice["custom_id"], twice["status"]) == ("x", "rejected")
    assert "An earlier line" in twice["error"]
    assert (last["custom_id"], last["status"]) == ("3", "succeeded")
    assert [row["Ours"] for row in (first, twice, last)] == ["1", "2", "3"]
    assert [one["line"] for one in read(out.with_suffix(".errors.jsonl"))] == [2]


def test_flagged_sentences_are_in_a_table_for_review(tmp_path: Path) -> None:
    texts, out = tmp_path / "in", tmp_path / "out"
    texts.mkdir()
    (texts / "a.txt").write_text("The vote is in July. He hid the bullion in a hearse.")
    (texts / "b.txt").write_text("The vote is in July.")
    command = ("batch", "run", str(texts), "--from", "en", "--to", "es", "--out", str(out))
    plan = run(*command, "--dry-run")
    assert plan.returncode == 0, plan.stderr
    assert "2 of 2 would be processed, 0 rejected; 72 characters\nabout 0:00:" in plan.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    done = run(*command, "--strict")
    assert done.returncode == 4, done.stderr
    assert f"1 of 3 sentences are flagged: {out / 'review.csv'}" in done.stderr
    with (out / "review.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["custom_id"], row["sentence"]) == ("a.txt", "2")
    assert row["source"] == "He hid the bullion in a hearse."
    assert row["target"] in (out / "a.txt").read_text(encoding="utf-8")
    assert "is in no dictionary" in row["reason"]
    assert "unknown-word" in row["codes"]


def test_summaries(tmp_path: Path, article: str) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"custom_id": "a", "text": article}) + "\n", encoding="utf-8")
    options = ("--task", "summarize", "--words", "60", "--style", "bullets", "--out", str(out))
    done = run("batch", "run", str(source), *options)
    assert done.returncode == 0, done.stderr
    (line,) = read(out)
    assert line["result"]["text"].startswith("- ")


@pytest.mark.parametrize(
    ("content", "options", "says"),
    [
        ("text\nHi\n", ("--format", "csv", "--encoding", "latin-99"), "no encoding 'latin-99'"),
        ("text\né\n", ("--format", "csv", "--encoding", "ascii"), "give its --encoding"),
        ("", (), "empty"),
        ("{}\n", (), "line 1"),
        ('{"custom_id": "a", "text": "Hello there."}\n', ("--from", "en", "--to", "fr"), "en→es"),
        ("a,b\n1,2\n", ("--format", "csv"), "columns a, b"),
    ],
)
def test_what_is_refused(tmp_path: Path, content: str, options: tuple[str, ...], says: str) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(content, encoding="utf-8")
    done = run("batch", "run", str(source), *options, "--out", str(out))
    assert done.returncode == 3, done.stderr
    assert says in done.stderr
    assert list(tmp_path.iterdir()) == [source]


SMALL = {"DRAGOMAN_CHUNK_CHARACTERS": "600"}


def started(*arguments: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [DRAGOMAN, "batch", "run", *arguments],
        env={**os.environ, **SMALL},
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
def test_a_local_run_resumes(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_jsonl(source, 200)
    options = (str(source), "--from", "en", "--to", "es", "--out", str(out))

    def done() -> int:
        for path in tmp_path.glob("*.run/*.batch"):
            with closing(BatchFile(path)) as file:
                return file.view(1).counts.done
        return 0

    for number, least in ((signal.SIGINT, 1), (signal.SIGKILL, 60)):
        process = started(*options)
        until(lambda least=least: done() >= least)  # type: ignore[misc]
        process.send_signal(number)
        assert process.wait(60) == (130 if number == signal.SIGINT else -number)
        assert least <= done() < 200
    write_jsonl(source, 201)
    other = run("batch", "run", *options)
    assert other.returncode == 3
    assert "another input" in other.stderr
    write_jsonl(source, 200)
    last = run("batch", "run", *options, environment=SMALL)
    assert last.returncode == 0, last.stderr
    assert "200 of 200 done" in last.stderr
    assert [line["custom_id"] for line in read(out)] == [str(n) for n in range(200)]
    assert sorted(os.listdir(tmp_path)) == ["in.jsonl", "out.jsonl"]


def test_a_run_on_a_server_resumes(tmp_path: Path, stack: Stack) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write_jsonl(source, 200)
    options = [str(source), "--from", "en", "--to", "es", "--out", str(out)]
    options += ["--server", stack.address]
    state = tmp_path / "out.jsonl.run" / "batch.json"
    process = started(*options)
    until(lambda: state.exists() and json.loads(state.read_text())["id"] is not None)
    batch_id = json.loads(state.read_text())["id"]
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert json.loads(state.read_text())["id"] == batch_id
    where = ("--server", stack.address)
    assert batch_id in run("batch", "list", *where).stdout
    assert re.search(rf"{batch_id} .* of 200 ", run("batch", "status", batch_id, *where).stdout)
    last = run("batch", "run", *options)
    assert last.returncode == 0, last.stderr
    assert [line["custom_id"] for line in read(out)] == [str(n) for n in range(200)]


def test_a_batch_is_cancelled_by_its_id(
    tmp_path: Path, client: httpx.Client, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "give the front's address with --server" in run("batch", "list").stderr
    Path("data").mkdir()
    write_state(Path("data"), State(address=stack.address, redis_url=stack.redis_url))
    # More than the workers can translate before the command has started.
    lines = [{"custom_id": str(n), "text": f"It is {n} o'clock in July."} for n in range(3000)]
    common = {"task": "translate", "source": "en", "target": "es"}
    body = "".join(json.dumps(line | common) + "\n" for line in lines)
    headers = {"Content-Type": "application/jsonl"}
    batch_id = client.post("/v1/batches", content=body, headers=headers).json()["id"]
    assert re.search(rf"{batch_id} +cancelled ", run("batch", "cancel", batch_id).stdout)
    assert run("batch", "status", "no-batch").returncode == 3
