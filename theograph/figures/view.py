"""What the reader asked to see of a journey; it can travel in a URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd


@dataclass(frozen=True, slots=True)
class View:
    """How one journey is shown.

    `start` and `end` bound the time first in sight, `[start, end)`; they zoom and never
    filter. `sectors` of None means all, an empty tuple none. `anchor` is the `event_id`
    that stands at day 0 of the relative axis, None the first event shown. `cost_by` of
    None follows `by`. `opportunities` are the row numbers in `Journey.opportunities` that are
    shown, None the missed and the open, and `opportunity` the selected one's.
    """

    start: pd.Timestamp | None = None
    end: pd.Timestamp | None = None
    by: Literal["sector", "provider"] = "sector"
    sectors: tuple[str, ...] | None = None
    text: str = ""
    axis: Literal["calendar", "relative"] = "calendar"
    anchor: str | None = None
    show_costs: bool = True
    show_conditions: bool = True
    show_opportunities: bool = True
    selected: str | None = None
    cost_by: Literal["sector", "provider"] | None = None
    opportunities: tuple[int, ...] | None = None
    opportunity: int | None = None

    @property
    def costs_by(self) -> Literal["sector", "provider"]:
        """How the cost strip is split: `cost_by`, or else `by`."""
        return self.cost_by if self.cost_by is not None else self.by
