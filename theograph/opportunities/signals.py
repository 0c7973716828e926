"""Finding signals: one function a family, each for every rule of that family at once.

A candidate is a rule, the number of its signal, a person, and the fact on which the signal
stands (`anchor`), with the second and day of the signal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import ibis
import ibis.expr.types as ir

from theograph.opportunities.facts import DAY_SECONDS, Facts, day_of_second
from theograph.opportunities.parameters import Parameters
from theograph.opportunities.plan import Plan

SIGNAL: Final = ["rule", "signal_no"]
OF_PERSON: Final = [*SIGNAL, "person_ref"]
CANDIDATE: Final = [*OF_PERSON, "anchor", "second", "has_time", "day"]
_FACT: Final = [
    "fact_id",
    "second",
    "has_time",
    "day",
    "until",
    "as_of",
    "team",
    "provider",
    "clinician",
    "ongoing",
    "start_second",
    "end_second",
    "ready_second",
    "requested_second",
]


def facts_in_role(facts: ir.Table, parameters: Parameters, role: str) -> ir.Table:
    """The facts that each signal uses in `role`, each fact once: `rule`, `signal_no`, the fact."""
    uses = parameters.uses.filter(parameters.uses.role == role).drop("role")
    return facts.join(uses, "concept").drop("concept", "stands").distinct()


def find_candidates(facts: Facts, parameters: Parameters, seen: ir.Table, plan: Plan) -> ir.Table:
    """Every candidate of every family; `seen` are the facts in the role `signal`."""
    finders: dict[str, Callable[[], ir.Table]] = {
        "each": lambda: _find_each(_of_family(seen, parameters, "each")),
        "count": lambda: _find_count(_of_family(seen, parameters, "count", "n", "in_days")),
        "distinct": lambda: _find_distinct(
            _of_family(seen, parameters, "distinct", "in_days"), parameters
        ),
        "begins": lambda: _find_begins(facts, parameters),
        "lasting": lambda: _find_lasting(
            _of_family(seen, parameters, "lasting", "of", "to", "in_days")
        ),
        "stopped": lambda: _find_stopped(
            _of_family(seen, parameters, "stopped", "n", "in_days", "silent_days")
        ),
        "overdue": lambda: _find_overdue(facts, parameters),
        "share": lambda: _find_share(
            _of_family(seen, parameters, "share", "of", "in_days", "n", "below")
        ),
        "stepped_up": lambda: _find_stepped_up(
            _of_family(seen, parameters, "stepped_up", "times", "step_days"),
            facts_in_role(facts.facts, parameters, "stepped"),
        ),
    }
    found = [
        plan.keep(f"candidates_{family}", finders[family]().select(*CANDIDATE))
        for family in sorted(parameters.families)
    ]
    return ibis.union(*found) if len(found) > 1 else found[0]


def _of_family(seen: ir.Table, parameters: Parameters, family: str, *columns: str) -> ir.Table:
    signals = parameters.signals
    chosen = signals.filter(signals.family == family).select(*SIGNAL, *columns)
    return seen.join(chosen, SIGNAL)


def _find_each(seen: ir.Table) -> ir.Table:
    return seen.mutate(anchor=seen.fact_id)


def _find_count(seen: ir.Table) -> ir.Table:
    """The n-th of a rolling window, and each after it while the window is full."""
    order = ibis.window(group_by=OF_PERSON, order_by=["second", "fact_id"])
    placed = seen.mutate(place=ibis.row_number().over(order))
    first = placed.select(*OF_PERSON, first_day=placed.day, place=placed.place + placed.n - 1)
    both = placed.join(first, [*OF_PERSON, "place"])
    both = both.filter(both.day - both.first_day <= both.in_days)
    return both.mutate(anchor=both.fact_id)


def _find_distinct(seen: ir.Table, parameters: Parameters) -> ir.Table:
    """Days whose trailing window holds enough different values of every column asked for."""
    wanted = parameters.distinct
    asked = seen.select(*OF_PERSON, "day", "in_days").distinct().join(wanted, SIGNAL)
    values = _values(seen).join(wanted.select(*SIGNAL, "column"), [*SIGNAL, "column"])
    values = values.rename(value_day="day")
    by = [*OF_PERSON, "column"]
    pairs = asked.join(values, by)
    pairs = pairs.filter(
        (pairs.value_day <= pairs.day) & (pairs.value_day >= pairs.day - pairs.in_days)
    )
    counted = pairs.group_by(*by, "day", "at_least").agg(values=pairs.value.nunique())
    enough = counted.filter(counted.values >= counted.at_least)
    columns = wanted.group_by(*SIGNAL).agg(asked=wanted.count())
    days = enough.group_by(*OF_PERSON, "day").agg(met=enough.count()).join(columns, SIGNAL)
    days = days.filter(days.met == days.asked).select(*OF_PERSON, "day")
    return _last_of_day(seen).join(days, [*OF_PERSON, "day"])


def _values(seen: ir.Table) -> ir.Table:
    """The distinct values of each countable column, by day."""
    texts = {"day": seen.day.cast("string")}
    texts |= {name: seen[name] for name in ("team", "provider", "clinician")}
    parts = [
        seen.select(*OF_PERSON, "day", column=ibis.literal(name), value=value)
        for name, value in texts.items()
    ]
    every = ibis.union(*parts)
    return every.filter(every.value.notnull()).distinct()


def _last_of_day(seen: ir.Table) -> ir.Table:
    """The last fact of each person's day, as a candidate."""
    last = ibis.window(
        group_by=[*OF_PERSON, "day"], order_by=[ibis.desc("second"), ibis.desc("fact_id")]
    )
    placed = seen.mutate(place=ibis.row_number().over(last))
    return placed.filter(placed.place == 0).mutate(anchor=placed.fact_id)


def _find_begins(facts: Facts, parameters: Parameters) -> ir.Table:
    """A state that begins: the first fact of an unbroken span."""
    begins = _uses_of(parameters, "begins", "signal")
    rows = facts.spans.join(begins, "concept")
    return rows.mutate(anchor=rows.fact_id, day=rows.begin).select(*CANDIDATE).distinct()


def _uses_of(parameters: Parameters, family: str, role: str) -> ir.Table:
    signals, uses = parameters.signals, parameters.uses
    chosen = signals.filter(signals.family == family).select(*SIGNAL)
    return uses.filter(uses.role == role).join(chosen, SIGNAL).select(*SIGNAL, "concept")


def _find_lasting(seen: ir.Table) -> ir.Table:
    """A span inside an event that is too long; one that goes on lasts to the as-of day."""
    began = ibis.cases(
        (seen.of == "ready_at", seen.ready_second),
        (seen.of == "requested_at", seen.requested_second),
        else_=seen.start_second,
    )
    going = ibis.ifelse(seen.ongoing, seen.as_of * DAY_SECONDS, ibis.null("int64"))
    ended = ibis.ifelse(
        seen.to == "start", seen.start_second, ibis.coalesce(seen.end_second, going)
    )
    rows = seen.mutate(began=began, ended=ended)
    rows = rows.mutate(day=day_of_second(rows.began), last=day_of_second(rows.ended))
    long = rows.filter(rows.last - rows.day >= rows.in_days)
    return long.mutate(
        anchor=long.fact_id, second=long.began, has_time=long.began % DAY_SECONDS != 0
    )


def _find_stopped(seen: ir.Table) -> ir.Table:
    """A regular activity after which there is silence."""
    days = seen.select(*OF_PERSON, "day", "as_of", "n", "in_days", "silent_days").distinct()
    order = ibis.window(group_by=OF_PERSON, order_by="day")
    placed = days.mutate(place=ibis.row_number().over(order), following=days.day.lead().over(order))
    first = placed.select(*OF_PERSON, first_day=placed.day, place=placed.place + placed.n - 1)
    both = placed.join(first, [*OF_PERSON, "place"])
    known = both.day + both.silent_days
    quiet = both.filter(
        (both.day - both.first_day <= both.in_days)
        & (both.following.isnull() | (both.following > known))
        & (known <= both.as_of)
    ).select(*OF_PERSON, "day")
    rows = _last_of_day(seen).join(quiet, [*OF_PERSON, "day"])
    return _on_day(rows, rows.day + rows.silent_days)


def _on_day(rows: ir.Table, day: ir.IntegerValue) -> ir.Table:
    """The candidates moved to `day`, of which no time is known."""
    moved = rows.mutate(day=day)
    return moved.mutate(second=moved.day * DAY_SECONDS, has_time=ibis.literal(False))


def _find_overdue(facts: Facts, parameters: Parameters) -> ir.Table:
    """Reviews that fell due: counted from the last one, or from when it could first be seen."""
    signals = parameters.signals.filter(parameters.signals.family == "overdue")
    settings = signals.select(*SIGNAL, "due_days", "after_days")
    spans = facts.spans.join(_uses_of(parameters, "overdue", "while"), "concept")
    spans = spans.join(_covered_from(facts, parameters), ["rule", "person_ref"])
    spans = spans.mutate(since=ibis.greatest(spans.begin, spans.covered_from))
    spans = spans.filter(spans.since <= spans.finish)
    whose = [*OF_PERSON, "since", "finish"]
    reviews = facts_in_role(facts.facts, parameters, "review")
    reviews = spans.select(*whose).distinct().join(reviews, OF_PERSON)
    reviews = reviews.filter((reviews.day >= reviews.since) & (reviews.day <= reviews.finish))
    points = ibis.union(
        spans.select(*whose, anchor=spans.fact_id, day=spans.since, placed=spans.second, rank=0),
        reviews.select(
            *whose, anchor=reviews.fact_id, day=reviews.day, placed=reviews.second, rank=1
        ),
    )
    last = ibis.window(
        group_by=[*whose, "day"],
        order_by=[ibis.desc("rank"), ibis.desc("placed"), ibis.desc("anchor")],
    )
    chosen = points.mutate(place=ibis.row_number().over(last))
    chosen = chosen.filter(chosen.place == 0).join(settings, SIGNAL)
    order = ibis.window(group_by=whose, order_by="day")
    rows = chosen.mutate(following=chosen.day.lead().over(order))
    rows = rows.join(facts.people.select("person_ref", "as_of"), "person_ref")
    due = rows.day + rows.due_days
    in_time = (rows.following <= due + rows.after_days).fill_null(False)
    passed = (due <= rows.as_of) & (due <= rows.finish)
    # reviews more often than they fall due: one in each such time is enough to say it was met
    early = (rows.following < due).fill_null(False)
    period = ((rows.following - rows.since) // rows.due_days).cast("int64")
    earliest = ibis.window(group_by=[*whose, "early", "period"], order_by="day")
    rows = rows.mutate(
        due=ibis.ifelse(early, rows.following, due),
        known=in_time | passed,
        early=early,
        period=ibis.ifelse(early, period, rows.day),
    )
    rows = rows.filter(rows.known)
    kept = rows.mutate(place=ibis.row_number().over(earliest))
    kept = kept.filter(kept.place == 0)
    return _on_day(kept, kept.due).select(*CANDIDATE).distinct()


def _covered_from(facts: Facts, parameters: Parameters) -> ir.Table:
    """The first day on which all of a rule's needs are covered: rule, person_ref, covered_from."""
    cover = facts.coverage.join(parameters.needs, "sector")
    starts = cover.select("rule", "person_ref", covered_from=cover.begin).distinct()
    within = starts.join(cover, ["rule", "person_ref"])
    within = within.filter(
        (within.begin <= within.covered_from) & (within.finish >= within.covered_from)
    )
    by = ["rule", "person_ref", "covered_from"]
    counted = within.group_by(*by).agg(sectors=within.sector.nunique())
    counted = counted.join(parameters.rules.select("rule", "needs"), "rule")
    every = counted.filter(counted.sectors == counted.needs)
    return every.group_by("rule", "person_ref").agg(covered_from=every.covered_from.min())


def _find_share(seen: ir.Table) -> ir.Table:
    """Years back from the as-of day in which no one value has a large enough share."""
    value = ibis.cases(
        (seen.of == "clinician", seen.clinician),
        (seen.of == "team", seen.team),
        (seen.of == "provider", seen.provider),
    )
    rows = seen.mutate(value=value)
    rows = rows.filter(rows.value.notnull())
    rows = rows.mutate(period=((rows.as_of - rows.day) // rows.in_days).cast("int64"))
    by = [*OF_PERSON, "period"]
    each = rows.group_by(*by, "value", "n", "below").agg(times=rows.count())
    whole = each.group_by(*by, "n", "below").agg(total=each.times.sum(), most=each.times.max())
    low = whole.filter(
        (whole.total >= whole.n)
        & (whole.most.cast("float64") / whole.total.cast("float64") < whole.below)
    ).select(*by)
    last = ibis.window(group_by=by, order_by=[ibis.desc("second"), ibis.desc("fact_id")])
    placed = rows.mutate(place=ibis.row_number().over(last))
    return placed.filter(placed.place == 0).join(low, by).mutate(anchor=ibis._.fact_id)


def _find_stepped_up(seen: ir.Table, packages: ir.Table) -> ir.Table:
    """Stays after which something begins larger than the last there was before."""
    pairs = pair_packages(seen, packages)
    return seen.mutate(anchor=seen.fact_id).semi_join(
        pairs, [*OF_PERSON, pairs.anchor == ibis._.anchor]
    )


def pair_packages(seen: ir.Table, packages: ir.Table) -> ir.Table:
    """Each stay with every larger package that follows it: the signal, `anchor`, `fact_id`."""
    stays = seen.select(
        *OF_PERSON,
        "times",
        "step_days",
        anchor=seen.fact_id,
        stay_day=seen.day,
        left=ibis.coalesce(seen.until, seen.day),
    )
    both = stays.join(
        packages.select(*OF_PERSON, "fact_id", "second", "day", "units_per_week"), OF_PERSON
    )
    before = both.filter(both.day < both.stay_day)
    latest = ibis.window(
        group_by=[*OF_PERSON, "anchor"], order_by=[ibis.desc("second"), ibis.desc("fact_id")]
    )
    before = before.mutate(place=ibis.row_number().over(latest))
    base = before.filter(before.place == 0).select(*OF_PERSON, "anchor", base=before.units_per_week)
    after = both.filter((both.day >= both.left) & (both.day <= both.left + both.step_days))
    rows = after.join(base, [*OF_PERSON, "anchor"])
    return rows.filter(rows.units_per_week >= rows.times * rows.base).select(
        *OF_PERSON, "anchor", "fact_id", "second"
    )
