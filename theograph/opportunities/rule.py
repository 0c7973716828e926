"""The algebra of missed opportunities: a signal, the response it asks for, what followed.

A rule is a TOML file in `rules/`; its name is the rule's id. A site's own files go over ours.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from theograph.opportunities.lengths import Days, Length, Span, Strict, Window, Within
from theograph.opportunities.patterns import (
    After,
    Checks,
    Distinct,
    Key,
    Keys,
    Lasting,
    Overdue,
    Rising,
    Share,
    SteppedUp,
    Stopped,
    Text,
    Where,
)
from theograph.record.sectors import SECTOR_KEYS

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
Theme = Literal[
    "access",
    "coordination",
    "end of life",
    "falls and frailty",
    "going home",
    "hospital",
    "long-term conditions",
    "medicines",
    "mental health",
    "prevention",
    "social",
    "urgent care",
]

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


class Signal(Strict):
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
    checks: Checks | None = None

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


class Unless(Strict):
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


class Response(Strict):
    """What was expected, and by when. The reviews of an overdue signal need no `any`."""

    any: tuple[Key, ...] = ()
    within: Within
    amber: Days | None = None


class Consequence(Strict):
    """What may follow: events within a time, or the signal event itself."""

    any: tuple[Key, ...] = ()
    within: Days = 0
    itself: bool = False

    @model_validator(mode="after")
    def _names_one(self) -> Consequence:
        if bool(self.any) == self.itself:
            raise ValueError("name either any, with within, or itself = true")
        return self


class Source(Strict):
    """On whose word the rule stands, and what of it is ours.

    `windows` is the mark of the numbers taken together; `published` the places of those that
    the source states, such as `signal.1.count`, the others being ours.
    """

    title: Text
    section: str = ""
    year: int | None = None
    url: str = ""
    basis: Basis
    windows: Literal["published", "design choice", "partly published"]
    published: tuple[Text, ...] = ()
    verified: Literal["yes", "partly", "no"]
    notes: str = ""

    @model_validator(mode="after")
    def _is_of_one_mind(self) -> Source:
        if self.published and self.windows != "partly published":
            raise ValueError("published goes with windows = 'partly published' only")
        return self


class Rule(Strict):
    """One pattern in which something could have been done sooner."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_-]{0,30}$")]
    title: Text
    plain: Text
    expected: Text
    action: Text
    theme: Theme
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
        """Every concept on which it turns whether and how the rule is met."""
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

    @property
    def named_concepts(self) -> frozenset[str]:
        """Every concept the rule names, those that are only listed among them."""
        listed = {key for signal in self.signal if signal.checks for key in signal.checks.any}
        return self.concepts | listed
