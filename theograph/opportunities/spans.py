"""How long things stand and how far extracts reach: spans of days, made one where they meet."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from theograph.opportunities.days import day_of
from theograph.opportunities.parameters import Parameters


def find_spans(facts: ir.Table) -> ir.Table:
    """The days throughout which each lasting concept stands, and the fact each began with."""
    rows = facts.filter(facts.stands >= facts.day).select(
        "who",
        "concept",
        "fact_id",
        "second",
        "has_time",
        begin=facts.day,
        finish=facts.stands,
    )
    return _merge_spans(rows, ("who", "concept"))


def find_coverage(
    events: ir.Table, feeds: ir.Table, people: ir.Table, parameters: Parameters
) -> ir.Table:
    """How far the extracts reach of the providers each person used; where they used none in a
    sector, how far any of that sector's do."""
    reach = feeds.semi_join(parameters.needs, "sector").select(
        "sector",
        provider=feeds.provider.fill_null(""),
        begin=day_of(feeds.start),
        finish=day_of(feeds.end),
    )
    used = events.semi_join(parameters.needs, "sector")
    used = used.select("person_ref", "sector", provider=used.provider.fill_null("")).distinct()
    used = used.join(people.select("person_ref", "who"), "person_ref").drop("person_ref")
    own = used.join(reach, ["sector", "provider"]).select("who", "sector", "begin", "finish")
    sectors = parameters.needs.select("sector").distinct()
    unused = people.select("who").cross_join(sectors)
    unused = unused.anti_join(used, ["who", "sector"])
    any_of = _merge_spans(_as_spans(reach.select("sector", "begin", "finish")), ("sector",))
    other = unused.join(any_of, "sector").select("who", "sector", "begin", "finish")
    return ibis.union(_merge_reach(own).select(*other.columns), other)


def _merge_reach(own: ir.Table) -> ir.Table:
    """The spans of each person and sector made one where they meet. Most have one, or several
    with a day in common, which needs no looking at one after the other."""
    by = ["who", "sector"]
    ends = own.group_by(*by).agg(
        begin=own.begin.min(),
        finish=own.finish.max(),
        last_begin=own.begin.max(),
        first_finish=own.finish.min(),
    )
    meet = ends.filter(ends.last_begin <= ends.first_finish + 1)
    apart = _merge_spans(_as_spans(own.anti_join(meet, by)), ("who", "sector"))
    return ibis.union(meet.select(*by, "begin", "finish"), apart.select(*by, "begin", "finish"))


def _as_spans(rows: ir.Table) -> ir.Table:
    return rows.distinct().mutate(
        second=ibis.literal(0, type="int64"),
        fact_id=ibis.literal(""),
        has_time=ibis.literal(False),
    )


def _merge_spans(rows: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """Spans `[begin, finish]` of one `by` that overlap or adjoin, made one; `fact_id` and
    `second` are those it begins with."""
    order = ["begin", "finish", "second", "fact_id"]
    so_far = ibis.cumulative_window(group_by=by, order_by=order)
    reached = rows.mutate(reach=rows.finish.max().over(so_far))
    each = ibis.window(group_by=by, order_by=order)
    parted = reached.mutate(before=reached.reach.lag().over(each))
    starts = (parted.before.isnull() | (parted.begin > parted.before + 1)).cast("int64")
    parted = parted.mutate(starts=starts)
    numbered = parted.mutate(island=parted.starts.sum().over(so_far))
    first = ibis.window(group_by=[*by, "island"], order_by=["second", "fact_id"])
    named = numbered.mutate(place=ibis.row_number().over(first))
    ends = named.group_by(*by, "island").agg(begin=named.begin.min(), finish=named.finish.max())
    opened = named.filter(named.place == 0).select(*by, "island", "fact_id", "second", "has_time")
    return ends.join(opened, [*by, "island"]).drop("island")
