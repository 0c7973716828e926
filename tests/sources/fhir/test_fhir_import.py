"""FHIR through the whole import: what each resource becomes, and where every row went."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conftest import Imported, Read
from tests.sources.fhir.resources import bundle, ndjson, resource, to
from tests.sources.fhir.surgery import ADA, RECORD, encounter

SERVER = "https://ehr.example/fhir/"


def on_server(*resources: dict[str, Any]) -> str:
    """A searchset whose entries are addressed on one server."""
    entries = [
        {"fullUrl": f"{SERVER}{item['resourceType']}/{item['id']}", "resource": item}
        for item in resources
    ]
    return json.dumps({"entry": entries, "type": "searchset", "resourceType": "Bundle"})


@pytest.fixture(scope="module")
def ada(read: Read) -> Imported:
    return read({"ada.json": on_server(*RECORD)})


@pytest.fixture(scope="module")
def events(ada: Imported) -> dict[str, dict[str, Any]]:
    return {row["event_id"]: row for row in as_dicts(ada, "events")}


@pytest.fixture(scope="module")
def rejects(ada: Imported) -> dict[int, str]:
    return dict(ada.rows("rejects", "source_row, reason"))


def as_dicts(imported: Imported, table: str) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = pq.read_table(imported.store.current().table(table)).to_pylist()
    return rows


def line_of(number: str, kind: str) -> int:
    """The entry of a resource in the bundle."""
    return 1 + next(
        place
        for place, item in enumerate(RECORD)
        if (item["id"], item["resourceType"]) == (number, kind)
    )


def test_rows_read_are_kept_or_set_aside(ada: Imported) -> None:
    (file,) = ada.report.files
    looked_up = sum(item["resourceType"] in LOOKED_UP for item in RECORD)
    second_components = 1
    assert file.mapping == "fhir"
    assert file.rows_read == len(RECORD) - looked_up + second_components
    assert file.rows_read == file.kept + file.duplicates + file.set_aside


LOOKED_UP = ("Organization", "Practitioner", "PractitionerRole", "Location", "Medication")


def test_a_person_is_known_by_every_number_of_a_record(ada: Imported) -> None:
    (person,) = (row for row in as_dicts(ada, "people") if row["name"] == "Ada Okoro")
    assert (person["person_id"], person["sex"], str(person["date_of_birth"])) == (
        ADA,
        "female",
        "1944-02-29",
    )
    assert str(person["date_of_death"]) == "2025-06-02", "in England it was past midnight"
    assert person["ethnicity"] == "White - Any other White background"
    assert person["gp_practice"] == "ELM TREE SURGERY"
    numbers = {
        row["person_id"]
        for row in as_dicts(ada, "identifiers")
        if row["person_ref"] == person["person_ref"]
    }
    assert numbers == {ADA, f"{SERVER}Patient/ada", "https://hospital.example/id|H77"}


def test_a_date_of_birth_known_to_the_year_stays_empty(ada: Imported) -> None:
    (ben,) = (row for row in as_dicts(ada, "people") if row["name"] == "Bell")
    assert ben["date_of_birth"] is None


@pytest.mark.parametrize(
    ("number", "sector", "kind", "mode", "planned"),
    [
        ("stay", "hospital", "Emergency admission", "face_to_face", False),
        ("elective", "hospital", "Elective admission", "face_to_face", True),
        ("unsaid", "hospital", "Hospital admission", "face_to_face", None),
        ("short", "hospital", "Day case", "face_to_face", True),
        ("detained", "mental_health", "Mental health admission", "face_to_face", None),
        ("night", "ed", "Emergency department attendance", "face_to_face", False),
        ("minor", "ed", "Urgent treatment centre attendance", "face_to_face", False),
        ("clinic", "outpatients", "Outpatient appointment", "face_to_face", True),
        ("nurse", "gp", "Practice nurse appointment", "face_to_face", None),
        ("doctor", "gp", "GP consultation", "face_to_face", None),
        ("phone", "gp", "GP consultation", "telephone", None),
        ("home", "community", "District nurse visit", "home_visit", None),
        ("before", "outpatients", "Outpatient appointment", "face_to_face", True),
        ("watch", "hospital", "Hospital admission", "face_to_face", None),
        ("silent", "gp", "Contact", "face_to_face", None),
    ],
)
def test_an_encounter_is_told_by_its_class_and_place(
    events: dict[str, dict[str, Any]],
    number: str,
    sector: str,
    kind: str,
    mode: str,
    planned: bool | None,
) -> None:
    event = events[f"Encounter/{number}"]
    told = (event["sector"], event["kind"], event["mode"], event["planned"])
    assert told == (sector, kind, mode, planned)


def test_an_encounter_has_the_names_of_what_it_refers_to(events: dict[str, dict[str, Any]]) -> None:
    stay = events["Encounter/stay"]
    assert stay["provider"] == "NORTHSIDE HOSPITALS NHS FOUNDATION TRUST"
    assert (stay["team"], stay["clinician"]) == ("Ward 6, Cardiology", "Sandra Gose")
    assert (stay["description"], stay["code"]) == ("Heart failure", "84114007")
    assert stay["outcome"] == "Discharged to usual residence"
    assert events["Encounter/died"]["outcome"] == "Died"


def test_an_encounter_takes_the_diagnosis_that_was_made_at_it(
    events: dict[str, dict[str, Any]],
) -> None:
    assert events["Encounter/minor"]["description"] == "Urgent treatment centre: Ankle sprain"


@pytest.mark.parametrize(
    ("number", "start", "has_time"),
    [
        ("stay", "2024-01-10 13:00:00.123456", True),
        ("night", "2024-07-02 00:30:00", True),
        ("minor", "2024-07-02 10:00:00", True),
        ("clinic", "2024-07-03 04:00:00", True),
        ("doctor", "2024-07-05 00:00:00", False),
    ],
)
def test_instants_are_local_england_time(
    events: dict[str, dict[str, Any]], number: str, start: str, has_time: bool
) -> None:
    event = events[f"Encounter/{number}"]
    assert (str(event["start"]), event["has_time"]) == (start, has_time)


def test_an_end_in_the_hour_the_clocks_go_back_is_no_mistake(
    events: dict[str, dict[str, Any]],
) -> None:
    event = events["Encounter/clocks"]
    assert (str(event["start"]), str(event["end"])) == ("2024-10-27 01:50:00",) * 2
    assert event["duration_minutes"] == 20


def test_only_what_says_so_goes_on(events: dict[str, dict[str, Any]]) -> None:
    ongoing = {number for number, event in events.items() if event["ongoing"]}
    assert ongoing == {
        "Encounter/still",
        "MedicationStatement/takes",
        "CarePlan/plan",
        "EpisodeOfCare/episode",
        "Condition/job",
    }


@pytest.mark.parametrize(
    ("number", "status", "outcome", "mode"),
    [
        ("booked", None, None, "telephone"),
        ("noshow", "did_not_attend", None, None),
        ("off", "cancelled", "Patient", None),
        ("kept", "attended", "Discharged", None),
    ],
)
def test_an_appointment_says_what_became_of_it(
    events: dict[str, dict[str, Any]],
    number: str,
    status: str | None,
    outcome: str | None,
    mode: str | None,
) -> None:
    event = events[f"Appointment/{number}"]
    assert (event["sector"], event["kind"]) == ("outpatients", "Outpatient appointment")
    assert (event["status"], event["outcome"], event["mode"]) == (status, outcome, mode)
    assert (str(event["requested_at"]), event["clinician"]) == (
        "2024-02-14 00:00:00",
        "Sandra Gose",
    )


def test_an_appointment_that_led_to_an_encounter_is_told_once(
    events: dict[str, dict[str, Any]], rejects: dict[int, str]
) -> None:
    assert "Encounter/meeting" in events
    assert rejects[line_of("met", "Appointment")] == "is told by the encounter it led to"


@pytest.mark.parametrize(
    ("number", "sector", "kind", "description"),
    [
        ("Procedure/stent", "hospital", "Procedure", "Placement of stent"),
        ("Immunization/flu", "gp", "Vaccination", "Influenza vaccine"),
        (
            "MedicationRequest/amox",
            "pharmacy",
            "Medicine prescribed",
            "Amoxicillin 500mg: Three times a day",
        ),
        ("MedicationRequest/within", "pharmacy", "Medicine prescribed", "Bisoprolol"),
        ("MedicationRequest/option", "pharmacy", "Medicine proposed", "Doxycycline"),
        ("MedicationDispense/given", "pharmacy", "Medicine dispensed", "Amoxicillin"),
        ("MedicationStatement/takes", "pharmacy", "Medicine taken", "Aspirin"),
        ("DiagnosticReport/report", "gp", "Test report", "CT chest: Clear"),
        ("ServiceRequest/refer", "gp", "Referral", "Referral to falls clinic"),
        ("CarePlan/plan", "gp", "Care plan", "Falls prevention plan"),
        ("Flag/flag", "gp", "Alert", "Carer at home"),
        ("DocumentReference/letter", "gp", "Document", "Clinic letter: Cardiology clinic"),
        (
            "EpisodeOfCare/episode",
            "mental_health",
            "Episode of care",
            "Community mental health team",
        ),
        ("Condition/job", "voluntary", "Life event", "Full-time employment"),
    ],
)
def test_what_was_done_is_an_event(
    events: dict[str, dict[str, Any]], number: str, sector: str, kind: str, description: str
) -> None:
    event = events[number]
    assert (event["sector"], event["kind"], event["description"]) == (sector, kind, description)


def test_what_was_done_at_an_encounter_is_one_spell_with_it(
    events: dict[str, dict[str, Any]],
) -> None:
    stay, stent = events["Encounter/stay"], events["Procedure/stent"]
    assert (stay["spell_id"], stay["provider"]) == (stent["spell_id"], stent["provider"])
    assert (stay["cost_basis"], stent["cost_basis"]) == ("tariff", "part_of_spell")


def test_what_did_not_take_place_is_cancelled(events: dict[str, dict[str, Any]]) -> None:
    for number in ("Encounter/called", "Procedure/undone"):
        assert (events[number]["status"], events[number]["cost_pence"]) == ("cancelled", 0)


@pytest.mark.parametrize(
    ("number", "kind", "reason"),
    [
        ("wrong", "Encounter", "was entered in error"),
        ("mistake", "Condition", "was entered in error"),
        ("not", "Condition", "was refuted"),
        ("none", "AllergyIntolerance", "says that there is no allergy"),
        ("undated", "Encounter", "has no start"),
        ("year", "Encounter", "has a start that is not a date"),
        ("offered", "Appointment", "is not booked yet"),
        ("draft", "ServiceRequest", "is a draft"),
        ("empty", "Observation", "has no value"),
        ("group", "Observation", "only groups other observations"),
        ("dropped", "Observation", "was cancelled"),
        ("undated", "Observation", "has no measured at"),
        ("goal", "Goal", "is of type Goal, which a journey does not use"),
        ("c1", "Claim", "gives its cost to what it is for"),
        ("e1", "ExplanationOfBenefit", "answers a claim that is read itself"),
        ("c3", "Claim", "is for nothing that was read, so its cost is not counted"),
        ("c4", "Claim", "is for several encounters, and does not say what each cost"),
        ("c5", "Claim", "has no total"),
        ("c6", "Claim", "was cancelled or is a draft"),
        ("c7", "Claim", "asks what care would cost"),
    ],
)
def test_what_is_set_aside_says_why(
    rejects: dict[int, str], number: str, kind: str, reason: str
) -> None:
    assert rejects[line_of(number, kind)] == reason


def test_a_claim_and_its_statement_are_one_cost(events: dict[str, dict[str, Any]]) -> None:
    costs = {
        number: (event["recorded_cost_pence"], event["currency"])
        for number, event in events.items()
        if event["recorded_cost_pence"] is not None
    }
    assert costs == {
        "Encounter/doctor": (12050, "GBP"),
        "Encounter/clinic": (9900, "GBP"),
        "MedicationRequest/amox": (2000, "USD"),
    }


def test_conditions_keep_what_is_certain(ada: Imported) -> None:
    found = {
        row["condition"]: (row["onset"] and str(row["onset"]), row["end"] and str(row["end"]))
        for row in as_dicts(ada, "conditions")
    }
    assert found == {
        "Heart failure": ("2019-05-06", None),
        "Osteoporosis": ("2018-03-04", None),
        "Glaucoma": (None, None),
        "Ankle sprain": ("2024-07-02", None),
        "Anaemia resolved": ("2020-01-01", None),
        "Shingles": ("2020-01-01", "2020-03-01"),
        "Suspected dementia": ("2024-01-01", None),
        "Allergy: Penicillin": ("2010-01-01", None),
        "Intolerance: Lactose": ("2011-01-01", None),
        "Suspected COPD": ("2024-01-01", None),
    }


def test_readings_go_by_our_names(ada: Imported) -> None:
    found = {
        row["measure"]: (row["value"], row["unit"], row["category"])
        for row in as_dicts(ada, "measures")
        if row["source_mapping"] == "fhir"
    }
    assert found == {
        "hba1c": (58, "mmol/mol", None),
        "egfr": (41, None, None),
        "cfs": (6, None, None),
        "efi": (0.31, None, None),
        "phq9": (14, "points", None),
        "bmi": (31.2, "kg/m2", None),
        "weight": (80, "kg", None),
        "acr": (4, None, None),
        "systolic_blood_pressure": (142, "mmHg", None),
        "diastolic_blood_pressure": (84, "mmHg", None),
        "Serum sodium": (139, "mmol/L", None),
        "Tobacco use": (None, None, "Ex-smoker"),
        "Troponin": (None, "ng/L", "<5"),
        "Alert": (None, None, "true"),
    }


def test_the_same_files_again_change_nothing(ada: Imported, read: Read) -> None:
    again = read({"ada.json": on_server(*RECORD)}, into=ada.store)
    (file,) = again.report.files
    assert file.kept == 0
    assert again.report.events == ada.report.events


def test_a_bulk_export_is_the_same_journey_as_a_bundle(ada: Imported, read: Read) -> None:
    by_type: dict[str, list[dict[str, Any]]] = {}
    for item in RECORD:
        by_type.setdefault(item["resourceType"], []).append(item)
    export = read({f"{kind}.ndjson": ndjson(*items) for kind, items in by_type.items()})
    told = "event_id, start, sector, kind, provider, description, status, recorded_cost_pence"
    assert sorted(map(str, export.rows("events", told))) == sorted(
        map(str, ada.rows("events", told))
    )
    assert len(export.report.files) == len(by_type)


ZED = resource("Patient", id="zed", birthDate="1960-01-01", name=[{"text": "Zed Shaw"}])


def one_entry(item: dict[str, Any], full_url: str) -> str:
    """A bundle of one resource under an address of its own."""
    entry = {"fullUrl": full_url, "resource": item}
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [entry]})


@pytest.fixture(scope="module")
def odd(read: Read) -> Imported:
    """Small files, one a case, whose people do not meet."""
    bell = resource("Patient", id="bell1", name=[{"family": "Bell"}], birthDate="1950-01-01")
    carr = {"status": "completed", "subject": to("Patient/carr")}
    whole = encounter("whole", "IMP", "2024-01-01", "2024-01-09")
    part = encounter("part", "IMP", "2024-01-03", "2024-01-04", partOf=to("Encounter/whole"))
    return read(
        {
            "nobody.json": bundle(whole, part),
            "two.json": bundle(bell, bell | {"id": "bell2", "birthDate": "1951-01-01"}),
            "same.json": bundle(
                resource("Procedure", id="1", performedDateTime="2024-01-01", **carr),
                resource("Flag", id="1", period={"start": "2024-01-01"}, **carr),
            ),
            "here.ndjson": ndjson(
                bell | {"id": "7", "identifier": [], "gender": "male"},
                encounter("here", "EMER", "2024-03-01") | {"subject": to("Patient/7")},
            ),
            "there.ndjson": ndjson(resource("Patient", id="7", birthDate="1990-05-05")),
            "once.json": one_entry(ZED, "urn:uuid:8d0f5f5e-5d41-4f0e-9a7e-0c8d7a3a1b01"),
            "again.json": one_entry(ZED, "urn:uuid:8d0f5f5e-5d41-4f0e-9a7e-0c8d7a3a1b02"),
            "single/visit.json": json.dumps(
                encounter("zed", "EMER", "2024-05-01") | {"subject": to("Patient/zed")}
            ),
            "nameless.json": json.dumps(
                {
                    "resourceType": "Bundle",
                    "entry": [
                        {"resource": {**encounter("", "EMER", "2024-04-01"), "id": None}},
                        {"resource": {**encounter("", "IMP", "2024-04-02"), "id": None}},
                    ],
                }
            ),
            "batch.json": '{"resourceType": "Bundle", "entry": [{"request": {"method": "GET"}}]}',
            "none.json": '{"resourceType": "Bundle", "type": "searchset", "total": 0}',
            "a.xml": "<Bundle/>",
        }
    )


def test_whoever_is_in_no_file_goes_by_the_key_referred_to(odd: Imported) -> None:
    assert ("Patient/ada", "local") in odd.rows("identifiers", "person_id, id_type")


def test_two_people_of_one_name_stay_two(odd: Imported) -> None:
    assert [row["name"] for row in as_dicts(odd, "people")].count("Bell") == 2


def test_people_of_two_senders_who_share_a_number_are_not_joined(odd: Imported) -> None:
    for file in ("here.ndjson", "there.ndjson"):
        report = odd.file(file)
        assert set(report.reasons) == {"goes by a number that stands for two people"}
        assert report.kept == 0


def test_one_person_sent_under_two_addresses_is_one(odd: Imported) -> None:
    (zed,) = (row for row in as_dicts(odd, "people") if row["name"] == "Zed Shaw")
    (visit,) = (row for row in as_dicts(odd, "events") if row["event_id"] == "Encounter/zed")
    assert visit["person_ref"] == zed["person_ref"]


def test_the_same_id_in_two_resource_types_is_two_events(odd: Imported) -> None:
    assert odd.file("same.json").kept == 2


def test_resources_that_nothing_can_refer_to_are_events_too(odd: Imported) -> None:
    kinds = {
        row["kind"] for row in as_dicts(odd, "events") if row["source_file"] == "nameless.json"
    }
    assert kinds == {"Emergency department attendance", "Hospital admission"}


def test_a_part_of_a_stay_is_of_its_spell(odd: Imported) -> None:
    stays = [row for row in as_dicts(odd, "events") if row["source_file"] == "nobody.json"]
    assert {row["spell_id"] for row in stays} == {"Encounter/whole"}


def test_a_batch_of_questions_holds_nothing_and_says_so(odd: Imported) -> None:
    file = odd.file("batch.json")
    assert (file.rows_read, file.set_aside, file.reasons) == (1, 1, {"has no resource": 1})


def test_a_search_that_found_nothing_is_a_file_without_rows(odd: Imported) -> None:
    file = odd.file("none.json")
    assert (file.mapping, file.rows_read, file.error) == ("fhir", 0, None)


def test_xml_is_an_error_of_its_file_alone(odd: Imported) -> None:
    assert "XML is not read" in (odd.file("a.xml").error or "")
