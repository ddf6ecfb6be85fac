import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from service.batches.batch import Batch
from service.batches.file import BatchFile
from service.batches.intake import Intake
from service.batches.items import TranslationItem
from service.batches.results import Order
from service.batches.store import Backlog, BatchStore
from service.errors import BatchDamaged, BatchNotFound, InvalidBatch, QueueFull, TooManyBatches
from service.jobs.job import JobState
from service.jobs.keys import ANYONE, Client
from service.jobs.scopes import Scope
from service.settings import Settings


def line(custom_id: object, text: str = "It is late.", **more: object) -> bytes:
    wish = {"task": "translate", "text": text, "source": "en", "target": "es", **more}
    return json.dumps({"custom_id": custom_id, **wish}).encode()


def uninformed(_: Client, item: TranslationItem) -> TranslationItem:
    return item


def make(
    folder: Path, lines: list[bytes], client: Client = ANYONE, strict: bool = False
) -> BatchFile:
    settings = Settings(chunk_characters=30)
    intake = Intake(folder / "a.part", settings.load_catalogue(), client, settings, uninformed)
    try:
        for number, one in enumerate(lines, 1):
            intake.add(number, one)
        intake.check(strict=strict)
        intake.finish(folder / "a.batch", "digest")
    finally:
        intake.discard()
    return BatchFile(folder / "a.batch")


def outcomes(file: BatchFile, chunk: int) -> list[dict[str, Any]]:
    items = json.loads(file.requests(chunk))["items"]
    return [{"result": {"text": item["text"].upper()}} for item in items]


def read(file: BatchFile, order: Order = Order.INPUT) -> list[str]:
    return [json.loads(one)["custom_id"] for one in file.results.lines(order)]


def view(file: BatchFile) -> Batch:
    return file.view(60)


def test_items_are_packed_by_their_characters(tmp_path: Path) -> None:
    texts = ["a" * 10, "b" * 10, "c" * 10, "d" * 100, "e" * 29, "f" * 2]
    file = make(tmp_path, [line(str(n), text) for n, text in enumerate(texts)])
    chunks = []
    while (chunk := file.take()) is not None:
        chunks.append([item["text"][0] for item in json.loads(file.requests(chunk))["items"]])
    assert chunks == [["a", "b", "c"], ["d"], ["e"], ["f"]]


def test_what_a_chunk_gave_is_kept_once(tmp_path: Path) -> None:
    file = make(tmp_path, [line("a", "One."), line("b", "Two.")])
    assert view(file).state is JobState.QUEUED
    chunk = file.take()
    assert chunk is not None
    assert view(file).state is JobState.RUNNING
    assert file.commit(chunk, outcomes(file, chunk), 1.0)
    before = list(file.results.lines(Order.INPUT))
    assert not file.commit(chunk, [{"error": {}}, {"error": {}}], 1.0)
    assert list(file.results.lines(Order.INPUT)) == before
    assert view(file).state is JobState.SUCCEEDED
    assert (view(file).counts.done, view(file).characters.done) == (2, 8)


def test_an_outcome_too_few_changes_nothing(tmp_path: Path) -> None:
    file = make(tmp_path, [line("a", "One."), line("b", "Two.")])
    chunk = file.take()
    assert chunk is not None
    with pytest.raises(ValueError, match="zip"):
        file.commit(chunk, [{"result": {}}], 1.0)
    assert file.sent() == [chunk]
    assert read(file) == []


def test_a_repeated_request_shares_the_result_and_the_failure(tmp_path: Path) -> None:
    lines = [line("a", "One."), line("b", "One."), line("c", "Two."), line("d", "Two.")]
    file = make(tmp_path, lines)
    chunk = file.take()
    assert chunk is not None
    assert file.take() is None
    file.commit(chunk, [{"result": {"text": "Uno."}}, {"error": {"code": "x"}}], 1.0)
    assert view(file).counts.model_dump() == {
        "total": 4,
        "done": 2,
        "failed": 2,
        "cached": 1,
        "rejected": 0,
    }
    assert [json.loads(one)["status"] for one in file.results.lines(Order.INPUT)] == [
        "succeeded",
        "succeeded",
        "failed",
        "failed",
    ]
    assert [json.loads(one)["line"] for one in file.results.errors()] == [3, 4]


def test_both_orders_while_it_grows(tmp_path: Path) -> None:
    file = make(tmp_path, [line(str(n), f"{n} " + "x" * 28) for n in range(4)])
    chunks = [file.take() for _ in range(4)]
    for at, by_input, by_end in (
        (2, [], ["2"]),
        (0, ["0"], ["2", "0"]),
        (1, ["0", "1", "2"], ["2", "0", "1"]),
    ):
        chunk = chunks[at]
        assert chunk is not None
        file.commit(chunk, outcomes(file, chunk), 1.0)
        assert read(file) == by_input
        assert read(file, Order.FINISHED) == by_end
        for order in Order:
            assert file.results.size(order) == len(b"".join(file.results.lines(order)))
    file.cancel()
    assert read(file) == ["0", "1", "2"]


def test_a_cancelled_batch_takes_nothing_more(tmp_path: Path) -> None:
    file = make(tmp_path, [line(str(n), f"{n} " + "x" * 28) for n in range(3)])
    first, second = file.take(), file.take()
    assert first is not None
    assert second is not None
    file.commit(second, outcomes(file, second), 1.0)
    file.cancel()
    assert file.take() is None
    assert not file.commit(first, outcomes(file, first), 1.0)
    assert read(file) == ["1"]
    file.forget(first)
    assert file.sent() == []
    assert view(file).state is JobState.CANCELLED


def test_a_chunk_is_split_into_its_items(tmp_path: Path) -> None:
    file = make(tmp_path, [line("a", "One."), line("b", "Two."), line("c", "One.")])
    chunk = file.take()
    assert chunk is not None
    assert file.split(chunk)
    assert not file.commit(chunk, [], 1.0)
    first, second = file.take(), file.take()
    assert first is not None
    assert second is not None
    assert not file.split(first)
    file.commit(first, [{"error": {"code": "worker-died"}}], 1.0)
    file.commit(second, outcomes(file, second), 1.0)
    assert view(file).counts.failed == 2
    assert read(file) == ["a", "b", "c"]


def test_the_work_left_by_the_pace_of_the_last_chunks(tmp_path: Path) -> None:
    store = BatchStore(Settings(batches_dir=tmp_path))
    assert store.backlog() == Backlog()
    make(tmp_path, [line(str(n), f"{n} " + "x" * 28) for n in range(3)]).close()
    (tmp_path / "a.batch").rename(tmp_path / f"{'a' * 32}.batch")
    file = store.open("a" * 32)
    assert store.backlog().characters == 90
    assert 0 < store.backlog().worker_seconds < 1
    chunk = file.take()
    assert chunk is not None
    file.commit(chunk, outcomes(file, chunk), 10.0)
    assert store.backlog().worker_seconds == 20
    file.cancel()
    assert store.backlog() == Backlog()


def test_bytes_of_the_results_can_be_found(tmp_path: Path) -> None:
    file = make(tmp_path, [line(f"ñ{n}", f"{n} ñ" + "x" * 20) for n in range(5)])
    while (chunk := file.take()) is not None:
        file.commit(chunk, outcomes(file, chunk), 1.0)
    whole = b"".join(file.results.lines(Order.FINISHED))
    for byte in range(len(whole)):
        place, skip = file.results.seek(Order.FINISHED, byte)
        assert b"".join(file.results.lines(Order.FINISHED, place, skip)) == whole[byte:]
    with pytest.raises(LookupError):
        file.results.seek(Order.FINISHED, len(whole))


def test_a_key_without_the_scope_of_a_task(tmp_path: Path) -> None:
    summarizer = Client("a", frozenset({Scope.BATCH, Scope.SUMMARIZE}))
    wish = {"task": "summarize", "text": "It is late.", "source": "en"}
    lines = [
        line("a"),
        json.dumps({"custom_id": "b", **wish}).encode(),
        json.dumps({"custom_id": "c", **wish, "target": "es"}).encode(),
    ]
    file = make(tmp_path, lines, summarizer)
    assert [(one["custom_id"], one["error"]["code"]) for one in view(file).rejected] == [
        ("a", "forbidden"),
        ("c", "forbidden"),
    ]


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, b"half a page", "half"])
def test_a_damaged_batch_is_told_from_a_missing_one(tmp_path: Path, content: bytes | str) -> None:
    make(tmp_path, [line("a")]).close()
    path = tmp_path / f"{'b' * 32}.batch"
    whole = (tmp_path / "a.batch").read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if isinstance(content, str) else content)
    store = BatchStore(Settings(batches_dir=tmp_path))
    with pytest.raises(BatchDamaged), closing(store.open("b" * 32)) as file:
        file.head()
    with pytest.raises(BatchNotFound):
        store.open("c" * 32)


def test_unfinished_batches_have_a_limit(tmp_path: Path) -> None:
    settings = Settings(batches_dir=tmp_path, max_batches=3, max_client_batches=2)
    store, catalogue = BatchStore(settings), settings.load_catalogue()
    one, other = (Client(name, frozenset(Scope)) for name in ("one", "other"))

    def add(client: Client) -> str:
        with store.intake(catalogue, client, uninformed) as intake:
            intake.add(1, line("a"))
            return store.add(intake, "digest", client, None)

    first = add(one)
    add(one)
    with pytest.raises(TooManyBatches):
        add(one)
    add(other)
    with pytest.raises(QueueFull):
        add(other)
    with closing(store.open(first)) as file:
        file.cancel()
    add(one)
    assert list(tmp_path.glob("*.part")) == []
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("*.batch")} == {0}


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        (b'{"custom_id": "x", "text": "Hi."}', "/task"),
        (line("x", colour=1), "/colour"),
        (line(""), "/custom_id"),
        (line(7), "/custom_id"),
        (line("x" * 201), "/custom_id"),
        (line("x", text=""), "/text"),
        (line("x", article={"body": "Hi."}), "/"),
    ],
)
def test_what_is_wrong_with_a_line(tmp_path: Path, bad: bytes, path: str) -> None:
    with pytest.raises(InvalidBatch) as refused:
        make(tmp_path, [line("a"), bad], strict=True)
    (error,) = refused.value.extra["errors"]
    assert error["line"] == 2
    assert error["error"]["errors"][0]["path"] == path
    assert list(tmp_path.iterdir()) == []
