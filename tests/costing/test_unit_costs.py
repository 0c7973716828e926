"""Unit-cost files are read whole or refused with the place and the remedy."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from theograph.costing import UnitCosts, load_unit_costs
from theograph.errors import MappingError

HEADER = "line,kind,mode,sector,unit,cost_gbp,price_year\n"


def test_shipped_lines_say_where_they_come_from(shipped: UnitCosts) -> None:
    table = shipped.table()
    assert len(table) > 6000
    assert table["line"].is_unique
    figures = table[table["cost_pence"].notna()]
    assert (figures["source"] != "").all()
    assert set(figures["verified"]) <= {"yes", "secondary", "derived", "unverified"}
    assert set(figures.loc[figures["file"] == "ncc_2024_25.csv", "licence"]) == {"OGL-UK-3.0"}
    assert set(figures.loc[figures["file"] == "pssru_2025.csv", "licence"]) == {"CC-BY-NC-SA-4.0"}
    free = set(figures.loc[figures["cost_pence"] == 0, "line"])
    assert free == {"community_centre", "life_event", "family_contact"}


@pytest.mark.parametrize(
    ("line", "pence", "year"),
    [
        ("gp_consultation_f2f", 4000, "2024/25"),
        ("nel_long", 539500, "2024/25"),
        ("nel_short", 82400, "2024/25"),
        ("hrg_DZ65_short", 67564, "2024/25"),
        ("hrg_HT12_long", 1328136, "2024/25"),
        ("mh_any", 30594, "2024/25"),
        ("talking_therapy", 16949, "2024/25"),
        ("community_any", 8043, "2024/25"),
        ("gp_out_of_hours", 9600, "2014/15"),
    ],
)
def test_shipped_figure(shipped: UnitCosts, line: str, pence: int, year: str) -> None:
    found = shipped.line(line)
    assert found is not None
    assert (found.cost_pence, found.price_year) == (pence, year)


def test_derived_averages_are_near_the_published_ones(shipped: UnitCosts) -> None:
    for stay in ("long", "short"):
        published, derived = shipped.line(f"nel_{stay}"), shipped.line(f"nel_{stay}_derived")
        assert published is not None and derived is not None
        assert published.cost_pence is not None and derived.cost_pence is not None
        assert derived.cost_pence == pytest.approx(published.cost_pence, rel=0.005)


def test_unknown_line_is_none(shipped: UnitCosts) -> None:
    assert shipped.line("nothing") is None


def test_unit_costs_cannot_be_changed(shipped: UnitCosts) -> None:
    with pytest.raises(FrozenInstanceError):
        shipped.lines = {}  # type: ignore[misc]


def test_site_line_of_the_same_code_replaces_ours(tmp_path: Path) -> None:
    path = tmp_path / "site.csv"
    path.write_text(HEADER + 'gp_phone,GP consultation,telephone,,contact,"£1,020.50",2023/24\n')
    line = load_unit_costs([path]).line("gp_phone")
    assert line is not None
    assert (line.cost_pence, line.verified, line.file) == (102050, "local", "site.csv")


BAD = [
    ("no amount", "a,GP,,,contact,about 4,2024/25", "line 2, column cost_gbp: 'about 4'"),
    ("part of a penny", "a,GP,,,contact,4.005,2024/25", "column cost_gbp: '4.005'"),
    ("a negative amount", "a,GP,,,contact,-4,2024/25", "column cost_gbp: '-4'"),
    ("an unknown unit", "a,GP,,,fortnight,4,2024/25", "line 2, column unit: 'fortnight'"),
    ("unknown sector", "a,GP,,hospice,contact,4,2024/25", "column sector: 'hospice': use one of"),
    ("an unknown mode", "a,GP,phone,,contact,4,2024/25", "column mode: 'phone': use one of"),
    ("a calendar year", "a,GP,,,contact,4,2025", "column price_year: '2025': use a financial year"),
    ("no price year", "a,GP,,,contact,4,", "price_year: say at which year's prices"),
    ("a unit without cost", "a,GP,,,contact,,2024/25", "give both a unit and a cost"),
    ("nothing to match", "a,,,,contact,4,2024/25", "fill at least one of code, kind"),
    ("no code", ",GP,,,contact,4,2024/25", "line 2, column line: ''"),
    ("cells missing", "a,GP,contact", "has not as many cells as the header"),
    ("cells too many", "a,GP,,,contact,4,2024/25,x", "has not as many cells as the header"),
    (
        "one code twice",
        "a,GP,,,contact,4,2024/25\na,X,,,contact,4,2024/25",
        "line 3, column line: 'a' occurs twice",
    ),
    (
        "two lines for the same events",
        "a,GP,,,contact,4,2024/25\nb,gp,,,hour,4,2024/25",
        "'b': applies to the same events as 'a'",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message"), BAD, ids=[case[0] for case in BAD])
def test_bad_line_is_refused(name: str, text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "site.csv"
    path.write_text(HEADER + text + "\n")
    with pytest.raises(MappingError) as caught:
        load_unit_costs([path])
    assert message in str(caught.value)
    assert str(caught.value).startswith("site.csv line ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"line,unit,price_year\n", "column 'cost_gbp' is missing"),
        (b"line,unit,price_year,cost_gbp,colour\n", "column 'colour' is not known"),
        (b"", "column 'line' is missing"),
        (b"line,unit,price_year,cost_gbp\n\xa34,a,b,c\n", "save it as 'CSV UTF-8'"),
    ],
    ids=["no cost column", "a column we do not know", "an empty file", "not UTF-8"],
)
def test_bad_file_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "site.csv"
    path.write_bytes(content)
    with pytest.raises(MappingError) as caught:
        load_unit_costs([path])
    assert message in str(caught.value)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="cannot be read"):
        load_unit_costs([tmp_path / "none.csv"])
