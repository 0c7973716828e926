"""What looks odd in what was kept, how people are linked, how far the feeds reach."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from theograph.importing import price_store
from theograph.importing.findings import read_coverage
from theograph.sources.quality import QualityWarning
from theograph.store import read_account

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
PEOPLE = """person_id,date_of_birth,date_of_death
1,1950-01-01,2024-03-01
2,2024-01-10,
"""
HEADER = (
    "person_id,event_id,start,end,ongoing,sector,kind,provider,spell_id,duration_minutes,"
    "recorded_cost,currency"
)
# line -> what is odd about it
ODD = """1,a2,2024-03-01T23:00,,,gp,GP consultation,North,,,,
1,a3,2024-03-02T00:30,,,gp,GP consultation,North,,,,
2,a4,2024-01-09T10:00,,,gp,GP consultation,North,,,,
2,a5,2024-01-10T10:00,,,gp,GP consultation,North,,,,
2,a6,2024-02-05,2024-02-01,,hospital,Emergency admission,South,,,,
3,b7,2024-01-01,2024-01-20,,hospital,Emergency admission,South,s1,,,
3,b8,2024-01-05,2024-01-08,,hospital,Emergency admission,South,s2,,,
3,b9,2024-01-15,2024-01-25,,hospital,Emergency admission,South,s3,,,
3,b10,2024-01-20,2024-01-22,,hospital,Emergency admission,South,s3,,,
3,b11,2024-01-25,2024-01-30,,hospital,Emergency admission,South,s4,,,
3,b12,2024-01-16,2024-01-18,,hospital,Emergency admission,East,s5,,,
4,c13,2020-01-01,2022-01-01,,hospital,Elective admission,South,,,,
4,c14,2010-01-01,2011-12-31,,hospital,Elective admission,South,,,,
4,c15,2024-05-01T10:00,2024-05-04T10:01,,ed,A&E attendance,South,,,,
4,c16,2024-05-11T10:00,2024-05-14T10:00,,ed,A&E attendance,South,,,,
4,c17,2024-05-20T10:00,,,gp,GP consultation,North,,1441,,
4,c18,2024-05-21T10:00,,,community,Physiotherapy contact,North,,1441,,
4,c19,2024-05-22T10:00,,,community,Physiotherapy contact,North,,1440,,
5,d20,2024-05-22T11:00,,,voluntary,Befriending tea,Kind,,,,
5,d21,2024-05-22T11:00,,,gp,GP consultation,North,,,,
5,d22,2024-05-23T11:00,,,gp,GP consultation,North,,,12.50,usd
5,d23,2024-05-24T11:00,,,gp,GP consultation,North,,,1000,USD
5,d24,2024-05-25T11:00,,,gp,GP consultation,North,,,7,GBP
"""


@pytest.fixture(scope="module")
def odd(read: Read) -> Imported:
    return read({"people.csv": PEOPLE, "odd.csv": f"{HEADER}\n{ODD}"})


def warn(done: Imported, key: str) -> QualityWarning:
    return next(warning for warning in done.report.warnings if warning.key == key)


@pytest.mark.parametrize(
    ("key", "lines"),
    [
        ("ends_before_start", [6]),
        ("after_death", [3]),
        ("before_birth", [4]),
        ("nested_spells", [8]),
        ("overlapping_spells", [9]),
        ("long_hospital", [13]),
        ("long_ed", [15]),
        ("long_gp", [17]),
        ("long_contact", [18]),
        ("unmapped_kinds", [20]),
        ("same_instant", [20, 21]),
        ("other_currency", [22, 23]),
    ],
)
def test_what_is_odd_is_counted_with_its_lines(odd: Imported, key: str, lines: list[int]) -> None:
    warning = warn(odd, key)
    assert warning.rows == len(lines)
    assert warning.places == tuple(("odd.csv", line) for line in lines)
    assert warning in odd.report.findings.by_file["odd.csv"]


def test_nothing_else_is_odd(odd: Imported) -> None:
    assert len(odd.report.warnings) == 12
    assert "people.csv" not in odd.report.findings.by_file


def test_no_warning_changes_a_row(odd: Imported) -> None:
    file = odd.file("odd.csv")
    assert (file.rows_read, file.kept, file.set_aside) == (23, 22, 1)
    assert len(odd.rows("events")) == 22


def test_unmapped_kinds_are_named_with_their_rows(odd: Imported) -> None:
    assert warn(odd, "unmapped_kinds").values == {"voluntary: Befriending tea": 1}


def test_other_currencies_are_summed_apart_and_left_out_of_totals(odd: Imported) -> None:
    assert warn(odd, "other_currency").values == {"USD": 101_250}
    journey = odd.journey("5")
    dollars = journey.events[journey.events["cost_basis"] == "other_currency"]
    assert dollars["recorded_cost_pence"].tolist() == [1_250, 100_000]
    assert dollars["cost_pence"].isna().all()
    assert journey.summary.other_currencies == {"USD": 101_250}
    assert journey.summary.cost_by_basis["other_currency"] == {"events": 2, "pence": 0}
    assert journey.summary.cost_pence == 4_000 + 700


def test_a_crowd_at_one_instant_is_odd(read: Read) -> None:
    def say(people: int) -> Imported:
        rows = (f"{n},2024-05-23T11:07,gp,GP consultation" for n in range(people))
        return read({"gp.csv": "\n".join(["person_id,start,sector,kind", *rows, ""])})

    assert warn(say(25), "crowded_instant").rows == 25
    assert say(24).report.warnings == ()


@pytest.mark.parametrize(
    ("at_midnight", "others", "odd"), [(10, 190, 10), (9, 50, 0), (10, 191, 0)]
)
def test_more_midnights_than_chance_are_odd(
    read: Read, at_midnight: int, others: int, odd: int
) -> None:
    rows = [f"{n},2024-05-{n % 28 + 1:02}T00:00" for n in range(at_midnight)]
    rows += [f"{n},2024-05-{n % 28 + 1:02}T09:{n % 60:02}" for n in range(others)]
    lines = (f"{row},gp,GP consultation" for row in rows)
    done = read({"gp.csv": "\n".join(["person_id,start,sector,kind", *lines, ""])})
    assert sum(one.rows for one in done.report.warnings if one.key == "midnight") == odd


def test_days_without_a_time_are_no_midnights_and_no_instants(read: Read) -> None:
    rows = (f"{n % 30},2024-05-01,gp,GP consultation,T{n}" for n in range(90))
    done = read({"gp.csv": "\n".join(["person_id,start,sector,kind,team", *rows, ""])})
    assert done.report.warnings == ()


def test_people_are_counted_by_the_files_providers_and_identifiers_that_hold_them(
    read: Read,
) -> None:
    gp = "person_id,start,sector,kind,provider\n9434765919,2024-01-05,gp,GP consultation,North\n"
    gp += "x,2024-01-06,gp,GP consultation,North\n"
    ed = "person_id,start,sector,kind,provider\n9434765919,2024-01-07,ed,A&E attendance,South\n"
    links = read({"gp.csv": gp, "ed.csv": ed}).report.findings.links
    assert links.people == 2
    assert links.people_by_files == {1: 1, 2: 1}
    assert links.people_by_providers == {1: 1, 2: 1}
    assert links.people_by_identifiers == {1: 2}
    assert links.identifiers_by_type == {"nhs_number": 1, "pseudonym": 1}
    assert links.identifiers == 2


FEEDS = """provider,sector,start,end
North,gp,2024-01-10,2024-02-20
North,gp,2024-04-01,2024-05-31
"""
GP = """person_id,start,sector,kind,provider
1,2024-01-15,gp,GP consultation,North
1,2024-01-16,gp,GP consultation,North
1,2024-04-02,gp,GP consultation,North
1,2024-07-02,gp,GP consultation,North
"""


@pytest.fixture(scope="module")
def gap(read: Read) -> Imported:
    return read({"feeds.csv": FEEDS, "gp.csv": GP})


def test_coverage_shows_every_month_of_a_feed_and_its_gap(gap: Imported) -> None:
    coverage = read_coverage(gap.store.current())
    assert coverage.column_names == ["provider", "sector", "month", "events", "covered"]
    assert [tuple(row.values()) for row in coverage.to_pylist()] == [
        ("North", "gp", date(2024, 1, 1), 2, True),
        ("North", "gp", date(2024, 2, 1), 0, True),
        ("North", "gp", date(2024, 3, 1), 0, False),
        ("North", "gp", date(2024, 4, 1), 1, True),
        ("North", "gp", date(2024, 5, 1), 0, True),
        ("North", "gp", date(2024, 6, 1), 0, False),
        ("North", "gp", date(2024, 7, 1), 1, False),
    ]


def test_the_account_names_the_months_that_a_feed_lacks_within_its_reach(gap: Imported) -> None:
    (line,) = gap.report.findings.coverage
    assert (line.provider, line.sector, line.events) == ("North", "gp", 4)
    assert (line.start, line.end) == (date(2024, 1, 10), date(2024, 5, 31))
    assert line.missing_months == (date(2024, 3, 1),)
    assert line.quiet_months == 2


def test_the_account_of_an_import_stays_with_its_snapshot(odd: Imported) -> None:
    account = read_account(odd.store.current())
    assert account == json.loads(json.dumps(odd.report.to_document()))
    assert account is not None
    assert account["snapshot"] == odd.store.current().name
    assert {file["path"]: len(file["warnings"]) for file in account["files"]} == {
        "people.csv": 0,
        "odd.csv": 12,
    }
    assert account["warnings"][0]["places"] == [{"file": "odd.csv", "line": 6}]
    assert account["links"]["people"] == 5
    assert account["coverage"][0]["missing_months"] == []


def test_pricing_again_keeps_the_account_of_the_import(read: Read) -> None:
    done = read({"gp.csv": GP})
    before = read_account(done.store.current())
    again = price_store(done.store, unit_costs=(), price_year=None, now=NOW)
    assert read_account(again) == before
    assert again.made_by == "price"


def test_an_import_that_brings_nothing_new_says_what_is_odd_all_the_same(
    odd: Imported, read: Read
) -> None:
    again = read({"odd.csv": f"{HEADER}\n{ODD}"}, into=odd.store)
    assert again.report.snapshot == odd.report.snapshot
    assert again.report.warnings == odd.report.warnings
