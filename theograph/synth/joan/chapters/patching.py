"""July to November 2023: each problem patched, none joined up."""

from __future__ import annotations

from theograph.synth.joan.cast import MEDICINES_JULY_2023, MEDICINES_SEPTEMBER_2023
from theograph.synth.joan.chapters.teams import (
    diabetes_nurse,
    dispensed,
    district_nurse,
    epilepsy_clinic,
    kidney_clinic,
    podiatrist,
    respiratory_nurse,
)
from theograph.synth.joan.entries import (
    ACUTE,
    DOCTOR,
    HOME_VISIT,
    NURSE,
    OTHER_CARE,
    PROCEDURE,
    ROUTINE,
    TELEPHONE,
    TRIAGE,
    VISIT,
    WRITTEN,
    Appointment,
    Attendance,
    CallOut,
    Chapter,
    CouncilEvent,
    Stay,
    UrgentCall,
)

HOME_CARE = ("Home support or domiciliary care", "23.56", "Hourly")
AGENCY = "Thornmere Home Care"

# fmt: off
PATCHING = Chapter(
    "Patching",
    (
        epilepsy_clinic("2023-07-04 10:10", "Epilepsy clinic", attended="3"),
        *dispensed(MEDICINES_JULY_2023, "2023-07-05", "2023-08-02", "2023-08-30"),
        CouncilEvent("Assessment", "2023-07-10", "2023-07-10", "Needs help morning and evening",
                     "Progress to support planning or services", "Long term assessment"),
        Appointment("2023-07-11 10:50", DOCTOR, ROUTINE,
                    "Twelve repeat medicines reauthorised. Electronic frailty index 0.31.",
                    concept=("925831000000107", "Moderate frailty")),
        CouncilEvent("Service", "2023-07-13", "2023-08-30", "Home care, 7 hours a week",
                     "Admitted to hospital", *HOME_CARE, "7", AGENCY),
        epilepsy_clinic("2023-07-25 10:10", "Epilepsy clinic, second appointment", attended="3"),
        Appointment("2023-08-01 16:00", DOCTOR, OTHER_CARE,
                    "Letter from neurology: two appointments not attended, discharged to GP",
                    5, WRITTEN, "Correspondence"),
        # Nine contacts in four weeks, twice the pace of the six months before.
        Appointment("2023-08-03 10:40", DOCTOR, ACUTE, "Light-headed in the mornings"),
        Appointment("2023-08-08 09:30", NURSE, PROCEDURE, "Blood pressure lying and standing", 15),
        podiatrist("2023-08-15 13:15", "Foot check; nails"),
        Appointment("2023-08-17 11:00", DOCTOR, ACUTE, "Shaky before lunch; blood tests requested"),
        Appointment("2023-08-21 09:10", NURSE, PROCEDURE, "Blood tests", 15),
        Appointment("2023-08-24 12:05", DOCTOR, TRIAGE, "Results: eGFR 34; appointment offered",
                    5, TELEPHONE),
        UrgentCall("2023-08-28 18:20", "Dizziness", ("Dx06", "Primary care within 6 hours")),
        UrgentCall("2023-08-28 20:05", "Dizziness", ("", "Advice; see own surgery"),
                   "Out-of-hours GP"),
        Appointment("2023-08-30 09:40", DOCTOR, TRIAGE, "Still shaky; asked to keep a sugar diary",
                    5, TELEPHONE),
        CallOut("2023-08-31 07:31", "2023-08-31 07:44", "Convulsions or fitting",
                "Found by a neighbour: low blood sugar, then a seizure; glucose given",
                conveyed=True),
        Attendance("2023-08-31 08:40", "2023-08-31 08:52", "2023-08-31 11:45", "2023-08-31 13:15",
                   ("91175000", "Seizure"), "1064891000000107", "2023-08-31 07:31"),
        Stay("2023-08-31 13:15", "2023-09-06 15:30", "2023-09-06", "Hypoglycaemia with seizure",
             ("E116", "E160", "G409", "N183", "J449"), "KB01D", called="2023-08-31 07:31"),
        CouncilEvent("Service", "2023-09-07", "2023-11-16", "Home care, 7 hours a week",
                     "Admitted to hospital", *HOME_CARE, "7", AGENCY),
        district_nurse("2023-09-08 11:20", "After discharge: observations, skin, sugar readings"),
        Appointment("2023-09-12 13:10", DOCTOR, VISIT, "After hospital; gliclazide stopped",
                    20, HOME_VISIT),
        diabetes_nurse("2023-09-19 14:30", "Sugar readings safe since the change", place="home"),
        *dispensed(MEDICINES_SEPTEMBER_2023, "2023-09-27", "2023-10-25"),
        respiratory_nurse("2023-09-27 10:30", "Short of breath on one flight", place="home"),
        kidney_clinic("2023-10-10 11:30", "eGFR 35; same plan"),
        Appointment("2023-10-17 11:30", NURSE, PROCEDURE, "Flu and COVID-19 vaccinations",
                    15, HOME_VISIT),
        Appointment("2023-11-02 09:15", DOCTOR, TRIAGE, "Unsteady at night; to use her frame", 5,
                    TELEPHONE),
    ),
)
