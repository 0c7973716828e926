"""The list of opportunities beside the picture: the open ones first, one card each."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.address import JourneyAddress
from theograph.app.components.aria import aria
from theograph.app.components.opportunity_detail import build_opportunity_detail
from theograph.app.components.opportunity_facts import list_facts
from theograph.app.opportunity_choice import Choice, choose_opportunities
from theograph.app.services import RuleText, Services
from theograph.figures.opportunity_list import Opportunity
from theograph.figures.opportunity_words import (
    describe_signal,
    describe_window,
    name_opportunity,
)
from theograph.figures.wording import short_date
from theograph.journey import Journey, Summary
from theograph.record.money import pounds
from theograph.record.sectors import SECTOR_LABELS

STATUSES = (
    ("due", "Missed and open"),
    ("all", "All"),
    ("met", "Met"),
    ("not_assessable", "Not assessable"),
)
SEVERITIES = (("any", "Any severity"), ("high", "High"), ("medium", "Medium"), ("low", "Low"))
EVERY_THEME = "all"
HEADINGS = {"due": "Missed", "all": "By date", "met": "Met", "not_assessable": "Not assessable"}
SPOKEN = {"missed": "Missed", "open": "Open", "met": "Met", "not_assessable": "Not assessable"}


def build_opportunities(
    services: Services, journey: Journey, address: JourneyAddress
) -> list[Component]:
    """The cards that `address` shows, the selected one opened; or why there are none."""
    choice = choose_opportunities(journey, address, services.rule)
    if not choice.everything:
        return [_build_none(journey, len(services.rule_ids()))]
    if not choice.shown:
        return [_build_nothing_shown(journey.summary)]

    def build(some: list[Opportunity]) -> Component:
        cards = [_build_card(services, journey, one, address.opportunity) for one in some]
        return html.Ul(cards, className="tg-cards")

    parts: list[Component] = []
    if choice.open:
        parts += [html.H3(f"Still time to act ({len(choice.open)})"), build(choice.open)]
    if choice.closed:
        heading = HEADINGS[address.status]
        parts += [html.H3(f"{heading} ({len(choice.closed)})"), build(choice.closed)]
    return parts


def build_filters(choice: Choice, address: JourneyAddress) -> Component:
    """What to list: by status, theme and severity."""
    themes = [(EVERY_THEME, "All themes"), *((name, _capital(name)) for name in choice.themes)]
    theme = address.theme if address.theme in choice.themes else EVERY_THEME
    return html.Div(
        className="tg-filters",
        role="group",
        children=[
            _build_select(ids.STATUS, "Status", STATUSES, address.status),
            _build_select(ids.THEME, "Theme", tuple(themes), theme),
            _build_select(ids.SEVERITY, "Severity", SEVERITIES, address.severity),
        ],
        **aria(label="Opportunities listed"),
    )


def describe_followed(summary: Summary) -> str:
    """What followed the missed ones cost, and what that does not prove; empty when nothing did."""
    if not summary.missed:
        return ""
    return (
        f"{pounds(summary.cost_followed_pence)} followed the missed ones, each event counted once: "
        "association, not proof of what would have been saved."
    )


def describe_line(journey: Journey, one: Opportunity, rule: RuleText | None) -> str:
    """The one line of a closed card: what to do by when, what followed, or what is recorded."""
    if one.status == "open" and one.due is not None:
        days = (one.due.normalize() - journey.as_of.normalize()).days
        return f"{days:,} day{'' if days == 1 else 's'} after the data ends"
    if one.status == "not_assessable":
        sectors = ", ".join(SECTOR_LABELS.get(key, key) for key in one.uncovered)
        return f"Not covered by the extracts: {sectors}" if sectors else "Not covered"
    if one.status == "met" and one.response is not None:
        return f"Recorded in time: {_name_fact(journey, one.response)}"
    if one.consequence is not None:
        cost = f" · {pounds(one.cost_followed_pence)}" if one.cost_followed_pence else ""
        return f"Then: {_name_fact(journey, one.consequence)}{cost}"
    window = describe_window(one)
    return f"Nothing recorded {window}" if window else describe_signal(one, rule)


def _name_fact(journey: Journey, key: str) -> str:
    found = list_facts(journey, (key,))
    return f"{found[0].what}, {found[0].when}" if found else "an event no longer here"


def _build_card(
    services: Services, journey: Journey, one: Opportunity, selected: int | None
) -> Component:
    rule = services.rule(one.rule)
    opened = one.row == selected
    head = html.Button(
        [
            _build_badge(one),
            html.Span(_build_head(journey, one, rule), className="tg-card-text"),
        ],
        className="tg-card-head",
        **aria(expanded=str(opened).lower()),
        **_name_row(one.row),
    )
    detail = build_opportunity_detail(journey, one, rule, services.method()) if opened else []
    return html.Li(
        [html.H4(head), html.Div(detail, className="tg-card-detail", hidden=not opened)],
        className=f"tg-opportunity tg-{one.status}{' tg-opened' if opened else ''}",
    )


def _build_head(journey: Journey, one: Opportunity, rule: RuleText | None) -> list[Component]:
    parts: list[Component] = [html.Span(name_opportunity(one, rule), className="tg-card-title")]
    line, seen = describe_line(journey, one, rule), short_date(one.signal_at)
    if one.status == "open" and one.due is not None:
        act_by = html.Strong(f"Act by {short_date(one.due)}", className="tg-card-act")
        parts.append(html.Span([act_by, f", {line}"], className="tg-card-line"))
        line = f"Seen {seen}"
    else:
        line = f"{seen} · {line}" if line else seen
    parts.append(html.Span(line, className="tg-card-line"))
    return parts


def _build_badge(one: Opportunity) -> Component:
    shown = str(one.number) if one.number is not None else "" if one.status == "met" else "?"
    spoken = f"{SPOKEN.get(one.status, one.status)}: "
    return html.Span(
        [html.Span(spoken, className="visually-hidden"), shown],
        className=f"tg-pin tg-pin-{one.status}",
    )


def _name_row(row: int) -> dict[str, Any]:
    return {"data-opportunity": str(row)}


def _build_select(
    control: str, label: str, options: tuple[tuple[str, str], ...], chosen: str
) -> Component:
    return html.Div(
        [
            html.Label(label, htmlFor=control, className="visually-hidden"),
            dbc.Select(
                id=control,
                options=[{"value": value, "label": text} for value, text in options],
                value=chosen,
                class_name="tg-select",
            ),
        ]
    )


def _build_none(journey: Journey, rules: int) -> Component:
    if not len(journey.opportunities.columns):
        return _build_empty(
            "No rules have been applied",
            ["Run ", html.Code("theograph detect"), " on this store, then load this page again."],
        )
    count = f"the {rules:,} patterns" if rules else "the patterns"
    return _build_empty(
        f"None of {count} was found",
        ["The rules see only what the extracts recorded."],
    )


def _build_nothing_shown(summary: Summary) -> Component:
    counts = (
        f"{summary.missed:,} missed, {summary.open:,} open, {summary.met:,} met, "
        f"{summary.not_assessable:,} not assessable"
    )
    return _build_empty("None as filtered", [f"This person has {counts}."])


def _build_empty(title: str, text: list[Any]) -> Component:
    return html.Div([html.H3(title), html.P(text)], className="tg-no-cards")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
