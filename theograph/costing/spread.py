"""Costs by month: those of a contact in its month, those of a spell over its days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from theograph.costing.extent import SPELL_KEYS

COLUMNS = ("month", "financial_year", "sector", "provider", "event_id", "cost_pence")


def spread_cost_by_month(events: pd.DataFrame, *, as_of: pd.Timestamp) -> pd.DataFrame:
    """Each event's cost by month, its parts adding up to its `cost_pence` exactly.

    A spell's cost falls evenly on its days, first and last included; an ongoing one's
    on those up to `as_of`. The row that carries a spell's cost is spread over the whole
    spell. Events without a cost have no row. `month` is its first day.
    """
    costed = events.loc[events["cost_pence"].notna()]
    first, last = _days(events, pd.Timestamp(as_of))
    first, last = first.loc[costed.index], last.loc[costed.index]
    months_from = _month_number(first)
    count = _month_number(last) - months_from + 1
    row = np.repeat(np.arange(len(costed)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    month = (months_from[row] + within).astype("datetime64[M]")
    month_end = (month + 1).astype("datetime64[D]").astype(np.int64)
    first_day, last_day = _day_number(first)[row], _day_number(last)[row]
    days_so_far = np.minimum(month_end, last_day + 1) - first_day
    days = last_day + 1 - first_day
    pence = costed["cost_pence"].to_numpy(dtype=np.int64)[row]
    # Cumulative rounding: each part is a difference of rounded running totals.
    running = (2 * pence * days_so_far + days) // (2 * days)
    before = np.where(within == 0, 0, np.concatenate([[0], running[:-1]]))
    start_of_month = month.astype("datetime64[us]")
    return pd.DataFrame(
        {
            "month": start_of_month,
            "financial_year": _financial_years(month),
            "sector": costed["sector"].array[row],
            "provider": costed["provider"].array[row],
            "event_id": costed["event_id"].array[row],
            "cost_pence": pd.array(running - before, dtype="Int64"),
        },
        columns=list(COLUMNS),
    )


def _days(events: pd.DataFrame, as_of: pd.Timestamp) -> tuple[pd.Series, pd.Series]:
    first = events["start"].dt.normalize()
    last = events["end"].mask(events["ongoing"], as_of).fillna(events["start"]).dt.normalize()
    if {"spell_id", "person_ref", "cost_basis"} <= set(events.columns):
        named = events.assign(provider=events["provider"].fillna(""))
        keys = [named[key] for key in SPELL_KEYS]
        carried = events["cost_basis"].isin(["recorded", "tariff", "part_of_spell"])
        carriers = (carried & events["cost_basis"].ne("part_of_spell")).astype(int)
        whole = carried & (carriers.groupby(keys).transform("sum") == 1)
        first = first.mask(whole, first.where(carried).groupby(keys).transform("min"))
        last = last.mask(whole, last.where(carried).groupby(keys).transform("max"))
    return first, last.where(last >= first, first)


def _month_number(day: pd.Series) -> np.ndarray:
    return day.to_numpy().astype("datetime64[M]").astype(np.int64)


def _day_number(day: pd.Series) -> np.ndarray:
    return day.to_numpy().astype("datetime64[D]").astype(np.int64)


def _financial_years(month: np.ndarray) -> np.ndarray:
    first = (month.astype(np.int64) - 3) // 12 + 1970
    years, place = np.unique(first, return_inverse=True)
    labels = np.array([f"{year}/{(year + 1) % 100:02d}" for year in years], dtype=object)
    return labels[place]
