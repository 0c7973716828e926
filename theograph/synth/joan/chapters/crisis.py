"""March to June 2023: the first crisis, home without a call, back again, home with care."""

from __future__ import annotations

from theograph.synth.joan.cast import MEDICINES_MARCH_2023
from theograph.synth.joan.chapters.teams import (
    diabetes_nurse,
    dispensed,
    district_nurse,
    kidney_clinic,
    respiratory_nurse,
)
from theograph.synth.joan.entries import (
    ACUTE,
    DOCTOR,
    NURSE,
    PROCEDURE,
    ROUTINE,
    TELEPHONE,
    TRIAGE,
    Appointment,
    Attendance,
    CallOut,
    Chapter,
    CouncilEvent,
    Moment,
    Stay,
    UrgentCall,
)

# fmt: off
FIRST_CRISIS = Chapter(
    "First crisis",
    (
        Appointment("2023-03-23 09:05", DOCTOR, TRIAGE, "Cough and wheeze; rescue pack started",
                    5, TELEPHONE),
        Appointment("2023-04-12 11:20", DOCTOR, ACUTE, "Cough no better; second antibiotic"),
        *dispensed(MEDICINES_MARCH_2023, "2023-04-12"),
        diabetes_nurse("2023-04-18 14:00", "Readings high on steroids"),
        UrgentCall("2023-04-22 07:42", "Breathlessness", ("Dx012", "Emergency ambulance response")),
        CallOut("2023-04-22 07:58", "2023-04-22 08:24", "Breathing problems",
                "Severe breathlessness; oxygen and nebuliser", conveyed=True),
        Attendance("2023-04-22 09:11", "2023-04-22 09:40", "2023-04-22 12:10", "2023-04-22 13:05",
                   ("267036007", "Shortness of breath"), "1064911000000105", "2023-04-22 07:58"),
        Stay("2023-04-22 13:05", "2023-05-01 15:20", "2023-05-01", "COPD exacerbation",
             ("J441", "E119", "N183", "I10X", "G409"), "DZ65G", called="2023-04-22 07:58",
             treatment_function="340"),
        *dispensed(MEDICINES_MARCH_2023, "2023-05-17"),
        CallOut("2023-05-19 09:36", "2023-05-19 10:02", "Sick person",
                "Feverish and muddled; daughter could not make sense of her by telephone",
                conveyed=True),
        Attendance("2023-05-19 10:58", "2023-05-19 11:35", "2023-05-19 14:20", "2023-05-19 15:20",
                   ("40917007", "Confusion"), "1064911000000105", "2023-05-19 09:36"),
        Stay("2023-05-19 15:20", "2023-05-31 14:10", "2023-05-31",
             "Urinary infection with delirium", ("N390", "F059", "J449", "E119", "N183"), "LA04P",
             called="2023-05-19 09:36"),
        CouncilEvent("Request", "2023-05-25", "2023-05-25", "Ward asks for support at home",
                     "Progress to reablement/ST-Max", "Discharge from hospital"),
        CouncilEvent("Assessment", "2023-05-30", "2023-05-30", "Assessed on the ward",
                     "Progress to reablement/ST-Max", "Short term assessment"),
        district_nurse("2023-06-01 11:00", "Visit the day after discharge: observations, skin, "
                       "medicines at hand"),
        CouncilEvent("Service", "2023-06-01", "2023-07-12", "Six weeks of reablement",
                     "Support ended as planned", "Reablement", "2743.10", "One-off",
                     care_provider="Thornmere Council Reablement Team"),
        Moment("2023-06-03", "Family contact", "Daughter here for the weekend"),
        Appointment("2023-06-06 12:10", DOCTOR, ROUTINE, "After hospital: medicines list updated",
                    7, TELEPHONE),
        *dispensed(MEDICINES_MARCH_2023, "2023-06-07"),
        kidney_clinic("2023-06-13 11:30", "eGFR 36 after the infection"),
        respiratory_nurse("2023-06-14 10:30", "Seen at home; oxygen level steady", place="home"),
        district_nurse("2023-06-15 11:00", "Skin intact; discharged from caseload"),
        Appointment("2023-06-28 09:50", NURSE, PROCEDURE, "Blood tests", 15),
        Appointment("2023-06-29 11:10", DOCTOR, ROUTINE, "Ankles swollen; furosemide started"),
    ),
)
