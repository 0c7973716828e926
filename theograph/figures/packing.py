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
    left: Sequence[float], right: Sequence[float], bar: Sequence[bool], *, max_rows: int = 3
) -> Packing:
    """Place marks that reach from `left` to `right` (pixels) into at most `max_rows` rows.

    Points come first, each in the lowest row free of other points, so that they keep to
    one line where they can; bars take the lowest row free of points and bars. What the
    cap leaves over shares a row: points the highest row open to points, bars the top row,
    which is kept for bars when there are any. So a point and a bar never share a spot.
    """
    size = len(left)
    row, shared = [0] * size, [False] * size
    bars = [index for index in range(size) if bar[index]]
    points = [index for index in range(size) if not bar[index]]
    point_rows = max(max_rows - 1, 1) if bars else max_rows
    bar_rows = max(max_rows, 2) if points else max_rows
    taken: list[list[Span]] = [[] for _ in range(max(point_rows, bar_rows))]
    reach = [float("-inf")] * point_rows
    for index in sorted(points, key=lambda at: (left[at], at)):
        free = next((at for at, until in enumerate(reach) if until <= left[index]), None)
        row[index] = free if free is not None else point_rows - 1
        shared[index] = free is None
        reach[row[index]] = max(reach[row[index]], right[index])
        taken[row[index]].append((left[index], reach[row[index]]))
    reach = [float("-inf")] * bar_rows
    for index in sorted(bars, key=lambda at: (left[at], -right[at], at)):
        free = next(
            (
                at
                for at, until in enumerate(reach)
                if until <= left[index] and not covered(taken[at], left[index], right[index])
            ),
            None,
        )
        row[index] = free if free is not None else bar_rows - 1
        shared[index] = free is None
        reach[row[index]] = max(reach[row[index]], right[index])
    return Packing(tuple(row), tuple(shared), max(row, default=0) + 1)


def covered(spans: Sequence[Span], left: float, right: float) -> bool:
    """Whether any of `spans`, whose starts and ends both rise, overlaps `[left, right)`."""
    at = bisect_left(spans, (right, float("-inf")))
    return at > 0 and spans[at - 1][1] > left
