"""Each event has one cost, from the best basis there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from theograph.costing import UnitCosts
from theograph.errors import UsageError

Price = Callable[..., pd.DataFrame]
PriceOn = Callable[..., pa.Table]
ADMISSION = {"sector": "hospital", "kind": "Emergency admission", "planned": False}
HOME_CARE = {"sector": "social_care", "kind": "Home care"}
NINE_NIGHTS = date(2024, 4, 12)
TWO_WEEKS = date(2024, 4, 16)


@dataclass(frozen=True)
class Case:
    name: str
    event: dict[str, Any]
    pence: int | None
    basis: str = "tariff"
    line: str | None = None


TARIFF = [
    Case("a GP consultation costs 40 pounds", {}, 4000, line="gp_consultation_f2f"),
    Case("one by telephone costs less", {"mode": "telephone"}, 2833, line="gp_phone"),
    Case("one by video has no figure of its own", {"mode": "video"}, 4000),
    Case("a kind is matched whatever its case", {"kind": "gp CONSULTATION"}, 4000),
    Case("an HRG prices a long stay", {**ADMISSION, "hrg": "DZ65F", "end": NINE_NIGHTS}, 448457),
    Case(
        "an HRG prices a stay of one night",
        {**ADMISSION, "hrg": "DZ65F", "end": date(2024, 4, 4)},
        87099,
        line="hrg_DZ65F_short",
    ),
    Case("two nights are a long stay", {**ADMISSION, "end": date(2024, 4, 5)}, 539500),
    Case(
        "an HRG that is not published takes its root",
        {**ADMISSION, "hrg": "DZ65Q", "end": NINE_NIGHTS},
        341154,
        line="hrg_DZ65_long",
    ),
    Case("an admission without HRG is long", {**ADMISSION, "end": NINE_NIGHTS}, 539500),
    Case("or short", {**ADMISSION, "end": date(2024, 4, 3)}, 82400),
    Case(
        "a planned admission does not take a non-elective HRG",
        {**ADMISSION, "kind": "Elective admission", "planned": True, "hrg": "DZ65F"},
        662000,
    ),
    Case(
        "nor does one that is elective by kind alone",
        {"sector": "hospital", "kind": "Elective admission", "hrg": "DZ65F"},
        662000,
    ),
    Case(
        "an elective admission that ended on its first day is a day case",
        {"sector": "hospital", "kind": "Elective admission", "end": date(2024, 4, 3)},
        107708,
    ),
    Case(
        "one with a night is not",
        {"sector": "hospital", "kind": "Elective admission", "end": date(2024, 4, 4)},
        662000,
    ),
    Case("an A&E HRG is exact", {"sector": "ed", "kind": "x", "hrg": "VB09Z"}, 18212),
    Case("an unknown kind in A&E takes the average", {"sector": "ed", "kind": "x"}, 28017),
    Case("NHS 111 is restated from 2014/15", {"sector": "nhs111", "kind": "NHS 111 call"}, 1036),
    Case(
        "out of hours is restated from 2014/15",
        {"sector": "nhs111", "kind": "Out-of-hours GP contact"},
        12433,
    ),
    Case("an ambulance", {"sector": "ambulance", "kind": "See, treat and convey"}, 48939),
    Case(
        "home care is its weekly hours over its weeks",
        {**HOME_CARE, "units_per_week": 7.0, "end": TWO_WEEKS},
        32984,
    ),
    Case(
        "ongoing home care counts up to the as-of date",
        {**HOME_CARE, "units_per_week": 7.0, "ongoing": True},
        65968,
    ),
    Case("a home care visit is its minutes", {**HOME_CARE, "duration_minutes": 30.0}, 1178),
    Case(
        "a timed visit lasts from start to end",
        {
            **HOME_CARE,
            "has_time": True,
            "start": datetime(2024, 4, 3, 23, 45),
            "end": datetime(2024, 4, 4, 0, 15),
        },
        1178,
    ),
    Case("a care home is weeks", {"kind": "Residential care", "end": TWO_WEEKS}, 237110),
    Case("a bed is nights", {"kind": "Intermediate care bed", "end": NINE_NIGHTS}, 508068),
    Case("a bed is at least one", {"kind": "Intermediate care bed"}, 56452),
    Case("reablement is one user", {"kind": "Reablement", "end": NINE_NIGHTS}, 274310),
    Case("items are counted", {"kind": "Repeat dispensing", "quantity": 12.0}, 10704),
    Case("contacts are counted", {"quantity": 3.0}, 12000),
    Case(
        "contacts over weeks are those planned",
        {"kind": "District nurse visit", "units_per_week": 2.0, "end": TWO_WEEKS},
        4 * 5965,
    ),
    Case("a community centre costs nothing", {"kind": "Community centre session"}, 0),
    Case("a letter that is written with a price of its own", {"code_system": "NCC cancer MDT",
         "code": "CMDTB", "mode": "written"}, 13608),
]  # fmt: skip

OTHER = [
    Case("not attended", {"status": "did_not_attend"}, 0, "no_activity"),
    Case("cancelled", {"status": "cancelled"}, 0, "no_activity"),
    Case("written", {"mode": "written"}, 0, "no_activity"),
    Case("no line", {"kind": "Frailty review"}, None, "not_costed"),
    Case("no hours", {**HOME_CARE, "end": TWO_WEEKS}, None, "not_costed"),
    Case("a line without figure", {"sector": "ed", "kind": "Same day emergency care"}, None,
         "not_costed"),
    Case("months of contacts, unknown how many", {"kind": "Physiotherapy contact",
         "end": date(2024, 6, 3)}, None, "not_costed"),
    Case("recorded goes before tariff", {"recorded_cost_pence": 123}, 123, "recorded"),
    Case("recorded goes before not attended", {"recorded_cost_pence": 5, "status":
         "did_not_attend"}, 5, "recorded"),
    Case("recorded in sterling", {"recorded_cost_pence": 5, "currency": " gbp"}, 5, "recorded"),
    Case("recorded with a pound sign", {"recorded_cost_pence": 5, "currency": "£"}, 5, "recorded"),
    Case("recorded in euros", {"recorded_cost_pence": 123, "currency": "EUR"}, None,
         "other_currency"),
    Case("not attended, recorded in euros", {"recorded_cost_pence": 123, "currency": "EUR",
         "status": "did_not_attend"}, None, "other_currency"),
    Case("a rate in dollars that cannot be counted is not priced by tariff",
         {"recorded_rate_pence": 123, "currency": "USD"}, None, "other_currency"),
    Case("a currency without a cost is priced by tariff", {"kind": "GP consultation",
         "sector": "gp", "currency": "USD"}, 4000, "tariff"),
]  # fmt: skip


@pytest.fixture(scope="module")
def priced_cases(price: Price) -> pd.DataFrame:
    cases = [*TARIFF, *OTHER]
    return price([{**case.event, "event_id": case.name} for case in cases])


@pytest.mark.parametrize("case", [*TARIFF, *OTHER], ids=lambda case: case.name)
def test_event_is_priced(case: Case, priced_cases: pd.DataFrame) -> None:
    priced = priced_cases.loc[case.name]
    assert priced["cost_basis"] == case.basis
    assert (None if pd.isna(priced["cost_pence"]) else int(priced["cost_pence"])) == case.pence
    if case.line:
        assert priced["cost_line"] == case.line
    if case.basis == "tariff":
        assert priced["cost_price_year"] == "2024/25"
        assert priced["cost_unit"]
        assert priced["cost_units"] >= 0


RATES = [
    ("once", {}, 1000),
    ("week", {}, 2000),
    ("fortnight", {}, 1000),
    ("four_weekly", {}, 500),
    ("month", {}, 462),
    ("quarter", {}, 154),
    ("year", {}, 38),
    ("hour", {"units_per_week": 7.0}, 14000),
    ("session", {"units_per_week": 2.5}, 5000),
    ("day", {"units_per_week": 3.0}, 6000),
]


@pytest.fixture(scope="module")
def priced_rates(price: Price) -> pd.DataFrame:
    return price(
        [
            {
                **HOME_CARE,
                "event_id": f"{unit} {sign}",
                "recorded_rate_pence": sign * 1000,
                "recorded_rate_unit": unit,
                "end": TWO_WEEKS,
                **extra,
            }
            for unit, extra, _ in RATES
            for sign in (1, -1)
        ]
    )


@pytest.mark.parametrize(("unit", "extra", "pence"), RATES, ids=[rate[0] for rate in RATES])
@pytest.mark.parametrize("sign", [1, -1], ids=["positive", "negative, as some councils record it"])
def test_recorded_rate_over_two_weeks(
    unit: str, extra: dict[str, Any], pence: int, sign: int, priced_rates: pd.DataFrame
) -> None:
    priced = priced_rates.loc[f"{unit} {sign}"]
    assert (priced["cost_basis"], priced["cost_pence"]) == ("recorded", pence)
    assert priced["cost_price_year"] == "2024/25"


def test_recorded_rate_that_cannot_be_counted_leaves_it_to_the_tariff(price: Price) -> None:
    event = {"recorded_rate_pence": 1000, "recorded_rate_unit": "fathom"}
    assert price([event]).iloc[0]["cost_basis"] == "tariff"


def test_units_below_none_make_no_recorded_cost_negative(price: Price) -> None:
    rate = {"recorded_rate_pence": 2_000, "sector": "social_care"}
    rows = [
        {**rate, "kind": "Home care", "end": date(2024, 1, 7), "recorded_rate_unit": "hour"}
        | {"start": date(2024, 1, 1), "units_per_week": -7.0},
        {**rate, "kind": "Day care", "recorded_rate_unit": "day", "quantity": -3.0},
    ]
    priced = price(rows)
    assert list(priced["cost_basis"]) == ["not_costed", "recorded"]
    assert list(priced["cost_pence"].fillna(0)) == [0, 2_000]


def test_recorded_cost_keeps_the_price_year_it_began_in(price: Price) -> None:
    rows = [
        {"recorded_cost_pence": 10000, "start": date(2023, 3, 31)},
        {"recorded_cost_pence": 10000, "start": date(2023, 4, 1)},
        {"recorded_cost_pence": 10000, "start": date(1999, 12, 31)},
    ]
    assert list(price(rows)["cost_price_year"]) == ["2022/23", "2023/24", "1999/00"]
    restated = price(rows, price_year="2024/25")
    assert list(restated["cost_price_year"]) == ["2024/25", "2024/25", "1999/00"]
    assert list(restated["cost_pence"]) == [10659, 10402, 10000]


def test_tariff_is_restated_to_the_price_year_asked_for(price: Price) -> None:
    priced = price([{}, {"kind": "Community centre session"}], price_year="2023/24")
    assert list(priced["cost_pence"]) == [3845, 0]
    assert list(priced["cost_price_year"]) == ["2023/24", "2023/24"]


def test_unknown_price_year_is_refused_with_the_years_there_are(price: Price) -> None:
    with pytest.raises(UsageError, match=r"'2031/32'.*2009/10 to 2025/26"):
        price([{}], price_year="2031/32")


SPELLS = [
    ("episodes are one spell", [{"end": date(2024, 4, 3)}, {"end": NINE_NIGHTS}], [539500, 0]),
    (
        "the first that has an HRG gives it",
        [{"end": date(2024, 4, 4)}, {"end": NINE_NIGHTS, "hrg": "DZ65F"}],
        [448457, 0],
    ),
    (
        "the same recorded cost on each counts once",
        [{"recorded_cost_pence": 700}, {"recorded_cost_pence": 700}],
        [700, 0],
    ),
    (
        "recorded costs that differ are of each episode",
        [{"recorded_cost_pence": 700}, {"recorded_cost_pence": 300}],
        [700, 300],
    ),
    (
        "a cost recorded on one episode is that of the spell",
        [{}, {"recorded_cost_pence": 300}, {}],
        [0, 300, 0],
    ),
]


@pytest.fixture(scope="module")
def priced_spells(price: Price) -> pd.DataFrame:
    return price(
        [
            {
                **ADMISSION,
                "spell_id": "s1",
                "person_ref": name,
                "event_id": f"{name} {number}",
                **episode,
            }
            for name, episodes, _ in SPELLS
            for number, episode in enumerate(episodes)
        ]
    )


@pytest.mark.parametrize(("name", "episodes", "pence"), SPELLS, ids=[spell[0] for spell in SPELLS])
def test_spell_is_costed_once(
    name: str, episodes: list[dict[str, Any]], pence: list[int], priced_spells: pd.DataFrame
) -> None:
    priced = priced_spells.loc[priced_spells["person_ref"] == name]
    assert list(priced["cost_pence"]) == pence
    others = priced.loc[priced["cost_pence"] == 0, "cost_basis"]
    assert set(others) <= {"part_of_spell"}


def test_spells_of_two_people_or_sectors_with_one_number_stay_apart(price: Price) -> None:
    rows = [
        {**ADMISSION, "spell_id": "1"},
        {**ADMISSION, "spell_id": "1", "person_ref": "p2"},
        {"kind": "Mental health admission", "sector": "mental_health", "spell_id": "1"},
    ]
    assert list(price(rows)["cost_basis"]) == ["tariff"] * 3


def test_spells_of_two_providers_with_one_number_are_each_costed(price: Price) -> None:
    rows = [
        {**ADMISSION, "spell_id": "1", "provider": provider, "recorded_cost_pence": 700}
        for provider in ("North", "South", None, None)
    ]
    assert list(price(rows)["cost_pence"]) == [700, 700, 700, 0]


def test_a_cost_in_another_currency_does_not_hide_one_in_pounds(price: Price) -> None:
    episode = {**ADMISSION, "spell_id": "1"}
    rows = [
        {**episode, "event_id": "a", "recorded_cost_pence": 900, "currency": "EUR"},
        {**episode, "event_id": "b", "recorded_cost_pence": 700, "currency": "GBP"},
    ]
    assert list(price(rows)["cost_pence"]) == [0, 700]


def test_a_missed_episode_is_no_part_of_the_spell(price: Price) -> None:
    rows = [
        {**ADMISSION, "spell_id": "1", "status": "cancelled"},
        {**ADMISSION, "spell_id": "1"},
    ]
    assert list(price(rows)["cost_basis"]) == ["no_activity", "tariff"]


def test_site_lines_go_over_ours_and_the_last_file_first(price: Price, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(
        "line,kind,code_system,code,unit,cost_gbp,price_year\n"
        "our_gp,GP consultation,,,contact,41.20,2024/25\n"
        "our_admission,Emergency admission,,,spell,1000,2024/25\n"
        "our_code,,SNOMED CT,185317003,contact,7,2024/25\n"
    )
    second.write_text(
        "line,kind,unit,cost_pence,price_year\nnewer_gp,gp consultation,contact,5000,2024/25\n"
    )
    rows = [
        {},
        {**ADMISSION, "end": NINE_NIGHTS},
        {"code_system": "snomed", "code": "185317003"},
        {"mode": "telephone"},
    ]
    assert list(price(rows, site=(first,))["cost_pence"]) == [4120, 100000, 700, 2833]
    assert list(price(rows, site=(first, second))["cost_line"]) == [
        "newer_gp",
        "our_admission",
        "our_code",
        "gp_phone",
    ]


def test_columns_and_types_stay_those_of_the_record(
    shipped: UnitCosts, price_on: PriceOn, make_events: Callable[..., Any]
) -> None:
    events = make_events([{}])
    assert price_on(duckdb.connect(), events, shipped).schema == events.schema


def test_prices_on_a_connection_that_may_not_reach_files(
    shipped: UnitCosts, price_on: PriceOn, make_events: Callable[..., Any]
) -> None:
    connection = duckdb.connect()
    connection.execute("SET enable_external_access = false")
    priced = price_on(connection, make_events([{}]), shipped)
    assert priced["cost_pence"].to_pylist() == [4000]


def test_without_any_line_nothing_is_costed(
    price_on: PriceOn, make_events: Callable[..., Any]
) -> None:
    priced = price_on(duckdb.connect(), make_events([{}]), UnitCosts({}))
    assert priced["cost_basis"].to_pylist() == ["not_costed"]
    assert priced["cost_pence"].to_pylist() == [None]


def test_pricing_again_gives_the_same(
    shipped: UnitCosts, price_on: PriceOn, make_events: Callable[..., Any]
) -> None:
    connection = duckdb.connect()
    rows = [{}, {"recorded_cost_pence": 5}, {"kind": "Frailty review"}]
    once = price_on(connection, make_events(rows), shipped)
    assert price_on(connection, once, shipped).equals(once)


@settings(max_examples=4, deadline=None)
@given(order=st.permutations(range(7)))
def test_the_order_of_rows_makes_no_difference(order: list[int], price: Price) -> None:
    rows: list[dict[str, Any]] = [
        {**ADMISSION, "spell_id": "s", "end": date(2024, 4, 4)},
        {**ADMISSION, "spell_id": "s", "end": NINE_NIGHTS},
        {**ADMISSION, "spell_id": "t", "recorded_cost_pence": 9},
        {**ADMISSION, "spell_id": "t", "recorded_cost_pence": 9},
        {},
        {"status": "did_not_attend"},
        {"kind": "Frailty review"},
    ]
    named = [
        {**row, "event_id": f"n{number}", "source_row": number} for number, row in enumerate(rows)
    ]
    shuffled = price([named[place] for place in order])
    pd.testing.assert_frame_equal(shuffled, price(named))
