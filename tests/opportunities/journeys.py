"""Small random journeys, feeds and rules, dense with ties, for engines to agree on.

Days are few, times fall on a handful of hours, concepts are synthetic: `c1` to `c6`, the
lasting `l1`, `l2` (long-term conditions) and `l3`, and `e1`, which stands at an event's end.
A journey is made from one number, so that a store of thirty people is a small example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.opportunities.random_rules import invent_rule, make_rule
from theograph.opportunities.rule import Rule
from theograph.record.concepts import Concept
from theograph.record.tables import CONDITIONS, EVENTS, FEEDS, MEASURES, PEOPLE

Rows = list[dict[str, Any]]

FIRST_DAY = date(2024, 2, 26)
TABLES = {table.name: table for table in (PEOPLE, EVENTS, MEASURES, CONDITIONS, FEEDS)}
SECTORS = ("gp", "community", "ed")
PROVIDERS = ("P1", "P2", None)
HOURS = (0, 0, 11, 12, 12, 13, 23)
KEYS = ("c1", "c1", "c2", "c2", "c3", "c4", "c5", "c6", "l1", "l2", "l3", "e1", "e1")
READINGS = {
    ("efi", 0.1): None,
    ("efi", 0.2): "l1",
    ("efi", 0.3): "c1;l2",
    ("phq9", 3.0): "c2",
    ("phq9", 9.0): "l3",
    ("phq9", 12.0): None,
    ("frailty", None): "l3",
}
DIAGNOSES = {
    "asthma": "l1",
    "copd": "l2",
    "a condition with a name of more than forty letters": "c3;l3",
    "something else": None,
}


def make_concept(key: str) -> Concept:
    """A synthetic concept; what it is known by never matters here."""
    return Concept.model_validate(
        {
            "key": key,
            "title": key,
            "meaning": key,
            "source": "synthetic",
            "theme": "condition" if key.startswith("l") else "care",
            "at": "end" if key.startswith("e") else "start",
            "lasts": key.startswith("l"),
            "long_term": key in ("l1", "l2"),
            "match": [{"kinds": [key]}],
            "example": [{"text": key, "is": False}],
        }
    )


CONCEPTS = {key: make_concept(key) for key in sorted(set(KEYS))}


@dataclass(frozen=True, repr=False)
class Example:
    """A store in plain rows, the parts of the rules over it, the day up to which it speaks."""

    tables: dict[str, Rows]
    parts: dict[str, dict[str, Any]]
    as_of: date

    def __repr__(self) -> str:
        rows = ", ".join(f"{len(rows)} {name}" for name, rows in self.tables.items())
        return f"Example({rows}, {len(self.parts)} rules, as of {self.as_of})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))  # Hypothesis would write out every row

    @property
    def rules(self) -> dict[str, Rule]:
        """The rules by id."""
        return {ident: make_rule(ident, **parts) for ident, parts in self.parts.items()}


def make_row(table: str, **values: Any) -> dict[str, Any]:
    """A row with every column of a table; what is not given is empty."""
    usual: dict[str, Any] = {
        "source_file": "file.csv",
        "source_row": 2,
        "source_mapping": "m1",
        "has_time": True,
        "ongoing": False,
    }
    names = TABLES[table].names
    unknown = set(values) - set(names)
    assert not unknown, f"{table} has no column {unknown}"
    return {name: values.get(name, usual.get(name)) for name in names}


def examples(*, people: int = 30, rules: int = 8) -> st.SearchStrategy[Example]:
    """Stores of so many people with as many rules, and feeds with gaps."""
    numbers = st.integers(0, 2**32 - 1)
    return st.builds(
        assemble,
        st.lists(numbers, min_size=people, max_size=people),
        st.lists(numbers, min_size=rules, max_size=rules),
        numbers,
    )


def assemble(people: Sequence[int], rules: Sequence[int], feeds: int) -> Example:
    """The store made from these numbers."""
    tables: dict[str, Rows] = {name: [] for name in TABLES}
    for i, number in enumerate(people, start=1):
        for name, rows in invent_journey(number, f"p{i:02d}").items():
            tables[name] += rows
    chance = Random(feeds)  # noqa: S311 - no secret is made from it
    tables["feeds"] = invent_feeds(chance)
    as_of = FIRST_DAY + timedelta(days=chance.randint(5, 50))
    parts = {f"X{i:02d}": invent_rule(number) for i, number in enumerate(rules, start=1)}
    return Example(tables, parts, as_of)


def invent_journey(number: int, ref: str) -> dict[str, Rows]:
    """One person and everything recorded of them, made from a number."""
    chance = Random(number)  # noqa: S311 - no secret is made from it
    days = chance.choice((3, 8, 20, 45))
    ids = [f"{letter}{n}" for letter in "ab" for n in range(8)]
    chance.shuffle(ids)
    return {
        "people": [invent_person(chance, ref)],
        "events": [
            invent_event(chance, ref, ident, days)
            for ident in ids[: chance.choice((1, 3, 6, 10, 15))]
        ],
        "measures": invent_measures(chance, ref, days),
        "conditions": [
            invent_condition(chance, ref, days) for _ in range(chance.choice((0, 0, 1, 2, 3)))
        ],
    }


def invent_person(chance: Random, ref: str) -> dict[str, Any]:
    """Someone whose birthday may fall among the days, who may have died among them."""
    return make_row(
        "people",
        person_ref=ref,
        person_id=ref,
        date_of_birth=chance.choice((None, date(1956, 2, 29), date(1959, 3, 5), date(1990, 1, 1))),
        age_years=chance.choice((None, 64, 65)),
        age_at=chance.choice((None, date(2023, 3, 4), date(2024, 3, 6))),
        sex=chance.choice((None, "female", "female", "male")),
        date_of_death=a_day(chance, 60) if chance.random() < 0.12 else None,
        data_to=a_day(chance, 60) if chance.random() < 0.15 else None,
    )


def a_day(chance: Random, days: int) -> date:
    return FIRST_DAY + timedelta(days=chance.randint(0, days))


def an_instant(chance: Random, day: date, *, timed: bool) -> datetime:
    return datetime.combine(day, time(chance.choice(HOURS) if timed else 0))


def invent_event(chance: Random, ref: str, ident: str, days: int) -> dict[str, Any]:
    """A contact, a spell, an episode of a spell or something that goes on."""
    timed = chance.random() < 0.5
    start = an_instant(chance, a_day(chance, days), timed=timed)
    ongoing = chance.random() < 0.1
    keys = {chance.choice(KEYS) for _ in range(chance.choice((0, 1, 1, 2, 3)))}
    asked, ready = (around(chance, start, nearby) for nearby in ((-9, 0), (0, 5)))
    return make_row(
        "events",
        event_id=ident,
        person_ref=ref,
        start=start,
        end=None if ongoing else an_end(chance, start, timed=timed),
        has_time=timed,
        ongoing=ongoing,
        sector=chance.choice(SECTORS),
        kind="Contact",
        provider=chance.choice(PROVIDERS),
        team=chance.choice(("t1", "t1", "t2", "t3", None)),
        clinician=chance.choice(("d1", "d1", "d2", "d3", None)),
        status="attended",
        spell_id=chance.choice((None, None, None, "s1", "s2")),
        source_mapping=chance.choice(("m1", "m1", "m2")),
        units_per_week=chance.choice((None, 4.0, 4.0, 5.0, 8.0, 8.0)),
        requested_at=asked,
        ready_at=ready,
        cost_pence=chance.choice((None, 0, 1000, 2550)),
        concepts=";".join(sorted(keys)) or None,
    )


def an_end(chance: Random, start: datetime, *, timed: bool) -> datetime | None:
    """No end, one within hours, one some days later, perhaps of an unknown time."""
    end = start + timedelta(hours=chance.choice((0, 1, 12, 24, 48, 120)))
    if chance.random() < 0.4:
        end = datetime.combine(end.date(), time())
    # An end at the very midnight at which it began would be one instant, known and unknown.
    unclear = timed and end == start == datetime.combine(end.date(), time())
    return None if unclear or end < start or chance.random() < 0.3 else end


def around(chance: Random, start: datetime, days: tuple[int, int]) -> datetime | None:
    """An instant so many days from another; often none."""
    if chance.random() < 0.4:
        return None
    day = start.date() + timedelta(days=chance.randint(*days))
    return an_instant(chance, day, timed=chance.random() < 0.5)


def invent_measures(chance: Random, ref: str, days: int) -> Rows:
    """Readings, of which no two of a measure and a day have the same value."""
    readings: dict[Any, dict[str, Any]] = {}
    for _ in range(chance.choice((0, 0, 1, 3))):
        (measure, value), keys = chance.choice(list(READINGS.items()))
        day, timed = a_day(chance, days), chance.random() < 0.4
        readings[measure, value, day] = make_row(
            "measures",
            person_ref=ref,
            measured_at=datetime.combine(day, time(chance.choice((11, 12)) if timed else 0)),
            has_time=timed,
            measure=measure,
            value=value,
            provider="P1" if measure == "efi" else None,
            concepts=keys,
        )
    return list(readings.values())


def invent_condition(chance: Random, ref: str, days: int) -> dict[str, Any]:
    """A condition from before or among the days, which may have resolved."""
    name, keys = chance.choice(list(DIAGNOSES.items()))
    onset = chance.choice((None, date(2010, 6, 1), a_day(chance, days), a_day(chance, days)))
    end = (onset or FIRST_DAY) + timedelta(days=chance.choice((0, 0, 1, 2, 3, 5, 9, 20)))
    return make_row(
        "conditions",
        person_ref=ref,
        condition=name,
        onset=onset,
        end=end if chance.random() < 0.5 else None,
        concepts=keys,
    )


def invent_feeds(chance: Random) -> Rows:
    """Extracts that cover everything, something, adjacent stretches or nothing."""
    feeds: Rows = []
    for sector in (*SECTORS, "social_care"):
        for provider in PROVIDERS:
            for start, end in invent_stretches(chance):
                feeds.append(
                    make_row("feeds", provider=provider, sector=sector, start=start, end=end)
                )
    return feeds


def invent_stretches(chance: Random) -> list[tuple[date, date]]:
    """The days that the extracts of one provider and sector cover."""
    shape = chance.choice(("all", "all", "all", "some", "parts", "none"))
    if shape == "all":
        return [(date(2023, 1, 1), date(2024, 12, 31))]
    if shape == "none":
        return []
    first, middle, last = sorted(a_day(chance, 60) for _ in range(3))
    if shape == "some":
        return [(date(2023, 1, 1), first), (middle, last)]
    gap = timedelta(days=chance.choice((0, 1, 1, 2)))  # 1: the next stretch is adjacent
    return [(first, middle), (middle + gap, max(middle + gap, last))]
