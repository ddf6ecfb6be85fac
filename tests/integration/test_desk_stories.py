"""What the desk needs of stories: events, changes of many segments, files, on both databases."""

import base64
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import docx
import httpx
import pytest
from lxml import etree

from tests.integration.conftest import until
from tests.integration.rig import Rig
from tests.integration.test_stories import SENTENCES, change, rig, url, version
from tests.integration.test_stories import put as put_story

__all__ = ["rig", "url"]

pytestmark = pytest.mark.integration


def put(rig: Rig, name: str, text: str) -> None:
    """Send a story that uses nothing of what the other tests' editors have taught."""
    put_story(rig, name, text, memory=False)


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


def test_the_text_of_the_machine_is_restored(rig: Rig) -> None:
    put(rig, "restored", "It rains.")
    machine = version(rig, "restored")["segments"][0]["machine"]
    change(rig, "restored", "segments/0", {"target": "Llueve a cántaros.", "author": "ana"})
    (segment,) = change(rig, "restored", "segments/0", {"target": machine}).json()["segments"]
    assert (segment["target"], segment["origin"], segment["state"]) == (machine, "machine", "draft")


def test_a_dismissed_flag_stays_dismissed_while_its_sentence_is_the_same(rig: Rig) -> None:
    text = "The mayor freed 107 people. It rains."
    put(rig, "dismissed", text)
    change(rig, "dismissed", "segments/0", {"target": "El alcalde liberó a 701 personas."})
    until(lambda: version(rig, "dismissed")["segments"][0]["checked"])
    flags = version(rig, "dismissed")["segments"][0]["flags"]
    assert version(rig, "dismissed")["counts"]["flags_left"] == len(flags) > 0
    for flag in flags:
        body = {"code": flag["code"], "message": flag["message"], "dismissed": True}
        answer = change(rig, "dismissed", "segments/0/flags", body)
        assert answer.is_success
    assert all(flag["dismissed"] for flag in answer.json()["segments"][0]["flags"])
    assert answer.json()["counts"]["flags_left"] == 0
    put(rig, "dismissed", f"It is late. {text}")
    kept = version(rig, "dismissed")["segments"][1]
    assert [flag["dismissed"] for flag in kept["flags"]] == [True] * len(flags)
    again = {**body, "dismissed": False}
    assert change(rig, "dismissed", "segments/1/flags", again).json()["counts"]["flags_left"] == 1
    other = change(rig, "dismissed", "segments/1/flags", {**body, "code": "truncated"})
    assert (other.status_code, other.json()["code"]) == (422, "invalid")
    put(rig, "dismissed", "The mayor freed 107 people on Monday.")
    assert not any(flag["dismissed"] for flag in version(rig, "dismissed")["segments"][0]["flags"])


def test_clean_sentences_are_approved_together(rig: Rig) -> None:
    put(rig, "clean", "It rains. The mayor freed 107 people. It is late.")
    change(rig, "clean", "segments/0", {"state": "approved", "author": "ana"})
    change(rig, "clean", "segments/1", {"target": "El alcalde liberó a 701 personas."})
    until(lambda: version(rig, "clean")["segments"][1]["checked"])
    found = change(rig, "clean", "approve", {"only_clean": True, "author": "ben"}).json()
    assert [one["state"] for one in found["segments"]] == ["approved", "edited", "approved"]
    assert [one["author"] for one in found["segments"]] == ["ana", "anyone", "ben"]
    undone = change(rig, "clean", "undo", {}).json()
    assert [one["state"] for one in undone["segments"]] == ["approved", "edited", "draft"]


def test_a_text_is_replaced_everywhere_and_one_undo_takes_it_back(rig: Rig) -> None:
    put(rig, "replaced", "The mayor left. It rains. Mayors and mayor.")
    for number, target in enumerate(("El alcalde salió.", "Llueve.", "Alcaldes y Alcalde.")):
        change(rig, "replaced", f"segments/{number}", {"target": target})
    before = version(rig, "replaced")
    body = {"find": "alcalde", "replace": r"regidor \1", "author": "ana"}
    found = change(rig, "replaced", "replace", body, before["etag"]).json()
    targets = [one["target"] for one in found["segments"]]
    assert targets == [r"El regidor \1 salió.", "Llueve.", r"Alcaldes y regidor \1."]
    assert found["segments"][1]["etag"] == before["segments"][1]["etag"], "it has not changed"
    undone = change(rig, "replaced", "undo", {}).json()
    assert undone["text"] == before["text"]
    strict = {"find": "Alcalde", "replace": "", "match_case": True, "whole_words": False}
    found = change(rig, "replaced", "replace", strict).json()
    assert [one["target"] for one in found["segments"]] == ["El alcalde salió.", "Llueve.", "s y ."]
    nothing = change(rig, "replaced", "replace", {"find": "xyz", "replace": ""}).json()
    assert nothing["etag"] == found["etag"]
    empty = change(
        rig, "replaced", "replace", {"find": "Llueve.", "replace": " ", "whole_words": False}
    )
    assert empty.status_code == 422


def test_other_translations_of_a_sentence_are_offered(rig: Rig) -> None:
    put(rig, "offered", "The mayor said on Monday that 107 people were released. It rains.")
    before = version(rig, "offered")
    where = "/v1/stories/offered/versions/es/segments"

    def asked(path: str, body: dict[str, Any]) -> httpx.Response:
        return rig.client.post(f"{where}/{path}", json=body, headers={"Prefer": "wait=30"})

    job = asked("0/alternatives", {}).json()
    current = before["segments"][0]["target"]
    texts = [one["text"] for one in job["result"]["alternatives"]]
    assert len({current, *texts}) == len(texts) + 1 > 3
    assert version(rig, "offered")["etag"] == before["etag"], "nothing is changed"
    part = [current.index("lunes") - 3, current.index("lunes")]
    job = asked("0/alternatives", {"part": part}).json()
    assert all("lunes" in one["text"] for one in job["result"]["alternatives"])
    assert asked("0/alternatives", {"part": [3, 500]}).status_code == 422
    assert asked("0/alternatives", {"model": "no/such"}).json()["code"] == "unknown-model"
    assert asked("7/alternatives", {}).json()["code"] == "segment-not-found"
    rig.client.delete("/v1/stories/offered")
    assert rig.client.get(f"/v1/jobs/{job['id']}").status_code == 410, "its texts are gone"


def test_another_model_translates_the_story_beside_the_version(rig: Rig) -> None:
    put(rig, "compared", "The mayor said on Monday that 107 people were released. It rains.")
    before = version(rig, "compared")
    where = "/v1/stories/compared/versions/es/comparisons"

    def asked(model: str) -> httpx.Response:
        return rig.client.post(where, json={"model": model}, headers={"Prefer": "wait=30"})

    job = asked("embedded/en-es").json()
    others = job["result"]["segments"]
    assert [one["source_span"] for one in others] == [
        one["source_span"] for one in before["segments"]
    ]
    assert [one["target"] for one in others] == [one["target"] for one in before["segments"]]
    assert version(rig, "compared")["etag"] == before["etag"], "nothing is changed"
    assert asked("no/such").json()["code"] == "unknown-model"
    rig.client.delete("/v1/stories/compared")
    assert rig.client.get(f"/v1/jobs/{job['id']}").status_code == 410, "its texts are gone"


PAGE = """<html><body><h1>Mayor frees prisoners</h1>
<p>The mayor <b>freed</b> 107 people. It rains.</p><ul><li>A list</li></ul></body></html>"""


def put_document(rig: Rig, name: str, document: str, format_: str) -> None:
    body = {"document": document, "format": format_, "source": "en", "targets": ["es"]}
    answer = rig.client.put(
        f"/v1/stories/{name}", json={**body, "memory": False}, headers={"Prefer": "wait=30"}
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["format"] == format_


def file(rig: Rig, name: str, **query: str) -> httpx.Response:
    answer = rig.client.get(f"/v1/stories/{name}/versions/es/file", params=query)
    assert answer.is_success, answer.text
    return answer


def test_a_page_comes_back_with_the_corrections_in_it(rig: Rig) -> None:
    put_document(rig, "page", PAGE, "html")
    found = version(rig, "page")
    assert [one["kind"] for one in found["segments"]] == [
        "title",
        "paragraph",
        "paragraph",
        "list item",
    ]
    change(rig, "page", "segments/1", {"target": "El regidor liberó a 107 personas."})
    change(rig, "page", "segments/2", {"target": "Llueve & truena."})
    change(rig, "page", "segments/1/join", {})
    answer = file(rig, "page")
    assert answer.headers["content-type"].startswith("text/html")
    assert "page.es.html" in answer.headers["content-disposition"]
    text = answer.text
    assert "<b>liberó</b> a 107 personas. Llueve &amp; truena." in text
    assert text.startswith("<html><body><h1>")
    assert text.endswith("</li></ul></body></html>")
    labelled = file(rig, "page", label="true").text
    assert "traducido del inglés por una máquina y revisado en parte" in labelled
    assert not rig.store.client.keys("dragoman:parts:*")


def test_a_version_is_written_as_a_new_file(rig: Rig) -> None:
    put_document(rig, "new-files", PAGE, "html")
    targets = [one["target"] for one in version(rig, "new-files")["segments"]]
    paragraphs = [targets[0], f"{targets[1]} {targets[2]}", targets[3]]
    word = docx.Document(BytesIO(file(rig, "new-files", format="docx", label="true").content))
    assert [one.text for one in word.paragraphs[:-1]] == paragraphs
    styles = [one.style.name for one in word.paragraphs[:-1] if one.style]
    assert styles == ["Title", "Normal", "List Bullet"]
    assert word.paragraphs[-1].text == "Este texto ha sido traducido del inglés por una máquina."
    assert all(one in file(rig, "new-files", format="txt").text for one in paragraphs[1:])
    units = etree.fromstring(file(rig, "new-files", format="xliff").content).iter("{*}trans-unit")
    assert [[part.text for part in unit] for unit in units] == [
        [one["source"], one["target"]] for one in version(rig, "new-files")["segments"]
    ]
    put(rig, "text-as-page", "Mayor & people.\n\nIt rains.")
    page = file(rig, "text-as-page", format="html").text
    assert '<html lang="es">' in page
    assert page.count("<p>") == 2
    assert file(rig, "text-as-page").text == f"{version(rig, 'text-as-page')['text']}\n"
    refused = rig.client.get("/v1/stories/text-as-page/versions/es/file?format=srt")
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


def test_a_word_document_comes_back_with_the_corrections_in_it(rig: Rig) -> None:
    document = docx.Document()
    document.add_heading("Mayor frees prisoners", 0)
    document.add_paragraph("The mayor freed 107 people.").runs[0].bold = True
    sent = BytesIO()
    document.save(sent)
    put_document(rig, "word", base64.b64encode(sent.getvalue()).decode(), "docx")
    change(rig, "word", "segments/1", {"target": "El regidor liberó a 107 personas."})
    title = version(rig, "word")["segments"][0]["target"]
    word = docx.Document(BytesIO(file(rig, "word", label="true").content))
    assert [one.text for one in word.paragraphs[:2]] == [title, "El regidor liberó a 107 personas."]
    assert word.paragraphs[1].runs[0].bold
    assert "por una máquina" in word.paragraphs[2].text
    put(rig, "bad-document", "It rains.")
    body = {"document": "AAAA", "format": "docx", "source": "en", "targets": ["es"]}
    refused = rig.client.put("/v1/stories/bad-document", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-document")


def test_stories_are_listed_by_their_flags_and_languages(rig: Rig) -> None:
    put(rig, "listed-flagged", "The mayor freed 107 people.")
    put(rig, "listed-clean", "It rains.")
    change(rig, "listed-flagged", "segments/0", {"target": "El alcalde liberó a 701 personas."})
    until(lambda: version(rig, "listed-flagged")["segments"][0]["checked"])

    def listed(**query: str) -> list[str]:
        page = rig.client.get("/v1/stories", params={"query": "listed", **query}).json()
        return [one["id"] for one in page["stories"]]

    assert listed() == ["listed-flagged", "listed-clean"]
    assert listed(flags="true") == ["listed-flagged"]
    assert listed(flags="false", target="es") == ["listed-clean"]
    assert listed(target="fr") == []
    change(rig, "listed-flagged", "segments/0", {"state": "approved"})
    assert listed(flags="true") == []
    assert listed(flags="false", state="approved") == ["listed-flagged"]


def test_a_version_is_summarized_as_it_is_now(rig: Rig) -> None:
    put_document(rig, "summed", PAGE, "html")
    change(rig, "summed", "segments/1", {"target": "El regidor liberó a 107 personas."})
    found = version(rig, "summed")

    def summary(of: str) -> dict[str, Any]:
        body = {"of": of, "style": "headline", "headlines": 3}
        where = "/v1/stories/summed/versions/es/summaries"
        job = rig.client.post(where, json=body, headers={"Prefer": "wait=30"}).json()
        result: dict[str, Any] = job["result"]
        return result

    for of, language, span in (("version", "es", "target_span"), ("source", "en", "source_span")):
        result = summary(of)
        assert (result["source"], result["target"]) == (language, language)
        (sentence, *_), places = result["sentences"], [one[span] for one in found["segments"]]
        assert sentence["sources"][0] in places
        assert len(result["sentences"]) > 1
