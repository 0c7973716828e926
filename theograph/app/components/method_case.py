"""A drawn example: its rows in date order, a small picture of them, and the outcome in words."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.components.method_timeline import build_timeline
from theograph.opportunities.case import Case
from theograph.opportunities.case_wording import (
    SHOWS,
    CaseRow,
    Outcome,
    list_rows,
    say_circumstances,
    say_outcomes,
)
from theograph.opportunities.rule import Rule

PARTS = {
    "signal": "Signal",
    "evidence": "Evidence",
    "response": "Response",
    "consequence": "What followed",
    "due": "Window closes",
}
_PLAIN = ("hit", "met", "open", "not assessable")


def build_case(case: Case, rule: Rule, number: int) -> Component:
    """The example, folded away under its name and outcome; filled when it is first opened.

    Dash compares every new part of a page with every part there is, so parts that nobody has
    opened are better left out: twenty examples would make a rule take seconds to appear.
    """
    place = f"{rule.id}/{number}"
    return html.Details(
        [
            html.Summary(
                [case.name, html.Span(_say_kind(case, rule), className="tg-case-shows")],
                id={"part": ids.CASE_SUMMARY, "case": place},
            ),
            html.Div(id={"part": ids.CASE_BODY, "case": place}, className="tg-case-body"),
        ],
        className="tg-case",
    )


def build_case_body(case: Case, rule: Rule) -> list[Component]:
    """What is within the example: outcome, picture, rows, and what else counts."""
    outcomes = [_build_outcome(outcome) for outcome in say_outcomes(case, rule)]
    return [
        *outcomes,
        build_timeline(case, rule),
        _build_table(list_rows(case)),
        html.P(f"{say_circumstances(case)}.", className="tg-note"),
    ]


def _say_kind(case: Case, rule: Rule) -> str:
    """What the example is about and what comes of it: `At the boundary, inside: missed`."""
    found = ", ".join(dict.fromkeys(outcome.status for outcome in say_outcomes(case, rule)))
    said = SHOWS[case.shows]
    if not case.expect:
        return f"{said}: no opportunity"
    return said if case.shows in _PLAIN else f"{said}: {found}"


def _build_outcome(outcome: Outcome) -> Component:
    said = outcome.text[0].upper() + outcome.text[1:]
    kind = outcome.status.replace(" ", "-")
    return html.P(said, className=f"tg-outcome tg-outcome-{kind}")


def _build_table(rows: tuple[CaseRow, ...]) -> Component:
    heads = ("When", "Where", "What", "To the rule")
    return html.Table(
        className="tg-method-table",
        children=[
            html.Thead(html.Tr([html.Th(name, scope="col") for name in heads])),
            html.Tbody([_build_row(row) for row in rows]),
        ],
    )


def _build_row(row: CaseRow) -> Component:
    marks = ", ".join(PARTS[part] for part in row.parts)
    return html.Tr(
        [
            html.Td(row.when, className="tg-case-when"),
            html.Td(row.sector),
            html.Td(row.what),
            html.Td(marks, className="tg-case-parts"),
        ],
        className=None if row.sector else "tg-case-mark",
    )
