"""What happened: encounters, appointments, procedures, medicines and the like as rows."""

from __future__ import annotations

from theograph.sources.fhir.coded import Coded, read_coded, read_words
from theograph.sources.fhir.event_paths import EVENT_PATHS, EventPaths
from theograph.sources.fhir.references import (
    NOBODY,
    Place,
    Reference,
    name_resource,
    read_reference,
)
from theograph.sources.fhir.rows import Context, Row, Table, cells_of_patient, find_error
from theograph.sources.fhir.values import (
    Resource,
    find_date,
    find_extension,
    find_text,
    follow,
    join_texts,
    read_list,
)

EVENTS = Table(
    "fhir_event",
    (
        "fhir_event",
        "place",
        "resource",
        "keys",
        "patient",
        "patient_nhs_number",
        "status",
        "intent",
        "start",
        "end",
        "requested",
        "class",
        "priority",
        "about",
        "title",
        "note",
        "outcome",
        "code_system",
        "code",
        "other_codes",
        "encounter",
        "appointment",
        "part_of",
        "diagnosis",
        "organization",
        "organization_name",
        "practitioner",
        "practitioner_name",
        "location",
        "location_name",
        "medication",
        "admission_method",
        "discharge_method",
        "discharge_destination",
        "channel",
        "attendance",
        "transport",
        "minutes",
    ),
)

EVENT_TYPES = frozenset(EVENT_PATHS)

_ENCOUNTER = ("encounter", "context", "context.encounter")
_CONTAINED_ORGANIZATION = ("managingOrganization", "organization")


def flatten_event(resource: Resource, context: Context) -> list[Row]:
    """The one row of a resource that happened or was planned."""
    paths, place = EVENT_PATHS[context.kind], context.place
    patient = (
        read_reference(follow(resource, paths.patient), place)
        if paths.patient
        else _find_actor(resource, place, "Patient")
    )
    cells = {
        "fhir_event": context.name,
        "resource": context.kind,
        "keys": " ".join(context.keys),
        "status": find_text(resource, "status"),
        "intent": find_text(resource, "intent"),
        "start": find_date(resource, *paths.start),
        "end": find_date(resource, *paths.end),
        "requested": find_date(resource, *paths.requested),
        "priority": find_text(resource, "priority.coding.code", "priority"),
        "class": find_text(resource, "class.code"),
        **cells_of_patient(patient),
        **_describe(resource, paths, place),
        **_name_related(resource, context),
        **_name_who(resource, paths, place),
        **_read_extensions(resource),
    }
    return [Row(EVENTS, cells, find_error(resource) or _find_premature(context.kind, cells))]


def _describe(resource: Resource, paths: EventPaths, place: Place) -> dict[str, str]:
    """What it was, in words and codes, and how it ended."""
    coded = _read_code(resource, paths, place)
    return {
        "about": join_texts(read_words(follow(resource, path)) for path in paths.about),
        "title": coded.words,
        "note": join_texts(find_text(resource, path) for path in paths.note),
        "outcome": join_texts(
            read_words(follow(resource, path)) or find_text(resource, path)
            for path in paths.outcome
        ),
        "code_system": coded.system if coded.code else "",
        "code": coded.code,
        "other_codes": ";".join(code for _, code in coded.others),
    }


def _name_related(resource: Resource, context: Context) -> dict[str, str]:
    """The keys of the encounter it was part of, and of what it refers to besides."""
    place = context.place
    part_of = ("partOf",) if context.kind == "Encounter" else ()
    return {
        "encounter": _first_key(resource, place, _ENCOUNTER),
        "appointment": _first_key(resource, place, ("appointment",)),
        "part_of": _first_key(resource, place, part_of),
        "diagnosis": _first_key(resource, place, ("diagnosis.condition", "reasonReference")),
        "medication": _first_key(resource, place, ("medicationReference",)),
    }


def _read_code(resource: Resource, paths: EventPaths, place: Place) -> Coded:
    """What it is called: by its own code, the medicine it contains, or what it came for."""
    for path in paths.code:
        coded = read_coded(follow(resource, path))
        if coded.words:
            return coded
    medication = read_reference(resource.get("medicationReference"), place)
    if medication.contained:
        return read_coded(medication.contained.get("code"))
    if medication.words:
        return Coded(medication.words)
    return read_coded(resource.get("reasonCode"))


def _name_who(resource: Resource, paths: EventPaths, place: Place) -> dict[str, str]:
    """Organisation, professional and place, each by key and by the name given with it."""
    if paths.patient:
        professional = _first_reference(resource, place, paths.practitioner)
        location = _first_reference(resource, place, paths.location)
    else:
        professional = _find_actor(resource, place, "Practitioner", "PractitionerRole")
        location = _find_actor(resource, place, "Location", "HealthcareService")
    organization = _first_reference(resource, place, paths.organization)
    if professional.kind == "Organization":
        organization = organization if _is_known(organization) else professional
        professional = NOBODY
    if organization.kind in ("Practitioner", "PractitionerRole"):
        professional, organization = organization, NOBODY
    if professional.kind in ("Patient", "RelatedPerson"):
        professional = NOBODY
    within = _first_reference(location.contained, place, _CONTAINED_ORGANIZATION)
    organization = organization if _is_known(organization) else within
    return {
        "organization": organization.key,
        "organization_name": _name_of(organization),
        "practitioner": professional.key,
        "practitioner_name": _name_of(professional),
        "location": location.key,
        "location_name": _name_of(location),
    }


def _read_extensions(resource: Resource) -> dict[str, str]:
    """What UK Core adds: codes by the NHS Data Dictionary."""
    return {
        "admission_method": _extension_code(resource, "Extension-UKCore-AdmissionMethod")
        or find_text(resource, "hospitalization.admitSource.coding.code"),
        "discharge_method": _extension_code(resource, "Extension-UKCore-DischargeMethod"),
        "discharge_destination": find_text(
            resource,
            "hospitalization.dischargeDisposition.coding.code",
            "hospitalization.dischargeDisposition.text",
        ),
        "channel": _extension_code(resource, "Extension-UKCore-DeliveryChannel"),
        "attendance": _extension_code(resource, "Extension-UKCore-OutcomeOfAttendance"),
        "transport": join_texts(
            read_coded(part.get("valueCodeableConcept")).words
            for part in _transport_parts(resource)
        ),
        "minutes": _read_minutes(resource),
    }


def _transport_parts(resource: Resource) -> list[Resource]:
    found = find_extension(resource, "Extension-UKCore-EncounterTransport")
    parts = [part for part in read_list(found.get("extension")) if isinstance(part, dict)]
    return parts or [found]


def _extension_code(resource: Resource, ending: str) -> str:
    found = find_extension(resource, ending)
    return find_text(found, "valueCodeableConcept.coding.code", "valueCoding.code", "valueCode")


def _read_minutes(resource: Resource) -> str:
    if minutes := find_text(resource, "minutesDuration"):
        return minutes
    unit = find_text(resource, "length.code", "length.unit").lower()
    return find_text(resource, "length.value") if unit in ("min", "minute", "minutes") else ""


def _find_premature(kind: str, cells: dict[str, str]) -> str | None:
    """The reason to set aside what is not agreed yet: a draft, a slot on offer."""
    if cells["status"] == "draft":
        return "is a draft"
    if kind == "Appointment" and cells["status"] in ("proposed", "pending", "waitlist"):
        return "is not booked yet"
    return None


def _find_actor(resource: Resource, place: Place, *kinds: str) -> Reference:
    for participant in read_list(resource.get("participant")):
        found = read_reference(follow(participant, "actor"), place)
        if found.kind in kinds:
            return found
    return NOBODY


def _first_reference(resource: Resource, place: Place, paths: tuple[str, ...]) -> Reference:
    found = (read_reference(follow(resource, path), place) for path in paths)
    return next((reference for reference in found if _is_known(reference)), NOBODY)


def _first_key(resource: Resource, place: Place, paths: tuple[str, ...]) -> str:
    return next(
        (key for path in paths if (key := read_reference(follow(resource, path), place).key)), ""
    )


def _is_known(reference: Reference) -> bool:
    return bool(reference.key or reference.words or reference.contained)


def _name_of(reference: Reference) -> str:
    return reference.words or name_resource(reference.contained)
