"""Reading a snapshot: finding people as they are known, and reading nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from theograph.errors import UnknownPersonError
from theograph.reading import Records, open_records

if TYPE_CHECKING:
    from tests.conftest import Imported, Read

HUB = "person_id,start,sector,kind\n1,2024-01-01,voluntary,Befriending contact\n"


@pytest.fixture(scope="module")
def records(read: Read) -> Records:
    people = (
        "person_id,name,date_of_birth\n"
        "9990417288,Ann Other,1950-01-01\nNA,Zoë_100%,1960-01-01\n007,,1970-01-01\n"
        "-9223372036854775808,Bond,1980-01-01\n"
    )
    done = read({"north.csv": HUB}, provider="North")
    done = read({"south.csv": HUB}, provider="South", into=done.store)
    return read({"people.csv": people}, into=done.store).records


@pytest.mark.parametrize(
    "identifier",
    ["9990417288", "999 041 7288", "999-041-7288", "NA", "007", "-9223372036854775808"],
)
def test_people_are_found_as_any_extract_gave_them(records: Records, identifier: str) -> None:
    ref = records.find_person(identifier)
    assert records.find_person(ref) == ref
    person = records.read_journey(ref).person
    assert person.person_id == identifier.replace(" ", "").replace(
        "-", "", 2 * (identifier[0] == "9")
    )


@pytest.mark.parametrize("identifier", ["", "na", "7", "' or 1=1 --", "%", "p0000000000000000"])
def test_an_unknown_person_is_said_with_the_remedy(records: Records, identifier: str) -> None:
    with pytest.raises(UnknownPersonError, match="theograph people") as caught:
        records.find_person(identifier)
    assert caught.value.exit_code == 4


def test_a_local_number_of_two_people_names_both_references(records: Records) -> None:
    with pytest.raises(UnknownPersonError) as caught:
        records.find_person("1")
    locals_ = [one.ref for one in records.list_people() if one.person_id == "1"]
    assert len(locals_) == 2
    assert all(ref in str(caught.value) for ref in locals_)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ann", ["Ann Other"]),
        ("other", ["Ann Other"]),
        ("999041", ["Ann Other"]),
        ("999 041 7288", ["Ann Other"]),
        ("100%", ["Zoë_100%"]),
        ("_", ["Zoë_100%"]),
        ("%", ["Zoë_100%"]),
        ("\\", []),
        ("'", []),
        ("nobody", []),
    ],
)
def test_search_is_by_name_or_beginning_of_an_identifier(
    records: Records, text: str, names: list[str]
) -> None:
    assert [one.name for one in records.search_people(text, 10)] == names


def test_search_for_nothing_lists_by_name_and_stops_at_the_limit(records: Records) -> None:
    names = [one.name for one in records.search_people("", 10)]
    assert names[:3] == ["Ann Other", "Bond", "Zoë_100%"]
    assert len(names) == 6
    assert len(records.search_people("", 2)) == 2


def test_a_person_without_events_is_listed_with_none(records: Records) -> None:
    (ann,) = records.search_people("Ann", 10)
    assert (ann.events, ann.first, ann.last, ann.cost_pence) == (0, None, None, 0)
    journey = records.read_journey(ann.ref)
    assert journey.events.empty
    assert journey.summary.cost_pence == 0


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/hostname')",
        "select * from '/etc/passwd'",
        "copy people to '/tmp/theograph-leak.csv'",
        "attach '/tmp/theograph-leak.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "reset lock_configuration",
    ],
)
def test_the_engine_reaches_nothing_but_the_snapshot(records: Records, query: str) -> None:
    with pytest.raises(duckdb.Error):
        records._connection.execute(query)


def test_two_readers_and_a_writer_do_not_disturb_each_other(read: Read) -> None:
    done = read({"north.csv": HUB}, provider="North")
    first, second = open_records(done.store.current()), open_records(done.store.current())
    later = read({"south.csv": HUB}, provider="South", into=done.store)
    assert len(first.list_people()) == len(second.list_people()) == 1
    assert len(later.records.list_people()) == 2


def test_joan_reads_from_her_own_rows_only(joan: Imported) -> None:
    journey = joan.journey("9990417288")
    assert set(journey.events["person_ref"]) == {journey.person.ref}
    assert len(journey.events) == 225
    assert joan.report.people == 2
