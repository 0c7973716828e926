"""Cutting a store down to the least journey, rule and feeds on which two engines differ.

An engine takes almost as long over one person as over hundreds, so every round asks about
many smaller journeys, each a person of one store, and many smaller rules at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from random import Random
from typing import Any

from pydantic import ValidationError

from tests.opportunities.journeys import TABLES, Example, Rows
from tests.opportunities.random_rules import make_rule

# For every person and rule on which the engines differ, one (person_ref, rule id).
Differences = Callable[[Example], set[tuple[str, str]]]
OWN = ("people", "events", "measures", "conditions")
MOST_JOURNEYS, MOST_RULES, MOST_ROUNDS = 100, 15, 12


@dataclass(frozen=True)
class Atom:
    """One thing that may be left out of a journey: a row, or a value of a row."""

    table: str
    row: int
    column: str | None = None


def shrink(example: Example, differences: Differences) -> Example:
    """The least example found that still differs; `example` if one person alone does not."""
    found = sorted(differences(example))
    if not found:
        return example
    (ref, rule), chance = found[0], Random(0)  # noqa: S311 - no secret is made from it
    least = alone(example, ref, rule)
    if not differences(least):
        return example
    for _ in range(MOST_ROUNDS):
        smaller = shrink_once(least, differences, chance)
        if smaller is None:
            break
        least = smaller
    return shrink_feeds(least, differences)


def alone(example: Example, ref: str, rule: str) -> Example:
    """One person and one rule of an example, with all its feeds."""
    tables = {
        name: rows if name == "feeds" else [row for row in rows if row["person_ref"] == ref]
        for name, rows in example.tables.items()
    }
    return replace(example, tables=tables, parts={"X00": example.parts[rule]})


def shrink_once(example: Example, differences: Differences, chance: Random) -> Example | None:
    """The smallest of many smaller examples that differ, if any of them does."""
    journeys = {f"p{i:03d}": atoms for i, atoms in enumerate(ways_to_cut(example, chance))}
    (parts,) = example.parts.values()
    rules = {f"X{i:02d}": smaller for i, smaller in enumerate([parts, *fewer_parts(parts)])}
    tables: dict[str, Rows] = {name: [] for name in OWN} | {"feeds": example.tables["feeds"]}
    for ref, atoms in journeys.items():
        for name, rows in cut(example, atoms, ref).items():
            tables[name] += rows
    many = replace(example, tables=tables, parts=rules)
    differing = sorted(
        differences(many),
        key=lambda pair: (len(str(rules[pair[1]])), -len(journeys[pair[0]]), pair),
    )
    for ref, rule in differing[:1]:
        smaller = alone(many, ref, rule)
        if (journeys[ref] or rules[rule] != parts) and differences(smaller):
            return smaller
    return None


def ways_to_cut(example: Example, chance: Random) -> list[frozenset[Atom]]:
    """Nothing left out, each thing alone, and random many of them."""
    every = list(atoms_of(example))
    ways = [frozenset[Atom]()]
    ways += [
        frozenset(atom for atom in every if chance.random() < portion)
        for portion in (0.9, 0.8, 0.6, 0.4, 0.2) * 6
    ]
    rows = [atom for atom in every if atom.column is None]
    values = [atom for atom in every if atom.column is not None]
    ways += [frozenset([atom]) for atom in [*rows, *chance.sample(values, len(values))]]
    return ways[:MOST_JOURNEYS]


def atoms_of(example: Example) -> Iterator[Atom]:
    """Everything that may be left out of the journey of the only person."""
    for name in OWN:
        for i, row in enumerate(example.tables[name]):
            if name != "people":
                yield Atom(name, i)
            for column in TABLES[name].columns:
                if not column.required and row[column.name] is not None:
                    yield Atom(name, i, column.name)


def cut(example: Example, atoms: frozenset[Atom], ref: str) -> dict[str, Rows]:
    """The only person's rows without the atoms, as another person's."""
    return {
        name: [
            {
                column: None if Atom(name, i, column) in atoms else value
                for column, value in {**row, "person_ref": ref}.items()
            }
            for i, row in enumerate(example.tables[name])
            if Atom(name, i) not in atoms
        ]
        for name in OWN
    }


def fewer_parts(parts: Any) -> list[Any]:
    """Rules with one or two parts less."""
    once = [smaller for smaller in less(parts) if is_rule(smaller)]
    twice = (smaller for part in once for smaller in less(part) if is_rule(smaller))
    return list(islice([*once, *twice], MOST_RULES))


def less(part: Any) -> Iterator[Any]:
    """A part of a rule with one key or one item less, however deep; not always still a rule."""
    if isinstance(part, dict):
        for key in part if len(part) > 1 else ():
            yield {name: value for name, value in part.items() if name != key}
        for key, value in part.items():
            for smaller in less(value):
                yield {**part, key: smaller}
    if isinstance(part, list):
        for i, item in enumerate(part):
            yield [*part[:i], *part[i + 1 :]]
            for smaller in less(item):
                yield [*part[:i], smaller, *part[i + 1 :]]


def is_rule(parts: Any) -> bool:
    """Whether these parts still make a rule."""
    try:
        make_rule("X00", **parts)
    except ValidationError:
        return False
    return True


def shrink_feeds(example: Example, differences: Differences) -> Example:
    """Without the feeds that do not matter: all of them, those of a sector, single ones."""

    def without(feeds: Sequence[dict[str, Any]]) -> Example:
        kept = [feed for feed in example.tables["feeds"] if feed not in feeds]
        return replace(example, tables={**example.tables, "feeds": kept})

    feeds = example.tables["feeds"]
    sectors = sorted({feed["sector"] for feed in feeds})
    groups = [feeds, *([f for f in feeds if f["sector"] == sector] for sector in sectors)]
    for group in [*groups, *([feed] for feed in feeds)]:
        still_there = any(feed in example.tables["feeds"] for feed in group)
        if still_there and differences(without(group)):
            example = without(group)
    return example
