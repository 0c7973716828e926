"""Signals of many facts: so many of them, so many different, none any more, none the usual one."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from theograph.opportunities.parameters import DISTINCT
from theograph.opportunities.roles import OF_PERSON, PLACED, SIGNAL, STAY, on_day


def find_count(seen: ir.Table) -> ir.Table:
    """The n-th of a rolling window, and each after it while the window is full."""
    return _with_full_window(seen, "second", "fact_id").mutate(anchor=ibis._.fact_id)


def _with_full_window(rows: ir.Table, *order: str) -> ir.Table:
    """Those of `rows` whose `in_days` hold `n` of them, itself the last in `order`."""
    each = ibis.window(group_by=OF_PERSON, order_by=order)
    placed = rows.mutate(place=ibis.row_number().over(each))
    first = placed.select(*OF_PERSON, first_day=placed.day, place=placed.place + placed.n - 1)
    both = placed.join(first, [*OF_PERSON, "place"])
    return both.filter(both.day - both.first_day <= both.in_days).drop("first_day", "place")


def find_distinct(seen: ir.Table) -> ir.Table:
    """Days whose trailing window holds enough different values of every column asked for."""
    # as many facts as different values are asked for is soon looked up, and seldom so
    full = _with_full_window(seen.select(*OF_PERSON, "day", "n", "in_days"), "day")
    asked = full.select(*OF_PERSON, asked_day="day").distinct()
    pairs = asked.join(seen, OF_PERSON)
    pairs = pairs.filter(
        (pairs.day <= pairs.asked_day) & (pairs.day >= pairs.asked_day - pairs.in_days)
    )
    at_least = {name: f"least_{name}" for name in DISTINCT}
    counted = pairs.group_by(*OF_PERSON, "asked_day", *at_least.values()).agg(
        **{
            name: ibis.ifelse(pairs[least].notnull(), pairs[name], None).nunique()
            for name, least in at_least.items()
        }
    )
    enough = counted.filter(
        *(
            counted[least].isnull() | (counted[name] >= counted[least])
            for name, least in at_least.items()
        )
    )
    days = enough.select(*OF_PERSON, day=enough.asked_day)
    return _last_of_day(seen.semi_join(days, [*OF_PERSON, "day"]))


def _last_of_day(seen: ir.Table, *kept: str) -> ir.Table:
    """The last fact of each person's day, as a candidate."""
    last = ibis.window(
        group_by=[*OF_PERSON, "day"], order_by=[ibis.desc("second"), ibis.desc("fact_id")]
    )
    placed = seen.select(*OF_PERSON, *PLACED, *kept).mutate(place=ibis.row_number().over(last))
    return placed.filter(placed.place == 0).mutate(anchor=placed.fact_id)


def find_stopped(seen: ir.Table) -> ir.Table:
    """A regular activity after which there is silence."""
    days = seen.select(*OF_PERSON, "day", "as_of", "n", "in_days", "silent_days").distinct()
    order = ibis.window(group_by=OF_PERSON, order_by="day")
    both = _with_full_window(days.mutate(following=days.day.lead().over(order)), "day")
    known = both.day + both.silent_days
    quiet = both.filter(
        (both.following.isnull() | (both.following > known)) & (known <= both.as_of)
    ).select(*OF_PERSON, "day")
    rows = _last_of_day(seen.semi_join(quiet, [*OF_PERSON, "day"]), "silent_days")
    rows = rows.mutate(anchor_second=rows.second)
    return on_day(rows, rows.day + rows.silent_days)


def find_low_shares(seen: ir.Table, signals: ir.Table) -> ir.Table:
    """Every fact of the years back from the as-of day in which no one value has a large enough
    share, and its `period`."""
    value = ibis.cases(
        (seen.of == "clinician", seen.clinician),
        (seen.of == "team", seen.team),
        (seen.of == "provider", seen.provider),
    )
    rows = seen.mutate(value=value, period=((seen.as_of - seen.day) // seen.in_days).cast("int64"))
    by = [*OF_PERSON, "period"]
    rows = rows.filter(rows.value.notnull())
    each = rows.group_by(*by, "value").agg(times=rows.count())
    whole = each.group_by(*by).agg(total=each.times.sum(), most=each.times.max())
    whole = whole.join(signals.select(*SIGNAL, "n", "below"), SIGNAL)
    low = whole.filter(
        (whole.total >= whole.n)
        & (whole.most.cast("float64") / whole.total.cast("float64") < whole.below)
    )
    return rows.select(*by, *PLACED).semi_join(low, by)


def find_share(low: ir.Table) -> ir.Table:
    """The last fact of each year that `find_low_shares` found, its anchor."""
    last = low.group_by(*OF_PERSON, "period").agg(
        last=ibis.struct(
            {name: low[name] for name in ("second", "fact_id", "has_time", "day")}
        ).max()
    )
    return last.mutate(anchor=last["last"]["fact_id"]).unpack("last")


def list_shared(low: ir.Table, anchors: ir.Table) -> ir.Table:
    """The facts of each such year beside its last: the signal, `anchor`, `fact_id`, `at`."""
    by = [*OF_PERSON, "period"]
    anchors = anchors.select(*by, "anchor", anchor_second="second")
    return low.join(anchors, by).select(*STAY, "fact_id", at="second")
