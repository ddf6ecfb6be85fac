"""The service as its callers see it."""

import json
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest

pytestmark = pytest.mark.integration

WAIT = {"Prefer": "wait=60"}
TEXT = "The mayor said 107 people were released.\n\nThe vote is in July."


def ask(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    """The result of a job that succeeds."""
    answer = client.post(path, json=body, headers=WAIT)
    assert answer.status_code == 200, answer.text
    job = answer.json()
    assert job["state"] == "succeeded", job
    assert job["progress"]["done"] == job["progress"]["total"]
    result: dict[str, Any] = job["result"]
    return result


def test_an_article_comes_back_in_spanish(client: httpx.Client) -> None:
    result = ask(client, "/v1/translations", text=TEXT, target="es")
    assert result["source"] == "en"
    first, second = result["text"].split("\n\n")
    assert "107" in first
    assert "julio" in second
    for segment in result["segments"]:
        span = segment["target_span"]
        assert result["text"][span["start"] : span["end"]] == segment["target"]
        span = segment["source_span"]
        assert TEXT[span["start"] : span["end"]] == segment["source"]
        assert segment["models"] == ["embedded/en-es"]


def test_the_seed_article_without_its_furniture(client: httpx.Client, seed_article: str) -> None:
    result = ask(client, "/v1/translations", text=seed_article, source="en", target="es")
    left_out = [line["text"] for line in result["furniture"]]
    assert left_out == ["• en", "ON NOW", "Follow us on:", "ON NOW"]
    assert "107" in result["text"]
    assert "ON NOW" not in result["text"]
    paragraphs = [p for p in seed_article.split("\n\n") if len(p) > 20]
    assert len(result["text"].strip().split("\n\n")) == len(paragraphs)


def test_furniture_is_kept_when_asked(client: httpx.Client, article: str) -> None:
    result = ask(client, "/v1/translations", text=article, target="es", furniture="keep")
    assert result["text"].startswith("• en\nON NOW\n\n")


def test_an_article_in_fields_comes_back_in_fields(client: httpx.Client) -> None:
    article = {"title": "Mayor frees 107", "body": "The vote is in July.\n\n\nIt is late.\n"}
    result = ask(client, "/v1/translations", article=article, source="en", target="es")
    assert set(result["article"]) >= {"title", "body"}
    assert "107" in result["article"]["title"]
    assert result["article"]["body"].count("\n\n\n") == 1
    assert result["article"]["body"].endswith("\n")


@pytest.mark.parametrize(("language", "text"), [("es", "El alcalde lo dijo."), ("en", "• en\nHi.")])
def test_a_text_in_the_wished_language_is_untouched(
    client: httpx.Client, language: str, text: str
) -> None:
    result = ask(client, "/v1/translations", text=text, source=language, target=language)
    assert result["text"] == text


def test_a_file_comes_back_as_a_file(client: httpx.Client) -> None:
    page = '<p class="a">The vote is in <b>July</b>.</p><!-- end -->'
    answer = client.post(
        "/v1/documents?target=es&source=en",
        content=page,
        headers={"Content-Type": "text/html", **WAIT},
    )
    assert answer.status_code == 200, answer.text
    file = client.get(f"/v1/jobs/{answer.json()['id']}/result")
    assert file.headers["content-type"] == "text/html; charset=utf-8"
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.text.startswith('<p class="a">La vot')
    assert file.text.endswith("<b>julio</b>.</p><!-- end -->")


def test_a_form_with_a_file_is_translated_by_the_name_of_the_file(client: httpx.Client) -> None:
    answer = client.post(
        "/v1/documents",
        data={"target": "es", "source": "en"},
        files={"file": ("story.md", b"In *July*", "application/octet-stream")},
        headers=WAIT,
    )
    assert answer.status_code == 200, answer.text
    file = client.get(f"/v1/jobs/{answer.json()['id']}/result")
    assert file.headers["content-type"].startswith("text/markdown")
    assert file.text == "En *julio*"


@pytest.mark.parametrize(
    ("data", "files", "status", "says"),
    [
        ({"target": "es"}, {"other": ("a.md", b"x")}, 422, "no file"),
        ({}, {"file": ("a.md", b"Hi")}, 422, "target"),
        ({"target": "es", "surprise": "x"}, {"file": ("a.md", b"Hi")}, 422, "surprise"),
        ({"target": "es"}, {"file": ("a.xyz", b"Hi")}, 415, "format"),
        ({"target": "es"}, {"file": ("a.md", b"Hi"), "more": ("b.md", b"Hi")}, 422, "form"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(
    client: httpx.Client, data: dict[str, str], files: dict[str, Any], status: int, says: str
) -> None:
    answer = client.post("/v1/documents", data=data, files=files)
    assert answer.status_code == status
    assert says in answer.text


def test_a_document_is_summarized(client: httpx.Client, article: str) -> None:
    wish = {"document": f"# A title\n\n{article}", "format": "markdown", "length": {"sentences": 2}}
    result = ask(client, "/v1/summaries", **wish)
    assert len(result["sentences"]) == 2


@pytest.mark.parametrize(
    ("content", "content_type", "status", "code"),
    [
        (b"<p>Hi</p>", "application/x-unknown", 415, "unsupported-media-type"),
        (b"<p>\xff</p>", "text/html", 422, "invalid-document"),
        (b"<p>1</p>", "text/html", 422, "invalid-document"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    client: httpx.Client, content: bytes, content_type: str, status: int, code: str
) -> None:
    headers = {"Content-Type": content_type}
    answer = client.post("/v1/documents?target=es&source=en", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_summary_names_its_sources(client: httpx.Client, article: str) -> None:
    result = ask(client, "/v1/summaries", text=article, length={"words": 60})
    assert 0 < len(result["text"].split()) <= 60
    for sentence in result["sentences"]:
        (span,) = sentence["sources"]
        assert article[span["start"] : span["end"]] == sentence["text"] == sentence["source_text"]


def test_a_summary_in_another_language(client: httpx.Client, article: str) -> None:
    wish = {"text": article, "target": "es", "style": "bullets", "length": {"sentences": 2}}
    result = ask(client, "/v1/summaries", **wish)
    assert result["target"] == "es"
    assert [line[:2] for line in result["text"].splitlines()] == ["- ", "- "]
    assert all(s["text"] != s["source_text"] for s in result["sentences"])


BROKEN = "One in nineteen, two in thirty-seven and three in forty-one of them said eleven."
"""The embedded model loses a number of it, with and without repairs."""


def test_what_is_wrong_is_flagged_with_its_places(client: httpx.Client) -> None:
    result = ask(
        client, "/v1/translations", text=f"It rains.\n\n{BROKEN}", source="en", target="es"
    )
    first, second = result["segments"]
    assert first["flags"] == []
    assert second["flags"]
    for flag in second["flags"]:
        assert flag["severity"] in {"error", "warning"}
        assert flag["message"].endswith(".")
        for span in ("source_span", "target_span"):
            if flag.get(span):
                assert second[span]["start"] <= flag[span]["start"] < flag[span]["end"]
                assert flag[span]["end"] <= second[span]["end"]
    missing = [flag for flag in second["flags"] if flag["code"] == "number-missing"]
    assert missing
    text = f"It rains.\n\n{BROKEN}"
    for flag in missing:
        place = flag["source_span"]
        assert text[place["start"] : place["end"]] in flag["message"]
    assert result["quality"]["sentences"] == 2
    assert result["quality"]["share"] == 0.5
    metrics = client.get("/metrics").text
    assert 'dragoman_sentences_checked_total{clean="no"}' in metrics
    assert f'dragoman_flags_total{{code="{second["flags"][0]["code"]}"}}' in metrics


def test_the_source_instead_of_what_is_wrong(client: httpx.Client) -> None:
    wish = {"text": f"It rains.\n\n{BROKEN}", "source": "en", "target": "es"}
    result = ask(client, "/v1/translations", on_flag="source", **wish)
    assert result["text"].endswith(BROKEN)
    assert result["segments"][1]["flags"]
    answer = client.post("/v1/translations", json={**wish, "on_flag": "fail"}, headers=WAIT)
    job = answer.json()
    assert job["state"] == "failed"
    assert job["error"]["code"] == "facts-changed"
    assert [sentence["source"] for sentence in job["error"]["sentences"]] == [BROKEN]


def test_quotes_and_headlines_are_the_houses(client: httpx.Client) -> None:
    text = 'MAYOR WINS THE VOTE\n\n"We will go to the islands," said the minister.'
    result = ask(client, "/v1/translations", text=text, source="en", target="es")
    title, story = result["text"].split("\n\n")
    assert "votación" in title or "voto" in title
    assert title == title.capitalize()
    assert story.count("“") == story.count("”") == 1


def test_a_headline(client: httpx.Client, article: str) -> None:
    result = ask(client, "/v1/summaries", text=article, style="headline")
    assert result["text"].startswith("Ferry Service Returns")


def test_a_job_is_followed_by_events_and_then_forgotten(client: httpx.Client, article: str) -> None:
    answer = client.post("/v1/translations", json={"text": article, "target": "es"})
    assert answer.status_code == 202
    where = answer.headers["Location"]
    seen: list[tuple[str, dict[str, Any]]] = []
    with client.stream("GET", f"{where}/events") as events:
        assert events.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in events.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                seen.append((name, json.loads(line.removeprefix("data: "))))
    assert [name for name, _ in seen][-1] == "finished"
    assert {name for name, _ in seen[:-1]} <= {"progress"}
    done = [job["progress"]["done"] for _, job in seen]
    assert done == sorted(done)
    assert seen[-1][1]["state"] == "succeeded"
    assert client.delete(where).status_code == 204
    assert client.get(where).status_code == 410
    assert client.delete(where).status_code == 410
    assert client.get(f"{where}/events").status_code == 410
    assert client.get("/v1/jobs/never-made").status_code == 404


def test_a_batch_job_goes_through_its_own_queue(client: httpx.Client) -> None:
    ask(client, "/v1/translations", text=TEXT, target="es", priority="batch")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"", 422),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b'{"text": "", "target": "es"}', 422),
        (b'{"text": " \\n\\t", "target": "es"}', 422),
        (b'{"text": "Hello there.", "target": "es", "article": {"title": "x"}}', 422),
        (b'{"text": "Hello there.", "source": "en", "target": "fr"}', 422),
        (b'{"text": "Hello there.", "target": "../../etc"}', 422),
        (b'{"text": "Hello.", "source": "en", "target": "es", "model": "none"}', 422),
        (b'{"text": "Hello.", "source": "en", "target": "es", "colour": 1}', 422),
        (b'{"text": "OK", "target": "es"}', 422),
        (b'{"text": "a \\ud800 b", "source": "en", "target": "es"}', 422),
        (b'{"text": "' + b"a" * 2**20 + b'", "source": "en", "target": "es"}', 413),
        (b"[" * 100_000, 400),
    ],
)
def test_what_is_refused_is_a_problem(client: httpx.Client, content: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post("/v1/translations", content=content, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    assert len(answer.content) < 5000


def test_an_unknown_pair_says_which_there_are(client: httpx.Client) -> None:
    answer = client.post("/v1/translations", json={"text": "Hi.", "source": "en", "target": "fr"})
    assert {"source": "en", "target": "es"} in answer.json()["pairs"]
    assert "dragoman models" in answer.json()["detail"]  # what would serve it


def test_another_content_type_is_refused(client: httpx.Client) -> None:
    headers = {"Content-Type": "text/plain"}
    answer = client.post("/v1/translations", content=b"hello", headers=headers)
    assert answer.status_code == 415


@pytest.mark.parametrize(
    "text",
    ["a\x00b\x07c.", "\u202ehello there\u202c.", ">>fr<< Hello.", "</s> Hello. <pad>", "🦜" * 50],
)
def test_odd_characters_crash_nothing(client: httpx.Client, text: str) -> None:
    ask(client, "/v1/translations", text=text, source="en", target="es")


def test_a_sentence_too_long_for_the_model_is_not_cut(client: httpx.Client, article: str) -> None:
    story = " ".join(line for line in article.splitlines() if line.endswith("."))
    text = re.sub(r"[.?!]”? (?=\S)", "; ", story)
    result = ask(client, "/v1/translations", text=text, source="en", target="es")
    (segment,) = result["segments"]
    assert "truncated" not in [flag["code"] for flag in segment["flags"]]
    numbers = set(re.findall(r"\d+", text))
    assert numbers - set(re.findall(r"\d+", result["text"])) == set()


def test_detections(client: httpx.Client) -> None:
    answer = client.post("/v1/detections", json={"text": "El alcalde dijo que es en julio."})
    assert answer.json()["language"] == "es"
    answer = client.post("/v1/detections", json={"text": "OK"})
    assert answer.json()["language"] is None
    assert answer.json()["reason"]


def test_the_catalogue(client: httpx.Client) -> None:
    (pair,) = client.get("/v1/languages?source=en&target=es").json()["pairs"]
    (leg,) = pair["legs"]
    assert (leg["model"], leg["licence"], pair["commercial"]) == ("embedded/en-es", "MPL-2.0", True)
    assert 25 < leg["quality"]["bleu"] < 60
    assert client.get("/v1/languages?source=es-MX&target=gn").json()["pairs"] == []
    assert client.get("/v1/languages?source=x").status_code == 422
    models = {model["id"]: model for model in client.get("/v1/models").json()["models"]}
    assert models["embedded/en-es"]["available"]
    assert "NONCOMMERCIAL" in models["nllb-200-distilled-600m"]["reason"]


def test_a_model_that_is_not_here_is_refused_with_the_fix(client: httpx.Client) -> None:
    wish = {"text": "Hello.", "source": "fr", "target": "en", "model": "opus-mt-fr-en"}
    answer = client.post("/v1/translations", json=wish)
    assert answer.status_code == 409
    assert "dragoman models fetch opus-mt-fr-en" in answer.json()["detail"]
    wish = {"text": "Hello.", "source": "en", "target": "gn", "model": "nllb-200-distilled-600m"}
    answer = client.post("/v1/translations", json=wish)
    assert answer.status_code == 403
    assert "CC-BY-NC-4.0" in answer.json()["detail"]


def test_operations(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"
    ask(client, "/v1/translations", text=TEXT, target="es")
    metrics = client.get("/metrics").text
    assert 'dragoman_jobs_finished_total{state="succeeded",task="translate"}' in metrics


def test_unknown_addresses_and_methods_are_problems(client: httpx.Client) -> None:
    for method, path, status in [("GET", "/v1/nothing", 404), ("PUT", "/v1/translations", 405)]:
        answer = client.request(method, path)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_405_lists_all_the_methods(client: httpx.Client) -> None:
    assert client.put("/v1/jobs/x").headers["allow"] == "DELETE, GET"
    assert client.get("/v1/translations").headers["allow"] == "POST"


def test_jobs_are_listed_the_newest_first(client: httpx.Client) -> None:
    body = {"text": "It is late.", "source": "en", "target": "es"}
    ids = [
        client.post("/v1/translations", json=body, headers={"Idempotency-Key": uuid4().hex}).json()[
            "id"
        ]
        for _ in range(3)
    ]
    first = client.get("/v1/jobs", params={"size": 2}).json()
    assert [job["id"] for job in first["jobs"]] == ids[:0:-1]
    second = client.get("/v1/jobs", params={"size": 2, "page": 1}).json()
    assert second["jobs"][0]["id"] == ids[0]
    assert first["total"] == second["total"] >= 3
    assert "result" not in first["jobs"][0]
    client.delete(f"/v1/jobs/{ids[2]}")
    assert ids[2] not in [job["id"] for job in client.get("/v1/jobs").json()["jobs"]]


def test_plain_text_is_the_translation_alone(client: httpx.Client) -> None:
    headers = {"Accept": "text/plain"}
    body = {"text": "The vote is in July.", "source": "en", "target": "es"}
    answer = client.post("/v1/translations", json=body, headers=headers)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith("La votación")
    refused = client.post("/v1/translations", json=body | {"target": "zz"}, headers=headers)
    assert refused.status_code == 422


def test_openapi_has_every_path_with_examples(client: httpx.Client) -> None:
    api = client.get("/openapi.json").json()
    assert {"/v1/translations", "/v1/summaries", "/v1/detections", "/v1/jobs/{job_id}"} <= set(
        api["paths"]
    )
    for name in ("TranslationOfPage", "SummaryOfPage", "DetectionRequest"):
        assert api["components"]["schemas"][name]["examples"]


def test_the_docs_load_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "//" not in re.sub("<!.*?>", "", page.text)
    loaded = re.findall(r'(?:src|href)="(\./[^"]+)"', page.text)
    types = [client.get(str(page.url.join(path))).headers["content-type"] for path in loaded]
    assert types == ["text/css; charset=utf-8", "text/javascript; charset=utf-8"]
    assert client.get("/docs/redoc.standalone.js").status_code == 422
