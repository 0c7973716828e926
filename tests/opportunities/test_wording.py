"""Rules in plain English."""

from __future__ import annotations

import re
from typing import Any

import pytest

from theograph.opportunities.rule import Rule, Signal
from theograph.opportunities.rulebook import load_rules
from theograph.opportunities.thresholds import list_thresholds
from theograph.opportunities.wording import (
    STANDING,
    Statement,
    join_or,
    say_consequence,
    say_needs,
    say_once_per,
    say_response,
    say_signal,
    say_source,
    say_unless,
    say_window,
)

FALLS: dict[str, Any] = {
    "id": "X01",
    "title": "Falls, no falls assessment",
    "plain": "No falls assessment is recorded within 90 days.",
    "expected": "A falls assessment",
    "action": "Offer one.",
    "theme": "falls and frailty",
    "severity": "high",
    "needs": ["gp", "community"],
    "once_per": "90 days",
    "signal": [{"say": "Two falls", "any": ["fall"], "count": 2, "in": "365 days"}],
    "response": {"any": ["falls_assessment"], "within": "90 days"},
    "consequence": {"any": ["emergency_admission"], "within": "365 days"},
    "source": {
        "title": "NICE NG249",
        "section": "1.1",
        "year": 2025,
        "basis": "guideline",
        "windows": "design choice",
        "verified": "yes",
    },
}


def make_rule(**changes: Any) -> Rule:
    """The rule on falls, with `changes`."""
    return Rule.model_validate({**FALLS, **changes})


def make_signal(**parts: Any) -> Signal:
    """A signal that is made of `parts`."""
    return Signal.model_validate({"say": "Seen", "any": ["fall"], **parts})


def read_aloud(statements: tuple[Statement, ...]) -> list[str]:
    """The statements with the keys of their concepts in the gaps."""
    return [said.text.replace("{}", join_or(said.concepts or ("",))) for said in statements]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, ["Each fall recorded"]),
        (
            {"count": 2, "in": "90 days"},
            ["At least 2 of fall within 90 days; the signal stands at the last of them"],
        ),
        (
            {"distinct": {"day": 6, "team": 3}, "in": "90 days"},
            [
                (
                    "fall on at least 6 different days and with at least 3 different teams, "
                    "within 90 days"
                )
            ],
        ),
        ({"begins": True}, ["The day on which fall begins to hold"]),
        (
            {"lasting": {"from": "ready_at", "to": "end", "at_least": "2 days"}},
            ["fall, with at least 2 days from being ready to leave to the end"],
        ),
        (
            {"stopped": {"at_least": 4, "in": "90 days", "silent": "56 days"}},
            ["fall on at least 4 days within 90 days, then none for 56 days"],
        ),
        (
            {"overdue": {"while": ["diabetes", "ckd"], "after": "365 days"}},
            [
                "No fall for 365 days; the signal stands on the day it fell due",
                "while the person has diabetes or ckd",
            ],
        ),
        (
            {"share": {"of": "clinician", "in": "365 days", "at_least": 4, "below": 0.5}},
            [
                (
                    "At least 4 of fall in 365 days, fewer than 50% of them with the same "
                    "clinician, in each such time counted back from the last day of the data"
                )
            ],
        ),
        (
            {
                "stepped_up": {
                    "any": ["care_package"],
                    "column": "units_per_week",
                    "times": 1.25,
                    "within": "56 days",
                }
            },
            [
                "The end of fall",
                (
                    "then care_package begins within 56 days, with at least 1.25 times the planned "
                    "units a week of the last before it"
                ),
            ],
        ),
        (
            {"after": {"any": ["a", "b"], "at_least": 3, "within": "14 days"}},
            ["Each fall recorded", "with at least 3 of a or b in the 14 days before"],
        ),
        (
            {
                "rising": {
                    "any": ["contact"],
                    "in": "30 days",
                    "against": "180 days",
                    "times": 2.0,
                    "at_least": 4,
                }
            },
            [
                "Each fall recorded",
                (
                    "with at least 4 of contact in the last 30 days, at least twice as often as in "
                    "the 180 days before"
                ),
            ],
        ),
    ],
    ids=lambda value: next(iter(value), "each") if isinstance(value, dict) else "",
)
def test_a_signal_of_each_family(parts: dict[str, Any], expected: list[str]) -> None:
    assert read_aloud(say_signal(make_signal(**parts))) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"age_at_least": 65}, ["only for people aged 65 or over"]),
        ({"age_below": 18}, ["only for people under 18"]),
        ({"age_at_least": 50, "age_below": 65}, ["only for people aged 50 or over and under 65"]),
        ({"sex": "female"}, ["only for people whose sex is recorded as female"]),
        ({"conditions_at_least": 2}, ["only for people with 2 long-term conditions or more"]),
        ({"has": ["a", "b"]}, ["only for people with a or b recorded by then"]),
    ],
)
def test_whom_a_signal_is_about(where: dict[str, Any], expected: list[str]) -> None:
    assert read_aloud(say_signal(make_signal(where=where)))[1:] == expected


@pytest.mark.parametrize(
    ("within", "expected"),
    [
        ("28 days", "within 28 days after the signal"),
        ("0 days", "on the day of the signal"),
        ("2 hours", "within 2 hours after the signal"),
        (
            {"before": "365 days", "after": "1 day"},
            "from 365 days before to 1 day after the signal",
        ),
        ({"before": "180 days"}, "in the 180 days up to the signal"),
        (
            {"before": "24 hours", "after": "2 hours"},
            "from 24 hours before to 2 hours after the signal",
        ),
        (
            {"before": "ever", "after": "90 days"},
            "at any time up to the signal, or within 90 days after",
        ),
        ({"before": "ever"}, "at any time up to the signal"),
    ],
)
def test_the_time_for_a_response(within: Any, expected: str) -> None:
    rule = make_rule(response={"any": ["falls_assessment"], "within": within})
    assert say_window(rule.window(rule.signals[0])) == expected
    assert read_aloud(say_response(rule)) == [f"falls_assessment, {expected}"]


def test_a_signal_with_a_time_of_its_own_says_so() -> None:
    rule = make_rule(signal=[*FALLS["signal"], {"say": "B", "any": ["b"], "within": "3 days"}])
    assert (
        read_aloud(say_response(rule))[1] == "For signal 2, within 3 days after the signal instead"
    )


def test_a_review_answers_what_fell_due() -> None:
    overdue = {"say": "O", "any": ["review"], "overdue": {"while": ["ckd"], "after": "365 days"}}
    for within, expected in (
        ("90 days", "within 90 days after it fell due"),
        ("0 days", "on the day it fell due"),
    ):
        rule = make_rule(signal=[overdue], response={"within": within})
        assert read_aloud(say_response(rule)) == [f"What was due, {expected}"]


def test_a_rule_without_a_response_says_that_the_signal_is_the_finding() -> None:
    rule = make_rule(response=None, consequence={"itself": True})
    assert "the signal itself is the finding" in say_response(rule)[0].text
    assert say_consequence(rule.consequence).text == "The signal event itself"
    assert say_consequence(None).text == "Nothing is looked for"


@pytest.mark.parametrize(
    ("unless", "expected"),
    [
        ({"has": ["dementia"]}, "the person already has dementia"),
        (
            {"any": ["stay"], "after": "14 days"},
            "stay within 14 days after the signal, or under way on its day",
        ),
        ({"any": ["stay"], "before": "7 days"}, "stay in the 7 days up to the signal"),
        ({"any": ["stay"]}, "stay on the day of the signal"),
    ],
)
def test_what_excuses(unless: dict[str, Any], expected: str) -> None:
    rule = make_rule(unless=[unless])
    assert read_aloud((say_unless(rule.unless[0]),)) == [expected]


def test_needs_source_and_how_often() -> None:
    rule = make_rule()
    assert say_needs(rule) == (
        "Needs records of General practice and Community health that cover the whole time."
    )
    assert say_needs(make_rule(needs=[])) == ""
    assert say_source(rule.source) == "NICE NG249, 1.1, 2025"
    assert say_once_per(rule) == "At most one in 90 days"


def test_a_threshold_that_signals_share_is_said_once() -> None:
    where = {"age_at_least": 65}
    signals = [{"say": name, "any": ["fall"], "where": where} for name in "abc"]
    signals[0] |= {"count": 2, "in": "365 days"}
    lines = [each.what for each in list_thresholds(make_rule(signal=signals))]
    assert lines[:3] == [
        "Signal 1: events, at least",
        "Signal 1: within",
        "Every signal: age, at least",
    ]


@pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.id)
def test_every_number_of_a_shipped_rule_is_among_its_thresholds(rule: Rule) -> None:
    thresholds = list_thresholds(rule)
    said = " ".join(each.value for each in thresholds)
    numbers = {n for part in _list_numbers(rule.model_dump(exclude={"source"})) for n in part}
    for number in numbers - {"0"}:
        assert re.search(rf"(?<![\d.]){re.escape(number)}(?![\d.])", said), number
    assert {each.standing for each in thresholds} <= set(STANDING.values())


def _list_numbers(value: Any) -> list[set[str]]:
    """Every number of a rule, as its thresholds write it: a share as a percentage."""
    if isinstance(value, dict):
        share = {"below"} & set(value)
        return [
            {f"{100 * part:.0f}"} if name in share else numbers
            for name, part in value.items()
            for numbers in (_list_numbers(part) or [set()])
        ]
    if isinstance(value, list | tuple):
        return [numbers for part in value for numbers in _list_numbers(part)]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return []
    return [{f"{value:g}"}]
