"""One engine for every rule: rules and records in, opportunities out.

The whole is Ibis expressions over tables, so DuckDB and Spark work the same code. Nothing
loops over people or events; `tests/opportunities/reference.py` does, and must agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import ibis
import ibis.expr.types as ir

from theograph.kept_sql import keep_sql
from theograph.opportunities.days import date_of
from theograph.opportunities.evidence import find_evidence, list_in_order
from theograph.opportunities.facts import gather_facts
from theograph.opportunities.narrowing import KEY, narrow
from theograph.opportunities.outcomes import (
    add_status,
    add_window,
    find_consequences,
    find_responses,
    find_uncovered,
)
from theograph.opportunities.parameters import name_parameters, tabulate_rules
from theograph.opportunities.plan import Dialect, Plan, Rounds, Step
from theograph.opportunities.rule import Rule
from theograph.opportunities.signals import find_candidates
from theograph.opportunities.workbench import Workbench
from theograph.record.concepts import Concept
from theograph.record.tables import (
    CONDITIONS,
    EVENTS,
    FEEDS,
    MEASURES,
    OPPORTUNITIES,
    PEOPLE,
)

READ: Final = (PEOPLE, EVENTS, MEASURES, CONDITIONS, FEEDS)
FOUND: Final = "found"
ORDER: Final = ("person_ref", "signal_at", "rule", "signal_no", "anchor")


def detect_opportunities(
    bench: Workbench, rules: Mapping[str, Rule], concepts: Mapping[str, Concept], *, as_of: date
) -> None:
    """Keep as the table `found` the opportunities of everyone in the table `people`.

    The workbench has the tables people, events, measures, conditions and feeds as a snapshot
    does, tagged with `concepts`; events are of those people only. `as_of` is the last day of
    the data for people without their own. `found` has the columns of the standard.
    """
    for name, rows in tabulate_rules(rules, concepts, as_of=as_of).items():
        bench.give(name, rows)
    for step in write_plan(bench.dialect, find_families(rules)):
        if isinstance(step, Step):
            _take(bench, step)
        else:
            while bench.count(step.left):
                for again in step.steps:
                    _take(bench, again)


def find_families(rules: Mapping[str, Rule]) -> frozenset[str]:
    """The families of the signals of `rules`."""
    return frozenset(signal.family for rule in rules.values() for signal in rule.signals)


def _take(bench: Workbench, step: Step) -> None:
    if step.adds:
        bench.add(step.name, step.query)
    else:
        bench.keep(step.name, step.query)


@lru_cache(maxsize=32)
@keep_sql
def write_plan(dialect: Dialect, families: frozenset[str]) -> tuple[Step | Rounds, ...]:
    """The steps from the tables of a snapshot to `found`, for rules of these families."""
    plan = Plan(dialect)
    tables = {
        table.name: ibis.table(ibis.Schema.from_pyarrow(table.schema), name=table.name)
        for table in READ
    }
    parameters = name_parameters(families)
    facts = gather_facts(tables, parameters, plan)
    candidates = find_candidates(facts, parameters, plan)
    kept = narrow(candidates.rows, facts, parameters, plan)
    evidence = plan.keep("evidence", find_evidence(kept, candidates.made_of, facts, parameters))
    windowed = plan.keep("windowed", add_window(kept, facts, parameters))
    responses = plan.keep("responses", find_responses(windowed, facts, parameters))
    uncovered = plan.keep("uncovered", find_uncovered(windowed, facts, parameters))
    judged = plan.keep("judged", add_status(windowed, responses, uncovered))
    followed = plan.keep("followed", find_consequences(judged, evidence, facts, parameters))
    listed = list_in_order(evidence, name="evidence")
    plan.keep(FOUND, _write(judged, listed, followed, facts.people, parameters.rules))
    return tuple(plan.steps)


def _write(
    judged: ir.Table,
    evidence: ir.Table,
    followed: ir.Table,
    people: ir.Table,
    rules: ir.Table,
) -> ir.Table:
    rows = judged.join(evidence, KEY).join(people.select("who", "person_ref"), "who")
    rows = rows.left_join(followed, KEY).join(rules.select("rule", "rule_id"), "rule")
    assessable = rows.status != "not_assessable"
    columns = {
        "rule": rows.rule_id,
        "signal_at": _instant(rows.second),
        "window_start": _date(rows.window_start),
        "due": _date(rows.due),
        "response_at": _instant(rows.response_second),
        "consequence_at": _instant(rows.consequence_second),
        "consequences": _list(rows.consequences),
        "uncovered": ibis.ifelse(assessable, _list(ibis.null("array<string>")), rows.uncovered),
    }
    names = OPPORTUNITIES.names
    return rows.select(
        *((columns[name] if name in columns else rows[name]).name(name) for name in names)
    )


def _instant(second: ir.IntegerValue) -> ir.TimestampValue:
    moment = ibis.timestamp("1970-01-01") + second.as_interval("s")
    return ibis.ifelse(second.notnull(), moment, ibis.null("timestamp"))


def _date(day: ir.IntegerValue) -> ir.DateValue:
    return ibis.ifelse(day.notnull(), date_of(day), ibis.null("date"))


def _list(values: ir.ArrayValue) -> ir.ArrayValue:
    return ibis.coalesce(values, ibis.literal([], type="array<string>"))
