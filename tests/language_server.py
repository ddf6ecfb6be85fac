"""A server with OpenAI's API, as a process: `python -m tests.language_server FD`.

It translates with the embedded models, so that its answers are real, and fails as it is told: the faults that
are posted to `/faults` are those of the next requests, one each.
"""

import asyncio
import re
import sys
from functools import cache
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from models.engines.translator import Translator
from models.residency import Residency
from service.settings import Settings

MODEL = "served"
_ASKED = re.compile(
    r"from (\w+) into (\w+)\.|following (\w+) (?:source )?text to (\w+)|into (\w+)\."
)
_CODES = {"English": "en", "Spanish": "es"}

faults: list[str] = []
seen: list[dict[str, Any]] = []
counts = {"in_flight": 0, "most_in_flight": 0, "cancelled": 0}
lock = asyncio.Lock()


@cache
def translator_to(target: str) -> Translator:
    settings = Settings()
    catalogue = settings.load_catalogue()
    pair = {"es": "embedded/en-es", "en": "embedded/es-en"}[target]
    return Residency(settings.models_dir, 1 << 30).translator(catalogue.entry(pair))


def answer_to(prompt: str) -> str:
    """A translation into the language that the prompt names; the lead of an article to be summarized."""
    text = prompt.rsplit("\n\n", 1)[-1]
    if "news article" in prompt:
        return " ".join(re.split(r"(?<=[.!?])\s+", prompt.split("\n\n", 1)[1])[:3])
    named = _ASKED.search(prompt)
    target = _CODES[next(filter(None, named.groups()[::-1]))] if named else "es"
    source = "en" if target == "es" else "es"
    (output,) = translator_to(target).translate([text], source=source, target=target)
    return output.text


def spoil(said: str, fault: str) -> str:
    """What a badly behaved model says instead."""
    return {
        "chatter": f"Sure! Here is the translation:\n\n{said}\n\nNote: I kept the numbers.",
        "thoughts": f"<think>The user wants a translation.</think>\n\n{said}",
        "refusal": "I'm sorry, but I can't translate this text.",
        "empty": "",
        "invention": f"{said} Atlantis bought forty submarines from penguins yesterday.",
        "no numbers": re.sub(r"\d+", "muchas", said),
    }.get(fault, said)


async def complete(request: Request) -> Response:
    body = await request.json()
    seen.append(body | {"authorization": request.headers.get("authorization")})
    fault = faults.pop(0) if faults else ""
    counts["in_flight"] += 1
    counts["most_in_flight"] = max(counts["most_in_flight"], counts["in_flight"])
    try:
        if fault == "slow":
            while not await request.is_disconnected():
                await asyncio.sleep(0.02)
            counts["cancelled"] += 1
        return await respond(request.url.path, body, fault)
    finally:
        counts["in_flight"] -= 1


async def respond(path: str, body: dict[str, Any], fault: str) -> Response:
    if fault.isdigit():
        return JSONResponse({"error": {"message": "busy"}}, int(fault), {"Retry-After": "0.05"})
    if fault == "not json":
        return PlainTextResponse("<html>Bad gateway</html>")
    if fault.startswith("wait"):
        await asyncio.sleep(int(fault.split()[1]) / 1000)
        choice = {"message": {"content": "Hola."}, "finish_reason": "stop"}
        return JSONResponse({"choices": [choice]})
    if body["model"] != MODEL:
        message = f"The model `{body['model']}` does not exist."
        return JSONResponse({"error": {"message": message, "code": 404}}, 404)
    is_chat = path.endswith("/chat/completions")
    prompt = body["messages"][-1]["content"] if is_chat else body["prompt"]
    if prompt.startswith("Your answer has these problems"):
        prompt = body["messages"][0]["content"]
    async with lock:
        said = spoil(await asyncio.to_thread(answer_to, prompt), fault)
    choice = {"message": {"role": "assistant", "content": said}} if is_chat else {"text": said}
    usage = {"prompt_tokens": len(prompt.split()), "completion_tokens": len(said.split())}
    return JSONResponse({"choices": [choice | {"finish_reason": "stop"}], "usage": usage})


async def models(_: Request) -> Response:
    return JSONResponse({"object": "list", "data": [{"id": MODEL}]})


async def set_faults(request: Request) -> Response:
    faults[:] = await request.json()
    seen.clear()
    counts.update(most_in_flight=0, cancelled=0)
    return Response()


async def report(_: Request) -> Response:
    return JSONResponse({"seen": seen, **counts})


app = Starlette(
    routes=[
        Route("/v1/chat/completions", complete, methods=["POST"]),
        Route("/v1/completions", complete, methods=["POST"]),
        Route("/v1/models", models),
        Route("/faults", set_faults, methods=["POST"]),
        Route("/report", report),
    ]
)

if __name__ == "__main__":
    uvicorn.run(app, fd=int(sys.argv[1]), log_level="warning")
