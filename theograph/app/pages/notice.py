"""The pages that say why there is nothing to see, and what to do."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from theograph.app import ids
from theograph.app.data_address import write_data_path


def build_not_found() -> Component:
    """For an address that is no page."""
    return _build_notice(
        "There is no such page",
        "The address may have been mistyped, or belong to a page that has moved.",
    )


def build_unknown_person() -> Component:
    """For a reference that stands for nobody in the store."""
    return _build_notice(
        "This person is not in the store",
        "The link may come from another store, or the person may have been removed by a "
        "later import. Find them by name or identifier instead.",
    )


def build_unreadable_store(reason: str) -> Component:
    """For a store that cannot be read; `reason` says what and how to put it right."""
    link = dcc.Link("See the snapshots kept", href=write_data_path("snapshots"))
    return _build_notice("The data could not be read", reason, link)


def _build_notice(title: str, text: str, *links: Component) -> Component:
    return html.Div(
        className="tg-page tg-notice",
        children=[
            html.H1(title, id=ids.PAGE_TITLE, tabIndex=-1),
            html.P(text),
            dcc.Link("See everyone in the store", href="/", className="btn btn-primary"),
            *links,
        ],
    )
