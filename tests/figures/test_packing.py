"""Packing: no overlap within a row, points off bars, always the same."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.figures.packing import covered, pack_marks

MARK = st.tuples(st.integers(0, 200), st.integers(1, 60), st.booleans())


def test_no_marks_need_one_row() -> None:
    packed = pack_marks([], [], [])
    assert (packed.row, packed.rows) == ((), 1)


def test_apart_marks_share_the_lowest_row() -> None:
    assert pack_marks([0, 10, 20], [9, 19, 29], [False] * 3).row == (0, 0, 0)


def test_touching_bars_share_a_row() -> None:
    assert pack_marks([0, 10], [10, 20], [True, True]).row == (0, 0)


def test_overlapping_points_stack() -> None:
    packed = pack_marks([0, 1, 2], [9, 10, 11], [False] * 3)
    assert packed.row == (0, 1, 2)
    assert packed.rows == 3


def test_a_point_is_never_packed_onto_a_bar() -> None:
    """vistime drew a point on top of a bar that it falls into."""
    packed = pack_marks([0, 40, 45], [100, 49, 54], [True, False, False])
    assert packed.row[0] not in packed.row[1:]


def test_bars_stand_above_all_points_when_one_meets_one() -> None:
    packed = pack_marks([0, 10, 20, 60], [35, 15, 25, 90], [True, False, False, True])
    assert packed.row == (1, 0, 0, 1)


def test_a_bar_apart_from_the_points_shares_their_line() -> None:
    assert pack_marks([0, 10, 40], [5, 15, 60], [False, False, True]).row == (0, 0, 0)


def test_a_bar_may_pass_between_stacked_points() -> None:
    packed = pack_marks([0, 1, 20], [9, 10, 60], [False, False, True])
    assert packed.row == (0, 1, 0)


def test_beyond_the_cap_marks_share_and_say_so() -> None:
    packed = pack_marks([0] * 5, [9] * 5, [False] * 5, max_rows=4)
    assert packed.row == (0, 1, 2, 2, 2)
    assert packed.shared == (False, False, False, True, True)


@pytest.mark.parametrize(
    ("spans", "left", "right", "expected"),
    [
        ([], 0, 9, False),
        ([(0, 5)], 5, 9, False),
        ([(0, 5)], 4, 9, True),
        ([(9, 12)], 4, 9, False),
        ([(0, 2), (6, 8)], 3, 7, True),
    ],
)
def test_covered(
    spans: list[tuple[float, float]], left: float, right: float, expected: bool
) -> None:
    assert covered(spans, left, right) is expected


@given(st.lists(MARK, max_size=40), st.integers(2, 4))
def test_marks_overlap_only_where_said(marks: list[tuple[int, int, bool]], cap: int) -> None:
    left = [float(start) for start, _, _ in marks]
    right = [float(start + length) for start, length, _ in marks]
    bar = [is_bar for _, _, is_bar in marks]
    packed = pack_marks(left, right, bar, max_rows=cap)
    assert packed.rows <= cap
    for one, two in combinations(range(len(marks)), 2):
        overlap = left[one] < right[two] and left[two] < right[one]
        if packed.row[one] == packed.row[two] and overlap:
            assert packed.shared[one] or packed.shared[two]
            assert bar[one] == bar[two], "a point lies on a bar"


@given(st.lists(MARK, max_size=30, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    marks: list[tuple[int, int, bool]], shuffler: random.Random
) -> None:
    def pack(rows: list[tuple[int, int, bool]]) -> dict[tuple[int, int, bool], int]:
        packed = pack_marks(
            [start for start, _, _ in rows],
            [start + length for start, length, _ in rows],
            [is_bar for _, _, is_bar in rows],
        )
        return dict(zip(rows, packed.row, strict=True))

    points = [mark for mark in marks if mark[2]]
    shuffled = points.copy()
    shuffler.shuffle(shuffled)
    assert pack(points) == pack(shuffled)
