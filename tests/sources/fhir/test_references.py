"""References: however a resource is referred to, its own keys have the same one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sources.fhir.resources import NHS_NUMBER, resource
from theograph.sources.fhir.references import (
    find_place,
    name_keys,
    name_person,
    read_reference,
)

UUID = "8d0f5f5e-5d41-4f0e-9a7e-0c8d7a3a1b2c"
GMC = "https://fhir.hl7.org.uk/Id/gmc-number"


@pytest.mark.parametrize(
    ("number", "full_url", "address", "stands_at"),
    [
        (UUID, f"urn:uuid:{UUID}", f"urn:uuid:{UUID.upper()}", "urn:uuid:x"),
        (UUID, "", f"Patient/{UUID}", ""),
        ("7", "https://a.org/fhir/Patient/7", "https://a.org/fhir/Patient/7", ""),
        ("7", "https://a.org/fhir/Patient/7", "Patient/7", "https://a.org/fhir/Encounter/1"),
        ("7", "https://a.org/fhir/Patient/7", "https://a.org/fhir/Patient/7/_history/3", ""),
        ("7", "", "Patient/7", ""),
        ("7", f"urn:uuid:{UUID}", f"urn:uuid:{UUID}", ""),
        ("7", f"urn:uuid:{UUID}", "Patient/7", ""),
        ("7", "", f"Patient?identifier={GMC}|C1", ""),
        ("7", "", f"Patient?identifier={GMC.replace(':', '%3A')}%7CC1", ""),
    ],
)
def test_a_reference_meets_a_key_of_its_resource(
    number: str, full_url: str, address: str, stands_at: str
) -> None:
    person = resource("Patient", id=number, identifier=[{"system": GMC, "value": "C1"}])
    place = find_place(resource("Encounter"), stands_at)
    assert read_reference({"reference": address}, place).key in name_keys(person, full_url)


def test_the_same_id_on_two_servers_is_two_resources() -> None:
    person = resource("Patient", id="7")
    first = name_keys(person, "https://a.org/fhir/Patient/7")
    second = name_keys(person, "https://b.org/fhir/Patient/7")
    assert not set(first) & set(second)


@pytest.mark.parametrize(
    ("number", "full_url", "first"),
    [
        (UUID, "https://a.org/fhir/Patient/7", UUID),
        ("7", "https://a.org/fhir/Patient/7", "https://a.org/fhir/Patient/7"),
        ("7", f"urn:uuid:{UUID}", UUID),
        ("7", "urn:x-example:Patient/7", "Patient/7"),
    ],
)
def test_a_resource_goes_by_the_key_that_reaches_furthest(
    number: str, full_url: str, first: str
) -> None:
    assert name_keys(resource("Patient", id=number), full_url)[0] == first


def test_numbers_of_documents_are_no_keys() -> None:
    passport = {
        "type": {"coding": [{"code": "PPN"}]},
        "system": "http://passports.example",
        "value": "P1",
    }
    assert name_keys(resource("Patient", identifier=[passport]), "") == []


def test_what_is_contained_is_found_within() -> None:
    inner = resource("Practitioner", id="dr", name=[{"family": "Okoro"}])
    outer = resource("Encounter", contained=[inner])
    found = read_reference({"reference": "#dr"}, find_place(outer, ""))
    assert (found.key, found.kind, found.contained) == ("", "Practitioner", inner)


def test_a_reference_by_nhs_number_alone_says_whose() -> None:
    element = {"type": "Patient", "identifier": {"system": NHS_NUMBER, "value": "9990417288"}}
    found = read_reference(element, find_place({}, ""))
    assert found.nhs_number == "9990417288"
    conditional = {"reference": f"Patient?identifier={NHS_NUMBER}|9990417288"}
    assert read_reference(conditional, find_place({}, "")) == found


def test_an_id_without_its_type_takes_the_type_beside_it() -> None:
    element = {"reference": "7", "type": "Patient"}
    assert read_reference(element, find_place({}, "")).key == "Patient/7"


@pytest.mark.parametrize("value", [None, "Patient/7", 7, [], [7], {"reference": {"a": 1}}, {}])
def test_what_is_no_reference_refers_to_nothing(value: Any) -> None:
    assert read_reference(value, find_place({}, "")).key == ""


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ([{"family": "Okoro", "given": ["Ada", "Grace"], "prefix": ["Dr"]}], "Ada Grace Okoro"),
        ([{"use": "old", "family": "Bell"}, {"use": "official", "family": "Okoro"}], "Okoro"),
        ([{"text": "Ada Okoro"}], "Ada Okoro"),
        ({"family": "Okoro"}, "Okoro"),
        ("Okoro", ""),
        (None, ""),
    ],
)
def test_a_name_is_the_official_one_without_titles(names: Any, name: str) -> None:
    assert name_person(names) == name
