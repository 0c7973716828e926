"""One concept: what is meant, how it is recognised, and which rules use it."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.aria import aria
from theograph.app.components.method_rule import build_section, hold_key
from theograph.app.method_address import link_rule
from theograph.app.method_facts import MethodFacts
from theograph.opportunities.concept_wording import (
    THEMES,
    Means,
    say_example,
    say_match,
    say_standing,
)
from theograph.opportunities.reference import list_users
from theograph.record.concepts import Concept, Example, Match

MOST_VALUES = 24
ONE_WAY = "All of this must hold."
MANY_WAYS = "Any one of these is enough; all that is said in one must hold."
DENIALS = "Words count only whole, and not in a denial such as “no falls” or “denies falling”."
CODES = "Codes alone also count in a list of conditions."
ABSENCE = "What was cancelled or not attended does not count unless a status is named."


def build_concept(concept: Concept, facts: MethodFacts) -> Component:
    """Everything about `concept`."""
    return html.Article(
        className="tg-method-detail",
        **hold_key(concept.key),
        children=[
            html.H2(concept.title, id=ids.METHOD_CHOSEN, tabIndex=-1),
            html.P(
                " ".join((concept.meaning, *say_standing(concept))), className="tg-method-plain"
            ),
            html.Ul(
                [
                    html.Li(THEMES[concept.theme], className="tg-chip"),
                    html.Li(html.Code(concept.key), className="tg-chip tg-chip-absent"),
                ],
                className="tg-chips",
                **aria(label="Theme and key"),
            ),
            build_section(
                "How it is recognised",
                [
                    html.P(_say_how(concept), className="tg-note"),
                    html.Ul(
                        [html.Li(_build_match(match)) for match in concept.match],
                        className="tg-matches",
                    ),
                ],
            ),
            build_section("Source", [html.P(concept.source)]),
            _build_examples(concept.example),
            _build_users(concept, facts),
        ],
    )


def _say_how(concept: Concept) -> str:
    notes = [ONE_WAY if len(concept.match) == 1 else MANY_WAYS]
    notes += [DENIALS] if any(match.words for match in concept.match) else []
    notes += [CODES] if any(match.of_codes_only for match in concept.match) else []
    notes += [ABSENCE] if any(match.of_events for match in concept.match) else []
    return " ".join(notes)


def _build_match(match: Match) -> Component:
    rows = [
        html.Div([html.Dt(means.what), html.Dd(_build_values(means))]) for means in say_match(match)
    ]
    return html.Dl(rows, className="tg-facts-list")


def _build_values(means: Means) -> list[Component | str]:
    """The values; beyond the first few they are folded away."""
    first, rest = means.values[:MOST_VALUES], means.values[MOST_VALUES:]
    shown = ", ".join(first)
    if not rest:
        return [shown]
    return [
        shown,
        html.Details([html.Summary(f"and {len(rest):,} more"), html.Span(", ".join(rest))]),
    ]


def _build_examples(examples: Sequence[Example]) -> Component:
    columns = [
        html.Div(
            [
                html.H4(title),
                html.Ul(
                    [html.Li(say_example(each)) for each in examples if each.is_ is wanted],
                    className="tg-method-points",
                ),
            ]
        )
        for title, wanted in (("It is", True), ("It is not", False))
        if any(each.is_ is wanted for each in examples)
    ]
    return build_section("Examples", [html.Div(columns, className="tg-method-pair")])


def _build_users(concept: Concept, facts: MethodFacts) -> Component:
    users = [
        html.Li(html.A(f"{rule.id} {rule.title}", href=link_rule(rule.id)))
        for rule in list_users(concept, facts.rules)
    ]
    said = html.Ul(users, className="tg-method-points") if users else html.P("No rule uses it.")
    return build_section("Rules that use it", [said])
