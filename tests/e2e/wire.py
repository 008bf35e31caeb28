"""A network cable between a browser and the platform, which can be cut."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Wire:
    """A TCP proxy. Cut, it ends what runs through it and answers nothing until it is mended."""

    def __init__(self, target: str) -> None:
        self._target = (urlsplit(target).hostname, urlsplit(target).port)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._lock = threading.Lock()
        self._ends: set[socket.socket] = set()
        self._cut = False
        self._deaf = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        with self._lock:
            self._cut, ends, self._ends = True, self._ends, set()
        for end in ends:
            _end(end)

    def mend(self) -> None:
        with self._lock:
            self._cut = self._deaf = False

    def deafen(self) -> None:
        """What the browser says still arrives, but no answer comes back."""
        self._deaf = True

    def close(self) -> None:
        self.cut()
        _end(self._listening)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                browser, _ = self._listening.accept()
                threading.Thread(target=self._join, args=(browser,), daemon=True).start()

    def _join(self, browser: socket.socket) -> None:
        platform = None if self._cut else socket.create_connection(self._target)
        with self._lock:
            if platform is None or self._cut:
                _end(browser, platform)
                return
            self._ends |= {browser, platform}
        threading.Thread(target=self._pump, args=(platform, browser, True), daemon=True).start()
        self._pump(browser, platform, False)

    def _pump(self, source: socket.socket, sink: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while part := source.recv(65_536):
                if not (answers and self._deaf):
                    sink.sendall(part)
        _end(source, sink)


def _end(*ends: socket.socket | None) -> None:
    for end in ends:
        if end is not None:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextmanager
def wire_to(target: str) -> Iterator[Wire]:
    wire = Wire(target)
    try:
        yield wire
    finally:
        wire.close()
