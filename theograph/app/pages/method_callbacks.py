"""Keeping the Method page and its address in step.

The browser makes the address; the server answers what it asks for.
"""

from __future__ import annotations

from typing import Any

from dash import MATCH, Dash, Input, Output, State, no_update
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.browser import run_in_browser
from theograph.app.method_address import parse_method_address
from theograph.app.pages.method import build_found, build_open, find_case
from theograph.app.services import Services


def register(app: Dash, services: Services) -> None:
    """Register every callback of the Method page."""
    _register_answers(app, services)
    _register_address(app)


def _register_answers(app: Dash, services: Services) -> None:
    @app.callback(
        Output(ids.METHOD_TABS, "children"),
        Output(ids.METHOD_FOUND, "children"),
        Input(ids.METHOD_SOUGHT, "data"),
        prevent_initial_call=True,
    )
    def show_found(sought: str) -> tuple[Component, Component]:
        return build_found(services.method(), parse_method_address(sought))

    @app.callback(
        Output(ids.METHOD_OPEN, "children"),
        Input(ids.METHOD_VIEW, "data"),
        prevent_initial_call=True,
    )
    def show_open(view: str) -> list[Component]:
        return build_open(services.method(), parse_method_address(view))

    @app.callback(
        Output({"part": ids.CASE_BODY, "case": MATCH}, "children"),
        Input({"part": ids.CASE_SUMMARY, "case": MATCH}, "n_clicks"),
        State({"part": ids.CASE_SUMMARY, "case": MATCH}, "id"),
        prevent_initial_call=True,
    )
    def fill_case(clicks: int | None, part: dict[str, str]) -> Any:
        return find_case(services.method(), part["case"]) if clicks == 1 else no_update


def _register_address(app: Dash) -> None:
    run_in_browser(
        app,
        "seek_in_method",
        Output(ids.METHOD_SOUGHT, "data"),
        Output(ids.METHOD_VIEW, "data"),
        Input(ids.METHOD_TEXT, "value"),
    )
    run_in_browser(app, "settle_found", Input(ids.METHOD_FOUND, "children"))
    run_in_browser(app, "settle_open", Input(ids.METHOD_OPEN, "children"))
    run_in_browser(app, "settle_found", Input(ids.ANNOUNCEMENT, "children"))
