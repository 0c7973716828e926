"""The algebra of missed opportunities: a signal, the response it asks for, what followed.

A rule is a TOML file in `rules/`; its name is the rule's id. A site's own files go over ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from theograph.errors import MappingError
from theograph.record.concepts import Concept
from theograph.record.sectors import SECTOR_KEYS
from theograph.record.toml_files import read_folders

FOLDER = Path(__file__).with_name("rules")

Severity = Literal["high", "medium", "low"]
Basis = Literal[
    "guideline",
    "evidence",
    "policy",
    "standard",
    "statutory duty",
    "measure definition",
    "design choice",
]
Column = Literal["day", "team", "provider", "clinician"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Keys = Annotated[tuple[Key, ...], Field(min_length=1)]

_DURATION = re.compile(r"^(\d{1,5}) (day|hour)s?$")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Strict):
    """A length of time: whole days, or hours where the clock matters."""

    days: int = 0
    hours: int | None = None
    ever: bool = False

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


class Window(_Strict):
    """The time around a signal in which something counts, both ends included."""

    before: Length = Span()
    after: Length = Span()


def _read_window(value: Any) -> Any:
    return {"after": value} if isinstance(value, str) else value


Within = Annotated[Window, BeforeValidator(_read_window)]


class Distinct(_Strict):
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


class Lasting(_Strict):
    """A span between two instants of one event that is too long."""

    from_: Literal["ready_at", "requested_at", "start"] = Field(alias="from")
    to: Literal["start", "end"]
    at_least: Days


class Stopped(_Strict):
    """A regular activity that ended: so many days of it, then none for a time."""

    at_least: int
    in_: Days = Field(alias="in")
    silent: Days


class Overdue(_Strict):
    """A review that falls due so long after the last, while a condition stands."""

    while_: Keys = Field(alias="while")
    after: Days


class Share(_Strict):
    """The largest share of one value of a column, below what it should be."""

    of: Literal["clinician", "team", "provider"]
    in_: Days = Field(alias="in")
    at_least: int
    below: float


class SteppedUp(_Strict):
    """Something that begins larger, soon after the event ends, than it last was before."""

    any: Keys
    column: Literal["units_per_week"]
    times: float
    within: Days


class After(_Strict):
    """So many of these, no longer than that before the signal."""

    any: Keys
    at_least: int = 1
    within: Days


class Rising(_Strict):
    """More often of late than in the time before."""

    any: Keys
    in_: Days = Field(alias="in")
    against: Days
    times: float
    at_least: int


class Where(_Strict):
    """Whom the signal is about. `has`: any one of these lasting concepts stands."""

    age_at_least: int | None = None
    age_below: int | None = None
    sex: Literal["female", "male"] | None = None
    has: tuple[Key, ...] = ()
    conditions_at_least: int = 0


FAMILIES = (
    "count",
    "distinct",
    "begins",
    "lasting",
    "stopped",
    "overdue",
    "share",
    "stepped_up",
)


class Signal(_Strict):
    """What is seen in the record that says something could be done."""

    say: Text
    any: Keys
    count: int | None = Field(default=None, ge=2)
    in_: Days | None = Field(default=None, alias="in")
    distinct: Distinct | None = None
    begins: bool = False
    lasting: Lasting | None = None
    stopped: Stopped | None = None
    overdue: Overdue | None = None
    share: Share | None = None
    stepped_up: SteppedUp | None = None
    after: After | None = None
    rising: Rising | None = None
    where: Where = Where()
    within: Within | None = None

    @model_validator(mode="after")
    def _is_of_one_family(self) -> Signal:
        named = [name for name in FAMILIES if getattr(self, name)]
        if len(named) > 1:
            raise ValueError(f"is both {named[0]} and {named[1]}; make two signals")
        counted = self.count is not None or self.distinct is not None
        if counted != (self.in_ is not None):
            raise ValueError("count and distinct go together with in, such as in = '90 days'")
        return self

    @property
    def family(self) -> str:
        """Which of the families it is of; `each` when every event is a signal."""
        return next((name for name in FAMILIES if getattr(self, name)), "each")


class Unless(_Strict):
    """What excuses: an event touching the time about the signal, or something that stands."""

    any: tuple[Key, ...] = ()
    before: Length = Span()
    after: Length = Span()
    has: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _names_one(self) -> Unless:
        if bool(self.any) == bool(self.has):
            raise ValueError("name either any or has")
        return self


class Response(_Strict):
    """What was expected, and by when. The reviews of an overdue signal need no `any`."""

    any: tuple[Key, ...] = ()
    within: Within
    amber: Days | None = None


class Consequence(_Strict):
    """What may follow: events within a time, or the signal event itself."""

    any: tuple[Key, ...] = ()
    within: Days = 0
    itself: bool = False

    @model_validator(mode="after")
    def _names_one(self) -> Consequence:
        if bool(self.any) == self.itself:
            raise ValueError("name either any, with within, or itself = true")
        return self


class Source(_Strict):
    """On whose word the rule stands, and what of it is ours."""

    title: Text
    section: str = ""
    year: int | None = None
    url: str = ""
    basis: Basis
    windows: Literal["published", "design choice", "partly published"]
    verified: Literal["yes", "partly", "no"]
    notes: str = ""


class Rule(_Strict):
    """One pattern in which something could have been done sooner."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]{0,30}$")]
    title: Text
    plain: Text
    expected: Text
    action: Text
    theme: Text
    severity: Severity
    needs: tuple[str, ...] = ()
    once_per: Days | None = None
    signal: tuple[Signal, ...] = Field(min_length=1)
    unless: tuple[Unless, ...] = ()
    response: Response | None = None
    consequence: Consequence | None = None
    source: Source

    @model_validator(mode="after")
    def _fits_together(self) -> Rule:
        unknown = sorted(set(self.needs) - set(SECTOR_KEYS))
        if unknown:
            raise ValueError(f"needs: '{unknown[0]}' is no sector")
        bare = [signal for signal in self.signal if signal.overdue is None]
        if self.response is None and len(bare) < len(self.signal):
            raise ValueError("an overdue signal needs [response] with within")
        if self.response is not None and not self.response.any and bare:
            raise ValueError("response: any: names nothing that would be in time")
        return self

    @property
    def signals(self) -> tuple[Signal, ...]:
        """The signals, of which any one is enough."""
        return self.signal

    def window(self, signal: Signal) -> Window | None:
        """The time about `signal` in which a response is in time."""
        if self.response is None:
            return None
        return signal.within or self.response.within

    def responses(self, signal: Signal) -> tuple[str, ...]:
        """The concepts that answer `signal`; an overdue review is answered by one such only."""
        if self.response is None:
            return ()
        return signal.any if signal.overdue else self.response.any

    @property
    def concepts(self) -> frozenset[str]:
        """Every concept the rule names."""
        named: set[str] = set(self.response.any if self.response else ())
        named |= set(self.consequence.any if self.consequence else ())
        for excuse in self.unless:
            named |= {*excuse.any, *excuse.has}
        for signal in self.signal:
            named |= {*signal.any, *signal.where.has}
            for part in (signal.after, signal.rising, signal.stepped_up):
                named |= set(part.any if part else ())
            named |= set(signal.overdue.while_ if signal.overdue else ())
        return frozenset(named)


def load_rules(folders: Sequence[Path] = ()) -> Mapping[str, Rule]:
    """The shipped rules by id, a site's own in `folders` over them; raises `MappingError`."""
    return _load((FOLDER, *folders))


@lru_cache(maxsize=4)
def _load(folders: tuple[Path, ...]) -> Mapping[str, Rule]:
    return read_folders(folders, Rule, name="id", upper=True)


def check_concepts(rules: Mapping[str, Rule], concepts: Mapping[str, Concept]) -> None:
    """Raise `MappingError` for a rule that names a concept there is none of, or misuses one."""
    for rule in rules.values():
        unknown = sorted(rule.concepts - set(concepts))
        if unknown:
            raise MappingError(
                f"{rule.id.lower()}.toml: there is no concept '{unknown[0]}'; "
                f"add it as concepts/{unknown[0]}.toml or name another"
            )
        for key in sorted(_standing(rule)):
            if not concepts[key].lasts:
                raise MappingError(
                    f"{rule.id.lower()}.toml: concept '{key}' does not last, so nobody can have "
                    "it; give it lasts = true or name another"
                )


def _standing(rule: Rule) -> set[str]:
    """The concepts that the rule takes to last."""
    named = {key for excuse in rule.unless for key in excuse.has}
    for signal in rule.signal:
        named |= set(signal.where.has)
        named |= set(signal.any) if signal.begins else set()
        named |= set(signal.overdue.while_) if signal.overdue else set()
    return named
