"""What each signal looks for, and the columns by which signals and candidates are told apart."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from theograph.opportunities.days import DAY_SECONDS
from theograph.opportunities.facts import Facts
from theograph.opportunities.parameters import Parameters

SIGNAL: Final = ["rule", "signal_no"]
OF_PERSON: Final = [*SIGNAL, "who"]
PLACED: Final = ("fact_id", "second", "has_time", "day")
STAY: Final = [*OF_PERSON, "anchor", "anchor_second"]  # an event may stand at start and end
STANDING: Final = [*STAY, "second", "has_time", "day"]
CANDIDATE: Final = ["candidate", *STANDING]  # numbered, so that it can be met again by one number


def facts_in_role(
    facts: Facts, parameters: Parameters, role: str, *columns: str, family: str
) -> ir.Table:
    """The facts that each signal of `family` uses in `role`, each fact once: `rule`,
    `signal_no`, `who`, where and when it stands, and `columns` of its event."""
    uses = uses_of(parameters, family, role)
    rows = (facts.describe(uses) if columns else facts.facts).join(uses, "concept")
    # only where a role has several concepts can a fact be there twice
    once = rows.filter(rows.alone).select(*OF_PERSON, *PLACED, *columns)
    several = rows.filter(~rows.alone).select(*OF_PERSON, *PLACED, *columns)
    return ibis.union(once, several.distinct())


def uses_of(parameters: Parameters, family: str, role: str) -> ir.Table:
    """The concepts that each signal of `family` uses in `role`, and whether each is `alone` in
    it."""
    signals, uses = parameters.signals, parameters.uses
    uses = uses.filter(uses.role == role).drop("role")
    return uses.semi_join(signals.filter(signals.family == family), SIGNAL)


def on_day(rows: ir.Table, day: ir.IntegerValue) -> ir.Table:
    """The candidates moved to `day`, of which no time is known."""
    moved = rows.mutate(day=day)
    return moved.mutate(second=moved.day * DAY_SECONDS, has_time=ibis.literal(False))
