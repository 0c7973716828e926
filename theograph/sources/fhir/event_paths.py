"""Where each resource type keeps when it happened, what it is called and who did it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventPaths:
    """Dotted paths to what every event has, under the names that one resource type gives it."""

    start: tuple[str, ...]
    code: tuple[str, ...] = ("code",)
    end: tuple[str, ...] = ()
    requested: tuple[str, ...] = ()
    patient: str = "subject"
    about: tuple[str, ...] = ("category",)
    organization: tuple[str, ...] = ()
    practitioner: tuple[str, ...] = ()
    location: tuple[str, ...] = ("location",)
    note: tuple[str, ...] = ("note.text",)
    outcome: tuple[str, ...] = ()


_MEDICINE = ("medicationCodeableConcept",)
EVENT_PATHS = {
    "Encounter": EventPaths(
        start=("period.start",),
        end=("period.end",),
        code=("reasonCode",),
        about=("type", "serviceType"),
        organization=("serviceProvider",),
        practitioner=("participant.individual",),
        location=("location.location",),
    ),
    "EpisodeOfCare": EventPaths(
        start=("period.start",),
        end=("period.end",),
        code=("type",),
        patient="patient",
        about=("type",),
        organization=("managingOrganization",),
        practitioner=("careManager",),
    ),
    "Appointment": EventPaths(
        start=("start", "requestedPeriod.start"),
        end=("end",),
        requested=("created",),
        code=("reasonCode",),
        patient="",
        about=("serviceType", "serviceCategory", "specialty", "appointmentType"),
        note=("description",),
        outcome=("cancelationReason",),
    ),
    "Procedure": EventPaths(
        start=("performedDateTime", "performedPeriod.start"),
        end=("performedPeriod.end",),
        organization=("performer.onBehalfOf",),
        practitioner=("performer.actor",),
        outcome=("outcome", "statusReason"),
    ),
    "Immunization": EventPaths(
        start=("occurrenceDateTime",),
        code=("vaccineCode",),
        patient="patient",
        practitioner=("performer.actor",),
        outcome=("statusReason",),
    ),
    "MedicationRequest": EventPaths(
        start=("authoredOn",),
        code=_MEDICINE,
        practitioner=("requester",),
        note=("dosageInstruction.text",),
        outcome=("statusReason",),
    ),
    "MedicationStatement": EventPaths(
        start=("effectiveDateTime", "effectivePeriod.start", "dateAsserted"),
        end=("effectivePeriod.end",),
        code=_MEDICINE,
        practitioner=("informationSource",),
        note=("dosage.text",),
        outcome=("statusReason",),
    ),
    "MedicationDispense": EventPaths(
        start=("whenHandedOver", "whenPrepared"),
        code=_MEDICINE,
        practitioner=("performer.actor",),
        note=("dosageInstruction.text",),
    ),
    "MedicationAdministration": EventPaths(
        start=("effectiveDateTime", "effectivePeriod.start"),
        end=("effectivePeriod.end",),
        code=_MEDICINE,
        practitioner=("performer.actor",),
        note=("dosage.text",),
        outcome=("statusReason",),
    ),
    "DiagnosticReport": EventPaths(
        start=("effectiveDateTime", "effectivePeriod.start", "issued"),
        organization=("performer",),
        practitioner=("resultsInterpreter",),
        note=("conclusion",),
    ),
    "ImagingStudy": EventPaths(
        start=("started",),
        code=("procedureCode", "modality", "series.modality"),
        practitioner=("interpreter", "referrer"),
        note=("description",),
    ),
    "ServiceRequest": EventPaths(
        start=("authoredOn", "occurrenceDateTime", "occurrencePeriod.start"),
        requested=("authoredOn",),
        organization=("performer",),
        practitioner=("requester",),
        location=("locationReference",),
    ),
    "CarePlan": EventPaths(
        start=("period.start", "created"),
        end=("period.end",),
        code=("category",),
        practitioner=("author",),
        note=("title", "description"),
    ),
    "Flag": EventPaths(
        start=("period.start",),
        end=("period.end",),
        practitioner=("author",),
    ),
    "DocumentReference": EventPaths(
        start=("context.period.start", "date"),
        code=("type",),
        organization=("custodian",),
        practitioner=("author",),
        note=("content.attachment.title",),
    ),
}
