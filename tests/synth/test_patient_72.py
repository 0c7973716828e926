"""The published example adds up to the pound, and nothing straddles a financial year."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import nhs_number

from tests.conftest import Imported
from theograph.record.calendar import financial_year
from theograph.synth.patient_72 import (
    DATE_OF_BIRTH,
    NHS_NUMBER,
    PUBLISHED_POUNDS,
    Cost,
    build_extracts,
    list_costs,
)

SAMPLE = Path(__file__).parents[2] / "sample_data" / "patient_72"
COSTS = list_costs()


def first_day(cost: Cost) -> date:
    return date.fromisoformat(cost.start[:10])


def last_day(cost: Cost) -> date:
    return date.fromisoformat((cost.end or cost.start)[:10])


def test_shipped_files_are_what_the_builder_writes() -> None:
    for extract in build_extracts():
        assert (SAMPLE / extract.file).read_bytes() == extract.to_bytes(), extract.file


def test_each_financial_year_costs_what_was_published() -> None:
    totals: Counter[str] = Counter()
    for cost in COSTS:
        totals[financial_year(first_day(cost))] += cost.pounds
    assert totals == PUBLISHED_POUNDS


def test_no_event_straddles_the_financial_year() -> None:
    for cost in COSTS:
        assert financial_year(first_day(cost)) == financial_year(last_day(cost))


def test_she_is_seventy_two_at_the_end() -> None:
    born, end = date.fromisoformat(DATE_OF_BIRTH), date(2018, 3, 31)
    assert end.year - born.year - ((end.month, end.day) < (born.month, born.day)) == 72


def test_about_120_events_from_every_kind_of_provider() -> None:
    assert 110 <= len(COSTS) <= 140
    sectors = {cost.sector for cost in COSTS}
    assert sectors >= {"hospital", "ed", "ambulance", "mental_health", "social_care", "community",
                       "gp"}  # fmt: skip
    acute = {c.provider for c in COSTS if c.kind == "Emergency admission"}
    assert len(acute) == 2


def test_home_care_and_visits_stop_while_she_is_in_hospital() -> None:
    stays = [c for c in COSTS if c.kind == "Emergency admission"]
    for cost in COSTS:
        if cost.sector in ("hospital", "ed", "ambulance") or "liaison" in cost.kind:
            continue
        inside = [
            s for s in stays if first_day(cost) <= last_day(s) and last_day(cost) >= first_day(s)
        ]
        assert not inside, cost


def test_contacts_are_on_weekdays() -> None:
    for cost in COSTS:
        if cost.sector in ("gp", "outpatients", "mental_health", "community"):
            assert first_day(cost).weekday() < 5, cost


def test_nhs_number_is_valid_and_never_issued() -> None:
    assert nhs_number.is_valid(NHS_NUMBER)
    assert NHS_NUMBER.startswith("999")


def test_a_visit_about_blood_pressure_is_a_review_of_it(joan: Imported) -> None:
    """Seen about "Blood pressure, mood and medicines" every month, she is never overdue."""
    found = joan.journey(NHS_NUMBER).opportunities
    pressure = found[(found["rule"] == "R08") & (found["signal_no"] == 6)]
    assert pressure["status"].tolist() == ["met", "met"]
    missed = found[found["status"] == "missed"]
    assert missed["rule"].tolist() == ["R09", "R08", "R24", "R23", "R26"]
