"""Ctrl+C: at once, once, and never after all is done."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from theograph.progress import say_nothing
from theograph.stopping import interruptible, stop_on_request

ENDLESS = "select sum(hash(i)) from range(1000000000000) t(i)"


@pytest.fixture(autouse=True)
def handlers_as_before() -> Iterator[None]:
    """What the signals did before the test, put back after it and the same."""
    before = [signal.getsignal(request) for request in (signal.SIGINT, signal.SIGTERM)]
    yield
    after = [signal.getsignal(request) for request in (signal.SIGINT, signal.SIGTERM)]
    assert after == before


def ask(request: int = signal.SIGINT) -> None:
    os.kill(os.getpid(), request)


@pytest.mark.parametrize("request_to_stop", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_stop_ends_the_work(request_to_stop: int) -> None:
    with pytest.raises(KeyboardInterrupt), stop_on_request(say_nothing):
        ask(request_to_stop)


def test_a_statement_of_a_database_is_broken_off_too() -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        stop_on_request(say_nothing),
        duckdb.connect() as sql,
        interruptible(sql),
    ):
        threading.Timer(0.05, ask).start()
        sql.execute(ENDLESS)


def test_statements_in_other_threads_are_broken_off_too() -> None:
    began = threading.Barrier(3)

    def work() -> None:
        with duckdb.connect() as sql, interruptible(sql):
            began.wait()
            sql.execute(ENDLESS)

    with (
        pytest.raises(KeyboardInterrupt),
        stop_on_request(say_nothing),
        ThreadPoolExecutor(2) as pool,
    ):
        slices = [pool.submit(work) for _ in range(2)]
        began.wait()
        ask()
    assert [type(done.exception()) for done in slices] == [duckdb.InterruptException] * 2


def test_an_error_of_the_work_itself_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="of its own"), stop_on_request(say_nothing):
        raise RuntimeError("of its own")


def test_a_second_request_does_not_disturb_the_clearing_up() -> None:
    cleared = False
    with pytest.raises(KeyboardInterrupt), stop_on_request(say_nothing):
        try:
            ask()
        finally:
            ask()
            cleared = True
    assert cleared


def test_there_is_nothing_to_stop_once_all_is_done() -> None:
    told: list[float] = []
    with stop_on_request(lambda stage, done: told.append(done)) as tell:
        tell("Published", 1)
        ask()
    assert told == [1]
