"""Stories on the real stack: revisions, corrections, approvals, two editors, on both databases."""

import hashlib
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from pipeline.sentences import sentences
from service.jobs.keys import ANYONE
from service.jobs.store import job_ref
from service.storage.database import Database
from service.storage.stories import Stories
from tests.integration.conftest import until
from tests.integration.databases import new_database
from tests.integration.rig import Rig, up

pytestmark = pytest.mark.integration

WAIT = {"Prefer": "wait=30"}
SENTENCES = [
    f"The {who} of the town said on Monday that {n} people were there."
    for n, who in enumerate(
        (
            "mayor",
            "teacher",
            "doctor",
            "farmer",
            "judge",
            "minister",
            "driver",
            "baker",
            "bishop",
            "sailor",
        ),
        10,
    )
]
TEXT = " ".join(SENTENCES)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "postgresql":
        return new_database(request.getfixturevalue("postgresql"))
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'dragoman.db'}"


@pytest.fixture(scope="module")
def rig(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with up(tmp_path_factory.mktemp("stories"), database_url=url) as rig:
        yield rig


def put(rig: Rig, name: str, text: str = TEXT, **more: Any) -> dict[str, Any]:
    body = {"text": text, "source": "en", "targets": ["es"], **more}
    answer = rig.client.put(f"/v1/stories/{name}", json=body, headers=WAIT)
    assert answer.is_success, answer.text
    story: dict[str, Any] = answer.json()
    return story


def version(rig: Rig, name: str) -> dict[str, Any]:
    answer = rig.client.get(f"/v1/stories/{name}/versions/es")
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def change(rig: Rig, name: str, path: str, body: dict[str, Any], etag: str = "*") -> httpx.Response:
    method = "PATCH" if path.startswith("segments/") and path[9:].isdecimal() else "POST"
    return rig.client.request(
        method, f"/v1/stories/{name}/versions/es/{path}", json=body, headers={"If-Match": etag}
    )


def test_a_story_is_translated_and_kept(rig: Rig) -> None:
    story = put(rig, "first")
    assert story["revision"] == 1
    assert story["versions"][0]["state"] == "draft"
    found = version(rig, "first")
    assert [one["source"] for one in found["segments"]] == SENTENCES
    assert found["text"] == " ".join(one["target"] for one in found["segments"])
    for one in found["segments"]:
        span = one["target_span"]
        assert found["text"][span["start"] : span["end"]] == one["target"] == one["machine"]
        assert (one["origin"], one["state"], one["change"]) == ("machine", "draft", "new")
        assert one["checked"]
    assert put(rig, "first")["revision"] == 1, "the same text again is no new revision"


def test_one_sentence_of_ten_is_changed(rig: Rig) -> None:
    put(rig, "update")
    assert change(
        rig, "update", "segments/2", {"target": "El médico habló.", "author": "ana"}
    ).is_success
    assert change(rig, "update", "segments/3", {"state": "approved", "author": "ana"}).is_success
    before = version(rig, "update")
    done = rig.store.checked().sentences
    texts = [*SENTENCES]
    texts[5] = "The minister of the town said on Friday that nobody was there."
    story = put(rig, "update", " ".join(texts))
    assert story["revision"] == 2
    after = version(rig, "update")
    changes = [one["change"] for one in after["segments"]]
    assert changes == ["unchanged"] * 5 + ["changed"] + ["unchanged"] * 4
    for number in {*range(10)} - {5}:
        for field in ("target", "machine", "origin", "state", "author"):
            assert after["segments"][number][field] == before["segments"][number][field]
    changed = after["segments"][5]
    assert changed["previous"]["target"] == before["segments"][5]["target"]
    assert changed["target"] != changed["previous"]["target"]
    job = rig.job(story["versions"][0]["job"])
    assert job["progress"] == {"done": 1, "total": 1}
    assert rig.store.checked().sentences == done + 10
    old = rig.client.get("/v1/stories/update/versions/es?revision=1").json()
    assert old["text"] == before["text"]
    assert [one["number"] for one in rig.client.get("/v1/stories/update/revisions").json()] == [
        2,
        1,
    ]


def test_a_correction_is_remembered_for_other_stories(rig: Rig) -> None:
    put(rig, "taught", "The harbour master resigned today. It rains.")
    answer = change(
        rig, "taught", "segments/0", {"target": "Hoy dimitió el capitán.", "author": "ana"}
    )
    segment = answer.json()["segments"][0]
    assert (segment["origin"], segment["state"], segment["author"]) == ("edited", "edited", "ana")
    put(rig, "learnt", "The bishop spoke.\n\nThe harbour master resigned today.")
    learnt = version(rig, "learnt")["segments"][1]
    assert learnt["target"] == "Hoy dimitió el capitán."
    assert learnt["origin"] == "memory"
    assert learnt["memory"]["match"] == "exact"
    put(rig, "like", "The harbour master resigned yesterday.")
    like = version(rig, "like")["segments"][0]
    assert like["origin"] == "machine"
    assert like["memory"]["match"] == "fuzzy"
    assert not like["memory"]["used"]
    assert like["memory"]["target"] == "Hoy dimitió el capitán."


def test_two_editors_do_not_overwrite_each_other(rig: Rig) -> None:
    put(rig, "shared")
    etag = version(rig, "shared")["segments"][1]["etag"]
    assert change(rig, "shared", "segments/1", {"target": "Uno."}, etag).is_success
    late = change(rig, "shared", "segments/1", {"target": "Otro."}, etag)
    assert late.status_code == 412
    assert late.json()["current"]["segments"][0]["target"] == "Uno."
    assert late.json()["yours"] == {"target": "Otro."}
    other = version(rig, "shared")["segments"][2]["etag"]
    assert change(rig, "shared", "segments/2", {"target": "Dos."}, other).is_success
    bare = rig.client.patch("/v1/stories/shared/versions/es/segments/1", json={"target": "x"})
    assert bare.status_code == 422
    body = {"text": "New.", "source": "en", "targets": ["es"]}
    stale = rig.client.put("/v1/stories/shared", json=body, headers={"If-Match": '"0-0"'})
    assert stale.status_code == 412
    assert stale.json()["current"]["text"] == TEXT


def test_an_edit_that_changes_nothing_is_not_logged(rig: Rig) -> None:
    put(rig, "same", "The mayor left. It rains. It is late.")
    draft = version(rig, "same")["segments"][1]["target"]
    assert change(rig, "same", "segments/0", {"target": "Salió."}).is_success
    assert change(rig, "same", "segments/2", {"state": "approved"}).is_success
    before = version(rig, "same")
    late = before["segments"][2]["target"]
    for number, target in enumerate(("Salió.", draft, late)):
        answer = change(rig, "same", f"segments/{number}", {"target": target, "author": "ben"})
        assert answer.status_code == 200
        assert answer.json()["etag"] == before["etag"]
    entries = rig.client.get("/v1/stories/same/versions/es/reviews").json()["entries"]
    assert [one["action"] for one in entries] == ["edit", "approve"]


def test_who_approves_the_rest_does_not_sign_what_others_approved(rig: Rig) -> None:
    put(rig, "rest", "The mayor left. It rains. It is late.")
    assert change(rig, "rest", "segments/1", {"state": "approved", "author": "ana"}).is_success
    before = version(rig, "rest")
    done = change(rig, "rest", "approve", {"author": "ben"}).json()
    assert [one["author"] for one in done["segments"]] == ["ben", "ana", "ben"]
    assert done["segments"][1] == before["segments"][1]
    again = change(rig, "rest", "approve", {"author": "cai"}).json()
    assert again == done
    entries = rig.client.get("/v1/stories/rest/versions/es/reviews").json()["entries"]
    assert [one["author"] for one in entries] == ["ana", "ben"]
    undone = change(rig, "rest", "undo", {}).json()
    assert undone["segments"][1] == before["segments"][1]
    assert [one["state"] for one in undone["segments"]] == ["draft", "approved", "draft"]


def test_join_split_undo_and_the_log(rig: Rig) -> None:
    put(rig, "log", "The mayor left. It rains.")
    before = version(rig, "log")
    joined = change(rig, "log", "segments/0/join", {"author": "ana"}).json()
    assert joined["text"] == before["text"]
    assert [one["source"] for one in joined["segments"]] == ["The mayor left. It rains."]
    target = joined["segments"][0]["target"]
    cut = {"source_at": 15, "target_at": target.index(". ") + 1, "author": "ben"}
    parted = change(rig, "log", "segments/0/split", cut).json()
    assert [one["source"] for one in parted["segments"]] == ["The mayor left.", "It rains."]
    assert parted["text"] == before["text"]
    assert change(rig, "log", "segments/1", {"target": "Llueve mucho."}).is_success
    assert change(rig, "log", "undo", {}).json()["text"] == before["text"]
    assert len(change(rig, "log", "undo", {}).json()["segments"]) == 1
    last = change(rig, "log", "undo", {}).json()
    assert [one["target"] for one in last["segments"]] == [
        one["target"] for one in before["segments"]
    ]
    assert change(rig, "log", "undo", {}).status_code == 409
    entries = rig.client.get("/v1/stories/log/versions/es/reviews").json()["entries"]
    assert [one["action"] for one in entries] == ["join", "split", "edit", "undo", "undo", "undo"]
    assert [one["author"] for one in entries][:3] == ["ana", "ben", "anyone"]
    assert [one["undoes"] for one in entries][3:] == [entries[n]["id"] for n in (2, 1, 0)]


def test_what_an_editor_writes_is_checked_and_never_refused(rig: Rig) -> None:
    put(rig, "hints", "The mayor freed 107 people.")
    answer = change(rig, "hints", "segments/0", {"target": "El alcalde liberó a 701 personas."})
    assert answer.is_success
    until(lambda: version(rig, "hints")["segments"][0]["checked"])
    found = version(rig, "hints")
    (flag,) = [one for one in found["segments"][0]["flags"] if one["code"] == "number-changed"]
    assert found["text"][flag["target_span"]["start"] : flag["target_span"]["end"]] == "701"
    assert found["state"] == "edited"
    done = change(rig, "hints", "approve", {"author": "ana"}).json()
    assert done["state"] == "approved"


def test_the_record_says_who_made_each_sentence(rig: Rig) -> None:
    put(rig, "record", "The otter slept. The heron flew. The river froze.")
    change(rig, "record", "segments/0", {"target": "Salió.", "author": "ana"})
    change(rig, "record", "segments/1", {"state": "approved", "author": "ben"})
    record = rig.client.get("/v1/stories/record/provenance").json()
    (spanish,) = record["versions"]
    assert (spanish["machine"], spanish["edited"], spanish["approved"]) == (2, 1, 1)
    assert spanish["reviewers"] == ["ana", "ben"]
    assert spanish["models"][0]["id"] == "embedded/en-es"
    assert [one["reviewed_by"] for one in spanish["sentences"]] == ["ana", "ben", None]
    assert spanish["digital_source_type"].endswith("/compositeWithTrainedAlgorithmicMedia")
    kept = spanish.pop("sha256")
    canonical = json.dumps(spanish, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(canonical.encode()).hexdigest() == kept
    text = version(rig, "record")["text"]
    assert len(spanish["sentences"]) == 3
    assert hashlib.sha256(text.encode()).hexdigest() == spanish["text_sha256"]


@pytest.mark.parametrize("is_written", [False, True])
def test_a_front_that_is_killed_leaves_the_story_old_or_new(
    rig: Rig, url: str, is_written: bool
) -> None:
    """It is killed in a `PUT` that has queued its job: before it writes the story, or after."""
    name = f"killed-{is_written}"
    put(rig, name, "It rains. One.")
    front, worker = rig.part("front"), rig.part("interactive")
    queued = jobs(rig)
    body = {"text": TEXT, "source": "en", "targets": ["es"]}
    os.killpg(worker, signal.SIGSTOP)  # nothing is translated before the front is killed
    with ThreadPoolExecutor(1) as pool, ExitStack() as held:
        database = Database(url)
        held.callback(database.close)
        held.callback(os.killpg, worker, signal.SIGCONT)
        if not is_written:
            session = held.enter_context(database.writing())
            Stories(session).get(ANYONE.name, name, lock=True)
        address = f"{rig.address}/v1/stories/{name}"
        sent = pool.submit(httpx.put, address, json=body, headers=WAIT, timeout=60)
        until(lambda: jobs(rig) > queued)
        until(lambda: revision(database, name) == 1 + is_written)
        os.killpg(front, signal.SIGKILL)
        assert isinstance(sent.exception(), httpx.TransportError)
    until(lambda: rig.part("front") != front)
    until(lambda: version(rig, name)["state"] != "translating")
    story = rig.client.get(f"/v1/stories/{name}").json()
    assert story["revision"] == 1 + is_written
    assert story["text"] == (TEXT if is_written else "It rains. One.")
    found = version(rig, name)["segments"]
    assert [one["source"] for one in found] == sentences(story["text"], "en")
    assert all(one["target"] for one in found)


def jobs(rig: Rig) -> set[str]:
    """The keys of all jobs' records."""
    return set(rig.store.client.scan_iter(job_ref("*").key))


def revision(database: Database, name: str) -> int:
    with database.reading() as session:
        return Stories(session).get(ANYONE.name, name).revision


def test_a_new_story_that_is_sent_by_several_at_once(rig: Rig) -> None:
    def send(number: int) -> int:
        body = {"text": f"It is {number}.", "source": "en", "targets": ["es"]}
        return rig.client.put("/v1/stories/at-once", json=body).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(send, range(8)))
    assert statuses.count(201) == 1
    assert set(statuses) <= {200, 201, 503}


def test_what_no_database_keeps_is_refused(rig: Rig) -> None:
    put(rig, "plain", "It rains.")
    body = {"text": "It rains.", "source": "en", "targets": ["es"]}
    story = "/v1/stories/plain"
    answers = [
        rig.client.get("/v1/stories/a%00b"),
        rig.client.get("/v1/stories", params={"query": "a\0b"}),
        rig.client.get("/v1/memory", params={"query": "a\0b"}),
        rig.client.delete("/v1/memory", params={"story": "a\0b"}),
        rig.client.get(f"{story}/versions/es?revision={10**20}"),
        rig.client.put(story, json={**body, "text": "It\0 rains."}),
        rig.client.put(story, json={**body, "title": "It\0 rains."}),
        rig.client.put(story, json={**body, "text": None, "article": {"body": "It\0 rains."}}),
        change(rig, "plain", "segments/0", {"target": "Llueve\0."}),
        change(rig, "plain", "approve", {"author": "an\0a"}),
    ]
    assert [answer.status_code for answer in answers] == [422] * len(answers)


def test_sentences_stand_in_the_paragraphs_of_their_text(rig: Rig) -> None:
    text = "ON NOW\n\nMayor Frees 107 Prisoners\n\nBy Jane Doe\n\nIt rained. The vote is in July."
    story = put(rig, "paragraphs", text)
    assert story["title"] == "Mayor Frees 107 Prisoners"  # not the boilerplate before it
    segments = version(rig, "paragraphs")["segments"]
    assert [(one["kind"], one["source"]) for one in segments] == [
        ("title", "Mayor Frees 107 Prisoners"),
        ("byline", "By Jane Doe"),
        ("paragraph", "It rained."),
        ("paragraph", "The vote is in July."),
    ]
    blocks = [one["block"] for one in segments]
    assert blocks[2] == blocks[3]
    assert len(set(blocks)) == 3


def test_lists_are_searched(rig: Rig) -> None:
    put(rig, "port-1", "Strike in the port.", title="Huelga en Ceuta")
    page = rig.client.get("/v1/stories", params={"query": "CEUTA port"}).json()
    assert [one["id"] for one in page["stories"]] == ["port-1"]
    assert page["total"] == 1
    assert rig.client.get("/v1/stories", params={"state": "failed"}).json()["total"] == 0


def found(rig: Rig, **query: Any) -> set[str]:
    answer = rig.client.get("/v1/stories", params=query)
    assert answer.is_success, answer.text
    return {story["id"] for story in answer.json()["stories"]}


def test_stories_are_found_by_their_texts_in_both_languages(rig: Rig) -> None:
    put(rig, "dredger", "The dredger is in the harbour.", title="Works")
    assert change(rig, "dredger", "segments/0", {"target": "La draga está en Ávila."}).is_success
    put(rig, "dredger-2", "Another dredger is there.")
    assert found(rig, query="dredger harbour") == {"dredger"}
    assert found(rig, query="DRAG avila") == {"dredger"}
    assert found(rig, query="dredger", size=1, page=1) == {"dredger"}
    assert found(rig, query="dredger", state="edited") == {"dredger"}
    assert found(rig, query="avila another") == set()
    assert found(rig, query="'ávila' | :*\\") == {"dredger"}
    assert found(rig, query="!") == set()
    put(rig, "dredger", "The tug is in the harbour.", title="Works")
    assert found(rig, query="tug works") == {"dredger"}
    assert found(rig, query="dredger avila") == set()
    assert rig.client.delete("/v1/stories/dredger").status_code == 204
    assert found(rig, query="tug works") == set()


def test_two_regions_of_a_language_are_two_versions(rig: Rig) -> None:
    def of(target: str) -> Any:
        return rig.client.get(f"/v1/stories/regions/versions/{target}")

    texts = ["The plotter cost 1,234.5 dollars.", "It stopped on Monday."]
    story = put(rig, "regions", " ".join(texts), targets=["es-MX", "es-ES"])
    assert [one["target"] for one in story["versions"]] == ["es-ES", "es-MX"]
    assert [one["region"] for one in story["versions"]] == ["ES", "MX"]
    assert "es-ES, es-MX" in of("es").json()["detail"]
    corrected = rig.client.patch(
        "/v1/stories/regions/versions/es-MX/segments/1",
        json={"target": "Se paró el lunes."},
        headers={"If-Match": "*"},
    )
    assert corrected.is_success, corrected.text
    assert of("es-ES").json()["segments"][1]["origin"] == "machine"
    done = rig.store.checked().sentences
    texts[0] = "The plotter cost 2,345.6 dollars."
    put(rig, "regions", " ".join(texts), targets=["es-MX", "es-ES"])
    mexican, spanish = of("es-MX").json(), of("es-ES").json()
    for version in (mexican, spanish):
        assert [one["change"] for one in version["segments"]] == ["changed", "unchanged"]
    assert mexican["segments"][1]["target"] == "Se paró el lunes."
    assert spanish["segments"][1]["target"] != "Se paró el lunes."
    assert rig.store.checked().sentences == done + 4
    put(rig, "regions-2", "It stopped on Monday.", targets=["es-MX", "es-ES", "es"])
    origins = {
        target: rig.client.get(f"/v1/stories/regions-2/versions/{target}").json()["segments"][0]
        for target in ("es-MX", "es-ES", "es")
    }
    assert {target: one["origin"] for target, one in origins.items()} == {
        "es-MX": "memory",
        "es-ES": "machine",
        "es": "machine",
    }
    assert found(rig, query="regions", target="es") >= {"regions", "regions-2"}
    assert found(rig, query="regions", target="es-ES", state="edited") == set()


def test_a_story_is_forgotten(rig: Rig, tmp_path: Path) -> None:
    put(rig, "secret", "Zanzibar quokka negotiations.")
    change(rig, "secret", "segments/0", {"target": "Negociaciones quokka."})
    assert rig.client.delete("/v1/stories/secret?memory=true").status_code == 204
    assert rig.client.get("/v1/stories/secret").status_code == 404
    assert rig.client.delete("/v1/stories/secret").status_code == 404
    put(rig, "secret", "Zanzibar quokka negotiations.")
    assert version(rig, "secret")["segments"][0]["origin"] == "machine"
