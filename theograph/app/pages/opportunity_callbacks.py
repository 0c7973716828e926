"""Keeping cards, pins, evidence and the two panels of the Journey page in step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from dash import Dash, Input, Output, State, no_update

from theograph.app import ids
from theograph.app.address import JourneyAddress, parse_address
from theograph.app.browser import run_in_browser
from theograph.app.components.event_table import find_place, sort_events
from theograph.app.components.opportunity_cards import EVERY_THEME, build_opportunities
from theograph.app.opportunity_choice import find_evidence, find_first_evidence
from theograph.app.pages import journey as page
from theograph.app.services import Services


def register(app: Dash, services: Services) -> None:
    """Register what selecting, filtering and switching between the panels does."""
    _register_cards(app, services)
    _register_table(app, services)
    _register_selection(app)


def choose_cards(
    address: JourneyAddress, *, row: int, status: str, theme: str, severity: str
) -> JourneyAddress:
    """`address` with what the cards are asked for: the address may lag behind the controls."""
    return replace(
        address,
        opportunity=row,
        status=cast("Any", status),
        theme="" if theme == EVERY_THEME else theme,
        severity=cast("Any", severity),
    )


def _register_cards(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.OPPORTUNITIES, "children"),
        Output(ids.EVIDENCE, "data"),
        Input(ids.OPPORTUNITY, "data"),
        Input(ids.STATUS, "value"),
        Input(ids.THEME, "value"),
        Input(ids.SEVERITY, "value"),
        State(ids.VIEW, "data"),
        State(ids.SNAPSHOT, "data"),
        prevent_initial_call=True,
    )
    def list_cards(
        row: int, status: str, theme: str, severity: str, view: str, snapshot: str
    ) -> Any:
        here = services.at(snapshot)
        address = choose_cards(
            parse_address(view), row=row, status=status, theme=theme, severity=severity
        )
        journey = here.open_journey(address.ref)
        return build_opportunities(here, journey, address), find_evidence(journey, row)


def _register_table(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.EVENT_TABLE, "scrollTo", allow_duplicate=True),
        Input(ids.OPPORTUNITY, "data"),
        State(ids.VIEW, "data"),
        State(ids.SNAPSHOT, "data"),
        State(ids.EVENT_TABLE, "getRowsRequest"),
        prevent_initial_call=True,
    )
    def scroll_to_evidence(row: int, view: str, snapshot: str, block: dict[str, Any] | None) -> Any:
        address = parse_address(view)
        journey = services.at(snapshot).open_journey(address.ref)
        events = page.select_events(journey, address)
        events = sort_events(events, (block or {}).get("sortModel", []))
        return find_place(events, find_first_evidence(journey, row)) or no_update


def _register_selection(app: Dash) -> None:
    run_in_browser(
        app,
        "choose_opportunity",
        Output(ids.OPPORTUNITY, "data"),
        Input(ids.THEOGRAPH, "clickData"),
        Input(ids.CLEAR_OPPORTUNITY, "n_clicks"),
        State(ids.OPPORTUNITY, "data"),
    )
    run_in_browser(
        app,
        "choose_panel",
        Output(ids.PANEL, "data"),
        Output(ids.OPPORTUNITIES_PANEL, "hidden"),
        Output(ids.EVENT_PANEL, "hidden"),
        Output(ids.TAB_OPPORTUNITIES, "aria-selected"),
        Output(ids.TAB_EVENT, "aria-selected"),
        Output(ids.TAB_OPPORTUNITIES, "tabIndex"),
        Output(ids.TAB_EVENT, "tabIndex"),
        Output(ids.CLEAR_OPPORTUNITY, "hidden"),
        Input(ids.SELECTED, "data"),
        Input(ids.OPPORTUNITY, "data"),
        Input(ids.TAB_OPPORTUNITIES, "n_clicks"),
        Input(ids.TAB_EVENT, "n_clicks"),
        State(ids.PANEL, "data"),
    )
    run_in_browser(app, "mark_evidence", Input(ids.EVIDENCE, "data"), at_start=True)
    run_in_browser(app, "reveal_card", Input(ids.OPPORTUNITIES, "children"), at_start=True)
