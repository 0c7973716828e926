"""Lengths of time and windows of time, as a rule's file writes them."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

_DURATION = re.compile(r"^(\d{1,5}) (day|hour)s?$")


class Strict(BaseModel):
    """A part of a rule: unknown keys are refused, and nothing changes afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(Strict):
    """A length of time: whole days, or hours where the clock matters."""

    days: int = 0
    hours: int | None = None
    ever: bool = False

    @property
    def counts(self) -> bool:
        """Whether it is any length at all."""
        return self.ever or bool(self.days if self.hours is None else self.hours)

    def __str__(self) -> str:
        if self.ever:
            return "ever"
        count, unit = (self.days, "day") if self.hours is None else (self.hours, "hour")
        return f"{count} {unit}{'' if count == 1 else 's'}"


def _read_span(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value == "ever":
        return Span(ever=True)
    found = _DURATION.match(value)
    if found is None:
        raise ValueError(f"'{value}' is no length of time; write it as '28 days' or '2 hours'")
    count = int(found[1])
    return Span(days=count) if found[2] == "day" else Span(hours=count)


def _read_days(value: Any) -> Any:
    span = _read_span(value)
    if isinstance(span, Span):
        if span.hours is not None or span.ever:
            raise ValueError(f"'{value}' must be whole days, such as '28 days'")
        return span.days
    raise ValueError(f"'{value}' is no length of time; write it as '28 days'")


Days = Annotated[int, BeforeValidator(_read_days)]
Length = Annotated[Span, BeforeValidator(_read_span)]


class Window(Strict):
    """The time around a signal in which something counts, both ends included."""

    before: Length = Span()
    after: Length = Span()


def _read_window(value: Any) -> Any:
    return {"after": value} if isinstance(value, str) else value


Within = Annotated[Window, BeforeValidator(_read_window)]
