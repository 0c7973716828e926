"""Beside the picture: the opportunities and the event, one of them at a time."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.address import JourneyAddress, Panel
from theograph.app.components.aria import aria
from theograph.app.components.opportunity_cards import build_filters, describe_followed
from theograph.app.opportunity_choice import Choice
from theograph.journey import Summary


def build_side_panel(
    address: JourneyAddress,
    *,
    summary: Summary,
    choice: Choice,
    cards: list[Component],
    detail: list[Component],
) -> Component:
    """Two tabs with their panels: the `cards` of opportunities, and the `detail` of the event."""
    shown = address.shown_panel
    count = f"{summary.missed + summary.open:,}" if choice.everything else ""
    return html.Aside(
        className="tg-panel",
        children=[
            html.Div([_build_tabs(count, shown), _build_clear(address)], className="tg-panel-top"),
            _build_opportunities(address, summary, choice, cards),
            _build_event(address, detail),
        ],
        **aria(label="Opportunities and event"),
    )


def _build_tabs(count: str, shown: Panel) -> Component:
    label = ["Opportunities", html.Span(count, className="tg-side-count")]
    return html.Div(
        [
            _build_tab(
                ids.TAB_OPPORTUNITIES,
                label,
                ids.OPPORTUNITIES_PANEL,
                chosen=shown == "opportunities",
            ),
            _build_tab(ids.TAB_EVENT, ["Event"], ids.EVENT_PANEL, chosen=shown == "event"),
        ],
        className="tg-side-tabs",
        role="tablist",
        **aria(label="Beside the picture"),
    )


def _build_clear(address: JourneyAddress) -> Component:
    """Lets go of the selected opportunity; the event's panel has a button of its own."""
    return html.Button(
        "Clear",
        id=ids.CLEAR_OPPORTUNITY,
        className="tg-button",
        hidden=address.opportunity is None or address.shown_panel == "event",
        title="Close the selected opportunity (Esc)",
        **aria(label="Clear the selected opportunity"),
    )


def _build_opportunities(
    address: JourneyAddress, summary: Summary, choice: Choice, cards: list[Component]
) -> Component:
    return html.Div(
        [
            html.H2("Opportunities", className="visually-hidden"),
            html.Div(
                build_filters(choice, address),
                className="tg-panel-head",
                hidden=not choice.everything,
            ),
            html.Div(
                [
                    html.P(describe_followed(summary), className="tg-followed-note"),
                    html.Div(cards, id=ids.OPPORTUNITIES),
                ],
                className="tg-panel-body tg-opportunities",
                tabIndex=0,
                role="group",
                **aria(label="Opportunities"),
            ),
        ],
        id=ids.OPPORTUNITIES_PANEL,
        className="tg-side-panel",
        role="tabpanel",
        hidden=address.shown_panel != "opportunities",
        **aria(labelledby=ids.TAB_OPPORTUNITIES),
    )


def _build_event(address: JourneyAddress, detail: list[Component]) -> Component:
    return html.Div(
        [
            html.H2("Event", className="visually-hidden"),
            html.Div(
                [
                    html.Span(className="tg-spring"),
                    html.Button("Day 0", id=ids.MAKE_DAY_ZERO, className="tg-button"),
                    html.Button("Clear", id=ids.CLEAR_SELECTION, className="tg-button"),
                ],
                className="tg-panel-head tg-event-head",
            ),
            html.Div(detail, id=ids.EVENT_DETAIL, className="tg-panel-body", tabIndex=0),
        ],
        id=ids.EVENT_PANEL,
        className="tg-side-panel",
        role="tabpanel",
        hidden=address.shown_panel != "event",
        **aria(labelledby=ids.TAB_EVENT),
    )


def _build_tab(tab: str, label: list[Any], panel: str, *, chosen: bool) -> Component:
    return html.Button(
        label,
        id=tab,
        className="tg-side-tab",
        role="tab",
        tabIndex=0 if chosen else -1,
        **aria(selected=str(chosen).lower(), controls=panel),
    )
