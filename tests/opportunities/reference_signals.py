"""The families of signals of the reference engine, a function each.

Each takes the signal, its number in the rule, the person's story and the rule, and gives the
candidates before anything narrows them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.opportunities.reference_facts import MIDNIGHT, Fact, Span, Story, comes_before
from theograph.opportunities.rule import Rule, Signal


@dataclass(frozen=True)
class Seen:
    """A signal that was seen: when, on which fact it rests, and all facts that show it."""

    signal_no: int
    at: datetime
    has_time: bool
    anchor: Fact
    evidence: tuple[Fact, ...]

    @property
    def day(self) -> date:
        return self.at.date()


def seen_at(fact: Fact, number: int, evidence: Iterable[Fact] = ()) -> Seen:
    """A signal that stands where its anchor stands."""
    return Seen(number, fact.at, fact.has_time, fact, (fact, *evidence))


def seen_on(day: date, anchor: Fact, number: int, evidence: Iterable[Fact] = ()) -> Seen:
    """A signal that stands on a day, at no time that could be known."""
    return Seen(number, datetime.combine(day, MIDNIGHT), False, anchor, (anchor, *evidence))


def each(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """Every fact is a signal."""
    return [seen_at(fact, number) for fact in story.facts_of(signal.any)]


def nth(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """The n-th fact of a rolling window, and every later one that is an n-th too."""
    facts = story.facts_of(signal.any)
    n, window = signal.count, timedelta(days=signal.in_)
    found = []
    for i in range(n - 1, len(facts)):
        if facts[i].day - facts[i - n + 1].day <= window:
            # Reading: "not after the anchor" is the specification's "anchor not before it", so
            # that two of one day, of which one has no time, both show the signal.
            recent = [
                fact
                for fact in facts
                if fact.day >= facts[i].day - window and not comes_before(facts[i], fact)
            ]
            found.append(seen_at(facts[i], number, recent))
    return found


def distinct(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """Days on which the window that ends there holds enough different values of each column."""
    facts, window = story.facts_of(signal.any), timedelta(days=signal.in_)
    found = []
    for day in sorted({fact.day for fact in facts}):
        recent = [fact for fact in facts if day - window <= fact.day <= day]
        if all(
            len({value_of(fact, column) for fact in recent} - {None}) >= wanted
            for column, wanted in signal.distinct.wanted.items()
        ):
            found.append(seen_at(recent[-1], number, recent))
    return found


def value_of(fact: Fact, column: str) -> Any:
    """The day of a fact, or the column of its event.

    Reading: team, provider and clinician are an event's; a reading or a condition has none.
    """
    if column == "day":
        return fact.day
    return fact.row.get(column) if "event_id" in fact.row else None


def begins(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """The first fact of each unbroken span of a lasting concept.

    Reading: with several concepts each has its own spans, and the first fact of a span is one
    of those whose pieces make it up (not, say, another reading of the day that did not stand).
    """
    return [seen_at(span.first, number) for concept in signal.any for span in story.spans[concept]]


def lasting(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """Events in which too long a time lies between two instants; the signal is the former."""
    found = []
    for fact in story.facts_of(signal.any):
        begin, end = fact.row.get(signal.lasting.from_), fact.row.get(signal.lasting.to)
        if signal.lasting.to == "end" and fact.row.get("ongoing"):
            end = datetime.combine(story.as_of, MIDNIGHT)
        if begin is None or end is None:
            continue
        if (end.date() - begin.date()).days >= signal.lasting.at_least:
            found.append(Seen(number, begin, begin.time() != MIDNIGHT, fact, (fact,)))
    return found


def stopped(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """Days of a regular activity after which it is silent; the signal ends the silence."""
    facts, n = story.facts_of(signal.any), signal.stopped.at_least
    window, silent = timedelta(days=signal.stopped.in_), timedelta(days=signal.stopped.silent)
    days = sorted({fact.day for fact in facts})
    found = []
    for i in range(n - 1, len(days)):
        goes_on = any(days[i] < later <= days[i] + silent for later in days)
        regular = days[i] - days[i - n + 1] <= window
        if regular and not goes_on and days[i] + silent <= story.as_of:
            recent = [fact for fact in facts if days[i] - window <= fact.day <= days[i]]
            found.append(seen_on(days[i] + silent, recent[-1], number, recent))
    return found


def overdue(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """Reviews that fell due while a condition stood and the extracts could have shown them.

    Reading: with several conditions each has its own spans; a review after the condition
    ended is none of its reviews, so "the next review" is looked for within the span.
    """
    covered_from = story.first_covered_day(rule.needs) if rule.needs else date.min
    if covered_from is None:
        return []
    found = []
    for concept in signal.overdue.while_:
        for span in story.spans[concept]:
            found += overdue_in(span, covered_from, signal, number, story, rule)
    return found


def overdue_in(
    span: Span, covered_from: date, signal: Signal, number: int, story: Story, rule: Rule
) -> list[Seen]:
    """Reviews that fell due within one span of a condition."""
    reviews = story.facts_of(signal.any)
    begin = max(span.begin, covered_from)
    if begin > span.finish:
        return []
    met_early: set[int] = set()
    points = sorted({begin} | {r.day for r in reviews if begin <= r.day <= span.finish})
    found = []
    for point, following in zip(points, [*points[1:], None], strict=True):
        due = point + timedelta(days=signal.overdue.after)
        close = due + timedelta(days=rule.window(signal).after.days)
        on_point = [review for review in reviews if review.day == point]
        anchor = on_point[-1] if on_point else span.first
        if following is not None and following < due:
            # Reviewed before it fell due: the first in each such time says that it was met.
            period = (following - begin).days // signal.overdue.after
            if period not in met_early:
                met_early.add(period)
                found.append(seen_on(following, anchor, number))
        elif following is not None and following <= close:
            found.append(seen_on(min(due, following), anchor, number))
        elif due <= story.as_of and span.finish >= due:
            found.append(seen_on(due, anchor, number))
    return found


def share(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """Periods back from the as-of day in which no one value has its share."""
    column, periods = signal.share.of, {}
    for fact in story.facts_of(signal.any):
        if value_of(fact, column) is not None:
            period = (story.as_of - fact.day).days // signal.share.in_
            periods.setdefault(period, []).append(fact)
    found = []
    for facts in periods.values():
        biggest = max(Counter(fact.row[column] for fact in facts).values())
        if len(facts) >= signal.share.at_least and biggest / len(facts) < signal.share.below:
            found.append(seen_at(facts[-1], number, facts))
    return found


def stepped_up(signal: Signal, number: int, story: Story, rule: Rule) -> list[Seen]:
    """Events after whose end something begins larger than it last was before them.

    Reading: what has no end ends on its day, unless it is ongoing: then it has no "after its
    end". The larger one is another event than the anchor's, and "later" speaks of days alone.
    """
    step, column = signal.stepped_up, signal.stepped_up.column
    amounts = story.facts_of(step.any)
    found = []
    for anchor in story.facts_of(signal.any):
        earlier = [fact for fact in amounts if fact.day < anchor.day]
        base = earlier[-1].row.get(column) if earlier else None
        if base is None or anchor.row.get("ongoing"):
            continue
        end = (anchor.until or anchor.at).date()
        larger = [
            fact
            for fact in amounts
            if end <= fact.day <= end + timedelta(days=step.within)
            and fact.id != anchor.id
            and fact.row.get(column) is not None
            and fact.row[column] >= step.times * base
        ]
        if larger:
            found.append(seen_at(anchor, number, larger))
    return found


FAMILIES = {
    "each": each,
    "count": nth,
    "distinct": distinct,
    "begins": begins,
    "lasting": lasting,
    "stopped": stopped,
    "overdue": overdue,
    "share": share,
    "stepped_up": stepped_up,
}
