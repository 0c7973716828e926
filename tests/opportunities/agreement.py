"""Whether an engine finds what the reference engine finds, and the least journey where not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tests.opportunities.journeys import CONCEPTS, Example, Rows
from tests.opportunities.reference import find_opportunities
from tests.opportunities.shrinking import shrink

# An engine gives rows of plain values: dates, datetimes, whole numbers, lists, None.
Engine = Callable[[Example], Rows]

COLUMNS = (
    "person_ref", "rule", "signal_no", "status", "signal_at", "has_time", "anchor", "evidence",
    "window_start", "due", "response", "response_at", "consequence", "consequence_at",
    "consequences", "cost_followed_pence", "uncovered",
)  # fmt: skip
MOST_LINES = 4
NOT_ALONE = "The engines differ, but not on one person and one rule alone, or not every time."
ORDER = ("person_ref", "signal_at", "rule", "signal_no", "anchor")


def compare(example: Example, engine: Engine) -> Rows:
    """What both engines find; an `AssertionError` tells the least journey on which they differ."""
    found = run(example, engine)
    expected = refer(example)
    if found != expected:
        least = shrink(example, lambda smaller: differences(smaller, engine))
        said = tell(least, engine) if least is not example else NOT_ALONE
        raise AssertionError("\n".join([*tell_rows(expected, found)[:MOST_LINES], said]))
    return found


def refer(example: Example) -> Rows:
    """What the reference engine finds."""
    return find_opportunities(example.tables, example.rules.values(), CONCEPTS, as_of=example.as_of)


def run(example: Example, engine: Engine) -> Rows:
    """What an engine finds, in the order of the reference."""
    found = [dict(row) for row in engine(example)]
    assert all(tuple(row) == COLUMNS for row in found[:1]), f"columns: {list(found[0])}"
    return sorted(found, key=lambda row: tuple(row[name] for name in ORDER))


def differences(example: Example, engine: Engine) -> set[tuple[str, str]]:
    """The people and rules, by their ids, on which an engine and the reference differ."""
    both = (run(example, engine), refer(example))
    found, expected = (
        {str(row): (row["person_ref"], row["rule"]) for row in rows} for rows in both
    )
    one_sided = found.keys() ^ expected.keys()
    return {(found | expected)[row] for row in one_sided}


def only_people(example: Example, refs: Sequence[str]) -> Example:
    """The example with all its feeds, but only these people."""
    tables = {
        name: [row for row in rows if name == "feeds" or row["person_ref"] in refs]
        for name, rows in example.tables.items()
    }
    return replace(example, tables=tables)


def tell(example: Example, engine: Engine) -> str:
    """The journey, the rule and what each engine makes of them."""
    lines = [f"The engines differ. As of {example.as_of}:"]
    lines += [f"  rule {ident}: {parts}" for ident, parts in example.parts.items()]
    for name, rows in example.tables.items():
        lines += [f"  {name}: {tell_row(row)}" for row in rows]
    expected, found = refer(example), run(example, engine)
    return "\n".join([*lines, *tell_rows(expected, found), *tell_columns(expected, found)])


def tell_rows(expected: Rows, found: Rows) -> list[str]:
    """The opportunities that only one of the engines finds."""
    ours, theirs = ({str(row): row for row in rows} for rows in (expected, found))
    return [
        *(f"only the reference: {tell_row(ours[key])}" for key in ours if key not in theirs),
        *(f"only the engine: {tell_row(theirs[key])}" for key in theirs if key not in ours),
    ]


def tell_columns(expected: Rows, found: Rows) -> list[str]:
    """Which columns differ, where both engines find as much."""
    if len(expected) != len(found):
        return [f"{len(expected)} expected, {len(found)} found"]
    return [
        f"  {name}: expected {tell_value(ours[name])}, found {tell_value(theirs[name])}"
        for ours, theirs in zip(expected, found, strict=True)
        for name in COLUMNS
        if ours[name] != theirs[name]
    ]


def tell_row(row: dict[str, Any]) -> str:
    """What a row says, without what is empty and where it came from."""
    dull = ("source_file", "source_row", "kind", "status", "person_id")
    told = [
        f"{name}={tell_value(value)}"
        for name, value in row.items()
        if value is not None and value != [] and (name not in dull or "anchor" in row)
    ]
    return " ".join(told)


def tell_value(value: Any) -> str:
    """A value in short."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
