"""The app's only door to data: a few questions, whoever answers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from theograph.app.data_facts import DataDesk
from theograph.app.method_facts import MethodFacts
from theograph.journey import Journey


class PersonHit(Protocol):
    """One person found by a search."""

    @property
    def ref(self) -> str: ...
    @property
    def person_id(self) -> str: ...
    @property
    def name(self) -> str | None: ...
    @property
    def events(self) -> int: ...
    @property
    def first(self) -> date | None: ...
    @property
    def last(self) -> date | None: ...


class UnitCost(Protocol):
    """The unit-cost line behind a tariff cost."""

    @property
    def activity(self) -> str: ...
    @property
    def cost_pence(self) -> int | None: ...
    @property
    def source(self) -> str: ...
    @property
    def verified(self) -> str: ...


class SignalText(Protocol):
    """One thing that a rule looks for, in words."""

    @property
    def say(self) -> str: ...


class SourceText(Protocol):
    """On whose word a rule stands, and what of it is ours."""

    @property
    def title(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def basis(self) -> str: ...
    @property
    def windows(self) -> str: ...
    @property
    def verified(self) -> str: ...
    @property
    def notes(self) -> str: ...


class RuleText(Protocol):
    """What a rule says to its readers."""

    @property
    def title(self) -> str: ...
    @property
    def plain(self) -> str: ...
    @property
    def expected(self) -> str: ...
    @property
    def action(self) -> str: ...
    @property
    def theme(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def signals(self) -> Sequence[SignalText]: ...
    @property
    def source(self) -> SourceText: ...


class ConceptText(Protocol):
    """What a concept is called and means."""

    @property
    def title(self) -> str: ...
    @property
    def meaning(self) -> str: ...


FindRule = Callable[[str], RuleText | None]
FindConcept = Callable[[str], ConceptText | None]


def know_none(_: str) -> None:
    """Answers every key with None."""


def name_none() -> tuple[str, ...]:
    """Answers that there are none."""
    return ()


def know_no_method() -> MethodFacts:
    """Answers that there is neither rule nor concept nor unit cost."""
    return MethodFacts(rules={}, concepts={}, cases=lambda _: (), unit_costs=())


@dataclass(frozen=True, slots=True)
class Services:
    """What the pages may ask for.

    `open_journey(ref)` raises `UnknownPersonError`; `search_people(text, limit)` answers the
    first `limit` people whose name or identifier holds `text`, all people for an empty text;
    `unit_cost(code)` answers None for a code that is in no unit-cost file, `rule(id)` and
    `concept(key)` for one there is no longer; `rule_ids()` names the rules in force;
    `method()` holds all rules, concepts and unit costs.

    These answer from the snapshot in force. `bind(name)` gives the same from one snapshot, for
    a page that shows it, and raises `SnapshotGoneError` once it has been let go; without it
    there is one snapshot only. `desk` is the Data page's, None where nothing can be imported.
    """

    open_journey: Callable[[str], Journey]
    search_people: Callable[[str, int], Sequence[PersonHit]]
    unit_cost: Callable[[str], UnitCost | None]
    rule: FindRule = know_none
    concept: FindConcept = know_none
    rule_ids: Callable[[], Sequence[str]] = name_none
    method: Callable[[], MethodFacts] = know_no_method
    bind: Callable[[str | None], Services] | None = None
    desk: DataDesk | None = None

    def at(self, snapshot: str | None) -> Services:
        """The same, answered from that snapshot; of None, from the one in force now."""
        return self if self.bind is None else self.bind(snapshot)
