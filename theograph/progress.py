"""How long work says where it is."""

from __future__ import annotations

from collections.abc import Callable

# Called with what is being done and the part of the whole that is behind, from 0 to 1.
Progress = Callable[[str, float], None]


def say_nothing(stage: str, done: float) -> None:
    """Progress for nobody."""
