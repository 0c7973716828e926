"""Every drawn case of every rule finds what it says, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from typing import Any

import pytest

from tests.opportunities.drawn import draw_people, plain
from tests.opportunities.stores import detect
from tests.opportunities.tagging import find_concepts
from theograph.opportunities.case import Case, load_cases
from theograph.opportunities.checks import list_checks
from theograph.opportunities.rulebook import load_rules
from theograph.record.concepts import load_concepts
from theograph.record.tables import EVENTS, MEASURES

RULES = load_rules()
CASES = {f"{rule}: {case.name}": (rule, case) for rule in RULES for case in load_cases(rule)}


@cache
def find_all() -> dict[str, list[dict[str, Any]]]:
    """What the engine finds in all cases at once, by case."""
    rows = draw_people((name, case) for name, (_, case) in CASES.items())
    found = detect(rows, RULES, load_concepts(), as_of=date(2025, 12, 31))
    by_case = defaultdict(list)
    for row in found:
        by_case[row["person_ref"]].append(row)
    return by_case


@pytest.mark.parametrize("name", CASES, ids=str)
def test_a_case_finds_what_it_says(name: str) -> None:
    rule, case = CASES[name]
    found = [row for row in find_all()[name] if row["rule"] == rule]
    assert len(found) == len(case.expect), describe(case, found)
    for row, wanted in zip(found, case.expect, strict=True):
        expected = wanted.model_dump(exclude_unset=True, exclude={"recorded"})
        assert plain(row, wanted) == expected, describe(case, found)


LISTED = [name for name, (_, case) in CASES.items() if any(e.recorded for e in case.expect)]


@pytest.mark.parametrize("name", LISTED)
def test_a_case_lists_the_parts_that_it_says_are_recorded(name: str) -> None:
    rule, case = CASES[name]
    recorded = read_concepts(case)
    for row, wanted in zip(find_all()[name], case.expect, strict=True):
        checks = RULES[rule].signals[row["signal_no"] - 1].checks
        assert checks is not None
        listed = list_checks(checks, recorded, until=min(row["due"], case.as_of))
        assert wanted.recorded == tuple(each.concept for each in listed if each.last)


def read_concepts(case: Case) -> list[tuple[date, str]]:
    """The day and the concepts of every event and reading of `case`."""
    rows = draw_people([("p", case)])
    return [
        (row[instant].date(), ";".join(concepts))
        for table, instant in ((EVENTS, "start"), (MEASURES, "measured_at"))
        for row, concepts in zip(
            rows[table.name], find_concepts(table, rows[table.name], load_concepts()), strict=True
        )
    ]


def describe(case: Case, found: list[dict[str, Any]]) -> str:
    return f"{case.model_dump_json(exclude_defaults=True, indent=1)}\nfound {found}"


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_rule_has_at_least_eight_cases_with_names_of_their_own(rule: str) -> None:
    names = [case.name for case in load_cases(rule)]
    assert len(set(names)) == len(names) >= 8


@pytest.mark.parametrize("rule", RULES, ids=str)
def test_the_cases_of_a_rule_hold_a_find_and_no_find(rule: str) -> None:
    found = [bool(case.expect) for case in load_cases(rule)]
    assert any(found)
    assert not all(found)
