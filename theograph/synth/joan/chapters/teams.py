"""The teams that Joan meets again and again, so that each contact reads as one line."""

from __future__ import annotations

from theograph.synth.joan.cast import HOSPITAL, INFIRMARY, MENTAL_HEALTH
from theograph.synth.joan.entries import (
    Clinic,
    CommunityContact,
    Dispensing,
    Moment,
)

NEUROLOGY = ("400", "Neurology")
NEPHROLOGY = ("361", "Renal medicine")
RESPIRATORY = ("340", "Respiratory medicine")
LUNG_FUNCTION = ("341", "Respiratory physiology")
EYES = ("130", "Ophthalmology")
OLD_AGE_PSYCHIATRY = ("715", "Old age psychiatry")


def respiratory_nurse(at: str, note: str, *, place: str = "clinic") -> CommunityContact:
    """The specialist respiratory nurse."""
    return CommunityContact(at, "Respiratory Nurse Specialist Service", note, 40, place)


def diabetes_nurse(at: str, note: str, *, place: str = "clinic") -> CommunityContact:
    """The community diabetes team."""
    return CommunityContact(at, "Community Diabetes Service", note, 30, place)


def podiatrist(at: str, note: str, *, place: str = "clinic") -> CommunityContact:
    """The podiatrist."""
    return CommunityContact(at, "Podiatry Service", note, 30, place)


def physiotherapist(at: str, note: str) -> CommunityContact:
    """The community physiotherapist, at home."""
    return CommunityContact(at, "Physiotherapy Service", note, 45, "home")


def district_nurse(at: str, note: str) -> CommunityContact:
    """The district nurse, at home."""
    return CommunityContact(at, "District Nursing Service", note, 30, "home")


def epilepsy_clinic(at: str, note: str, *, attended: str = "5", referred: str = "") -> Clinic:
    """Neurology at the infirmary."""
    return Clinic(at, NEUROLOGY, note, INFIRMARY, attended=attended, referred=referred)


def kidney_clinic(at: str, note: str) -> Clinic:
    """The virtual clinic for chronic kidney disease: blood results discussed by telephone."""
    return Clinic(at, NEPHROLOGY, note, INFIRMARY, medium="02")


def hospital_clinic(
    at: str, specialty: tuple[str, str], note: str, *, first: bool = False
) -> Clinic:
    """A clinic at the local hospital."""
    return Clinic(at, specialty, note, HOSPITAL, first=first)


def older_adult_team(at: str, note: str, *, first: bool = False, referred: str = "") -> Clinic:
    """The older adult mental health team."""
    return Clinic(at, OLD_AGE_PSYCHIATRY, note, MENTAL_HEALTH, first=first, referred=referred)


def lunch_club(*days: str) -> tuple[Moment, ...]:
    """Fortnightly lunch club at the community centre."""
    note = "Lunch club at the community centre"
    return tuple(Moment(day, "Community centre session", note, "12:30") for day in days)


def dispensed(medicines: tuple[str, ...], *days: str) -> tuple[Dispensing, ...]:
    """Repeat dispensing on each of `days`."""
    return tuple(Dispensing(day, medicines) for day in days)


def district_nurse_round(note: str, *days: str) -> tuple[CommunityContact, ...]:
    """The district nurse's regular visits, at eleven."""
    return tuple(district_nurse(f"{day} 11:00", note) for day in days)
