"""A site's own unit costs go over ours, on import and on pricing again, and stay with the store."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from theograph.errors import MappingError, UsageError
from theograph.importing import price_store

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

NOW = datetime(2026, 6, 2, 9, 30, tzinfo=UTC)
EVENTS = (
    "person_id,start,sector,kind,cost_gbp\n"
    "7,2024-04-03,gp,GP consultation,\n"
    "7,2024-04-04,gp,GP consultation,12.50\n"
    "7,2024-04-05,voluntary,Befriending contact,\n"
)
LATER = "person_id,start,sector,kind\n7,2024-05-03,gp,GP consultation\n"


@pytest.fixture(scope="module")
def first(read: Read) -> Imported:
    """The events, priced by ours."""
    return read({"events.csv": EVENTS})


@pytest.fixture
def done(first: Imported, tmp_path: Path) -> Imported:
    """A copy of them to change."""
    return first.copy(tmp_path / "store")


@pytest.fixture
def site_costs(tmp_path: Path) -> Path:
    file = tmp_path / "site.csv"
    file.write_text(
        "line,kind,unit,cost_gbp,price_year,source\n"
        "local_gp,GP consultation,contact,55.00,2024/25,our finance team\n"
        "local_befriending,Befriending contact,contact,9.00,2024/25,our finance team\n"
    )
    return file


def costs(done: Imported) -> list[tuple[int | None, str, str | None, str | None]]:
    events = done.journey("7").events
    columns = ["cost_pence", "cost_basis", "cost_line", "cost_price_year"]
    found = events[columns].astype(object).where(events[columns].notna(), None)
    return [tuple(row) for row in found.itertuples(index=False)]


RECORDED = (1250, "recorded", None, "2024/25")
LOCAL_GP = (5500, "tariff", "local_gp", "2024/25")
LOCAL_BEFRIENDING = (900, "tariff", "local_befriending", "2024/25")


def test_ours_price_what_the_source_did_not_cost(first: Imported) -> None:
    assert costs(first) == [
        (4000, "tariff", "gp_consultation_f2f", "2024/25"),
        RECORDED,
        (None, "not_costed", None, None),
    ]


def test_a_sites_own_go_over_ours_and_price_later_imports_too(read: Read, site_costs: Path) -> None:
    done = read({"events.csv": EVENTS}, unit_costs=(site_costs,))
    assert costs(done) == [LOCAL_GP, RECORDED, LOCAL_BEFRIENDING]
    later = read({"later.csv": LATER}, into=done.store)
    assert costs(later) == [LOCAL_GP, RECORDED, LOCAL_BEFRIENDING, LOCAL_GP]


def test_the_same_rows_with_new_unit_costs_are_priced_again(
    read: Read, done: Imported, site_costs: Path
) -> None:
    after = read({"events.csv": EVENTS}, into=done.store, unit_costs=(site_costs,))
    assert after.report.snapshot != done.report.snapshot
    assert costs(after) == [LOCAL_GP, RECORDED, LOCAL_BEFRIENDING]


def test_pricing_again_restates_tariff_and_recorded_costs(read: Read, done: Imported) -> None:
    price_store(done.store, unit_costs=(), price_year="2023/24", now=NOW)
    # NHSCII 2024/25 is 1.0402 of 2023/24: 40.00 and 12.50 become 38.45 and 12.02.
    assert costs(done)[:2] == [
        (3845, "tariff", "gp_consultation_f2f", "2023/24"),
        (1202, "recorded", None, "2023/24"),
    ]
    later = read({"later.csv": LATER}, into=done.store)
    assert costs(later)[3] == (3845, "tariff", "gp_consultation_f2f", "2023/24")


def test_a_bad_unit_cost_file_or_year_changes_nothing(done: Imported, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("line,cost\nx,1\n")
    with pytest.raises(MappingError, match=r"bad\.csv"):
        price_store(done.store, unit_costs=(bad,), price_year=None, now=NOW)
    with pytest.raises(UsageError, match="1066/67"):
        price_store(done.store, unit_costs=(), price_year="1066/67", now=NOW)
    assert done.store.current().name == done.report.snapshot
    assert done.store.unit_cost_files() == ()
