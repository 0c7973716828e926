"""One rule, as a clinician reads it: what is seen, what is expected, and on whose word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.app.components.method_case import build_case
from theograph.app.method_address import link_concept
from theograph.app.method_facts import MethodFacts
from theograph.opportunities.rule import Rule, Signal
from theograph.opportunities.thresholds import Threshold, list_thresholds, say_value
from theograph.opportunities.wording import (
    SEVERITY,
    STANDING,
    VERIFIED,
    Statement,
    say_consequence,
    say_needs,
    say_once_per,
    say_response,
    say_signal,
    say_unless,
)

CAUTION = "What follows is association, not proof of what would have been saved."
EXAMPLES = "Invented journeys. The tests run every one of them against the rule."
NO_NEEDS = "No particular records are needed: the signal itself is the finding."
UNCOVERED = "Where they do not reach, it is not assessable, never missed."


def build_rule(rule: Rule, facts: MethodFacts) -> Component:
    """Everything about `rule`."""
    return html.Article(
        className="tg-method-detail",
        **hold_key(rule.id),
        children=[
            html.H2(
                [html.Span(rule.id, className="tg-method-id"), " ", rule.title],
                id=ids.METHOD_CHOSEN,
                tabIndex=-1,
            ),
            html.P(rule.plain, className="tg-method-plain"),
            _build_chips(rule),
            html.Div(
                [
                    html.Div(_build_story(rule, facts), className="tg-method-story"),
                    html.Div(_build_grounds(rule), className="tg-method-grounds"),
                ],
                className="tg-method-halves",
            ),
            *_build_cases(rule, facts),
        ],
    )


def hold_key(key: str) -> dict[str, Any]:
    """What `method.js` finds the link in the list by."""
    return {"data-key": key}


def build_statement(statement: Statement, facts: MethodFacts) -> list[Component | str]:
    """A statement with a link for each concept that it names."""
    if not statement.concepts:
        return [statement.text]
    before, after = statement.split()
    links: list[Component | str] = []
    for number, key in enumerate(statement.concepts, start=1):
        links.append(build_concept_link(key, facts))
        left = len(statement.concepts) - number
        links += ([", "] if left > 1 else [" or "]) if left else []
    return [before, *links, after]


def build_concept_link(key: str, facts: MethodFacts) -> Component:
    """The concept by its title, and where it is open."""
    return html.A(facts.name_concept(key), href=link_concept(key), className="tg-concept-link")


def build_section(title: str, children: Iterable[Component | str]) -> Component:
    """A part of the detail under its heading."""
    return html.Section([html.H3(title), *children])


def build_facts(facts: Sequence[tuple[str, Component | str]]) -> Component:
    """Names and values."""
    rows = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts]
    return html.Dl(rows, className="tg-facts-list")


def _build_chips(rule: Rule) -> Component:
    chips = [
        html.Li(SEVERITY[rule.severity], className=f"tg-chip tg-severity-{rule.severity}"),
        html.Li(rule.theme[0].upper() + rule.theme[1:], className="tg-chip"),
        *([html.Li(once, className="tg-chip")] if (once := say_once_per(rule)) else []),
    ]
    return html.Ul(chips, className="tg-chips", **aria(label="Severity, theme, how often"))


def _build_story(rule: Rule, facts: MethodFacts) -> list[Component]:
    seen = [_build_signal(number, rule, facts) for number in range(len(rule.signals))]
    any_of = [html.P("Any one of these is enough.", className="tg-note")] if len(seen) > 1 else []
    excuses = [build_statement(say_unless(unless), facts) for unless in rule.unless]
    followed = say_consequence(rule.consequence)
    return [
        build_section(
            "What is seen", [*any_of, html.Ol(seen) if any_of else html.Div(seen[0].children)]
        ),
        build_section(
            "What is expected, and by when",
            [
                html.P(rule.expected, className="tg-method-say"),
                _build_list(build_statement(part, facts) for part in say_response(rule)),
            ],
        ),
        *([build_section("Unless", [_build_list(excuses)])] if excuses else []),
        build_section(
            "What counts as having followed",
            [
                html.P(build_statement(followed, facts)),
                *([html.P(CAUTION, className="tg-note")] if rule.consequence else []),
            ],
        ),
        build_section("What to do now", [html.P(rule.action)]),
        build_section("Records needed", [html.P(_say_needs(rule))]),
    ]


def _build_signal(number: int, rule: Rule, facts: MethodFacts) -> Component:
    signal: Signal = rule.signals[number]
    return html.Li(
        [
            html.P(signal.say, className="tg-method-say"),
            _build_list(build_statement(part, facts) for part in say_signal(signal)),
        ]
    )


def _say_needs(rule: Rule) -> str:
    return f"{needs} {UNCOVERED}" if (needs := say_needs(rule)) else NO_NEEDS


def _build_list(items: Iterable[list[Component | str]]) -> Component:
    return html.Ul([html.Li(item) for item in items], className="tg-method-points")


def _build_grounds(rule: Rule) -> list[Component]:
    source = rule.source
    title: Component | str = (
        html.A(source.title, href=source.url, rel="noreferrer") if source.url else source.title
    )
    facts: list[tuple[str, Component | str]] = [("Source", title)]
    facts += [("Part", source.section)] if source.section else []
    facts += [("Year", str(source.year))] if source.year else []
    facts += [
        ("Basis", source.basis[0].upper() + source.basis[1:]),
        ("Thresholds", _build_standing(STANDING[source.windows])),
        ("Checked", VERIFIED[source.verified]),
    ]
    notes = [build_section("What is ours, and what is left out", [html.P(source.notes)])]
    return [
        build_section("Where it comes from", [build_facts(facts)]),
        *(notes if source.notes else []),
        *_build_thresholds(rule),
    ]


def _build_thresholds(rule: Rule) -> list[Component]:
    thresholds = list_thresholds(rule)
    return [build_section("Thresholds", [build_thresholds(thresholds)])] if thresholds else []


def build_thresholds(thresholds: Sequence[Threshold]) -> Component:
    """A table of numbers, each with whose it is; of a site's own, also what ours is."""
    rows = [
        html.Tr([html.Th(each.what, scope="row"), html.Td(say_value(each)), html.Td(each.standing)])
        for each in thresholds
    ]
    heads = [html.Th(name, scope="col") for name in ("What", "Value", "Whose")]
    return html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="tg-method-table")


def _build_standing(standing: str) -> Component:
    kind = standing.lower().replace(" ", "-")
    return html.Span(standing, className=f"tg-standing tg-standing-{kind}")


def _build_cases(rule: Rule, facts: MethodFacts) -> list[Component]:
    cases = facts.cases(rule.id)
    if not cases:
        return []
    return [
        html.Section(
            [
                html.H3(f"Drawn examples ({len(cases)})"),
                html.P(EXAMPLES, className="tg-note"),
                *(build_case(case, rule, number) for number, case in enumerate(cases)),
            ],
            className="tg-method-cases",
        )
    ]
