"""What the rules add to an opened card: parts of a whole answer, and whose the numbers are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component

from tests.conftest import Imported
from theograph.app.components.method_rule import build_rule
from theograph.app.components.opportunity_method import build_checks, build_numbers
from theograph.app.method_facts import MethodFacts
from theograph.figures.opportunity_list import Opportunity, list_opportunities
from theograph.journey import Journey
from theograph.opportunities.case import load_cases
from theograph.opportunities.rulebook import load_rules
from theograph.record.concepts import load_concepts
from theograph.synth.joan import cast

FACTS = MethodFacts(load_rules(), load_concepts(), load_cases, ())


def words_of(component: Any) -> str:
    """Everything a component says."""
    if isinstance(component, Component):
        return words_of(getattr(component, "children", None))
    if isinstance(component, list | tuple):
        return " ".join(words_of(part) for part in component)
    return "" if component is None else str(component)


@pytest.fixture(scope="module")
def journey(joan: Imported) -> Journey:
    return joan.journey(cast.NHS_NUMBER)


def find(journey: Journey, rule: str, status: str, signal_no: int = 1) -> Opportunity:
    return next(
        one
        for one in list_opportunities(journey)
        if (one.rule, one.status, one.signal_no) == (rule, status, signal_no)
    )


def test_a_missed_diabetes_review_lists_the_care_processes_of_the_year(journey: Journey) -> None:
    said = words_of(build_checks(journey, find(journey, "R08", "missed"), FACTS))
    assert said.startswith("Care processes in the 365 days up to 20 Sep 2023")
    assert "15 Aug 2023 Foot check" in said
    assert "8 Aug 2023 Blood pressure reading" in said
    assert "Not recorded: HbA1c test, Cholesterol test" in said
    assert "Eye screening." in said
    assert "decide" in said


def test_a_whole_review_leaves_only_the_screening_of_another_service(journey: Journey) -> None:
    said = words_of(build_checks(journey, find(journey, "R08", "met"), FACTS))
    assert "Not recorded: Eye screening." in said


def test_a_signal_without_parts_lists_none(journey: Journey) -> None:
    assert build_checks(journey, find(journey, "R08", "met", signal_no=2), FACTS) == []
    gone = replace(find(journey, "R08", "met"), signal_no=99)
    assert build_checks(journey, gone, FACTS) == []
    assert build_checks(journey, find(journey, "R08", "met"), replace(FACTS, rules={})) == []


def test_every_number_of_the_rule_stands_with_whose_it_is(journey: Journey) -> None:
    said = words_of(build_numbers(find(journey, "R08", "missed"), FACTS))
    assert "Signal 1: time since the last one 365 days Published" in said
    assert "Time for the response within 90 days after the signal Design choice" in said
    assert "Changed here" not in said
    assert build_numbers(find(journey, "R03", "missed"), FACTS) == []


def test_what_a_site_changed_is_said_on_the_card_and_on_the_page(
    journey: Journey, tmp_path: Path
) -> None:
    (tmp_path / "r08.toml").write_text('[response]\nwithin = "30 days"\n')
    facts = replace(FACTS, rules=load_rules([tmp_path]))
    changed = "within 30 days after the signal (as shipped: within 90 days after the signal)"
    card = words_of(build_numbers(find(journey, "R08", "missed"), facts))
    assert f"Changed here: Time for the response: {changed}." in card
    page = words_of(build_rule(facts.rules["R08"], facts))
    assert f"Time for the response {changed} Your site's" in page
    assert "is recorded within 30 days." in page
