"""Which sector of care a text speaks of: the words that tell, read in this order.

The more telling come first, so that an outpatient clinic of a hospital is outpatients and a
community mental health team is mental health. Whole words, whatever their case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from theograph.sql_text import quote

SECTOR_WORDS: dict[str, str] = {
    "ambulance": r"ambulances?|paramedics?|999|hear and treat|see and treat|conveyed",
    "nhs111": r"nhs ?111|111|out[ -]of[ -]hours|ooh",
    "mental_health": (
        r"mhsds|mental|psych\w*|cmht|camhs|iapt|talking therap\w*|memory (clinic|service)"
    ),
    "social_care": (
        r"social (care|work|worker|services)|home ?care|care home|residential care|nursing home|"
        r"reablement|day (care|centre)|direct payment|carer'?s assessment|telecare"
    ),
    "voluntary": r"volunt\w*|vcse|charity|befriend\w*|lunch club|food ?bank|community (hub|centre)",
    "outpatients": r"out-?patients?|opd|op clinic",
    "ed": (
        r"a ?& ?e|a and e|ed|ecds|er|eau|emergency (department|dept|room|care)|casualty|"
        r"accident (and|&) emergency|urgent treatment|utc|walk[- ]in"
    ),
    "pharmacy": r"pharmac\w*|dispens\w*|chemist",
    "gp": r"gps?|general practi\w*|primary care|practice nurse|family doctor|link worker",
    "community": (
        r"csds|district nurs\w*|community|podiatr\w*|chiropod\w*|physio\w*|occupational therap\w*|"
        r"health visit\w*|dieti\w*|speech and language|tissue viability|intermediate care|"
        r"leg ulcer|wound (care|clinic)"
    ),
    "hospital": (
        r"hospital\w*|in-?patients?|admission|admitted|wards?|theatres?|surgery|surgical|"
        r"operation|icu|itu|hdu|day ?case|radiology"
    ),
}
"""Sector key -> regular expression of its words, in the dialect that RE2 and Python share."""

_PATTERNS = {
    sector: re.compile(rf"(^|\W)({words})(\W|$)", re.IGNORECASE)
    for sector, words in SECTOR_WORDS.items()
}


def find_sector(text: str) -> str | None:
    """The sector that `text` speaks of; None where no word tells."""
    return next((key for key, pattern in _PATTERNS.items() if pattern.search(text)), None)


def sector_sql(texts: Iterable[str]) -> str:
    """SQL for the sector that the first telling one of `texts`, SQL expressions, speaks of."""
    return "coalesce({})".format(", ".join(_one_sector(text) for text in texts))


def _one_sector(text: str) -> str:
    cases = " ".join(
        f"when regexp_matches({text}, {quote(pattern.pattern)}, 'i') then '{sector}'"
        for sector, pattern in _PATTERNS.items()
    )
    return f"case {cases} end"
