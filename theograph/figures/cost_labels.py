"""The cost of a large spell, written in its bar, or above it when the bar is too short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theograph.figures.mark_table import Marks, Numbers, Texts
from theograph.figures.packing import Span
from theograph.figures.timescale import TimeScale
from theograph.record.money import short_pounds

LARGE_COST_PENCE = 100_000
MOST_COST_LABELS = 24
CHARACTER_PX = 5.5
MARGIN_PX = 3.0
NUDGES_PX = (0, 6, -6, 12, -12, 18, -18)


@dataclass(frozen=True, slots=True)
class CostLabels:
    """For each mark its label, empty for none, and where it stands.

    `place` is `inside` the bar; `pinned` in what is seen of a bar that crosses the edge of
    the window; or `above` a bar too short for it. The last two are centred on the pixel
    `centre`.
    """

    text: Texts
    place: Texts
    centre: Numbers


def label_costs(marks: Marks, scale: TimeScale, *, show: bool) -> CostLabels:
    """Label the cost of each large spell in sight.

    The dearest come first; a label above a bar moves a little aside for another, and is
    left out where it would still touch one, or a mark in a higher row.
    """
    text = np.full(len(marks), "", dtype=object)
    labels = CostLabels(text, text.copy(), np.zeros(len(marks)))
    if show and bool(marks.bar.any()):
        _write_labels(marks, scale, labels)
    return labels


def _write_labels(marks: Marks, scale: TimeScale, labels: CostLabels) -> None:
    edge = scale.pixel(scale.end)
    begin = scale.pixels(marks.start)
    end = np.where(marks.bar, scale.pixels(marks.finish), begin)
    left, right = np.clip(begin, 0, edge), np.clip(end, 0, edge)
    single = marks.bar & (marks.count == 1)
    chosen = np.flatnonzero(single & (marks.cost_pence >= LARGE_COST_PENCE) & (right > left))
    chosen = chosen[np.argsort(-marks.cost_pence[chosen], kind="stable")][:MOST_COST_LABELS]
    taken: dict[int, list[Span]] = {}
    for at in chosen:
        text = short_pounds(int(marks.cost_pence[at]))
        middle, half = (left[at] + right[at]) / 2, len(text) * CHARACTER_PX / 2
        if right[at] - left[at] >= 2 * half + MARGIN_PX:
            crosses = begin[at] < 0 or end[at] > edge
            labels.text[at], labels.place[at] = text, "pinned" if crosses else "inside"
            labels.centre[at] = middle
            continue
        higher = (marks.lane == marks.lane[at]) & (marks.row > marks.row[at])
        spans = taken.setdefault(int(marks.lane[at]), [])
        blocked = [*spans, *zip(left[higher], right[higher], strict=True)]
        found = _find_place(middle, half, blocked)
        if found is not None:
            spans.append((found - half, found + half))
            labels.text[at], labels.place[at], labels.centre[at] = text, "above", found


def _find_place(middle: float, half: float, blocked: Sequence[Span]) -> float | None:
    for nudge in NUDGES_PX:
        begin, end = middle + nudge - half, middle + nudge + half
        if not any(
            begin < until + MARGIN_PX and end > since - MARGIN_PX for since, until in blocked
        ):
            return middle + nudge
    return None
