"""Signals of care that is stepped up: a stay after which something larger begins."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from theograph.opportunities.facts import Facts
from theograph.opportunities.parameters import Parameters
from theograph.opportunities.roles import OF_PERSON, SIGNAL, STAY, facts_in_role


def find_stepped_up(facts: Facts, packages: ir.Table, parameters: Parameters) -> ir.Table:
    """Stays after which something begins larger than the last there was before, as
    `pair_packages` found them."""
    seen = facts_in_role(facts, parameters, "signal", family="stepped_up")
    seen = seen.mutate(anchor=seen.fact_id, anchor_second=seen.second)
    return seen.semi_join(packages, STAY)


def pair_packages(facts: Facts, parameters: Parameters) -> ir.Table:
    """Each stay with every larger package that follows it: the signal, `anchor`, `fact_id`,
    `at`."""
    family = "stepped_up"
    signals = parameters.signals.select(*SIGNAL, "times", "step_days")
    seen = facts_in_role(facts, parameters, "signal", "until", "ongoing", family=family)
    seen = seen.filter(~seen.ongoing).join(signals, SIGNAL)
    packages = facts_in_role(facts, parameters, "stepped", "units_per_week", family=family)
    stays = seen.select(
        *OF_PERSON,
        "times",
        "step_days",
        anchor=seen.fact_id,
        anchor_second=seen.second,
        stay_day=seen.day,
        left=ibis.coalesce(seen.until, seen.day),
    )
    both = stays.join(packages, OF_PERSON)
    before = both.filter(both.day < both.stay_day)
    latest = ibis.window(group_by=STAY, order_by=[ibis.desc("second"), ibis.desc("fact_id")])
    before = before.mutate(place=ibis.row_number().over(latest))
    base = before.filter(before.place == 0).select(*STAY, base=before.units_per_week)
    after = both.filter(
        (both.day >= both.left)
        & (both.day <= both.left + both.step_days)
        & (both.fact_id != both.anchor)
    )
    rows = after.join(base, STAY)
    return rows.filter(rows.units_per_week >= rows.times * rows.base).select(
        *STAY, "fact_id", at="second"
    )
