"""What the desk needs of stories: events, changes of many segments, files, on both databases."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.integration.rig import Rig
from tests.integration.test_stories import SENTENCES, change, put, rig, url, version

__all__ = ["rig", "url"]

pytestmark = pytest.mark.integration


@contextmanager
def followed(rig: Rig, name: str) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
    """The events of a version, each with its data."""
    with rig.client.stream("GET", f"/v1/stories/{name}/versions/es/events") as answer:
        assert answer.is_success
        yield _events(answer.iter_lines())


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    event = ""
    for line in lines:
        if line.startswith("event: "):
            event = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield event, json.loads(line.removeprefix("data: "))


def test_sentences_come_while_the_others_are_translated(rig: Rig) -> None:
    worker = rig.part("interactive")
    os.killpg(worker, signal.SIGSTOP)
    try:
        body = {"text": " ".join(SENTENCES), "source": "en", "targets": ["es"]}
        assert rig.client.put("/v1/stories/read-along", json=body).status_code == 201
        with followed(rig, "read-along") as events:
            _, first = next(events)
            assert first["state"] == "translating"
            assert [one["source"] for one in first["segments"]] == SENTENCES
            assert not any(one["target"] for one in first["segments"])
            os.killpg(worker, signal.SIGCONT)
            shown: dict[int, str] = {}
            while True:
                event, update = next(events)
                assert event == "version"
                shown |= {one["number"]: one["target"] for one in update["segments"]}
                if update["state"] != "translating":
                    break
                assert list(shown) == sorted(shown), "they come in reading order"
                if update["progress"]["done"] < len(SENTENCES) and shown:
                    early = dict(shown)
    finally:
        os.killpg(worker, signal.SIGCONT)
    final = {one["number"]: one["target"] for one in version(rig, "read-along")["segments"]}
    assert 0 < len(early) < len(SENTENCES)
    assert early.items() <= final.items()
    assert shown == final
    assert not list(rig.store.client.scan_iter("dragoman:parts:*")), "nothing is kept twice"


def test_a_change_by_another_editor_is_told(rig: Rig) -> None:
    put(rig, "followed", "The mayor left. It rains.")
    with followed(rig, "followed") as events:
        _, first = next(events)
        assert [one["number"] for one in first["segments"]] == [0, 1]
        change(rig, "followed", "segments/1", {"target": "Llueve.", "author": "ben"})
        _, update = next(events)
        (segment,) = update["segments"]
        assert (segment["number"], segment["target"], segment["author"]) == (1, "Llueve.", "ben")
        assert update["etag"] != first["etag"]
        while not segment["checked"]:
            _, update = next(events)
            (segment,) = update["segments"]
        put(rig, "followed", "It rains.")
        while update["revision"] == 1:
            _, update = next(events)
        assert update["counts"]["segments"] == 1
        rig.client.delete("/v1/stories/followed")
        while (event := next(events))[0] == "version":
            pass
        assert event == ("deleted", {"id": "followed"})
    gone = rig.client.get("/v1/stories/followed/versions/es/events")
    assert (gone.status_code, gone.json()["code"]) == (404, "story-not-found")
