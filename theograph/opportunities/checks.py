"""The parts of a whole answer that are recorded, such as the care processes of diabetes.

They are listed beside an opportunity and decide nothing: a review that is recorded may have
left parts out, and parts may be recorded though no review is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from theograph.opportunities.patterns import Checks


@dataclass(frozen=True, slots=True)
class Check:
    """One part by the key of its concept, and the last day on which it is recorded, if any."""

    concept: str
    last: date | None


def list_checks(
    checks: Checks, recorded: Iterable[tuple[date, str]], *, until: date
) -> tuple[Check, ...]:
    """Each part of `checks`, in order, with its last record in the time up to `until`.

    `recorded` holds the day of an event or reading and its concepts, separated by ';'. Both
    ends of the time count.
    """
    since = until - timedelta(days=checks.within)
    last: dict[str, date] = {}
    for day, concepts in recorded:
        if since <= day <= until:
            for key in concepts.split(";"):
                last[key] = max(day, last.get(key, day))
    return tuple(Check(key, last.get(key)) for key in checks.any)
