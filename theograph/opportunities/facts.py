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

from theograph.opportunities.days import DAY_SECONDS, day_of, second_of
from theograph.opportunities.parameters import Parameters
from theograph.opportunities.plan import Plan
from theograph.opportunities.spans import find_coverage, find_spans

FOREVER = 10_000_000  # a day no record reaches
_LONG_AGO = "1900-01-01"  # where a condition without an onset stands
_FACT = ("who", "concept", "fact_id", "has_time", "second", "day")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the people looked at.

    `people`: who (a number in place of the reference, for speed), person_ref, as_of, died
    (days), date_of_birth, age_years, age_at, sex. `facts`: one row a fact and concept: who,
    concept, fact_id, has_time, second, day. `events`: one row an event or stay that means
    anything, `meanings` the concepts of what they say, `plain` the facts that are no events.
    `spans`: who, concept, begin, finish (days, both included) and the fact each began with.
    `coverage`: who, sector, begin, finish (days).
    """

    people: ir.Table
    facts: ir.Table
    events: ir.Table
    meanings: ir.Table
    plain: ir.Table
    spans: ir.Table
    coverage: ir.Table

    def describe(self, uses: ir.Table) -> ir.Table:
        """The facts of the concepts in `uses`, with all that their events say. Worked out where
        it is asked for: few signals ask, and keeping it for all would cost the most."""
        meanings = self.meanings.semi_join(uses, "concept")
        plain = self.plain.semi_join(uses, "concept")
        return ibis.union(_describe_events(self.events, meanings), _as_described(plain))


def gather_facts(tables: Mapping[str, ir.Table], parameters: Parameters, plan: Plan) -> Facts:
    """Read the facts out of `tables`: people, events, measures, conditions, feeds.

    A person's own `data_to` ends what is known of them, else the one day of `parameters`.
    """
    people = plan.keep("seen_people", _describe_people(tables["people"], parameters))
    concepts = parameters.concepts

    def of_people(name: str) -> ir.Table:
        whose = people.select("person_ref", "who", "as_of")
        return tables[name].join(whose, "person_ref").drop("person_ref")

    events = plan.keep("seen_events", _gather_events(of_people("events")))
    meanings = plan.keep("meanings", _look_up_meanings(events, concepts))
    readings = _measure_facts(of_people("measures"), concepts)
    plain = ibis.union(readings, _condition_facts(of_people("conditions"), concepts))
    plain = plan.keep("plain_facts", plain)
    told = _describe_events(events, meanings)
    facts = ibis.union(*(rows.select(*_FACT, "lasts", "stands") for rows in (told, plain)))
    facts = plan.keep("facts", facts)
    spans = plan.keep("spans", find_spans(facts.filter(facts.lasts)))
    coverage = plan.keep(
        "coverage", find_coverage(tables["events"], tables["feeds"], people, parameters)
    )
    return Facts(people, facts.select(*_FACT), events, meanings, plain, spans, coverage)


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


def _gather_events(events: ir.Table) -> ir.Table:
    """Every event that means anything, the episodes of one spell folded into one."""
    single = events.filter(events.spell_id.isnull() & events.concepts.notnull())
    single = single.select(
        "who",
        "as_of",
        "has_time",
        "provider",
        "team",
        "clinician",
        "units_per_week",
        "concepts",
        fact_id=single.event_id,
        began=single.start,
        ended=ibis.ifelse(single.ongoing, ibis.null("timestamp"), single.end),
        ongoing=single.ongoing,
        ready=single.ready_at,
        requested=single.requested_at,
        cost_pence=single.cost_pence,
    )
    folded = _fold_spells(events.filter(events.spell_id.notnull()))
    return ibis.union(single, folded.select(*single.columns))


def _fold_spells(events: ir.Table) -> ir.Table:
    """One row a spell: what the first episode says, and what holds of them all."""
    spell = ["who", "provider", "source_mapping", "spell_id"]
    whole = ibis.window(group_by=spell)
    first = ibis.window(group_by=spell, order_by=["start", "event_id"])
    ongoing = events.ongoing.cast("int64").max().over(whole) == 1
    meant = events.concepts.fill_null("").collect().over(whole).sort().join(";")
    rows = events.mutate(
        fact_id=events.event_id,
        concepts=meant,
        began=events.start.min().over(whole),
        ended=ibis.ifelse(ongoing, ibis.null("timestamp"), events.end.max().over(whole)),
        ongoing=ongoing,
        ready=events.ready_at.max().over(whole),
        requested=events.requested_at.min().over(whole),
        cost_pence=events.cost_pence.sum().over(whole).cast("int64"),
        place=ibis.row_number().over(first),
    )
    return rows.filter(rows.place == 0)


def _look_up_meanings(events: ir.Table, concepts: ir.Table) -> ir.Table:
    """The concepts in each text of concepts: few things are said, and often, so that what they
    mean is looked up once for all who say them."""
    said = events.select("concepts").distinct()
    said = said.mutate(key=said.concepts.split(";").unnest()).distinct()
    return said.join(concepts.drop("long_term"), "key").drop("key")


def _describe_events(events: ir.Table, meanings: ir.Table) -> ir.Table:
    """A row for each event and each of its concepts that any rule uses."""
    rows = events.join(meanings, "concepts")
    moment = ibis.ifelse(rows.at_end, rows.ended, rows.began)
    # whether a time is known is recorded of the start; an end at midnight has none
    timed = ibis.ifelse(rows.at_end, second_of(rows.ended) % DAY_SECONDS != 0, rows.has_time)
    rows = rows.mutate(moment=moment, has_time=timed)
    rows = rows.filter(rows.moment.notnull() & (day_of(rows.moment) <= rows.as_of))
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
        stands=ibis.literal(FOREVER, type="int64"),
        until=day_of(rows.ended),
        start_second=second_of(rows.began),
        end_second=second_of(rows.ended),
        ready_second=second_of(rows.ready),
        requested_second=second_of(rows.requested),
        cost_pence=rows.cost_pence,
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
        rows.mutate(fact_id=name, second=second_of(rows.measured_at), day=rows.on),
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
    """Facts of rows that are not events."""
    rows = rows.filter(rows.day <= rows.as_of)
    each = rows.join(_look_up_meanings(rows, concepts), "concepts")
    # said twice of one day it is one fact, which stands as long as either
    by = ["as_of", *_FACT, "lasts"]
    each = each.group_by(by).agg(stands=each.stands.max())
    return each.select(*by, "stands")


def _as_described(plain: ir.Table) -> ir.Table:
    """Facts that are not events in the columns of those that are: no team, no length, no cost."""
    number, text = ibis.null("int64"), ibis.null("string")
    return plain.select(
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
        lasts=plain.lasts,
        second=plain.second,
        day=plain.day,
        stands=plain.stands,
        until=number,
        start_second=number,
        end_second=number,
        ready_second=number,
        requested_second=number,
        cost_pence=number,
    )
