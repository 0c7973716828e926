"""The parts of a whole answer that are recorded, and the time in which they count."""

from __future__ import annotations

from datetime import date

from theograph.opportunities.checks import Check, list_checks
from theograph.opportunities.patterns import Checks

CHECKS = Checks.model_validate({"say": "Parts", "any": ["foot", "eye"], "within": "365 days"})
UNTIL = date(2024, 3, 31)


def test_a_part_is_listed_with_the_last_day_on_which_it_is_recorded() -> None:
    recorded = [(date(2024, 1, 9), "eye;foot"), (date(2023, 8, 1), "other;eye")]
    assert list_checks(CHECKS, recorded, until=UNTIL) == (
        Check("foot", date(2024, 1, 9)),
        Check("eye", date(2024, 1, 9)),
    )


def test_both_ends_of_the_time_count_and_no_day_beyond_them() -> None:
    inside = [(date(2023, 4, 1), "foot"), (UNTIL, "eye")]
    outside = [(date(2023, 3, 31), "foot"), (date(2024, 4, 1), "eye")]
    assert [each.last for each in list_checks(CHECKS, inside, until=UNTIL)] == [
        date(2023, 4, 1),
        UNTIL,
    ]
    assert [each.last for each in list_checks(CHECKS, outside, until=UNTIL)] == [None, None]
