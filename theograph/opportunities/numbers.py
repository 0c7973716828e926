"""Every number that a rule turns on: its place in the rule's file, and what it decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from theograph.opportunities.lengths import Window
from theograph.opportunities.patterns import Where
from theograph.opportunities.rule import Rule, Signal
from theograph.opportunities.wording import INSTANTS, VALUES, days, say_window


@dataclass(frozen=True, slots=True)
class Number:
    """One number: `signal.2.in`, what it decides, `365 days`, and how a list says it."""

    place: str
    what: str
    value: str
    said: str


def list_numbers(rule: Rule) -> Iterator[Number]:
    """Every number of `rule`, in the order in which they are met; signals count from 1."""
    for no, signal in enumerate(rule.signals, start=1):
        for number in _list_signal(signal):
            yield Number(f"signal.{no}.{number.place}", number.what, number.value, number.said)
    for no, unless in enumerate(rule.unless, start=1):
        if unless.any:
            excused = Window(before=unless.before, after=unless.after)
            yield from _list_window(f"unless.{no}", "Time in which it is excused", excused)
    if rule.once_per is not None:
        yield _of("once_per", "Counted at most once in", days(rule.once_per))
    if rule.response is not None:
        yield from _list_window("response.within", "Time for the response", rule.response.within)
        if rule.response.amber is not None:
            yield _of("response.amber", "Shown as pressing after", days(rule.response.amber))
    if rule.consequence is not None and not rule.consequence.itself:
        followed = days(rule.consequence.within)
        yield _of("consequence.within", "Time in which a consequence counts", followed)


def _of(place: str, what: str, value: str) -> Number:
    return Number(place, what, value, value)


def _list_window(place: str, what: str, window: Window) -> Iterator[Number]:
    """One number for a window on one side of the signal, one for each side of one on both."""
    before, after = window.before, window.after
    if before.counts and after.counts:
        said = "at any time" if before.ever else str(before)
        yield Number(f"{place}.before", f"{what}, before the signal", str(before), said)
        yield _of(f"{place}.after", f"{what}, after the signal", str(after))
    elif before.counts:
        yield Number(f"{place}.before", what, str(before), say_window(window))
    else:
        yield Number(f"{place}.after", what, str(after), say_window(window))


def _list_signal(signal: Signal) -> Iterator[Number]:
    yield from _list_family(signal)
    yield from _list_pattern(signal)
    if signal.after is not None:
        yield _of("after.at_least", "events before it, at least", str(signal.after.at_least))
        yield _of("after.within", "time in which they came before", days(signal.after.within))
    if signal.rising is not None:
        rising = signal.rising
        yield _of("rising.at_least", "recent events, at least", str(rising.at_least))
        yield _of("rising.in", "recent means the last", days(rising.in_))
        yield _of("rising.against", "compared with the time before of", days(rising.against))
        yield _of("rising.times", "more often, at least", f"{rising.times:g} times")
    yield from _list_where(signal.where)
    if signal.within is not None:
        yield from _list_window("within", "time for the response", signal.within)
    if signal.checks is not None:
        yield _of(
            "checks.within", "parts listed that are recorded within", days(signal.checks.within)
        )


def _list_family(signal: Signal) -> Iterator[Number]:
    if signal.count is not None:
        yield _of("count", "events, at least", str(signal.count))
    if signal.distinct is not None:
        for name, count in signal.distinct.wanted.items():
            yield _of(f"distinct.{name}", f"{VALUES[name][1]}, at least", str(count))
    if signal.in_ is not None:
        yield _of("in", "within", days(signal.in_))
    if signal.lasting is not None:
        span = f"from {INSTANTS[signal.lasting.from_]} to {INSTANTS[signal.lasting.to]}"
        yield _of("lasting.at_least", f"time {span}, at least", days(signal.lasting.at_least))
    if signal.overdue is not None:
        yield _of("overdue.after", "time since the last one", days(signal.overdue.after))


def _list_pattern(signal: Signal) -> Iterator[Number]:
    if signal.stopped is not None:
        stopped = signal.stopped
        yield _of(
            "stopped.at_least", "regular means days with one, at least", str(stopped.at_least)
        )
        yield _of("stopped.in", "those days within", days(stopped.in_))
        yield _of("stopped.silent", "then none for", days(stopped.silent))
    if signal.share is not None:
        share = signal.share
        yield _of(
            "share.below", f"largest share with the same {share.of}, below", f"{share.below:.0%}"
        )
        yield _of("share.at_least", "events, at least", str(share.at_least))
        yield _of("share.in", "counted over", days(share.in_))
    if signal.stepped_up is not None:
        step = signal.stepped_up
        yield _of("stepped_up.times", "larger, at least", f"{step.times:g} times")
        yield _of("stepped_up.within", "beginning within", days(step.within))


def _list_where(where: Where) -> Iterator[Number]:
    if where.age_at_least is not None:
        yield _of("where.age_at_least", "age, at least", str(where.age_at_least))
    if where.age_below is not None:
        yield _of("where.age_below", "age, below", str(where.age_below))
    if where.conditions_at_least:
        least = str(where.conditions_at_least)
        yield _of("where.conditions_at_least", "long-term conditions, at least", least)
