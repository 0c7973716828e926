"""The lanes: which there are, in what order, how tall, and where each mark stands in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np
import pandas as pd

from theograph.figures import theme
from theograph.figures.mark_table import Flags, Marks, Numbers, Wholes
from theograph.figures.packing import pack_marks
from theograph.figures.timescale import TimeScale
from theograph.figures.view import View
from theograph.record.sectors import SECTOR_KEYS, SECTOR_LABELS

MAX_ROWS = 4
POINT_PITCH_PX = 10.0
BAR_PITCH_PX = theme.BAR_PX + 1.0
TILE_PX = 22
COST_LABEL_PX = 10
LEAST_LANE_PX = {"sector": 26, "provider": 30}
UNLOADED_LANE_PX = 19
PADDING_PX = 5
NAME_RISE_PX = 7
LEAST_BAR_PX = 3.0
NO_PROVIDER = "Provider not recorded"


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane: a sector, or one provider in it. Pixels count down from the top of the picture.

    `loaded` is false when no extract covers the lane and it holds no event; `row_heights`
    are those of its packing rows, the lowest first.
    """

    sector: str
    provider: str | None
    label: str
    loaded: bool = True
    top: float = 0.0
    height: float = 0.0
    row_heights: tuple[float, ...] = ()

    @property
    def colour(self) -> str:
        """The colour of the lane's sector."""
        return theme.sector_colour(self.sector)

    @property
    def label_middle(self) -> float:
        """The middle of the first line of the lane's name."""
        return self.middle - (NAME_RISE_PX if self.provider is not None else 0)

    @property
    def middle(self) -> float:
        """Halfway down the lane."""
        return self.top + self.height / 2

    def row_middles(self) -> list[float]:
        """The middle of each row: the rows stand on one another, just above the lane's foot."""
        spare = self.height - sum(self.row_heights)
        foot = self.top + self.height - min(spare / 2, PADDING_PX if self._tall else spare)
        ends = accumulate(self.row_heights)
        return [foot - end + own / 2 for end, own in zip(ends, self.row_heights, strict=True)]

    @property
    def _tall(self) -> bool:
        return sum(self.row_heights) + 2 * PADDING_PX < self.height and len(self.row_heights) > 1


def list_lanes(view: View, *, events: pd.DataFrame, feeds: pd.DataFrame) -> list[Lane]:
    """The lanes of `view`, hospital at the top and home at the bottom.

    `events` are all of the journey's, so that a search moves no lane. A sector outside the
    eleven gets a lane below them rather than losing its events.
    """
    present = set(events["sector"].dropna().unique())
    fed = set(feeds["sector"].dropna().unique())
    others = sorted(present - set(SECTOR_KEYS))
    lanes: list[Lane] = []
    for sector in (*SECTOR_KEYS, *others):
        if view.sectors is not None and sector not in view.sectors:
            continue
        covered = sector in present or sector in fed
        label = SECTOR_LABELS.get(sector, f"Other: {sector}")
        if view.by == "provider" and covered:
            lanes += _provider_lanes(sector, events, feeds)
        else:
            lanes.append(Lane(sector, None, label, loaded=covered))
    return lanes


def _provider_lanes(sector: str, events: pd.DataFrame, feeds: pd.DataFrame) -> list[Lane]:
    seen = events.loc[events["sector"] == sector, "provider"]
    names = set(seen.dropna()) | set(feeds.loc[feeds["sector"] == sector, "provider"].dropna())
    lanes = [Lane(sector, name, name) for name in sorted(names)]
    if bool(seen.isna().any()) or not names:
        lanes.append(Lane(sector, NO_PROVIDER, NO_PROVIDER))
    return lanes


def find_lane_of(events: pd.DataFrame, lanes: list[Lane]) -> Wholes:
    """The position in `lanes` of each event's lane."""
    places = {(lane.sector, lane.provider): index for index, lane in enumerate(lanes)}
    split = {lane.sector for lane in lanes if lane.provider is not None}
    if not split:
        found = [places[(sector, None)] for sector in events["sector"].tolist()]
        return np.array(found, dtype="int64")
    provider = events["provider"].astype(object).where(events["provider"].notna(), NO_PROVIDER)
    found = [
        places[(sector, name if sector in split else None)]
        for sector, name in zip(events["sector"], provider, strict=True)
    ]
    return np.array(found, dtype="int64")


def pack_lanes(marks: Marks, scale: TimeScale) -> Marks:
    """`marks` with the row of each in its lane."""
    left = scale.pixels(marks.start)
    right = np.where(marks.point, left, scale.pixels(marks.finish))
    right = np.where(marks.bar, np.maximum(right, left + LEAST_BAR_PX), right)
    half = np.where(marks.point, marks.size * 0.45, 0.0)
    row = np.zeros(len(marks), dtype="int64")
    for index in np.unique(marks.lane):
        inside = np.flatnonzero(marks.lane == index)
        packing = pack_marks(
            (left - half)[inside].tolist(),
            (right + half)[inside].tolist(),
            marks.bar[inside].tolist(),
            max_rows=MAX_ROWS,
        )
        row[inside] = packing.row
    return replace(marks, row=row)


def stack_lanes(
    lanes: list[Lane], marks: Marks, *, labelled: Flags, view: View, top: float
) -> list[Lane]:
    """`lanes` with their heights, one below the other from pixel `top`.

    `labelled` is true for each mark with a cost or a count written above it.
    """
    pitches: dict[tuple[int, int], float] = {}
    heights = np.where(marks.bar, BAR_PITCH_PX, np.where(marks.tile, TILE_PX + 2, POINT_PITCH_PX))
    for key in zip(marks.lane.tolist(), marks.row.tolist(), heights.tolist(), strict=True):
        pitches[key[:2]] = max(pitches.get(key[:2], POINT_PITCH_PX), key[2])
    with_label = set(marks.lane[labelled].tolist())
    stacked: list[Lane] = []
    for index, lane in enumerate(lanes):
        rows = 1 + max((row for at, row in pitches if at == index), default=0)
        own = tuple(pitches.get((index, row), POINT_PITCH_PX) for row in range(rows))
        label = COST_LABEL_PX if index in with_label else 0
        height = max(LEAST_LANE_PX[view.by], sum(own) + 2 * PADDING_PX + label)
        height = height if lane.loaded else UNLOADED_LANE_PX
        stacked.append(replace(lane, top=top, height=height, row_heights=own))
        top += height
    return stacked


def mark_middles(marks: Marks, lanes: list[Lane]) -> Numbers:
    """The height, in pixels from the top of the picture, at which each mark stands."""
    middles = [lane.row_middles() for lane in lanes]
    pairs = zip(marks.lane.tolist(), marks.row.tolist(), strict=True)
    return np.array([middles[lane][row] for lane, row in pairs], dtype=float)
