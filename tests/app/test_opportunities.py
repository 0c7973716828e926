"""Cards: what each says of an opportunity, in which order, and what it never says."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from dash.development.base_component import Component

from theograph.app.address import JourneyAddress
from theograph.app.components.event_meaning import list_meanings, say_reason
from theograph.app.components.opportunity_cards import build_opportunities, describe_followed
from theograph.app.components.opportunity_detail import (
    build_opportunity_detail,
    describe_source,
    say_recorded,
)
from theograph.app.components.opportunity_facts import list_facts
from theograph.app.components.tiles import build_tiles
from theograph.app.opportunity_choice import (
    choose_opportunities,
    choose_whole_view,
    find_evidence,
    find_first_evidence,
)
from theograph.app.pages.journey import find_clicked_event
from theograph.figures.opportunity_list import list_opportunities
from theograph.journey import Journey, assemble_journey
from theograph.record.tables import OPPORTUNITIES


def words_of(component: Any) -> str:
    """Everything a component says."""
    if isinstance(component, Component):
        return words_of(getattr(component, "children", None))
    if isinstance(component, list | tuple):
        return " ".join(words_of(part) for part in component)
    return "" if component is None else str(component)


def parts_of(components: Any, name: str) -> list[str]:
    """What each part with the class `name` says, in order."""
    found: list[str] = []
    for component in components if isinstance(components, list) else [components]:
        if not isinstance(component, Component):
            continue
        if name in str(getattr(component, "className", "")).split():
            found.append(words_of(component))
        children = getattr(component, "children", None)
        found += parts_of(children if isinstance(children, list) else [children], name)
    return found


@pytest.fixture(scope="module")
def winifred(invented: ModuleType) -> Journey:
    """Someone with an opportunity of each kind."""
    return invented.make_winifred()


@pytest.fixture(scope="module")
def services(invented: ModuleType) -> Any:
    """The invented services."""
    return invented.make_services()


def cards(services: Any, journey: Journey, **shown: Any) -> list[Component]:
    return build_opportunities(services, journey, JourneyAddress("winifred01", **shown))


def detail(services: Any, journey: Journey, row: int) -> str:
    one = list_opportunities(journey)[row]
    return words_of(
        build_opportunity_detail(journey, one, services.rule(one.rule), services.method())
    )


def test_open_ones_come_first_by_the_day_to_act_on(services: Any, winifred: Journey) -> None:
    shown = cards(services, winifred)
    assert [words_of(part) for part in shown if type(part).__name__ == "H3"] == [
        "Still time to act (2)",
        "Missed (3)",
    ]
    assert parts_of(shown, "tg-card-title")[:3] == [
        "Low mood raised, no depression assessment recorded",
        "Falls, no falls assessment recorded",
        "Low mood raised, no depression assessment recorded",
    ]
    assert parts_of(shown, "tg-card-line")[0] == "Act by 11 Apr 2025 , 11 days after the data ends"
    assert parts_of(shown, "tg-pin")[:2] == ["Open:  4", "Open:  5"]


def test_a_closed_card_says_in_one_line_what_came_of_it(services: Any, winifred: Journey) -> None:
    lines = parts_of(cards(services, winifred, status="all"), "tg-card-line")
    assert "1 Mar 2024 · Then: Emergency admission, 3 Jun 2024 · £5,123" in lines
    assert "20 Jun 2024 · Recorded in time: Contact 17, 12 Jun 2024" in lines
    assert "20 Jan 2025 · Not covered by the extracts: General practice" in lines


@pytest.mark.parametrize(
    ("shown", "rows"),
    [
        ({}, [0, 1, 3, 4, 5]),
        ({"status": "all"}, [0, 1, 2, 3, 4, 5, 6]),
        ({"status": "met"}, [2]),
        ({"status": "not_assessable"}, [6]),
        ({"theme": "mental health"}, [0, 4]),
        ({"theme": "no such theme"}, [0, 1, 3, 4, 5]),
        ({"severity": "medium"}, [1, 5]),
        ({"status": "not_assessable", "severity": "high"}, []),
    ],
)
def test_cards_and_pins_are_filtered_alike(
    services: Any, winifred: Journey, shown: dict[str, Any], rows: list[int]
) -> None:
    address = JourneyAddress("winifred01", **shown)
    choice = choose_opportunities(winifred, address, services.rule)
    assert [one.row for one in choice.shown] == rows
    drawn = choose_whole_view(winifred, address, services.rule).opportunities
    assert drawn == (tuple(rows) if shown else None)


def test_an_opened_card_tells_the_whole_story(services: Any, winifred: Journey) -> None:
    said = detail(services, winifred, 0)
    for words in (
        "Someone noted low mood",
        "What was seen Low mood noted.",
        "28 Feb 2024 PHQ-9",
        "A depression assessment, by 29 Mar 2024.",
        "No depression assessment is recorded by 29 Mar 2024.",
        "£5,123 , 1 event. Association, not proof of what would have been saved.",
        "What to do now Offer a depression assessment (PHQ-9) at the next contact.",
        "NICE NG222, 1.2. Guideline, not checked against the source.",
        "High severity · mental health ·  rule R06 in full",
    ):
        assert words in said, words


def test_what_was_met_or_cannot_be_assessed_is_never_said_to_be_missing(
    services: Any, winifred: Journey
) -> None:
    met, unknown = detail(services, winifred, 2), detail(services, winifred, 6)
    assert "A response is recorded in time: 12 Jun 2024 Contact 17" in met
    assert "no extract of General practice covers the whole time" in unknown
    for said in (met, unknown):
        assert "is recorded by" not in said
        assert "What followed" not in said
        assert "What to do now" not in said
    title = parts_of(cards(services, winifred, status="met"), "tg-card-title")
    assert title == ["Home after an emergency stay"], "not the rule's own, which says it is missing"


def test_no_card_blames_anyone(services: Any, winifred: Journey) -> None:
    said = " ".join(detail(services, winifred, row) for row in range(len(winifred.opportunities)))
    for word in ("fail", "neglect", "fault", "should have", "error"):
        assert word not in said.replace("onerror", "").lower()


def test_several_things_expected_are_none_of_these(invented: ModuleType) -> None:
    journey = invented.make_winifred()
    one = replace(list_opportunities(journey)[1], due=pd.Timestamp("2024-06-27"))
    rule = invented.RULES["R05"]
    assert say_recorded(one, rule, data_to="x") == "None of these is recorded by 27 Jun 2024."
    ended = replace(one, due=None)
    assert "itself the finding" in say_recorded(ended, rule, data_to="x")


def test_evidence_that_is_no_event_is_named_and_what_is_gone_left_out(winifred: Journey) -> None:
    ids = ("measure:efi:2023-07-11", "condition:1900-01-01:COPD", "condition:2019-03-01:COPD")
    facts = list_facts(winifred, (*ids, "no such event", "ev-00100"))
    assert [(fact.when, fact.what) for fact in facts] == [
        ("11 Jul 2023", "Electronic frailty index 0.31 (moderate)"),
        ("Since before", "COPD recorded"),
        ("1 Mar 2019", "COPD recorded"),
        ("3 Jun 2024", "Emergency admission"),
    ]
    assert [fact.row is None for fact in facts] == [True, True, True, False]


def test_evidence_is_known_by_its_rows(winifred: Journey) -> None:
    parts = find_evidence(winifred, 1)
    kinds = {part: winifred.events["event_id"].iloc[rows].tolist() for part, rows in parts.items()}
    assert kinds == {"signal": ["ev-00013"], "evidence": ["ev-00002"], "followed": ["ev-00100"]}
    first = find_first_evidence(winifred, 1)
    assert first == min([*parts["signal"], *parts["evidence"]])
    assert find_evidence(winifred, None) == find_evidence(winifred, 99) == {}
    assert find_first_evidence(winifred, None) is None


def test_a_pin_is_no_event(winifred: Journey) -> None:
    click = {"points": [{"id": "opportunity-1", "x": "2024-05-04"}]}
    assert find_clicked_event(winifred, click) is None


def test_nothing_found_and_nothing_applied_are_not_the_same(
    services: Any, invented: ModuleType
) -> None:
    bare = invented.make_bare("b", [invented.make_event(0, "2024-01-01", "gp", "Contact")])
    assert words_of(cards(services, bare)).startswith("No rules have been applied Run")
    none = assemble_journey(
        {"person_ref": "b", "person_id": "B"},
        events=bare.events,
        conditions=bare.conditions,
        measures=bare.measures,
        feeds=bare.feeds,
        opportunities=invented.make_frame(OPPORTUNITIES, []),
        as_of=bare.as_of,
        snapshot="1",
    )
    assert "None of the 4 patterns was found" in words_of(cards(services, none))
    assert "missed" not in words_of(build_tiles(bare))
    assert "0 missed" in words_of(build_tiles(none))
    assert describe_followed(none.summary) == ""


def test_a_filter_that_leaves_none_says_what_there_is(services: Any, winifred: Journey) -> None:
    said = words_of(cards(services, winifred, status="met", severity="low"))
    assert "This person has 3 missed, 2 open, 1 met, 1 not assessable." in said


def test_the_cost_that_followed_is_counted_once_and_called_no_proof(winifred: Journey) -> None:
    assert describe_followed(winifred.summary).startswith("£5,123 followed")
    assert "association, not proof" in words_of(build_tiles(winifred))


def test_a_source_says_how_far_it_was_checked(invented: ModuleType) -> None:
    assert describe_source(invented.RULES["R14"].source) == (
        "NICE NG249, 1.2 (2025). Guideline, partly checked against the source. "
        "The times are partly published, partly a design choice."
    )


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("code W06", "the code W06"),
        ("kind See, treat and go, words fell", "the name “See, treat and go” and the words “fell”"),
        ("mode home_visit, its setting", "the mode “Home visit” and its setting"),
        ("efi 0.31", "efi 0.31"),
        ("", ""),
    ],
)
def test_why_an_event_was_read_so_is_said_in_words(reason: str, said: str) -> None:
    assert say_reason(reason) == said


def test_an_event_says_what_it_was_read_as() -> None:
    read = pd.Series({"concepts": "fall;gp_contact", "concepts_because": "words fell;its setting"})
    assert list_meanings(read) == [("fall", "the words “fell”"), ("gp_contact", "its setting")]
    odd = pd.Series({"concepts": "fall;gp_contact", "concepts_because": None})
    assert list_meanings(odd) == [("fall", ""), ("gp_contact", "")]
    assert list_meanings(pd.Series({"concepts": None})) == []
    assert list_meanings(pd.Series({"kind": "GP consultation"})) is None
