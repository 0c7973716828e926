"""Every number that a rule turns on, with its name and whether it is published or ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from theograph.opportunities.rule import Rule, Signal, Where, Window
from theograph.opportunities.wording import INSTANTS, STANDING, VALUES, days, say_window

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number: what it decides, the number in words, and whose it is."""

    what: str
    value: str
    standing: str


def list_thresholds(rule: Rule) -> tuple[Threshold, ...]:
    """Every threshold of `rule`, in the order in which they are met."""
    standing = STANDING[rule.source.windows]
    return tuple(Threshold(what, value, standing) for what, value in _list_lines(rule))


def _list_lines(rule: Rule) -> Iterator[Line]:
    yield from _gather_signals(rule)
    for unless in rule.unless:
        if unless.any:
            excused = Window(before=unless.before, after=unless.after)
            yield "Time in which it is excused", say_window(excused)
    if rule.once_per is not None:
        yield "Counted at most once in", days(rule.once_per)
    if rule.response is not None:
        yield "Time for the response", say_window(rule.response.within)
        if rule.response.amber is not None:
            yield "Shown as pressing after", days(rule.response.amber)
    if rule.consequence is not None and not rule.consequence.itself:
        yield "Time in which a consequence counts", days(rule.consequence.within)


def _gather_signals(rule: Rule) -> Iterator[Line]:
    """The thresholds of the signals; one that several signals share is said once."""
    shared: dict[Line, list[int]] = {}
    for number, signal in enumerate(rule.signals, start=1):
        for line in _list_signal(signal):
            shared.setdefault(line, []).append(number)
    for (what, value), numbers in shared.items():
        if len(rule.signals) == 1:
            yield what[0].upper() + what[1:], value
        else:
            yield f"{_name_signals(numbers, of=len(rule.signals))}: {what}", value


def _name_signals(numbers: Sequence[int], *, of: int) -> str:
    if len(numbers) == of:
        return "Every signal"
    if len(numbers) == 1:
        return f"Signal {numbers[0]}"
    return f"Signals {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _list_signal(signal: Signal) -> Iterator[Line]:
    yield from _list_family(signal)
    if signal.after is not None:
        yield "events before it, at least", str(signal.after.at_least)
        yield "time in which they came before", days(signal.after.within)
    if signal.rising is not None:
        yield "recent events, at least", str(signal.rising.at_least)
        yield "recent means the last", days(signal.rising.in_)
        yield "compared with the time before of", days(signal.rising.against)
        yield "more often, at least", f"{signal.rising.times:g} times"
    yield from _list_where(signal.where)
    if signal.within is not None:
        yield "time for the response", say_window(signal.within)


def _list_family(signal: Signal) -> Iterator[Line]:
    if signal.count is not None:
        yield "events, at least", str(signal.count)
    if signal.distinct is not None:
        for name, count in signal.distinct.wanted.items():
            yield f"{VALUES[name][1]}, at least", str(count)
    if signal.in_ is not None:
        yield "within", days(signal.in_)
    if signal.lasting is not None:
        span = f"from {INSTANTS[signal.lasting.from_]} to {INSTANTS[signal.lasting.to]}"
        yield f"time {span}, at least", days(signal.lasting.at_least)
    if signal.overdue is not None:
        yield "time since the last one", days(signal.overdue.after)
    yield from _list_pattern(signal)


def _list_pattern(signal: Signal) -> Iterator[Line]:
    if signal.stopped is not None:
        yield "regular means days with one, at least", str(signal.stopped.at_least)
        yield "those days within", days(signal.stopped.in_)
        yield "then none for", days(signal.stopped.silent)
    if signal.share is not None:
        yield f"largest share with the same {signal.share.of}, below", f"{signal.share.below:.0%}"
        yield "events, at least", str(signal.share.at_least)
        yield "counted over", days(signal.share.in_)
    if signal.stepped_up is not None:
        yield "larger, at least", f"{signal.stepped_up.times:g} times"
        yield "beginning within", days(signal.stepped_up.within)


def _list_where(where: Where) -> Iterator[Line]:
    if where.age_at_least is not None:
        yield "age, at least", str(where.age_at_least)
    if where.age_below is not None:
        yield "age, below", str(where.age_below)
    if where.conditions_at_least:
        yield "long-term conditions, at least", str(where.conditions_at_least)
