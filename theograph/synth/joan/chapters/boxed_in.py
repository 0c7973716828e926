"""October 2022 to March 2023: boxed in, two falls, and someone who noticed."""

from __future__ import annotations

from theograph.synth.joan.cast import MEDICINES_DECEMBER_2022, MEDICINES_MARCH_2023
from theograph.synth.joan.chapters.teams import (
    EYES,
    LUNG_FUNCTION,
    RESPIRATORY,
    diabetes_nurse,
    dispensed,
    epilepsy_clinic,
    hospital_clinic,
    kidney_clinic,
    podiatrist,
    respiratory_nurse,
)
from theograph.synth.joan.entries import (
    DOCTOR,
    NURSE,
    OTHER_CARE,
    PROCEDURE,
    ROUTINE,
    WRITTEN,
    Appointment,
    CallOut,
    Chapter,
    Moment,
)

# fmt: off
# Ten appointments on ten separate days in the 79 days from 18 October to 5 January.
BOXED_IN = Chapter(
    "Boxed in",
    (
        diabetes_nurse("2022-10-18 14:00", "Readings a little high; diet talked through"),
        epilepsy_clinic("2022-10-25 10:10", "No seizures; blood level requested"),
        hospital_clinic("2022-11-09 09:30", LUNG_FUNCTION, "Lung function tests", first=True),
        kidney_clinic("2022-11-15 11:30", "eGFR 39; repeat in five weeks"),
        podiatrist("2022-11-23 13:15", "Diabetic foot check; low risk"),
        hospital_clinic("2022-12-01 14:40", EYES, "Diabetic eye clinic: mild changes", first=True),
        epilepsy_clinic("2022-12-06 09:50", "Epilepsy nurse clinic: blood level in range"),
        respiratory_nurse("2022-12-14 10:15", "Recovering from a chest infection"),
        kidney_clinic("2022-12-20 11:30", "eGFR 38; blood pressure target explained"),
        hospital_clinic("2023-01-05 15:20", RESPIRATORY, "Lung function results", first=True),
        Moment("2023-01-09", "Council service", "Registered for assisted bin collection",
               organisation="Council household services"),
        CallOut("2023-01-14 06:35", "2023-01-14 07:22", "Falls",
                "Fall in the hallway at home; helped up, no injury, stayed at home",
                triage_code="28"),
        *dispensed(MEDICINES_DECEMBER_2022, "2023-01-18", "2023-02-15"),
        diabetes_nurse("2023-01-31 14:00", "Readings higher than usual; same tablets"),
        CallOut("2023-02-02 21:48", "2023-02-02 22:51", "Falls",
                "Fall by the bed at home; bruised arm, checked over, stayed at home",
                triage_code="28"),
        Appointment("2023-02-23 10:40", DOCTOR, ROUTINE, "Breathless on the stairs; chest clear"),
        respiratory_nurse("2023-03-08 10:15", "More breathless than in December; will write to GP"),
    ),
)

SOMEONE_NOTICED = Chapter(
    "Someone noticed",
    (
        Appointment("2023-03-09 14:15", DOCTOR, OTHER_CARE,
                    "Letter from the specialist respiratory nurse: breathlessness a little worse. "
                    "Joan may be becoming depressed; grateful if you would see her.",
                    5, WRITTEN, "Correspondence"),
        hospital_clinic("2023-03-14 15:20", RESPIRATORY, "Follow-up; carbocisteine advised"),
        Appointment("2023-03-15 09:30", NURSE, PROCEDURE, "Blood tests for the kidney clinic", 15),
        *dispensed(MEDICINES_MARCH_2023, "2023-03-15"),
    ),
)
