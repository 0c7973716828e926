"""How long work says where it is."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Called with what is being done and the part of the whole that is behind, from 0 to 1.
Progress = Callable[[str, float], None]

_LOOK_SECONDS: Final = 0.25
_LIKELY: Final = 0.7  # the part of a step that is taken to go at the pace of what is behind


def say_nothing(stage: str, done: float) -> None:
    """Progress for nobody."""


def say_share(done: float) -> str:
    """`42%`; 100% only when all is done."""
    return f"{math.floor(100 * done)}%"


def write_progress(file: Path, stage: str, done: float) -> None:
    """Say in `file`, as JSON and at one stroke, what is being done and how much is behind.

    Where it cannot be said, the work goes on all the same.
    """
    draft = file.with_name(f"{file.name}.new")
    with suppress(OSError):
        told = {"stage": stage, "done": math.floor(1000 * done) / 1000}
        draft.write_text(json.dumps(told), encoding="utf-8")
        draft.replace(file)


@dataclass(frozen=True, slots=True)
class _Step:
    """What is being done: from `done` to `until` of the whole, begun at `began` in seconds."""

    stage: str
    done: float
    until: float
    began: float


class Teller:
    """Says where a work is: at its steps as they tell it, within a step by the time that it takes.

    What it says never goes back and never passes 1. A step of which nothing is heard, such as one
    statement of a database, is taken to go at the pace of all that is behind, more slowly towards
    its end, and never to be over before the next is told. Safe to use from several threads.
    """

    def __init__(self, progress: Progress, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._progress = progress
        self._clock = clock
        self._lock = threading.Lock()
        self._began = clock()
        self._step = _Step("", 0, 0, self._began)
        self._said = ("", -1.0)

    def begin(self, stage: str, done: float, until: float) -> None:
        """A step begins: `done` of the whole is behind, and `until` will be when it is over."""
        with self._lock:
            self._step = _Step(stage, done, max(done, until), self._clock())
            self._say(done)

    def look(self) -> None:
        """Say how far the step must be by now."""
        with self._lock:
            step = self._step
            if step.until > step.done > 0:
                left = step.until - step.done
                likely = (step.began - self._began) * left / step.done
                self._say(step.done + left * _pace(self._clock() - step.began, likely))

    def _say(self, done: float) -> None:
        said = (self._step.stage, min(max(done, self._said[1], 0.0), 1.0))
        if said != self._said:
            self._said = said
            self._progress(*said)


def _pace(seconds: float, likely: float) -> float:
    """The part of a step, below 1, that is behind after `seconds` of the `likely` ones."""
    part = seconds / likely if likely else 0.0
    if part <= _LIKELY:
        return part
    left = 1 - _LIKELY
    return _LIKELY + left * (1 - math.exp((_LIKELY - part) / left))


@dataclass(frozen=True, slots=True)
class Course:
    """A part of a work, which tells where it is as if it were the whole, from 0 to 1."""

    teller: Teller
    first: float = 0.0
    last: float = 1.0

    def __call__(self, stage: str, done: float) -> None:
        """Say that `done` of this part is behind; a `Progress`."""
        self.begin(stage, done, done)

    def begin(self, stage: str, done: float, until: float) -> None:
        """Begin a step of which no more is heard before `until` of this part is behind."""
        self.teller.begin(stage, self._place(done), self._place(until))

    def part(self, first: float, last: float) -> Course:
        """What lies between `first` and `last` of this part, as a part of its own."""
        return Course(self.teller, self._place(first), self._place(last))

    def _place(self, done: float) -> float:
        return self.first + (self.last - self.first) * min(max(done, 0.0), 1.0)


@contextmanager
def follow(progress: Progress) -> Iterator[Course]:
    """The whole of a work, of which `progress` hears at every step and several times a second."""
    teller = Teller(progress)
    with repeat(teller.look):
        yield Course(teller)


@contextmanager
def repeat(action: Callable[[], None], *, seconds: float = _LOOK_SECONDS) -> Iterator[None]:
    """Do `action` every so many `seconds` beside what is being done, and not afterwards."""
    over = threading.Event()

    def go_on() -> None:
        while not over.wait(seconds):
            action()

    beside = threading.Thread(target=go_on, daemon=True)
    beside.start()
    try:
        yield
    finally:
        over.set()
        beside.join()
