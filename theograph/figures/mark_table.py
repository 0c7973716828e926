"""The marks of a picture as columns: one mark for an event, or for several counted together."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

Instants = np.ndarray[Any, np.dtype[np.datetime64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.float64]]
Wholes = np.ndarray[Any, np.dtype[np.int64]]
Texts = np.ndarray[Any, np.dtype[np.object_]]


@dataclass(frozen=True, slots=True)
class Marks:
    """Columns of equal length. `finish` is NaT for an instant; `lane` counts from the top.

    `bar` marks are spells drawn over their length, `tile` marks count several contacts of
    one stretch of time, the others are points of `size` pixels. `count` is the number of
    events a mark stands for, `event_id` that of the first; `title` and `hover` are what it
    says, already literal. `row` is the packing row, 0 lowest.
    """

    event_id: Texts
    sector: Texts
    lane: Wholes
    start: Instants
    finish: Instants
    bar: Flags
    tile: Flags
    cost_pence: Wholes
    look: Texts
    size: Numbers
    count: Wholes
    title: Texts
    hover: Texts
    row: Wholes

    def __len__(self) -> int:
        return len(self.event_id)

    @property
    def point(self) -> Flags:
        """True for each mark that is neither bar nor tile."""
        return ~self.bar & ~self.tile

    def only(self, keep: Flags) -> Marks:
        """The marks for which `keep` is true."""
        return Marks(**{field.name: getattr(self, field.name)[keep] for field in fields(self)})


def join_marks(first: Marks, second: Marks) -> Marks:
    """The marks of both, `first` first."""
    pairs = {
        field.name: np.concatenate([getattr(first, field.name), getattr(second, field.name)])
        for field in fields(Marks)
    }
    return Marks(**pairs)
