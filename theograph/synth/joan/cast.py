"""Who is in Joan's story: herself, the organisations around her, her medicines.

The place and every organisation in it are invented; the NHS number is from the 999 range,
which is never issued.
"""

from __future__ import annotations

NHS_NUMBER = "9990417288"
PSEUDONYM = "PSD7F3A91C20B64"  # the same value in every pseudonymised feed
COUNCIL_NUMBER = "TC-20311"
MEMBERSHIP_NUMBER = "0147"
DATE_OF_BIRTH = "1946-08-19"

SURGERY = "Thornmere Mill Surgery"
PHARMACY = "Thornmere Market Pharmacy"
HOSPITAL = "Thornmere General Hospital"
INFIRMARY = "Easterdale Infirmary"
MENTAL_HEALTH = "Easterdale Mental Health Partnership"
COMMUNITY = "Thornmere Community Health"
AMBULANCE = "Easterdale Ambulance Service"
NHS_111 = "Easterdale 111"
COUNCIL = "Thornmere Council"
COMMUNITY_HUB = "Thornmere Community Hub"

# Invented codes: none is an organisation code in use.
PROVIDER_CODES = {
    SURGERY: "Z99901",
    PHARMACY: "Z99P1",
    HOSPITAL: "ZT1",
    INFIRMARY: "ZT2",
    MENTAL_HEALTH: "ZT3",
    COMMUNITY: "ZT4",
    AMBULANCE: "ZT5",
    NHS_111: "ZT6",
}

MEDICINES_APRIL_2022 = (
    "metformin",
    "gliclazide",
    "levetiracetam",
    "ramipril",
    "amlodipine",
    "atorvastatin",
    "tiotropium inhaler",
    "salbutamol inhaler",
    "omeprazole",
)
MEDICINES_DECEMBER_2022 = (*MEDICINES_APRIL_2022, "beclometasone with formoterol inhaler")
MEDICINES_MARCH_2023 = (*MEDICINES_DECEMBER_2022, "carbocisteine")
MEDICINES_JULY_2023 = (*MEDICINES_MARCH_2023, "furosemide")
MEDICINES_SEPTEMBER_2023 = tuple(name for name in MEDICINES_JULY_2023 if name != "gliclazide")
MEDICINES_FEBRUARY_2024 = (
    *MEDICINES_SEPTEMBER_2023,
    "alendronic acid",
    "calcium with colecalciferol",
)
MEDICINES_MARCH_2024 = (*MEDICINES_FEBRUARY_2024, "sertraline")
MEDICINES_JULY_2024 = tuple(
    name for name in MEDICINES_MARCH_2024 if name not in {"amlodipine", "omeprazole"}
)
