"""The facts that make each signal, so that every flag can be traced."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from theograph.opportunities.facts import Facts
from theograph.opportunities.narrowing import (
    KEY,
    is_before,
    pair_prior,
    pair_recent,
    pair_with_facts,
)
from theograph.opportunities.parameters import Parameters
from theograph.opportunities.roles import SIGNAL, STAY

_OFFSET: Final = 5_000_000_000_000  # makes every second, before 1970 too, a number of 13 digits


def find_evidence(
    kept: ir.Table, made_of: tuple[ir.Table, ...], facts: Facts, parameters: Parameters
) -> ir.Table:
    """Each kept candidate's facts: the candidate's key, `fact_id`, `at` (second).

    `made_of` is what `find_candidates` already knows of them.
    """
    signals = parameters.signals
    rows = kept.join(signals.select(*SIGNAL, "family", "in_days", "silent_days"), SIGNAL)
    recent = pair_recent(rows, facts, parameters)
    every = ibis.union(
        rows.select(*KEY, fact_id=rows.anchor, at=rows.anchor_second),
        _of_windows(rows, facts, parameters),
        _of_pairs(pair_prior(rows, facts, parameters)),
        _of_pairs(recent.filter(recent.recent)),
        *(kept.join(parts, STAY).select(*KEY, "fact_id", "at") for parts in made_of),
    )
    return every.group_by(*KEY, "fact_id").agg(at=every.at.min())


def list_in_order(rows: ir.Table, *, name: str) -> ir.Table:
    """The facts of each candidate as one list called `name`, in the order of time."""
    keyed = rows.mutate(place=(rows.at + _OFFSET).cast("string") + rows.fact_id)
    listed = keyed.group_by(*KEY).agg(ids=keyed.place.collect())
    return listed.mutate(ids=listed.ids.sort().map(_without_place)).rename({name: "ids"})


def _without_place(keyed: ir.StringValue) -> ir.StringValue:
    return keyed.substr(len(str(_OFFSET)))


def _of_pairs(pairs: ir.Table) -> ir.Table:
    return pairs.select(*KEY, fact_id=pairs.fact_id, at=pairs.second_f)


def _of_windows(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    """Counted facts of the window that ends with the anchor, or before the silence."""
    chosen = rows.filter(rows.family.isin(["count", "distinct", "stopped"]))
    pairs = pair_with_facts(chosen, facts, parameters, "signal")
    last = pairs.day - ibis.coalesce(pairs.silent_days, 0)
    counted = pairs.silent_days.isnull()
    later = is_before(pairs.day, pairs.second, pairs.both_timed, pairs.day_f, pairs.second_f)
    within = (pairs.day_f >= last - pairs.in_days) & (pairs.day_f <= last)
    return _of_pairs(pairs.filter(within & ~(counted & later)))
