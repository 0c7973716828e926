"""The community health extract, its CSDS tables joined into one row a contact."""

from __future__ import annotations

from theograph.synth.csv_text import Extract
from theograph.synth.joan import cast
from theograph.synth.joan.entries import CommunityContact

COLUMNS = (
    "CARE CONTACT IDENTIFIER",
    "SERVICE REQUEST IDENTIFIER",
    "NHS NUMBER",
    "ORGANISATION IDENTIFIER (CODE OF PROVIDER)",
    "ORGANISATION NAME",
    "SERVICE OR TEAM TYPE REFERRED TO (COMMUNITY CARE)",
    "REFERRAL REQUEST RECEIVED DATE",
    "CARE CONTACT DATE",
    "CARE CONTACT TIME",
    "CLINICAL CONTACT DURATION OF CARE CONTACT",
    "CONSULTATION TYPE",
    "CONSULTATION MECHANISM (COMMUNITY CARE)",
    "ACTIVITY LOCATION TYPE CODE",
    "ATTENDANCE STATUS",
    "CARE CONTACT NOTE",
)
_MECHANISM = {"clinic": "01", "home": "01", "telephone": "02"}
_LOCATION = {"clinic": "B01", "home": "A01", "telephone": "A01"}


def build_csds_extract(contacts: tuple[CommunityContact, ...]) -> Extract:
    """Community contacts; ISO dates with separate times."""
    services = sorted({entry.service for entry in contacts})
    rows = tuple(
        {
            "CARE CONTACT IDENTIFIER": f"CC{number:06d}",
            "SERVICE REQUEST IDENTIFIER": f"SR{services.index(entry.service) + 1:04d}",
            "NHS NUMBER": cast.NHS_NUMBER,
            "ORGANISATION IDENTIFIER (CODE OF PROVIDER)": cast.PROVIDER_CODES[cast.COMMUNITY],
            "ORGANISATION NAME": cast.COMMUNITY,
            "SERVICE OR TEAM TYPE REFERRED TO (COMMUNITY CARE)": entry.service,
            "REFERRAL REQUEST RECEIVED DATE": entry.referred,
            "CARE CONTACT DATE": entry.at[:10],
            "CARE CONTACT TIME": f"{entry.at[11:]}:00",
            "CLINICAL CONTACT DURATION OF CARE CONTACT": str(entry.minutes),
            "CONSULTATION TYPE": "02",
            "CONSULTATION MECHANISM (COMMUNITY CARE)": _MECHANISM[entry.place],
            "ACTIVITY LOCATION TYPE CODE": _LOCATION[entry.place],
            "ATTENDANCE STATUS": "5",
            "CARE CONTACT NOTE": entry.note,
        }
        for number, entry in enumerate(contacts, start=1)
    )
    return Extract("csds.csv", COLUMNS, rows)
