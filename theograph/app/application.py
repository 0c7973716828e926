"""The Dash app: its frame, its pages, and which address shows which."""

from __future__ import annotations

from dash import Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from flask import Response, request

from theograph.app import data_routes, ids, security
from theograph.app.address import find_ref, parse_address
from theograph.app.assets import find_assets
from theograph.app.browser import run_in_browser
from theograph.app.components import person_search
from theograph.app.components.header_bar import build_header_bar
from theograph.app.data_address import parse_data_path
from theograph.app.document import write_document
from theograph.app.method_address import is_method_path, parse_method_address
from theograph.app.pages import (
    data,
    data_callbacks,
    journey,
    journey_callbacks,
    method,
    method_callbacks,
    notice,
    people,
)
from theograph.app.services import Services
from theograph.errors import MappingError, StoreError, UnknownPersonError


def create_app(services: Services, *, synthetic: bool = False) -> Dash:
    """An app that shows what `services` answers; `synthetic` marks every page as invented."""
    app = Dash(
        "theograph",
        assets_folder=str(find_assets()),
        include_assets_files=False,
        index_string=write_document(),
        title="Theograph",
        update_title="",  # the title stays as it is while something is loading
        serve_locally=True,
        suppress_callback_exceptions=True,
        add_log_handler=False,
        enable_mcp=False,
    )
    app.layout = _build_frame(synthetic=synthetic)
    for part in (person_search, people, journey_callbacks, method_callbacks):
        part.register(app, services)
    if services.desk is not None:
        data_callbacks.register(app, services.desk)
        data_routes.register(app.server, services.desk)
    register(app, services)
    app.server.after_request(_mark_missing_page)
    security.secure(app)
    return app


def register(app: Dash, services: Services) -> None:
    """Show the page that the address asks for."""

    @app.callback(
        Output(ids.PAGE, "children"),
        Input(ids.ADDRESS, "pathname"),
        State(ids.ADDRESS, "search"),
        State(ids.ADDRESS, "hash"),
    )
    def show_page(
        path: str | None, query: str | None = None, fragment: str | None = None
    ) -> Component:
        return build_page(services, path or "/", (query or "") + (fragment or ""))

    run_in_browser(
        app,
        "announce_page",
        Output(ids.ANNOUNCEMENT, "children"),
        Input(ids.PAGE, "children"),
        at_start=True,
    )
    run_in_browser(app, "mark_page", Input(ids.ADDRESS, "pathname"), at_start=True)


def build_page(services: Services, path: str, query: str) -> Component:
    """The page at `path`, or one that says why there is none; `query` may end in a fragment."""
    try:
        if path == "/":
            return people.build_people_page(services)
        if is_method_path(path):
            return method.build_method_page(services.method(), parse_method_address(path + query))
        shown = parse_data_path(path)
        if shown is not None and services.desk is not None:
            return data.build_data_page(services.desk, shown)
        if find_ref(path) is None:
            return notice.build_not_found()
        address = parse_address(path + query.partition("#")[0])
        return journey.build_journey_page(services.at(None), address)
    except UnknownPersonError:
        return notice.build_unknown_person()
    except (StoreError, MappingError) as error:
        return notice.build_unreadable_store(str(error))


def _mark_missing_page(response: Response) -> Response:
    """Dash answers every address with its document; one that is no page is a 404 all the same."""
    rule = request.url_rule.rule if request.url_rule else ""
    path = request.path
    known = path == "/" or is_method_path(path) or find_ref(path) or parse_data_path(path)
    if rule == "/<path:path>" and not known and response.status_code == 200:
        response.status_code = 404
    return response


def _build_frame(*, synthetic: bool) -> Component:
    return html.Div(
        [
            html.A("Skip to the page", href=f"#{ids.PAGE}", className="tg-skip"),
            dcc.Location(id=ids.ADDRESS, refresh="callback-nav"),
            build_header_bar(synthetic=synthetic),
            html.Main(_build_opening(), id=ids.PAGE, tabIndex=-1),
            html.Div(id=ids.ANNOUNCEMENT, className="visually-hidden", role="status"),
        ]
    )


def _build_opening() -> Component:
    """What stands there until the first page comes; the stylesheet shows one or the other."""
    return html.H1(
        [
            html.Span("Opening…", className="tg-opening-wait"),
            html.Span("This page could not be shown", className="tg-opening-failed"),
        ],
        className="tg-opening",
    )
