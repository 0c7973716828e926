"""How far a work is: told at its steps, guessed between them, and never taken back."""

from __future__ import annotations

import threading

import pytest

from theograph.progress import Course, Teller, follow, repeat, say_share


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Heard:
    """What was told, and the teller that told it."""

    def __init__(self) -> None:
        self.said: list[tuple[str, float]] = []
        self.clock = Clock()
        self.teller = Teller(self._hear, clock=self.clock)
        self.course = Course(self.teller)

    def _hear(self, stage: str, done: float) -> None:
        self.said.append((stage, done))

    def look_after(self, seconds: float) -> float:
        """What is told when so many more seconds have passed."""
        self.clock.now += seconds
        self.teller.look()
        return self.said[-1][1]


def test_what_is_told_never_goes_back_and_never_passes_the_whole() -> None:
    heard = Heard()
    for done in (0.2, 0.1, -1.0, 0.5, 7.0, 0.9):
        heard.course("Reading", done)
    assert heard.said == [("Reading", done) for done in (0.2, 0.5, 1.0)]


def test_a_new_stage_is_told_where_the_last_one_stopped() -> None:
    heard = Heard()
    heard.course("Reading", 0.5)
    heard.course("Writing", 0.4)
    assert heard.said[-1] == ("Writing", 0.5)


def test_a_part_tells_from_0_to_1_what_is_a_part_of_the_whole() -> None:
    heard = Heard()
    part = heard.course.part(0.2, 0.6)
    part("Reading", 0)
    part.part(0.5, 1)("Reading", 0.5)
    part("Reading", 2)
    assert [done for _, done in heard.said] == pytest.approx([0.2, 0.5, 0.6])


def test_a_step_of_which_nothing_is_heard_goes_at_the_pace_of_what_is_behind() -> None:
    heard = Heard()
    heard.clock.now = 10
    heard.course.begin("Writing", 0.5, 0.75)  # likely 5 seconds
    assert heard.look_after(1) == pytest.approx(0.55)
    assert heard.look_after(2) == pytest.approx(0.65)


def test_a_step_that_takes_longer_never_seems_to_be_over() -> None:
    heard = Heard()
    heard.clock.now = 10
    heard.course.begin("Writing", 0.5, 0.75)
    seen = [heard.look_after(seconds) for seconds in (4, 1, 1, 2)]
    assert seen == sorted(set(seen))
    assert 0.72 < heard.look_after(10) < 0.75


def test_nothing_is_guessed_before_there_is_a_pace_or_after_the_last_step() -> None:
    heard = Heard()
    heard.course.begin("Reading", 0, 0.5)
    assert heard.look_after(100) == 0
    heard.course("Reading", 0.5)
    assert heard.look_after(100) == 0.5


def test_a_work_that_is_followed_is_looked_at_until_it_ends() -> None:
    looked = threading.Event()
    with repeat(looked.set, seconds=0.001):
        assert looked.wait(10)
    looked.clear()
    assert not looked.wait(0.05)
    said: list[float] = []
    with follow(lambda stage, done: said.append(done)) as course:
        course("Reading", 0.5)
    assert said == [0.5]


def test_only_the_end_is_said_to_be_all() -> None:
    assert [say_share(done) for done in (0, 0.4249, 0.9999, 1)] == ["0%", "42%", "99%", "100%"]
