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
OF_PERSON: Final = [*SIGNAL, "who"]
FOUND: Final = [*OF_PERSON, "anchor", "anchor_second", "second", "has_time", "day"]
STAY: Final = [*OF_PERSON, "anchor", "anchor_second"]  # an event may stand at start and end
CANDIDATE: Final = ["candidate", *FOUND]  # numbered, so that it can be met again by one number
_INSTANTS: Final = (
    "as_of",
    "ongoing",
    "start_second",
    "end_second",
    "ready_second",
    "requested_second",
)
_PLACED: Final = ("fact_id", "second", "has_time", "day")


def facts_in_role(
    facts: ir.Table, parameters: Parameters, role: str, *columns: str, family: str
) -> ir.Table:
    """The facts that each signal of `family` uses in `role`, each fact once: `rule`,
    `signal_no`, `who` and `columns`."""
    signals, uses = parameters.signals, parameters.uses
    uses = uses.filter(uses.role == role).drop("role")
    uses = uses.semi_join(signals.filter(signals.family == family), SIGNAL)
    rows = facts.join(uses, "concept")
    # only where a role has several concepts can a fact be there twice
    once = rows.filter(rows.alone).select(*OF_PERSON, *columns)
    several = rows.filter(~rows.alone).select(*OF_PERSON, *columns)
    return ibis.union(once, several.distinct())


def find_candidates(facts: Facts, parameters: Parameters, plan: Plan) -> ir.Table:
    """Every candidate of every family, numbered."""

    def seen(family: str, *columns: str, settings: tuple[str, ...] = ()) -> ir.Table:
        rows = facts_in_role(facts.facts, parameters, "signal", *_PLACED, *columns, family=family)
        return rows.join(parameters.signals.select(*SIGNAL, *settings), SIGNAL)

    finders: dict[str, Callable[[], ir.Table]] = {
        "each": lambda: _find_each(seen("each")),
        "count": lambda: _find_count(seen("count", settings=("n", "in_days"))),
        "distinct": lambda: _find_distinct(
            seen("distinct", "team", "provider", "clinician", settings=("in_days",)), parameters
        ),
        "begins": lambda: _find_begins(facts, parameters),
        "lasting": lambda: _find_lasting(
            seen("lasting", *_INSTANTS, settings=("of", "to", "in_days"))
        ),
        "stopped": lambda: _find_stopped(
            seen("stopped", "as_of", settings=("n", "in_days", "silent_days"))
        ),
        "overdue": lambda: _find_overdue(facts, parameters, plan),
        "share": lambda: _find_share(
            seen(
                "share",
                *("as_of", "team", "provider", "clinician"),
                settings=("of", "in_days", "n", "below"),
            )
        ),
        "stepped_up": lambda: _find_stepped_up(facts, parameters),
    }

    def find(family: str) -> ir.Table:
        rows = finders[family]()
        if "anchor_second" not in rows.columns:  # the signal stands where its anchor does
            rows = rows.mutate(anchor_second=rows.second)
        return plan.keep(f"candidates_{family}", rows.select(*FOUND))

    found = [find(family) for family in sorted(parameters.families)]
    every = ibis.union(*found) if len(found) > 1 else found[0]
    return every.mutate(candidate=ibis.row_number().over(ibis.window())).select(*CANDIDATE)


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
    by = [*OF_PERSON, "column"]
    values = _values(seen, wanted).rename(value_day="day")
    asked = seen.select(*OF_PERSON, "day", "in_days").distinct().join(wanted, SIGNAL)
    pairs = asked.join(values, by)
    pairs = pairs.filter(
        (pairs.value_day <= pairs.day) & (pairs.value_day >= pairs.day - pairs.in_days)
    )
    counted = pairs.group_by(*by, "day", "at_least").agg(different=pairs.value.nunique())
    enough = counted.filter(counted.different >= counted.at_least)
    columns = wanted.group_by(*SIGNAL).agg(columns_asked=wanted.count())
    days = enough.group_by(*OF_PERSON, "day").agg(met=enough.count()).join(columns, SIGNAL)
    days = days.filter(days.met == days.columns_asked).select(*OF_PERSON, "day")
    return _last_of_day(seen).join(days, [*OF_PERSON, "day"])


def _values(seen: ir.Table, wanted: ir.Table) -> ir.Table:
    """The distinct values of each column that a signal counts, by day."""
    texts = {"day": seen.day.cast("string")}  # compared as text, as the others are
    texts |= {name: seen[name] for name in ("team", "provider", "clinician")}
    parts = [
        seen.select(*OF_PERSON, "day", value=value)
        .join(wanted.filter(wanted.column == name).select(*SIGNAL, "column"), SIGNAL)
        .select(*OF_PERSON, "day", "column", "value")
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
    rows = rows.mutate(anchor=rows.fact_id, anchor_second=rows.second, day=rows.begin)
    return rows.select(*FOUND).distinct()


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
        anchor=long.fact_id,
        anchor_second=long.second,
        second=long.began,
        has_time=long.began % DAY_SECONDS != 0,
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
    rows = rows.mutate(anchor_second=rows.second)
    return _on_day(rows, rows.day + rows.silent_days)


def _on_day(rows: ir.Table, day: ir.IntegerValue) -> ir.Table:
    """The candidates moved to `day`, of which no time is known."""
    moved = rows.mutate(day=day)
    return moved.mutate(second=moved.day * DAY_SECONDS, has_time=ibis.literal(False))


def _find_overdue(facts: Facts, parameters: Parameters, plan: Plan) -> ir.Table:
    """Reviews that fell due: counted from the last one, or from when it could first be seen."""
    duties = plan.keep("duties", _find_duties(facts, parameters))
    uses = parameters.uses
    uses = uses.filter(uses.role == "review").select(*SIGNAL, "concept")
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
    spans = facts.spans.join(_uses_of(parameters, "overdue", "while"), "concept")
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
    return _on_day(kept, kept.due).select(*FOUND).distinct()


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


def _find_stepped_up(facts: Facts, parameters: Parameters) -> ir.Table:
    """Stays after which something begins larger than the last there was before."""
    seen = facts_in_role(facts.facts, parameters, "signal", *_PLACED, family="stepped_up")
    seen = seen.mutate(anchor=seen.fact_id, anchor_second=seen.second)
    return seen.semi_join(pair_packages(facts, parameters), STAY)


def pair_packages(facts: Facts, parameters: Parameters) -> ir.Table:
    """Each stay with every larger package that follows it: the signal, `anchor`, `fact_id`."""
    family = "stepped_up"
    signals = parameters.signals.select(*SIGNAL, "times", "step_days")
    ends = (*_PLACED, "until", "ongoing")
    seen = facts_in_role(facts.facts, parameters, "signal", *ends, family=family)
    seen = seen.filter(~seen.ongoing).join(signals, SIGNAL)
    columns = ("fact_id", "second", "day", "units_per_week")
    packages = facts_in_role(facts.facts, parameters, "stepped", *columns, family=family)
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
        *STAY, "fact_id", "second"
    )
