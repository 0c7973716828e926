"""What one line of the storyline can be: an entry for each kind of extract.

Times are local England time, written `2022-04-07 10:20`; dates without a time `2022-04-07`.
"""

from __future__ import annotations

from dataclasses import dataclass

# Modes of contact, as the general practice extract words them.
SURGERY_VISIT = "Face to Face (Surgery)"
HOME_VISIT = "Face to Face (Home Visit)"
TELEPHONE = "Telephone/Audio"
WRITTEN = "Written"

# National slot categories of general practice.
ROUTINE = "General Consultation Routine"
ACUTE = "General Consultation Acute"
TRIAGE = "Clinical Triage"
CLINIC = "Planned Clinics"
PROCEDURE = "Planned Clinical Procedure"
VISIT = "Home Visit"
MEDICATION_REVIEW = "Structured Medication Review"
SOCIAL_PRESCRIBING = "Social Prescribing Service"
OTHER_CARE = "Care Related Encounter but does not fit into any other category"

DOCTOR = "General practitioner"
NURSE = "Practice nurse"
PHARMACIST = "Clinical pharmacist"
LINK_WORKER = "Social prescribing link worker"
NAVIGATOR = "Care navigator"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A contact with the surgery, or a letter or message that reached it."""

    at: str
    role: str
    slot: str
    note: str
    minutes: int = 10
    mode: str = SURGERY_VISIT
    context: str = "Appointment"
    concept: tuple[str, str] = ("", "")  # SNOMED CT code and term


@dataclass(frozen=True, slots=True)
class Dispensing:
    """A repeat-dispensing batch collected or delivered."""

    on: str
    medicines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallOut:
    """A 999 call and what the ambulance crew did; `scene` and `hospital` blank when neither."""

    at: str
    scene: str
    reason: str
    note: str
    conveyed: bool = False
    triage_code: str = ""


@dataclass(frozen=True, slots=True)
class UrgentCall:
    """A call to NHS 111, or the out-of-hours doctor's call that follows one."""

    at: str
    symptom: str
    disposition: tuple[str, str]  # code and words
    service: str = "NHS 111"


@dataclass(frozen=True, slots=True)
class Attendance:
    """An A&E attendance, with the 999 call that brought her."""

    arrived: str
    seen: str
    decided: str
    left: str
    complaint: tuple[str, str]  # SNOMED CT code and term
    acuity: str
    called: str


@dataclass(frozen=True, slots=True)
class Stay:
    """A hospital or intermediate-care spell."""

    admitted: str
    discharged: str
    ready: str
    title: str
    diagnoses: tuple[str, ...]  # ICD-10, the primary one first
    hrg: str = ""
    method: str = "21"
    procedure: str = ""
    treatment_function: str = "300"
    destination: str = "19"
    called: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Clinic:
    """An outpatient appointment, hospital or mental health."""

    at: str
    specialty: tuple[str, str]  # treatment function code and name
    note: str
    provider: str
    first: bool = False
    medium: str = "01"  # 01 face to face, 02 telephone, 03 video
    attended: str = "5"  # 5 attended, 3 did not attend
    referred: str = ""


@dataclass(frozen=True, slots=True)
class CommunityContact:
    """A contact of a community health team."""

    at: str
    service: str
    note: str
    minutes: int = 30
    place: str = "clinic"  # clinic, home, telephone
    referred: str = ""


@dataclass(frozen=True, slots=True)
class CouncilEvent:
    """A request, assessment, service or review as the council records it."""

    type: str
    start: str
    end: str  # blank while a service lasts
    note: str
    outcome: str = ""
    detail: str = ""  # route of access, assessment type, service component or review reason
    unit_cost: str = ""
    unit: str = ""
    units_per_week: str = ""
    care_provider: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Life, family and the voluntary sector: what the community hub writes down."""

    on: str
    entry: str
    note: str
    at: str = ""
    organisation: str = ""


Entry = (
    Appointment
    | Dispensing
    | CallOut
    | UrgentCall
    | Attendance
    | Stay
    | Clinic
    | CommunityContact
    | CouncilEvent
    | Moment
)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the story: its title and its entries."""

    title: str
    entries: tuple[Entry, ...]
