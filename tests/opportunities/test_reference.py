"""The reference engine by hand: tiny journeys whose opportunities can be read off."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from tests.opportunities.by_hand import at, event, feed, find, reading, short, statuses
from tests.opportunities.journeys import make_row

EACH = [{"any": ["c1"]}]
ANSWERED = {"any": ["c2"], "within": "3 days"}


def test_an_answer_on_the_last_day_is_in_time_and_everything_is_told() -> None:
    signal, answer = event("a", "03-01 23:00", "c1"), event("b", "03-04 23:59", "c2")
    assert find(signal, answer, signal=EACH, response=ANSWERED, needs=["gp"]) == [
        {
            "person_ref": "p",
            "rule": "X1",
            "signal_no": 1,
            "status": "met",
            "signal_at": datetime(2024, 3, 1, 23),
            "has_time": True,
            "anchor": "a",
            "evidence": ["a"],
            "window_start": date(2024, 3, 1),
            "due": date(2024, 3, 4),
            "response": "b",
            "response_at": datetime(2024, 3, 4, 23, 59),
            "consequence": None,
            "consequence_at": None,
            "consequences": [],
            "cost_followed_pence": None,
            "uncovered": [],
        }
    ]


def test_a_day_later_is_too_late_and_what_followed_is_costed_once() -> None:
    found = find(
        event("a", "03-01", "c1"),
        event("b", "03-05", "c2"),
        event("c", "03-06", "c3", cost_pence=70),
        event("d", "03-07 10:00", "c3;e1", cost_pence=5, end="03-08 10:00"),
        event("e", "03-12", "c3"),
        signal=EACH,
        response=ANSWERED,
        consequence={"any": ["c3", "e1"], "within": "10 days"},
    )
    told = short(found, "status", "consequence", "consequences", "cost_followed_pence")
    assert told == [("missed", "c", ["c", "d"], 75)]


@pytest.mark.parametrize(
    ("signal", "answer", "status"),
    [
        ("03-01 12:00", "03-01 11:00", "missed"),
        ("03-01 12:00", "03-01 12:00", "met"),
        ("03-01 12:00", "03-01", "met"),
        ("03-01", "03-01 00:00", "met"),
        ("03-01", "02-29", "missed"),
    ],
)
def test_on_the_same_day_the_clock_decides_if_both_have_one(
    signal: str, answer: str, status: str
) -> None:
    found = find(event("b", answer, "c2"), event("a", signal, "c1"), signal=EACH, response=ANSWERED)
    assert statuses(found) == [status]


@pytest.mark.parametrize(
    ("answer", "status"), [("03-01 14:00", "met"), ("03-01 14:01", "missed"), ("03-01", "met")]
)
def test_two_hours_are_by_the_clock(answer: str, status: str) -> None:
    within = {"any": ["c2"], "within": "2 hours"}
    events = event("a", "03-01 12:00", "c1"), event("b", answer, "c2")
    found = find(*events, signal=EACH, response=within)
    assert short(found, "status", "due") == [(status, date(2024, 3, 1))]


@pytest.mark.parametrize(
    ("signal", "covered", "status"),
    [
        ("03-28", date(2024, 12, 31), "missed"),
        ("03-29", date(2024, 12, 31), "open"),
        ("03-29", date(2024, 3, 31), "open"),
        ("03-29", date(2024, 3, 30), "not_assessable"),
        ("03-10", date(2024, 3, 13), "missed"),
        ("03-10", date(2024, 3, 12), "not_assessable"),
    ],
)
def test_what_the_extracts_do_not_cover_is_not_said(
    signal: str, covered: date, status: str
) -> None:
    parts: dict[str, Any] = {"signal": EACH, "response": ANSWERED, "needs": ["gp"]}
    feeds = {"feeds": [feed(date(2023, 1, 1), covered), feed(date(2020, 1, 1), date.max, "P2")]}
    assert statuses(find(event("a", signal, "c1"), tables=feeds, **parts)) == [status]


@pytest.mark.parametrize(
    ("died", "expected"), [("02-29", []), ("03-01", []), ("03-04", []), ("03-05", ["missed"])]
)
def test_death_on_or_before_the_last_day_stops_the_clock(died: str, expected: list[str]) -> None:
    person = {"date_of_death": at(died)["instant"].date()}
    found = find(event("a", "03-01", "c1"), person=person, signal=EACH, response=ANSWERED)
    assert statuses(found) == expected


def test_the_second_within_ten_days_counts_and_carries_the_first() -> None:
    events = (event(ident, day, "c1") for ident, day in
              [("a", "03-01"), ("b", "03-12"), ("c", "03-22"), ("d", "03-22")])  # fmt: skip
    found = find(*events, signal=[{"any": ["c1"], "count": 2, "in": "10 days"}])
    told = short(found, "anchor", "evidence", "status", "due", "window_start")
    assert told == [
        ("c", ["b", "c", "d"], "missed", None, None),
        ("d", ["b", "c", "d"], "missed", None, None),
    ]


def test_two_teams_on_two_days_are_seen_on_the_last_event_of_the_day() -> None:
    events = (
        event("a", "03-01", "c1", team="t1"),
        event("b", "03-02 09:00", "c1", team="t1"),
        event("c", "03-02 08:00", "c1", team="t2"),
        event("d", "03-09", "c1", team="t1"),
    )
    wanted = {"any": ["c1"], "distinct": {"day": 2, "team": 2}, "in": "6 days"}
    found = find(*events, signal=[wanted])
    assert short(found, "anchor", "evidence") == [("b", ["a", "c", "b"])]


def test_episodes_of_a_spell_are_one_event_that_ends_once() -> None:
    episodes = [
        event("b", "03-01 10:00", "c1", end="03-02 10:00", spell_id="s", cost_pence=None),
        event("a", "03-02 10:00", "e1", end="03-05", spell_id="s", cost_pence=40),
        event("x", "03-02 10:00", "e1", end="03-09", spell_id="s", provider="P2"),
    ]
    parts = {"once_per": "2 days", "consequence": {"itself": True}}
    found = find(*episodes, signal=[{"any": ["e1", "c1"]}], **parts)
    assert short(found, "anchor", "signal_at", "has_time", "cost_followed_pence") == [
        ("b", datetime(2024, 3, 1, 10), True, 40),
        ("b", datetime(2024, 3, 5), False, 40),
        ("x", datetime(2024, 3, 9), False, 100),
    ]


def test_a_lasting_thing_begins_once_until_it_is_broken_off() -> None:
    values = [("02-01", 0.2), ("02-10", 0.2), ("02-20", 0.1), ("03-01", 0.3), ("03-01", 0.2)]
    readings = [reading(day, value, "l1" if value > 0.1 else None) for day, value in values]
    begun = find(signal=[{"any": ["l1"], "begins": True}], tables={"measures": readings})
    assert short(begun, "anchor") == [("measure:efi:2024-02-01",), ("measure:efi:2024-03-01",)]
    events = [event(day, day, "c1") for day in ("02-09", "02-19", "02-20", "02-29", "03-01")]
    has = [{"any": ["c1"], "where": {"has": ["l1"]}}]
    found = find(*events, signal=has, tables={"measures": readings})
    assert short(found, "anchor") == [("02-09",), ("02-19",), ("03-01",)]


def test_ready_to_leave_is_seen_when_ready() -> None:
    waited = event("a", "03-01 10:00", "c1", ready_at="03-03 08:00", end="03-05 07:00")
    brief = event("b", "03-06 10:00", "c1", ready_at="03-07 00:00", end="03-08 23:00")
    still = event("c", "03-20", "c1", ready_at="03-29", ongoing=True)
    lasting = {"from": "ready_at", "to": "end", "at_least": "2 days"}
    found = find(waited, brief, still, signal=[{"any": ["c1"], "lasting": lasting}])
    assert short(found, "anchor", "signal_at", "has_time") == [
        ("a", datetime(2024, 3, 3, 8), True),
        ("c", datetime(2024, 3, 29), False),
    ]


def test_an_activity_that_ends_is_seen_at_the_end_of_the_silence() -> None:
    days = ["02-01", "02-05", "02-09", "02-09", "02-20"]
    events = [event(f"a{number}", day, "c1") for number, day in enumerate(days)]
    ended = {"at_least": 3, "in": "8 days", "silent": "10 days"}
    found = find(*events, signal=[{"any": ["c1"], "stopped": ended}], response=ANSWERED)
    assert short(found, "signal_at", "anchor", "evidence", "status") == [
        (datetime(2024, 2, 19), "a3", ["a0", "a1", "a2", "a3"], "missed"),
    ]


def test_reviews_fall_due_while_the_condition_stands_and_is_covered() -> None:
    diabetes = make_row(
        "conditions", person_ref="p", condition="Diabetes", onset=date(2010, 1, 1), concepts="l1"
    )
    reviews = [event("a", "01-20", "c1"), event("b", "02-03 10:00", "c1")]
    tables = {"conditions": [diabetes], "feeds": [feed(date(2024, 1, 5), date(2024, 12, 31))]}
    found = find(
        *reviews,
        tables=tables,
        needs=["gp"],
        signal=[{"any": ["c1"], "overdue": {"while": ["l1"], "after": "10 days"}}],
        response={"within": "5 days"},
    )
    assert short(found, "signal_at", "anchor", "status", "response") == [
        (datetime(2024, 1, 15), "condition:2010-01-01:Diabetes", "met", "a"),
        (datetime(2024, 1, 30), "a", "met", "b"),
        (datetime(2024, 2, 13), "b", "missed", None),
    ]


def test_reviews_more_often_than_they_fall_due_say_once_in_a_while_that_they_were_met() -> None:
    diabetes = make_row(
        "conditions", person_ref="p", condition="Diabetes", onset=date(2024, 1, 5), concepts="l1"
    )
    reviews = [event(day, day, "c1") for day in ("01-06", "01-08", "01-14", "01-24", "03-29")]
    found = find(
        *reviews,
        tables={"conditions": [diabetes]},
        signal=[{"any": ["c1"], "overdue": {"while": ["l1"], "after": "10 days"}}],
        response={"within": "5 days"},
    )
    assert short(found, "signal_at", "anchor", "status") == [
        (datetime(2024, 1, 6), "condition:2024-01-05:Diabetes", "met"),
        (datetime(2024, 1, 24), "01-14", "met"),
        (datetime(2024, 2, 3), "01-24", "missed"),
    ]


def test_one_visit_may_be_where_two_reviews_fell_due() -> None:
    both = make_row(
        "conditions", person_ref="p", condition="Both", onset=date(2024, 3, 1), concepts="l1;l2"
    )
    overdue = [{"while": [key], "after": "9 days"} for key in ("l1", "l2")]
    signals = [
        {"any": [key], "overdue": due} for key, due in zip(("c1", "c2"), overdue, strict=True)
    ]
    visit = event("a", "03-05", "c1;c2")
    found = find(
        visit, tables={"conditions": [both]}, signal=signals, response={"within": "2 days"}
    )
    assert short(found, "signal_no", "signal_at", "anchor", "status")[-2:] == [
        (1, datetime(2024, 3, 14), "a", "missed"),
        (2, datetime(2024, 3, 14), "a", "missed"),
    ]


def test_no_one_clinician_has_half_of_the_contacts() -> None:
    seen = {"a": "d1", "b": "d2", "c": "d3", "d": None}
    events = [event(ident, "03-01", "c1", clinician=who) for ident, who in seen.items()]
    share = {"of": "clinician", "in": "365 days", "at_least": 3, "below": 0.5}
    found = find(*events, signal=[{"any": ["c1"], "share": share}])
    assert short(found, "anchor", "evidence") == [("c", ["a", "b", "c"])]


def test_care_that_begins_larger_after_a_stay_is_seen_on_the_stay() -> None:
    events = (
        event("a", "02-01", "c2", units_per_week=8.0),
        event("b", "02-20", "c1", end="02-25"),
        event("c", "02-24", "c2", units_per_week=20.0),
        event("d", "02-27", "c2", units_per_week=10.0),
        event("e", "03-02", "c2", units_per_week=20.0),
    )
    step = {"any": ["c2"], "column": "units_per_week", "times": 1.25, "within": "5 days"}
    found = find(*events, signal=[{"any": ["c1"], "stepped_up": step}])
    assert short(found, "anchor", "signal_at", "evidence") == [
        ("b", datetime(2024, 2, 20), ["b", "d"])
    ]


def test_contacts_that_double_before_an_admission_are_its_evidence() -> None:
    days = ["02-01", "02-15", "03-01", "03-05", "03-09"]
    events = [event(f"a{number}", day, "c2") for number, day in enumerate(days)]
    rising = {"any": ["c2"], "in": "10 days", "against": "30 days", "times": 2.0, "at_least": 3}
    signal = [{"any": ["c1"], "rising": rising}]
    found = find(*events, event("x", "03-10", "c1"), signal=signal)
    assert short(found, "evidence") == [(["a2", "a3", "a4", "x"],)]
    assert find(*events, event("x", "03-11", "c1"), signal=signal) == []


def test_a_stay_that_still_goes_on_excuses() -> None:
    stay = event("b", "02-01", "c2", end="03-01 09:00")
    excuse = [{"any": ["c2"], "before": "2 days"}]
    events = [event("a", "03-03", "c1"), event("c", "03-04", "c1")]
    assert short(find(stay, *events, signal=EACH, unless=excuse), "anchor") == [("c",)]


def test_one_in_so_many_days_is_counted_from_the_last_that_was_kept() -> None:
    days = ["03-01", "03-04", "03-06", "03-10", "03-11"]
    found = find(*[event(day, day, "c1") for day in days], signal=EACH, once_per="5 days")
    assert short(found, "anchor") == [("03-01",), ("03-06",), ("03-11",)]


def test_one_event_is_one_opportunity_of_the_first_signal_that_sees_it() -> None:
    three = [{"any": ["c2"]}, {"any": ["c1"]}, {"any": ["c1", "c3"]}]
    assert short(find(event("a", "03-01", "c1;c3"), signal=three), "signal_no") == [(2,)]
