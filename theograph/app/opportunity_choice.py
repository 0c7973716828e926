"""Which opportunities an address asks for, and which events belong to the selected one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from theograph.app.address import JourneyAddress, choose_view, find_event
from theograph.app.services import FindRule, RuleText
from theograph.figures import View
from theograph.figures.opportunity_list import (
    Opportunity,
    find_opportunity,
    list_opportunities,
)
from theograph.figures.opportunity_selection import list_roles
from theograph.journey import Journey


@dataclass(frozen=True, slots=True)
class Choice:
    """The opportunities that an address shows, and those it could."""

    shown: list[Opportunity]
    everything: list[Opportunity]
    themes: list[str]

    @property
    def open(self) -> list[Opportunity]:
        """Those still open, the first to act on first."""
        found = [one for one in self.shown if one.status == "open"]
        return sorted(found, key=lambda one: (one.due or pd.Timestamp.max, one.row))

    @property
    def closed(self) -> list[Opportunity]:
        """The others, by time."""
        return [one for one in self.shown if one.status != "open"]


def choose_opportunities(journey: Journey, address: JourneyAddress, rule: FindRule) -> Choice:
    """The opportunities of the address's status, theme and severity.

    A theme that none of them has is ignored; a rule that is gone has no theme or severity.
    """
    everything = list_opportunities(journey)
    rules = {one.rule: rule(one.rule) for one in everything}
    themes = sorted({found.theme for found in rules.values() if found is not None})
    theme = address.theme if address.theme in themes else ""
    shown = [
        one
        for one in everything
        if _has_status(one, address.status)
        and _fits(rules[one.rule], theme=theme, severity=address.severity)
    ]
    return Choice(shown, everything, themes)


def choose_whole_view(journey: Journey, address: JourneyAddress, rule: FindRule) -> View:
    """What to draw for `address`, with the opportunities that it shows."""
    rows = tuple(one.row for one in choose_opportunities(journey, address, rule).shown)
    usual = (address.status, address.theme, address.severity) == ("due", "", "any")
    return replace(choose_view(address, journey), opportunities=None if usual else rows)


def find_evidence(journey: Journey, row: int | None) -> dict[str, list[int]]:
    """The row numbers, in `Journey.events`, of each part in opportunity number `row`."""
    one = find_opportunity(journey, row)
    parts: dict[str, list[int]] = {}
    for event_id, part in (list_roles(one) if one is not None else {}).items():
        event = find_event(journey, event_id)
        if event is not None:
            parts.setdefault(part, []).append(event)
    return {part: sorted(rows) for part, rows in parts.items()}


def find_first_evidence(journey: Journey, row: int | None) -> int | None:
    """The row number of the earliest event by which opportunity number `row` was seen."""
    parts = find_evidence(journey, row)
    return min([*parts.get("signal", []), *parts.get("evidence", [])], default=None)


def _has_status(one: Opportunity, status: str) -> bool:
    if status == "due":
        return one.number is not None
    return status in ("all", one.status)


def _fits(rule: RuleText | None, *, theme: str, severity: str) -> bool:
    if rule is None:
        return not theme and severity == "any"
    return theme in ("", rule.theme) and severity in ("any", rule.severity)
