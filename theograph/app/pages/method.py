"""The Method page: every rule, concept and unit cost as it stands, to be read and questioned."""

from __future__ import annotations

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.address import MAX_TEXT_LENGTH
from theograph.app.components.aria import aria
from theograph.app.components.method_case import build_case_body
from theograph.app.components.method_concept import build_concept
from theograph.app.components.method_costs import build_unit_costs
from theograph.app.components.method_list import (
    build_concept_list,
    build_neighbours,
    build_nothing_found,
    build_rule_list,
    build_tabs,
)
from theograph.app.components.method_rule import build_rule
from theograph.app.method_address import MethodAddress, Tab, write_method_address
from theograph.app.method_facts import MethodFacts, find_concepts, find_rules, find_unit_costs


def build_method_page(facts: MethodFacts, address: MethodAddress) -> Component:
    """The page at `address`."""
    tabs, found = build_found(facts, address)
    view = write_method_address(address)
    return html.Div(
        className="tg-page tg-method",
        children=[
            dcc.Store(id=ids.METHOD_VIEW, data=view),
            dcc.Store(id=ids.METHOD_SOUGHT, data=view.partition("#")[0]),
            html.Div([_build_title(), _build_search(address)], className="tg-method-head"),
            html.Nav(tabs, id=ids.METHOD_TABS, className="tg-method-tabs", **aria(label="Method")),
            html.Div(
                [
                    html.Div(found, id=ids.METHOD_FOUND),
                    html.Div(build_open(facts, address), id=ids.METHOD_OPEN),
                ],
                className="tg-method-columns",
            ),
        ],
    )


def build_found(facts: MethodFacts, address: MethodAddress) -> tuple[Component, Component]:
    """The tabs with their counts, and what is found on the tab at `address`."""
    rules = find_rules(facts, address.text)
    concepts = find_concepts(facts, address.text)
    lines = find_unit_costs(facts, address.text)
    counts: dict[Tab, int] = {"rules": len(rules), "concepts": len(concepts), "costs": len(lines)}
    tabs = build_tabs(address, counts)
    if not counts[address.tab]:
        return tabs, build_nothing_found(address)
    if address.tab == "rules":
        return tabs, build_rule_list(rules)
    if address.tab == "concepts":
        return tabs, build_concept_list(concepts)
    return tabs, build_unit_costs(lines, address)


def build_open(facts: MethodFacts, address: MethodAddress) -> list[Component]:
    """The rule or concept that is chosen, or the first found; empty where there is none."""
    if address.tab == "rules":
        return _open_rule(facts, address)
    return _open_concept(facts, address) if address.tab == "concepts" else []


def find_case(facts: MethodFacts, place: str) -> list[Component]:
    """What is within the drawn example at `place`, such as `R14/3`; empty where there is none."""
    rule_id, _, number = place.partition("/")
    rule = facts.rules.get(rule_id)
    cases = facts.cases(rule_id) if rule else ()
    if rule is None or not number.isdecimal() or int(number) >= len(cases):
        return []
    return build_case_body(cases[int(number)], rule)


def _open_rule(facts: MethodFacts, address: MethodAddress) -> list[Component]:
    found = {rule.id: rule.id for rule in find_rules(facts, address.text)}
    rule = facts.rules.get(address.chosen) or facts.rules.get(next(iter(found), ""))
    if rule is None:
        return []
    return [
        build_neighbours(found, rule.id),
        *_say_unknown(address, rule.id),
        build_rule(rule, facts),
    ]


def _open_concept(facts: MethodFacts, address: MethodAddress) -> list[Component]:
    found = {concept.key: concept.title for concept in find_concepts(facts, address.text)}
    concept = facts.concepts.get(address.chosen) or facts.concepts.get(next(iter(found), ""))
    if concept is None:
        return []
    return [
        build_neighbours(found, concept.key),
        *_say_unknown(address, concept.key),
        build_concept(concept, facts),
    ]


def _say_unknown(address: MethodAddress, shown: str) -> list[Component]:
    """Says so when the address names something that there is not."""
    if address.chosen in ("", shown):
        return []
    return [html.P(f"Nothing here is called “{address.chosen}”.", className="tg-method-unknown")]


def _build_title() -> Component:
    return html.Div(
        [
            html.H1("Method", id=ids.PAGE_TITLE, tabIndex=-1),
            html.P(
                "What counts as a missed opportunity, what an event is taken to mean and what "
                "things cost, each with its source.",
                className="tg-method-lead",
            ),
        ]
    )


def _build_search(address: MethodAddress) -> Component:
    return html.Div(
        [
            html.Label("Search the method", htmlFor=ids.METHOD_TEXT, className="tg-label"),
            dbc.Input(
                id=ids.METHOD_TEXT,
                type="search",
                value=address.text,
                debounce=200,
                autocomplete="off",
                maxlength=MAX_TEXT_LENGTH,
                placeholder="Words, a code, a guideline",
            ),
        ],
        className="tg-method-search",
        role="search",
    )
