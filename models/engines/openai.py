"""The engine `openai`: a language model on a server that speaks OpenAI's API.

vLLM, SGLang, llama.cpp, Ollama and `transformers serve` do. The texts go to that server, so the settings
must allow its host unless it is this machine (`Catalogue.refusal`). No proxy is used and no redirect is
followed: the texts go nowhere else.
"""

import math
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from random import uniform
from typing import Any

import anyio
import httpx
from anyio.from_thread import start_blocking_portal
from pydantic import BaseModel, Field, ValidationError

from models.catalogue import Model
from models.engines.instructed import (
    SUMMARY_TOKENS,
    TARGET_ALLOWANCE,
    TARGET_RATIO,
    Answer,
    InstructedTranslator,
    Question,
)
from models.engines.prompts import style_of
from models.engines.translator import Usage
from models.errors import ModelUnavailable

BYTES_PER_TOKEN = 3
"""Bytes of text in a token: a lower bound for European languages, whose tokens have four letters, and about
one Chinese or Japanese character. The server counts, but does not say beforehand."""
_MAX_SOURCE_TOKENS = {"translate": 512, "summarize": 3000}
"""By task, unless the entry says otherwise: a context of 4,096 tokens holds the text and its answer."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0
"""Seconds between two attempts: doubled after each, and shortened at random by up to a half."""
_CONNECT_SECONDS = 5
_REPEATED = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
"""Answers that say that the same request may succeed later."""


class OpenAITranslator(InstructedTranslator):
    """A language model on a server."""

    def __init__(self, model: Model) -> None:
        """Prepare to ask the server of this entry; it is connected to when first needed.

        Raises OSError if the file with its key cannot be read.
        """
        super().__init__(model)
        self._client = _client(model, timeout=model.timeout_seconds)
        self._stack = ExitStack()
        # Requests run in a thread of their own, in which they can be cancelled.
        self._portal = self._stack.enter_context(start_blocking_portal())
        self._slots = self._portal.call(anyio.CapacityLimiter, model.concurrency)

    @property
    def max_source_tokens(self) -> int:
        """The entry's, else one that fits a small context; in tokens as `count_tokens` estimates them."""
        return self._entry.max_source_tokens or _MAX_SOURCE_TOKENS[self._entry.task]

    @property
    def parallel_batches(self) -> int:
        """As many as requests are sent at a time."""
        return self._entry.concurrency

    @property
    def pays_for_padding(self) -> bool:
        """False: every text is a request of its own."""
        return False

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Estimate the length of each text in tokens, rather too long than too short."""
        return [math.ceil(len(text.encode()) / BYTES_PER_TOKEN) for text in texts]

    def close(self) -> None:
        """Cancel what has begun and close the connections."""
        self._portal.call(self._client.aclose)
        self._stack.close()

    def _limit(self, text: str) -> int:
        if self._entry.max_target_tokens is not None:
            return self._entry.max_target_tokens
        if self._entry.task == "summarize":
            return SUMMARY_TOKENS
        return TARGET_RATIO * self.count_tokens([text])[0] + TARGET_ALLOWANCE

    def _answers(
        self, batches: Iterable[Sequence[Question]]
    ) -> Generator[list[Answer], None, None]:
        """Ask as many questions at a time as the entry allows, of all batches."""
        begun: deque[list[Future[Answer]]] = deque()
        try:
            for questions in batches:
                begun.append(
                    [self._portal.start_task_soon(self._ask, question) for question in questions]
                )
                # The last batch is under way when the first is waited for: all slots stay taken.
                while sum(map(len, begun)) - len(begun[0]) >= self._entry.concurrency:
                    yield [answer.result() for answer in begun[0]]
                    begun.popleft()
            while begun:
                yield [answer.result() for answer in begun[0]]
                begun.popleft()
        finally:
            for answer in (answer for batch in begun for answer in batch):
                answer.cancel()

    async def _ask(self, question: Question) -> Answer:
        """Return the server's answer, repeating the request while it fails; raise ModelUnavailable."""
        give_up = anyio.current_time() + self._entry.patience_seconds
        pause = _FIRST_PAUSE
        async with self._slots:  # held during a pause: a busy server gets fewer requests
            while True:
                try:
                    return await self._post(question)
                except _Failed as failure:
                    wait = max(uniform(pause / 2, pause), failure.wait)
                    if anyio.current_time() + wait > give_up:
                        raise ModelUnavailable(
                            f"The server of {self._entry.id} at {self._entry.url} failed: {failure}. "
                            "Check that it runs."
                        ) from failure
                    await anyio.sleep(wait)
                    pause = min(2 * pause, _LONGEST_PAUSE)

    async def _post(self, question: Question) -> Answer:
        """Ask once; raise _Failed if asking again may help, else ModelUnavailable."""
        path, body = self._request(question)
        try:
            response = await self._client.post(path, json=body)
        except httpx.TimeoutException as error:
            raise _Failed(f"no answer within {self._entry.timeout_seconds:g} s") from error
        except httpx.TransportError as error:
            raise _Failed(str(error) or type(error).__name__) from error
        if response.status_code in _REPEATED:
            raise _Failed(f"it answered {response.status_code}", _retry_after(response))
        if not response.is_success:
            raise ModelUnavailable(
                f"The server of {self._entry.id} at {self._entry.url} answered {response.status_code} to a "
                f"request for the model {self._name!r}: {_reason(response)}"
            )
        try:
            completion = _Completion.model_validate_json(response.content)
        except ValidationError as error:
            raise _Failed("its answer is not a completion in JSON") from error
        return completion.answer()

    @property
    def _name(self) -> str:
        return self._entry.served_name or self._entry.id

    def _request(self, question: Question) -> tuple[str, dict[str, Any]]:
        """Return the path and the body of a request."""
        body = {"model": self._name, "temperature": 0, "max_tokens": question.limit}
        if stop := style_of(self._entry).stop:
            body["stop"] = list(stop)
        body |= self._entry.request_fields
        if isinstance(question.prompt, str):
            return "completions", body | {"prompt": question.prompt}
        return "chat/completions", body | {"messages": list(question.prompt)}


def check_server(model: Model, seconds: float) -> None:
    """Ask the model's server for its models; raise ModelUnavailable if it does not answer."""
    try:
        with httpx.Client(
            base_url=str(model.url), headers=_headers(model), timeout=seconds, trust_env=False
        ) as client:
            answer = client.get("models")
    except (httpx.HTTPError, OSError) as error:
        raise ModelUnavailable(f"The server of {model.id} does not answer: {error}") from error
    if not answer.is_success:
        raise ModelUnavailable(f"The server of {model.id} answered {answer.status_code}.")


class _Failed(Exception):
    """A request failed in a way that may pass; `wait` are the seconds that the server asks to wait."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        self.wait = wait
        super().__init__(reason)


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message | None = None
    text: str | None = None
    finish_reason: str | None = None


class _Tokens(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(BaseModel):
    """The fields of a completion, of messages or of a text, that are read."""

    choices: list[_Choice] = Field(min_length=1)
    usage: _Tokens | None = None

    def answer(self) -> Answer:
        choice, usage = self.choices[0], self.usage or _Tokens()
        said = choice.message.content if choice.message else choice.text
        return Answer(
            said or "",
            choice.finish_reason == "length",
            Usage(usage.prompt_tokens, usage.completion_tokens),
        )


def _client(model: Model, timeout: float) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=str(model.url),
        headers=_headers(model),
        timeout=httpx.Timeout(timeout, connect=_CONNECT_SECONDS),
        limits=httpx.Limits(
            max_connections=model.concurrency, max_keepalive_connections=model.concurrency
        ),
        trust_env=False,
    )


def _headers(model: Model) -> dict[str, str]:
    """Return the headers with the API key, if there is one; OSError if its file cannot be read."""
    if model.key_file is None:
        return {}
    return {"Authorization": f"Bearer {model.key_file.read_text(encoding='utf-8').strip()}"}


def _retry_after(response: httpx.Response) -> float:
    """Return the seconds that a busy server asks to wait; 0 if it gives none, or a date."""
    try:
        return float(response.headers.get("Retry-After", 0))
    except ValueError:
        return 0.0


def _reason(response: httpx.Response) -> str:
    """Return the server's message, shortened; its form differs between servers."""
    try:
        error = response.json()["error"]
        message = error["message"] if isinstance(error, dict) else error
    except (ValueError, LookupError, TypeError):
        message = response.reason_phrase
    return str(message)[:200]
