"""Signals of reviews that fall due again and again while something stands."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from theograph.opportunities.facts import Facts
from theograph.opportunities.parameters import Parameters
from theograph.opportunities.plan import Plan
from theograph.opportunities.roles import OF_PERSON, SIGNAL, STANDING, on_day, uses_of


def find_overdue(facts: Facts, parameters: Parameters, plan: Plan) -> ir.Table:
    """Reviews that fell due: counted from the last one, or from when it could first be seen."""
    duties = plan.keep("duties", _find_duties(facts, parameters))
    uses = uses_of(parameters, "overdue", "review")
    asked = duties.select("duty", "who", "since", "finish", *SIGNAL).join(uses, SIGNAL)
    done = facts.facts.select("who", "concept", "fact_id", "day", "second")
    reviews = asked.join(done, ["who", "concept"])
    reviews = reviews.filter((reviews.day >= reviews.since) & (reviews.day <= reviews.finish))
    points = ibis.union(
        duties.select("duty", anchor="fact_id", day="since", placed="second", rank=0),
        reviews.select("duty", anchor="fact_id", day="day", placed="second", rank=1),
    )
    last = ibis.window(
        group_by=["duty", "day"],
        order_by=[ibis.desc("rank"), ibis.desc("placed"), ibis.desc("anchor")],
    )
    chosen = points.mutate(place=ibis.row_number().over(last))
    chosen = chosen.filter(chosen.place == 0)
    chosen = chosen.select("duty", "anchor", "day", anchor_second="placed")
    order = ibis.window(group_by="duty", order_by="day")
    rows = chosen.mutate(following=chosen.day.lead().over(order))
    return _on_due_day(rows.join(duties.drop("fact_id", "second"), "duty"))


def _find_duties(facts: Facts, parameters: Parameters) -> ir.Table:
    """Each span in which a review is due again and again, numbered, from when it can be seen."""
    signals = parameters.signals.filter(parameters.signals.family == "overdue")
    spans = facts.spans.join(uses_of(parameters, "overdue", "while"), "concept")
    spans = spans.join(parameters.rules.select("rule", "needs"), "rule")
    covered = _covered_from(facts, parameters).rename(of_rule="rule", of_person="who")
    spans = spans.left_join(
        covered, [spans.rule == covered.of_rule, spans.who == covered.of_person]
    )
    spans = spans.filter(spans.covered_from.notnull() | (spans.needs == 0))
    seen_from = ibis.coalesce(spans.covered_from, spans.begin)
    spans = spans.mutate(since=ibis.greatest(spans.begin, seen_from))
    spans = spans.filter(spans.since <= spans.finish)
    spans = spans.join(signals.select(*SIGNAL, "due_days", "after_days"), SIGNAL)
    spans = spans.join(facts.people.select("who", "as_of"), "who")
    kept = ["fact_id", "second", "since", "finish", "due_days", "after_days", "as_of"]
    return spans.select(*OF_PERSON, *kept, duty=ibis.row_number().over(ibis.window()))


def _on_due_day(rows: ir.Table) -> ir.Table:
    """The reviews that were done in time, or fell due by the as-of day, as candidates."""
    due = rows.day + rows.due_days
    in_time = (rows.following <= due + rows.after_days).fill_null(False)
    passed = (due <= rows.as_of) & (due <= rows.finish)
    # reviews more often than they fall due: one in each such time is enough to say it was met
    early = (rows.following < due).fill_null(False)
    period = ((rows.following - rows.since) // rows.due_days).cast("int64")
    earliest = ibis.window(group_by=["duty", "early", "period"], order_by="day")
    rows = rows.mutate(
        due=ibis.ifelse(early, rows.following, due),
        known=in_time | passed,
        early=early,
        period=ibis.ifelse(early, period, rows.day),
    )
    rows = rows.filter(rows.known)
    kept = rows.mutate(place=ibis.row_number().over(earliest))
    kept = kept.filter(kept.place == 0)
    return on_day(kept, kept.due).select(*STANDING).distinct()


def _covered_from(facts: Facts, parameters: Parameters) -> ir.Table:
    """The first day on which all of a rule's needs are covered: rule, who, covered_from."""
    signals = parameters.signals
    overdue = signals.filter(signals.family == "overdue").select("rule")
    needs = parameters.needs.semi_join(overdue, "rule")
    cover = facts.coverage.join(needs, "sector")
    starts = cover.select("rule", "who", covered_from=cover.begin).distinct()
    within = starts.join(cover, ["rule", "who"])
    within = within.filter(
        (within.begin <= within.covered_from) & (within.finish >= within.covered_from)
    )
    by = ["rule", "who", "covered_from"]
    counted = within.group_by(*by).agg(sectors=within.sector.nunique())
    counted = counted.join(parameters.rules.select("rule", "needs"), "rule")
    every = counted.filter(counted.sectors == counted.needs)
    return every.group_by("rule", "who").agg(covered_from=every.covered_from.min())
