"""Finding a person by name or identifier, from the header of every page.

A combobox with a listbox as WAI-ARIA describes it; `theograph.js` gives it its keys.
"""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import Dash, Input, Output, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.address import write_path
from theograph.app.components.aria import aria
from theograph.app.services import PersonHit, Services

LIMIT = 8
PROMPT = "Type a name or an identifier."


def build_person_search() -> Component:
    """The search field with its list of people found."""
    return html.Div(
        className="tg-search",
        children=[
            html.Label("Find a person", htmlFor=ids.SEARCH, className="visually-hidden"),
            dbc.Input(
                id=ids.SEARCH,
                type="search",
                placeholder="Find a person by name or identifier",
                debounce=150,
                autocomplete="off",
                class_name="tg-search-field",
            ),
            html.Div(
                className="tg-search-popup",
                children=[
                    html.Ul(
                        id=ids.SEARCH_OPTIONS,
                        role="listbox",
                        className="tg-search-options",
                        **aria(label="People found"),
                    ),
                    html.P(PROMPT, id=ids.SEARCH_NOTE, className="tg-search-note", role="status"),
                ],
            ),
        ],
    )


def build_option(hit: PersonHit, position: int) -> Component:
    """One person in the list."""
    return html.Li(
        id=f"{ids.SEARCH_OPTIONS}-{position}",
        role="option",
        className="tg-search-option",
        children=[
            html.Span(hit.name or hit.person_id, className="tg-search-name"),
            html.Span(describe_hit(hit), className="tg-search-detail"),
        ],
        **aria(selected="false"),
        **_hold_address(write_path(hit.ref)),
    )


def _hold_address(path: str) -> dict[str, Any]:
    return {"data-href": path}


def describe_hit(hit: PersonHit) -> str:
    """The identifier, unless it stands for the name already, and the number of events."""
    count = f"{hit.events:,} event{'' if hit.events == 1 else 's'}"
    return f"{hit.person_id} · {count}" if hit.name else count


def describe_rest(found: int, limit: int) -> str:
    """What a list cut at `limit` does not show, when one more than `limit` was asked for."""
    if found > limit:
        return f"First {limit:,} shown. Type more to narrow the list."
    return "" if found else "Nobody found by that name or identifier."


def register(app: Dash, services: Services) -> None:
    """Answer the search field."""

    @app.callback(
        Output(ids.SEARCH_OPTIONS, "children"),
        Output(ids.SEARCH_NOTE, "children"),
        Input(ids.SEARCH, "value"),
        prevent_initial_call=True,
    )
    def offer_people(text: str | None) -> tuple[list[Component], str]:
        sought = (text or "").strip()
        if not sought:
            return [], PROMPT
        hits = services.search_people(sought, LIMIT + 1)
        options = [build_option(hit, position) for position, hit in enumerate(hits[:LIMIT])]
        return options, describe_rest(len(hits), LIMIT)
