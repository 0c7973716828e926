"""What is known of one person, in plain Python: facts, spans and what the extracts cover.

The first part of the slow reference engine in `reference.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from theograph.record.concepts import Concept

Row = Mapping[str, Any]
ONE_DAY = timedelta(days=1)
MIDNIGHT = time()
FOREVER = date.max
UNKNOWN_ONSET = date(1900, 1, 1)


class Timed(Protocol):
    """Anything that stands at an instant, of which perhaps only the day is known."""

    @property
    def at(self) -> datetime: ...
    @property
    def has_time(self) -> bool: ...


@dataclass(frozen=True)
class Fact:
    """One thing recorded of a person: an event (its start or its end), a reading, a condition."""

    id: str
    at: datetime
    has_time: bool
    concepts: frozenset[str]
    until: datetime | None = None
    row: Row = field(default_factory=dict, compare=False)

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def order(self) -> tuple[datetime, str]:
        return (self.at, self.id)


@dataclass(frozen=True)
class Span:
    """Days on which a lasting concept stands, the first and the last included."""

    begin: date
    finish: date
    first: Fact


@dataclass(frozen=True)
class Story:
    """One person, everything that is known of them by their as-of day, and what covers it."""

    person: Row
    as_of: date
    facts: list[Fact]
    spans: dict[str, list[Span]]
    covered: dict[str, list[tuple[date, date]]]

    def facts_of(self, concepts: Iterable[str]) -> list[Fact]:
        """The distinct facts that have any of the concepts, in order.

        A fact is distinct by id and instant: an event that gives a fact at its start and
        one at its end gives two.
        """
        wanted = set(concepts)
        found: dict[tuple[datetime, str], Fact] = {}
        for fact in self.facts:
            if fact.concepts & wanted:
                found.setdefault(fact.order, fact)
        return [found[order] for order in sorted(found)]

    def has(self, concept: str, day: date) -> bool:
        """Whether a lasting concept stands on a day."""
        return any(span.begin <= day <= span.finish for span in self.spans.get(concept, []))

    def is_covered(self, sector: str, first: date, last: date) -> bool:
        """Whether one unbroken stretch of the sector's extracts holds all these days."""
        return any(start <= first and last <= end for start, end in self.covered[sector])

    def first_covered_day(self, sectors: Sequence[str]) -> date | None:
        """The first day that every one of the sectors covers."""
        starts = sorted(start for sector in sectors for start, _ in self.covered[sector])
        for day in starts:
            if all(self.is_covered(sector, day, day) for sector in sectors):
                return day
        return None


def both_timed(one: Timed, other: Timed) -> bool:
    """Whether the clock may be used to compare two facts."""
    return one.has_time and other.has_time


def comes_before(one: Timed, other: Timed) -> bool:
    """By the clock when both have a time, else by the day."""
    if both_timed(one, other):
        return one.at < other.at
    return one.at.date() < other.at.date()


def tell_story(
    person: Row,
    tables: Mapping[str, Sequence[Row]],
    concepts: Mapping[str, Concept],
    as_of: date,
) -> Story:
    """Everything known of one person; `tables` may hold other people's rows too."""
    ref = person["person_ref"]
    own = {name: [row for row in rows if row.get("person_ref") == ref]
           for name, rows in tables.items()}  # fmt: skip
    as_of = person.get("data_to") or as_of

    def known(facts: Iterable[Fact]) -> list[Fact]:
        return [fact for fact in facts if fact.day <= as_of]

    events = known(
        fact for event in fold_spells(own["events"]) for fact in event_facts(event, concepts)
    )
    measures = known(map(measure_fact, own["measures"]))
    conditions = known(map(condition_fact, own["conditions"]))
    pieces = event_pieces(events) + measure_pieces(measures) + condition_pieces(conditions)
    return Story(
        person=person,
        as_of=as_of,
        facts=events + measures + conditions,
        spans={key: merge_spans(pieces, key) for key in concepts if concepts[key].lasts},
        covered=cover_sectors(own["events"], tables["feeds"]),
    )


# --- facts


def fold_spells(events: Sequence[Row]) -> list[Row]:
    """Events of one spell become one event; every other event stays as it is."""
    spells: dict[Any, list[Row]] = {}
    for number, event in enumerate(events):
        spell = (event.get("provider"), event.get("source_mapping"), event.get("spell_id"))
        alone = event.get("spell_id") is None
        spells.setdefault(number if alone else spell, []).append(event)
    return [fold(episodes) for episodes in spells.values()]


def fold(episodes: Sequence[Row]) -> Row:
    """One event from the episodes of a spell."""
    first = min(episodes, key=lambda episode: (episode["start"], episode["event_id"]))
    ends = known_values(episodes, "end")
    asked = known_values(episodes, "requested_at")
    ready = known_values(episodes, "ready_at")
    ongoing = any(episode.get("ongoing") for episode in episodes)
    return {
        **first,
        "end": max(ends) if ends and not ongoing else None,
        "ongoing": ongoing,
        "concepts": frozenset().union(*map(concepts_of, episodes)),
        "cost_pence": sum(known_values(episodes, "cost_pence")),
        "ready_at": max(ready) if ready else None,
        "requested_at": min(asked) if asked else None,
    }


def known_values(rows: Sequence[Row], column: str) -> list[Any]:
    """The values of a column that are not empty."""
    return [row[column] for row in rows if row.get(column) is not None]


def concepts_of(row: Row) -> frozenset[str]:
    """The concepts of a row: 'c1;c2' is two."""
    return frozenset((row.get("concepts") or "").split(";")) - {""}


def event_facts(event: Row, concepts: Mapping[str, Concept]) -> list[Fact]:
    """What an event says at its start, and what it says at its end."""
    at_end = frozenset(key for key in event["concepts"] if concepts[key].at == "end")
    at_start = event["concepts"] - at_end
    ident, end = event["event_id"], event["end"]
    facts = []
    if at_start:
        facts.append(Fact(ident, event["start"], event["has_time"], at_start, end, event))
    if at_end and end is not None:
        # Reading: an end has a time when it is not midnight, as a signal that lasts has; the
        # event's own has_time speaks of its start.
        facts.append(Fact(ident, end, end.time() != MIDNIGHT, at_end, end, event))
    return facts


def measure_fact(reading: Row) -> Fact:
    """A reading; it may be of no concept, yet end the span of an earlier one."""
    at = reading["measured_at"]
    ident = f"measure:{reading['measure']}:{at.date().isoformat()}"
    return Fact(ident, at, reading["has_time"], concepts_of(reading), row=reading)


def condition_fact(condition: Row) -> Fact:
    """A condition, at its onset."""
    onset = condition.get("onset") or UNKNOWN_ONSET
    ident = f"condition:{onset.isoformat()}:{condition['condition'][:40]}"
    at = datetime.combine(onset, MIDNIGHT)
    return Fact(ident, at, False, concepts_of(condition), row=condition)


# --- spans of lasting concepts


def event_pieces(events: Sequence[Fact]) -> list[Span]:
    """What an event says of a lasting thing stands from that day for ever."""
    return [Span(fact.day, FOREVER, fact) for fact in events]


def condition_pieces(conditions: Sequence[Fact]) -> list[Span]:
    """A condition stands from its onset until it resolved."""
    return [Span(fact.day, fact.row.get("end") or FOREVER, fact) for fact in conditions]


def measure_pieces(readings: Sequence[Fact]) -> list[Span]:
    """A reading stands until the day before the next reading of the same measure."""
    pieces = []
    for measure in {reading.row["measure"] for reading in readings}:
        standing: dict[date, Fact] = {}
        # Of two readings on one day the greater value stands. Reading: of two alike the later,
        # and one without a value never stands beside one that has it.
        for reading in sorted(readings, key=_by_value):
            if reading.row["measure"] == measure:
                standing[reading.day] = reading
        days = sorted(standing)
        finishes = [following - ONE_DAY for following in days[1:]] + [FOREVER]
        for day, finish in zip(days, finishes, strict=False):
            pieces.append(Span(day, finish, standing[day]))
    return pieces


def _by_value(reading: Fact) -> tuple[bool, float, datetime]:
    value = reading.row.get("value")
    return (value is not None, 0.0 if value is None else value, reading.at)


def merge_spans(pieces: Sequence[Span], concept: str) -> list[Span]:
    """The unbroken spans of one concept: overlapping and adjacent pieces are one."""
    merged: list[Span] = []
    own = [piece for piece in pieces if concept in piece.first.concepts]
    for piece in sorted(own, key=lambda piece: piece.first.order):
        last = merged[-1] if merged else None
        if last and (last.finish == FOREVER or piece.begin <= last.finish + ONE_DAY):
            merged[-1] = Span(last.begin, max(last.finish, piece.finish), last.first)
        else:
            merged.append(piece)
    return merged


# --- coverage


def cover_sectors(
    own_events: Sequence[Row], feeds: Sequence[Row]
) -> dict[str, list[tuple[date, date]]]:
    """For every sector the unbroken stretches of days for which a person's extracts speak.

    Those of the providers with which the person has events in that sector, or, where there
    is no event, of all providers. Reading: an event counts here whatever its concepts, its
    status and its day, as it shows only whose patient the person is.
    """
    covered: dict[str, list[tuple[date, date]]] = _EverySector()
    for sector in {feed["sector"] for feed in feeds}:
        used = {event.get("provider") for event in own_events if event["sector"] == sector}
        stretches: list[tuple[date, date]] = []
        of_sector = [feed for feed in feeds if feed["sector"] == sector]
        for feed in sorted(of_sector, key=lambda feed: (feed["start"], feed["end"])):
            if used and feed.get("provider") not in used:
                continue
            if stretches and feed["start"] <= stretches[-1][1] + ONE_DAY:
                stretches[-1] = (stretches[-1][0], max(stretches[-1][1], feed["end"]))
            else:
                stretches.append((feed["start"], feed["end"]))
        covered[sector] = stretches
    return covered


class _EverySector(dict[str, list[tuple[date, date]]]):
    """A sector without any feed is covered on no day."""

    def __missing__(self, sector: str) -> list[tuple[date, date]]:
        return []
