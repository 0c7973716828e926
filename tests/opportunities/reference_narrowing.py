"""What narrows a signal in the reference engine, and what stands in its windows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from tests.opportunities.reference_facts import Fact, Row, Story, both_timed, comes_before
from tests.opportunities.reference_signals import Seen
from theograph.opportunities.lengths import Span as Length
from theograph.opportunities.rule import Signal, Unless
from theograph.record.concepts import Concept


def narrow(
    seen: Seen, signal: Signal, story: Story, concepts: Mapping[str, Concept]
) -> Seen | None:
    """The signal with the evidence of what narrows it, or None if it does not count."""
    died = story.person.get("date_of_death")
    if seen.day > story.as_of or (died is not None and seen.day > died):
        return None
    before = facts_after(seen, signal, story)
    risen = facts_rising(seen, signal, story)
    if before is None or risen is None or not is_about(seen, signal, story, concepts):
        return None
    return Seen(
        seen.signal_no, seen.at, seen.has_time, seen.anchor, (*seen.evidence, *before, *risen)
    )


def facts_after(seen: Seen, signal: Signal, story: Story) -> list[Fact] | None:
    """The facts after which the signal came; None when there are too few.

    Reading: `a` of the specification is the signal, which for most families is its anchor.
    """
    after = signal.after
    if after is None:
        return []
    facts = [
        fact
        for fact in story.facts_of(after.any)
        if fact.id != seen.anchor.id
        and fact.day >= seen.day - timedelta(days=after.within)
        and (comes_before(fact, seen) if both_timed(fact, seen) else fact.day <= seen.day)
    ]
    return facts if len(facts) >= after.at_least else None


def facts_rising(seen: Seen, signal: Signal, story: Story) -> list[Fact] | None:
    """The facts that came more often of late than before; None when they did not."""
    rising = signal.rising
    if rising is None:
        return []
    recent, earlier = [], []
    for fact in story.facts_of(rising.any):
        ago = (seen.day - fact.day).days
        if 0 <= ago < rising.in_ and not comes_before(seen, fact):
            recent.append(fact)
        elif rising.in_ <= ago < rising.in_ + rising.against:
            earlier.append(fact)
    enough = len(recent) >= rising.at_least
    # As often a day: recent / in >= times * earlier / against, without a division.
    more = len(recent) * rising.against >= rising.times * len(earlier) * rising.in_
    return recent if enough and more else None


def is_about(seen: Seen, signal: Signal, story: Story, concepts: Mapping[str, Concept]) -> bool:
    """Whether the person is one whom the signal is about."""
    where, person = signal.where, story.person
    age = age_on(seen.day, person)
    if where.age_at_least is not None and (age is None or age < where.age_at_least):
        return False
    if where.age_below is not None and (age is None or age >= where.age_below):
        return False
    if where.sex is not None and person.get("sex") != where.sex:
        return False
    if where.has and not any(story.has(concept, seen.day) for concept in where.has):
        return False
    long_term = [key for key in concepts if concepts[key].long_term and story.has(key, seen.day)]
    return len(long_term) >= where.conditions_at_least


def age_on(day: date, person: Row) -> int | None:
    """Whole years; None when nothing tells. Reading: an age without its date tells nothing."""
    if person.get("date_of_birth") is not None:
        return whole_years(person["date_of_birth"], day)
    if person.get("age_years") is None or person.get("age_at") is None:
        return None
    return person["age_years"] + whole_years(person["age_at"], day)


def whole_years(since: date, day: date) -> int:
    """Anniversaries passed; before `since` fewer than none. One of 29 February falls on 1 March."""
    return day.year - since.year - ((day.month, day.day) < (since.month, since.day))


def is_excused(seen: Seen, excuse: Unless, story: Story) -> bool:
    """Whether something stands, or touches the time about the signal, that excuses it."""
    if excuse.has:
        return any(story.has(concept, seen.day) for concept in excuse.has)
    return any(
        begins_by(fact, seen, excuse.after) and reaches(fact, seen, excuse.before)
        for fact in story.facts_of(excuse.any)
        if fact.id != seen.anchor.id
    )


def reaches(fact: Fact, seen: Seen, before: Length) -> bool:
    """Whether a fact, or the event of which it tells, goes on until the window opens."""
    last = max(fact.at, fact.until or fact.at)
    if before.hours is None:
        return last.date() >= seen.day - timedelta(days=before.days)
    opens = seen.at - timedelta(hours=before.hours)
    return last >= opens if both_timed(fact, seen) else last.date() >= opens.date()


def begins_in(fact: Fact, seen: Seen, before: Length) -> bool:
    """Whether a fact stands no earlier than the window opens."""
    if before.ever:
        return True
    if before.hours:
        opens = seen.at - timedelta(hours=before.hours)
        return fact.at >= opens if both_timed(fact, seen) else fact.day >= opens.date()
    if before.days:
        return fact.day >= seen.day - timedelta(days=before.days)
    return not comes_before(fact, seen)


def begins_by(fact: Fact, seen: Seen, after: Length) -> bool:
    """Whether a fact stands no later than the window closes."""
    if after.hours is None:
        return fact.day <= seen.day + timedelta(days=after.days)
    closes = seen.at + timedelta(hours=after.hours)
    return fact.at <= closes if both_timed(fact, seen) else fact.day <= closes.date()


def first_day(seen: Seen, before: Length) -> date:
    """The day on which the window opens; the signal's own when it never was shut."""
    hours = timedelta(hours=before.hours or 0)
    return (seen.at - timedelta(days=before.days) - hours).date()


def last_day(seen: Seen, after: Length) -> date:
    """The day on which the window closes."""
    return (seen.at + timedelta(days=after.days, hours=after.hours or 0)).date()
