"""The eleven sectors of health and care, in the order they are always drawn.

Hospital stands at the top and home at the bottom, so that escalation climbs and
prevention sinks. Order, key and label are the same for every person.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sector:
    """One lane of the theograph."""

    key: str
    label: str
    meaning: str


SECTORS: tuple[Sector, ...] = (
    Sector("hospital", "Hospital stay", "admitted patient care in an acute hospital"),
    Sector("ed", "A&E", "emergency departments, urgent treatment centres and walk-in centres"),
    Sector("ambulance", "Ambulance", "999 incidents, conveyed or not"),
    Sector("nhs111", "NHS 111 and out of hours", "NHS 111 calls and out-of-hours primary care"),
    Sector("outpatients", "Outpatients", "hospital outpatient appointments and procedures"),
    Sector("mental_health", "Mental health", "community and inpatient mental health services"),
    Sector("gp", "General practice", "the GP surgery and its wider team"),
    Sector("pharmacy", "Pharmacy", "dispensing and community pharmacy services"),
    Sector("community", "Community health", "district nursing, therapies, specialist nurses, beds"),
    Sector("social_care", "Social care", "council-arranged assessment, care and support"),
    Sector(
        "voluntary",
        "Voluntary and home",
        "voluntary sector, home and family, life events, council and housing events",
    ),
)

SECTOR_KEYS: tuple[str, ...] = tuple(sector.key for sector in SECTORS)
SECTOR_LABELS: dict[str, str] = {sector.key: sector.label for sector in SECTORS}

MODE_LABELS: dict[str, str] = {
    "face_to_face": "Face to face",
    "telephone": "Telephone",
    "video": "Video",
    "home_visit": "Home visit",
    "written": "Written",
}
STATUS_LABELS: dict[str, str] = {
    "attended": "Attended",
    "did_not_attend": "Did not attend",
    "cancelled": "Cancelled",
    "left_before_seen": "Left before being seen",
}
