"""An invented record of one person, as a hospital and a surgery might send it in FHIR."""

from __future__ import annotations

from tests.sources.fhir.resources import (
    LOINC,
    NHS_NUMBER,
    Resource,
    coded,
    resource,
    to,
    ukcore,
)

ADA = "9990417288"
_ADA: Resource = to("Patient/ada")


def _spoken(code: str, display: str) -> list[Resource]:
    return [coded(code, display)]


PEOPLE = [
    resource(
        "Patient",
        id="ada",
        identifier=[
            {"system": NHS_NUMBER, "value": ADA},
            {"system": "https://hospital.example/id", "value": "H77", "type": coded("MR")},
            {"system": "http://passports.example", "value": "P1", "type": coded("PPN")},
        ],
        name=[{"use": "official", "family": "Okoro", "given": ["Ada"], "prefix": ["Mrs"]}],
        gender="female",
        birthDate="1944-02-29",
        deceasedDateTime="2025-06-01T23:30:00Z",
        generalPractitioner=[to("Organization/surgery")],
        extension=[
            {
                "url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
                "valueCodeableConcept": coded("C", "White - Any other White background"),
            }
        ],
    ),
    resource("Patient", id="ben", birthDate="1950", name=[{"family": "Bell"}], gender="male"),
]
DIRECTORY = [
    resource("Organization", id="surgery", name="ELM TREE SURGERY"),
    resource("Organization", id="trust", name="NORTHSIDE HOSPITALS NHS FOUNDATION TRUST"),
    resource(
        "Location",
        id="ward",
        name="Ward 6, Cardiology",
        managingOrganization=to("Organization/trust"),
    ),
    resource(
        "Practitioner",
        id="gose",
        identifier=[{"system": "https://fhir.hl7.org.uk/Id/gmc-number", "value": "C7"}],
        name=[{"family": "Gose", "given": ["Sandra"]}],
    ),
    resource(
        "PractitionerRole",
        id="nurse",
        practitioner=to("Practitioner/gose"),
        organization=to("Organization/surgery"),
        specialty=_spoken("1", "Practice nurse"),
    ),
    resource(
        "Medication",
        id="amox",
        code=coded("39732411000001106", "Amoxicillin 500mg", "https://dmd.nhs.uk"),
    ),
]


def encounter(
    number: str, code: str, start: str, end: str | None = None, **more: object
) -> Resource:
    """An Encounter of Ada's, finished unless `more` says otherwise."""
    period = {"start": start} | ({"end": end} if end else {})
    given = {"status": "finished", "subject": _ADA, **more}
    return resource("Encounter", id=number, class_={"code": code}, period=period, **given)


ENCOUNTERS = [
    encounter(
        "stay",
        "IMP",
        "2024-01-10T13:00:00.123456+00:00",
        "2024-01-12T09:00:00Z",
        serviceProvider=to("Organization/trust"),
        location=[{"location": to("Location/ward")}],
        participant=[
            {"individual": to("Practitioner?identifier=https://fhir.hl7.org.uk/Id/gmc-number|C7")}
        ],
        diagnosis=[{"condition": to("Condition/heart")}],
        extension=[ukcore("DischargeMethod", "1")],
        hospitalization={
            "extension": [ukcore("AdmissionMethod", "21")],
            "dischargeDisposition": coded("19"),
        },
    ),
    encounter(
        "elective",
        "IMP",
        "2024-02-10",
        "2024-02-11",
        hospitalization={"extension": [ukcore("AdmissionMethod", "13")]},
    ),
    encounter("unsaid", "ACUTE", "2024-02-20", "2024-02-21"),
    encounter("short", "SS", "2024-02-25"),
    encounter(
        "detained", "IMP", "2024-02-26", "2024-02-27", type=_spoken("1", "Mental health ward")
    ),
    encounter(
        "died", "IMP", "2024-02-28", "2024-02-29", extension=[ukcore("DischargeMethod", "4")]
    ),
    encounter("night", "EMER", "2024-07-01T23:30:00Z", serviceProvider=to("Organization/trust")),
    encounter(
        "minor", "EMER", "2024-07-02T10:00:00+01:00", type=_spoken("2", "Urgent treatment centre")
    ),
    encounter(
        "clinic", "AMB", "2024-07-03T10:00:00+07:00", serviceProvider=to("Organization/trust")
    ),
    encounter(
        "nurse", "AMB", "2024-07-04", participant=[{"individual": to("PractitionerRole/nurse")}]
    ),
    encounter("doctor", "AMB", "2024-07-05", serviceProvider=to("Organization/surgery")),
    encounter(
        "phone",
        "VR",
        "2024-07-06",
        serviceProvider=to("Organization/surgery"),
        type=_spoken("3", "Telephone consultation"),
    ),
    encounter("home", "HH", "2024-07-07", serviceType=coded("4", "District nursing")),
    encounter("before", "PRENC", "2024-07-08", serviceProvider=to("Organization/trust")),
    encounter("watch", "OBSENC", "2024-07-09", "2024-07-10", status="in-progress"),
    encounter("still", "IMP", "2024-07-11", status="in-progress"),
    encounter("silent", "AMB", "2024-07-12"),
    encounter(
        "called",
        "AMB",
        "2024-07-13",
        status="cancelled",
        serviceProvider=to("Organization/surgery"),
    ),
    encounter("clocks", "EMER", "2024-10-27T00:50:00Z", "2024-10-27T01:10:00Z"),
    encounter("wrong", "IMP", "2024-08-01", status="entered-in-error"),
    encounter("undated", "IMP", "", None),
    encounter("year", "AMB", "2016"),
]


def appointment(number: str, status: str, **more: object) -> Resource:
    """An Appointment of Ada's at the trust."""
    return resource(
        "Appointment",
        id=number,
        status=status,
        start="2024-03-11T10:00:00Z",
        created="2024-02-14",
        serviceType=_spoken("218", "Orthopaedic surgery"),
        participant=[
            {"actor": _ADA},
            {"actor": to("Location/ward")},
            {"actor": to("Practitioner/gose")},
        ],
        **more,
    )


APPOINTMENTS = [
    appointment("booked", "booked", extension=[ukcore("DeliveryChannel", "Telephone")]),
    appointment("noshow", "noshow"),
    appointment("off", "cancelled", cancelationReason=coded("pat", "Patient")),
    appointment("offered", "proposed"),
    appointment("kept", "fulfilled", extension=[ukcore("OutcomeOfAttendance", "1")]),
    appointment("met", "fulfilled"),
]
MEETING = encounter(
    "meeting",
    "AMB",
    "2024-03-11T10:05:00Z",
    appointment=[to("Appointment/met")],
    serviceProvider=to("Organization/trust"),
)

DONE = [
    resource(
        "Procedure",
        id="stent",
        status="completed",
        subject=_ADA,
        encounter=to("Encounter/stay"),
        code=coded("36969009", "Placement of stent (procedure)"),
        performedDateTime="2024-01-11T09:00:00Z",
    ),
    resource(
        "Procedure",
        id="undone",
        status="not-done",
        subject=_ADA,
        code=coded("1", "Biopsy"),
        performedDateTime="2024-05-01",
    ),
    resource(
        "Immunization",
        id="flu",
        status="completed",
        patient=_ADA,
        encounter=to("Encounter/nurse"),
        vaccineCode=coded("2", "Influenza vaccine"),
        occurrenceDateTime="2024-07-04T09:10:00+01:00",
    ),
    resource(
        "MedicationRequest",
        id="amox",
        status="active",
        intent="order",
        subject=_ADA,
        encounter=to("Encounter/doctor"),
        medicationReference=to("Medication/amox"),
        authoredOn="2024-07-05",
        dosageInstruction=[{"text": "Three times a day"}],
    ),
    resource(
        "MedicationRequest",
        id="option",
        status="completed",
        intent="option",
        subject=_ADA,
        medicationCodeableConcept={"text": "Doxycycline"},
        authoredOn="2024-07-05",
    ),
    resource(
        "MedicationRequest",
        id="within",
        status="active",
        intent="order",
        subject=_ADA,
        contained=[resource("Medication", id="m", code=coded("3", "Bisoprolol"))],
        medicationReference=to("#m"),
        authoredOn="2024-07-06",
    ),
    resource(
        "MedicationDispense",
        id="given",
        status="completed",
        subject=_ADA,
        medicationCodeableConcept={"text": "Amoxicillin"},
        whenHandedOver="2024-07-06",
        quantity={"value": 21},
    ),
    resource(
        "MedicationStatement",
        id="takes",
        status="active",
        subject=_ADA,
        medicationCodeableConcept={"text": "Aspirin"},
        effectivePeriod={"start": "2024-07-06"},
    ),
    resource(
        "DiagnosticReport",
        id="report",
        status="final",
        subject=_ADA,
        code=coded("4", "CT chest"),
        issued="2024-07-08T09:00:00Z",
        conclusion="Clear",
    ),
    resource(
        "ServiceRequest",
        id="refer",
        status="active",
        intent="order",
        subject=_ADA,
        code=coded("5", "Referral to falls clinic"),
        authoredOn="2024-07-09",
    ),
    resource(
        "ServiceRequest",
        id="draft",
        status="draft",
        intent="order",
        subject=_ADA,
        code=coded("5", "Referral"),
        authoredOn="2024-07-09",
    ),
    resource(
        "CarePlan",
        id="plan",
        status="active",
        intent="plan",
        subject=_ADA,
        category=_spoken("6", "Falls prevention plan"),
        period={"start": "2024-07-10"},
    ),
    resource(
        "Flag",
        id="flag",
        status="inactive",
        subject=_ADA,
        code={"text": "Carer at home"},
        period={"start": "2024-07-11"},
    ),
    resource(
        "DocumentReference",
        id="letter",
        status="current",
        subject=_ADA,
        type=coded("7", "Clinic letter"),
        date="2024-07-12T10:00:00Z",
        content=[{"attachment": {"title": "Cardiology clinic", "data": "c2VjcmV0"}}],
    ),
    resource(
        "EpisodeOfCare",
        id="episode",
        status="active",
        patient=_ADA,
        type=_spoken("8", "Community mental health team"),
        managingOrganization=to("Organization/trust"),
        period={"start": "2024-07-01"},
    ),
    resource("Goal", id="goal", subject=_ADA),
]


def condition(number: str, display: str, **more: object) -> Resource:
    """A Condition of Ada's, confirmed and active unless `more` says otherwise."""
    given = {
        "clinicalStatus": coded("active"),
        "verificationStatus": coded("confirmed"),
        "subject": _ADA,
        **more,
    }
    return resource("Condition", id=number, code=coded("84114007", display), **given)


CONDITIONS = [
    condition("heart", "Heart failure (disorder)", onsetDateTime="2019-05-06T10:00:00Z"),
    condition("year", "Osteoporosis", onsetDateTime="2016", recordedDate="2018-03-04"),
    condition("never", "Glaucoma", onsetDateTime="2016-05"),
    condition(
        "within",
        "Ankle sprain",
        encounter=to("Encounter/minor"),
        category=[coded("encounter-diagnosis")],
    ),
    condition("over", "Anaemia", onsetDateTime="2020-01-01", clinicalStatus=coded("resolved")),
    condition(
        "ended",
        "Shingles",
        onsetDateTime="2020-01-01",
        abatementDateTime="2020-03-01",
        clinicalStatus=coded("resolved"),
    ),
    condition(
        "maybe", "Dementia", recordedDate="2024-01-01", verificationStatus=coded("provisional")
    ),
    condition("doubt", "COPD", recordedDate="2024-01-01", verificationStatus=coded("differential")),
    resource(
        "AllergyIntolerance",
        id="milk",
        type="intolerance",
        patient=_ADA,
        code={"text": "Lactose"},
        recordedDate="2011-01-01",
    ),
    condition("not", "Stroke", recordedDate="2024-01-01", verificationStatus=coded("refuted")),
    condition(
        "mistake", "Gout", recordedDate="2024-01-01", verificationStatus=coded("entered-in-error")
    ),
    condition("job", "Full-time employment (finding)", onsetDateTime="1970-01-01"),
    resource(
        "AllergyIntolerance",
        id="penicillin",
        patient=_ADA,
        code=coded("91936005", "Penicillin"),
        recordedDate="2010-01-01",
    ),
    resource(
        "AllergyIntolerance",
        id="none",
        patient=_ADA,
        code=coded("716186003", "No known allergy"),
        recordedDate="2009-01-01",
    ),
]


def observation(number: str, code: Resource, **more: object) -> Resource:
    """An Observation of Ada's of 2 March 2024."""
    given = {"status": "final", "subject": _ADA, "effectiveDateTime": "2024-03-02", **more}
    return resource("Observation", id=number, code=code, **given)


def amount(value: float, unit: str = "") -> Resource:
    """A Quantity."""
    return {"value": value, "unit": unit}


READINGS = [
    observation("hba1c", coded("999791000000106", "HbA1c"), valueQuantity=amount(58, "mmol/mol")),
    observation("egfr", coded("33914-3", "eGFR", LOINC), valueQuantity=amount(41)),
    observation("cfs", {"text": "Clinical Frailty Scale"}, valueInteger=6),
    observation("efi", coded("713634000", "Frailty index"), valueQuantity=amount(0.31)),
    observation("phq", coded("44261-6", "PHQ-9 total", LOINC), valueQuantity=amount(14, "{score}")),
    observation("bmi", coded("60621009", "BMI"), valueQuantity=amount(31.2, "kg/m2")),
    observation("kg", coded("27113001", "Body weight"), valueQuantity=amount(80, "kg")),
    observation("acr", coded("1023491000000104", "Urine ACR"), valueQuantity=amount(4)),
    observation(
        "sodium", coded("1000661000000107", "Serum sodium"), valueQuantity=amount(139, "mmol/L")
    ),
    observation(
        "smoker",
        coded("229819007", "Tobacco use"),
        valueCodeableConcept=coded("8517006", "Ex-smoker"),
    ),
    observation(
        "below",
        coded("9", "Troponin"),
        valueQuantity={"value": 5, "comparator": "<", "unit": "ng/L"},
    ),
    observation(
        "seen",
        coded("10", "Alert"),
        valueBoolean=True,
        effectiveDateTime=None,
        issued="2024-03-05T10:00:00Z",
    ),
    observation("empty", coded("11", "Potassium"), dataAbsentReason=coded("unknown")),
    observation("group", coded("12", "Full blood count"), hasMember=[to("Observation/kg")]),
    observation("dropped", coded("13", "Calcium"), valueQuantity=amount(2), status="cancelled"),
    observation("undated", coded("14", "Zinc"), valueQuantity=amount(2), effectiveDateTime=None),
    observation(
        "bp",
        coded("75367002", "Blood pressure"),
        component=[
            {"code": coded("72313002", "Systolic"), "valueQuantity": amount(142, "mm[Hg]")},
            {"code": coded("1091811000000102", "Diastolic"), "valueQuantity": amount(84, "mm[Hg]")},
        ],
    ),
]


def claim(kind: str, number: str, total: object, **more: object) -> Resource:
    """A Claim or the statement that answers one, for Ada."""
    given = {"status": "active", "use": "claim", "patient": _ADA, **more}
    return resource(kind, id=number, total=total, **given)


def of_encounter(*numbers: str) -> list[Resource]:
    """The items of a claim: one an encounter."""
    return [{"encounter": [to(f"Encounter/{number}")]} for number in numbers]


_POUNDS = {"value": 120.5, "currency": "GBP"}
CLAIMS = [
    claim("Claim", "c1", _POUNDS, item=of_encounter("doctor", "doctor")),
    claim(
        "ExplanationOfBenefit",
        "e1",
        [{"category": coded("submitted"), "amount": _POUNDS}],
        claim=to("Claim/c1"),
        item=of_encounter("doctor"),
    ),
    claim(
        "Claim",
        "c2",
        {"value": 20, "currency": "USD"},
        prescription=to("MedicationRequest/amox"),
        item=of_encounter("doctor"),
    ),
    claim(
        "ExplanationOfBenefit",
        "e2",
        [
            {"category": coded("benefit"), "amount": {"value": 1, "currency": "GBP"}},
            {"category": coded("submitted"), "amount": {"value": 99, "currency": "GBP"}},
        ],
        claim=to("Claim/elsewhere"),
        item=of_encounter("clinic"),
    ),
    claim("Claim", "c3", _POUNDS, item=of_encounter("gone")),
    claim("Claim", "c4", _POUNDS, item=of_encounter("doctor", "clinic")),
    claim("Claim", "c5", None, item=of_encounter("nurse")),
    claim("Claim", "c6", _POUNDS, item=of_encounter("nurse"), status="cancelled"),
    claim("Claim", "c7", _POUNDS, item=of_encounter("nurse"), use="predetermination"),
]

RECORD = [
    *PEOPLE,
    *DIRECTORY,
    *ENCOUNTERS,
    *APPOINTMENTS,
    MEETING,
    *DONE,
    *CONDITIONS,
    *READINGS,
    *CLAIMS,
]
