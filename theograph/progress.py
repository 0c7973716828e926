"""How long work says where it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# Called with what is being done and the part of the whole that is behind, from 0 to 1.
Progress = Callable[[str, float], None]


def say_nothing(stage: str, done: float) -> None:
    """Progress for nobody."""


def write_progress(file: Path, stage: str, done: float) -> None:
    """Say in `file`, as JSON and at one stroke, what is being done and how much is behind.

    Where it cannot be said, the work goes on all the same.
    """
    draft = file.with_name(f"{file.name}.new")
    with suppress(OSError):
        draft.write_text(json.dumps({"stage": stage, "done": round(done, 3)}), encoding="utf-8")
        draft.replace(file)
