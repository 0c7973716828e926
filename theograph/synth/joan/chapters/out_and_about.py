"""April to December 2022: out and about, until the walk gets too far."""

from __future__ import annotations

from theograph.synth.joan.cast import MEDICINES_APRIL_2022, MEDICINES_DECEMBER_2022
from theograph.synth.joan.chapters.teams import (
    diabetes_nurse,
    dispensed,
    epilepsy_clinic,
    kidney_clinic,
    lunch_club,
    respiratory_nurse,
)
from theograph.synth.joan.entries import (
    ACUTE,
    CLINIC,
    DOCTOR,
    NAVIGATOR,
    NURSE,
    OTHER_CARE,
    PROCEDURE,
    ROUTINE,
    TELEPHONE,
    Appointment,
    Chapter,
    Moment,
)

# fmt: off
OUT_AND_ABOUT = Chapter(
    "Out and about",
    (
        *lunch_club(
            "2022-04-12", "2022-04-26", "2022-05-10", "2022-05-24", "2022-06-07", "2022-06-21",
            "2022-07-05", "2022-07-19", "2022-08-02", "2022-08-16", "2022-08-30", "2022-09-13",
        ),
        *dispensed(
            MEDICINES_APRIL_2022,
            "2022-04-13", "2022-05-11", "2022-06-08", "2022-07-06", "2022-08-03", "2022-08-31",
        ),
        respiratory_nurse("2022-04-06 10:15", "Inhaler technique good; no flare-ups since winter"),
        Appointment("2022-04-07 10:20", DOCTOR, ROUTINE,
                    "Blood pressure steady; walks to the lunch club with her neighbour"),
        diabetes_nurse("2022-04-19 14:00", "Meter readings steady; same tablets"),
        epilepsy_clinic("2022-04-27 10:40", "No seizure since 2019; same dose"),
        Appointment("2022-04-27 13:00", DOCTOR, OTHER_CARE,
                    "Practice multidisciplinary meeting with the diabetes and respiratory nurses: "
                    "steady, same plan, look again in six months",
                    context="Multidisciplinary meeting"),
        Appointment("2022-05-11 09:40", NURSE, PROCEDURE, "Blood pressure and yearly bloods", 15),
        kidney_clinic("2022-06-14 11:30", "Kidney function stable, eGFR 41"),
        Appointment("2022-06-16 10:30", DOCTOR, ROUTINE, "Sore knee; simple pain relief"),
        Appointment("2022-06-22 09:30", NURSE, CLINIC,
                    "Diabetes annual review: HbA1c, blood pressure, cholesterol, creatinine, urine "
                    "albumin, feet, weight and smoking all recorded", 30,
                    concept=("170777000", "Diabetic annual review")),
        respiratory_nurse("2022-06-29 10:15", "Walking well; same inhalers"),
        Appointment("2022-07-13 09:20", NURSE, CLINIC, "Blood pressure check", 15),
        diabetes_nurse("2022-07-19 09:30", "Meter readings steady; feet checked"),
        Appointment("2022-08-25 10:10", DOCTOR, ROUTINE, "Cough after a summer cold, settling"),
        Moment("2022-09-10", "Life event",
               "The neighbour who walked with her to the lunch club moved away"),
        Appointment("2022-09-14 10:00", NURSE, CLINIC,
                    "COPD annual review: spirometry, inhaler technique, rescue pack explained", 30,
                    concept=("394703002", "Chronic obstructive pulmonary disease annual review")),
        respiratory_nurse("2022-09-21 10:15", "A little more breathless on hills"),
    ),
)

THE_WALK_GETS_TOO_FAR = Chapter(
    "The walk gets too far",
    (
        *lunch_club("2022-09-27"),
        *dispensed(MEDICINES_APRIL_2022, "2022-09-28", "2022-10-26", "2022-11-23"),
        Appointment("2022-10-04 11:10", DOCTOR, ROUTINE,
                    "The walk to the community centre has become too tiring; she has stopped "
                    "going. Lives alone with her cat.",
                    concept=("105529008", "Lives alone")),
        Appointment("2022-10-12 09:10", NURSE, PROCEDURE, "Flu and COVID-19 vaccinations", 15),
        Appointment("2022-11-17 15:05", NAVIGATOR, OTHER_CARE,
                    "Daughter rang from Manchester, worried: her mother hardly goes out now and "
                    "is on her own. Message passed to the doctor.",
                    5, TELEPHONE, "Administration"),
        Appointment("2022-12-08 11:40", DOCTOR, ACUTE,
                    "Chest infection: antibiotics and steroids; a further inhaler added"),
        *dispensed(MEDICINES_DECEMBER_2022, "2022-12-21"),
        Moment("2022-12-31", "Family contact", "Daughter here for the New Year weekend"),
    ),
)
