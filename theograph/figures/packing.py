"""Rows for overlapping marks: the same input always gives the same rows."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Packing:
    """The row of every mark, 0 lowest, and which marks share their row for want of space.

    `rows` counts the rows in use.
    """

    row: tuple[int, ...]
    shared: tuple[bool, ...]
    rows: int


def pack_marks(
    left: Sequence[float], right: Sequence[float], bar: Sequence[bool], *, max_rows: int = 4
) -> Packing:
    """Place marks that reach from `left` to `right` (pixels) into at most `max_rows` rows.

    Points keep to the lowest rows and bars, when any would meet a point there, all stand
    above them, so that both keep to their lines. What the cap leaves over shares the
    highest row of its own kind: a point and a bar never share a spot. `max_rows` is at
    least 2; one row is kept for bars even when there are none.
    """
    bars = [index for index in range(len(left)) if bar[index]]
    points = [index for index in range(len(left)) if not bar[index]]
    point_rows = max_rows // 2 if bars else max_rows - 1
    row: dict[int, int] = {}
    shared = set(_fill_rows(points, left, right, point_rows, row))
    used = max((row[index] for index in points), default=-1) + 1
    trial: dict[int, int] = {}
    crowded = _fill_rows(bars, left, right, max_rows, trial)
    if _meet(points, bars, left, right, row | trial):
        trial.clear()
        crowded = _fill_rows(bars, left, right, max_rows - used, trial)
        trial = {index: at + used for index, at in trial.items()}
    row |= trial
    shared |= set(crowded)
    return Packing(
        tuple(row[index] for index in range(len(left))),
        tuple(index in shared for index in range(len(left))),
        max(row.values(), default=0) + 1,
    )


def _fill_rows(
    marks: list[int],
    left: Sequence[float],
    right: Sequence[float],
    max_rows: int,
    row: dict[int, int],
) -> list[int]:
    """Put each of `marks` into the lowest free `row`; answer those for which none was free."""
    reach: list[float] = []
    crowded = []
    for index in sorted(marks, key=lambda at: (left[at], -right[at], at)):
        free = next((at for at, until in enumerate(reach) if until <= left[index]), None)
        if free is None and len(reach) < max_rows:
            reach.append(left[index])
            free = len(reach) - 1
        if free is None:
            crowded.append(index)
        row[index] = free if free is not None else max_rows - 1
        reach[row[index]] = max(reach[row[index]], right[index])
    return crowded


def _meet(
    points: list[int],
    bars: list[int],
    left: Sequence[float],
    right: Sequence[float],
    row: dict[int, int],
) -> bool:
    spans: dict[int, list[Span]] = {}
    for index in sorted(points, key=lambda at: left[at]):
        own = spans.setdefault(row[index], [])
        reach = max(right[index], own[-1][1]) if own else right[index]
        own.append((left[index], reach))
    return any(covered(spans.get(row[index], []), left[index], right[index]) for index in bars)


def covered(spans: Sequence[Span], left: float, right: float) -> bool:
    """Whether any of `spans`, whose starts and ends both rise, overlaps `[left, right)`."""
    at = bisect_left(spans, (right, float("-inf")))
    return at > 0 and spans[at - 1][1] > left
