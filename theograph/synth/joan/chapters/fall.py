"""November 2023 to February 2024: the fall, the wait, and coming home to an assessment."""

from __future__ import annotations

from theograph.synth.joan.cast import COMMUNITY, MEDICINES_FEBRUARY_2024
from theograph.synth.joan.chapters.patching import AGENCY, HOME_CARE
from theograph.synth.joan.chapters.teams import (
    dispensed,
    district_nurse,
    older_adult_team,
    physiotherapist,
)
from theograph.synth.joan.entries import (
    DOCTOR,
    HOME_VISIT,
    VISIT,
    Appointment,
    Attendance,
    CallOut,
    Chapter,
    CommunityContact,
    CouncilEvent,
    Moment,
    Stay,
)

# fmt: off
THE_FALL = Chapter(
    "The fall",
    (
        CallOut("2023-11-17 04:52", "2023-11-17 05:31", "Falls",
                "Fall at home on the way to the toilet; cannot stand, hip pain", conveyed=True,
                triage_code="28"),
        Attendance("2023-11-17 06:24", "2023-11-17 06:58", "2023-11-17 10:02", "2023-11-17 11:05",
                   ("161898004", "Fall"), "1064911000000105", "2023-11-17 04:52"),
        Stay("2023-11-17 11:05", "2023-12-29 11:30", "2023-12-12", "Hip fracture, hemiarthroplasty",
             ("S7200", "W069", "J449", "N183", "E119"), "HT12C", procedure="W461",
             treatment_function="110", destination="51", called="2023-11-17 04:52"),
        Moment("2023-11-18", "Life event", "A neighbour takes in the cat"),
        CouncilEvent("Request", "2023-12-13", "2023-12-13", "Ward asks for a larger package",
                     "Progress to assessment, review or reassessment", "Discharge from hospital"),
        Stay("2023-12-29 12:45", "2024-01-28 14:00", "2024-01-28",
             "Rehabilitation after hip fracture", ("Z501", "S7200", "J449"), method="81",
             treatment_function="318", provider=COMMUNITY),
        CouncilEvent("Assessment", "2024-01-08", "2024-01-08", "Needs help four times a day",
                     "Progress to support planning or services", "Long term assessment"),
        CouncilEvent("Service", "2024-01-29", "2024-11-07", "Home care, 21 hours a week",
                     "Admitted to hospital", *HOME_CARE, "21", AGENCY),
        CouncilEvent("Service", "2024-01-29", "", "Pendant alarm", "", "Telecare", "21.58",
                     "Weekly", "", "Thornmere Council Telecare"),
        Moment("2024-01-29", "Life event", "The cat comes home"),
        district_nurse("2024-01-30 11:00", "After discharge: wound healed, heels checked"),
        physiotherapist("2024-02-01 14:00", "Walking with a frame indoors"),
        CommunityContact("2024-02-06 10:00", "Occupational Therapy Service",
                         "Bed lever, commode and rails ordered", 60, "home"),
        CouncilEvent("Service", "2024-02-06", "2024-02-06", "Bed lever, commode and perching stool",
                     "Support ended as planned", "Equipment", "185.00", "One-off",
                     care_provider="Thornmere Council Equipment Store"),
        Appointment("2024-02-08 12:40", DOCTOR, VISIT,
                    "Low mood since the fracture, sleeping badly. Referred to the older adult "
                    "mental health team.", 20, HOME_VISIT),
        physiotherapist("2024-02-08 15:00", "Ten metres with a frame"),
        district_nurse("2024-02-13 11:00", "Skin intact; leg ulcer dressed"),
        *dispensed(MEDICINES_FEBRUARY_2024, "2024-02-14"),
        physiotherapist("2024-02-15 14:00", "Stairs with two rails"),
        physiotherapist("2024-02-22 14:00", "Goals met; discharged"),
        older_adult_team("2024-02-26 10:30",
                         "Older adult mental health assessment: depression, PHQ-9 17",
                         first=True, referred="2024-02-08"),
        district_nurse("2024-02-27 11:00", "Leg ulcer dressed"),
    ),
)
