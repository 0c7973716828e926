"""The app's only door to data: three questions, whoever answers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class Services:
    """What the pages may ask for.

    `open_journey(ref)` raises `UnknownPersonError`; `search_people(text, limit)` answers the
    first `limit` people whose name or identifier holds `text`, all people for an empty text;
    `unit_cost(code)` answers None for a code that is in no unit-cost file.
    """

    open_journey: Callable[[str], Journey]
    search_people: Callable[[str, int], Sequence[PersonHit]]
    unit_cost: Callable[[str], UnitCost | None]
