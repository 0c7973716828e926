"""A rule in plain English, statement by statement: what is seen, expected, excused, and followed.

A statement is a text with a gap for the concepts that it names, so that a page can link each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from theograph.opportunities.lengths import Span, Window
from theograph.opportunities.patterns import (
    After,
    Checks,
    Distinct,
    Lasting,
    Overdue,
    Rising,
    Share,
    SteppedUp,
    Stopped,
    Where,
)
from theograph.opportunities.rule import Consequence, Rule, Signal, Source, Unless
from theograph.record.sectors import SECTOR_LABELS

STANDING = {
    "published": "Published",
    "partly published": "Partly published",
    "design choice": "Design choice",
}
SITES_OWN = "Your site's"
VERIFIED = {
    "yes": "Checked against the source",
    "partly": "Partly checked against the source",
    "no": "Not checked against the source",
}
SEVERITY = {"high": "High severity", "medium": "Medium severity", "low": "Low severity"}
INSTANTS = {
    "ready_at": "being ready to leave",
    "requested_at": "the request or referral",
    "start": "the start",
    "end": "the end",
}
VALUES = {
    "day": ("on", "different days"),
    "team": ("with", "different teams"),
    "provider": ("with", "different providers"),
    "clinician": ("with", "different clinicians"),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A text whose `{}` stands for the concepts named by their keys, any one of which will do."""

    text: str
    concepts: tuple[str, ...] = ()

    def split(self) -> tuple[str, str]:
        """The text before the concepts and the text after them."""
        before, _, after = self.text.partition("{}")
        return before, after


def join_or(names: Sequence[str]) -> str:
    """`A`, `A or B`, `A, B or C`."""
    return " or ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def say_signal(signal: Signal) -> tuple[Statement, ...]:
    """What is seen, then each narrowing of it."""
    parts = list(_say_family(signal))
    if signal.after is not None:
        parts.append(_say_after(signal.after))
    if signal.rising is not None:
        parts.append(_say_rising(signal.rising))
    parts += say_where(signal.where)
    return (*parts, *([_say_checks(signal.checks)] if signal.checks else []))


def say_where(where: Where) -> tuple[Statement, ...]:
    """Whom a signal is about; empty when it is about everyone."""
    parts = []
    if where.age_at_least is not None and where.age_below is not None:
        ages = f"aged {where.age_at_least} or over and under {where.age_below}"
        parts.append(Statement(f"only for people {ages}"))
    elif where.age_at_least is not None:
        parts.append(Statement(f"only for people aged {where.age_at_least} or over"))
    elif where.age_below is not None:
        parts.append(Statement(f"only for people under {where.age_below}"))
    if where.sex is not None:
        parts.append(Statement(f"only for people whose sex is recorded as {where.sex}"))
    if where.conditions_at_least:
        count = count_of(where.conditions_at_least, "long-term condition", "long-term conditions")
        parts.append(Statement(f"only for people with {count} or more"))
    if where.has:
        parts.append(Statement("only for people with {} recorded by then", where.has))
    return tuple(parts)


def say_response(rule: Rule) -> tuple[Statement, ...]:
    """What was expected and by when; a line more for each signal with a time of its own."""
    if rule.response is None:
        return (Statement("Nothing more is expected: the signal itself is the finding"),)
    asked = rule.response.any
    usual = say_window(rule.response.within)
    parts = [Statement(f"{{}}, {usual}", asked)] if asked else []
    if not asked:
        windows = dict.fromkeys(rule.window(signal) for signal in rule.signals)
        parts += [Statement(f"What was due, {say_window(w, 'it fell due')}") for w in windows if w]
    parts += [
        Statement(f"For signal {number}, {say_window(signal.within)} instead")
        for number, signal in enumerate(rule.signals, start=1)
        if asked and signal.within is not None
    ]
    return tuple(parts)


def say_unless(unless: Unless) -> Statement:
    """What makes it no opportunity."""
    if unless.has:
        return Statement("the person already has {}", unless.has)
    when = _say_about(unless.before, unless.after)
    return Statement(f"{{}} {when}", unless.any)


def say_consequence(consequence: Consequence | None) -> Statement:
    """What counts as having followed."""
    if consequence is None:
        return Statement("Nothing is looked for")
    if consequence.itself:
        return Statement("The signal event itself")
    after = f"within {days(consequence.within)} after the signal"
    return Statement(f"{{}}, {after}", consequence.any)


def say_needs(rule: Rule) -> str:
    """The records without which nothing is said to be missing; empty when none are needed."""
    named = [SECTOR_LABELS[key] for key in rule.needs]
    if not named:
        return ""
    listed = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    return f"Needs records of {listed} that cover the whole time."


def say_source(source: Source) -> str:
    """The source by name: title, section and year."""
    return ", ".join(str(part) for part in (source.title, source.section, source.year) if part)


def say_once_per(rule: Rule) -> str:
    """How often one person can have this opportunity; empty when every signal counts."""
    return f"At most one in {days(rule.once_per)}" if rule.once_per is not None else ""


def say_window(window: Window, what: str = "the signal") -> str:
    """The time about `what` in which something counts: `within 28 days after the signal`."""
    before, after = window.before, window.after
    if before.ever:
        rest = f", or within {after} after" if after.counts else ""
        return f"at any time up to {what}{rest}"
    if before.counts and after.counts:
        return f"from {before} before to {after} after {what}"
    if before.counts:
        return f"in the {before} up to {what}"
    if after.counts:
        return f"within {after} after {what}"
    return f"on the day {what}" if what.startswith("it ") else f"on the day of {what}"


def days(count: int) -> str:
    """`1 day`, `28 days`."""
    return count_of(count, "day", "days")


def count_of(count: int, one: str, many: str) -> str:
    """`count` with the word that goes with it."""
    return f"{count:,} {one if count == 1 else many}"


def _say_family(signal: Signal) -> tuple[Statement, ...]:
    """What is seen, by the family that the signal is of."""
    if signal.count is not None and signal.in_ is not None:
        least = f"At least {signal.count} of {{}} within {days(signal.in_)}"
        return (Statement(f"{least}; the signal stands at the last of them", signal.any),)
    if signal.distinct is not None and signal.in_ is not None:
        return (_say_distinct(signal.distinct, signal.in_, signal.any),)
    if signal.begins:
        return (Statement("The day on which {} begins to hold", signal.any),)
    if signal.lasting is not None:
        return (_say_lasting(signal.lasting, signal.any),)
    if signal.stopped is not None:
        return (_say_stopped(signal.stopped, signal.any),)
    if signal.overdue is not None:
        return _say_overdue(signal.overdue, signal.any)
    if signal.share is not None:
        return (_say_share(signal.share, signal.any),)
    if signal.stepped_up is not None:
        return _say_stepped_up(signal.stepped_up, signal.any)
    return (Statement("Each {} recorded", signal.any),)


def _say_distinct(distinct: Distinct, within: int, concepts: tuple[str, ...]) -> Statement:
    many = " and ".join(
        f"{VALUES[name][0]} at least {count} {VALUES[name][1]}"
        for name, count in distinct.wanted.items()
    )
    return Statement(f"{{}} {many}, within {days(within)}", concepts)


def _say_lasting(lasting: Lasting, concepts: tuple[str, ...]) -> Statement:
    begun, ended = INSTANTS[lasting.from_], INSTANTS[lasting.to]
    length = f"at least {days(lasting.at_least)} from {begun} to {ended}"
    return Statement(f"{{}}, with {length}", concepts)


def _say_stopped(stopped: Stopped, concepts: tuple[str, ...]) -> Statement:
    regular = f"{{}} on at least {days(stopped.at_least)} within {days(stopped.in_)}"
    return Statement(f"{regular}, then none for {days(stopped.silent)}", concepts)


def _say_overdue(overdue: Overdue, concepts: tuple[str, ...]) -> tuple[Statement, ...]:
    none = f"No {{}} for {days(overdue.after)}; the signal stands on the day it fell due"
    return (Statement(none, concepts), Statement("while the person has {}", overdue.while_))


def _say_share(share: Share, concepts: tuple[str, ...]) -> Statement:
    least = f"At least {share.at_least} of {{}} in {days(share.in_)}"
    part = f"fewer than {share.below:.0%} of them with the same {share.of}"
    back = "in each such time counted back from the last day of the data"
    return Statement(f"{least}, {part}, {back}", concepts)


def _say_stepped_up(step: SteppedUp, concepts: tuple[str, ...]) -> tuple[Statement, ...]:
    larger = f"with at least {step.times:g} times the planned units a week of the last before it"
    begun = f"then {{}} begins within {days(step.within)}, {larger}"
    return (Statement("The end of {}", concepts), Statement(begun, step.any))


def _say_after(after: After) -> Statement:
    least = "one" if after.at_least == 1 else str(after.at_least)
    return Statement(f"with at least {least} of {{}} in the {days(after.within)} before", after.any)


def _say_rising(rising: Rising) -> Statement:
    recent = f"with at least {rising.at_least} of {{}} in the last {days(rising.in_)}"
    times = "twice" if rising.times == 2 else f"{rising.times:g} times"
    often = f"at least {times} as often as in the {days(rising.against)} before"
    return Statement(f"{recent}, {often}", rising.any)


def _say_checks(checks: Checks) -> Statement:
    listed = f"{checks.say} are listed, recorded within {days(checks.within)} or not: {{}}"
    return Statement(f"{listed}; they decide nothing", checks.any)


def _say_about(before: Span, after: Span) -> str:
    """When something excuses: it may be under way already."""
    if before.ever:
        return say_window(Window(before=before, after=after))
    if not before.counts and not after.counts:
        return "on the day of the signal"
    return say_window(Window(before=before, after=after)) + (
        "" if before.counts else ", or under way on its day"
    )
