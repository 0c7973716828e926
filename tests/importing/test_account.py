"""Every row that is read is kept, a duplicate or set aside with its reason: nothing vanishes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

HEADER = "person_id,start,end,sector,kind,cost_gbp,quantity,event_id\n"

# row as written -> the reason it is set aside, or None where it is kept
ROWS = {
    "7,2024-04-03,,gp,GP consultation,40.00,1,k1": None,
    "NA,2024-04-03T01:30,,gp,GP consultation,,,k2": None,
    "007,2024-02-29,,gp,GP consultation,,,k3": None,
    "-9223372036854775808,2024-04-03,,gp,GP consultation,,,k4": None,
    "999 041 7288,2024-04-03,,gp,GP consultation,,,k5": None,
    "7,2024-04-03,9999-12-31,social_care,Home care,,,k6": None,
    "7,2024-04-03T10:00,2024-04-03,ed,A&E attendance,,,k7": None,
    "7,1880-01-01,,gp,GP consultation,,,k8": None,
    "7,2199-12-31,,gp,GP consultation,,,k9": None,
    "7,0001-01-01,,gp,GP consultation,,,r1": "has a null date as its start",
    "7,9999-12-31,,gp,GP consultation,,,r2": "has a null date as its start",
    "7,1800-01-01,,gp,GP consultation,,,r3": "has a null date as its start",
    "7,1850-06-01,,gp,GP consultation,,,r4": "has an implausible start",
    "7,2024-04-03,9998-01-01,gp,GP consultation,,,r5": "has an implausible end",
    "7,2023-02-29,,gp,GP consultation,,,r6": "has a start that is not a date",
    "7,29/02/2023,,gp,GP consultation,,,r7": "has a start that is not a date",
    "7,soon,,gp,GP consultation,,,r8": "has a start that is not a date",
    "7,,,gp,GP consultation,,,r9": "has no start",
    "7,2024-04-05,2024-04-03,hospital,Day case,,,r10": "has its end before its start",
    "7,2024-04-03T10:00,2024-04-03T09:00,ed,x,,,r11": "has its end before its start",
    "7,2024-04-03,,dentist,Check-up,,,r12": "has an unknown sector",
    "7,2024-04-03,,,Check-up,,,r13": "has no sector",
    "7,2024-04-03,,gp,,,,r14": "has no kind",
    ",2024-04-03,,gp,GP consultation,,,r15": "says not whose it is",
    "null,2024-04-03,,gp,GP consultation,,,r16": "says not whose it is",
    "7,2024-04-03,,gp,GP consultation,lots,,r17": "has a cost that is not an amount",
    "7,2024-04-03,,gp,GP consultation,99999999999999999,,r18": "has a cost that is not an amount",
    "7,2024-04-03,,gp,GP consultation,,some,r19": "has a quantity that is not a number",
    "7,2024-04-03,,gp,GP consultation,,nan,r20": "has a quantity that is not a number",
    "7,2024-04-03,,gp": "has fewer cells than the header",
    "7,2024-04-03,,gp,GP consultation,,,r21,more,and more": "has more cells than the header",
    '7,2024-04-03,,gp,"GP consultation,,,r22': "opens a quote that does not close",
    f"7,2024-04-03,,gp,{'x' * 100_001},,,r23": "has a cell longer than 100,000 characters",
    "7, 2024-04-03 ,,gp,GP consultation,40.00,1,k1": "is the same row again",
    "7,2024-04-04,,gp,GP consultation,,,k1": "has the event id of another row with other content",
    "8,2024-04-03,,gp,GP consultation,,,k1": None,  # an id belongs to its person
}


@pytest.fixture(scope="module")
def read_rows(read: Read) -> Imported:
    return read({"events.csv": HEADER + "\n".join(ROWS) + "\n"})


def test_each_row_has_the_fate_and_the_reason_it_deserves(read_rows: Imported) -> None:
    rejects = dict(read_rows.rows("rejects", "source_row, reason"))
    found = {row: rejects.get(line) for line, row in enumerate(ROWS, start=2)}
    assert found == ROWS


def test_the_report_adds_up_and_names_lines(read_rows: Imported) -> None:
    (file,) = read_rows.report.files
    assert file.rows_read == len(ROWS)
    assert file.rows_read == file.kept + file.duplicates + file.set_aside
    assert file.duplicates == 1
    assert Counter(file.reasons) == Counter(reason for reason in ROWS.values() if reason)
    for line, reason in enumerate(ROWS.values(), start=2):
        if reason:
            assert line in file.lines[reason]


def test_rejects_hold_the_value_and_the_row_as_read(read_rows: Imported) -> None:
    rejects = {line: rest for line, *rest in read_rows.rows("rejects", "source_row, value, row")}
    line = 2 + list(ROWS).index("7,2024-04-03,,dentist,Check-up,,,r12")
    value, row = rejects[line]
    assert value == "dentist"
    assert row.split(" | ")[:5] == ["7", "2024-04-03", "", "dentist", "Check-up"]


def test_identifiers_are_kept_to_the_letter(read_rows: Imported) -> None:
    people = {one.person_id: one.events for one in read_rows.records.list_people()}
    assert people == {
        "7": 5, "8": 1, "NA": 1, "007": 1, "-9223372036854775808": 1, "9990417288": 1,
    }  # fmt: skip


def test_an_end_in_9999_means_that_it_goes_on(read_rows: Imported) -> None:
    found = {row[0]: row[1:] for row in read_rows.rows("events", 'event_id, "end", ongoing')}
    assert found["k6"] == (None, True)


def test_a_mistyped_far_future_does_not_move_the_day_the_data_speaks_to(
    read_rows: Imported,
) -> None:
    assert str(read_rows.store.current().as_of) == "2026-06-01"


GOOD = st.tuples(
    st.sampled_from(["7", "007", "NA", "9990417288", "2147483648"]),
    st.dates(date(2020, 1, 1), date(2026, 1, 1)).map(str),
    st.sampled_from(["gp", "ed", "Hospital stay", "community"]),
    st.sampled_from(["Visit", "Call", 'a "quoted" word', "x,y", "line\nbreak", "£5"]),
)
BAD = st.sampled_from(
    [
        ",2024-04-03,gp,Visit",
        "7,9999-12-31,gp,Visit",
        "7,31/02/2024,gp,Visit",
        "7,2024-04-03,nowhere,Visit",
        "7,2024-04-03",
        "7,2024-04-03,gp,Visit,1,2,3",
        '7,2024-04-03,gp,"Visit',
        "7,2024-04-03,gp,",
        ",,,",
        "\x00\x01\u202e,x",
    ]
)


def quote(cells: tuple[str, ...]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


@settings(max_examples=3)
@given(st.lists(GOOD.map(quote) | BAD, min_size=15, max_size=60))
def test_every_source_line_is_accounted_for_exactly_once(read: Read, rows: list[str]) -> None:
    done = read(
        {
            "events.csv": "person_id,start,sector,kind\n" + "\n".join(rows) + "\n",
            "anchor.csv": "person_id,start,sector,kind\n1,2024-01-01,gp,Anchor\n",
        }
    )
    file = done.file("events.csv")
    assert file.rows_read == file.kept + file.duplicates + file.set_aside
    kept = [line for name, line in done.rows("events", "source_file, source_row") if "ev" in name]
    gone = [line for name, line in done.rows("rejects", "source_file, source_row") if "ev" in name]
    lines, line = [], 2
    for row in rows:
        lines.append(line)
        line += 1 + row.count("\n")
    assert sorted(kept + gone) == lines
    assert sum(file.reasons.values()) == len(gone)


def test_files_of_one_name_are_told_apart(read: Read) -> None:
    header = "person_id,start,sector,kind\n"
    done = read(
        {
            "north/events.csv": header + "1,2020-01-01,gp,Visit\n",
            "south/events.csv": header + "2,2024-01-01,gp,Visit\n2,soon,gp,Visit\n",
        }
    )
    assert [file.path for file in done.report.files] == ["north/events.csv", "south/events.csv"]
    assert done.rows("rejects", "source_file, source_row") == [("south/events.csv", 3)]
    feeds = done.rows("feeds", 'source_file, start::varchar, "end"::varchar')
    assert sorted(feeds) == [
        ("north/events.csv", "2020-01-01", "2020-01-01"),
        ("south/events.csv", "2024-01-01", "2024-01-01"),
    ]
