"""The Method page: every rule, concept and unit cost, found and shown."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from dash import html
from dash.development.base_component import Component

from theograph.app import create_app, ids
from theograph.app.application import build_page
from theograph.app.assets import find_assets
from theograph.app.components.method_costs import PAGE_ROWS
from theograph.app.components.method_timeline import Scale, build_timeline, find_window
from theograph.app.method_address import (
    MAX_PAGE,
    parse_method_address,
)
from theograph.app.method_facts import MethodFacts, find_concepts, find_rules, find_unit_costs
from theograph.app.pages.method import build_found, build_method_page, find_case
from theograph.costing import load_unit_costs
from theograph.errors import MappingError
from theograph.opportunities.case import load_cases
from theograph.opportunities.rulebook import load_rules
from theograph.record.concepts import load_concepts


@pytest.fixture(scope="module")
def facts() -> MethodFacts:
    """Everything that is shipped."""
    lines = tuple(load_unit_costs().lines.values())
    return MethodFacts(load_rules(), load_concepts(), load_cases, lines)


def parts_of(component: Any) -> Iterator[Component]:
    """A component and everything within it."""
    if isinstance(component, Component):
        yield component
        yield from parts_of(getattr(component, "children", None))
    elif isinstance(component, list | tuple):
        for part in component:
            yield from parts_of(part)


def words_of(component: Any) -> str:
    """Everything a component says."""
    if isinstance(component, Component):
        return words_of(getattr(component, "children", None))
    if isinstance(component, list | tuple):
        return "".join(words_of(part) for part in component)
    return "" if component is None else str(component)


def show(facts: MethodFacts, address: str) -> Component:
    """The page at `address`."""
    return build_method_page(facts, parse_method_address(address))


def test_a_search_finds_what_holds_all_its_words(facts: MethodFacts) -> None:
    assert [rule.id for rule in find_rules(facts, "FALLS multifactorial")] == ["R14"]
    assert "R14" in {rule.id for rule in find_rules(facts, "ng249")}
    assert find_rules(facts, "zebra") == ()
    assert len(find_rules(facts, " ")) == len(facts.rules)


@pytest.mark.parametrize("code", ["W06", "w06.1", "W0612"])
def test_a_code_finds_the_concept_that_takes_it_in(facts: MethodFacts, code: str) -> None:
    assert "fall" in {concept.key for concept in find_concepts(facts, code)}
    assert "asthma" not in {concept.key for concept in find_concepts(facts, code)}


def test_concepts_stand_by_theme_and_title(facts: MethodFacts) -> None:
    found = find_concepts(facts, "")
    themes = list(dict.fromkeys(concept.theme for concept in found))
    assert len(themes) == len({concept.theme for concept in facts.concepts.values()})
    care = [concept.title.casefold() for concept in found if concept.theme == "care"]
    assert care == sorted(care)


def test_a_unit_cost_called_exactly_so_comes_first(facts: MethodFacts) -> None:
    exact = find_unit_costs(facts, "GP consultation")
    assert exact[0].kind == "GP consultation"
    assert len(find_unit_costs(facts, "")) == len(facts.unit_costs) > 6000


@pytest.mark.parametrize("rule_id", load_rules())
def test_a_rule_says_all_that_is_in_it(facts: MethodFacts, rule_id: str) -> None:
    rule = facts.rules[rule_id]
    page = words_of(show(facts, f"/method#{rule_id}"))
    for words in (
        *(rule.id, rule.title, rule.plain, rule.expected, rule.action, rule.source.title),
        *(rule.source.notes, rule.source.section),
        *(signal.say for signal in rule.signals),
        *(facts.name_concept(key) for key in rule.concepts),
        *(case.name for case in facts.cases(rule_id)),
    ):
        assert words in page, words
    assert "{}" not in page


@pytest.mark.parametrize("key", load_concepts())
def test_a_concept_says_all_that_is_in_it(facts: MethodFacts, key: str) -> None:
    concept = facts.concepts[key]
    page = words_of(show(facts, f"/method?tab=concepts#{key}"))
    for words in (
        *(concept.key, concept.title, concept.meaning, concept.source),
        *(value for match in concept.match for value in (*match.words, *match.icd10, *match.kinds)),
        *(each.text or "" for each in concept.example),
    ):
        assert words in page, words
    for rule in facts.rules.values():
        counts = any(signal.where.conditions_at_least for signal in rule.signals)
        if key in rule.concepts or (concept.long_term and counts):
            assert f"{rule.id} {rule.title}" in page


def test_every_link_within_the_page_leads_to_something(facts: MethodFacts) -> None:
    named = {key for rule in facts.rules.values() for key in rule.concepts}
    assert named <= set(facts.concepts)
    for rule_id in facts.rules:
        page = show(facts, f"/method#{rule_id}")
        links = [part.href for part in parts_of(page) if isinstance(part, html.A)]
        concepts = [link for link in links if link.startswith("/method?tab=concepts#")]
        assert {parse_method_address(link).chosen for link in concepts} <= set(facts.concepts)


@pytest.mark.parametrize(
    "address",
    ["/method", "/method#R01", "/method?tab=concepts", "/method?tab=costs&page=3", "/method?q=zz"],
)
def test_headings_step_down_one_at_a_time_and_ids_are_used_once(
    facts: MethodFacts, address: str
) -> None:
    page = show(facts, address)
    levels = [
        int(type(part).__name__[1])
        for part in parts_of(page)
        if re.fullmatch(r"H[1-6]", type(part).__name__)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    found = [part.id for part in parts_of(page) if getattr(part, "id", None) is not None]
    assert len(found) == len({str(name) for name in found})
    named = {name["part"] if isinstance(name, dict) else name for name in found}
    assert named <= {value for name, value in vars(ids).items() if name.isupper()}


def test_the_tabs_count_what_the_search_finds(facts: MethodFacts) -> None:
    tabs, _ = build_found(facts, parse_method_address("/method?q=w06"))
    assert re.fullmatch(r"Rules0Concepts[1-9]\d*Unit costs0", words_of(tabs))
    current = [part for part in parts_of(tabs) if getattr(part, "aria-current", None)]
    assert [words_of(part) for part in current] == ["Rules0"]


def test_a_drawn_example_is_filled_when_it_is_opened(facts: MethodFacts) -> None:
    case = facts.cases("R01")[0]
    page = show(facts, "/method#R01")
    assert case.name in words_of(page)
    assert "Last day for the response" not in words_of(page)
    within = words_of(find_case(facts, "R01/0"))
    for words in ("Missed: no response by", "Last day for the response", "Signal"):
        assert words in within, words


@pytest.mark.parametrize("place", ["R01/999", "R99/0", "R01", "", "R01/-1", "R01/x"])
def test_an_example_that_there_is_not_is_empty(facts: MethodFacts, place: str) -> None:
    assert find_case(facts, place) == []


def test_every_drawn_example_can_be_opened(facts: MethodFacts) -> None:
    for rule_id in facts.rules:
        for number, case in enumerate(facts.cases(rule_id)):
            within = words_of(find_case(facts, f"{rule_id}/{number}"))
            assert all(event.kind in within for event in case.events), case.name


def test_no_tab_has_more_parts_than_dash_can_keep_up_with(facts: MethodFacts) -> None:
    for address in (
        "/method?tab=costs",
        "/method?tab=concepts",
        *(f"/method#{r}" for r in facts.rules),
    ):
        assert len(list(parts_of(show(facts, address)))) < 600, address


def test_unit_costs_come_a_page_at_a_time(facts: MethodFacts) -> None:
    page = show(facts, "/method?tab=costs")
    assert f"1 to {PAGE_ROWS} of {len(facts.unit_costs):,}" in words_of(page)
    assert len([part for part in parts_of(page) if isinstance(part, html.Tr)]) == PAGE_ROWS + 1
    last = words_of(show(facts, f"/method?tab=costs&page={MAX_PAGE}"))
    assert facts.unit_costs[-1].activity in last
    assert re.search(r"Page (\d+) of \1", last)


def test_the_page_of_a_chosen_unit_cost_is_found(facts: MethodFacts) -> None:
    line = facts.unit_costs[1234]
    page = show(facts, f"/method?tab=costs#{line.line}")
    (row,) = [part for part in parts_of(page) if getattr(part, "id", "") == ids.METHOD_CHOSEN]
    assert line.activity in words_of(row)
    assert line.source in words_of(row)


def test_a_line_without_a_figure_says_so(facts: MethodFacts) -> None:
    none = next(line for line in facts.unit_costs if line.cost_pence is None)
    assert "No figure" in words_of(show(facts, f"/method?tab=costs#{none.line}"))


def test_what_there_is_not_is_said(facts: MethodFacts) -> None:
    assert "Nothing here is called “R99”." in words_of(show(facts, "/method#R99"))
    assert "No rules hold “zebra”" in words_of(show(facts, "/method?q=zebra"))
    assert "No unit costs hold “zebra”" in words_of(show(facts, "/method?tab=costs&q=zebra"))


def test_an_app_without_rules_still_has_the_page(invented: ModuleType) -> None:
    services = replace(invented.make_services(), method=_know_nothing)
    for tab, words in (("rules", "rules"), ("concepts", "concepts"), ("costs", "unit costs")):
        assert f"There are no {words}" in words_of(build_page(services, "/method", f"?tab={tab}"))


def test_a_rule_file_that_cannot_be_used_is_a_designed_page(invented: ModuleType) -> None:
    def refuse() -> MethodFacts:
        raise MappingError("rules/r99.toml: severity: is not known; use high, medium or low")

    services = replace(invented.make_services(), method=refuse)
    assert "rules/r99.toml: severity" in words_of(build_page(services, "/method", ""))


def test_the_page_is_found_and_what_lies_beyond_it_is_not(
    invented: ModuleType, facts: MethodFacts
) -> None:
    services = replace(invented.make_services(), method=lambda: facts)
    client = create_app(services).server.test_client()
    assert client.get("/method?tab=rules&q=falls").status_code == 200
    assert client.get("/method/").status_code == 200
    assert client.get("/method/rules").status_code == 404


def test_the_stylesheet_takes_its_colours_from_the_tokens() -> None:
    text = (find_assets() / "method.css").read_text("utf-8")
    assert not re.findall(r"#[0-9a-f]{3,8}\b", text)


def test_every_drawn_example_is_within_its_picture(facts: MethodFacts) -> None:
    for rule in facts.rules.values():
        for case in facts.cases(rule.id):
            for part in parts_of(build_timeline(case, rule)):
                style = getattr(part, "style", None) or {}
                left, width = (
                    float(style.get(name, "0%").rstrip("%")) for name in ("left", "width")
                )
                assert left >= 0, (rule.id, case.name)
                assert left + width <= 100.01, (rule.id, case.name)


def test_the_time_for_a_response_is_drawn_from_where_the_rule_looks(facts: MethodFacts) -> None:
    back = next(rule for rule in facts.rules.values() if rule.id == "R17")
    found = next(each for case in facts.cases("R17") for each in case.expect if each.due)
    start, due = find_window(found, back) or (None, None)
    assert start is not None
    assert due is not None
    assert due.date() == found.due
    assert (due.date() - start.date()).days == 14


def test_a_scale_never_leaves_its_picture() -> None:
    only = datetime(2024, 1, 1, 12)
    scale = Scale(only, only)
    assert 0 < scale.place(only) < 100
    assert scale.place(datetime(1990, 1, 1)) == 0
    assert scale.place(datetime(2090, 1, 1)) == 100


def _know_nothing() -> MethodFacts:
    return MethodFacts(rules={}, concepts={}, cases=lambda _: (), unit_costs=())
