"""Exports read back as what they were, and run as nothing in a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theograph.export.csv_text import NECS_COLUMNS, defuse_formulas, write_necs_csv, write_own_csv
from theograph.journey import Journey

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

NECS = """Client_ID,Event_ID,Start_Date,End_Date,Event_Type,Event_Subtype,Event_Desc
77,B1,01/04/2023,,ASC Long Term,Home Support,Community
77,B2,05/04/2024,05/04/2024,Mental Health,Community mental health team - functional,Community
77,B3,07/05/2024,07/05/2024,A&E,Emergency Medicine Service,Emergency Dept
77,B4,08/05/2024,08/05/2024,A&E,Urgent Treatment Centre,Walk-in
77,B5,15/05/2024,18/05/2024,Acute Inpatient,Ophthalmology Service,Elective
77,B6,25/05/2024,25/05/2024,Community,DNA - Podiatry Service,First
77,B7,20/06/2024,20/06/2024,Acute Outpatient,Ophthalmology Service,Follow-up
77,B8,21/06/2024,25/06/2024,Acute Inpatient,General Medicine,Non-elective
77,B9,26/06/2024,26/06/2024,Request,Request,"=HYPERLINK(""x"")"
"""
OWN = """person_id,event_id,start,end,ongoing,sector,kind,provider,team,mode,status,planned,\
description,requested_at,cost_gbp,units_per_week,recorded_rate_gbp,recorded_rate_unit
77,a,2024-04-03T01:30,2024-04-03T04:00,,ed,A&E attendance,North,ED,face_to_face,attended,false,\
"a, ""b""
c",2024-04-02T10:00,123.45,,,
77,b,2024-04-04,,yes,social_care,Home care,Council,,,,true,+twice daily,,,7,20.50,hour
77,c,2024-02-29,2024-03-02,,hospital,Emergency admission,North,,,,false,-1 is fine,,0,,,
"""
SAME = [
    "start", "end", "has_time", "ongoing", "sector", "kind", "provider", "mode", "status",
    "planned", "recorded_cost_pence", "recorded_rate_pence", "recorded_rate_unit",
    "units_per_week", "requested_at", "cost_pence", "cost_basis",
]  # fmt: skip


@pytest.fixture(scope="module")
def own(read: Read) -> Journey:
    return read({"own.csv": OWN}).journey("77")


@pytest.fixture(scope="module")
def necs(read: Read) -> Journey:
    return read({"necs.csv": NECS}).journey("77")


def test_our_own_layout_reads_back_as_it_was(own: Journey, read: Read) -> None:
    again = read({"own.csv": write_own_csv(own)}).journey("77")
    pd.testing.assert_frame_equal(again.events[SAME], own.events[SAME])
    assert again.events["event_id"].tolist() == own.events["event_id"].tolist()
    assert again.summary == own.summary


def test_the_necs_layout_reads_back_as_it_was(necs: Journey, read: Read) -> None:
    text = write_necs_csv(necs)
    assert text.splitlines()[0] == ",".join(NECS_COLUMNS)
    again = read({"necs.csv": text}).journey("77")
    columns = ["event_id", "start", "end", "ongoing", "sector", "kind", "status", "planned"]
    pd.testing.assert_frame_equal(again.events[columns], necs.events[columns])


def test_necs_rows_are_as_the_peer_writes_them(necs: Journey) -> None:
    rows = {row["Event_ID"]: row for row in csv.DictReader(io.StringIO(write_necs_csv(necs)))}
    assert rows["B1"]["End_Date"] == ""
    assert rows["B5"]["Start_Date"] == "15/05/2024"
    assert rows["B5"]["End_Date"] == "18/05/2024"
    assert rows["B6"]["Event_Subtype"].startswith("DNA - ")
    assert rows["B9"]["Event_Desc"] == '\'=HYPERLINK("x")'
    assert {row["Client_ID"] for row in rows.values()} == {"77"}


def test_other_money_than_pounds_keeps_its_currency(read: Read) -> None:
    header = "person_id,event_id,start,sector,kind,recorded_cost,recorded_rate,currency\n"
    rows = "7,a,2024-04-03,gp,GP consultation,12.50,,USD\n7,b,2024-04-04,gp,Call,,3,EUR\n"
    journey = read({"own.csv": f"{header}{rows}7,c,2024-04-05,gp,Call,9,,GBP\n"}).journey("7")
    text = write_own_csv(journey)
    dollars, euros, pounds = csv.DictReader(io.StringIO(text))
    assert (dollars["cost_gbp"], dollars["recorded_cost"], dollars["currency"]) == (
        "",
        "12.50",
        "USD",
    )
    assert (euros["recorded_rate_gbp"], euros["recorded_rate"]) == ("", "3.00")
    assert (pounds["cost_gbp"], pounds["recorded_cost"]) == ("9.00", "")
    again = read({"own.csv": text}).journey("7")
    pd.testing.assert_frame_equal(again.events[SAME], journey.events[SAME])
    assert again.events["currency"].tolist() == ["USD", "EUR", "GBP"]
    assert again.summary == journey.summary


def test_formulas_are_defused_in_every_text_of_an_export(own: Journey) -> None:
    rows = list(csv.DictReader(io.StringIO(write_own_csv(own))))
    described = {row["event_id"]: row["description"] for row in rows}
    assert described["b"] == "'+twice daily"
    assert described["c"] == "'-1 is fine"
    assert {row["cost_gbp"] for row in rows} == {"123.45", "0.00", ""}


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("-1.5", "-1.5"),
        ("+44", "+44"),
        ("007", "007"),
        ("NA", "NA"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_formulas_are_defused_and_numbers_left(text: str, safe: str) -> None:
    assert defuse_formulas(pd.Series([text], dtype="str")).tolist() == [safe]


@given(st.text(max_size=20))
def test_no_text_is_left_that_begins_a_formula(text: str) -> None:
    (safe,) = defuse_formulas(pd.Series([text], dtype="str")).tolist()
    assert safe.removeprefix("'") == text.removeprefix("'")
    assert not safe.startswith(("=", "@", "\t", "\r"))
    if safe.startswith(("+", "-")):
        float(safe)


def test_joan_exports_every_event_once(joan: Imported) -> None:
    journey = joan.journey("9990417288")
    for write in (write_own_csv, write_necs_csv):
        rows = list(csv.DictReader(io.StringIO(write(journey))))
        assert len(rows) == len(journey.events)
