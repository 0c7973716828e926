"""The facts that rules look at: every row's concepts, when they stand and how long they last.

A fact stands at a second and on a day, both counted from 1 January 1970 in local time, so
that every comparison is of whole numbers and the same on any engine. Where only the date is
known, `has_time` is false and only the day counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from theograph.opportunities.parameters import Parameters
from theograph.opportunities.plan import Plan

DAY_SECONDS = 86_400
FOREVER = 10_000_000  # a day no record reaches
_LONG_AGO = "1900-01-01"  # where a condition without an onset stands


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the people looked at.

    `people`: who (a number in place of the reference, for speed), person_ref, as_of, died
    (days), date_of_birth, age_years, age_at, sex. `facts`: one row a fact and concept.
    `spans`: who, concept, begin, finish (days, both included) and the fact each began with.
    `coverage`: who, sector, begin, finish (days).
    """

    people: ir.Table
    facts: ir.Table
    spans: ir.Table
    coverage: ir.Table


def gather_facts(tables: Mapping[str, ir.Table], parameters: Parameters, plan: Plan) -> Facts:
    """Read the facts out of `tables`: people, events, measures, conditions, feeds.

    A person's own `data_to` ends what is known of them, else the one day of `parameters`.
    """
    people = plan.keep("seen_people", _describe_people(tables["people"], parameters))
    concepts = parameters.concepts

    def of_people(name: str) -> ir.Table:
        whose = people.select("person_ref", "who", "as_of")
        return tables[name].join(whose, "person_ref").drop("person_ref")

    every = ibis.union(
        _event_facts(of_people("events"), concepts),
        _measure_facts(of_people("measures"), concepts),
        _condition_facts(of_people("conditions"), concepts),
    )
    facts = plan.keep("facts", every.filter(every.day <= every.as_of))
    spans = plan.keep("spans", _find_spans(facts.filter(facts.lasts)))
    coverage = plan.keep(
        "coverage", _find_coverage(tables["events"], tables["feeds"], people, parameters)
    )
    return Facts(people, facts.drop("lasts"), spans, coverage)


def day_of(moment: ir.Value) -> ir.IntegerValue:
    """The day of a date or an instant."""
    return moment.cast("date").epoch_days().cast("int64")


def second_of(moment: ir.TimestampValue) -> ir.IntegerValue:
    """The second of an instant."""
    return moment.epoch_seconds().cast("int64")


def day_of_second(second: ir.IntegerValue) -> ir.IntegerValue:
    """The day that a second belongs to."""
    return (second // DAY_SECONDS).cast("int64")


def merge_spans(rows: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """Spans `[begin, finish]` of one `by` that overlap or adjoin, made one; `fact_id` and
    `second` are those it begins with."""
    order = [rows.begin, rows.finish, rows.second, rows.fact_id]
    so_far = ibis.cumulative_window(group_by=by, order_by=order)
    reached = rows.mutate(reach=rows.finish.max().over(so_far))
    each = ibis.window(group_by=by, order_by=["begin", "finish", "second", "fact_id"])
    parted = reached.mutate(before=reached.reach.lag().over(each))
    starts = (parted.before.isnull() | (parted.begin > parted.before + 1)).cast("int64")
    parted = parted.mutate(starts=starts)
    numbered = parted.mutate(
        island=parted.starts.sum().over(
            ibis.cumulative_window(group_by=by, order_by=["begin", "finish", "second", "fact_id"])
        )
    )
    first = ibis.window(group_by=[*by, "island"], order_by=["second", "fact_id"])
    named = numbered.mutate(place=ibis.row_number().over(first))
    ends = named.group_by(*by, "island").agg(begin=named.begin.min(), finish=named.finish.max())
    opened = named.filter(named.place == 0).select(*by, "island", "fact_id", "second", "has_time")
    return ends.join(opened, [*by, "island"]).drop("island")


def _describe_people(people: ir.Table, parameters: Parameters) -> ir.Table:
    people = people.cross_join(parameters.day)
    last = ibis.coalesce(people.data_to, people.last_day)
    return people.select(
        "person_ref",
        "date_of_birth",
        "age_years",
        "age_at",
        "sex",
        who=ibis.row_number().over(ibis.window(order_by="person_ref")),
        as_of=day_of(last),
        died=day_of(people.date_of_death),
    )


def _event_facts(events: ir.Table, concepts: ir.Table) -> ir.Table:
    """Episodes of one spell are folded into one; then a row for each concept."""
    told = events.concepts.notnull()
    single = events.filter(events.spell_id.isnull() & told).select(
        "who",
        "as_of",
        "has_time",
        "provider",
        "team",
        "clinician",
        "units_per_week",
        "concepts",
        fact_id=events.event_id,
        began=events.start,
        ended=ibis.ifelse(events.ongoing, ibis.null("timestamp"), events.end),
        ongoing=events.ongoing,
        ready=events.ready_at,
        requested=events.requested_at,
        cost_pence=events.cost_pence,
    )
    folded = _fold_spells(events.filter(events.spell_id.notnull()))
    folded = folded.filter(folded.concepts.notnull()).select(*single.columns)
    # one stay may say a thing in several of its episodes
    rows = ibis.union(_explode(single, concepts), _explode(folded, concepts).distinct())
    moment = ibis.ifelse(rows.at_end, rows.ended, rows.began)
    # whether a time is known is recorded of the start; an end at midnight has none
    timed = ibis.ifelse(rows.at_end, second_of(rows.ended) % DAY_SECONDS != 0, rows.has_time)
    rows = rows.mutate(moment=moment, has_time=timed)
    rows = rows.filter(rows.moment.notnull())
    return rows.select(
        "who",
        "as_of",
        "concept",
        "fact_id",
        "has_time",
        "provider",
        "team",
        "clinician",
        "units_per_week",
        "ongoing",
        "lasts",
        second=second_of(rows.moment),
        day=day_of(rows.moment),
        until=day_of(rows.ended),
        stands=ibis.literal(FOREVER, type="int64"),
        start_second=second_of(rows.began),
        end_second=second_of(rows.ended),
        ready_second=second_of(rows.ready),
        requested_second=second_of(rows.requested),
        cost_pence=rows.cost_pence,
    )


def _explode(rows: ir.Table, concepts: ir.Table) -> ir.Table:
    """A row for each concept that any rule uses."""
    # few things are said, and often: what they mean is looked up once for all who say them
    said = rows.filter(rows.concepts.notnull()).select("concepts").distinct()
    said = said.mutate(key=said.concepts.split(";").unnest())
    meant = said.join(concepts.drop("long_term"), "key").drop("key")
    return rows.join(meant, "concepts").drop("concepts")


def _fold_spells(events: ir.Table) -> ir.Table:
    spell = ["who", "provider", "source_mapping", "spell_id"]
    whole = ibis.window(group_by=spell)
    first = ibis.window(group_by=spell, order_by=["start", "event_id"])
    ongoing = events.ongoing.cast("int64").max().over(whole) == 1

    # a struct is never null: on Spark the first of a window passes over nulls, whatever is asked
    names = ("event_id", "has_time", "team", "clinician", "units_per_week")
    earliest = ibis.struct({name: events[name] for name in names})
    earliest = earliest.first(include_null=True).over(first)

    def of_first(name: str) -> ir.Value:
        return earliest[name]

    return events.select(
        "who",
        "as_of",
        "provider",
        "concepts",
        fact_id=of_first("event_id"),
        has_time=of_first("has_time"),
        team=of_first("team"),
        clinician=of_first("clinician"),
        units_per_week=of_first("units_per_week"),
        began=events.start.min().over(whole),
        ended=ibis.ifelse(ongoing, ibis.null("timestamp"), events.end.max().over(whole)),
        ongoing=ongoing,
        ready=events.ready_at.max().over(whole),
        requested=events.requested_at.min().over(whole),
        cost_pence=events.cost_pence.sum().over(whole).cast("int64"),
    )


def _measure_facts(measures: ir.Table, concepts: ir.Table) -> ir.Table:
    """A reading stands until the day before the next of the same measure."""
    rows = measures.mutate(on=day_of(measures.measured_at))
    latest = ibis.window(
        group_by=["who", "measure", "on"],
        order_by=[rows.value.desc(nulls_first=False), rows.concepts.desc(nulls_first=False)],
    )
    ranked = rows.mutate(place=ibis.row_number().over(latest))
    days = ranked.filter(ranked.place == 0)
    following = ibis.window(group_by=["who", "measure"], order_by="on")
    days = days.select("who", "measure", "on", next_on=days.on.lead().over(following))
    rows = ranked.join(days, ["who", "measure", "on"])
    stands = ibis.ifelse(
        rows.place == 0, ibis.coalesce(rows.next_on - 1, FOREVER), rows.on - 1
    ).cast("int64")
    rows = rows.mutate(stands=stands).filter(rows.concepts.notnull())
    name = "measure:" + rows.measure + ":" + rows.measured_at.cast("date").cast("string")
    return _plain_facts(
        rows.mutate(
            fact_id=name, second=second_of(rows.measured_at), day=rows.on, stands=rows.stands
        ),
        concepts,
    )


def _condition_facts(conditions: ir.Table, concepts: ir.Table) -> ir.Table:
    rows = conditions.filter(conditions.concepts.notnull())
    onset = ibis.coalesce(rows.onset.cast("date"), ibis.date(_LONG_AGO))
    name = "condition:" + onset.cast("string") + ":" + rows.condition.substr(0, 40)
    last = ibis.coalesce(day_of(rows.end), FOREVER)
    return _plain_facts(
        rows.mutate(
            fact_id=name,
            has_time=ibis.literal(False),
            second=day_of(onset) * DAY_SECONDS,
            day=day_of(onset),
            stands=last.cast("int64"),
        ),
        concepts,
    )


def _plain_facts(rows: ir.Table, concepts: ir.Table) -> ir.Table:
    """Facts of rows that are not events: no team, no length, no cost."""
    number, text = ibis.null("int64"), ibis.null("string")
    each = _explode(
        rows.select("who", "as_of", "fact_id", "has_time", "second", "day", "stands", "concepts"),
        concepts,
    )
    # said twice of one day it is one fact, which stands as long as either
    same = [name for name in each.columns if name != "stands"]
    each = each.group_by(same).agg(stands=each.stands.max())
    return each.select(
        "who",
        "as_of",
        "concept",
        "fact_id",
        "has_time",
        provider=text,
        team=text,
        clinician=text,
        units_per_week=ibis.null("float64"),
        ongoing=ibis.literal(False),
        lasts=each.lasts,
        second=each.second,
        day=each.day,
        until=number,
        stands=each.stands,
        start_second=number,
        end_second=number,
        ready_second=number,
        requested_second=number,
        cost_pence=number,
    )


def _find_spans(facts: ir.Table) -> ir.Table:
    rows = facts.filter(facts.stands >= facts.day).select(
        "who",
        "concept",
        "fact_id",
        "second",
        "has_time",
        begin=facts.day,
        finish=facts.stands,
    )
    return merge_spans(rows, ("who", "concept"))


def _find_coverage(
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
    any_of = _as_spans(reach.select("sector", "begin", "finish").distinct())
    any_of = merge_spans(any_of, ("sector",))
    other = unused.join(any_of, "sector").select("who", "sector", "begin", "finish")
    merged = merge_spans(_as_spans(own.distinct()), ("who", "sector"))
    return ibis.union(merged.select(*other.columns), other)


def _as_spans(rows: ir.Table) -> ir.Table:
    return rows.mutate(
        second=ibis.literal(0, type="int64"),
        fact_id=ibis.literal(""),
        has_time=ibis.literal(False),
    )
