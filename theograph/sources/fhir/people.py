"""Who the resources are about, and what they refer to, as rows."""

from __future__ import annotations

from theograph.sources.fhir.coded import read_coded
from theograph.sources.fhir.references import (
    NHS_NUMBER,
    OF_DOCUMENTS,
    name_person,
    name_resource,
    read_reference,
)
from theograph.sources.fhir.rows import Context, Row, Table, find_error
from theograph.sources.fhir.values import (
    Resource,
    find_day,
    find_extension,
    find_text,
    read_list,
)

PATIENTS = Table(
    "fhir_patient",
    (
        "fhir_patient",
        "place",
        "keys",
        "nhs_number",
        "record_number",
        "name",
        "birth_date",
        "gender",
        "deceased",
        "ethnicity",
        "practice",
        "practice_name",
    ),
)
DIRECTORY = Table(
    "fhir_directory",
    (
        "fhir_directory",
        "place",
        "resource",
        "keys",
        "name",
        "about",
        "organization",
        "organization_name",
        "practitioner",
        "code_system",
        "code",
    ),
)
DIRECTORY_TYPES = frozenset(
    (
        "Organization",
        "Practitioner",
        "PractitionerRole",
        "Location",
        "HealthcareService",
        "Medication",
        "CareTeam",
    )
)

_ETHNICITIES = ("Extension-UKCore-EthnicCategory", "Extension-CareConnect-EthnicCategory-1")


def flatten_patient(resource: Resource, context: Context) -> list[Row]:
    """The one row of a person. A date of birth or death known in part only stays empty."""
    practice = read_reference(resource.get("generalPractitioner"), context.place)
    cells = {
        "fhir_patient": context.name,
        "keys": " ".join(context.keys),
        "nhs_number": _find_nhs_number(resource),
        "record_number": _find_record_number(resource),
        "name": name_person(resource.get("name")),
        "birth_date": find_day(resource, "birthDate"),
        "gender": find_text(resource, "gender"),
        "deceased": find_day(resource, "deceasedDateTime"),
        "ethnicity": _find_ethnicity(resource),
        "practice": practice.key,
        "practice_name": practice.words or name_resource(practice.contained),
    }
    return [Row(PATIENTS, cells, find_error(resource))]


def _find_nhs_number(resource: Resource) -> str:
    return next(
        (
            find_text(identifier, "value")
            for identifier in read_list(resource.get("identifier"))
            if find_text(identifier, "system").lower() == NHS_NUMBER.lower()
        ),
        "",
    )


def _find_record_number(resource: Resource) -> str:
    """A hospital's own number, `system|value`: the first called so, else the first there is."""
    found: dict[bool, str] = {}
    for identifier in read_list(resource.get("identifier")):
        system, value = find_text(identifier, "system"), find_text(identifier, "value")
        kind = find_text(identifier, "type.coding.code")
        nowhere = not system or not value or system.lower() == NHS_NUMBER.lower()
        if not nowhere and kind not in OF_DOCUMENTS:
            found.setdefault(kind == "MR", f"{system}|{value}")
    return found.get(True) or found.get(False) or ""


def _find_ethnicity(resource: Resource) -> str:
    for ending in _ETHNICITIES:
        concept = find_extension(resource, ending).get("valueCodeableConcept")
        if words := read_coded(concept).words:
            return words
    race = find_extension(resource, "us-core-race").get("extension")
    texts = [part for part in read_list(race) if find_text(part, "url") == "text"]
    return find_text(texts, "valueString")


def flatten_directory(resource: Resource, context: Context) -> list[Row]:
    """The one row of an organisation, professional, place, service or medicine."""
    place = context.place
    name = next(
        (
            read_reference(resource.get(member), place)
            for member in ("organization", "managingOrganization", "providedBy", "partOf")
            if member in resource
        ),
        read_reference(None, place),
    )
    coded = read_coded(resource.get("code"))
    cells = {
        "fhir_directory": context.name,
        "resource": context.kind,
        "keys": " ".join(context.keys),
        "name": name_resource(resource),
        "about": read_coded(resource.get("specialty")).words
        or read_coded(resource.get("type")).words,
        "organization": name.key,
        "organization_name": name.words or name_resource(name.contained),
        "practitioner": read_reference(resource.get("practitioner"), place).key,
        "code_system": coded.system if coded.code else "",
        "code": coded.code,
    }
    return [Row(DIRECTORY, cells)]
