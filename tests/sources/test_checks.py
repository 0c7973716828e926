"""Checking a row: what is set aside because it ends before it starts, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

# name of the event -> start and end as read, end as kept or None where the row is set aside
SPANS = {
    "an ordinary visit": ("2024-10-26T01:20", "2024-10-26T01:40", "2024-10-26 01:40:00"),
    "an ordinary night": ("2024-10-26T01:40", "2024-10-26T01:20", None),
    "another Sunday of October": ("2024-10-20T01:40", "2024-10-20T01:20", None),
    "a Sunday of another month": ("2024-11-24T01:40", "2024-11-24T01:20", None),
    "across the change": ("2024-10-27T01:40", "2024-10-27T01:20", "2024-10-27 01:40:00"),
    "across it with zones": (
        "2024-10-27T00:50:00Z", "2024-10-27T01:10:00+00:00", "2024-10-27 01:50:00"
    ),
    "within the hour before it": ("2024-10-27T00:40", "2024-10-27T00:20", None),
    "from before it": ("2024-10-27T00:50", "2024-10-27T01:10", "2024-10-27 01:10:00"),
    "begun before the repeated hour": ("2024-10-27T01:10", "2024-10-27T00:50", None),
    "begun after the repeated hour": ("2024-10-27T02:10", "2024-10-27T01:50", None),
    "the earliest such Sunday": ("2020-10-25T01:59", "2020-10-25T01:00", "2020-10-25 01:59:00"),
    "the day before it": ("2024-10-27T01:40", "2024-10-26T01:50", None),
    "across the change of spring": ("2024-03-31T00:50", "2024-03-31T02:10", "2024-03-31 02:10:00"),
    "backwards in spring": ("2024-03-31T01:40", "2024-03-31T01:20", None),
    "ended some time that day": ("2024-10-26T01:40", "2024-10-26", "2024-10-26 01:40:00"),
    "began some time that day": ("2024-10-26", "2024-10-26T01:40", "2024-10-26 01:40:00"),
}  # fmt: skip


@pytest.fixture(scope="module")
def spans(read: Read) -> Imported:
    lines = [f"9990417288,{start},{end},ed,A&E,{name}" for name, (start, end, _) in SPANS.items()]
    header = "person_id,start,end,sector,kind,description"
    return read({"events.csv": "\n".join((header, *lines))})


def test_an_end_before_its_start_is_kept_only_where_an_hour_comes_twice(spans: Imported) -> None:
    found = dict(spans.rows("events", 'description, "end"::varchar'))
    assert found == {name: end for name, (*_, end) in SPANS.items() if end}
    set_aside = sum(end is None for *_, end in SPANS.values())
    assert spans.report.files[0].reasons == {"has its end before its start": set_aside}
