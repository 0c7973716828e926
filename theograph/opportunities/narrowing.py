"""Narrowing candidates: what came before, whom it is about, what excuses, once an episode."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from theograph.opportunities.days import HOUR_SECONDS, date_of, day_of_second
from theograph.opportunities.facts import Facts
from theograph.opportunities.parameters import Parameters
from theograph.opportunities.plan import Plan
from theograph.opportunities.roles import CANDIDATE, SIGNAL

KEY: Final = ["candidate"]


def narrow(candidates: ir.Table, facts: Facts, parameters: Parameters, plan: Plan) -> ir.Table:
    """The candidates that are opportunities, at most one an episode."""
    rows = candidates.join(
        parameters.signals.select(*SIGNAL, "age_at_least", "age_below", "asked_sex"), SIGNAL
    )
    rows = rows.join(facts.people.drop("person_ref"), "who")
    rows = rows.filter(
        (rows.day <= rows.as_of) & (rows.died.isnull() | (rows.day <= rows.died)) & _is_of_age(rows)
    )
    rows = plan.keep("of_age", rows.select(*CANDIDATE))
    for name, left_out in (
        ("after_others", _lacks_others_before),
        ("rising", _is_not_rising),
        ("of_those", _is_not_of_those),
        ("unexcused", _is_excused),
    ):
        rows = plan.keep(name, rows.anti_join(left_out(rows, facts, parameters), KEY))
    return _once_each(rows, parameters, plan)


def is_before(
    day: ir.IntegerValue,
    second: ir.IntegerValue,
    both_timed: ir.BooleanValue,
    other_day: ir.IntegerValue,
    other_second: ir.IntegerValue,
) -> ir.BooleanValue:
    """Whether one stands before the other: by the clock if both have a time, else by the day."""
    return ibis.ifelse(both_timed, second < other_second, day < other_day)


def pair_with_facts(
    rows: ir.Table, facts: Facts, parameters: Parameters, role: str, *columns: str
) -> ir.Table:
    """Each of `rows` beside each fact that its signal uses in `role`, once for each concept.

    The fact's columns are `fact_id`, `second_f`, `day_f`, `timed_f` and `columns`.
    """
    uses = parameters.uses
    uses = uses.filter(uses.role == role).select(*SIGNAL, "concept")
    return beside_facts(rows.join(uses, SIGNAL), facts, uses, *columns)


def beside_facts(rows: ir.Table, facts: Facts, uses: ir.Table, *columns: str) -> ir.Table:
    """Each of `rows`, which have `who` and a `concept` of `uses`, beside each such fact of that
    person."""
    each = (facts.describe(uses) if columns else facts.facts).select(
        "who",
        "concept",
        "fact_id",
        *columns,
        second_f="second",
        day_f="day",
        timed_f="has_time",
    )
    pairs = rows.join(each, ["who", "concept"]).drop("concept")
    return pairs.mutate(both_timed=pairs.has_time & pairs.timed_f)


def _asked(rows: ir.Table, parameters: Parameters, *columns: str) -> ir.Table:
    """Those of the candidates whose signal asks for the first of `columns`, with all of them."""
    signals = parameters.signals.select(*SIGNAL, *columns)
    asking = signals.filter(signals[columns[0]].notnull())
    return rows.select(*CANDIDATE).join(asking, SIGNAL)


def pair_prior(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    """Each candidate with the facts that must come before it."""
    prior = _asked(rows, parameters, "prior_n", "prior_days")
    pairs = pair_with_facts(prior, facts, parameters, "prior")
    earlier = ibis.ifelse(pairs.both_timed, pairs.second_f < pairs.second, pairs.day_f <= pairs.day)
    return pairs.filter(
        earlier & (pairs.day_f >= pairs.day - pairs.prior_days) & (pairs.fact_id != pairs.anchor)
    )


def pair_recent(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    """Each candidate with the facts of its rising rate, each once: the candidate's key,
    `fact_id`, `second_f`, and whether it is `recent` or of the time before, `earlier`."""
    rising = _asked(rows, parameters, "recent_days", "earlier_days")
    pairs = pair_with_facts(rising, facts, parameters, "recent")
    ago = pairs.day - pairs.day_f
    later = is_before(pairs.day, pairs.second, pairs.both_timed, pairs.day_f, pairs.second_f)
    pairs = pairs.mutate(
        recent=(ago >= 0) & (ago < pairs.recent_days) & ~later,
        earlier=(ago >= pairs.recent_days) & (ago < pairs.recent_days + pairs.earlier_days),
    )
    near = pairs.filter(pairs.recent | pairs.earlier)
    return near.select(*KEY, "fact_id", "second_f", "recent", "earlier").distinct()


def _lacks_others_before(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    pairs = pair_prior(rows, facts, parameters).select(*KEY, "prior_n", "fact_id", "second_f")
    each = pairs.distinct()
    counted = each.group_by(*KEY, "prior_n").agg(found=each.count())
    enough = counted.filter(counted.found >= counted.prior_n)
    return _asked(rows, parameters, "prior_n").anti_join(enough, KEY)


def _is_not_rising(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    pairs = pair_recent(rows, facts, parameters)
    counted = pairs.group_by(*KEY).agg(
        recent=pairs.recent.cast("int64").sum(), earlier=pairs.earlier.cast("int64").sum()
    )
    asked = _asked(rows, parameters, "recent_n", "recent_days", "earlier_days", "rise")
    both = asked.join(counted, KEY)
    faster = both.recent * both.earlier_days >= both.rise * both.earlier * both.recent_days
    return asked.anti_join(both.filter((both.recent >= both.recent_n) & faster), KEY)


def _is_of_age(rows: ir.Table) -> ir.BooleanValue:
    """Age and sex; what is not known fails a test of it."""
    signal = date_of(rows.day)
    born = rows.date_of_birth
    by_birth = _years(signal, born)
    by_record = rows.age_years + _years(signal, rows.age_at)
    age = ibis.coalesce(by_birth, by_record)
    old = rows.age_at_least.isnull() | (age >= rows.age_at_least).fill_null(False)
    young = rows.age_below.isnull() | (age < rows.age_below).fill_null(False)
    sex = rows.asked_sex.isnull() | (rows.sex == rows.asked_sex).fill_null(False)
    return old & young & sex


def _years(day: ir.DateValue, since: ir.DateValue) -> ir.IntegerValue:
    """Whole years from `since` to `day`."""

    def number(value: ir.DateValue) -> ir.IntegerValue:
        return value.year() * 10_000 + value.month() * 100 + value.day()

    return ((number(day) - number(since)) / 10_000).floor().cast("int64")


def _is_not_of_those(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    """Candidates whose person has none of the lasting concepts asked for, or too few conditions."""
    uses = parameters.uses
    having = uses.filter(uses.role == "has").select(*SIGNAL, "concept")
    asked = rows.semi_join(having, SIGNAL)
    found = _standing(asked.join(having, SIGNAL), facts)
    lacking = asked.anti_join(found, KEY).select(*KEY)
    long_term = parameters.concepts.filter(parameters.concepts.long_term).select("concept")
    several = _asked(rows, parameters, "conditions_at_least")
    standing = _standing(several.cross_join(long_term), facts)
    counted = standing.group_by(*KEY, "conditions_at_least").agg(n=standing.concept.nunique())
    enough = counted.filter(counted.n >= counted.conditions_at_least)
    return ibis.union(lacking, several.anti_join(enough, KEY).select(*KEY))


def _standing(rows: ir.Table, facts: Facts) -> ir.Table:
    """Those of `rows` whose person has their `concept` on their day."""
    spans = facts.spans.select("who", "concept", "begin", "finish")
    both = rows.join(spans, ["who", "concept"])
    return both.filter((both.begin <= both.day) & (both.day <= both.finish))


def _is_excused(rows: ir.Table, facts: Facts, parameters: Parameters) -> ir.Table:
    having = _standing(rows.join(parameters.excusing, "rule"), facts)
    excusable = rows.join(parameters.excuses, "rule")
    pairs = beside_facts(excusable, facts, parameters.excuses, "until", "end_second")
    last_day = ibis.greatest(ibis.coalesce(pairs.until, pairs.day_f), pairs.day_f)
    last_second = ibis.greatest(ibis.coalesce(pairs.end_second, pairs.second_f), pairs.second_f)
    pairs = pairs.mutate(until_f=last_day, end_f=last_second)
    touching = (
        is_in_time(pairs)
        & ibis.ifelse(
            pairs.before_hours.notnull(),
            ibis.ifelse(
                pairs.both_timed,
                pairs.end_f >= pairs.second - pairs.before_hours * HOUR_SECONDS,
                pairs.until_f >= day_of_second(pairs.second - pairs.before_hours * HOUR_SECONDS),
            ),
            pairs.until_f >= pairs.day - pairs.before_days,
        )
        & (pairs.fact_id != pairs.anchor)
    )
    return ibis.union(having.select(*KEY), pairs.filter(touching).select(*KEY))


def is_in_time(pairs: ir.Table) -> ir.BooleanValue:
    """Whether a fact is no later than the window allows, its last day included."""
    by_hours = ibis.ifelse(
        pairs.both_timed,
        pairs.second_f <= pairs.second + pairs.after_hours * HOUR_SECONDS,
        pairs.day_f <= day_of_second(pairs.second + pairs.after_hours * HOUR_SECONDS),
    )
    return ibis.ifelse(
        pairs.after_hours.notnull(), by_hours, pairs.day_f <= pairs.day + pairs.after_days
    )


def is_late_enough(pairs: ir.Table) -> ir.BooleanValue:
    """Whether a fact is no earlier than the window allows: from the signal itself on, or before."""
    begin = pairs.second - pairs.before_hours * HOUR_SECONDS
    by_hours = ibis.ifelse(
        pairs.both_timed, pairs.second_f >= begin, pairs.day_f >= day_of_second(begin)
    )
    from_signal = ~is_before(pairs.day_f, pairs.second_f, pairs.both_timed, pairs.day, pairs.second)
    return ibis.cases(
        (pairs.before_ever, True),
        (pairs.before_hours.notnull(), by_hours),
        (pairs.before_days > 0, pairs.day_f >= pairs.day - pairs.before_days),
        else_=from_signal,
    )


def _once_each(rows: ir.Table, parameters: Parameters, plan: Plan) -> ir.Table:
    """At most one opportunity in so many days, counted from the one before that was kept.

    Which one is kept depends on the last kept, so each round keeps every person's first and
    lets go what is too near it; rounds are few, and nothing loops over people.
    """
    rows = rows.join(parameters.rules.select("rule", "once_days"), "rule")
    # two reviews that fall due at once are two, though one event answered both before
    signals = parameters.signals
    of_its_own = ibis.ifelse(signals.family == "overdue", signals.signal_no, 0)
    rows = rows.join(signals.select(*SIGNAL, review=of_its_own), SIGNAL)
    order = [ibis._.second, ibis._.signal_no, ibis._.anchor, ibis._.anchor_second]
    alone = ibis.window(
        group_by=["rule", "who", "anchor", "day", "review"],
        order_by=[ibis._.signal_no, *order],
    )
    each = rows.filter(rows.once_days.isnull())
    each = each.mutate(place=ibis.row_number().over(alone))
    kept = plan.keep("kept", each.filter(each.place == 0).select(*CANDIDATE))
    left = plan.keep("left_over", rows.filter(rows.once_days.notnull()))
    first = ibis.window(group_by=["rule", "who"], order_by=order)
    placed = left.mutate(place=ibis.row_number().over(first))
    chosen = ibis.table(left.schema(), name="chosen")
    last = chosen.select("rule", "who", last_day="day")
    beyond = left.join(last, ["rule", "who"])
    beyond = beyond.filter(beyond.day - beyond.last_day >= beyond.once_days)
    plan.repeat(
        "left_over",
        adding="kept",
        chosen=placed.filter(placed.place == 0).drop("place"),
        kept=chosen.select(*CANDIDATE),
        left_over=beyond.drop("last_day"),
    )
    return kept
