"""Callbacks that run in the browser, as functions of `assets/theograph.js`."""

from __future__ import annotations

from dash import ClientsideFunction, Dash
from dash.dependencies import DashDependency

NAMESPACE = "theograph"


def run_in_browser(app: Dash, name: str, *parts: DashDependency, at_start: bool = False) -> None:
    """Have the function `name` of theograph.js turn the inputs among `parts` into the outputs."""
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction(NAMESPACE, name), *parts, prevent_initial_call=not at_start
    )
