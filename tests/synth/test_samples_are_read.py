"""Every row of the samples is kept, and the journeys come out as their stories say."""

from __future__ import annotations

import pytest

from tests.conftest import Imported
from theograph.journey import Journey
from theograph.sources.mapping import shipped_mappings
from theograph.sources.recognise import recognise_layout
from theograph.synth import patient_72
from theograph.synth.joan import cast


@pytest.fixture(scope="module")
def journeys(joan: Imported) -> dict[str, Journey]:
    """Both journeys, as they stand in one store."""
    return {
        "joan": joan.journey(cast.NHS_NUMBER),
        "patient_72": joan.journey(patient_72.NHS_NUMBER),
    }


def test_every_row_is_kept_and_belongs_to_one_of_two_people(
    joan: Imported, journeys: dict[str, Journey]
) -> None:
    for file in joan.report.files:
        assert file.kept == file.rows_read > 0, file
    assert joan.report.people == 2
    assert sum(len(journey.events) for journey in journeys.values()) == joan.report.events
    assert [journey.person.conflicts for journey in journeys.values()] == [None, None]


def test_joan_is_linked_by_number_pseudonym_and_membership(
    joan: Imported, journeys: dict[str, Journey]
) -> None:
    journey = journeys["joan"]
    assert joan.records.find_person(cast.MEMBERSHIP_NUMBER) == journey.person.ref
    assert set(journey.events["source_file"]) == {
        "gp.csv",
        "ecds.csv",
        "sus_apc.csv",
        "sus_op.csv",
        "csds.csv",
        "ambulance.csv",
        "nhs111.csv",
        "asc_cld.csv",
        "vcse.csv",
    }


def test_joan_in_figures(journeys: dict[str, Journey]) -> None:
    journey = journeys["joan"]
    assert journey.person.age_years == 78
    assert str(journey.as_of.date()) == "2025-03-31"
    assert journey.summary.emergency_admissions == 5
    assert journey.summary.hospital_nights == 88
    assert journey.summary.did_not_attend == 2
    assert len(journey.summary.cost_by_sector) == 11


def test_joan_sends_each_sector_its_own_events(journeys: dict[str, Journey]) -> None:
    events = journeys["joan"].events
    counts = events["sector"].value_counts().to_dict()
    assert counts == {
        "community": 66,
        "gp": 40,
        "pharmacy": 35,
        "voluntary": 22,
        "social_care": 17,
        "outpatients": 16,
        "ambulance": 9,
        "mental_health": 5,
        "hospital": 5,
        "ed": 5,
        "nhs111": 5,
    }


def test_joan_waited_seventeen_days_and_ongoing_services_go_on(
    journeys: dict[str, Journey],
) -> None:
    events = journeys["joan"].events
    fracture = events[events["hrg"] == "HT12C"].iloc[0]
    assert str(fracture["ready_at"].date()) == "2023-12-12"
    assert str(fracture["end"]) == "2023-12-29 11:30:00"
    assert fracture["other_codes"] == "W069;J449;N183;E119;W461"
    assert sorted(events.loc[events["ongoing"], "kind"]) == ["Home care", "Telecare"]


def test_joan_windows_1252_text_reads_as_written(journeys: dict[str, Journey]) -> None:
    events = journeys["joan"].events
    assert "A week with her daughter – tea in the garden" in set(events["description"])


def test_the_72_year_old_costs_what_was_published(journeys: dict[str, Journey]) -> None:
    journey = journeys["patient_72"]
    assert journey.summary.cost_by_financial_year == {"2016/17": 1_810_000, "2017/18": 2_457_000}
    assert set(journey.summary.cost_by_basis) == {"recorded"}
    assert journey.person.age_years == 72
    assert journey.person.deprivation_decile == 4
    assert journey.person.socio_economic_category == "Established Farming Communities"


@pytest.mark.parametrize(
    ("name", "headers"),
    [
        ("theograph", "person_id,start,sector,kind"),
        ("theograph", "event_id,person_id,start,end,sector,kind,provider"),
        ("theograph_feeds", "provider,sector,start,end"),
        ("theograph_people", "person_id,name,date_of_birth"),
        ("theograph_measures", "person_id,measured_at,measure,value,provider"),
        ("crosswalk", "person_id,provider,local_id"),
        ("necs", "ClientId,EventID,StartDate,EndDate,EventType,EventSubtype,EventDesc"),
        (
            "asc_cld",
            "Client Type,Event Type,Event Reference,EventStartDate,EventEndDate,Service Component",
        ),
    ],
)
def test_layouts_are_told_apart(name: str, headers: str) -> None:
    found = recognise_layout(headers.split(","), shipped_mappings(), name="extract.csv")
    assert found.name == name


def test_every_mapping_says_what_it_is_and_where_from() -> None:
    for mapping in shipped_mappings():
        assert mapping.title
        assert len(mapping.source) > 20
