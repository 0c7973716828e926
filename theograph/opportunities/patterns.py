"""The patterns that a signal may be of, and what narrows it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from theograph.opportunities.lengths import Days, Strict

Column = Literal["day", "team", "provider", "clinician"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Keys = Annotated[tuple[Key, ...], Field(min_length=1)]


class Distinct(Strict):
    """How many different values of each column there must be."""

    day: int | None = None
    team: int | None = None
    provider: int | None = None
    clinician: int | None = None

    @property
    def wanted(self) -> dict[Column, int]:
        """The columns named, and how many values of each."""
        columns: tuple[Column, ...] = ("day", "team", "provider", "clinician")
        return {name: n for name in columns if (n := getattr(self, name)) is not None}


class Lasting(Strict):
    """A span between two instants of one event that is too long."""

    from_: Literal["ready_at", "requested_at", "start"] = Field(alias="from")
    to: Literal["start", "end"]
    at_least: Days


class Stopped(Strict):
    """A regular activity that ended: so many days of it, then none for a time."""

    at_least: int
    in_: Days = Field(alias="in")
    silent: Days


class Overdue(Strict):
    """A review that falls due so long after the last, while a condition stands."""

    while_: Keys = Field(alias="while")
    after: Days


class Share(Strict):
    """The largest share of one value of a column, below what it should be."""

    of: Literal["clinician", "team", "provider"]
    in_: Days = Field(alias="in")
    at_least: int
    below: float


class SteppedUp(Strict):
    """Something that begins larger, soon after the event ends, than it last was before."""

    any: Keys
    column: Literal["units_per_week"]
    times: float
    within: Days


class After(Strict):
    """So many of these, no longer than that before the signal."""

    any: Keys
    at_least: int = 1
    within: Days


class Rising(Strict):
    """More often of late than in the time before."""

    any: Keys
    in_: Days = Field(alias="in")
    against: Days
    times: float
    at_least: int


class Where(Strict):
    """Whom the signal is about. `has`: any one of these lasting concepts stands."""

    age_at_least: int | None = None
    age_below: int | None = None
    sex: Literal["female", "male"] | None = None
    has: tuple[Key, ...] = ()
    conditions_at_least: int = 0


class Checks(Strict):
    """The parts of a whole answer, listed as recorded or not; they decide nothing."""

    say: Text
    any: Keys
    within: Days
