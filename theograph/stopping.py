"""Stopping long work when the user asks for it, within a statement of a database too."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final

import duckdb

from theograph.progress import Progress

_REQUESTS: Final = (signal.SIGINT, signal.SIGTERM)
_AGAIN_SECONDS: Final = 0.05

# The databases of this process that may be at a long statement. Python answers a signal in the
# main thread, between two of its own steps, and a statement can be one step of minutes.
_at_work: set[duckdb.DuckDBPyConnection] = set()


@contextmanager
def interruptible(sql: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """`sql`, whose statements are broken off when the user asks to stop."""
    _at_work.add(sql)
    try:
        yield sql
    finally:
        _at_work.discard(sql)


@contextmanager
def stop_on_request(progress: Progress) -> Iterator[Progress]:
    """While the work goes on, Ctrl+C ends it in `KeyboardInterrupt`, and so does SIGTERM.

    A second request does not disturb the clearing up after the first, and none is heeded once
    `progress` has been told that all is done. To be used in the main thread.
    """
    asked, done = threading.Event(), threading.Event()

    def stop(request: int, frame: FrameType | None) -> None:
        if not (asked.is_set() or done.is_set()):
            asked.set()
            raise KeyboardInterrupt

    def tell(stage: str, share: float) -> None:
        if share >= 1:
            done.set()
        progress(stage, share)

    before = {request: signal.signal(request, stop) for request in _REQUESTS}
    try:
        with _interrupt_on_request(done):
            yield tell
    except Exception as error:
        if asked.is_set():
            raise KeyboardInterrupt from error
        raise
    finally:
        for request, handler in before.items():
            signal.signal(request, handler)


def _interrupt_until(over: threading.Event) -> None:
    """Break off every database at work, again where one was between two statements."""
    while not over.wait(_AGAIN_SECONDS):
        for sql in tuple(_at_work):
            with suppress(duckdb.Error):  # it has just been closed
                sql.interrupt()


@contextmanager
def _interrupt_on_request(done: threading.Event) -> Iterator[None]:
    """Break off every database at work once a signal comes, unless all is `done`."""
    over = threading.Event()
    heard, told = socket.socketpair()

    def listen() -> None:
        while sent := heard.recv(1):
            if sent[0] in _REQUESTS and not done.is_set():
                _interrupt_until(over)

    told.setblocking(False)
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        over.set()
        told.close()
        listener.join()
        heard.close()
