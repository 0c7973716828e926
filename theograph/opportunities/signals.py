"""Finding signals: one function a family, each for every rule of that family at once.

A candidate is a rule, the number of its signal, a person, and the fact on which the signal
stands (`anchor`), with the second and day of the signal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from theograph.opportunities.counted import (
    find_count,
    find_distinct,
    find_low_shares,
    find_share,
    find_stopped,
    list_shared,
)
from theograph.opportunities.days import DAY_SECONDS, day_of_second
from theograph.opportunities.facts import Facts
from theograph.opportunities.packages import find_stepped_up, pair_packages
from theograph.opportunities.parameters import DISTINCT, Parameters
from theograph.opportunities.plan import Plan
from theograph.opportunities.reviews import find_overdue
from theograph.opportunities.roles import CANDIDATE, SIGNAL, STANDING, facts_in_role, uses_of

_WHO: Final = ("team", "provider", "clinician")
_INSTANTS: Final = (
    "as_of",
    "ongoing",
    "start_second",
    "end_second",
    "ready_second",
    "requested_second",
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Every candidate, numbered, and for some families what it is made of beside its anchor:
    tables of the signal, `anchor`, `anchor_second`, `fact_id` and `at` (second)."""

    rows: ir.Table
    made_of: tuple[ir.Table, ...]


def find_candidates(facts: Facts, parameters: Parameters, plan: Plan) -> Candidates:
    """Every candidate of every family."""
    made_of: list[ir.Table] = []

    def seen(family: str, *columns: str, settings: tuple[str, ...] = ()) -> ir.Table:
        rows = facts_in_role(facts, parameters, "signal", *columns, family=family)
        return rows.join(parameters.signals.select(*SIGNAL, *settings), SIGNAL)

    def find_shares() -> ir.Table:
        rows = seen("share", "as_of", *_WHO, settings=("of", "in_days"))
        low = plan.keep("low_shares", find_low_shares(rows, parameters.signals))
        last = plan.keep("shares", find_share(low))
        made_of.append(list_shared(low, last))
        return last

    def find_packages() -> ir.Table:
        packages = plan.keep("packages", pair_packages(facts, parameters))
        made_of.append(packages)
        return find_stepped_up(facts, packages, parameters)

    least = tuple(f"least_{name}" for name in DISTINCT)
    finders: dict[str, Callable[[], ir.Table]] = {
        "each": lambda: _find_each(seen("each")),
        "count": lambda: find_count(seen("count", settings=("n", "in_days"))),
        "distinct": lambda: find_distinct(
            seen("distinct", *_WHO, settings=("n", "in_days", *least))
        ),
        "begins": lambda: _find_begins(facts, parameters),
        "lasting": lambda: _find_lasting(
            seen("lasting", *_INSTANTS, settings=("of", "to", "in_days"))
        ),
        "stopped": lambda: find_stopped(
            seen("stopped", "as_of", settings=("n", "in_days", "silent_days"))
        ),
        "overdue": lambda: find_overdue(facts, parameters, plan),
        "share": find_shares,
        "stepped_up": find_packages,
    }

    def find(family: str) -> ir.Table:
        rows = finders[family]()
        if "anchor_second" not in rows.columns:  # the signal stands where its anchor does
            rows = rows.mutate(anchor_second=rows.second)
        return plan.keep(f"candidates_{family}", rows.select(*STANDING))

    found = [find(family) for family in sorted(parameters.families)]
    every = ibis.union(*found) if len(found) > 1 else found[0]
    every = every.mutate(candidate=ibis.row_number().over(ibis.window())).select(*CANDIDATE)
    return Candidates(plan.keep("candidates", every), tuple(made_of))


def _find_each(seen: ir.Table) -> ir.Table:
    return seen.mutate(anchor=seen.fact_id)


def _find_begins(facts: Facts, parameters: Parameters) -> ir.Table:
    """A state that begins: the first fact of an unbroken span."""
    begins = uses_of(parameters, "begins", "signal")
    rows = facts.spans.join(begins, "concept")
    rows = rows.mutate(anchor=rows.fact_id, anchor_second=rows.second, day=rows.begin)
    return rows.select(*STANDING).distinct()


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
