"""What became of each signal: the response, the status, and what followed."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from theograph.opportunities.days import HOUR_SECONDS, day_of_second
from theograph.opportunities.evidence import list_in_order
from theograph.opportunities.facts import Facts
from theograph.opportunities.narrowing import (
    KEY,
    beside_facts,
    is_before,
    is_in_time,
    is_late_enough,
    pair_with_facts,
)
from theograph.opportunities.parameters import Parameters
from theograph.opportunities.roles import CANDIDATE, SIGNAL

_WINDOW = (
    "before_days",
    "before_hours",
    "before_ever",
    "after_days",
    "after_hours",
    "cover_days",
    "answered",
)


def add_window(kept: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    """The kept candidates with `window_start`, `due`, `as_of` and `died`, all days."""
    rows = kept.join(parameters.signals.select(*SIGNAL, *_WINDOW), SIGNAL)
    rows = rows.join(facts.people.select("who", "as_of", "died"), "who")
    by_hours = day_of_second(rows.second + rows.after_hours * HOUR_SECONDS)
    due = ibis.ifelse(rows.after_hours.notnull(), by_hours, rows.day + rows.after_days)
    from_hours = day_of_second(rows.second - rows.before_hours * HOUR_SECONDS)
    begin = ibis.ifelse(rows.before_hours.notnull(), from_hours, rows.day - rows.before_days)
    nothing = ibis.null("int64")
    return rows.mutate(
        due=ibis.ifelse(rows.answered, due, nothing),
        window_start=ibis.ifelse(rows.answered, begin, nothing),
    )


def find_responses(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    """The first response in time to each candidate: its key, `response`, `response_second`."""
    asked = rows.filter(rows.answered).drop("as_of", "died", "due", "window_start", "cover_days")
    pairs = pair_with_facts(asked, facts, parameters, "response")
    pairs = pairs.filter(is_late_enough(pairs) & is_in_time(pairs))
    return _first(pairs).select(*KEY, response="fact_id", response_second="second_f")


def find_uncovered(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    """The needs whose extracts do not reach over the window: the candidate's key, `uncovered`."""
    asked = rows.filter(rows.answered).select(
        *CANDIDATE, "cover_days", "window_start", "due", "as_of"
    )
    asked = asked.join(parameters.needs, "rule")
    reach = facts.coverage.select("who", "sector", begin="begin", finish="finish")
    both = asked.join(reach, ["who", "sector"])
    last = ibis.least(both.due, both.as_of)
    first = ibis.least(both.window_start, both.day - both.cover_days)
    covered = both.filter((both.begin <= first) & (both.finish >= last))
    missing = asked.anti_join(covered, [*KEY, "sector"])
    return missing.group_by(*KEY).agg(uncovered=missing.sector.collect(distinct=True).sort())


def add_status(rows: ir.Table, responses: ir.Table, uncovered: ir.Table) -> ir.Table:
    """The candidates with `status` and their first response; death before an answer was due
    leaves a candidate out."""
    both = _attach(_attach(rows, responses), uncovered)
    died = both.answered & both.response.isnull() & (both.died <= both.due).fill_null(False)
    both = both.filter(~died)
    status = ibis.cases(
        (~both.answered, "missed"),
        (both.response.notnull(), "met"),
        (both.uncovered.notnull(), "not_assessable"),
        (both.due > both.as_of, "open"),
        else_="missed",
    )
    return both.mutate(status=status)


def _attach(rows: ir.Table, known: ir.Table) -> ir.Table:
    """Every candidate with what is known of it; a left join keeps the key of both sides."""
    both = rows.left_join(known, KEY)
    return both.drop(*(name for name in both.columns if name.endswith("_right")))


def find_consequences(
    rows: ir.Table, evidence: ir.Table, facts: Facts, parameters: Parameters
) -> ir.Table:
    """What followed each missed opportunity: its key, `consequence`, `consequence_second`,
    `consequences`, `cost_followed_pence`; the cost of an event is counted once."""
    rules = parameters.rules.filter(parameters.rules.followed)
    missed = rows.filter(rows.status == "missed").select(*CANDIDATE).join(rules, "rule")
    follows = parameters.follows
    later = beside_facts(missed.join(follows, "rule"), facts, follows)
    after = is_before(later.day, later.second, later.both_timed, later.day_f, later.second_f)
    later = later.filter(after & (later.day_f <= later.day + later.consequence_days))
    later = later.anti_join(evidence, [*KEY, "fact_id"])
    itself = missed.filter(missed.itself)
    itself = itself.mutate(fact_id=itself.anchor, second_f=itself.anchor_second)
    columns = [*KEY, "who", "fact_id", "second_f"]
    every = ibis.union(later.select(columns), itself.select(columns))
    costs = facts.events.select("who", "fact_id", "cost_pence")
    every = every.left_join(costs, ["who", "fact_id"])
    each = every.group_by(*KEY, "fact_id").agg(
        cost_pence=every.cost_pence.max(), second_f=every.second_f.min()
    )
    first = _first(each).select(*KEY, consequence="fact_id", consequence_second="second_f")
    listed = list_in_order(each.mutate(at=each.second_f), name="consequences")
    costs = each.group_by(*KEY).agg(cost_pence=each.cost_pence.sum())
    sums = first.join(listed, KEY).join(costs, KEY)
    found = missed.select(*KEY).left_join(sums, KEY)
    return found.select(
        *KEY,
        "consequence",
        "consequence_second",
        "consequences",
        cost_followed_pence=ibis.coalesce(found.cost_pence, 0).cast("int64"),
    )


def _first(pairs: ir.Table) -> ir.Table:
    order = ibis.window(group_by=KEY, order_by=["second_f", "fact_id"])
    placed = pairs.mutate(place=ibis.row_number().over(order))
    return placed.filter(placed.place == 0)
