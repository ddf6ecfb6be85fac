"""A wire between a worker and Redis that can be cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Proxy:
    """Passes TCP connections on to a port of this machine, until it is cut or told to swallow."""

    def __init__(self, listener: socket.socket, port: int) -> None:
        self._listener = listener
        self._port = port
        self._lock = threading.Lock()
        self._wires: list[socket.socket] = []
        self._cut = False
        self._swallowed = b""
        self._dead = threading.Event()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        """End every connection, and each new one at once."""
        with self._lock:
            self._cut = True
            for wire in self._wires:
                with suppress(OSError):  # it may have ended by itself
                    wire.shutdown(socket.SHUT_RDWR)
            self._wires.clear()

    def repair(self) -> None:
        """Accept connections again."""
        with self._lock:
            self._cut = False

    def swallow(self, command: bytes) -> None:
        """A connection that sends this command is dead without a word: half open.

        Returns when there is one.
        """
        self._swallowed = command
        assert self._dead.wait(60)

    def serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # it was closed
            with self._lock:
                if self._cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._port))
                self._wires += [near, far]
            dead = threading.Event()
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(one, other, dead), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket, dead: threading.Event) -> None:
        with one, suppress(OSError):
            while data := one.recv(65536):
                if self._swallowed and self._swallowed in data:
                    dead.set()
                    self._dead.set()
                if not dead.is_set():
                    other.sendall(data)
            other.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(port: int) -> Iterator[Proxy]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(listener, port)
        threading.Thread(target=proxy.serve, daemon=True).start()
        yield proxy
        proxy.cut()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
