"""What is found in a person: readings and scores, conditions and allergies, as rows."""

from __future__ import annotations

from theograph.sources.fhir.coded import read_coded, read_words
from theograph.sources.fhir.references import read_reference
from theograph.sources.fhir.rows import Context, Row, Table, cells_of_patient, find_error
from theograph.sources.fhir.values import (
    Resource,
    find_date,
    find_day,
    find_text,
    follow,
    read_list,
    read_object,
    read_text,
)

READINGS = Table(
    "fhir_reading",
    (
        "fhir_reading",
        "place",
        "resource",
        "patient",
        "patient_nhs_number",
        "status",
        "measured_at",
        "snomed",
        "loinc",
        "title",
        "code_system",
        "code",
        "value",
        "unit",
        "category",
        "encounter",
        "organization",
        "organization_name",
    ),
)
CONDITIONS = Table(
    "fhir_condition",
    (
        "fhir_condition",
        "place",
        "resource",
        "keys",
        "patient",
        "patient_nhs_number",
        "status",
        "onset",
        "end",
        "title",
        "code_system",
        "code",
        "encounter",
        "of_encounter",
    ),
)

_MOST_COMPONENTS = 1_000
_NO_KNOWN_ALLERGY = ("716186003", "409137002", "no-known-allergy", "nilknown")
_DOUBTFUL = ("unconfirmed", "provisional", "differential")
_GONE = {"resolved": "resolved", "inactive": "inactive", "remission": "in remission"}


def flatten_observation(resource: Resource, context: Context) -> list[Row]:
    """A row for the value of an observation, one for each of its components that has one."""
    parts = read_list(resource.get("component"))
    components = [part for part in parts[:_MOST_COMPONENTS] if isinstance(part, dict)]
    shared = {
        "fhir_reading": context.name,
        "resource": context.kind,
        "status": find_text(resource, "status"),
        "measured_at": find_date(
            resource,
            "effectiveDateTime",
            "effectivePeriod.start",
            "effectiveInstant",
            "effectiveTiming.event",
            "issued",
        ),
        "encounter": read_reference(resource.get("encounter"), context.place).key,
        **cells_of_patient(read_reference(resource.get("subject"), context.place)),
        **_name_organization(resource, context),
    }
    problem = find_error(resource)
    if shared["status"] == "cancelled":
        problem = problem or "was cancelled"
    if len(parts) > _MOST_COMPONENTS:
        problem = problem or f"has more than {_MOST_COMPONENTS:,} components"
    found = [reading for part in (resource, *components) if (reading := _read_value(part))]
    if not found:
        grouping = "only groups other observations" if "hasMember" in resource else "has no value"
        return [Row(READINGS, {**shared, **_name_reading(resource)}, problem or grouping)]
    return [Row(READINGS, {**shared, **reading}, problem) for reading in found]


def _name_reading(part: Resource) -> dict[str, str]:
    coded = read_coded(part.get("code"))
    return {
        "title": coded.words,
        "snomed": coded.code_in("SNOMED CT"),
        "loinc": coded.code_in("LOINC"),
        "code_system": coded.system if coded.code else "",
        "code": coded.code,
    }


def _read_value(part: Resource) -> dict[str, str]:
    """Value and unit, or the words of a value that is no number; nothing where there is none."""
    quantity = read_object(part.get("valueQuantity"))
    number = find_text(quantity, "value") or find_text(part, "valueInteger", "valueDecimal")
    words = read_coded(part.get("valueCodeableConcept")).words or find_text(
        part, "valueString", "valueBoolean", "valueDateTime", "valueTime"
    )
    if not number and not words:
        return {}
    # `<5` is no 5: without its comparator the number would say something else
    comparator = find_text(quantity, "comparator")
    unit = find_text(quantity, "unit", "code")
    return {
        **_name_reading(part),
        "value": "" if comparator else number,
        "unit": unit,
        "category": f"{comparator}{number}" if comparator else words,
    }


def _name_organization(resource: Resource, context: Context) -> dict[str, str]:
    for performer in read_list(resource.get("performer")):
        found = read_reference(performer, context.place)
        if found.kind == "Organization":
            name = found.words or find_text(found.contained, "name")
            return {"organization": found.key, "organization_name": name}
    return {}


def flatten_condition(resource: Resource, context: Context) -> list[Row]:
    """The one row of a condition or an allergy.

    A date known only to the year or month is not completed: the day it was recorded stands
    instead, as a first record. Doubt and an end without a date are said in the name.
    """
    place = context.place
    allergy = context.kind == "AllergyIntolerance"
    subject = resource.get("patient") if allergy else resource.get("subject")
    end = "" if allergy else find_day(resource, "abatementDateTime", "abatementPeriod.start")
    coded = read_coded(resource.get("code"))
    cells = {
        "fhir_condition": context.name,
        "resource": context.kind,
        "keys": " ".join(context.keys),
        "status": find_text(resource, "clinicalStatus.coding.code", "clinicalStatus.text"),
        "onset": find_day(
            resource, "onsetDateTime", "onsetPeriod.start", "recordedDate", "assertedDate"
        ),
        "end": end,
        "title": _name_condition(resource, allergy=allergy, ended=bool(end)),
        "code_system": coded.system if coded.code else "",
        "code": coded.code,
        "encounter": read_reference(resource.get("encounter"), place).key,
        "of_encounter": "true" if _is_of_encounter(resource) else "",
        **cells_of_patient(read_reference(subject, place)),
    }
    return [Row(CONDITIONS, cells, find_error(resource) or _find_denial(resource))]


def _name_condition(resource: Resource, *, allergy: bool, ended: bool) -> str:
    name = read_coded(resource.get("code")).words
    if allergy:
        name = _name_allergy(resource, name or read_words(follow(resource, "reaction.substance")))
    elif name and find_text(resource, "verificationStatus.coding.code") in _DOUBTFUL:
        spelt = name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"
        name = f"Suspected {spelt}"
    gone = _GONE.get(find_text(resource, "clinicalStatus.coding.code"), "")
    return f"{name} {gone}" if name and gone and not ended else name


def _name_allergy(resource: Resource, name: str) -> str:
    """What someone is allergic to, saying that it is an allergy where the words do not."""
    if not name or any(word in name.lower() for word in ("allerg", "intoleran")):
        return name
    kind = "Intolerance" if find_text(resource, "type") == "intolerance" else "Allergy"
    return f"{kind}: {name}"


def _find_denial(resource: Resource) -> str | None:
    """The reason to set aside a condition that is said not to be there."""
    if find_text(resource, "verificationStatus.coding.code") == "refuted":
        return "was refuted"
    coded = read_coded(resource.get("code"))
    if coded.code in _NO_KNOWN_ALLERGY or coded.words.lower().startswith(("no known", "no allerg")):
        return "says that there is no allergy"
    return None


def _is_of_encounter(resource: Resource) -> bool:
    return any(
        read_text(coding.get("code")) == "encounter-diagnosis"
        for category in read_list(resource.get("category"))
        for coding in read_list(read_object(category).get("coding"))
        if isinstance(coding, dict)
    )
