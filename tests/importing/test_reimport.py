"""Importing again, in another order, in parts, or beside somebody else, changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

HEADER = "person_id,start,sector,kind,event_id\n"
EVENTS = HEADER + "7,2024-04-03,gp,GP consultation,e1\n7,2024-04-04,gp,GP consultation,\n"
PEOPLE = "person_id,name,date_of_birth\n7,Ann Other,1950-01-01\n"
FILES = {
    "events.csv": EVENTS,
    "people.csv": PEOPLE,
    "crosswalk.csv": "person_id,provider,local_id\n7,Hub,H1\n",
    "measures.csv": "person_id,measured_at,measure,value\n7,2024-04-03,efi,0.2\n",
    "more.csv": HEADER + "8,2024-05-01,ed,A&E attendance,e1\n7,2024-06-01,ed,A&E attendance,e2\n",
}


def tell_all(done: Imported) -> dict[str, Any]:
    """Everything a store says, but for references and the order of its files."""
    return {
        "people": sorted(done.rows("people", "* exclude (person_ref)"), key=str),
        "events": sorted(done.rows("events", "* exclude (person_ref)"), key=str),
        "measures": sorted(done.rows("measures", "* exclude (person_ref)"), key=str),
        "identifiers": sorted(done.rows("identifiers", "* exclude (person_ref)"), key=str),
        "feeds": sorted(done.rows("feeds"), key=str),
    }


@pytest.fixture(scope="module")
def whole(read: Read) -> Imported:
    return read(FILES)


def test_the_same_rows_again_change_nothing(read: Read, whole: Imported) -> None:
    before = whole.store.current()
    again = read(FILES, into=whole.store)
    assert again.report.snapshot == whole.report.snapshot == before.name
    assert again.store.current() == before
    assert again.report.kept == 0
    assert again.report.readable
    for file in again.report.files:
        assert file.duplicates == file.rows_read > 0
        assert file.reasons == {"is the same row again": file.rows_read}


@settings(max_examples=2)
@given(st.permutations(list(FILES)))
def test_the_order_of_files_does_not_matter(read: Read, whole: Imported, names: list[str]) -> None:
    assert tell_all(read({name: FILES[name] for name in names})) == tell_all(whole)


def test_files_may_arrive_one_import_at_a_time_and_people_keep_their_reference(
    read: Read, whole: Imported
) -> None:
    done = read({"more.csv": FILES["more.csv"]})
    refs = dict(done.rows("people", "person_id, person_ref"))
    done = read({name: FILES[name] for name in ("crosswalk.csv", "people.csv")}, into=done.store)
    done = read({name: FILES[name] for name in ("events.csv", "measures.csv")}, into=done.store)
    assert tell_all(done) == tell_all(whole)
    assert refs.items() <= dict(done.rows("people", "person_id, person_ref")).items()


def test_somebody_else_changes_nothing_about_the_others(read: Read, whole: Imported) -> None:
    before = tell_all(whole)
    done = read(FILES | {"else.csv": HEADER + "99,2024-05-05,gp,GP consultation,e1\n"})
    after = tell_all(done)
    for table in ("people", "events", "measures", "identifiers"):
        assert set(map(str, before[table])) < set(map(str, after[table])) or table == "measures"
    assert after["measures"] == before["measures"]


def test_other_content_under_a_known_event_id_is_set_aside(read: Read) -> None:
    done = read({"events.csv": EVENTS})
    changed = HEADER + "7,2024-04-09,gp,GP consultation,e1\n7,2024-04-10,gp,Annual review,e9\n"
    later = read({"events.csv": changed}, into=done.store)
    (file,) = later.report.files
    assert (file.kept, file.set_aside) == (1, 1)
    assert file.lines == {"has the event id of another row with other content": [2]}
    starts = {str(start)[:10] for (start,) in later.rows("events", "start")}
    assert starts == {"2024-04-03", "2024-04-04", "2024-04-10"}


def test_replace_starts_anew(read: Read) -> None:
    done = read({"events.csv": EVENTS})
    fresh = read({"more.csv": FILES["more.csv"]}, into=done.store, replace=True)
    assert {one.person_id for one in fresh.records.list_people()} == {"7", "8"}
    assert fresh.report.events == 2
    assert len(fresh.store.snapshots()) == 2


def test_a_dry_run_reports_and_keeps_nothing(read: Read) -> None:
    done = read({"events.csv": EVENTS}, dry_run=True)
    assert done.report.kept == 2
    assert done.report.people == 1
    assert done.report.snapshot is None
    assert done.store.current_or_none() is None


LINKED = "patient_id,nhs_number,date_of_birth,gender,registered_practice\n"
STAYS = (
    "episode_id,patient_id,nhs_number,trust_code,admission_date,discharge_date,admission_method,"
    "specialty\n"
    "E1,A,PSEUDO_1,R1,2024-01-01,2024-01-03,21,300\n"
    "E2,B,PSEUDO_1,R1,2024-02-01,2024-02-03,21,300\n"
)


def test_births_that_arrive_later_part_two_people_whom_a_shared_number_had_made_one(
    read: Read,
) -> None:
    first = read({"sus_episodes.csv": STAYS})
    assert first.report.people == 1
    patients = LINKED + "A,PSEUDO_1,1950-01-01,F,P1\nB,PSEUDO_1,1980-01-01,M,P1\n"
    later = read({"patients.csv": patients}, into=first.store)
    assert later.report.people == 2
    assert any("PSEUDO_1 stands for 2 local numbers" in one for one in later.report.conflicts)
    assert any("2 rows set aside" in one for one in later.report.conflicts)
    rejects = later.rows("rejects", "source_file, source_row, reason")
    assert sorted(rejects) == [
        ("sus_episodes.csv", line, "has an identifier that stands for more than one person")
        for line in (2, 3)
    ]
    again = read({"sus_episodes.csv": STAYS}, into=first.store)
    assert again.file("sus_episodes.csv").kept == 2
    assert sorted(one.events for one in again.records.list_people()) == [1, 1]


def test_an_ambiguous_local_number_is_set_aside_with_the_reason(read: Read) -> None:
    patients = LINKED + "A,PSEUDO_1,1950-01-01,F,P1\nA,PSEUDO_2,1980-01-01,M,P1\n"
    stay = STAYS.splitlines()[0] + "\nE1,A,,R1,2024-01-01,2024-01-03,21,300\n"
    done = read({"patients.csv": patients, "sus_episodes.csv": stay})
    assert done.report.people == 2
    assert done.file("sus_episodes.csv").reasons == {
        "has an identifier that stands for more than one person": 1
    }


def test_a_crosswalk_that_arrives_later_joins_what_was_two_people(read: Read) -> None:
    hub = "person_id,start,sector,kind\nH1,2024-01-01,voluntary,Befriending contact\n"
    first = read({"hub.csv": hub}, provider="Hub")
    first = read({"events.csv": EVENTS}, into=first.store)
    assert first.report.people == 2
    later = read({"crosswalk.csv": FILES["crosswalk.csv"]}, into=first.store)
    assert later.report.people == 1
    assert len(later.journey("H1").events) == 3
    assert later.journey("7").person.ref == later.journey("H1").person.ref


def test_sources_that_disagree_on_a_person_are_reported_and_neither_is_chosen(read: Read) -> None:
    done = read({"people.csv": PEOPLE, "people2.csv": PEOPLE.replace("1950-01-01", "1951-02-02")})
    person = done.journey("7").person
    assert person.date_of_birth is None
    assert person.name == "Ann Other"
    assert person.conflicts is not None
    assert done.report.conflicts == (f"{person.ref}: {person.conflicts}",)
    for word in ("date of birth", "1950-01-01", "1951-02-02", "people.csv line 2"):
        assert word in person.conflicts


def test_an_event_is_not_doubled_when_a_later_extract_knows_the_nhs_number(read: Read) -> None:
    header = (
        "package_id,patient_id,nhs_number,package_type,package_name,care_provider,start_date,"
        "end_date,weekly_cost,hours_per_week,status\n"
    )
    row = "K1,7,{},HOMECARE,x,Acme,2024-01-01,2024-01-14,70,7,open\n"
    first = read({"first.csv": header + row.format("")})
    later = read({"later.csv": header + row.format(9990417288)}, into=first.store)
    assert later.file("later.csv").duplicates == 1
    assert later.journey("9990417288").summary.cost_pence == 14_000
