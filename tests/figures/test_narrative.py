"""The words agree with the data."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from theograph.figures import View, describe_journey
from theograph.journey import Journey


def test_the_words_agree_with_the_data(joan: Journey) -> None:
    text = describe_journey(joan)
    assert text.startswith(
        f"A timeline of {len(joan.events)} events that began between 2 Apr 2021 and 10 Mar 2024;"
    )
    sectors = text.split(".")[1].replace("NHS 111", "NHS")
    counts = [int(number) for number in re.findall(r"\d+", sectors)]
    assert sum(counts) == len(joan.events)
    assert f"£{round(joan.summary.cost_pence / 100):,} in all, 20 of them not costed" in text
    assert "frailty was last recorded as severe" in text
    assert "1 spell has not ended" in text
    assert 2 <= text.count(". ") + 1 <= 6


def test_the_words_follow_the_view(joan: Journey) -> None:
    view = View(sectors=("ed",), show_costs=False, show_conditions=False)
    text = describe_journey(joan, view)
    assert "A&E 6." in text
    assert "£" not in text
    assert f"{len(joan.events) - 6} more events are not in view" in text


def test_one_event(make_journey: Callable[..., Journey]) -> None:
    journey = make_journey([{"start": "2024-01-01", "sector": "gp"}])
    text = describe_journey(journey)
    assert text.startswith("A timeline of 1 event that began on 1 Jan 2024;")
    assert "No cost is known for these events, 1 of them not costed." in text


def test_nothing_to_show(joan: Journey) -> None:
    view = View(start=pd.Timestamp("1999-01-01"), end=pd.Timestamp("1999-02-01"))
    assert describe_journey(joan, view) == "No events to show. The data speaks up to 31 Mar 2024."
