"""What is read is priced as its source says: spells once, packages by the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

CLD = (
    "LA_Name,NHS_Number,LA_Person_Unique_Identifier,Client_Type,Event_Type,Event_Reference,"
    "Event_Start_Date,Event_End_Date,Service_Component,Unit_Cost,Cost_Frequency_Unit_Type,"
    "Planned_units_per_week\n"
)
# service row -> pence
PACKAGES = {
    # 28 days at 20.50 an hour, 7 hours a week: 4 weeks x 7 x 20.50
    "Hourly": ("01/05/2024,28/05/2024,Home Support,20.50,Hourly,7", 57_400),
    # 28 days at 600 a week
    "Weekly": ("01/05/2024,28/05/2024,Long Term Residential Care,600,Weekly,1", 240_000),
    # 56 days at 800 every four weeks
    "4-weekly": ("01/05/2024,25/06/2024,Direct Payment,800,4-weekly,1", 160_000),
    "One-off": ("01/05/2024,28/05/2024,Equipment,99.99,One-off,", 9_999),
}


@pytest.fixture(scope="module")
def done(read: Read) -> Imported:
    rows = "".join(
        f"Thornmere,9990417288,L1,Service user,Service,S{number},{row}\n"
        for number, (row, _) in enumerate(PACKAGES.values())
    )
    stays = (
        "episode_id,patient_id,nhs_number,trust_code,admission_date,discharge_date,"
        "admission_method,specialty\n"
        + "".join(f"E{n},P1,,R1,2024-01-01,2024-01-0{n + 3},21,300\n" for n in range(3))
        + "E9,P1,,R2,2024-01-01,2024-01-05,21,300\n"
    )
    necs = (
        "Client_ID,Event_ID,Start_Date,End_Date,Event_Type,Event_Subtype,Event_Desc\n"
        "5,A,01/05/2024,,Service,Nursing,Nursing\n"
        "5,B,05/05/2024,01/05/2024,Service,Nursing,Nursing\n"
        "5,C,05/05/2024,05/05/2024,Dentistry,Check-up,x\n"
    )
    return read({"asc_cld.csv": CLD + rows, "sus_episodes.csv": stays, "necs.csv": necs})


@pytest.mark.parametrize("frequency", PACKAGES)
def test_social_care_packages_cost_what_their_rate_and_length_say(
    done: Imported, frequency: str
) -> None:
    events = done.journey("9990417288").events.set_index("event_id")
    row = events.loc[f"S{list(PACKAGES).index(frequency)}"]
    assert row["cost_basis"] == "recorded"
    assert row["cost_pence"] == PACKAGES[frequency][1]


def test_a_spell_of_several_episodes_is_costed_once_at_each_provider(done: Imported) -> None:
    journey = done.journey("P1")
    costed = journey.events[journey.events["cost_pence"] > 0]
    assert sorted(costed["provider"]) == ["R1", "R2"]
    assert (journey.events["cost_basis"] == "part_of_spell").sum() == 2
    assert journey.summary.emergency_admissions == 2


def test_a_blank_end_goes_on_and_an_end_before_the_start_is_set_aside(done: Imported) -> None:
    events = done.journey("5").events
    assert events["event_id"].tolist() == ["A"]
    assert events["ongoing"].tolist() == [True]
    assert done.file("necs.csv").lines == {
        "has its end before its start": [3],
        "has an unknown sector": [4],
    }


def test_the_72_year_old_costs_what_was_published(joan: Imported) -> None:
    summary = joan.journey("9993058173").summary
    assert summary.cost_by_financial_year == {"2016/17": 1_810_000, "2017/18": 2_457_000}
    assert all(file.kept == file.rows_read > 0 for file in joan.report.files)


def test_what_is_booked_beyond_today_adds_no_cost_to_what_goes_on(read: Read) -> None:
    rows = (
        "person_id,start,ongoing,sector,kind,provider,recorded_rate_gbp,recorded_rate_unit\n"
        "P1,2026-05-26,true,social_care,Home care,Council,70,week\n"
        "P2,2199-01-01,,social_care,Social care review,Council,,\n"
    )
    journey = read({"events.csv": rows}).journey("P1")
    assert str(journey.as_of.date()) == "2026-06-01"
    assert journey.summary.cost_pence == 7_000


def test_a_declared_period_beyond_today_adds_no_cost_to_what_goes_on(read: Read) -> None:
    events = (
        "person_id,start,ongoing,sector,kind,provider,recorded_rate_gbp,recorded_rate_unit\n"
        "P1,2026-05-26,true,social_care,Home care,Council,70,week\n"
    )
    feeds = "provider,sector,start,end\nCouncil,social_care,2026-01-01,2027-03-31\n"
    journey = read({"events.csv": events, "feeds.csv": feeds}).journey("P1")
    assert journey.summary.cost_pence == 7_000


AMOUNTS = {
    "1,234.56": 123_456,
    "£1,234,567.89": 123_456_789,
    "-£5": -500,
    "£ 5.10": 510,
    "12,50": None,
    "1.234,56": None,
    "1,23,456": None,
    "5 10": None,
}


def test_an_amount_is_read_as_written_or_not_at_all(read: Read) -> None:
    rows = "event_id,person_id,start,sector,kind,cost_gbp\n" + "".join(
        f'{number},P1,2024-01-01,gp,GP consultation,"{text}"\n'
        for number, text in enumerate(AMOUNTS)
    )
    done = read({"events.csv": rows})
    found = dict(done.rows("events", "event_id, cost_pence"))
    assert [found.get(str(number)) for number in range(len(AMOUNTS))] == [*AMOUNTS.values()]
    assert done.file("events.csv").reasons == {"has a cost that is not an amount": 4}


def test_a_number_with_a_decimal_comma_is_not_read_ten_times_too_large(read: Read) -> None:
    rows = (
        "person_id,start,end,sector,kind,units_per_week\n"
        'P1,2024-01-01,2024-01-07,social_care,Home care,"3,5"\n'
    )
    done = read({"events.csv": rows})
    assert done.file("events.csv").reasons == {"has a units per week that is not a number": 1}
