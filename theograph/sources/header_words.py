"""The words by which the headers of a spreadsheet tell what a column is.

For each of our columns patterns in order, the most telling first, and what a column must hold
to be it. A header is read as lower-case words: `DateSeen`, `date_seen` and `Date seen` are one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from theograph.sources.profile import ColumnProfile

Holds = Callable[[ColumnProfile], bool]
Confidence = Literal["sure", "likely", "perhaps"]

_WHO = r"(patient|client|person|service user|member|membership|customer|resident|subject|case)"
_NUMBER = r"(id|no|num|nr|number|ref|reference|key|code|identifier)"
_EVENT = (
    r"(event|activity|contact|attendance|appointment|appt|visit|session|encounter|consultation|"
    r"admission|arrival|service|intervention|treatment|call|incident|procedure|care|episode)"
)
_WHAT = r"(type|kind|category|name|description|desc|sub ?type)"
_AT = r"(date|datetime|time|timestamp|dt|day|on)"
_LAST = (
    r"(end|ended|finish|finished|discharge|discharged|disch|departure|depart|departed|closed|"
    r"closure|completed|completion|complete|stop|until|left|leaving|thru|to)"
)

# A date that is not when something happened to the person.
NOT_AN_EVENT = re.compile(
    r"birth|dob|death|deceased|\bdod\b|extract|report|period|upload|created|updated|modified|"
    r"\bload|expir|\bnext\b|\bdue\b|valid|printed|entered|submi"
)
_MONEY = r"\b(costs?|price|charge|tariff|fee)\b"
_UNITS = "session|hour|dai|day|week|month|quarter|annual|year"
DID_NOT_ATTEND = re.compile(r"\bdna\b|did ?not ?attend|\bmissed\b|no ?show")
_ATTENDED = re.compile(rf"\battended\b|\barrived\b|\bseen\b|{DID_NOT_ATTEND.pattern}")
_SHORTEST_KEY = 16  # characters without a space: a key of a database, not words
_ENDS = re.compile(rf"\b{_LAST}\b")
_ASKED = re.compile(r"refer|request|booked|booking|received")


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """How one of our columns is known: by patterns of its header, and by what it holds."""

    column: str
    patterns: tuple[str, ...]
    holds: Holds
    never: re.Pattern[str] | None = None

    def rank(self, words: str) -> int | None:
        """How telling the header is, 0 the most; None where it says nothing."""
        if self.never and self.never.search(words):
            return None
        found = (place for place, one in enumerate(self.patterns) if re.search(one, words))
        return next(found, None)

    def confidence(self, rank: int) -> Confidence:
        """How sure a guess of that rank is: the first pattern tells, the last only hints."""
        if rank == 0:
            return "sure"
        return "perhaps" if rank == len(self.patterns) - 1 else "likely"


def split_words(header: str) -> str:
    """A header as lower-case words with one space between them."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    return " ".join(re.findall(r"[a-z0-9&%£$]+", apart.casefold()))


def _any_text(profile: ColumnProfile) -> bool:
    return profile.is_text


def _few_words(profile: ColumnProfile) -> bool:
    repeats = profile.filled < 20 or profile.distinct <= 0.5 * profile.filled
    keys = all(len(text) >= _SHORTEST_KEY and " " not in text for text in profile.examples)
    return profile.is_text and profile.longest <= 100 and repeats and not keys


def _identifier(profile: ColumnProfile) -> bool:
    return profile.filled > 0 and not profile.is_clock and profile.longest <= 80


def _unique(profile: ColumnProfile) -> bool:
    return _identifier(profile) and profile.distinct == profile.filled and not profile.form


def _date(profile: ColumnProfile) -> bool:
    return profile.is_date


def _number(profile: ColumnProfile) -> bool:
    return profile.is_number


def _of(column: str) -> Holds:
    return lambda profile: profile.mostly(profile.words.get(column, 0))


def _says_attended(profile: ColumnProfile) -> bool:
    asked = _ATTENDED.search(split_words(profile.header)) is not None
    return _of("status")(profile) or (asked and _of("yes_no")(profile))


EVENT_RULES: tuple[HeaderRule, ...] = (
    HeaderRule(
        "nhs_number",
        (r"\bnhs ?(no|num|nr|number|id)\b", r"\bnhs\b"),
        lambda profile: profile.nhs_numbers > 0,
    ),
    HeaderRule(
        "pseudonym", (r"pseudo|pseudonym|hesid|token person|\bsk patient", r"token"), _identifier
    ),
    HeaderRule(
        "local_id",
        (
            rf"\b{_WHO} ?(unique )?{_NUMBER}\b",
            r"\b(mrn|crn|urn|hospital (no|number)|unit (no|number)|rio id|pas id|district no)\b",
            rf"^{_WHO}$",
            rf"\b{_WHO} ?(full )?(name|initials)\b|^(full )?name$|^initials$",
            rf"^{_WHO}\b",
        ),
        _identifier,
        re.compile(r"type|\bsex\b|gender|\bage\b|group|birth|count|date|\bcategory\b|postcode"),
    ),
    HeaderRule(
        "end",
        (
            rf"\b{_EVENT}.*\b{_LAST}\b|\b{_LAST} ?{_AT}\b",
            rf"\b{_LAST}\b",
            r"^(end|dis|dep)\w*date$",
        ),
        _date,
        NOT_AN_EVENT,
    ),
    HeaderRule("requested_at", (r"refer", r"request|booked|booking|received"), _date, NOT_AN_EVENT),
    HeaderRule(
        "start",
        (
            rf"\b(start|started|begin|began|from|commenced|admitted|arrived|seen)\b.*|{_AT} seen",
            rf"\b{_EVENT}\b.*\b{_AT}\b|\b{_AT}( of)? {_EVENT}\b|^(adm|arr|start|epi)\w*date$",
            rf"^{_AT}( ?{_AT})?$|^when$",
            r"\b(date|dt|datetime|timestamp)\b|date$",
            r"",
        ),
        _date,
        re.compile(f"{NOT_AN_EVENT.pattern}|{_ENDS.pattern}|{_ASKED.pattern}"),
    ),
    HeaderRule(
        "event_id",
        (
            rf"\b{_EVENT} ?{_NUMBER}\b",
            r"\b(record|row|booking|referral) ?(id|no|number|ref)\b",
            r"^(id|ref|reference|key|uid)$",
        ),
        _unique,
    ),
    HeaderRule("sector", (r"sector|setting|care type|service type", r""), _of("sector")),
    HeaderRule(
        "kind",
        (
            rf"\b{_EVENT} ?{_WHAT}\b|^(sub ?)?(type|kind|activity|event)$",
            r"\btype\b|\bkind\b|\bcategory\b|activity|procedure|intervention|treatment",
            rf"^{_EVENT}$|purpose|what\b",
            r"clinic|service|department|specialty|speciality|team|ward",
            r"descri|detail|summary|reason|complaint",
        ),
        _few_words,
        re.compile(
            r"outcome|status|\bid\b|provider|organi[sz]ation|clinician|discharge|patient type|code$"
        ),
    ),
    HeaderRule(
        "status",
        (r"status|attend|\bdna\b|missed|no ?show", r"outcome|arrived|seen"),
        _says_attended,
    ),
    HeaderRule("mode", (r"mode|medium|method|channel|how", r""), _of("mode")),
    HeaderRule(
        "team",
        (r"\bteam\b|\bward\b", r"clinic\b|department|\bdept\b|special(i)?ty|unit", r"service"),
        _any_text,
        re.compile(r"unit cost|units"),
    ),
    HeaderRule(
        "provider",
        (
            r"provider|organi[sz]ation|\btrust\b",
            r"hospital|practice|surgery|\bsite\b|agency|council",
            r"location|venue",
        ),
        _any_text,
        re.compile(r"\bgp\b|registered"),
    ),
    HeaderRule(
        "clinician",
        (
            r"clinician|practitioner|consultant|seen by|\bhcp\b",
            r"doctor|nurse|therapist|worker|staff|employee",
        ),
        lambda profile: profile.filled > 0 and not profile.is_date and profile.longest <= 80,
    ),
    HeaderRule(
        "outcome",
        (r"outcome|disposal|disposition", r"result|discharge (destination|method|reason)"),
        _any_text,
    ),
    HeaderRule(
        "description",
        (r"note|comment|descri|detail|remark|free text|summary", r"reason|diagnosis|complaint"),
        _any_text,
    ),
    HeaderRule(
        "recorded_rate_gbp",
        (rf"\b({_UNITS})\w* ?{_MONEY}|{_MONEY} (per|a|an|each)? ?({_UNITS})",),
        _number,
    ),
    HeaderRule(
        "cost_gbp",
        (rf"{_MONEY}|£|gbp", r"amount|paid"),
        _number,
        re.compile(r"\bper\b|\brate\b|code|unit|usd|\$|eur"),
    ),
    HeaderRule(
        "duration_minutes",
        (r"duration.*\bmin|\bmin.*duration|total.*\bmin", r"minutes|\bmins?\b", r"duration"),
        _number,
        re.compile(r"hour|\bday|week"),
    ),
)

PEOPLE_RULES: tuple[HeaderRule, ...] = (
    HeaderRule("date_of_birth", (r"birth|\bdob\b",), _date),
    HeaderRule("sex", (r"\bsex\b|gender",), _of("sex")),
    HeaderRule("ethnicity", (r"ethnic",), _any_text),
    HeaderRule("date_of_death", (r"death|deceased|\bdod\b",), _date),
    HeaderRule("name", (r"^(full|patient|client)? ?name$",), _any_text),
    HeaderRule("gp_practice", (r"(gp|registered) ?(practice|surgery)",), _any_text),
)


def find_rate_unit(words: str) -> str:
    """The unit of a rate, by the words of its header."""
    found = re.search(_UNITS, words)
    told = found.group() if found else "session"
    return {"dai": "day", "annual": "year"}.get(told, told)
