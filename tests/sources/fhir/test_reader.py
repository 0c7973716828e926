"""A FHIR file as sheets: every entry once, every row with a number of its own."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.fhir.resources import bundle, coded, read_rows, resource, to
from theograph.errors import UnreadableSourceError
from theograph.sources.fhir import read_fhir, refuse_xml, spool

PRESSURE = resource(
    "Observation",
    id="bp",
    status="final",
    subject=to("Patient/ann"),
    effectiveDateTime="2024-03-01T10:00:00.123456+00:00",
    component=[
        {"code": coded("271649006", "Systolic"), "valueQuantity": {"value": 142, "unit": "mmHg"}},
        {"code": coded("271650006", "Diastolic"), "valueQuantity": {"value": 84, "unit": "mmHg"}},
    ],
)
ANN = resource("Patient", id="ann")
VISIT = resource("Encounter", id="v", status="finished", subject=to("Patient/ann"))


def written(folder: Path, text: str, name: str = "a.json") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def test_a_sheet_is_a_resource_type(tmp_path: Path) -> None:
    file = written(tmp_path, bundle(ANN, VISIT, PRESSURE, VISIT | {"id": "w"}))
    assert [sheet.name for sheet in read_fhir(file)] == [
        "a.json: Other",
        "a.json: Patient",
        "a.json: Encounter",
        "a.json: Observation",
    ]


def test_further_rows_of_an_entry_are_numbered_on_from_the_last_entry(tmp_path: Path) -> None:
    rows = read_rows(written(tmp_path, bundle(PRESSURE, ANN, PRESSURE, VISIT)))
    told = [(row["line"], row["place"], row.get("value", "")) for row in rows]
    assert sorted(told) == [
        (1, "entry 1", "142"),
        (2, "entry 2", ""),
        (3, "entry 3", "142"),
        (4, "entry 4", ""),
        (5, "entry 1", "84"),
        (6, "entry 3", "84"),
    ]


def test_lines_are_the_numbers_of_a_bulk_export(tmp_path: Path) -> None:
    text = f"{json.dumps(ANN)}\n\n{json.dumps(PRESSURE)}\n"
    rows = read_rows(written(tmp_path, text, "a.ndjson"))
    assert sorted((row["line"], row["sheet"]) for row in rows) == [
        (1, "Patient"),
        (3, "Observation"),
        (4, "Observation"),
    ]


def test_a_type_that_no_journey_uses_says_so(tmp_path: Path) -> None:
    (row,) = read_rows(written(tmp_path, bundle(resource("Goal", id="g"))))
    assert (row["sheet"], row["problem"]) == (
        "Other",
        "is of type Goal, which a journey does not use",
    )


def test_a_file_without_entries_is_an_empty_sheet(tmp_path: Path) -> None:
    (sheet,) = read_fhir(written(tmp_path, '{"resourceType": "Bundle", "type": "searchset"}'))
    assert (sheet.name, list(sheet.batches)) == ("a.json: Other", [])


def test_rows_leave_memory_in_batches_and_come_back_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "BATCH_ROWS", 10)
    people = [resource("Patient", id=f"p{number}") for number in range(95)]
    (_, sheet) = read_fhir(written(tmp_path, bundle(*people)))
    batches = list(sheet.batches)
    assert [len(batch.lines) for batch in batches] == [10] * 9 + [5]
    assert [line for batch in batches for line in batch.lines] == list(range(1, 96))


def test_long_cells_leave_memory_before_there_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "_BUFFERED_CHARACTERS", 1_000)
    people = [resource("Patient", id="x" * 600) for _ in range(4)]
    (_, sheet) = read_fhir(written(tmp_path, bundle(*people)))
    assert max(len(batch.lines) for batch in sheet.batches) < 4


def test_a_text_that_utf8_cannot_hold_is_kept_as_far_as_it_can(tmp_path: Path) -> None:
    (row,) = read_rows(
        written(tmp_path, '{"resourceType": "Patient", "id": "a\\ud800b"}\n', "a.ndjson")
    )
    assert row["fhir_patient"].startswith("a")


def test_a_text_of_ten_million_characters_is_cut_to_what_shows_it(tmp_path: Path) -> None:
    (row,) = read_rows(written(tmp_path, bundle(resource("Patient", id="x" * 10_000_000))))
    assert len(row["fhir_patient"]) == 100_001


def test_components_beyond_a_thousand_are_set_aside(tmp_path: Path) -> None:
    many = PRESSURE | {"component": PRESSURE["component"] * 600}
    rows = read_rows(written(tmp_path, bundle(many)))
    assert len(rows) == 1_000
    assert {row["problem"] for row in rows} == {"has more than 1,000 components"}


def test_xml_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSourceError, match=r"a\.xml: XML is not read; ask .* JSON"):
        refuse_xml(written(tmp_path, "<Bundle/>", "a.xml"))


# Any JSON at all, with the names that mean something to a reader more often than others.
MEMBERS = (
    "resourceType id status subject patient period start end code coding system display value "
    "valueQuantity component name given family identifier reference extension url contained "
    "entry resource fullUrl total amount item encounter class type participant actor"
)
KINDS = (
    "Patient Encounter Appointment Observation Condition AllergyIntolerance Procedure Claim "
    "ExplanationOfBenefit Organization PractitionerRole Medication MedicationRequest Goal "
    "Bundle DocumentReference"
)
NAMES = st.sampled_from(MEMBERS.split())
TYPES = st.sampled_from(KINDS.split())
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 2**63, 2**63 - 1)  # the parser refuses the one below, in so many words
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | TYPES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=30,
)
RESOURCES = st.builds(
    lambda kind, members: {**members, "resourceType": kind},
    TYPES | st.text(max_size=5),
    st.dictionaries(NAMES, JSON, max_size=8),
)
ENTRIES = st.lists(
    JSON | st.builds(lambda item, url: {"resource": item, "fullUrl": url}, RESOURCES | JSON, JSON),
    max_size=6,
)


def account(rows: list[dict[str, Any]]) -> Counter[int]:
    numbers = Counter(row["line"] for row in rows)
    assert set(numbers.values()) <= {1}, "two rows share a number"
    return numbers


@given(entries=ENTRIES, first=st.booleans())
def test_any_bundle_is_read_and_every_entry_accounted_for_once(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Any], *, first: bool
) -> None:
    kind = {"resourceType": "Bundle"}
    document = kind | {"entry": entries} if first else {"entry": entries} | kind
    file = written(tmp_path_factory.mktemp("any"), json.dumps(document))
    numbers = account(read_rows(file))
    assert set(range(1, len(entries) + 1)) <= set(numbers)


@given(document=JSON)
def test_any_json_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, document: Any
) -> None:
    file = written(tmp_path_factory.mktemp("any"), json.dumps(document))
    try:
        account(read_rows(file))
    except UnreadableSourceError as error:
        assert str(error).startswith("a.json: ")


@given(lines=st.lists(JSON | RESOURCES, max_size=6))
def test_any_lines_are_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Any]
) -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    file = written(tmp_path_factory.mktemp("any"), text, "a.ndjson")
    assert set(range(1, len(lines) + 1)) <= set(account(read_rows(file)))
