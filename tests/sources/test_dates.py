"""Dates are read on evidence, never by a guess that could swap day and month."""

from __future__ import annotations

from datetime import date

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theograph.sources.dates import (
    NULL_DAYS,
    DateColumn,
    gather_evidence,
    is_null_day,
    is_plausible,
    judge_dates,
    parse_clock,
    parse_date,
    tells_time,
)

CON = ibis.duckdb.connect()
Read = tuple[DateColumn, list[str | None], list[bool]]


def read_column(texts: list[str], form: str | None = None, epoch: int | None = None) -> Read:
    table = ibis.memtable({"when": texts}, schema={"when": "string"})
    forms = {"when": form} if form else {}
    evidence = CON.to_pyarrow(gather_evidence(table, ["when"])).to_pylist()[0]
    study = judge_dates(evidence, {"when": "When seen"}, forms=forms, excel_epoch=epoch)["when"]
    found = CON.to_pyarrow(
        table.select(
            at=parse_date(table.when, study).cast("string"), timed=tells_time(table.when, study)
        )
    )
    return study, found["at"].to_pylist(), found["timed"].to_pylist()


# column as read -> instants, and a word of what is said about it
ORDERS = {
    "iso-is-never-swapped": (
        ["2024-04-03", "2024-12-11"],
        ["2024-04-03", "2024-12-11"],
        "ISO 8601",
    ),
    "day-first-proved-by-one-date": (
        ["03/04/2024", "25/04/2024"],
        ["2024-04-03", "2024-04-25"],
        "day first, as 25/04/2024 shows",
    ),
    "year-first-with-slashes-is-never-swapped": (
        ["2024/04/03", "2024/12/11"],
        ["2024-04-03", "2024-12-11"],
        "year first",
    ),
    "month-first-proved-by-one-date": (
        ["03/04/2024", "04/25/2024"],
        ["2024-03-04", "2024-04-25"],
        "month first, as 04/25/2024 shows",
    ),
    "ambiguous-is-day-first-and-says-so": (
        ["03/04/2024", "05/06/2024"],
        ["2024-04-03", "2024-06-05"],
        "no date in the column proves it",
    ),
    "iso-beside-proven-month-first-stays-iso": (
        ["2024-04-03", "04/25/2024", "04/05/2024"],
        ["2024-04-03", "2024-04-25", "2024-04-05"],
        "month first",
    ),
    "hyphens-and-dots": (["3-4-2024", "25.4.2024"], ["2024-04-03", "2024-04-25"], "day first"),
    "month-by-name": (["3 Apr 2024", "25-APR-2024"], ["2024-04-03", "2024-04-25"], "by name"),
    "eight-digits": (["20240403"], ["2024-04-03"], "YYYYMMDD"),
    "excel-days-in-text": (["45385"], ["2024-04-03"], "1900"),
    "leap-day": (["29/02/2024", "2024-02-29"], ["2024-02-29", "2024-02-29"], "day first"),
    "no-such-day": (["29/02/2023", "2023-02-29", "31/04/2024"], [None] * 3, "day first"),
    "two-digit-years-are-not-guessed": (["25/04/24"], [None], "no dates"),
    "a-bare-year-is-no-date": (["1946", "60"], [None, None], "no dates"),
    "text": (["yesterday", "TBC"], [None, None], "no dates"),
}


@pytest.mark.parametrize("case", ORDERS)
def test_the_order_of_a_column_is_settled_by_evidence_and_said(case: str) -> None:
    texts, expected, said = ORDERS[case]
    study, found, timed = read_column(texts)
    assert [at[:10] if at else None for at in found] == expected
    assert said in study.why
    assert study.refused is None
    assert not any(timed)


@pytest.mark.parametrize("order", [["25/04/2024", "04/25/2024"], ["04/25/2024", "25/04/2024"]])
def test_a_column_that_mixes_orders_is_refused_with_both_examples(order: list[str]) -> None:
    refused = read_column(["2024-04-03", *order])[0].refused
    assert refused is not None
    for word in ("'When seen'", "25/04/2024", "04/25/2024", "YYYY-MM-DD"):
        assert word in refused


TIMES = {
    "2024-04-03T01:30": ("2024-04-03 01:30:00", True),
    "2024-04-03 01:30:15": ("2024-04-03 01:30:15", True),
    "03/04/2024 01:30": ("2024-04-03 01:30:00", True),
    "3 Apr 2024 23:59": ("2024-04-03 23:59:00", True),
    "45385.0625": ("2024-04-03 01:30:00", True),
    "2024-04-03": ("2024-04-03 00:00:00", False),
    # Clocks went forward on 31 March 2024 and back on 27 October 2024.
    "2024-03-31T01:30": ("2024-03-31 01:30:00", True),
    "2024-10-27T01:30": ("2024-10-27 01:30:00", True),
    "2024-03-31T00:30:00Z": ("2024-03-31 00:30:00", True),
    "2024-03-31T01:30:00Z": ("2024-03-31 02:30:00", True),
    "2024-10-27T00:30:00Z": ("2024-10-27 01:30:00", True),
    "2024-10-27T01:30:00Z": ("2024-10-27 01:30:00", True),
    "2024-07-01T00:00:00Z": ("2024-07-01 01:00:00", True),
    "2024-07-01T12:00:00+05:30": ("2024-07-01 07:30:00", True),
    "2024-01-01 12:00:00-0500": ("2024-01-01 17:00:00", True),
    "2024-04-03T25:00": (None, True),
}


def test_times_and_zones() -> None:
    _, found, timed = read_column(list(TIMES))
    assert dict(zip(TIMES, zip(found, timed, strict=True), strict=True)) == TIMES


def test_a_column_of_midnights_tells_no_time() -> None:
    _, found, timed = read_column(["2024-04-03 00:00:00", "04/04/2024 00:00"])
    assert found == ["2024-04-03 00:00:00", "2024-04-04 00:00:00"]
    assert timed == [False, False]


def test_days_counted_from_1904_where_the_workbook_says_so() -> None:
    assert read_column(["43923"], epoch=1904)[1] == ["2024-04-03 00:00:00"]
    assert read_column(["45385"], epoch=1900)[1] == ["2024-04-03 00:00:00"]


def test_a_form_in_the_mapping_settles_what_evidence_would_refuse() -> None:
    study, found, _ = read_column(["04/25/2024", "25/04/2024"], form="%d/%m/%Y")
    assert found == [None, "2024-04-25 00:00:00"]
    assert study.refused is None
    assert "as the mapping says" in study.why


@settings(max_examples=5)
@given(st.lists(st.dates(date(1880, 1, 1), date(2199, 12, 31)), min_size=1, max_size=40))
def test_iso_dates_come_back_as_written(days: list[object]) -> None:
    texts = [str(day) for day in days]
    assert [at[:10] for at in read_column(texts)[1]] == texts


CLOCKS = {
    "0930": 34200,
    "930": 34200,
    "9:30": 34200,
    "09:30:15": 34215,
    "9:30:15": 34215,
    "093015": 34215,
    "93015": 34215,
    "13:05:00.5": 47100,
    "2024-04-03 09:30:15": 34215,  # its day again before it
    "0.604166666666667": 52200,  # the part of a day, as Excel counts
    ".5": 43200,
    "1.5": None,
    "00:00": 0,
    "2359": 86340,
    "2400": None,
    "4000": None,  # how HES writes an unknown time
    "1260": None,
    "": None,
    "noon": None,
}


def test_clocks() -> None:
    table = ibis.memtable({"text": list(CLOCKS)})
    found = CON.to_pyarrow(table.select(seconds=parse_clock(table.text)))["seconds"].to_pylist()
    assert dict(zip(CLOCKS, found, strict=True)) == CLOCKS


def test_days_that_stand_for_no_date() -> None:
    days = [*NULL_DAYS, "1800-01-02", "1900-01-02", "2024-04-03"]
    table = ibis.memtable({"day": days}).select(at=ibis._.day.cast("timestamp"))
    found = CON.to_pyarrow(table.select(null=is_null_day(table.at)))["null"].to_pylist()
    assert [day for day, null in zip(days, found, strict=True) if null] == list(NULL_DAYS)


def test_plausible_years_run_from_1880_to_2199() -> None:
    days = ["1879-12-31", "1880-01-01", "2199-12-31", "2200-01-01"]
    table = ibis.memtable({"day": days}).select(at=ibis._.day.cast("timestamp"))
    found = CON.to_pyarrow(table.select(plausible=is_plausible(table.at)))
    assert found["plausible"].to_pylist() == [False, True, True, False]
