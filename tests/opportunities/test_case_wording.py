"""Drawn cases and concepts in plain English."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from theograph.opportunities.case import Case, load_cases
from theograph.opportunities.case_wording import list_rows, say_circumstances, say_outcomes
from theograph.opportunities.concept_wording import say_example, say_match, say_standing
from theograph.opportunities.rule import Rule
from theograph.opportunities.rulebook import load_rules
from theograph.record.concepts import Concept

CASE = {
    "name": "Two falls",
    "shows": "hit",
    "as_of": date(2024, 12, 31),
    "died": date(2024, 12, 1),
    "feeds": {"gp": "2024-01-01/2024-06-30"},
    "without": ["community"],
    "conditions": [{"name": "COPD", "since": date(2010, 5, 1)}],
    "measures": [{"at": date(2024, 2, 1), "measure": "efi", "value": 0.31}],
    "events": [
        {"id": "b", "at": "2024-02-20", "end": "2024-02-25", "sector": "hospital",
         "kind": "Emergency admission", "planned": False, "cost": 1200},
        {"id": "a", "at": "2024-01-10 10:00", "sector": "ambulance", "kind": "See and treat",
         "text": "Fall at home", "system": "local", "code": "28"},
        {"id": "c", "at": "2024-01-12", "sector": "gp", "kind": "GP consultation",
         "status": "did_not_attend", "mode": "telephone"},
    ],
    "expect": [
        {"status": "missed", "signal": "2024-01-10 10:00", "due": date(2024, 1, 24),
         "evidence": ["a"], "consequences": ["b"], "cost": 1200},
    ],
}  # fmt: skip


FINDS: Rule = load_rules()["R01"]


def make_case(**changes: Any) -> Case:
    """The case of two falls, with `changes`."""
    return Case.model_validate({**CASE, **changes})


def test_a_case_is_told_in_date_order_with_what_each_row_is_to_the_rule() -> None:
    rows = [(row.when, row.what, row.parts) for row in list_rows(make_case())]
    assert rows == [
        ("since 1 May 2010", "COPD", ()),
        ("10 Jan 2024, 10:00", "See and treat: Fall at home, local 28", ("signal",)),
        ("12 Jan 2024", "GP consultation, did not attend, telephone", ()),
        ("24 Jan 2024", "Last day for the response", ("due",)),
        ("1 Feb 2024", "efi 0.31", ()),
        (
            "20 Feb 2024 to 25 Feb 2024",
            "Emergency admission, unplanned, £1,200",
            ("consequence",),
        ),
        ("1 Dec 2024", "The person died", ()),
    ]


def test_a_signal_that_is_no_event_has_a_row_of_its_own() -> None:
    due = {"status": "open", "signal": "2024-12-20", "due": date(2025, 1, 19), "evidence": []}
    rows = list_rows(make_case(expect=[due], died=None))
    assert [row.what for row in rows[-3:]] == [
        "The signal stands here",
        "The data end",
        "Last day for the response",
    ]


def test_what_else_the_outcome_hangs_on() -> None:
    assert say_circumstances(make_case()) == (
        "Data to 31 Dec 2024; born 1 Jan 1945; died 1 Dec 2024; "
        "records of General practice only from 1 Jan 2024 to 30 Jun 2024; "
        "no records of Community health"
    )


@pytest.mark.parametrize(
    ("expect", "expected"),
    [
        (
            CASE["expect"],
            ("missed: no response by 24 Jan 2024; followed by Emergency admission on 20 Feb 2024; "
            "cost of what followed £1,200"),
        ),
        (
            [{**CASE["expect"][0], "status": "met", "response": "c"}],
            "met: a response on 12 Jan 2024, by 24 Jan 2024",
        ),
        (
            [{"status": "open", "signal": "2024-01-10 10:00", "due": date(2024, 1, 24)}],
            "open: still time, until 24 Jan 2024",
        ),
        (
            [{"status": "not_assessable", "signal": "2024-01-10 10:00"}],
            "not assessable: the records needed do not cover the whole time",
        ),
    ],
)  # fmt: skip
def test_outcomes_in_words(expect: list[dict[str, Any]], expected: str) -> None:
    (found,) = say_outcomes(make_case(expect=expect), FINDS)
    assert found.text == expected


def test_no_opportunity_says_why() -> None:
    (found,) = say_outcomes(make_case(expect=[], shows="excused"), FINDS)
    assert (found.status, found.text) == ("none", "no opportunity: it is excused")


def make_concept(**changes: Any) -> Concept:
    """A concept that is recognised in three ways."""
    return Concept.model_validate(
        {
            "key": "fall",
            "title": "Fall",
            "meaning": "The person fell.",
            "source": "ICD-10",
            "theme": "concern",
            "match": [
                {"icd10": ["W0"], "sectors": ["gp", "ed"], "planned": False},
                {"words": ["fell"], "not_words": ["fell asleep"], "statuses": ["did_not_attend"]},
                {"measure": "efi", "above": 0.24, "up_to": 0.36},
            ],
            "example": [
                {"is": True, "text": "Fell in the kitchen"},
                {"is": False, "condition": "Asthma"},
                {"is": True, "measure": "efi", "value": 0.25},
                {"is": True, "sector": "ambulance", "kind": "See and treat", "mode": None,
                 "code_system": "local", "code": "28", "status": "did_not_attend"},
            ],
            **changes,
        }
    )  # fmt: skip


def test_how_a_concept_is_recognised() -> None:
    said = [[(each.what, each.values) for each in say_match(m)] for m in make_concept().match]
    assert said == [
        [
            ("Sector", ("General practice", "A&E")),
            ("ICD-10 codes that begin", ("W0",)),
            ("Planned", ("no",)),
        ],
        [
            ("Words in the text", ("fell",)),
            ("These phrases do not count", ("fell asleep",)),
            ("Status", ("Did not attend",)),
        ],
        [("Reading", ("efi above 0.24 and at most 0.36",))],
    ]


def test_examples_of_a_concept_in_words() -> None:
    assert [say_example(each) for each in make_concept().example] == [
        "“Fell in the kitchen”, GP consultation",
        "Condition “Asthma”",
        "Reading efi 0.25",
        "See and treat, Ambulance, mode not recorded, Did not attend, local 28",
    ]


def test_when_a_concept_holds() -> None:
    assert say_standing(make_concept()) == ()
    lasting = make_concept(lasts=True, long_term=True, theme="condition", at="end")
    assert len(say_standing(lasting)) == 3


def test_a_case_says_how_many_of_the_parts_are_recorded() -> None:
    rule = load_rules()["R08"]
    (case,) = [case for case in load_cases("R08") if case.name.startswith("Reviewed, and three")]
    (outcome,) = say_outcomes(case, rule)
    assert outcome.text.endswith("; care processes recorded: 5 of 9")
    assert not any("recorded:" in each.text for each in say_outcomes(load_cases("R08")[0], rule))
